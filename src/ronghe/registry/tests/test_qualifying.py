"""宅基地资格权: entered for households of members, for one homestead each; all others are told why, and use what they use."""

from datetime import date

import pytest

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.parties import services as parties
from ronghe.mechanisms.casework import errors as case_errors

from .. import services
from ..errors import NotQualified
from ..models import CollectiveMember, Right
from ..rules.kinds import RightKind, UnitKind
from ..rules.matters import Matter
from ..services import Holder
from . import factories as make
from . import registering as at_work
from . import surveys
from .surveys import Lot

pytestmark = pytest.mark.django_db
NOON, DAY = make.NOON, make.DAY


@pytest.fixture
def office(settings, tmp_path) -> surveys.Office:
    settings.MEDIA_ROOT = tmp_path
    return surveys.Office()


@pytest.fixture
def by_members(office) -> None:
    """The zone's document says that qualifications are held by households of members (济南 三(二)1)."""
    surveys.limit("registration.homestead.qualification_unit", "text", "户")


def homes(*names: str):
    """Households with a head each, and lots of theirs side by side."""
    found = [make.household(name) for name in names]
    heads = [house.members.get().person for house in found]
    lots = [Lot(make.square(n), head.name, surveys.number_of(head)) for n, head in enumerate(heads)]
    return found, heads, lots


def enrol(collective, person) -> None:
    services.enrol_member(
        collective_id=collective.pk, person_id=person.pk, begun_by=CollectiveMember.Entry.ORIGINAL,
        on=date(2020, 1, 1), actor=SYSTEM, at=make.people.NOON,
    )  # fmt: skip


def qualified() -> set[int]:
    return set(Right.objects.current().filter(kind=RightKind.QUALIFICATION).values_list("party", flat=True))


def used() -> list[int]:
    rows = Right.objects.current().filter(kind=RightKind.HOMESTEAD_USE)
    return list(rows.order_by("baunit__code").values_list("party", flat=True))


def test_of_two_homesteads_of_one_household_in_a_file_one_carries_the_qualification(office):
    make.collective()
    [house], [head], [lot] = homes("演示甲")
    second = Lot(make.square(5), lot.holder, lot.identity)
    batch = surveys.entered(surveys.taken(office, surveys.geojson([lot, second])), office)
    assert (qualified(), used()) == ({house.pk}, [house.pk, house.pk])
    assert Right.objects.filter(kind=RightKind.QUALIFICATION).count() == 1
    assert batch.job.result["qualifications"] == 1
    # a third, surveyed later, is told before it is entered, and carries none
    third = surveys.taken(office, surveys.geojson([Lot(make.square(9), head.name, lot.identity)]))
    told = third.findings.get(kind="qualification")
    assert (told.number, told.level) == (1, "note")
    assert "只登记使用权，不登记资格权" in told.text
    surveys.entered(third, office)
    assert (Right.objects.filter(kind=RightKind.QUALIFICATION).count(), len(used())) == (1, 3)


def test_where_members_alone_qualify_the_roll_of_the_village_decides(office, by_members):
    collective = make.collective()
    houses, heads, lots = homes("演示甲", "演示乙", "演示丙")
    enrol(collective, heads[0])
    enrol(collective, heads[2])
    parties.record_death(person_id=heads[2].pk, on=date(2026, 9, 1), actor=SYSTEM, at=NOON)
    batch = surveys.taken(office, surveys.geojson(lots[:2]))
    assert surveys.said(batch, "note") == [(2, "qualification")]
    assert "先认定成员身份" in batch.findings.get(kind="qualification").text
    surveys.entered(batch, office)
    assert qualified() == {houses[0].pk}
    assert set(used()) == {houses[0].pk, houses[1].pk}


def test_the_roll_on_the_day_of_the_entry_decides_not_that_of_the_check(office, by_members):
    collective = make.collective()
    [house], [head], [lot] = homes("演示甲")
    batch = surveys.taken(office, surveys.geojson([lot]))
    assert surveys.said(batch, "note") == [(1, "qualification")]
    enrol(collective, head)
    surveys.entered(batch, office)
    assert qualified() == {house.pk}


def test_new_holders_are_no_members_yet(office, by_members):
    make.collective()
    batch = surveys.entered(surveys.taken(office, surveys.geojson(surveys.lots(2))), office)
    assert (qualified(), len(used()), batch.job.result["qualifications"]) == (set(), 2, 0)


class TestApplications:
    @pytest.fixture
    def counter(self, settings, tmp_path, packs) -> at_work.Office:
        settings.MEDIA_ROOT = tmp_path
        return at_work.Office()

    def first(self, counter, unit, house):
        return at_work.opened(
            counter, unit, Matter.FIRST, right_kind=RightKind.QUALIFICATION, holders=(Holder(house.pk),)
        )

    def with_use(self, house, place: int = 0):
        unit = make.unit(UnitKind.HOMESTEAD, geometry=make.square(place))
        owned = make.right(unit, RightKind.COLLECTIVE_OWNERSHIP, make.collective(f"甲村{place}股份经济合作社"))
        make.right(unit, RightKind.HOMESTEAD_USE, house, parent=owned)
        return unit

    def test_a_household_with_its_one_homestead_gets_its_qualification(self, counter):
        house = make.household()
        unit = self.with_use(house)
        made = self.first(counter, unit, house)
        assert at_work.done(counter, made).state == "done"
        assert qualified() == {house.pk}

    def test_a_second_homestead_is_refused_at_the_counter_and_the_refusal_says_why(self, counter):
        house = make.household()
        self.with_use(house)
        other = self.with_use(house, 3)
        with pytest.raises(NotQualified, match="该户拥有的宅基地"):
            self.first(counter, other, house)

    def test_what_was_acquired_while_the_case_was_open_bars_the_review(self, counter):
        house = make.household()
        unit = self.with_use(house)
        case = at_work.taken_in(counter, self.first(counter, unit, house))
        self.with_use(house, 3)
        with pytest.raises(case_errors.GateClosed, match="该户拥有的宅基地"):
            at_work.act(case, "approve_to_entry", counter.reviewer)
