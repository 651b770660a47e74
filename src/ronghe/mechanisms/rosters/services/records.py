"""Commands on single records: create, change, end, move on, unmask. Each is one version and one event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from ronghe.kernel import crypto
from ronghe.kernel.accounts.access import reaches
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.regions.models import Division
from ronghe.policy.models import Zone

from ..declared import Field, Kind, Roster
from ..errors import (
    FieldsMissing,
    OwnRecord,
    PurposeMissing,
    ReasonMissing,
    RecordEnded,
    RecordExists,
    RecordInvalid,
    RecordMoved,
    RecordNotFound,
    TransitionRefused,
)
from ..models import Record, Unmasking, Version
from ..values import Places, checked, mask_faults, masked, state_faults

#: A purpose of fewer characters says nothing.
LEAST_PURPOSE = 4


def places_of(actor: Actor) -> Places:
    """What the actor may write as division and zone."""
    below = Division.objects.below(actor.division or "").values_list("code", "name")
    return Places(dict(below), dict(Zone.objects.visible_to(actor).values_list("slug", "short")))


@transaction.atomic
def create_record(
    roster: Roster, *, given: Mapping[str, Any], places: Places | None = None, actor: Actor, at: datetime
) -> Record:
    """Add a record (新增). Raises: RecordInvalid, RecordExists, Forbidden for a division out of reach.

    Args: ``places`` are what may be written as division and zone where the actor is the system, which has no division.
    """
    values = _sound(roster, given, actor, {}, places=places)
    made = roster.model(
        state=roster.first_state, made_by_id=actor.user_id, changed_by_id=actor.user_id, made_at=at, changed_at=at
    )
    put(roster, made, values)
    if roster.complete is not None:
        roster.complete([made])
    _save(roster, made, insert=True)
    _keep(roster, made, values, list(values), "created", "", actor, at)
    _follow(roster, made, actor, at)
    return made


@transaction.atomic
def change_record(
    roster: Roster,
    *,
    record_id: int,
    given: Mapping[str, Any],
    seen: int | None,
    reason: str = "",
    actor: Actor,
    at: datetime,
) -> Record:
    """Change a record (修改). Fields that are not given stay; the same values again change nothing. Locks: the record.

    Args: ``seen`` is the version that the actor saw; ``None`` where nobody saw a page.
    Raises: RecordNotFound, RecordMoved, RecordEnded, RecordInvalid, RecordExists.
    """
    found = locked(roster, record_id, actor, seen=seen)
    before = values_of(roster, found)
    wanted = {one.name: given.get(one.name, plain(roster, found, one)) for one in roster.fields}
    values = _sound(roster, wanted, actor, before, state=roster.state_after_change(found.state))
    for one in roster.fields:
        if one.secret and values[one.name] and values[one.name] == before[one.name]:
            values[one.name] = plain(roster, found, one)
    changed = [
        name
        for name, value in stored(roster, values).items()
        if value != before[name]
        or (roster.field(name).secret and values[name] != plain(roster, found, roster.field(name)))
    ]
    if not changed:
        return found
    put(roster, found, values)
    if roster.complete is not None:
        roster.complete([found])
    _renew(found, actor, at)
    found.state = roster.state_after_change(found.state)
    _save(roster, found)
    _keep(roster, found, values, changed, "changed", reason, actor, at)
    _follow(roster, found, actor, at)
    return found


@transaction.atomic
def end_record(roster: Roster, *, record_id: int, seen: int | None, reason: str, actor: Actor, at: datetime) -> Record:
    """End a record (终止): it leaves the list and stays in the history. Locks: the record. Raises: as ``change_record``."""
    if not reason.strip():
        raise ReasonMissing(act="终止")
    found = locked(roster, record_id, actor, seen=seen)
    found.ended_at, found.end_reason = at, reason.strip()[:200]
    _renew(found, actor, at)
    _save(roster, found)
    _keep(roster, found, None, [], "ended", reason, actor, at)
    _follow(roster, found, actor, at)
    return found


@transaction.atomic
def move_record(
    roster: Roster, *, record_id: int, transition: str, seen: int | None, reason: str = "", actor: Actor, at: datetime
) -> Record:
    """Move a record to its next state (审核、公布). Locks: the record.

    Raises: TransitionRefused, Forbidden, OwnRecord, ReasonMissing, FieldsMissing, and as ``change_record``.
    """
    found = locked(roster, record_id, actor, seen=seen)
    step = next((one for one in roster.transitions if one.key == transition), None)
    if step is None or found.state not in step.from_states:
        raise TransitionRefused(
            state=dict(roster.states).get(found.state, "无状态"), act=step.label if step else transition[:20]
        )
    if not may(actor.role, step.permission):
        raise Forbidden()
    if step.by_another and actor.user_id in (found.made_by_id, found.changed_by_id):
        raise OwnRecord(act=step.label)
    if step.needs_reason and not reason.strip():
        raise ReasonMissing(act=step.label)
    if missing := roster.missing(step.to, values_of(roster, found)):
        raise FieldsMissing(act=step.label, fields="、".join(one.label for one in missing))
    writer = found.changed_by_id
    found.state = step.to
    _renew(found, actor, at)
    # Whoever judges has not written: the author stays the one whose words stand there.
    found.changed_by_id = writer
    _save(roster, found)
    _keep(roster, found, None, [], step.key[:12], reason, actor, at)
    _follow(roster, found, actor, at)
    return found


@transaction.atomic
def unmask(roster: Roster, *, record_id: int, field: str, purpose: str, actor: Actor, at: datetime) -> str:
    """The whole of a secret (查看完整内容), for a stated purpose that is recorded. Raises: PurposeMissing, RecordNotFound."""
    purpose = " ".join(purpose.split())
    if len(purpose) < LEAST_PURPOSE:
        raise PurposeMissing()
    found = roster.model.objects.visible_to(actor).filter(pk=record_id).first()
    one = roster.field(field) if field in {f.name for f in roster.fields if f.secret} else None
    if found is None or one is None or not reaches(actor, found.division_id):
        raise RecordNotFound(roster=roster.title, record_id=record_id)
    kept = Unmasking.objects.create(
        roster=roster.key, record_id=found.pk, field=field, purpose=purpose[:200], user_id=actor.user_id, at=at
    )
    facts = {"roster": roster.key, "field": field, "purpose": kept.pk}
    record(verb="rosters.secret.unmasked", subject=found, actor=actor, at=at, facts=facts)
    return plain(roster, found, one) or ""


def locked(roster: Roster, record_id: int, actor: Actor, *, seen: int | None) -> Record:
    """The record, locked, as the actor saw it. Raises: RecordNotFound, RecordMoved, RecordEnded."""
    visible = roster.model.objects.visible_to(actor).filter(pk=record_id).exists()
    found: Record | None = None
    if visible:
        found = roster.model.objects.select_for_update(of=("self",)).filter(pk=record_id).first()
    if found is None:
        raise RecordNotFound(roster=roster.title, record_id=record_id)
    if not reaches(actor, found.division_id):
        raise Forbidden()
    if seen is not None and seen != found.version:
        last = (
            Version.objects.filter(roster=roster.key, record_id=found.pk)
            .select_related("user")
            .order_by("-number")
            .first()
        )
        raise RecordMoved(who=str((last and last.user) or "系统"), version=found.version)
    if found.ended_at is not None:
        raise RecordEnded(day=legal_day(found.ended_at))
    return found


def _sound(
    roster: Roster,
    given: Mapping[str, Any],
    actor: Actor,
    before: Mapping[str, Any],
    *,
    state: str = "",
    places: Places | None = None,
) -> dict[str, Any]:
    values, faults = checked(roster, given, places or places_of(actor))
    faults = faults or mask_faults(roster, values, before) or state_faults(roster, values, state)
    if faults:
        named = [{"field": name, "label": roster.field(name).label, "what": what} for name, what in faults]
        listing = "；".join(f"{one['label']}：{one['what']}" for one in named)
        raise RecordInvalid(listing=listing, faults=named)
    if places is None and not reaches(actor, values["division"]):
        raise Forbidden()
    return values


def put(roster: Roster, found: Record, values: Mapping[str, Any]) -> None:
    """Write values into a record; secrets are sealed, and masked where they are shown."""
    for one in roster.fields:
        value = values[one.name]
        if one.secret:
            setattr(found, f"{one.name}_sealed", sealed(roster, one, value))
            value = masked(value) if value else None
        setattr(found, one.attribute, _column(roster, one, value))


def _column(roster: Roster, one: Field, value: Any) -> Any:
    """Texts are empty rather than unknown, as their columns say."""
    if value is None and one.kind not in (Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.FLAG, Kind.DIVISION, Kind.ZONE):
        return ""
    return value


def sealed(roster: Roster, one: Field, value: str | None) -> bytes | None:
    """A secret as it is stored."""
    if not value:
        return None
    return crypto.seal(value.encode(), key=crypto.purpose_key(f"rosters.{roster.key}"), about=one.name)


def plain(roster: Roster, found: Record, one: Field) -> Any:
    """A value as it was given; a secret in the clear, for services alone."""
    if not one.secret:
        return getattr(found, one.attribute)
    kept = getattr(found, f"{one.name}_sealed")
    key = crypto.purpose_key(f"rosters.{roster.key}")
    return crypto.opened(bytes(kept), key=key, about=one.name).decode() if kept else None


def stored(roster: Roster, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as versions keep them: secrets masked, texts never unknown."""
    return {
        one.name: _column(
            roster, one, masked(values[one.name]) if one.secret and values[one.name] else values[one.name]
        )
        for one in roster.fields
    }


def values_of(roster: Roster, found: Record) -> dict[str, Any]:
    """The values of a record as versions keep them."""
    told = {}
    for one in roster.fields:
        value = getattr(found, one.attribute)
        told[one.name] = str(value) if value is not None and one.kind in (Kind.DECIMAL, Kind.DATE) else value
    return told


def _follow(roster: Roster, found: Record, actor: Actor, at: datetime) -> None:
    if roster.follow is not None:
        roster.follow([found], actor, at)


def _renew(found: Record, actor: Actor, at: datetime) -> None:
    found.version += 1
    found.changed_by_id, found.changed_at = actor.user_id, at


def _save(roster: Roster, found: Record, *, insert: bool = False) -> None:
    try:
        with transaction.atomic():
            found.save(force_insert=insert)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if name.endswith("_key_once"):
            labels = "、".join(roster.field(one).label for one in roster.key_fields)
            raise RecordExists(roster=roster.title, key=labels) from error
        raise


def _keep(
    roster: Roster,
    found: Record,
    values: Mapping[str, Any] | None,
    changed: Sequence[str],
    act: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    told = stored(roster, values) if values is not None else values_of(roster, found)
    Version.objects.create(
        roster=roster.key, record_id=found.pk, number=found.version, values={**told, "state": found.state},
        changed=list(changed), act=act, reason=reason.strip()[:200], user_id=actor.user_id, at=at,
    )  # fmt: skip
    record(
        verb=f"rosters.record.{act if act in ('created', 'changed', 'ended') else 'moved'}",
        subject=found,
        actor=actor,
        at=at,
        facts={"roster": roster.key, "version": found.version, "act": act},
    )
