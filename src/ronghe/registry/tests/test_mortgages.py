"""抵押权的变更和转移: another amount or term, another mortgagee; the mortgage, its rank and what was before stay."""

from datetime import date

import pytest

from ronghe.kernel import clock
from ronghe.kernel.actors import SYSTEM

from .. import services
from ..errors import (
    ApplicationIncomplete,
    MortgageUnchanged,
    NotPledgeable,
    OtherMortgageesAsked,
    RightNotFound,
    TermBeyondParent,
)
from ..models import Application, Certificate, Restriction
from ..queries.certificates import certificate_facts
from ..rules.kinds import RestrictionKind
from ..rules.matters import Matter
from ..rules.pledging import Shown
from ..services import Term
from . import factories as make
from .registering import DAY, NOON, Office, done, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]
SIGNED = date(2026, 3, 2)


@pytest.fixture
def office(db, settings, tmp_path, monkeypatch) -> Office:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return Office()


@pytest.fixture
def field(office):
    return make.contracted()


def pledged(unit, used, bank="演示银行", *, amount=100_000_00, until=date(2030, 3, 2)):
    made = services.restrict(
        baunit_id=unit.pk, kind=RestrictionKind.MORTGAGE, term=Term(SIGNED, until), parent_id=used.pk, holder=bank,
        amount_fen=amount, text="经营贷款", source_id=make.source(), actor=SYSTEM, at=make.people.NOON,
    )  # fmt: skip
    services.certify(rrr_id=made.pk, on=SIGNED, actor=SYSTEM, at=make.people.NOON)
    return made


def now(rrr):
    return Restriction.objects.current().as_of(DAY).get(rrr=rrr)


def test_another_amount_and_term_are_entered_with_the_rank_kept_and_a_new_proof(office, field):
    unit, used = field
    first, second = pledged(unit, used), pledged(unit, used, "演示二行")
    done(
        office,
        opened(
            office, unit, Matter.MORTGAGE_CHANGE, rrr_id=second.pk, amount_fen=300_000_00, term_until=date(2032, 1, 1)
        ),
    )
    row = now(second)
    assert (row.rank, row.amount_fen, row.valid.upper, row.holder) == (2, 300_000_00, date(2032, 1, 1), "演示二行")
    before = Restriction.objects.current().as_of(SIGNED).get(rrr=second)
    assert (before.amount_fen, before.valid.upper) == (100_000_00, DAY)
    assert [one.recall_reason for one in Certificate.objects.filter(rrr=second).order_by("pk")] == ["抵押变更", ""]
    told = certificate_facts(Certificate.objects.get(rrr=second, recalled_on=None))
    assert (told["amount"], told["rank"]) == ("300,000.00 元", 2)
    assert now(first).amount_fen == 100_000_00


def test_a_mortgage_passes_with_its_claim_to_another_bank(office, field):
    # 民法典 第四百零七条
    unit, used = field
    made = pledged(unit, used)
    done(
        office,
        opened(office, unit, Matter.MORTGAGE_TRANSFER, rrr_id=made.pk, holder="演示受让银行", shown=(Shown.BANK,)),
    )
    row = now(made)
    assert (row.holder, row.rank, row.amount_fen, row.valid.upper) == ("演示受让银行", 1, 100_000_00, date(2030, 3, 2))
    assert Restriction.objects.current().as_of(SIGNED).get(rrr=made).holder == "演示银行"
    assert certificate_facts(Certificate.objects.get(rrr=made, recalled_on=None))["holders"] == ["演示受让银行"]


class TestRefused:
    def test_whoever_ranks_behind_is_made_worse_off_with_consent_alone(self, office, field):
        # 民法典 第四百零九条
        unit, used = field
        first, _ = pledged(unit, used), pledged(unit, used, "演示二行")
        with pytest.raises(OtherMortgageesAsked, match="提高数额"):
            opened(office, unit, Matter.MORTGAGE_CHANGE, rrr_id=first.pk, amount_fen=200_000_00)
        with pytest.raises(OtherMortgageesAsked, match="延长期限"):
            opened(office, unit, Matter.MORTGAGE_CHANGE, rrr_id=first.pk, term_until=date(2031, 1, 1))
        less = opened(office, unit, Matter.MORTGAGE_CHANGE, rrr_id=first.pk, amount_fen=50_000_00)
        done(office, less)
        agreed = opened(
            office, unit, Matter.MORTGAGE_CHANGE, rrr_id=first.pk, amount_fen=200_000_00, mortgagee_consents=True
        )
        done(office, agreed)
        assert (now(first).amount_fen, now(first).rank) == (200_000_00, 1)

    def test_beyond_the_right_that_is_pledged(self, office, field):
        unit, used = field
        made = pledged(unit, used)
        with pytest.raises(TermBeyondParent):
            opened(office, unit, Matter.MORTGAGE_CHANGE, rrr_id=made.pk, term_until=date(2046, 1, 1))

    def test_a_change_that_changes_nothing(self, office, field):
        unit, used = field
        made = pledged(unit, used)
        with pytest.raises(ApplicationIncomplete, match="数额或期限"):
            opened(office, unit, Matter.MORTGAGE_CHANGE, rrr_id=made.pk)
        with pytest.raises(MortgageUnchanged):
            opened(office, unit, Matter.MORTGAGE_CHANGE, rrr_id=made.pk, amount_fen=100_000_00)
        with pytest.raises(MortgageUnchanged):
            opened(office, unit, Matter.MORTGAGE_TRANSFER, rrr_id=made.pk, holder="演示银行", shown=(Shown.BANK,))

    def test_what_is_pledged_to_banks_alone_passes_to_nobody_else(self, office, field):
        # 农村土地承包法 第四十七条
        unit, used = field
        made = pledged(unit, used)
        with pytest.raises(NotPledgeable, match="金融机构"):
            opened(office, unit, Matter.MORTGAGE_TRANSFER, rrr_id=made.pk, holder="演示资产公司")

    def test_what_is_no_mortgage(self, field):
        unit, _ = field
        seized = services.restrict(
            baunit_id=unit.pk, kind=RestrictionKind.SEIZURE, term=Term(DAY), holder="演示法院", source_id=make.source(),
            actor=SYSTEM, at=NOON,
        )  # fmt: skip
        with pytest.raises(RightNotFound):
            services.change_mortgage(
                rrr_id=seized.pk, amount_fen=1, on=DAY, source_id=make.source(), actor=SYSTEM, at=NOON
            )


def test_the_counter_hands_both_in(office, field):
    unit, used = field
    made = pledged(unit, used)
    window = office.window.client()
    page = window.get(f"/registry/units/{unit.code}/").content.decode()
    assert "抵押变更" in page
    assert "抵押转移" in page
    origin = {
        "rrr": made.pk, "cause": "contract", "is_joint": "on", "source_kind": "agreement", "source_title": "补充协议",
        "source_issued_on": "2026-11-20",
    }  # fmt: skip
    changed = window.post(f"/registry/units/{unit.code}/apply/mortgage_change", {**origin, "amount_yuan": "80000"})
    assert changed.status_code == 302
    assert Application.objects.get().amount_fen == 80_000_00
    other, theirs = make.contracted(make.household("演示乙"), geometry=make.square(1))
    origin["rrr"] = pledged(other, theirs).pk
    given = {**origin, "protected": "演示受让银行", "shown": ["bank"]}
    assert window.post(f"/registry/units/{other.code}/apply/mortgage_transfer", given).status_code == 302
