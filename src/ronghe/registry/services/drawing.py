"""What is drawn of the register follows it: the county's layer moves on with every act that changes an outline."""

from collections.abc import Collection
from datetime import datetime

from ronghe.kernel.spatial.rules import Box
from ronghe.kernel.spatial.services import DrawnLayer, draw_anew

from ..drawn import PARCELS, slug_of
from .proofs import county_of


def changed(county: str, boxes: Collection[Box], at: datetime, more: int = 0) -> None:
    """Outlines of a county have changed in ``boxes``: its layer has a next version, the tiles of there are cut anew.

    Called last in the transaction of the act. Locks: Layer, after BAUnit and CodeSeries.
    Args: ``county`` is the code of the county or of a division in it; ``more`` by how many outlines there are more or
    fewer.
    """
    if not boxes:
        return
    of = county_of(county)
    told = DrawnLayer(
        slug=slug_of(county), content=PARCELS.key, division=of.pk, title=f"{of.name}产权登记地块",
        source="不动产登记簿（宗地、承包地块、林地、设施的现行界址图形）",
        note="随登记实时更新；只显示代码、类别和面积。",
    )  # fmt: skip
    draw_anew(told, boxes=boxes, more=more, at=at)
