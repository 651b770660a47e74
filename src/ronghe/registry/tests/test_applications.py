"""Each registration on its whole way: taken in, reviewed, told to the public, entered, certified."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.mechanisms.casework import errors as case_errors
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.models import Case, Notice, Objection

from .. import services
from ..errors import (
    AmendmentTooLate,
    AnotherApplication,
    ApplicationIncomplete,
    ApplicationUnfit,
    ChangedSince,
    NotYours,
    PartsDoNotFill,
    RegistrationBlocked,
    RightNeeded,
    SharesPassTheWhole,
    TermBeyondParent,
)
from ..models import Application, Certificate, Lineage, Restriction, Right, SpatialUnitVersion
from ..rules.kinds import RestrictionKind, RightKind, SourceKind, UnitKind
from ..rules.matters import Cause, Matter
from ..rules.pledging import Shown
from ..services import Holder, Origin, PartAsked, Term
from . import factories as make
from . import registering as at_work
from .registering import DAY, NOON, Office, act, done, entered, opened, reviewed, taken_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


@pytest.fixture
def office(db, settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


def holders(rrr, day=DAY):
    rows = Right.objects.current().as_of(day).filter(rrr=rrr).select_related("party")
    return {row.party.name for row in rows}


def in_force(kind, day=DAY, **given):
    return Restriction.objects.current().as_of(day).filter(kind=kind, **given)


class TestEachKindToItsEnd:
    def test_a_first_registration_is_told_to_the_public_and_certified(self, office):
        unit = make.unit(UnitKind.HOMESTEAD)
        owned = make.right(unit, RightKind.COLLECTIVE_OWNERSHIP, make.collective())
        house = make.household("演示首")
        made = opened(
            office, unit, Matter.FIRST, right_kind=RightKind.HOMESTEAD_USE, holders=(Holder(house.pk),),
            origin=Origin(SourceKind.APPROVAL, "宅基地批准书", date(2026, 1, 5)), applicant_id=house.pk,
        )  # fmt: skip
        case = reviewed(office, made)
        # then the public is told for 15 working days, and of whom
        assert (case.step, case.applicant_id) == ("notice", house.pk)
        notice = Notice.objects.get(case=case)
        assert (notice.length, notice.unit) == (15, "工作日")
        assert "权利人：演**户" in notice.text
        assert "演示首" not in notice.text
        assert "15 个工作日（待地方确定）" in notice.text
        assert not Right.objects.filter(baunit=unit, kind=RightKind.HOMESTEAD_USE).exists()
        # when nobody objects, another person enters it
        later = NOON + timedelta(60)
        assert casework.end_due_notices(at=later) == 1
        case.refresh_from_db()
        with pytest.raises(case_errors.SamePerson):
            act(case, "enter", office.reviewer, at=later)
        case = at_work.enter(office, case, at=later)
        right = Right.objects.get(baunit=unit, kind=RightKind.HOMESTEAD_USE)
        assert (right.rrr.parent, right.source.case_id, right.source.title) == (owned, case.pk, "宅基地批准书")
        proof = Certificate.objects.get(rrr=right.rrr)
        assert proof.number.startswith("鲁（2027）高青县不动产权第")
        assert act(case, "deliver", office.window, at=later).state == Case.State.DONE
        verbs = Event.objects.filter(subject_id=str(unit.pk), subject_type="registry.baunit").values_list(
            "verb", flat=True
        )
        assert {"registry.application.opened", "registry.right.granted"} <= set(verbs)

    def test_a_transfer_recalls_the_old_certificate_and_issues_a_new_one(self, office):
        unit, used = make.homestead()
        old = services.certify(rrr_id=used.pk, on=DAY, actor=SYSTEM, at=NOON)
        buyer = make.members("演示受")
        made = opened(office, unit, Matter.TRANSFER, rrr_id=used.pk, holders=(Holder(buyer.pk),), deed_tax_proof=True)
        assert done(office, made).state == Case.State.DONE
        old.refresh_from_db()
        assert (old.recall_reason, holders(used)) == ("转移登记", {"演示受户"})
        assert Certificate.objects.filter(rrr=used, recalled_on=None).count() == 1
        assert made.entry.rrr_id == used.pk

    def test_a_transfer_by_shares_enters_each_holder(self, office):
        unit, used = make.homestead()
        a, b = make.household("演示份一"), make.household("演示份二")
        made = opened(
            office, unit, Matter.TRANSFER, rrr_id=used.pk, cause=Cause.INHERITANCE, is_joint=False,
            holders=(Holder(a.pk, Fraction(1, 3)), Holder(b.pk, Fraction(2, 3))),
        )  # fmt: skip
        done(office, made)
        rows = Right.objects.current().as_of(DAY).filter(rrr=used).order_by("share_num")
        assert [(r.share_num, r.share_den) for r in rows] == [(1, 3), (2, 3)]

    def test_a_change_of_use_issues_a_certificate_that_says_so(self, office):
        unit, used = make.homestead()
        services.certify(rrr_id=used.pk, on=DAY, actor=SYSTEM, at=NOON)
        done(office, opened(office, unit, Matter.CHANGE, parts=(PartAsked(use="农村宅基地（民宿）"),)))
        row = SpatialUnitVersion.objects.current().as_of(DAY).get(spatial_unit__baunits__baunit=unit)
        assert row.use == "农村宅基地（民宿）"
        assert [c.recalled_on is None for c in Certificate.objects.filter(rrr=used).order_by("pk")] == [False, True]

    def test_a_split_without_areas_shares_that_of_the_whole(self, office):
        unit, used = make.homestead(geometry=make.square(width=3))
        services.certify(rrr_id=used.pk, on=DAY, actor=SYSTEM, at=NOON)
        whole = make.area(make.square(width=3))
        holder = Right.objects.get(rrr=used).party
        parts = (PartAsked(make.square(0)), PartAsked(make.square(1, width=2), party_id=holder.pk))
        done(office, opened(office, unit, Matter.SPLIT, parts=parts))
        made = [line.after for line in Lineage.objects.filter(before=unit).order_by("after__code")]
        areas = [
            SpatialUnitVersion.objects.current().get(spatial_unit__baunits__baunit=one).registered_area_m2
            for one in made
        ]
        assert sum(areas) == whole
        assert 2 * areas[0] - areas[1] < Decimal("0.05")
        assert holders(Right.objects.get(baunit=made[1], kind=RightKind.HOMESTEAD_USE).rrr) == {"演示甲户"}
        assert Certificate.objects.filter(baunit__in=made, recalled_on=None).count() == 2
        assert not Certificate.objects.filter(baunit=unit, recalled_on=None).exists()

    def test_a_merge_joins_units_of_one_holder(self, office):
        house, owner = make.household("演示并"), make.collective()
        a, _ = make.homestead(house, owner)
        b, _ = make.homestead(house, owner, geometry=make.square(1))
        done(office, opened(office, a, Matter.MERGE, joined=(b.pk,)))
        made = Lineage.objects.get(before=a).after
        assert Lineage.objects.get(before=b).after == made
        assert Certificate.objects.filter(baunit=made, recalled_on=None).count() == 1

    def test_a_house_is_looked_at_before_it_is_registered_with_its_land(self, office):
        unit, _ = make.homestead()
        part = PartAsked(registered_area_m2=Decimal("80"), floor_area_m2=Decimal("160"), structure="砖混", floors=2)
        made = opened(office, unit, Matter.HOUSE, parts=(part,))
        with pytest.raises(case_errors.GateClosed, match="请实地查看"):
            reviewed(office, made)
        at_work.attach(made, office.reviewer, "site_record")
        act(made, "approve", office.reviewer)
        at_work.enter(office, Case.objects.get(pk=made.pk))
        new = Lineage.objects.get(before=unit).after
        assert new.code.endswith("F99990001")
        assert Right.objects.filter(baunit=new, kind=RightKind.HOMESTEAD_HOUSE).exists()

    def test_a_cancellation_ends_the_right_and_its_certificate_without_a_new_one(self, office):
        unit, used = make.contracted()
        proof = services.certify(rrr_id=used.pk, on=DAY, actor=SYSTEM, at=NOON)
        case = done(
            office, opened(office, unit, Matter.CANCELLATION, rrr_id=used.pk, cause=Cause.WAIVER, is_joint=False)
        )
        proof.refresh_from_db()
        assert (case.state, holders(used), proof.recall_reason) == ("done", set(), "注销登记")

    def test_a_correction_ex_officio_is_told_to_the_public_and_what_stood_before_can_still_be_read(self, office):
        unit, used = make.homestead()
        before = holders(used)
        right_one = make.household("演示正")
        made = opened(
            office, unit, Matter.CORRECTION, by=office.clerk, rrr_id=used.pk, holders=(Holder(right_one.pk),),
            is_joint=False, is_ex_officio=True,
        )  # fmt: skip
        assert made.case.applicant_id is None
        done(office, made)
        assert holders(used, date(2020, 1, 1)) == {"演示正户"}
        known = Right.objects.known_at(NOON - timedelta(hours=1)).as_of(date(2020, 1, 1)).filter(rrr=used)
        assert {row.party.name for row in known} == before

    def test_a_mortgage_is_proved_ranked_and_cancelled(self, office):
        unit, used = make.contracted()
        first = opened(office, unit, Matter.MORTGAGE, rrr_id=used.pk, holder="高青农商银行", amount_fen=50_000_00)
        done(office, first)
        pledged = in_force(RestrictionKind.MORTGAGE).get(baunit=unit)
        assert (pledged.rank, pledged.rrr.parent, str(pledged.valid.upper)) == (1, used, "2045-06-01")
        proof = Certificate.objects.get(rrr=pledged.rrr)
        assert "不动产证明" in proof.number
        done(office, opened(office, unit, Matter.MORTGAGE_END, rrr_id=pledged.rrr_id))
        proof.refresh_from_db()
        assert proof.recalled_on == DAY
        assert not in_force(RestrictionKind.MORTGAGE).exists()

    def test_an_operation_right_of_five_years_is_registered_and_ended(self, office):
        unit, contract = make.contracted()
        farm = make.household("演示营")
        term = {"term_first": date(2026, 1, 1), "term_until": date(2031, 1, 1)}
        made = opened(office, unit, Matter.OPERATION, rrr_id=contract.pk, holders=(Holder(farm.pk),), **term)
        done(office, made)
        operated = Right.objects.get(baunit=unit, kind=RightKind.OPERATION)
        assert operated.rrr.parent == contract
        done(office, opened(office, unit, Matter.OPERATION_END, rrr_id=operated.rrr_id, cause=Cause.SETTLED))
        assert holders(operated.rrr) == set()

    def test_a_residence_right_stands_on_a_house(self, office):
        unit, used = make.homestead(house=True)
        widow = make.people.person("演示居")
        done(office, opened(office, unit, Matter.RESIDENCE, rrr_id=used.pk, holders=(Holder(widow.pk),)))
        assert Right.objects.filter(baunit=unit, kind=RightKind.RESIDENCE, party=widow).exists()

    def test_an_advance_notice_holds_others_off_and_is_cancelled(self, office):
        unit, used = make.homestead()
        buyer = make.household("演示预")
        done(office, opened(office, unit, Matter.ADVANCE_NOTICE, rrr_id=used.pk, party_id=buyer.pk))
        with pytest.raises(RegistrationBlocked, match="预告登记"):
            opened(office, unit, Matter.TRANSFER, rrr_id=used.pk, holders=(Holder(make.members("演示另").pk),))
        noticed = in_force(RestrictionKind.ADVANCE_NOTICE).get(baunit=unit)
        done(office, opened(office, unit, Matter.ADVANCE_NOTICE_END, rrr_id=noticed.rrr_id))
        assert not in_force(RestrictionKind.ADVANCE_NOTICE).exists()

    def test_a_seizure_waits_behind_another_and_ends_by_its_own_term(self, office):
        unit, _ = make.homestead()
        years = {"term_until": date(2029, 6, 1)}
        first = opened(office, unit, Matter.SEIZURE, by=office.clerk, holder="高青县人民法院", is_joint=False, **years)
        assert done(office, first).state == Case.State.DONE
        second = opened(
            office, unit, Matter.SEIZURE, by=office.clerk, holder="张店区人民法院", is_joint=False,
            term_until=date(2029, 11, 25),
        )  # fmt: skip
        done(office, second)
        texts = in_force(RestrictionKind.SEIZURE).order_by("pk").values_list("text", flat=True)
        assert list(texts) == ["", "轮候查封，第 2 顺位。"]
        # lifting the first leaves the one that waited
        done(office, opened(office, unit, Matter.SEIZURE_END, by=office.clerk, rrr_id=first.entry.rrr_id))
        assert in_force(RestrictionKind.SEIZURE).get().rrr_id == second.entry.rrr_id
        services.refuse_blocked(unit, matter="转移登记", on=date(2029, 11, 25))
        with pytest.raises(RegistrationBlocked, match="已被查封"):
            services.refuse_blocked(unit, matter="转移登记", on=date(2029, 11, 24))


class TestWhatIsRefusedAtOnce:
    def transfer(self, office, unit, used, **given):
        return opened(
            office, unit, Matter.TRANSFER, rrr_id=used.pk, holders=(Holder(make.members("演示买").pk),), **given
        )

    def burden(self, unit, kind, **given):
        return services.restrict(
            baunit_id=unit.pk, kind=kind, term=Term(DAY, given.pop("until", None)), holder="演示机关",
            source_id=make.source(), actor=SYSTEM, at=NOON, **given,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("kind", "why"),
        [
            (RestrictionKind.SEIZURE, "已被查封，查封解除前不能办理"),
            (RestrictionKind.OBJECTION, "有异议登记"),
            (RestrictionKind.MORTGAGE, "没有抵押权人书面同意"),
            (RestrictionKind.ADVANCE_NOTICE, "没有预告登记权利人书面同意"),
            (RestrictionKind.ILLEGAL_OCCUPATION, "列入违法占用台账"),
        ],
    )
    def test_a_transfer_says_what_bars_it(self, office, kind, why):
        unit, used = make.homestead()
        self.burden(unit, kind)
        with pytest.raises(RegistrationBlocked, match=why):
            self.transfer(office, unit, used)
        assert not Case.objects.filter(procedure="registry.transfer").exists()

    def test_all_that_bars_it_is_named_together(self, office):
        unit, used = make.homestead()
        self.burden(unit, RestrictionKind.SEIZURE)
        self.burden(unit, RestrictionKind.MORTGAGE)
        with pytest.raises(RegistrationBlocked, match=r"已被查封.*；.*抵押权人"):
            self.transfer(office, unit, used)

    def test_with_the_written_consent_of_the_mortgagee_it_goes_on(self, office):
        unit, used = make.homestead()
        self.burden(unit, RestrictionKind.MORTGAGE)
        assert self.transfer(office, unit, used, mortgagee_consents=True).mortgagee_consents

    def test_what_is_illegally_occupied_is_not_registered_first(self, office):
        unit = make.unit(UnitKind.HOMESTEAD)
        self.burden(unit, RestrictionKind.ILLEGAL_OCCUPATION)
        with pytest.raises(RegistrationBlocked, match="不予登记"):
            opened(
                office, unit, Matter.FIRST, right_kind=RightKind.HOMESTEAD_USE, holders=(Holder(make.household().pk),)
            )

    def test_one_side_alone_does_not_sell(self, office):
        unit, used = make.homestead()
        with pytest.raises(ApplicationUnfit, match="须由双方共同申请"):
            self.transfer(office, unit, used, is_joint=False)

    def test_an_operation_right_of_less_than_five_years_is_not_registered(self, office):
        unit, contract = make.contracted()
        with pytest.raises(ApplicationUnfit, match="4 年"):
            opened(
                office, unit, Matter.OPERATION, rrr_id=contract.pk, holders=(Holder(make.household("演示短").pk),),
                term_first=date(2026, 1, 1), term_until=date(2030, 12, 31),
            )  # fmt: skip

    def test_a_term_beyond_that_of_the_contract_is_refused_on_the_spot(self, office):
        unit, contract = make.contracted()
        with pytest.raises(TermBeyondParent, match="2045-06-01"):
            opened(
                office, unit, Matter.OPERATION, rrr_id=contract.pk, holders=(Holder(make.household("演示长").pk),),
                term_first=date(2026, 1, 1), term_until=date(2046, 1, 1),
            )  # fmt: skip

    def test_a_second_first_registration_and_parts_that_do_not_fill_are_refused_on_the_spot(self, office):
        unit, _ = make.homestead(geometry=make.square(width=2))
        with pytest.raises(SharesPassTheWhole):
            opened(
                office,
                unit,
                Matter.FIRST,
                right_kind=RightKind.HOMESTEAD_USE,
                holders=(Holder(make.household("演示二").pk),),
            )
        with pytest.raises(PartsDoNotFill, match="缺"):
            opened(office, unit, Matter.SPLIT, parts=(PartAsked(make.square(0)), PartAsked(make.square(1, width=0.5))))
        # and nothing of the attempt is left
        assert not Application.objects.exists()
        assert not Lineage.objects.exists()

    @pytest.mark.parametrize(
        ("matter", "given", "lacking"),
        [
            (Matter.FIRST, {}, "取得权利的人、要登记的权利类型"),
            (Matter.SPLIT, {}, "至少两个"),
            (Matter.MERGE, {}, "其他单元"),
            (Matter.CHANGE, {"parts": (PartAsked(),)}, "变更后的"),
            (Matter.HOUSE, {}, "占地面积"),
            (Matter.SEIZURE, {}, "权利人（机关）名称"),
            (Matter.CHANGE, {"cause": Cause.SALE}, "登记原因"),
        ],
    )
    def test_what_is_lacking_is_named(self, office, matter, given, lacking):
        unit, _ = make.homestead()
        with pytest.raises(ApplicationIncomplete, match=lacking):
            opened(office, unit, matter, by=office.clerk, **given)

    def test_a_right_of_another_unit_cannot_be_concerned(self, office):
        unit, _ = make.homestead()
        _, other = make.homestead(geometry=make.square(3), owner=make.collective("乙社"))
        with pytest.raises(RightNeeded):
            self.transfer(office, unit, other)

    def test_another_county_does_not_find_the_unit(self, office):
        from ..errors import UnitNotFound

        unit, used = make.homestead()
        with pytest.raises(UnitNotFound):
            self.transfer(office, unit, used, by=office.elsewhere)


class TestOneAtATime:
    def test_a_second_application_is_refused_and_names_the_first(self, office):
        unit, used = make.homestead(house=True)
        first = opened(office, unit, Matter.TRANSFER, rrr_id=used.pk, holders=(Holder(make.members("演示先").pk),))
        with pytest.raises(AnotherApplication, match=first.case.number):
            opened(office, unit, Matter.MORTGAGE, rrr_id=used.pk, holder="银行", amount_fen=1_00)
        casework.act(case_id=first.pk, action="withdraw", seen=None, actor=office.window.actor, at=NOON)
        assert opened(office, unit, Matter.MORTGAGE, rrr_id=used.pk, holder="银行", amount_fen=1_00).pk

    def test_a_unit_that_is_to_be_joined_to_another_is_taken_too(self, office):
        house, owner = make.household("演示并"), make.collective()
        a, _ = make.homestead(house, owner)
        b, used = make.homestead(house, owner, geometry=make.square(1))
        first = opened(office, a, Matter.MERGE, joined=(b.pk,))
        with pytest.raises(AnotherApplication, match=first.case.number):
            opened(office, b, Matter.TRANSFER, rrr_id=used.pk, holders=(Holder(make.household("演示他").pk),))

    def test_a_seizure_and_an_objection_never_wait(self, office):
        unit, used = make.homestead()
        first = opened(
            office,
            unit,
            Matter.TRANSFER,
            rrr_id=used.pk,
            holders=(Holder(make.members("演示先").pk),),
            deed_tax_proof=True,
        )
        case = reviewed(office, first)
        seized = opened(office, unit, Matter.SEIZURE, by=office.clerk, holder="法院", term_until=date(2029, 1, 1))
        done(office, seized)
        # the transfer that was reviewed before is barred at its entry, and nothing of it stands
        with pytest.raises(case_errors.GateClosed, match="已被查封"):
            at_work.enter(office, case)
        case.refresh_from_db()
        assert (case.step, holders(used)) == ("enter", {"演示甲户"})
        assert not hasattr(Application.objects.get(pk=first.pk), "entry")

    def test_a_review_judges_the_day_on_which_it_decides(self, office):
        unit, used = make.homestead()
        others = (Holder(make.members("演示先").pk),)
        case = taken_in(
            office, opened(office, unit, Matter.TRANSFER, rrr_id=used.pk, holders=others, deed_tax_proof=True)
        )
        later = NOON + timedelta(3)
        order = {"holder": "法院", "term_until": date(2029, 1, 1), "at": later}
        seized = opened(office, unit, Matter.SEIZURE, by=office.clerk, **order)
        done(office, seized, at=later)
        with pytest.raises(case_errors.GateClosed, match="已被查封"):
            act(case, "approve", office.reviewer, at=later)
        assert not case.decisions.filter(action="approve").exists()

    def test_an_entry_on_what_was_corrected_meanwhile_is_refused(self, office):
        unit, used = make.homestead()
        first = opened(
            office,
            unit,
            Matter.TRANSFER,
            rrr_id=used.pk,
            holders=(Holder(make.members("演示先").pk),),
            deed_tax_proof=True,
        )
        case = reviewed(office, first)
        mend = opened(office, unit, Matter.CORRECTION, rrr_id=used.pk, holders=(Holder(make.household("演示真").pk),))
        done(office, mend)
        with pytest.raises(ChangedSince, match=case.number):
            at_work.enter(office, case)
        assert holders(used) == {"演示真户"}


class TestOnTheWay:
    def test_a_paid_transfer_shows_its_deed_tax_proof_before_entry(self, office):
        unit, used = make.homestead()
        made = opened(office, unit, Matter.TRANSFER, rrr_id=used.pk, holders=(Holder(make.members("演示税").pk),))
        with pytest.raises(case_errors.GateClosed, match="请补交契税完税或免税凭证"):
            reviewed(office, made)
        with pytest.raises(AmendmentTooLate):
            services.amend_application(
                application_id=made.pk, given={"deed_tax_proof": True}, actor=office.window.actor, at=NOON
            )
        act(made, "return", office.reviewer, reason="请补交契税凭证")
        services.amend_application(
            application_id=made.pk, given={"deed_tax_proof": True}, actor=office.window.actor, at=NOON
        )
        act(made, "submit", office.window)
        with pytest.raises(case_errors.GateClosed, match="上传“契税完税或免税凭证”"):
            act(made, "accept", office.window)
        act(made, "return", office.window, reason="请上传契税凭证")
        at_work.attach(made, office.window, "tax")
        act(made, "submit", office.window)
        act(made, "accept", office.window)
        assert act(made, "approve", office.reviewer).step == "enter"

    def test_contracted_land_is_not_taxed(self, office):
        unit, used = make.contracted()
        made = opened(
            office,
            unit,
            Matter.TRANSFER,
            rrr_id=used.pk,
            holders=(Holder(make.members("演示换").pk),),
            cause=Cause.SWAP,
            shown=(Shown.FILED,),
        )
        assert reviewed(office, made).step == "enter"

    def test_whoever_took_it_in_does_not_review_it(self, office):
        from ronghe.kernel.accounts.roles import Role
        from ronghe.kernel.accounts.tests import factories as accounts

        unit, used = make.homestead()
        made = opened(office, unit, Matter.CORRECTION, rrr_id=used.pk, holders=(Holder(make.household("演示改").pk),))
        taken_in(office, made)
        both = accounts.actor(accounts.post(Role.DEPARTMENT, of=office.window.user, division=accounts.COUNTY))
        with pytest.raises(case_errors.SamePerson, match="申请"):
            casework.act(case_id=made.pk, action="approve_to_entry", seen=None, actor=both, at=NOON)

    def test_an_objection_to_the_notice_holds_the_entry_until_it_is_answered(self, office):
        from ronghe.kernel.actors import PUBLIC

        unit = make.unit(UnitKind.HOMESTEAD)
        made = opened(
            office,
            unit,
            Matter.FIRST,
            right_kind=RightKind.HOMESTEAD_USE,
            holders=(Holder(make.household("演示告").pk),),
        )
        case = reviewed(office, made)
        notice = Notice.objects.get(case=case)
        said = casework.object_to(
            notice_id=notice.pk, name="李四", contact="13800000000", text="界址占了我家的地", actor=PUBLIC, at=NOON
        )
        later = NOON + timedelta(60)
        assert casework.end_due_notices(at=later) == 0
        casework.answer_objection(
            objection_id=said.pk, upheld=True, answer="查明属实", actor=office.reviewer.actor, at=later
        )
        assert casework.end_due_notices(at=later + timedelta(90)) == 0
        case = act(made, "refuse", office.reviewer, reason="权属有争议", at=later)
        assert (case.state, Objection.objects.get().state) == ("refused", "upheld")
        assert not Right.objects.filter(baunit=unit).exists()
        paper = services.notify_applicant(application_id=made.pk, actor=office.window.actor, at=later)
        assert paper.title == "不予登记告知书"

    def test_nothing_is_withdrawn_after_the_entry(self, office):
        unit, used = make.homestead()
        made = opened(office, unit, Matter.CORRECTION, rrr_id=used.pk, holders=(Holder(make.household("演示迟").pk),))
        entered(office, made)
        with pytest.raises(case_errors.WithdrawalTooLate):
            act(made, "withdraw", office.window)

    def test_the_time_runs_from_acceptance_and_not_while_the_public_is_told(self, office):
        unit = make.unit(UnitKind.HOMESTEAD)
        made = opened(
            office,
            unit,
            Matter.FIRST,
            right_kind=RightKind.HOMESTEAD_USE,
            holders=(Holder(make.household("演示期").pk),),
        )
        assert made.case.due is None  # nothing runs before acceptance
        case = taken_in(office, made)
        assert (case.due_length, case.due_unit) == (30, "工作日")  # 不动产登记暂行条例 第二十条
        two_days = NOON + timedelta(2)  # Wednesday to Friday
        act(made, "approve", office.reviewer, at=two_days)
        casework.end_due_notices(at=NOON + timedelta(60))
        case.refresh_from_db()
        assert (case.step, case.due_length) == ("enter", 28)

    def test_the_zone_fixes_its_own_time_and_fee_and_what_was_opened_before_keeps_the_old(self, office):
        from ronghe.policy.models import Zone
        from ronghe.policy.services import enter_local_value
        from tests.people import person

        seat = Zone.objects.get(pk="gaoqing")
        zone_office = person("zone_office", seat.seat_id)
        unit, used = make.homestead()
        before = opened(office, unit, Matter.CORRECTION, rrr_id=used.pk, holders=(Holder(make.household("演示旧").pk),))
        for name, written in (
            ("registration.term.by_kind", ["更正登记=4", "转移登记=6"]),
            ("registration.fee.by_class", ["住宅类=80", "非住宅类=550"]),
            ("registration.public_notice.min_workdays", ["20"]),
        ):
            enter_local_value(
                parameter_id=name, zone=seat, starts=date(2026, 12, 1), written=written, source="会议纪要",
                actor=zone_office.actor, at=NOON,
            )  # fmt: skip
        assert taken_in(office, before).due_length == 30
        december = NOON + timedelta(7)
        other, right = make.homestead(geometry=make.square(3), owner=make.collective("丙社"))
        after = opened(
            office, other, Matter.TRANSFER, rrr_id=right.pk, holders=(Holder(make.members("演示新").pk),), at=december
        )
        assert (after.fee_fen, after.fee_note) == (80_00, "住宅类，按件收取")
        assert (before.fee_fen, "待地方确定" in before.fee_note or "没有规定" in before.fee_note) == (None, True)
        assert taken_in(office, after, at=december).due_length == 6


class TestWhatAFarmerApplies:
    def test_a_farmer_applies_for_what_is_the_households_own(self, office):
        head = make.people.person("演示户主")
        house = make.people.household(head=head)
        unit, used = make.homestead(house)
        me = at_work.farmer(head)
        told = at_work.asked(Matter.CANCELLATION, rrr_id=used.pk, cause=Cause.WAIVER, is_joint=False)
        made = services.open_application(baunit_id=unit.pk, asked=told, actor=me, at=NOON)
        assert made.case.applicant_id == head.pk
        assert list(Application.objects.visible_to(me)) == [made]
        casework.attach(case_id=made.pk, key="form", content=at_work.PDF, name="申请.pdf", actor=me, at=NOON)
        casework.attach(case_id=made.pk, key="source", content=at_work.PDF, name="证.pdf", actor=me, at=NOON)
        casework.act(case_id=made.pk, action="submit", seen=0, actor=me, at=NOON)
        with pytest.raises(case_errors.NotYourStep):
            casework.act(case_id=made.pk, action="accept", seen=1, actor=me, at=NOON)

    def test_not_for_what_is_the_collectives_and_not_what_authorities_ask_for(self, office):
        head = make.people.person("演示户主")
        unit, _ = make.homestead(make.people.household(head=head))
        owned = unit.rrrs.get(kind=RightKind.COLLECTIVE_OWNERSHIP)
        me = at_work.farmer(head)
        for told in (
            at_work.asked(Matter.CANCELLATION, rrr_id=owned.pk, cause=Cause.WAIVER),
            at_work.asked(Matter.SEIZURE, holder="法院", term_until=date(2029, 1, 1)),
        ):
            with pytest.raises(NotYours):
                services.open_application(baunit_id=unit.pk, asked=told, actor=me, at=NOON)

    def test_not_for_what_one_held_once(self, office):
        from ..errors import UnitNotFound

        unit, used = make.homestead(make.people.household(head=make.people.person("演示主")))
        stranger = at_work.farmer(make.people.person("演示外人"))
        told = at_work.asked(Matter.CANCELLATION, rrr_id=used.pk, cause=Cause.WAIVER)
        with pytest.raises(UnitNotFound):
            services.open_application(baunit_id=unit.pk, asked=told, actor=stranger, at=NOON)
