"""联席会议的议题: which tasks are stuck, so that a meeting has to settle them, and in what order they come before it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .ledger import Light

#: Reasons by how urgent they are: what nobody answers comes before what is late, and that before what is slow.
OVERDUE, UNANSWERED, REFUSED, HELP, BEHIND = "overdue", "unanswered", "refused", "help", "behind"
URGENCY = (OVERDUE, UNANSWERED, REFUSED, HELP, BEHIND)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A sheet whose answer is overdue on the day."""

    colour: str
    unit: str
    reply_by: date


@dataclass(frozen=True, slots=True)
class Situation:
    """A task on a day, as far as it may be stuck."""

    light: Light
    why_light: str
    due: date | None = None
    trouble: str = ""
    needs_help: bool = False
    sheets: Sequence[Unanswered] = ()
    refused_on: date | None = None
    was_decided: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """卡点: one way in which a task is stuck, in words."""

    kind: str
    text: str


def why_stuck(of: Situation) -> tuple[Reason, ...]:
    """Why a task is stuck, the most urgent reason first; nothing when it is not.

    Its light says overdue or behind, a unit asks for help, a sheet is unanswered past its day, or an extension was refused.
    """
    found = [Reason(UNANSWERED, f"{s.unit} {s.colour}色督办单 {s.reply_by} 到期未回复") for s in of.sheets]
    if of.light in (Light.OVERDUE, Light.BEHIND):
        found.append(Reason(OVERDUE if of.light is Light.OVERDUE else BEHIND, f"{of.light.title}：{of.why_light}"))
    if of.needs_help:
        found.append(Reason(HELP, f"请求协调：{of.trouble}" if of.trouble else "请求协调"))
    if of.refused_on is not None:
        found.append(Reason(REFUSED, f"{of.refused_on} 延期申请未获同意"))
    return tuple(sorted(found, key=lambda one: URGENCY.index(one.kind)))


def rank(of: Situation, reasons: Sequence[Reason]) -> tuple[bool, int, int, date]:
    """The place of a stuck task in the agenda: lower comes first.

    What the last meeting has decided already stands behind what is new; then the most urgent reason, then more reasons, then
    the earlier deadline.
    """
    kinds = {one.kind for one in reasons}
    first = min(URGENCY.index(kind) for kind in kinds) if kinds else len(URGENCY)
    return of.was_decided, first, -len(kinds), of.due or date.max


def situation_text(reasons: Iterable[Reason], *, units: Sequence[str], percent: int) -> str:
    """情况和问题 of an item of the agenda, as the program drafts it."""
    by = f"责任单位：{'、'.join(units)}。" if units else ""
    return f"{by}当前进度 {percent}%。{'；'.join(one.text.rstrip('。；') for one in reasons)}。"
