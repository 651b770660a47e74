"""Declaring a procedure (办理程序): its steps, who may act, what must be attached, how long it may take, what follows.

A room declares in its ``procedures.py``; the engine does the rest. A declaration that cannot work (a step nobody
reaches, an action that leads nowhere, a notice without an end) is refused when it is loaded.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ronghe.kernel.accounts.roles import BUSINESS, Role
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.files.limits import LIMIT, MB
from ronghe.kernel.pages import Fact
from ronghe.policy.rules.periods import DAYS, LONGEST, MONTHS, WORKING
from ronghe.policy.ruling import Clause, Ruling

if TYPE_CHECKING:
    from .models import Case

#: Where a case ends, by what became of it.
DONE, REFUSED, WITHDRAWN = "done", "refused", "withdrawn"
ENDS = {DONE: "办结", REFUSED: "不予通过", WITHDRAWN: "已撤回"}
#: The action that every applicant has until the end; and the one by which a case begins.
WITHDRAW, OPEN = "withdraw", "open"
#: What the columns of a case and of its decisions hold, in characters.
_KEY, _LABEL, _PREFIX, _NAME = 40, 40, 20, 60

SCANS = frozenset({FileKind.PDF, FileKind.JPEG, FileKind.PNG, FileKind.OFD})


class Outcome(StrEnum):
    """处理结果: what an action does to the case, for pictures, reports and messages."""

    ADVANCE = "advance"
    RETURN = "return"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Period:
    """办理期限: so many working days (days, months) from the day after the step began, by the clause."""

    length: int
    unit: str = WORKING
    cite: Clause | None = None

    def __str__(self) -> str:
        return f"{self.length} {'个工作日' if self.unit == WORKING else '个月' if self.unit == MONTHS else '日'}"


#: A period that differs from case to case: by the parameters of the zone on the day when the case was opened. A step for
#: which it gives none has no deadline.
PeriodOf = Callable[["Case"], Period | None]


def period_in(given: Period | PeriodOf | None, case: "Case") -> Period | None:
    """The period of a step, or of its notice, in one case."""
    return given(case) if callable(given) else given


def told_period(given: Period | PeriodOf | None) -> str:
    """A period as the page of a procedure tells it, where no case is at hand."""
    return "" if given is None else "当地规定的期限" if callable(given) else str(given)


@dataclass(frozen=True, slots=True)
class MaterialKind:
    """材料: what is attached in a step."""

    key: str
    title: str
    required: bool = True
    kinds: frozenset[FileKind] = SCANS
    limit: int = 20 * MB
    hint: str = ""


#: 关口: what must hold of a case before an action, as of the legal day on which it is taken.
Gate = Callable[["Case", date], Ruling[Any]]


@dataclass(frozen=True, slots=True)
class Action:
    """处理: one thing that may be done in a step, named as the button is: a verb with its object."""

    key: str
    label: str
    to: str
    outcome: Outcome = Outcome.ADVANCE
    needs_reason: bool = False
    gate: Gate | None = None
    warning: str = ""
    #: Whether a person chooses it; otherwise a job or the end of a notice does.
    by_hand: bool = True
    #: Of which cases it is a way; of others it is neither offered nor taken.
    only_if: Callable[["Case"], bool] | None = None

    @property
    def asks_reason(self) -> bool:
        """Whoever returns or refuses says why."""
        return self.needs_reason or self.outcome in (Outcome.RETURN, Outcome.REFUSE)


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """公示: what a step tells the public, for how long, and the action that follows when nobody objects."""

    period: Period | PeriodOf
    text: Callable[["Case"], str]
    then: str
    cite: Clause | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """环节: one place where a case waits for somebody."""

    key: str
    title: str
    asks: str
    roles: frozenset[Role]
    actions: tuple[Action, ...]
    period: Period | PeriodOf | None = None
    materials: tuple[MaterialKind, ...] = ()
    notice: PublicNotice | None = None
    #: Steps whose decider may not decide here (职责分离).
    apart_from: tuple[str, ...] = ()
    #: The unit that acts here (承办单位), None for any; without it the unit of the step before goes on.
    unit: Callable[["Case"], int | None] | None = None
    #: Whether the applicant may still withdraw here: not where what was asked for has been brought about already.
    is_withdrawable: bool = True

    def action(self, key: str) -> Action | None:
        """The action of that key, if the step has it."""
        return next((one for one in self.actions if one.key == key), None)


Hook = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Content:
    """申请内容: what a case asks for, as its page shows it, and what a rule says of it now."""

    facts: tuple[Fact, ...]
    heading: str = ""
    ruling: Ruling[Any] | None = None


@dataclass(frozen=True, slots=True)
class ByApplicant:
    """本人申请: where a case begins whose applicant opens it himself, and the page on which he does.

    The counter opens its cases one step later: whoever stands there hands the papers over.
    """

    step: str
    opens_at: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """办理程序: the whole way of a matter, from who opens it to what its end brings about.

    ``on_enter`` and ``on_end`` run in the transaction of the decision that brings the case there (``case``, ``actor``,
    ``at``), that of the first step when the case is opened, too: what they refuse, the decision is refused by. ``page`` is where a case of this kind has a page of its own.
    """

    key: str
    title: str
    summary: str
    steps: tuple[Step, ...]
    opens: frozenset[Role]
    prefix: str
    cite: tuple[Clause, ...] = ()
    on_enter: Mapping[str, Hook] = field(default_factory=dict)
    on_end: Mapping[str, Hook] = field(default_factory=dict)
    #: Where such a case is opened; by the general form where it is empty.
    opens_at: str = ""
    by_applicant: ByApplicant | None = None
    page: Callable[["Case"], str] | None = None
    #: What the page of a case shows of what it asks for, on the legal day on which it is read.
    content: Callable[["Case", date], Content] | None = None
    #: The keys of materials that the place of a case asks for, of those that the declaration leaves open.
    asks_for: Callable[["Case"], frozenset[str]] | None = None

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise ValueError(f"the procedure {self.key} cannot work: " + "; ".join(faults))

    @property
    def first(self) -> Step:
        """Where a case begins that the staff opens."""
        return next(step for step in self.steps if self.by_applicant is None or step.key != self.by_applicant.step)

    def begins(self, role: str) -> Step:
        """Where a case begins that a role opens."""
        own = self.step(self.by_applicant.step) if self.by_applicant and role == Role.SELF else None
        return own or self.first

    def needed(self, case: "Case", step: Step) -> frozenset[str]:
        """The keys of the materials without which a case does not leave a step."""
        open_ = {one.key for one in step.materials if not one.required}
        local = self.asks_for(case) & open_ if self.asks_for is not None and open_ else frozenset()
        return frozenset(one.key for one in step.materials if one.required) | local

    def opened_at(self, role: str) -> str:
        """The page on which a role opens such a case; empty for the general form."""
        return self.by_applicant.opens_at if self.by_applicant and role == Role.SELF else self.opens_at

    def step(self, key: str) -> Step | None:
        """The step of that key."""
        return next((one for one in self.steps if one.key == key), None)

    def edges(self) -> list[tuple[str, str, str]]:
        """Every move that may happen: (from, action, to); the first brings the case into being, from nowhere."""
        made = [("", OPEN, key) for key in dict.fromkeys((self.first.key, self.begins(Role.SELF).key))]
        made += [(step.key, action.key, action.to) for step in self.steps for action in step.actions]
        return made + [(step.key, WITHDRAW, WITHDRAWN) for step in self.steps if step.is_withdrawable]

    @property
    def version(self) -> str:
        """Another set of moves is another version; each decision names the one that it was taken under."""
        return sha256(repr(sorted(self.edges())).encode()).hexdigest()[:12]

    def title_of(self, place: str) -> str:
        """What a step or an end is called."""
        found = self.step(place)
        return found.title if found else ENDS.get(place, place)


def _faults(procedure: Procedure) -> Iterable[str]:
    keys = [step.key for step in procedure.steps]
    if not keys:
        yield "it has no step"
        return
    if len(set(keys)) != len(keys) or set(keys) & set(ENDS):
        yield "its steps do not have keys of their own"
    places = {*keys, *ENDS}
    reached = {procedure.first.key, procedure.begins(Role.SELF).key}
    ways = {step.key: {a.to for a in step.actions} for step in procedure.steps}
    leave: set[str] = set()
    for _ in keys:
        reached |= {to for key in reached & set(ways) for to in ways[key]}
        leave |= {key for key, to in ways.items() if to & {*ENDS, *leave}}
    yield from (f"{key} leads to no end" for key in keys if key not in leave)
    yield from _misfits(procedure)
    for step in procedure.steps:
        names = [action.key for action in step.actions]
        if step.key not in reached:
            yield f"nobody reaches {step.key}"
        if not step.roles <= BUSINESS | {Role.SELF} or not step.roles:
            yield f"{step.key} is for nobody who may work on cases"
        if len(set(names)) != len(names) or WITHDRAW in names:
            yield f"{step.key} has two actions of one key"
        yield from (f"{step.key}.{a.key} leads nowhere" for a in step.actions if a.to not in places)
        if step.notice and (step.action(step.notice.then) is None):
            yield f"the notice of {step.key} has no end"
        if step.notice and not any(a.by_hand and a.outcome in (Outcome.RETURN, Outcome.REFUSE) for a in step.actions):
            yield f"nobody can return or refuse in {step.key} when an objection is right"
        yield from (
            f"{step.key} is apart from {other}, which is no step" for other in step.apart_from if other not in keys
        )
        yield from (f"{m.key} is larger than any file" for m in step.materials if m.limit > LIMIT)
    if DONE not in reached:
        yield "no case is ever done"
    yield from (f"a hook for {place}, which is no place" for place in {*procedure.on_enter, *procedure.on_end} - places)


def _misfits(procedure: Procedure) -> Iterable[str]:
    """What the tables would not hold, and what means nothing."""
    if not procedure.opens <= BUSINESS | {Role.SELF} or not procedure.opens:
        yield "it is opened by nobody who may work on cases"
    if (own := procedure.by_applicant) is not None:
        step = procedure.step(own.step)
        if step is None or Role.SELF not in step.roles & procedure.opens:
            yield f"no applicant opens it in {own.step}"
    if len(procedure.key) > _NAME or not 0 < len(procedure.prefix) <= _PREFIX:
        yield "its key or the beginning of its numbers is too long"
    for step in procedure.steps:
        if len(step.key) > _KEY or any(len(a.key) > _KEY or len(a.label) > _LABEL for a in step.actions):
            yield f"a key or label in {step.key} is too long"
        periods = [one for one in (step.period, step.notice and step.notice.period) if isinstance(one, Period)]
        yield from (f"a period of {step.key} is no period" for one in periods if not 0 < one.length <= LONGEST)
        materials = [one.key for one in step.materials]
        if len(set(materials)) != len(materials) or any(len(key) > _KEY for key in materials):
            yield f"the materials of {step.key} do not have keys of their own"


PROCEDURES: dict[str, Procedure] = {}


def declare(procedure: Procedure) -> Procedure:
    """Make a procedure known. Raises: ValueError when its key or prefix is taken: our bug."""
    known = PROCEDURES.setdefault(procedure.key, procedure)
    if known is not procedure and known.version != procedure.version:
        raise ValueError(f"the procedure {procedure.key} is declared twice")
    if any(one.prefix == procedure.prefix and one.key != procedure.key for one in PROCEDURES.values()):
        raise ValueError(f"the numbers of {procedure.key} begin as those of another procedure")
    return known


__all__ = ["DAYS", "DONE", "MONTHS", "REFUSED", "WITHDRAWN", "WORKING", "Action", "Content", "MaterialKind", "Outcome", "Period", "PeriodOf", "Procedure", "PublicNotice", "Step", "declare"]  # fmt: skip
