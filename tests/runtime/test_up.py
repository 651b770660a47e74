"""``make up``: ready, twice, stopped, killed; as root and as an ordinary user."""

import contextlib
import http.client
import json
import os
import pwd
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from ronghe.site.datafolder import DataFolder
from ronghe.site.embedded import Server, Urls
from ronghe.site.keys import FOR_PROCESSES
from ronghe.site.preparing import Stamp, mark
from ronghe.site.processes import process_runs

from .platform import PROJECT, Platform, free_port, modes_above, processes_of, wait_until
from .test_backup import Prepared

Start = Callable[..., Platform]
Ordinary = tuple[pwd.struct_passwd | None, str, dict[str, str]]


def healthz(platform: Platform) -> str:
    """What ``/healthz`` answers; empty when nothing listens."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", platform.port, timeout=10)) as connection:
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().read().decode().strip()
        except OSError:
            return ""


@contextlib.contextmanager
def open_stream(platform: Platform) -> Iterator[None]:
    """An open event stream, as a page holds it."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", platform.port, timeout=10)) as connection:
        connection.request("GET", "/events/health")
        stream = connection.getresponse()
        assert stream.getheader("Content-Type", "").startswith("text/event-stream")
        assert stream.readline() == b"event: heartbeat\n"
        try:
            yield
        finally:
            stream.close()


def runs_as_a_system_user(data: Path) -> bool:
    """Whether root's server belongs to a system user, in folders of its own, and asks everybody for a password."""
    home = Path("/var/lib/ronghe") / (data / "cluster").read_text().strip()
    user = pwd.getpwnam("ronghe-postgres")
    for folder in (home / "pg18", home / "socket"):
        assert (folder.stat().st_mode & 0o777, folder.stat().st_uid) == (0o700, user.pw_uid)
    pid = int((home / "pg18" / "postmaster.pid").read_text().splitlines()[0])
    # neither trust nor network: every connection over the one socket, with a password
    rules = [line.split() for line in (home / "pg18" / "pg_hba.conf").read_text().splitlines()]
    methods = {(r[0], r[-1]) for r in rules if r and not r[0].startswith("#")}
    assert methods == {("local", "scram-sha-256"), ("host", "reject")}
    return Path(f"/proc/{pid}").stat().st_uid == user.pw_uid


def test_up_is_ready_says_so_twice_and_is_gone_after_ctrl_c(start: Start, room: Path) -> None:
    # given a data folder with a space in its path, no node and no PostgreSQL in PATH
    data = room / "my data"
    before = modes_above(data, PROJECT / "build" / "assets" / "x", Path("/var/lib/ronghe"))
    # when it is started
    platform = start(data, env={"RONGHE_PACKS": "", "RONGHE_DEMO": ""})
    platform.wait_ready()
    # then it answers, and says where and who may sign in
    wait_until("the demonstration users", lambda: any("auditor" in line for line in platform.out))
    assert platform.out[0] == f"Ronghe is ready: {platform.address}\n"
    assert healthz(platform) == "ok"
    assert (data / "secrets.env").stat().st_mode & 0o777 == 0o600
    assert os.geteuid() != 0 or runs_as_a_system_user(data)
    # and a second one prints the address of the first, whatever port it was given
    second = start(data, port=free_port())
    assert second.wait_ended() == 0
    assert second.out == [f"Ronghe is ready: {platform.address}\n"]
    # when Ctrl-C is pressed while a page holds an event stream open
    with open_stream(platform):
        pressed = time.monotonic()
        platform.interrupt()
        wait_until("all processes are gone", lambda: not processes_of(data), seconds=5)
        assert time.monotonic() - pressed < 5
    assert platform.wait_ended() in {0, 2, 130, -signal.SIGINT}  # make reports the interrupt in its own way
    assert "Traceback" not in platform.told()
    assert not (data / "run.json").exists()
    # and no folder that was there before has other permissions
    assert modes_above(data, PROJECT / "build" / "assets" / "x", Path("/var/lib/ronghe")) == before


def test_nothing_outlives_a_killed_supervisor_and_a_new_up_works(start: Start, room: Path, prepared: Prepared) -> None:
    data = prepared(room / "data")
    platform = start(data)
    platform.wait_ready()
    with open_stream(platform):
        os.kill(platform.supervisor(), signal.SIGKILL)
        wait_until("no orphan is left", lambda: not processes_of(data), seconds=10)
    platform.wait_ended()
    again = start(data, port=platform.port)
    again.wait_ready()
    assert healthz(again) == "ok"
    os.kill(again.supervisor(), signal.SIGTERM)
    wait_until("all processes are gone", lambda: not processes_of(data), seconds=5)


def test_an_orphaned_database_is_taken_over(start: Start, room: Path, prepared: Prepared) -> None:
    """Where the kernel does not tell children of their parent's end, the next start finds them."""
    data = prepared(room / "data")
    platform = start(data)
    platform.wait_ready()
    os.kill(platform.supervisor(), signal.SIGSTOP)  # it can no longer stop anything, and holds its locks
    blocked = start(data)
    wait_until("the second one reports the first", lambda: blocked.process.poll() is not None)
    assert blocked.wait_ended() == 0
    killed = platform.supervisor()
    os.kill(killed, signal.SIGKILL)
    wait_until("it is gone, and its locks with it", lambda: not process_runs(killed))
    # started at once, while the old server may still be shutting down
    again = start(data)
    again.wait_ready()
    assert healthz(again) == "ok"


def test_a_process_that_ends_is_started_again(start: Start, room: Path, prepared: Prepared) -> None:
    data = prepared(room / "data")
    platform = start(data)
    platform.wait_ready()

    def pids() -> dict[str, int]:
        return {p["name"]: p["pid"] for p in json.loads((data / "run.json").read_text())["processes"]}

    before = pids()
    os.kill(before["web-1"], signal.SIGKILL)
    wait_until("another web process", lambda: pids()["web-1"] != before["web-1"])

    wait_until("it answers again", lambda: healthz(platform) == "ok")
    assert pids()["worker"] == before["worker"]


def test_up_as_an_ordinary_user_keeps_everything_in_the_data_folder(
    start: Start, room: Path, ordinary: Ordinary
) -> None:
    # given an ordinary user, and a path too long for a socket
    user, python, env = ordinary
    mine = room / "mine"
    mine.mkdir()
    if user is not None:
        os.chown(mine, user.pw_uid, user.pw_gid)
    data = mine / ("a long name " * 8).strip() / "data"
    before = modes_above(mine)
    platform = start(data, command=[python, "-m", "ronghe.site.cli", "up"], user=user, env=env)
    platform.wait_ready()
    assert healthz(platform) == "ok"
    assert (data / "postgres" / "pg18" / "PG_VERSION").exists()
    with open_stream(platform):
        platform.interrupt()
        wait_until("all processes are gone", lambda: not processes_of(data), seconds=5)
    assert platform.wait_ended() == 0
    assert modes_above(mine) == before


def test_a_real_server_is_used_when_database_url_names_one(start: Start, room: Path, fresh_database: str) -> None:
    # given a migrated database of the test session's server, for the platform a server like any other, and its keys
    from ronghe.site.testing import with_database

    urls = {name: with_database(os.environ[name], fresh_database) for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    data = room / "data"
    platform = start(data, env=urls | dict.fromkeys(FOR_PROCESSES, "its-own" * 8))
    platform.wait_ready()
    assert healthz(platform) == "ok"
    assert not (data / "cluster").exists()
    assert not (data / "postgres").exists()


def test_a_warm_start_heeds_that_no_demonstration_is_wanted_any_more(
    start: Start, room: Path, prepared: Prepared
) -> None:
    # given a platform with a demonstration, although without zones
    data = prepared(room / "data")

    def started(demo: str) -> Platform:
        platform = start(data, env={"RONGHE_DEMO": demo})
        platform.wait_ready()
        platform.interrupt()
        platform.wait_ended()
        return platform

    started("")
    assert (data / "demo-users.txt").exists()
    # when it is started as before, and then without the demonstration
    warm, other = started(""), started("0")
    # then only the second start prepared anything
    assert "migrating" not in warm.told()
    assert "migrating" in other.told()
    assert not (data / "demo-users.txt").exists()


@contextlib.contextmanager
def server_of(data: Path) -> Iterator[Urls]:
    """The embedded server of a data folder, for a look from outside the platform."""
    server = Server(DataFolder(data))
    try:
        yield server.start()
    finally:
        server.stop()


def test_a_database_of_an_earlier_version_ends_like_a_new_one(start: Start, room: Path, prepared: Prepared) -> None:
    # given a database whose serving role may make temporary tables, and functions that they could deceive
    data = prepared(room / "data")
    with server_of(data) as urls, psycopg.connect(urls.owner) as owner:
        owner.execute("GRANT TEMPORARY ON DATABASE ronghe TO PUBLIC, ronghe_app")
        for kernel_room, number in (("audit", "0003"), ("accounts", "0006")):
            back = PROJECT / "src" / "ronghe" / "kernel" / kernel_room / "sql" / f"{number}_search_path_reverse.sql"
            owner.execute(back.read_bytes())
        owner.execute("DROP TABLE accounts_savedview")  # came later
        owner.execute("DELETE FROM django_migrations WHERE name LIKE '%_search_path' OR name = '0007_saved_views'")
        mark(urls.owner, Stamp("of", "before"))
    # when it is started
    platform = start(data)
    platform.wait_ready()
    platform.interrupt()
    platform.wait_ended()
    # then the role may not, and the functions look into our schema alone
    with server_of(data) as urls, psycopg.connect(urls.serving) as serving:
        temporary = "SELECT has_database_privilege(current_database(), 'TEMPORARY')"
        assert serving.execute(temporary).fetchone() == (False,)
        fixed = "SELECT proconfig FROM pg_proc WHERE proname = %s"
        for name in ("audit_event_enters", "accounts_only_ended"):
            assert serving.execute(fixed, [name]).fetchone() == (["search_path=public, pg_temp"],)
