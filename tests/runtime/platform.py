"""The platform as people run it: real processes, watched from outside."""

import contextlib
import os
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TESTER = "ronghe-tester"
NO_PACKS = Path(__file__).parent / "no_packs"
#: What the platform may ask of the machine; node and PostgreSQL are not among it.
TOOLS = ("sh", "make", "env", "sed", "touch", "uname", "useradd", "git", "gcc", "cat", "ls")
START_SECONDS = 300


def wait_until(what: str, holds: Callable[[], object], *, seconds: float = 20) -> None:
    """Wait for a condition; never for a length of time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def bare_path(folder: Path) -> str:
    """A PATH with the few tools that every machine has, and neither node nor PostgreSQL."""
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    for name in TOOLS:
        found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
        if found:
            (folder / name).symlink_to(found)
    return str(folder)


def tester() -> pwd.struct_passwd:
    """An ordinary user without a home; made when we are root."""
    try:
        return pwd.getpwnam(TESTER)
    except KeyError:
        subprocess.run(["/usr/sbin/useradd", "--system", "--no-create-home", TESTER], check=False)
        return pwd.getpwnam(TESTER)


def python_for(user: pwd.struct_passwd) -> tuple[str, dict[str, str]] | None:
    """A Python that ``user`` can run, and what it needs to see our packages: root's own may lie in a closed folder."""
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    packages = [p for p in sys.path if p.endswith("site-packages")]
    ours = os.pathsep.join(p for p in [str(PROJECT / "src"), *packages, *given] if p)
    for candidate, extra in ((sys.executable, {}), ("/usr/bin/python3", {"PYTHONPATH": ours})):
        try:
            tried = subprocess.run(
                [candidate, "-c", "import sys, psycopg, ronghe; print(*sys.version_info[:2])"],
                user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/", capture_output=True, text=True,
                check=False, env={"PATH": "/usr/bin:/bin", **extra},
            )  # fmt: skip
        except OSError:
            continue
        if tried.returncode == 0 and tried.stdout.split() == [str(v) for v in sys.version_info[:2]]:
            return candidate, extra
    return None


def processes_of(folder: Path) -> list[int]:
    """Every process that was started for this data folder, its database server included."""
    wanted = os.fsencode(f"RONGHE_DATA={folder}")
    clusters = {os.path.realpath(data) for data in _clusters(folder)}
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError, IndexError):
            if (entry / "stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                continue
            if wanted in (entry / "environ").read_bytes().split(b"\0") or os.readlink(entry / "cwd") in clusters:
                found.append(int(entry.name))
    return found


def _clusters(folder: Path) -> Iterator[Path]:
    yield folder / "postgres" / "pg18"
    with contextlib.suppress(OSError):
        yield Path("/var/lib/ronghe") / (folder / "cluster").read_text().strip() / "pg18"


def modes_above(*paths: Path) -> dict[str, tuple[int, int, int]]:
    """Mode and owner of every folder above the paths."""
    above = {folder for path in paths for folder in path.resolve().parents}
    return {str(f): (stat.S_IMODE(s.st_mode), s.st_uid, s.st_gid) for f in above if (s := f.stat())}


class Platform:
    """One ``up`` and what it prints."""

    def __init__(
        self, command: list[str], *, data: Path, port: int, user: pwd.struct_passwd | None = None,
        env: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.data = data
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self.out: list[str] = []
        self.err: list[str] = []
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        self.process = subprocess.Popen(
            command, cwd=PROJECT, env=environment(data, port, env), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True, **as_user,
        )  # fmt: skip
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self._readers = [
            threading.Thread(target=lambda s=s, to=to: to.extend(iter(s.readline, "")), daemon=True)
            for s, to in ((self.process.stdout, self.out), (self.process.stderr, self.err))
        ]
        for reader in self._readers:
            reader.start()

    def told(self) -> str:
        return "".join(self.out + self.err)

    def wait_ready(self) -> None:
        def ready() -> bool:
            assert self.process.poll() is None, f"up ended with {self.process.returncode}:\n{self.told()}"
            return any(line.startswith("Ronghe is ready: ") for line in self.out)

        wait_until("the readiness line", ready, seconds=START_SECONDS)

    def wait_ended(self, *, seconds: float = START_SECONDS) -> int:
        code = self.process.wait(seconds)
        for reader in self._readers:
            reader.join(5)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return code

    def supervisor(self) -> int:
        found = re.search(r'"pid": (\d+)', (self.data / "run.json").read_text())
        assert found is not None
        return int(found[1])

    def interrupt(self) -> None:
        """Ctrl-C: the terminal sends it to the whole foreground group, make included."""
        os.killpg(self.process.pid, signal.SIGINT)

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        if not self._readers[0].is_alive() and self.process.stdout is not None and self.process.stdout.closed:
            return
        try:
            self.wait_ended(seconds=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.wait_ended(seconds=10)


def environment(data: Path, port: int | None, more: dict[str, str] | None = None) -> dict[str, str]:
    """A person's environment: nothing of the test session's database or keys, nor of the make that runs it."""
    ours = {
        k: v for k, v in os.environ.items() if not k.startswith(("RONGHE_", "DATABASE_", "PYTEST_", "MAKE", "MFLAGS"))
    }
    # What is started here is the machinery; one test starts all of it, with the packs and the demonstration.
    given = {"RONGHE_DATA": str(data), "RONGHE_PACKS": str(NO_PACKS), "RONGHE_DEMO": "0"} | (
        {"RONGHE_PORT": str(port)} if port else {}
    )
    return {k: v for k, v in (ours | given | (more or {})).items() if v}


def ronghe(
    *arguments: str, data: Path, env: dict[str, str] | None = None, user: pwd.struct_passwd | None = None,
    python: str = sys.executable,
) -> subprocess.CompletedProcess[str]:  # fmt: skip
    """Run one ``ronghe`` command to its end."""
    as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    return subprocess.run(
        [python, "-m", "ronghe.site.cli", *arguments], cwd="/", env=environment(data, None, env),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=START_SECONDS, check=False, **as_user,
    )  # fmt: skip
