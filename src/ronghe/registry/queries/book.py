"""登记簿页: all that the register holds of one unit on a day, by today's register or as it was known at an instant.

A fixed number of queries, each by an index on the unit: the page costs the same in a book of a million rights.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.models import Event
from ronghe.kernel.audit.queries import events_of
from ronghe.kernel.regions.models import Division
from ronghe.kernel.regions.queries import lineage as places_above
from ronghe.kernel.spatial.rules import Box
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.rulebook import Given
from ronghe.policy.ruling import Step

from ..errors import UnitNotFound
from ..models import (
    RRR,
    AdministrativeSource,
    BAUnit,
    Certificate,
    Lineage,
    Responsibility,
    Restriction,
    Right,
    SpatialSource,
    SpatialUnitVersion,
)
from ..rules import codes
from ..rules.hindrances import MATTERS, facts_of_standing, hindrances
from ..rules.kinds import GroundKind, RestrictionKind, RightKind, UnitKind
from ..rules.telling import ToldBurden, ToldRight, headline
from .births import birth_events
from .lineage import descent

#: As many cases and events stand on the page; neighbours are drawn, the rest is one click away.
MOST_CASES, MOST_EVENTS, MOST_NEIGHBOURS = 20, 50, 150


@dataclass(frozen=True, slots=True)
class Span:
    """一段时间里的权利人: who held a right from when to when."""

    since: date
    until: date | None
    holders: tuple[Right, ...]
    is_now: bool


@dataclass(slots=True)
class HeldRight:
    """一项权利的全程: the holders on the day, all that came before and after, and what derives from it or burdens it."""

    rrr: RRR
    rows: list[Right]
    history: list[Span]
    derived: list["HeldRight"] = field(default_factory=list)
    burdens: list[Restriction] = field(default_factory=list)
    duties: list[Responsibility] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)

    @property
    def kind(self) -> RightKind:
        return RightKind(self.rrr.kind)

    @property
    def is_in_force(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True, slots=True)
class Barred:
    """不能办理的登记: what a restriction bars, and the steps of the rule that say why."""

    matter: str
    steps: tuple[Step, ...]


@dataclass(slots=True)
class UnitPage:
    """登记簿页."""

    unit: BAUnit
    on: date
    known_at: datetime | None
    places: list[Division]
    forms: list[SpatialUnitVersion]
    former_forms: list[SpatialUnitVersion]
    rights: list[HeldRight]
    burdens: list[Restriction]
    former_burdens: list[Restriction]
    certificates: list[Certificate]
    lineage: list[Lineage]
    sources: list[AdministrativeSource]
    surveys: list[SpatialSource]

    @property
    def is_over(self) -> bool:
        """Whether the unit has ended by the day, as it was known then."""
        return self.ended_on is not None and self.ended_on <= self.on

    @property
    def ended_on(self) -> date | None:
        unit = self.unit
        is_known = self.known_at is None or (unit.ended_at is not None and unit.ended_at <= self.known_at)
        return unit.ended_on if is_known else None

    @property
    def is_not_yet(self) -> bool:
        """Whether the unit, or what was known of it, begins later."""
        return self.on < self.unit.opened_on or (self.known_at is not None and self.known_at < self.unit.opened_at)

    @property
    def successors(self) -> list[BAUnit]:
        return [one.after for one in self.lineage if one.before_id == self.unit.pk]

    @property
    def predecessors(self) -> list[BAUnit]:
        return [one.before for one in self.lineage if one.after_id == self.unit.pk]

    def all_rights(self) -> Iterable[HeldRight]:
        """Every right of the tree, parents before children."""
        waiting = list(self.rights)
        while waiting:
            one = waiting.pop(0)
            yield one
            waiting += one.derived

    def headline(self, called: Any = str) -> list[str]:
        """The page in words; ``called`` says how a party is named to whoever reads."""
        told = [
            ToldRight(one.kind, tuple(holder_words(row, called) for row in one.rows), one.rows[0].valid.lower, one.rows[0].valid.upper)
            for one in self.all_rights()
            if one.is_in_force
        ]  # fmt: skip
        burdens = [ToldBurden(row.get_kind_display(), burden_holder(row, called)) for row in self.burdens]
        return headline(UnitKind(self.unit.kind), told, burdens)


def holder_words(row: Right, called: Any = str) -> str:
    """A holder with the share where there is one: 张三（1/2）."""
    name = called(row.party)
    if row.share_num is None or (row.share_num, row.share_den) == (1, 1):
        return str(name)
    return f"{name}（{row.share_num}/{row.share_den}）"


def burden_holder(row: Restriction, called: Any = str) -> str:
    """Whom a restriction protects."""
    return str(called(row.party)) if row.party is not None else row.holder


def unit_of(code: str, *, actor: Actor) -> BAUnit:
    """One unit by its code, however it is written. Raises: UnitNotFound."""
    clean = codes.cleaned(code)[:28]
    found = BAUnit.objects.visible_to(actor).filter(code=clean).select_related("division").first()
    if found is None:
        raise UnitNotFound(unit=clean)
    return found


def unit_page(code: str, *, actor: Actor, on: date, known_at: datetime | None = None) -> UnitPage:
    """All of a unit on a legal day, as the register tells it today, or told it at an instant. Raises: UnitNotFound."""
    unit = unit_of(code, actor=actor)
    forms = SpatialUnitVersion.objects.known_at(known_at).filter(spatial_unit__baunits__baunit=unit)
    now, before = _parted(forms.select_related("spatial_unit", "source").defer("grams").order_by("valid", "pk"), on)
    rights = list(
        unit.rights.known_at(known_at).select_related("party", "source", "rrr").order_by("valid", "pk")
    )  # fmt: skip
    burdens = list(
        unit.restrictions.known_at(known_at)
        .select_related("party", "source", "rrr", "dominant")
        .order_by("valid", "pk")
    )
    duties = list(unit.duties.known_at(known_at).as_of(on).select_related("rrr").order_by("pk"))
    certificates = _as_they_stood(unit.certificates.order_by("-issued_on", "-pk"), on, known_at)
    in_force = [row for row in burdens if on in row.valid]
    sources = {row.source_id: row.source for row in rights} | {row.source_id: row.source for row in burdens}
    # Certificates of another register came with what they prove: to whoever looks they are papers of the unit.
    papers = AdministrativeSource.objects.filter(proves__baunit=unit)
    sources |= {one.pk: one for one in (papers if known_at is None else papers.filter(proves__opened_at__lte=known_at))}
    return UnitPage(
        unit=unit, on=on, known_at=known_at, places=places_above(unit.division_id),
        forms=sorted(now, key=lambda row: row.spatial_unit.kind == GroundKind.BUILDING), former_forms=before,
        rights=_tree(rights, in_force, duties, certificates, on), burdens=in_force,
        former_burdens=[row for row in burdens if on not in row.valid], certificates=certificates,
        lineage=[one for one in descent(unit) if known_at is None or one.at <= known_at],
        sources=sorted(sources.values(), key=lambda one: (one.issued_on, one.pk)),
        surveys=list({row.source_id: row.source for row in (*now, *before)}.values()),
    )  # fmt: skip


def _as_they_stood(rows: Iterable[Certificate], on: date, known_at: datetime | None) -> list[Certificate]:
    """Certificates that were issued by then; what was taken back later stands as not yet taken back."""
    made = []
    for one in rows:
        if one.issued_on > on or (known_at is not None and one.issued_at > known_at):
            continue
        if one.recalled_on is not None and (
            one.recalled_on > on
            or (known_at is not None and one.recalled_at is not None and one.recalled_at > known_at)
        ):
            one.recalled_on, one.recalled_at, one.recall_reason = None, None, ""
        made.append(one)
    return made


def _parted(forms: Iterable[SpatialUnitVersion], on: date) -> tuple[list[SpatialUnitVersion], list[SpatialUnitVersion]]:
    now: list[SpatialUnitVersion] = []
    before: list[SpatialUnitVersion] = []
    for row in forms:
        (now if on in row.valid else before).append(row)
    return now, before


def _tree(
    rows: Sequence[Right],
    burdens: Sequence[Restriction],
    duties: Sequence[Responsibility],
    certificates: Sequence[Certificate],
    on: date,
) -> list[HeldRight]:
    """Rights with those that derive from them below; what was in force first, then as they were entered."""
    by_rrr: dict[int, list[Right]] = {}
    for row in rows:
        by_rrr.setdefault(row.rrr_id, []).append(row)
    found = {
        pk: HeldRight(of[0].rrr, [row for row in of if on in row.valid], _spans(of, on)) for pk, of in by_rrr.items()
    }
    for burden in burdens:
        if burden.rrr.parent_id in found:
            found[burden.rrr.parent_id].burdens.append(burden)
    for duty in duties:
        if duty.rrr.parent_id in found:
            found[duty.rrr.parent_id].duties.append(duty)
    for certificate in certificates:
        if certificate.rrr_id in found:
            found[certificate.rrr_id].certificates.append(certificate)
    roots: list[HeldRight] = []
    for pk in sorted(found, key=lambda pk: (not found[pk].is_in_force, pk)):
        above = found.get(found[pk].rrr.parent_id or 0)
        (roots if above is None else above.derived).append(found[pk])
    return roots


def _spans(rows: Sequence[Right], on: date) -> list[Span]:
    """The rows of one right by the time that they hold in."""
    by_time: dict[tuple[date, date | None], list[Right]] = {}
    for row in rows:
        by_time.setdefault((row.valid.lower, row.valid.upper), []).append(row)
    return [Span(since, until, tuple(of), on in of[0].valid) for (since, until), of in by_time.items()]


def barred(burdens: Sequence[Restriction]) -> list[Barred]:
    """What kinds of registration these restrictions bar, by the rule that is asked when a case is opened."""
    if not burdens:
        return []
    standing = {row.kind for row in burdens}
    found = []
    for matter in MATTERS:
        facts = replace(
            facts_of_standing(standing, matter=matter), keeps_rights=RestrictionKind.KEPT_RIGHTS in standing
        )
        ruling = hindrances(facts, Given(()))
        if ruling.value is not True:
            found.append(Barred(matter, tuple(step for step in ruling.steps if step.ok is not True)))
    return found


def cases_of(unit: BAUnit, *, actor: Actor) -> list[Case]:
    """The latest cases about a unit that the actor may see."""
    rows = Case.objects.visible_to(actor).filter(subject_type=unit._meta.label_lower, subject_id=str(unit.pk))
    return list(rows.order_by("-pk")[:MOST_CASES])


def history_of(unit: BAUnit) -> list[Event]:
    """What was done with a unit, the latest first, down to how it came in. The caller has asked whether it may be seen."""
    found = list(events_of(unit)[:MOST_EVENTS])
    return found if len(found) == MOST_EVENTS else found + birth_events(unit)


def neighbours(page: UnitPage, *, actor: Actor) -> list[SpatialUnitVersion]:
    """The land around a unit on the same day, with ``code`` and ``kind`` of its unit, of what the actor may see.

    By today's register alone: what was known at an instant is looked up for one unit, and not for all around it.
    """
    boxes = [row.box for row in page.forms if row.box is not None]
    if not boxes or page.known_at is not None:
        return []
    there = BAUnit.objects.visible_to(actor).standing(page.on).exclude(pk=page.unit.pk)
    rows: QuerySet[Any] = SpatialUnitVersion.objects.current().as_of(page.on).filter(box__overlaps=around(boxes))
    rows = rows.exclude(spatial_unit__kind=GroundKind.BUILDING).filter(spatial_unit__baunits__baunit__in=there)
    return list(
        rows.select_related("spatial_unit").defer("grams").exclude(spatial_unit__in=[row.spatial_unit_id for row in page.forms])
        .order_by("pk")[:MOST_NEIGHBOURS]
    )  # fmt: skip


def around(boxes: Sequence[Box], *, more: float = 0.6) -> Box:
    """The box of all, wider by a share of its longer side."""
    west, south = min(b.west for b in boxes), min(b.south for b in boxes)
    east, north = max(b.east for b in boxes), max(b.north for b in boxes)
    wider = max(east - west, north - south) * more
    return Box(west - wider, south - wider, east + wider, north + wider)


def is_own(page: UnitPage, parties: Sequence[int]) -> bool:
    """Whether one of the parties holds a right in the unit on the day."""
    return any(row.party_id in parties for one in page.all_rights() for row in one.rows)
