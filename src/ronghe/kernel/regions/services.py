"""Commands on divisions and org units: loading them from packs, whole and repeatable."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from pypinyin import lazy_pinyin

from ronghe.kernel.errors import Conflict

from . import rules
from .models import Division, DivisionClosure, FormerName, FunctionalTie, GroupMember, OrgUnit
from .statements import FACTS, Difference, Statement, Step, compared, others_of

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


class OrgUnitsDiffer(Conflict):
    """A pack states an org unit, or who belongs to a group of units, otherwise than another pack does."""

    code = "regions.org_units_differ"
    message = (
        "数据包“{pack}”对单位的写法与其他数据包不一致，共 {count} 处，什么都没有载入。"
        "请核对后改正写错的一方；几个数据包要一起更正时，放在同一个文件夹里一次载入：\n{listing}"
    )


def _listed(pack: str, found: Sequence[Difference]) -> dict[str, Any]:
    """What either error says of the differences, to people and as data."""
    lines = [
        f"{d.place}{' '.join(filter(None, (d.code, d.unit)))} 的{d.fact}：“{pack}”写的是“{d.given}”，"
        f"“{'、'.join(d.stated_by)}”写的是“{d.stored}”"
        for d in found[:MOST_LISTED]
    ]
    if len(found) > MOST_LISTED:
        lines.append("……")
    differences = [asdict(d) for d in found[:MOST_LISTED]]
    return {"pack": pack, "count": len(found), "listing": "\n".join(lines), "differences": differences}


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
    """One unit or group of units as a pack states it; ``members`` are names of units of the same pack.

    ``place`` says where the pack states it, for messages.
    """

    division: str
    name: str
    kind: str
    level: str
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    member_divisions: tuple[str, ...] = ()
    source: str = ""
    place: str = ""


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
    one_load_at_a_time()
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
        raise DivisionsDiffer(**_listed(pack, found))
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


def one_load_at_a_time() -> None:
    """Wait until no other load of packs runs, and keep others waiting until this transaction ends."""
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
def load_org_units(*, pack: str, units: Sequence[OrgUnitRow], follow: Collection[str] = ()) -> OrgUnitsLoaded:
    """Bring org units and the members of groups in step with what a pack states.

    As with divisions, a pack may correct what it alone states, and must agree with the others on the rest: kind, level
    and who belongs to a group. Aliases only grow: a spelling that once was read stays findable. Units never go, for
    posts and duties point to them; members go with the last pack that states them. A repeat changes nothing. The
    caller records. Args: as of ``load_divisions``. Locks: one load at a time.
    Raises: OrgUnitsDiffer, and then nothing is loaded; KeyError when a group names a member that is not among the
    units.
    """
    one_load_at_a_time()
    step = compared(
        OrgUnit,
        ("division_id", "name"),
        {
            (row.division, row.name): Statement(row.place, {"kind": row.kind, "level": row.level}, unit=row.name)
            for row in units
        },
        pack=pack,
        follow=follow,
    )
    for row in units:
        _grow(step, step.rows[row.division, row.name], row.aliases)
    step.restated += step.gone
    step.gone = []
    _write(step, "kind", "level", "aliases", "pinyin")
    members = _compared_members(step, units, pack=pack, follow=follow)
    if found := [*step.differences, *members.differences]:
        raise OrgUnitsDiffer(**_listed(pack, found))
    _write(members, "source")
    return OrgUnitsLoaded(
        {(row.division, row.name): step.rows[row.division, row.name] for row in units},
        Counts(len(step.new), len(step.changed)),
        Counts(len(members.new), len(members.changed), len(members.gone)),
    )


def _grow(step: Step, unit: OrgUnit, aliases: Iterable[str]) -> None:
    """Add the spellings that are not known yet."""
    more = [alias for alias in aliases if alias not in unit.aliases]
    unit.aliases += more
    unit.pinyin = pinyin_of(unit.name)
    if more and unit.pk is not None and unit not in step.changed:
        step.changed.append(unit)


def _compared_members(units: Step, rows: Sequence[OrgUnitRow], *, pack: str, follow: Collection[str]) -> Step:
    """Which members to write; that another pack counts others to the same group is a difference of the group."""
    stored: dict[tuple[str, str], OrgUnit] = units.rows
    named = {row.name: stored[row.division, row.name].pk for row in rows}
    wanted = {
        stored[row.division, row.name].pk: {
            *((named[name], None) for name in row.members),
            *((None, code) for code in row.member_divisions),
        }
        for row in rows
    }
    step = compared(
        GroupMember,
        ("group_id", "unit_id", "division_id"),
        {
            (group.pk, *member): Statement("", {}, row.source)
            for row in rows
            for group in [stored[row.division, row.name]]
            for member in sorted(wanted[group.pk], key=str)
        },
        pack=pack,
        follow=follow,
        within=wanted,
    )
    for row in rows:
        group = stored[row.division, row.name]
        others = others_of(group, pack=pack, follow=follow)
        theirs = {
            (unit, division)
            for (of, unit, division), member in step.rows.items()
            if of == group.pk and not set(others).isdisjoint(member.stated_by)
        }
        if others and theirs != wanted[group.pk]:
            given, known = _named(wanted[group.pk]), _named(theirs)
            step.differences.append(
                Difference(row.place, row.division, FACTS["members"], given, known, others, row.name)
            )
    # Not only what this pack stated last: nor what stands from before it was kept which pack says so.
    step.gone = [member for member in step.rows.values() if not member.stated_by]
    return step


def _named(members: Collection[tuple[int | None, str | None]]) -> str:
    units = OrgUnit.objects.filter(pk__in=[unit for unit, _ in members if unit])
    divisions = Division.objects.filter(pk__in=[division for _, division in members if division])
    return "、".join([*map(str, divisions.order_by("code")), *map(str, units.order_by("pk"))]) or "（空）"


@transaction.atomic
def ensure_units(wanted: Iterable[tuple[str, str, str, str]]) -> dict[tuple[str, str], int]:
    """The numbers of org units by division and name; those that do not exist yet are made, stated by no pack.

    Args: ``wanted`` are (division, name, kind, level). A name that is another spelling of a known unit means that unit.
    What a known unit is, its packs say: it is not changed. The caller records.
    """
    asked = {(division, name): (kind, level) for division, name, kind, level in wanted}
    found: dict[tuple[str, str], int] = {}
    for unit in OrgUnit.objects.filter(division__in={division for division, _ in asked}):
        for name in (*unit.aliases, unit.name):
            found[unit.division_id, name] = unit.pk
    new = [
        OrgUnit(division_id=division, name=name, kind=kind, level=level, pinyin=pinyin_of(name))
        for (division, name), (kind, level) in asked.items()
        if (division, name) not in found
    ]
    OrgUnit.objects.bulk_create(new, batch_size=1_000, ignore_conflicts=True)
    if new:
        rows = OrgUnit.objects.filter(division__in={u.division_id for u in new}, name__in={u.name for u in new})
        found |= {(unit.division_id, unit.name): unit.pk for unit in rows}
    return {key: found[key] for key in asked}
