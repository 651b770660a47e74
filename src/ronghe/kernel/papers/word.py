"""A sheet as a Word document: a certificate, or an official document where it has a head (GB/T 9704-2012).

Word has 仿宋, 小标宋, 黑体 and 楷体 by name: the machine that opens the document brings them.
"""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from . import typesetter
from .blocks import (
    Block,
    Chart,
    Facts,
    Head,
    Heading,
    Paragraph,
    Plan,
    Sheet,
    Signature,
    Table,
    annex_lines,
    drawing,
    drawings,
)

BODY, TITLE, STRONG, SECOND = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
RED = RGBColor(0xD4, 0x00, 0x00)
#: 22 lines stand on 225 mm.
_PITCH = Pt(28.95)
#: Characters of a line of 156 mm, as wide as high.
_CHARACTER = Pt(16)
#: The type area of a page is 225 mm high.
_HIGHEST = Mm(220)
_LEFT, _CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def document(sheet: Sheet) -> bytes:
    """The sheet as DOCX."""
    made = _page()
    if sheet.is_draft:
        _line(made, "草稿", size=22, align=_CENTRE, font=STRONG)
    if sheet.head:
        _open_official(made, sheet, sheet.head)
    else:
        _line(made, sheet.title, size=22, align=_CENTRE)
        if sheet.number:
            _line(made, sheet.number, size=14, align=_CENTRE)
    for block in sheet.body:
        _block(made, block, is_official=sheet.head is not None)
    if sheet.head:
        _name_annexes(made, sheet.head)
    if sheet.closing:
        _block(made, sheet.closing, is_official=sheet.head is not None)
    if sheet.code:
        _line(made, f"核验码 {sheet.code}　{sheet.address}", size=9)
    if sheet.head:
        _imprint(made, sheet.head)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _page() -> Any:
    made = Document()
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = BODY, Pt(16)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    return made


def _block(made: Any, block: Block, *, is_official: bool) -> None:
    match block:
        case Heading(text, level) if is_official:
            _line(made, "　　" + text, size=16, font=STRONG if level == 1 else SECOND)
        case Heading(text, level):
            _line(made, text, size=16 if level == 1 else 14, bold=True)
        case Paragraph(text, is_indented):
            _line(made, ("　　" if is_indented else "") + text, size=16)
        case Facts(rows):
            _table(made, (), rows, size=12 if is_official else 16)
        case Table(head, rows, _):
            _table(made, head, rows, size=12 if is_official else 16)
        case Chart():
            _pictures(made, block)
        case Plan():
            _picture(made, drawing(block), block.words)
        case Signature() if is_official:
            _sign(made, block)
        case Signature(unit, day):
            for text in (unit, day):
                _line(made, text, size=16, align=_RIGHT)


def _open_official(made: Any, sheet: Sheet, head: Head) -> None:
    normal = made.styles["Normal"].paragraph_format
    normal.line_spacing_rule, normal.line_spacing = WD_LINE_SPACING.EXACTLY, _PITCH
    normal.space_before = normal.space_after = Pt(0)
    _number_pages(made)
    size = min(48, max(26, int(156 / 25.4 * 72 / max(1, len(head.mark)))))
    mark = _line(made, head.mark, size=size, align=_CENTRE, font=TITLE, colour=RED)
    mark.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    mark.paragraph_format.space_before = Mm(0 if sheet.is_draft else 35)
    number = _line(made, sheet.number or "（未编号）", size=16, align=_CENTRE)
    number.paragraph_format.space_before = 2 * _PITCH
    _rule(number, "bottom", eighths=18, colour=str(RED), space=8)
    title = _line(made, sheet.title, size=22, align=_CENTRE, font=TITLE)
    title.paragraph_format.space_before, title.paragraph_format.space_after = 2 * _PITCH, _PITCH
    title.paragraph_format.line_spacing = Pt(34)
    if head.addressees:
        _line(made, head.addressees + "：", size=16)


def _name_annexes(made: Any, head: Head) -> None:
    for place, name in enumerate(annex_lines(head.annexes)):
        line = _line(made, ("附件：" if place == 0 else "") + name, size=16)
        form = line.paragraph_format
        form.left_indent = 5 * _CHARACTER
        if place == 0:
            form.first_line_indent, form.space_before = -3 * _CHARACTER, _PITCH


def _sign(made: Any, signed: Signature) -> None:
    """The date begins two characters after the unit; the longer of both leaves two characters free at the right."""
    unit, day = (sum(0.5 if c.isascii() else 1 for c in text) for text in (signed.unit, signed.day))
    free = max(2, day - unit + 4)
    for text, right, above in (signed.unit, free, 2), (signed.day, free + unit - day - 2, 0):
        form = _line(made, text, size=16, align=_RIGHT).paragraph_format
        form.right_indent, form.space_before = int(right * _CHARACTER), above * _PITCH


def _imprint(made: Any, head: Head) -> None:
    """版记: rules of the width of the line above, between and below."""
    lines = []
    if head.copies_to:
        lines.append(_line(made, f"抄送：{head.copies_to}。", size=14))
        lines[-1].paragraph_format.left_indent = Pt(14 * 4)
        lines[-1].paragraph_format.first_line_indent = Pt(-14 * 3)
    if head.printed_by or head.printed_on:
        printed = f"{head.printed_on}印发" if head.printed_on else ""
        lines.append(_line(made, f"{head.printed_by}\t{printed}", size=14))
        lines[-1].paragraph_format.left_indent = Pt(14)
        lines[-1].paragraph_format.tab_stops.add_tab_stop(Mm(156) - Pt(14), WD_TAB_ALIGNMENT.RIGHT)
    for place, line in enumerate(lines):
        _rule(line, "top", eighths=8 if place == 0 else 6)
    if lines:
        lines[0].paragraph_format.space_before = _PITCH
        _rule(lines[-1], "bottom", eighths=8)


def _number_pages(made: Any) -> None:
    """— 1 — in 四号: odd pages at the right, even ones at the left, one character from the edge."""
    made.settings.odd_and_even_pages_header_footer = True
    page = made.sections[0]
    page.footer_distance = Mm(35 - 7) - Pt(14)
    for footer, align in ((page.footer, _RIGHT), (page.even_page_footer, _LEFT)):
        line = footer.paragraphs[0]
        line.alignment = align
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        line.add_run("— ").font.size = Pt(14)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        number = line.add_run("1")
        number.font.size = Pt(14)
        field.append(number._r)
        line._p.append(field)
        line.add_run(" —").font.size = Pt(14)


def _pictures(made: Any, chart: Chart) -> None:
    for part in drawings(chart):
        _picture(made, part, _alternative(part))


def _picture(made: Any, data: dict[str, Any], words: str) -> None:
    """One drawing. Args: ``words`` say what it shows."""
    line = made.add_paragraph()
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    shape = line.add_run().add_picture(BytesIO(typesetter.picture(data)), width=Mm(156))
    if shape.height > _HIGHEST:
        shape.width, shape.height = int(shape.width * _HIGHEST / shape.height), _HIGHEST
    shape._inline.docPr.set("descr", words)


def _alternative(part: dict[str, Any]) -> str:
    """What the picture says, in words."""
    unit = f"（单位：{part['unit']}）" if part["unit"] else ""
    bars = (
        f"{bar['label']} {bar['total']}" + _parts(bar["segments"] if len(part["legend"]) > 1 else ())
        for bar in part["bars"]
    )
    return f"条形图：{part['title']}{unit}。{'；'.join(bars)}。"


def _parts(segments: Any) -> str:
    told = "、".join(f"{one['name']} {one['number']}" for one in segments)
    return f"，其中{told}" if told else ""


def _rule(line: Any, side: str, *, eighths: int, colour: str = "000000", space: int = 1) -> None:
    """A rule above or below a paragraph. Args: ``eighths`` of a point; ``space`` in points."""
    form = line._p.get_or_add_pPr()
    borders = form.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        form.insert_element_before(
            borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
    rule = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", str(space)), ("color", colour)):
        rule.set(qn(f"w:{name}"), value)
    borders.append(rule)


def _line(
    made: Any, text: str, *, size: int, align: Any = None, font: str = "", colour: Any = None, bold: bool = False
) -> Any:
    line = made.add_paragraph()
    run = line.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    if font:
        run.font.name = font
        run._r.rPr.rFonts.set(qn("w:eastAsia"), font)
    if colour is not None:
        run.font.color.rgb = colour
    line.alignment = align
    return line


def _table(made: Any, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], *, size: int) -> None:
    width = len(head) or max((len(row) for row in rows), default=1)
    table = made.add_table(rows=0, cols=width)
    table.style = "Table Grid"
    for row in ((head,) if head else ()) + rows:
        for cell, text in zip(table.add_row().cells, row, strict=False):
            cell.text = text
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(size)
