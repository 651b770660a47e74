"""Names change; what a party was called stays."""

from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit import services as audit

from ..errors import LaterChange
from ..models import Party, PartyName
from .writing import NAME_FIELDS, close, locked, name_of, reason_of, refuse_day, refuse_inactive, set_name, write_again


@transaction.atomic
def change_name(*, party_id: int, name: str, on: date, reason: str, actor: Actor, at: datetime) -> Party:
    """Give a party another name from a day on. A repeat changes nothing. Locks: Party.

    Raises: PartyNotFound, PartyNotActive, NameInvalid, ReasonMissing, DayInvalid, LaterChange.
    """
    [party] = locked(party_id)
    refuse_inactive(party)
    wanted = name_of(name)
    if wanted == party.name:
        return party
    said = reason_of(reason, what="变更原因", least=2)
    refuse_day(on, what="变更名称", at=at)
    write_name(party, wanted, on=on, reason=said, at=at)
    audit.record(verb="parties.party.renamed", subject=party, actor=actor, at=at, facts={"on": on})
    return party


def write_name(party: Party, name: str, *, on: date, reason: str, at: datetime) -> None:
    """The same within the transaction of another act. Raises: LaterChange."""
    last = PartyName.objects.current().filter(party=party, valid__upper_inf=True).first()
    if last is None:  # a party from before names were kept
        last = PartyName(party=party, name=party.name, valid=DateRange(None, None), recorded=DateTimeTZRange(at, None))
    elif last.valid.lower is not None and on <= last.valid.lower:
        raise LaterChange(name=party.name, day=on)
    else:
        close(last, at)
    write_again(last, at, valid=DateRange(last.valid.lower, on))
    write_again(last, at, name=name, reason=reason, valid=DateRange(on, None))
    set_name(party, name)
    party.save(update_fields=NAME_FIELDS)
