"""What of plans the search finds: zones, tasks, clauses, units, documents."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from ronghe.kernel.pages.search import MOST, Finder, Hit, Sought

from . import queries
from .models import Clause, OrderedTask, PolicyDocument, TaskUnit, Zone
from .permissions import PLAN_VIEW


def _in_zone(path: str, sought: Sought) -> Q:
    return Q(**{path: sought.zone}) if sought.zone else Q()


def _zones(sought: Sought) -> Sequence[Hit]:
    text = sought.text
    found = Zone.objects.visible_to(sought.actor).filter(Q(title__icontains=text) | Q(short__icontains=text))
    return [Hit(z.title, "试验区", reverse("portal:zone", args=[z.slug])) for z in found[:MOST]]


def _tasks(sought: Sought) -> Sequence[Hit]:
    text = sought.text
    found = (
        OrderedTask.objects.visible_to(sought.actor)
        .alias(words=queries.KEYWORDS)
        .filter(_in_zone("zone_id", sought), queries.named(text) | Q(clause__label=text))
        .select_related("zone", "clause")
        .order_by("zone_id", "order")
    )
    return [
        Hit(
            t.title,
            " · ".join([f"{t.zone.short} {t.clause.label}", *(k for k in t.keywords if text.lower() in k.lower())]),
            reverse("policy:task", args=[t.zone_id, t.pk]),
        )
        for t in found[:MOST]
    ]


def _clauses(sought: Sought) -> Sequence[Hit]:
    text = sought.text
    found = (
        Clause.objects.visible_to(sought.actor)
        .exclude(document__zone=None)
        .filter(_in_zone("document__zone_id", sought), Q(title__icontains=text) | Q(label=text), tasks=None)
        .select_related("document__zone")
        .order_by("document__zone_id", "order")
    )
    return [
        Hit(
            c.title,
            f"{c.document.zone.short if c.document.zone else ''} {c.label}",
            f"{reverse('policy:clauses', args=[c.document.zone_id, c.document.key])}#c{c.pk}",
        )
        for c in found[:MOST]
    ]


def _units(sought: Sought) -> Sequence[Hit]:
    text = sought.text
    seen = OrderedTask.objects.visible_to(sought.actor)
    found = (
        TaskUnit.objects.filter(_in_zone("task__zone_id", sought), task__in=seen)
        .filter(Q(unit__name__icontains=text) | Q(unit__aliases__icontains=text))
        .order_by("unit__pinyin", "task__zone_id")
        .values_list("unit_id", "unit__name", "task__zone_id", "task__zone__short")
        .distinct()
    )
    return [Hit(name, short, reverse("policy:unit", args=[slug, pk])) for pk, name, slug, short in found[:MOST]]


def _documents(sought: Sought) -> Sequence[Hit]:
    text = sought.text
    found = (
        PolicyDocument.objects.visible_to(sought.actor)
        .exclude(zone=None)
        .filter(
            _in_zone("zone_id", sought),
            Q(title__icontains=text) | Q(number__icontains=text) | Q(issuer__icontains=text),
        )
    )
    return [
        Hit(d.title, d.number or d.issuer, reverse("policy:document", args=[d.zone_id, d.key])) for d in found[:MOST]
    ]


FINDERS = (
    Finder("试验区", 10, _zones, PLAN_VIEW),
    Finder("任务", 20, _tasks, PLAN_VIEW),
    Finder("条款", 40, _clauses, PLAN_VIEW),
    Finder("单位", 50, _units, PLAN_VIEW),
    Finder("文件", 60, _documents, PLAN_VIEW),
)
