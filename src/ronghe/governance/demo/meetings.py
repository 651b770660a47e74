"""联席会议 and 报告 of the demonstration: called on what is stuck, minuted, one decision at work; written, approved, archived."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from ronghe.kernel.regions.models import OrgUnit
from ronghe.policy.models import Zone

from .. import services
from ..models import AgendaItem, Meeting, WorkReport
from ..rules import reporting
from . import words
from .fates import month_end
from .stories import Stage

#: Meetings that were held, so many days before the last day, and one that is yet to come.
_HELD, _COMING = (440, 75), 8
#: As many stuck tasks come before a meeting.
_MOST = 3


@dataclass
class _Meeting:
    """One meeting on its way through the agenda."""

    zone: Zone
    stage: Stage
    on: date
    #: Who carries out what the meeting decides first, and until when; nobody where it decides no task.
    unit: OrgUnit | None = None
    due: date | None = None
    pk: int = 0

    def call(self, *, at: datetime) -> None:
        made = services.call_meeting(
            zone=self.zone,
            on=self.on,
            place=words.PLACE,
            convener=words.CONVENER,
            actor=self.stage.people.office,
            at=at,
        )
        self.pk = made.pk
        services.add_item(
            meeting_id=made.pk, matter=words.MATTER, situation=words.SITUATION, actor=self.stage.people.office, at=at
        )
        services.propose_agenda(meeting_id=made.pk, most=_MOST, actor=self.stage.people.office, at=at)

    def notify(self, *, at: datetime) -> None:
        services.notify_meeting(meeting_id=self.pk, actor=self.stage.people.office, at=at)

    def hold(self, *, at: datetime) -> None:
        first, *others = AgendaItem.objects.filter(meeting=self.pk).order_by("order")
        unit = self.unit.pk if self.unit else None
        decided = [services.Decided(first.pk, words.DECIDED if unit else words.HEARD, unit, self.due)]
        decided += [services.Decided(item.pk, words.DECISION) for item in others]
        services.hold_meeting(
            meeting_id=self.pk, attendance=words.ATTENDANCE, opening=words.OPENING, decided=decided,
            actor=self.stage.people.office, at=at,
        )  # fmt: skip

    def issue(self, *, at: datetime) -> None:
        services.issue_minutes(meeting_id=self.pk, actor=self.stage.people.office, at=at)

    def sign(self, *, at: datetime) -> None:
        """The unit takes over what the meeting has made of its decision."""
        task = AgendaItem.objects.get(meeting=self.pk, made__isnull=False).made
        assert task is not None
        assert self.unit is not None
        services.sign_for(task_id=task.pk, actor=self.stage.people.of(self.unit), at=at)


def call_meetings(zone: Zone, stage: Stage, *, unit: OrgUnit) -> None:
    """Two meetings that were held and minuted, the last with a task for ``unit``; and one to which people are invited."""
    agenda = stage.agenda
    stage.people.of(unit)
    for before in _HELD:
        one = _Meeting(zone, stage, agenda.workday(agenda.today - timedelta(days=before)))
        if before == _HELD[-1]:
            one.unit, one.due = unit, month_end(agenda.today, 6)
        day = agenda.add(one.on - timedelta(days=12), one.call)
        agenda.add(agenda.workday(day, 2), one.notify)
        agenda.add(one.on, one.hold)
        day = agenda.add(agenda.workday(one.on, 3), one.issue)
        if one.unit:
            agenda.add(agenda.workday(day, 2), one.sign)
    coming = _Meeting(zone, stage, agenda.workday(agenda.today + timedelta(days=_COMING)))
    day = agenda.add(agenda.today - timedelta(days=6), coming.call)
    agenda.add(agenda.workday(day, 2), coming.notify)


def write_reports(zone: Zone, stage: Stage) -> None:
    """The last year and the last quarter in approved reports; on the last month a bulletin that waits for approval."""
    begun = stage.people.first
    for kind, length in (("yearly", reporting.YEAR), ("quarterly", reporting.QUARTER), ("bulletin", reporting.MONTH)):
        ended = reporting.ended_periods(length, begun=begun, today=stage.agenda.today)
        if ended:
            _write(zone, stage, kind, ended[0])


def _write(zone: Zone, stage: Stage, kind: str, of: reporting.Period) -> None:
    agenda, office = stage.agenda, stage.people.office
    made: list[int] = []

    def write(*, at: datetime) -> None:
        found = services.write_report(zone=zone, kind=kind, period=of.key, actor=office, at=at)
        # An archived report never changes again: it is marked while it is a draft.
        WorkReport.objects.filter(pk=found.pk).update(is_demo=True)
        made.append(found.pk)

    day = agenda.add(agenda.workday(of.last, 6), write)
    day = agenda.add(
        agenda.workday(day, 2), lambda *, at: services.submit_report(report_id=made[0], actor=office, at=at)
    )
    if kind != "bulletin":
        agenda.add(agenda.workday(day, 2), partial(_approve, stage, made))


def _approve(stage: Stage, made: list[int], *, at: datetime) -> None:
    services.approve_report(report_id=made[0], actor=stage.people.leader, at=at)


def mark(zone: Zone) -> None:
    """Meetings show that they are made up."""
    Meeting.objects.filter(zone=zone).update(is_demo=True)
