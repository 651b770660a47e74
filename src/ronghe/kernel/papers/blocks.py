"""What papers are made of. A paper is a list of blocks, written once and set as PDF, DOCX and XLSX alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Heading:
    """小标题."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """段落; ``is_indented`` by two characters, as running text of official documents is."""

    text: str
    is_indented: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """要素表: labels with their values, one line each."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """表格: a head that stands on every page, and rows; ``widths`` are shares of the line."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """落款: who issues, and the day, at the right."""

    unit: str
    day: str


Block = Heading | Paragraph | Facts | Table | Signature


@dataclass(frozen=True, slots=True)
class Sheet:
    """一份文书的内容: its title, its blocks, and what only a numbered paper has: number, code and the address to check it."""

    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    code: str = ""
    address: str = ""


def texts(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """(where, text) of everything that will be set, for the check of characters."""
    yield "标题", sheet.title
    yield "编号", sheet.number
    for number, block in enumerate(sheet.blocks, start=1):
        match block:
            case Heading(text):
                yield f"第 {number} 段", text
            case Paragraph(text, _):
                yield f"第 {number} 段", text
            case Facts(rows):
                for label, value in rows:
                    yield label, f"{label}{value}"
            case Table(head, rows, _):
                yield "表头", "".join(head)
                for line, row in enumerate(rows, start=1):
                    yield f"表第 {line} 行", "".join(row)
            case Signature(unit, day):
                yield "落款", unit + day


def as_data(sheet: Sheet) -> dict[str, Any]:
    """The sheet as plain data for the typesetter."""
    return {
        "title": sheet.title,
        "number": sheet.number,
        "code": sheet.code,
        "address": sheet.address,
        "blocks": [_data(block) for block in sheet.blocks],
    }


def _data(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text):
            return {"kind": "heading", "text": text}
        case Paragraph(text, is_indented):
            return {"kind": "paragraph", "text": text, "indented": is_indented}
        case Facts(rows):
            return {"kind": "facts", "rows": [list(row) for row in rows]}
        case Table(head, rows, widths):
            return {
                "kind": "table",
                "head": list(head),
                "rows": [list(row) for row in rows],
                "widths": _widths(head, widths),
            }
        case Signature(unit, day):
            return {"kind": "signature", "unit": unit, "day": day}


def _widths(head: Sequence[str], widths: Sequence[int]) -> list[int]:
    return list(widths) if widths else [1] * len(head)
