"""``ronghe up``: the embedded database, web and worker in the foreground, all of them gone when it goes."""

import contextlib
import fcntl
import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

import psycopg

from . import assets, keys, preparing
from .bootstrap import data_folder, environment
from .datafolder import FIRST_START_MB, WARM_START_MB, DataFolder, check_space, is_locked, lock
from .embedded import Server
from .errors import BadPort, NotReady, PortInUse, PortNotAllowed, ProcessFailed, StillStarting
from .outside import outside_database, owner_url
from .processes import born, end_with_parent, kill_group, process_runs

#: Everything is gone within five seconds of Ctrl-C: processes get the first part, the database the rest.
PROCESS_SECONDS = 3.0
ALL_SECONDS = 4.5
READY_SECONDS = 120
#: A process that ends so often within a minute is not started again.
TRIES_A_MINUTE = 5


class Asked(BaseException):
    """Somebody asked us to stop while we were starting."""


@dataclass
class Child:
    """One of our processes and how often it was started lately."""

    name: str
    command: list[str]
    env: dict[str, str]
    fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it in a group of its own, so that Ctrl-C reaches the supervisor alone.

        Raises: ProcessFailed.
        """
        now = time.monotonic()
        self.starts = [t for t in self.starts if now - t < 60] + [now]
        if len(self.starts) > TRIES_A_MINUTE:
            raise ProcessFailed(name=self.name)
        parent = os.getpid()
        self.process = subprocess.Popen(
            self.command, env=self.env, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno(), pass_fds=self.fds,
            start_new_session=True, preexec_fn=lambda: end_with_parent(signal.SIGKILL, parent),
        )  # fmt: skip

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None


class Supervisor:
    """One run of the platform for one data folder."""

    def __init__(self, folder: DataFolder, port: int, bind: str) -> None:
        self.folder = folder
        self.port = port
        self.bind = bind
        #: Where this machine itself reaches the page: "every address" is none, so it stands for the loopback.
        self.host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)
        self.address = f"http://[{self.host}]:{port}" if ":" in self.host else f"http://{self.host}:{port}"
        self.children: list[Child] = []
        self.server: Server | None = None
        self.asked = False
        self._listener: socket.socket | None = None
        self._wake, self._waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._preparing: list[subprocess.Popen[bytes]] = []

    # -- the whole -----------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Start, say that all is ready, watch, and stop. Refusals are domain errors."""
        self._listen_for_signals()
        try:
            self._start()
            print(f"Ronghe is ready: {self.address}", flush=True)
            with contextlib.suppress(FileNotFoundError):
                print(preparing.demo_users_file(self.folder).read_text("utf-8").rstrip(), flush=True)
            self._watch()
        except Asked:
            pass
        finally:
            self._stop()

    def _start(self) -> None:
        self._end_leftovers()
        # Kept open here: a web process that is started again finds the same socket, with whoever waits on it.
        listener = self._listener = open_port(self.bind, self.port)
        serving, owner = self._database()
        self._prepare(serving, owner)
        env = environment(self.folder, serving=serving)
        python = sys.executable
        web_env = env | {"RONGHE_POOL": env.get("RONGHE_POOL", "16")}
        for number in range(int(os.environ.get("RONGHE_WEB_PROCESSES", "1"))):
            command = [python, "-m", "ronghe.site.web", str(listener.fileno())]
            self.children.append(Child(f"web-{number + 1}", command, web_env, (listener.fileno(),)))
        self.children.append(Child("worker", [python, "-m", "ronghe.site.worker"], env))
        since = _database_time(serving)
        for child in self.children:
            child.start()
        self._write_run_file(ready=False)
        self._until("web", self._web_answers)
        self._until("worker", lambda: _worker_answers(serving, since))
        self._write_run_file(ready=True)

    def _database(self) -> tuple[str, str]:
        """Addresses for serving and for owning; the embedded server is started where no other is named."""
        serving = outside_database()
        if serving is not None:
            return serving, owner_url()
        self.server = Server(self.folder)
        urls = self.server.start()
        return urls.serving, urls.owner

    def _prepare(self, serving: str, owner: str) -> None:
        """Bring database and static files to this version, side by side; nothing where they already are."""
        steps: dict[str, subprocess.Popen[bytes]] = {}
        found = preparing.stamp_of(serving)
        env = environment(self.folder, serving=serving, owner=owner)
        preparing.refuse_other_keys(found, self.folder)
        if found != preparing.fingerprint():
            steps["database"] = preparing.begin("database", env)
        if not preparing.static_is_current():
            steps["static"] = preparing.begin("static", environment(self.folder, serving=serving))
        self._preparing = list(steps.values())
        for name, process in steps.items():
            while process.poll() is None:
                self._pause(0.05)
            if process.returncode and self.server is not None:
                self.server.refuse_full_disk()
            preparing.finish(name, process.returncode)
        self._preparing = []

    # -- readiness -----------------------------------------------------------------------------------------------

    def _until(self, what: str, answers: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not answers():
            if time.monotonic() > deadline:
                raise NotReady(seconds=READY_SECONDS, what=what)
            self._restart_ended()
            self._pause(0.05)

    def _web_answers(self) -> bool:
        try:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=5)
            connection.request("GET", "/healthz", headers={"Host": "127.0.0.1"})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def _write_run_file(self, *, ready: bool) -> None:
        pids = [(c.name, c.process.pid) for c in self.children if c.process is not None]
        facts = {
            "address": self.address,
            "ready": ready,
            "pid": os.getpid(),
            "processes": [{"name": name, "pid": pid, "born": born(pid)} for name, pid in pids],
        }
        keys.replace_private(self.folder.run_file, json.dumps(facts, indent=1).encode())

    # -- watching ------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        while True:
            self._pause(1.0)
            if self._restart_ended():
                self._write_run_file(ready=True)
            if self.server is not None and self.server.has_ended():
                raise self.server.why_ended()

    def _restart_ended(self) -> bool:
        ended = [child for child in self.children if child.has_ended()]
        for child in ended:
            assert child.process is not None
            print(f"{child.name} ended ({child.process.returncode}); starting it again", file=sys.stderr, flush=True)
            child.start()
        return bool(ended)

    def _pause(self, seconds: float) -> None:
        """Wait, but not when asked to stop: a signal wakes us."""
        if not self.asked:
            select.select([self._wake], [], [], seconds)
        if self.asked:
            raise Asked

    def _listen_for_signals(self) -> None:
        def ask(number: int, frame: FrameType | None) -> None:
            self.asked = True
            with contextlib.suppress(BlockingIOError):
                os.write(self._waker, b".")

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, ask)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means what it says
            signal.signal(signal.SIGHUP, ask)

    # -- the end -------------------------------------------------------------------------------------------------

    def _stop(self) -> None:
        begin = time.monotonic()
        if self._listener is not None:
            self._listener.close()
        running = [c.process for c in self.children if c.process is not None and c.process.poll() is None]
        for process in [*running, *self._preparing]:
            process.terminate()
        for process in [*running, *self._preparing]:
            left = PROCESS_SECONDS - (time.monotonic() - begin)
            try:
                process.wait(max(0.05, left))
            except subprocess.TimeoutExpired:
                pass
            kill_group(process.pid)  # and whatever it has started itself
            process.wait()
        if self.server is not None:
            self.server.stop(seconds=max(0.5, ALL_SECONDS - (time.monotonic() - begin)))
        self.folder.run_file.unlink(missing_ok=True)

    def _end_leftovers(self) -> None:
        """End what a killed supervisor left, where the kernel did not; a pid that was given out again is spared."""
        facts = self.folder.running() or {}
        for process in facts.get("processes", []):
            if process["born"] is not None and born(process["pid"]) == process["born"]:
                kill_group(process["pid"])
                deadline = time.monotonic() + 5
                while process_runs(process["pid"]) and time.monotonic() < deadline:
                    self._pause(0.02)
        self.folder.run_file.unlink(missing_ok=True)


def up() -> None:
    """Run the platform until asked to stop; where it runs already, say where and return.

    Raises: the errors of ``ronghe.site.errors``.
    """
    port = chosen_port()
    folder = data_folder()
    folder.prepare()
    with folder.lock_file("up.lock") as mine:
        if not lock(mine, fcntl.LOCK_EX):
            print(f"Ronghe is ready: {_address_of_running(folder, mine)}", flush=True)
            return
        mine.truncate(0)
        mine.write(str(os.getpid()))
        mine.flush()
        assets.require()
        if outside_database() is None:
            fresh = not folder.secrets.exists()
            check_space(folder.path, needed_mb=FIRST_START_MB if fresh else WARM_START_MB)
        Supervisor(folder, port, os.environ.get("RONGHE_BIND", "127.0.0.1")).run()


def chosen_port() -> int:
    """``RONGHE_PORT``, or 8000.

    Raises: BadPort.
    """
    text = os.environ.get("RONGHE_PORT") or "8000"
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise BadPort(value=text)
    return int(text)


def open_port(bind: str, port: int) -> socket.socket:
    """Listen on the port from now on, so that no other program can take it while we prepare.

    Raises: PortInUse, PortNotAllowed.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((bind, port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        import errno

        if error.errno == errno.EADDRINUSE:
            raise PortInUse(port=port, other=port + 1 if port < 65535 else 8000) from error
        raise PortNotAllowed(port=port, reason=error.strerror or str(error)) from error
    return listener


def _address_of_running(folder: DataFolder, theirs: IO[str]) -> str:
    """Where the platform of this data folder runs, once it is ready.

    Raises: StillStarting.
    """
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        facts = folder.running()
        if facts and facts["ready"]:
            return str(facts["address"])
        if not is_locked(theirs):
            break
        time.sleep(0.1)
    raise StillStarting(folder=str(folder), pid=theirs.read().strip() or "?")


def _database_time(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT clock_timestamp()::text").fetchone()
        assert row is not None
        return str(row[0])


def _worker_answers(url: str, since: str) -> bool:
    """Whether a worker has reported since we started ours."""
    try:
        with psycopg.connect(url) as connection:
            return (
                connection.execute(
                    "SELECT 1 FROM procrastinate_workers WHERE last_heartbeat >= %s::timestamptz LIMIT 1", [since]
                ).fetchone()
                is not None
            )
    except psycopg.OperationalError:
        return False
