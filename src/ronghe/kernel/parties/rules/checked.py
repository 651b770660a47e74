"""What a check of a number says: its normal form, what is wrong at which place, what is merely odd."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

#: Signs that people put between the groups of a number, and that belong to none.
_BETWEEN = re.compile(r"[\s\-‐-―·]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """错误: why a number cannot be right; ``place`` counts characters from 1 and is 0 for the number as a whole."""

    place: int
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """核对结果: ``value`` in its normal form; faults refuse it, warnings are kept beside it.

    ``born`` and ``sex`` are what an identity number says of its holder; ``suggestion`` is a number that may be meant.
    """

    value: str
    faults: tuple[Fault, ...] = ()
    warnings: tuple[str, ...] = ()
    born: date | None = None
    sex: str = ""
    suggestion: str = ""

    @property
    def is_sound(self) -> bool:
        return not self.faults

    @property
    def told(self) -> str:
        """All faults as one text."""
        return "；".join(fault.text for fault in self.faults)

    @property
    def warned(self) -> str:
        """All warnings as one text."""
        return "；".join(self.warnings)


def normal(text: str) -> str:
    """One spelling of a number: half-width, without blanks and dashes, letters in capitals."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()


def masked(value: str, *, kind: str) -> str:
    """掩码: what pages show of a number that is kept sealed.

    Of an identity number only the first and the last character: its region stands in the division and its date in the
    birthday beside it, so that four open digits at the end would give the whole number away.
    """
    if kind in ("identity", "document"):
        return value[:1] + "*" * max(len(value) - 2, 1) + value[-1:]
    if kind == "telephone":
        return value[:3] + "*" * max(len(value) - 5, 1) + value[-2:]
    if kind == "bank_account":
        return "*" * max(len(value) - 4, 1) + value[-4:]
    return value


def placed(text: str, allowed: str, *, what: str) -> list[Fault]:
    """A fault for each character of ``text`` that is not ``allowed``."""
    return [
        Fault(place, f"第 {place} 位“{letter}”不是{what}{_LOOKALIKE.get(letter, '')}")
        for place, letter in enumerate(text, start=1)
        if letter not in allowed
    ]


_LOOKALIKE = {
    "O": "，是否应为数字 0",
    "I": "，是否应为数字 1",
    "L": "，是否应为数字 1",
    "Z": "，是否应为数字 2",
    "S": "，是否应为数字 5",
}
