"""单方申请: what one side alone may have ended, what an authority orders, and what is taxed though nobody sold it."""

from datetime import date

import pytest

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.parties import services as parties
from ronghe.mechanisms.casework import errors as case_errors

from .. import services
from ..errors import ApplicationIncomplete, ApplicationUnfit, QueryNotAnswered, TermWrong, UnitNotFound
from ..models import Restriction, Right
from ..rules.kinds import RestrictionKind, RightKind
from ..rules.matters import Cause, Matter
from ..rules.privacy import Level
from ..services import Holder
from ..services.querying import Question, ask
from . import factories as make
from . import registering as at_work
from .registering import DAY, NOON, Office, done, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


@pytest.fixture
def office(db, settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


def in_force(rrr) -> bool:
    return Right.objects.current().as_of(DAY).filter(rrr=rrr).exists()


class TestWhoeverLivedThereHasDied:
    @pytest.fixture
    def lived(self, office):
        """A house with a right of residence; returns its owner, the unit and that right."""
        head = make.people.person("演示户主")
        unit, used = make.homestead(make.people.household(head=head), house=True)
        widow = make.people.person("演示居")
        done(office, opened(office, unit, Matter.RESIDENCE, rrr_id=used.pk, holders=(Holder(widow.pk),)))
        return head, widow, unit, unit.rrrs.get(kind=RightKind.RESIDENCE)

    def ask(self, office, unit, right, **given):
        return opened(office, unit, Matter.RESIDENCE_END, rrr_id=right.pk, cause=Cause.EXPIRY, is_joint=False, **given)

    def test_while_she_lives_one_side_alone_is_not_believed(self, office, lived):
        _, _, unit, right = lived
        with pytest.raises(ApplicationUnfit, match="先在权利人名册登记死亡"):
            self.ask(office, unit, right)

    def test_once_she_is_dead_the_right_is_taken_out_on_one_application(self, office, lived):
        # 不动产登记暂行条例 第十四条; 民法典 第三百七十条
        _, widow, unit, right = lived
        parties.record_death(person_id=widow.pk, on=DAY, actor=SYSTEM, at=NOON)
        assert done(office, self.ask(office, unit, right)).state == "done"
        assert not in_force(right)

    def test_and_the_owner_of_the_house_may_apply_himself(self, lived):
        head, widow, unit, right = lived
        parties.record_death(person_id=widow.pk, on=DAY, actor=SYSTEM, at=NOON)
        asked = at_work.asked(Matter.RESIDENCE_END, rrr_id=right.pk, cause=Cause.EXPIRY, is_joint=False)
        assert services.open_application(baunit_id=unit.pk, asked=asked, actor=at_work.farmer(head), at=NOON).pk

    def test_that_they_agreed_to_end_it_both_say(self, office, lived):
        _, _, unit, right = lived
        with pytest.raises(ApplicationUnfit, match="须由双方共同申请"):
            opened(office, unit, Matter.RESIDENCE_END, rrr_id=right.pk, cause=Cause.SETTLED, is_joint=False)
        done(office, opened(office, unit, Matter.RESIDENCE_END, rrr_id=right.pk, cause=Cause.SETTLED))
        assert not in_force(right)


class TestWhoObjects:
    """民法典 第二百二十条: 利害关系人; most hold nothing there."""

    def objected(self, head, unit, **given):
        asked = at_work.asked(Matter.OBJECTION, **{"text": "西侧界址占了我家的地", **given})
        return services.open_application(baunit_id=unit.pk, asked=asked, actor=at_work.farmer(head), at=NOON)

    def test_an_objector_who_holds_nothing_there_applies_himself_in_his_own_name(self, office):
        unit, _ = make.homestead()
        head = make.people.person("演示邻")
        made = self.objected(head, unit, holder="别人的名字")
        assert (made.party_id, made.holder, made.case.applicant_id) == (head.pk, "演示邻", head.pk)

    def test_he_says_what_he_claims(self, office):
        unit, _ = make.homestead()
        with pytest.raises(ApplicationIncomplete, match="异议的内容"):
            self.objected(make.people.person("演示邻"), unit, text=" ")

    def test_he_takes_it_back_himself_and_learns_what_is_registered_as_long_as_it_stands(self, office):
        unit, _ = make.homestead()
        head = make.people.person("演示邻")
        me, asked = at_work.farmer(head), Question(unit=unit.code, purpose="核对界址和权属")
        with pytest.raises(QueryNotAnswered):
            ask(asked, network="203.0.113.7", actor=me, at=NOON)
        made = opened(
            office, unit, Matter.OBJECTION, party_id=head.pk, holder=head.name, text="界址", applicant_id=head.pk
        )
        done(office, made)
        assert ask(asked, network="203.0.113.7", actor=me, at=NOON).level is Level.WHOLE
        end = at_work.asked(Matter.OBJECTION_END, rrr_id=made.entry.rrr_id, cause=Cause.WAIVER)
        other = at_work.farmer(make.people.person("演示旁"))
        with pytest.raises(UnitNotFound):
            services.open_application(baunit_id=unit.pk, asked=end, actor=other, at=NOON)
        assert services.open_application(baunit_id=unit.pk, asked=end, actor=me, at=NOON).pk


def test_a_seizure_of_land_stands_for_three_years_at_most(office):
    # 法释〔2020〕21号 第四百八十五条 (unverified); extended by another order
    unit, _ = make.homestead()
    order = {"by": office.clerk, "holder": "法院", "is_joint": False}
    with pytest.raises(TermWrong, match="最长的 3 年"):
        opened(office, unit, Matter.SEIZURE, term_until=date(2029, 11, 26), **order)
    assert opened(office, unit, Matter.SEIZURE, term_until=date(2029, 11, 25), **order).pk


def test_an_operation_right_is_inherited_and_does_not_end_with_a_death(office):
    unit, contract = make.contracted()
    farmer = make.people.person("演示营")
    term = {"term_first": date(2026, 1, 1), "term_until": date(2031, 1, 1)}
    done(office, opened(office, unit, Matter.OPERATION, rrr_id=contract.pk, holders=(Holder(farmer.pk),), **term))
    right = unit.rrrs.get(kind=RightKind.OPERATION)
    parties.record_death(person_id=farmer.pk, on=DAY, actor=SYSTEM, at=NOON)
    with pytest.raises(ApplicationUnfit, match="期限没有届满"):
        opened(office, unit, Matter.OPERATION_END, rrr_id=right.pk, cause=Cause.EXPIRY, is_joint=False)


def test_the_court_lifts_its_seizure_without_both_sides(office):
    unit, _ = make.homestead()
    order = {"by": office.clerk, "is_joint": False}
    done(office, opened(office, unit, Matter.SEIZURE, holder="法院", term_until=date(2029, 1, 1), **order))
    seized = Restriction.objects.get(kind=RestrictionKind.SEIZURE)
    done(office, opened(office, unit, Matter.SEIZURE_END, rrr_id=seized.rrr_id, cause=Cause.SETTLED, **order))
    assert not Restriction.objects.current().as_of(DAY).filter(baunit=unit).exists()
    page = office.clerk.client().get(f"/registry/units/{unit.code}/apply/seizure_end").content.decode()
    assert "双方共同申请" not in page


@pytest.mark.parametrize(
    ("cause", "is_taxed"), [(Cause.JUDGMENT, True), (Cause.BEQUEST, True), (Cause.INHERITANCE, False)]
)
def test_a_homestead_is_taxed_when_it_is_adjudged_or_bequeathed_and_not_when_it_is_inherited(office, cause, is_taxed):
    # 契税法 第六条: the heirs at law are free; a proof of exemption is one too
    unit, used = make.homestead()
    holders = (Holder(make.household("演示得").pk),)
    made = opened(office, unit, Matter.TRANSFER, rrr_id=used.pk, cause=cause, holders=holders)
    if is_taxed:
        with pytest.raises(case_errors.GateClosed, match="请补交契税完税或免税凭证"):
            at_work.reviewed(office, made)
    else:
        assert at_work.reviewed(office, made).step == "enter"


def test_contracted_land_is_adjudged_without_tax(office):
    unit, used = make.contracted()
    holders = (Holder(make.household("演示得").pk),)
    made = opened(office, unit, Matter.TRANSFER, rrr_id=used.pk, cause=Cause.JUDGMENT, holders=holders)
    assert at_work.reviewed(office, made).step == "enter"
