"""Numbers of parties: checked, sealed, and each in one hand."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit import services as audit
from ronghe.kernel.clock import legal_day
from ronghe.kernel.db import refuses

from .. import birthplaces, rules, sealing
from ..errors import IdentifierNotFound, NumberInvalid, NumberNotFor, NumberTaken, NumberTakenElsewhere
from ..models import Party, PartyIdentifier
from .writing import close, locked, refuse_inactive

Kind = PartyIdentifier.Kind

#: Which numbers each kind of party has; bodies all have the same.
_OF_BODIES = (Kind.USCC, Kind.TELEPHONE, Kind.BANK_ACCOUNT)
KINDS_OF: Mapping[str, tuple[PartyIdentifier.Kind, ...]] = {
    Party.Kind.PERSON: (Kind.IDENTITY, Kind.DOCUMENT, Kind.TELEPHONE, Kind.BANK_ACCOUNT),
    Party.Kind.HOUSEHOLD: (Kind.TELEPHONE, Kind.BANK_ACCOUNT),
    **{kind.value: _OF_BODIES for kind in Party.BODIES},
}
#: A new number takes the place of the old one; accounts and documents stand beside one another.
_REPLACED = (Kind.IDENTITY, Kind.USCC, Kind.TELEPHONE)


def checked(kind: str, text: str, *, party_kind: str, at: datetime) -> rules.Checked:
    """What a number of this kind would be, with everything wrong or odd about it; refuses nothing."""
    checks: Mapping[str, Callable[[], rules.Checked]] = {
        Kind.IDENTITY: lambda: rules.check_identity(text, on=legal_day(at), birthplace=birthplaces.oddness),
        Kind.DOCUMENT: lambda: rules.check_document(text),
        Kind.USCC: lambda: rules.check_uscc(text, party_kind=party_kind, region=birthplaces.unknown_region),
        Kind.TELEPHONE: lambda: rules.check_telephone(text),
        Kind.BANK_ACCOUNT: lambda: rules.check_bank_account(text),
    }
    return checks[kind]()


def accepted(kind: str, text: str, *, party_kind: str, at: datetime) -> rules.Checked:
    """The number in its normal form. Raises: NumberNotFor, NumberInvalid."""
    label = str(Kind(kind).label)
    if kind not in KINDS_OF[party_kind]:
        raise NumberNotFor(kind=Party.Kind(party_kind).label, label=label)
    found = checked(kind, text, party_kind=party_kind, at=at)
    if found.faults:
        raise NumberInvalid(label=label, why=found.told, place=found.faults[0].place, kind=str(kind))
    return found


def write_identifier(party: Party, kind: str, number: rules.Checked, *, actor: Actor, at: datetime) -> PartyIdentifier:
    """Seal a number that was accepted; the caller holds the party's row. A repeat returns what is there.

    Raises: NumberTaken, NumberTakenElsewhere.
    """
    blind = sealing.blind_index(kind, number.value)
    mine = PartyIdentifier.objects.current().filter(party=party, kind=kind)
    if same := mine.filter(blind=blind).first():
        return same
    if kind in _REPLACED:
        for old in mine:
            close(old, at)
    row = PartyIdentifier(
        party=party,
        kind=kind,
        blind=blind,
        masked=rules.masked(number.value, kind=kind),
        warning=number.warned[:400],
        recorded=DateTimeTZRange(at, None),
    )
    row.sealed = sealing.sealed(row, number.value, key=sealing.key_of(party, at=at))
    try:
        # Of two who register one number at the same moment, the second waits here for the first.
        elsewhere = NumberTakenElsewhere(label=row.get_kind_display(), kind=str(kind))
        with refuses({"identifier_of_one_party_only": elsewhere}), transaction.atomic():
            row.save(force_insert=True)
    except NumberTakenElsewhere as error:
        raise _taken(row, actor) from error
    return row


def _taken(row: PartyIdentifier, actor: Actor) -> NumberTaken | NumberTakenElsewhere:
    """The error that leads to the party that has the number, where the actor may see it."""
    holders = PartyIdentifier.objects.current().filter(kind=row.kind, blind=row.blind)
    seen = Party.objects.visible_to(actor).filter(pk__in=holders.values("party_id")).first()
    if seen is None:
        return NumberTakenElsewhere(label=row.get_kind_display(), kind=str(row.kind))
    return NumberTaken(label=row.get_kind_display(), holder=seen.name, holder_id=seen.pk, kind=str(row.kind))


@transaction.atomic
def set_identifier(*, party_id: int, kind: str, value: str, actor: Actor, at: datetime) -> PartyIdentifier:
    """Give a party a number, or exchange it for another.

    Birthday and sex follow the identity number, which is the better witness. A repeat changes nothing. Locks: Party.
    Raises: PartyNotFound, PartyNotActive, NumberNotFor, NumberInvalid, NumberTaken, NumberTakenElsewhere.
    """
    [party] = locked(party_id)
    refuse_inactive(party)
    number = accepted(kind, value, party_kind=party.kind, at=at)
    before = PartyIdentifier.objects.current().filter(party=party, kind=kind).values_list("pk", flat=True)
    had = set(before)
    row = write_identifier(party, kind, number, actor=actor, at=at)
    if row.pk in had:
        return row
    facts: dict[str, object] = {"kind": str(kind), "identifier": row.pk, "replaces": bool(had & _closed(had))}
    if number.born is not None and (number.born, number.sex) != (party.birth_date, party.sex):
        facts["corrected"] = party.birth_date is not None
        party.birth_date, party.sex = number.born, number.sex
        party.save(update_fields=["birth_date", "sex"])
    audit.record(verb="parties.identifier.set", subject=party, actor=actor, at=at, facts=facts)
    return row


def _closed(ids: set[int]) -> set[int]:
    return ids - set(PartyIdentifier.objects.current().filter(pk__in=ids).values_list("pk", flat=True))


@transaction.atomic
def close_identifier(*, party_id: int, identifier_id: int, actor: Actor, at: datetime) -> None:
    """A number no longer is the party's. Locks: Party. Raises: PartyNotFound, PartyNotActive, IdentifierNotFound."""
    [party] = locked(party_id)
    refuse_inactive(party)
    row = PartyIdentifier.objects.current().filter(party=party, pk=identifier_id).first()
    if row is None:
        raise IdentifierNotFound(party_id=party_id)
    close(row, at)
    audit.record(
        verb="parties.identifier.closed",
        subject=party,
        actor=actor,
        at=at,
        facts={"kind": row.kind, "identifier": row.pk},
    )
