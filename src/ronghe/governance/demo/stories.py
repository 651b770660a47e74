"""What happens to one task of the demonstration: its acts are put on the agenda, each by the service that people use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from ronghe.kernel.actors import Actor
from ronghe.kernel.regions.models import OrgUnit
from ronghe.mechanisms.casework import services as casework
from ronghe.policy.models import Duty

from .. import services
from ..models import Node
from . import words
from .agenda import Agenda
from .fates import Course, Fate, month_end, quarter_ends
from .people import People

#: So many quarters back are told of; before that the ledger was not kept so closely.
_MOST_REPORTS = 4


@dataclass(frozen=True)
class Stage:
    """What all stories of a zone share."""

    people: People
    agenda: Agenda
    #: One file that shows something, kept once.
    evidence: bytes


@dataclass
class Story:
    """One task: what its units are, and what has become known of it so far."""

    stage: Stage
    course: Course
    room: str
    units: Sequence[tuple[OrgUnit, str]]
    rng: Random
    task_id: int | None = None
    case_id: int | None = None
    sheet_id: int | None = None
    #: What stands in the way of the last report, where it is to be told in other words than the room's.
    trouble: str = ""
    is_part: bool = False

    def __post_init__(self) -> None:
        leads = [unit for unit, duty in self.units if duty == Duty.LEAD]
        others = [unit for unit, duty in self.units if duty == Duty.RESPONSIBLE and unit not in leads]
        self.leads, self.answering = leads, leads or others
        #: Whose progress counts all sign; of the others the first two.
        self.signing = [*leads, *(others[:2] if leads else others)]
        self.total = self.rng.randint(*words.WORDINGS[self.room].total)

    @property
    def agenda(self) -> Agenda:
        return self.stage.agenda

    def actor(self, unit: OrgUnit) -> Actor:
        return self.stage.people.of(unit)

    def tell(self) -> None:
        """Put the whole course on the agenda."""
        fate = self.course.fate
        if fate in (Fate.LISTED, Fate.UNSIGNED):
            return
        signed = self._sign()
        if fate is Fate.SIGNED:
            return
        if not self.is_part and self.rng.random() < 0.6:
            self._add_nodes(signed)
        last = self._report_all(signed)
        if self.course.has_whole_file:
            self._close(last)
        elif fate is Fate.STOPPED:
            self._stop(last)
        elif fate in (Fate.NEAR, Fate.OVERDUE, Fate.EXTENDED):
            self._ask_later(fate)
        self._chase(fate, last)

    # -- signing, nodes, reports -------------------------------------------------------------------------------------

    def _sign(self) -> date:
        """All sign, some of them weeks late; the day on which the last has."""
        late = 21 if self.rng.random() < 0.15 and self.course.fate is not Fate.SIGNED else 0
        last = self.course.issued
        for unit in self.signing:
            day = self.agenda.workday(self.course.issued, self.rng.randint(1, 4) + late)
            last = max(last, self.agenda.add(day, partial(self._sign_as, self.actor(unit))))
        return last

    def _sign_as(self, who: Actor, *, at: datetime) -> None:
        services.sign_for(task_id=self._task, actor=who, at=at)

    @property
    def _task(self) -> int:
        assert self.task_id is not None, "the task was not made yet"
        return self.task_id

    def _add_nodes(self, signed: date) -> None:
        who, span = self.actor(self.answering[0]), (self.course.due - signed).days
        day = self.agenda.workday(signed, 2)
        for place, text in enumerate(words.NODES, start=1):
            due = min(month_end(signed + timedelta(days=span * place // 3)), self.course.due - timedelta(days=1))

            self.agenda.add(day, partial(self._add_node, who, due, text))
            day = self.agenda.workday(day, 1)

    def _add_node(self, who: Actor, due: date, text: str, *, at: datetime) -> None:
        services.add_node(task_id=self._task, due=due, text=text, actor=who, at=at)

    def _report_all(self, signed: date) -> date:
        """The reports of all whose progress counts; the day of the last."""
        course, latest = self.course, signed
        days = quarter_ends(signed + timedelta(days=10), course.until - timedelta(days=20))[-_MOST_REPORTS:]
        if self.rng.random() < 0.2:  # some report monthly towards the end
            days += [day for day in (month_end(course.until, -2), month_end(course.until, -1)) if day > signed]
        days = [*sorted({day for day in days if day < course.until - timedelta(days=5)}), course.until]
        for place, unit in enumerate(self.answering):
            own = days if place == 0 or self.leads else days[-1:]
            end = course.percent if course.percent == 100 else max(3, course.percent + self.rng.randint(-2, 2))
            for n, (on, percent) in enumerate(self._percents(own, signed, end)):
                stage = course.fate is Fate.STAGED and place == 0 and n == max(0, len(own) - 2)
                latest = max(latest, self._report(unit, on, percent, is_last=n == len(own) - 1, stage=stage))
        return latest

    def _percents(self, days: Sequence[date], signed: date, end: int) -> list[tuple[date, int]]:
        """Progress grows with time up to the end; who is behind had claimed more and is set right."""
        span = max(1, (days[-1] - signed).days)
        rows = [(day, min(end, end * (day - signed).days // span)) for day in days]
        if self.course.fate is Fate.BEHIND and len(rows) > 1:
            rows[-2] = (rows[-2][0], end + 4)
        return rows

    def _report(self, unit: OrgUnit, on: date, percent: int, *, is_last: bool, stage: bool = False) -> date:
        who, hard = self.actor(unit), self.course.fate in (Fate.BEHIND, Fate.OVERDUE)
        text = words.progress(self.room, percent, self.total, self.rng)
        trouble = words.trouble(self.room, self.rng) if (hard and is_last) or self.rng.random() < 0.12 else ""
        if is_last and self.trouble:
            trouble = self.trouble
        elif is_last and self.course.fate is Fate.BEHIND:
            trouble = f"{words.FELL}{trouble}"
        needs_help = bool(trouble) and (self.course.fate is Fate.OVERDUE or self.rng.random() < 0.3)
        files = [("佐证材料.pdf", self.stage.evidence)] if percent == 100 or stage or self.rng.random() < 0.08 else []
        leads = unit == self.answering[0]

        def act(at: datetime) -> None:
            services.report_progress(
                task_id=self._task, on=on, percent=percent, text=f"取得阶段成效：{text}" if stage else text, trouble=trouble,
                needs_help=needs_help, is_stage_result=stage, node_id=self._node(on, percent) if leads else None,
                evidence=files, actor=who, at=at,
            )  # fmt: skip

        return self.agenda.add(self.agenda.workday(on, self.rng.randint(1, 4)), act)

    def _node(self, on: date, percent: int) -> int | None:
        """The next node that was to be reached by a day; whoever is done has reached the last, too."""
        nodes = Node.objects.filter(task=self._task, reached_on=None).order_by("due", "order")
        if percent < 100:
            nodes = nodes.filter(due__lte=on, due__lt=self.course.due)
        return nodes.values_list("pk", flat=True).first()

    # -- closing, stopping, later deadlines ---------------------------------------------------------------------------

    def _close(self, last: date) -> None:
        """申请办结, perhaps returned once, checked by the office, approved by the leader: as far as the fate goes."""
        fate, people = self.course.fate, self.stage.people
        lead = self.leads[0] if self.leads else None
        others = [unit for unit in self.signing if unit not in self.leads] if lead else []
        unit = others[0] if others and self.rng.random() < 0.5 else self.answering[0]
        reviewer = self.actor(lead) if lead and lead != unit else None
        day = self._apply(unit, reviewer, self.agenda.workday(last, 1), self.rng.choice(words.STATEMENTS))
        if fate is Fate.APPLIED:
            return
        if fate is Fate.RETURNED or (fate is Fate.CLOSED and self.rng.random() < 0.34):
            day = self._act("return", people.second, self.agenda.workday(day, 3), words.RETURNS)
            if fate is Fate.RETURNED:
                return
            day = self._report(self.answering[0], self.agenda.workday(day, 3), 100, is_last=False)
            day = self._apply(unit, reviewer, self.agenda.workday(day, 1), words.ADDED)
        on_site = self.rng.random() < 0.5
        day = self._act(
            "verify_on_site" if on_site else "verify_by_paper", people.second, self.agenda.workday(day, 3),
            words.ON_SITE if on_site else words.ON_PAPER,
        )  # fmt: skip
        if fate is Fate.CLOSED:
            self._act("close", people.leader, self.agenda.workday(day, 2), words.CLOSED)

    def _apply(self, unit: OrgUnit, reviewer: Actor | None, day: date, statement: str) -> date:
        who, file = self.actor(unit), ("完成情况佐证.pdf", self.stage.evidence)

        def act(at: datetime) -> None:
            made = services.apply_to_close(task_id=self._task, statement=statement, evidence=[file], actor=who, at=at)
            self.case_id = made.pk

        day = self.agenda.add(day, act)
        return self._act("pass", reviewer, self.agenda.workday(day, 2), words.PASSED) if reviewer else day

    def _act(self, action: str, who: Actor, day: date, reason: str) -> date:
        def act(at: datetime) -> None:
            assert self.case_id is not None
            casework.act(case_id=self.case_id, action=action, seen=None, reason=reason, actor=who, at=at)

        return self.agenda.add(day, act)

    def _stop(self, last: date) -> None:
        office, reason = self.stage.people.office, self.rng.choice(words.STOPS)
        self.agenda.add(
            self.agenda.workday(last, 5),
            lambda *, at: services.stop_task(task_id=self._task, reason=reason, actor=office, at=at),
        )

    def _ask_later(self, fate: Fate) -> None:
        """Ask for a later deadline in time: granted, refused, or not yet decided."""
        if self.is_part:
            return
        who, due = self.actor(self.answering[0]), self.course.due
        until, reason = month_end(due, 12 if fate is Fate.EXTENDED else 4), self.rng.choice(words.EXTENSIONS)

        def ask(at: datetime) -> None:
            made = services.ask_extension(task_id=self._task, until=until, reason=reason, actor=who, at=at)
            self.case_id = made.pk

        day = self.agenda.add(due - timedelta(days=8 if fate is Fate.NEAR else 33), ask)
        if fate is not Fate.NEAR:
            granted = fate is Fate.EXTENDED
            said = words.GRANTED if granted else words.REFUSED
            self._act("grant" if granted else "refuse", self.stage.people.leader, self.agenda.workday(day, 3), said)

    # -- sheets --------------------------------------------------------------------------------------------------------

    def _chase(self, fate: Fate, last: date) -> None:
        """Sheets by the light: blue, answered and closed; yellow and answered; yellow, then red and not answered."""
        if fate is Fate.NEAR:
            day = self._sheet(1, self.agenda.workday(self.agenda.today - timedelta(days=2)))
            day = self._answer(self.agenda.workday(day, 1))
            self._settle(self.agenda.workday(day, 1))
        elif fate is Fate.BEHIND:
            self._answer(self.agenda.workday(self._sheet(2, self.agenda.workday(last, 1)), 2))
        elif fate is Fate.OVERDUE and not self.is_part:
            day = self._sheet(2, self.agenda.workday(self.course.due, 2))
            self._sheet(3, self.agenda.workday(day, 8))

    def _sheet(self, rank: int, day: date, matter: str = "") -> date:
        unit, office = self.answering[0], self.stage.people.office
        why, demand = words.MATTERS[rank]

        def act(at: datetime) -> None:
            made = services.issue_sheet(
                task_id=self._task, unit_id=unit.pk, rank=rank, matter=matter or why, demand=demand, actor=office, at=at
            )
            self.sheet_id = made.pk

        return self.agenda.add(day, act)

    def _answer(self, day: date) -> date:
        who, answer = self.actor(self.answering[0]), self.rng.choice(words.ANSWERS)

        def act(at: datetime) -> None:
            assert self.sheet_id is not None
            services.answer_sheet(sheet_id=self.sheet_id, answer=answer, actor=who, at=at)

        return self.agenda.add(day, act)

    def _settle(self, day: date) -> None:
        def act(at: datetime) -> None:
            assert self.sheet_id is not None
            services.close_sheet(
                sheet_id=self.sheet_id, outcome=words.SETTLED, actor=self.stage.people.second, at=at
            )  # fmt: skip

        self.agenda.add(day, act)

    def warn(self, matter: str) -> None:
        """A red sheet after the last day, which nobody answers."""
        self._sheet(3, self.agenda.workday(self.course.due, 10), matter)
