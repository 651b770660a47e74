"""Text that remembers where it came from (文本归一).

A plan is read in a cleaned form: pinyin noise cut, simplified characters, no layout spaces. Every character of the
cleaned form keeps the code-point offset of its original, so that whatever is found can be shown in the document
as it was published.

Three forms of one stretch stand side by side, character for character:
``text`` is what is quoted to people (simplified, punctuation as written); ``key`` is what the grammar reads
(punctuation in one form, so that ``(责任单位:`` and ``（责任单位：`` are the same to it).
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, repeat
from typing import Protocol

TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜêńňǹḿ"
#: Pinyin put behind a character by a careless web converter: ``區(qū)縣`` («001» throughout).
_PINYIN = re.compile(rf"(?<=[\u3400-\u9fff])[(（][ \u00a0]?([a-züɡ{TONED}]{{1,8}})[ \u00a0]?[)）]", re.IGNORECASE)
#: The same noise with its opening bracket lost: ``轉變?yōu)榧`` or ``組織?!藏?zé)任``; a character is gone there.
DAMAGED = re.compile(
    rf"(?:[?？][!！][\u3400-\u9fff]?)?[?？][a-zü]{{0,7}}[{TONED}][a-zü]{{0,4}}[)）][?？]?|\ufffd+", re.I
)
_MARKUP = re.compile(
    r"\*\*|__|^[ \t\u3000]*#{1,6}\s+|[\u200b-\u200f\u2060\ufeff\u00ad]|</?[A-Za-z][^<>\n]{0,200}>|&(?:nbsp|ensp|emsp|#160|#12288);"
)
_FULL_STOP = re.compile(r"(?<=[\u4e00-\u9fff）])(?<![一二三四五六七八九十])\.(?=$|[\u4e00-\u9fff（\n ])")
_INK = re.compile(r"[^\s\u3000\u00a0]+")
_WORD_EDGE = re.compile(r"[A-Za-z0-9]")

_KEY = str.maketrans(
    {
        "(": "（", ")": "）", "﹙": "（", "﹚": "）", "[": "〔", "［": "〔", "﹝": "〔", "﹞": "〕", "〖": "【", "〗": "】", "{": "（", "}": "）", "｛": "（", "｝": "）", "﹒": ".", "]": "〕", "］": "〕",
        ",": "，", ":": "：", "∶": "：", "︰": "：", ";": "；", "﹔": "；", "|": "；", "｜": "；", "?": "？", "!": "！", "．": ".",
        '"': "“", "”": "“", "＂": "“", "~": "—", "～": "—", "-": "—", "–": "—", "―": "—", "─": "—", "－": "—",
        "‐": "—", "‑": "—", "﹑": "、", "､": "、", "｡": "。", "•": "•", "·": "•", "●": "•", "▪": "•", "■": "•",
    }
)  # fmt: skip
_ASCII = str.maketrans({chr(c): chr(c - 0xFEE0) for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B),
                                                          *range(0xFF41, 0xFF5B))})  # fmt: skip
#: Standard simplified characters that t2s would still change (乾县, 於潜镇 are names): kept in a simplified document.
_ALSO_SIMPLIFIED = frozenset("乾於藉瞭夥徵馀著麽剋覆苧甯")
#: t2s leaves 著 where the particle 着 is meant.
_PARTICLE = re.compile(r"(?<=[跟随沿朝向本为围对意味标带接看])著(?![名作])")


def key_of(text: str) -> str:
    """A text with its punctuation in one form, character for character."""
    key = text.translate(_KEY)
    return _FULL_STOP.sub("。", key) if "." in key else key


@dataclass(frozen=True, slots=True)
class Mapped:
    """A cleaned stretch of text and the original offset of each of its characters.

    A document has a few of these for every line: ``offsets`` is a range where nothing was cut out, else an array.
    """

    text: str
    offsets: Sequence[int]
    _key: str | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def key(self) -> str:
        """The same characters with punctuation in one form; what patterns are matched on."""
        if self._key is None:
            object.__setattr__(self, "_key", key_of(self.text))
        return self._key or ""

    def __len__(self) -> int:
        return len(self.text)

    def cut(self, start: int, end: int | None = None) -> Mapped:
        """The part from ``start`` to ``end``, with its offsets."""
        return Mapped(self.text[start:end], self.offsets[start:end])

    def place(self, start: int = 0, end: int | None = None) -> tuple[int, int]:
        """Half-open original offsets of a part; an empty part has an empty place."""
        end = len(self.text) if end is None else min(end, len(self.text))
        if not self.offsets:
            return (0, 0)
        if start >= end:
            at = self.offsets[min(start, len(self.offsets) - 1)]
            return (at, at)
        return (self.offsets[start], self.offsets[end - 1] + 1)


EMPTY = Mapped("", ())


def joined(parts: Iterable[Mapped], between: str = "") -> Mapped:
    """Parts put together in order; ``between`` is given the offset of the character before it."""
    several = list(parts)
    if len(several) == 1:  # most paragraphs are one line, and most clauses one paragraph
        return several[0]
    offsets = array("I")
    for i, part in enumerate(several):
        if i and between:
            offsets.extend([offsets[-1] if offsets else 0] * len(between))
        offsets.extend(part.offsets)
    return Mapped(between.join(p.text for p in several), offsets)


class _Converter(Protocol):
    def convert(self, text: str, /) -> str: ...


@cache
def _opencc() -> _Converter:
    import opencc  # loaded with the first document: the dictionaries are not needed to import the room

    converter: _Converter = opencc.OpenCC("t2s")
    return converter


@dataclass(frozen=True)
class Cleaner:
    """How one document is cleaned; its habits (pinyin noise, traditional script) are judged once, on the whole."""

    cuts_plain_pinyin: bool
    traditional: bool

    @classmethod
    def for_document(cls, text: str) -> Cleaner:
        """Judge the habits of a document.

        Toneless Latin in brackets (``(de)``) is cut only where toned pinyin is everywhere: elsewhere it is a term.
        """
        sample = text[:200_000]
        toned = sum(1 for m in _PINYIN.finditer(sample) if _has_tone(m[1]))
        bare = sample if toned < 5 else _PINYIN.sub("", sample)
        changed = sum(1 for a, b in zip(bare, simplified(bare), strict=False) if a != b)
        return cls(cuts_plain_pinyin=toned >= 5, traditional=changed * 50 > max(len(bare), 1))

    def clean(self, raw: str, start: int = 0) -> Mapped:
        """One line of the original, that begins at offset ``start``, in its cleaned form."""
        cuts = [m.span() for m in _MARKUP.finditer(raw)]
        if "(" in raw or "（" in raw:
            cuts += [m.span() for m in _PINYIN.finditer(raw) if self.cuts_plain_pinyin or _has_tone(m[1])]
        pieces: list[str] = []
        runs: list[range] = []
        for a, b in _kept(sorted(cuts), len(raw)):
            for ink in _INK.finditer(raw, a, b):
                # a space between two Latin words is theirs; between Chinese characters it is layout
                last = pieces[-1][-1] if pieces else ""
                parted = ink.start() > 0 and raw[ink.start() - 1].isspace()
                if parted and last.isascii() and last.isalnum() and _WORD_EDGE.match(ink[0]):
                    pieces.append(" ")
                    runs.append(range(start + ink.start() - 1, start + ink.start()))
                pieces.append(ink[0])
                runs.append(range(start + ink.start(), start + ink.end()))
        return self._simplify("".join(pieces).translate(_ASCII), _offsets(runs))

    def _simplify(self, text: str, offsets: Sequence[int]) -> Mapped:
        out = simplified(text)
        if len(out) != len(text):  # a phrase changed its length: convert by character, so that offsets hold
            chars = [simplified(c) for c in text]
            offsets = array("I", chain.from_iterable(repeat(at, len(c)) for at, c in zip(offsets, chars, strict=True)))
            out = "".join(chars)
        elif not self.traditional and out != text:
            out = "".join(a if a in _ALSO_SIMPLIFIED else b for a, b in zip(text, out, strict=True))
        if self.traditional and "著" in out:
            out = _PARTICLE.sub("着", out)
        return Mapped(out, offsets)


def _offsets(runs: list[range]) -> Sequence[int]:
    return runs[0] if len(runs) == 1 else array("I", chain.from_iterable(runs))


def simplified(text: str) -> str:
    """Traditional characters turned into simplified ones (繁体转简体)."""
    return _opencc().convert(text)


def _has_tone(letters: str) -> bool:
    return any(c in TONED for c in letters.lower())


def _kept(cuts: list[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """The stretches between cuts; cuts may touch or overlap."""
    at = 0
    for a, b in cuts:
        if a > at:
            yield at, a
        at = max(at, b)
    if at < length:
        yield at, length
