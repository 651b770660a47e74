"""承包地块在地上: plots of the tables that lie on one another, on what the register holds, or against lines and plans."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import shapely

from ronghe.kernel.spatial.checking import Block, check_blocks

from ..models import ContractedCode
from ..queries.figures import given_in
from ..queries.occupied import open_spots
from ..rules.kinds import UnitKind
from ..rules.lines import SLIVER_M2, SLIVER_SHARE
from ..rules.tables import Fault
from ..surveying.findings import FAULT, NOTE, Findings
from ..surveying.ground import find_occupied, in_chunks, judge_lines, lines_of, lying_on, overlapping
from ..surveying.outlines import KeptOutlines, Shapes

_CHUNK = 5_000
_PLOTS, _CODE = "CBDKXX", "DKBM"


def overlap_faults(
    lines: Sequence[tuple[int, Mapping[str, str]]], outlines: Mapping[str, shapely.Geometry], *, on: date
) -> list[Fault]:
    """Each plot that lies on another plot of the tables or on registered ground, within the accuracy of measuring.

    What stands in the register under the plot's own code is the same plot, and no overlap.
    Args: ``lines`` are those of the table of plots; ``outlines`` are by plot code, in CGCS2000.
    Source: 不动产登记暂行条例 第二十二条 (a dispute about whose ground it is).
    """
    drawn, shapes = _drawn(lines, outlines)
    if not drawn:
        return []
    nothing = np.zeros(len(drawn), dtype=bool)
    kept = KeptOutlines(check_blocks([Block(shapes, nothing, nothing)], way=lambda points: points))
    wrong: list[Fault] = []
    for a, b, area in overlapping(kept, lambda note, share: None):
        for one, other in ((a, b), (b, a)):
            line, told = drawn[other]
            what = f"与本表第 {line} 行的地块 {told} 重叠 {area:,.2f} 平方米，请核对两块地的共同界线，使界址点一致"
            wrong.append(Fault(_PLOTS, drawn[one][0], _CODE, what))
    own = _own_codes(code for _, code in drawn)
    for chunk in in_chunks(kept.bounds, _CHUNK):
        for number, code, area in lying_on(chunk, kept.take(chunk), kind=UnitKind.CONTRACTED, on=on):
            line, told = drawn[number]
            if code in (told, own.get(told)):
                continue
            what = f"与登记簿上的 {code} 重叠 {area:,.2f} 平方米，请核对界线；登记簿有错的，先办理更正登记"
            wrong.append(Fault(_PLOTS, line, _CODE, what))
    return wrong


def line_findings(
    lines: Sequence[tuple[int, Mapping[str, str]]], outlines: Mapping[str, shapely.Geometry], *, on: date
) -> tuple[list[Fault], list[Fault]]:
    """What the lines, the planned use and the open records of illegal occupation of each county bar, and what of it a
    person must judge.

    A layer that is not there judges nothing: that is said once for its county.
    Args: as those of :func:`overlap_faults`.
    """
    drawn, shapes = _drawn(lines, outlines)
    bars: list[Fault] = []
    doubts: list[Fault] = []
    for county in sorted({code[:6] for _, code in drawn}):
        here = np.array([k for k, (_, code) in enumerate(drawn) if code.startswith(county)])
        by = lines_of(county, UnitKind.CONTRACTED, given_in(f"{county}000000", (SLIVER_M2, SLIVER_SHARE), on=on))
        if by.missing:
            what = f"{county} 没有这些图层：{'、'.join(by.missing)}；各地块没有核对这些内容"
            doubts.append(Fault(_PLOTS, 0, "", what))
        findings, spots = Findings(), open_spots(county)
        bounds = shapely.bounds(shapes[here])
        for order in in_chunks(bounds, _CHUNK):
            chunk = here[order]
            judge_lines(chunk, shapes[chunk], findings, by)
            find_occupied(chunk, [drawn[k][1] for k in chunk], shapes[chunk], findings, spots)
        for one in sorted(findings.kept, key=lambda found: found.number):
            if one.level != NOTE:
                said = Fault(_PLOTS, drawn[one.number - 1][0], _CODE, one.text)
                (bars if one.level == FAULT else doubts).append(said)
    return bars, doubts


def _drawn(
    lines: Sequence[tuple[int, Mapping[str, str]]], outlines: Mapping[str, shapely.Geometry]
) -> tuple[list[tuple[int, str]], Shapes]:
    """The plots that have an outline, each with its line, and their outlines."""
    drawn = [(line, row[_CODE]) for line, row in lines if row[_CODE] in outlines]
    shapes: Shapes = np.empty(len(drawn), dtype=object)
    shapes[:] = [outlines[code] for _, code in drawn]
    return drawn, shapes


def _own_codes(plots: Iterable[str]) -> dict[str, str]:
    """Plots that were handed over under a code of the tables, and the code under which each stands in the register."""
    rows = ContractedCode.objects.filter(code__in=list(plots), spatial_unit__isnull=False)
    return dict(rows.values_list("code", "spatial_unit__code"))


__all__ = ["line_findings", "overlap_faults"]
