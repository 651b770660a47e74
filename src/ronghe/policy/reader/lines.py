"""The lines of a document: what is text, what is a table row, what is page furniture (页面杂项).

A line is one line of the file. Web pages and PDF text bring lines that are not the document's own (print buttons,
page numbers, contents pages); they are set aside here, so that no later step takes them for a unit or a heading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ronghe.policy.reader.normalise import EMPTY, Cleaner, Mapped, joined

_BREAK = re.compile(r"\r\n|[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]")
_FURNITURE = re.compile(
    r"字体大小|加大字体|缩小字体|【?字体：|字号：|打印(?:本页|此页)|取消收藏|浏览(?:次数|量)|点击(?:数|率|量|次数)|阅读(?:次数|量)"
    r"|责任编辑|上一[篇条]|下一[篇条]|版权所有|当前位置|您(?:所在|现在|当前)的?位置|首页[>›»]|关闭(?:窗口|本页)|分享到|扫一扫"
    r"|如果?您对(?:该|此|本)文件有疑问|网站地图|ICP备|技术支持："
)
_FURNITURE_ALONE = re.compile(
    r"^(?:打印|收藏|关闭|分享|返回顶部|正文|网上咨询|下载|保存|微信|微博|；|[大中小\s]{1,5})+$"
)
#: Page furniture often stands on one line with the day of publication, which is wanted.
_METADATA = re.compile(r"(?:发布|公开|成文|印发|发文)(?:时间|日期)：?\d{4}|索引号|发文字号")
_RULE = re.compile(r"^[\s|:—\-+=]+$")
_PAGE_NUMBER = re.compile(r"^(?:[—\s]*\d{1,4}[—\s]*|第\d{1,4}页(?:[，/]?共\d{1,4}页)?)$")
_CONTENTS_ENTRY = re.compile(r"(?:…{2,}|\.{4,}|•{4,}|．{4,})\d{0,4}$|[\u4e00-\u9fff）]\d{1,3}$")
_CHAPTER_INSIDE = re.compile(r"(?<=[。；：）)\s])[一二三四五六七八九十]{1,3}、(?![一二三四五六七八九十])")
_ITEM_INSIDE = re.compile(
    r"(?<=[。；：）)\s〕】])(?:[一二三四五六七八九十]{1,3}、(?![一二三四五六七八九十])|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．][ \u3000]?(?=[\u4e00-\u9fff“《])|[①-⑳](?=[\u4e00-\u9fff]))"
)
_NUMBER_INSIDE = re.compile(
    r"(?<=[\u4e00-\u9fff）》])\s+([\u4e00-\u9fff]{2,10}[〔\[（(]\d{4}[〕\]）)]\s*\d{1,4}[号號])\s+(?=[\u4e00-\u9fff])"
)
#: [责任单位：… | 配合单位：… | 完成时间：…]: bars between the fields of an annotation, and not between cells.
_FIELDS = re.compile(
    r"[（(\[［【〔][^）)\]］】〕|]{2,10}[:：][^）)\]］】〕|]{0,400}\||^\s*[\u4e00-\u9fff]{2,8}[:：][^|]*\|[^|]*[:：]"
)
_NARROW = re.compile(r"[ -~]+")
_TERMINAL = "。：！？；）】〕”…>》"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file; ``cells`` is set when the line is a table row (cells divided by tabs).

    ``width`` is its width on the page in Chinese characters, indent included; Latin letters are half as wide.
    """

    number: int
    start: int
    end: int
    width: int
    indented: bool
    text: Mapped
    cells: tuple[Mapped, ...] = ()
    after_blank: bool = False

    @property
    def key(self) -> str:
        """What patterns are matched on."""
        return self.text.key

    @property
    def is_row(self) -> bool:
        """Whether the line is a row of a table."""
        return len(self.cells) > 1

    def ends_sentence(self) -> bool:
        """Whether the line may be the last of its paragraph (句末标点)."""
        return bool(self.key) and self.key[-1] in _TERMINAL


def split(text: str, cleaner: Cleaner) -> list[Line]:
    """The document's lines in order, without blank lines and page furniture; offsets stay those of ``text``."""
    lines: list[Line] = []
    blank = False
    for at, end in _unfolded(text, _stretches(text)):
        line = _line(len(lines), text[at:end], at, cleaner, blank)
        if line is None:
            blank = blank or not text[at:end].strip()
        else:
            lines.append(line)
            blank = False
    return _without_contents(lines)


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for stop in _BREAK.finditer(text):
        yield at, stop.start()
        at = stop.end()
    yield at, len(text)


def _unfolded(text: str, stretches: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """A web copy may have lost all its line breaks: then chapters and items stand behind a stop or a blank."""
    for a, b in _at_number(text, stretches):
        if b - a < 120 or (b - a) * 2 < len(text) or len(_CHAPTER_INSIDE.findall(text, a, b)) < 2:
            yield a, b
            continue
        first = _CHAPTER_INSIDE.search(text, a, b)
        head = first.start() if first else a
        cuts = [a, *(m.end() for m in re.compile(r"\s+").finditer(text, a, head))]
        cuts += [m.start() for m in _ITEM_INSIDE.finditer(text, head, b)]
        yield from ((x, y) for x, y in pairwise([*cuts, b]) if y > x)


def _at_number(text: str, stretches: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Title, 发文字号 and first sentence on one line, divided by blanks, are three lines."""
    for i, (a, b) in enumerate(stretches):
        match = _NUMBER_INSIDE.search(text, a, min(b, a + 200)) if i < 8 else None
        if match is None:
            yield a, b
            continue
        cuts = [a, match.start(1), match.end(1), b]
        yield from ((x, y) for x, y in pairwise(cuts) if text[x:y].strip())


def _line(number: int, raw: str, start: int, cleaner: Cleaner, after_blank: bool) -> Line | None:
    if not raw.strip():
        return None
    cells: tuple[Mapped, ...] = ()
    if raw.count("|") > 1 and not _FIELDS.search(raw):
        if _RULE.match(raw):
            return None
        raw = _piped(raw)
    if "\t" in raw.strip(" \u3000").rstrip("\t") or raw.count("\t") > 1:
        at = start
        parts = []
        for cell in raw.split("\t"):
            parts.append(cleaner.clean(cell, at) if cell.strip() else EMPTY)
            at += len(cell) + 1
        cells = tuple(parts)
        # an indented paragraph is not a row: a row has two filled cells, or an empty one between tabs
        if sum(1 for c in cells if c) < 2 and len(cells) < 3:
            cells = ()
    text = joined([c for c in cells if c]) if cells else cleaner.clean(raw, start)
    if not text.text:
        return None
    if not cells and _is_furniture(text.key):
        return None
    shown = raw.rstrip()
    width = len(shown) - sum(map(len, _NARROW.findall(shown))) // 2
    return Line(number, start, start + len(raw), width, raw[0].isspace(), text, cells, after_blank)


def _piped(raw: str) -> str:
    """A row of a table in Markdown, with its bars as tabs; the length stays, so that offsets hold."""
    edge = raw.strip()
    inner = raw.replace("|", "\t")
    if edge.startswith("|"):
        inner = inner.replace("\t", " ", 1)
    if edge.endswith("|"):
        cut = inner.rindex("\t")
        inner = inner[:cut] + " " + inner[cut + 1 :]
    return inner


def _is_furniture(key: str) -> bool:
    if len(key) > 120 or _METADATA.search(key):
        return False
    return bool(_PAGE_NUMBER.match(key) or _FURNITURE_ALONE.match(key) or _FURNITURE.search(key))


def _without_contents(lines: list[Line]) -> list[Line]:
    """Drop a contents page (目录): its entries repeat the headings and end in page numbers."""
    head = next((i for i, line in enumerate(lines[:400]) if line.key in {"目录", "目次"}), None)
    if head is None:
        return [x for x in lines if not (len(x.key) < 120 and _CONTENTS_ENTRY.search(x.key) and _dotted(x.key))]
    # with a heading 目录 the page numbers may be missing: the contents end where their first entry comes again
    first = lines[head + 1].key if head + 1 < len(lines) else ""
    name = re.sub(r"[.…•\s\d]+$", "", first)
    for i in range(head + 2, len(lines)):
        if name and lines[i].key.startswith(name):
            return lines[:head] + lines[i:]
    return [x for i, x in enumerate(lines) if not (i == head or (i > head and _dotted(x.key)))]


def _dotted(key: str) -> bool:
    return "…" in key[-12:] or "...." in key[-12:] or "••••" in key[-12:]


def wrap_width(lines: Sequence[Line]) -> int | None:
    """The width at which a file was broken into lines by its layout (PDF 硬换行), or None for one line a paragraph.

    In such a file most lines have nearly the same length and only the last of a paragraph is shorter.
    """
    lengths = [x.width for x in lines if not x.is_row]
    if len(lengths) < 20:
        return None
    counts = Counter(n for n in lengths if n >= 15)
    near = {n: sum(counts[k] for k in range(n - 2, n + 3)) for n in counts}
    if not near:
        return None
    mode = max(near, key=lambda n: (near[n], n))
    return mode if mode <= 60 and near[mode] * 2 > len(lengths) else None
