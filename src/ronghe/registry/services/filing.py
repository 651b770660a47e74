"""转移备案: what a household keeps in the village is listed and held fast; it is renewed, and it ends."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.db import refuses
from ronghe.kernel.papers.models import Paper
from ronghe.kernel.papers.services import issue_paper, revoke_paper
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.queries import same_parties
from ronghe.mechanisms.casework.models import Case
from ronghe.mechanisms.casework.services import open_case

from ..errors import (
    FilingCaseOpen,
    FilingDayWrong,
    FilingEmpty,
    FilingNotFound,
    FilingOver,
    FilingRightsStand,
    FilingStands,
    HouseholdUnknown,
    NotYourHousehold,
)
from ..models import (
    Certificate,
    KeptRight,
    KeptRightsFiling,
    Restriction,
    Right,
    SpatialUnitVersion,
)
from ..models.scope import of_ones_household
from ..queries.filings import standing_filing, standing_items, standing_on
from ..rules.kinds import GroundKind, RestrictionKind, SourceKind
from .rights import Term, lift, restrict
from .sources import keep_source
from .writing import locked_units

KEY = "registry.kept_rights"
PAPER = "registry.kept_rights"


@transaction.atomic
def apply_for_filing(*, household_id: int, moved_on: date, moved_to: str, actor: Actor, at: datetime) -> Case:
    """Apply that what a household keeps be filed (申请转移备案): its case is opened, and the rule is asked on its way.

    Whoever acts for a party applies for the household in which that party lives. Locks: Party, then the number series.
    Raises: FilingDayWrong, HouseholdUnknown, NotYourHousehold, FilingStands, FilingCaseOpen, and what ``open_case`` refuses.
    """
    refuse_day(moved_on, legal_day(at))
    household = _household(household_id, actor)
    if standing_filing(household.pk) is not None:
        raise FilingStands(name=household.name)
    standing = Case.objects.filter(
        procedure=KEY, subject_type="parties.Party", subject_id__in=[str(pk) for pk in same_parties([household.pk])],
        state__in=(Case.State.OPEN, Case.State.PAUSED),
    )  # fmt: skip
    if (other := standing.first()) is not None:
        raise FilingCaseOpen(name=household.name, number=other.number)
    return open_case(
        KEY, title=f"{household.name}进城落户转移备案", division=household.division_id,
        subject=("parties.Party", household.pk), applicant_id=household.pk,
        facts={"moved_on": moved_on.isoformat(), "moved_to": " ".join(moved_to.split())[:120]}, actor=actor, at=at,
    )  # fmt: skip


def _household(household_id: int, actor: Actor) -> Party:
    """The household, locked, for which the actor may apply. Raises: HouseholdUnknown, NotYourHousehold."""
    rows = Party.objects.select_for_update(of=("self",)).filter(kind=Party.Kind.HOUSEHOLD)
    if actor.role == Role.SELF:
        found = rows.filter(pk=household_id, pk__in=of_ones_household(actor.on_behalf_of_id or 0)).first()
        if found is None:
            raise NotYourHousehold(matter="转移备案")
        return found
    seen = Party.objects.visible_to(actor).filter(pk=household_id).exists()
    found = rows.filter(pk=household_id).first() if seen else None
    if found is None:
        raise HouseholdUnknown(household=household_id)
    return found


@transaction.atomic
def file_kept_rights(
    *, household_id: int, moved_on: date, moved_to: str, case_id: int | None = None, actor: Actor, at: datetime
) -> KeptRightsFiling:
    """List what a household keeps and hold it fast (转移备案), with its certificate. Locks: BAUnit (by number), Party.

    Raises: FilingNotFound, FilingDayWrong, FilingStands, FilingEmpty. Source: 青岛 四(一)1; 济南 三(一)2.
    """
    day = legal_day(at)
    refuse_day(moved_on, day)
    first = standing_on(household_id, moved_on=moved_on, day=day)
    locked_units(*sorted({row.baunit_id for row in first.rights}))
    household = Party.objects.select_for_update(of=("self",)).filter(pk=household_id, kind="household").first()
    if household is None:
        raise FilingNotFound(filing=household_id)
    if standing_filing(household_id) is not None:
        raise FilingStands(name=household.name)
    found = standing_on(household_id, moved_on=moved_on, day=day)
    if not len(found):
        raise FilingEmpty(name=household.name, day=day, act="备案")
    with refuses({"filing_one_per_household": FilingStands(name=household.name)}):
        made = KeptRightsFiling.objects.create(
            household=household, division_id=household.division_id, case_id=case_id, moved_on=moved_on,
            moved_to=" ".join(moved_to.split())[:120], filed_on=day, filed_at=at,
        )  # fmt: skip
    source = keep_source(
        kind=SourceKind.FILING, title="进城落户转移备案", issued_on=day, division=household.division_id, case_id=case_id
    )
    for row in found.rights:
        _keep_right(made, row, source_id=source.pk, actor=actor, at=at)
    for one in found.members:
        KeptRight.objects.create(
            filing=made, member=one, title="集体成员身份", holder=one.person.name, location=one.collective.name,
            begins=one.valid.lower or moved_on,
        )  # fmt: skip
    for share in found.incomes:
        KeptRight.objects.create(
            filing=made, income=share, title=f"集体收益分配权 {share.words}", holder=share.holder.name,
            location=share.collective.name, begins=share.valid.lower or moved_on, ends=share.valid.upper,
        )  # fmt: skip
    _certify(made, actor=actor, at=at)
    facts = {"household": household.pk, "rights": len(found.rights), "members": len(found.members), "on": moved_on}
    record(verb="registry.filing.made", subject=made, actor=actor, at=at, facts=facts, division=made.division_id)
    return made


def refuse_day(moved_on: date, day: date) -> None:
    """Raises: FilingDayWrong."""
    if moved_on > day:
        raise FilingDayWrong(day=moved_on, why="在今天以后")
    if moved_on < date(1950, 1, 1):
        raise FilingDayWrong(day=moved_on, why="太早")


def _keep_right(filing: KeptRightsFiling, row: Right, *, source_id: int, actor: Actor, at: datetime) -> None:
    """One right: restricted in its holder's name for as long as it runs, and written down as it is."""
    unit = row.baunit
    held = restrict(
        baunit_id=unit.pk, kind=RestrictionKind.KEPT_RIGHTS, term=Term(filing.filed_on, row.valid.upper),
        parent_id=row.rrr_id, source_id=source_id, party_id=row.party_id,
        text=f"进城落户转移备案保留：{row.get_kind_display()}", actor=actor, at=at,
    )  # fmt: skip
    place, area = _ground(unit.pk, filing.filed_on)
    proof = Certificate.objects.filter(rrr=row.rrr_id, recalled_on=None).values_list("number", flat=True).first()
    KeptRight.objects.create(
        filing=filing, right_id=row.rrr_id, restriction=held, title=row.get_kind_display(), holder=row.party.name,
        unit_code=unit.code, location=place, area_m2=area, certificate=proof or "",
        begins=row.valid.lower or filing.moved_on, ends=row.valid.upper,
    )  # fmt: skip


def _ground(baunit_id: int, day: date) -> tuple[str, Decimal | None]:
    """Where a unit lies and how large its land is."""
    rows = SpatialUnitVersion.objects.current().as_of(day).filter(spatial_unit__baunits__baunit=baunit_id)
    land = [row for row in rows.select_related("spatial_unit") if row.spatial_unit.kind != GroundKind.BUILDING]
    if not land:
        return "", None
    return land[0].location, sum((row.registered_area_m2 for row in land), Decimal(0))


@transaction.atomic
def renew_filing(*, filing_id: int, actor: Actor, at: datetime) -> KeptRightsFiling:
    """Issue the certificate anew with what still stands (续办换证); the one before is void. Locks: the filing.

    Raises: FilingNotFound, FilingOver, FilingEmpty.
    """
    found = _locked(filing_id, actor)
    day = legal_day(at)
    if not any(stands for _, stands in standing_items(found, day=day)):
        raise FilingEmpty(name=found.household.name, day=day, act="续办")
    before = found.paper_id
    found.renewed_on = day
    made = _certify(found, actor=actor, at=at)
    if before is not None:
        revoke_paper(paper_id=before, reason="续办换证", replaced_by=made.pk, actor=actor, at=at)
    record(
        verb="registry.filing.renewed", subject=found, actor=actor, at=at, facts={"on": day}, division=found.division_id
    )
    return found


@transaction.atomic
def end_filing(*, filing_id: int, ended_by: KeptRightsFiling.End, actor: Actor, at: datetime) -> KeptRightsFiling:
    """A filing ends: the household has left all of it, or come back, or the filing was wrong. Locks: BAUnit, the filing.

    What still stands is held fast no longer; the rights themselves go on. Raises: FilingNotFound, FilingOver,
    FilingRightsStand.
    """
    day = legal_day(at)
    items = KeptRight.objects.filter(filing=filing_id, restriction__isnull=False).select_related("restriction")
    locked_units(*sorted({item.restriction.baunit_id for item in items if item.restriction}))
    found = _locked(filing_id, actor)
    left = sum(stands for _, stands in standing_items(found, day=day))
    if ended_by is KeptRightsFiling.End.EXIT and left:
        raise FilingRightsStand(count=left)
    source = keep_source(
        kind=SourceKind.FILING, title=f"转移备案终止：{ended_by.label}", issued_on=day, division=found.division_id
    )
    _release(items, source_id=source.pk, day=day, actor=actor, at=at)
    found.ended_on, found.ended_at, found.ended_by = day, at, ended_by
    found.save(update_fields=["ended_on", "ended_at", "ended_by"])
    if found.paper_id is not None:
        revoke_paper(paper_id=found.paper_id, reason=f"转移备案终止：{ended_by.label}", actor=actor, at=at)
    facts = {"on": day, "by": ended_by.value}
    record(verb="registry.filing.ended", subject=found, actor=actor, at=at, facts=facts, division=found.division_id)
    return found


def _release(items: Iterable[KeptRight], *, source_id: int, day: date, actor: Actor, at: datetime) -> None:
    """Lift the restrictions that have not ended with their rights."""
    wanted = [item.restriction_id for item in items]
    rows = Restriction.objects.current().as_of(day).filter(rrr__in=wanted)
    for rrr_id in sorted(rows.values_list("rrr", flat=True)):
        lift(rrr_id=rrr_id, on=day, source_id=source_id, actor=actor, at=at)


def _locked(filing_id: int, actor: Actor) -> KeptRightsFiling:
    """A filing that stands, locked. Raises: FilingNotFound, FilingOver."""
    seen = KeptRightsFiling.objects.visible_to(actor).filter(pk=filing_id).exists()
    rows = KeptRightsFiling.objects.select_for_update(of=("self",)).select_related("household", "division")
    found = rows.filter(pk=filing_id).first() if seen else None
    if found is None:
        raise FilingNotFound(filing=filing_id)
    if found.ended_on is not None:
        raise FilingOver(day=found.ended_on)
    return found


def _certify(filing: KeptRightsFiling, *, actor: Actor, at: datetime) -> Paper:
    """Issue the certificate of what stands, and keep it with the filing."""
    day = legal_day(at)
    rows = [
        [
            item.title, item.holder, item.unit_code or item.location, item.location if item.unit_code else "",
            "" if item.area_m2 is None else f"{item.area_m2}", f"{item.begins} 至 {item.ends or '长期'}",
        ]
        for item, stands in standing_items(filing, day=day)
        if stands
    ]  # fmt: skip
    facts = {
        "household": filing.household.name, "village": filing.division.name, "moved_on": filing.moved_on.isoformat(),
        "moved_to": filing.moved_to, "filed_on": filing.filed_on.isoformat(), "rights": rows,
        "renewed_on": filing.renewed_on.isoformat() if filing.renewed_on else "",
    }  # fmt: skip
    made = issue_paper(
        PAPER, facts=facts, division=filing.division_id, subject=("registry.keptrightsfiling", filing.pk), actor=actor,
        at=at,
    )  # fmt: skip
    filing.paper = made
    filing.save(update_fields=["paper", "renewed_on"])
    return made
