"""Bring database and static files to this version, and know at once when they already are.

The database carries its own stamp (a comment that a dump does not take along), so a restored or exchanged database is
prepared again whatever the data folder remembers. Preparation runs in processes of its own: the supervisor stays
small, and only they know the owner's password.
"""

import hashlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from ronghe.kernel.errors import DomainError

from . import assets, keys
from .bootstrap import PROJECT, data_folder, environment
from .datafolder import DataFolder, raise_if_full
from .errors import DatabaseTooOld, DatabaseUnreachable, NoSpace, NotPrepared, OtherKeys, PreparationFailed
from .outside import short_reason
from .processes import end_with_parent

#: The exit status of a child that has told the person why already.
SAID = 3
OLDEST_SERVER = 150000

_SOURCES = PROJECT / "src" / "ronghe"
_STAMP = "ronghe:"


@dataclass(frozen=True)
class Stamp:
    """What a database was prepared with: its tables, and all that decides what is in them."""

    tables: str
    whole: str
    #: The mark of the keys in force at that time: not part of the version. Empty where an earlier version wrote it.
    keys: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{_STAMP}{self.tables}:{self.whole}:{self.keys}"


def fingerprint() -> Stamp:
    """Of this version: migrations and their SQL; and with them the code, the packs, the versions below and what the
    environment asks for: other packs, no demonstration."""
    tables, whole = hashlib.sha256(), hashlib.sha256()
    for name in ("django", "procrastinate", "django-axes"):
        tables.update(f"{name}={metadata.version(name)}\n".encode())
    kinds = {".py", ".sql", ".yaml", ".csv", ".json", ".geojson"}
    for file in sorted(_SOURCES.rglob("*")):
        if file.suffix in kinds and "tests" not in file.parts and "__pycache__" not in file.parts:
            content = str(file.relative_to(_SOURCES)).encode() + b"\0" + file.read_bytes()
            whole.update(content)
            if "migrations" in file.parts or file.suffix == ".sql":
                tables.update(content)
    packs = packs_folder()
    whole.update(f"packs={_content(packs) if packs else ''}, demonstration={with_demonstration()}\n".encode())
    return Stamp(tables.hexdigest(), tables.hexdigest()[:8] + whole.hexdigest())


def packs_folder() -> Path | None:
    """The folder of packs that ``RONGHE_PACKS`` names; None for those that come with the program."""
    named = os.environ.get("RONGHE_PACKS")
    return Path(named) if named else None


def _content(folder: Path) -> str:
    """Names and content of the files of a folder, without what is hidden: a repository's own files say nothing."""
    digest = hashlib.sha256()
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = file.relative_to(folder)
        if not any(part.startswith(".") for part in name.parts):
            digest.update(f"{name}={hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def with_demonstration() -> bool:
    """Whether demonstration users are wanted: ``RONGHE_DEMO=0`` leaves them out."""
    return os.environ.get("RONGHE_DEMO") != "0"


def stamp_of(url: str) -> Stamp | None:
    """The stamp that the database was prepared with; None when it never was.

    Raises: DatabaseUnreachable, DatabaseTooOld.
    """
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            if connection.info.server_version < OLDEST_SERVER:
                raise DatabaseTooOld(found=connection.info.parameter_status("server_version") or "?")
            row = connection.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
            ).fetchone()
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        raise DatabaseUnreachable(reason=short_reason(error)) from error
    parts = str((row and row[0]) or "").split(":")
    return Stamp(*parts[1:]) if parts[0] + ":" == _STAMP and len(parts) in {3, 4} else None


def refuse_other_keys(found: Stamp | None, folder: DataFolder) -> None:
    """Refuse a database whose records were written under other keys than those in force.

    Raises: OtherKeys, KeyMissing.
    """
    if found is not None and found.keys and found.keys != keys.mark_of(keys.in_force(folder.secrets)):
        raise OtherKeys(folder=str(folder))


def ensure_prepared(folder: DataFolder, *, serving: str, owner: str) -> None:
    """Prepare a database that never was; refuse one whose tables are of another version.

    Raises: NotPrepared, PreparationFailed, DatabaseUnreachable, DatabaseKeysMissing, OtherKeys.
    """
    found = stamp_of(serving)
    env = environment(folder, serving=serving, owner=owner)
    refuse_other_keys(found, folder)
    if found is None:
        run("database", env)
    elif found.tables != fingerprint().tables:
        raise NotPrepared()


def begin(step: str, env: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start one step (``database`` or ``static``) in a process of its own."""
    parent = os.getpid()
    return subprocess.Popen(
        [sys.executable, "-m", "ronghe.site.preparing", step],
        env=env, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno(), start_new_session=True,
        preexec_fn=lambda: end_with_parent(9, parent),
    )  # fmt: skip


def finish(step: str, status: int) -> None:
    """Judge how a step ended.

    Raises: PreparationFailed; ``SystemExit`` when the step has told the person why.
    """
    if status == SAID:
        raise SystemExit(SAID)
    if status:
        raise PreparationFailed(step=step)


def run(step: str, env: dict[str, str]) -> None:
    """One step from beginning to end."""
    finish(step, begin(step, env).wait())


# -- static files ----------------------------------------------------------------------------------------------------


def static_root() -> Path:
    return PROJECT / "build" / "static"


def static_fingerprint() -> str:
    """Of every static file's name and content."""
    digest = hashlib.sha256(metadata.version("whitenoise").encode())
    roots = [assets.folder(), *sorted(_SOURCES.rglob("static"))]
    for root in roots:
        for file in sorted(p for p in root.rglob("*") if p.is_file()):
            digest.update(str(file).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def static_is_current() -> bool:
    try:
        return (static_root() / ".fingerprint").read_text() == static_fingerprint()
    except FileNotFoundError:
        return False


def collect_static() -> None:
    """Collect static files under their hashed names."""
    from django.core.management import call_command

    wanted = static_fingerprint()
    call_command("collectstatic", interactive=False, verbosity=0)
    (static_root() / ".fingerprint").write_text(wanted)


# -- database --------------------------------------------------------------------------------------------------------


def prepare_database() -> None:
    """Migrate as the owner; then, as the role that serves, load the packs, list their tasks in the ledgers, and make the
    demonstration, or close the logins of those that an earlier start made."""
    folder = data_folder()
    wanted = fingerprint()
    owner, serving = os.environ["DATABASE_OWNER_URL"], os.environ["DATABASE_URL"]
    _tell("migrating the database …")
    run("migrate", os.environ | {"RONGHE_AS_OWNER": "1"})
    _django()
    from django.core.management import call_command, get_commands

    known = get_commands()
    packs = packs_folder()
    if "load_packs" in known:
        _tell("loading the packs of the zones …")
        call_command("load_packs", *([packs] if packs else []), stdout=io.StringIO())
    if "open_ledgers" in known:
        call_command("open_ledgers", *([packs] if packs else []), stdout=io.StringIO())
    if "demo_users" in known:
        told = demo_users_file(folder)
        if with_demonstration():
            users = io.StringIO()
            call_command("demo_users", reopen=not told.exists(), stdout=users)
            keys.replace_private(told, users.getvalue().encode())
            if "demo_office" in known:
                _tell("building the demonstration …")
                build_demonstration()
        else:
            call_command("demo_users", close=True)
            told.unlink(missing_ok=True)
    mark(owner if owner else serving, replace(wanted, keys=keys.mark_of(keys.given())))


def build_demonstration() -> None:
    """The demonstration of the zones' offices and of the register, in as many processes at once as there are cores: no
    zone waits for another.

    Raises: PreparationFailed.
    """
    from ronghe.governance.demo import shown_zones
    from ronghe.mechanisms.casework.services import keep_all_edges

    keep_all_edges()
    # The register takes about as long as a zone of so many tasks.
    waiting: list[tuple[int, list[str]]] = [(30, ["demo_register"])]
    waiting += [(tasks, ["demo_office", f"--zone={slug}"]) for slug, tasks in shown_zones().items()]
    shares: list[list[list[str]]] = [[] for _ in range(os.cpu_count() or 1)]
    loads = [0] * len(shares)
    for weight, command in sorted(waiting, key=lambda one: -one[0]):
        least = loads.index(min(loads))
        shares[least].append(command)
        loads[least] += weight
    running = [
        subprocess.Popen(
            [sys.executable, "-c", IN_TURN, json.dumps(share)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        for share in shares
        if share
    ]
    statuses = [one.wait() for one in running]
    if any(statuses):
        raise PreparationFailed(step="demonstration")


#: One process carries out several commands: Django is loaded once.
IN_TURN = """
import json, os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronghe.site.settings")
import django
from django.core.management import call_command
django.setup()
for name, *given in json.loads(sys.argv[1]):
    call_command(name, *given)
"""


def demo_users_file(folder: DataFolder) -> Path:
    return folder.path / "demo-users.txt"


def mark(url: str, wanted: Stamp) -> None:
    """Write the stamp into the database; only its owner can."""
    with psycopg.connect(url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(str(wanted)))
        )


def _django() -> None:
    import django

    django.setup()


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def is_disk_full(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is a full disk, ours or the database's."""
    seen: Any = error
    while seen is not None:
        if isinstance(seen, NoSpace | psycopg.errors.DiskFull) or (isinstance(seen, OSError) and seen.errno == 28):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def main(step: str) -> int:
    """Run one step; a refusal is one line."""
    try:
        if step == "static":
            _django()
            collect_static()
        elif step == "migrate":
            from .migrating import migrate

            migrate()
        else:
            prepare_database()
    except DomainError as error:
        print(error.text, file=sys.stderr)
        return SAID
    except Exception as error:
        if not is_disk_full(error):
            raise
        try:
            raise_if_full(OSError(28, os.strerror(28)), data_folder().path)
        except NoSpace as full:
            print(full.text, file=sys.stderr)
        return SAID
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
