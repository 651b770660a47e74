"""Commands on divisions and org units: loading them from packs, whole and repeatable."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import connection, transaction
from pypinyin import lazy_pinyin

from ronghe.kernel.errors import Conflict

from . import rules
from .models import Division, DivisionClosure, FormerName, FunctionalTie, GroupMember, OrgUnit
from .statements import Difference, Statement, Step, compared

#: Of the facts in which packs differ, as many are listed; all are counted.
MOST_LISTED = 20

#: Loading divisions and their closure is one at a time, whoever asks.
LOAD_LOCK = 0x524F4E47


class DivisionsDiffer(Conflict):
    """A pack states a division otherwise than another pack does."""

    code = "regions.divisions_differ"
    message = (
        "数据包“{pack}”对区划的写法与其他数据包不一致，共 {count} 处，什么都没有载入。"
        "请核对后改正写错的一方；几个数据包要一起更正时，放在同一个文件夹里一次载入：\n{listing}"
    )

    @classmethod
    def of(cls, pack: str, found: Sequence[Difference]) -> "DivisionsDiffer":
        lines = [
            f"{d.place}{d.code} 的{d.fact}：“{pack}”写的是“{d.given}”，“{'、'.join(d.stated_by)}”写的是“{d.stored}”"
            for d in found[:MOST_LISTED]
        ]
        if len(found) > MOST_LISTED:
            lines.append("……")
        return cls(
            pack=pack, count=len(found), listing="\n".join(lines), differences=[asdict(d) for d in found[:MOST_LISTED]]
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class DivisionsLoaded:
    """What loading divisions did, for the event of whoever loads them."""

    divisions: Counts
    ties: Counts
    former_names: Counts


@dataclass(frozen=True, slots=True)
class OrgUnitsLoaded:
    """The units of a pack by (division, name), and what loading them did; ``members`` are those of groups."""

    by_name: Mapping[tuple[str, str], OrgUnit]
    units: Counts
    members: Counts


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One division as a pack states it; ``place`` says where, for messages."""

    code: str
    name: str
    level: str
    parent: str | None
    is_local: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class TieRow:
    """One division that a functional zone manages."""

    zone: str
    division: str
    source: str


@dataclass(frozen=True, slots=True)
class FormerNameRow:
    """An earlier name or code of a division; ``place`` says where the pack states it, for messages."""

    division: str
    name: str
    code: str
    until: date | None
    source: str
    place: str = ""


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
    pack: str,
    divisions: Sequence[DivisionRow],
    ties: Sequence[TieRow] = (),
    former_names: Sequence[FormerNameRow] = (),
    follow: Collection[str] = (),
) -> DivisionsLoaded:
    """Bring divisions, functional ties, former names and the closure in step with what a pack states.

    A pack may correct what it alone states. What other packs state too must be the same, save those that ``follow``
    in this transaction: they are compared when their turn comes. Ties and former names go with the last pack that
    states them; divisions never go, for other zones and old cases point to them. A repeat changes nothing. The caller
    records. Args: ``pack`` is its slug. Locks: one load at a time.
    Raises: DivisionsDiffer, and then nothing is loaded; ValueError when a parent is unknown.
    """
    _one_at_a_time()
    places = compared(
        Division,
        ("code",),
        {
            (d.code,): Statement(
                d.place, {"name": d.name, "level": d.level, "parent_id": d.parent, "is_local": d.is_local}
            )
            for d in divisions
        },
        pack=pack,
        follow=follow,
    )
    managed = compared(
        FunctionalTie,
        ("zone_id", "division_id"),
        {(t.zone, t.division): Statement("", {}, t.source) for t in ties},
        pack=pack,
        follow=follow,
    )
    names = compared(
        FormerName,
        ("division_id", "name", "code"),
        {(f.division, f.name, f.code): Statement(f.place, {"until": f.until}, f.source) for f in former_names},
        pack=pack,
        follow=follow,
    )
    if found := [*places.differences, *names.differences]:
        raise DivisionsDiffer.of(pack, found)
    _write_divisions(places)
    _write(managed, "source")
    _write(names, "until", "source")
    if places.new or places.moved or managed.new or managed.gone:
        _bring_closure_in_step()
    return DivisionsLoaded(
        Counts(len(places.new), len(places.changed)),
        Counts(len(managed.new), len(managed.changed), len(managed.gone)),
        Counts(len(names.new), len(names.changed), len(names.gone)),
    )


def _write_divisions(step: Step) -> None:
    """One upsert, for there are thousands; a division that no pack states any more stays."""
    for division in (*step.new, *step.changed):
        division.pinyin = pinyin_of(division.name)
    Division.objects.bulk_create(
        [*step.new, *step.changed, *step.restated, *step.gone],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "level", "parent", "is_local", "pinyin", "stated_by"],
        batch_size=2000,
    )


def _write(step: Step, *columns: str) -> None:
    rows = step.model._default_manager
    rows.bulk_create(step.new)
    rows.bulk_update([*step.changed, *step.restated], [*columns, "stated_by"])
    rows.filter(pk__in=[row.pk for row in step.gone]).delete()


def _one_at_a_time() -> None:
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
    gone = [(u.ancestor, u.descendant, u.kind) for u in present - wanted]
    DivisionClosure.objects.filter(pk__in=gone).delete()
    DivisionClosure.objects.bulk_create(
        [
            DivisionClosure(ancestor_id=u.ancestor, descendant_id=u.descendant, kind=u.kind, distance=u.distance)
            for u in wanted - present
        ],
        batch_size=5000,
    )


@transaction.atomic
def load_org_units(*, units: Iterable[OrgUnitRow]) -> OrgUnitsLoaded:
    """Add or correct org units and the members of groups; the caller records.

    Aliases only grow: a spelling that once was read stays findable. A repeat changes nothing. Locks: one load at a
    time. Raises: KeyError when a group names a member that is not among the units.
    """
    _one_at_a_time()
    rows = list(units)
    known = {(u.division_id, u.name): u for u in OrgUnit.objects.filter(division_id__in={row.division for row in rows})}
    result: dict[tuple[str, str], OrgUnit] = {}
    added = changed = 0
    for row in rows:
        key = (row.division, row.name)
        unit = known.get(key) or OrgUnit(division_id=row.division, name=row.name)
        aliases = [*unit.aliases, *(a for a in row.aliases if a not in unit.aliases)]
        if unit.pk is None or (unit.kind, unit.level, unit.aliases) != (row.kind, row.level, aliases):
            added, changed = added + (unit.pk is None), changed + (unit.pk is not None)
            unit.kind, unit.level, unit.aliases, unit.pinyin = row.kind, row.level, aliases, pinyin_of(row.name)
            unit.save()
        result[key] = unit
    names = {row.name: result[row.division, row.name].pk for row in rows}
    moved = [_load_members(result[row.division, row.name], row, names) for row in rows]
    members = Counts(sum(came for came, _ in moved), 0, sum(went for _, went in moved))
    return OrgUnitsLoaded(result, Counts(added, changed), members)


def _load_members(group: OrgUnit, row: OrgUnitRow, units: Mapping[str, int]) -> tuple[int, int]:
    """Make the group have just these members; returns how many came and how many went."""
    wanted: set[tuple[int | None, str | None]] = {(units[name], None) for name in row.members}
    wanted |= {(None, code) for code in row.member_divisions}
    present = {(m.unit_id, m.division_id): m.pk for m in GroupMember.objects.filter(group=group)}
    came, went = wanted - present.keys(), present.keys() - wanted
    GroupMember.objects.filter(pk__in=[present[key] for key in went]).delete()
    GroupMember.objects.bulk_create(
        GroupMember(group=group, unit_id=unit, division_id=division, source=row.source)
        for unit, division in sorted(came, key=str)
    )
    return len(came), len(went)
