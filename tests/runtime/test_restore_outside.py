"""Restore into a database of another server: database and data folder are both old or both new, whatever happens."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
import pytest

from ronghe.site import keys, testing
from ronghe.site.datafolder import DataFolder
from ronghe.site.embedded import Server

from .platform import START_SECONDS, environment, ronghe, wait_until
from .test_backup import MARK, Prepared, answer, changed, newer, tell

OLD_KEYS = {name: f"old-{name}" for name in keys.FOR_PROCESSES}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[tuple[Path, Path]]:
    """A data folder with one session and one file, and its backup."""
    folder = tmp_path_factory.mktemp("saved")
    data, file = prepared(folder / "data"), folder / "backup.ronghe"
    tell(data, MARK.format("new"))
    (data / "files" / "new").write_bytes(b"new")
    assert ronghe("backup", str(file), data=data).returncode == 0
    yield data, file
    Server(DataFolder(data)).destroy()


@dataclass
class Installation:
    """A data folder and the outside database that it works with."""

    data: Path
    database: str

    @property
    def env(self) -> dict[str, str]:
        return {
            name: testing.with_database(os.environ[name], self.database)
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL")
        }

    def ask(self, query: str) -> list[str]:
        """The first column of the owner's answer."""
        with psycopg.connect(self.env["DATABASE_OWNER_URL"]) as connection:
            return [row[0] for row in connection.execute(query.encode()).fetchall()]

    def sessions(self, schema: str = "public") -> list[str]:
        return self.ask(f'SELECT session_key FROM "{schema}".django_session')

    def schemas(self, word: str) -> list[str]:
        return self.ask(f"SELECT nspname::text FROM pg_namespace WHERE nspname LIKE '%{word}%'")

    def generations(self, *, folder: bool = True) -> set[str]:
        """Whether what is in use is ``old`` or ``new``: the database, the files, the keys. One word when it is whole."""
        found = set(self.sessions())
        if folder:
            found |= {p.name for p in (self.data / "files").iterdir()}
            held = keys.read(self.data / "secrets.env")
            found.add("old" if OLD_KEYS.items() <= held.items() else "new")
        return found

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return ronghe(*arguments, data=self.data, env=self.env)

    def restore_until_killed(self, file: Path, patch: str) -> None:
        """Restore in a process that kills itself where ``patch`` says so."""
        code = f"import os, sys\n{patch}\nfrom ronghe.site import cli\ncli.main()"
        done = subprocess.run(
            [sys.executable, "-c", code, "restore", str(file), "--replace"], cwd="/",
            env=environment(self.data, None, self.env), stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=START_SECONDS, check=False,
        )  # fmt: skip
        assert done.returncode == -9, done.stderr
        others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        wait_until("its sessions have ended", lambda: not self.ask(others))


@pytest.fixture
def here(fresh_database: str, room: Path) -> Installation:
    """An installation with old data."""
    data = room / "data"
    (data / "files").mkdir(parents=True)
    (data / "files" / "old").write_bytes(b"old")
    keys.write(data / "secrets.env", OLD_KEYS)
    installation = Installation(data, fresh_database)
    with psycopg.connect(installation.env["DATABASE_OWNER_URL"]) as connection:
        connection.execute(MARK.format("old").encode())
    return installation


def test_all_is_replaced_and_what_was_there_is_kept_and_named(saved: tuple[Path, Path], here: Installation) -> None:
    refused = here.run("restore", str(saved[1]))
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)
    assert here.generations() == {"old"}
    done = here.run("restore", str(saved[1]), "--replace")
    assert done.returncode == 0, done.stderr
    assert here.generations() == {"new"}
    (schema,) = here.schemas("restor")
    (folder,) = here.data.glob("before-restore-*")
    assert here.sessions(schema) == ["old"]
    assert (folder / "files" / "old").exists()
    assert schema in done.stderr
    assert str(folder) in done.stderr
    # and it is prepared: the role that serves reads it, and nothing embedded is left
    with psycopg.connect(here.env["DATABASE_URL"]) as serving:
        assert serving.execute("SELECT session_key FROM django_session").fetchall() == [("new",)]
    assert here.run("doctor").returncode == 0
    assert not DataFolder(here.data).has_cluster()
    assert not list(here.data.glob(".restoring-*"))


def test_an_empty_database_and_an_empty_folder_keep_nothing(saved: tuple[Path, Path], here: Installation) -> None:
    with psycopg.connect(here.env["DATABASE_OWNER_URL"]) as owner:
        owner.execute("DROP SCHEMA public CASCADE")
        owner.execute("CREATE SCHEMA public")
    other = Installation(here.data.parent / "other", here.database)
    done = other.run("restore", str(saved[1]))
    assert done.returncode == 0, done.stderr
    assert other.generations() == {"new"}
    assert other.schemas("restor") == []
    assert not list(other.data.glob("*restor*-*"))
    # and its own backup comes back into an embedded database
    assert other.run("backup", str(other.data.parent / "again")).returncode == 0
    third = here.data.parent / "third"
    assert ronghe("restore", str(other.data.parent / "again"), data=third).returncode == 0
    assert answer(third, "SELECT session_key FROM django_session") == "new"


@pytest.fixture(scope="module")
def unpreparable(saved: tuple[Path, Path]) -> Path:
    """A whole backup of a database that cannot be brought to this version."""
    data, _ = saved
    server = Server(DataFolder(data))
    urls = server.start()
    with psycopg.connect(urls.owner) as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'governance'")
    server.stop()
    file = data.parent / "unpreparable"
    assert ronghe("backup", str(file), data=data).returncode == 0
    return file


def unchanged(here: Installation) -> bool:
    return (
        here.generations() == {"old"}
        and here.schemas("restor") == []
        and not [p for p in here.data.iterdir() if "restor" in p.name and p.is_dir()]
    )


def test_a_backup_that_cannot_be_prepared_changes_nothing(here: Installation, unpreparable: Path) -> None:
    done = here.run("restore", str(unpreparable), "--replace")
    assert done.returncode != 0
    assert "already exists" in done.stderr
    assert unchanged(here)


def test_a_backup_that_is_not_whole_changes_nothing(saved: tuple[Path, Path], here: Installation) -> None:
    wrong = changed(saved[1], here.data.parent / "wrong", newer("rows", {"django_session": 5}))
    done = here.run("restore", str(wrong), "--replace")
    assert (done.returncode, "没有完成" in done.stderr) == (1, True)
    assert unchanged(here)


def test_a_role_that_does_not_own_the_database_changes_nothing(saved: tuple[Path, Path], here: Installation) -> None:
    # given a role that owns all tables, but not the database: it could not finish
    role = f"half_{here.database}"
    owner = here.env["DATABASE_OWNER_URL"]
    with testing.admin() as admin:
        admin.execute(f"CREATE ROLE \"{role}\" LOGIN PASSWORD 'x'".encode())
        admin.execute(f'GRANT ALL ON DATABASE "{here.database}" TO "{role}"'.encode())
        try:
            with psycopg.connect(testing.with_database(os.environ["RONGHE_TEST_ADMIN_URL"], here.database)) as inside:
                inside.execute(f'ALTER SCHEMA public OWNER TO "{role}"'.encode())
                inside.execute(f'GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{role}"'.encode())
            parts = urlsplit(owner)
            half = parts._replace(netloc=f"{quote(role)}:x@{parts.netloc.rpartition('@')[2]}").geturl()
            # when it restores
            env = here.env | {"DATABASE_OWNER_URL": half}
            done = ronghe("restore", str(saved[1]), "--replace", data=here.data, env=env)
            # then that is said, and nothing is changed
            assert (done.returncode, "数据库所有者" in done.stderr) == (1, True), done.stderr
            assert unchanged(here)
        finally:
            testing.drop(here.database)
            admin.execute(f'DROP ROLE "{role}"'.encode())


KILL = "os.kill(os.getpid(), 9)"
#: Where the machine stops: what is patched, and whether the restore counts by then.
STEPS = {
    "while the outside database reads the dump": (
        "from ronghe.site import dumping\n"
        "real, seen = dumping._comparison, []\n"
        f"dumping._comparison = lambda rows: {KILL} if seen else seen.append(1) or real(rows)",
        "old",
    ),
    "before the journal": (f"from ronghe.site import restore\nrestore._commit = lambda *a: {KILL}", "old"),
    "after the journal": (f"from ronghe.site import outside\noutside.exchange = lambda name: {KILL}", "new"),
    "after the exchange": (
        "from ronghe.site import outside\nreal = outside.exchange\n"
        f"outside.exchange = lambda name: (real(name), {KILL})",
        "new",
    ),
    "before the preparation": (f"from ronghe.site import bootstrap\nbootstrap.migrate = lambda: {KILL}", "new"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_restore_has_happened_or_not(saved: tuple[Path, Path], here: Installation, step: str) -> None:
    patch, expected = STEPS[step]
    here.restore_until_killed(saved[1], patch)
    if expected == "old":
        assert here.generations() == {"old"}
    # when the next command runs, whatever it is
    done = here.run("migrate")
    assert done.returncode == 0, done.stderr
    # then both are what they were, or both are new and prepared
    assert here.generations() == {expected}
    assert len(here.schemas("before_restore")) == (expected == "new")


def test_what_a_killed_restore_has_built_is_gone_with_the_next_one(
    saved: tuple[Path, Path], here: Installation, unpreparable: Path
) -> None:
    here.restore_until_killed(saved[1], STEPS["before the journal"][0])
    assert here.schemas("restoring")
    assert here.run("restore", str(unpreparable), "--replace").returncode != 0
    assert unchanged(here)


def test_a_restore_that_waits_for_its_database_asks_for_it(saved: tuple[Path, Path], here: Installation) -> None:
    here.restore_until_killed(saved[1], STEPS["after the journal"][0])
    other = {name: testing.with_database(url, testing.template()) for name, url in here.env.items()}
    for env in ({}, other):
        done = ronghe("migrate", data=here.data, env=env)
        assert (done.returncode, "上一次恢复" in done.stderr) == (1, True), done.stderr
    assert here.generations() == {"old"}
    assert here.run("migrate").returncode == 0
    assert here.generations() == {"new"}
