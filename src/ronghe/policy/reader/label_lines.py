"""Where the value of a label ends, when it runs to the end of a line (标注行的续行).

``责任单位：县教育局、县财政局`` is a paragraph of its own, and what stands below it is the next one. Its value goes on
in the next line only where the line's end broke it: behind 、, inside a name, or where a list has one name a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ronghe.policy.reader.units import MAX_NAME, PART_OF_BODY, is_whole_name, looks_like_unit
from ronghe.policy.reader.vocabulary import DUTY, LABEL, LABEL_BARE, LABEL_IN_BRACKETS, TRAILING, label_field

_BEFORE_LABEL = "。；•！？）—"
_GOES_ON = "、，/"
_PIECES = re.compile(r"[、，；/]")
_STOP = re.compile("[。；]")
_STARTS_WITHIN = re.compile(r"^[、，；）]")
_REST_OF_DAY = re.compile(r"^(?:[年月日底末前至到—]|之前|以前|季度|\d{1,2}[月日])[^，。；]{0,12}[。；]?$")
_ONLY_DONE = re.compile(r"^(?:基本|全面|全部)?(?:完成|落实|到位|建成)[。；]?$")
#: So much of a value is kept as its end is judged by.
_KEPT = 200


@dataclass(frozen=True, slots=True)
class OpenValue:
    """A label whose value reaches the end of what was read: its field, and the value's end."""

    field: str
    value: str

    def followed(self, key: str) -> OpenValue | None:
        """The value with another line behind it."""
        return None if "。" in key else OpenValue(self.field, (self.value + key)[-_KEPT:])

    def goes_on(self, key: str, full: bool) -> str | None:
        """What joins the next line to the value: nothing (a broken name), 、 (another name), None for a paragraph.

        Args: ``full`` says that the page's layout broke the line: it reaches the width of the page.
        """
        if not self.value or self.value[-1] in _GOES_ON or _STARTS_WITHIN.match(key):
            return ""
        if self.field in {"lead", "responsible", "cooperating"}:
            return self._names_go_on(key, full)
        if full:
            return ""
        if self.field == "areas":
            return self._areas_go_on(key)
        if self.field == "deadline":
            return "" if self._day_goes_on(key) else None
        return None

    def _names_go_on(self, key: str, full: bool) -> str | None:
        key = _STOP.split(key, maxsplit=1)[0]  # behind a stop another field or sentence begins
        tail, head = _last(self.value), _PIECES.split(key)[0]
        if not is_whole_name(_bare(tail)):
            return "" if full or looks_like_unit(_bare(tail + head)) else None
        verb = DUTY.search(key)
        if verb and verb.start() == 0 and not DUTY.search(tail):  # 县财政局 / 按职责分工负责
            return ""
        if full or PART_OF_BODY.match(head):
            return "" if looks_like_unit(_bare(head)) else None
        return "、" if all(looks_like_unit(_bare(p)) for p in _PIECES.split(key)) else None

    def _areas_go_on(self, key: str) -> str | None:
        tail, head = _last(self.value), _PIECES.split(key.rstrip("。；"))[0]
        if not looks_like_unit(tail):
            return "" if looks_like_unit(tail + head) else None
        return "、" if all(looks_like_unit(p) for p in _PIECES.split(key.rstrip("。；"))) else None

    def _day_goes_on(self, key: str) -> bool:
        if _ONLY_DONE.match(key):
            return True
        return _REST_OF_DAY.match(key) is not None and self.value[-1] in "0123456789年月至到—底末"


def open_value(key: str) -> OpenValue | None:
    """The last label of a line when nothing closes its value before the line's end."""
    last: tuple[int, str] | None = None
    for match in LABEL.finditer(key):
        before = key[match.start() - 1] if match.start() else "。"
        if before in _BEFORE_LABEL:
            last = (match.end(), label_field(match[1]))
    for match in LABEL_IN_BRACKETS.finditer(key):
        last = (match.end(), label_field(match[1]))
    bare = LABEL_BARE.fullmatch(key)
    if bare:
        last = (bare.end(), label_field(bare[1]))
    if last is None:
        return None
    value = key[last[0] :]
    closed = sum(map(value.count, "）〕】")) > sum(map(value.count, "（〔【"))
    return None if closed or "。" in value else OpenValue(last[1], value[-_KEPT:])


def _last(value: str) -> str:
    return _PIECES.split(value)[-1][-2 * MAX_NAME :]


def _bare(piece: str) -> str:
    """A piece without the verb of duty and the 等部门 behind its name."""
    return TRAILING.sub("", DUTY.sub("", piece.removeprefix("由")))
