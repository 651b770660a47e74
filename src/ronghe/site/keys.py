"""The secrets of one data folder: ``secrets.env``, mode 600, made once and never shown."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from .errors import KeyMissing

#: What the processes are given.
FOR_PROCESSES = ("RONGHE_SECRET_KEY", "RONGHE_MASTER_KEY", "RONGHE_INDEX_KEY")
#: Without these no record can be read; the other one signs sessions, and may be exchanged.
_FOR_RECORDS = ("RONGHE_MASTER_KEY", "RONGHE_INDEX_KEY")
#: Passwords of the embedded server; they reach the processes inside its URLs alone.
PASSWORDS = ("POSTGRES_PASSWORD", "POSTGRES_OWNER_PASSWORD", "POSTGRES_APP_PASSWORD")

#: Made on the first start. A key here is never replaced: what it encrypts would be lost.
_MADE: dict[str, Callable[[], str]] = {
    "RONGHE_SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "RONGHE_MASTER_KEY": lambda: secrets.token_hex(32),
    "RONGHE_INDEX_KEY": lambda: secrets.token_hex(32),
    "POSTGRES_PASSWORD": lambda: secrets.token_hex(24),
    "POSTGRES_OWNER_PASSWORD": lambda: secrets.token_hex(24),
    "POSTGRES_APP_PASSWORD": lambda: secrets.token_hex(24),
}


def read(file: Path) -> dict[str, str]:
    """Names and values of ``secrets.env``; empty where there is none yet."""
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return {}
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def write(file: Path, values: dict[str, str]) -> None:
    """Replace ``secrets.env`` in one step, so that a full disk never leaves half a file."""
    head = (
        "# Ronghe: keys of this data folder. Keep them secret and keep them safe: without them no record can be read.\n"
    )
    replace_private(file, (head + "".join(f"{k}={v}\n" for k, v in values.items())).encode())


def ensure(file: Path) -> dict[str, str]:
    """The secrets of a data folder: made where there is no file yet, and never again.

    A key that the environment gives is not made: a later start without that variable asks for it, and takes no other.
    Raises: KeyMissing.
    """
    if not file.exists():
        write(file, {name: make() for name, make in _MADE.items() if name not in given()})
    values = read(file)
    require(file, values | given(), FOR_PROCESSES)
    return values


def ensure_passwords(file: Path) -> dict[str, str]:
    """The same, with passwords for a server that is about to be made: with these nothing is lost when they are new.

    Raises: KeyMissing.
    """
    values = ensure(file)
    new = {name: _MADE[name]() for name in PASSWORDS if not values.get(name)}
    if new:
        values |= new
        write(file, values)
    return values


def in_force(file: Path) -> dict[str, str]:
    """What the processes are given: keys of the environment go before those of the file.

    Raises: KeyMissing.
    """
    values = ensure(file) | given()
    return {name: values[name] for name in FOR_PROCESSES}


def mark_of(values: Mapping[str, str]) -> str:
    """What tells these keys from others without telling them: of those that records are encrypted with."""
    return hashlib.sha256("\n".join(values[name] for name in _FOR_RECORDS).encode()).hexdigest()[:16]


def given() -> dict[str, str]:
    """The keys that the environment gives."""
    return {name: os.environ[name] for name in FOR_PROCESSES if os.environ.get(name)}


def missing(values: Mapping[str, str], names: Iterable[str]) -> list[str]:
    """Those of the names that have no value."""
    return [name for name in names if not values.get(name)]


def require(file: Path, values: Mapping[str, str], names: Iterable[str]) -> None:
    """Refuse secrets that lack one of the names.

    Raises: KeyMissing.
    """
    lacking = missing(values, names)
    if lacking:
        raise KeyMissing(file=str(file), name="、".join(lacking))


def replace_private(file: Path, content: bytes) -> None:
    """Write ``file`` for its owner alone (mode 600), whole or not at all; once written it outlasts a power failure."""
    temporary = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
