"""Commands on the working-day calendar: a person changes a day, or enters the arrangement of a whole year."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.db import refuses
from ronghe.kernel.errors import Conflict, Invalid

from ..models import ParameterValue, SpecialDay
from ..rules.notices import NoticeDay
from ..rules.periods import FIXED, SATURDAY

#: The years that a calendar is kept for.
FIRST_YEAR, LAST_YEAR = 2000, 2100

_WEEKDAYS = "一二三四五六日"
_LOCAL = ParameterValue.Origin.LOCAL


class WorkdayInvalid(Invalid):
    """A day that cannot be what is asked, or an entry that lacks its name or source."""

    code = "policy.workday_invalid"
    message = "{day} 没有改动：{why}。{hint}。"


class YearInvalid(Invalid):
    """The arrangement of a year that cannot be right; every fault is named."""

    code = "policy.workday_year_invalid"
    message = "{year} 年的安排没有录入：{listing}。请改正后重新录入全年安排。"


class YearNotAnnounced(Conflict):
    """A single day of a year whose arrangement is not known."""

    code = "policy.workday_year_not_announced"
    message = "{year} 年的节假日安排还没有录入，不能只改其中一天。请先录入全年安排。"


class YearBeingEntered(Conflict):
    """Somebody else has just entered the same year."""

    code = "policy.workday_year_being_entered"
    message = "{year} 年的安排刚由别人录入。请刷新日历核对后再试。"


@transaction.atomic
def change_day(*, day: date, kind: str, name: str, source: str, actor: Actor, at: datetime) -> SpecialDay:
    """Say that a weekday is off, a weekend day is worked, or a day follows the week again.

    A repeat changes nothing more than author and time. Locks: the day.
    Raises: WorkdayInvalid, YearNotAnnounced.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise WorkdayInvalid(day=day, why="不在日历的年份之内", hint=f"日历从 {FIRST_YEAR} 年到 {LAST_YEAR} 年")
    if not SpecialDay.objects.filter(day__year=day.year).exists():
        raise YearNotAnnounced(year=day.year)
    before = SpecialDay.objects.select_for_update().filter(pk=day).first()
    name = name.strip() or (before.name if before else "")
    if fault := _fault(day, kind, name, source, before):
        raise WorkdayInvalid(day=day, why=fault[0], hint=fault[1])
    changed, _ = SpecialDay.objects.update_or_create(
        day=day,
        defaults={
            "kind": kind,
            "name": name,
            "source": source.strip(),
            "origin": _LOCAL,
            "author_id": actor.user_id,
            "recorded_at": at,
        },
    )
    record(
        verb="policy.workday.changed",
        subject=changed,
        actor=actor,
        at=at,
        facts={"day": day, "kind": kind, "before": before.kind if before else "ordinary"},
    )
    return changed


def _fault(day: date, kind: str, name: str, source: str, before: SpecialDay | None) -> tuple[str, str] | None:
    """What is wrong with a day's entry, and how to mend it."""
    weekday, is_weekend = f"星期{_WEEKDAYS[day.weekday()]}", day.weekday() >= SATURDAY
    if kind not in SpecialDay.Kind.values:
        return "没有这种安排", "选放假、上班或按周历"
    if not source.strip():
        return "没有写来源", "写明通知的名称或文号"
    if kind == SpecialDay.Kind.HOLIDAY and is_weekend:
        return f"这一天是{weekday}，本来就休息", "只录入周一至周五的放假日"
    if kind == SpecialDay.Kind.WORKDAY and not is_weekend:
        return f"这一天是{weekday}，本来就上班", "要撤销放假，选“按周历”"
    if kind == SpecialDay.Kind.ORDINARY and before is None:
        return "这一天没有特别安排，已经按周历", "不用改动"
    return None if name else ("没有写节日", "写明是哪个节日的安排")


@transaction.atomic
def enter_year(*, year: int, days: Sequence[NoticeDay], source: str, actor: Actor, at: datetime) -> int:
    """Enter the arrangement of a whole year in the place of all that was known of it; gives the number of days.

    What the data pack says of the year later does not touch it. Locks: the rows of the year; of two entries of a year
    that was not known, the key of the day lets one through.
    Raises: YearInvalid, YearBeingEntered.
    """
    if faults := _year_faults(year, days, source):
        raise YearInvalid(year=year, listing="；".join(faults), faults=faults)
    SpecialDay.objects.filter(day__year=year).delete()
    with refuses({"policy_specialday_pkey": YearBeingEntered(year=year)}), transaction.atomic():
        made = SpecialDay.objects.bulk_create(
            SpecialDay(
                day=one.day,
                kind=SpecialDay.Kind.WORKDAY if one.is_work else SpecialDay.Kind.HOLIDAY,
                name=one.name,
                source=source.strip(),
                origin=_LOCAL,
                author_id=actor.user_id,
                recorded_at=at,
            )
            for one in days
            if one.is_work or one.day.weekday() < SATURDAY
        )
    record(
        verb="policy.workyear.entered",
        subject=("policy.workyear", year),
        actor=actor,
        at=at,
        facts={
            "off": [d.day for d in made if d.kind == "holiday"],
            "work": [d.day for d in made if d.kind == "workday"],
        },
    )
    return len(made)


def _year_faults(year: int, days: Sequence[NoticeDay], source: str) -> list[str]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return [f"日历从 {FIRST_YEAR} 年到 {LAST_YEAR} 年"]
    faults = [] if source.strip() else ["没有写来源，写明通知的名称或文号"]
    seen = [one.day for one in days]
    faults += [f"{day} 写了不止一次" for day in sorted({day for day in seen if seen.count(day) > 1})]
    faults += [f"{one.day} 不在这一年" for one in days if one.day.year != year]
    faults += [
        f"{one.day} 是星期{_WEEKDAYS[one.day.weekday()]}，本来就上班"
        for one in days
        if one.is_work and one.day.weekday() < SATURDAY
    ]
    off = {one.day for one in days if not one.is_work}
    faults += [
        f"没有{name} {day}"
        for (month, number), name in FIXED.items()
        if (day := date(year, month, number)).weekday() < SATURDAY and day not in off
    ]
    return faults
