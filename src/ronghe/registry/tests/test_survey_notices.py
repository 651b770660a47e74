"""What the public is told of a survey: for how long and how often by the zone's parameters, of whom by what the holder is."""

from datetime import date, timedelta

import pytest

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.services import register_body
from ronghe.kernel.parties.tests import factories as people
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.errors import GateClosed
from ronghe.mechanisms.casework.models import Notice
from ronghe.policy.models import Zone
from ronghe.policy.services import enter_local_value
from tests.people import person

from ..rules.kinds import UnitKind
from ..surveying.notice import notice_text
from . import factories, surveys
from .surveys import AT, EARLY, Lot, Office, plot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

#: From here on the zone's own values hold.
DECEMBER = AT + timedelta(days=7)


@pytest.fixture
def office(settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office(is_limited=False)


def _decided(**written: str) -> None:
    """What the zone has decided, by the last part of a parameter's name, from December on."""
    by = person(Role.ZONE_OFFICE, people.COUNTY).actor
    for name, value in written.items():
        enter_local_value(
            parameter_id=f"registration.{name.replace('__', '.')}", zone=Zone.objects.get(pk="gaoqing"),
            starts=date(2026, 12, 1), written=[value], source="会议纪要", actor=by, at=AT,
        )  # fmt: skip


# -- how long and how often --------------------------------------------------------------------------------------------


def test_what_is_only_assumed_is_told_as_waiting_for_the_place(office):
    homes = surveys.told_to_public(surveys.taken(office, surveys.geojson(surveys.lots(1))), office)
    told = Notice.objects.get(case=homes)
    # 不动产登记暂行条例实施细则 第十七条: 15 working days
    assert (homes.step, told.length, told.unit) == ("notice", 15, "工作日")
    assert told.text.endswith("公告期 15 个工作日（待地方确定）。")
    plots = surveys.taken(office, surveys.geojson([plot(5)]), kind=UnitKind.CONTRACTED)
    shown = Notice.objects.get(case=surveys.told_to_public(plots, office))
    assert shown.text.endswith("公示期 7 日（待地方确定）。")
    assert "再作首次登记公告" in shown.text


def test_the_zone_decides_how_long_and_how_often_the_public_is_told(office):
    _decided(public_notice__min_workdays="20", survey_notice__days="10", survey_notice__rounds="1")
    homes = surveys.taken(office, surveys.geojson(surveys.lots(1)))
    told = Notice.objects.get(case=surveys.told_to_public(homes, office, at=DECEMBER))
    assert (told.length, told.unit) == (20, "工作日")
    assert told.text.endswith("公告期 20 个工作日。")
    # contracted land is shown once, and then told as every first registration is
    plots = surveys.taken(office, surveys.geojson([plot(5)]), kind=UnitKind.CONTRACTED)
    case = surveys.told_to_public(plots, office, at=DECEMBER)
    assert casework.end_due_notices(at=DECEMBER + timedelta(days=20)) == 1
    case.refresh_from_db()
    rows = Notice.objects.filter(case=case).order_by("pk").values_list("step", "length", "unit")
    assert list(rows) == [("plot_notice_again", 10, "日"), ("notice", 20, "工作日")]
    assert case.step == "notice"


def test_what_was_handed_in_before_keeps_what_held_then(office):
    _decided(public_notice__min_workdays="20")
    case = surveys.told_to_public(surveys.taken(office, surveys.geojson(surveys.lots(1))), office, at=EARLY)
    assert Notice.objects.get(case=case).length == 15


@pytest.mark.parametrize("rounds", ["0", "3"])
def test_without_rounds_the_notice_comes_at_once_and_more_than_two_are_refused(office, rounds):
    _decided(survey_notice__rounds=rounds)
    plots = surveys.taken(office, surveys.geojson([plot(5)]), kind=UnitKind.CONTRACTED)
    if rounds == "0":
        assert surveys.told_to_public(plots, office, at=DECEMBER).step == "notice"
        return
    with pytest.raises(GateClosed, match="公示 3 次，这里至多公示两次"):
        surveys.told_to_public(plots, office, at=DECEMBER)


def test_the_time_runs_from_when_it_was_handed_in_and_not_while_the_public_is_told(office):
    batch = surveys.taken(office, surveys.geojson(surveys.lots(1)))
    case = surveys.reviewed(batch, office)
    assert (case.due_length, case.due_unit) == (30, "工作日")  # 不动产登记暂行条例 第二十条
    monday = EARLY + timedelta(days=2)  # handed in on a Saturday: one working day is used
    casework.act(case_id=case.pk, action="approve", seen=None, actor=office.reviewer.actor, at=monday)
    casework.end_due_notices(at=AT)
    case.refresh_from_db()
    assert (case.step, case.due_length) == ("entry", 29)


# -- of whom -----------------------------------------------------------------------------------------------------------


def test_persons_are_masked_however_long_their_names_and_bodies_are_named(office):
    numbers = [people.uscc(prefix) for prefix in ("91", "N2")]
    for kind, name, number in zip(
        (Party.Kind.ENTERPRISE, Party.Kind.COLLECTIVE), ("演示厂", "甲村股份经济合作社"), numbers, strict=True
    ):
        register_body(kind=kind, name=name, division=people.VILLAGE, uscc=number, actor=SYSTEM, at=people.NOON)
    known = people.person("阿卜杜拉·某某")
    batch = surveys.taken(
        office,
        surveys.geojson(
            [
                Lot(factories.square(0), "演示厂", numbers[0]),
                Lot(factories.square(1), "甲村股份经济合作社、欧阳修文演示", f"{numbers[1]}、{people.identity()}", {"份额": "1/2、1/2"}),
                Lot(factories.square(2), "阿卜杜拉·某某", surveys.number_of(known)),
            ]
        ),
        kind=UnitKind.CONSTRUCTION,
    )  # fmt: skip
    assert surveys.said(batch) == []
    lines = notice_text(batch).splitlines()
    assert [line.split("　")[0] for line in lines[1:4]] == [
        "1. 演示厂",
        "2. 甲村股份经济合作社、欧****示",
        "3. 阿*****某",
    ]


def test_a_household_is_masked_and_so_is_whoever_was_not_found(office):
    batch = surveys.taken(office, surveys.geojson(surveys.lots(2)))
    house = factories.household("欧阳修文")
    batch.parcels.filter(number=1).update(holders_text="欧阳修文户")
    batch.holders.filter(number=1).update(name="欧阳修文户", party=house, blind=None, sealed=None)
    batch.parcels.filter(number=2).update(holders_text="某某有限责任公司")
    batch.holders.filter(number=2).delete()
    text = notice_text(batch)
    assert "1. 欧***户" in text
    assert "2. 某******司" in text
