"""Cases of the demonstration's register: memberships, filings of kept rights, and applications at every step."""

from datetime import date
from decimal import Decimal

import shapely

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.parties.models import HouseholdMember, Party
from ronghe.kernel.parties.services import NewPerson, add_member, marry_in, register_household, register_person
from ronghe.kernel.regions.models import Division
from ronghe.kernel.spatial.rules import area_m2, as_multipolygon
from ronghe.mechanisms.casework import services as casework

from .. import services
from ..models import RRR, Application, KeptRightsFiling
from ..procedures.kept_rights import KEPT_RIGHTS
from ..rules.kinds import GroundKind, RightKind, SourceKind, UnitKind
from ..rules.matters import Cause, Matter
from ..rules.pledging import Shown, shown_for
from ..services import Asked, Ground, Holder, Origin, PartAsked, Term
from .layout import Drawn
from .loading import Village
from .office import Desk

#: Which homesteads of a village are kept for what: the change that is refused, the illegal building.
REFUSED, BARRED = 30, 31
#: What nobody has reason to doubt.
_CLEAR = {"has_lost_nationality": False, "is_member_elsewhere": False, "is_civil_servant": False}


# -- 成员身份 -----------------------------------------------------------------------------------------------------------


def make_memberships(desk: Desk) -> None:
    """A bride was confirmed a month ago; somebody who has come back is asked about, and a fact is lacking."""
    village = desk.villages[0][0]
    window = desk.office.window(village.division)
    came = desk.at(60).date()
    bride = _person(desk, village, "周雨晴", date(1998, 5, 20), "female")
    home = HouseholdMember.objects.current().filter(household__in=village.households[22:], relation="20")
    if (son := home.order_by("pk").first()) is not None:
        marry_in(household_id=son.household_id, person=bride, relation="38", on=came, actor=SYSTEM, at=desk.at(55))
    made = services.apply_for_membership(
        collective_id=village.collective, person_id=bride, on=came, actor=window, at=desk.at(50),
        facts={**_CLEAR, "came_by": "与成员结婚", "household_register": "在本村"},
    )  # fmt: skip
    desk.attach(made.pk, window, desk.at(50, 11), "application", "identity")
    desk.act(made.pk, "check", window, desk.at(48))
    desk.attach(made.pk, window, desk.at(40), "resolution")
    said = "成员大会应到 120 人，实到 96 人，同意 93 人"
    desk.act(made.pk, "agree", window, desk.at(40, 11), reason=said)
    desk.act(made.pk, "told", SYSTEM, desk.at(31))
    desk.act(made.pk, "confirm", desk.office.bureau, desk.at(29))
    back = _person(desk, village, "李向阳", date(1987, 2, 11), "male")
    asked = services.apply_for_membership(
        collective_id=village.collective, person_id=back, on=desk.at(3).date(), actor=window, at=desk.at(3),
        facts={
            **_CLEAR, "came_by": "其他", "household_register": "曾在本村", "lives_on_collective_land": True,
            "situations": ["务工"],
        },
    )  # fmt: skip
    desk.attach(asked.pk, window, desk.at(3, 11), "application", "identity")


def welcome_back(desk: Desk, village: Village) -> None:
    """A daughter has come home to the first household of the quiet village: for her its head may apply by himself."""
    home = Party.objects.get(pk=village.households[0])
    daughter = NewPerson(name=f"{home.name[0]}立秋", birth_date=date(1987, 9, 23), sex="female")
    add_member(
        household_id=home.pk, person=daughter, relation="39", on=desk.at(200).date(), actor=SYSTEM, at=desk.at(198)
    )


def _person(desk: Desk, village: Village, name: str, born: date, sex: str) -> int:
    new = NewPerson(name=name, birth_date=born, sex=sex)
    return register_person(new=new, division=village.division, actor=SYSTEM, at=desk.at(58), is_demo=True).pk


# -- 转移备案 -----------------------------------------------------------------------------------------------------------


def make_filings(desk: Desk) -> None:
    """A household moved to town last month and keeps its rights; another came back and its filing has ended."""
    village = desk.villages[0][0]
    found = _filed(desk, village, 27, moved=520, filed=500)
    services.end_filing(filing_id=found, ended_by=KeptRightsFiling.End.RETURN, actor=desk.office.bureau, at=desk.at(70))
    _filed(desk, village, 26, moved=45, filed=30)


def _filed(desk: Desk, village: Village, nth: int, *, moved: int, filed: int) -> int:
    household, window = village.households[nth], desk.office.window(village.division)
    town = Division.objects.get(pk=f"{desk.office.county}000000").name
    case = casework.open_case(
        KEPT_RIGHTS.key, title=f"{village.name}{nth + 1}号农户进城落户转移备案（演示）", division=village.division,
        subject=("parties.Party", household), applicant_id=household,
        facts={"moved_on": desk.at(moved).date().isoformat(), "moved_to": f"{town}城区"}, actor=window,
        at=desk.at(filed + 3),
    )  # fmt: skip
    desk.attach(case.pk, window, desk.at(filed + 3, 11), "application", "moved")
    desk.act(case.pk, "submit", window, desk.at(filed + 2))
    desk.act(case.pk, "file", desk.office.bureau, desk.at(filed))
    return KeptRightsFiling.objects.get(case=case.pk).pk


# -- 登记申请 -----------------------------------------------------------------------------------------------------------


def make_applications(desk: Desk) -> None:
    """One for each desk, the oldest first: entered, refused, told to the public, to be entered, in review, to be
    supplemented, just received."""
    villages = desk.villages
    first, second, third = (villages[n % len(villages)][0] for n in range(3))
    _entered(desk, first)
    _refused(desk, third)
    _noticed(desk, *villages[0])
    _to_enter(desk, second)
    _in_review(desk, third)
    _returned(desk, second)
    _received(desk, first)


def _received(desk: Desk, village: Village) -> None:
    made = _mortgage(desk, village, 22, days=1, amount_fen=8_000_000)
    desk.act(made.pk, "submit", desk.office.window(village.division), desk.at(0, 9))


def _returned(desk: Desk, village: Village) -> None:
    """The swap lacks a paper: it goes back to the counter with what must come anew."""
    made = _swap(desk, village, 23, 24, days=5)
    window = desk.office.window(village.division)
    desk.act(made.pk, "submit", window, desk.at(5, 11))
    desk.act(
        made.pk, "return", window, desk.at(4), mend=("source",),
        reason="互换协议缺少双方签字页，请补交签字完整的协议。",
    )  # fmt: skip


def _in_review(desk: Desk, village: Village) -> None:
    """A house that nobody has looked at yet."""
    free = [pk for nth, pk in enumerate(village.homesteads) if nth >= 22 and nth not in (REFUSED, BARRED)]
    rows = RRR.objects.filter(baunit__in=free, baunit__ended_on=None, kind=int(RightKind.HOMESTEAD_USE))
    right = rows.select_related("baunit").order_by("baunit").first()
    if right is None:
        return
    unit = right.baunit
    part = PartAsked(registered_area_m2=Decimal("96"), floor_area_m2=Decimal("192"), structure="砖混", floors=2)
    asked = Asked(
        Matter.HOUSE, Cause.FACTS, _origin(desk, SourceKind.APPROVAL, "农村宅基地和建房批准书", 90), parts=(part,)
    )
    made = _opened(desk, village, unit.pk, asked, days=6, applicant=_holder(right))
    _accepted(desk, village, made, days=5)


def _noticed(desk: Desk, village: Village, drawn: Drawn) -> None:
    """A new homestead beside the pumping station, registered for the first time."""
    west, south, east, _ = drawn.sluice.bounds
    wide = east - west
    shape = shapely.box(east + wide, south, east + 2.5 * wide, south + 1.6 * wide)
    on = desk.at(30).date()
    survey = services.keep_survey(
        title=f"{village.name}新批宅基地测绘（演示）", surveyed_on=on, division=village.division, surveyor="演示测绘队"
    ).pk
    ground = Ground(
        GroundKind.PARCEL, area_m2(as_multipolygon(shape)[0]), shape, use="农村宅基地", location=f"{village.name}新区1号",
        north="空地", east="空地", south="空地", west="机井",
    )  # fmt: skip
    unit = services.open_unit(
        kind=UnitKind.HOMESTEAD, division=village.division, grounds=[ground], survey_id=survey, on=on, is_demo=True,
        actor=desk.office.reviewer, at=desk.at(28),
    )  # fmt: skip
    source = services.keep_source(
        kind=SourceKind.APPROVAL, title="集体土地所有权确权文件（演示）", issued_on=on, division=village.division
    ).pk
    services.grant_right(
        baunit_id=unit.pk, kind=RightKind.COLLECTIVE_OWNERSHIP, holders=[Holder(village.collective)], term=Term(on),
        source_id=source, actor=desk.office.reviewer, at=desk.at(28),
    )  # fmt: skip
    household = register_household(
        head=NewPerson(name="王立新", birth_date=date(1996, 9, 3), sex="male"), division=village.division,
        since=desk.at(70).date(), is_demo=True, actor=SYSTEM, at=desk.at(58),
    ).pk  # fmt: skip
    asked = Asked(
        Matter.FIRST, Cause.FIRST, _origin(desk, SourceKind.APPROVAL, "农村宅基地批准书", 35), is_joint=False,
        right_kind=RightKind.HOMESTEAD_USE, holders=(Holder(household),),
    )  # fmt: skip
    made = _opened(desk, village, unit.pk, asked, days=12, applicant=household)
    _accepted(desk, village, made, days=11)
    desk.act(made.pk, "approve", desk.office.reviewer, desk.at(7))


def _to_enter(desk: Desk, village: Village) -> None:
    made = _mortgage(desk, village, 24, days=9, amount_fen=12_000_000)
    desk.act(made.pk, "submit", desk.office.window(village.division), desk.at(9, 11))
    desk.act(made.pk, "accept", desk.office.window(village.division), desk.at(8))
    desk.act(made.pk, "approve", desk.office.reviewer, desk.at(2))


def _refused(desk: Desk, village: Village) -> None:
    unit = village.homesteads[REFUSED]
    asked = Asked(
        Matter.CHANGE, Cause.FACTS, _origin(desk, SourceKind.OTHER, "变更用途说明", 40),
        parts=(PartAsked(use="商业服务业用地"),),
    )  # fmt: skip
    made = _opened(desk, village, unit, asked, days=20, applicant=_holder(_use(unit)))
    _accepted(desk, village, made, days=19)
    desk.act(
        made.pk, "refuse", desk.office.reviewer, desk.at(15),
        reason="申请把宅基地用途变更为商业服务业用地，没有批准改变用途的文件，违反土地管理法第四条、第五十六条；依照不动产登记暂行条例"
        "第二十二条第一项，不予登记。取得批准文件后可以重新申请。",
    )  # fmt: skip


def _entered(desk: Desk, village: Village) -> None:
    """A swap of contracted plots on its whole way, the certificate handed over."""
    made, office = _swap(desk, village, 25, 28, days=28), desk.office
    desk.act(made.pk, "submit", office.window(village.division), desk.at(28, 11))
    desk.act(made.pk, "accept", office.window(village.division), desk.at(27))
    desk.act(made.pk, "approve", office.reviewer, desk.at(24))
    desk.act(made.pk, "enter", office.registrar, desk.at(22))
    desk.act(made.pk, "deliver", office.window(village.division), desk.at(20))


def _mortgage(desk: Desk, village: Village, plot: int, *, days: int, amount_fen: int) -> Application:
    unit = village.plots[plot]
    right = _right(unit, RightKind.CONTRACT)
    asked = Asked(
        Matter.MORTGAGE, Cause.CONTRACT, _origin(desk, SourceKind.AGREEMENT, "抵押合同", days + 2), rrr_id=right.pk,
        holder="惠农村镇银行（演示）", amount_fen=amount_fen, is_joint=True, text="承包地经营权益抵押贷款",
        shown=shown_for(RightKind.CONTRACT),
    )  # fmt: skip
    return _opened(desk, village, unit, asked, days=days, applicant=_holder(right))


def _swap(desk: Desk, village: Village, plot: int, to: int, *, days: int) -> Application:
    unit = village.plots[plot]
    right = _right(unit, RightKind.CONTRACT)
    asked = Asked(
        Matter.TRANSFER, Cause.SWAP, _origin(desk, SourceKind.AGREEMENT, "承包地互换协议", days + 3), rrr_id=right.pk,
        holders=(Holder(village.households[to]),), is_joint=True, shown=(Shown.FILED,),
    )  # fmt: skip
    return _opened(desk, village, unit, asked, days=days, applicant=_holder(right))


def _opened(desk: Desk, village: Village, unit: int, asked: Asked, *, days: int, applicant: int) -> Application:
    """Opened at the window, with the papers that are asked for."""
    window = desk.office.window(village.division)
    made = services.open_application(
        baunit_id=unit, asked=asked, applicant_id=applicant, actor=window, at=desk.at(days)
    )
    desk.attach(made.pk, window, desk.at(days), "form", "source", *(["pledge"] if asked.shown else []))
    return made


def _accepted(desk: Desk, village: Village, of: Application, *, days: int) -> None:
    window = desk.office.window(village.division)
    desk.act(of.pk, "submit", window, desk.at(days, 9))
    desk.act(of.pk, "accept", window, desk.at(days, 14))


def _origin(desk: Desk, kind: SourceKind, title: str, days: int) -> Origin:
    return Origin(kind, f"{title}（演示）", desk.at(days).date())


def _right(unit: int, *kinds: RightKind) -> RRR:
    return RRR.objects.filter(baunit=unit, sort="right", kind__in=[int(k) for k in kinds]).order_by("pk")[0]


def _use(unit: int) -> RRR:
    return _right(unit, RightKind.HOMESTEAD_HOUSE, RightKind.HOMESTEAD_USE)


def _holder(right: RRR) -> int:
    """Who holds a right that has had one holder."""
    return int(right.rights.order_by("-pk")[0].party_id)
