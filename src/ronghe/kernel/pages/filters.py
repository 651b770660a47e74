"""Filters of lists: each reads one parameter of the address, and says what it could not read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

#: The longest text that a list searches for.
MAX_TEXT = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """What a filter read from the address: values by parameter, what is shown of them, what was ignored and why."""

    values: Mapping[str, Any] = field(default_factory=dict)
    shown: str = ""
    ignored: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """筛选项: one field in the row of filters. ``kind`` names the partial that draws it."""

    name: str
    label: str

    kind = "text"

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that this filter reads."""
        return (self.name,)

    def read(self, params: Mapping[str, str]) -> Reading:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Search(Filter):
    """搜索: a text that rows must contain."""

    name: str = "q"
    label: str = "搜索"
    placeholder: str = ""

    kind = "search"

    def read(self, params: Mapping[str, str]) -> Reading:
        # A null character is no text that PostgreSQL can store, so that no row can contain it.
        text = " ".join(params.get(self.name, "").replace("\x00", " ").split())
        if len(text) > MAX_TEXT:
            return Reading(
                {self.name: text[:MAX_TEXT]}, text[:MAX_TEXT], f"搜索词超过 {MAX_TEXT} 个字，只用了前面的部分"
            )
        return Reading({self.name: text}, text) if text else Reading()


@dataclass(frozen=True, slots=True)
class Choice(Filter):
    """单选: one of the given values; each choice is (value, label) or (value, label, count).

    ``number`` gives the chosen value on as a whole number.
    """

    choices: Sequence[tuple[Any, ...]] = ()
    everything: str = "全部"
    number: bool = False

    kind = "choice"

    def read(self, params: Mapping[str, str]) -> Reading:
        raw = params.get(self.name, "")
        if not raw:
            return Reading()
        for value, label, *_ in self.choices:
            if str(value) == raw:
                return Reading({self.name: int(raw) if self.number else raw}, str(label))
        return Reading(ignored=f"“{self.label}”没有“{raw[:20]}”这一项，已忽略")

    @property
    def options(self) -> list[tuple[str, str]]:
        """Value and label of each choice, the count in the label."""
        return [(str(v), f"{label}（{count[0]}）" if count else str(label)) for v, label, *count in self.choices]


@dataclass(frozen=True, slots=True)
class Dates(Filter):
    """日期范围: from a day to a day, both included and both optional: ``<name>_from`` and ``<name>_to``."""

    kind = "dates"

    @property
    def names(self) -> tuple[str, ...]:
        return (f"{self.name}_from", f"{self.name}_to")

    def read(self, params: Mapping[str, str]) -> Reading:
        values: dict[str, date] = {}
        ignored = ""
        for name in self.names:
            if raw := params.get(name, ""):
                try:
                    values[name] = date.fromisoformat(raw)
                except ValueError:
                    ignored = f"“{self.label}”的日期“{raw[:20]}”不是“年-月-日”，已忽略"
        first, last = (values.get(name) for name in self.names)
        shown = f"{first or ''} 至 {last or ''}".strip() if values else ""
        return Reading(values, shown, ignored)
