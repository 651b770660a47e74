"""``ronghe token``: access tokens for programs. Django is set up by the composition above before a command runs."""

import json
import sys
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Create and revoke access tokens.")


@app.command()
def create(
    user: Annotated[str, typer.Argument(help="Login name")],
    days: Annotated[int, typer.Option(help="Days until it expires, 1 to 365")] = 90,
    name: Annotated[str, typer.Option(help="What it is for")] = "命令行创建",
    capacity: Annotated[str, typer.Option(help="post-N or mandate-N; needed when the user has several")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Create a token of USER. It is printed once and kept nowhere."""
    from ronghe.kernel import clock
    from ronghe.kernel.actors import SYSTEM

    from . import queries, services
    from .errors import SeveralCapacities

    at = clock.now()
    of = queries.user_named(user)
    having = queries.capacities(of, on=clock.legal_day(at))
    if not capacity and len(having) != 1:
        listed = "；".join(f"{c.key}（{c.title}，{c.place}）" for c in having) or "无"
        raise SeveralCapacities(user=user, capacities=listed)
    token, text = services.create_token(
        user_id=of.pk, capacity=capacity or having[0].key, name=name, days=days, actor=SYSTEM, at=at
    )
    if as_json:
        print(json.dumps({"id": token.pk, "token": text, "expires_at": token.expires_at.isoformat()}))
    else:
        print(text)
        print(f"令牌 {token.pk} 只显示这一次，{clock.legal_day(token.expires_at)} 到期。", file=sys.stderr)


@app.command()
def revoke(token_id: Annotated[int, typer.Argument(help="Number of the token, from `ronghe token list`")]) -> None:
    """Revoke a token at once."""
    from ronghe.kernel import clock
    from ronghe.kernel.actors import SYSTEM

    from . import services

    token = services.revoke_token(token_id=token_id, actor=SYSTEM, at=clock.now())
    print(f"令牌 {token.pk}（{token.name}）已撤销。", file=sys.stderr)


@app.command("list")
def list_tokens(user: Annotated[str, typer.Argument(help="Login name")]) -> None:
    """List the tokens of USER."""
    from ronghe.kernel import clock

    from . import queries

    for token in queries.tokens(queries.user_named(user), at=clock.now()):
        print(
            f"{token.row.pk}\trh_{token.row.prefix}…\t{token.row.expires_at:%Y-%m-%d}\t{token.state}\t{token.row.name}"
        )
