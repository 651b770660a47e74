"""Two rows that are one party become one, with everything that was done kept, so that it can be undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.apps import apps
from django.db import IntegrityError, transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit import services as audit

from .. import sealing
from ..errors import MergeChangedSince, MergeClash, MergeImpossible, MergeNotFound, MergeUndone
from ..merging import Reference, references
from ..models import HouseholdMember, MergeMove, Party, PartyIdentifier, PartyMerge, Representative
from .writing import Version, close, locked, reason_of, write_again

Row = PartyIdentifier | HouseholdMember | Representative

#: Versioned rows that follow: their model, the field that names the party, and what pages call them.
_VERSIONED = (
    (PartyIdentifier, "party", "证件号码"),
    (HouseholdMember, "person", "农户成员"),
    (HouseholdMember, "household", "农户成员"),
    (Representative, "person", "法定代表人"),
    (Representative, "body", "法定代表人"),
)
_TITLES = {model._meta.label: title for model, _, title in _VERSIONED}


@transaction.atomic
def merge_parties(*, source_id: int, target_id: int, reason: str, actor: Actor, at: datetime) -> PartyMerge:
    """Join ``source`` into ``target``: numbers, memberships and all registered references follow.

    A repeat returns the same merge. Locks: Party (both, by number).
    Raises: PartyNotFound, MergeImpossible, MergeClash, ReasonMissing.
    """
    source, target = locked(source_id, target_id)
    if source.merged_into_id == target.pk:
        return PartyMerge.objects.get(source=source, undone_at=None)
    _refuse_merge(source, target)
    merge = PartyMerge.objects.create(
        source=source,
        target=target,
        source_state=source.state,
        reason=reason_of(reason, what="合并理由"),
        at=at,
        user_id=actor.user_id,
    )
    source.state, source.merged_into = Party.State.MERGED, target
    source.save(update_fields=["state", "merged_into"])
    moved = 0
    for model, field, title in _VERSIONED:
        with _clash(title):
            moved += _move_versions(merge, model, field, at)
    for one in references():
        with _clash(one.title):
            moved += _move_references(merge, one)
    _refuse_strangers(merge)
    facts = {"into": target.pk, "merge": merge.pk, "moved": moved}
    audit.record(verb="parties.party.merged", subject=source, actor=actor, at=at, facts=facts)
    audit.record(verb="parties.party.merged", subject=target, actor=actor, at=at, facts={**facts, "from": source.pk})
    return merge


def _refuse_merge(source: Party, target: Party) -> None:
    why = ""
    if source.pk == target.pk:
        why = "是同一条登记，请另选一条"
    elif source.kind != target.kind:
        why = f"类别不同（{source.get_kind_display()}、{target.get_kind_display()}），请核对"
    elif source.state == Party.State.MERGED or target.state == Party.State.MERGED:
        why = "其中一条已并入别的登记，请打开保留的那条"
    elif source.erased_at or target.erased_at:
        why = "其中一条的个人信息已删除，无从核对"
    elif source.sex and target.sex and source.sex != target.sex:
        why = "两条登记性别不同，请先按证件更正"
    elif source.kind == Party.Kind.PERSON and _identities(source, target) > 1:
        why = "两条登记各有不同的身份证号，不是同一个人；若有一个登错，请先注销错的号码"
    if why:
        raise MergeImpossible(source_id=source.pk, target_id=target.pk, why=why)


def _identities(*parties: Party) -> int:
    return PartyIdentifier.objects.current().filter(party__in=parties, kind="identity").count()


@contextmanager
def _clash(title: str) -> Iterator[None]:
    """Whatever constraint refuses a moved row, of this room or another: the whole merge is refused, by its title."""
    try:
        yield
    except IntegrityError as error:
        raise MergeClash(table=title) from error


def _move_versions(merge: PartyMerge, model: type[Row], field: str, at: datetime) -> int:
    rows: list[Row] = list(model._default_manager.filter(recorded__upper_inf=True, **{f"{field}_id": merge.source_id}))
    for row in rows:
        close(row, at)
        new = None if _said_already(row, field, merge.target) else _written(row, field, merge.target, at)
        MergeMove.objects.create(
            merge=merge, model=model._meta.label, field=field, old_id=row.pk, new_id=None if new is None else new.pk
        )
    return len(rows)


def _said_already(row: Row, field: str, target: Party) -> bool:
    """Whether the target has the same number, or is in the same household through the same days."""
    if isinstance(row, PartyIdentifier):
        mine = PartyIdentifier.objects.current().filter(party=target, kind=row.kind)
        return mine.filter(blind=row.blind).exists() or (row.kind == "uscc" and mine.exists())
    if isinstance(row, HouseholdMember):
        other = {"household": "person", "person": "household"}[field]
        same = {field: target, other: getattr(row, f"{other}_id")}
        return HouseholdMember.objects.current().filter(valid__contains=row.valid, **same).exists()
    return False


def _written(row: Row, field: str, party: Party, at: datetime) -> Version:
    """The row anew for another party; a number is sealed anew with that party's key."""
    if isinstance(row, PartyIdentifier):
        text = sealing.plain(row)
        draft = PartyIdentifier(party=party, kind=row.kind)
        sealed = sealing.sealed(draft, text, key=sealing.key_of(party, at=at))
        return write_again(row, at, party_id=party.pk, sealed=sealed)
    return write_again(row, at, **{f"{field}_id": party.pk})


def _move_references(merge: PartyMerge, one: Reference) -> int:
    manager = apps.get_model(one.model)._default_manager
    rows = manager.filter(**{one.field: merge.source_id}).order_by("pk").values_list("pk", flat=True)
    ids = list(rows)
    MergeMove.objects.bulk_create(
        MergeMove(merge=merge, model=one.model, field=one.field, old_id=pk, new_id=None) for pk in ids
    )
    manager.filter(pk__in=ids).update(**{one.field: merge.target_id})
    return len(ids)


def _refuse_strangers(merge: PartyMerge) -> None:
    """A household in which one person would stand for itself and for the household. Raises: MergeClash."""
    if Representative.objects.current().filter(body=merge.target, person=merge.target).exists():
        raise MergeClash(table="法定代表人")


@transaction.atomic
def undo_merge(*, merge_id: int, reason: str, actor: Actor, at: datetime) -> PartyMerge:
    """Part again what was joined: every moved row goes back, as long as nobody changed it since.

    Locks: PartyMerge, then Party (both, by number).
    Raises: MergeNotFound, MergeUndone, MergeChangedSince, MergeClash, ReasonMissing.
    """
    merge = PartyMerge.objects.select_for_update(of=("self",)).filter(pk=merge_id).first()
    if merge is None:
        raise MergeNotFound(merge_id=merge_id)
    if merge.undone_at is not None:
        raise MergeUndone(merge_id=merge_id)
    source, target = locked(merge.source_id, merge.target_id)
    if target.state == Party.State.MERGED or target.erased_at or source.erased_at:
        raise MergeChangedSince(merge_id=merge.pk, what="保留的登记")
    merge.undone_at, merge.undone_reason = at, reason_of(reason, what="撤销理由")
    merge.save(update_fields=["undone_at", "undone_reason"])
    source.state, source.merged_into = merge.source_state, None
    source.save(update_fields=["state", "merged_into"])
    moves = list(merge.moves.all())
    for move in sorted(moves, key=lambda one: (one.model in _TITLES, one.pk)):
        with _clash(_TITLES.get(move.model, "引用")):
            _move_back(merge, move, source, at)
    facts = {"from": target.pk, "merge": merge.pk, "moved": len(moves)}
    audit.record(verb="parties.party.unmerged", subject=source, actor=actor, at=at, facts=facts)
    audit.record(verb="parties.party.unmerged", subject=target, actor=actor, at=at, facts={**facts, "from": source.pk})
    return merge


def _move_back(merge: PartyMerge, move: MergeMove, source: Party, at: datetime) -> None:
    manager = apps.get_model(move.model)._default_manager
    if move.model not in _TITLES:
        back = manager.filter(pk=move.old_id, **{move.field: merge.target_id})
        if not back.update(**{move.field: source.pk}):
            raise MergeChangedSince(merge_id=merge.pk, what="引用")
        return
    old = manager.get(pk=move.old_id)
    if move.new_id is not None:
        new = manager.get(pk=move.new_id)
        if not _is_current(new):
            raise MergeChangedSince(merge_id=merge.pk, what=_TITLES[move.model])
        close(new, at)
    write_again(old, at)


def _is_current(row: Row) -> bool:
    return not row.recorded.isempty and row.recorded.upper is None
