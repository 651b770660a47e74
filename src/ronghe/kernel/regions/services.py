"""Commands on divisions and org units: loading them from packs, whole and repeatable."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from pypinyin import lazy_pinyin

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record

from . import rules
from .models import RANK, Division, DivisionClosure, FormerName, FunctionalTie, GroupMember, OrgUnit

#: Loading divisions and their closure is one at a time, whoever asks.
LOAD_LOCK = 0x524F4E47


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One division as a pack states it."""

    code: str
    name: str
    level: str
    parent: str | None
    is_local: bool = False


@dataclass(frozen=True, slots=True)
class TieRow:
    """One division that a functional zone manages."""

    zone: str
    division: str
    source: str


@dataclass(frozen=True, slots=True)
class FormerNameRow:
    """An earlier name or code of a division."""

    division: str
    name: str
    code: str
    until: date | None
    source: str


@dataclass(frozen=True, slots=True)
class OrgUnitRow:
    """One unit or group of units as a pack states it; ``members`` are names of units of the same pack."""

    division: str
    name: str
    kind: str
    level: str
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    member_divisions: tuple[str, ...] = ()
    source: str = ""


def pinyin_of(name: str) -> str:
    """The sort key of a Chinese name: syllables without tones."""
    return " ".join(lazy_pinyin(name))[:200]


@transaction.atomic
def load_divisions(
    *,
    divisions: Sequence[DivisionRow],
    ties: Sequence[TieRow] = (),
    former_names: Sequence[FormerNameRow] = (),
    actor: Actor,
    at: datetime,
) -> int:
    """Add or correct divisions, and bring the closure in step. Returns how many were new or changed.

    A repeat changes nothing. Divisions are never removed: other zones and old cases point to them. Locks: one load
    at a time. Raises: ValueError when a parent is unknown.
    """
    _one_at_a_time()
    known = {d.code: d for d in Division.objects.all()}
    rows = {row.code: row for row in divisions}
    changed = [
        row
        for row in rows.values()
        if (old := known.get(row.code)) is None
        or (old.name, old.level, old.parent_id, old.is_local) != (row.name, row.level, row.parent, row.is_local)
    ]
    Division.objects.bulk_create(
        [
            Division(
                code=row.code,
                name=row.name,
                level=row.level,
                parent_id=row.parent,
                is_local=row.is_local,
                pinyin=pinyin_of(row.name),
            )
            for row in sorted(changed, key=lambda row: (RANK[row.level], row.is_local, row.code))
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "level", "parent", "is_local", "pinyin"],
        batch_size=2000,
    )
    ties_before, names_before = FunctionalTie.objects.count(), FormerName.objects.count()
    FunctionalTie.objects.bulk_create(
        [FunctionalTie(zone_id=t.zone, division_id=t.division, source=t.source) for t in ties],
        ignore_conflicts=True,
    )
    FormerName.objects.bulk_create(
        [
            FormerName(division_id=f.division, name=f.name, code=f.code, until=f.until, source=f.source)
            for f in former_names
        ],
        ignore_conflicts=True,
    )
    if changed or ties_before != FunctionalTie.objects.count():
        _bring_closure_in_step()
    extra = FunctionalTie.objects.count() - ties_before, FormerName.objects.count() - names_before
    if changed or any(extra):
        record(
            verb="regions.divisions.loaded",
            subject=("regions.Division", next(iter(rows))),
            actor=actor,
            at=at,
            facts={"changed": len(changed), "given": len(rows), "ties": extra[0], "former_names": extra[1]},
        )
    return len(changed)


def _one_at_a_time() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK])


def _bring_closure_in_step() -> None:
    wanted = rules.closure(
        dict(Division.objects.values_list("code", "parent_id")),
        FunctionalTie.objects.values_list("zone_id", "division_id"),
    )
    present = {
        rules.Under(*row)
        for row in DivisionClosure.objects.values_list("ancestor_id", "descendant_id", "kind", "distance")
    }
    for gone in present - wanted:
        DivisionClosure.objects.filter(
            ancestor_id=gone.ancestor, descendant_id=gone.descendant, kind=gone.kind
        ).delete()
    DivisionClosure.objects.bulk_create(
        [
            DivisionClosure(ancestor_id=u.ancestor, descendant_id=u.descendant, kind=u.kind, distance=u.distance)
            for u in wanted - present
        ],
        batch_size=5000,
    )


@transaction.atomic
def load_org_units(*, units: Iterable[OrgUnitRow], actor: Actor, at: datetime) -> dict[tuple[str, str], OrgUnit]:
    """Add or correct org units and the members of groups; returns them by (division, name).

    Aliases only grow: a spelling that once was read stays findable. A repeat changes nothing. Locks: one load at a
    time. Raises: KeyError when a group names a member that is not among the units.
    """
    _one_at_a_time()
    rows = list(units)
    known = {(u.division_id, u.name): u for u in OrgUnit.objects.filter(division_id__in={row.division for row in rows})}
    result: dict[tuple[str, str], OrgUnit] = {}
    written = 0
    for row in rows:
        key = (row.division, row.name)
        unit = known.get(key) or OrgUnit(division_id=row.division, name=row.name)
        aliases = [*unit.aliases, *(a for a in row.aliases if a not in unit.aliases)]
        if unit.pk is None or (unit.kind, unit.level, unit.aliases) != (row.kind, row.level, aliases):
            unit.kind, unit.level, unit.aliases, unit.pinyin = row.kind, row.level, aliases, pinyin_of(row.name)
            unit.save()
            written += 1
        result[key] = unit
    names = {row.name: result[row.division, row.name].pk for row in rows}
    moved = sum(_load_members(result[row.division, row.name], row, names) for row in rows)
    if written or moved:
        record(
            verb="regions.org_units.loaded",
            subject=("regions.Division", rows[0].division),
            actor=actor,
            at=at,
            facts={"written": written, "members_moved": moved, "given": len(rows)},
        )
    return result


def _load_members(group: OrgUnit, row: OrgUnitRow, units: Mapping[str, int]) -> int:
    """Make the group have just these members; returns how many came or went."""
    wanted: set[tuple[int | None, str | None]] = {(units[name], None) for name in row.members}
    wanted |= {(None, code) for code in row.member_divisions}
    present = {(m.unit_id, m.division_id): m.pk for m in GroupMember.objects.filter(group=group)}
    GroupMember.objects.filter(pk__in=[pk for key, pk in present.items() if key not in wanted]).delete()
    GroupMember.objects.bulk_create(
        GroupMember(group=group, unit_id=unit, division_id=division, source=row.source)
        for unit, division in sorted(wanted - present.keys(), key=str)
    )
    return len(wanted ^ present.keys())
