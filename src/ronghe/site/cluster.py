"""The database cluster on disk: where it lies, how it is made, which settings and roles it has."""

import contextlib
import hashlib
import json
import locale
import os
import pwd
import re
import secrets as random
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from . import keys
from .binaries import Programs, root_home
from .datafolder import DataFolder, disk_full_is_said, raise_if_full
from .errors import ClusterMissing, CopiedData, DatabaseNotStarted, FolderNotOurs

SUPERUSER = "postgres"
OWNER = "ronghe_owner"
SERVING = "ronghe_app"

#: What a new cluster takes at once, before any data.
SPACE_MB = 200
#: ``sun_path`` holds 108 bytes on Linux and 104 elsewhere, with the file's name and a closing zero.
_SOCKET_BYTES = 100
_SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Place:
    """Where one cluster lies. ``home`` is ours alone, made here, and holds everything else."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "pg18"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def marker(self) -> Path:
        """Which data folder the cluster belongs to, and what has been done to it."""
        return self.home / "cluster.json"

    def facts(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self.marker.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return found

    def note(self, **facts: Any) -> None:
        keys.replace_private(self.marker, json.dumps(self.facts() | facts, indent=1).encode())

    def is_complete(self) -> bool:
        """Whether ``initdb`` has finished here: it works in another folder, renamed at the end."""
        return (self.data / "PG_VERSION").exists()

    def has_roles(self) -> bool:
        return bool(self.facts().get("roles"))

    def note_roles(self) -> None:
        self.note(roles=[OWNER, SERVING])

    def socket_folder(self) -> Path:
        """A folder of mode 700 for the socket; a short one elsewhere when the path is too long for a socket."""
        inside = self.home / "socket"
        # libpq reads a comma as the end of one host and the beginning of the next.
        if len(os.fsencode(inside / _SOCKET_NAME)) <= _SOCKET_BYTES and "," not in str(inside):
            return inside
        found = self.facts().get("socket")
        if found and Path(found).is_dir():
            return Path(found)
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        base = runtime if runtime and os.access(runtime, os.W_OK) and len(runtime) < 60 else "/tmp"
        made = Path(tempfile.mkdtemp(prefix="ronghe-", dir=base))
        self.note(socket=str(made))
        return made

    def forget_socket(self) -> None:
        """Remove the short folder that stood in for the long one."""
        found = self.facts().get("socket")
        if found:
            shutil.rmtree(found, ignore_errors=True)
            self.note(socket=None)


def place_of(folder: DataFolder) -> Place:
    """The place of a data folder's cluster, chosen on the first call.

    An ordinary user keeps it in the data folder. Root keeps it below ``/var/lib/ronghe``, because the system user
    that runs the server may not pass through the folders above an arbitrary data folder, and their permissions are
    not ours to change. The data folder then names its cluster, and the cluster its data folder.
    Raises: CopiedData, ClusterMissing, FolderNotOurs.
    """
    if os.geteuid() != 0:
        place = Place(folder.path / "postgres")
        _private(place.home, None)
        return place
    name_file = folder.path / "cluster"
    if not name_file.exists():
        name = f"{_slug(folder.path)}-{random.token_hex(4)}"
        place = Place(root_home() / name)
        _private(place.home, None, mode=0o711)  # root's own; the server's user passes through to its folders
        place.note(folder=str(folder.path), root=True)
        keys.replace_private(name_file, f"{name}\n".encode())
        return place
    name = _named_in(folder.path) or ""
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise ClusterMissing(folder=str(folder), cluster=name)
    place = Place(root_home() / name)
    facts = place.facts()
    if not facts:
        raise ClusterMissing(folder=str(folder), cluster=str(place.home))
    original = Path(facts.get("folder", ""))
    if original != folder.path:
        if _named_in(original) == name and not os.path.samefile(original, folder.path):
            raise CopiedData(folder=str(folder), original=str(original))
        place.note(folder=str(folder.path))  # the data folder was moved
    return place


def follow(folder: Path) -> None:
    """Tell the cluster that a data folder of root's names where that folder is now."""
    name = _named_in(folder)
    if name is not None:
        Place(root_home() / name).note(folder=str(folder))


def remove(folder: DataFolder) -> None:
    """Remove the cluster of a data folder and everything in it; one that is gone already is no fault."""
    if folder.has_cluster():
        with contextlib.suppress(ClusterMissing):
            place = place_of(folder)
            place.forget_socket()
            shutil.rmtree(place.home)
        (folder.path / "cluster").unlink(missing_ok=True)


def _named_in(folder: Path) -> str | None:
    """The cluster that a data folder of root's names."""
    try:
        return (folder / "cluster").read_text("utf-8").strip()
    except OSError:
        return None


def make(place: Place, programs: Programs, secrets: dict[str, str], *, fast: bool) -> None:
    """Run our own ``initdb``: UTF-8, the builtin C.UTF-8 locale, passwords for every connection, no network.

    Raises: NoSpace, DatabaseNotStarted.
    """
    fresh = place.home / "pg18.making"
    shutil.rmtree(fresh, ignore_errors=True)
    password = place.home / "password"
    with disk_full_is_said(place.home):
        keys.replace_private(password, (secrets["POSTGRES_PASSWORD"] + "\n").encode())
        _private(fresh, programs.user)
        if programs.user is not None:
            os.chown(password, programs.user.pw_uid, programs.user.pw_gid)
    command = [
        programs.path("initdb"), "--pgdata", str(fresh), "--username", SUPERUSER, "--pwfile", str(password),
        "--encoding=UTF8", "--locale=C", f"--lc-ctype={_ctype()}",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        "--auth-local=scram-sha-256", "--auth-host=reject", "--no-instructions",
    ]  # fmt: skip
    if fast:
        command += ["--no-sync", "--no-data-checksums"]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
            env=environment(), cwd="/", start_new_session=True, umask=0o077, **as_user(programs.user),
        )  # fmt: skip
    finally:
        password.unlink(missing_ok=True)
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        if "No space left on device" in done.stderr:
            raise_if_full(OSError(28, "No space left on device"), place.home)
        reason = (done.stderr.strip().splitlines() or ["initdb"])[-1]
        place.log.write_text(done.stdout + done.stderr, "utf-8")
        raise DatabaseNotStarted(reason=reason, log=str(place.log))
    fresh.rename(place.data)


def write_settings(place: Place, *, fast: bool, small: bool = False) -> None:
    """Our settings, in a file of their own that every start writes anew.

    Args: ``fast`` gives up durability; ``small`` keeps little in memory and tidies nothing up, for short lives.
    """
    memory = _memory_mb()
    socket = place.socket_folder()
    if socket.parent == place.home:
        _private(socket, _owner(place.data))
    settings: dict[str, str] = {
        "listen_addresses": "",
        "port": "5432",
        # A list: each folder in double quotes, so that commas and spaces are part of its name.
        "unix_socket_directories": '"' + str(socket).replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "max_connections": "80",
        # A quarter of the memory, as the server's manual advises: the trees of a county's register stay in it.
        "shared_buffers": f"{max(128, min(memory // 4, 4096))}MB",
        "effective_cache_size": f"{max(512, memory // 2)}MB",
        "maintenance_work_mem": "64MB",
        "work_mem": "8MB",
        "jit": "off",
        "random_page_cost": "1.1",
        "max_wal_size": "1GB",
        "wal_compression": "on",
        "log_line_prefix": "%m [%p] ",
        "log_min_duration_statement": "2s",
        "idle_in_transaction_session_timeout": "10min",
        "max_worker_processes": "8",
    }
    if not _shared_memory_is_roomy():
        settings["max_parallel_workers_per_gather"] = "0"  # a container's /dev/shm of 64 MB is too small for it
    if fast:
        settings |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "io_method": "sync",
            "log_min_duration_statement": "-1",
        }
    if small:
        settings |= {"autovacuum": "off", "shared_buffers": "64MB"}
    lines = ["# Written by Ronghe at every start: put your own settings into local.conf beside this file.\n"]
    lines += [f"{name} = '{_quoted(value)}'\n" for name, value in settings.items()]
    _write_as_owner(place.data, "ronghe.conf", "".join(lines) + "include_if_exists 'local.conf'\n")
    main = place.data / "postgresql.conf"
    text = main.read_text("utf-8")
    if "include 'ronghe.conf'" not in text:
        _write_as_owner(place.data, "postgresql.conf", text + "\ninclude 'ronghe.conf'\n")


def make_roles(
    connection: psycopg.Connection[Any], secrets: dict[str, str], database: str, *, owner_creates: bool
) -> None:
    """Two roles and one database: one owns and migrates, the other serves. A repeat changes nothing."""
    passwords = {OWNER: secrets["POSTGRES_OWNER_PASSWORD"], SERVING: secrets["POSTGRES_APP_PASSWORD"]}
    for role, password in passwords.items():
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = "ALTER" if known else "CREATE"
        rights = "CREATEDB" if owner_creates and role == OWNER else "NOCREATEDB"
        connection.execute(
            sql.SQL(
                "{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS {} PASSWORD {}"
            ).format(sql.SQL(verb), sql.Identifier(role), sql.SQL(rights), sql.Literal(password))
        )  # fmt: skip
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone() is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(OWNER))
        )
    for statement in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {serving}",
        "ALTER ROLE {serving} SET lock_timeout = '30s'",
    ):
        connection.execute(
            sql.SQL(statement).format(database=sql.Identifier(database), serving=sql.Identifier(SERVING))
        )


def environment() -> dict[str, str]:
    """A clean environment for the server's programs: no PG* variable of the caller reaches them."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}


def as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments of ``subprocess`` that change to the system user; none when we are not root."""
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def is_postmaster(pid: int, data: Path) -> bool:
    """Whether ``pid`` is the server of this cluster: it works in its data folder. Without /proc: whether it lives."""
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", data)
    except OSError:
        if Path("/proc/self/cwd").exists():
            return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def _ctype() -> str:
    """C.UTF-8 for the few places that still ask the C library (word splitting of full-text search), where it has it."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"


def _private(folder: Path, user: pwd.struct_passwd | None, *, mode: int = 0o700) -> None:
    """Make a folder for one user; one that exists must be that user's and private already.

    Raises: FolderNotOurs.
    """
    uid = os.geteuid() if user is None else user.pw_uid
    try:
        folder.mkdir(mode=mode)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077 & ~mode:
            raise FolderNotOurs(folder=str(folder)) from None
        return
    os.chmod(folder, mode)  # whatever the umask took
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)


def _owner(folder: Path) -> pwd.struct_passwd | None:
    return pwd.getpwuid(folder.stat().st_uid) if os.geteuid() == 0 else None


def _write_as_owner(data: Path, name: str, text: str) -> None:
    """Write a settings file that the server's user can read."""
    with disk_full_is_said(data):
        keys.replace_private(data / name, text.encode())
    if os.geteuid() == 0:
        found = data.stat()
        os.chown(data / name, found.st_uid, found.st_gid, follow_symlinks=False)


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def _memory_mb() -> int:
    """The memory of the machine, or of the container where that has less."""
    told = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    with contextlib.suppress(OSError, ValueError):  # no such file, or "max"
        told.append(int(Path("/sys/fs/cgroup/memory.max").read_text("ascii")))
    return min(told) // 2**20


def _shared_memory_is_roomy() -> bool:
    try:
        return shutil.disk_usage("/dev/shm").total >= 256 * 1024 * 1024
    except OSError:
        return False


def _slug(path: Path) -> str:
    """A readable, short and safe name for a folder."""
    words = re.sub(r"[^a-z0-9]+", "-", "-".join(path.parts[-2:]).lower()).strip("-")
    return f"{words[:24].strip('-') or 'data'}-{hashlib.sha256(os.fsencode(path)).hexdigest()[:6]}"
