"""承包地块的重叠: plots of the tables that lie on one another, or on what the register holds already."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import shapely

from ronghe.kernel.spatial.checking import Block, check_blocks

from ..models import ContractedCode
from ..rules.kinds import UnitKind
from ..rules.tables import Fault
from ..surveying.ground import in_chunks, lying_on, overlapping
from ..surveying.outlines import KeptOutlines

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
    drawn = [(line, row[_CODE]) for line, row in lines if row[_CODE] in outlines]
    if not drawn:
        return []
    shapes = np.empty(len(drawn), dtype=object)
    shapes[:] = [outlines[code] for _, code in drawn]
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


def _own_codes(plots: Iterable[str]) -> dict[str, str]:
    """Plots that were handed over under a code of the tables, and the code under which each stands in the register."""
    rows = ContractedCode.objects.filter(code__in=list(plots), spatial_unit__isnull=False)
    return dict(rows.values_list("code", "spatial_unit__code"))


__all__ = ["overlap_faults"]
