"""``ronghe``: the command line. Rooms bring their own commands, and are imported only when theirs is called."""

import importlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ronghe.kernel.errors import DomainError

#: Sub-commands of the rooms: where their ``app`` is, what it is for, and which of its commands need no database.
ROOMS: dict[str, tuple[str, str, frozenset[str]]] = {
    "policy": ("ronghe.policy.cli", "Read plans; documents, clauses and tasks", frozenset({"read"})),
    "rule": ("ronghe.policy.rule_cli", "Rules: list them, what each needs, what it says", frozenset({"list"})),
    "parameter": ("ronghe.policy.parameter_cli", "Parameters: zones side by side, local values", frozenset()),
    "trial": ("ronghe.mechanisms.trials.cli", "Run a rule over a whole table of facts", frozenset()),
    "zone": ("ronghe.policy.zone_cli", "Load zone packs; list zones", frozenset()),
    "demo": (
        "ronghe.governance.demo_cli",
        "Build the demonstration: the zones' offices, the register of rights",
        frozenset(),
    ),
    "audit": ("ronghe.kernel.audit.cli", "Verify and seal the record of acts", frozenset()),
    "user": ("ronghe.kernel.accounts.user_cli", "Make the first administrators; reset passwords", frozenset()),
    "token": ("ronghe.kernel.accounts.cli", "Create and revoke access tokens", frozenset()),
}


class _Group(TyperGroup):
    """Our own commands, and those of the rooms, found by name."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *ROOMS]

    def get_command(self, ctx: Any, name: str) -> Any:
        if name in ROOMS:
            return _room(name)
        return super().get_command(ctx, name)


app = typer.Typer(
    cls=_Group,
    help="Ronghe 融合: the platform of urban–rural integration pilot zones.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _room(name: str) -> Any:
    """The commands of one room; those that need the database make Django ready first."""
    path, text, without = ROOMS[name]
    group = typer.main.get_group(importlib.import_module(path).app)
    group.name, group.help, group.short_help = name, group.help or text, text
    for command in group.commands.values():
        if command.name not in without:
            _needs_database(command)
    return group


def _needs_database(command: Any) -> None:
    invoke = command.invoke

    def with_database(ctx: Any) -> Any:
        from .bootstrap import django_setup

        django_setup()
        return invoke(ctx)

    command.invoke = with_database


@app.command()
def up() -> None:
    """Start database, web and worker in the foreground, and say when all answer."""
    from .supervisor import up as run

    run()


@app.command()
def migrate() -> None:
    """Bring the database to this version."""
    from .bootstrap import migrate as run

    run()


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False) -> None:
    """Check data folder, database and assets; say what to do about each finding."""
    from .doctor import main as run

    raise SystemExit(run(as_json=as_json))


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to write")]) -> None:
    """Save database, files and keys of the data folder into one file."""
    from .backup import save

    manifest = save(file)
    print(f"saved {len(manifest.rows)} tables and {len(manifest.sha256) - 2} files to {file}", file=sys.stderr)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `ronghe backup` wrote")],
    replace: Annotated[bool, typer.Option("--replace", help="Put what is there aside")] = False,
) -> None:
    """Bring a backup back into the data folder."""
    from .bootstrap import migrate as bring_up
    from .outside import outside_database
    from .restore import load

    kept = str(load(file, replace=replace))
    print("restored" + (f"; what was there before is kept in {kept}" if kept else ""), file=sys.stderr)
    if outside_database() is not None:
        bring_up()


@app.command()
def version() -> None:
    """Print the version."""
    from ronghe import __version__

    print(__version__)


def main() -> None:
    """Run a command. A refusal is one line on standard error and exit status 1; bad usage is 2."""
    try:
        typer.main.get_command(app).main(prog_name="ronghe")
    except DomainError as error:
        print(error.text, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
