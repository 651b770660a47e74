"""阶段和期限: in which stage a day lies, and what a task owes by when."""

from dataclasses import dataclass
from datetime import date

from ronghe.policy.checks import lacks, not_stated
from ronghe.policy.rulebook import Given, InForce, fact, rule
from ronghe.policy.ruling import Ruling, Step, calculated, cannot_say

STAGE1_FROM = "governance.goals.stage1_from"
STAGE1_TO = "governance.goals.stage1_to"
STAGE2_FROM = "governance.goals.stage2_from"
STAGE2_TO = "governance.goals.stage2_to"
STEPS = tuple((f"governance.goals.step{n}_to", f"governance.goals.step{n}") for n in (1, 2, 3))


@dataclass(frozen=True, slots=True)
class DayFacts:
    """The day that is asked about."""

    on: date | None = fact("日期")


@rule(
    "governance.stage",
    "某日所处的阶段",
    room="GOV",
    matter="D29",
    covers=("R-203", "R-204", "R-205", "R-206", "R-207", "R-222"),
    parameters=(STAGE1_FROM, STAGE1_TO, STAGE2_FROM, STAGE2_TO, *(name for step in STEPS for name in step)),
)
def stage(facts: DayFacts, given: Given) -> Ruling[date | None]:
    """The milestone that holds on a day: the earliest goal whose last day has not passed; the day itself still counts.

    After the last goal the value is that goal, and the finding says that it is past.
    Source: 青岛 一(三); 淄博 一(三); 闽侯 一; 高青 三(一)、三(二); 济南 二(三).
    """
    goals = [goal for name in (STAGE1_TO, STAGE2_TO) if isinstance((goal := given[name]).value, date)]
    if not goals:
        return cannot_say(not_stated("目标期限", STAGE1_TO, STAGE2_TO))
    if facts.on is None:
        return cannot_say(lacks("on", finding="不知道日期", cite=goals[0].cite))
    on = facts.on
    starts = given[STAGE1_FROM]
    if isinstance(starts.value, date) and on < starts.value:
        return calculated(_day(goals[0]), [Step(starts.cite, f"{on} 早于第一阶段首日 {starts}")])
    ahead = next((goal for goal in goals if on <= _day(goal)), None)
    if ahead is None:
        return calculated(_day(goals[-1]), [Step(goals[-1].cite, f"{on} 已过{goals[-1].title} {goals[-1]}")])
    left = (_day(ahead) - on).days
    return calculated(
        _day(ahead), [Step(ahead.cite, f"{on} 在{ahead.title} {ahead} 之内，还有 {left} 天"), *_steps(on, given)]
    )


def _steps(on: date, given: Given) -> list[Step]:
    """The yearly step of the first stage, where the document has such."""
    for until, results in STEPS:
        last = given[until]
        if isinstance(last.value, date) and on <= last.value:
            return [Step(last.cite, f"到 {last} 应做成：{given[results]}")]
    return []


def _day(value: InForce) -> date:
    assert isinstance(value.value, date)
    return value.value


FIRST = "governance.deadline.first"
SECOND = "governance.deadline.second"
DONE, POLICY, PROGRESS = "完成", "完成政策制定", "取得阶段性进展"

#: Per list of tasks: what is owed by which deadline.
OWED: dict[str, tuple[tuple[str, str], ...]] = {
    "governance.deadline.finish_first": ((FIRST, DONE),),
    "governance.deadline.policy_first": ((FIRST, POLICY),),
    "governance.deadline.policy_then_progress": ((FIRST, POLICY), (SECOND, PROGRESS)),
    "governance.deadline.finish_second": ((SECOND, DONE),),
    "governance.deadline.progress_second": ((SECOND, PROGRESS),),
}


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A task by its clause, and the day that is asked about."""

    clause: str | None = fact("任务的条款号")
    on: date | None = fact("日期", required=False)


@rule(
    "governance.task_milestones",
    "任务的完成时限",
    room="GOV",
    covers=("R-216", "R-217", "R-218", "R-219", "R-220"),
    parameters=(FIRST, SECOND, *OWED),
)
def task_milestones(facts: TaskFacts, given: Given) -> Ruling[tuple[str, ...] | None]:
    """What a task owes by when: one text per milestone, ``2021-12-31 完成政策制定``; with a day, which one holds then.

    Source: 济南 三 to 八; every task states its own.
    """
    lists = [given[name] for name in OWED if given[name].is_stated]
    if not lists:
        return cannot_say(not_stated("各项任务的完成时限", FIRST, SECOND))
    if facts.clause is None:
        return cannot_say(lacks("clause", finding="不知道是哪一项任务", cite=lists[0].cite[:1]))
    owed = [
        (_day(given[deadline]), what, given[deadline].cite)
        for name in OWED
        if facts.clause in given.members(name)
        for deadline, what in OWED[name]
    ]
    if not owed:
        finding = f"任务“{facts.clause}”不在按期限归类的任务里，请看任务本身的时限"
        return cannot_say(lacks("clause", finding=finding, cite=lists[0].cite[:1]))
    steps = [Step(cite, f"到 {due} {what}{_against(facts.on, due)}") for due, what, cite in owed]
    return calculated(tuple(f"{due} {what}" for due, what, _ in owed), steps)


def _against(on: date | None, due: date) -> str:
    if on is None:
        return ""
    return f"（{on}：还有 {(due - on).days} 天）" if on <= due else f"（{on}：已过 {(on - due).days} 天）"
