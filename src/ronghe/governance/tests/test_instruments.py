"""配套制度清单: opened from the packs, moved on by those who may, public once issued."""

from datetime import date
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from openpyxl import Workbook

from ronghe.governance.models import Instrument
from ronghe.governance.rosters import INSTRUMENTS
from ronghe.governance.services import instruments
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import PUBLIC
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.jobs.services import run_here
from ronghe.mechanisms.rosters import errors, services
from ronghe.mechanisms.rosters.models import Import, Version
from ronghe.policy.models import Zone
from ronghe.policy.packs import ZONES, read_pack
from ronghe.policy.tests.factories import NOON
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

MEASURES = "入市管理办法及交易规则"
NUMBER = {"number": "淄政办发〔2021〕1号", "issued_on": "2021-06-01"}


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def zibo() -> Zone:
    zone = Zone.objects.get(pk="zibo")
    instruments.seed(zone, read_pack(ZONES / "zibo").instruments, at=NOON)
    return zone


@pytest.fixture
def office(zibo):
    return person(Role.ZONE_OFFICE, zibo.seat_id)


@pytest.fixture
def leader(zibo):
    return person(Role.LEADER, zibo.seat_id)


def move(found, step, by, reason=""):
    return services.move_record(
        INSTRUMENTS, record_id=found.pk, transition=step, seen=None, reason=reason, actor=by.actor, at=NOON
    )


def change(found, by, **given):
    return services.change_record(INSTRUMENTS, record_id=found.pk, given=given, seen=None, actor=by.actor, at=NOON)


def issued(found, office, leader):
    for step in ("draft", "consult", "review"):
        move(found, step, office)
    change(found, office, **NUMBER)
    return move(found, "issue", leader)


class TestSeed:
    def test_every_plan_opens_its_list_once(self):
        call_command("open_ledgers", stdout=StringIO())
        expected = {zone.pk: len(read_pack(ZONES / zone.pk).instruments) for zone in Zone.objects.all()}
        assert expected == {"qingdao": 19, "zibo": 14, "minhou": 8, "gaoqing": 9, "jinan": 17}
        for slug, count in expected.items():
            assert Instrument.objects.filter(zone=slug, state="planned", origin="plan").count() == count
        versions = Version.objects.count()
        told = StringIO()
        call_command("open_ledgers", stdout=told)
        assert Version.objects.count() == versions == sum(expected.values())
        assert "淄博" not in told.getvalue()
        assert "zibo：配套制度新增 0" in told.getvalue()

    def test_each_stands_in_its_place_with_clause_task_kind_and_number(self, zibo):
        found = Instrument.objects.get(zone=zibo, title=MEASURES)
        assert (found.division_id, found.clause, found.kind, found.module) == (
            zibo.seat_id, "二(一)1(1)", "measures", "EXC-04",
        )  # fmt: skip
        assert found.task.clause.label == "二(一)1", "an inline item belongs to the task around it"
        assert Instrument.objects.get(zone=zibo, title="配套政策").task is None

    def test_what_people_have_changed_or_ended_stays(self, zibo, office):
        kept, gone = Instrument.objects.filter(zone=zibo).order_by("pk")[:2]
        change(kept, office, drafter="市自然资源局", kind="details")
        services.end_record(INSTRUMENTS, record_id=gone.pk, seen=None, reason="并入他件", actor=office.actor, at=NOON)
        assert instruments.seed(zibo, read_pack(ZONES / "zibo").instruments, at=NOON) == 0
        kept.refresh_from_db()
        assert (kept.drafter, kept.kind) == ("市自然资源局", "details")

    def test_a_zone_that_is_not_loaded_is_passed_over(self):
        Zone.objects.filter(pk="minhou").update(pack_version="local.1")
        call_command("open_ledgers", stdout=StringIO())
        assert not Instrument.objects.filter(zone="minhou").exists()


class TestStages:
    def test_it_is_issued_with_number_and_day_and_is_public_from_then_on(self, zibo, office, leader):
        found = Instrument.objects.get(zone=zibo, title=MEASURES)
        for step in ("draft", "consult", "review"):
            move(found, step, office)
        with pytest.raises(errors.FieldsMissing, match="发文字号、印发日期"):
            move(found, "issue", leader)
        assert change(found, office, **NUMBER).state == "reviewing", "to state a fact does not take the progress back"
        assert not Instrument.objects.visible_to(PUBLIC).exists()
        assert move(found, "issue", leader).state == "issued"
        assert Instrument.objects.visible_to(PUBLIC).get() == found
        with pytest.raises(errors.RecordInvalid, match="“已印发”的制度必须填写"):
            change(found, office, number="")

    def test_who_may_do_what(self, zibo, office, leader):
        found = Instrument.objects.get(zone=zibo, title=MEASURES)
        bureau = person(Role.DEPARTMENT, zibo.seat_id)
        with pytest.raises(Forbidden):
            move(found, "draft", leader)
        move(found, "draft", bureau)
        move(found, "review", bureau)
        change(found, bureau, **NUMBER)
        with pytest.raises(Forbidden):
            move(found, "issue", bureau)
        move(found, "issue", office)

    def test_after_issue_it_is_evaluated_revised_issued_again_and_repealed(self, zibo, office, leader):
        found = issued(Instrument.objects.get(zone=zibo, title=MEASURES), office, leader)
        move(found, "evaluate", office)
        with pytest.raises(errors.ReasonMissing):
            move(found, "revise", office)
        move(found, "revise", office, "上位法修改")
        move(found, "issue", office)
        assert move(found, "repeal", leader, "有效期满").state == "repealed"
        with pytest.raises(errors.TransitionRefused):
            move(found, "issue", leader)

    def test_a_clause_of_the_plan_without_a_task_is_taken_and_an_unknown_one_refused(self, zibo, office):
        found = Instrument.objects.get(zone=zibo, title="配套政策")
        assert change(found, office, clause="四(四)").task is None
        assert change(found, office, clause="二(一)1").task.clause.label == "二(一)1"
        with pytest.raises(errors.RecordInvalid, match="没有条款“九十”"):
            change(found, office, clause="九十")

    def test_a_review_before_the_issue_is_refused(self, zibo, office):
        found = Instrument.objects.get(zone=zibo, title=MEASURES)
        with pytest.raises(errors.RecordInvalid, match="早于印发日期"):
            change(found, office, **NUMBER, review_on="2021-05-31")

    def test_an_import_keeps_the_stage_and_may_not_take_the_number_away(self, zibo, office, leader):
        found = issued(Instrument.objects.get(zone=zibo, title=MEASURES), office, leader)

        def given(number: str) -> Import:
            book = Workbook()
            book.active.append(["所属区划", "试验区", "名称", "类别", "起草单位", "发文字号"])
            book.active.append([zibo.seat_id, "淄博", MEASURES, "办法", "市自然资源局", number])
            book.save(content := BytesIO())
            taken = services.take_file(
                INSTRUMENTS, content=content.getvalue(), name="制度.xlsx", actor=office.actor, at=NOON
            )
            run_here(taken.job_id)
            taken.refresh_from_db()
            return taken

        refused = given("")
        assert (refused.state, refused.faults[0][2:]) == ("faulty", ["发文字号", "“已印发”的制度必须填写"])
        sound = given("淄政办发〔2021〕2号")
        assert sound.state == "ready", sound.faults
        run_here(services.start_apply(import_id=sound.pk, actor=office.actor, at=NOON).job_id)
        found.refresh_from_db()
        assert (found.state, found.number, found.issued_on) == ("issued", "淄政办发〔2021〕2号", date(2021, 6, 1))


@pytest.mark.constraints
@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"state": "issued"}, "instrument_issued_has_number_and_day"),
        ({"state": "repealed", "number": "1号"}, "instrument_issued_has_number_and_day"),
        ({"state": "published", "number": "1号", "issued_on": "2021-06-01"}, "instrument_state_is_known"),
        ({"title": "配套政策"}, "instrument_key_once"),
    ],
)
def test_the_database_refuses(zibo, given, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Instrument.objects.filter(zone=zibo, title=MEASURES).update(**given)


def test_pages_show_what_one_may_see(zibo, office, leader):
    found = Instrument.objects.get(zone=zibo, title=MEASURES)
    address = f"/rosters/instruments/{found.pk}/"
    assert "还没有已印发的制度" in Client().get("/rosters/instruments/").content.decode()
    assert Client().get(address).status_code == 404
    elsewhere = person(Role.ZONE_OFFICE, Zone.objects.get(pk="jinan").seat_id)
    assert elsewhere.client().get(address).status_code == 404
    page = office.client().get(address).content.decode()
    assert "待起草" in page
    assert "开始起草" in page
    assert "登记印发" not in page
    listed = office.client().get("/rosters/instruments/?state=planned&kind=measures&origin=plan").content.decode()
    assert MEASURES in listed
    issued(found, office, leader)
    assert "已印发" in Client().get(address).content.decode()
