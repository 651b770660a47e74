"""Processes that must not outlive the one that started them."""

import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: a forked child must not load libraries.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent(sign: int, parent: int) -> None:
    """In a new child, before it becomes its program: ask the kernel for ``sign`` when the parent ends.

    Even ``kill -9`` of the supervisor then leaves nothing behind. Where the kernel cannot do it, the next start
    stops what it finds. A parent that has ended already is noticed by its number.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, sign, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), sign)


def process_runs(pid: int) -> bool:
    """Whether the process lives; one that has ended and only waits to be collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, IndexError):
        return not Path("/proc/self/stat").exists()
    return state not in {"Z", "X"}


def born(pid: int) -> str | None:
    """When the process began, in the kernel's ticks: a pid that was given out again differs here."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return None


def kill_group(pid: int, sign: int = signal.SIGKILL) -> None:
    """Signal a process group that we made; one that has gone is fine."""
    try:
        os.killpg(pid, sign)
    except (ProcessLookupError, PermissionError):
        pass
