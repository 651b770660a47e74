"""docx → text: paragraphs as lines, tables as tab-separated rows, automatic numbers written out.

What is taken: the main story with text boxes, content controls, hyperlinks, results of fields, inserted revisions.
What is left out: deleted revisions, headers and footers, hidden text, the table of contents (it would double every
heading), footnotes and comments (a footnote in the middle of the ledger would be read as part of a task; footnotes
are quoted in the notes instead). Source: ECMA-376 Part 1 §17.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from lxml import etree

from ronghe.policy.reader.errors import FileWithoutText
from ronghe.policy.reader.intake.docx_numbering import Numbering, Styles
from ronghe.policy.reader.intake.docx_package import WHAT, Package
from ronghe.policy.reader.intake.docx_symbols import symbol
from ronghe.policy.reader.intake.grid import Cell, Table
from ronghe.policy.reader.intake.limits import FOOTNOTES_NOTED, NOTE_CHARS
from ronghe.policy.reader.intake.numerals import circled
from ronghe.policy.reader.intake.rendered import Rendered, clean, join_pieces, text_of
from ronghe.policy.reader.intake.wordml import attribute, child, children, flag, name_of, number, value

# Containers that add nothing of their own; a row, a cell or a paragraph may stand within them.
_TRANSPARENT: Final = frozenset(
    {"ins", "moveTo", "customXml", "smartTag", "sdtContent", "hyperlink", "fldSimple", "dir", "bdo"}
)
_REMOVED: Final = frozenset({"del", "moveFrom"})
_TOC: Final = re.compile(r"(?:toc|目录)\s?\d")
# The way Word builds circled numbers above twenty: EQ \o\ac(○,21).
_CIRCLED: Final = re.compile(r"EQ\s*\\o\s*\\ac\s*\(\s*[○〇]\s*[,，;]\s*(\d{1,2})\s*\)", re.IGNORECASE)


def docx_text(data: bytes) -> Rendered:
    """The text of a docx.

    Raises: FileDamaged, FileBomb, FileEncrypted, FileTooLong; FileWithoutText when it holds pictures only.
    """
    package = Package(data)
    root = package.main()
    styles = Styles(package.beside_main("styles"))
    story = _Story(styles, Numbering(package.beside_main("numbering"), styles))
    body = child(root, "body")
    text = text_of(story.blocks(body)) if body is not None else ""
    images = sum(1 for _ in root.iter("{*}blip", "{*}imagedata"))
    if not text:
        raise FileWithoutText(what=WHAT, images=images)
    notes = _notes(story.seen, images) + _footnotes(package, styles)
    return Rendered(text, notes=tuple(notes))


class _Story:
    """The walk through the main story; ``seen`` counts what a person should be told about."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering
        self.seen: Counter[str] = Counter()

    def blocks(self, container: etree._Element) -> list[str]:
        """The lines of a body, a cell or a text box."""
        lines: list[str] = []
        carried = ""  # text of a paragraph whose mark was deleted: it runs on into the next one
        for block in self._unwrapped(container, "p", "tbl", "altChunk"):
            match name_of(block):
                case "p":
                    carried = self._paragraph(block, carried, lines)
                case "tbl":
                    lines += self._table(block).lines()
                case _:
                    self.seen["altChunk"] += 1
        if carried:
            lines.append(carried)
        return lines

    def _unwrapped(self, container: etree._Element, *wanted: str) -> Iterator[etree._Element]:
        """The elements wanted, also those within transparent containers and content controls."""
        for element in container:
            name = name_of(element)
            if name in wanted:
                yield element
            elif name == "sdt":
                if self._is_contents_table(element):
                    continue
                for content in children(element, "sdtContent"):
                    yield from self._unwrapped(content, *wanted)
            elif name in _TRANSPARENT:
                yield from self._unwrapped(element, *wanted)
            elif name in _REMOVED:
                self.seen["revision"] += 1
            elif name.endswith("}AlternateContent"):
                for option in _chosen(element):
                    yield from self._unwrapped(option, *wanted)

    def _is_contents_table(self, sdt: etree._Element) -> bool:
        gallery = value(child(child(sdt, "sdtPr"), "docPartObj"), "docPartGallery")
        if gallery != "Table of Contents":
            return False
        self.seen["toc"] += 1
        return True

    def _paragraph(self, p: etree._Element, carried: str, lines: list[str]) -> str:
        """Add a paragraph's lines, its text boxes after it; return what runs on into the next."""
        p_pr = child(p, "pPr")
        style = value(p_pr, "pStyle")
        if _TOC.match(self._styles.name(style)):
            self.seen["toc"] += 1
            return carried
        pieces: list[str] = []
        boxes: list[etree._Element] = []
        self._inline(p, pieces, boxes)
        text = carried + clean("".join(pieces))
        mark_deleted = child(child(p_pr, "rPr"), "del") is not None
        if mark_deleted:
            self.seen["revision"] += 1
        else:
            label = self._numbering.label(p_pr, style)
            lines += [line.strip() for line in (label + text.strip()).split("\n")]
        for box in boxes:
            lines += self.blocks(box)
        return text if mark_deleted else ""

    def _inline(self, parent: etree._Element, pieces: list[str], boxes: list[etree._Element]) -> None:
        for element in parent:
            name = name_of(element)
            if name == "r":
                if flag(child(element, "rPr"), "vanish"):
                    self.seen["hidden"] += 1
                else:
                    self._run(element, pieces, boxes)
            elif name in _TRANSPARENT:
                if name == "ins":
                    self.seen["revision"] += 1
                self._inline(element, pieces, boxes)
            elif name == "sdt":
                for content in children(element, "sdtContent"):
                    self._inline(content, pieces, boxes)
            elif name in _REMOVED:
                self.seen["revision"] += 1
            elif name.endswith("}AlternateContent"):
                for option in _chosen(element):
                    self._inline(option, pieces, boxes)
            elif name.endswith(("}oMath", "}oMathPara")):
                pieces += [t.text or "" for t in element.iter("{*}t")]

    def _run(self, run: etree._Element, pieces: list[str], boxes: list[etree._Element]) -> None:
        for element in run:
            match name_of(element):
                case "t":
                    pieces.append((element.text or "").replace("\n", " ").replace("\t", " "))
                case "tab" | "ptab":
                    pieces.append(" ")  # a tab stop is layout; in the text a tab means the next cell of a table
                case "br" | "cr":
                    pieces.append("\n")
                case "noBreakHyphen":
                    pieces.append("-")
                case "sym":
                    pieces.append(self._symbol(element))
                case "instrText":
                    if found := _CIRCLED.search(element.text or ""):
                        pieces.append(circled(int(found[1])))
                case "ruby":
                    for base in children(element, "rubyBase"):
                        self._inline(base, pieces, boxes)
                case "drawing" | "pict" | "object":
                    _find_boxes(element, boxes)
                case "footnoteReference" | "endnoteReference" | "commentReference" as reference:
                    self.seen[reference] += 1
                case name if name.endswith("}AlternateContent"):
                    for option in _chosen(element):
                        self._run(option, pieces, boxes)
                case _:
                    pass  # field codes, deleted text, page marks

    def _symbol(self, element: etree._Element) -> str:
        found = symbol(attribute(element, "font") or "", attribute(element, "char") or "")
        if found == "\ufffd":
            self.seen["symbol"] += 1
        return found

    def _table(self, tbl: etree._Element) -> Table:
        table = Table(what=WHAT)
        for tr in self._unwrapped(tbl, "tr"):
            tr_pr = child(tr, "trPr")
            if child(tr_pr, "del") is not None:
                self.seen["revision"] += 1
                continue
            row = [self._cell(tc) for tc in self._unwrapped(tr, "tc") if child(child(tc, "tcPr"), "cellDel") is None]
            if before := number(value(tr_pr, "gridBefore")):
                row.insert(0, Cell(colspan=before))
            if row:
                table.rows.append(row)
        # Borders dragged by hand give equal rows unequal grid columns; equal counts of cells say it more plainly.
        if len({len(row) for row in table.rows}) == 1:
            for row in table.rows:
                for cell in row:
                    cell.colspan = 1
        return table

    def _cell(self, tc: etree._Element) -> Cell:
        tc_pr = child(tc, "tcPr")
        cell = Cell(colspan=number(value(tc_pr, "gridSpan")) or 1)
        # §17.4.84: without a value the cell continues the one above it; what it holds is never shown.
        for merge in ("vMerge", "hMerge"):
            found = child(tc_pr, merge)
            if found is not None and (attribute(found, "val") or "continue") == "continue":
                return cell
        cell.lines = self.blocks(tc)
        cell.nested_chars = sum(len(line) for line in cell.lines if "\t" in line)
        return cell


def _chosen(alternate: etree._Element) -> list[etree._Element]:
    """The branch of mc:AlternateContent that holds text we can read (ECMA-376 Part 3 §10.2.1); both say the same."""
    options = [option for option in alternate if isinstance(option.tag, str)]
    for option in options:
        if any(name_of(e) in ("t", "txbxContent") for e in option.iter()):
            return [option]
    return options[-1:]


def _find_boxes(drawing: etree._Element, boxes: list[etree._Element]) -> None:
    """Text boxes in a drawing, outermost only: their own content is walked like a body."""
    for element in drawing:
        name = name_of(element)
        if name == "txbxContent":
            boxes.append(element)
        elif name.endswith("}AlternateContent"):
            for option in _chosen(element):
                _find_boxes(option, boxes)
        elif name:
            _find_boxes(element, boxes)


_SAID: Final = (
    ("altChunk", "文档中嵌有 {n} 处外部片段（altChunk），没有读入；请在 Word 中打开后另存一份。"),
    ("revision", "文档带有修订痕迹（{n} 处），已按接受全部修订后的文字读取。"),
    ("hidden", "文档中有 {n} 处隐藏文字，没有读入。"),
    ("toc", "目录（{n} 处）没有读入，以免与正文标题重复。"),
    ("symbol", "有 {n} 个符号字体的字符无法辨认，已以 U+FFFD（�）代替。"),
    ("commentReference", "文档中有 {n} 条批注，没有读入。"),
    ("endnoteReference", "文档中有 {n} 条尾注，没有读入。"),
)


def _notes(seen: Counter[str], images: int) -> list[str]:
    notes = [said.format(n=seen[key]) for key, said in _SAID if seen[key]]
    if images:
        notes.append(f"文档中有 {images} 幅图片，图片里的文字没有读入。")
    return notes


def _footnotes(package: Package, styles: Styles) -> list[str]:
    root = package.beside_main("footnotes")
    story = _Story(styles, Numbering(None, styles))
    texts = [
        join_pieces(story.blocks(footnote))
        for footnote in children(root, "footnote")
        if attribute(footnote, "type") in (None, "normal")
    ]
    shown = [text for text in texts if text]
    notes = [f"脚注 {n}（没有并入正文）：{text[:NOTE_CHARS]}" for n, text in enumerate(shown[:FOOTNOTES_NOTED], 1)]
    if len(shown) > FOOTNOTES_NOTED:
        notes.append(f"另有 {len(shown) - FOOTNOTES_NOTED} 条脚注没有并入正文。")
    return notes
