"""``ronghe user``: what can only be done at the server: the first administrators, and their lost passwords."""

import sys
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Make the first administrators; reset passwords.")


@app.command()
def create(
    username: Annotated[str, typer.Argument(help="Login name")],
    name: Annotated[str, typer.Option(help="Name shown on pages")],
    role: Annotated[str, typer.Option(help="system_admin, security_admin, auditor, zone_office, department …")],
    division: Annotated[str, typer.Option(help="Code of the division that the post covers, with all below")],
    unit: Annotated[str, typer.Option(help="Name of the org unit in that division")],
) -> None:
    """Make a user with one post and print its temporary password."""
    from django.db import transaction

    from ronghe.kernel import clock
    from ronghe.kernel.actors import SYSTEM

    from . import queries, rules, services
    from .errors import UnknownRole
    from .roles import STAFF, Role

    if role not in {str(known) for known in STAFF}:
        raise UnknownRole(role=role, roles="、".join(sorted(STAFF)))
    at, secret = clock.now(), rules.temporary_password()
    org_unit_id = queries.org_unit_named(unit, division=division)
    with transaction.atomic():
        of = services.create_user(username=username, display_name=name, password=secret, actor=SYSTEM, at=at)
        services.grant_membership(
            user_id=of.pk, org_unit_id=org_unit_id, role=Role(role), division=division, actor=SYSTEM, at=at
        )
    print(secret)
    print(f"用户 {username}（{Role(role).title}）已建立；首次登录须修改上面的临时密码。", file=sys.stderr)


@app.command()
def reset(username: Annotated[str, typer.Argument(help="Login name")]) -> None:
    """Give a user, an administrator too, a temporary password, and print it."""
    from ronghe.kernel import clock
    from ronghe.kernel.actors import SYSTEM

    from . import queries, rules, services

    secret = rules.temporary_password()
    services.reset_password(user_id=queries.user_named(username).pk, password=secret, actor=SYSTEM, at=clock.now())
    print(secret)
    print(f"用户 {username} 的密码已重置，其登录和访问令牌已失效；首次登录须修改上面的临时密码。", file=sys.stderr)
