"""地役权: land serves other land by contract, as long as both are held; it is told on both pages and passes on with the land."""

from datetime import date

import pytest
from django.test import Client

from ronghe.kernel import clock
from ronghe.kernel.actors import SYSTEM

from .. import services
from ..errors import ApplicationIncomplete, ApplicationUnfit, EasementUnfit, MergeUnfit, RegistrationBlocked, TermWrong
from ..models import Application, Certificate, Restriction
from ..queries.certificates import certificate_facts
from ..queries.easements import easements_for
from ..rules.kinds import RestrictionKind, RightKind
from ..rules.matters import Cause, Matter
from ..services import Holder, Term
from . import factories as make
from .registering import DAY, NOON, Office, done, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]
WAY = "从北侧通行至村路，宽三米"


@pytest.fixture
def office(db, settings, tmp_path, monkeypatch) -> Office:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return Office()


@pytest.fixture
def fields(office):
    """Two fields side by side: the servient one with its contract, and the dominant one."""
    servient, used = make.contracted(make.household("演示供"), until=date(2045, 6, 1))
    dominant, needs = make.contracted(make.household("演示需"), until=date(2040, 6, 1), geometry=make.square(1))
    return servient, used, dominant, needs


def applied(office, fields, **given):
    servient, used, dominant, _ = fields
    given = {"joined": (dominant.pk,), "text": WAY, **given}
    return opened(office, servient, Matter.EASEMENT, rrr_id=used.pk, **given)


def test_it_is_entered_on_the_servient_land_as_long_as_both_are_held_and_proved(office, fields):
    # 民法典 第三百七十七条: the shorter of 2045 and 2040
    servient, used, dominant, _ = fields
    done(office, applied(office, fields))
    row = Restriction.objects.current().get(kind=RestrictionKind.EASEMENT)
    assert (row.baunit, row.dominant, row.rrr.parent, row.text) == (servient, dominant, used, WAY)
    assert (row.valid.lower, row.valid.upper) == (DAY, date(2040, 6, 1))
    told = certificate_facts(Certificate.objects.get(rrr=row.rrr))
    assert (told["right"], told["holders"], told["obliged"]) == ("地役权", ["演示需户"], ["演示供户"])
    assert told["dominant"].replace(" ", "") == dominant.code


def test_it_is_told_on_the_pages_of_both_units_and_by_the_api(office, fields):
    servient, _, dominant, _ = fields
    done(office, applied(office, fields))
    window = office.window.client()
    assert WAY in window.get(f"/registry/units/{servient.code}/").content.decode()
    served = window.get(f"/registry/units/{dominant.code}/").content.decode()
    assert "本单元享有的地役权" in served
    assert servient.code in served
    api = {"headers": {"Authorization": office.window.token()}}
    burdens = Client().get(f"/api/v1/registry/units/{servient.code}", **api).json()["burdens"]
    assert [(one["kind"], one["dominant"]) for one in burdens] == [(19, dominant.code)]
    easements = Client().get(f"/api/v1/registry/units/{dominant.code}", **api).json()["easements"]
    assert [(one["servient"], one["text"]) for one in easements] == [(servient.code, WAY)]


def test_it_passes_on_with_the_land_that_it_serves(office, fields):
    # 民法典 第三百八十条
    _, _, dominant, needs = fields
    done(office, applied(office, fields))
    buyer = make.household("演示受")
    services.transfer_right(
        rrr_id=needs.pk, to=[Holder(buyer.pk)], on=DAY, source_id=make.source(), actor=SYSTEM, at=NOON
    )
    row = Restriction.objects.current().get(kind=RestrictionKind.EASEMENT)
    assert easements_for(dominant, on=DAY) == [row]
    assert certificate_facts(Certificate.objects.get(rrr=row.rrr))["holders"] == ["演示受户"]


def test_it_ends_by_its_own_registration_and_with_the_right_that_it_burdens(office, fields):
    servient, used, dominant, _ = fields
    done(office, applied(office, fields))
    row = Restriction.objects.current().get(kind=RestrictionKind.EASEMENT)
    done(office, opened(office, servient, Matter.EASEMENT_END, rrr_id=row.rrr_id, cause=Cause.SETTLED))
    assert easements_for(dominant, on=DAY) == []
    assert not Certificate.objects.filter(rrr=row.rrr_id, recalled_on=None).exists()
    again = services.register_easement(
        rrr_id=used.pk, dominant_id=dominant.pk, until=None, text=WAY, on=date(2026, 11, 1), source_id=make.source(),
        actor=SYSTEM, at=NOON,
    )  # fmt: skip
    services.end_right(rrr_id=used.pk, on=DAY, source_id=make.source(), actor=SYSTEM, at=NOON)
    assert not Restriction.objects.current().as_of(DAY).filter(rrr=again).exists()


class TestRefused:
    def test_longer_than_what_is_left_of_either_right(self, office, fields):
        with pytest.raises(TermWrong, match="2040-06-01"):
            applied(office, fields, term_until=date(2041, 1, 1))

    def test_without_another_unit_or_a_purpose(self, office, fields):
        with pytest.raises(ApplicationIncomplete, match="需役地"):
            applied(office, fields, joined=())
        with pytest.raises(ApplicationIncomplete, match="利用目的"):
            applied(office, fields, text=" ")

    def test_land_does_not_serve_itself(self, fields):
        servient, used, _, _ = fields
        with pytest.raises(EasementUnfit, match="同一个单元"):
            services.register_easement(
                rrr_id=used.pk, dominant_id=servient.pk, until=None, text=WAY, on=DAY, source_id=make.source(),
                actor=SYSTEM, at=NOON,
            )  # fmt: skip

    def test_one_side_alone_does_not_burden_the_other(self, office, fields):
        with pytest.raises(ApplicationUnfit, match="双方"):
            applied(office, fields, is_joint=False)

    def test_a_seizure_of_the_servient_land_bars_it_and_one_of_the_dominant_does_not(self, office, fields):
        servient, _, dominant, _ = fields

        def seize(unit):
            services.restrict(
                baunit_id=unit.pk, kind=RestrictionKind.SEIZURE, term=Term(DAY), holder="演示法院",
                source_id=make.source(), actor=SYSTEM, at=NOON,
            )  # fmt: skip

        seize(dominant)
        assert applied(office, fields).what is Matter.EASEMENT
        seize(servient)
        with pytest.raises(RegistrationBlocked, match="查封"):
            applied(office, fields)

    def test_servient_land_is_not_divided_before_it_is_free(self, office, fields):
        _, used, dominant, _ = fields
        homestead, owned = make.homestead(
            make.household("演示宅"), make.collective("宅社"), geometry=make.square(4, width=2)
        )
        services.register_easement(
            rrr_id=owned.pk, dominant_id=dominant.pk, until=None, text=WAY, on=DAY, source_id=make.source(), actor=SYSTEM,
            at=NOON,
        )  # fmt: skip
        parts = [services.NewPart(make.square(n), make.area(make.square(n))) for n in (4, 5)]
        with pytest.raises(MergeUnfit, match="地役权"):
            services.split_unit(
                baunit_id=homestead.pk, parts=parts, on=DAY, survey_id=make.survey(), source_id=make.source(),
                actor=SYSTEM, at=NOON,
            )  # fmt: skip
        assert used.kind == RightKind.CONTRACT


def test_the_counter_hands_it_in_by_the_code_of_the_dominant_unit(office, fields):
    servient, used, dominant, _ = fields
    address, window = f"/registry/units/{servient.code}/apply/easement", office.window.client()
    shown = window.get(address).content.decode()
    assert "需役地单元" in shown
    assert "要合并的" not in shown
    given = {
        "rrr": used.pk, "cause": "contract", "is_joint": "on", "joined": dominant.code, "text": WAY,
        "source_kind": "agreement", "source_title": "地役权合同", "source_issued_on": "2026-11-20",
    }  # fmt: skip
    assert window.post(address, given).status_code == 302
    assert Application.objects.get().parts.get().baunit == dominant
