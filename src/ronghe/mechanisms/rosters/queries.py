"""Reads of lists: which ones, their records narrowed, one with its versions, imports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from ronghe.kernel.accounts.access import reaches
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.actors import Actor
from ronghe.kernel.regions.models import Division
from ronghe.policy.models import Zone

from .declared import ROSTERS, Field, Kind, Roster, Transition
from .errors import ImportNotFound, RecordNotFound, RosterUnknown
from .models import Import, Record, Version
from .values import shown


def rosters(actor: Actor) -> list[Roster]:
    """The lists that the actor may see, by title."""
    return sorted((one for one in ROSTERS.values() if may(actor.role, one.view)), key=lambda one: one.title)


def roster(key: str, *, actor: Actor, permission: str = "view") -> Roster:
    """One list, when the actor may see (or ``edit``) it. Raises: RosterUnknown."""
    found = ROSTERS.get(key)
    if found is None or not may(actor.role, getattr(found, permission)):
        raise RosterUnknown(key=key[:40])
    return found


def records(
    of: Roster, *, actor: Actor, text: str = "", state: str = "", filters: Mapping[str, str] | None = None
) -> QuerySet[Any]:
    """The records in force that the actor may see, narrowed."""
    rows = of.model.objects.visible_to(actor).filter(ended_at=None).select_related("division")
    if any(one.kind is Kind.ZONE for one in of.fields):
        rows = rows.select_related("zone")
    if text:
        rows = rows.filter(Q(**{f"{of.name_field}__icontains": text}))
    if state:
        rows = rows.filter(state=state)
    for name, value in (filters or {}).items():
        if not value:
            continue
        if of.field(name).kind is Kind.DIVISION:
            rows = rows.filter(division__in=Division.objects.visible_to(actor).below(value).values("code"))
        else:
            rows = rows.filter(**{of.field(name).attribute: value})
    return rows


def record(of: Roster, record_id: int, *, actor: Actor) -> Record:
    """One record, also one that has ended. Raises: RecordNotFound."""
    rows = of.model.objects.visible_to(actor).select_related("division", "made_by", "changed_by")
    found: Record | None = rows.filter(pk=record_id).first()
    if found is None:
        raise RecordNotFound(roster=of.title, record_id=record_id)
    return found


def names(of: Roster, rows: Sequence[Record], *, actor: Actor) -> dict[str, str]:
    """What the codes of divisions and zones in the rows are called."""
    found = {row.division_id: row.division.name for row in rows}
    zones = [one for one in of.fields if one.kind is Kind.ZONE]
    slugs = {getattr(row, one.attribute) for row in rows for one in zones}
    if slugs:
        found |= dict(Zone.objects.visible_to(actor).filter(slug__in=slugs).values_list("slug", "short"))
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after."""

    label: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Told:
    """A version as its page shows it."""

    row: Version
    changes: tuple[Change, ...]
    state: str


def versions(of: Roster, found: Record, *, actor: Actor) -> list[Told]:
    """Every version of a record that the actor may see, newest first, with what each changed."""
    rows = list(Version.objects.filter(roster=of.key, record_id=found.pk).select_related("user").order_by("number"))
    codes = {
        str(row.values.get(one.name)) for row in rows for one in of.fields if one.kind in (Kind.DIVISION, Kind.ZONE)
    }
    known = dict(Division.objects.visible_to(actor).filter(code__in=codes).values_list("code", "name"))
    known |= dict(Zone.objects.visible_to(actor).filter(slug__in=codes).values_list("slug", "short"))
    told = []
    before: Mapping[str, Any] = {}
    for row in rows:
        changed = [of.field(name) for name in row.changed if any(one.name == name for one in of.fields)]
        changes = tuple(
            Change(one.label, shown(one, before.get(one.name), known), shown(one, row.values.get(one.name), known))
            for one in changed
            if before
        )
        told.append(Told(row, changes, dict(of.states).get(row.values.get("state", ""), "")))
        before = row.values
    return told[::-1]


def may_edit(of: Roster, found: Record | None, actor: Actor) -> bool:
    """Whether the actor may change the record, or add one."""
    return may(actor.role, of.edit) and (
        found is None or (found.ended_at is None and reaches(actor, found.division_id))
    )


def transitions(of: Roster, found: Record, actor: Actor) -> list[Transition]:
    """The steps that the actor may take with the record now."""
    if found.ended_at is not None or not reaches(actor, found.division_id):
        return []
    own = actor.user_id in (found.made_by_id, found.changed_by_id)
    return [
        one
        for one in of.transitions
        if found.state in one.from_states and may(actor.role, one.permission) and not (one.by_another and own)
    ]


def imports(of: Roster, *, actor: Actor) -> QuerySet[Import]:
    """The imports into a list that the actor may see, newest first."""
    return Import.objects.visible_to(actor).filter(roster=of.key).select_related("user", "job")


def one_import(of: Roster, import_id: int, *, actor: Actor) -> Import:
    """One import. Raises: ImportNotFound."""
    found = imports(of, actor=actor).filter(pk=import_id).first()
    if found is None:
        raise ImportNotFound(import_id=import_id)
    return found


@dataclass(frozen=True, slots=True)
class Counted:
    """How many records lie in a division and below."""

    code: str
    name: str
    count: int


def by_county(of: Roster, rows: QuerySet[Any], *, actor: Actor) -> list[Counted]:
    """The records counted by county (city where they are the city's own), most first."""
    numbers: dict[str, int] = dict(rows.order_by().values_list("division").annotate(number=Count("pk")))
    divisions = {d.code: d for d in Division.objects.visible_to(actor).filter(code__in=numbers)}
    ancestors: dict[str, str] = {}
    for code, above in (
        Division.objects.visible_to(actor)
        .filter(descendants__descendant__in=numbers, descendants__kind="administrative", level="county")
        .values_list("descendants__descendant_id", "code")
    ):
        ancestors[str(code)] = above
    totals: dict[str, int] = {}
    for code, number in numbers.items():
        totals[ancestors.get(code, code)] = totals.get(ancestors.get(code, code), 0) + number
    known = dict(Division.objects.visible_to(actor).filter(code__in=totals).values_list("code", "name"))
    found = [
        Counted(code, known.get(code, divisions[code].name if code in divisions else code), number)
        for code, number in totals.items()
    ]
    return sorted(found, key=lambda one: (-one.count, one.code))


def shown_values(of: Roster, found: Record, *, actor: Actor) -> list[tuple[Field, Any]]:
    """The facts of a record as its page shows them."""
    known = names(of, [found], actor=actor)
    return [(one, shown(one, getattr(found, one.attribute), known)) for one in of.fields]
