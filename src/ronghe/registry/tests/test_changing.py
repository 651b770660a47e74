"""变更登记: outlines, neighbours, houses and terms change by procedure; what stood before can be read, and certificates follow."""

import json
from datetime import date
from decimal import Decimal

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ronghe.kernel import clock
from ronghe.kernel.actors import SYSTEM
from ronghe.mechanisms.casework import errors as case_errors

from .. import services
from ..errors import (
    ApplicationIncomplete,
    ApplicationUnfit,
    GroundElsewhere,
    MeasuresDisagree,
    RegistrationBlocked,
    TermBeyondParent,
    TermWrong,
)
from ..models import Application, BAUnit, Certificate, Lineage, Right, SpatialUnitVersion
from ..rules.changing import PartAct
from ..rules.kinds import RestrictionKind, RightKind, UnitKind
from ..rules.matters import Cause, Matter
from ..services import PartAsked, Term
from ..services.units import ground_rows
from . import factories as make
from . import registering as at_work
from .registering import DAY, NOON, Office, done, opened, reviewed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


@pytest.fixture
def office(db, settings, tmp_path, monkeypatch) -> Office:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return Office()


def change(office, unit, *parts, **given):
    return opened(office, unit, Matter.CHANGE, parts=parts, is_joint=False, **given)


def land(unit):
    return ground_rows(unit, on=DAY)[0]


def houses(unit):
    return [row for row in ground_rows(unit, on=DAY) if row.spatial_unit.kind == "building"]


class TestLand:
    def test_a_new_survey_moves_the_border_and_the_old_outline_stays_readable(self, office):
        unit, used = make.homestead()
        before = services.certify(rrr_id=used.pk, on=make.BEGAN, actor=SYSTEM, at=make.people.NOON)
        narrower = make.square(width=0.8)
        done(office, change(office, unit, PartAsked(narrower, make.area(narrower))))
        now = land(unit)
        assert now.area_m2 == now.registered_area_m2 == make.area(narrower)
        was = SpatialUnitVersion.objects.current().as_of(make.BEGAN).get(spatial_unit=now.spatial_unit)
        assert was.area_m2 == make.area(make.square())
        before.refresh_from_db()
        assert before.recall_reason == "变更登记"
        assert Certificate.objects.filter(rrr=used, recalled_on=None).exists()

    def test_the_neighbours_on_four_sides_are_named_anew(self, office):
        unit, _ = make.homestead()
        done(office, change(office, unit, PartAsked(north="村路", east="张家", south="水渠", west="李家")))
        now = land(unit)
        assert (now.north, now.east, now.south, now.west) == ("村路", "张家", "水渠", "李家")
        assert now.location == "甲村 1 号"

    def test_an_outline_that_lies_on_a_neighbour_is_refused_at_the_counter_and_again_at_the_entry(self, office):
        unit, _ = make.homestead()
        wider = make.square(width=1.5)
        made = change(office, unit, PartAsked(wider, make.area(wider)))
        reviewed(office, made)
        other = make.unit(UnitKind.HOMESTEAD, make.square(1))
        with pytest.raises(case_errors.GateClosed, match=other.code[:19]):
            at_work.act(made, "enter", office.registrar)
        third, _ = make.homestead(make.household("演示乙"), make.collective("乙社"), geometry=make.square(2))
        onto = make.square(1.5, width=1.5)
        with pytest.raises(MeasuresDisagree, match="重叠"):
            change(office, third, PartAsked(onto, make.area(onto)))

    def test_an_outline_is_held_against_the_area_that_is_registered_where_no_other_is_declared(self, office):
        unit, _ = make.homestead()
        with pytest.raises(MeasuresDisagree, match="相差"):
            change(office, unit, PartAsked(make.square(width=0.8)))

    def test_a_house_does_not_come_to_stand_beyond_its_land(self, office):
        unit, _ = make.homestead(house=True)
        half = make.square(width=0.5)
        with pytest.raises(MeasuresDisagree, match="房屋轮廓超出宗地"):
            change(office, unit, PartAsked(half, make.area(half)))

    def test_of_several_plots_the_one_that_is_named_changes(self, office):
        shapes = [make.square(), make.square(2)]
        grounds = [
            services.Ground(make.GROUND_OF[UnitKind.CONTRACTED], make.area(shape), shape, code=f"3703220012000000{n}")
            for n, shape in enumerate(shapes, start=10)
        ]
        unit = services.open_unit(
            kind=UnitKind.CONTRACTED, division=make.VILLAGE, grounds=grounds, survey_id=make.survey(), on=make.BEGAN,
            actor=SYSTEM, at=make.people.NOON,
        )  # fmt: skip
        done(office, change(office, unit, PartAsked(use="旱地", ground=grounds[1].code)))
        assert {row.spatial_unit.code: row.use for row in ground_rows(unit, on=DAY)} == {
            grounds[0].code: "", grounds[1].code: "旱地",
        }  # fmt: skip


class TestHouses:
    def test_a_storey_is_added(self, office):
        unit, used = make.homestead(house=True)
        code = houses(unit)[0].spatial_unit.code
        done(
            office, change(office, unit, PartAsked(floors=2, structure="钢混", floor_area_m2=Decimal(180), ground=code))
        )
        now = houses(unit)[0]
        assert (now.floors, now.structure, now.floor_area_m2) == (2, "钢混", Decimal(180))
        assert SpatialUnitVersion.objects.current().as_of(make.BEGAN).get(spatial_unit=now.spatial_unit).floors == 1
        assert Certificate.objects.filter(rrr=used, recalled_on=None).count() == 0  # none had been issued

    def test_a_second_house_is_looked_at_and_stands_in_the_same_unit(self, office):
        unit, _ = make.homestead(house=True)
        part = PartAsked(
            registered_area_m2=Decimal(40), floor_area_m2=Decimal(40), structure="砖木", floors=1, act=PartAct.ADDED
        )
        made = change(office, unit, part)
        with pytest.raises(case_errors.GateClosed, match="请实地查看"):
            reviewed(office, made)
        at_work.attach(made, office.reviewer, "site_record")
        at_work.act(made, "approve", office.reviewer)
        at_work.act(made, "enter", office.registrar)
        unit.refresh_from_db()
        assert unit.ended_on is None
        assert [row.spatial_unit.code[19:] for row in houses(unit)] == ["F00010001", "F00020001"]

    def test_one_of_two_houses_is_no_more_and_its_code_is_never_given_again(self, office):
        unit, _ = make.homestead(house=True)
        extra = services.Ground(make.GroundKind.BUILDING, Decimal(30), structure="砖木", floors=1)
        common = {"baunit_id": unit.pk, "survey_id": make.survey(), "actor": SYSTEM, "at": NOON}
        second = services.add_another_building(building=extra, on=date(2026, 11, 1), **common)
        done(office, change(office, unit, PartAsked(act=PartAct.DEMOLISHED, ground=second.code)), site=True)
        assert [row.spatial_unit.code[19:] for row in houses(unit)] == ["F00010001"]
        third = services.add_another_building(building=extra, on=DAY, **common)
        assert third.code.endswith("F00030001")

    def test_with_the_last_house_the_unit_is_one_of_land_alone_and_residence_ends(self, office):
        unit, used = make.homestead(house=True)
        make.right(unit, RightKind.RESIDENCE, make.household("演示住"), parent=used)
        code = houses(unit)[0].spatial_unit.code
        done(office, change(office, unit, PartAsked(act=PartAct.DEMOLISHED, ground=code)), site=True)
        now = Lineage.objects.get(before=unit).after
        assert now.code == f"{unit.code[:19]}W00000000"
        held = set(Right.objects.current().as_of(DAY).filter(baunit=now).values_list("kind", flat=True))
        assert held == {RightKind.COLLECTIVE_OWNERSHIP, RightKind.QUALIFICATION, RightKind.HOMESTEAD_USE}
        assert houses(now) == []
        assert Certificate.objects.filter(baunit=now, rrr__kind=RightKind.HOMESTEAD_USE, recalled_on=None).exists()

    def test_land_that_once_stood_without_a_house_gets_a_new_number_when_the_last_one_is_no_more(self, office):
        bare, _ = make.homestead()
        built = services.add_building(
            baunit_id=bare.pk, building=services.Ground(make.GroundKind.BUILDING, Decimal(60)), on=date(2020, 1, 1),
            survey_id=make.survey(), source_id=make.source(), actor=SYSTEM, at=make.people.NOON,
        )  # fmt: skip
        code = houses(built)[0].spatial_unit.code
        done(office, change(office, built, PartAsked(act=PartAct.DEMOLISHED, ground=code)), site=True)
        now = Lineage.objects.get(before=built).after
        assert now.code[19:] == "W00000000"
        assert now.code not in (bare.code, built.code)
        assert land(now).area_m2 == make.area(make.square())

    def test_a_burdened_unit_keeps_its_last_house(self, office):
        unit, used = make.homestead(house=True)
        services.restrict(
            baunit_id=unit.pk, kind=RestrictionKind.MORTGAGE, term=Term(make.BEGAN), holder="演示银行", amount_fen=1,
            parent_id=used.pk, source_id=make.source(), actor=SYSTEM, at=make.people.NOON,
        )  # fmt: skip
        part = PartAsked(act=PartAct.DEMOLISHED, ground=houses(unit)[0].spatial_unit.code)
        with pytest.raises(RegistrationBlocked, match="抵押"):
            change(office, unit, part, mortgagee_consents=True)

    def test_a_house_of_another_unit_is_not_demolished_here(self, office):
        unit, _ = make.homestead(house=True)
        common = {"on": DAY, "survey_id": make.survey(), "source_id": make.source(), "actor": SYSTEM, "at": NOON}
        with pytest.raises(GroundElsewhere):
            services.demolish_building(baunit_id=unit.pk, code="另一处", **common)


class TestRefused:
    @pytest.mark.parametrize(
        ("part", "why"),
        [
            (PartAsked(floors=2), "层数"),
            (PartAsked(use="住宅", ground="不在此处"), "不是这个单元上的"),
            (PartAsked(registered_area_m2=Decimal(9), act=PartAct.ADDED), "房地一体"),
        ],
    )
    def test_what_does_not_fit_the_unit_is_named(self, office, part, why):
        unit, _ = make.homestead()
        with pytest.raises(ApplicationUnfit, match=why):
            change(office, unit, part)

    def test_what_is_lacking_is_named(self, office):
        unit, _ = make.homestead(house=True)
        for part, why in (
            (PartAsked(act=PartAct.ADDED), "占地面积"), (PartAsked(act=PartAct.DEMOLISHED), "灭失的房屋"),
        ):  # fmt: skip
            with pytest.raises(ApplicationIncomplete, match=why):
                change(office, unit, part)

    def test_land_is_not_demolished_and_one_thing_does_not_change_twice(self, office):
        unit, _ = make.homestead(house=True)
        with pytest.raises(ApplicationUnfit, match="是土地"):
            change(office, unit, PartAsked(act=PartAct.DEMOLISHED, ground=land(unit).spatial_unit.code))
        with pytest.raises(ApplicationUnfit, match="两次"):
            change(office, unit, PartAsked(use="甲"), PartAsked(location="乙"))


class TestTerms:
    def extended(self, office, unit, used, until, **given):
        return opened(office, unit, Matter.EXTENSION, rrr_id=used.pk, term_until=until, **given)

    def test_a_contract_runs_on_for_a_second_term_under_the_same_right(self, office):
        # 农村土地承包法 第二十一条第二款: 2045-06-01 + 30 = 2075-06-01
        unit, used = make.contracted()
        before = services.certify(rrr_id=used.pk, on=make.BEGAN, actor=SYSTEM, at=make.people.NOON)
        done(office, self.extended(office, unit, used, date(2075, 6, 1)))
        now = Right.objects.current().get(rrr=used)
        assert (now.valid.lower, now.valid.upper) == (make.BEGAN, date(2075, 6, 1))
        was = Right.objects.filter(rrr=used).exclude(pk=now.pk).get()
        assert (was.valid.upper, was.recorded.upper) == (date(2045, 6, 1), NOON)
        before.refresh_from_db()
        assert before.recalled_on == DAY
        assert Certificate.objects.filter(rrr=used, recalled_on=None).exists()

    @pytest.mark.parametrize(
        ("until", "why"), [(date(2075, 6, 2), "最长的 30 年"), (date(2045, 6, 1), "不在现在的止期")]
    )
    def test_no_longer_than_the_law_lets_it_and_never_shorter(self, office, until, why):
        unit, used = make.contracted()
        with pytest.raises(TermWrong, match=why):
            self.extended(office, unit, used, until)

    def test_what_derives_from_it_runs_no_longer_than_itself(self, office):
        unit, used = make.contracted()
        let = make.right(
            unit, RightKind.OPERATION, make.household("演示营"), term=Term(make.BEGAN, date(2030, 1, 1)), parent=used
        )
        with pytest.raises(TermBeyondParent):
            self.extended(office, unit, let, date(2046, 1, 1))
        assert self.extended(office, unit, let, date(2045, 6, 1)).rrr == let

    def test_what_has_no_end_is_not_extended_and_the_end_must_be_told(self, office):
        unit, used = make.homestead()
        with pytest.raises(TermWrong, match="没有止期"):
            self.extended(office, unit, used, date(2090, 1, 1))
        with pytest.raises(ApplicationIncomplete, match="续期"):
            self.extended(office, unit, used, None)

    def test_one_side_alone_does_not_extend_a_contract(self, office):
        unit, used = make.contracted()
        with pytest.raises(ApplicationUnfit, match="双方"):
            self.extended(office, unit, used, date(2075, 6, 1), is_joint=False)


ORIGIN = {"cause": "facts", "source_kind": "survey", "source_title": "测绘成果", "source_issued_on": "2026-11-20"}


class TestPages:
    def test_the_form_asks_of_what_was_chosen_alone(self, office):
        unit, _ = make.homestead(house=True)
        code, window = houses(unit)[0].spatial_unit.code, office.window.client()
        address = f"/registry/units/{unit.code}/apply/change"
        shown = window.get(address).content.decode()
        assert 'name="north"' in shown
        assert 'name="floors"' not in shown
        of_house = window.get(f"{address}?about=changed-{code}").content.decode()
        assert 'name="floors"' in of_house
        assert 'name="north"' not in of_house
        assert 'name="outline"' not in window.get(f"{address}?about=demolished-{code}").content.decode()
        assert window.get(f"{address}?about=demolished-1").status_code == 404

    def test_an_outline_is_handed_in_as_a_file(self, office):
        unit, _ = make.homestead()
        shape = make.square(width=0.9)
        feature = {"type": "Feature", "geometry": json.loads(shapely.to_geojson(shape)), "properties": {}}
        address = f"/registry/units/{unit.code}/apply/change"

        def sent(*features):
            file = SimpleUploadedFile("界址.geojson", json.dumps({"features": features}).encode())
            given = {**ORIGIN, "outline": file, "area_m2": make.area(shape), "west": "村路"}
            return office.window.client().post(address, given)

        assert "只有一个" in sent(feature, feature).content.decode()
        assert sent(feature).status_code == 302
        made = Application.objects.get()
        assert made.parts.get().geometry.symmetric_difference(shape).area < 1e-12
        told = office.window.client().get(f"/cases/{made.pk}/").content.decode()
        assert "新界址" in told
        assert "西至 村路" in told

    def test_another_house_and_one_that_is_no_more_are_handed_in(self, office):
        unit, _ = make.homestead(house=True)
        address, window = f"/registry/units/{unit.code}/apply/change", office.window.client()
        assert window.post(f"{address}?about=added", ORIGIN).status_code == 422
        assert window.post(f"{address}?about=added", {**ORIGIN, "area_m2": "20", "floors": "1"}).status_code == 302
        assert Application.objects.get().parts.get().act == "added"
        other, _ = make.homestead(
            make.household("演示丙"), make.collective("丙社"), house=True, geometry=make.square(3)
        )
        code = houses(other)[0].spatial_unit.code
        gone = f"/registry/units/{other.code}/apply/change?about=demolished-{code}"
        assert window.post(gone, ORIGIN).status_code == 302
        assert Application.objects.get(baunit=other).parts.get().ground.code == code

    def test_a_second_term_is_handed_in(self, office):
        unit, used = make.contracted()
        given = {**ORIGIN, "cause": "contract", "rrr": used.pk, "term_last": "2075-05-31", "is_joint": "on"}
        answer = office.window.client().post(f"/registry/units/{unit.code}/apply/extension", given)
        assert answer.status_code == 302
        assert Application.objects.get().term_until == date(2075, 6, 1)


def test_a_program_hands_in_several_changes_at_once(office):
    unit, _ = make.homestead(house=True)
    code = houses(unit)[0].spatial_unit.code
    body = {
        "unit": unit.code, "matter": "change", "cause": "facts",
        "origin": {"kind": "survey", "title": "测绘成果", "issued_on": "2026-11-20"},
        "parts": [
            {"act": "changed", "north": "村路"}, {"act": "added", "registered_area_m2": "20"},
            {"act": "demolished", "ground": code},
        ],
    }  # fmt: skip
    answer = Client().post(
        "/api/v1/registry/applications", json.dumps(body), "application/json",
        headers={"Authorization": office.window.token()},
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    done(office, Application.objects.get(), site=True)
    # a house stands all the time: the unit goes on
    assert BAUnit.objects.get(pk=unit.pk).ended_on is None
    assert [row.spatial_unit.code[19:] for row in houses(unit)] == ["F00020001"]
    assert land(unit).north == "村路"
    assert Cause.FACTS.value == Application.objects.get().cause
