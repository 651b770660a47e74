"""Deadlines (完成时限): of annotations with their milestones, and those that stand in running text.

``2021年年底完成政策制定，2022年取得阶段性进展`` is two milestones; ``到2020年底，完成…`` in a paragraph is a deadline of
its clause. A day before the document was made is history and no deadline (``2020年8月，我县入选…``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ronghe.policy.reader import dates
from ronghe.policy.reader.normalise import Mapped

_SENTENCE = re.compile(r"[^。；！？\n]+")
_PART = re.compile(r"[^，：、]+")
_TITLE = re.compile(r"《[^》]{1,80}》|〔\d{4}〕")
_AIM_BEFORE = re.compile(r"(?:到|至|力争|确保|争取|计划|预计|拟|在|于|截至|截止|待|自|从|，|：|^|）|。|“|期)$")
_AIM_AFTER = re.compile(r"^(?:底|末|年底|年末|前|之前|以前|内)")
_STAGE = re.compile(r"目标|阶段|步骤|进度|(?:时间|实施|工作|推进)安排")
#: 第一阶段（2020—2022年）: the stage is named before its years.
_STAGE_BEFORE = re.compile(r"^[^，。；]{0,10}阶段[：（]?$")
_STAGE_LENGTH = 13
_BEFORE_PIECE = re.compile(r"[，；。、]|(?<=[年月日度])[和及](?=[\d第])")
_BEFORE_PART = re.compile(r"[，：、（]")
_MAX_TEXT = 400


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day and what is to be done by it, as written."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class RunningDeadline:
    """A deadline in running text; ``start`` and ``end`` are positions in the clause's text."""

    day: date
    start: int
    end: int


def milestones(text: Mapped, year_made: int | None) -> list[Milestone]:
    """The milestones of a deadline: each piece between commas that names a day begins one."""
    key = text.key
    found = _read(key, year_made)
    starts: list[tuple[int, date]] = []
    pieces = [0, *(m.end() for m in _BEFORE_PIECE.finditer(key))]
    for point in found:
        piece = _last(pieces, point.start)
        if starts and starts[-1][0] == piece:
            # two days in one piece: a stretch of time ends with the later one
            starts[-1] = (piece, max(starts[-1][1], point.day))
        else:
            starts.append((piece, point.day))
    result = []
    for (start, day), following in zip(starts, [*starts[1:], None], strict=False):
        end = following[0] if following else len(key)
        result.append(Milestone(day, text.text[start:end].strip("，；。、,;. 和及")))
    return result


def unread(text: Mapped, year_made: int | None) -> list[tuple[int, int]]:
    """Where a deadline has figures that look like a day and are none that was read."""
    return list(dates.unread_figures(text.key, _read(text.key, year_made)))


def _read(key: str, year_made: int | None) -> list[dates.Point]:
    return _days(key, year_made) or list(dates.figures(key))


def _last(positions: Sequence[int], at: int) -> int:
    """The last of the ascending positions that is not behind ``at``."""
    return positions[bisect_right(positions, at) - 1]


def _days(key: str, year_made: int | None) -> list[dates.Point]:
    points = [*dates.points(key, year_made), *dates.plan_periods(key)]
    return sorted(points, key=lambda p: p.start)


def running(
    text: Mapped, skip: list[tuple[int, int]], made: date | None, goals: bool, heading: int
) -> Iterator[RunningDeadline]:
    """Deadlines in a clause's running text, annotations (``skip``) left out.

    Args: ``goals`` says that the clause sets out aims or stages (工作目标、实施步骤): there a sentence that begins with
    a bare year (``2021年全面推进…``) is a deadline as well; elsewhere it takes 到, 底, 前 or 力争. ``heading`` is the
    length of the clause's heading: a year there (``2023年重点工作``) names the work, it does not end it.
    """
    key = _without(text.key, skip)
    for sentence in _SENTENCE.finditer(key):
        aims: list[dates.Point] = []
        for p in _points_in(key, sentence, made):
            stated = _is_aim(key, p, sentence.start(), goals and (p.start >= heading or p.since is not None))
            if stated or (aims and _is_next_step(key, aims[-1], p)):
                aims.append(p)
        aims = [p for p in aims if made is None or p.day >= made]
        if not aims:
            continue
        parts = [sentence.start(), *(m.end() for m in _BEFORE_PART.finditer(key, *sentence.span()))]
        for point, following in zip(aims, [*aims[1:], None], strict=False):
            start = _part_start(key, parts, point.start)
            end = _part_start(key, parts, following.start) if following else sentence.end()
            if end <= start:
                continue
            yield RunningDeadline(point.day, start, _shortened(key, start, end))


def _points_in(key: str, sentence: re.Match[str], made: date | None) -> list[dates.Point]:
    if not any(c in sentence[0] for c in "年月五"):
        return []
    inside = key[sentence.start() : sentence.end()]
    shift = sentence.start()
    found = _days(inside, made.year if made else None)
    kept: list[dates.Point] = []
    for p in found:
        if kept and p.start + shift < kept[-1].end:
            continue
        kept.append(dates.Point(p.start + shift, p.end + shift, p.day, p.year_written, p.since, p.plan_period))
    return kept


def _is_aim(key: str, point: dates.Point, sentence_start: int, goals: bool) -> bool:
    before = key[max(sentence_start, point.start - 4) : point.start]
    after = key[point.end : point.end + 4]
    written = key[point.start : point.end]
    if before.endswith(("自", "从", "比", "较", "以")) or after.startswith(("起", "以来", "为基")):
        return False
    if not point.year_written and not (
        after.startswith(("前", "之前", "以前")) or written.startswith(("今年", "本年"))
    ):
        return False
    if point.since is not None:
        return goals or before.endswith(("阶段（", "阶段：", "阶段"))
    if point.plan_period:
        return written.endswith("末") or (before.endswith(("到", "力争", "至")) and "期" in written)
    if _AIM_AFTER.match(after) or written[-1] in "底末":
        return True
    if re.search(r"(?:到|至|力争|确保|争取|截至|截止到?)$", before):
        return True
    return goals and point.year_written and _AIM_BEFORE.search(before) is not None


def _is_next_step(key: str, before: dates.Point, point: dates.Point) -> bool:
    """2024年6月底前出台细则，2025年全面实施: a later year behind a deadline is the next one."""
    return point.year_written and point.day > before.day and key[point.start - 1] == "，" and point.since is None


def _part_start(key: str, parts: Sequence[int], at: int) -> int:
    """Where the part of a sentence begins in which a day stands; ``parts`` begins with the sentence itself."""
    sentence = parts[0]
    if at - sentence <= _STAGE_LENGTH and _STAGE_BEFORE.search(key[sentence:at]):
        return sentence
    return _last(parts, at)


def _shortened(key: str, start: int, end: int) -> int:
    if end - start <= _MAX_TEXT:
        while end > start and key[end - 1] in "，；。、：":
            end -= 1
        return end
    cut = key.rfind("，", start, start + _MAX_TEXT)
    return cut if cut > start else start + _MAX_TEXT


def _without(key: str, skip: list[tuple[int, int]]) -> str:
    """The text with quoted titles and document numbers blanked out, a stop in place of annotations, positions kept."""
    spans = [(a, b, "。") for a, b in skip] + [(*m.span(), "□") for m in _TITLE.finditer(key)]
    pieces: list[str] = []
    at = 0
    for a, b, blank in sorted(spans):
        if b <= at:
            continue
        pieces += [key[at:a], blank * (b - max(a, at))]
        at = b
    return "".join([*pieces, key[at:]])


def sets_goals(titles: list[str]) -> bool:
    """Whether a clause, by its own or an outer heading, sets out aims or stages."""
    return any(_STAGE.search(t[:40]) for t in titles)
