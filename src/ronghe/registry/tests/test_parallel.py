"""Two clerks at the same moment, on real connections."""

from datetime import timedelta

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.errors import DomainError
from ronghe.site.testing import in_parallel

from .. import errors, services
from ..models import BAUnit, Right
from ..rules.kinds import RightKind, UnitKind
from ..services import Holder
from . import factories as make

LATER = make.NOON + timedelta(minutes=5)


def test_of_two_transfers_of_one_right_at_once_both_are_told_in_turn(fresh_database):
    """Seen to fail with ``select_for_update`` taken out of ``locked_units``: both closed the same row, and the database
    refused the second with an error of its own."""
    make.people.places()
    unit, used = make.homestead()
    a, b = make.household("演示先"), make.household("演示后")

    def pass_on(party, minutes):
        return services.transfer_right(
            rrr_id=used.pk, to=[Holder(party.pk)], on=make.DAY, source_id=make.source(), actor=SYSTEM,
            at=LATER + timedelta(minutes=minutes),
        )  # fmt: skip

    outcomes = in_parallel(lambda: pass_on(a, 0), lambda: pass_on(b, 1))
    assert all(not isinstance(one, Exception) or isinstance(one, DomainError) for one in outcomes), outcomes
    standing = Right.objects.current().as_of(make.DAY).filter(rrr=used)
    assert standing.count() == 1
    assert unit.pk


def test_two_splits_of_one_unit_leave_one(fresh_database):
    """Seen to fail with ``select_for_update`` taken out of ``locked_units``: two families of parts stood."""
    make.people.places()
    unit, _ = make.homestead(geometry=make.square(width=2))
    whole = make.area(make.square(width=2))
    parts = [services.NewPart(make.square(0), whole / 2), services.NewPart(make.square(1), whole - whole / 2)]
    parts = [services.NewPart(p.geometry, p.registered_area_m2.quantize(whole)) for p in parts]
    parts[1] = services.NewPart(parts[1].geometry, whole - parts[0].registered_area_m2)

    def split():
        return services.split_unit(
            baunit_id=unit.pk, parts=parts, on=make.DAY, survey_id=make.survey(), source_id=make.source(), actor=SYSTEM,
            at=LATER,
        )  # fmt: skip

    outcomes = in_parallel(split, split)
    [refused] = [one for one in outcomes if isinstance(one, Exception)]
    assert isinstance(refused, errors.UnitOver)
    assert BAUnit.objects.standing(make.DAY).count() == 2


def test_codes_given_out_at_once_are_all_different(fresh_database):
    """Seen to fail with ``select_for_update`` taken out of ``next_parcels``: two units asked for one code."""
    make.people.places()

    def open_one(n):
        return lambda: make.unit(UnitKind.HOMESTEAD, make.square(n))

    outcomes = in_parallel(*(open_one(n) for n in range(6)))
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    assert sorted(one.code[14:19] for one in outcomes) == [f"{n:05}" for n in range(1, 7)]


def test_a_right_is_not_granted_on_a_unit_that_ends_at_the_same_moment(fresh_database):
    """Seen to fail without the lock of the unit in ``grant_right`` and the trigger ``unit_stands``: the right outlived it."""
    make.people.places()
    unit = make.unit(UnitKind.CONSTRUCTION)
    owner = make.collective()
    outcomes = in_parallel(
        lambda: services.end_unit(baunit_id=unit.pk, on=make.DAY, source_id=make.source(), actor=SYSTEM, at=LATER),
        lambda: make.right(unit, RightKind.COLLECTIVE_USE, owner, at=LATER),
    )
    for one in outcomes:
        assert not isinstance(one, Exception) or isinstance(one, DomainError), one
    assert not Right.objects.current().as_of(make.DAY).filter(baunit=unit).exists()
