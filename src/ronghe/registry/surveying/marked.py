"""标注的文件: what was given, with every bad place marked and explained: a workbook for tables, GeoJSON for drawings."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from ronghe.kernel.pages.workbook import workbook
from ronghe.mechanisms.rosters.workbooks import MOST_REBUILT, annotated

from .fields import LABELS
from .findings import FAULT, PERSON, Finding
from .outlines import KeptOutlines
from .reading import FAULT_HEAD, Sheet, SurveyFile, key_of

#: So many parcels come back marked; those with faults first.
MOST_MARKED = 5_000
_WORDS = {FAULT: "有错", PERSON: "待人工判定"}
_NAMES = {label: name for name, label in LABELS.items()}
_RANK = {FAULT: 0, PERSON: 1}


@dataclass(frozen=True, slots=True)
class Marked:
    """A file to give back."""

    name: str
    content: bytes


def marked_copy(findings: Sequence[Finding], file: SurveyFile, content: bytes, outlines: KeptOutlines) -> Marked:
    """The given file with what was found of it."""
    said: dict[int, list[Finding]] = {}
    for one in sorted((f for f in findings if f.number), key=lambda f: _RANK.get(f.level, 2)):
        if len(said) < MOST_MARKED or one.number in said:
            said.setdefault(one.number, []).append(one)
    if file.sheet is not None:
        return Marked("标注.xlsx", _table(said, file, file.sheet, content))
    return Marked("标注.geojson", _drawing(said, file, outlines))


def _told(one: Finding) -> str:
    return f"{one.text}。{one.mend}" if one.mend else one.text


def _table(said: Mapping[int, Sequence[Finding]], file: SurveyFile, sheet: Sheet, content: bytes) -> bytes:
    by_line = {file.lines[number - 1]: found for number, found in said.items()}
    if len(sheet.rows) <= MOST_REBUILT:
        faults = [
            (line, _NAMES.get(f.field, ""), f.field or "图形", _told(f))
            for line, found in by_line.items()
            for f in found
        ]
        return annotated(
            content, sheet_name=sheet.name, head=sheet.head, columns=sheet.columns, rows=sheet.rows, faults=faults
        )
    # Of a very long table the marked lines alone come back: the whole would not fit into memory.
    heads = ["原行号", FAULT_HEAD, *(str(cell) for cell in sheet.rows[sheet.head - 1])]
    rows = (
        [line, "；".join(f"{f.field}：{_told(f)}" for f in found), *sheet.rows[line - 1]]
        for line, found in sorted(by_line.items())
    )
    return workbook("有错的行", heads, rows)


def _drawing(said: Mapping[int, Sequence[Finding]], file: SurveyFile, outlines: KeptOutlines) -> bytes:
    features = []
    for number, found in sorted(said.items()):
        shape = outlines.given(number - 1)
        usable = shape is not None and bool(np.isfinite(shapely.get_coordinates(shape)).all())
        properties = {
            "序号": number,
            "代码": key_of(file.told(number - 1)),
            "程度": _WORDS.get(found[0].level, "请留意"),
            "说明": "；".join(_told(f) for f in found),
        }
        geometry = json.loads(shapely.to_geojson(shape)) if usable else None
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
