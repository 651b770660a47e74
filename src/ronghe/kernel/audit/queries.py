"""Reads of the record, for auditors and for the history of a single row."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import LEGAL_ZONE

from .errors import EventNotFound
from .models import Block, Event, SealedEvent, Verification, Waiting


def events(
    actor: Actor,
    *,
    since: date | None = None,
    until: date | None = None,
    verb: str = "",
    user: str = "",
    division: str = "",
    subject: str = "",
) -> QuerySet[Event]:
    """The events that ``actor`` may see, with the names of user and division, narrowed as asked.

    Args: ``since`` and ``until`` are legal days, both included; ``verb`` the beginning of a verb; ``user`` a login name
    or number; ``division`` a code, with everything below; ``subject`` ``type`` or ``type:id``.
    """
    rows = Event.objects.visible_to(actor)
    if since:
        rows = rows.filter(at__gte=_midnight(since))
    if until:
        rows = rows.filter(at__lt=_midnight(until + timedelta(days=1)))
    if verb:
        rows = rows.filter(verb__startswith=verb)
    if user:
        rows = rows.filter(user_id__in=_users(user))
    if division:
        closure = apps.get_model("regions", "DivisionClosure").objects.filter(ancestor_id=division)
        rows = rows.filter(division__in=closure.values("descendant_id"))
    if subject:
        kind, _, key = subject.partition(":")
        rows = rows.filter(subject_type=kind, subject_id=key) if key else rows.filter(subject_type=kind)
    return _named(rows)


def event(event_id: int, *, actor: Actor) -> Event:
    """One event. Raises: EventNotFound."""
    found = _named(Event.objects.visible_to(actor)).filter(pk=event_id).first()
    if found is None:
        raise EventNotFound(event_id=event_id)
    return found


def events_of(subject: models.Model) -> QuerySet[Event]:
    """The history of one row, newest first, for its record page: the caller has asked whether the row may be seen."""
    rows = Event.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return _named(rows).order_by("-at", "-pk")


def place_of(found: Event) -> SealedEvent | None:
    """Position and block of an event; ``None`` while it waits to be sealed."""
    return SealedEvent.objects.filter(event_id=found.pk).select_related("block").first()


@dataclass(frozen=True, slots=True)
class SealState:
    """封存状态: how far the record is sealed, and what the last verifications said."""

    last: Block | None
    waiting: int
    oldest_waiting: datetime | None
    verifications: list[Verification]


def seal_state() -> SealState:
    """The state of the seal; it holds nothing of anybody's matters, so that every auditor sees the same."""
    waiting = Event.objects.filter(pk__in=Waiting.objects.values("event_id"))
    return SealState(
        last=Block.objects.order_by("-number").first(),
        waiting=Waiting.objects.count(),
        oldest_waiting=waiting.aggregate(oldest=models.Min("at"))["oldest"],
        verifications=list(Verification.objects.order_by("-at", "-pk")[:20]),
    )


def events_by_day(actor: Actor, *, last: date, days: int = 14) -> list[tuple[date, int]]:
    """How many events the actor may see on each of the ``days`` up to ``last``; days without any are zero."""
    first = last - timedelta(days=days - 1)
    counted = dict(
        Event.objects.visible_to(actor)
        .filter(at__gte=_midnight(first), at__lt=_midnight(last + timedelta(days=1)))
        .annotate(day=TruncDate("at", tzinfo=LEGAL_ZONE))
        .values_list("day")
        .annotate(number=Count("pk"))
    )
    return [(day, counted.get(day, 0)) for day in (first + timedelta(days=n) for n in range(days))]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, LEGAL_ZONE)


def _users(text: str) -> Any:
    wanted = Q(username=text.lower()) | Q(display_name=text)
    if text.isascii() and text.isdigit() and len(text) <= 18:
        wanted |= Q(pk=int(text))
    return get_user_model()._default_manager.filter(wanted).values_list("pk", flat=True)


def _named(rows: QuerySet[Event]) -> QuerySet[Event]:
    # By number and code, not by foreign key: the record depends on no other table.
    users = get_user_model()._default_manager.filter(pk=OuterRef("user_id"))
    divisions = apps.get_model("regions", "Division").objects.filter(pk=OuterRef("division"))
    return rows.annotate(
        user_name=Subquery(users.values("display_name")[:1]), division_name=Subquery(divisions.values("name")[:1])
    )
