"""集体收益分配权办件: the list of a collective is counted and drawn up; a transfer or a cancellation is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.files import services as files
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.queries import same_parties
from ronghe.mechanisms.casework.models import Case
from ronghe.mechanisms.casework.services import open_case

from ..errors import RollNotFound
from ..income_errors import (
    IncomeAskedWrong,
    IncomeCaseFixed,
    IncomeCaseNotFound,
    IncomeCaseOpen,
    IncomeRightNotFound,
    IncomeRollEmpty,
    IncomeSharesStand,
    IncomeTakerUnfit,
)
from ..income_table import Fault, read_table
from ..models import IncomeApplication, IncomeLine
from ..queries.income import households_on_roll, standing_right, total_of
from ..rules.income import (
    CAUSES_OF,
    MOST_HUNDREDTHS,
    TO_ANOTHER,
    IncomeCause,
    IncomeMatter,
    proposal,
    share_words,
)
from .writing import refuse_future

FIRST_KEY, TRANSFER_KEY, CANCEL_KEY = (
    "registry.income_first", "registry.income_transfer", "registry.income_cancel",
)  # fmt: skip
#: The step in which the list may be changed.
PREPARE = "prepare"


@dataclass(frozen=True, slots=True)
class IncomeOrigin:
    """来源材料: the resolution, agreement or judgment that a case rests on."""

    title: str
    issued_on: date
    number: str = ""


@dataclass(frozen=True, slots=True)
class IncomeChange:
    """What is asked for one household: by what cause, how many hundredths, to whom."""

    cause: IncomeCause
    shares_hundredths: int
    taker_id: int | None = None
    holder_applies: bool = True
    charter_allows_heir: bool | None = None


def locked_collective(collective_id: int) -> Party:
    """A collective, locked; keys that name it may be written meanwhile. Raises: RollNotFound."""
    rows = Party.objects.select_for_update(of=("self",), no_key=True).filter(kind=Party.Kind.COLLECTIVE)
    found = rows.filter(pk=collective_id, state=Party.State.ACTIVE).first()
    if found is None:
        raise RollNotFound(collective=collective_id)
    return found


@transaction.atomic
def open_income_first(
    *,
    collective_id: int,
    counted_on: date,
    total_hundredths: int | None,
    per_member_hundredths: int | None,
    is_static: bool,
    origin: IncomeOrigin,
    actor: Actor,
    at: datetime,
) -> IncomeApplication:
    """Open the first registration of a collective's shares (首次登记) with a list counted from the roll of a day.

    Args: with a number for each member the list is that many times the members; with a total alone it is shared out.
    Locks: Party (the collective), then the number series of the case.
    Raises: DayInFuture, RollNotFound, IncomeAskedWrong, IncomeSharesStand, IncomeCaseOpen, IncomeRollEmpty, and what
        ``open_case`` refuses.
    """
    refuse_future(counted_on, what="统计基准日", at=at)
    _refuse_origin(origin, at=at)
    of = locked_collective(collective_id)
    if total_of(of.pk, day=legal_day(at)) is not None:
        raise IncomeSharesStand(collective=of.name)
    _refuse_open(of, holder_id=None)
    counted = _counted(of, counted_on)
    total, parts = _proposed(list(counted.values()), total_hundredths, per_member_hundredths)
    case = open_case(
        FIRST_KEY, title=f"{of.name}集体收益分配权首次登记", division=of.division_id, subject=("parties.Party", of.pk),
        applicant_id=of.pk, actor=actor, at=at,
    )  # fmt: skip
    made = IncomeApplication.objects.create(
        case=case, matter=IncomeMatter.FIRST.value, collective=of, counted_on=counted_on, total_hundredths=total,
        is_static=is_static, **_origin(origin),
    )  # fmt: skip
    _keep_lines(made, counted, parts)
    facts = {"collective": of.pk, "counted_on": counted_on, "households": len(counted), "total_hundredths": total}
    record(verb="registry.income.asked", subject=case, actor=actor, at=at, facts=facts)
    return made


def _proposed(members: list[int], total: int | None, each: int | None) -> tuple[int, list[int]]:
    for number in (total, each):
        if number is not None and not 0 < number <= MOST_HUNDREDTHS:
            raise IncomeAskedWrong(why="总份数和每人份数须大于 0，不超过一百亿份")
    if total is None and each is None:
        raise IncomeAskedWrong(why="总份数和每人份数至少填一项")
    whole, parts = proposal(members, total=total, per_member=each)
    if whole > MOST_HUNDREDTHS:
        raise IncomeAskedWrong(why="总份数超过一百亿份")
    return whole, parts


def _counted(of: Party, day: date) -> dict[int, int]:
    """The households with their living members. Raises: IncomeRollEmpty."""
    found = households_on_roll(of.pk, day=day)
    if not found.by_household:
        raise IncomeRollEmpty(collective=of.name, day=day)
    return dict(found.by_household)


def _keep_lines(of: IncomeApplication, counted: Mapping[int, int], parts: list[int]) -> None:
    IncomeLine.objects.bulk_create(
        IncomeLine(application=of, household_id=household, members=members, shares_hundredths=shares)
        for (household, members), shares in zip(counted.items(), parts, strict=True)
    )


@transaction.atomic
def set_income_lines(
    *, case_id: int, shares: Mapping[int, int], total_hundredths: int | None = None, actor: Actor, at: datetime
) -> IncomeApplication:
    """Write how much each household shall get (填写份额), and the total where it was stated wrongly. Locks: Case.

    Args: ``shares`` are hundredths by household; households that are not named keep theirs.
    Raises: IncomeCaseNotFound, IncomeCaseFixed, IncomeAskedWrong.
    """
    found = _drawn_up(case_id, actor)
    lines = {one.household_id: one for one in found.lines.all()}
    if unknown := sorted(set(shares) - set(lines)):
        raise IncomeAskedWrong(why=f"清单上没有第 {unknown[0]} 号农户，请下载最新的清单再填")
    if any(not 0 <= value <= MOST_HUNDREDTHS for value in shares.values()):
        raise IncomeAskedWrong(why="份额不能小于 0，也不能超过一百亿份")
    if total_hundredths is not None and not 0 < total_hundredths <= MOST_HUNDREDTHS:
        raise IncomeAskedWrong(why="总份数须大于 0，不超过一百亿份")
    changed = [lines[pk] for pk, value in shares.items() if lines[pk].shares_hundredths != value]
    for line in changed:
        line.shares_hundredths = shares[line.household_id]
    IncomeLine.objects.bulk_update(changed, ["shares_hundredths"])
    if total_hundredths is not None and total_hundredths != found.total_hundredths:
        found.total_hundredths = total_hundredths
        found.save(update_fields=["total_hundredths"])
    facts = {"changed": len(changed), "total_hundredths": found.total_hundredths}
    record(verb="registry.income.listed", subject=found.case, actor=actor, at=at, facts=facts)
    return found


@transaction.atomic
def take_income_table(*, case_id: int, content: bytes, name: str, actor: Actor, at: datetime) -> tuple[Fault, ...]:
    """Take the list as a workbook (上传清单): all of it, or nothing and the faults with a marked copy. Locks: Case.

    Raises: IncomeCaseNotFound, IncomeCaseFixed, IncomeAskedWrong, and what ``files.store`` refuses.
    """
    found = _drawn_up(case_id, actor)
    files.store(content, name=name, kinds={FileKind.XLSX}, at=at)
    known = dict(found.lines.values_list("household_id", "household__name"))
    try:
        read = read_table(content, known)
    except ValueError as error:
        raise IncomeAskedWrong(why=str(error)) from error
    if not read.faults:
        set_income_lines(case_id=case_id, shares=read.shares, actor=actor, at=at)
    marked = files.store(read.marked, name="标注.xlsx", kinds={FileKind.XLSX}, at=at) if read.faults else None
    found.marked = marked
    found.save(update_fields=["marked"])
    return read.faults


@transaction.atomic
def recount_income_lines(*, case_id: int, counted_on: date, actor: Actor, at: datetime) -> IncomeApplication:
    """Count the households of the roll again as of another day (重新统计); the total is shared out anew. Locks: Case.

    Raises: IncomeCaseNotFound, IncomeCaseFixed, DayInFuture, IncomeRollEmpty.
    """
    refuse_future(counted_on, what="统计基准日", at=at)
    found = _drawn_up(case_id, actor)
    counted = _counted(found.collective, counted_on)
    total, parts = proposal(list(counted.values()), total=found.total_hundredths, per_member=None)
    found.lines.all().delete()
    found.counted_on = counted_on
    found.save(update_fields=["counted_on"])
    _keep_lines(found, counted, parts)
    facts = {"counted_on": counted_on, "households": len(counted), "total_hundredths": total}
    record(verb="registry.income.listed", subject=found.case, actor=actor, at=at, facts=facts)
    return found


def _drawn_up(case_id: int, actor: Actor) -> IncomeApplication:
    """A first registration whose list is being drawn up, its case locked. Raises: IncomeCaseNotFound, IncomeCaseFixed."""
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    rows = IncomeApplication.objects.visible_to(actor).select_related("collective")
    found = rows.filter(pk=case_id, matter=IncomeMatter.FIRST.value).first()
    if case is None or found is None:
        raise IncomeCaseNotFound(case=case_id)
    if case.step != PREPARE or case.state != Case.State.OPEN:
        raise IncomeCaseFixed(number=case.number)
    found.case = case
    return found


@transaction.atomic
def open_income_change(
    *, collective_id: int, holder_id: int, change: IncomeChange, origin: IncomeOrigin, actor: Actor, at: datetime
) -> IncomeApplication:
    """Ask that a household's share go to another, back to the collective, or end (转移、退出、注销).

    Locks: Party (the collective), then the number series of the case. What the rule says is asked on its way.
    Raises: RollNotFound, IncomeRightNotFound, IncomeCaseOpen, IncomeTakerUnfit, IncomeAskedWrong, and what ``open_case``
        refuses.
    """
    _refuse_origin(origin, at=at)
    of = locked_collective(collective_id)
    row = standing_right(of.pk, holder_id, day=legal_day(at))
    if row is None:
        raise IncomeRightNotFound(collective=of.name)
    _refuse_open(of, holder_id=row.holder_id)
    matter = next((one for one, causes in CAUSES_OF.items() if change.cause in causes), None)
    if matter is None:
        raise IncomeAskedWrong(why="请选择转移或注销的原因")
    if not 0 < change.shares_hundredths <= row.shares_hundredths:
        raise IncomeAskedWrong(why=f"份额须大于 0，不多于现有的 {share_words(row.shares_hundredths)}")
    taker = _taker(change, row.holder_id)
    case = open_case(
        TRANSFER_KEY if matter is IncomeMatter.TRANSFER else CANCEL_KEY,
        title=f"{row.holder.name}集体收益分配权{change.cause.title}（{of.name}）", division=of.division_id,
        subject=("parties.Party", row.holder_id),
        applicant_id=row.holder_id if change.holder_applies else taker.pk if taker else of.pk, actor=actor, at=at,
    )  # fmt: skip
    made = IncomeApplication.objects.create(
        case=case, matter=matter.value, collective=of, holder_id=row.holder_id, taker=taker, cause=change.cause.value,
        shares_hundredths=change.shares_hundredths, holder_applies=change.holder_applies,
        charter_allows_heir=change.charter_allows_heir, **_origin(origin),
    )  # fmt: skip
    facts = {"collective": of.pk, "holder": row.holder_id, "cause": change.cause.value}
    record(verb="registry.income.asked", subject=case, actor=actor, at=at, facts=facts)
    return made


def _taker(change: IncomeChange, holder_id: int) -> Party | None:
    """Whoever shall get it: a household; of an inheritance a person too. Raises: IncomeTakerUnfit."""
    if change.cause not in TO_ANOTHER:
        return None
    found = Party.objects.filter(pk=change.taker_id or 0).first()
    if found is None:
        raise IncomeTakerUnfit(why="请选择取得份额的一方")
    kinds = {Party.Kind.HOUSEHOLD, *([Party.Kind.PERSON] if change.cause is IncomeCause.INHERITANCE else [])}
    if found.kind not in kinds or found.state != Party.State.ACTIVE:
        raise IncomeTakerUnfit(why=f"{found.name}不是在册有效的农户")
    if found.pk == holder_id:
        raise IncomeTakerUnfit(why="取得一方就是本户")
    return found


def _refuse_open(of: Party, *, holder_id: int | None) -> None:
    """One case at a time: of the first registration, and of a household. Raises: IncomeCaseOpen."""
    rows = IncomeApplication.objects.filter(case__state__in=(Case.State.OPEN, Case.State.PAUSED))
    rows = rows.filter(collective__in=same_parties([of.pk]))
    if holder_id is None:
        rows = rows.filter(matter=IncomeMatter.FIRST.value)
    else:
        rows = rows.filter(holder__in=same_parties([holder_id]))
    if (other := rows.select_related("case").first()) is not None:
        raise IncomeCaseOpen(collective=of.name, number=other.case.number)


def _refuse_origin(origin: IncomeOrigin, *, at: datetime) -> None:
    refuse_future(origin.issued_on, what="来源材料的形成日期", at=at)
    if not origin.title.strip():
        raise IncomeAskedWrong(why="请填写来源材料的名称")


def _origin(origin: IncomeOrigin) -> dict[str, Any]:
    return {
        "source_title": " ".join(origin.title.split())[:160], "source_number": origin.number.strip()[:60],
        "source_issued_on": origin.issued_on,
    }  # fmt: skip


__all__ = [
    "CANCEL_KEY",
    "FIRST_KEY",
    "PREPARE",
    "TRANSFER_KEY",
    "IncomeChange",
    "IncomeOrigin",
    "locked_collective",
    "open_income_change",
    "open_income_first",
    "recount_income_lines",
    "set_income_lines",
    "take_income_table",
]
