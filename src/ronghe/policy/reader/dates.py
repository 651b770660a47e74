"""Days as Chinese documents write them (日期): 2021年8月15日, 二〇二一年八月十五日, 2022年6月底前, “十四五”末.

Every period is read as its last day, because a plan says by when a thing is to be done: the end of a year is
12-31, of 上半年 06-30, of a quarter the last day of its third month.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ronghe.policy.reader.markers import chinese_number

_CN_YEAR = "[一二三四五六七八九][〇○零O0一二三四五六七八九]{3}"
_YEAR = rf"(?:(?:19|20|21)\d{{2}}|{_CN_YEAR})"
_NUM = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
FULL_DATE = re.compile(rf"({_YEAR})年({_NUM})月({_NUM})日")
_ISO_DATE = re.compile(r"((?:19|20|21)\d{2})[—./年](\d{1,2})[—./月](\d{1,2})日?(?!\d)")
#: Dates on the key form. ``until`` is the part that makes a stretch of years end: 2021—2023年.
_POINT = re.compile(
    rf"(?:(?P<from>{_YEAR})年?(?:{_NUM}月)?(?:—{{1,2}}|至|到))?(?<!\d)(?:(?P<year>{_YEAR})(?:年(?P<nian>年)?|(?=(?:[、和]{_YEAR}){{1,5}}年|[Qq][1-4]))|(?P<same>当年|今年|本年度?|(?<![\d一二三四五六七八九十百两几多数每次上去同全半])年度?(?=底|末|内|\d))|(?P<next>明年)"
    rf"|(?<![\d年第])(?=(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})月(?:底|末|前|上旬|中旬|下旬|\d{{1,2}}日|份|完成|—|至))|(?<=[至—])(?=\d{{1,2}}月)|(?<=月[、和及])(?={_NUM}月))"
    rf"(?:(?P<half>上半年|下半年)|第?(?P<quarter>[一二三四1-4])季度|[Qq](?P<figure>[1-4])|(?:{_NUM}月?(?:至|到|—{{1,2}}))?(?P<month>{_NUM})月份?"
    rf"(?:(?P<day>{_NUM})日|(?P<tenth>上旬|中旬|下旬))?|(?P<start>初))?"
    rf"(?:[底末]|年[底末])?"
)
#: Days in figures alone, as tables have them: 2022.12, 2022/6/30, 2021—2023.
_FIGURES = re.compile(
    r"(?<![\d.])(?P<since>20\d{2})?(?(since)—{1,2})?(?P<year>20\d{2})(?:[./—](?P<month>\d{1,2})(?:[./—](?P<day>\d{1,2}))?)?(?![\d.%年月])"
)
_PLAN_YEARS = re.compile(r"“?十([一二三四五六七])五“?(?:规划)?(?:时期|期间)?(?:期?末|结束|收官)?")
_PLAN_END = {"一": 2010, "二": 2015, "三": 2020, "四": 2025, "五": 2030, "六": 2035, "七": 2040}
_FOREVER = re.compile(
    r"长期(?:坚持|推进|实施|任务)?|持续(?:推进|实施|开展|推动)|常态化?(?:推进|开展|实施)?|每(?:年|半年|季度?|月|周|日)|逐年|按年度推进"
    r"|立即|即时|即日起|立行立改|全年|贯穿全程|分年度|按(?:照)?(?:年度|实施|工作|总体)?(?:计划|安排|方案)|按(?:时间)?节点|按(?:序时)?进度|适时|同步推进|滚动实施|根据.{0,8}(?:要求|部署|安排)"
)

#: 三年内, 自印发之日起3个月内: an end that is counted from another day.
_COUNTED = re.compile(r"(?:\d{1,3}|[一二三四五六七八九十两半]{1,3})个?(?:工作日|年|月|季度|周|日|天)(?:之内|以内|内)")
_LIKE_A_DAY = re.compile(r"(?<!\d)\d{1,8}(?=$|[，；。、—./年月日季旬前底末至到）])")
_WRITTEN = re.compile(rf"(?<!\d)(?P<year>{_YEAR})年(?P<month>{_NUM})月(?:(?P<day>{_NUM})日)?")


@dataclass(frozen=True, slots=True)
class Point:
    """A day read from ``start`` to ``end`` of a text; ``sure`` is False when its year was carried over."""

    start: int
    end: int
    day: date
    year_written: bool
    since: int | None = None
    plan_period: bool = False


def iso_date(text: str) -> date | None:
    """The first full date of a text, in figures or Chinese numerals."""
    match = FULL_DATE.search(text) or _ISO_DATE.search(text)
    if match is None:
        return None
    return _day(_year(match[1]), _small(match[2]), _small(match[3]))


def points(key: str, base_year: int | None = None) -> Iterator[Point]:
    """The days named in a text, in order.

    Args: ``base_year`` is the year of 今年 and of a bare ``12月底前`` before any year was written.
    """
    year = base_year
    for match in _POINT.finditer(key):
        if match.end() == match.start():
            continue
        written = _year(match["year"]) if match["year"] else None
        if written is None and match["from"] and not match["same"]:
            written = _year(match["from"])  # 2022年6月至12月
        if written is None and match["next"]:
            written = year + 1 if year else None
        year = written if written is not None else year
        if year is None:
            continue
        day = _last_day(year, match)
        if day is not None:
            since = _year(match["from"]) if match["from"] else None
            yield Point(match.start(), match.end(), day, match["year"] is not None, since)


def figures(key: str) -> Iterator[Point]:
    """Days written in figures alone (``2022.12``); only a deadline's own field may be read so."""
    for match in _FIGURES.finditer(key):
        month = int(match["month"]) if match["month"] else 12
        day = _day(int(match["year"]), month, int(match["day"]) if match["day"] else None)
        if day is not None:
            since = int(match["since"]) if match["since"] else None
            yield Point(match.start(), match.end(), day, True, since)


def plan_periods(key: str) -> Iterator[Point]:
    """``“十四五”末`` and ``“十四五”期间``: the five-year plan's last day."""
    for match in _PLAN_YEARS.finditer(key):
        if "“" in match[0] or match[0][-1] in "末间期":
            yield Point(match.start(), match.end(), date(_PLAN_END[match[1]], 12, 31), True, None, True)


def unread_figures(key: str, read: Iterable[Point]) -> Iterator[tuple[int, int]]:
    """Figures of a deadline that look like a day and were not read as one: 2024年6月18, 20240630."""
    spans = [*((p.start, p.end) for p in read), *impossible(key)]
    for match in _LIKE_A_DAY.finditer(key):
        if not any(a <= match.start() < b for a, b in spans):
            yield match.span()


def impossible(key: str) -> Iterator[tuple[int, int]]:
    """Days and months that no calendar has: 2022年2月30日, 2024年13月."""
    for match in _WRITTEN.finditer(key):
        day = _small(match["day"]) if match["day"] else None
        if _day(_year(match["year"]), _small(match["month"]), day) is None:
            yield match.span()


def is_standing(key: str) -> bool:
    """长期坚持, 持续推进: a duty without an end day."""
    return _FOREVER.search(key) is not None


def is_counted(key: str) -> bool:
    """三年内: the end of a duty, counted from a day that stands elsewhere."""
    return _COUNTED.search(key) is not None


def _last_day(year: int, match: re.Match[str]) -> date | None:
    if match["half"]:
        return date(year, 6, 30) if match["half"] == "上半年" else date(year, 12, 31)
    if match["quarter"]:
        number = int(match["quarter"]) if match["quarter"].isdigit() else chinese_number(match["quarter"]) or 4
        return _day(year, number * 3, None)
    if match["figure"]:
        return _day(year, int(match["figure"]) * 3, None)
    if match["month"]:
        day = _small(match["day"]) if match["day"] else {"上旬": 10, "中旬": 20}.get(match["tenth"] or "")
        return _day(year, _small(match["month"]), day)
    if match["start"]:
        return date(year, 1, 31)
    return date(year, 12, 31)


def _day(year: int | None, month: int | None, day: int | None) -> date | None:
    """The day, or the month's last day when no day is given; None when there is no such day."""
    if year is None or month is None or not 1 <= month <= 12 or not 1900 <= year <= 2199:
        return None
    last = calendar.monthrange(year, month)[1]
    if day is None:
        return date(year, month, last)
    return date(year, month, day) if 1 <= day <= last else None


def _year(written: str) -> int | None:
    if written.isdigit() and written.isascii():
        return int(written)
    return chinese_number(written.replace("○", "〇").replace("O", "〇").replace("0", "〇"))


def _small(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() else chinese_number(written)
