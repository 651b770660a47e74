"""Applications for membership: what is stated of a person, kept with the case that decides on it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.parties.models import Party
from ronghe.mechanisms.casework.models import Case
from ronghe.mechanisms.casework.services import open_case

from ..errors import MembershipCaseFixed, MembershipCaseNotFound, MembershipCaseOpen, MemberUnfit, NotYourHousehold
from ..models import CollectiveMember, MembershipCase
from ..models.scope import of_ones_household
from .writing import refuse_future

CONFIRM_KEY, LOSE_KEY = "registry.membership", "registry.membership_loss"
#: The step in which facts may still be stated.
APPLY = "apply"
#: What people state; the rest the register knows.
STATED = (
    "came_by", "household_register", "has_stable_duties", "lives_on_collective_land", "has_lost_nationality",
    "is_member_elsewhere", "is_civil_servant", "is_contract_civil_servant", "has_other_loss", "has_left", "situations",
)  # fmt: skip
_Exit = CollectiveMember.Exit
#: What a cause of loss states by itself.
SAYS = {
    _Exit.NATIONALITY: "has_lost_nationality",
    _Exit.ELSEWHERE: "is_member_elsewhere",
    _Exit.CIVIL_SERVANT: "is_civil_servant",
    _Exit.VOLUNTARY: "has_left",
    _Exit.CHARTER: "has_other_loss",
}


@transaction.atomic
def apply_for_membership(
    *, collective_id: int, person_id: int, on: date, facts: Mapping[str, Any], actor: Actor, at: datetime
) -> MembershipCase:
    """Apply that a person be confirmed as a member (申请确认). Locks: Party, then the number series of the case.

    Whoever acts for a party applies for it and for those it lives with.
    Raises: NotYourHousehold, MemberUnfit, MembershipCaseOpen, DayInFuture, and what ``open_case`` refuses.
    """
    return _apply(
        CONFIRM_KEY, "确认成员身份", MembershipCase.Matter.CONFIRM, collective_id, person_id, on, facts, "", actor, at
    )


@transaction.atomic
def apply_for_loss(
    *,
    collective_id: int,
    person_id: int,
    on: date,
    cause: CollectiveMember.Exit,
    facts: Mapping[str, Any],
    actor: Actor,
    at: datetime,
) -> MembershipCase:
    """Bring forward that a member has ceased to be one (丧失成员身份). Locks and raises as ``apply_for_membership``."""
    said = {SAYS[cause]: True} if cause in SAYS else {}
    # What nobody has reason to doubt of a member is not asked again: the one cause is what the case is about.
    still = dict.fromkeys(("has_lost_nationality", "is_member_elsewhere", "is_civil_servant"), False)
    return _apply(
        LOSE_KEY, "丧失成员身份", MembershipCase.Matter.LOSE, collective_id, person_id, on, {**still, **facts, **said},
        cause.value, actor, at,
    )  # fmt: skip


def _apply(
    key: str,
    words: str,
    matter: MembershipCase.Matter,
    collective_id: int,
    person_id: int,
    on: date,
    facts: Mapping[str, Any],
    cause: str,
    actor: Actor,
    at: datetime,
) -> MembershipCase:
    refuse_future(on, what="取得或丧失成员身份的日期", at=at)
    if actor.role == Role.SELF and person_id not in of_ones_household(actor.on_behalf_of_id or 0):
        raise NotYourHousehold(matter=words)
    people = {p.pk: p for p in Party.objects.select_for_update(of=("self",)).filter(pk=person_id)}
    person, collective = people.get(person_id), Party.objects.filter(pk=collective_id).first()
    if person is None or person.kind != Party.Kind.PERSON or person.state == Party.State.MERGED:
        raise MemberUnfit(name=person.name if person else f"第 {person_id} 号", why="成员须是有效登记的自然人")
    if collective is None or collective.kind != Party.Kind.COLLECTIVE:
        raise MemberUnfit(name=person.name, why="所选的不是农村集体经济组织")
    standing = MembershipCase.objects.filter(person=person, case__state__in=(Case.State.OPEN, Case.State.PAUSED))
    if (other := standing.select_related("case").first()) is not None:
        raise MembershipCaseOpen(name=person.name, number=other.case.number)
    case = open_case(
        key, title=f"{person.name}{words}（{collective.name}）", division=collective.division_id,
        subject=("parties.Party", person.pk), applicant_id=person.pk, actor=actor, at=at,
    )  # fmt: skip
    made = MembershipCase.objects.create(
        case=case, matter=matter, collective=collective, person=person, on=on, exit=cause, **_columns(facts)
    )
    told = {"collective": collective.pk, "person": person.pk, "on": on}
    record(verb="registry.membership.applied", subject=case, actor=actor, at=at, facts=told)
    return made


@transaction.atomic
def state_facts(*, case_id: int, facts: Mapping[str, Any], actor: Actor, at: datetime) -> MembershipCase:
    """State what was not known, or was stated wrongly (补充事实), before the collective is asked. Locks: Case.

    Raises: MembershipCaseNotFound, MembershipCaseFixed.
    """
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    found = MembershipCase.objects.visible_to(actor).select_related("person", "collective").filter(pk=case_id).first()
    if case is None or found is None:
        raise MembershipCaseNotFound(case=case_id)
    if case.step != APPLY or case.state != Case.State.OPEN:
        raise MembershipCaseFixed(number=case.number)
    changed = [name for name, value in _columns(facts).items() if getattr(found, name) != value]
    for name in changed:
        setattr(found, name, _columns(facts)[name])
    if changed:
        found.save(update_fields=changed)
        record(verb="registry.membership.stated", subject=case, actor=actor, at=at, facts={"changed": sorted(changed)})
    found.case = case
    return found


def _columns(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as columns keep them: texts are empty and lists are empty where nothing is known."""
    told: dict[str, Any] = {}
    for name in STATED:
        if name in facts:
            value = facts[name]
            told[name] = list(value or ()) if name == "situations" else (value or "") if _is_text(name) else value
    return told


def _is_text(name: str) -> bool:
    return name in ("came_by", "household_register")
