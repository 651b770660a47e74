"""A plan says the same whether it comes as txt, docx, html or pdf."""

import html
import io
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import docx
import pytest

from ronghe.policy.reader.intake import read_text
from tests.policy import plan_oracle as oracle
from tests.policy.intake.makers import Page, pdf_of, plain_page

CORPUS = Path(__file__).parents[1] / "corpus"
PLANS = sorted([*CORPUS.glob("*.txt"), *oracle.POLICIES.glob("*.txt")])


def parts(text: str) -> Iterator[tuple[bool, list[str]]]:
    """Runs of lines, and whether they are rows of a table."""
    for is_table, run in groupby(text.splitlines(), key=lambda line: "\t" in line):
        yield is_table, list(run)


def as_docx(text: str) -> bytes:
    document = docx.Document()
    for is_table, run in parts(text):
        if not is_table:
            for line in run:
                document.add_paragraph(line)
            continue
        rows = [line.split("\t") for line in run]
        table = document.add_table(len(rows), max(map(len, rows)))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, cell_text in zip(row.cells, texts, strict=False):
                cell.text = cell_text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_html(text: str) -> bytes:
    out = ["<html><meta charset=gb18030><body>"]
    for is_table, run in parts(text):
        rows = ["<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in line.split("\t")) for line in run]
        out += ["<table>", *rows, "</table>"] if is_table else [f"<p>{html.escape(line)}</p>" for line in run]
    return "\n".join(out).encode("gb18030")


def as_pdf(text: str) -> bytes:
    lines = [line[at : at + 28] for line in text.replace("\t", " ").splitlines() for at in range(0, len(line), 28)]
    pages: list[Page] = []
    for at in range(0, len(lines), 22):
        pages.append(plain_page([line.strip() for line in lines[at : at + 22]], size=14, foot=f"— {len(pages) + 1} —"))
    return pdf_of(*pages)


def letters(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem[:20])
def test_all_forms_say_the_same(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    rows = [line.rstrip() for line in text.splitlines() if "\t" in line.strip()]
    for form in (as_docx(text), as_html(text)):
        read = read_text(form)
        assert letters(read.text) == letters(text)
        assert [line.rstrip() for line in read.text.splitlines() if "\t" in line.strip()] == rows
    assert letters(read_text(as_pdf(text)).text) == letters(text)
