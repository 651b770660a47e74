"""The tree of numbered clauses (条款树), from lines that the layout may have broken.

A clause is what a number marker at the beginning of a line opens. Its text is its paragraphs; a paragraph broken by
a page («004» has them inside unit names and labels) is put together again here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from ronghe.policy.reader.label_lines import OpenValue, open_value
from ronghe.policy.reader.lines import Line
from ronghe.policy.reader.markers import CIRCLED, Marker, read_marker
from ronghe.policy.reader.normalise import Mapped, joined
from ronghe.policy.reader.vocabulary import LABEL_AT_START, LABEL_BARE, LABEL_IN_BRACKETS

_BULLET = re.compile(r"^(?:——|•|◆|★|※|注：)")
_LABEL_THEN_CIRCLED = re.compile(rf"^[\u4e00-\u9fff]{{0,8}}：(?=[{CIRCLED}])")
#: 任务来源：, 总投资：: below a label line any other label begins a line of its own.
_OTHER_LABEL = re.compile(r"^[\u4e00-\u9fff]{2,8}：")
_ANNEX_ALONE = re.compile(r"^附(?:件|表)(?:\d{1,2}|[一二三四五六七八九十]{1,2})?[：.]?$")
_ANNEX_LIST = re.compile(r"^附(?:件|表)\d{0,2}[：.、]")
_TAIL = re.compile(
    r"^(?:抄送|主送|抄报|分送|印送)[：:]|\d日(?:印发|印制)$|^（?此件(?:公开发布|主动公开|不予公开|依申请公开)）?$"
)
#: ``…特`` / ``色镇。…``: no paragraph begins with a sentence of a few characters, a broken heading may end so.
_FEW_WORDS = re.compile(r"^[^。，；：、]{1,5}。")
_BRACKETS = re.compile(r"[（〔【）〕】]")
_MAX_JOINED_LINES = 40
_LONGEST_LABEL = 12


@dataclass(eq=False, slots=True)
class Clause:
    """One numbered clause while the tree is built; the root and the annexes have no marker."""

    marker: Marker | None
    label: str
    parent: Clause | None
    parts: list[list[Mapped]] = field(default_factory=list)
    children: list[Clause] = field(default_factory=list)
    start: int = 0
    _path: tuple[str, ...] | None = None
    _paragraphs: list[Mapped] | None = None
    _text: Mapped | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """Labels from outside in: ``("三", "(二)", "3")``; to be asked for only when the tree is complete."""
        if self._path is None:
            above = self.parent.path if self.parent else ()
            self._path = (*above, self.label) if self.label else above
        return self._path

    @property
    def paragraphs(self) -> list[Mapped]:
        """The paragraphs, broken lines put together; to be asked for only when the tree is complete."""
        if self._paragraphs is None:
            self._paragraphs = [joined(parts) for parts in self.parts]
            self.parts = []
        return self._paragraphs

    @property
    def text(self) -> Mapped:
        """The clause's own text without its sub-clauses; paragraphs are divided by a line feed."""
        if self._text is None:
            self._text = joined(self.paragraphs, "\n")
        return self._text

    def walk(self) -> Iterator[Clause]:
        """This clause and all below it, in document order."""
        stack = [self]
        while stack:
            clause = stack.pop()
            yield clause
            stack.extend(reversed(clause.children))

    def lineage(self) -> Iterator[Clause]:
        """The clauses around this one, nearest first."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent


@dataclass
class Outline:
    """What stands in the plan's body: the clauses, the table rows (a list for each annex) the names of its attachments, and lines whose marker was not believed."""

    root: Clause
    tables: list[list[Line]]
    attachments: list[Mapped]
    annexes: list[Line]
    doubtful: list[Line]


def build(lines: Sequence[Line], start: int, claimed: Collection[int], width: int | None) -> Outline:
    """Read the lines from index ``start`` on; lines whose number is ``claimed`` belong to the head."""
    return _Builder(lines, width).read(start, claimed)


class _Builder:
    def __init__(self, lines: Sequence[Line], width: int | None) -> None:
        self.lines = lines
        self.width = width
        self.root = Clause(None, "", None)
        self.out = Outline(self.root, [[]], [], [], [])
        self.at = self.root
        self.last_of_kind: dict[str, int] = {}
        self.depth = 0
        self.open_lines = 0
        self.value: OpenValue | None = None  # the label whose value reaches the end of the paragraph so far
        self.mode = "body"
        self.in_box = False
        self.attachment: list[Mapped] = []  # the lines of the attachment's name that is being read

    def read(self, start: int, claimed: Collection[int]) -> Outline:
        previous: Line | None = None
        for i in range(start, len(self.lines)):
            line = self.lines[i]
            if line.number in claimed:
                previous = None
                continue
            if line.is_row:
                self.out.tables[-1].append(line)
                previous = None
                continue
            if self._special(line):
                previous = None
                continue
            following = self.lines[i + 1] if i + 1 < len(self.lines) else None
            self._text(line, previous, following)
            previous = line
        self._end_attachment()
        return self.out

    def _special(self, line: Line) -> bool:
        """Annex titles, attachment lists and the tail of the official form are no clauses."""
        if _ANNEX_ALONE.match(line.key) or (self.mode == "annex" and _ANNEX_ALONE.match(line.key[:4])):
            self.out.annexes.append(line)
            self._new_annex(line)
            return True
        if _ANNEX_LIST.match(line.key) and len(line.key) < 120 and self.depth == 0:
            self.mode = "attachments"
            self._begin_attachment(line.text.cut(_end(_ANNEX_LIST, line.key)))
            return True
        if _TAIL.search(line.key) and len(line.key) < 200 and self.depth == 0:
            self.mode = "tail"
            return True
        if self.mode == "attachments" and len(line.key) < 120:
            self._attachment(line)
            return True
        return self.mode == "tail" and not self._resumes(line)

    def _resumes(self, line: Line) -> bool:
        """Behind the official tail a new first chapter may follow (another document in the file)."""
        marker = read_marker(line.text)
        if marker is None or marker.rank > 50 or not (marker.number == 1 or self._is_due(marker)):
            return False
        self.mode = "body"
        return True

    def _new_annex(self, line: Line) -> None:
        self.mode = "body"
        self.out.tables.append([])
        self.last_of_kind = {}
        self.in_box = False
        if self.root.children:
            annex = Clause(None, line.text.text.rstrip("：:.．"), self.root, start=line.start)
            self.root.children.append(annex)
            self.at = annex
        else:
            self.at = self.root
        self.depth = 0

    def _attachment(self, line: Line) -> None:
        marker = read_marker(line.text)
        if marker and marker.kind in {"num", "num_paren"}:
            self._begin_attachment(line.text.cut(marker.length))
        elif self.attachment:
            self.attachment.append(line.text)

    def _begin_attachment(self, name: Mapped) -> None:
        self._end_attachment()
        self.attachment = [name]

    def _end_attachment(self) -> None:
        if self.attachment:
            self.out.attachments.append(joined(self.attachment))

    def _text(self, line: Line, previous: Line | None, following: Line | None) -> None:
        marker = read_marker(line.text)
        if marker and marker.kind == "box" and self.at.marker is not None:
            self.in_box = True
        elif marker and self._is_next(marker):
            self.in_box = False
        if self.in_box:  # 专栏: its own numbers are items of a box within the clause, not clauses
            self._paragraph(line.text)
            return
        if marker and self._opens(marker, line, previous):
            self._open(marker, line)
            return
        if marker and marker.rank < 70:
            self.out.doubtful.append(line)
        between = self._between(line, previous, following, marker is not None)
        if between is not None:
            self._extend(line.text, between)
            return
        split = _LABEL_THEN_CIRCLED.match(line.key)
        if split:
            self._paragraph(line.text.cut(0, split.end()))
            rest = line.text.cut(split.end())
            circled = read_marker(rest)
            if circled:
                self._place(circled, rest, line)
            return
        self._paragraph(line.text)

    def _opens(self, marker: Marker, line: Line, previous: Line | None) -> bool:
        """Whether the marker opens a clause; on a broken line it must be the number that is due."""
        if previous is None or not self.at.parts or (self.at.marker is None and marker.rank <= 50 and self.depth == 0):
            return True
        if self.depth > 0 and not (previous.ends_sentence() and self._is_due(marker)):
            follows = marker.rank < 70 and self._is_next(marker)
            return self._is_due(marker) and (follows or previous.key[-1] in "。）〕；")
        if self.width is not None and marker.rank >= 70 and self._runs_on(line, previous):
            return False
        if previous.ends_sentence() or self._heading_only():
            return True
        return self._is_due(marker)

    def _runs_on(self, line: Line, previous: Line) -> bool:
        """In a file broken at a fixed width an inline （2） may come to stand at the beginning of a line."""
        return previous.width >= (self.width or 0) - 2 and not line.indented

    def _is_next(self, marker: Marker) -> bool:
        """Whether a marker counts on from a clause that is open, so that it cannot stand there by chance."""
        open_clauses = (self.at, *self.at.lineage())
        return any(
            c.marker and c.marker.kind == marker.kind and c.marker.number + 1 == marker.number for c in open_clauses
        )

    def _is_due(self, marker: Marker) -> bool:
        clause: Clause | None = self.at
        while clause is not None and clause.marker is not None:
            if clause.marker.kind == marker.kind:
                return marker.number == clause.marker.number + 1
            clause = clause.parent
        return marker.number in {1, self.last_of_kind.get(marker.kind, 0) + 1}

    def _open(self, marker: Marker, line: Line) -> None:
        self._place(marker, line.text, line)

    def _place(self, marker: Marker, text: Mapped, line: Line) -> None:
        rank = self._rank(marker)
        marker = Marker(marker.kind, rank, marker.number, marker.label, marker.length)
        above = self.at
        while above.marker is not None and above.marker.rank >= rank and above.parent is not None:
            above = above.parent
        body = text.cut(marker.length)
        clause = Clause(marker, marker.label, above, start=text.offsets[0] if text.offsets else line.start)
        above.children.append(clause)
        self.at = clause
        self.last_of_kind[marker.kind] = marker.number
        self.depth = 0
        self._paragraph(body)
        if LABEL_BARE.fullmatch(body.key):  # 三、责任单位 is a heading
            self.value = None

    def _rank(self, marker: Marker) -> int:
        """任务一 stands outside （一） where it comes directly below a chapter, and inside it otherwise."""
        if marker.kind == "task":
            kinds = [c.marker for c in (self.at, *self.at.lineage()) if c.marker]
            same = next((m.rank for m in kinds if m.kind == "task"), None)
            if same is not None:
                return same
            return 55 if kinds and 50 in {m.rank for m in kinds} else 45
        if marker.kind == "decimal":
            return marker.rank + marker.label.count(".")
        return marker.rank

    def _heading_only(self) -> bool:
        """Whether the clause so far is a heading that stands alone on its line."""
        if self.at.marker is None or len(self.at.parts) != 1 or len(self.at.parts[0]) > 4:
            return False
        key = "".join(part.key for part in self.at.parts[0])
        return len(key) <= 80 and not any(c in key for c in "。；")

    def _between(self, line: Line, previous: Line | None, following: Line | None, is_marker: bool) -> str | None:
        """What stands between the paragraph so far and a line that goes on with it; None for a new paragraph."""
        if previous is not None and self.at.parts and self.value is not None and self.depth == 0:
            if previous.key[-1] in "。；" or _BULLET.match(line.key) or _starts_label(line.text):
                return None
            return self.value.goes_on(line.key, self._is_full(previous, line))
        return "" if self._continues(line, previous, following, is_marker) else None

    def _is_full(self, previous: Line, line: Line) -> bool:
        return self.width is not None and previous.width >= self.width - 4 and not line.indented

    def _continues(self, line: Line, previous: Line | None, following: Line | None, is_marker: bool) -> bool:
        if previous is None or not self.at.parts:
            return False
        # a bracket still open after a full stop was never closed: it must not swallow what follows
        if self.depth > 0 and self.open_lines < _MAX_JOINED_LINES and previous.key[-1] != "。":
            return True
        if previous.ends_sentence() or _BULLET.match(line.key) or _starts_annotation(line.text):
            return False
        if is_marker:
            return True
        if self._heading_only():
            return self._heading_goes_on(line, previous, following)
        return self.width is None or previous.width >= self.width - 4 or not line.after_blank

    def _heading_goes_on(self, line: Line, previous: Line, following: Line | None) -> bool:
        """Whether a heading without text was broken in two: «004» 三 leaves two characters for the next line."""
        if previous.key[-1] in "、，和与及的" or (previous.width >= 15 and _FEW_WORDS.match(line.key)):
            return True
        if self.width is not None:
            return previous.width >= self.width - 4
        short = len(line.key) <= 12 and not any(c in line.key[:-1] for c in "。；：，")
        return short and (following is None or read_marker(following.text) is not None)

    def _paragraph(self, text: Mapped) -> None:
        self.at.parts.append([text])
        self.depth, self.open_lines = 0, 0
        self._count(text.key)
        self.value = open_value(text.key)

    def _extend(self, text: Mapped, between: str) -> None:
        before = self.at.parts[-1][-1]
        if between:
            self.at.parts[-1].append(Mapped(between, [before.offsets[-1]] * len(between)))
        self.at.parts[-1].append(text)
        self.open_lines += 1
        self._count(text.key)
        # a label may have been broken as well: 责任单 / 位：县水利局
        new = open_value(before.key[-_LONGEST_LABEL:] + text.key) if "：" in text.key or "】" in text.key else None
        self.value = new or (self.value.followed(text.key) if self.value else None)

    def _count(self, key: str) -> None:
        for bracket in _BRACKETS.finditer(key):
            self.depth = self.depth + 1 if bracket[0] in "（〔【" else max(0, self.depth - 1)


def _starts_label(line: Mapped) -> bool:
    """A line that begins with a label, known or not: below a label line it begins a line of its own."""
    known = _starts_annotation(line) or LABEL_IN_BRACKETS.match(line.key) or LABEL_BARE.fullmatch(line.key)
    return bool(known) or _OTHER_LABEL.match(line.key) is not None


def _starts_annotation(line: Mapped) -> bool:
    """A line that begins with a label; a blank may stand for the label's colon."""
    bare = LABEL_BARE.match(line.key)
    gap = bare is not None and bare.end() < len(line) and line.offsets[bare.end()] - line.offsets[bare.end() - 1] > 1
    return gap or LABEL_AT_START.match(line.key) is not None


def _end(pattern: re.Pattern[str], key: str) -> int:
    match = pattern.match(key)
    return match.end() if match else 0
