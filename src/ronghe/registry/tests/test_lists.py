"""Lists of this room: legacy homesteads found in the register, illegal occupation that bars, windows, village plans."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.jobs.services import run_here
from ronghe.kernel.parties import services as parties
from ronghe.kernel.regions.models import Division
from ronghe.mechanisms.rosters import services as rosters
from ronghe.mechanisms.rosters.errors import FieldsMissing, RecordInvalid
from ronghe.mechanisms.rosters.tests.factories import applied, book
from ronghe.mechanisms.rosters.tests.factories import given as taken
from ronghe.policy.models import Zone
from ronghe.policy.services import enter_local_value
from tests.people import person

from .. import services
from ..errors import LegacyReasonNeeded, RegistrationBlocked
from ..models import IllegalOccupation, LegacyHomestead, Responsibility, Restriction, Right
from ..queries import coverage, legacy
from ..rosters import ILLEGAL_OCCUPATION, LEGACY, VILLAGE_PLANS, WINDOWS
from ..rules.kinds import RestrictionKind, UnitKind
from ..services import blocking
from ..services.legacy import list_found, start_search
from . import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make.people.places()


@pytest.fixture
def window():
    return person(Role.TOWN_WINDOW, make.people.TOWN)


@pytest.fixture
def bureau():
    return person(Role.DEPARTMENT, make.people.COUNTY)


# -- 宅基地历史遗留 -----------------------------------------------------------------------------------------------------


#: A plot of 0.6 by 1 side has about 236 m², within the 264 m² that is worked with; a whole square has about 394 m².
PLAIN = 0.6


def village() -> dict[str, object]:
    """Three households: one with two homesteads, one of them in a person's own name; one with a large plot; one with one."""
    owner = make.collective()
    head = make.people.person("演示多宅", born=date(1970, 1, 1))
    several = make.people.household(head=head)
    first, _ = make.homestead(several, owner, geometry=make.square(0, width=PLAIN))
    second = make.unit(UnitKind.HOMESTEAD, make.square(2, width=PLAIN))
    make.right(second, make.FIRST_RIGHT[UnitKind.HOMESTEAD][0], head)
    large, _ = make.homestead(make.household("演示超标"), owner, geometry=make.square(4))
    make.homestead(make.household("演示平常"), owner, geometry=make.square(8, width=PLAIN))
    return {"several": {first.code, second.code}, "large": large.code}


def test_households_with_two_homesteads_are_found_whoever_of_them_holds_the_second():
    made = village()
    found = legacy.found_in(make.people.COUNTY, actor=SYSTEM, day=make.DAY)
    assert {one.code for one in found} == made["several"] | {made["large"]}
    assert {(one.holder, one.homesteads, one.situation.label) for one in found} == {
        ("演示多宅户", 2, "一户多宅"), ("演示超标户", 1, "面积超标"),
    }  # fmt: skip
    # a day before the second there was one
    assert legacy.found_in(make.people.COUNTY, actor=SYSTEM, day=date(2014, 1, 1)) == []
    assert legacy.found_in(make.people.OTHER, actor=SYSTEM, day=make.DAY) == []


def test_a_second_homestead_under_a_record_that_was_merged_is_found_with_the_first():
    owner = make.collective()
    head = make.people.person("演示并", born=date(1970, 1, 1))
    again = parties.register_person(
        new=parties.NewPerson("演示并", birth_date=date(1970, 1, 1)), division=make.VILLAGE, actor=SYSTEM, at=make.NOON
    )
    first, _ = make.homestead(make.people.household(head=head), owner, geometry=make.square(0, width=PLAIN))
    second = make.unit(UnitKind.HOMESTEAD, make.square(2, width=PLAIN))
    make.right(second, make.FIRST_RIGHT[UnitKind.HOMESTEAD][0], again)
    assert legacy.found_in(make.people.COUNTY, actor=SYSTEM, day=make.DAY) == []
    # when the two records turn out to be one person
    merged = parties.merge_parties(
        source_id=again.pk, target_id=head.pk, reason="同一人登记了两次", actor=SYSTEM, at=make.NOON
    )
    # then the household has both, and has them no more when the merge is undone
    found = legacy.found_in(make.people.COUNTY, actor=SYSTEM, day=make.DAY)
    assert {(one.code, one.holder, one.homesteads) for one in found} == {
        (first.code, "演示并户", 2),
        (second.code, "演示并户", 2),
    }
    parties.undo_merge(merge_id=merged.pk, reason="核实是两人", actor=SYSTEM, at=make.NOON)
    assert legacy.found_in(make.people.COUNTY, actor=SYSTEM, day=make.DAY) == []


def test_large_plots_are_found_by_the_reference_until_the_zone_has_its_standard(bureau):
    made = village()
    zone = Zone.objects.get(pk="gaoqing")
    by = legacy.standards(zone, on=make.DAY)
    assert (by.area_m2, "未经核实" in by.reference) == (264, True)
    found = {row.code: row for row in legacy.found_in(make.people.COUNTY, actor=bureau.actor, day=make.DAY)}
    assert found[made["large"]].situation is LegacyHomestead.Situation.LARGE
    assert found[made["large"]].area_m2 == make.area(make.square())
    enter_local_value(
        parameter_id="registration.homestead.area_max_m2", zone=zone, starts=date(2026, 1, 1), written=["400"],
        source="县政府文件", actor=person(Role.ZONE_OFFICE, make.people.COUNTY).actor, at=make.NOON,
    )  # fmt: skip
    by = legacy.standards(zone, on=make.DAY)
    assert (by.area_m2, by.reference) == (400, "")
    assert {row.code for row in legacy.found_in(make.people.COUNTY, actor=bureau.actor, day=make.DAY)} == made[
        "several"
    ]


def test_nobody_searches_where_they_do_not_reach(bureau):
    village()
    elsewhere = person(Role.DEPARTMENT, make.people.OTHER)
    assert legacy.found_in(make.people.COUNTY, actor=elsewhere.actor, day=make.DAY) == []
    assert legacy.found_in(make.people.COUNTY, actor=bureau.actor, day=make.DAY)


def test_what_is_found_is_listed_once_with_its_proposal(bureau):
    made = village()
    job = start_search(division=make.people.COUNTY, actor=bureau.actor, at=make.NOON)
    run_here(job.pk)
    rows = {row.code: row for row in LegacyHomestead.objects.all()}
    assert set(rows) == made["several"] | {made["large"]}
    assert list_found(None, division=make.people.COUNTY, actor=bureau.actor, at=make.NOON) == {
        "found": 3, "listed": 0, "cured": 0,
    }  # fmt: skip
    row = rows[max(made["several"])]
    assert (row.state, row.holder, row.homesteads, row.unit.code) == ("found", "演示多宅户", 2, row.code)
    assert legacy.proposal(row, actor=SYSTEM, on=make.DAY).missing == ("is_illegal_occupation",)
    given = {"cause": "继承", "holder_is_member": "是"}
    rosters.change_record(LEGACY, record_id=row.pk, given=given, seen=None, actor=bureau.actor, at=make.NOON)
    row.refresh_from_db()
    assert legacy.proposal(row, actor=SYSTEM, on=make.DAY).value == "确认"
    assert [one[1:] for one in legacy.by_village(bureau.actor, division=make.people.COUNTY)] == [("甲村", 3)]
    assert [(t.title, t.found) for t in legacy.by_situation(bureau.actor, division=make.people.COUNTY)] == [
        ("一户多宅", 2),
        ("面积超标", 1),
    ]


def test_a_decision_needs_its_paper_and_illegal_occupation_is_never_confirmed(bureau):
    village()
    list_found(None, division=make.people.COUNTY, actor=bureau.actor, at=make.NOON)
    row = LegacyHomestead.objects.order_by("pk")[0]

    def change(**given):
        return rosters.change_record(LEGACY, record_id=row.pk, given=given, seen=None, actor=bureau.actor, at=make.NOON)

    def move(step: str):
        return rosters.move_record(
            LEGACY, record_id=row.pk, transition=step, seen=None, actor=bureau.actor, at=make.NOON
        )

    with pytest.raises(FieldsMissing, match="成因"):
        move("classify")
    with pytest.raises(RecordInvalid, match="不予确认"):
        change(cause="违法占用", treatment="确认")
    change(cause="违法占用", treatment="不予确认")
    move("classify")
    with pytest.raises(FieldsMissing, match="处理决定、决定日期"):
        move("decide")
    change(decision="高自然资决〔2026〕1号", decided_on="2026-11-25")
    assert move("decide").state == "decided"


def decided(row, bureau, *, at=make.NOON, **given):
    """A record whose cause is known and whose treatment is decided."""
    told = {"decision": "高自然资决〔2026〕1号", "decided_on": "2026-11-25", "holder_is_member": "是", **given}
    rosters.change_record(LEGACY, record_id=row.pk, given=told, seen=None, actor=bureau.actor, at=at)
    for step in ("classify", "decide"):
        row = rosters.move_record(LEGACY, record_id=row.pk, transition=step, seen=None, actor=bureau.actor, at=at)
    return row


def duties(row) -> list[tuple[int, str]]:
    standing = Responsibility.objects.current().as_of(make.DAY).filter(baunit=row.unit)
    return list(standing.values_list("kind", "text"))


def test_a_decision_keeps_its_ruling_and_is_noted_on_the_right_in_the_book(bureau):
    made = village()
    list_found(None, division=make.people.COUNTY, actor=bureau.actor, at=make.NOON)
    row = decided(LegacyHomestead.objects.get(code=max(made["several"])), bureau, cause="继承", treatment="确认")
    row.refresh_from_db()
    assert (row.proposed, row.ruling["value"], row.ruling["of"]["cause"]) == ("确认", "确认", "继承")
    assert any("地随房走" in step["finding"] for step in row.ruling["steps"])
    [(kind, text)] = duties(row)
    assert (kind, "继承取得" in text, "高自然资决〔2026〕1号" in text) == (Responsibility.Kind.NOTE, True, True)
    shown = bureau.client().get(f"/registry/units/{row.code}/").content.decode()
    assert "登簿附记" in shown
    # what is not its decision leaves the ruling as it was kept
    rosters.change_record(LEGACY, record_id=row.pk, given={"holder": "演示多宅户（改）"}, seen=None, actor=bureau.actor, at=make.NOON)  # fmt: skip
    assert LegacyHomestead.objects.get(pk=row.pk).duty_id == row.duty_id
    # looked into again, the note is taken back
    rosters.move_record(
        LEGACY, record_id=row.pk, transition="reopen", seen=None, reason="成因有误", actor=bureau.actor, at=make.NOON
    )
    row.refresh_from_db()
    assert (row.ruling, row.duty, duties(row)) == (None, None, [])


def test_a_treatment_other_than_the_proposed_one_needs_its_reason(bureau):
    made = village()
    list_found(None, division=make.people.COUNTY, actor=bureau.actor, at=make.NOON)
    row = LegacyHomestead.objects.get(code=max(made["several"]))
    with pytest.raises(LegacyReasonNeeded, match="“确认”"):
        decided(row, bureau, cause="继承", treatment="有偿使用")
    row.refresh_from_db()
    assert (row.state, row.ruling, duties(row)) == ("classified", None, [])
    because = {"departs_because": "继承人另有宅基地，自愿缴纳使用费"}
    rosters.change_record(LEGACY, record_id=row.pk, given=because, seen=None, actor=bureau.actor, at=make.NOON)
    row = rosters.move_record(
        LEGACY, record_id=row.pk, transition="decide", seen=None, actor=bureau.actor, at=make.NOON
    )
    assert (row.proposed, row.duty.kind) == ("确认", Responsibility.Kind.PAID_USE)
    # and so does another decision later, which leaves the first as it was
    with pytest.raises(LegacyReasonNeeded):
        rosters.change_record(
            LEGACY, record_id=row.pk, given={"treatment": "退出", "departs_because": ""}, seen=None,
            actor=bureau.actor, at=make.NOON,
        )  # fmt: skip
    assert [kind for kind, _ in duties(row)] == [Responsibility.Kind.PAID_USE]


def test_what_is_cured_leaves_the_open_list(bureau):
    made = village()
    list_found(None, division=make.people.COUNTY, actor=bureau.actor, at=make.NOON)
    row = LegacyHomestead.objects.get(code=max(made["several"]))
    right = Right.objects.current().get(baunit=row.unit, kind__in=(5, 6))

    def waiting():
        return {one.code for one in legacy.waiting(bureau.actor, division=make.people.COUNTY, most=20)}

    assert waiting() == made["several"] | {made["large"]}
    later = make.NOON + timedelta(hours=1)
    services.transfer_right(
        rrr_id=right.rrr_id, to=[services.Holder(make.household("演示受").pk)], on=make.DAY, source_id=make.source(),
        actor=SYSTEM, at=later,
    )  # fmt: skip
    assert waiting() == (made["several"] | {made["large"]}) - {row.code}
    told = list_found(None, division=make.people.COUNTY, actor=bureau.actor, at=later)
    assert told["cured"] == 1
    row.refresh_from_db()
    assert "已转移给他人" in row.end_reason


def test_what_stands_on_the_list_of_illegal_occupation_is_not_confirmed_whatever_its_cause(bureau):
    made = village()
    list_found(None, division=make.people.COUNTY, actor=bureau.actor, at=make.NOON)
    row = LegacyHomestead.objects.get(code=max(made["several"]))
    given = {"cause": "继承", "holder_is_member": "是"}
    row = rosters.change_record(LEGACY, record_id=row.pk, given=given, seen=None, actor=bureau.actor, at=make.NOON)
    assert legacy.proposal(row, actor=SYSTEM, on=make.DAY).value == "确认"
    open_one = rosters.create_record(ILLEGAL_OCCUPATION, given=occupation(row.unit), actor=bureau.actor, at=make.NOON)
    assert legacy.proposal(row, actor=SYSTEM, on=make.DAY).value == "不予确认"
    with pytest.raises(RecordInvalid, match="违法占用台账"):
        rosters.change_record(
            LEGACY, record_id=row.pk, given={"treatment": "确认"}, seen=None, actor=bureau.actor, at=make.NOON
        )
    # once it is settled, the cause counts again
    rosters.end_record(
        ILLEGAL_OCCUPATION, record_id=open_one.pk, seen=None, reason="登记有误", actor=bureau.actor, at=make.NOON
    )
    assert legacy.proposal(row, actor=SYSTEM, on=make.DAY).value == "确认"


# -- 违法占用 -----------------------------------------------------------------------------------------------------------


def occupation(unit=None, **changes) -> dict[str, object]:
    return {
        "division": make.VILLAGE, "number": "两违〔2026〕001", "occupier": "演示占", "place": "甲村东",
        "code": unit.code if unit else "", "kind": "both", "area_m2": "120.00", "found_on": "2026-10-01", **changes,
    }  # fmt: skip


def barred(unit) -> bool:
    """Whether neither a first registration nor a transfer is let through, for this reason."""
    first, transfer = (
        blocking.hindrance_ruling(unit, matter=matter, on=make.DAY) for matter in ("首次登记", "转移登记")
    )
    assert first.value == transfer.value
    return any("违法占用台账，处理完毕前不予登记" in step.finding for step in first.steps if step.ok is False)


def test_an_open_record_bars_first_registration_and_transfer_and_frees_them_when_settled(window, bureau):
    unit = make.unit(UnitKind.HOMESTEAD)
    other = make.unit(UnitKind.HOMESTEAD, make.square(3))
    assert not barred(unit)
    assert services.refuse_blocked(unit, matter="首次登记", on=make.DAY).value is True
    row = rosters.create_record(ILLEGAL_OCCUPATION, given=occupation(unit), actor=window.actor, at=make.NOON)
    assert barred(unit)
    for matter in ("首次登记", "转移登记"):
        with pytest.raises(RegistrationBlocked, match="违法占用台账"):
            services.refuse_blocked(unit, matter=matter, on=make.DAY)
    row.refresh_from_db()
    held = Restriction.objects.current().get(rrr=row.restriction_id)
    assert (held.kind, held.valid.lower) == (RestrictionKind.ILLEGAL_OCCUPATION, date(2026, 10, 1))
    # another unit was meant
    rosters.change_record(
        ILLEGAL_OCCUPATION, record_id=row.pk, given={"code": other.code}, seen=None, actor=window.actor, at=make.NOON
    )
    assert (barred(unit), barred(other)) == (False, True)
    # a change that says nothing of the unit leaves the restriction as it is
    before = IllegalOccupation.objects.get(pk=row.pk).restriction_id
    rosters.change_record(
        ILLEGAL_OCCUPATION, record_id=row.pk, given={"measure": "demolish", "decision": "高执罚〔2026〕9号",
        "settled_on": "2026-11-24"}, seen=None, actor=window.actor, at=make.NOON,
    )  # fmt: skip
    assert IllegalOccupation.objects.get(pk=row.pk).restriction_id == before

    def move(step: str, by, reason: str = ""):
        rosters.move_record(
            ILLEGAL_OCCUPATION, record_id=row.pk, transition=step, seen=None, reason=reason, actor=by.actor,
            at=make.NOON,
        )  # fmt: skip

    move("handle", window)
    assert barred(other)
    move("settle", bureau)
    assert not barred(other)
    move("reopen", bureau, reason="又建起来了")
    assert barred(other)
    rosters.end_record(
        ILLEGAL_OCCUPATION, record_id=row.pk, seen=None, reason="登记有误", actor=bureau.actor, at=make.NOON
    )
    assert not barred(other)


def test_a_record_names_a_unit_that_stands_in_its_own_division(window):
    unit = make.unit(UnitKind.HOMESTEAD)

    def refused(why: str, **changes):
        with pytest.raises(RecordInvalid, match=why):
            rosters.create_record(
                ILLEGAL_OCCUPATION, given=occupation(unit, **changes), actor=window.actor, at=make.NOON
            )

    refused("不在所填的区划以内", division=make.NEXT_VILLAGE)
    refused("没有“370322001200JC09999W00000000”", code="370322001200JC09999W00000000")
    refused("早于发现日期", settled_on="2026-09-01")
    assert not Restriction.objects.exists()
    # what is not registered yet is listed without a unit
    rosters.create_record(ILLEGAL_OCCUPATION, given=occupation(), actor=window.actor, at=make.NOON)
    assert not Restriction.objects.exists()


def test_a_record_without_a_unit_finds_the_one_that_stands_there(window):
    unit, other = make.unit(UnitKind.HOMESTEAD), make.unit(UnitKind.HOMESTEAD, make.square(3))
    inside = make.square().representative_point()
    point = {"longitude": f"{inside.x:.6f}", "latitude": f"{inside.y:.6f}"}
    rosters.create_record(ILLEGAL_OCCUPATION, given=occupation(**point), actor=window.actor, at=make.NOON)
    assert (barred(unit), barred(other)) == (True, False)
    by_parcel = occupation(number="两违〔2026〕002", code=other.code[:19])
    rosters.create_record(ILLEGAL_OCCUPATION, given=by_parcel, actor=window.actor, at=make.NOON)
    assert barred(other)


def test_half_a_point_and_a_point_abroad_are_refused(window):
    for wrong, why in (({"longitude": "117.8"}, "同时填"), ({"longitude": "37.17", "latitude": "117.8"}, "经度在前")):
        with pytest.raises(RecordInvalid, match=why):
            rosters.create_record(ILLEGAL_OCCUPATION, given=occupation(**wrong), actor=window.actor, at=make.NOON)


def test_an_imported_list_bars_its_units_in_the_same_transaction(window):
    units = [make.unit(UnitKind.HOMESTEAD, make.square(n)) for n in (0, 2)]
    heads = [one.head for one in ILLEGAL_OCCUPATION.fields]
    rows = [
        [
            make.VILLAGE,
            f"两违{n}",
            "演示占",
            "甲村东",
            unit.code,
            None,
            None,
            "违法建设",
            80,
            "2026-10-01",
            None,
            None,
            None,
            None,
        ]
        for n, unit in enumerate(units)
    ]
    found = taken(
        book(rows, heads=heads, sheet=ILLEGAL_OCCUPATION.title), window, name="两违.xlsx", of=ILLEGAL_OCCUPATION
    )
    assert found.state == "ready", found.faults
    assert applied(found, window).state == "applied"
    assert all(barred(unit) for unit in units)


# -- 登记窗口 -----------------------------------------------------------------------------------------------------------


def test_the_towns_without_a_window_are_named(window):
    zone = Zone.objects.get(pk="gaoqing")
    before = coverage.window_coverage(zone, actor=SYSTEM, day=make.DAY)
    town = Division.objects.get(pk=make.people.TOWN)
    assert town in before.without
    given = {
        "division": town.pk, "name": "便民服务中心窗口", "address": "中心路 1 号", "telephone": "05336960000",
        "hours": "工作日 8:30–17:00", "matters": "", "opened_on": "",
    }  # fmt: skip
    rosters.create_record(WINDOWS, given=given, actor=window.actor, at=make.NOON)
    after = coverage.window_coverage(zone, actor=SYSTEM, day=make.DAY)
    assert town not in after.without
    assert len(before.without) - len(after.without) == 1
    # Gaoqing's documents ask for no coverage: the rule says so and judges nothing
    assert after.ruling.missing == ("registration.windows.coverage",)
    with pytest.raises(RecordInvalid, match="镇、街道"):
        rosters.create_record(WINDOWS, given={**given, "division": make.VILLAGE}, actor=window.actor, at=make.NOON)


def test_qingdao_asks_for_a_window_in_each_town_of_three_counties():
    zone = Zone.objects.get(pk="qingdao")
    found = coverage.window_coverage(zone, actor=SYSTEM, day=make.DAY)
    assert {town.parent.name for town in found.towns} <= {"即墨区", "平度市", "莱西市"}
    assert len(found.towns) > 20
    assert found.ruling.value is False
    assert found.ruling.steps[0].finding.endswith(f"还差 {len(found.towns)} 个")
    assert found.without == found.towns


# -- 村庄规划 -----------------------------------------------------------------------------------------------------------


def test_a_village_counts_as_covered_once_its_plan_is_approved(bureau):
    def counted():
        zone = Zone.objects.get(pk="gaoqing")
        name = Division.objects.get(pk=make.people.TOWN).name
        return next(row for row in coverage.plan_coverage(zone, actor=SYSTEM) if row.name == name)

    given = {
        "division": make.VILLAGE,
        "title": "甲村村庄规划",
        "years": "",
        "compiler": "",
        "approved_on": "",
        "number": "",
        "link": "",
    }
    row = rosters.create_record(VILLAGE_PLANS, given=given, actor=bureau.actor, at=make.NOON)
    assert (counted().approved, counted().started) == (0, 1)
    for step in ("draft", "show", "submit"):
        rosters.move_record(
            VILLAGE_PLANS, record_id=row.pk, transition=step, seen=None, actor=bureau.actor, at=make.NOON
        )
    with pytest.raises(FieldsMissing, match="批复"):
        rosters.move_record(
            VILLAGE_PLANS, record_id=row.pk, transition="approve", seen=None, actor=bureau.actor, at=make.NOON
        )
    rosters.change_record(
        VILLAGE_PLANS, record_id=row.pk, given={"approved_on": "2026-11-01", "number": "高政字〔2026〕5号"}, seen=None,
        actor=bureau.actor, at=make.NOON,
    )  # fmt: skip
    rosters.move_record(
        VILLAGE_PLANS, record_id=row.pk, transition="approve", seen=None, actor=bureau.actor, at=make.NOON
    )
    assert (counted().approved, counted().started) == (1, 0)


def test_facts_of_a_record_are_those_of_the_rule():
    row = LegacyHomestead(homesteads=2, area_m2=Decimal("264.50"), cause="违法占用")
    facts = legacy.facts_of(row)
    assert (facts.area_m2, facts.is_illegal_occupation) == (Fraction(529, 2), True)
