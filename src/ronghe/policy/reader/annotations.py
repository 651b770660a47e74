"""Where the annotations of a clause are (责任标注的位置): brackets, label lines, and damaged ones.

An ordinary bracket of running text — ``（VCS…）``, ``（以下简称“一区两市”）``, ``（某政办发〔2019〕10号）`` — names no
duty and is left alone. A bracket that looks like an annotation and cannot be read is reported, never dropped.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from ronghe.policy.reader.fields import Fields, labels_in, read_fields, trimmed
from ronghe.policy.reader.normalise import DAMAGED, Mapped, key_of
from ronghe.policy.reader.sentences import duties_inside, last_sentence
from ronghe.policy.reader.units import bracket_pairs
from ronghe.policy.reader.vocabulary import (
    BODY_END,
    GROUP,
    LABEL_AT_START,
    LABEL_BARE,
    LABEL_IN_BRACKETS,
    UNKNOWN_LABEL,
)

_VERB_HINT = re.compile(r"负责|牵头|配合|参与|参加|落实|协助|协同|组织实施|会同")
_BETWEEN = re.compile(r"^[\s。，；、]*$")
_ONLY_DEADLINE = re.compile(r"(?:前|底|末)(?:完成|取得.{0,12}|基本完成|全面完成|落实|建成|到位)?$")
_NOT_DUTY = re.compile(
    r"以下简称|以下统称|〔\d{4}〕|以下称|^\d+$|^(?:以下|下列|具体任务|各项任务)[^，；（]{0,10}(?:均|都|皆)"
)
_PLACE_END = re.compile(r"^.{2,8}(?:[县区旗州盟镇乡]|(?<![城超菜股])市|街道)$")
_ANYBODY = re.compile(r"自愿|自行|自主|自己|村民|农民|农户|群众|居民|业主|集体|个人|志愿者|经营者|投资|谁")
_CLOSING = {"（": "）", "〔": "〕", "【": "】"}


@dataclass(slots=True)
class Annotation:
    """One annotation: its place in the clause's text, what it says, and what was odd about it."""

    start: int
    end: int
    fields: Fields
    oddities: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Found:
    """Annotations of one clause in order, and stretches that look like one but could not be read."""

    annotations: list[Annotation] = field(default_factory=list)
    unread: list[tuple[int, int]] = field(default_factory=list)


def find(text: Mapped, own_places: Collection[str]) -> Found:
    """All annotations of a clause's text, in document order, neighbours that complete each other put together."""
    found = Found()
    _label_brackets(text, own_places, found)
    marked = Spans(_taken(found))
    for opening, closing in _nested(text.key, bracket_pairs(text.key)):
        if not marked.cover(opening):
            _bracket(text, opening, closing, own_places, found)
    _labels_outside(text, own_places, found)
    _unknown_labels(text, found)
    found.annotations = merge(text, sorted(found.annotations, key=lambda a: a.start))
    _without_ledger_fields(found)
    if not found.annotations and not found.unread:
        running = last_sentence(text, own_places) or duties_inside(text, own_places)
        if running is not None:
            found.annotations.append(Annotation(*running, {"sentence"}))
    return found


def _nested(key: str, pairs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Outermost brackets; where one holds a label only in an inner bracket, the inner one."""
    for opening, closing in pairs:
        inside = key[opening + 1 : closing]
        inner = re.search(r"[（〔【](?=.{0,4}(?:单位|部门)：)", inside)
        if inner and not next(labels_in(inside, 0, min(inner.start(), 60)), None):
            yield from ((a + opening + 1, b + opening + 1) for a, b in bracket_pairs(inside))
        else:
            yield opening, closing


def _bracket(text: Mapped, opening: int, closing: int, own_places: Collection[str], found: Found) -> None:
    key = text.key
    inside = key[opening + 1 : closing]
    labelled = next(labels_in(key, opening + 1, closing), None)
    if labelled is None and (len(inside) > 400 or len(inside) < 3 or _NOT_DUTY.search(inside)):
        return
    at_end = closing + 1 >= len(key) or key[closing + 1] in "\n。；" or key[opening - 1 : opening] == "。"
    verb = _VERB_HINT.search(inside)
    if labelled is None and not verb and not at_end:
        return
    fields = read_fields(text, opening + 1, closing, own_places)
    annotation = Annotation(opening, closing + 1, fields)
    if _CLOSING.get(key[opening]) != key[closing]:
        annotation.oddities.add("mixed_brackets")
    if "\n" in inside:
        annotation.oddities.add("broken")
    if fields.labels:
        if fields.present() or fields.others:
            found.annotations.append(annotation)
            found.unread += _note_unread(annotation)
        else:
            found.unread.append((opening, closing + 1))
        return
    if labelled is not None:
        found.unread.append((opening, closing + 1))
        return
    _unlabelled(annotation, inside, at_end, found)


def _unlabelled(annotation: Annotation, inside: str, at_end: bool, found: Found) -> None:
    fields = annotation.fields
    annotation.oddities.add("unlabelled")
    if fields.names and len(fields.doubtful) <= (len(fields.names) if fields.has_verb and at_end else 0):
        found.unread += _note_unread(annotation)
        if fields.has_verb:
            found.annotations.append(annotation)
        elif at_end and _are_bodies([key_of(n.name) for n in fields.names]):
            annotation.oddities.add("no_verb")
            found.annotations.append(annotation)
        return
    if not fields.names and fields.deadline is not None and at_end and _ONLY_DEADLINE.search(inside):
        found.annotations.append(annotation)
        return
    if fields.has_verb and at_end and (fields.names or _names_somebody(inside)):
        found.unread.append((annotation.start, annotation.end))


def _note_unread(annotation: Annotation) -> list[tuple[int, int]]:
    """Names that no body has; the others of the annotation stand, with less confidence."""
    if annotation.fields.doubtful:
        annotation.oddities.add("unread_name")
    return annotation.fields.doubtful


def _names_somebody(inside: str) -> bool:
    """县魔方负责 names a body we do not know; 村集体自愿负责 and 由村民负责 say how a thing is done."""
    return len(inside) <= 30 and not _ANYBODY.search(inside) and not any(c in inside for c in "，。；：“《")


def _are_bodies(names: list[str]) -> bool:
    """Whether names without any verb of duty are bodies; a city or county may stand behind a department."""
    department = BODY_END.search(names[0]) is not None
    return all(BODY_END.search(n) or GROUP.match(n) or (department and _PLACE_END.search(n)) for n in names)


def _label_brackets(text: Mapped, own_places: Collection[str], found: Found) -> None:
    """``【责任单位】甲局、乙局`` to the end of its paragraph."""
    marks = list(LABEL_IN_BRACKETS.finditer(text.key))
    for match, following in zip(marks, [*marks[1:], None], strict=False):
        stop = text.key.find("\n", match.end())
        stop = len(text) if stop < 0 else stop
        if following and following.start() < stop:
            stop = following.start()
        start, end = trimmed(text.key, match.end(), stop)
        fields = _labelled(text, match[1], start, end, own_places)
        if fields.present():
            annotation = Annotation(match.start(), end, fields)
            found.annotations.append(annotation)
            shift = start - len(match[1]) - 1  # the label and its colon stand before the value there
            found.unread += [(a + shift, b + shift) for a, b in _note_unread(annotation)]


def _labelled(text: Mapped, label: str, start: int, end: int, own_places: Collection[str]) -> Fields:
    """A value whose label stands apart from it."""
    head = Mapped(label + "：", [text.offsets[start] if start < len(text.offsets) else 0] * (len(label) + 1))
    body = Mapped(head.text + text.text[start:end], [*head.offsets, *text.offsets[start:end]])
    return read_fields(body, 0, len(body), own_places)


def _labels_outside(text: Mapped, own_places: Collection[str], found: Found) -> None:
    """Label lines («002»), labels behind a full stop, and annotations that lost a bracket («001» 二(一)1)."""
    key = text.key
    at = 0
    taken = Spans(_taken(found))
    for start, value, label in sorted({*labels_in(key, 0, len(key)), *_bare_label_lines(text)}):
        if start < at or taken.cover(start):
            continue
        begin, oddities = _beginning(text, start, label)
        if begin is None:
            continue
        end, unmatched = _ending(key, value, taken)
        at = end
        first, last = trimmed(key, start, end)
        fields = read_fields(text, first, last, own_places)
        if not fields.present() and not fields.others:
            found.unread.append((begin, end))
            continue
        if unmatched != (begin < start and key[begin] in "（〔【") and "damaged" not in oddities:
            oddities.add("lost_bracket")
        annotation = Annotation(begin, end, fields, oddities)
        found.annotations.append(annotation)
        found.unread += _note_unread(annotation)


def _without_ledger_fields(found: Found) -> None:
    """监督单位：县纪委, and nothing else: it tells nobody to do anything, so it makes no task and is left to a person."""
    kept = []
    for a in found.annotations:
        if a.fields.labels and not a.fields.present():
            found.unread.append((a.start, a.end))
        else:
            kept.append(a)
    found.annotations = kept


def _unknown_labels(text: Mapped, found: Found) -> None:
    """``责任地区：石门镇``: a label of the field that we do not know is unread, with its value."""
    taken = Spans(_taken(found))
    for match in UNKNOWN_LABEL.finditer(text.key):
        if not taken.cover(match.start(1)):
            found.unread.append(match.span(1))


def _bare_label_lines(text: Mapped) -> Iterator[tuple[int, int, str]]:
    """``责任单位　县林业局`` on a line of its own: a blank stands for the colon."""
    start = 0
    while start < len(text):
        match = LABEL_BARE.match(text.key, start)
        if match and match.end() < len(text) and text.offsets[match.end()] - text.offsets[match.end() - 1] > 1:
            yield match.start(), match.end(), match[1]
        stop = text.key.find("\n", start)
        start = stop + 1 if stop >= 0 else len(text)


def _beginning(text: Mapped, start: int, label: str) -> tuple[int | None, set[str]]:
    """Where an annotation outside brackets begins, or None when the label is a word of running text."""
    key = text.key
    for damage in DAMAGED.finditer(text.text, max(0, start - 12), start):
        if damage.end() == start:
            return damage.start(), {"damaged"}
    if label == "任单位":
        return start, {"damaged"}
    before = key[start - 1] if start else "\n"
    if before in "（〔【":
        return start - 1, set()
    if before in "\n。；•" or (before in "）！？—" and start > 1):
        return start, set() if before in "\n" else {"inline"}
    return None, set()


def _ending(key: str, start: int, taken: Spans) -> tuple[int, bool]:
    """The end of a value outside brackets, and whether a bracket closes there that was never opened."""
    depth = 0
    empty = True
    stop = taken.next_start(start, len(key))
    for i in range(start, stop):
        c = key[i]
        if c in "（〔【":
            depth += 1
        elif c in "）〕】":
            if depth == 0:
                return i + 1, True
            depth -= 1
        elif (depth == 0 and c == "\n" and not empty and key[i - 1] not in "、，") or (
            c == "\n" and LABEL_AT_START.match(key, i + 1)
        ):
            return i, False
        elif depth == 0 and c == "。" and next(labels_in(key, i + 1, min(i + 12, len(key))), (0,))[0] != i + 1:
            return i + 1, False
        empty = empty and c in "\n：。"
    return stop, False


def merge(text: Mapped, annotations: list[Annotation]) -> list[Annotation]:
    """Put together neighbours such as ``（责任单位：…）（完成时限：…）`` or label lines below one another."""
    merged: list[Annotation] = []
    for annotation in annotations:
        last = merged[-1] if merged else None
        if (
            last is not None
            and _BETWEEN.match(text.key[last.end : annotation.start])
            and not last.fields.present() & annotation.fields.present()
        ):
            for name in annotation.fields.present():
                setattr(last.fields, name, getattr(annotation.fields, name))
            last.fields.others.update(annotation.fields.others)
            last.fields.labels |= annotation.fields.labels
            last.fields.first_is_lead |= annotation.fields.first_is_lead
            last.fields.definitions += annotation.fields.definitions
            last.end = annotation.end
            last.oddities |= annotation.oddities
        else:
            merged.append(annotation)
    return merged


def _taken(found: Found) -> list[tuple[int, int]]:
    return [(a.start, a.end) for a in found.annotations] + found.unread


class Spans:
    """Stretches already read; asked many times, so they are kept sorted."""

    def __init__(self, stretches: list[tuple[int, int]]) -> None:
        self.stretches: list[tuple[int, int]] = []
        for a, b in sorted(stretches):  # an unread stretch may stand inside an annotation
            if self.stretches and a < self.stretches[-1][1]:
                self.stretches[-1] = (self.stretches[-1][0], max(b, self.stretches[-1][1]))
            else:
                self.stretches.append((a, b))
        self.starts = [a for a, _ in self.stretches]

    def cover(self, at: int) -> bool:
        """Whether a position stands in one of them; they do not overlap."""
        i = bisect_right(self.starts, at) - 1
        return i >= 0 and at < self.stretches[i][1]

    def next_start(self, at: int, end: int) -> int:
        """Where the next one begins, or ``end``."""
        i = bisect_right(self.starts, at)
        return self.starts[i] if i < len(self.starts) else end
