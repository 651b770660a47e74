"""What a process must know before Django starts: the data folder, its secrets, and how to reach the database."""

import atexit
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from . import keys, outside
from .datafolder import DataFolder
from .embedded import Server, Urls
from .errors import DatabaseKeysMissing
from .outside import outside_database

PROJECT = Path(__file__).resolve().parents[3]


def data_folder() -> DataFolder:
    """The folder that ``RONGHE_DATA`` names, or ``var`` beside the sources."""
    return DataFolder(os.environ.get("RONGHE_DATA") or PROJECT / "var")


def environment(folder: DataFolder, *, serving: str, owner: str | None = None) -> dict[str, str]:
    """The environment of one of our processes. Only a process that migrates is given the owner's address.

    Raises: KeyMissing, DatabaseKeysMissing.
    """
    first = not folder.secrets.exists() and keys.missing(keys.given(), keys.FOR_PROCESSES)
    if first and outside_database() is not None and outside.has_tables(serving):
        raise DatabaseKeysMissing(folder=str(folder))
    ours = keys.in_force(folder.secrets)
    hosts = os.environ.get("RONGHE_HOSTS", "localhost,[::1]").split(",")
    ours["RONGHE_HOSTS"] = ",".join(dict.fromkeys([*hosts, "127.0.0.1"]))  # the supervisor asks /healthz there
    settings = os.environ.get("DJANGO_SETTINGS_MODULE") or "ronghe.site.settings"
    result = os.environ | ours | {
        "DATABASE_URL": serving, "RONGHE_DATA": str(folder), "DJANGO_SETTINGS_MODULE": settings, "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    result.pop("RONGHE_AS_OWNER", None)
    result.pop("DATABASE_OWNER_URL", None)
    if owner is not None:
        result["DATABASE_OWNER_URL"] = owner
    return result


@contextlib.contextmanager
def database(folder: DataFolder) -> Iterator[Urls]:
    """The database for one command: ``DATABASE_URL``, the running embedded server, or one started for it.

    A server started here ends with the command, once no other command uses it.
    """
    serving = outside_database()
    if serving is not None:
        owner = outside.owner_url()
        yield Urls(serving=serving, owner=owner, superuser=owner)
        return
    server = Server(folder)
    urls = server.attach() or server.start()
    try:
        yield urls
    finally:
        server.leave()


def django_setup(*, as_owner: bool = False) -> None:
    """Make Django ready for one command, on the ``database`` that it has until it ends.

    A database that was never prepared is prepared first; one of another version is refused.
    """
    folder = data_folder()
    folder.prepare()
    using = contextlib.ExitStack()
    atexit.register(using.close)
    urls = using.enter_context(database(folder))
    from .preparing import ensure_prepared

    ensure_prepared(folder, serving=urls.serving, owner=urls.owner)
    os.environ.update(environment(folder, serving=urls.serving, owner=urls.owner if as_owner else None))
    if as_owner:
        os.environ["RONGHE_AS_OWNER"] = "1"
    import django

    django.setup()


def migrate() -> None:
    """``ronghe migrate``: bring the database to this version, whatever its stamp says."""
    from . import preparing

    folder = data_folder()
    folder.prepare()
    with database(folder) as urls:
        found = preparing.stamp_of(urls.serving)  # says at once when the server cannot be reached, or is too old
        env = environment(folder, serving=urls.serving, owner=urls.owner)
        preparing.refuse_other_keys(found, folder)
        preparing.run("database", env)
