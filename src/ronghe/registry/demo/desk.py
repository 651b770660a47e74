"""Work in progress in the offices of the demonstration: rolls, lists, surveys, applications, exchanges, each made by its service."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from ronghe.kernel.clock import LEGAL_ZONE
from ronghe.kernel.papers import setting
from ronghe.kernel.papers.blocks import Paragraph, Sheet
from ronghe.kernel.regions.models import Division

from .appointing import appoint, keep_hours
from .cases import make_applications, make_filings, make_memberships, welcome_back
from .exchanges import make_exchanges
from .income import set_up_shares
from .lists import keep_illegal, keep_legacy, keep_plans, keep_windows
from .office import Desk, Made, office_of, window_town
from .rolls import enrol
from .surveys import make_surveys

#: A village has work when it has so many households: the last of them take part, the stories have the others.
ENOUGH = 33


def lay_out(villages: Sequence[Made], *, county: str, today: date) -> None:
    """Fill the rolls and lists of all these villages, and put work on the desks of the county's people.

    Villages of the window's own town come first; the very first village of all stays quiet, for there the farmer of the
    demonstration lives. Where the packs know no bureaus, the rolls and lists alone are filled.
    """
    enrol([village for village, _ in villages])
    own = [one for one in villages if one[0].division.startswith(county)]
    at = datetime.combine(today - timedelta(days=400), time(9), LEGAL_ZONE)
    keep_windows([village for village, _ in own], at=at)
    keep_hours([village for village, _ in own], at=at)
    keep_plans([village for village, _ in own], at=at)
    office = office_of(county, at=at)
    if office is None:
        return
    desk = Desk(office, _busy(own, county), today, _paper(at))
    keep_legacy(desk)
    if desk.villages:
        keep_illegal(desk)
        welcome_back(desk, own[0][0])
        make_memberships(desk)
        appoint(desk, own[0][0])
        make_filings(desk)
        make_applications(desk)
        make_exchanges(desk)
    set_up_shares(desk, own)
    make_surveys(desk)


def _busy(villages: Sequence[Made], county: str) -> list[Made]:
    """The villages with work, those of the window's town first; never the first of all."""
    town = window_town(county)
    rows = Division.objects.filter(pk__in=[village.division for village, _ in villages])
    parents = dict(rows.values_list("code", "parent"))
    able = [one for one in villages[1:] if len(one[0].homesteads) >= ENOUGH]
    return sorted(able, key=lambda one: parents[one[0].division] != town)[:4]


def _paper(at: datetime) -> bytes:
    """A file that says of itself that it shows nothing."""
    said = Paragraph("本文件为登记演示数据所附材料，不含真实内容。")
    return setting.pdf(Sheet("登记材料（演示）", (said,)), at=at)
