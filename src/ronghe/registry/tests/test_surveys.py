"""A survey's file on its way into the register: faults named, mended, told, entered, certified; all or nothing."""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
import shapely
from openpyxl import load_workbook

from ronghe.kernel import clock
from ronghe.kernel.accounts.models import User
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files import services as files
from ronghe.kernel.jobs.services import run_here
from ronghe.kernel.parties import services as parties
from ronghe.kernel.parties.models import Party, PartyIdentifier
from ronghe.kernel.parties.tests import factories as people
from ronghe.kernel.spatial import services as layers
from ronghe.kernel.spatial.services import FeatureGiven, LayerTold
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.errors import NoticePeriodUnset
from ronghe.mechanisms.casework.models import Notice
from ronghe.mechanisms.rosters import services as rosters

from .. import services
from ..errors import NothingToJudge, ReasonNeeded, SurveyFileWrong, SurveyNotReady
from ..models import RRR, AdministrativeSource, BAUnit, Certificate, Right, SpatialUnit, SpatialUnitVersion
from ..rosters import ILLEGAL_OCCUPATION
from ..rules.kinds import FIRST_RIGHT, RightKind, UnitKind
from ..services.survey_entry import digest_of_rows
from ..surveying.fields import wanted
from . import factories, surveys
from .surveys import AT, Lot, Office, plot

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


def bow() -> shapely.Geometry:
    return shapely.Polygon([(117.81, 37.17), (117.8102, 37.1702), (117.8102, 37.17), (117.81, 37.1702)])


def test_three_faults_are_named_and_the_mended_file_goes_through_to_certificates(office):
    collective = factories.collective()
    good = surveys.lots(4)
    overlapping = Lot(factories.square(0, 0, width=0.5), good[2].holder, good[2].identity)
    crossing = Lot(bow(), good[3].holder, good[3].identity)
    slip = Lot(good[1].shape, good[1].holder, good[1].identity, {"实测面积": str(factories.area(good[1].shape) / 100)})
    batch = surveys.taken(office, surveys.geojson([good[0], slip, overlapping, crossing]))
    assert batch.state == "faulty"
    assert surveys.said(batch) == [(1, "overlap_file"), (2, "area"), (3, "overlap_file"), (4, "crossing")]
    told = {f.number: f for f in batch.findings.filter(level="fault")}
    assert "相差约 100 倍，可能把平方米写成了" in told[2].text
    assert told[2].field == "实测面积"
    assert told[2].mend
    assert "第 3 宗重叠" in told[1].text
    assert "自相交" in told[4].text
    assert not BAUnit.objects.exists(), "nothing of a faulty file is applied"
    attempt = batch.attempts.get()
    marked = json.loads(files.content(attempt.annotated_id))
    assert [f["properties"]["序号"] for f in marked["features"]] == [1, 2, 3, 4]
    with pytest.raises(SurveyNotReady):
        services.submit_survey(batch_id=batch.pk, actor=office.window.actor, at=AT)

    batch = surveys.mended(batch, office, surveys.geojson(good))
    assert batch.state == "judging", "no layers of lines: a person judges"
    assert [a.verdict for a in batch.attempts.all()] == ["faulty", "judging"]
    batch = surveys.entered(batch, office)

    assert batch.state == "entered"
    assert batch.case.state == "done"
    units = BAUnit.objects.order_by("code")
    assert [u.code for u in units] == [f"{people.VILLAGE}JC{n:05d}W00000000" for n in range(1, 5)]
    kinds = Right.objects.filter(baunit=units[0]).order_by("kind").values_list("kind", "party__kind")
    assert list(kinds) == [(1, "collective"), (5, "household"), (101, "household")]
    assert set(Right.objects.filter(kind=1).values_list("party", flat=True)) == {collective.pk}
    form = SpatialUnitVersion.objects.get(spatial_unit__code=units[0].code[:19])
    assert (form.registered_area_m2, form.area_m2) == (factories.area(good[0].shape),) * 2
    assert (form.north, form.east, form.source_id) == ("张五", "路", batch.survey_id)
    numbers = Certificate.objects.order_by("number").values_list("number", flat=True)
    assert [n[-5:] for n in numbers] == ["0001号", "0002号", "0003号", "0004号"]
    event = Event.objects.get(verb="registry.survey.entered")
    assert (event.facts["units"], event.facts["digest"]) == (4, digest_of_rows(batch))
    assert PartyIdentifier.objects.filter(kind="identity").count() == 4, "new holders are registered, once each"
    assert not batch.holders.filter(sealed__isnull=False).exists()


def test_entering_twice_enters_once(office):
    batch = surveys.entered(surveys.taken(office, surveys.geojson(surveys.lots(2))), office)
    assert services.survey_entry.write_survey(_Quiet(), batch_id=batch.pk, actor=office.registrar.actor, at=AT) == {
        "state": "entered"
    }
    assert BAUnit.objects.count() == 2


def test_what_people_of_the_demonstration_hold_or_its_surveyors_bring_is_marked(office):
    made_up = parties.register_person(
        new=people.new("演示戊"), division=people.VILLAGE, actor=SYSTEM, at=people.NOON, is_demo=True
    )
    given = surveys.lots(2)
    given[1].holder, given[1].identity = made_up.name, surveys.number_of(made_up)
    batch = surveys.entered(surveys.taken(office, surveys.geojson(given)), office)
    assert list(BAUnit.objects.order_by("code").values_list("is_demo", flat=True)) == [False, True]
    assert batch.state == "entered"
    User.objects.filter(pk=office.window.actor.user_id).update(display_name="高青县窗口（演示）")
    surveys.entered(surveys.taken(office, surveys.geojson(surveys.lots(2, row=4))), office)
    assert BAUnit.objects.filter(is_demo=True).count() == 3
    assert Party.objects.filter(is_demo=True, name__startswith="演示甲").exists(), "and so are the new holders"


class _Quiet:
    job_id = 0

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        pass

    def must_stop(self) -> bool:
        return False


def test_a_wrong_coordinate_system_is_asked_for_or_named_with_each_parcel(office):
    flat = [
        Lot(shapely.box(39_500_000, 4_116_000, 39_500_020, 4_116_020), "演示甲", people.identity(), {"实测面积": "400"})
    ]
    unsaid = surveys.taken(office, surveys.geojson(flat, crs=None))
    attempt = unsaid.attempts.get()
    assert unsaid.state == "asking"
    assert attempt.found["question"] == "crs"
    assert "第 39 带" in attempt.found["text"]
    wrong = services.state_survey(batch_id=unsaid.pk, crs="EPSG:4490", actor=office.window.actor, at=AT)
    wrong = surveys.worked(wrong)
    assert surveys.said(wrong) == [(1, "outside")]
    assert "坐标" in wrong.findings.get(level="fault").text
    right = surveys.worked(services.state_survey(batch_id=unsaid.pk, crs="EPSG:4527", actor=office.window.actor, at=AT))
    assert right.state == "judging"
    assert right.parcels.get().drawn_m2 == pytest.approx(Decimal(400), rel=Decimal("0.001"))


def test_codes_are_checked_against_the_standard_the_file_and_the_register(office):
    standing = factories.unit(geometry=factories.square(8, 8))
    given = surveys.lots(4)
    for one, code in zip(
        given, ("370322001200JC00009", "370322001200JC00009", standing.code[:19], "370322001200XX00001"), strict=True
    ):
        one.more["宗地代码"] = code
    batch = surveys.taken(office, surveys.geojson(given))
    assert surveys.said(batch) == [(2, "code_twice"), (3, "code_used"), (4, "code_wrong")]


def test_overlap_with_what_the_register_holds_is_named_with_its_code(office):
    standing = factories.unit(geometry=factories.square(0, 0))
    batch = surveys.taken(office, surveys.geojson(surveys.lots(3)))
    assert surveys.said(batch) == [(1, "overlap_register")]
    assert standing.code[:19] in batch.findings.get(level="fault").text


def test_collective_ownership_lies_under_homesteads_and_is_no_overlap(office):
    factories.unit(UnitKind.OWNERSHIP, factories.square(-1, -1, width=10, height=10))
    assert surveys.taken(office, surveys.geojson(surveys.lots(2))).state == "judging"


def test_a_dead_holder_an_unknown_one_and_a_wrong_name_are_faults(office):
    dead, other = people.person("演示甲"), people.person("演示乙")
    numbers = {p.pk: n for p, n in ((dead, surveys.number_of(dead)), (other, surveys.number_of(other)))}
    parties.record_death(person_id=dead.pk, on=date(2026, 9, 1), actor=office.registrar.actor, at=people.NOON)
    given = surveys.lots(4)
    given[0].holder, given[0].identity = "演示甲", numbers[dead.pk]
    given[1].holder, given[1].identity = "演示丙", numbers[other.pk]
    given[3].identity = given[3].identity[:17] + ("1" if given[3].identity[17] != "1" else "2")
    batch = surveys.taken(office, surveys.geojson(given), admits_new=False)
    assert surveys.said(batch) == [(1, "holder_gone"), (2, "holder_name"), (3, "holder_unknown"), (4, "holder_number")]
    assert "已于 2026-09-01 死亡" in batch.findings.get(kind="holder_gone").text
    assert "演示乙" not in batch.findings.get(kind="holder_name").text, "whose number it is, is not told"


def test_the_holder_of_a_homestead_is_the_household_of_the_person_named(office):
    house = factories.household("演示甲")
    head = house.members.get().person
    given = [Lot(factories.square(), "演示甲", surveys.number_of(head))]
    factories.collective()
    surveys.entered(surveys.taken(office, surveys.geojson(given), admits_new=False), office)
    assert set(Right.objects.exclude(kind=1).values_list("party", flat=True)) == {house.pk}
    again = surveys.taken(office, surveys.geojson([Lot(factories.square(5), "演示甲", surveys.number_of(head))]))
    assert surveys.said(again) == [], "several homesteads of a household are no fault here"
    assert (1, "legacy") in surveys.said(again, "note")


def test_a_homestead_under_a_merged_record_or_in_a_members_name_is_told_too(office):
    first, second = factories.household("演示甲"), factories.household("演示乙")
    heads = [house.members.get().person for house in (first, second)]
    given = [
        Lot(factories.square(n), head.name, surveys.number_of(head)) for n, head in zip((0, 1), heads, strict=True)
    ]
    again = parties.register_person(
        new=parties.NewPerson("演示甲", birth_date=date(1980, 5, 1)), division=people.VILLAGE, actor=SYSTEM, at=AT
    )
    for place, holder in ((5, again), (7, heads[1])):
        unit = factories.unit(geometry=factories.square(place))
        factories.right(unit, RightKind.HOMESTEAD_USE, holder)
    batch = surveys.taken(office, surveys.geojson(given))
    assert [n for n, kind in surveys.said(batch, "note") if kind == "legacy"] == [2]
    # when the other record turns out to be the same person
    parties.merge_parties(source_id=again.pk, target_id=heads[0].pk, reason="同一人登记了两次", actor=SYSTEM, at=AT)
    batch = surveys.taken(office, surveys.geojson(given))
    assert [n for n, kind in surveys.said(batch, "note") if kind == "legacy"] == [1, 2]


def test_shares_of_101_percent_are_a_fault_and_halves_are_entered(office):
    first, second = people.identity(), people.identity()
    lot = Lot(factories.square(), "演示甲、演示乙", f"{first}、{second}", {"份额": "51%、50%"})
    batch = surveys.taken(office, surveys.geojson([lot]), kind=UnitKind.CONSTRUCTION)
    assert "101 %" in batch.findings.get(level="fault").text
    assert surveys.said(batch) == [(1, "share")]
    lot.more["份额"] = "1/2、1/2"
    batch = surveys.entered(surveys.mended(batch, office, surveys.geojson([lot])), office)
    rows = Right.objects.filter(kind=RightKind.COLLECTIVE_USE)
    assert sorted(rows.values_list("co_ownership", "share_num", "share_den")) == [(2, 1, 2), (2, 1, 2)]


def test_a_term_beyond_the_law_or_over_already_is_a_fault(office):
    given = [
        plot(0, 承包期限止="2045-06-01"),
        plot(1, 承包期限起="1995-01-01", 承包期限止="2020-01-01"),
        plot(2, 承包期限止="2014-01-01"),
        plot(3, 承包期限止=""),
    ]
    batch = surveys.taken(office, surveys.geojson(given), kind=UnitKind.CONTRACTED)
    assert surveys.said(batch) == [(n, "term") for n in range(1, 5)]
    assert "最长 30 年" in batch.findings.get(number=1, level="fault").text


@pytest.mark.parametrize("kind", [UnitKind.CONSTRUCTION, UnitKind.WATER_WORKS])
def test_any_kind_may_carry_a_term_and_those_that_need_none_may_leave_it_out(office, kind):
    assert {"first_day", "last_day"} <= {one.name for one in wanted(kind)}
    given = surveys.lots(2)
    given[0].more |= {"起始日期": "2020-01-01", "终止日期": "2059-12-31"}
    batch = surveys.entered(surveys.taken(office, surveys.geojson(given), kind=kind), office)
    assert surveys.said(batch) == []
    rows = Right.objects.filter(kind=FIRST_RIGHT[kind][0]).order_by("pk").values_list("valid", flat=True)
    assert (rows[0].lower, rows[0].upper) == (date(2020, 1, 1), date(2060, 1, 1))
    assert rows[1].upper is None


def test_contracted_plots_are_shown_twice_then_told_and_rest_on_their_contract(office):
    batch = surveys.taken(office, surveys.geojson([plot(0), plot(1)]), kind=UnitKind.CONTRACTED)
    batch = surveys.entered(batch, office)
    told = Notice.objects.filter(case=batch.case).order_by("pk")
    assert [(n.length, n.unit) for n in told] == [(7, "日"), (7, "日"), (15, "工作日")]
    contract = AdministrativeSource.objects.get(kind="contract")
    rights = Right.objects.filter(kind=RightKind.CONTRACT)
    assert {r.source_id for r in rights} == {contract.pk}
    assert contract.number == f"{people.VILLAGE}000001J"
    assert {(r.valid.lower, r.valid.upper) for r in rights} == {(date(2015, 6, 1), date(2045, 6, 1))}
    assert set(SpatialUnit.objects.values_list("code", flat=True)) == {
        f"{people.VILLAGE}0000001",
        f"{people.VILLAGE}0000002",
    }


def test_ownership_begins_no_later_than_what_derives_from_it(office):
    factories.collective()
    batch = surveys.entered(surveys.taken(office, surveys.geojson([plot(0)]), kind=UnitKind.CONTRACTED), office)
    owned = RRR.objects.get(kind=1)
    assert RRR.objects.get(kind=RightKind.CONTRACT).parent_id == owned.pk
    assert owned.rights.get().valid.lower == date(2015, 6, 1)
    assert batch.state == "entered"


def test_a_house_stands_in_one_unit_with_its_land(office):
    lot = Lot(factories.square(), "演示甲", people.identity(), {"建筑面积": "180.5", "层数": "2", "房屋结构": "砖混"})
    surveys.entered(surveys.taken(office, surveys.geojson([lot])), office)
    unit = BAUnit.objects.get()
    assert unit.code.endswith("F99990001")
    house = SpatialUnitVersion.objects.get(spatial_unit__kind="building")
    assert (house.floor_area_m2, house.registered_area_m2, house.floors, house.structure) == (
        Decimal("180.50"),
        Decimal("90.25"),
        2,
        "砖混",
    )
    assert Right.objects.get().kind == RightKind.HOMESTEAD_HOUSE


def test_a_table_comes_back_with_every_bad_cell_marked(office):
    given = surveys.lots(3)
    given[1].more["实测面积"] = "二百"
    content = surveys.workbook(given, heads={"权利人": "QLR", "证件号": "ZJH", "实测面积": "SCMJ", "图形": "WKT"})
    batch = surveys.taken(office, content, name="调查.xlsx", stated={"crs": "EPSG:4490"})
    assert surveys.said(batch) == [(2, "value")]
    sheet = load_workbook(BytesIO(files.content(batch.attempts.get().annotated_id))).active
    heads = [cell.value for cell in sheet[1]]
    cell = sheet.cell(3, heads.index("SCMJ") + 1)
    assert cell.comment is not None
    assert "不是数" in cell.comment.text
    assert "实测面积" in sheet.cell(3, heads.index("错误说明") + 1).value
    good = surveys.mended(batch, office, surveys.workbook(surveys.lots(3)), name="改正.xlsx")
    assert good.state == "asking", "a table does not say its coordinate system"
    good = surveys.worked(services.state_survey(batch_id=good.pk, crs="EPSG:4490", actor=office.window.actor, at=AT))
    assert good.state == "judging"
    assert good.parcels_count == 3


def test_a_drawing_and_its_table_are_joined_by_code(office):
    given = surveys.lots(3)
    for n, one in enumerate(given, start=1):
        one.more["ZDDM"] = f"{people.VILLAGE}JC{n:05d}"
    drawn = [
        Lot(one.shape, "", "", {"ZDDM": one.more["ZDDM"], "权利人": None, "证件号": None, "实测面积": None})
        for one in given
    ]
    table = surveys.workbook(
        [*given[:2], Lot(factories.square(7), "演示己", people.identity(), {"ZDDM": f"{people.VILLAGE}JC00077"})],
        with_outlines=False,
    )
    batch = surveys.taken(office, surveys.geojson(drawn), table=table)
    faults = surveys.said(batch)
    assert (None, "table") in faults
    assert (3, "table") in faults
    assert not {1, 2} & {n for n, _ in faults}
    whole = surveys.taken(office, surveys.geojson(drawn), table=surveys.workbook(given, with_outlines=False))
    assert surveys.said(whole) == []
    assert list(whole.parcels.order_by("number").values_list("holders_text", flat=True)) == [
        one.holder for one in given
    ]


def test_a_table_without_heads_is_refused_in_words(office):
    batch = surveys.taken(office, surveys.workbook([], with_outlines=False), name="空.xlsx")
    assert batch.state == "faulty"
    assert "没有找到表头" in batch.attempts.get().failure
    assert SurveyFileWrong(file="a", why="b").code == "registry.survey_file_wrong"


def _layer(office: Office, slug: str, kind: str, *features: FeatureGiven) -> None:
    layers.create_layer(
        slug=slug, division=people.COUNTY, told=LayerTold(slug, kind), actor=office.registrar.actor, at=AT
    )
    layers.put_features(slug=slug, features=features, actor=office.registrar.actor, at=AT)


def _area(code: str, shape: shapely.Geometry, name: str = "图斑") -> FeatureGiven:
    return FeatureGiven(code, name, json.loads(shapely.to_geojson(shape)))


def test_lines_refuse_list_slivers_and_leave_the_rest_to_a_person(office):
    county = people.COUNTY[:6]
    far = factories.square(500, 500)
    _layer(
        office,
        f"pbf-{county}",
        "red_line",
        _area("1", factories.square(0, -1, height=1.5)),
        _area("2", factories.square(1, -1, height=1.001)),
    )
    _layer(office, f"erl-{county}", "red_line", _area("1", factories.square(2, -1, height=1.5)))
    _layer(office, f"udb-{county}", "planning", _area("1", far))
    _layer(
        office,
        f"plan-{county}",
        "planning",
        _area("1", factories.square(-1, -1, width=4, height=4), "农村宅基地"),
        _area("2", factories.square(3, -1, width=4, height=4), "水域"),
    )
    batch = surveys.taken(office, surveys.geojson(surveys.lots(5)))
    assert surveys.said(batch) == [(1, "lines")]
    assert "不得占用" in batch.findings.get(level="fault").text
    assert surveys.said(batch, "person") == [(3, "lines"), (4, "lines"), (5, "lines")]
    assert "只列出" in batch.findings.get(number=2, kind="lines").text


def test_a_parcel_that_lies_in_part_in_its_planned_use_is_left_to_a_person_with_the_shares(office):
    whole = factories.square(1, 0).bounds
    west, south, east, north = whole
    third = west + (east - west) * 0.3
    _layer(
        office,
        f"plan-{people.COUNTY[:6]}",
        "planning",
        _area("1", factories.square(0, 0), "村庄建设用地"),
        # 30 % of the second in the village, drawn twice; the rest nowhere
        _area("2", shapely.box(west, south, third, north), "村庄建设用地"),
        _area("3", shapely.box(west, south, third, north), "农村宅基地"),
        # the third in two uses that both fit, the fourth in one that only sounds like it
        _area("4", shapely.box(*factories.square(2, 0).bounds), "农村宅基地"),
        _area("5", factories.square(3, 0), "非村庄建设用地"),
    )
    batch = surveys.taken(office, surveys.geojson(surveys.lots(4)))
    judged = dict(batch.findings.filter(level="person", kind="lines").values_list("number", "text"))
    assert sorted(judged) == [2, 4]
    assert "与宅基地相符的只有" in judged[2]
    assert "（30.0 %）" in judged[2]
    assert "看不出与宅基地相符" in judged[4]


def _occupied(office: Office, number: str, **place: str):
    given = {
        "division": people.VILLAGE, "number": number, "occupier": "演示占", "place": "村东", "kind": "land",
        "area_m2": "60", "found_on": "2026-10-01", **place,
    }  # fmt: skip
    return rosters.create_record(ILLEGAL_OCCUPATION, given=given, actor=office.registrar.actor, at=clock.now())


def test_what_is_illegally_occupied_is_a_fault_until_it_is_settled(office):
    inside = factories.square(1, 0).representative_point()
    point = {"longitude": f"{inside.x:.6f}", "latitude": f"{inside.y:.6f}"}
    row = _occupied(office, "两违1", **point)
    coded = surveys.lots(3)
    coded[2].more["宗地代码"] = f"{people.VILLAGE}JC00077"
    _occupied(office, "两违2", code=f"{people.VILLAGE}JC00077")
    batch = surveys.taken(office, surveys.geojson(coded))
    assert surveys.said(batch) == [(2, "occupied"), (3, "occupied")]
    assert "违法占用台账 两违1（村东）" in batch.findings.get(number=2, level="fault").text
    # settled, the ground may be registered
    rosters.end_record(
        ILLEGAL_OCCUPATION, record_id=row.pk, seen=None, reason="登记有误", actor=office.registrar.actor, at=AT
    )
    batch = surveys.taken(office, surveys.geojson(coded[:2]))
    assert surveys.said(batch) == []


def test_an_occupation_that_is_found_after_the_check_keeps_the_whole_batch_out(office):
    batch = surveys.begun(surveys.taken(office, surveys.geojson(surveys.lots(3))), office)
    inside = factories.square(1, 0).representative_point()
    _occupied(office, "两违1", longitude=f"{inside.x:.6f}", latitude=f"{inside.y:.6f}")
    done = run_here(batch.job_id)
    assert done.failure_code == "registry.survey_overtaken"
    assert "第 2 宗在违法占用台账 两违1" in done.failure
    assert not BAUnit.objects.exists()


def test_judging_needs_a_reason_and_something_to_judge(office):
    batch = surveys.taken(office, surveys.geojson(surveys.lots(1)))
    judge = {"batch_id": batch.pk, "actor": office.window.actor, "at": AT}
    with pytest.raises(ReasonNeeded):
        services.judge_survey(kind="lines_layer", reason="好", **judge)
    with pytest.raises(NothingToJudge):
        services.judge_survey(kind="area", reason="已对照图纸核对", **judge)
    assert services.judge_survey(kind="lines_layer", reason="已对照图纸核对", **judge) == 1
    batch.refresh_from_db()
    assert batch.state == "ready"


def test_whoever_brought_or_reviewed_a_batch_does_not_enter_it(office):
    case = surveys.at_entry(surveys.taken(office, surveys.geojson(surveys.lots(1))), office)
    with pytest.raises(DomainError, match="另一人"):
        casework.act(case_id=case.pk, action="enter", seen=None, actor=office.reviewer.actor, at=AT)


def test_what_changed_in_the_register_since_the_check_keeps_the_whole_batch_out(office):
    batch = surveys.begun(surveys.taken(office, surveys.geojson(surveys.lots(3))), office)
    factories.unit(geometry=factories.square(1, 0), at=clock.now())
    done = run_here(batch.job_id)
    assert done.failure_code == "registry.survey_overtaken"
    assert "第 2 宗" in done.failure
    batch.refresh_from_db()
    assert BAUnit.objects.count() == 1
    assert batch.state == "entering"
    casework.act(
        case_id=batch.case_id, action="return", seen=None, reason="登簿前有变化", actor=office.registrar.actor, at=AT
    )
    batch.refresh_from_db()
    assert batch.state == "ready", "the survey may be mended again"


def test_nobody_is_told_for_a_time_of_which_nothing_is_known(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    office = Office(is_limited=False)
    case = surveys.reviewed(surveys.taken(office, surveys.geojson(surveys.lots(1))), office)
    with pytest.raises(NoticePeriodUnset):
        casework.act(case_id=case.pk, action="approve", seen=None, actor=office.reviewer.actor, at=surveys.EARLY)
    case.refresh_from_db()
    assert (case.step, case.due) == ("review", None)


def test_the_notice_lists_parcels_with_masked_names(office):
    batch = surveys.taken(office, surveys.geojson(surveys.lots(2)))
    case = surveys.at_entry(batch, office)
    text = Notice.objects.get(case=case).text
    assert "1. 演*甲" in text
    assert "演示甲" not in text
    assert "2 宗宅基地" in text


def test_many_parcels_of_one_household_are_numbered_past_codes_that_the_file_brings(office):
    given = surveys.lots(3)
    given[1].more["宗地代码"] = f"{people.VILLAGE}JC00040"
    surveys.entered(surveys.taken(office, surveys.geojson(given)), office)
    assert sorted(BAUnit.objects.values_list("code", flat=True)) == [
        f"{people.VILLAGE}JC{n:05d}W00000000" for n in (40, 41, 42)
    ]
