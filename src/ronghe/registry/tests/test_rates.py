"""颁证率: by place, by day, against the target of the zone; and the same by the API."""

from datetime import date
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.regions.models import Division
from ronghe.policy.ruling import Verdict
from tests.people import person

from .. import layers, services
from ..models import SurveyBatch
from ..queries import rates
from ..rules.kinds import RightKind, UnitKind
from . import factories as make
from . import surveys

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

COUNTY, TOWN = "370322000000", make.people.TOWN
OFFICE = Actor(1, Role.DEPARTMENT, None, COUNTY)
KINDS = (UnitKind.HOMESTEAD, UnitKind.CONSTRUCTION)


@pytest.fixture(autouse=True)
def _places():
    make.people.places()


def village_of(certified: int, lacking: int) -> None:
    """Homesteads of one village, some with their certificates; and a plot, which is not counted."""
    owner = make.collective()
    for n in range(certified + lacking):
        _, used = make.homestead(make.household(f"演示{n}"), owner, geometry=make.square(2 * n))
        if n < certified:
            services.certify(rrr_id=used.pk, on=date(2026, 11, 1 + n), actor=SYSTEM, at=make.NOON)
    _, contract = make.contracted(geometry=make.square(90))
    services.certify(rrr_id=contract.pk, on=make.DAY, actor=SYSTEM, at=make.NOON)


def test_the_rate_counts_standing_units_with_a_certificate_in_force():
    village_of(certified=3, lacking=1)
    whole, parts = rates.by_place(OFFICE, place=COUNTY, kinds=KINDS)
    assert (whole.certified, whole.registrable) == (3, 4)
    assert [(one.division.pk, one.certified, one.registrable) for one in parts] == [(TOWN, 3, 4)]
    _, villages = rates.by_place(OFFICE, place=TOWN, kinds=KINDS)
    assert [one.division.pk for one in villages] == [make.VILLAGE]


def test_what_was_surveyed_soundly_and_is_not_entered_is_lacking_too(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    village_of(certified=3, lacking=0)
    office = surveys.Office(is_limited=False)
    waiting = surveys.taken(office, surveys.geojson(surveys.lots(2, row=5)))
    assert waiting.state == "judging"
    whole, parts = rates.by_place(OFFICE, place=COUNTY, kinds=KINDS)
    assert (whole.certified, whole.registrable, whole.surveyed, whole.rate) == (3, 5, 2, Fraction(3, 5))
    assert [(one.division.pk, one.registrable, one.surveyed) for one in parts] == [(TOWN, 5, 2)]
    shown = person(Role.DEPARTMENT, COUNTY).client().get("/registry/rates/").content.decode()
    assert "其中已调查未登簿" in shown
    # a file with faults is no survey yet, and what was entered is counted once
    surveys.mended(waiting, office, surveys.geojson([*surveys.lots(2, row=5), surveys.Lot(make.square(0))]))
    assert rates.by_place(OFFICE, place=COUNTY, kinds=KINDS)[0].registrable == 3
    sound = surveys.mended(waiting, office, surveys.geojson(surveys.lots(2, row=5)))
    surveys.entered(sound, office)
    whole, _ = rates.by_place(OFFICE, place=COUNTY, kinds=KINDS)
    assert (whole.certified, whole.registrable, whole.surveyed) == (5, 5, 0)


def test_each_village_stands_on_the_map_by_whether_it_reached_the_target():
    village_of(certified=3, lacking=1)
    (spot,) = rates.spots(rates.by_village(OFFICE, place=COUNTY, kinds=KINDS))
    assert (spot.counted.division.pk, spot.counted.certified, spot.counted.registrable) == (make.VILLAGE, 3, 4)
    x, y = spot.middle
    assert make.WEST < x < make.WEST + 100 * make.SIDE
    assert make.SOUTH < y < make.SOUTH + make.SIDE
    shown = person(Role.DEPARTMENT, COUNTY).client().get("/registry/rates/").content.decode()
    assert 'aria-label="1 个村的颁证率"' in shown
    assert "75.0%（3/4）" in shown
    assert rates.by_village(OFFICE, place="370306000000", kinds=KINDS) == {}


def test_a_certificate_that_was_taken_back_or_proves_another_right_does_not_count():
    owner = make.collective()
    _, used = make.homestead(make.household("演示甲"), owner)
    other, _ = make.homestead(make.household("演示乙"), owner, geometry=make.square(4))
    qualified = other.rrrs.get(kind=RightKind.QUALIFICATION)
    services.certify(rrr_id=qualified.pk, on=make.DAY, actor=SYSTEM, at=make.NOON)
    proof = services.certify(rrr_id=used.pk, on=make.DAY, actor=SYSTEM, at=make.NOON)
    assert rates.by_place(OFFICE, place=COUNTY, kinds=KINDS)[0].certified == 1
    services.recall(certificate_id=proof.pk, on=make.DAY, reason="证书遗失补证", actor=SYSTEM, at=make.NOON)
    assert rates.by_place(OFFICE, place=COUNTY, kinds=KINDS)[0].certified == 0


def test_the_target_is_that_of_the_zone_and_the_rule_says_whether_it_is_reached():
    village_of(certified=9, lacking=1)
    zone = rates.zone_of(COUNTY, actor=OFFICE)
    target = rates.target_of(zone, on=make.DAY)
    # 淄博 二(二)2(2), which holds in Gaoqing too: nine tenths by the end of 2020
    assert (target.rate, target.deadline) == (Fraction(9, 10), date(2020, 12, 31))
    whole, _ = rates.by_place(OFFICE, place=COUNTY, kinds=target.kinds)
    made = rates.progress(OFFICE, place=COUNTY, target=target, registrable_now=whole.registrable)
    assert made.days[0] == (date(2026, 11, 1), 1)
    assert made.days[-1] == (date(2026, 11, 9), 9)
    assert made.reached_on == date(2026, 11, 9), "9 of 10 is nine tenths: 以上 includes it"
    answer = rates.ruling(target, whole, made.reached_on, on=make.DAY)
    assert answer is not None
    assert answer.ruling.verdict != Verdict.PASSED
    few, _ = rates.by_place(Actor(2, Role.DEPARTMENT, None, "370306000000"), place="370306000000", kinds=target.kinds)
    assert few.registrable == 0
    assert few.rate is None


def batch(state: str, kind: UnitKind = UnitKind.HOMESTEAD) -> None:
    """A survey of the village on its way, or given up."""
    SurveyBatch.objects.create(
        title="演示调查", division_id=make.VILLAGE, kind=kind.value, state=state, surveyor="演示测绘队",
        surveyed_on=make.DAY, made_at=make.NOON,
    )  # fmt: skip


def test_a_survey_on_its_way_is_not_complete_and_an_entered_one_leaves_it_to_a_person():
    village_of(certified=9, lacking=1)
    target = rates.target_of(rates.zone_of(COUNTY, actor=OFFICE), on=make.DAY)

    def told():
        return rates.surveys_in(OFFICE, place=COUNTY, kinds=target.kinds)

    assert (told().entered, told().under_way, told().is_complete, told().last) == (0, 0, None, None)
    batch("ready", UnitKind.CONTRACTED)
    batch("closed")
    assert told().is_complete is None, "a plot is not asked for; what was given up does not count"
    browser = person(Role.DEPARTMENT, COUNTY).client()
    assert (
        "事实“农村不动产权籍调查已全部完成”：请在“权籍调查”下说明" in browser.get("/registry/rates/").content.decode()
    )
    page = browser.get("/registry/rates/?survey=yes").content.decode()
    assert "农村不动产权籍调查已全部完成：是" in page
    assert "农村不动产权籍调查已全部完成：否" in browser.get("/registry/rates/?survey=no").content.decode()
    batch("in_case")
    assert (told().under_way, told().is_complete) == (1, False)
    page = browser.get("/registry/rates/?survey=yes").content.decode()
    assert "还有 1 批在办" in page
    assert "农村不动产权籍调查已全部完成：否" in page, "what the batches say is not overruled"


def test_both_are_reached_no_sooner_than_the_last_survey_was_entered():
    target = rates.target_of(rates.zone_of(COUNTY, actor=OFFICE), on=make.DAY)
    counted = rates.Counted(Division.objects.get(pk=COUNTY), 10, 9)
    early, late = date(2020, 11, 1), date(2021, 2, 1)

    def says(surveyed_on):
        answer = rates.ruling(target, counted, early, on=make.DAY, is_survey_complete=True, surveyed_on=surveyed_on)
        assert answer is not None
        return answer.ruling.verdict

    # the deadline is 2020-12-31
    assert (says(None), says(date(2020, 12, 31)), says(late)) == (Verdict.PASSED, Verdict.PASSED, Verdict.FAILED)


def test_the_costs_do_not_grow_with_the_units():
    def cost():
        with CaptureQueriesContext(connection) as asked:
            rates.by_place(OFFICE, place=COUNTY, kinds=KINDS)
        return len(asked)

    make.homestead(make.household("演示甲"), make.collective())
    before = cost()
    for n in range(4):
        make.unit(geometry=make.square(10 + n))
    assert cost() == before == 6


def test_from_the_town_to_the_village_to_the_units_without_a_certificate():
    village_of(certified=3, lacking=1)
    browser = person(Role.DEPARTMENT, COUNTY).client()
    county = browser.get("/registry/rates/").content.decode()
    assert "75.0%" in county
    assert f"/registry/rates/?place={TOWN}" in county
    assert "目标 90.0%" in county
    assert "未达标" in county
    town = browser.get(f"/registry/rates/?place={TOWN}").content.decode()
    address = f"/registry/?place={make.VILLAGE}&amp;certified=due"
    assert address in town
    listed = browser.get(address.replace("&amp;", "&")).content.decode()
    assert "共 <b>1</b> 条" in listed
    assert browser.get("/registry/rates/?export=xlsx")["Content-Type"].endswith("sheet")
    elsewhere = browser.get("/registry/rates/?place=370100000000").content.decode()
    assert "不在您的管辖范围内" in elsewhere


def test_the_map_colours_counties_by_their_rate():
    village_of(certified=3, lacking=1)
    told = layers.figures("gaoqing", OFFICE, make.DAY)
    assert [(one.code, one.value, one.label) for one in told.figures if one.value is not None] == [
        (COUNTY, 75, "75%（3/4）")
    ]
    towns = layers.towns_in("gaoqing", OFFICE, make.DAY, COUNTY)
    assert [(row.word, row.tone) for row in towns.rows] == [("75%", "warn")]
    assert layers.figures("gaoqing", Actor(2, Role.DEPARTMENT, None, "370306000000"), make.DAY).figures == []


# -- the API -------------------------------------------------------------------------------------------------------


def test_the_api_tells_units_pages_rights_outlines_contracts_and_rates():
    from ..rules.kinds import GroundKind
    from ..services import Ground

    house = make.household("演示甲")
    unit, used = make.homestead(house)
    services.certify(rrr_id=used.pk, on=make.DAY, actor=SYSTEM, at=make.NOON)
    other, _ = make.homestead(make.household("演示乙"), make.collective("乙社"), geometry=make.square(3))
    housed = services.add_building(
        baunit_id=other.pk, building=Ground(GroundKind.BUILDING, make.area(make.square()), structure="砖混"),
        on=make.DAY, survey_id=make.survey(), source_id=make.source(), actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    browser = person(Role.DEPARTMENT, COUNTY).client()

    def got(path: str):
        answer = browser.get(f"/api/v1/registry{path}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    first = got("/units?size=1")
    rest = got(f"/units?size=5&cursor={first['next']}")
    assert [row["code"] for row in first["items"] + rest["items"]] == [unit.code, housed.code]
    assert first["items"][0]["holders"] == ["演示甲户"]
    page = got(f"/units/{unit.code}")
    assert page["standing"]
    assert {right["title"] for right in page["rights"]} == {"集体土地所有权", "宅基地资格权", "宅基地使用权"}
    assert not got(f"/units/{unit.code}?on=2014-01-01")["standing"]
    assert not got(f"/units/{unit.code}?known_at=2014-01-01T00:00:00Z")["rights"]
    assert [one["before"] for one in got(f"/units/{housed.code}")["lineage"]] == [other.code]
    held = got(f"/parties/{house.pk}/rights")
    assert {row["title"] for row in held["items"]} == {"宅基地资格权", "宅基地使用权"}
    box = make.square(3).bounds
    found = got(f"/ground?west={box[0]}&south={box[1]}&east={box[2]}&north={box[3]}")
    assert [one["id"] for one in found["features"]] == [housed.code], "one outline, of the unit that stands"
    assert got("/contracts")["items"] == []
    told = got("/rates")
    assert (told["whole"]["registrable"], told["whole"]["certified"], told["target"]) == (2, 1, "9/10")


def test_the_api_shows_nothing_to_strangers_and_others():
    from django.test import Client

    house = make.household("演示甲")
    unit, _ = make.homestead(house)
    others = person(Role.DEPARTMENT, "370306000000").client()
    for path in ("/units", f"/units/{unit.code}", "/rates", "/contracts", f"/parties/{house.pk}/rights", "/mine"):
        assert Client().get(f"/api/v1/registry{path}").status_code == 401, path
    assert others.get(f"/api/v1/registry/units/{unit.code}").status_code == 404
    assert others.get("/api/v1/registry/units").json()["items"] == []
    assert others.get(f"/api/v1/registry/parties/{house.pk}/rights").status_code == 404
    assert others.get(f"/api/v1/registry/rates?place={COUNTY}").status_code == 422
    assert person(Role.AUDITOR, COUNTY).client().get(f"/api/v1/registry/units/{unit.code}").status_code == 200
    assert person(Role.SYSTEM_ADMIN, COUNTY).client().get("/api/v1/registry/units").status_code == 403
