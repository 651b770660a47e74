"""Reads of 集体收益分配权: which collectives have shares, who holds how many on a day, what proves it, what is asked for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import legal_day
from ronghe.kernel.parties.models import HouseholdMember, Party
from ronghe.kernel.parties.queries import in_whose_names, same_parties
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.ruling import Ruling

from ..income_errors import (
    IncomeCaseNotFound,
    IncomeCertificateNotFound,
    IncomeRightNotFound,
)
from ..models import CollectiveMember, IncomeApplication, IncomeCertificate, IncomeLine, IncomeRight, IncomeShares
from ..rules.income import WHOLE, IncomeCause, IncomeChangeFacts, Listed, income_change, list_ruling
from .filings import standing_filing
from .rolls import given_in

RULE, CHANGE_RULE = "registration.income_right", "registration.income_change"


# -- the roll, by household ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OnRoll:
    """在册情况: the living members of a collective on a day, by household; and who of them is in none."""

    by_household: Mapping[int, int]
    alone: tuple[str, ...]


def households_on_roll(collective_id: int, *, day: date) -> OnRoll:
    """Count the living members on a roll by the household in which each is on a day. For services that hold the collective."""
    people = living_members(collective_id, day=day)
    home = dict(
        HouseholdMember.objects.current().as_of(day).filter(person__in=list(people)).values_list("person", "household")
    )
    counts: dict[int, int] = {}
    for person in people:
        if person in home:
            counts[home[person]] = counts.get(home[person], 0) + 1
    alone = sorted(name for person, name in people.items() if person not in home)
    return OnRoll(dict(sorted(counts.items())), tuple(alone))


def living_members(collective_id: int, *, day: date) -> dict[int, str]:
    """Who stands on a roll on a day and lives, with the name; of a merged record the one that remains."""
    rows = CollectiveMember.objects.current().as_of(day).filter(collective__in=same_parties([collective_id]))
    remaining = Party.objects.filter(pk__in=rows.values(who=Coalesce("person__merged_into", "person")))
    living = remaining.filter(Q(ended_on=None) | Q(ended_on__gt=day)).order_by("pk")
    return dict(living.values_list("pk", "name"))


def members_of(party_id: int, collective_id: int, *, day: date) -> int:
    """How many living members of a collective are in a household on a day; of a person, whether it is one."""
    names = same_parties([party_id])
    inside = HouseholdMember.objects.current().as_of(day).filter(household__in=names).values_list("person", flat=True)
    return len({*inside, *names} & set(living_members(collective_id, day=day)))


# -- what stands -----------------------------------------------------------------------------------------------------


def collectives_with_shares(actor: Actor, *, day: date, text: str = "") -> QuerySet[Any]:
    """The collectives that the actor may see, each with its total, what is held, by how many, and how many have their
    certificate on a day."""
    rows = Party.objects.visible_to(actor).filter(kind=Party.Kind.COLLECTIVE, state=Party.State.ACTIVE)
    if text:
        holders = IncomeRight.objects.visible_to(actor).current().as_of(day).filter(holder__name__icontains=text)
        rows = rows.filter(
            Q(name__icontains=text) | Q(division__name__icontains=text) | Q(pk__in=holders.values("collective"))
        )
    here = Q(collective=OuterRef("pk")) | Q(collective__merged_into=OuterRef("pk"))
    setups = IncomeShares.objects.visible_to(actor).current().as_of(day).filter(here).order_by("pk")
    rights = IncomeRight.objects.visible_to(actor).current().as_of(day).filter(here).order_by()
    papers = IncomeCertificate.objects.visible_to(actor).filter(here, issued_on__lte=day).order_by()
    papers = papers.filter(Q(recalled_on=None) | Q(recalled_on__gt=day))

    def counted(of: QuerySet[Any]) -> Subquery:
        return Subquery(of.annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n"))

    return rows.select_related("division").annotate(
        total=Subquery(setups.values("total_hundredths")[:1]),
        households=counted(rights),
        certified=counted(papers),
    )


def setup(of: Party, *, actor: Actor, day: date, known_at: datetime | None = None) -> IncomeShares | None:
    """The shares that a collective had set up on a day."""
    rows = IncomeShares.objects.visible_to(actor).known_at(known_at).as_of(day)
    rows = rows.filter(collective__in=same_parties([of.pk]))
    return rows.select_related("source").first()


def rights(of: Party, *, actor: Actor, day: date, known_at: datetime | None = None, text: str = "") -> QuerySet[Any]:
    """Who held how many shares of a collective on a day, with the certificate of that day (``certificate_id``)."""
    rows = IncomeRight.objects.visible_to(actor).known_at(known_at).as_of(day)
    rows = rows.filter(collective__in=same_parties([of.pk]))
    if text:
        rows = rows.filter(holder__name__icontains=text)
    papers = IncomeCertificate.objects.filter(
        collective=OuterRef("collective"), holder=OuterRef("holder"), issued_on__lte=day
    ).filter(Q(recalled_on=None) | Q(recalled_on__gt=day))
    newest = papers.order_by("-pk")
    return rows.select_related("holder", "collective", "source").annotate(
        since=F("valid__startswith"), certificate_id=Subquery(newest.values("pk")[:1]),
        certificate_number=Subquery(newest.values("number")[:1]),
    )  # fmt: skip


def history_of(of: Party, holder_id: int, *, actor: Actor) -> list[IncomeRight]:
    """All rows of one holder in a collective as today's register tells them, newest first. Raises: IncomeRightNotFound."""
    rows = IncomeRight.objects.visible_to(actor).current().filter(collective__in=same_parties([of.pk]))
    rows = rows.filter(holder__in=same_parties([holder_id]))
    found = list(rows.select_related("source", "case", "holder").order_by("-valid", "-pk"))
    if not found:
        raise IncomeRightNotFound(collective=of.name)
    return found


def held(of: Party, holder_id: int, *, actor: Actor, day: date) -> IncomeRight:
    """What a household holds of a collective today. Raises: IncomeRightNotFound."""
    rows = rights(of, actor=actor, day=day)
    found: IncomeRight | None = rows.filter(holder__in=same_parties([holder_id])).first()
    if found is None:
        raise IncomeRightNotFound(collective=of.name)
    return found


def takers(of: Party, *, but: int, day: date) -> list[tuple[int, str]]:
    """The households of a collective that may take a share, by name: those with somebody on its roll."""
    wanted = [pk for pk in households_on_roll(of.pk, day=day).by_household if pk != but]
    return list(Party.objects.filter(pk__in=wanted).order_by("pinyin", "pk").values_list("pk", "name"))


def standing_right(collective_id: int, holder_id: int, *, day: date) -> IncomeRight | None:
    """What a party holds of a collective on a day. For services and rules."""
    rows = IncomeRight.objects.current().as_of(day).filter(collective__in=same_parties([collective_id]))
    return rows.filter(holder__in=same_parties([holder_id])).select_related("holder", "collective").first()


def own_rights(actor: Actor, *, day: date) -> list[IncomeRight]:
    """The shares that stand in one's own name or one's household's."""
    if actor.on_behalf_of_id is None:
        return []
    names = in_whose_names(actor.on_behalf_of_id, on=day)
    rows = IncomeRight.objects.visible_to(actor).current().as_of(day).filter(holder__in=names)
    return list(rows.select_related("collective__division", "holder").order_by("pk"))


def standing_certificates(rows: Collection[IncomeRight]) -> dict[tuple[int, int], IncomeCertificate]:
    """The certificate in force of each of these rights, by collective and holder."""
    found = IncomeCertificate.objects.filter(
        collective__in=[row.collective_id for row in rows], holder__in=[row.holder_id for row in rows], recalled_on=None
    ).select_related("paper")
    return {(one.collective_id, one.holder_id): one for one in found}


def total_of(collective_id: int, *, day: date) -> int | None:
    """The total of a collective on a day in hundredths; None where no shares are set up. For services and rules."""
    rows = IncomeShares.objects.current().as_of(day).filter(collective__in=same_parties([collective_id]))
    return rows.values_list("total_hundredths", flat=True).first()


def certificate(certificate_id: int, *, actor: Actor) -> IncomeCertificate:
    """One certificate. Raises: IncomeCertificateNotFound."""
    rows = IncomeCertificate.objects.visible_to(actor).select_related("collective__division", "holder", "paper")
    found = rows.filter(pk=certificate_id).first()
    if found is None:
        raise IncomeCertificateNotFound(certificate=certificate_id)
    return found


# -- cases -----------------------------------------------------------------------------------------------------------


def application(case_id: int, *, actor: Actor) -> IncomeApplication:
    """What is asked for in a case. Raises: IncomeCaseNotFound."""
    rows = IncomeApplication.objects.visible_to(actor)
    found = rows.select_related("case__zone", "collective__division", "holder", "taker").filter(pk=case_id).first()
    if found is None:
        raise IncomeCaseNotFound(case=case_id)
    return found


def applications_of(of: Party, *, actor: Actor, only_open: bool = True) -> QuerySet[IncomeApplication]:
    """The cases of a collective, newest first."""
    rows = IncomeApplication.objects.visible_to(actor).filter(collective__in=same_parties([of.pk]))
    if only_open:
        rows = rows.filter(case__state__in=(Case.State.OPEN, Case.State.PAUSED))
    return rows.select_related("case", "holder").order_by("-case")


def lines_of(of: IncomeApplication, *, actor: Actor) -> Sequence[IncomeLine]:
    """The list of a first registration, as far as the actor may see it."""
    rows = IncomeLine.objects.visible_to(actor).filter(application=of)
    return list(rows.select_related("household").order_by("household__pinyin", "household_id"))


@dataclass(frozen=True, slots=True)
class Asked:
    """规则核对: the ruling of a case with the parameters that it was given."""

    rule: str
    ruling: Ruling[bool | None]
    given: Any = field(repr=False)


def asked(of: IncomeApplication, *, day: date) -> Asked:
    """What the rule says of a case on a day, by the law of the day on which it was opened."""
    if of.total_hundredths is not None:
        found = list_ruling(listed(of, day=day), total=of.total_hundredths)
        return Asked(RULE, found, given_in(of.case.zone, on=opened_on(of), rule=RULE))
    given = given_in(of.case.zone, on=opened_on(of), rule=CHANGE_RULE)
    return Asked(CHANGE_RULE, income_change(change_facts(of, day=day), given), given)


def listed(of: IncomeApplication, *, day: date) -> list[Listed]:
    """The list with the members who live on a day and stand on the roll."""
    on_roll = households_on_roll(of.collective_id, day=day).by_household
    rows = of.lines.select_related("household").order_by("pk")
    return [Listed(one.household.name, on_roll.get(one.household_id, 0), one.shares_hundredths) for one in rows]


def change_facts(of: IncomeApplication, *, day: date) -> IncomeChangeFacts:
    """The facts of a transfer or a cancellation as the register knows them on a day."""
    assert of.holder_id is not None
    assert of.shares_hundredths is not None
    row = standing_right(of.collective_id, of.holder_id, day=day)
    taker = of.taker_id
    return IncomeChangeFacts(
        cause=IncomeCause(of.cause).title,
        held=Fraction(row.shares_hundredths if row is not None else 0, WHOLE),
        moved=Fraction(of.shares_hundredths, WHOLE),
        holder_applies=of.holder_applies,
        is_kept=standing_filing(of.holder_id) is not None,
        holder_members=len(_living(of.holder_id, day=day)),
        taker_members=None if taker is None else members_of(taker, of.collective_id, day=day),
        taker_was_of_household=None if taker is None else _was_of(taker, of.holder_id, day=day),
        taker_has_exited=None if taker is None else has_exited(taker, of.collective_id),
        charter_allows_heir=of.charter_allows_heir,
    )


def _living(household_id: int, *, day: date) -> set[int]:
    rows = HouseholdMember.objects.current().as_of(day).filter(household__in=same_parties([household_id]))
    rows = rows.filter(Q(person__ended_on=None) | Q(person__ended_on__gt=day))
    return set(rows.values_list("person", flat=True))


def _was_of(taker_id: int, holder_id: int, *, day: date) -> bool:
    """Whether somebody who is in a household now was in the other before, or is the person who was."""
    people = {*_living(taker_id, day=day), *same_parties([taker_id])}
    rows = HouseholdMember.objects.current().filter(household__in=same_parties([holder_id]), person__in=people)
    return rows.exists()


def has_exited(party_id: int, collective_id: int) -> bool:
    """Whether a household has left all its shares of a collective for payment."""
    names, of = same_parties([party_id]), same_parties([collective_id])
    left = IncomeApplication.objects.filter(
        collective__in=of, holder__in=names, cause=IncomeCause.EXIT.value, case__state=Case.State.DONE
    )
    if not left.exists():
        return False
    return not IncomeRight.objects.current().filter(
        collective__in=of, holder__in=names, valid__upper_inf=True
    ).exists()  # fmt: skip


def opened_on(of: IncomeApplication) -> date:
    """The legal day on which a case was opened."""
    return legal_day(of.case.opened_at)
