"""成员名册, 转移备案 and the procedures that lead to them, to the end and with an objection."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import PUBLIC, SYSTEM
from ronghe.kernel.papers.models import Paper, Revocation
from ronghe.kernel.parties.services import NewPerson, merge_parties, record_death, register_person
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.errors import ActionUnknown, GateClosed
from ronghe.mechanisms.casework.models import Case, Notice
from ronghe.mechanisms.casework.tests.factories import PDF
from tests.people import person

from .. import services
from ..errors import (
    FilingEmpty,
    FilingOver,
    FilingRightsStand,
    FilingStands,
    MemberElsewhere,
    MembershipCaseFixed,
    MembershipCaseOpen,
    MemberUnfit,
    RegistrationBlocked,
)
from ..models import CollectiveMember, KeptRight, KeptRightsFiling, MembershipCase, Restriction, Right
from ..queries import filings as filing_queries
from ..queries import rolls as queries
from ..queries.income import living_members
from ..rules.kinds import RestrictionKind, RightKind
from . import factories as make

pytestmark = pytest.mark.django_db

CLEAR = {"has_lost_nationality": False, "is_member_elsewhere": False, "is_civil_servant": False}
TIES = {"household_register": "在本村", "has_stable_duties": True, "lives_on_collective_land": True}
Entry, Exit = CollectiveMember.Entry, CollectiveMember.Exit


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make.people.places()


class Office:
    """A town window and the county's bureau."""

    def __init__(self) -> None:
        self.window = person(Role.TOWN_WINDOW, make.people.TOWN)
        self.bureau = person(Role.DEPARTMENT, make.people.COUNTY)

    def attach(self, case_id: int, *keys: str) -> None:
        for key in keys:
            casework.attach(
                case_id=case_id, key=key, content=PDF, name="材料.pdf", actor=self.window.actor, at=make.NOON
            )

    def act(
        self, case_id: int, action: str, *, by=None, at=make.NOON, reason: str = "应到 60 人，实到 50 人，同意 48 人"
    ):
        actor = (by or self.window).actor
        return casework.act(case_id=case_id, action=action, seen=None, reason=reason, actor=actor, at=at)

    def applied(self, who, of, **facts) -> MembershipCase:
        return services.apply_for_membership(
            collective_id=of.pk, person_id=who.pk, on=make.DAY, facts={**CLEAR, **facts}, actor=self.window.actor,
            at=make.NOON,
        )  # fmt: skip

    def noticed(self, who, of, **facts) -> MembershipCase:
        """An application that the members have agreed to and the village is told of."""
        made = self.applied(who, of, **facts)
        self.attach(made.pk, "application", "identity")
        self.act(made.pk, "check")
        self.attach(made.pk, "resolution")
        self.act(made.pk, "agree")
        return made


@pytest.fixture
def office() -> Office:
    return Office()


def enrolled(who, of, on=date(2020, 1, 1), way=Entry.ORIGINAL) -> CollectiveMember:
    return services.enrol_member(
        collective_id=of.pk, person_id=who.pk, begun_by=way, on=on, actor=SYSTEM, at=make.people.NOON
    )


def names_on(of, day, **asked) -> list[str]:
    return sorted(row.person.name for row in queries.roll(of, actor=SYSTEM, day=day, **asked))


# -- the roll ---------------------------------------------------------------------------------------------------------


def test_a_roll_tells_who_was_a_member_on_a_day_and_what_it_said_before():
    of, who = make.collective(), make.people.person("演示社员")
    enrolled(who, of)
    services.strike_member(
        collective_id=of.pk, person_id=who.pk, ended_by=Exit.VOLUNTARY, on=date(2024, 5, 1), actor=SYSTEM, at=make.NOON
    )
    assert names_on(of, date(2019, 12, 31)) == []
    assert names_on(of, date(2024, 4, 30)) == ["演示社员"]
    assert names_on(of, date(2024, 5, 1)) == []
    assert names_on(of, date(2024, 5, 1), state="left") == ["演示社员"]
    assert names_on(of, date(2024, 5, 1), known_at=make.people.NOON) == ["演示社员"]
    figures = queries.statistic(of, actor=SYSTEM, day=make.DAY)
    assert (figures.members, figures.by_exit) == (0, (("自愿退出", 1),))


def test_one_person_is_a_member_of_one_collective_at_a_time():
    a, b, who = make.collective("甲社"), make.collective("乙社"), make.people.person("演示两处")
    first = enrolled(who, a)
    assert enrolled(who, a) == first
    with pytest.raises(MemberElsewhere, match="一人只在一个集体"):
        enrolled(who, b, on=date(2023, 1, 1))
    # the database refuses what goes round the service
    with pytest.raises(IntegrityError, match="member_in_one_collective"), transaction.atomic():
        CollectiveMember.objects.create(
            collective=b, person=who, begun_by="other", valid=DateRange(date(2023, 1, 1), None),
            recorded=DateTimeTZRange(make.NOON, None),
        )  # fmt: skip
    services.strike_member(
        collective_id=a.pk, person_id=who.pk, ended_by=Exit.ELSEWHERE, on=date(2023, 1, 1), actor=SYSTEM, at=make.NOON
    )
    services.enrol_member(
        collective_id=b.pk, person_id=who.pk, begun_by=Entry.MARRIAGE, on=date(2023, 1, 1), actor=SYSTEM, at=make.NOON
    )
    assert names_on(a, date(2022, 12, 31)) == names_on(b, date(2023, 1, 1)) == ["演示两处"]


def test_a_household_is_no_member_and_the_database_says_so_too():
    of, house = make.collective(), make.household("演示户")
    with pytest.raises(MemberUnfit, match="自然人"):
        enrolled(house, of)
    with pytest.raises(IntegrityError, match="成员"), transaction.atomic():
        CollectiveMember.objects.create(
            collective=of, person=house, begun_by="other", valid=DateRange(date(2023, 1, 1), None),
            recorded=DateTimeTZRange(make.NOON, None),
        )  # fmt: skip


def test_who_stands_on_a_roll_under_a_merged_record_stands_there_as_the_one_that_remains():
    """The roll keeps the names that were entered; person and collective are the same parties as before."""
    of, other = make.collective(), make.collective("乙村股份经济合作社")
    unproved = NewPerson("演示甲", birth_date=date(1980, 5, 1))
    again = register_person(new=unproved, division=make.VILLAGE, actor=SYSTEM, at=make.NOON)
    who = make.people.person("演示甲", born=date(1980, 5, 1))
    enrolled(again, of)
    for source, target in ((again, who), (of, other)):
        merge_parties(source_id=source.pk, target_id=target.pk, reason="同一方登记两次", actor=SYSTEM, at=make.NOON)
    row = queries.member(other, who.pk, actor=SYSTEM, day=make.DAY)
    assert (row.person, row.collective) == (again, of), "the roll keeps the names that were entered"
    assert [one.standing for one in queries.collectives(SYSTEM, day=make.DAY)] == [1]
    assert names_on(other, make.DAY) == ["演示甲"]
    assert living_members(other.pk, day=make.DAY) == {who.pk: "演示甲"}
    assert enrolled(who, other) == row
    left = services.strike_member(
        collective_id=other.pk, person_id=who.pk, ended_by=Exit.VOLUNTARY, on=make.DAY, actor=SYSTEM, at=make.NOON
    )
    assert left.collective == of


def test_a_row_of_a_roll_is_never_rewritten():
    row = enrolled(make.people.person("演示改写"), make.collective())
    with pytest.raises(IntegrityError), transaction.atomic():
        CollectiveMember.objects.filter(pk=row.pk).update(begun_by="birth")
    with pytest.raises(IntegrityError), transaction.atomic():
        CollectiveMember.objects.filter(pk=row.pk).delete()


# -- confirmation -----------------------------------------------------------------------------------------------------


def test_membership_is_applied_for_agreed_to_told_and_entered(office):
    of, who = make.collective(), make.people.person("演示新妇", male=False)
    made = office.noticed(who, of, came_by="与成员结婚")
    notice = Notice.objects.get(case=made.pk)
    assert "演示新妇" in notice.text
    assert names_on(of, make.DAY) == []
    later = make.NOON + timedelta(days=8)
    assert casework.end_due_notices(at=later) == 1
    with pytest.raises(ActionUnknown):
        office.act(made.pk, "told", at=later)
    office.act(made.pk, "confirm", by=office.bureau, at=later)
    row = CollectiveMember.objects.current().get(person=who)
    assert (row.collective_id, row.begun_by, row.valid.lower, row.case_id) == (of.pk, "marriage", make.DAY, made.pk)
    assert names_on(of, make.DAY) == ["演示新妇"]


def test_an_objection_that_is_right_keeps_a_person_off_the_roll(office):
    of, who = make.collective(), make.people.person("演示争议")
    made = office.noticed(who, of, came_by="其他", **TIES)
    notice = Notice.objects.get(case=made.pk)
    said = casework.object_to(
        notice_id=notice.pk, name="演示邻居", contact="13800000000", text="本人另有集体", actor=PUBLIC, at=make.NOON
    )
    assert casework.end_due_notices(at=make.NOON + timedelta(days=30)) == 0
    casework.answer_objection(
        objection_id=said.pk, upheld=True, answer="经查属实", actor=office.window.actor, at=make.NOON
    )
    office.act(made.pk, "refuse", reason="异议成立")
    assert Case.objects.get(pk=made.pk).state == "refused"
    assert not CollectiveMember.objects.filter(person=who).exists()


def test_an_objection_that_is_wrong_lets_the_case_go_on(office):
    of, who = make.collective(), make.people.person("演示清白")
    made = office.noticed(who, of, came_by="成员收养")
    said = casework.object_to(
        notice_id=Notice.objects.get(case=made.pk).pk, name="演示邻居", contact="13800000000", text="不同意",
        actor=PUBLIC, at=make.NOON,
    )  # fmt: skip
    casework.answer_objection(
        objection_id=said.pk, upheld=False, answer="没有依据", actor=office.window.actor, at=make.NOON
    )
    later = make.NOON + timedelta(days=9)
    assert casework.end_due_notices(at=later) == 1
    office.act(made.pk, "confirm", by=office.bureau, at=later)
    assert names_on(of, make.DAY) == ["演示清白"]


def test_a_missing_fact_is_asked_for_before_the_collective_is(office):
    of, who = make.collective(), make.people.person("演示缺")
    made = office.applied(who, of, came_by="原有成员", household_register="在本村")
    office.attach(made.pk, "application", "identity")
    with pytest.raises(GateClosed, match="权利义务关系：未知"):
        office.act(made.pk, "check")
    services.state_facts(case_id=made.pk, facts=TIES, actor=office.window.actor, at=make.NOON)
    office.act(made.pk, "check")
    with pytest.raises(MembershipCaseFixed):
        services.state_facts(
            case_id=made.pk, facts={"has_stable_duties": False}, actor=office.window.actor, at=make.NOON
        )


def test_who_is_no_member_is_refused_at_the_counter_and_who_is_one_not_by_the_assembly(office):
    of = make.collective()
    stranger = office.applied(
        make.people.person("演示外人"), of, came_by="原有成员", **{**TIES, "household_register": "不在本村"}
    )
    office.attach(stranger.pk, "application", "identity")
    with pytest.raises(GateClosed, match="不在本村"):
        office.act(stranger.pk, "check")
    office.act(stranger.pk, "refuse", reason="户籍不在也不曾在本村")
    child = office.applied(make.people.person("演示孩子", born=date(2026, 5, 1)), of, came_by="成员生育")
    office.attach(child.pk, "application", "identity")
    office.act(child.pk, "check")
    with pytest.raises(GateClosed, match="应当确认"):
        office.act(child.pk, "disagree", reason="多数不同意")


def test_the_assembly_may_refuse_whom_it_decides_on(office):
    made = office.applied(make.people.person("演示其他"), make.collective(), came_by="其他", **TIES)
    office.attach(made.pk, "application", "identity")
    office.act(made.pk, "check")
    office.act(made.pk, "disagree", reason="应到 60 人，同意 10 人")
    assert Case.objects.get(pk=made.pk).state == "refused"


def test_a_member_of_another_collective_leaves_it_first(office):
    a, b, who = make.collective("甲社"), make.collective("乙社"), make.people.person("演示两处")
    enrolled(who, a)
    made = office.applied(who, b, came_by="与成员结婚")
    office.attach(made.pk, "application", "identity")
    with pytest.raises(GateClosed, match="先办理原集体的退出"):
        office.act(made.pk, "check")
    with pytest.raises(MembershipCaseOpen):
        office.applied(who, a, came_by="其他")


# -- loss -------------------------------------------------------------------------------------------------------------


def lost(office, of, who, cause, **facts) -> MembershipCase:
    made = services.apply_for_loss(
        collective_id=of.pk, person_id=who.pk, on=make.DAY, cause=cause, facts=facts, actor=office.window.actor,
        at=make.NOON,
    )  # fmt: skip
    office.attach(made.pk, "proof")
    return made


def test_a_civil_servant_leaves_the_roll_after_a_notice_and_a_contract_one_stays(office):
    of, who, other = make.collective(), make.people.person("演示公"), make.people.person("演示聘")
    enrolled(who, of)
    enrolled(other, of)
    stays = lost(office, of, other, Exit.CIVIL_SERVANT, is_contract_civil_servant=True)
    with pytest.raises(GateClosed, match="没有法定的丧失成员身份的情形"):
        office.act(stays.pk, "check")
    goes = lost(office, of, who, Exit.CIVIL_SERVANT, is_contract_civil_servant=False)
    office.act(goes.pk, "check")
    later = make.NOON + timedelta(days=8)
    casework.end_due_notices(at=later)
    office.act(goes.pk, "confirm", by=office.bureau, at=later)
    assert names_on(of, make.DAY) == ["演示聘"]
    row = CollectiveMember.objects.current().get(person=who)
    assert (row.ended_by, row.valid.upper, row.ended_case_id) == ("civil_servant", make.DAY, goes.pk)


def test_a_loss_is_by_the_cause_that_is_stated_and_not_by_another_that_happens_to_hold(office):
    of, alive, gone = make.collective(), make.people.person("演示生"), make.people.person("演示走")
    enrolled(alive, of)
    enrolled(gone, of)
    # she has taken up a post, and somebody writes that she is dead
    wrong = lost(office, of, alive, Exit.DEATH, is_civil_servant=True, is_contract_civil_servant=False)
    with pytest.raises(GateClosed, match="事实不是“死亡”"):
        office.act(wrong.pk, "check_death")
    # he is dead, and somebody writes that he left of his own will
    record_death(person_id=gone.pk, on=date(2026, 11, 20), actor=SYSTEM, at=make.NOON)
    other = lost(office, of, gone, Exit.VOLUNTARY)
    services.state_facts(case_id=other.pk, facts={"has_left": False}, actor=office.window.actor, at=make.NOON)
    with pytest.raises(GateClosed, match="事实不是“自愿退出”"):
        office.act(other.pk, "check")


class TestAFilingKeepsMembership:
    @pytest.fixture
    def filed(self):
        """A household that moved to town with its filing; returns the collective and the member."""
        of, head = make.collective(), make.people.person("演示迁")
        house = make.people.household(head=head)
        enrolled(head, of)
        filing = services.file_kept_rights(
            household_id=house.pk, moved_on=date(2026, 9, 1), moved_to="张店区", actor=SYSTEM, at=make.NOON
        )
        return of, head, filing

    def step_after(self, office, made, action: str = "check") -> str:
        office.act(made.pk, action)
        return Case.objects.get(pk=made.pk).step

    def test_nobody_takes_it_without_the_members_own_application(self, office, filed):
        # 青岛 四(一)1: 凭备案证享有迁户前全部权益
        of, head, _ = filed
        made = lost(office, of, head, Exit.CHARTER)
        with pytest.raises(GateClosed, match="非本人申请不得取消"):
            office.act(made.pk, "check")
        services.state_facts(case_id=made.pk, facts={"has_left": True}, actor=office.window.actor, at=make.NOON)
        assert self.step_after(office, made) == "notice"

    def test_whoever_leaves_of_free_will_leaves_the_roll(self, office, filed):
        of, head, _ = filed
        assert self.step_after(office, lost(office, of, head, Exit.VOLUNTARY)) == "notice"

    def test_the_dead_leave_it_too(self, office, filed):
        of, head, _ = filed
        record_death(person_id=head.pk, on=date(2026, 11, 20), actor=SYSTEM, at=make.NOON)
        assert self.step_after(office, lost(office, of, head, Exit.DEATH), "check_death") == "enter"

    def test_once_it_has_ended_it_keeps_nothing(self, office, filed):
        of, head, filing = filed
        services.end_filing(filing_id=filing.pk, ended_by=filing.End.VOID, actor=SYSTEM, at=make.NOON)
        assert self.step_after(office, lost(office, of, head, Exit.CHARTER)) == "notice"


def test_a_filing_is_to_be_renewed_every_five_years_and_its_page_says_so(packs, office):
    filing = Moved().file()
    KeptRightsFiling.objects.filter(pk=filing.pk).update(renewed_on=date(2021, 6, 1))
    filing.refresh_from_db()
    assert filing_queries.renewal_due(filing) == date(2026, 6, 1)
    page = office.bureau.client().get(f"/registry/filings/{filing.pk}/").content.decode()
    assert ("2026-06-01" in page, "已到续办期限" in page) == (True, True)
    # renewed on a day that falls on a Sunday five years on: the last day is the Monday
    filing.renewed_on = date(2025, 3, 3)
    assert filing_queries.renewal_due(filing) == date(2030, 3, 4)
    filing.ended_on = make.DAY
    assert filing_queries.renewal_due(filing) is None


def test_the_dead_leave_the_roll_without_a_notice_and_the_living_not_for_death(office):
    of, who, alive = make.collective(), make.people.person("演示亡"), make.people.person("演示生")
    enrolled(who, of)
    enrolled(alive, of)
    record_death(person_id=who.pk, on=date(2026, 11, 20), actor=SYSTEM, at=make.NOON)
    assert names_on(of, make.DAY, state="dead") == ["演示亡"]
    wrong = lost(office, of, alive, Exit.DEATH)
    with pytest.raises(GateClosed, match=r"没有法定.*事实不是“死亡”"):
        office.act(wrong.pk, "check_death")
    made = lost(office, of, who, Exit.DEATH)
    with pytest.raises(ActionUnknown):
        office.act(made.pk, "check")
    office.act(made.pk, "check_death")
    office.act(made.pk, "confirm", by=office.bureau)
    assert names_on(of, make.DAY) == ["演示生"]
    assert not Notice.objects.filter(case=made.pk).exists()


# -- what is kept -----------------------------------------------------------------------------------------------------


class Moved:
    """A household with a homestead, a contracted plot and a member, that has moved to town."""

    def __init__(self) -> None:
        self.collective = make.collective()
        self.head = make.people.person("演示迁", born=date(1975, 1, 1))
        self.house = make.people.household(head=self.head)
        enrolled(self.head, self.collective)
        self.homestead, self.used = make.homestead(self.house, self.collective)
        self.plot, self.contract = make.contracted(self.house, geometry=make.square(3, 3))
        # of others nothing is kept
        make.homestead(make.household("演示邻"), self.collective, geometry=make.square(5, 5))

    def file(self, **given) -> KeptRightsFiling:
        told = {"moved_on": date(2026, 11, 20), "moved_to": "高青县城区", "actor": SYSTEM, "at": make.NOON}
        return services.file_kept_rights(household_id=self.house.pk, **{**told, **given})


def blocked(unit, matter: str, **given):
    with pytest.raises(RegistrationBlocked, match="转移备案保留的权益"):
        services.refuse_blocked(unit, matter=matter, on=make.DAY, **given)


def test_a_filing_lists_what_stands_and_bars_what_the_household_did_not_ask_for():
    moved = Moved()
    filing = moved.file()
    listed = {(one.title, one.unit_code) for one in filing.items.all()}
    assert listed == {
        ("宅基地资格权", moved.homestead.code), ("宅基地使用权", moved.homestead.code),
        ("土地承包经营权", moved.plot.code), ("集体成员身份", ""),
    }  # fmt: skip
    for unit in (moved.homestead, moved.plot):
        for matter in ("注销登记", "转移登记"):
            blocked(unit, matter)
            assert services.refuse_blocked(unit, matter=matter, on=make.DAY, holder_applies=True).value is True
    # the owner's own right carries what is kept below it; the contract of the plot runs to its end
    owned = moved.homestead.rrrs.get(kind=RightKind.COLLECTIVE_OWNERSHIP)
    blocked(moved.homestead, "注销登记", rrr_id=owned.pk)
    held = Restriction.objects.current().get(baunit=moved.plot, kind=RestrictionKind.KEPT_RIGHTS)
    assert (held.valid.lower, held.valid.upper) == (make.DAY, date(2045, 6, 1))
    assert filing.paper is not None
    assert Paper.objects.get(pk=filing.paper_id).public[-1] == ["保留的权益", "4 项"]


def test_leaving_one_right_by_free_will_leaves_the_others_kept():
    moved = Moved()
    filing = moved.file()
    services.refuse_blocked(moved.homestead, matter="注销登记", on=make.DAY, holder_applies=True)
    services.end_right(rrr_id=moved.used.pk, on=make.DAY, source_id=make.source(), actor=SYSTEM, at=make.NOON)
    stands = {item.title: still for item, still in filing_queries.standing_items(filing, day=make.DAY)}
    assert stands == {"宅基地使用权": False, "宅基地资格权": True, "土地承包经营权": True, "集体成员身份": True}
    blocked(moved.plot, "注销登记")
    with pytest.raises(FilingRightsStand, match="还有 3 项"):
        services.end_filing(filing_id=filing.pk, ended_by=KeptRightsFiling.End.EXIT, actor=SYSTEM, at=make.NOON)


def test_what_the_household_has_passed_on_binds_the_next_holder_no_more():
    moved = Moved()
    moved.file()
    services.transfer_right(
        rrr_id=moved.contract.pk, to=[services.Holder(make.household("演示接").pk)], on=make.DAY,
        source_id=make.source(), actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    assert services.refuse_blocked(moved.plot, matter="注销登记", on=make.DAY).value is True


def test_a_filing_is_renewed_with_a_new_paper_and_ends_when_the_household_comes_back():
    moved = Moved()
    filing = moved.file()
    with pytest.raises(FilingStands):
        moved.file()
    first = filing.paper_id
    renewed = services.renew_filing(filing_id=filing.pk, actor=SYSTEM, at=make.NOON)
    assert renewed.paper_id != first
    assert Revocation.objects.get(paper=first).replaced_by_id == renewed.paper_id
    services.end_filing(filing_id=filing.pk, ended_by=KeptRightsFiling.End.RETURN, actor=SYSTEM, at=make.NOON)
    assert services.refuse_blocked(moved.homestead, matter="注销登记", on=make.DAY).value is True
    assert Right.objects.current().as_of(make.DAY).filter(rrr=moved.used).exists()
    assert Revocation.objects.filter(paper=renewed.paper_id).exists()
    with pytest.raises(FilingOver):
        services.renew_filing(filing_id=filing.pk, actor=SYSTEM, at=make.NOON)
    # whoever moves again files again
    assert moved.file().pk != filing.pk


def test_a_household_with_nothing_has_nothing_to_file():
    house = make.household("演示空")
    with pytest.raises(FilingEmpty):
        services.file_kept_rights(household_id=house.pk, moved_on=make.DAY, moved_to="县城", actor=SYSTEM, at=make.NOON)


def test_a_filing_is_never_rewritten_and_lists_only_what_it_restricts():
    moved = Moved()
    filing = moved.file()
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptRightsFiling.objects.filter(pk=filing.pk).update(moved_to="别处")
    item = KeptRight.objects.filter(filing=filing, right=moved.used).get()
    with pytest.raises(IntegrityError, match="限制"), transaction.atomic():
        KeptRight.objects.create(
            filing=filing, right=moved.contract, restriction=item.restriction, title="错", holder="错", begins=make.DAY
        )


def test_the_procedure_files_with_two_people(office):
    moved = Moved()
    case = casework.open_case(
        "registry.kept_rights", title="演示迁进城落户转移备案", division=make.VILLAGE, applicant_id=moved.house.pk,
        subject=("parties.Party", moved.house.pk), facts={"moved_on": "2026-11-20", "moved_to": "县城"},
        actor=office.window.actor, at=make.NOON,
    )  # fmt: skip
    office.attach(case.pk, "application", "moved")
    office.act(case.pk, "submit")
    office.act(case.pk, "file", by=office.bureau)
    filing = KeptRightsFiling.objects.get(household=moved.house)
    assert (filing.case_id, filing.items.count()) == (case.pk, 4)
