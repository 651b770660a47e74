"""Word's automatic numbers, written out: in a docx the outline's 一、（一）1. are often not in the text at all.

Source: ECMA-376 Part 1 §17.9 (numbering), §17.7 (styles), §17.3.1.19 (numPr of a paragraph).
"""

import re
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from ronghe.policy.reader.intake.numerals import numeral
from ronghe.policy.reader.intake.rendered import is_han
from ronghe.policy.reader.intake.wordml import attribute, child, children, flag, number, value

_LEVELS: Final = 9
_PLACE: Final = re.compile(r"%([1-9])")
# Symbol and Wingdings keep their bullets in the private area.
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
# A style may be based on another at most this deep; a circle must end somewhere.
_STYLE_CHAIN: Final = 20


@dataclass(frozen=True)
class Level:
    """One level of a list (w:lvl)."""

    start: int = 1
    number_format: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart_after: int | None = None  # 1-based level that restarts this one; 0: never; None: any level above
    all_arabic: bool = False
    style: str | None = None


@dataclass(frozen=True)
class _Num:
    """A list in use (w:num): an abstract definition and what is overridden in it."""

    abstract: str
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Style:
    name: str
    based_on: str | None
    num_id: str | None
    level: int | None


class Styles:
    """What paragraph styles say about numbering, and their names."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self.default: str | None = None
        for style in children(root, "style"):
            style_id = attribute(style, "styleId") or ""
            num_pr = child(child(style, "pPr"), "numPr")
            self._styles[style_id] = _Style(
                name=(value(style, "name") or "").lower(),
                based_on=value(style, "basedOn"),
                num_id=value(num_pr, "numId"),
                level=number(value(num_pr, "ilvl")),
            )
            if attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true", "on"):
                self.default = style_id

    def name(self, style_id: str | None) -> str:
        """The style's name in lower case (``heading 1``, ``toc 2``); the identifier may be anything."""
        found = self._styles.get(style_id or "")
        return found.name if found else (style_id or "").lower()

    def numbering(self, style_id: str | None) -> tuple[str | None, int | None, str | None]:
        """The list, its level, and the style of the chain that names it (the level may hang on that style)."""
        level: int | None = None
        for _ in range(_STYLE_CHAIN):
            style = self._styles.get(style_id or "")
            if style is None:
                break
            level = style.level if level is None else level
            if style.num_id is not None:
                return style.num_id, level, style_id
            style_id = style.based_on
        return None, level, None


class Numbering:
    """The running numbers of one document. ``label`` is called once for each paragraph, in order."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstracts: dict[str, dict[int, Level]] = {}
        links: dict[str, str] = {}
        for abstract in children(root, "abstractNum"):
            abstract_id = attribute(abstract, "abstractNumId") or ""
            self._abstracts[abstract_id] = _levels(abstract)
            if link := value(abstract, "numStyleLink"):
                links[abstract_id] = link
        self._nums = {attribute(num, "numId") or "": self._num(num) for num in children(root, "num")}
        for abstract_id, link in links.items():
            # The levels stand with the style's own list (§17.9.21).
            real = self._nums.get(styles.numbering(link)[0] or "")
            if real is not None:
                self._abstracts[abstract_id] = self._abstracts.get(real.abstract, {})
        self._counters: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def label(self, p_pr: etree._Element | None, style_id: str | None) -> str:
        """The number of this paragraph with what follows it (``一、``, ``（二）``, ``3. ``), or nothing."""
        num_pr = child(p_pr, "numPr")
        num_id, level_no = value(num_pr, "numId"), number(value(num_pr, "ilvl"))
        if num_id is None:
            num_id, style_level, named_by = self._styles.numbering(style_id or self._styles.default)
            if level_no is None:
                level_no = self._level_of_style(num_id, style_id, named_by)
            level_no = style_level if level_no is None else level_no
        num = self._nums.get(num_id or "")
        level_no = level_no or 0
        # numId 0 takes the numbering away (§17.9.18).
        if num is None or num_id == "0" or not 0 <= level_no < _LEVELS:
            return ""
        return self._count(num_id or "", num, level_no)

    def _num(self, num: etree._Element) -> _Num:
        overridden: dict[int, Level] = {}
        starts: dict[int, int] = {}
        for override in children(num, "lvlOverride"):
            at = number(attribute(override, "ilvl")) or 0
            if (start := number(value(override, "startOverride"))) is not None:
                starts[at] = start
            if level := next(iter(_levels(override).values()), None):
                overridden[at] = level
        return _Num(value(num, "abstractNumId") or "", overridden, starts)

    def _level(self, num: _Num, at: int) -> Level:
        return num.levels.get(at) or self._abstracts.get(num.abstract, {}).get(at) or Level()

    def _level_of_style(self, num_id: str | None, *style_ids: str | None) -> int | None:
        """The level that is tied to a style by w:pStyle (§17.9.23): heading 2 is level 2 without saying so."""
        num = self._nums.get(num_id or "")
        if num is None:
            return None
        for style_id in style_ids:
            for at in range(_LEVELS):
                if style_id is not None and self._level(num, at).style == style_id:
                    return at
        return None

    def _count(self, num_id: str, num: _Num, at: int) -> str:
        # Lists that share a definition count on together (§17.9.15), unless one overrides the start.
        counters = self._counters.setdefault(num.abstract, {})
        level = self._level(num, at)
        if at in num.starts and (num_id, at) not in self._begun:
            counters[at] = num.starts[at]
        elif at in counters:
            counters[at] += 1
        else:
            counters[at] = level.start
        self._begun.add((num_id, at))
        for deeper in [d for d in counters if d > at]:
            restart = self._level(num, deeper).restart_after
            if restart is None or (restart != 0 and at < restart):
                del counters[deeper]
        return self._written(num, level, at, counters)

    def _written(self, num: _Num, level: Level, at: int, counters: dict[int, int]) -> str:
        if level.number_format == "bullet":
            sign = _PRIVATE.sub("•", level.text.strip())
            return f"{sign} " if sign else ""

        def place(found: re.Match[str]) -> str:
            other_at = int(found[1]) - 1
            other = self._level(num, other_at)
            shown = "decimal" if level.all_arabic and other_at < at else other.number_format
            return numeral(counters.get(other_at, other.start), shown)

        sign = _PLACE.sub(place, level.text).strip()
        if not sign or level.suffix == "nothing":
            return sign
        # A tab would look like a table's cell. After 、 and ） the gap is only type-setting; after "1." it is read.
        return sign if level.suffix == "tab" and is_han(sign[-1]) else sign + " "


def _levels(parent: etree._Element) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for lvl in children(parent, "lvl"):
        at = number(attribute(lvl, "ilvl")) or 0
        start = number(value(lvl, "start"))
        found[at] = Level(
            # Left out it should mean zero (§17.9.25), but programs that leave it out mean one: no outline begins at 〇.
            start=1 if start is None else start,
            number_format=_format(lvl),
            text=(value(lvl, "lvlText") or "")[:100],
            suffix=value(lvl, "suff") or "tab",
            restart_after=number(value(lvl, "lvlRestart")),
            all_arabic=flag(lvl, "isLgl"),
            style=value(lvl, "pStyle"),
        )
    return found


def _format(lvl: etree._Element) -> str:
    """w:numFmt stands alone or within mc:AlternateContent, whose Fallback every reader knows."""
    direct = value(lvl, "numFmt")
    if direct is None:
        for alternate in lvl:
            if isinstance(alternate.tag, str) and alternate.tag.endswith("}AlternateContent"):
                for option in reversed(alternate):
                    direct = direct or value(option, "numFmt")
    return direct or "decimal"
