"""The database of the test suite: an embedded server for the session, one migrated template, clones of it.

Loaded by pytest before Django reads its settings (``-p ronghe.site.testing`` in ``pyproject.toml``). Tests run as the
role that serves, never as the owner, so that a missing grant or an UPDATE of history fails here and not in a county.
With ``DATABASE_URL`` and ``DATABASE_OWNER_URL`` set, the same happens on that server; the owner must be allowed to
create databases there, and to end the sessions of the serving role.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from .datafolder import DataFolder, lock
from .embedded import Server
from .errors import AssetMissing
from .processes import end_with_parent

T = TypeVar("T")

_PREFIX = "ronghe-test-"
#: Secrets of the suite; they open nothing else.
_KEYS = {"RONGHE_SECRET_KEY": "s" * 50, "RONGHE_MASTER_KEY": "11" * 32, "RONGHE_INDEX_KEY": "22" * 32}

_session: "TestServer | None" = None


class TestServer:
    """The server of one test session: started on first need, or before the first worker process.

    Args: ``small`` as of ``Server``; what is measured has the memory and the upkeep of the product.
    """

    __test__ = False

    def __init__(self, *, small: bool = True) -> None:
        self._server: Server | None = None
        self._ready = False
        name = f"test_{secrets.token_hex(4)}"
        sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        data = DataFolder(self.folder)
        self._alive: IO[str] = data.lock_file("alive.lock")
        fcntl.flock(self._alive, fcntl.LOCK_EX)
        if "DATABASE_URL" in os.environ:
            owner = os.environ.get("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])
            environment = {"DATABASE_OWNER_URL": owner, "RONGHE_TEST_ADMIN_URL": owner}
        else:
            data.prepare()
            self._server = Server(data, fast=True, small=small)
            urls = self._server.promised_urls()
            environment = {
                "DATABASE_URL": urls.serving,
                "DATABASE_OWNER_URL": urls.owner,
                "RONGHE_TEST_ADMIN_URL": urls.superuser,
                "RONGHE_DATA": str(self.folder),
            }
        ours = {"RONGHE_TEST_TEMPLATE": f"{name}_template", "RONGHE_TEST_FOLDER": str(self.folder)}
        os.environ.update(_KEYS | environment | ours)

    def make_ready(self) -> None:
        """Start the server and build the template, once."""
        if self._ready:
            return
        if self._server is not None:
            self._server.start()
        build_template()
        collect_static()
        self._ready = True

    def close(self) -> None:
        """Remove whatever the session made."""
        if self._server is not None:
            self._server.destroy()
        elif self._ready:
            for name in _templates():
                drop(name)
        shutil.rmtree(self.folder, ignore_errors=True)
        self._alive.close()


# -- pytest --------------------------------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Name the session's database before pytest-django reads the settings."""
    global _session
    if "RONGHE_TEST_TEMPLATE" not in os.environ:  # a worker process of pytest-xdist inherits it
        _session = TestServer()
    return (yield)


def pytest_sessionstart(session: pytest.Session) -> None:
    """With several worker processes the first must find a server that outlives it."""
    workers = getattr(session.config.option, "numprocesses", None)
    if _session is not None and workers:
        _session.make_ready()


def pytest_unconfigure() -> None:
    global _session
    if _session is not None:
        _session.close()
        _session = None
        del os.environ["RONGHE_TEST_TEMPLATE"]


# -- databases -----------------------------------------------------------------------------------------------------


def ensure_server() -> None:
    """Start the session's server if this process is the one to do it."""
    if _session is not None:
        _session.make_ready()


def made_once(word: str, make: Callable[[Path], None]) -> Path:
    """A folder for all workers of the session, gone with it, which the first that needs it makes."""
    folder = DataFolder(os.environ["RONGHE_TEST_FOLDER"])
    made = folder.path / word
    with folder.lock_file(f"{word}.lock") as mine:
        fcntl.flock(mine, fcntl.LOCK_EX)
        if not made.exists():
            making = folder.path / f"{word}.making"
            make(making)
            making.rename(made)
    return made


def template() -> str:
    """Name of the migrated database that all others are copies of."""
    return os.environ["RONGHE_TEST_TEMPLATE"]


def _templates() -> list[str]:
    """The template and those that were made of it."""
    with admin() as connection:
        pattern = template().removesuffix("template").replace("_", r"\_") + "%template"
        found = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern]).fetchall()
    return [name for (name,) in found]


def with_database(url: str, name: str) -> str:
    """The same address, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(name)}"))


def owner_name() -> str:
    return urlsplit(os.environ["DATABASE_OWNER_URL"]).username or ""


@contextlib.contextmanager
def admin() -> Iterator[psycopg.Connection[Any]]:
    """A connection that makes and drops databases."""
    url = os.environ["RONGHE_TEST_ADMIN_URL"]
    with psycopg.connect(with_database(url, "postgres"), autocommit=True) as connection:
        yield connection


def build_template() -> None:
    """Migrate a new database as the owner, with the grants of the serving role: in a process of its own."""
    name = template()
    with admin() as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner_name()))
        )
    environment = os.environ | {
        "DATABASE_URL": with_database(os.environ["DATABASE_URL"], name),
        "DATABASE_OWNER_URL": with_database(os.environ["DATABASE_OWNER_URL"], name),
    }
    parent = os.getpid()
    done = subprocess.run(
        [sys.executable, "-m", "ronghe.site", "migrate"],
        env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        preexec_fn=lambda: end_with_parent(9, parent),
    )  # fmt: skip
    if done.returncode:
        pytest.exit(f"the migrations fail:\n{done.stdout}{done.stderr}", returncode=1)


def collect_static() -> None:
    """Pages name static files by their hashes: collect them once, before the worker processes, as ``up`` does."""
    from . import assets, preparing

    try:
        assets.require()
    except AssetMissing:
        return  # pytest without ``make assets``: only the tests of pages fail, and say what is missing
    if not preparing.static_is_current():
        preparing.run("static", {"DJANGO_SETTINGS_MODULE": "ronghe.site.settings"} | os.environ)


def clone(name: str, source: str | None = None) -> None:
    """A copy of the template (or of ``source``) for one worker or one test."""
    with admin() as connection:
        connection.execute(
            # Files are copied faster than the log is written that would make them again.
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(source or template()), sql.Identifier(owner_name())
            )
        )
        # What was granted on the database itself is not copied.
        connection.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))


def template_name(word: str) -> str:
    """Name of a database that the session keeps to its end, for others to be copies of."""
    return f"{template().removesuffix('template')}{word}_template"


def second_template(word: str, fill: Callable[[str], None]) -> str:
    """Name of a copy of the template with more in it, made by the first worker that needs it.

    Args: ``fill`` writes into the database of the given name, and leaves no session open in it.
    """
    name = template_name(word)
    with admin() as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            making = new_name(word)
            clone(making)
            fill(making)
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name))
            )
    return name


def drop(name: str) -> None:
    """Remove a database, with whatever session a failed test left open in it."""
    with admin() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def new_name(node: str) -> str:
    """A database name of its own for a test."""
    words = re.sub(r"[^a-z0-9]+", "_", node.lower())[:20]
    return f"{template().removesuffix('_template')}_{words}_{hashlib.sha256(os.urandom(8)).hexdigest()[:6]}"


def in_parallel(*calls: Callable[[], T]) -> list[T | Exception]:
    """Run the calls at the same moment, each in a thread with its own connection; results or errors in order."""
    from django.db import connections

    gate = threading.Barrier(len(calls))
    outcomes: list[T | Exception] = [RuntimeError("did not run")] * len(calls)

    def run(index: int) -> None:
        try:
            gate.wait(10)
            outcomes[index] = calls[index]()
        except Exception as error:
            outcomes[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        if thread.is_alive():
            raise TimeoutError("a call still runs after a minute: a deadlock, or a lock that is never given back")
    return outcomes


def sweep() -> None:
    """Remove what a killed session left behind: its lock is free."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(Exception):
            data = DataFolder(folder)
            with data.lock_file("alive.lock") as alive:
                if lock(alive, fcntl.LOCK_EX):
                    Server(data, fast=True).destroy()
                    shutil.rmtree(folder)
