"""试点范围: pilot rules hold inside the pilot area and the pilot period, and nowhere else."""

from dataclasses import dataclass
from datetime import date

from ronghe.policy.checks import lacks, not_stated, one_of, without_value
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, calculated, cannot_say, gate

AREAS = "governance.pilot.areas"
BEGINS = "governance.pilot.begins"
ENDS = "governance.pilot.ends"
CLOSED = "governance.pilot.closed"
GOAL = "governance.goals.stage2_to"
DEFAULT_AREAS = "governance.areas.default"
WHOLE_CITY = "governance.areas.whole_city_tasks"


@dataclass(frozen=True, slots=True)
class PilotFacts:
    """Where and when a pilot rule would be used."""

    area: str | None = fact("事项所在的县（市、区）或功能区")
    on: date | None = fact("事项发生的日期")


@rule(
    "governance.pilot_scope",
    "试点规则的适用范围",
    room="GOV",
    covers=("R-208",),
    parameters=(AREAS, BEGINS, ENDS, CLOSED, GOAL),
)
def pilot_scope(facts: PilotFacts, given: Given) -> Ruling[bool | None]:
    """Whether a pilot rule may be used at a place on a day (a veto for every zone).

    The pilot begins on the day of the zone's document. No document says when it ends: until the day of the last goal it
    runs, after it the end must be known.
    Source: 青岛 一(二)、一(三)、三(三)1; 淄博 一(一)、一(三); 闽侯 一; 高青 二(二)、三(二); 济南 一、二(二)、二(三).
    """
    if not given[AREAS].is_stated:
        return gate([not_stated("试点区域", AREAS)])
    return gate([one_of(facts, "area", given[AREAS]), _within_period(facts.on, given)])


def _within_period(on: date | None, given: Given) -> Step:
    begins, goal, ends = given[BEGINS], given[GOAL], given[ENDS]
    if on is None:
        return lacks("on", finding="不知道事项发生的日期", cite=begins.cite or goal.cite)
    if not isinstance(begins.value, date):
        return without_value(begins)
    if on < begins.value:
        return Step(begins.cite, f"{on} 早于{begins.title} {begins}，试点规则还不适用", False)
    if isinstance(ends.value, date):
        ok = on <= ends.value
        return Step(ends.cite, f"{on} {'在' if ok else '已过'}{ends.title} {ends}{'之内' if ok else ''}", ok)
    if isinstance(goal.value, date) and on <= goal.value:
        return Step(goal.cite, f"{on} 在{goal.title} {goal} 之内", True)
    return lacks(ENDS, finding=f"{on} 已过{goal.title}（{goal}），试点期限待有关机关明确", cite=ends.cite)


@dataclass(frozen=True, slots=True)
class TaskAreaFacts:
    """A task by its clause, and the areas that it names itself."""

    clause: str | None = fact("任务的条款号")
    named: frozenset[str] | None = fact("任务写明的试点区域")


@rule("governance.task_areas", "任务的试点区域", room="GOV", covers=("R-221",), parameters=(DEFAULT_AREAS, WHOLE_CITY))
def task_areas(facts: TaskAreaFacts, given: Given) -> Ruling[frozenset[str] | None]:
    """Where a task is carried out: where it says, in the whole city for the one that says so, else in all areas.

    Source: 济南 一、三(一)1、七(一)2.
    """
    areas, whole = given[DEFAULT_AREAS], given[WHOLE_CITY]
    if areas.value is None:
        return cannot_say(not_stated("任务的试点区域", DEFAULT_AREAS, cite=areas.cite))
    if facts.clause is None:
        return cannot_say(lacks("clause", finding="不知道是哪一项任务", cite=areas.cite))
    if facts.clause in given.members(WHOLE_CITY):
        return calculated(frozenset({"全市"}), [Step(whole.cite, f"任务“{facts.clause}”在全市实施")])
    if facts.named is None:
        return cannot_say(lacks("named", finding="不知道任务写明的区域", cite=areas.cite))
    if facts.named and facts.named != {"六区全域"}:
        return calculated(facts.named, [Step(areas.cite, f"任务写明：{'、'.join(sorted(facts.named))}")])
    return calculated(given.members(DEFAULT_AREAS), [Step(areas.cite, f"在全部试点区域实施：{areas}")])
