"""节假日安排通知: the days off and of work that a notice states, read from its text as people paste it.

``五、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。``
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_NAME = re.compile(r"^\s*(?:[一二三四五六七八九十\d]+[、.．])?\s*([^：:，。\d]{1,20})[：:]")
_RANGE = re.compile(r"(?:(?:\d{4}年)?(\d{1,2})月)?(\d{1,2})日(?:(?:至|到|-|—|－|~)(?:(\d{1,2})月)?(\d{1,2})日)?")
_YEAR = re.compile(r"(\d{4})年")


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day of a notice: off, or of work."""

    day: date
    is_work: bool
    name: str


class NoticeUnreadable(ValueError):
    """A part of the notice cannot be understood; the text names it."""


def read_notice(text: str, year: int) -> tuple[NoticeDay, ...]:
    """The days of a notice in their order; a holiday's weekend days are left out, they are off anyway.

    Raises: NoticeUnreadable with the part that is not understood.
    """
    found: list[NoticeDay] = []
    for line in text.splitlines():
        if line.strip():
            found += _line(line, year)
    return tuple(sorted(found, key=lambda one: one.day))


def _line(line: str, year: int) -> Iterator[NoticeDay]:
    plain = _BRACKETS.sub("", line)
    named = _NAME.match(plain)
    if named is None:
        raise NoticeUnreadable(line.strip()[:60])
    name, rest = named[1].strip(), plain[named.end() :]
    said = False
    for part in re.split(r"[。；;]", rest):
        if not part.strip():
            continue
        is_work = "上班" in part
        if not is_work and "放假" not in part:
            raise NoticeUnreadable(part.strip()[:60])
        for day in _days(part, year):
            said = True
            if is_work or day.weekday() < 5:
                yield NoticeDay(day, is_work, name)
    if not said:
        raise NoticeUnreadable(line.strip()[:60])


def _days(part: str, year: int) -> Iterator[date]:
    """The days that a part names; a range runs from its first to its last day, and a month is carried on."""
    if any(int(other) != year for other in _YEAR.findall(part)):
        raise NoticeUnreadable(f"{part.strip()[:50]}（不是 {year} 年）")
    month, seen = None, False
    for hit in _RANGE.finditer(part):
        month = int(hit[1]) if hit[1] else month
        if month is None:
            raise NoticeUnreadable(part.strip()[:60])
        try:
            first = last = date(year, month, int(hit[2]))
            if hit[4]:
                month = int(hit[3]) if hit[3] else month
                last = date(year, month, int(hit[4]))
        except ValueError:
            raise NoticeUnreadable(part.strip()[:60]) from None
        if last < first:
            raise NoticeUnreadable(part.strip()[:60])
        seen = True
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))
    if not seen:
        raise NoticeUnreadable(part.strip()[:60])
