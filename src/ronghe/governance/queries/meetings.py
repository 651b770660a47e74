"""Reads of meetings: the list, one with its agenda, and which tasks are stuck."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import legal_day
from ronghe.kernel.regions.models import OrgUnit
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.models import Zone

from ..errors import MeetingNotFound
from ..models import AgendaItem, Assignment, Extension, Meeting, ProgressReport, Sheet, Task
from ..rules.ledger import Light, State, why_light
from ..rules.meetings import Reason, Situation, Unanswered, rank, situation_text, why_stuck
from .cases import EXTENSION_KEY, SUBJECT
from .ledger import facts_of, light_on, limits_for


def meetings(actor: Actor, *, zone: str = "", state: str = "") -> QuerySet[Any]:
    """The meetings that the actor may see, newest first, each with the number of its items and of the tasks it has made."""
    counted = {"item_count": Count("items", distinct=True), "made_count": Count("items__made", distinct=True)}
    rows = Meeting.objects.visible_to(actor).select_related("zone", "paper").annotate(**counted)
    rows = rows.filter(zone=zone) if zone else rows
    return rows.filter(state=state) if state else rows


def meeting(meeting_id: int, *, actor: Actor) -> Meeting:
    """One meeting with its agenda. Raises: MeetingNotFound."""
    units = Assignment.objects.filter(ended_at=None).select_related("unit").order_by("order")
    items = AgendaItem.objects.select_related("task", "unit", "made").prefetch_related(Prefetch("task__units", units))
    rows = Meeting.objects.visible_to(actor).select_related("zone__seat", "paper", "made_by")
    found = rows.prefetch_related(Prefetch("items", items.order_by("order"))).filter(pk=meeting_id).first()
    if found is None:
        raise MeetingNotFound(meeting=meeting_id)
    return found


def units_of(zone: Zone) -> QuerySet[OrgUnit]:
    """The units that have a duty in the zone's ledger: any of them may be given what a meeting decides."""
    duties = Assignment.objects.filter(task__zone=zone, ended_at=None).values("unit")
    return OrgUnit.objects.filter(pk__in=duties).order_by("pinyin", "pk")


@dataclass(frozen=True, slots=True)
class StuckTask:
    """卡点任务: a task that a meeting has to settle, and why."""

    task: Task
    reasons: tuple[Reason, ...]
    situation: str
    was_decided: bool


def stuck_tasks(zone: Zone, *, day: date) -> list[StuckTask]:
    """The tasks of a zone that are stuck on a day, in the order in which they come before a meeting; a fixed number of queries."""
    limits = limits_for(zone, on=day)
    sheets = _unanswered(zone, day)
    refused = _refused(zone)
    lit = Q(light__in=(Light.OVERDUE.value, Light.BEHIND.value))
    rows: Any = Task.objects.filter(zone=zone).exclude(state__in=(State.LISTED, State.CLOSED, State.STOPPED))
    rows = rows.annotate(light=light_on(day, limits)).filter(lit | Q(needs_help=True) | Q(pk__in=[*sheets, *refused]))
    units = (
        Assignment.objects.filter(ended_at=None).exclude(duty="cooperating").select_related("unit").order_by("order")
    )
    tasks = list(rows.prefetch_related(Prefetch("units", units)))
    troubles = _troubles([task.pk for task in tasks if task.needs_help])
    decided = _decided_last(zone)
    found = []
    for task in tasks:
        light, why = why_light(facts_of(task, day=day), near_days=limits.near_days, behind_by=limits.behind_by)
        about = Situation(
            light, why, task.due, trouble=troubles.get(task.pk, ""), needs_help=task.needs_help,
            sheets=sheets.get(task.pk, ()), refused_on=refused.get(task.pk), was_decided=task.pk in decided,
        )  # fmt: skip
        reasons = why_stuck(about)
        if reasons:
            names = list(dict.fromkeys(row.unit.name for row in task.units.all()))
            said = situation_text(reasons, units=names, percent=task.percent)
            found.append((rank(about, reasons), task.order, StuckTask(task, reasons, said, about.was_decided)))
    return [one for *_, one in sorted(found, key=lambda row: row[:2])]


def _unanswered(zone: Zone, day: date) -> dict[int, tuple[Unanswered, ...]]:
    rows = Sheet.objects.filter(task__zone=zone, state=Sheet.State.OPEN, reply_by__lt=day).order_by("pk")
    found: dict[int, tuple[Unanswered, ...]] = {}
    for task, colour, unit, reply_by in rows.values_list("task", "colour", "unit__name", "reply_by"):
        found[task] = (*found.get(task, ()), Unanswered(colour, unit, reply_by))
    return found


def _refused(zone: Zone) -> dict[int, date]:
    """The last day on which an extension was refused, unless one was granted since."""
    rows = Case.objects.filter(procedure=EXTENSION_KEY, subject_type=SUBJECT, zone=zone, state=Case.State.REFUSED)
    ended = rows.order_by("closed_at").values_list("subject_id", "closed_at")
    found = {int(task): at for task, at in ended if at is not None}
    granted = Extension.objects.filter(task__in=list(found)).values_list("task", "at")
    later = {task for task, at in granted if at >= found[task]}
    return {task: legal_day(at) for task, at in found.items() if task not in later}


def _troubles(task_ids: list[int]) -> dict[int, str]:
    """What was in the way by the last report of each task."""
    rows = ProgressReport.objects.filter(task__in=task_ids).order_by("task", "-pk").distinct("task")
    return dict(rows.values_list("task", "trouble"))


def _decided_last(zone: Zone) -> set[int]:
    """The tasks on which the last meeting has decided."""
    last = Meeting.objects.filter(zone=zone, state=Meeting.State.MINUTED).order_by("-on", "-pk").first()
    if last is None:
        return set()
    rows = last.items.exclude(decision="").exclude(task=None)
    return set(rows.values_list("task_id", flat=True))
