"""受让: to whom a homestead or contracted land passes, and what becomes of the qualification that went with a homestead."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from ronghe.kernel.actors import Actor
from ronghe.kernel.parties.models import HouseholdMember, Party
from ronghe.kernel.parties.queries import in_whose_names, same_parties
from ronghe.policy.ruling import Ruling, Step, gate

from ..models import RRR, Application, BAUnit, Right
from ..queries.parameters import given_in
from ..queries.qualifying import HOUSEHOLD, homesteads_of, names_of, villages_of
from ..rules.acquiring import AMONG_MEMBERS, BY_THE_PARTIES, HOMESTEAD, AcquisitionFacts, acquisition
from ..rules.certification import QualificationFacts, homestead_qualification
from ..rules.kinds import RightKind
from ..rules.matters import Cause, Matter
from ..rules.pledging import Shown
from .rights import Holder, Term, end_right, grant_right


@dataclass(frozen=True, slots=True)
class Passing:
    """A right that passes by an act of the parties: to whom, who held it, and what the households have on a day."""

    application: Application
    on: date

    @property
    def unit(self) -> BAUnit:
        return self.application.baunit

    def sellers(self) -> list[int]:
        """Who holds the right now."""
        rows = Right.objects.current().as_of(self.on).filter(rrr=self.application.rrr_id)
        return list(rows.order_by("pk").values_list("party_id", flat=True))

    def buyers(self) -> list[Party]:
        """Who is to hold it: for a person the household, which holds for all of it; not the collective whose land it is."""
        asked = [row.party for row in self.application.holders.select_related("party")]
        owners = Right.objects.current().as_of(self.on).filter(
            baunit=self.unit, kind=RightKind.COLLECTIVE_OWNERSHIP
        )  # fmt: skip
        owning = set(owners.values_list("party_id", flat=True))
        found = {self._household(one) for one in asked if one.pk not in owning}
        return sorted(found, key=lambda one: one.pk)

    def _household(self, party: Party) -> Party:
        if party.kind != Party.Kind.PERSON:
            return party
        rows = HouseholdMember.objects.current().as_of(self.on).filter(person__in=same_parties([party.pk]))
        first = rows.select_related("household").order_by("household").first()
        return first.household if first is not None else party

    def is_member(self, buyer: Party) -> bool:
        """Whether somebody of the household stands on the roll of the village and lives."""
        return self.unit.division_id in villages_of([buyer.pk], on=self.on).get(buyer.pk, ())

    def homesteads(self, buyer: Party) -> int:
        """How many the household would have with this one, without what it gives in return."""
        others = homesteads_of([buyer.pk], on=self.on).get(buyer.pk, set()) - {self.unit.code}
        return 1 + len(others - self._in_return(buyer, others))

    def _in_return(self, buyer: Party, others: set[str]) -> set[str]:
        """互换: what the household has applied to give to those who give this one.

        Of two applications one is handed in first: until it has been taken in, one homestead counts as given in return.
        """
        if self.application.cause != Cause.SWAP or not others:
            return set()
        names = {name for seller in self.sellers() for name in in_whose_names(seller, on=self.on)}
        rows = Application.objects.filter(
            matter=Matter.TRANSFER, cause=Cause.SWAP, case__state__in=("open", "paused"), entry=None,
            baunit__code__in=others, holders__party__in=names,
        )  # fmt: skip
        found = set(rows.values_list("baunit__code", flat=True))
        if not found and self.application.case.step in ("apply", "accept"):
            return {min(others)}
        return found


def acquisition_ruling(application: Application, *, on: date) -> Ruling[bool | None] | None:
    """Whether those to whom a homestead or contracted land passes may have it; nothing where nobody is asked."""
    kind = AMONG_MEMBERS.get(RightKind(application.right_kind)) if application.right_kind else None
    cause = Cause(application.cause)
    if application.what is not Matter.TRANSFER or kind is None or cause not in BY_THE_PARTIES:
        return None
    passing, given = Passing(application, on), given_in(application.case, "registration.acquisition")
    steps: list[Step] = []
    held = passing.sellers()
    for buyer in passing.buyers():
        if buyer.pk in held:  # it keeps a share of what it has
            continue
        facts = AcquisitionFacts(
            right=kind, cause=cause.title, is_member=passing.is_member(buyer),
            homesteads=passing.homesteads(buyer) if kind == HOMESTEAD else None,
            is_filed=Shown.FILED in application.shown, issuer_consents=Shown.ISSUER_CONSENTS in application.shown,
        )  # fmt: skip
        steps += acquisition(facts, given).steps
    return gate(steps) if steps else None


def pass_qualification(
    application: Application, *, on: date, source_id: int, actor: Actor, at: datetime
) -> tuple[list[int], list[int]]:
    """宅基地资格权 after a homestead has passed to others: that of those who gave it ends, the household that got it has one.

    It is granted where the household qualifies, as it is when it is first registered. The use has not passed yet; the
    unit is locked. Returns the numbers of what ended and of what was granted.
    """
    kind = AMONG_MEMBERS.get(RightKind(application.right_kind)) if application.right_kind else None
    if kind != HOMESTEAD or Cause(application.cause) not in BY_THE_PARTIES:
        return [], []
    passing = Passing(application, on)
    buyers = passing.buyers()
    qualifies = [one for one in buyers if _qualifies(passing, one)]
    leaving = _names(passing.sellers(), on=on) - _names([one.pk for one in buyers], on=on)
    standing = Right.objects.current().as_of(on).filter(baunit=passing.unit, kind=RightKind.QUALIFICATION)
    ended: list[int] = []
    for rrr_id in standing.filter(party__in=leaving).order_by("rrr").values_list("rrr_id", flat=True):
        ended += end_right(rrr_id=rrr_id, on=on, source_id=source_id, actor=actor, at=at)
    parent = _owned(passing.unit, on)
    if len(buyers) != 1 or not qualifies or parent is None or standing.exists():
        return ended, []
    made = grant_right(
        baunit_id=passing.unit.pk, kind=RightKind.QUALIFICATION, holders=[Holder(buyers[0].pk)], term=Term(on),
        source_id=source_id, parent_id=parent, actor=actor, at=at,
    )  # fmt: skip
    return ended, [made.pk]


def _qualifies(passing: Passing, buyer: Party) -> bool:
    facts = QualificationFacts(
        held_by=HOUSEHOLD if buyer.kind == Party.Kind.HOUSEHOLD else None,
        has_member=passing.is_member(buyer),
        homesteads=passing.homesteads(buyer),
    )
    given = given_in(passing.application.case, "registration.homestead_qualification")
    return buyer.kind == Party.Kind.HOUSEHOLD and homestead_qualification(facts, given).value is True


def _names(parties: Iterable[int], *, on: date) -> set[int]:
    """Under which names parties stand, with their households and those who live in them."""
    around: Collection[int] = {name for one in parties for name in in_whose_names(one, on=on)}
    return set(names_of(around, on=on))


def _owned(unit: BAUnit, on: date) -> int | None:
    owned = RRR.objects.filter(baunit=unit, sort=RRR.Sort.RIGHT, kind=RightKind.COLLECTIVE_OWNERSHIP)
    rows = Right.objects.current().as_of(on).filter(rrr__in=owned).order_by("pk")
    return rows.values_list("rrr_id", flat=True).first()
