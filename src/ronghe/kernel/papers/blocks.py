"""What papers are made of. A paper is a list of blocks, written once and set as PDF, DOCX and XLSX alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ronghe.kernel.pages.record import Tone

from .palette import MOST_SERIES, fills, ink

#: Bars of one drawing; what is more stands in a further one, at the same scale.
BARS_OF_ONE_DRAWING = 18


@dataclass(frozen=True, slots=True)
class Heading:
    """小标题, with its number: level 1 一、, level 2 （一）."""

    text: str
    level: int = 1


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


@dataclass(frozen=True, slots=True)
class Series:
    """数据系列: a word for the legend; a tone where the colour has a meaning."""

    name: str
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One bar: a value of zero or more for each series."""

    label: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """条形图: lying bars from zero, stacked where there are several series, with their numbers.

    Raises: ValueError when it cannot be drawn honestly: no bar, no or too many series, a value missing or below zero.
    """

    title: str
    unit: str
    bars: tuple[ChartBar, ...]
    series: tuple[Series, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError(f"a chart has 1 to {MOST_SERIES} series, not {len(self.series)}")
        if not self.bars:
            raise ValueError("a chart has at least one bar")
        for bar in self.bars:
            if len(bar.values) != len(self.series) or min(bar.values) < 0:
                raise ValueError(f"not one value of zero or more for each series: {bar}")


@dataclass(frozen=True, slots=True)
class Outline:
    """轮廓线: a closed line, in millimetres of the drawing from its upper left corner; dashed where it is of less account."""

    points: tuple[tuple[float, float], ...]
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """图上注记: a few words with their middle at a place of the drawing, in millimetres."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """平面图: outlines to scale, north above, as wide and high as is said in millimetres; ``words`` tell what it shows."""

    title: str
    width: float
    height: float
    outlines: tuple[Outline, ...]
    labels: tuple[Label, ...]
    note: str
    words: str


Block = Heading | Paragraph | Facts | Table | Chart | Plan | Signature


@dataclass(frozen=True, slots=True)
class Head:
    """公文格式: what an official document has around its text, from 发文机关标志 to 版记.

    ``title`` is the document's own, where it is not that of its kind; ``printed_on`` is the day of issue where it is
    left empty; minutes (纪要) bear no signature. Marks at the end of 主送 and 抄送 are set, not given.
    Source: GB/T 9704-2012.
    """

    mark: str
    title: str = ""
    addressees: str = ""
    annexes: tuple[str, ...] = ()
    copies_to: str = ""
    printed_by: str = ""
    printed_on: str = ""
    is_signed: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """一份文书的内容: its title, its blocks, and what only a numbered paper has: number, code and the address to check it.

    With a ``head`` it is set as an official document; a draft says on every page that it is one.
    """

    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    code: str = ""
    address: str = ""
    head: Head | None = None
    is_draft: bool = False

    @property
    def body(self) -> tuple[Block, ...]:
        """The blocks before the closing signature: the annexes are named between them."""
        return self.blocks[:-1] if self.closing else self.blocks

    @property
    def closing(self) -> Signature | None:
        """The signature at the end, if there is one."""
        last = self.blocks[-1] if self.blocks else None
        return last if isinstance(last, Signature) else None


def annex_lines(names: Sequence[str]) -> list[str]:
    """附件说明, numbered where there are several; no mark after the name. Source: GB/T 9704-2012 7.3.4."""
    return list(names) if len(names) == 1 else [f"{number}. {name}" for number, name in enumerate(names, start=1)]


def texts(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """(where, text) of everything that will be set, for the check of characters."""
    yield "标题", sheet.title
    yield "编号", sheet.number
    if sheet.head:
        yield from _texts_of_head(sheet.head)
    for number, block in enumerate(sheet.blocks, start=1):
        match block:
            case Heading(text, _):
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
            case Chart(title, unit, bars, series):
                yield "图题", title + unit
                yield "图例", "".join(one.name for one in series)
                for line, bar in enumerate(bars, start=1):
                    yield f"图第 {line} 条", bar.label
            case Plan():
                yield "附图", block.title + block.note
                yield "附图注记", "北" + "".join(label.text for label in block.labels)
            case Signature(unit, day):
                yield "落款", unit + day


def _texts_of_head(head: Head) -> Iterator[tuple[str, str]]:
    yield "发文机关标志", head.mark
    yield "主送", head.addressees
    yield "附件", "".join(head.annexes)
    yield "抄送", head.copies_to
    yield "印发机关和印发日期", head.printed_by + head.printed_on


def as_data(sheet: Sheet) -> dict[str, Any]:
    """The sheet as plain data for the typesetter."""
    return {
        "title": sheet.title,
        "number": sheet.number,
        "code": sheet.code,
        "address": sheet.address,
        "is_draft": sheet.is_draft,
        "head": _head(sheet.head) if sheet.head else None,
        "blocks": [made for block in sheet.body for made in _data(block)],
        "closing": _signature(sheet.closing) if sheet.closing else None,
    }


def _head(head: Head) -> dict[str, Any]:
    return {
        "mark": head.mark,
        "addressees": head.addressees,
        "annexes": annex_lines(head.annexes),
        "copies_to": head.copies_to,
        "printed_by": head.printed_by,
        "printed_on": head.printed_on,
    }


def _data(block: Block) -> Iterator[dict[str, Any]]:
    match block:
        case Heading(text, level):
            yield {"kind": "heading", "text": text, "level": level}
        case Paragraph(text, is_indented):
            yield {"kind": "paragraph", "text": text, "indented": is_indented}
        case Facts(rows):
            yield {"kind": "facts", "rows": [list(row) for row in rows]}
        case Table(head, rows, widths):
            yield {
                "kind": "table",
                "head": list(head),
                "rows": [list(row) for row in rows],
                "widths": _widths(head, widths),
            }
        case Chart():
            yield from drawings(block)
        case Plan():
            yield drawing(block)
        case Signature():
            yield _signature(block)


def _signature(block: Signature) -> dict[str, Any]:
    return {"kind": "signature", "unit": block.unit, "day": block.day}


def drawings(chart: Chart) -> Iterator[dict[str, Any]]:
    """The chart as data for the typesetter, in parts that fit on a page; all parts have the scale of the longest bar."""
    longest = max(sum(bar.values) for bar in chart.bars)
    colours = list(fills([one.tone for one in chart.series]))
    for start in range(0, len(chart.bars), BARS_OF_ONE_DRAWING):
        yield {
            "kind": "chart",
            "title": chart.title + ("（续）" if start else ""),
            "unit": chart.unit,
            "legend": [{"name": s.name, "fill": fill} for s, fill in zip(chart.series, colours, strict=True)],
            "bars": [
                {
                    "label": bar.label,
                    "total": f"{sum(bar.values):,}",
                    "segments": [
                        {
                            "name": s.name,
                            "share": value / longest,
                            "number": f"{value:,}",
                            "fill": fill,
                            "ink": ink(fill),
                        }
                        for s, value, fill in zip(chart.series, bar.values, colours, strict=True)
                        if value
                    ],
                }
                for bar in chart.bars[start : start + BARS_OF_ONE_DRAWING]
            ],
        }


def drawing(plan: Plan) -> dict[str, Any]:
    """The plan as data for the typesetter."""
    return {
        "kind": "plan",
        "title": plan.title,
        "width": plan.width,
        "height": plan.height,
        "lines": [{"points": [list(point) for point in one.points], "dashed": one.is_dashed} for one in plan.outlines],
        "labels": [{"x": one.x, "y": one.y, "text": one.text} for one in plan.labels],
        "note": plan.note,
    }


def _widths(head: Sequence[str], widths: Sequence[int]) -> list[int]:
    return list(widths) if widths else [1] * len(head)
