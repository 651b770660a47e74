"""登簿: what was applied for is entered in the book, with the paper that it rests on, and certificates follow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.mechanisms.casework.models import Case

from ..errors import ChangedSince, TermWrong
from ..models import (
    RRR,
    AdministrativeSource,
    Application,
    ApplicationEntry,
    BAUnit,
    Certificate,
    Restriction,
    Right,
)
from ..queries.parameters import values_for
from ..rules.areas import working
from ..rules.holding import longest_years, runs_too_long
from ..rules.kinds import USE_RIGHTS, GroundKind, RestrictionKind, RightKind, SourceKind, UnitKind
from ..rules.matters import Concern, Matter
from .acquiring import pass_qualification
from .announcing import lift_fulfilled
from .blocking import acquirers_of, by_holder, names_others, refuse_blocked
from .measuring import refuse_mismeasured
from .pledging import refuse_unpledgeable
from .printing import void_papers
from .proofs import certify, recall_of
from .qualifying import refuse_unqualified
from .rights import Holder, Term, correct_right, end_right, grant_right, last_rows, lift, restrict, transfer_right
from .sources import keep_source, keep_survey
from .units import Ground, NewPart, add_building, change_ground, ground_rows, merge_units, split_unit
from .writing import locked_units

LONGEST_SEIZURE = "registration.seizure.max_years"


@dataclass(frozen=True, slots=True)
class Entering:
    """What an entry knows: the application with its unit, the source it rests on, the day, who enters it and when."""

    application: Application
    unit: BAUnit
    source: AdministrativeSource
    on: date
    actor: Actor
    at: datetime

    @property
    def title(self) -> str:
        return self.application.what.title

    @property
    def rrr_id(self) -> int:
        assert self.application.rrr_id is not None
        return self.application.rrr_id

    def holders(self) -> list[Holder]:
        """Whom it was applied for, with their shares."""
        return [
            Holder(row.party_id, None if row.share_num is None else Fraction(row.share_num, row.share_den or 1))
            for row in self.application.holders.all()
        ]

    def term(self) -> Term:
        """For when it was applied for; without a first day, from the entry on."""
        return Term(self.application.term_first or self.on, self.application.term_until)

    def survey(self) -> int:
        """The survey that a new form rests on."""
        return keep_survey(
            title=f"{self.title}测绘成果", surveyed_on=self.source.issued_on, division=self.unit.division_id,
            surveyor=self.source.issuer, case_id=self.application.pk,
        ).pk  # fmt: skip

    def recall(self, *rrrs: int) -> None:
        """Certificates of rights that are another now, or no more, go back."""
        recall_of(self.unit, on=self.on, at=self.at, reason=self.title, rrrs=rrrs)


@dataclass(frozen=True, slots=True)
class Came:
    """What an entry brought about: the right or restriction, and those that a certificate or proof is issued of."""

    rrr_id: int | None = None
    proved: tuple[int, ...] = ()

    @classmethod
    def proving(cls, *rrrs: int) -> "Came":
        return cls(rrrs[0] if rrrs else None, rrrs)


def units_of_application(application: Application) -> list[int]:
    """The units that an application is about: its own, and those that are joined to it."""
    joined = application.parts.exclude(baunit=None).values_list("baunit_id", flat=True)
    return [application.baunit_id, *(pk for pk in joined if pk is not None)]


def basis_of(matter: Matter, *, units: Sequence[int], rrr_id: int | None) -> list[int]:
    """The rows of the book on which an application rests, as the register holds them now."""
    if not matter.told.watches:
        return []
    rows = Right.objects.current().filter(baunit__in=units)
    if rrr_id is not None:
        rows = rows.filter(rrr=rrr_id)
    return sorted(rows.values_list("pk", flat=True))


def enter_application(*, case: Case, actor: Actor, at: datetime) -> ApplicationEntry:
    """Enter what the case asks for (登簿), issue what proves it, recall what proves it no more. Part of the case's decision.

    Whether anything bars it is asked again under the lock of the unit, and whether the book still says what it said when
    it was applied for. Locks: BAUnit (the case is locked), CodeSeries, NumberSeries.
    Raises: RegistrationBlocked, NotPledgeable, NotQualified, MeasuresDisagree, ChangedSince, and whatever the act itself refuses.
    """
    application = Application.objects.select_related("case", "rrr").get(pk=case.pk)
    units = units_of_application(application)
    locked = locked_units(*units)
    entry = write_entry(application, locked, actor=actor, at=at)
    void_papers(units, actor=actor, at=at)
    facts = {"matter": application.matter, "rrr": entry.rrr_id, "on": entry.on}
    record(
        verb="registry.application.entered", subject=case, actor=actor, at=at, facts=facts, division=case.division_id
    )
    return entry


def write_entry(application: Application, units: Sequence[BAUnit], *, actor: Actor, at: datetime) -> ApplicationEntry:
    """The entry itself, on units that are locked; ``services.applications`` also tries it, and takes it back."""
    matter, on = application.what, legal_day(at)
    refuse_barred(application, units, on=on)
    refuse_unpledgeable(application, units[0])
    refuse_unqualified(application, on=on)
    refuse_mismeasured(application, on=on)
    if application.basis != basis_of(matter, units=[one.pk for one in units], rrr_id=application.rrr_id):
        raise ChangedSince(unit=units[0].code, case=application.case.number)
    source = keep_source(
        kind=SourceKind(application.source_kind), title=application.source_title, number=application.source_number,
        issued_on=application.source_issued_on, issuer=application.source_issuer, division=units[0].division_id,
        case_id=application.pk,
    )  # fmt: skip
    came = _ENTRIES[matter](Entering(application, units[0], source, on, actor, at))
    for rrr_id in came.proved:
        certify(rrr_id=rrr_id, on=on, actor=actor, at=at)
    return ApplicationEntry.objects.create(
        application=application, source=source, rrr_id=came.rrr_id or application.rrr_id, on=on, at=at
    )


def refuse_barred(application: Application, units: Sequence[BAUnit], *, on: date) -> None:
    """Raises: RegistrationBlocked, for the first unit that is burdened."""
    bars = application.what.told.bars
    if bars:
        own = by_holder(application, on=on)
        for unit in units:
            refuse_blocked(
                unit, matter=bars, on=on, mortgagee_consents=application.mortgagee_consents,
                notice_holder_consents=application.notice_holder_consents, holder_applies=own, rrr_id=application.rrr_id,
                changes_holder=names_others(application), acquirers=acquirers_of(application),
            )  # fmt: skip


# -- one function for each matter: it writes, and names the rights and restrictions that are to be proved ----------------


def _first(e: Entering) -> Came:
    assert e.application.right_kind is not None
    kind = RightKind(e.application.right_kind)
    _refuse_too_long(e, kind)
    owned = RRR.objects.filter(baunit=e.unit, sort=RRR.Sort.RIGHT, kind=RightKind.COLLECTIVE_OWNERSHIP)
    parent = None
    if kind is not RightKind.COLLECTIVE_OWNERSHIP:
        standing = Right.objects.current().as_of(e.on).filter(rrr__in=owned)
        parent = standing.order_by("pk").values_list("rrr_id", flat=True).first()
    made = grant_right(
        baunit_id=e.unit.pk, kind=kind, holders=e.holders(), term=e.term(), source_id=e.source.pk, parent_id=parent,
        actor=e.actor, at=e.at,
    )  # fmt: skip
    return Came.proving(made.pk)


def _refuse_too_long(e: Entering, kind: RightKind) -> None:
    """A term is no longer than the law lets such a right run, as on the day the case was opened. Raises: TermWrong."""
    term, name = e.term(), longest_years(kind, UnitKind(e.unit.kind))
    found = values_for(e.application.case, name).get(name) if name is not None else None
    value = working(found) if found is not None else None
    longest = None if value is None else int(value)
    if runs_too_long(term.first, term.until, longest):
        raise TermWrong(why=f"{term} 超过“{kind.title}”最长的 {longest} 年")


def _change(e: Entering) -> Came:
    part = e.application.parts.get()
    land = ground_rows(e.unit, on=e.on)[0]
    changed = {name: getattr(part, name) for name in ("use", "location") if getattr(part, name)}
    if part.registered_area_m2 is not None:
        changed["registered_area_m2"] = part.registered_area_m2
    change_ground(
        spatial_unit_id=land.spatial_unit_id, changed=changed, survey_id=e.survey(), on=e.on, actor=e.actor, at=e.at
    )
    rows = Certificate.objects.filter(baunit=e.unit, recalled_on=None, rrr__sort=RRR.Sort.RIGHT)
    proved = list(rows.order_by("rrr").values_list("rrr_id", flat=True))
    e.recall(*proved)
    return Came.proving(*proved)


def _split(e: Entering) -> Came:
    parts = [
        NewPart(
            part.geometry, part.registered_area_m2, part.location,
            (Holder(part.party_id),) if part.party_id is not None else (),
        )
        for part in e.application.parts.all()
        if part.geometry is not None and part.registered_area_m2 is not None
    ]  # fmt: skip
    made = split_unit(
        baunit_id=e.unit.pk, parts=parts, on=e.on, survey_id=e.survey(), source_id=e.source.pk, actor=e.actor, at=e.at
    )
    return Came.proving(*_uses(made, e.on))


def _merge(e: Entering) -> Came:
    made = merge_units(
        baunit_ids=units_of_application(e.application), on=e.on, survey_id=e.survey(), source_id=e.source.pk,
        actor=e.actor, at=e.at,
    )  # fmt: skip
    return Came.proving(*_uses([made], e.on))


def _house(e: Entering) -> Came:
    part = e.application.parts.get()
    assert part.registered_area_m2 is not None
    house = Ground(
        GroundKind.BUILDING, part.registered_area_m2, part.geometry, use=part.use, location=part.location,
        structure=part.structure, floors=part.floors, floor_area_m2=part.floor_area_m2,
    )  # fmt: skip
    made = add_building(
        baunit_id=e.unit.pk, building=house, on=e.on, survey_id=e.survey(), source_id=e.source.pk, actor=e.actor,
        at=e.at,
    )  # fmt: skip
    return Came.proving(*_uses([made], e.on))


def _uses(units: Sequence[BAUnit], on: date) -> list[int]:
    """The rights of use in units that have come into being."""
    rows = Right.objects.current().as_of(on).filter(baunit__in=units, kind__in=[int(k) for k in USE_RIGHTS])
    return list(rows.order_by("rrr").values_list("rrr_id", flat=True).distinct())


def _transfer(e: Entering) -> Came:
    e.recall(e.rrr_id)
    ended, granted = pass_qualification(e.application, on=e.on, source_id=e.source.pk, actor=e.actor, at=e.at)
    e.recall(*ended)
    transfer_right(rrr_id=e.rrr_id, to=e.holders(), on=e.on, source_id=e.source.pk, actor=e.actor, at=e.at)
    to = acquirers_of(e.application)
    e.recall(*lift_fulfilled(e.unit, e.rrr_id, to, on=e.on, source_id=e.source.pk, actor=e.actor, at=e.at))
    return Came.proving(e.rrr_id, *granted)


def _cancel(e: Entering) -> Came:
    e.recall(*end_right(rrr_id=e.rrr_id, on=e.on, source_id=e.source.pk, actor=e.actor, at=e.at))
    return Came()


def _correct(e: Entering) -> Came:
    said = last_rows(e.rrr_id)
    if said and said[0].valid != e.term().as_range():
        _refuse_too_long(e, RightKind(said[0].kind))
    e.recall(e.rrr_id)
    correct_right(rrr_id=e.rrr_id, holders=e.holders(), term=e.term(), source_id=e.source.pk, actor=e.actor, at=e.at)
    in_force = Right.objects.current().as_of(e.on).filter(rrr=e.rrr_id).exists()
    return Came.proving(e.rrr_id) if in_force else Came()


def _restricts(kind: RestrictionKind, *, on_right: bool = False) -> Callable[[Entering], Came]:
    """An entry that burdens the unit, or one of its rights within the time of that right."""

    def entered(e: Entering) -> Came:
        of = e.application
        until = of.term_until
        if on_right and until is None:
            until = Right.objects.current().as_of(e.on).filter(rrr=e.rrr_id).values_list("valid", flat=True)[0].upper
        rrr = restrict(
            baunit_id=e.unit.pk, kind=kind, term=Term(e.on, until), source_id=e.source.pk,
            parent_id=e.rrr_id if on_right else None, party_id=of.party_id, holder=of.holder,
            amount_fen=of.amount_fen, text=of.text, actor=e.actor, at=e.at,
        )  # fmt: skip
        return Came.proving(rrr.pk)

    return entered


def _seize(e: Entering) -> Came:
    """A further seizure waits for those before it (轮候查封) and stands in their place when they end."""
    if e.application.term_until is None:
        raise TermWrong(why="查封须写明止期")
    found = values_for(e.application.case, LONGEST_SEIZURE).get(LONGEST_SEIZURE)
    longest = working(found) if found is not None else None
    if runs_too_long(e.on, e.application.term_until, None if longest is None else int(longest)):
        raise TermWrong(why=f"{e.term()} 超过查封最长的 {longest} 年；到期前续行查封的，凭新的文书再登记")
    before = Restriction.objects.current().as_of(e.on).filter(baunit=e.unit, kind=RestrictionKind.SEIZURE).count()
    text = f"轮候查封，第 {before + 1} 顺位。{e.application.text}" if before else e.application.text
    rrr = restrict(
        baunit_id=e.unit.pk, kind=RestrictionKind.SEIZURE, term=Term(e.on, e.application.term_until),
        source_id=e.source.pk, party_id=e.application.party_id, holder=e.application.holder, text=text,
        actor=e.actor, at=e.at,
    )  # fmt: skip
    return Came(rrr.pk)


def _lift(e: Entering) -> Came:
    lift(rrr_id=e.rrr_id, on=e.on, source_id=e.source.pk, actor=e.actor, at=e.at)
    e.recall(e.rrr_id)
    return Came()


def _derive(kind: RightKind) -> Callable[[Entering], Came]:
    """A right that derives from the one concerned."""

    def entered(e: Entering) -> Came:
        made = grant_right(
            baunit_id=e.unit.pk, kind=kind, holders=e.holders(), term=e.term(), source_id=e.source.pk,
            parent_id=e.rrr_id, actor=e.actor, at=e.at,
        )  # fmt: skip
        return Came.proving(made.pk)

    return entered


_ENTRIES: dict[Matter, Callable[[Entering], Came]] = {
    Matter.FIRST: _first,
    Matter.CHANGE: _change,
    Matter.SPLIT: _split,
    Matter.MERGE: _merge,
    Matter.HOUSE: _house,
    Matter.TRANSFER: _transfer,
    Matter.CANCELLATION: _cancel,
    Matter.CORRECTION: _correct,
    Matter.OBJECTION: _restricts(RestrictionKind.OBJECTION),
    Matter.ADVANCE_NOTICE: _restricts(RestrictionKind.ADVANCE_NOTICE, on_right=True),
    Matter.SEIZURE: _seize,
    Matter.MORTGAGE: _restricts(RestrictionKind.MORTGAGE, on_right=True),
    Matter.OPERATION: _derive(RightKind.OPERATION),
    Matter.OPERATION_END: _cancel,
    Matter.RESIDENCE: _derive(RightKind.RESIDENCE),
    Matter.RESIDENCE_END: _cancel,
    Matter.LETTING: _derive(RightKind.LETTING),
    Matter.LETTING_END: _cancel,
    **{matter: _lift for matter in Matter if matter.told.concern is Concern.RESTRICTION},
}


class _Tried(Exception):
    """Taken back: it was only tried."""


def try_entry(application: Application, units: Sequence[BAUnit], *, actor: Actor, at: datetime) -> None:
    """Enter and take back at once: what the book would refuse, the applicant learns when applying. Raises: as the entry."""
    fresh = Application.objects.select_related("case", "rrr").get(pk=application.pk)
    try:
        with transaction.atomic():
            write_entry(fresh, units, actor=actor, at=at)
            raise _Tried
    except _Tried:
        return
