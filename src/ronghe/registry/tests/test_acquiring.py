"""受让: a homestead passes to a household of members without another, contracted land within the collective and on record."""

from datetime import date

import pytest

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.parties.services import register_body
from ronghe.mechanisms.casework import errors as case_errors

from .. import services
from ..errors import NotQualified
from ..models import Certificate, CollectiveMember, Right
from ..rules.kinds import RightKind, UnitKind
from ..rules.matters import Cause, Matter
from ..rules.pledging import Shown
from ..services import Holder
from . import factories as make
from . import registering as at_work
from .registering import DAY, NOON, Office, done, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


@pytest.fixture
def office(db, settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


def passing(office, unit, used, *to, **given):
    """An application by which a right passes to others."""
    holders = tuple(Holder(one.pk) for one in to)
    return opened(office, unit, Matter.TRANSFER, rrr_id=used.pk, holders=holders, deed_tax_proof=True, **given)


def qualified(unit):
    rows = Right.objects.current().as_of(DAY).filter(baunit=unit, kind=RightKind.QUALIFICATION)
    return {row.party.name for row in rows.select_related("party")}


class TestHomesteads:
    @pytest.mark.parametrize("cause", [Cause.SALE, Cause.SWAP, Cause.GIFT, Cause.CONTRIBUTION])
    def test_nobody_gets_one_who_is_no_member(self, office, cause):
        # 土地管理法 第六十二条
        unit, used = make.homestead()
        with pytest.raises(NotQualified, match="不是本集体成员的不能取得宅基地"):
            passing(office, unit, used, make.household("演示外"), cause=cause)

    def test_a_member_of_another_village_is_none(self, office):
        unit, used = make.homestead()
        stranger = make.household("演示邻")
        there = register_body(
            kind="collective", name="邻村社", division=make.NEXT_VILLAGE, uscc="", actor=SYSTEM, at=make.people.NOON
        )
        services.enrol_member(
            collective_id=there.pk, person_id=stranger.members.get().person_id, begun_by=CollectiveMember.Entry.ORIGINAL,
            on=date(2020, 1, 1), actor=SYSTEM, at=make.people.NOON,
        )  # fmt: skip
        with pytest.raises(NotQualified, match="成员农户：否"):
            passing(office, unit, used, stranger)

    def test_a_household_that_has_one_gets_no_second(self, office):
        unit, used = make.homestead()
        house = make.members("演示有")
        make.homestead(house, make.collective("乙社"), geometry=make.square(3))
        with pytest.raises(NotQualified, match="2 处"):
            passing(office, unit, used, house)

    def test_nor_does_one_of_its_members_in_her_own_name(self, office):
        unit, used = make.homestead()
        house = make.members("演示有")
        make.homestead(house, make.collective("乙社"), geometry=make.square(3))
        with pytest.raises(NotQualified, match="2 处"):
            passing(office, unit, used, house.members.get().person)

    def test_what_was_acquired_while_the_case_was_open_bars_the_review(self, office):
        unit, used = make.homestead()
        house = make.members("演示有")
        case = at_work.taken_in(office, passing(office, unit, used, house))
        make.homestead(house, make.collective("乙社"), geometry=make.square(3))
        with pytest.raises(case_errors.GateClosed, match="2 处"):
            at_work.act(case, "approve", office.reviewer)

    def test_heirs_and_whom_a_judgment_names_are_not_asked(self, office):
        # 民法典 第二百三十条
        for n, cause in enumerate((Cause.INHERITANCE, Cause.JUDGMENT)):
            unit, used = make.homestead(
                make.household(f"演示故{n}"), make.collective(f"丙{n}社"), geometry=make.square(n)
            )
            done(office, passing(office, unit, used, make.household(f"演示继{n}"), cause=cause))
            # the qualification stays where it was
            assert qualified(unit) == {f"演示故{n}户"}

    def test_the_sellers_qualification_ends_and_the_buyers_begins_each_with_its_certificate(self, office):
        unit, used = make.homestead()
        old = services.certify(rrr_id=unit.rrrs.get(kind=RightKind.QUALIFICATION).pk, on=DAY, actor=SYSTEM, at=NOON)
        assert done(office, passing(office, unit, used, make.members("演示受"))).state == "done"
        old.refresh_from_db()
        assert (qualified(unit), old.recall_reason) == ({"演示受户"}, "转移登记")
        proofs = Certificate.objects.filter(baunit=unit, recalled_on=None)
        assert set(proofs.values_list("rrr__kind", flat=True)) == {RightKind.HOMESTEAD_USE, RightKind.QUALIFICATION}

    def test_who_keeps_a_share_keeps_the_qualification_and_is_not_asked(self, office):
        seller = make.household("演示甲")
        unit, used = make.homestead(seller)
        made = opened(
            office, unit, Matter.TRANSFER, rrr_id=used.pk, cause=Cause.GIFT, deed_tax_proof=True,
            holders=(Holder(seller.pk, None), Holder(make.members("演示受").pk, None)),
        )  # fmt: skip
        done(office, made)
        assert qualified(unit) == {"演示甲户"}

    def test_two_households_swap_each_its_only_one(self, office):
        a, b = make.members("演示甲"), make.members("演示乙")
        here, use_here = make.homestead(a, make.collective("甲社"))
        there, use_there = make.homestead(b, make.collective("乙社"), geometry=make.square(3))
        one = passing(office, here, use_here, b, cause=Cause.SWAP)
        # alone it is none: what is given in return must be applied for
        with pytest.raises(case_errors.GateClosed, match="2 处"):
            at_work.reviewed(office, one)
        other = passing(office, there, use_there, a, cause=Cause.SWAP)
        at_work.enter(office, at_work.act(one, "approve", office.reviewer))
        assert done(office, other).state == "done"
        assert (qualified(here), qualified(there)) == ({"演示乙户"}, {"演示甲户"})


class TestContractedLand:
    def test_a_swap_is_filed_and_a_sale_agreed_to(self, office):
        # 农村土地承包法 第三十三、三十四条
        unit, used = make.contracted()
        to = make.members("演示受")
        for cause, paper, words in (
            (Cause.SWAP, Shown.FILED, "须向发包方备案"),
            (Cause.SALE, Shown.ISSUER_CONSENTS, "须经发包方同意"),
        ):
            given = {"rrr_id": used.pk, "holders": (Holder(to.pk),), "cause": cause}
            with pytest.raises(NotQualified, match=words):
                opened(office, unit, Matter.TRANSFER, **given)
            made = opened(office, unit, Matter.TRANSFER, shown=(paper,), **given)
            assert at_work.reviewed(office, made).step == "enter"
            at_work.act(made, "withdraw", office.window)

    def test_nobody_outside_of_the_collective_gets_it(self, office):
        unit, used = make.contracted()
        for cause in (Cause.SWAP, Cause.SALE):
            with pytest.raises(NotQualified, match="只在本集体的农户之间转移"):
                opened(
                    office, unit, Matter.TRANSFER, rrr_id=used.pk, holders=(Holder(make.household(f"演示{cause}").pk),),
                    cause=cause, shown=(Shown.FILED, Shown.ISSUER_CONSENTS),
                )  # fmt: skip

    def test_the_form_asks_for_these_papers_and_not_for_those_of_a_pledge(self, office):
        unit, _ = make.contracted()
        homestead, _ = make.homestead(geometry=make.square(3))
        window = office.window.client()
        page = window.get(f"/registry/units/{unit.code}/apply/transfer").content.decode()
        assert ("发包方书面同意" in page, "抵押权人是金融机构" in page) == (True, False)
        assert "发包方书面同意" not in window.get(f"/registry/units/{homestead.code}/apply/transfer").content.decode()


def test_other_land_passes_to_whoever_buys_it(office):
    unit = make.unit(UnitKind.CONSTRUCTION)
    used = make.right(unit, RightKind.COLLECTIVE_USE, make.household("演示厂"))
    made = passing(office, unit, used, make.household("演示商"))
    assert at_work.reviewed(office, made).step == "enter"
