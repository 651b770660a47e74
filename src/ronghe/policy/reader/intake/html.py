"""A web page → text: one block a line, tables as tab-separated rows, list numbers written out.

The page is read as a stream of tags; no tree is built, so depth and size cost no memory. Parsing is libxml2's, which
follows the tokenizer of the HTML Standard (§13.2.5).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from ronghe.policy.reader.errors import FileBomb, FileDamaged, FileWithoutText
from ronghe.policy.reader.intake.encodings import decode
from ronghe.policy.reader.intake.grid import Cell, Table
from ronghe.policy.reader.intake.html_furniture import is_furniture, is_hidden, is_label, label_of, never_text
from ronghe.policy.reader.intake.html_lists import HtmlList, open_list, with_label
from ronghe.policy.reader.intake.limits import HTML_CHARS, HTML_ELEMENTS, HTML_END_TAG_WORK, HTML_TABLE_DEPTH
from ronghe.policy.reader.intake.rendered import Rendered, check_length, clean, is_han, join_pieces, text_of

WHAT: Final = "网页"
_CHUNK: Final = 64 * 1024
_CHARSET: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,30})""", re.IGNORECASE)
_INLINE_PICTURE: Final = re.compile(r"""data:[a-z]+/[^"'\s>]{500,}""")
_BLOCKS: Final = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hr", "html", "legend", "li", "main", "menu", "ol", "p", "pre", "section", "summary", "tbody",
        "tfoot", "thead", "ul",
    }
)  # fmt: skip
_LABELLING: Final = frozenset({"b", "strong", "span", "em", "label", "i", "font", "dt"})
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")
_SITE_NAME: Final = re.compile(r"\s*(?:[_|｜]|\s[-–—]\s|--+|-(?=[^-]{2,20}(?:网|门户|政府|平台)$))\s*")
_DOCUMENT_WORD: Final = re.compile("方案|计划|通知|意见|规划|办法|规定|决定|公告|条例|细则|措施|纲要|要点")


def html_text(data: bytes) -> Rendered:
    """The text of a web page.

    Raises: FileNotText, FileBomb, FileTooLong; FileWithoutText when the page shows pictures only.
    """
    declared = _CHARSET.search(data[:4096].replace(b"\0", b""))
    decoded = decode(data, declared=declared[1].decode("ascii") if declared else None)
    markup = _INLINE_PICTURE.sub("data:", decoded.text)
    if len(markup) > HTML_CHARS:
        raise FileBomb(what=WHAT, reason=f"超过 {HTML_CHARS} 个字符")
    page = _walk(markup, drop_furniture=True)
    if page.furniture_chars > page.kept_chars:
        # A site may call the frame of its articles "position" or "share": then the names mean nothing here.
        page = _walk(markup, drop_furniture=False)
    text = text_of(_with_title(page))
    if not text:
        raise FileWithoutText(what=WHAT, images=page.images)
    return Rendered(text, decoded.encoding, None, (*decoded.notes, *page.notes()))


def _walk(markup: str, *, drop_furniture: bool) -> "_Page":
    page = _Page(drop_furniture=drop_furniture, end_tags=markup.count("</"))
    # huge_tree: no tree is built; without it libxml2 begins anew in every comment above 10 MB.
    parser = etree.HTMLParser(target=page, huge_tree=True)
    try:
        for at in range(0, len(markup), _CHUNK):
            parser.feed(markup[at : at + _CHUNK])
        parser.close()
    except (etree.XMLSyntaxError, UnicodeEncodeError) as error:
        raise FileDamaged(what=WHAT, reason="标记无法解析") from error
    return page


@dataclass
class _Flow:
    """Lines in the making: of the page, or of one cell."""

    lines: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    label: str = ""  # a list number waiting for its text
    after_key: bool = False  # a metadata label has ended: a colon belongs between it and its value

    def end_line(self) -> None:
        text = _collapsed("".join(self.pieces))
        self.pieces.clear()
        if text and self.after_key and is_label(text):
            text = label_of(text) + "："
        self.after_key = False
        if text:
            self.lines.append(with_label(self.label, text) if self.label else text)
            self.label = ""


@dataclass
class _OpenTable:
    table: Table = field(default_factory=lambda: Table(what=WHAT))
    cell: Cell | None = None
    flow: _Flow = field(default_factory=_Flow)


class _Page:
    """The receiver of tags and text."""

    def __init__(self, *, drop_furniture: bool, end_tags: int) -> None:
        self._drop_furniture = drop_furniture
        self._end_tags = end_tags
        self._depth = 0
        self._elements = 0
        self._skip_from: int | None = None  # depth of the element whose content is left out
        self._skip_counts_as = ""
        self._pre = 0
        self._main = _Flow()
        self._tables: list[_OpenTable] = []
        self._tables_ignored = 0
        self._lists: list[HtmlList] = []
        self._in_title = False
        self._title: list[str] = []
        self.has_h1 = False
        self.images = 0
        self.kept_chars = 0
        self.furniture_chars = 0
        self.hidden_chars = 0

    @property
    def lines(self) -> list[str]:
        return self._main.lines

    @property
    def title(self) -> str:
        return "".join(self._title)

    # -- what lxml calls -------------------------------------------------------------------------------------------

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._elements > HTML_ELEMENTS:
            raise FileBomb(what=WHAT, reason=f"标记超过 {HTML_ELEMENTS} 个")
        if self._depth * self._end_tags > HTML_END_TAG_WORK:
            raise FileBomb(what=WHAT, reason=f"标记嵌套 {self._depth} 层")
        if self._skip_from is None:
            self._decide_skip(tag, attributes)
        if self._skip_from is None:
            self._open(tag, attributes)

    def end(self, tag: str) -> None:
        if self._skip_from is None:
            self._close(tag)
        elif self._depth == self._skip_from:
            self._skip_from = None
        self._depth -= 1

    def data(self, text: str) -> None:
        if self._in_title:
            self._title.append(text)
        elif self._skip_from is not None:
            if self._skip_counts_as:
                shown = len(text.strip())
                self.furniture_chars += shown if self._skip_counts_as == "furniture" else 0
                self.hidden_chars += shown if self._skip_counts_as == "hidden" else 0
        else:
            self.kept_chars += len(text.strip())
            check_length(self.kept_chars)
            self._add(text)

    def close(self) -> None:
        while self._tables:
            self._end_table()
        self._main.end_line()

    # -- blocks ----------------------------------------------------------------------------------------------------

    def _decide_skip(self, tag: str, attributes: Mapping[str, str]) -> None:
        if never_text(tag):
            self._skip_counts_as = ""
        elif is_hidden(tag, attributes):
            self._skip_counts_as = "hidden"
        elif self._drop_furniture and is_furniture(tag, attributes):
            self._skip_counts_as = "furniture"
        else:
            return
        self._skip_from = self._depth

    def _open(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "title":
            self._in_title = True
        elif tag == "img":
            self.images += 1
        elif tag == "br":
            self._flow.end_line()
        elif tag == "table":
            self._begin_table()
        elif tag in ("tr", "td", "th"):
            self._begin_cell_or_row(tag, attributes)
        elif tag in _BLOCKS:
            self._begin_block(tag, attributes)

    def _begin_block(self, tag: str, attributes: Mapping[str, str]) -> None:
        # A description follows its term on the same line: 索引号：00511…
        if not (tag == "dd" and self._flow.after_key):
            self._flow.end_line()
        if tag == "h1":
            self.has_h1 = True
        elif tag == "pre":
            self._pre += 1
        elif tag in ("ol", "ul", "menu", "dir"):
            self._lists.append(open_list(tag, attributes))
        elif tag == "li" and self._lists:
            self._flow.label = self._lists[-1].label(attributes)

    def _close(self, tag: str) -> None:
        flow = self._flow
        if tag in _LABELLING and flow.pieces and not flow.after_key and is_label(_collapsed("".join(flow.pieces[-8:]))):
            flow.after_key = len(flow.pieces) <= 8
        if tag == "title":
            self._in_title = False
        elif tag == "table":
            if self._tables_ignored:
                self._tables_ignored -= 1
            elif self._tables:
                self._end_table()
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag in _BLOCKS:
            if not (tag == "dt" and flow.after_key):
                flow.end_line()
            if tag in ("ol", "ul", "menu", "dir") and self._lists:
                self._lists.pop()
            self._pre -= tag == "pre"
            if tag == "li":
                flow.label = ""

    def _add(self, text: str) -> None:
        flow = self._flow
        if flow.after_key and text.strip():
            if is_label(key := _collapsed("".join(flow.pieces))):
                flow.pieces = [label_of(key), "" if text.lstrip()[0] in ":：" else "："]
            flow.after_key = False
        if self._pre and "\n" in text:
            *whole, rest = text.split("\n")
            for line in whole:
                flow.pieces.append(line)
                flow.end_line()
            text = rest
        flow.pieces.append(text)

    # -- tables ----------------------------------------------------------------------------------------------------

    @property
    def _flow(self) -> _Flow:
        for opened in reversed(self._tables):
            if opened.cell is not None:
                return opened.flow
        return self._main

    def _begin_table(self) -> None:
        self._flow.end_line()
        if len(self._tables) >= HTML_TABLE_DEPTH:
            self._tables_ignored += 1
        else:
            self._tables.append(_OpenTable())

    def _begin_cell_or_row(self, tag: str, attributes: Mapping[str, str]) -> None:
        if not self._tables or self._tables_ignored:
            self._flow.end_line()
            return
        self._end_cell()
        opened = self._tables[-1]
        if tag == "tr" or not opened.table.rows:
            opened.table.rows.append([])
        if tag != "tr":
            opened.cell = Cell(colspan=_span(attributes, "colspan", 1), rowspan=_span(attributes, "rowspan", 1))
            opened.flow = _Flow()
            opened.table.rows[-1].append(opened.cell)

    def _end_cell(self) -> None:
        self._flow.end_line()
        if self._tables and not self._tables_ignored:
            opened = self._tables[-1]
            if opened.cell is not None:
                opened.cell.lines = opened.flow.lines
                opened.cell = None

    def _end_table(self) -> None:
        self._end_cell()
        table = self._tables.pop().table
        table.rows = [row for row in table.rows if row]
        lines = _metadata_lines(table) or table.lines()
        self._flow.lines += lines
        if self._tables and (outer := self._tables[-1].cell) is not None:
            outer.nested_chars += sum(map(len, lines))

    def notes(self) -> list[str]:
        notes = []
        if self.hidden_chars > 20:
            notes.append(f"网页中有隐藏的文字（约 {self.hidden_chars} 字），没有读入。")
        if self.furniture_chars > 20:
            notes.append(
                f"网页中名为导航、分享、页脚等的部分（约 {self.furniture_chars} 字）没有读入，请对照原网页核对。"
            )
        if self.images:
            notes.append(f"网页中有 {self.images} 幅图片，图片里的文字没有读入。")
        return notes


def _collapsed(text: str) -> str:
    """White space as a browser shows it, except that a line break between two Chinese characters is none."""

    def gap(found: re.Match[str]) -> str:
        before, after = found.string[found.start() - 1 : found.start()], found.string[found.end() : found.end() + 1]
        return "" if "\n" in found[0] and before and after and is_han(before) and is_han(after) else " "

    return clean(_SPACES.sub(gap, text.strip()).replace("\xa0", " ")).strip()


def _span(attributes: Mapping[str, str], name: str, otherwise: int) -> int:
    found = re.match(r"\s*(\d{1,6})", attributes.get(name, ""))
    return int(found[1]) if found else otherwise


def _metadata_lines(table: Table) -> list[str]:
    """``key：value`` lines for the head table of government sites (索引号 | … | 主题分类 | …); nothing for others."""
    pairs: list[tuple[str, str]] = []
    for row in table.rows:
        texts = [cell.run_together() for cell in row]
        if len(texts) % 2 or any(len(key) > 20 for key in texts[::2]):
            return []
        pairs += [(key, text) for key, text in zip(texts[::2], texts[1::2], strict=True) if key or text]
    known = sum(is_label(key) for key, _ in pairs)
    if known < 2 or 2 * known < len(pairs):
        return []
    return [f"{label_of(key)}：{text}" for key, text in pairs]


def _with_title(page: _Page) -> list[str]:
    """The lines; before them the page's title when the page has no heading and does not say it anyway."""
    lines = page.lines
    title = _SITE_NAME.split(join_pieces(page.title.split()))[0].strip()
    if page.has_h1 or not _DOCUMENT_WORD.search(title):
        return lines
    head = re.sub(r"\s", "", "".join(lines[:60]))
    return lines if re.sub(r"\s", "", title) in head else [title, *lines]
