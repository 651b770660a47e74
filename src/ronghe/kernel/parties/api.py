"""The API of parties: the same acts as on the pages, for programs. Numbers come out masked; a plain one has its own call."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.actors import Actor
from ronghe.kernel.api_types import CONFLICT, Cursor, Number, Size
from ronghe.kernel.paging import page

from . import queries, rules, services
from .models import HouseholdMember, Party
from .permissions import PARTY_EDIT, PARTY_ERASE, PARTY_MERGE, PARTY_UNMASK, PARTY_VIEW
from .schemas import (
    DayIn,
    DeathIn,
    EraseIn,
    FindIn,
    HeadIn,
    IdentifierIn,
    JoinIn,
    MemberOut,
    MemberQuery,
    MergeIn,
    MergeOut,
    NameIn,
    NewBodyIn,
    NewHouseholdIn,
    NewPersonIn,
    PartyOut,
    PartyPage,
    PartyQuery,
    PartyRecord,
    PlainOut,
    ReasonIn,
    SomebodyIn,
    SplitIn,
    UnmaskIn,
)

router = Router(tags=["权利人"])


def _plain(one: Party) -> dict[str, Any]:
    return {
        "id": one.pk,
        "kind": one.kind,
        "name": one.name,
        "division": one.division_id,
        "state": one.state,
        "ended_on": one.ended_on and one.ended_on.isoformat(),
        "merged_into": one.merged_into_id,
        "sex": one.sex,
        "birth_date": one.birth_date and one.birth_date.isoformat(),
        "erased": one.erased_at is not None,
        "demo": one.is_demo,
    }


def _record(one: Party) -> dict[str, Any]:
    numbers = [
        {"id": row.pk, "kind": row.kind, "masked": row.masked, "warning": row.warning}
        for row in queries.identifiers(one)
    ]
    return {**_plain(one), "identifiers": numbers}


def _merge(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "source": one.source_id,
        "target": one.target_id,
        "reason": one.reason,
        "undone": one.undone_at is not None,
    }


def _member(row: HouseholdMember) -> dict[str, Any]:
    return {
        "person": row.person_id,
        "name": row.person.name,
        "relation": row.relation,
        "relation_title": rules.RELATIONS[row.relation],
        "is_head": row.is_head,
        "since": row.valid.lower.isoformat(),
        "until": row.valid.upper and row.valid.upper.isoformat(),
        "begun_by": row.begun_by,
    }


def _own(party_id: int, actor: Actor, permission: str = PARTY_EDIT) -> Party:
    """A party that the actor may see and change. Raises: PartyNotFound, Forbidden."""
    found = queries.party(party_id, actor=actor)
    require(actor, permission, division=found.division_id)
    return found


def _somebody(told: SomebodyIn, actor: Actor) -> int | services.NewPerson:
    if told.new is not None:
        return told.new.new()
    return _own(told.person or 0, actor).pk


@router.get("/parties", response=PartyPage, summary="权利人")
@allows(PARTY_VIEW)
def list_parties(request: HttpRequest, wanted: Query[PartyQuery], cursor: Cursor = None, size: Size = 50) -> object:
    rows = queries.parties(
        actor_of(request), text=wanted.q, kind=wanted.kind or "", state=wanted.state, division=wanted.division
    )
    found = page(rows, order=("pinyin", "pk"), cursor=cursor, size=size)
    return {"items": [_plain(one) for one in found.rows], "next": found.next}


@router.post("/parties/find", response=list[PartyOut], summary="按号码查找权利人")
@allows(PARTY_VIEW)
def find_parties(request: HttpRequest, told: FindIn) -> object:
    return [_plain(one) for one in queries.parties_with_number(told.number, actor=actor_of(request))]


@router.get("/parties/{int:party_id}", response=PartyRecord, summary="一个权利人")
@allows(PARTY_VIEW)
def get_party(request: HttpRequest, party_id: Number) -> object:
    return _record(queries.party(party_id, actor=actor_of(request)))


@router.post("/parties/persons", response={201: PartyRecord}, summary="登记自然人", openapi_extra=CONFLICT)
@allows(PARTY_EDIT)
def register_person(request: HttpRequest, told: NewPersonIn) -> object:
    actor = actor_of(request)
    require(actor, PARTY_EDIT, division=told.division)
    made = services.register_person(
        new=told.new(), division=told.division, bank_account=told.bank_account, actor=actor, at=clock.now()
    )
    return Status(201, _record(made))


@router.post("/parties/households", response={201: PartyRecord}, summary="登记农户", openapi_extra=CONFLICT)
@allows(PARTY_EDIT)
def register_household(request: HttpRequest, told: NewHouseholdIn) -> object:
    actor = actor_of(request)
    require(actor, PARTY_EDIT, division=told.division)
    made = services.register_household(
        head=_somebody(told.head, actor),
        division=told.division,
        since=told.since,
        name=told.name,
        telephone=told.telephone,
        actor=actor,
        at=clock.now(),
    )
    return Status(201, _record(made))


@router.post("/parties/bodies", response={201: PartyRecord}, summary="登记组织", openapi_extra=CONFLICT)
@allows(PARTY_EDIT)
def register_body(request: HttpRequest, told: NewBodyIn) -> object:
    actor = actor_of(request)
    require(actor, PARTY_EDIT, division=told.division)
    made = services.register_body(
        kind=Party.Kind(told.kind),
        name=told.name,
        division=told.division,
        uscc=told.uscc,
        telephone=told.telephone,
        bank_account=told.bank_account,
        actor=actor,
        at=clock.now(),
    )
    return Status(201, _record(made))


@router.post("/parties/{int:party_id}/name", response=PartyRecord, summary="变更名称", openapi_extra=CONFLICT)
@allows(PARTY_EDIT)
def change_name(request: HttpRequest, party_id: Number, told: NameIn) -> object:
    actor = actor_of(request)
    of = _own(party_id, actor)
    return _record(
        services.change_name(
            party_id=of.pk, name=told.name, on=told.on, reason=told.reason, actor=actor, at=clock.now()
        )
    )


@router.post(
    "/parties/{int:party_id}/identifiers", response=PartyRecord, summary="登记或变更号码", openapi_extra=CONFLICT
)
@allows(PARTY_EDIT)
def set_identifier(request: HttpRequest, party_id: Number, told: IdentifierIn) -> object:
    actor = actor_of(request)
    of = _own(party_id, actor)
    services.set_identifier(party_id=of.pk, kind=told.kind, value=told.value, actor=actor, at=clock.now())
    return _record(queries.party(of.pk, actor=actor))


@router.post(
    "/parties/{int:party_id}/identifiers/{int:identifier_id}/close",
    response=PartyRecord,
    summary="注销号码",
    openapi_extra=CONFLICT,
)
@allows(PARTY_EDIT)
def close_identifier(request: HttpRequest, party_id: Number, identifier_id: Number) -> object:
    actor = actor_of(request)
    of = _own(party_id, actor)
    services.close_identifier(party_id=of.pk, identifier_id=identifier_id, actor=actor, at=clock.now())
    return _record(of)


@router.post(
    "/parties/{int:party_id}/identifiers/{int:identifier_id}/unmask",
    response=PlainOut,
    summary="写明用途后查看号码明文",
    openapi_extra=CONFLICT,
)
@allows(PARTY_UNMASK)
def unmask(request: HttpRequest, party_id: Number, identifier_id: Number, told: UnmaskIn) -> object:
    actor = actor_of(request)
    of = _own(party_id, actor, PARTY_UNMASK)
    value = services.unmask(
        party_id=of.pk,
        identifier_id=identifier_id,
        purpose=told.purpose,
        note=told.note,
        actor=actor,
        at=clock.now(),
    )
    return {"value": value}


@router.get("/parties/{int:party_id}/members", response=list[MemberOut], summary="农户在某一天的成员")
@allows(PARTY_VIEW)
def list_members(request: HttpRequest, party_id: Number, wanted: Query[MemberQuery]) -> object:
    of = queries.party(party_id, actor=actor_of(request))
    return [_member(row) for row in queries.members(of, on=wanted.on or clock.legal_day(clock.now()))]


def _members_now(of: Party) -> list[dict[str, Any]]:
    return [_member(row) for row in queries.members(of, on=clock.legal_day(clock.now()))]


@router.post(
    "/parties/{int:party_id}/members", response=list[MemberOut], summary="迁入、婚入或出生", openapi_extra=CONFLICT
)
@allows(PARTY_EDIT)
def join(request: HttpRequest, party_id: Number, told: JoinIn) -> object:
    actor, now = actor_of(request), clock.now()
    of = _own(party_id, actor)
    person = _somebody(told, actor)
    on = told.on or clock.legal_day(now)
    given: dict[str, Any] = {"household_id": of.pk, "relation": told.relation, "actor": actor, "at": now}
    if told.by == "birth" and isinstance(person, services.NewPerson):
        services.record_birth(child=person, **given)
    elif told.by == "marriage":
        services.marry_in(person=person, on=on, **given)
    else:
        services.add_member(person=person, on=on, **given)
    return _members_now(of)


@router.post(
    "/parties/{int:party_id}/members/{int:person_id}/leave",
    response=list[MemberOut],
    summary="迁出",
    openapi_extra=CONFLICT,
)
@allows(PARTY_EDIT)
def leave(request: HttpRequest, party_id: Number, person_id: Number, told: DayIn) -> object:
    actor = actor_of(request)
    of = _own(party_id, actor)
    services.leave_member(household_id=of.pk, person_id=person_id, on=told.on, actor=actor, at=clock.now())
    return _members_now(of)


@router.post("/parties/{int:party_id}/head", response=list[MemberOut], summary="户主变更", openapi_extra=CONFLICT)
@allows(PARTY_EDIT)
def change_head(request: HttpRequest, party_id: Number, told: HeadIn) -> object:
    actor = actor_of(request)
    of = _own(party_id, actor)
    services.change_head(
        household_id=of.pk, person_id=told.head, on=told.on, relations=told.relations, actor=actor, at=clock.now()
    )
    return _members_now(of)


@router.post("/parties/{int:party_id}/split", response={201: PartyRecord}, summary="分户", openapi_extra=CONFLICT)
@allows(PARTY_EDIT)
def split(request: HttpRequest, party_id: Number, told: SplitIn) -> object:
    actor = actor_of(request)
    of = _own(party_id, actor)
    made = services.split_household(
        household_id=of.pk, head_id=told.head, movers=told.movers, on=told.on, actor=actor, at=clock.now()
    )
    return Status(201, _record(made))


@router.post("/parties/{int:party_id}/death", response=PartyRecord, summary="死亡登记", openapi_extra=CONFLICT)
@allows(PARTY_EDIT)
def record_death(request: HttpRequest, party_id: Number, told: DeathIn) -> object:
    actor = actor_of(request)
    of = _own(party_id, actor)
    return _record(
        services.record_death(
            person_id=of.pk,
            on=told.on,
            new_head_id=told.new_head,
            relations=told.relations,
            actor=actor,
            at=clock.now(),
        )
    )


@router.post("/parties/merges", response={201: MergeOut}, summary="合并重复权利人", openapi_extra=CONFLICT)
@allows(PARTY_MERGE)
def merge(request: HttpRequest, told: MergeIn) -> object:
    actor = actor_of(request)
    source, target = (_own(one, actor, PARTY_MERGE) for one in (told.source, told.target))
    made = services.merge_parties(
        source_id=source.pk, target_id=target.pk, reason=told.reason, actor=actor, at=clock.now()
    )
    return Status(201, _merge(made))


@router.post("/parties/merges/{int:merge_id}/undo", response=MergeOut, summary="撤销合并", openapi_extra=CONFLICT)
@allows(PARTY_MERGE)
def undo(request: HttpRequest, merge_id: Number, told: ReasonIn) -> object:
    actor = actor_of(request)
    made = queries.merge(merge_id, actor=actor)
    require(actor, PARTY_MERGE, division=made.target.division_id)
    return _merge(services.undo_merge(merge_id=made.pk, reason=told.reason, actor=actor, at=clock.now()))


@router.post("/parties/{int:party_id}/erase", response=PartyOut, summary="删除个人信息", openapi_extra=CONFLICT)
@allows(PARTY_ERASE)
def erase(request: HttpRequest, party_id: Number, told: EraseIn) -> object:
    actor = actor_of(request)
    of = _own(party_id, actor, PARTY_ERASE)
    return _plain(
        services.erase_party(
            party_id=of.pk, basis=told.basis, confirmation=told.confirmation, actor=actor, at=clock.now()
        )
    )
