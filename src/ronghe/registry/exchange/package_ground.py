"""汇交包的空间单元在地上: land of a package that lies on one another, on what the register holds, or where a line bars it;
and outlines whose area is not what is stated. The checks are those of a survey.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

import numpy as np
import shapely

from ronghe.kernel.spatial.checking import Block, check_blocks
from ronghe.kernel.spatial.rules import CHINA, area_m2

from ..queries.figures import given_in
from ..queries.occupied import open_spots
from ..rules.areas import PARAMETERS, AreaLevel, area_level, difference, limits_of
from ..rules.kinds import UnitKind
from ..rules.lines import SLIVER_M2, SLIVER_SHARE
from ..rules.package_tables import PARCEL
from ..rules.tables import Fault, Row
from ..surveying.findings import FAULT, NOTE, Findings
from ..surveying.ground import find_occupied, in_chunks, judge_lines, lines_of, lying_on, overlapping
from ..surveying.outlines import KeptOutlines, Shapes

_CHUNK = 5_000
#: A line of the table of land, its row, its outline, and the kind of its unit.
Land = tuple[int, Row, shapely.Geometry, UnitKind]


def ground_findings(
    parcels: Sequence[tuple[int, Row]],
    outlines: Mapping[str, shapely.Geometry],
    units: Mapping[str, UnitKind],
    *,
    on: date,
) -> tuple[list[Fault], list[Fault]]:
    """What bars the land of new units, and what of it a person must judge.

    Args: ``outlines`` by the code of the ground; ``units`` are the kinds of the units that are new.
    Source: 不动产登记暂行条例 第十六条、第二十二条.
    """
    lands = [
        (line, row, outlines[row["code"]], units[row["unit"]])
        for line, row in parcels
        if row["unit"] in units and row["code"] in outlines
    ]
    bars = list(_outside(lands))
    if bars or not lands:
        return bars, []
    doubts: list[Fault] = []
    # Collective ownership lies under everything else: the two are looked at apart.
    for is_ownership in (True, False):
        some = [one for one in lands if (one[3] is UnitKind.OWNERSHIP) is is_ownership]
        if some:
            bars += _overlaps(some, on=on)
    for county, kind in sorted({(row["unit"][:6], kind) for _, row, _, kind in lands}):
        here = [one for one in lands if one[1]["unit"].startswith(county) and one[3] is kind]
        wrong, open_ones = _by_the_lines(here, county, kind, on)
        bars += wrong
        doubts += open_ones
    return bars, doubts


def _outside(lands: Iterable[Land]) -> Iterator[Fault]:
    for line, _, shape, _ in lands:
        west, south, east, north = shape.bounds
        if not (CHINA.west <= west and east <= CHINA.east and CHINA.south <= south and north <= CHINA.north):
            yield Fault(PARCEL.key, line, "geometry", "坐标不在中国的经纬度范围内")


def _array(lands: Sequence[Land]) -> Shapes:
    shapes: Shapes = np.empty(len(lands), dtype=object)
    shapes[:] = [shape for _, _, shape, _ in lands]
    return shapes


def _overlaps(lands: Sequence[Land], *, on: date) -> list[Fault]:
    nothing = np.zeros(len(lands), dtype=bool)
    kept = KeptOutlines(check_blocks([Block(_array(lands), nothing, nothing)], way=lambda points: points))
    wrong: list[Fault] = []
    for a, b, area in overlapping(kept, lambda note, share: None):
        for one, other in ((a, b), (b, a)):
            line, row, _, _ = lands[other]
            what = f"与本表第 {line} 行的 {row['code']} 重叠 {area:,.2f} 平方米，请核对共同界线，使界址点一致"
            wrong.append(Fault(PARCEL.key, lands[one][0], "geometry", what))
    for chunk in in_chunks(kept.bounds, _CHUNK):
        for number, code, area in lying_on(chunk, kept.take(chunk), kind=lands[0][3], on=on):
            what = f"与登记簿上的 {code} 重叠 {area:,.2f} 平方米，请核对界线；登记簿有错的，先办理更正登记"
            wrong.append(Fault(PARCEL.key, lands[number][0], "geometry", what))
    return wrong


def _by_the_lines(lands: Sequence[Land], county: str, kind: UnitKind, on: date) -> tuple[list[Fault], list[Fault]]:
    """What the lines, the planned use, the open records of illegal occupation and the stated areas say of land of one kind."""
    given = given_in(f"{county}000000", (*PARAMETERS, SLIVER_M2, SLIVER_SHARE), on=on)
    by, spots, limits = lines_of(county, kind, given), open_spots(county), limits_of(given)
    bars: list[Fault] = []
    doubts: list[Fault] = []
    if by.missing:
        what = f"{county} 没有这些图层：{'、'.join(by.missing)}；“{kind.title}”各单元没有核对这些内容"
        doubts.append(Fault(PARCEL.key, 0, "", what))
    if limits is None:
        what = f"{county} 没有图形面积与登记面积相差的限度；“{kind.title}”各单元没有核对面积"
        doubts.append(Fault(PARCEL.key, 0, "", what))
    shapes, findings = _array(lands), Findings()
    for chunk in in_chunks(shapely.bounds(shapes), _CHUNK):
        judge_lines(chunk, shapes[chunk], findings, by)
        find_occupied(chunk, [lands[k][1]["code"] for k in chunk], shapes[chunk], findings, spots)
    for one in sorted(findings.kept, key=lambda found: found.number):
        if one.level != NOTE:
            said = Fault(PARCEL.key, lands[one.number - 1][0], "geometry", one.text)
            (bars if one.level == FAULT else doubts).append(said)
    if limits is not None:
        for line, row, shape, _ in lands:
            drawn, stated = Fraction(area_m2(shape)), Fraction(row["area_m2"])
            if area_level(drawn, stated, limits) is AreaLevel.FAULT:
                what = difference(drawn, stated).replace("实测面积", "登记面积")
                bars.append(Fault(PARCEL.key, line, "area_m2", what))
    return bars, doubts


__all__ = ["ground_findings"]
