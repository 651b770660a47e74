"""The data folder of one installation: its format number, its locks, and where its things lie."""

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from . import keys, outside
from .errors import DataFolderNotWritable, NewerData, NoSpace, SecretsMissing, UnreadableFormat

#: Number of the layout of the data folder. A folder with a higher one is refused, never guessed at.
FORMAT = 1

#: What makes up the data; a restore exchanges these and nothing else.
MOVED = ("VERSION", "secrets.env", "cluster", "postgres", "files", "demo-users.txt")

_MB = 1024 * 1024
#: A cluster with its write-ahead log, packs and demonstration needs this much; a warm one only room to write.
FIRST_START_MB = 300
WARM_START_MB = 48


class DataFolder:
    """One data folder. Folders that already exist keep their permissions; those made here are private."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(os.path.abspath(path))

    def __str__(self) -> str:
        return str(self.path)

    @property
    def secrets(self) -> Path:
        return self.path / "secrets.env"

    @property
    def version(self) -> Path:
        return self.path / "VERSION"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def files(self) -> Path:
        return self.path / "files"

    @property
    def run_file(self) -> Path:
        """Address and processes of the running platform, written when it is ready."""
        return self.path / "run.json"

    @property
    def journal(self) -> Path:
        """Says that a restore counts, and what is left to be moved."""
        return self.path / "restore-journal.json"

    def prepare(self, *, replacing: bool = False) -> None:
        """Make the folder where needed, and refuse one that cannot be written or that is newer than we are.

        Args: ``replacing`` asks for no keys of what is there: it is about to give way.
        Raises: NewerData, UnreadableFormat, SecretsMissing, KeyMissing, DataFolderNotWritable, NoSpace.
        """
        self.check_format()
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self.journal.exists():
                self.complete_restore()
            if not replacing:
                self.check_keys()
            for folder in (self.logs, self.files):
                folder.mkdir(exist_ok=True, mode=0o700)
            with self.lock_file("up.lock"):
                pass
            if not self.version.exists():
                keys.replace_private(self.version, f"{FORMAT}\n".encode())
        except OSError as error:
            raise_if_full(error, self.path)
            raise DataFolderNotWritable(folder=str(self.path), reason=error.strerror or str(error)) from error

    def has_cluster(self) -> bool:
        """Whether an embedded database belongs to this folder."""
        return any((self.path / name).exists() for name in ("cluster", "postgres"))

    def check_keys(self) -> None:
        """Refuse data whose keys are gone: new ones would hide that they can no longer be read.

        Raises: SecretsMissing, KeyMissing.
        """
        if self.secrets.exists():
            values = keys.read(self.secrets)
            keys.require(self.secrets, values | keys.given(), keys.FOR_PROCESSES)
            keys.require(self.secrets, values, keys.PASSWORDS if self.has_cluster() else ())
            return
        has_files = self.files.is_dir() and any(self.files.iterdir())
        if self.has_cluster() or (has_files and keys.missing(keys.given(), keys.FOR_PROCESSES)):
            raise SecretsMissing(folder=str(self.path))

    def check_format(self) -> None:
        """Refuse a folder of a newer layout.

        Raises: NewerData, UnreadableFormat.
        """
        try:
            text = self.version.read_text("utf-8").strip()
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise DataFolderNotWritable(folder=str(self.path), reason=error.strerror or str(error)) from error
        if not text.isdecimal():
            raise UnreadableFormat(file=str(self.version))
        if int(text) > FORMAT:
            raise NewerData(folder=str(self.path), found=int(text), known=FORMAT)

    def complete_restore(self) -> None:
        """Move what a restore has built into its place, and what was there aside; picks up where it was interrupted.

        Raises: RestoreUnfinished, DatabaseUnreachable.
        """
        with self.lock_file("restore.lock") as mine:
            fcntl.flock(mine, fcntl.LOCK_EX)
            if self.journal.exists():  # nobody else has completed it meanwhile
                self._complete_restore(json.loads(self.journal.read_text("utf-8")))

    def _complete_restore(self, journal: dict[str, Any]) -> None:
        if journal.get("outside"):
            outside.exchange(journal["outside"])
        staging, aside = self.path / journal["staging"], self.path / journal["aside"]
        aside.mkdir(mode=0o700, exist_ok=True)
        for name in MOVED:
            here, new, old = self.path / name, staging / name, aside / name
            waits = name in journal["incoming"] and new.exists()
            if here.exists() and not old.exists() and (waits or name not in journal["incoming"]):
                here.rename(old)
            if waits:
                new.rename(here)
        self.journal.unlink()
        shutil.rmtree(staging, ignore_errors=True)
        if not any(p.is_file() or any(p.iterdir()) for p in aside.iterdir() if p.name != "VERSION"):
            shutil.rmtree(aside)

    def lock_file(self, name: str) -> IO[str]:
        """The open file behind a lock; the lock goes with the process that holds it, however that ends."""
        handle = os.open(self.path / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return os.fdopen(handle, "r+")

    def running(self) -> dict[str, Any] | None:
        """What the running platform wrote about itself, or None."""
        try:
            found: dict[str, Any] = json.loads(self.run_file.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return found


def lock(file: IO[str], how: int, *, seconds: float = 0) -> bool:
    """Take a flock within ``seconds``; False when somebody else keeps it."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.05)
        else:
            return True


def is_locked(file: IO[str]) -> bool:
    """Whether another process holds the lock exclusively."""
    if lock(file, fcntl.LOCK_SH):
        fcntl.flock(file, fcntl.LOCK_UN)
        return False
    return True


def check_space(folder: Path, *, needed_mb: int) -> None:
    """Refuse to begin on a disk that would be full half-way.

    Raises: NoSpace.
    """
    free = shutil.disk_usage(nearest_existing(folder)).free // _MB
    if free < needed_mb:
        raise NoSpace(folder=str(folder), free_mb=free, needed_mb=needed_mb)


def nearest_existing(folder: Path) -> Path:
    """The folder itself, or the nearest one above it that exists."""
    for candidate in (folder, *folder.parents):
        if candidate.exists():
            return candidate
    return Path("/")


def raise_if_full(error: OSError, folder: Path) -> None:
    """Turn 'no space left' (or a quota) into its one sentence; other errors are left to the caller."""
    import errno

    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        free = shutil.disk_usage(nearest_existing(folder)).free // _MB
        raise NoSpace(folder=str(folder), free_mb=free, needed_mb=FIRST_START_MB) from error


@contextlib.contextmanager
def disk_full_is_said(folder: Path) -> Iterator[None]:
    """Say in one sentence that the disk of ``folder`` is full."""
    try:
        yield
    except OSError as error:
        raise_if_full(error, folder)
        raise
