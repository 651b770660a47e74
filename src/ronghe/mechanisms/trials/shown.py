"""A trial's summary as pages, API and command line show it: counts, gains and losses, and the chart's pairs of bars."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .models import Trial
from .titles import change_titles, shown_number, verdict_title

_ORDER = ("passed", "failed", "undecidable", "value")

#: The address of the rows that a figure counts.
Address = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two bars of a chart, and the addresses of the rows behind them."""

    label: str
    a: int
    b: int | None = None
    href_a: str = ""
    href_b: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """汇总: what the rows of a trial say together."""

    total: int
    verdicts: list[Pair]
    changes: list[tuple[str, str, int, str]]  # code, title, rows, address
    verdicts_b: list[tuple[str, str]]  # code, title: the head of the table of transitions
    transitions: list[tuple[str, list[tuple[str, int, str, bool]]]]
    spread: list[Pair]
    figures: list[tuple[str, str, str, str]]  # side, least, mean, most
    message: str
    spread_message: str = ""
    most: int = field(default=1)
    spread_most: int = field(default=1)


def summary_of(trial: Trial, address: Address = lambda **_: "") -> Shown | None:
    """The summary of a trial whose rows were counted; None while it runs."""
    told = trial.summary
    if told is None:
        return None
    groups = told["groups"]
    a: Counter[str] = Counter()
    b: Counter[str] = Counter()
    changes: Counter[str] = Counter()
    cells: Counter[tuple[str, str]] = Counter()
    for verdict_a, verdict_b, change, count in groups:
        a[verdict_a] += count
        b[verdict_b] += count
        changes[change] += count
        cells[verdict_a, verdict_b] += count
    compared = trial.is_compared
    verdicts = [
        Pair(
            verdict_title(one),
            a[one],
            b[one] if compared else None,
            address(verdict_a=one),
            address(verdict_b=one) if compared else "",
        )
        for one in _ORDER
        if a[one] or b[one]
    ]
    seen_a, seen_b = [v for v in _ORDER if a[v]], [v for v in _ORDER if b[v]]
    titles = change_titles(trial)
    spread = list(_spread(told["bars"], compared)) if told["bars"] else []
    return Shown(
        total=sum(a.values()),
        verdicts=verdicts,
        changes=[(code, title, changes[code], address(change=code)) for code, title in titles.items()]
        if compared
        else [],
        verdicts_b=[(one, verdict_title(one)) for one in seen_b],
        transitions=[
            (
                verdict_title(one),
                [
                    (verdict_title(other), cells[one, other], address(verdict_a=one, verdict_b=other), one == other)
                    for other in seen_b
                ],
            )
            for one in seen_a
        ]
        if compared
        else [],
        spread=spread,
        figures=[
            (side, *(shown_number(found[name]) for name in ("least", "mean", "most")))  # type: ignore[misc]
            for key, side in (("a", "现行"), ("b", "试算"))
            if (found := told["figures"].get(key))
        ],
        message=_message(trial, a, b, changes),
        spread_message=_spread_message(told["figures"]),
        most=max((max(pair.a, pair.b or 0) for pair in verdicts), default=1),
        spread_most=max((max(pair.a, pair.b or 0) for pair in spread), default=1),
    )


def _spread(bars: dict[str, Any], compared: bool) -> Iterator[Pair]:
    bounds, counts = bars["bounds"], bars["counts"]
    for at in range(len(bounds) - 1):
        low, high = shown_number(bounds[at]), shown_number(bounds[at + 1])
        last = at == len(bounds) - 2
        label = low if low == high else f"{low} 至 {high}{'' if last else '（不含）'}"
        yield Pair(
            label, counts.get("a", [0] * len(bounds))[at], counts["b"][at] if compared and "b" in counts else None
        )


def _message(trial: Trial, a: Counter[str], b: Counter[str], changes: Counter[str]) -> str:
    """What the chart says, in a sentence."""
    if a["value"] or b["value"]:
        if not trial.is_compared:
            return f"{a['value']:,} 行算出了结果"
        return f"{changes['gained']:,} 行的结果增加，{changes['lost']:,} 行减少，{changes['same']:,} 行不变"
    if not trial.is_compared:
        return f"{sum(a.values()):,} 行中有 {a['passed']:,} 行通过"
    if a["passed"] == b["passed"]:
        return f"通过的都是 {a['passed']:,} 行"
    word = "增加到" if b["passed"] > a["passed"] else "减少到"
    return f"通过的由 {a['passed']:,} 行{word} {b['passed']:,} 行"


def _spread_message(figures: dict[str, Any]) -> str:
    if not figures:
        return ""
    means = [shown_number(round(figures[side]["mean"], 4)) for side in ("a", "b") if side in figures]
    return f"平均由 {means[0]} 变为 {means[1]}" if len(means) == 2 else f"平均 {means[0]}"
