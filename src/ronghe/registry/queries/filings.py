"""Reads of filings: the list, one with what still stands of it, what the rule says of a household."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import legal_day
from ronghe.kernel.parties.models import HouseholdMember
from ronghe.kernel.parties.queries import same_parties
from ronghe.mechanisms.casework.models import Case
from ronghe.policy import queries as policy
from ronghe.policy.rules.periods import after_months
from ronghe.policy.ruling import Ruling

from ..errors import FilingNotFound
from ..models import CollectiveMember, IncomeRight, KeptRight, KeptRightsFiling, Restriction, Right
from ..rules.areas import working
from ..rules.filing import VALID_YEARS, FilingFacts, kept_rights
from ..rules.kinds import RightKind
from .rolls import given_in

RULE = "registration.kept_rights"
_R = RightKind
#: What a household that moves away keeps: the right to a homestead, its use, and what it has contracted.
KEPT = frozenset(
    {
        _R.QUALIFICATION, _R.HOMESTEAD_USE, _R.HOMESTEAD_HOUSE, _R.CONTRACT, _R.CONTRACT_TREES, _R.FOREST_USE,
        _R.FOREST_TREES,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """仍然有效的权益: the rights, the memberships and the shares in the income of a household on a day."""

    rights: tuple[Right, ...]
    members: tuple[CollectiveMember, ...]
    incomes: tuple[IncomeRight, ...] = ()

    def __len__(self) -> int:
        return len(self.rights) + len(self.members) + len(self.incomes)


def standing_on(household_id: int, *, moved_on: date, day: date) -> Standing:
    """What a household and its people held on the day of the move and hold still on ``day``."""
    household = same_parties([household_id])
    members = HouseholdMember.objects.current().as_of(moved_on).filter(household__in=household)
    people = same_parties(members.values_list("person", flat=True))
    rights = Right.objects.current().as_of(moved_on).as_of(day).filter(kind__in=[int(kind) for kind in KEPT])
    rights = rights.filter(party__in=[*household, *people]).select_related("baunit", "party")
    roll = CollectiveMember.objects.current().as_of(moved_on).as_of(day).filter(person__in=people)
    # A share that changed hands since the move is no longer what was kept; one that was entered later was not held then.
    incomes = IncomeRight.objects.current().as_of(moved_on).filter(holder__in=[*household, *people])
    return Standing(
        tuple(rights.order_by("baunit", "kind", "pk")),
        tuple(roll.select_related("person", "collective").order_by("pk")),
        tuple(
            one for one in incomes.select_related("holder", "collective").order_by("pk") if _holds_still(one, day=day)
        ),
    )


def _holds_still(one: IncomeRight, *, day: date) -> bool:
    """Whether a holder has a share of that collective on a day, be it another number."""
    rows = IncomeRight.objects.current().as_of(day).filter(collective__in=same_parties([one.collective_id]))
    return rows.filter(holder__in=same_parties([one.holder_id])).exists()


def standing_filing(household_id: int) -> KeptRightsFiling | None:
    """The filing of a household that has not ended."""
    return KeptRightsFiling.objects.filter(household__in=same_parties([household_id]), ended_on=None).first()


def keeps_membership(person_id: int, collective_id: int) -> bool:
    """Whether a filing that has not ended lists the membership of a person in a collective."""
    rows = KeptRight.objects.filter(filing__ended_on=None, member__collective__in=same_parties([collective_id]))
    return rows.filter(member__person__in=same_parties([person_id])).exists()


def renewal_due(filing: KeptRightsFiling) -> date | None:
    """By when a filing is to be renewed: so many years after it was made or renewed last; None where nobody says how many."""
    begun = filing.renewed_on or filing.filed_on
    zone = filing.case.zone if filing.case is not None else None
    found = policy.values_in_force(zone, on=begun, parameters=[VALID_YEARS]).get(VALID_YEARS)
    years = working(found) if found is not None else None
    if filing.ended_on is not None or years is None:
        return None
    return after_months(begun, 12 * int(years), policy.calendar()).day


def is_standing(item: KeptRight, *, day: date) -> bool:
    """Whether what was listed is still held by whoever kept it."""
    if item.member_id is not None:
        assert item.member is not None
        rows = CollectiveMember.objects.current().as_of(day)
        rows = rows.filter(collective__in=same_parties([item.member.collective_id]))
        return rows.filter(person__in=same_parties([item.member.person_id])).exists()
    if item.income_id is not None:
        assert item.income is not None
        return _holds_still(item.income, day=day)
    kept = Restriction.objects.filter(rrr=item.restriction_id).values("party")
    return Right.objects.current().as_of(day).filter(rrr=item.right_id, party__in=kept).exists()


def standing_items(filing: KeptRightsFiling, *, day: date) -> list[tuple[KeptRight, bool]]:
    """What a filing lists, each with whether it still stands on a day."""
    return [(item, is_standing(item, day=day)) for item in filing.items.select_related("member", "income")]


def filings(actor: Actor, *, text: str = "", state: str = "") -> QuerySet[KeptRightsFiling]:
    """The filings that the actor may see, with how many rights each lists."""
    rows = KeptRightsFiling.objects.visible_to(actor).select_related("household", "division", "paper")
    if text:
        rows = rows.filter(household__name__icontains=text)
    if state:
        rows = rows.filter(ended_on__isnull=state == "standing")
    return rows.annotate(rights=Count("items"))


def filing(filing_id: int, *, actor: Actor) -> KeptRightsFiling:
    """One filing. Raises: FilingNotFound."""
    rows = KeptRightsFiling.objects.visible_to(actor).select_related("household", "division", "paper", "case__zone")
    found = rows.filter(pk=filing_id).first()
    if found is None:
        raise FilingNotFound(filing=filing_id)
    return found


def ruling_of(case: Case, *, on: date) -> Ruling[bool | None]:
    """Whether what a household keeps is filed on a day: what stands then, by the law of the day when it applied."""
    household, moved_on = int(case.subject_id), date.fromisoformat(case.facts["moved_on"])
    facts = FilingFacts(
        has_moved=True,
        moved_on=moved_on,
        rights=len(standing_on(household, moved_on=moved_on, day=on)),
        has_standing_filing=standing_filing(household) is not None,
    )
    return kept_rights(facts, given_in(case.zone, on=legal_day(case.opened_at), rule=RULE))
