"""Timing of one thing beside another, in turns, so that both meet the same weather."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Times:
    """Seconds of repeated runs."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def quantile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def in_turns(runs: int, *jobs: Callable[[], object]) -> list[Times]:
    """Run all jobs one after the other, ``runs`` times, after one round that is not counted."""
    taken: list[list[float]] = [[] for _ in jobs]
    for turn in range(runs + 1):
        for place, job in enumerate(jobs):
            start = time.perf_counter()
            job()
            if turn:
                taken[place].append(time.perf_counter() - start)
    return [Times(tuple(t)) for t in taken]
