"""Numbers in plain, for a stated purpose; and personal data taken away for good."""

from collections.abc import Sequence
from datetime import datetime

from django.db import models, transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit import services as audit
from ronghe.kernel.clock import legal_day

from .. import sealing
from ..errors import ConfirmationWrong, EraseImpossible, IdentifierNotFound, PurposeMissing
from ..models import HouseholdMember, Party, PartyIdentifier, PartyKey, PartyName, PartyUnmasking, Representative
from .writing import close, locked, reason_of

#: What an erased party is called.
ERASED = "（个人信息已删除）"
LEAST_PURPOSE = 4


@transaction.atomic
def unmask(
    *, party_id: int, identifier_id: int, purpose: PartyUnmasking.Purpose, note: str, actor: Actor, at: datetime
) -> str:
    """A number in plain. Who read it, when and what for is kept, and told to the auditors.

    Raises: PurposeMissing, IdentifierNotFound, IdentifierUnreadable.
    """
    said = " ".join(note.split())[:200]
    if len(said) < LEAST_PURPOSE:
        raise PurposeMissing(least=LEAST_PURPOSE)
    row = PartyIdentifier.objects.current().filter(pk=identifier_id, party_id=party_id).select_related("party").first()
    if row is None or row.blind is None:
        raise IdentifierNotFound(party_id=party_id)
    text = sealing.plain(row)
    kept = PartyUnmasking.objects.create(identifier=row, purpose=purpose, note=said, user_id=actor.user_id, at=at)
    facts = {"kind": row.kind, "purpose": str(purpose), "identifier": row.pk, "unmasking": kept.pk}
    audit.record(verb="parties.identifier.unmasked", subject=row.party, actor=actor, at=at, facts=facts)
    return text


@transaction.atomic
def unmask_many(
    rows: Sequence[PartyIdentifier],
    *,
    purpose: PartyUnmasking.Purpose,
    note: str,
    about: models.Model,
    actor: Actor,
    at: datetime,
) -> dict[int, str]:
    """Numbers in plain for a file that is handed over, by the primary key of their rows. What was erased is left out.

    Each reading is kept as one alone would be; the act is one event, of what it was done for (``about``).
    Raises: PurposeMissing, IdentifierUnreadable.
    """
    said = " ".join(note.split())[:200]
    if len(said) < LEAST_PURPOSE:
        raise PurposeMissing(least=LEAST_PURPOSE)
    read = [row for row in rows if row.blind is not None]
    told = sealing.plain_of(read)
    PartyUnmasking.objects.bulk_create(
        [PartyUnmasking(identifier=row, purpose=purpose, note=said, user_id=actor.user_id, at=at) for row in read],
        batch_size=2_000,
    )
    facts = {"purpose": str(purpose), "count": len(read), "digest": audit.digest_of(sorted(row.pk for row in read))}
    if read:
        audit.record(verb="parties.identifier.unmasked", subject=about, actor=actor, at=at, facts=facts)
    return told


def confirmation_of(party: Party) -> str:
    """What is typed before personal data are erased."""
    return f"删除 {party.pk}"


@transaction.atomic
def erase_party(*, party_id: int, basis: str, confirmation: str, actor: Actor, at: datetime) -> Party:
    """Erase a person's or household's data: its key is destroyed, names, masks and indexes are taken away.

    The row stays, so that whatever refers to it stays whole; nothing leads back from it to anybody. Rows that were
    merged into it are erased with it. Irreversible. Locks: Party (all, by number).
    Raises: PartyNotFound, ConfirmationWrong, ReasonMissing, EraseImpossible.
    Source: 个人信息保护法 第四十七条.
    """
    absorbed = Party.objects.filter(merged_into=party_id).values_list("pk", flat=True)
    party, *others = locked(party_id, *absorbed)
    if party.erased_at is not None:
        return party
    if confirmation.split() != confirmation_of(party).split():
        raise ConfirmationWrong(expected=confirmation_of(party))
    said = reason_of(basis, what="删除依据（如申请书编号）")
    _refuse_erasure(party, at)
    for one in (party, *others):
        if one.erased_at is None:
            _erase(one, basis=said, at=at)
            audit.record(verb="parties.party.erased", subject=one, actor=actor, at=at, facts={"kind": one.kind})
    return party


def _refuse_erasure(party: Party, at: datetime) -> None:
    on = legal_day(at)
    why = ""
    if party.kind not in (Party.Kind.PERSON, Party.Kind.HOUSEHOLD):
        why = "组织的登记信息不是个人信息"
    elif party.state == Party.State.MERGED:
        why = f"它已并入编号 {party.merged_into_id} 的登记，请在那里办理"
    elif HouseholdMember.objects.current().as_of(on).filter(person=party).exists():
        why = "此人仍是农户成员，登记信息依法应当保留；请先办理迁出或死亡登记"
    elif HouseholdMember.objects.current().as_of(on).filter(household=party).exists():
        why = "户内还有成员；请先办理迁出"
    elif Representative.objects.current().as_of(on).filter(person=party).exists():
        why = "此人仍是组织的法定代表人；请先变更"
    if why:
        raise EraseImpossible(name=party.name, why=why)


def _erase(party: Party, *, basis: str, at: datetime) -> None:
    party.name, party.pinyin, party.letters, party.pairs = ERASED, "", "", []
    party.sex, party.birth_date, party.erased_at = "", None, at
    party.save(update_fields=["name", "pinyin", "letters", "pairs", "sex", "birth_date", "erased_at"])
    for row in PartyIdentifier.objects.current().filter(party=party):
        close(row, at)
    PartyIdentifier.objects.filter(party=party).update(blind=None, masked="", warning="")
    PartyName.objects.filter(party=party).update(name=ERASED)
    destroyed = {"wrapped": None, "destroyed_at": at, "basis": basis}
    if not PartyKey.objects.filter(party=party).update(**destroyed):
        PartyKey.objects.create(party=party, made_at=at, **destroyed)
