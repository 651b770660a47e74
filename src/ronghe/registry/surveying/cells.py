"""Cells of a survey as values: texts, areas, days, shares. Pure; what cannot be read is said in words."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

HUNDREDTH = Decimal("0.01")
#: One 亩 in m².
MU = Decimal(2000) / Decimal(3)
#: The largest area and number that a column holds.
MOST_M2 = Decimal(10) ** 10
_BETWEEN = re.compile(r"[、,，;；/|\n]+")
#: Shares are written with a stroke: it does not part them.
_BETWEEN_SHARES = re.compile(r"[、,，;；|\n]+")
_DAY = re.compile(r"(\d{4})[-./年]?(\d{1,2})[-./月]?(\d{1,2})日?")
_SIDES = re.compile(r"(东|南|西|北)至[:：]?\s*([^；;，,。\n]+)")


class BadCell(ValueError):
    """What a cell holds is none of what it should be; the message says what it should be."""


def text(value: Any) -> str:
    """A cell as one line of text; a whole number without its point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).replace("\x00", "").split())


def code(value: Any) -> str:
    """A code without blanks, in capitals."""
    return text(value).replace(" ", "").upper()


def area(value: Any, *, factor: Decimal = Decimal(1)) -> Decimal | None:
    """An area in m² to the hundredth; None for an empty cell. Raises: BadCell."""
    written = text(value).replace(",", "").removesuffix("平方米").removesuffix("m²").strip()
    if not written:
        return None
    try:
        found = (Decimal(written) * factor).quantize(HUNDREDTH, ROUND_HALF_EVEN)
    except InvalidOperation:
        raise BadCell(f"“{written[:20]}”不是数") from None
    if not found.is_finite() or not 0 < found < MOST_M2:
        raise BadCell(f"“{written[:20]}”不是可能的面积")
    return found


def count(value: Any, *, most: int) -> int | None:
    """A small whole number. Raises: BadCell."""
    written = text(value)
    if not written:
        return None
    if not written.isdecimal() or not 0 < int(written) <= most:
        raise BadCell(f"“{written[:20]}”应为 1 到 {most} 的整数")
    return int(written)


def day(value: Any) -> date | None:
    """A day as people and programs write it. Raises: BadCell."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    written = text(value)
    if not written or written in ("长期", "/", "-"):
        return None
    found = _DAY.fullmatch(written.partition(" ")[0].partition("T")[0])
    try:
        if found is None:
            raise ValueError
        made = date(*map(int, found.groups()))
    except ValueError:
        raise BadCell(f"“{written[:20]}”不是日期，请写成 2026-11-22 的样子") from None
    if not 1900 <= made.year < 2200:
        raise BadCell(f"{made} 不在 1900 年至 2199 年之间")
    return made


def day_after(value: date | None) -> date | None:
    """The half-open end of what runs through its last day."""
    return None if value is None else value + timedelta(days=1)


def several(value: Any) -> list[str]:
    """Names or numbers of one cell."""
    return [one.strip() for one in _BETWEEN.split(text(value) if not isinstance(value, str) else value) if one.strip()]


def shares(value: Any) -> list[Fraction]:
    """Shares of one cell: 1/2、1/2 or 50%、50%. Raises: BadCell."""
    return [_share(one.strip()) for one in _BETWEEN_SHARES.split(text(value)) if one.strip()]


def _share(written: str) -> Fraction:
    try:
        if written.endswith(("%", "％")):
            found = Fraction(written[:-1].strip()) / 100
        else:
            found = Fraction(written)
    except (ValueError, ZeroDivisionError):
        raise BadCell(f"“{written[:20]}”不是份额，请写成 1/2 或 50%") from None
    if not 0 < found <= 10 or found.denominator > 10_000_000:
        raise BadCell(f"“{written[:20]}”不是可能的份额")
    return found


def sides(value: Any) -> dict[str, str]:
    """The four neighbours of one cell: 东至道路；南至李四；…"""
    names = {"东": "east", "南": "south", "西": "west", "北": "north"}
    return {names[side]: told.strip()[:60] for side, told in _SIDES.findall(text(value))}


def sum_told(given: Sequence[Fraction]) -> str:
    """What shares add up to, as people write it."""
    total = sum(given, Fraction(0))
    return f"{float(total * 100):g} %"
