"""集体收益分配权: from the list to the certificates, transfers, exits and ends; what was said stays known."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronghe.kernel.actors import PUBLIC, SYSTEM
from ronghe.kernel.errors import DomainError
from ronghe.kernel.papers.models import Revocation
from ronghe.kernel.parties.services import merge_parties, record_death
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.errors import GateClosed
from ronghe.mechanisms.casework.models import Case, Notice

from .. import services
from ..errors import CertificateVoid
from ..income_errors import (
    IncomeAskedWrong,
    IncomeCaseFixed,
    IncomeCaseOpen,
    IncomeNotFit,
    IncomeRightNotFound,
    IncomeRollEmpty,
    IncomeSharesStand,
    IncomeTakerUnfit,
)
from ..income_table import table
from ..models import IncomeApplication, IncomeCertificate, IncomeRight, IncomeShares
from ..queries import filings
from ..queries import income as queries
from ..rules.income import IncomeCause
from ..services.income_entry import enter_income_first
from . import factories as make
from . import incomes
from .incomes import LATER, Village
from .registering import farmer

pytestmark = pytest.mark.django_db
AFTER = LATER + timedelta(days=11)
_C = IncomeCause
#: No zone is loaded here, so that the bureau judges each disposal.
JUDGED, SAID = "approve_judged", "成员大会同意，章程允许"


@pytest.fixture
def village(settings, tmp_path) -> Village:
    settings.MEDIA_ROOT = tmp_path
    return Village()


def held(village: Village, day: date, *, known_at=None) -> dict[str, int]:
    rows = queries.rights(village.collective, actor=SYSTEM, day=day, known_at=known_at)
    return {row.holder.name: row.shares_hundredths for row in rows}


# -- the list --------------------------------------------------------------------------------------------------------


def test_a_list_is_counted_from_the_roll_and_shared_out_to_the_hundredth(village):
    made = village.opened(total=100_00)
    lines = {line.household_id: (line.members, line.shares_hundredths) for line in made.lines.all()}
    # 100 份 over 2 and 1 members: 66.67 and 33.33
    assert lines == {village.first.pk: (2, 66_67), village.second.pk: (1, 33_33)}
    assert made.case.applicant_id == village.collective.pk


def test_the_dead_and_who_came_later_are_not_counted(village):
    other = village.first.members.exclude(person=village.head).get().person
    record_death(person_id=other.pk, on=date(2026, 6, 1), actor=SYSTEM, at=make.NOON)
    assert queries.households_on_roll(village.collective.pk, day=make.DAY).by_household == {
        village.first.pk: 1, village.second.pk: 1,
    }  # fmt: skip
    assert queries.households_on_roll(village.collective.pk, day=date(2026, 5, 31)).by_household[village.first.pk] == 2
    with pytest.raises(IncomeRollEmpty):
        village.opened(counted_on=date(2019, 12, 31))


def test_a_list_asks_for_a_total_or_a_number_for_each(village):
    for total, each in ((None, None), (0, None), (None, 0), (10**13, None)):
        with pytest.raises(IncomeAskedWrong):
            village.opened(total=total, each=each)
    assert village.opened(total=None, each=10_00).total_hundredths == 30_00


def test_there_is_one_list_at_a_time(village):
    village.opened()
    with pytest.raises(IncomeCaseOpen):
        village.opened()


def test_a_list_that_does_not_add_up_is_not_handed_in(village):
    made = village.opened()
    village.attach(made, "resolution")
    services.set_income_lines(
        case_id=made.pk, shares={village.first.pk: 200_01}, actor=village.window.actor, at=make.NOON
    )
    with pytest.raises(GateClosed):
        village.act(made, "submit")
    services.set_income_lines(
        case_id=made.pk, shares={}, total_hundredths=300_01, actor=village.window.actor, at=make.NOON
    )
    assert village.act(made, "submit").step == "review"
    with pytest.raises(IncomeCaseFixed):
        services.set_income_lines(case_id=made.pk, shares={}, actor=village.window.actor, at=make.NOON)
    with pytest.raises(IncomeCaseFixed):
        services.recount_income_lines(case_id=made.pk, counted_on=make.DAY, actor=village.window.actor, at=make.NOON)


def test_shares_are_written_for_households_of_the_list_alone(village):
    made = village.opened()
    for shares in ({village.stranger.pk: 1}, {village.first.pk: -1}):
        with pytest.raises(IncomeAskedWrong):
            services.set_income_lines(case_id=made.pk, shares=shares, actor=village.window.actor, at=make.NOON)


def test_a_list_that_comes_back_as_a_file_is_taken_whole_or_marked(village):
    made = village.opened()

    def take(rows):
        return services.take_income_table(
            case_id=made.pk, content=table(rows), name="清单.xlsx", actor=village.window.actor, at=make.NOON
        )

    faults = take([(village.first.pk, "别的户", 2, 250_00), (999_999, "别人", 1, 50_00)])
    assert [(one.line, one.column) for one in faults] == [(2, "农户"), (3, "编号")]
    made.refresh_from_db()
    assert made.marked_id
    assert made.lines.get(household=village.first).shares_hundredths == 200_00
    good = [(village.first.pk, village.first.name, 2, 250_00), (village.second.pk, village.second.name, 1, 50_00)]
    assert take(good) == ()
    made.refresh_from_db()
    assert made.marked_id is None
    assert made.lines.get(household=village.first).shares_hundredths == 250_00


# -- the whole way -----------------------------------------------------------------------------------------------------


def test_a_collective_is_registered_with_all_its_households_and_their_certificates(village):
    made = village.told(village.opened())
    notice = Notice.objects.get(case=made.pk)
    assert "共 2 户" in notice.text
    assert "演示大" not in notice.text
    assert "公示期 7 日（待地方确定）" in notice.text
    casework.end_due_notices(at=LATER)
    village.act(made, "enter", village.bureau, at=LATER)
    day = date(2026, 12, 15)
    assert held(village, day) == {village.first.name: 200_00, village.second.name: 100_00}
    assert held(village, day - timedelta(days=1)) == {}
    numbers = IncomeCertificate.objects.order_by("pk").values_list("number", flat=True)
    assert [number[-8:] for number in numbers] == ["0000001号", "0000002号"]
    assert all("集体收益分配权" in number for number in numbers)
    with pytest.raises(IncomeSharesStand):
        village.opened(at=LATER)


def test_who_drew_up_the_list_does_not_review_it(village):
    made = village.opened()
    village.attach(made, "resolution")
    village.act(made, "submit", village.bureau)
    with pytest.raises(DomainError):
        village.act(made, "approve", village.bureau)


def test_an_objection_holds_the_entry_until_it_is_answered(village):
    made = village.told(village.opened())
    notice = Notice.objects.get(case=made.pk)
    objection = casework.object_to(
        notice_id=notice.pk, name="演示甲", contact="13900000000", text="少算了一人", actor=PUBLIC,
        at=make.NOON + timedelta(days=1),
    )  # fmt: skip
    assert casework.end_due_notices(at=LATER) == 0
    casework.answer_objection(
        objection_id=objection.pk, upheld=True, answer="属实，重新统计", actor=village.window.actor, at=LATER
    )
    case = village.act(made, "return", at=LATER, reason="异议属实，重新统计")
    assert case.step == "prepare"
    again = services.recount_income_lines(case_id=made.pk, counted_on=make.DAY, actor=village.window.actor, at=LATER)
    assert sum(line.shares_hundredths for line in again.lines.all()) == 300_00


def test_the_rule_is_asked_again_on_the_day_of_the_entry(village):
    made = village.waited(village.opened())
    head = village.second.members.get().person
    record_death(person_id=head.pk, on=date(2026, 12, 1), actor=SYSTEM, at=LATER)
    with pytest.raises(GateClosed):
        village.act(made, "enter", village.bureau, at=LATER)
    application = IncomeApplication.objects.select_related("case__zone", "collective__division").get(pk=made.pk)
    with pytest.raises(IncomeNotFit):
        enter_income_first(application=application, actor=SYSTEM, at=LATER)
    assert not IncomeShares.objects.exists()


# -- transfers, exits, ends --------------------------------------------------------------------------------------------


def test_a_part_is_sold_within_the_collective_and_both_get_new_certificates(village):
    village.entered()
    before = list(IncomeCertificate.objects.order_by("pk"))
    village.decided(village.changed(_C.SALE, 50_00, taker=village.second), JUDGED, reason=SAID)
    after = AFTER.date()
    assert held(village, after) == {village.first.name: 150_00, village.second.name: 150_00}
    assert held(village, LATER.date()) == {village.first.name: 200_00, village.second.name: 100_00}
    standing = IncomeCertificate.objects.filter(recalled_on=None)
    assert sorted(standing.values_list("shares_hundredths", flat=True)) == [150_00, 150_00]
    assert IncomeCertificate.objects.filter(pk__in=[one.pk for one in before], recalled_on=None).count() == 0
    # What the register said before the sale is still known.
    assert held(village, after, known_at=LATER + timedelta(days=1)) == {
        village.first.name: 200_00, village.second.name: 100_00,
    }  # fmt: skip


def test_what_stands_under_a_merged_record_is_found_and_sold_under_the_one_that_remains(village):
    """Rows keep the name they were entered under; the collective is the same party as before."""
    village.entered()
    was, collective = village.collective, make.collective("演示合作社二")
    merge_parties(source_id=was.pk, target_id=collective.pk, reason="同一集体登记两次", actor=SYSTEM, at=LATER)
    day = LATER.date()
    assert queries.held(collective, village.first.pk, actor=SYSTEM, day=day).collective == was
    assert queries.total_of(collective.pk, day=day) == 300_00
    [listed] = queries.collectives_with_shares(SYSTEM, day=day).exclude(total=None)
    assert (listed.pk, listed.total, listed.households, listed.certified) == (collective.pk, 300_00, 2, 2)

    village.collective = collective
    village.decided(village.changed(_C.SALE, 50_00, taker=village.second), JUDGED, reason=SAID)
    assert sorted(held(village, AFTER.date()).values()) == [150_00, 150_00]
    assert IncomeCertificate.objects.filter(recalled_on=None).count() == 2


def test_a_sale_to_somebody_who_is_no_household_of_the_collective_is_refused(village):
    village.entered()
    made = village.changed(_C.SALE, 50_00, taker=village.stranger)
    with pytest.raises(GateClosed):
        village.decided(made)


def test_where_no_document_speaks_of_it_the_bureau_judges_with_a_reason(village):
    village.entered()
    made = village.changed(_C.GIFT, 200_00, taker=village.second)
    at = LATER + timedelta(days=10)
    village.attach(made, "application", "agreement", at=at)
    village.act(made, "submit", at=at)
    with pytest.raises(GateClosed):
        village.act(made, "approve", village.bureau, at=AFTER)
    with pytest.raises(DomainError):
        village.act(made, "approve_judged", village.bureau, at=AFTER)
    village.act(made, "approve_judged", village.bureau, at=AFTER, reason="成员大会同意，章程第八条允许赠与")
    assert held(village, AFTER.date()) == {village.second.name: 300_00}


def test_what_the_rule_decides_is_not_left_to_a_person(village):
    village.entered()
    made = village.changed(_C.WAIVER, 50_00)
    with pytest.raises(GateClosed):
        village.decided(made, JUDGED, reason="不按规则办")


def test_a_paid_exit_goes_back_to_the_collective_and_cannot_be_undone(village):
    village.entered()
    village.decided(village.changed(_C.EXIT, 200_00), JUDGED, reason=SAID)
    assert held(village, AFTER.date()) == {village.second.name: 100_00}
    assert queries.total_of(village.collective.pk, day=AFTER.date()) == 300_00
    assert queries.has_exited(village.first.pk, village.collective.pk)
    assert not queries.has_exited(village.second.pk, village.collective.pk)
    with pytest.raises(IncomeRightNotFound):
        village.changed(_C.WAIVER, 1, at=AFTER)


def test_an_heir_outside_the_collective_gets_it_where_the_charter_lets_it(village):
    village.entered()
    heir = make.people.person("演示继承人")
    without = village.changed(_C.INHERITANCE, 100_00, holder=village.second, taker=heir, holder_applies=False)
    with pytest.raises(GateClosed):
        village.decided(without)
    village.act(without, "refuse", at=AFTER, reason="先查章程")
    made = village.changed(
        _C.INHERITANCE, 100_00, holder=village.second, taker=heir, holder_applies=False, charter_allows_heir=True
    )
    village.decided(made, JUDGED, reason=SAID)
    assert held(village, AFTER.date())["演示继承人"] == 100_00


def test_a_waiver_ends_the_right_and_its_certificate(village):
    village.entered()
    village.decided(village.changed(_C.WAIVER, 200_00))
    assert held(village, AFTER.date()) == {village.second.name: 100_00}
    assert IncomeCertificate.objects.get(holder=village.first).recall_reason == "自愿放弃"


def test_what_cannot_be_asked_for_says_why(village):
    village.entered()
    for wrong in (
        {"cause": _C.FIRST, "shares": 1}, {"cause": _C.WAIVER, "shares": 0}, {"cause": _C.WAIVER, "shares": 200_01},
    ):  # fmt: skip
        with pytest.raises(IncomeAskedWrong):
            village.changed(wrong["cause"], wrong["shares"])
    for taker in (None, village.first, village.collective, village.head):
        with pytest.raises(IncomeTakerUnfit):
            village.changed(_C.SALE, 1, taker=taker)
    with pytest.raises(IncomeRightNotFound):
        village.changed(_C.WAIVER, 1, holder=village.stranger)
    village.changed(_C.WAIVER, 1)
    with pytest.raises(IncomeCaseOpen):
        village.changed(_C.WAIVER, 1)


def test_what_a_household_that_moved_to_town_keeps_is_listed_and_not_taken(village):
    village.entered()
    moved = LATER.date() + timedelta(days=1)
    filing = services.file_kept_rights(
        household_id=village.first.pk, moved_on=moved, moved_to="县城", actor=SYSTEM, at=LATER + timedelta(days=2)
    )
    kept = filing.items.get(income__isnull=False)
    assert kept.title == "集体收益分配权 200 份"
    made = village.changed(_C.INHERITANCE, 200_00, taker=village.second, holder_applies=False)
    with pytest.raises(GateClosed):
        village.decided(made)
    village.act(made, "refuse", at=AFTER, reason="不是本户申请")
    assert filings.is_standing(kept, day=AFTER.date())
    village.decided(village.changed(_C.WAIVER, 200_00))
    assert not filings.is_standing(kept, day=AFTER.date())


# -- certificates ------------------------------------------------------------------------------------------------------


def test_a_certificate_is_printed_once_and_void_when_the_share_is_another(village):
    village.entered()
    found = IncomeCertificate.objects.get(holder=village.first)
    paper = services.print_income_certificate(certificate_id=found.pk, actor=village.window.actor, at=LATER)
    assert services.print_income_certificate(certificate_id=found.pk, actor=village.window.actor, at=LATER) == paper
    public = dict(paper.public)
    assert public["份额"] == "200 份"
    assert village.first.name not in public.values()  # a stranger sees a masked name
    village.decided(village.changed(_C.WAIVER, 100_00))
    assert Revocation.objects.filter(paper=paper).exists()
    other = IncomeCertificate.objects.get(holder=village.first, recalled_on=None)
    assert other.shares_hundredths == 100_00
    unprinted = IncomeCertificate.objects.create(
        number="试", collective=village.collective, holder=village.stranger, shares_hundredths=1, issued_on=make.DAY,
        issued_at=make.NOON, recalled_on=make.DAY, recalled_at=make.NOON, recall_reason="作废",
    )  # fmt: skip
    with pytest.raises(CertificateVoid):
        services.print_income_certificate(certificate_id=unprinted.pk, actor=SYSTEM, at=LATER)


def test_a_household_sees_its_own_share_and_not_its_neighbours(village):
    village.entered()
    own = farmer(village.head)
    assert [row.holder_id for row in queries.own_rights(own, day=LATER.date())] == [village.first.pk]
    assert set(IncomeRight.objects.visible_to(own).values_list("holder", flat=True)) == {village.first.pk}
    assert set(IncomeCertificate.objects.visible_to(own).values_list("holder", flat=True)) == {village.first.pk}
    assert IncomeShares.objects.visible_to(own).count() == 1
    assert not IncomeApplication.objects.visible_to(own).exists()
    whole = farmer(village.collective)
    assert IncomeRight.objects.visible_to(whole).count() == 2
    assert IncomeApplication.objects.visible_to(whole).count() == 1
    assert not IncomeRight.objects.visible_to(village.elsewhere.actor).exists()
    assert not IncomeRight.objects.visible_to(PUBLIC).exists()


# -- history -----------------------------------------------------------------------------------------------------------

moves = st.lists(
    st.tuples(st.sampled_from([_C.SALE, _C.GIFT, _C.EXIT, _C.WAIVER]), st.booleans(), st.integers(1, 300_00)),
    max_size=6,
)


@settings(
    max_examples=12, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(moves)
def test_whatever_is_done_shares_stay_within_the_total_and_the_past_stays_as_it_was(village, moves):
    """Seen at each step: what was held on every earlier day, and what the register said at every earlier instant."""
    with transaction.atomic():
        savepoint = transaction.savepoint()
        _play(village, moves)
        transaction.savepoint_rollback(savepoint)


def _play(village: Village, moves) -> None:
    village.entered()
    at = LATER + timedelta(days=10)
    said = []
    for cause, swap, shares in moves:
        holder, taker = (village.second, village.first) if swap else (village.first, village.second)
        row = queries.standing_right(village.collective.pk, holder.pk, day=at.date())
        said.append((at, held(village, at.date())))
        if row is None or (queries.has_exited(taker.pk, village.collective.pk) and cause in (_C.SALE, _C.GIFT)):
            continue
        part = min(shares, row.shares_hundredths)
        made = services.open_income_change(
            collective_id=village.collective.pk, holder_id=holder.pk,
            change=services.IncomeChange(cause, part, taker.pk if cause in (_C.SALE, _C.GIFT) else None),
            origin=incomes.ORIGIN, actor=village.window.actor, at=at,
        )  # fmt: skip
        keys = ("application", "agreement") if made.matter == "transfer" else ("application",)
        village.attach(made, *keys, at=at)
        village.act(made, "submit", at=at)
        action = "approve" if cause is _C.WAIVER else JUDGED
        done = village.act(made, action, village.bureau, at=at + timedelta(days=1), reason=SAID)
        assert done.state == Case.State.DONE
        at += timedelta(days=3)
    for then, was in said:
        assert held(village, then.date()) == was
        assert held(village, then.date(), known_at=then) == was
    now = held(village, at.date())
    assert sum(now.values()) <= 300_00
    standing = IncomeCertificate.objects.filter(recalled_on=None).values_list("holder__name", "shares_hundredths")
    assert dict(standing) == now
