"""权利性质: it follows from the kind of right and from who holds it, is entered with the right, and stands on the certificate."""

from datetime import date

import pytest

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.services import register_body
from ronghe.kernel.parties.tests import factories as people

from .. import services
from ..models import Certificate, Right
from ..queries.certificates import certificate_facts
from ..rules.kinds import RightKind, UnitKind
from ..rules.matters import Cause, Matter
from ..rules.natures import Nature, nature_of
from ..services import Holder, Term
from . import factories as make
from . import surveys
from .registering import DAY, Office, done, opened


def enterprise(name):
    return register_body(
        kind=Party.Kind.ENTERPRISE,
        name=name,
        division=make.VILLAGE,
        uscc=people.uscc("91"),
        actor=SYSTEM,
        at=people.NOON,
    )


@pytest.mark.parametrize(
    ("kind", "unit", "by_households", "nature"),
    [
        (RightKind.COLLECTIVE_OWNERSHIP, UnitKind.OWNERSHIP, False, 200),
        (RightKind.HOMESTEAD_USE, UnitKind.HOMESTEAD, True, 203),
        (RightKind.QUALIFICATION, UnitKind.HOMESTEAD, True, 200),
        (RightKind.COLLECTIVE_HOUSE, UnitKind.CONSTRUCTION, False, 203),
        (RightKind.CONTRACT, UnitKind.CONTRACTED, True, 201),
        (RightKind.CONTRACT, UnitKind.CONTRACTED, False, 202),
        (RightKind.CONTRACT_TREES, UnitKind.CONTRACTED_FOREST, True, 201),
        (RightKind.FOREST_USE, UnitKind.FOREST, True, 200),
        (RightKind.STATE_USE, UnitKind.STATE, False, 100),
    ],
)
def test_the_nature_follows_from_the_right_and_who_holds_it(kind, unit, by_households, nature):
    assert nature_of(kind, unit, by_households=by_households) == nature


@pytest.mark.django_db
@pytest.mark.usefixtures("packs")
class TestEntered:
    def test_a_first_registration_enters_it_and_the_certificate_says_it(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        office = Office()
        unit = make.unit(UnitKind.CONTRACTED)
        done(
            office,
            opened(
                office, unit, Matter.FIRST, cause=Cause.FIRST, right_kind=RightKind.CONTRACT, is_joint=False,
                holders=(Holder(make.household().pk),), term_first=DAY, term_until=date(2056, 11, 25),
            ),
        )  # fmt: skip
        found = Right.objects.get(baunit=unit, kind=RightKind.CONTRACT)
        assert found.nature == Nature.HOUSEHOLD_CONTRACT
        assert certificate_facts(Certificate.objects.get(rrr=found.rrr))["nature"] == "家庭承包"

    def test_it_stays_what_it_was_when_the_right_passes_on(self):
        people.places()
        _, used = make.contracted()
        firm = enterprise("演示农业公司")
        services.transfer_right(
            rrr_id=used.pk, to=[Holder(firm.pk)], on=DAY, source_id=make.source(), actor=SYSTEM, at=make.NOON
        )
        assert Right.objects.current().as_of(DAY).get(rrr=used).nature == Nature.HOUSEHOLD_CONTRACT

    def test_another_that_the_paper_says_is_taken_as_it_is(self):
        people.places()
        unit = make.unit(UnitKind.CONSTRUCTION)
        made = services.grant_right(
            baunit_id=unit.pk, kind=RightKind.COLLECTIVE_USE, holders=[Holder(enterprise("演示联营厂").pk)],
            term=Term(DAY), source_id=make.source(), nature=Nature.JOINTLY_RUN, actor=SYSTEM, at=make.NOON,
        )  # fmt: skip
        assert Right.objects.get(rrr=made).nature == Nature.JOINTLY_RUN


@pytest.mark.django_db
def test_a_survey_enters_it_for_all_of_its_parcels(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    office = surveys.Office()
    make.collective()
    batch = surveys.entered(surveys.taken(office, surveys.geojson(surveys.lots(2))), office)
    assert batch.state == "entered"
    rows = set(Right.objects.values_list("kind", "nature"))
    assert (int(RightKind.HOMESTEAD_USE), int(Nature.APPROVED)) in rows
    assert (int(RightKind.COLLECTIVE_OWNERSHIP), int(Nature.COLLECTIVE)) in rows
    assert None not in {nature for _, nature in rows}
