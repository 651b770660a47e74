"""Declaring long work: a function of a room's ``long_work.py`` that is given a hand on its own progress.

    @job("rosters.import", title="导入台账")
    def run_import(work: Work, *, import_id: int) -> dict[str, Any]: ...

The function is repeatable: work whose worker was killed is started again from its beginning. What it returns is kept
as the result; a DomainError that it raises is shown to whoever asked for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Cancelled(Exception):
    """Somebody has cancelled the job; its function lets this pass, so that its transaction is undone."""


class Work(Protocol):
    """进度: what a running job can say and learn."""

    job_id: int

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        """Say how far the work is; as seldom as twice a second it reaches the page. Raises: Cancelled."""

    def must_stop(self) -> bool:
        """Whether the worker is shutting down: stop soon, the job is started again."""


Result = Mapping[str, Any] | None
Function = Callable[..., Result]


@dataclass(frozen=True, slots=True)
class Kind:
    """长任务种类: its key, what pages call it, and what does it."""

    key: str
    title: str
    function: Function


KINDS: dict[str, Kind] = {}


def job(key: str, *, title: str) -> Callable[[Function], Function]:
    """Declare a kind of long work under ``room.act``. Raises: ValueError when the key is taken by another function."""

    def declare(function: Function) -> Function:
        kind = Kind(key, title, function)
        known = KINDS.setdefault(key, kind)
        if known is not kind and known.function.__qualname__ != function.__qualname__:
            raise ValueError(f"the job {key} is declared twice")
        return function

    return declare
