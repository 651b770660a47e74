"""What an application may not bring about by the way: land for others in a division, holders out of a seizure, long terms."""

from datetime import date
from fractions import Fraction

import pytest

from ronghe.kernel.actors import SYSTEM

from .. import services
from ..errors import RegistrationBlocked, SplitGivesAway, TermWrong
from ..models import Application, Right
from ..rules.kinds import RestrictionKind, RightKind, SourceKind, UnitKind
from ..rules.matters import Cause, Matter
from ..services import Holder, Origin, PartAsked, Term
from . import factories as make
from .registering import DAY, NOON, Office, done, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]
UNTIL = date(2045, 6, 1)
LEFT, RIGHT = make.square(0), make.square(1)


@pytest.fixture
def office(db, settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


def contracted(*holders, until=UNTIL):
    """A plot of two squares, held by shares, or by one alone."""
    unit = make.unit(UnitKind.CONTRACTED, make.square(width=2))
    return unit, make.right(unit, RightKind.CONTRACT, *holders, term=Term(make.BEGAN, until))


def split(office, unit, left, right):
    parts = (PartAsked(LEFT, party_id=left.pk), PartAsked(RIGHT, party_id=right.pk))
    return opened(office, unit, Matter.SPLIT, parts=parts, is_joint=False)


def seized(unit):
    return services.restrict(
        baunit_id=unit.pk, kind=RestrictionKind.SEIZURE, term=Term(DAY, date(2029, 1, 1)), holder="高青县人民法院",
        source_id=make.source(), actor=SYSTEM, at=NOON,
    )  # fmt: skip


def holders(rrr):
    return set(Right.objects.current().as_of(DAY).filter(rrr=rrr).values_list("party__name", flat=True))


# -- a division ------------------------------------------------------------------------------------------------------


def test_a_division_gives_no_part_to_anybody_else(office):
    holder, other = make.people.person("演示主"), make.people.person("演示外")
    unit, used = contracted(holder)
    with pytest.raises(SplitGivesAway, match=r"演示外.*先按现在的权利人分割.*转移登记"):
        split(office, unit, holder, other)
    assert not Application.objects.exists()
    assert holders(used) == {"演示主"}


def test_those_who_hold_together_may_each_take_a_part(office):
    a, b = make.people.person("演示份一"), make.people.person("演示份二")
    unit, _ = contracted((a, Fraction(1, 2)), (b, Fraction(1, 2)))
    done(office, split(office, unit, a, b))
    rows = Right.objects.current().as_of(DAY).filter(kind=RightKind.CONTRACT).order_by("baunit")
    assert list(rows.values_list("party", "share_num", "share_den")) == [(a.pk, 1, 1), (b.pk, 1, 1)]


def test_a_holder_whose_record_was_merged_is_still_the_holder(office):
    double, holder = make.people.person("演示并"), make.people.person("演示并")
    unit, _ = contracted(double)
    type(double).objects.filter(pk=double.pk).update(state="merged", merged_into=holder)
    assert split(office, unit, holder, holder).pk


# -- a correction ----------------------------------------------------------------------------------------------------


def correction(office, used, *named, **given):
    return opened(office, used.baunit, Matter.CORRECTION, rrr_id=used.pk, holders=tuple(named), **given)


def test_while_a_seizure_stands_no_correction_names_other_holders(office):
    holder, other = make.people.person("演示主"), make.people.person("演示外")
    unit, used = contracted(holder)
    seized(unit)
    half = Fraction(1, 2)
    for named in ((Holder(other.pk),), (Holder(holder.pk, half), Holder(other.pk, half)), (Holder(holder.pk, half),)):
        with pytest.raises(RegistrationBlocked, match="已被查封"):
            correction(office, used, *named)
    assert holders(used) == {"演示主"}


def test_a_seizure_bars_no_correction_of_anything_else(office):
    holder = make.people.person("演示主")
    unit, used = contracted(holder, until=date(2044, 6, 1))
    seized(unit)
    done(office, correction(office, used, Holder(holder.pk), term_first=make.BEGAN, term_until=UNTIL))
    assert Right.objects.current().get(rrr=used).valid.upper == UNTIL


@pytest.mark.parametrize(
    ("first", "until"),
    [(make.BEGAN, date(2027, 1, 1)), (date(2016, 1, 1), UNTIL), (date(2016, 1, 1), date(2046, 1, 1))],
)
def test_what_is_seized_is_not_corrected_to_run_for_less(office, first, until):
    holder = make.people.person("演示主")
    unit, used = contracted(holder)
    seized(unit)
    with pytest.raises(RegistrationBlocked, match="已被查封"):
        correction(office, used, Holder(holder.pk), term_first=first, term_until=until)


@pytest.mark.parametrize(
    ("kind", "consent", "why"),
    [
        (RestrictionKind.MORTGAGE, "mortgagee_consents", "没有抵押权人书面同意"),
        (RestrictionKind.ADVANCE_NOTICE, "notice_holder_consents", "没有预告登记权利人书面同意"),
    ],
)
def test_what_others_have_a_claim_to_is_corrected_to_other_holders_with_their_consent_alone(office, kind, consent, why):
    other = make.people.person("演示外")
    unit, used = contracted(make.people.person("演示主"))
    services.restrict(
        baunit_id=unit.pk, kind=kind, term=Term(DAY, UNTIL), holder="演示银行", source_id=make.source(), actor=SYSTEM,
        at=NOON, parent_id=used.pk,
    )  # fmt: skip
    with pytest.raises(RegistrationBlocked, match=why):
        correction(office, used, Holder(other.pk))
    done(office, correction(office, used, Holder(other.pk), **{consent: True}))
    assert holders(used) == {"演示外"}


def test_what_a_judgment_says_is_corrected_though_the_unit_is_seized(office):
    unit, used = contracted(make.people.person("演示主"))
    seized(unit)
    told = Origin(SourceKind.JUDGMENT, "民事判决书", date(2026, 11, 20), "（2026）鲁 0322 民初 1 号", "高青县人民法院")
    right_one = make.people.person("演示真")
    done(office, correction(office, used, Holder(right_one.pk), cause=Cause.JUDGMENT, origin=told, is_joint=False))
    assert holders(used) == {"演示真"}


# -- how long a right runs -------------------------------------------------------------------------------------------


def test_no_correction_makes_a_contract_endless_or_longer_than_the_law_lets_it(office):
    """农村土地承包法 第二十一条: thirty years, and not a day more."""
    holder = make.people.person("演示主")
    _, used = contracted(holder)
    for until, why in ((None, "须有止期"), (date(2045, 6, 2), "最长的 30 年")):
        with pytest.raises(TermWrong, match=why):
            correction(office, used, Holder(holder.pk), term_first=make.BEGAN, term_until=until)
    made = correction(office, used, Holder(holder.pk), term_first=date(2016, 6, 1), term_until=date(2046, 6, 1))
    assert made.term_until == date(2046, 6, 1)


def test_a_first_registration_is_held_to_the_same_term(office):
    unit, holder = make.unit(UnitKind.CONTRACTED), make.people.person("演示主")
    given = {"right_kind": RightKind.CONTRACT, "holders": (Holder(holder.pk),), "term_first": make.BEGAN}
    with pytest.raises(TermWrong, match="最长的 30 年"):
        opened(office, unit, Matter.FIRST, term_until=date(2045, 6, 2), **given)
    assert opened(office, unit, Matter.FIRST, term_until=UNTIL, **given).pk
