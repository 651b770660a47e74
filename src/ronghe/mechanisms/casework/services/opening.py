"""Opening a case: its number without gaps, its zone and division for good, its first step."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from ronghe.kernel.accounts.access import reaches
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM_ROLE, Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.grams import grams
from ronghe.kernel.inbox.services import tell
from ronghe.kernel.papers.services import next_number
from ronghe.kernel.parties.models import Party
from ronghe.policy.models import Zone

from .. import people
from ..errors import CaseIncomplete, MayNotOpen
from ..models import Case
from .moving import address_of, enter, keep_edges, procedure_of, publish, titles
from .refusing import refuse_elsewhere


@transaction.atomic
def open_case(
    procedure_key: str,
    *,
    title: str,
    division: str,
    zone: str | None = None,
    subject: tuple[str, str | int] | None = None,
    facts: Mapping[str, Any] | None = None,
    applicant_id: int | None = None,
    org_unit_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> Case:
    """Open a case (提出办件) in the first step of its procedure; in that of the applicant, where one opens it himself.

    Args: ``division`` is where it belongs for good; ``subject`` what it is about, as (type, id). Whoever acts for a party
        opens for that party alone, and only where it belongs. Locks: the number series of procedure, division and year.
    Raises: ProcedureUnknown, MayNotOpen, CaseIncomplete, Forbidden for a division out of reach.
    """
    procedure = procedure_of(procedure_key)
    if actor.role not in procedure.opens and actor.role != SYSTEM_ROLE:
        raise MayNotOpen(procedure=procedure.title, roles=titles(procedure.opens))
    if actor.role == Role.SELF:
        if actor.on_behalf_of_id is None:
            raise Forbidden()
        applicant_id = actor.on_behalf_of_id
        refuse_elsewhere(applicant_id, division)
    elif not reaches(actor, division):
        raise Forbidden()
    title = " ".join(title.split())
    if not title:
        raise CaseIncomplete(listing="事项名称")
    keep_edges(procedure)
    day, first = legal_day(at), procedure.begins(actor.role)
    number = next_number(procedure.prefix, division=division, year=day.year)
    case = Case(
        number=number,
        procedure=procedure.key,
        title=title[:160],
        zone_id=zone or _zone_of(division),
        division_id=division,
        applicant_id=applicant_id,
        subject_type=subject[0] if subject else "",
        subject_id=str(subject[1]) if subject else "",
        facts=dict(facts or {}),
        opened_by_id=actor.user_id,
        opened_at=at,
        step=first.key,
        step_since=at,
        org_unit_id=org_unit_id,
        grams=grams(number, title, _name_of(applicant_id)),
    )
    enter(case, first, day=day)
    case.save(force_insert=True)
    if first.notice is not None:
        publish(case, first, day=day)
    hook = procedure.on_enter.get(first.key)
    if hook is not None:
        hook(case=case, actor=actor, at=at)
    record(verb="casework.case.opened", subject=case, actor=actor, at=at, facts={"procedure": procedure.key})
    told = [user for user in people.concerned(first, case, on=day) if user != actor.user_id]
    tell(told, title=f"{case.title}：{first.title}", text=case.number, href=address_of(case), at=at)
    return case


def _name_of(party_id: int | None) -> str:
    """So that a case is found by its applicant's name."""
    party = Party.objects.filter(pk=party_id).first() if party_id is not None else None
    return "" if party is None else party.name


def _zone_of(division: str) -> str | None:
    """The zone that the division lies in, the smallest where several do (高青 before 淄博); fixed when a case is opened."""
    zones = Zone.objects.filter(divisions__descendants__descendant_id=division).distinct().prefetch_related("divisions")
    found = sorted(zones, key=lambda zone: (len(zone.divisions.all()), zone.slug))
    return found[0].slug if found else None
