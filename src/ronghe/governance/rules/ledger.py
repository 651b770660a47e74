"""任务台账的状态和亮灯: what may follow upon what, how far a task is as a whole, and which light it shows on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from ronghe.policy.checks import lacks, not_stated
from ronghe.policy.rulebook import Given, InForce, fact, rule
from ronghe.policy.ruling import Clause, Ruling, Step, calculated, cannot_say
from ronghe.policy.values import Value


class State(StrEnum):
    """状态 of a task in the ledger, from being listed to 销号."""

    LISTED = "listed"
    ISSUED = "issued"
    SIGNED = "signed"
    WORKING = "working"
    STAGED = "staged"
    APPLIED = "applied"
    VERIFIED = "verified"
    CLOSED = "closed"
    RETURNED = "returned"
    STOPPED = "stopped"

    @property
    def title(self) -> str:  # type: ignore[override]
        return TITLES[self]


TITLES = {
    State.LISTED: "待交办",
    State.ISSUED: "已交办",
    State.SIGNED: "已签收",
    State.WORKING: "办理中",
    State.STAGED: "阶段成效",
    State.APPLIED: "申请办结",
    State.VERIFIED: "核查通过",
    State.CLOSED: "已销号",
    State.RETURNED: "已退回",
    State.STOPPED: "已中止",
}

#: States in which units are at work, and may report, apply and be chased.
AT_WORK = (State.SIGNED, State.WORKING, State.STAGED, State.RETURNED)
#: States in which an application to close lies with somebody else.
IN_REVIEW = (State.APPLIED, State.VERIFIED)

#: What may follow upon what; the database lets nothing else happen.
EDGES: dict[State, tuple[State, ...]] = {
    State.LISTED: (State.ISSUED, State.STOPPED),
    State.ISSUED: (State.SIGNED, State.STOPPED),
    State.SIGNED: (State.WORKING, State.STAGED, State.APPLIED, State.STOPPED),
    State.WORKING: (State.STAGED, State.APPLIED, State.STOPPED),
    State.STAGED: (State.WORKING, State.APPLIED, State.STOPPED),
    State.APPLIED: (State.VERIFIED, State.RETURNED, State.WORKING, State.STOPPED),
    State.VERIFIED: (State.CLOSED, State.RETURNED, State.WORKING, State.STOPPED),
    State.RETURNED: (State.WORKING, State.STAGED, State.APPLIED, State.STOPPED),
    State.STOPPED: (State.LISTED, State.ISSUED, State.WORKING),
}


class Light(StrEnum):
    """亮灯: what a task shows on a day. The colours belong to the zone (parameters), these are what they mean."""

    OVERDUE = "overdue"
    BEHIND = "behind"
    NEAR = "near"
    NORMAL = "normal"
    NONE = "none"

    @property
    def title(self) -> str:  # type: ignore[override]
        return LIGHT_TITLES[self]


LIGHT_TITLES = {
    Light.OVERDUE: "已逾期",
    Light.BEHIND: "进度滞后",
    Light.NEAR: "临近期限",
    Light.NORMAL: "正常",
    Light.NONE: "不亮灯",
}
#: Facts are stated in the words of pages.
STATE_OF = {title: state for state, title in TITLES.items()}
LIGHT_OF = {title: light for light, title in LIGHT_TITLES.items()}

NEAR_DAYS = "governance.light.near_days"
BEHIND_BY = "governance.light.behind_by"
COLOURS = {
    Light.OVERDUE: "governance.light.overdue_colour",
    Light.BEHIND: "governance.light.behind_colour",
    Light.NEAR: "governance.light.near_colour",
    Light.NORMAL: "governance.light.normal_colour",
}

LADDER = "governance.escalation.ladder"
REPLY_DAYS = "governance.escalation.reply_days"
#: What the plans order where they name no threshold: that work is watched, chased and judged. Each zone's says one of these.
ORDERED = (
    "governance.supervision",
    "governance.monitoring.dynamic",
    "governance.evaluation.cycles",
    "governance.assessment.effects",
    "governance.assessment.sanctions",
    "governance.assessment.objects",
)
#: All that the office works by.
ASKED = (NEAR_DAYS, BEHIND_BY, *COLOURS.values(), LADDER, REPLY_DAYS)


def working(of: InForce) -> Value | None:
    """The value in use; else the working value that stands off in the pack (待地方确定): how an office watches its own work
    is its own matter, and it must be able to begin."""
    return of.value if of.value is not None else of.idle


def _grounds(given: Given, *names: str) -> tuple[Clause, ...]:
    """The clauses behind a working value: those that state it, then those that order the watching for which it is needed."""
    return tuple(dict.fromkeys(clause for name in (*names, *ORDERED) for clause in given[name].cite))


def _undecided(*of: InForce) -> str:
    return "（界限待地方确定）" if any(one.value is None for one in of) else ""


@dataclass(frozen=True, slots=True)
class Limits:
    """亮灯和督办的界限 of a zone on a day, as the office works by them."""

    near_days: int
    behind_by: Fraction
    colours: Mapping[Light, str]
    ladder: tuple[str, ...]
    reply_days: int
    is_decided: bool

    def colour(self, light: Light) -> str:
        """The colour of a light, 灰 for none."""
        return self.colours.get(light, "灰")


def limits_of(given: Given) -> Limits | None:
    """The limits from parameters; none where a pack does not carry them."""
    found = {name: working(given[name]) for name in ASKED}
    near, behind, ladder, reply = (found[name] for name in (NEAR_DAYS, BEHIND_BY, LADDER, REPLY_DAYS))
    if not (isinstance(near, int) and isinstance(behind, Fraction | int) and isinstance(ladder, tuple)):
        return None
    if not isinstance(reply, int):
        return None
    return Limits(
        near_days=near,
        behind_by=Fraction(behind),
        colours={light: str(found[name] or "灰") for light, name in COLOURS.items()},
        ladder=ladder,
        reply_days=reply,
        is_decided=all(given[name].value is not None for name in ASKED),
    )


@dataclass(frozen=True, slots=True)
class LightFacts:
    """A task on a day."""

    on: date | None = fact("日期")
    state: str | None = fact("状态", choices=list(TITLES.values()))
    due: date | None = fact("完成期限", required=False)
    issued_on: date | None = fact("交办日", required=False)
    percent: int | None = fact("进度", unit="%", required=False)
    applied_on: date | None = fact("申请办结日", required=False)


@rule(
    "governance.light",
    "任务亮灯",
    room="GOV",
    covers=("R-199",),
    parameters=(NEAR_DAYS, BEHIND_BY, *COLOURS.values(), *ORDERED),
)
def light(facts: LightFacts, given: Given) -> Ruling[str | None]:
    """Which light a task shows: overdue before behind before near; who applied in time waits without blame.

    Overdue: the last day has passed, and it is neither closed nor applied for by that day. Behind: the share of the time
    that has gone is more than the given share above the progress. Near: no more days left than given.
    Source: 青岛 九(四) 督导调度; the plans order a clock and name no thresholds, so that these are working values.
    """
    near_days, behind_by = working(given[NEAR_DAYS]), working(given[BEHIND_BY])
    if not isinstance(near_days, int) or not isinstance(behind_by, Fraction | int):
        return cannot_say(not_stated("亮灯的界限", NEAR_DAYS, BEHIND_BY))
    grounds = _grounds(given, NEAR_DAYS)
    if facts.on is None or facts.state is None:
        missing = [name for name in ("on", "state") if getattr(facts, name) is None]
        return cannot_say(lacks(*missing, finding="不知道日期或状态", cite=grounds))
    shown, why = why_light(facts, near_days=near_days, behind_by=Fraction(behind_by))
    if shown in COLOURS:
        colour = working(given[COLOURS[shown]])
        why = f"{why}，亮{colour}灯{_undecided(given[NEAR_DAYS], given[BEHIND_BY])}" if colour else why
    return calculated(shown.title, [Step(grounds, why)])


def why_light(facts: LightFacts, *, near_days: int, behind_by: Fraction) -> tuple[Light, str]:
    """The same for whoever already holds the zone's values: the light, and the reason in words."""
    assert facts.on is not None
    assert facts.state is not None
    state = STATE_OF[facts.state]
    if state in (State.CLOSED, State.STOPPED, State.LISTED):
        return Light.NONE, f"{state.title}，不亮灯"
    if facts.due is None:
        return Light.NORMAL, "没有写明期限"
    left = (facts.due - facts.on).days
    if state in IN_REVIEW and facts.applied_on is not None and facts.applied_on <= facts.due:
        return Light.NORMAL, f"{facts.applied_on} 已按期申请办结，等待核查"
    if left < 0:
        return Light.OVERDUE, f"期限 {facts.due}，已过 {-left} 天"
    percent = facts.percent or 0
    if facts.issued_on is not None and facts.issued_on < facts.due and facts.on > facts.issued_on:
        gone = Fraction((facts.on - facts.issued_on).days, (facts.due - facts.issued_on).days)
        if gone - Fraction(percent, 100) > behind_by:
            return Light.BEHIND, f"时间已用 {round(gone * 100)}%，进度 {percent}%"
    if left <= near_days:
        return Light.NEAR, f"距期限 {facts.due} 还有 {left} 天，进度 {percent}%"
    return Light.NORMAL, f"距期限 {facts.due} 还有 {left} 天，进度 {percent}%"


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """One unit's duty in a task and the progress that it reported last, none before its first report."""

    duty: str
    percent: int | None


def overall_percent(units: Iterable[UnitProgress]) -> int:
    """The progress of a task: the mean of those who answer for it, rounded down; who has not reported counts as nought.

    Those who lead where the document names such; else the responsible; else whoever has a duty. A task is done (100)
    only when each of them says so.
    """
    units = list(units)
    for duty in ("lead", "responsible", "cooperating"):
        said = [one.percent or 0 for one in units if one.duty == duty]
        if said:
            return sum(said) // len(said)
    return 0


@dataclass(frozen=True, slots=True)
class EscalationFacts:
    """A task's light, and the sheet that is running for it."""

    light: str | None = fact("亮灯", choices=list(LIGHT_TITLES.values()))
    running_rank: int | None = fact("正在督办的级别", required=False)
    is_unanswered: bool | None = fact("督办单到期未回复", required=False)


@rule(
    "governance.escalation",
    "督办单的级别",
    room="GOV",
    covers=("R-199",),
    parameters=(LADDER, REPLY_DAYS, *ORDERED),
)
def escalation(facts: EscalationFacts, given: Given) -> Ruling[int | None]:
    """Which sheet is due: first before the deadline, second when behind, third when overdue; unanswered, the next one.

    0 says that none is due: the light asks for none, or one of that rank is running and not yet overdue.
    Source: 青岛 九(四) 督导调度; three colours and one matter, one sheet after 三明 2017 (三色督查单) and 宿迁 2025.
    """
    ladder = given[LADDER]
    colours = working(ladder)
    if not isinstance(colours, tuple):
        return cannot_say(not_stated("督办单各级的颜色", LADDER))
    grounds = _grounds(given, LADDER)
    if facts.light is None:
        return cannot_say(lacks("light", finding="不知道任务亮什么灯", cite=grounds))
    wanted = min({Light.NEAR: 1, Light.BEHIND: 2, Light.OVERDUE: 3}.get(LIGHT_OF[facts.light], 0), len(colours))
    running = facts.running_rank or 0
    if running and facts.is_unanswered:
        wanted = max(wanted, min(running + 1, len(colours)))
        why = f"第 {running} 级督办单到期未回复"
    else:
        why = f"任务{facts.light}"
    if wanted <= running:
        return calculated(0, [Step(grounds, f"{why}，不另发督办单")])
    return calculated(wanted, [Step(grounds, f"{why}，发{colours[wanted - 1]}色督办单（第 {wanted} 级）")])
