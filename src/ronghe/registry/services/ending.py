"""消灭: whether a right has ended by law, so that one side alone may have it taken out of the book."""

from datetime import date

from ..models import RRR, Right
from ..rules.kinds import ENDS_WITH_HOLDER


def has_run_out(concerned: RRR | None, *, on: date) -> bool:
    """Whether a right in force has lost all who held it, where it ends with them: whoever lives there has died, a household is no more.

    A right whose term is over is in force no more and needs nobody to end it. What burdens a unit ends by whom it protects.
    Source: 民法典 第三百七十条.
    """
    if concerned is None or concerned.sort != RRR.Sort.RIGHT:
        return False
    rows = list(Right.objects.current().as_of(on).filter(rrr=concerned).select_related("party"))
    return bool(rows) and all(
        row.party.ended_on is not None
        and row.party.ended_on <= on
        and (row.kind in ENDS_WITH_HOLDER or row.party.kind == "household")
        for row in rows
    )
