"""The head of a record: its state, the two or three facts that matter, and its parts."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "place", "good", "warn", "bad"]

#: Colour never alone: each tone has an icon, and the label says the same in a word.
TONE_ICONS: dict[Tone, str] = {
    "plain": "info-circle",
    "place": "info-circle",
    "good": "circle-check",
    "warn": "alert-triangle",
    "bad": "alert-circle",
}


@dataclass(frozen=True, slots=True)
class State:
    """状态: a word with its tone; red is only for refusal and overdue."""

    label: str
    tone: Tone = "plain"

    @property
    def icon(self) -> str:
        return TONE_ICONS[self.tone]


@dataclass(frozen=True, slots=True)
class Fact:
    """要点: one labelled value; ``url`` leads to what stands behind it, ``note`` says what the value cannot."""

    label: str
    value: object
    url: str = ""
    note: str = ""
