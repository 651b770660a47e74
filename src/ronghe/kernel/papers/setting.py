"""Setting a sheet: PDF by typst, DOCX by python-docx, XLSX by openpyxl. The same sheet gives the same bytes of PDF."""

import json
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

import segno
import typst
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from ronghe.kernel.pages.workbook import workbook

from . import glyphs
from .blocks import Facts, Heading, Paragraph, Sheet, Signature, Table, as_data

#: One typesetter of a process, with its font read once, sets one sheet after the other.
_TYPESETTER = Lock()
_PAGE = Path(__file__).with_name("paper.typ")


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(glyphs.folder())])
    return typst.Compiler(str(_PAGE), root=str(_PAGE.parent), font_paths=fonts)


def pdf(sheet: Sheet, *, at: datetime) -> bytes:
    """The sheet as PDF/A-2u, dated ``at``. Raises: GlyphMissing."""
    glyphs.require(sheet)
    given = {"data": json.dumps(as_data(sheet), ensure_ascii=False)}
    if sheet.code:
        given["qr"] = _qr(sheet.address)
    with _TYPESETTER:
        made = _compiler().compile(
            format="pdf", sys_inputs=given, pdf_standards=["a-2u"], timestamp=int(at.timestamp())
        )
    assert isinstance(made, bytes)
    return made


def _qr(address: str) -> str:
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def docx(sheet: Sheet) -> bytes:
    """The sheet as a Word document to work on; what counts is the PDF."""
    made = Document()
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = "仿宋_GB2312", Pt(16)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋_GB2312")
    _line(made, sheet.title, size=22, centred=True)
    if sheet.number:
        _line(made, sheet.number, size=14, centred=True)
    for block in sheet.blocks:
        match block:
            case Heading(text):
                _line(made, text, size=16, bold=True)
            case Paragraph(text, is_indented):
                _line(made, ("　　" if is_indented else "") + text, size=16)
            case Facts(rows):
                _table(made, (), rows)
            case Table(head, rows, _):
                _table(made, head, rows)
            case Signature(unit, day):
                for text in (unit, day):
                    _line(made, text, size=16, right=True)
    if sheet.code:
        _line(made, f"核验码 {sheet.code}　{sheet.address}", size=9)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _line(made: Any, text: str, *, size: int, centred: bool = False, right: bool = False, bold: bool = False) -> None:
    line = made.add_paragraph()
    run = line.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    if centred or right:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.RIGHT


def _table(made: Any, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    width = len(head) or max((len(row) for row in rows), default=1)
    table = made.add_table(rows=0, cols=width)
    table.style = "Table Grid"
    for row in ((head,) if head else ()) + rows:
        for cell, text in zip(table.add_row().cells, row, strict=False):
            cell.text = text


def xlsx(sheet: Sheet) -> bytes:
    """The sheet as a workbook: facts as two columns, tables with their head."""
    rows: list[tuple[str, ...]] = []
    head: tuple[str, ...] = ("项目", "内容")
    if sheet.number:
        rows.append(("编号", sheet.number))
    for block in sheet.blocks:
        match block:
            case Heading(text):
                rows.append((text,))
            case Paragraph(text, _):
                rows.append((text,))
            case Facts(pairs):
                rows += pairs
            case Table(titles, lines, _):
                rows += [titles, *lines]
            case Signature(unit, day):
                rows.append((unit, day))
    if sheet.code:
        rows.append(("核验码", sheet.code))
    return workbook(sheet.title, head, rows)
