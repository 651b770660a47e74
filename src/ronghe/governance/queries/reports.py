"""Reads of figures and reports: what happened to the tasks of a zone, the figures of a period, and whether they still hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Min, Prefetch, Q, QuerySet
from django.db.models.functions import TruncDate

from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import LEGAL_ZONE, legal_day
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.models import Clause, Zone

from ..errors import WorkReportNotFound
from ..models import Assignment, Extension, Figures, ProgressReport, ReportVersion, Sheet, Task, TaskMove, WorkReport
from ..rules import figures as rules
from ..rules.figures import Chased, Difference, Extended, Head, History, LightLimits, Moved, Refused, Reported
from ..rules.ledger import State
from .cases import EXTENSION_KEY, SUBJECT
from .ledger import limits_for

_AT_A_TIME = 5_000
NO_CHAPTER = ("", "会议议定和其他")
NO_TOPIC = ("", "未归领域")


def _day(path: str) -> TruncDate:
    """The legal day of an instant, by the database."""
    return TruncDate(path, tzinfo=LEGAL_ZONE)


def history_of(zone: Zone, *, until: date) -> History:
    """Everything that happened to the tasks of a zone up to the end of a day; five queries however much it is."""
    return History(
        moves=list(_moves(zone, until)),
        reports=list(_reports(zone, until)),
        extensions=list(_extensions(zone, until)),
        refusals=list(_refusals(zone, until)),
        sheets=list(_sheets(zone, until)),
    )


def _rows(rows: QuerySet[Any], until: date, *columns: Any) -> Iterator[Any]:
    found = rows.annotate(on_day=_day("at")).filter(on_day__lte=until)
    yield from found.values_list(*columns, "on_day").iterator(chunk_size=_AT_A_TIME)


def _moves(zone: Zone, until: date) -> Iterator[Moved]:
    states = {state.value: state for state in State}
    rows = TaskMove.objects.filter(task__zone=zone).order_by("task", "number")
    for task, to, on in _rows(rows, until, "task", "to_state"):
        yield Moved(task, states[to], on)


def _reports(zone: Zone, until: date) -> Iterator[Reported]:
    rows = ProgressReport.objects.filter(task__zone=zone).order_by("pk")
    for task, total, needs_help, trouble, on in _rows(rows, until, "task", "total", "needs_help", "trouble"):
        yield Reported(task, total, needs_help, trouble, on)


def _extensions(zone: Zone, until: date) -> Iterator[Extended]:
    for task, after, on in _rows(Extension.objects.filter(task__zone=zone).order_by("pk"), until, "task", "after"):
        yield Extended(task, after, on)


def _refusals(zone: Zone, until: date) -> Iterator[Refused]:
    rows = Case.objects.filter(procedure=EXTENSION_KEY, subject_type=SUBJECT, zone=zone, state=Case.State.REFUSED)
    for task, at in rows.order_by("closed_at", "pk").values_list("subject_id", "closed_at"):
        if at is not None and legal_day(at) <= until:
            yield Refused(int(task), legal_day(at))


def _sheets(zone: Zone, until: date) -> Iterator[Chased]:
    rows = (
        Sheet.objects.filter(task__zone=zone)
        .order_by("pk")
        .values_list(
            "task", "unit__name", "colour", "reply_by", "issued_at", "answered_at", "ended_at", "followed_by__issued_at"
        )
    )
    for task, unit, colour, reply_by, issued, answered, ended, followed in rows.iterator(chunk_size=_AT_A_TIME):
        days = [legal_day(at) if at else None for at in (answered, ended or followed)]
        if legal_day(issued) <= until:
            yield Chased(task, unit, colour, reply_by, legal_day(issued), *days)


def heads_of(zone: Zone, *, until: date) -> list[Head]:
    """The heads of the tasks of a zone, with the units that answered for them at the end of a day; four queries."""
    clauses = Clause.objects.filter(document__zone=zone, depth=1).order_by("document__date_made")
    names = dict(clauses.values_list("path__0", "title"))
    then = Q(ended_at=None) | Q(ended_on__gt=until)
    duties = Assignment.objects.annotate(ended_on=_day("ended_at")).filter(then).exclude(duty="cooperating")
    units: dict[int, dict[int, str]] = {}
    rows = duties.filter(task__zone=zone).order_by("task", "order").values_list("task", "unit", "unit__name")
    for task, unit, name in rows.iterator(chunk_size=_AT_A_TIME):
        units.setdefault(task, {})[unit] = name
    tasks = (
        Task.objects.filter(zone=zone)
        .order_by("order")
        .values_list(
            "pk", "label", "title", "chapter", "topic", "topic__title", "first_due", "parent", "decided_by", "order"
        )
    )
    return [
        Head(
            pk, label, title, (chapter, f"{chapter}、{names.get(chapter, '')}".rstrip("、")) if chapter else NO_CHAPTER,
            (str(topic), topic_title) if topic else NO_TOPIC, first_due, tuple(units.get(pk, {}).items()),
            is_made=parent is not None or decided is not None, order=order,
        )
        for pk, label, title, chapter, topic, topic_title, first_due, parent, decided, order in tasks
    ]  # fmt: skip


def told(zone: Zone, *, first: date, last: date) -> dict[str, Any]:
    """The figures of a period as plain data, from the record."""
    limits = limits_for(zone, on=last)
    return rules.told(
        heads_of(zone, until=last), history_of(zone, until=last), first=first, last=last,
        limits=LightLimits(limits.near_days, limits.behind_by),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verification:
    """核对: whether frozen figures are what the record says, and where they differ."""

    is_whole: bool
    differences: tuple[Difference, ...]

    @property
    def is_same(self) -> bool:
        return self.is_whole and not self.differences


def verify_figures(figures: Figures) -> Verification:
    """Tell frozen figures again from the record; ``is_whole`` is whether their digest still fits."""
    history = history_of(figures.zone, until=figures.last)
    is_whole = rules.digest_of(figures.told) == figures.digest
    return Verification(is_whole, tuple(rules.differences(figures.told, history)))


def begun_on(zone: Zone) -> date | None:
    """The day on which the first task of a zone was handed out."""
    at = TaskMove.objects.filter(task__zone=zone).aggregate(first=Min("at"))["first"]
    return legal_day(at) if at else None


def work_reports(actor: Actor, *, zone: str = "", kind: str = "", state: str = "") -> QuerySet[Any]:
    """The reports that the actor may see, newest first; figures without their data."""
    rows = WorkReport.objects.visible_to(actor).select_related("zone", "figures", "paper", "made_by")
    rows = rows.defer("figures__told").annotate(version=Max("versions__number"))
    wanted = {"zone": zone, "kind": kind, "state": state}
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def work_report(report_id: int, *, actor: Actor) -> WorkReport:
    """One report with its figures and versions. Raises: WorkReportNotFound."""
    rows = WorkReport.objects.visible_to(actor).select_related(
        "zone__seat", "figures__zone", "paper", "made_by", "submitted_by"
    )
    versions = ReportVersion.objects.select_related("user").order_by("-number")
    found = rows.prefetch_related(Prefetch("versions", versions)).filter(pk=report_id).first()
    if found is None:
        raise WorkReportNotFound(report=report_id)
    return found
