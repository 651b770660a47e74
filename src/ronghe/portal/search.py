"""Search across everything that the actor may see, grouped by kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from ronghe.kernel.actors import Actor
from ronghe.kernel.regions.models import Division
from ronghe.policy import queries
from ronghe.policy.models import Clause, OrderedTask, PolicyDocument, TaskUnit, Zone

#: How many of each kind one page shows.
EACH = 12
#: The longest text that is searched for.
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found."""

    label: str
    context: str
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; ``more`` says that there is more than is shown."""

    title: str
    hits: Sequence[Hit]
    more: bool


def search(text: str, *, actor: Actor, zone: str = "") -> list[Group]:
    """Everything whose name holds ``text``; only in one zone when ``zone`` is given."""
    groups = []
    for title, find in _FINDERS:
        hits = find(text, actor, zone)
        if hits:
            groups.append(Group(title, hits[:EACH], len(hits) > EACH))
    return groups


def _in_zone(path: str, zone: str) -> Q:
    return Q(**{path: zone}) if zone else Q()


def _zones(text: str, actor: Actor, zone: str) -> list[Hit]:
    found = Zone.objects.visible_to(actor).filter(Q(title__icontains=text) | Q(short__icontains=text))
    return [Hit(z.title, "试验区", reverse("portal:zone", args=[z.slug])) for z in found[: EACH + 1]]


def _documents(text: str, actor: Actor, zone: str) -> list[Hit]:
    found = (
        PolicyDocument.objects.visible_to(actor)
        .exclude(zone=None)
        .filter(
            _in_zone("zone_id", zone), Q(title__icontains=text) | Q(number__icontains=text) | Q(issuer__icontains=text)
        )
    )
    return [
        Hit(d.title, d.number or d.issuer, reverse("policy:document", args=[d.zone_id, d.key]))
        for d in found[: EACH + 1]
    ]


def _tasks(text: str, actor: Actor, zone: str) -> list[Hit]:
    found = (
        OrderedTask.objects.visible_to(actor)
        .alias(words=queries.KEYWORDS)
        .filter(_in_zone("zone_id", zone), queries.named(text) | Q(clause__label=text))
        .select_related("zone", "clause")
        .order_by("zone_id", "order")
    )
    return [
        Hit(
            t.title,
            " · ".join([f"{t.zone.short} {t.clause.label}", *(k for k in t.keywords if text.lower() in k.lower())]),
            reverse("policy:task", args=[t.zone_id, t.pk]),
        )
        for t in found[: EACH + 1]
    ]


def _clauses(text: str, actor: Actor, zone: str) -> list[Hit]:
    found = (
        Clause.objects.visible_to(actor)
        .exclude(document__zone=None)
        .filter(_in_zone("document__zone_id", zone), Q(title__icontains=text) | Q(label=text), tasks=None)
        .select_related("document__zone")
        .order_by("document__zone_id", "order")
    )
    return [
        Hit(
            c.title,
            f"{c.document.zone.short if c.document.zone else ''} {c.label}",
            f"{reverse('policy:clauses', args=[c.document.zone_id, c.document.key])}#c{c.pk}",
        )
        for c in found[: EACH + 1]
    ]


def _units(text: str, actor: Actor, zone: str) -> list[Hit]:
    found = (
        TaskUnit.objects.filter(_in_zone("task__zone_id", zone), task__in=OrderedTask.objects.visible_to(actor))
        .filter(Q(unit__name__icontains=text) | Q(unit__aliases__icontains=text))
        .order_by("unit__pinyin", "task__zone_id")
        .values_list("unit_id", "unit__name", "task__zone_id", "task__zone__short")
        .distinct()
    )
    return [Hit(name, short, reverse("policy:unit", args=[slug, pk])) for pk, name, slug, short in found[: EACH + 1]]


def _divisions(text: str, actor: Actor, zone: str) -> list[Hit]:
    found = Division.objects.visible_to(actor).filter(
        Q(name__icontains=text) | Q(code=text) | Q(former_names__name__icontains=text) | Q(former_names__code=text)
    )
    if zone:
        found = found.filter(ancestors__ancestor__zones__slug=zone)
    hits = []
    for division in found.distinct().order_by("code").prefetch_related("former_names")[: EACH + 1]:
        above = Zone.objects.visible_to(actor).filter(divisions__descendants__descendant_id=division.code)
        home = (above.filter(slug=zone) if zone else above).order_by("slug").first()
        former = "、".join(f.name for f in division.former_names.all())
        where = f"{division.get_level_display()} · {division.code}" + (f" · 曾用名 {former}" if former else "")
        hits.append(
            Hit(
                division.name,
                where,
                f"{reverse('portal:map', args=[home.slug])}?area={division.code}" if home else "",
            )
        )
    return hits


_FINDERS: tuple[tuple[str, Callable[[str, Actor, str], list[Hit]]], ...] = (
    ("试验区", _zones),
    ("任务", _tasks),
    ("条款", _clauses),
    ("单位", _units),
    ("文件", _documents),
    ("区划", _divisions),
)
