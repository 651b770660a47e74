"""Objections and advance notices lapse by the clock, and certificates become papers that are void when they are recalled."""

from datetime import date, timedelta

import pytest

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.kernel.papers.queries import answer
from ronghe.kernel.papers.services import facts_of

from .. import services
from ..errors import CertificateVoid, LapseFactUnfit, NothingToTell, RegistrationBlocked
from ..models import Certificate, Restriction
from ..rules.kinds import RestrictionKind
from ..rules.matters import Matter
from ..services import Holder
from . import factories as make
from . import registering as at_work
from .registering import DAY, NOON, Office, done, entered, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


@pytest.fixture
def office(db, settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


def after(days):
    return NOON + timedelta(days)


def standing(day):
    return Restriction.objects.current().as_of(day)


class TestObjections:
    @pytest.fixture
    def objection(self, office):
        """Registered on Wednesday 2026-11-25: fifteen days end on Thursday 2026-12-10."""
        unit, _ = make.homestead()
        made = opened(office, unit, Matter.OBJECTION, holder="演示邻居", is_joint=False)
        done(office, made)
        return made

    def test_without_a_suit_it_has_effect_for_fifteen_days_and_not_on_the_sixteenth(self, objection):
        assert services.lapse_restrictions(at=after(15)) == 0
        assert services.lapse_restrictions(at=after(16)) == 1
        assert services.lapse_restrictions(at=after(17)) == 0
        assert standing(date(2026, 12, 10)).exists()
        assert not standing(date(2026, 12, 11)).exists()
        event = Event.objects.get(verb="registry.restriction.lapsed")
        assert event.facts["last_day"] == "2026-12-10"
        proof = Certificate.objects.get(rrr=objection.entry.rrr_id)
        assert proof.recall_reason == "异议登记失效"

    def test_a_worker_that_was_down_for_weeks_lifts_it_from_the_day_on_which_it_lapsed(self, objection):
        assert services.lapse_restrictions(at=after(40)) == 1
        assert not standing(date(2026, 12, 11)).exists()
        assert standing(date(2026, 12, 10)).exists()

    def test_a_suit_in_time_keeps_it(self, objection, office):
        given = {"rrr_id": objection.entry.rrr_id, "actor": office.clerk.actor}
        services.record_lapse_fact(**given, on=date(2026, 12, 10), text="（2026）鲁0322民初1号", at=after(15))
        services.record_lapse_fact(**given, on=date(2026, 12, 1), text="又一次", at=after(15))
        assert services.lapse_restrictions(at=after(100)) == 0

    def test_a_suit_that_came_too_late_does_not(self, objection, office):
        services.record_lapse_fact(
            rrr_id=objection.entry.rrr_id, on=date(2026, 12, 11), text="（2026）鲁0322民初2号",
            actor=office.clerk.actor, at=after(16),
        )  # fmt: skip
        assert services.lapse_restrictions(at=after(16)) == 1

    def test_a_suit_before_the_objection_or_without_its_number_is_refused(self, objection, office):
        for on, text in ((date(2026, 11, 24), "案号"), (date(2026, 11, 25), " "), (date(2027, 1, 1), "案号")):
            with pytest.raises(LapseFactUnfit):
                services.record_lapse_fact(
                    rrr_id=objection.entry.rrr_id, on=on, text=text, actor=office.clerk.actor, at=NOON
                )


class TestAdvanceNotices:
    @pytest.fixture
    def noticed(self, office):
        unit, used = make.homestead()
        made = opened(office, unit, Matter.ADVANCE_NOTICE, rrr_id=used.pk, holder="演示购房人")
        done(office, made)
        return made

    def test_it_stands_until_one_could_have_registered_for_ninety_days(self, noticed, office):
        assert services.lapse_restrictions(at=after(400)) == 0
        services.record_lapse_fact(
            rrr_id=noticed.entry.rrr_id, on=date(2026, 12, 1), text="房屋已办理首次登记", actor=office.clerk.actor,
            at=after(10),
        )  # fmt: skip
        # 2026-12-01 + 90 days = 2027-03-01, a Monday
        assert services.lapse_restrictions(at=after(96)) == 0
        assert services.lapse_restrictions(at=after(97)) == 1

    def can_be_registered(self, noticed, office):
        services.record_lapse_fact(
            rrr_id=noticed.entry.rrr_id, on=date(2026, 12, 1), text="房屋已办理首次登记", actor=office.clerk.actor,
            at=after(10),
        )  # fmt: skip

    def to_its_holder(self, noticed, office, *, at):
        buyer = make.members("演示购房人")
        return opened(
            office, noticed.baunit, Matter.TRANSFER, rrr_id=noticed.rrr_id, holders=(Holder(buyer.pk),),
            deed_tax_proof=True, notice_holder_consents=True, at=at,
        )  # fmt: skip

    def test_it_does_not_lapse_once_what_it_announced_was_applied_for_in_time(self, office):
        # 民法典 第二百二十一条第二款
        unit, used = make.homestead()
        noticed = opened(office, unit, Matter.ADVANCE_NOTICE, rrr_id=used.pk, holder="演示购房人户")
        done(office, noticed)
        self.can_be_registered(noticed, office)
        made = self.to_its_holder(noticed, office, at=after(96))
        assert services.lapse_restrictions(at=after(120)) == 0
        # an application that is taken back keeps nothing alive
        at_work.act(made, "withdraw", office.window, at=after(121))
        assert services.lapse_restrictions(at=after(121)) == 1

    def test_an_application_on_the_ninety_first_day_comes_too_late(self, office):
        unit, used = make.homestead()
        noticed = opened(office, unit, Matter.ADVANCE_NOTICE, rrr_id=used.pk, holder="演示购房人户")
        done(office, noticed)
        self.can_be_registered(noticed, office)
        self.to_its_holder(noticed, office, at=after(97))
        assert services.lapse_restrictions(at=after(97)) == 1

    def test_what_it_announced_passes_to_its_holder_without_consent_and_then_it_is_lifted_and_its_proof_recalled(
        self, office
    ):
        unit, used = make.homestead()
        buyer = make.members("演示预")
        noticed = opened(office, unit, Matter.ADVANCE_NOTICE, rrr_id=used.pk, party_id=buyer.pk)
        done(office, noticed)
        proof = Certificate.objects.get(rrr=noticed.entry.rrr_id)
        given = {"rrr_id": used.pk, "deed_tax_proof": True}
        with pytest.raises(RegistrationBlocked, match="预告登记"):
            opened(office, unit, Matter.TRANSFER, holders=(Holder(make.members("演示另").pk),), **given)
        done(office, opened(office, unit, Matter.TRANSFER, holders=(Holder(buyer.pk),), **given))
        proof.refresh_from_db()
        assert not standing(DAY).filter(kind=RestrictionKind.ADVANCE_NOTICE).exists()
        assert proof.recall_reason == "转移登记"

    def test_a_namesake_of_whom_it_names_in_words_brings_the_consent(self, office):
        unit, used = make.homestead()
        done(office, opened(office, unit, Matter.ADVANCE_NOTICE, rrr_id=used.pk, holder="演示名户"))
        namesake = make.members("演示名")
        with pytest.raises(RegistrationBlocked, match="没有预告登记权利人书面同意"):
            opened(office, unit, Matter.TRANSFER, rrr_id=used.pk, holders=(Holder(namesake.pk),))

    def test_it_ends_with_the_right_that_it_concerns(self, noticed, office):
        given = {"rrr_id": noticed.rrr_id, "notice_holder_consents": True}
        done(office, opened(office, noticed.baunit, Matter.CANCELLATION, **given))
        assert not standing(DAY).filter(kind=RestrictionKind.ADVANCE_NOTICE).exists()


class TestPapers:
    def test_a_certificate_is_printed_once_and_void_when_it_is_recalled(self, office):
        unit, used = make.homestead(house=True)
        proof = services.certify(rrr_id=used.pk, on=DAY, actor=SYSTEM, at=NOON)
        paper = services.print_certificate(certificate_id=proof.pk, actor=office.clerk.actor, at=NOON)
        assert services.print_certificate(certificate_id=proof.pk, actor=office.window.actor, at=after(1)) == paper
        told = facts_of(paper)
        assert (told["number"], told["holders"], told["right"]) == (
            proof.number, ["演示甲户"], "宅基地使用权及房屋所有权",
        )  # fmt: skip
        # everybody learns that it holds, and nobody the name
        checked = answer(paper.code)
        assert (checked.state, dict(checked.public)["权利人"]) == ("valid", "演**户")
        made = opened(
            office,
            unit,
            Matter.TRANSFER,
            rrr_id=used.pk,
            holders=(Holder(make.members("演示乙").pk),),
            deed_tax_proof=True,
        )
        entered(office, made)
        assert answer(paper.code).state == "revoked"
        proof.refresh_from_db()
        never = services.certify(rrr_id=unit.rrrs.get(kind=1).pk, on=DAY, actor=SYSTEM, at=NOON)
        services.recall(certificate_id=never.pk, on=DAY, reason="印制错误", actor=SYSTEM, at=NOON)
        with pytest.raises(CertificateVoid):
            services.print_certificate(certificate_id=never.pk, actor=office.clerk.actor, at=NOON)

    def test_the_certificate_of_contracted_land_lists_the_whole_family(self, office):
        people = make.people
        head = people.person("演示父", born=date(1970, 1, 1))
        house = people.household((people.person("演示子", born=date(1995, 1, 1)), "20"), head=head)
        _, used = make.contracted(house)
        proof = services.certify(rrr_id=used.pk, on=DAY, actor=SYSTEM, at=NOON)
        paper = services.print_certificate(certificate_id=proof.pk, actor=office.clerk.actor, at=NOON)
        told = facts_of(paper)
        assert [name for name, _ in told["family"]] == ["演示父", "演示子"]
        assert told["term"] == "2015-06-01 起至 2045-05-31 止"
        assert "演示子" not in str(answer(paper.code).public)

    def test_a_mortgage_is_proved_with_its_debt_and_rank(self, office):
        unit, used = make.contracted()
        made = opened(office, unit, Matter.MORTGAGE, rrr_id=used.pk, holder="高青农商银行", amount_fen=1_234_567_89)
        entered(office, made)
        proof = Certificate.objects.get(rrr=made.entry.rrr_id)
        told = facts_of(services.print_certificate(certificate_id=proof.pk, actor=office.clerk.actor, at=NOON))
        assert (told["holders"], told["amount"], told["rank"], told["obliged"]) == (
            ["高青农商银行"], "1,234,567.89 元", 1, ["演示甲户"],
        )  # fmt: skip
        assert standing(DAY).get(kind=RestrictionKind.MORTGAGE)

    def test_the_notice_of_acceptance_is_issued_once_and_only_after_acceptance(self, office):
        unit, used = make.contracted()
        made = opened(office, unit, Matter.MORTGAGE, rrr_id=used.pk, holder="银行", amount_fen=1_00)
        with pytest.raises(NothingToTell):
            services.notify_applicant(application_id=made.pk, actor=office.window.actor, at=NOON)
        at_work.taken_in(office, made)
        first, again = (
            services.notify_applicant(application_id=made.pk, actor=office.window.actor, at=NOON) for _ in range(2)
        )
        assert first == again
        assert facts_of(first)["materials"] == [
            "登记申请书", "权属来源和登记原因证明", "发包方备案、承包方同意等证明",
        ]  # fmt: skip
