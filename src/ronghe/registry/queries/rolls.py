"""Reads of the rolls: which collectives, who is on a roll on a day, what the rule says of an application."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value

from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import legal_day
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.queries import same_parties
from ronghe.policy.models import Parameter, Zone
from ronghe.policy.queries import given_for
from ronghe.policy.queries.rulings import in_force
from ronghe.policy.rulebook import Given, InForce, rule_named
from ronghe.policy.ruling import Ruling
from ronghe.policy.values import Kind

from ..errors import MemberNotFound, MembershipCaseNotFound, RollNotFound
from ..models import CollectiveMember, MembershipCase
from ..rules.membership import MembershipFacts, membership

RULE = "registration.membership"


def collectives(actor: Actor, *, day: date, text: str = "") -> QuerySet[Party]:
    """The collectives that the actor may see, each with its members on a day (``standing``) and this year's moves."""
    rows = Party.objects.visible_to(actor).filter(kind=Party.Kind.COLLECTIVE, state=Party.State.ACTIVE)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(division__name__icontains=text))
    here = Q(collective=OuterRef("pk")) | Q(collective__merged_into=OuterRef("pk"))
    roll = CollectiveMember.objects.visible_to(actor).current().filter(here).order_by()

    def counted(narrowed: Any) -> Subquery:
        return Subquery(narrowed.annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n"))

    first = day.replace(month=1, day=1)
    return rows.select_related("division").annotate(
        standing=counted(roll.as_of(day)),
        entered=counted(roll.filter(valid__startswith__gte=first, valid__startswith__lte=day)),
        left=counted(roll.filter(valid__endswith__gte=first, valid__endswith__lte=day)),
    )


def collective(collective_id: int, *, actor: Actor) -> Party:
    """One collective. Raises: RollNotFound."""
    rows = Party.objects.visible_to(actor).filter(kind=Party.Kind.COLLECTIVE)
    found = rows.select_related("division").filter(pk=collective_id).first()
    if found is None:
        raise RollNotFound(collective=collective_id)
    return found


def roll(
    of: Party, *, actor: Actor, day: date, state: str = "", text: str = "", known_at: datetime | None = None
) -> QuerySet[CollectiveMember]:
    """The rows of a roll: who is a member on a day; ``left`` those who had ceased by then, ``all`` both."""
    rows = CollectiveMember.objects.visible_to(actor).known_at(known_at)
    rows = rows.filter(collective__in=same_parties([of.pk]))
    if state == "left":
        rows = rows.filter(valid__endswith__lte=day)
    elif state == "all":
        rows = rows.filter(valid__startswith__lte=day)
    else:
        rows = rows.as_of(day)
    if state == "dead":
        rows = rows.filter(person__ended_on__lte=day)
    if text:
        rows = rows.filter(person__name__icontains=text)
    return rows.select_related("person", "collective__division", "case", "ended_case").annotate(
        since=F("valid__startswith"), until=F("valid__endswith")
    )


@dataclass(frozen=True, slots=True)
class Statistic:
    """成员统计: how many are members, how they came, how many left and why, and who has died and still stands there."""

    members: int
    women: int
    by_entry: tuple[tuple[str, int], ...]
    by_exit: tuple[tuple[str, int], ...]
    dead: int


def statistic(of: Party, *, actor: Actor, day: date) -> Statistic:
    """The figures of a roll on a day."""
    here = roll(of, actor=actor, day=day).order_by()
    gone = roll(of, actor=actor, day=day, state="left").order_by()
    told = here.aggregate(
        members=Count("pk"),
        women=Count("pk", filter=Q(person__sex=Party.Sex.FEMALE)),
        dead=Count("pk", filter=Q(person__ended_on__lte=day)),
    )
    entries = dict(here.values_list("begun_by").annotate(n=Count("pk")))
    exits = dict(gone.values_list("ended_by").annotate(n=Count("pk")))
    return Statistic(
        told["members"],
        told["women"],
        tuple((title, entries.get(key, 0)) for key, title in CollectiveMember.Entry.choices),
        tuple((title, exits[key]) for key, title in CollectiveMember.Exit.choices if key in exits),
        told["dead"],
    )


def membership_case(case_id: int, *, actor: Actor) -> MembershipCase:
    """What is stated in a case of membership. Raises: MembershipCaseNotFound."""
    rows = MembershipCase.objects.visible_to(actor)
    found = rows.select_related("case__zone", "collective__division", "person").filter(pk=case_id).first()
    if found is None:
        raise MembershipCaseNotFound(case=case_id)
    return found


def facts_of(stated: MembershipCase, *, assembly_agrees: bool | None = None) -> MembershipFacts:
    """The facts of the rule: what people stated, and what the register knows better: death, another collective."""
    person = stated.person
    others = CollectiveMember.objects.current().as_of(stated.on).filter(person__in=same_parties([person.pk]))
    others = others.exclude(collective__in=same_parties([stated.collective_id]))
    elsewhere = True if others.exists() else stated.is_member_elsewhere
    return MembershipFacts(
        came_by=stated.came_by or _came_by(stated),
        household_register=stated.household_register or None,
        has_stable_duties=stated.has_stable_duties,
        lives_on_collective_land=stated.lives_on_collective_land,
        is_dead=person.ended_on is not None and person.ended_on <= stated.on,
        has_lost_nationality=stated.has_lost_nationality,
        is_member_elsewhere=elsewhere,
        is_civil_servant=stated.is_civil_servant,
        is_contract_civil_servant=stated.is_contract_civil_servant,
        has_other_loss=stated.has_other_loss,
        has_left=stated.has_left,
        situations=frozenset(stated.situations) or None,
        assembly_agrees=assembly_agrees,
    )


def _came_by(stated: MembershipCase) -> str | None:
    """How somebody came who is about to lose membership: as the roll says."""
    names, collectives = same_parties([stated.person_id]), same_parties([stated.collective_id])
    rows = CollectiveMember.objects.current().filter(person__in=names, collective__in=collectives)
    found = rows.order_by("-pk").values_list("begun_by", flat=True).first()
    return CollectiveMember.Entry(found).label if found else None


def given_in(zone: Zone | None, *, on: date, rule: str = RULE) -> Given:
    """The parameters of a rule in the zone of a case; outside of any zone there are none."""
    declared = rule_named(rule)
    if zone is None:
        known = Parameter.objects.in_bulk(declared.parameters)
        nothing = (InForce(name, name, Kind.BOOLEAN) for name in declared.parameters if name not in known)
        return Given((*(in_force(one, None) for one in known.values()), *nothing))
    return given_for(declared, [zone], on=on)[0]


def ruling_of(stated: MembershipCase, *, assembly_agrees: bool | None = None) -> Ruling[bool | None]:
    """What the rule says of an application, by the law of the day on which its case was opened."""
    day = legal_day(stated.case.opened_at)
    given = given_in(stated.case.zone, on=day)
    return membership(facts_of(stated, assembly_agrees=assembly_agrees), given)


def cases_of(of: Party, *, actor: Actor) -> QuerySet[MembershipCase]:
    """The open cases of membership of a collective, newest first."""
    rows = MembershipCase.objects.visible_to(actor).filter(case__state__in=("open", "paused"))
    rows = rows.filter(collective__in=same_parties([of.pk]))
    return rows.select_related("case", "person").order_by(F("case_id").desc())


def member(of: Party, person_id: int, *, actor: Actor, day: date) -> CollectiveMember:
    """One who stands on a roll today. Raises: MemberNotFound."""
    rows = CollectiveMember.objects.visible_to(actor).current().filter(valid__upper_inf=True)
    rows = rows.filter(collective__in=same_parties([of.pk]))
    found = rows.select_related("person").filter(person__in=same_parties([person_id])).first()
    if found is None:
        raise MemberNotFound(name=f"第 {person_id} 号", day=day)
    return found
