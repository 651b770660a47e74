"""Two people at the same moment."""

from datetime import date, timedelta

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.parties import errors, queries, services
from ronghe.kernel.parties.models import HouseholdMember, Party, PartyIdentifier
from ronghe.kernel.parties.services import NewPerson
from ronghe.site.testing import in_parallel

from . import factories as make
from .factories import NOON, TODAY, VILLAGE

LATER = NOON + timedelta(hours=1)


def test_of_two_who_register_one_number_the_second_is_led_to_the_first(fresh_database):
    """Seen to fail with the constraint's error left out of ``refuses``: the second got an IntegrityError."""
    make.places()
    number = make.identity()

    def register(name: str):
        return services.register_person(new=NewPerson(name, identity=number), division=VILLAGE, actor=SYSTEM, at=NOON)

    outcomes = in_parallel(lambda: register("演示甲"), lambda: register("演示乙"))
    [made] = [one for one in outcomes if isinstance(one, Party)]
    [refused] = [one for one in outcomes if isinstance(one, Exception)]
    assert isinstance(refused, errors.NumberTaken)
    assert refused.facts["holder_id"] == made.pk
    assert Party.objects.count() == 1


def test_a_merge_and_a_change_at_once_lose_nothing(fresh_database):
    """Seen to fail with ``select_for_update`` taken out of ``locked``: the new number stayed with the merged row."""
    make.places()
    target = make.person("演示甲")
    sources = [
        services.register_person(
            new=NewPerson("演示甲", birth_date=date(1980, 5, 1)), division=VILLAGE, actor=SYSTEM, at=NOON
        )
        for _ in range(6)
    ]
    for source in sources:
        outcomes = in_parallel(
            lambda of=source: services.merge_parties(
                source_id=of.pk, target_id=target.pk, reason="同一人登记两次", actor=SYSTEM, at=LATER
            ),
            lambda of=source: services.set_identifier(
                party_id=of.pk, kind="bank_account", value=f"3705016077{of.pk:04}", actor=SYSTEM, at=LATER
            ),
        )
        changed = outcomes[1]
        assert not isinstance(outcomes[0], Exception), outcomes[0]
        assert isinstance(changed, PartyIdentifier | errors.PartyNotActive), changed
        source.refresh_from_db()
        assert queries.identifiers(source) == []
    having = PartyIdentifier.objects.current().filter(party=target, kind="bank_account").count()
    assert having == PartyIdentifier.objects.filter(party__in=sources).count()


def test_two_marriages_at_once_put_nobody_into_two_households(fresh_database):
    """Seen to fail with ``select_for_update`` taken out of ``locked``: the constraints deadlock."""
    make.places()
    homes = [make.household(head=make.person(f"户主{name}", born=date(1960, 1, 1))) for name in "甲乙"]
    bride = make.person("演示新", male=False)
    outcomes = in_parallel(
        *(
            lambda home=home: services.marry_in(
                household_id=home.pk, person=bride.pk, relation="38", on=TODAY, actor=SYSTEM, at=LATER
            )
            for home in homes
        )
    )
    assert HouseholdMember.objects.current().filter(person=bride, valid__contains=TODAY).count() == 1
    assert [type(one).__name__ for one in outcomes].count("HouseholdMember") >= 1
    assert all(isinstance(one, HouseholdMember | errors.AlreadyMember) for one in outcomes), outcomes


def test_of_two_merges_that_cross_one_is_refused(fresh_database):
    """Seen to fail with ``select_for_update`` taken out of ``locked``: each was merged into the other."""
    make.places()
    one = make.person("演示甲")
    two = services.register_person(
        new=NewPerson("演示甲", birth_date=date(1980, 5, 1)), division=VILLAGE, actor=SYSTEM, at=NOON
    )

    def merge(source: Party, target: Party):
        return services.merge_parties(
            source_id=source.pk, target_id=target.pk, reason="同一人登记两次", actor=SYSTEM, at=LATER
        )

    outcomes = in_parallel(lambda: merge(one, two), lambda: merge(two, one))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["MergeImpossible", "PartyMerge"]
