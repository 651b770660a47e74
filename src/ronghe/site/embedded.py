"""The embedded PostgreSQL server of one data folder: made, started, attached to and stopped here.

One lock file says who uses it: whoever starts the server holds the lock alone while starting and shares it
afterwards; commands that attach share it too. A server that runs although nobody holds the lock is an orphan of a
killed supervisor, and is stopped before anything else happens.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlencode

import psycopg

from ronghe.kernel.errors import DomainError

from . import cluster, keys
from .binaries import Programs, programs
from .cluster import OWNER, SERVING, SUPERUSER, Place
from .datafolder import DataFolder, check_space, lock, raise_if_full
from .errors import DatabaseBusy, DatabaseNotStarted, NoSpace
from .processes import end_with_parent, process_runs

DATABASE = "ronghe"


@dataclass(frozen=True)
class Urls:
    """How to reach the server: as the role that serves, the one that owns, and the superuser (for tests and restore)."""

    serving: str
    owner: str
    superuser: str


class Server:
    """The embedded server of ``folder``.

    Args: ``fast`` gives up durability for speed and lets the owner create databases, ``small`` keeps little in memory
        and tidies nothing up: for tests alone.
    """

    def __init__(self, folder: DataFolder, *, fast: bool = False, small: bool = False) -> None:
        self.folder = folder
        self.fast = fast
        self.small = small
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._place: Place | None = None
        self._programs: Programs | None = None

    @property
    def programs(self) -> Programs:
        if self._programs is None:
            self._programs = programs()
        return self._programs

    @property
    def place(self) -> Place:
        if self._place is None:
            self._place = cluster.place_of(self.folder)
        return self._place

    # -- life ----------------------------------------------------------------------------------------------------

    def start(self, *, wait_seconds: float = 20) -> Urls:
        """Start the server as its only user; an orphan is stopped first, a missing cluster is made.

        Raises: DatabaseBusy, DatabaseNotStarted, NoSpace, CopiedData, ClusterMissing, NoSystemUser, SecretsMissing,
            KeyMissing.
        """
        self._lock = self.folder.lock_file("database.lock")
        if not lock(self._lock, fcntl.LOCK_EX, seconds=wait_seconds):
            self.stop()
            raise DatabaseBusy(folder=str(self.folder))
        try:
            self._ensure_secrets()
            self._stop_orphan()
            self._make_where_missing()
            self._launch()
            self._make_roles()
        except BaseException:
            self.stop()
            raise
        fcntl.flock(self._lock, fcntl.LOCK_SH)
        return self.urls()

    def attach(self) -> Urls | None:
        """Use the server that another process runs; None when nobody runs it."""
        file = self.folder.lock_file("database.lock")
        if lock(file, fcntl.LOCK_EX):
            file.close()
            return None
        if not lock(file, fcntl.LOCK_SH, seconds=60) or not self._answers():
            file.close()
            return None
        self._lock = file
        return self.urls()

    def leave(self) -> None:
        """End one command's use: stop a server that it started, once no other command uses it."""
        if self._process is not None and self._lock is not None:
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.stop()

    def stop(self, *, seconds: float = 4) -> None:
        """Stop the server if this process started it. One that is too slow is stopped hard, which its log survives."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)  # "fast": ends sessions, writes a checkpoint
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGQUIT)  # "immediate": the next start replays the log
                try:
                    process.wait(1)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
        if process is not None:
            self.place.forget_socket()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def has_ended(self) -> bool:
        """Whether the server that this process started is gone."""
        return self._process is not None and self._process.poll() is not None

    def why_ended(self) -> DomainError:
        """The reason that the log gives for the end of the server."""
        return self._why_not_started()

    def refuse_full_disk(self) -> None:
        """Say that the disk is full when the server's log says so.

        Raises: NoSpace.
        """
        error = self._why_not_started()
        if isinstance(error, NoSpace):
            raise error

    def destroy(self) -> None:
        """Remove the cluster and everything in it."""
        self.stop()
        self.place.forget_socket()
        shutil.rmtree(self.place.home, ignore_errors=True)

    # -- addresses -----------------------------------------------------------------------------------------------

    def promised_urls(self) -> Urls:
        """The addresses that ``start`` will open, for settings that must be known before."""
        self._ensure_secrets()
        return self.urls()

    def urls(self) -> Urls:
        """Addresses with passwords: for environments of our own processes, never for a log.

        Raises: KeyMissing.
        """
        secrets = keys.read(self.folder.secrets)
        keys.require(self.folder.secrets, secrets, keys.PASSWORDS)
        return Urls(
            serving=self._url(SERVING, secrets["POSTGRES_APP_PASSWORD"], DATABASE),
            owner=self._url(OWNER, secrets["POSTGRES_OWNER_PASSWORD"], DATABASE),
            superuser=self._url(SUPERUSER, secrets["POSTGRES_PASSWORD"], "postgres"),
        )

    def _url(self, role: str, password: str, database: str) -> str:
        query = urlencode({"host": str(self.place.socket_folder()), "port": "5432"}, quote_via=quote)
        return f"postgresql://{role}:{quote(password, safe='')}@/{database}?{query}"

    # -- steps ---------------------------------------------------------------------------------------------------

    def _ensure_secrets(self) -> None:
        """Keys on the first start, and passwords for a cluster that is not made yet."""
        self.folder.check_keys()
        if not self.folder.has_cluster():
            keys.ensure_passwords(self.folder.secrets)

    def _make_where_missing(self) -> None:
        if self.place.is_complete():
            return
        check_space(self.place.home, needed_mb=cluster.SPACE_MB)
        cluster.make(self.place, self.programs, keys.read(self.folder.secrets), fast=self.fast)

    def _launch(self) -> None:
        who = self.programs.user
        cluster.write_settings(self.place, fast=self.fast, small=self.small)
        log = self.place.log
        _begin_log(log)
        parent = os.getpid()
        with log.open("ab") as stream:
            self._process = subprocess.Popen(
                [self.programs.path("postgres"), "-D", str(self.place.data)],
                stdin=subprocess.DEVNULL, stdout=stream, stderr=stream,
                env=cluster.environment(), cwd="/", start_new_session=True, umask=0o077,
                preexec_fn=lambda: end_with_parent(signal.SIGINT, parent),
                **cluster.as_user(who),
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while not self._answers():
            if self._process.poll() is not None:
                raise self._why_not_started()
            if time.monotonic() > deadline:
                raise DatabaseNotStarted(reason="60 秒内没有应答", log=str(log))
            time.sleep(0.02)

    def _why_not_started(self) -> DomainError:
        tail = self.place.log.read_text("utf-8", "replace")[-4000:]
        if "No space left on device" in tail:
            try:
                raise_if_full(OSError(28, "No space left on device"), self.place.data)
            except DomainError as full:
                return full
        lines = [line for line in tail.splitlines() if "FATAL" in line or "PANIC" in line] or tail.splitlines()
        reason = lines[-1].split("  ", 1)[-1] if lines else "原因不明"
        return DatabaseNotStarted(reason=reason, log=str(self.place.log))

    def _answers(self) -> bool:
        """Whether the server takes connections; a refused password is an answer too."""
        try:
            url = self.urls().superuser
            with psycopg.connect(url, connect_timeout=5):
                return True
        except psycopg.OperationalError as error:
            return "password authentication failed" in str(error)

    def _make_roles(self) -> None:
        if self.place.has_roles():
            return
        with psycopg.connect(self.urls().superuser, autocommit=True) as connection:
            cluster.make_roles(connection, keys.read(self.folder.secrets), DATABASE, owner_creates=self.fast)
        self.place.note_roles()

    def _stop_orphan(self) -> None:
        """Stop a server whose supervisor was killed, and clear a pid file that names a dead or foreign process."""
        pid_file = self.place.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return
        if not cluster.is_postmaster(pid, self.place.data):
            pid_file.unlink(missing_ok=True)
            return
        for sign, seconds in ((signal.SIGINT, 15), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            try:
                os.kill(pid, sign)
            except ProcessLookupError:
                return
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                if not process_runs(pid):
                    return
                time.sleep(0.02)
        raise DatabaseBusy(folder=str(self.folder))


def _begin_log(log: Path) -> None:
    """Keep one old log when the present one has grown large."""
    if log.exists() and log.stat().st_size > 10 * 1024 * 1024:
        log.replace(log.with_suffix(".old"))
