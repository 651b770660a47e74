"""What a zone asks to be brought with an application, beyond what the law has every one bring."""

from datetime import date, timedelta

import pytest

from ronghe.mechanisms.casework.errors import MaterialMissing
from ronghe.policy.models import Zone
from ronghe.policy.services import enter_local_value
from tests.people import person

from ..procedures.materials import locally_asked
from ..rules.applying import fee_class
from ..rules.kinds import UnitKind
from ..rules.matters import Cause, Matter
from . import factories as make
from .registering import NOON, Office, act, attach, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


@pytest.fixture
def office(db, settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


def given_up(office, place, at=NOON):
    unit, used = make.homestead(geometry=make.square(place), owner=make.collective(f"社{place}"))
    return opened(office, unit, Matter.CANCELLATION, rrr_id=used.pk, cause=Cause.WAIVER, at=at)


def test_a_case_opened_after_the_zone_has_stated_it_is_not_handed_in_without(office, client):
    zone = Zone.objects.get(pk="gaoqing")
    before, later = given_up(office, 0), NOON + timedelta(7)
    enter_local_value(
        parameter_id="registration.materials.identity", zone=zone, starts=date(2026, 12, 1), written=["注销登记"],
        source="会议纪要", actor=person("zone_office", zone.seat_id).actor, at=NOON,
    )  # fmt: skip
    after = given_up(office, 5, at=later)
    assert locally_asked(before.case) == frozenset()
    assert locally_asked(after.case) == {"identity"}
    attach(before, office.window, "form", "source")
    assert act(before, "submit", office.window).step == "accept"
    attach(after, office.window, "form", "source", at=later)
    page = office.window.client().get(f"/cases/{after.pk}/").content.decode()
    assert '身份证明和授权委托书<span class="quiet">（必交）' in page
    with pytest.raises(MaterialMissing, match="身份证明和授权委托书"):
        act(after, "submit", office.window, at=later)
    attach(after, office.window, "identity", at=later)
    assert act(after, "submit", office.window, at=later).step == "accept"


@pytest.mark.parametrize(
    ("unit", "matter", "line"),
    [
        (UnitKind.HOMESTEAD, Matter.TRANSFER, "宅基地"),
        (UnitKind.CONTRACTED, Matter.FIRST, "承包地"),
        (UnitKind.CONTRACTED_FOREST, Matter.FIRST, "承包地"),
        (UnitKind.STATE, Matter.RESIDENCE, "住宅类"),
        (UnitKind.CONSTRUCTION, Matter.TRANSFER, "非住宅类"),
    ],
)
def test_what_a_registration_costs_depends_on_its_land(unit, matter, line):
    assert fee_class(matter.told.registration, unit) == line
