"""集体收益分配权 of the demonstration: the villages' collectives have their shares, one is just told to the village."""

from ronghe.kernel.actors import SYSTEM

from .. import services
from ..models import IncomeApplication, IncomeRight, IncomeShares
from ..queries.income import asked, households_on_roll
from ..rules.income import CAUSES, WHOLE, IncomeCause
from ..services import IncomeChange, IncomeOrigin
from .loading import Village
from .office import Desk, Made

#: Each member on the roll is given so many; more collectives show nothing more.
EACH, MOST = 10 * WHOLE, 30
#: Which holders of the busy village a share is sold between: those who moved to town stand further down.
SELLER, BUYER = 10, 11
#: After so many days a notice is over, whatever holidays lie at its end.
_NOTICED = 20


def set_up_shares(desk: Desk, villages: list[Made]) -> None:
    """Each collective on its whole way, with certificates; that of the last busy village is still told to the public,
    and in the first one a household sells a part to another, which waits for the bureau."""
    waits = desk.villages[-1][0] if len(desk.villages) > 1 else None
    for nth, (village, _) in enumerate(villages[:MOST]):
        if waits is None or village.collective != waits.collective:
            _entered(desk, village, days=190 + nth % 5)
    if waits is not None:
        _told(desk, waits, days=5)
        _sale(desk, desk.villages[0][0])


def _opened(desk: Desk, village: Village, *, days: int) -> IncomeApplication | None:
    """Counted and handed in by the window; none where the roll is empty, or the shares stand."""
    on = desk.at(days)
    if IncomeShares.objects.filter(collective=village.collective).exists():
        return None
    if not households_on_roll(village.collective, day=on.date()).by_household:
        return None
    window = desk.office.window(village.division)
    made = services.open_income_first(
        collective_id=village.collective, counted_on=on.date(), total_hundredths=None, per_member_hundredths=EACH,
        is_static=True, origin=IncomeOrigin(f"{village.name}股权设置成员大会决议（演示）", desk.at(days + 20).date()),
        actor=window, at=on,
    )  # fmt: skip
    desk.attach(made.pk, window, desk.at(days, 11), "resolution")
    desk.act(made.pk, "submit", window, desk.at(days, 12))
    return made


def _told(desk: Desk, village: Village, *, days: int) -> IncomeApplication | None:
    """Reviewed by the bureau, and told to the village."""
    made = _opened(desk, village, days=days)
    if made is not None:
        desk.act(made.pk, "approve", desk.office.bureau, desk.at(days - 1))
    return made


def _entered(desk: Desk, village: Village, *, days: int) -> None:
    """To the end, unless a household has died out while the village was told: then the list would be drawn up anew."""
    counted, now = (
        set(households_on_roll(village.collective, day=desk.at(ago).date()).by_household)
        for ago in (days, days - _NOTICED - 1)
    )
    made = _told(desk, village, days=days)
    if made is not None and counted <= now:
        desk.act(made.pk, "told", SYSTEM, desk.at(days - _NOTICED))
        desk.act(made.pk, "enter", desk.office.bureau, desk.at(days - _NOTICED - 1))


def _sale(desk: Desk, village: Village) -> None:
    """No document of the county says whether a share may be sold: somebody in the bureau has to judge."""
    rows = IncomeRight.objects.current().filter(collective=village.collective, valid__upper_inf=True).order_by("pk")
    holders = list(rows.values_list("holder", flat=True)[: BUYER + 1])
    if len(holders) <= BUYER:
        return
    window = desk.office.window(village.division)
    change = IncomeChange(IncomeCause.SALE, EACH // 2, holders[BUYER], holder_applies=True)
    made = services.open_income_change(
        collective_id=village.collective, holder_id=holders[SELLER], change=change,
        origin=IncomeOrigin("集体收益分配权转让协议（演示）", desk.at(3).date()), actor=window, at=desk.at(2),
    )  # fmt: skip
    desk.attach(made.pk, window, desk.at(2, 11), "application", "agreement")
    # Where nobody of the buyer's lives any more, the counter keeps it.
    if asked(made, day=desk.at(1).date()).ruling.missing == (CAUSES,):
        desk.act(made.pk, "submit", window, desk.at(1))


__all__ = ["set_up_shares"]
