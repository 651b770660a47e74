"""Characters of a PDF page, and the lines they make."""

import unicodedata
from dataclasses import dataclass
from typing import Final, NamedTuple

# CJK Radicals Supplement has no compatibility mapping in Unicode; fonts put these in a character's place.
_SUPPLEMENT: Final = dict(
    zip(
        "⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳⻁",
        "母民西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟虎",
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its box in points, y upwards."""

    char: str
    left: float
    bottom: float
    right: float
    top: float
    is_bad: bool = False
    was_radical: bool = False

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 1.0)


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page and where it stands: 0 at the foot, 1 at the head. A row of a table is never furniture."""

    text: str
    place: float
    is_row: bool = False


class Char(NamedTuple):
    """What a code of the text layer stands for."""

    text: str
    bad: bool
    radical: bool


def unified(code: int) -> Char | None:
    """The character to read for a code; nothing for control characters.

    Many converters write 一 as the radical U+2F00: it looks the same but no search finds it (Unicode §18.2).
    """
    if code in (0, 0xFFFE, 0xFFFF, 0xFFFD) or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return Char("\ufffd", True, False)
    char = chr(code)
    if 0x2F00 <= code <= 0x2FDF:
        return Char(unicodedata.normalize("NFKC", char), False, True)
    if char in _SUPPLEMENT:
        return Char(_SUPPLEMENT[char], False, True)
    if 0xE000 <= code <= 0xF8FF:
        return Char("\ufffd", True, False)
    if code < 0x20 or 0x7F <= code < 0xA0:
        return Char(" ", False, False) if code == 9 else None
    return Char(" " if char == "\xa0" else char, False, False)
