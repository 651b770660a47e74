"""Keys of parties, and what is sealed with them."""

from collections.abc import Sequence
from datetime import datetime

from ronghe.kernel import crypto

from .errors import IdentifierUnreadable
from .models import Party, PartyIdentifier, PartyKey


def key_of(party: Party, *, at: datetime) -> bytes:
    """The party's key, made when it is first needed; the caller holds the lock on the party's row."""
    found = PartyKey.objects.filter(party=party).first()
    if found is None:
        key = crypto.new_key()
        PartyKey.objects.create(party=party, wrapped=crypto.wrap(key, about=about_key(party.pk)), made_at=at)
        return key
    return _unwrapped(found)


def sealed(row: PartyIdentifier, value: str, *, key: bytes) -> bytes:
    """``value`` as it stands in the row."""
    return crypto.seal(value.encode(), key=key, about=row.about)


def plain(row: PartyIdentifier) -> str:
    """What is sealed in the row. Raises: IdentifierUnreadable."""
    found = PartyKey.objects.filter(party_id=row.party_id).first()
    if found is None:
        raise IdentifierUnreadable(why="没有密钥")
    try:
        return crypto.opened(bytes(row.sealed), key=_unwrapped(found), about=row.about).decode()
    except crypto.BadSeal as error:
        raise IdentifierUnreadable(why="密文与密钥不符") from error


def plain_of(rows: Sequence[PartyIdentifier]) -> dict[int, str]:
    """What is sealed in many rows, by primary key; the keys are read at once. Raises: IdentifierUnreadable."""
    keys = {
        found.party_id: _unwrapped(found)
        for found in PartyKey.objects.filter(party__in={row.party_id for row in rows}, wrapped__isnull=False)
    }
    told = {}
    for row in rows:
        if row.party_id not in keys:
            raise IdentifierUnreadable(why="没有密钥")
        try:
            told[row.pk] = crypto.opened(bytes(row.sealed), key=keys[row.party_id], about=row.about).decode()
        except crypto.BadSeal as error:
            raise IdentifierUnreadable(why="密文与密钥不符") from error
    return told


def blind_index(kind: str, value: str) -> bytes:
    """How a number in its normal form is found without being read."""
    return crypto.blind_index(value, of=f"parties.{kind}")


def _unwrapped(found: PartyKey) -> bytes:
    if found.wrapped is None:
        raise IdentifierUnreadable(why="密钥已随个人信息删除")
    try:
        return crypto.unwrap(bytes(found.wrapped), about=about_key(found.party_id))
    except crypto.BadSeal as error:
        raise IdentifierUnreadable(why="平台主密钥已更换") from error


def about_key(party_id: int) -> str:
    """What a wrapped key is of."""
    return f"parties.key:{party_id}"
