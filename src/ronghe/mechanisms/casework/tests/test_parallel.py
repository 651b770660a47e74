"""Two people at the same case, and at the same counter, at the same moment."""

from ronghe.kernel.errors import DomainError
from ronghe.mechanisms.casework import services
from ronghe.mechanisms.casework.models import Case, Decision
from ronghe.site.testing import in_parallel

from .factories import NOON, World, act, case


def outcome(of) -> str:
    try:
        return str(of())
    except DomainError as error:
        return error.code


def test_of_two_who_act_on_the_same_state_one_is_told_who_was_first(fresh_database):
    """Seen to fail with the lock of the case taken out: the database's trigger refuses the second as our own bug."""
    world = World()
    made = case(world)
    both = [
        lambda who=who: outcome(lambda: act(made, "give_back", who, reason="缺页", seen=0).action)
        for who in (world.window, world.window2)
    ]
    assert sorted(in_parallel(*both)) == ["casework.case_moved", "give_back"]
    assert Decision.objects.filter(case=made).count() == 1


def test_of_two_who_take_a_case_one_has_it(fresh_database):
    """Seen to fail with the lock of the case taken out: both are told that it is theirs."""
    world = World()
    made = case(world)
    both = [
        lambda who=who: outcome(
            lambda: services.claim(case_id=made.pk, actor=who.actor, at=NOON).holder_id == who.user.pk
        )
        for who in (world.window, world.window2)
    ]
    assert sorted(in_parallel(*both)) == ["True", "casework.held_by_another"]


def test_cases_opened_at_once_have_numbers_without_gap_or_double(fresh_database):
    """Seen to fail with the lock of the series taken out: two bear the same number."""
    world = World()
    in_parallel(*[lambda: case(world) for _ in range(6)])
    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert [n[-5:-1] for n in numbers] == [f"{n:04d}" for n in range(1, 7)]
