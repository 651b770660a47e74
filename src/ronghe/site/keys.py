"""The secrets of one data folder: ``secrets.env``, mode 600, made once and never shown."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

#: Made on the first start. A key here is never replaced: what it encrypts would be lost.
_MADE: dict[str, Callable[[], str]] = {
    "RONGHE_SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "RONGHE_MASTER_KEY": lambda: secrets.token_hex(32),
    "RONGHE_INDEX_KEY": lambda: secrets.token_hex(32),
    "POSTGRES_PASSWORD": lambda: secrets.token_hex(24),
    "POSTGRES_OWNER_PASSWORD": lambda: secrets.token_hex(24),
    "POSTGRES_APP_PASSWORD": lambda: secrets.token_hex(24),
}

#: What the processes are given; the passwords of the embedded server reach them inside its URLs alone.
FOR_PROCESSES = ("RONGHE_SECRET_KEY", "RONGHE_MASTER_KEY", "RONGHE_INDEX_KEY")


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
    """The secrets of a data folder, with whatever is missing made and written."""
    values = read(file)
    missing = {name: make() for name, make in _MADE.items() if name not in values}
    if missing:
        values |= missing
        write(file, values)
    return values


def replace_private(file: Path, content: bytes) -> None:
    """Write ``file`` for its owner alone (mode 600), whole or not at all."""
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
