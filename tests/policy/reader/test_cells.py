"""Lines within one cell of a table: several bodies, or one that the cell's width broke."""

from __future__ import annotations

import io

import docx
import pytest

from ronghe.policy.reader import read_plan
from ronghe.policy.reader.intake import read_text
from ronghe.policy.reader.reading import AnnexRow

HEAD = ("工作任务", "具体措施", "责任单位", "试点区域")
CELLS = {
    "县统计局|县林业局": ["县统计局", "县林业局"],
    "县统计局|林业局": ["县统计局", "县林业局"],
    "县统计局|石门供水站": ["县统计局", "石门供水站"],
    "县统|计局|县水利|局、县财政局": ["县统计局", "县水利局", "县财政局"],
    "县公安局|交警大队": ["县公安局交警大队"],
    "县政府|办公室": ["县政府办公室"],
    "人民银行|青禾支行营业部": ["人民银行青禾支行营业部"],
    "县财政局|各镇": ["县财政局", "各镇"],
}


def as_html(cell: str, areas: str) -> bytes:
    rows = (HEAD, ("办好教育", "办好学校", cell, areas))
    cells = ("".join(f"<td>{c.replace('|', '<br>')}</td>" for c in row) for row in rows)
    return f"<html><body><table>{''.join(f'<tr>{c}</tr>' for c in cells)}</table>".encode()


def as_paragraphs(cell: str, areas: str) -> bytes:
    return as_html(cell, areas).replace(b"<td>", b"<td><p>").replace(b"<br>", b"</p><p>")


def as_docx(cell: str, areas: str, *, between: str = "\n") -> bytes:
    """Line breaks within a paragraph (w:br), as python-docx writes a line feed."""
    document = docx.Document()
    table = document.add_table(2, len(HEAD))
    for row, texts in zip(table.rows, (HEAD, ("办好教育", "办好学校", cell, areas)), strict=True):
        for target, text in zip(row.cells, texts, strict=True):
            first, *others = text.split("|")
            target.text = first
            for other in others:
                if between == "\n":
                    target.paragraphs[0].add_run("\n" + other)
                else:
                    target.add_paragraph(other)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_docx_paragraphs(cell: str, areas: str) -> bytes:
    return as_docx(cell, areas, between="p")


def row_of(data: bytes) -> AnnexRow:
    (row,) = read_plan(read_text(data).text).annex_rows
    return row


@pytest.mark.parametrize("form", [as_html, as_paragraphs, as_docx, as_docx_paragraphs])
@pytest.mark.parametrize("cell", CELLS)
def test_lines_of_a_cell_are_one_name_only_where_a_piece_is_none(cell, form):
    row = row_of(form(cell, "石门镇|白水镇"))
    assert list(row.responsible) == CELLS[cell]
    assert row.areas == ("石门镇", "白水镇")
