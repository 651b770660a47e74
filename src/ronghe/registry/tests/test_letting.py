"""宅基地“三权分置”: of the three rights of a homestead the use alone is let or contributed, for a term, and each has its history."""

from datetime import date

import pytest

from ronghe.kernel.actors import SYSTEM

from .. import services
from ..errors import (
    ApplicationIncomplete,
    ApplicationUnfit,
    KindUnfitForUnit,
    NotPledgeable,
    ParentNeeded,
    RegistrationBlocked,
    RightNeeded,
)
from ..models import Certificate, Right
from ..queries import book
from ..rules.holding import longest_years
from ..rules.kinds import RestrictionKind, RightKind, UnitKind
from ..rules.matters import Cause, Matter
from ..services import Holder, Term
from ..services.applications import years_begun
from . import factories as make
from .registering import DAY, Office, done, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]
TERM = {"term_first": date(2026, 11, 1), "term_until": date(2036, 11, 1)}


@pytest.fixture
def office(db, settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


def let(office, unit, used, lessee, **given):
    return opened(office, unit, Matter.LETTING, rrr_id=used.pk, holders=(Holder(lessee.pk),), **{**TERM, **given})


def test_the_use_is_let_and_ownership_and_qualification_stay_where_they_were(office):
    unit, used = make.homestead(house=True)
    before = dict(Right.objects.current().filter(baunit=unit).values_list("kind", "party"))
    inn = make.household("演示民宿")
    done(office, let(office, unit, used, inn))
    made = Right.objects.get(baunit=unit, kind=RightKind.LETTING)
    assert (made.rrr.parent, made.party, made.valid.upper) == (used, inn, date(2036, 11, 1))
    after = dict(Right.objects.current().filter(baunit=unit).values_list("kind", "party"))
    assert after == before | {int(RightKind.LETTING): inn.pk}
    assert Certificate.objects.filter(rrr=made.rrr, recalled_on=None).exists()


def test_the_book_says_who_uses_it_and_until_when(office):
    unit, used = make.homestead(house=True)
    make.right(unit, RightKind.LETTING, make.household("演示民宿"), term=Term(DAY, date(2036, 12, 1)), parent=used)
    told = "".join(book.unit_page(unit.code, actor=office.registrar.actor, on=DAY).headline())
    assert "使用权已流转给演示民宿户，到 2036-11-30 为止；所有权和资格权不变。" in told


def test_letting_ends_when_its_term_is_given_up_and_when_the_use_ends(office):
    unit, used = make.homestead()
    done(office, let(office, unit, used, make.household("演示租")))
    made = Right.objects.get(baunit=unit, kind=RightKind.LETTING)
    done(office, opened(office, unit, Matter.LETTING_END, rrr_id=made.rrr_id, cause=Cause.WAIVER))
    assert not Right.objects.current().as_of(DAY).filter(rrr=made.rrr_id).exists()
    other, use = make.homestead(geometry=make.square(5))
    right = make.right(other, RightKind.LETTING, make.household("演示承"), term=Term(DAY, date(2030, 1, 1)), parent=use)
    done(office, opened(office, other, Matter.CANCELLATION, rrr_id=use.pk, cause=Cause.WAIVER))
    assert not Right.objects.current().as_of(DAY).filter(rrr=right).exists()


def test_whoever_gets_the_use_gets_it_let(office):
    # 民法典 第七百二十五条
    unit, used = make.homestead()
    done(office, let(office, unit, used, make.household("演示租")))
    buyer = make.members("演示买")
    done(
        office,
        opened(office, unit, Matter.TRANSFER, rrr_id=used.pk, holders=(Holder(buyer.pk),), deed_tax_proof=True),
    )
    assert Right.objects.current().as_of(DAY).filter(baunit=unit, kind=RightKind.LETTING).exists()


@pytest.mark.parametrize(
    ("first", "until", "years"),
    [
        (date(2026, 12, 1), date(2046, 12, 1), 20),
        (date(2026, 12, 1), date(2046, 12, 2), 21),
        (date(2024, 2, 29), date(2044, 2, 29), 20),
    ],
)
def test_a_limit_of_years_is_not_passed_by_a_day(first, until, years):
    assert years_begun(first, until) == years


class TestRefused:
    def test_more_than_twenty_years_of_a_lease_though_not_of_a_contribution(self, office):
        # 民法典 第七百零五条
        unit, used = make.homestead()
        inn = make.household("演示长")
        with pytest.raises(ApplicationUnfit, match="21 年"):
            let(office, unit, used, inn, term_until=date(2046, 11, 2))
        made = let(office, unit, used, inn, term_until=date(2056, 11, 1), cause=Cause.CONTRIBUTION)
        assert made.term_until == date(2056, 11, 1)

    def test_without_a_term(self, office):
        unit, used = make.homestead()
        with pytest.raises(ApplicationIncomplete, match="期限"):
            let(office, unit, used, make.household("演示无"), term_until=None)

    def test_the_qualification_is_never_let(self, office):
        unit, _ = make.homestead()
        qualified = Right.objects.get(baunit=unit, kind=RightKind.QUALIFICATION).rrr
        with pytest.raises(RightNeeded):
            let(office, unit, qualified, make.household("演示格"))
        with pytest.raises(ParentNeeded):
            make.right(
                unit, RightKind.LETTING, make.household("演示资"), term=Term(DAY, date(2030, 1, 1)), parent=qualified
            )

    def test_one_side_alone_does_not_let(self, office):
        unit, used = make.homestead()
        with pytest.raises(ApplicationUnfit, match="双方"):
            let(office, unit, used, make.household("演示独"), is_joint=False)

    def test_a_seized_homestead_is_not_let(self, office):
        unit, used = make.homestead()
        services.restrict(
            baunit_id=unit.pk, kind=RestrictionKind.SEIZURE, term=Term(DAY), holder="演示法院", source_id=make.source(),
            actor=SYSTEM, at=make.NOON,
        )  # fmt: skip
        with pytest.raises(RegistrationBlocked, match="查封"):
            let(office, unit, used, make.household("演示封"))

    def test_what_was_let_is_no_security(self, office):
        unit, used = make.homestead()
        made = make.right(
            unit, RightKind.LETTING, make.household("演示押"), term=Term(DAY, date(2030, 1, 1)), parent=used
        )
        with pytest.raises(NotPledgeable, match="宅基地使用权人"):
            opened(office, unit, Matter.MORTGAGE, rrr_id=made.pk, holder="高青农商银行", amount_fen=100)

    def test_other_land_is_not_let_by_this_matter(self, office):
        unit, contract = make.contracted()
        with pytest.raises(KindUnfitForUnit):
            make.right(
                unit, RightKind.LETTING, make.household("演示田"), term=Term(DAY, date(2030, 1, 1)), parent=contract
            )


class TestContractedForest:
    @pytest.fixture(autouse=True)
    def places(self):
        make.people.places()

    def test_it_is_contracted_land_with_its_trees_and_runs_as_long_as_forest_may(self):
        # 农村土地承包法 第二十一条
        unit = make.unit(UnitKind.CONTRACTED_FOREST)
        assert unit.code[12:14] == "JE"
        make.right(unit, RightKind.CONTRACT_TREES, make.household(), term=Term(DAY, date(2090, 1, 1)))
        assert longest_years(RightKind.CONTRACT_TREES, UnitKind.CONTRACTED_FOREST) == "registration.forest.max_years"
        assert longest_years(RightKind.CONTRACT, UnitKind.CONTRACTED) == "registration.contract.max_years"

    def test_forest_outside_contracts_has_a_feature_of_its_own(self):
        unit = make.unit(UnitKind.FOREST)
        assert unit.code[12:14] == "JL"
        with pytest.raises(KindUnfitForUnit):
            make.right(unit, RightKind.CONTRACT_TREES, make.household(), term=Term(DAY, date(2090, 1, 1)))
