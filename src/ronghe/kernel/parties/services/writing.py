"""What all commands of this room share: locks, refusals, and how a version gives way to the next."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel.clock import legal_day
from ronghe.kernel.grams import grams

from .. import rules
from ..errors import DayInvalid, KindUnfit, NameInvalid, PartyNotActive, PartyNotFound, ReasonMissing
from ..models import HouseholdMember, Party, PartyIdentifier, PartyName, Representative

Version = HouseholdMember | PartyIdentifier | PartyName | Representative

#: The least that a reason or a basis says.
LEAST_REASON = 4
OLDEST = date(1850, 1, 1)


def locked(*ids: int) -> list[Party]:
    """The parties in the order asked for, their rows locked by primary key. Raises: PartyNotFound."""
    rows = Party.objects.select_for_update(of=("self",)).filter(pk__in=set(ids)).order_by("pk")
    found = {row.pk: row for row in rows}
    for wanted in ids:
        if wanted not in found:
            raise PartyNotFound(party_id=wanted)
    return [found[wanted] for wanted in ids]


def refuse_inactive(*parties: Party) -> None:
    """Raises: PartyNotActive."""
    for party in parties:
        if not party.is_active:
            state = "的个人信息已删除" if party.erased_at else str(party.get_state_display())
            raise PartyNotActive(name=party.name, party_id=party.pk, state=state)


def refuse_kind(party: Party, *kinds: Party.Kind) -> None:
    """Raises: KindUnfit."""
    if party.kind not in kinds:
        wanted = "、".join(str(kind.label) for kind in kinds)
        raise KindUnfit(name=party.name, party_id=party.pk, kind=party.get_kind_display(), wanted=wanted)


def refuse_day(day: date, *, what: str, at: datetime) -> None:
    """An event lies in the past, and not before anybody's memory. Raises: DayInvalid."""
    if day > legal_day(at):
        raise DayInvalid(what=what, day=day, why="在今天以后")
    if day < OLDEST:
        raise DayInvalid(what=what, day=day, why="过早")


def reason_of(text: str, *, what: str, least: int = LEAST_REASON) -> str:
    """A reason in one line. Raises: ReasonMissing."""
    said = " ".join(text.split())
    if len(said) < least:
        raise ReasonMissing(what=what, least=least)
    return said


def name_of(text: str) -> str:
    """A name as it is kept. Raises: NameInvalid."""
    name = rules.clean_name(text)
    if why := rules.name_fault(name):
        raise NameInvalid(name=name[:40], why=why)
    return name


def set_name(party: Party, name: str) -> None:
    """The name with everything by which it is sorted and found; not yet saved."""
    party.name = name
    party.pinyin, party.letters = rules.sort_key(name), rules.search_letters(name)
    party.pairs = grams(name, party.letters)


NAME_FIELDS = ["name", "pinyin", "letters", "pairs"]


def new_party(kind: Party.Kind, name: str, *, division: str, at: datetime, is_demo: bool, **facts: object) -> Party:
    """A party with the first of its names."""
    party = Party(kind=kind, division_id=division, registered_at=at, is_demo=is_demo, **facts)
    set_name(party, name)
    party.save()
    PartyName.objects.create(party=party, name=name, valid=DateRange(None, None), recorded=DateTimeTZRange(at, None))
    return party


def close(row: Version, at: datetime) -> None:
    """The register no longer says so. What was written and closed at one instant was never said: its range is empty."""
    lower = row.recorded.lower
    row.recorded = DateTimeTZRange(lower, at) if lower < at else DateTimeTZRange(empty=True)
    row.save(update_fields=["recorded"])


def write_again(row: Version, at: datetime, **changed: object) -> Version:
    """A new version beside ``row``, which has been closed: the same but for ``changed``."""
    kept = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    again = type(row)(**kept)
    again.recorded = DateTimeTZRange(at, None)
    for name, value in changed.items():
        setattr(again, name, value)
    again.save(force_insert=True)
    return again


def ids_of(parties: Iterable[Party]) -> list[int]:
    return [party.pk for party in parties]
