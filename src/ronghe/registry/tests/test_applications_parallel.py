"""Two clerks at one unit, on two connections."""

import pytest

from ronghe.kernel.errors import DomainError
from ronghe.site.testing import in_parallel

from ..models import Application, Certificate, Right
from ..rules.matters import Matter
from ..rules.pledging import Shown
from ..services import Holder
from . import factories as make
from . import registering as at_work
from .registering import Office, enter, opened, reviewed


@pytest.fixture
def office(fresh_packs, settings, tmp_path) -> Office:
    """With the laws of the nation: who may apply is a parameter."""
    settings.MEDIA_ROOT = tmp_path
    return Office()


def outcome(of) -> str:
    try:
        return str(of())
    except DomainError as error:
        return error.code


def test_of_two_who_hand_in_for_one_unit_one_is_told_of_the_others_case(office):
    """Seen to fail with the lock of the unit taken out: both are taken in."""
    unit, used = make.homestead()
    buyers = [make.members(f"演示买{n}") for n in range(2)]

    def hand_in(buyer) -> str:
        return outcome(
            lambda: opened(office, unit, Matter.TRANSFER, rrr_id=used.pk, holders=(Holder(buyer.pk),)).matter
        )

    both = in_parallel(*[lambda b=buyer: hand_in(b) for buyer in buyers])
    assert sorted(both) == ["registry.another_application", "transfer"]
    assert Application.objects.count() == 1


def test_of_two_entries_on_one_right_the_second_is_refused(office):
    """A correction and a transfer, handed in for the same rows of the book: whichever is entered first, the other rests
    on what is no more. Seen to fail with the comparison of the rows taken out: the second is told of shares that pass the
    whole, which is not what happened."""
    unit, used = make.contracted()
    to = [make.members(f"演示得{n}") for n in range(2)]
    asked = [
        opened(
            office, unit, Matter.TRANSFER, rrr_id=used.pk, holders=(Holder(to[0].pk),), shown=(Shown.ISSUER_CONSENTS,)
        ),
        opened(office, unit, Matter.CORRECTION, rrr_id=used.pk, holders=(Holder(to[1].pk),)),
    ]
    cases = [reviewed(office, one) for one in asked]
    by = [office.registrar, office.clerk]
    both = in_parallel(*[
        lambda case=case, who=who: outcome(lambda: enter(office, case, by=who).step)
        for case, who in zip(cases, by, strict=True)
    ])  # fmt: skip
    assert sorted(both) == ["certify", "registry.changed_since"]
    winner = to[both.index("certify")]
    assert Right.objects.current().as_of(at_work.DAY).get(rrr=used).party_id == winner.pk
    assert Certificate.objects.filter(rrr=used, recalled_on=None).count() == 1
