"""What is one's own ends when one leaves the household or sells: then it is another's, and so is what may be done with it."""

from datetime import date, timedelta

import pytest

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import PUBLIC, SYSTEM
from ronghe.kernel.parties import services as parties

from .. import services
from ..errors import ApplicationUnfit, CertificateNotFound, NotYours, QueryNotAnswered
from ..models import Restriction
from ..queries import holdings
from ..queries.book import unit_page
from ..queries.certificates import certificate
from ..rules.kinds import RestrictionKind
from ..rules.matters import Matter
from ..rules.privacy import Level
from ..services import Holder
from ..services.blocking import applies_for_own
from ..services.querying import Question, ask
from . import factories as make
from . import registering as at_work
from .registering import DAY, NOON, Office, done, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]
BEFORE = date(2021, 3, 1)


@pytest.fixture
def office(db, settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


def sold(used, buyer) -> None:
    services.transfer_right(
        rrr_id=used.pk, to=[Holder(buyer.pk)], on=DAY, source_id=make.source(), actor=SYSTEM, at=NOON
    )


def test_who_has_left_a_household_holds_nothing_of_it_any_more(office):
    head, wife = make.people.person("演示户主"), make.people.person("演示妻")
    house = make.people.household(head=head)
    parties.add_member(household_id=house.pk, person=wife.pk, relation="10", on=date(2020, 1, 1), actor=SYSTEM, at=NOON)
    unit, used = make.homestead(house)
    me = at_work.farmer(wife)
    assert [one.unit for one in holdings.own(me, on=DAY)[1]] == [unit]
    assert applies_for_own(used.pk, wife.pk, is_joint=False, is_ex_officio=False, on=DAY)
    parties.leave_member(household_id=house.pk, person_id=wife.pk, on=DAY, actor=SYSTEM, at=NOON)
    assert holdings.own(me, on=DAY) == ([wife.pk], [], 0)
    assert not applies_for_own(used.pk, wife.pk, is_joint=False, is_ex_officio=False, on=DAY)
    assert [one.unit for one in holdings.own(at_work.farmer(head), on=DAY)[1]] == [unit]


class TestWhatWasSold:
    def test_its_new_certificate_is_the_buyers_and_the_old_one_stays_the_sellers(self, office):
        seller, buyer = make.household("演示卖方"), make.household("演示买方")
        _, used = make.homestead(seller)
        old = services.certify(rrr_id=used.pk, on=BEFORE, actor=SYSTEM, at=NOON)
        sold(used, buyer)
        services.recall(certificate_id=old.pk, on=DAY, reason="转移登记", actor=SYSTEM, at=NOON)
        new = services.certify(rrr_id=used.pk, on=DAY, actor=SYSTEM, at=NOON)
        for party, own, other in ((seller, old, new), (buyer, new, old)):
            me = at_work.farmer(party)
            assert certificate(own.pk, actor=me) == own
            with pytest.raises(CertificateNotFound):
                certificate(other.pk, actor=me)

    def test_a_mortgage_is_proved_to_whose_right_it_burdened(self, office):
        owner = make.household("演示抵押人")
        unit, used = make.contracted(owner)
        done(office, opened(office, unit, Matter.MORTGAGE, rrr_id=used.pk, holder="高青农商银行", amount_fen=100_00))
        proof = unit.certificates.get(kind="proof")
        assert certificate(proof.pk, actor=at_work.farmer(owner)) == proof
        with pytest.raises(CertificateNotFound):
            certificate(proof.pk, actor=at_work.farmer(make.household("演示旁人")))

    def test_the_seller_asks_as_a_stranger_from_then_on(self, office):
        seller = make.household("演示卖方")
        unit, used = make.homestead(seller)
        me = at_work.farmer(seller)
        asked = Question(unit=unit.code, purpose="办理贷款抵押")
        assert ask(asked, network="203.0.113.7", actor=me, at=NOON).level is Level.WHOLE
        sold(used, make.household("演示买方"))
        services.end_right(rrr_id=unit.rrrs.get(kind=101).pk, on=DAY, source_id=make.source(), actor=SYSTEM, at=NOON)
        for actor in (me, PUBLIC):
            with pytest.raises(QueryNotAnswered):
                ask(asked, network="203.0.113.7", actor=actor, at=NOON)


class TestWhoMayAsk:
    @pytest.mark.parametrize("role", [Role.SELF, Role.TOWN_WINDOW])
    def test_only_the_registry_corrects_without_being_asked(self, office, role):
        head = make.people.person("演示户主")
        unit, used = make.homestead(make.people.household(head=head))
        actor = at_work.farmer(head) if role == Role.SELF else office.window.actor
        asked = at_work.asked(
            Matter.CORRECTION, rrr_id=used.pk, holders=(Holder(make.household("演示他人").pk),), is_joint=False,
            is_ex_officio=True,
        )  # fmt: skip
        with pytest.raises(ApplicationUnfit, match="依职权"):
            services.open_application(baunit_id=unit.pk, asked=asked, actor=actor, at=NOON)

    def test_what_is_sold_is_never_handed_over_ex_officio(self, office):
        unit, used = make.homestead()
        asked = {"holders": (Holder(make.household("演示他人").pk),), "is_joint": False, "is_ex_officio": True}
        with pytest.raises(ApplicationUnfit, match="依职权"):
            opened(office, unit, Matter.TRANSFER, by=office.clerk, rrr_id=used.pk, **asked)

    def test_who_pledged_does_not_lift_the_mortgage_alone(self, office):
        head = make.people.person("演示户主")
        unit, used = make.contracted(make.people.household(head=head))
        done(office, opened(office, unit, Matter.MORTGAGE, rrr_id=used.pk, holder="高青农商银行", amount_fen=100_00))
        pledged = Restriction.objects.get(kind=RestrictionKind.MORTGAGE)
        me = at_work.farmer(head)
        asked = at_work.asked(Matter.MORTGAGE_END, rrr_id=pledged.rrr_id, is_joint=False)
        with pytest.raises(NotYours):
            services.open_application(baunit_id=unit.pk, asked=asked, actor=me, at=NOON)
        together = at_work.asked(Matter.MORTGAGE_END, rrr_id=pledged.rrr_id)
        assert services.open_application(baunit_id=unit.pk, asked=together, actor=me, at=NOON).pk


def test_certificates_stand_as_they_stood_on_the_day(office):
    unit, used = make.homestead()
    made = services.certify(rrr_id=used.pk, on=BEFORE, actor=SYSTEM, at=NOON)
    sold(used, make.household("演示买方"))
    services.recall(certificate_id=made.pk, on=DAY, reason="转移登记", actor=SYSTEM, at=NOON)

    def shown(on: date):
        return [(one.number, one.recalled_on) for one in unit_page(unit.code, actor=SYSTEM, on=on).certificates]

    assert shown(BEFORE - timedelta(1)) == []
    assert shown(DAY - timedelta(1)) == [(made.number, None)]
    assert shown(DAY) == [(made.number, DAY)]
