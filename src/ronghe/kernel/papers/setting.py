"""Setting a sheet: PDF by typst, DOCX by python-docx, XLSX by openpyxl. The same sheet gives the same bytes of PDF."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

import segno

from ronghe.kernel.pages.workbook import workbook

from . import glyphs, typesetter, word
from .blocks import Chart, Facts, Head, Heading, Paragraph, Plan, Sheet, Signature, Table, annex_lines, as_data


def pdf(sheet: Sheet, *, at: datetime) -> bytes:
    """The sheet as PDF/A-2u, dated ``at``. Raises: GlyphMissing."""
    glyphs.require(sheet)
    return typesetter.paper(as_data(sheet), qr=_qr(sheet.address) if sheet.code else "", at=at)


def _qr(address: str) -> str:
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def docx(sheet: Sheet) -> bytes:
    """The sheet as a Word document to work on; what counts is the PDF. Raises: GlyphMissing, as its charts are set."""
    glyphs.require(sheet)
    return word.document(sheet)


def xlsx(sheet: Sheet) -> bytes:
    """The sheet as a workbook: facts as two columns, tables with their head, charts as the numbers that they show."""
    rows: list[tuple[object, ...]] = []
    if sheet.is_draft:
        rows.append(("状态", "草稿"))
    if sheet.number:
        rows.append(("编号", sheet.number))
    if sheet.head:
        rows += _head(sheet.head)
    for block in sheet.blocks:
        match block:
            case Heading(text, _) | Paragraph(text, _):
                rows.append((text,))
            case Facts(pairs):
                rows += pairs
            case Table(titles, lines, _):
                rows += [titles, *lines]
            case Chart(title, unit, bars, series):
                rows.append((title, f"单位：{unit}" if unit else ""))
                rows.append(("", *(one.name for one in series)))
                rows += [(bar.label, *bar.values) for bar in bars]
            case Plan():
                rows.append((block.title, block.words))
            case Signature(unit, day):
                rows.append((unit, day))
    if sheet.code:
        rows.append(("核验码", sheet.code))
    return workbook(sheet.title, ("项目", "内容"), rows)


def _head(head: Head) -> Iterator[tuple[str, str]]:
    told = (
        ("发文机关标志", head.mark),
        ("主送", head.addressees),
        *(("附件", name) for name in annex_lines(head.annexes)),
        ("抄送", head.copies_to),
        ("印发机关", head.printed_by),
        ("印发日期", head.printed_on),
    )
    yield from (pair for pair in told if pair[1])
