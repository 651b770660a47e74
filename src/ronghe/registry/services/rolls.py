"""The roll of a collective: who enters it and who leaves it, each by a decision."""

from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.db import refuses
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.queries import same_parties

from ..errors import MemberElsewhere, MemberNotFound, MemberUnfit
from ..models import CollectiveMember
from .writing import close, refuse_future, write_again

Entry, Exit = CollectiveMember.Entry, CollectiveMember.Exit


@transaction.atomic
def enrol_member(
    *,
    collective_id: int,
    person_id: int,
    begun_by: CollectiveMember.Entry,
    on: date,
    case_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> CollectiveMember:
    """A person enters the roll of a collective (入册). A repeat changes nothing. Locks: Party (the person).

    Raises: MemberUnfit, MemberElsewhere, DayInFuture. Source: 农村集体经济组织法 第十二条.
    """
    refuse_future(on, what="取得成员身份的日期", at=at)
    person, collective = _person(person_id), Party.objects.filter(pk=collective_id).first()
    if collective is None or collective.kind != Party.Kind.COLLECTIVE or collective.state != Party.State.ACTIVE:
        raise MemberUnfit(name=person.name, why="所选的不是有效的农村集体经济组织")
    rows = CollectiveMember.objects.current().filter(person__in=same_parties([person.pk]))
    standing = rows.filter(valid__overlap=DateRange(on, None)).first()
    if standing is not None:
        if standing.collective_id in same_parties([collective_id]) and standing.valid.upper is None:
            return standing
        raise MemberElsewhere(name=person.name, day=max(on, standing.valid.lower))
    with refuses({"member_in_one_collective": MemberElsewhere(name=person.name, day=on)}):
        made = CollectiveMember.objects.create(
            collective=collective, person=person, begun_by=begun_by, case_id=case_id, valid=DateRange(on, None),
            recorded=DateTimeTZRange(at, None),
        )  # fmt: skip
    facts = {"collective": collective.pk, "on": on, "by": begun_by.value}
    record(
        verb="registry.member.entered", subject=made, actor=actor, at=at, facts=facts, division=collective.division_id
    )
    return made


@transaction.atomic
def strike_member(
    *,
    collective_id: int,
    person_id: int,
    ended_by: CollectiveMember.Exit,
    on: date,
    case_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> CollectiveMember:
    """A person leaves the roll (出册) from a day on; what it holds beside stays. Locks: Party (the person).

    Raises: MemberUnfit, MemberNotFound, DayInFuture. Source: 农村集体经济组织法 第十六、十七条.
    """
    refuse_future(on, what="丧失成员身份的日期", at=at)
    person = _person(person_id, dead_too=True)
    names = same_parties([person.pk])
    rows = CollectiveMember.objects.current().filter(person__in=names, valid__upper_inf=True)
    rows = rows.filter(collective__in=same_parties([collective_id]))
    row = rows.select_related("collective").first()
    if row is None or row.valid.lower is None or row.valid.lower >= on:
        raise MemberNotFound(name=person.name, day=on)
    close(row, at)
    made = write_again(row, at, valid=DateRange(row.valid.lower, on), ended_by=ended_by, ended_case_id=case_id)
    facts = {"collective": collective_id, "on": on, "by": ended_by.value}
    record(
        verb="registry.member.left", subject=made, actor=actor, at=at, facts=facts, division=row.collective.division_id
    )
    return made


def _person(person_id: int, *, dead_too: bool = False) -> Party:
    """A natural person, locked. Raises: MemberUnfit."""
    found = Party.objects.select_for_update(of=("self",)).filter(pk=person_id).first()
    if found is None or found.kind != Party.Kind.PERSON:
        raise MemberUnfit(name=found.name if found else f"第 {person_id} 号", why="成员须是自然人")
    if found.state == Party.State.MERGED or (found.state == Party.State.ENDED and not dead_too):
        why = "这条登记已并入另一条" if found.state == Party.State.MERGED else f"已于 {found.ended_on} 死亡"
        raise MemberUnfit(name=found.name, why=why)
    return found
