"""What may be recorded, and how an event becomes a digest: pure functions."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

#: A block before the first.
NO_HASH = bytes(32)

#: Version of the canonical form below; a change of form gets a new number and keeps the old one readable.
FORM = 1

MOST_CHARACTERS = 64
MOST_ITEMS = 200

#: A digest (SHA-256, SM3): one in 300 holds eleven digits that look like a telephone number, and none is one.
_DIGEST = re.compile(r"(?=.*[a-f])[0-9a-f]{64}")
_CODE = re.compile(r"[\x21-\x7e]*")
_IDENTITY = re.compile(r"(?<!\d)(\d{6})(\d{8})\d{3}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:(?:00)?86)?1[3-9]\d{9}(?!\d)")
_CARD = re.compile(r"(?<!\d)(?:62\d{14}|62\d{17}|[45]\d{15})(?!\d)")


def sm3(data: bytes) -> bytes:
    """SM3 digest (GB/T 32905-2016), 32 bytes."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


try:
    sm3(b"")
except UnsupportedAlgorithm as error:  # pragma: no cover - depends on the OpenSSL build
    raise ImportError(
        "the OpenSSL behind the cryptography package has no SM3; install the wheel from PyPI, which brings its own"
    ) from error


def checked_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of an event as plain JSON, refused when they could hold a personal value.

    Allowed are whole numbers, yes/no, nothing, dates and instants, exact numbers (as text), short codes of printable
    ASCII without blanks, and lists and mappings of these. Names, prose, identity numbers, telephone numbers and bank
    cards belong in their tables; an event names the row's id.
    Raises: ValueError: a caller's bug, never a person's mistake.
    Source: 个人信息保护法 第六条 (最小范围), 第四十七条 (删除权: the record stays whole because it holds none).
    """
    return {_checked_text(str(key)): _checked(value) for key, value in facts.items()}


def _checked(value: Any) -> Any:
    match value:
        case None | bool() | int():
            return value
        case str():
            return _checked_text(value)
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case Decimal() | Fraction():
            return str(value)
        case Mapping():
            return checked_facts(value)
        case list() | tuple() | set() | frozenset():
            if len(value) > MOST_ITEMS:
                raise ValueError(f"a list of {len(value)} does not belong in an event: record its count and digest")
            items = sorted(value) if isinstance(value, set | frozenset) else value
            return [_checked(item) for item in items]
        case _:
            raise ValueError(f"a {type(value).__name__} does not belong in an event")


def _checked_text(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"a text of {len(text)} characters does not belong in an event: name its row's id")
    if not _CODE.fullmatch(text):
        raise ValueError("only codes of printable ASCII without blanks belong in an event: name the row's id")
    if _DIGEST.fullmatch(text):
        return text
    if why := looks_personal(text):
        raise ValueError(f"this looks like {why} and does not belong in an event: name the row's id")
    return text


def looks_personal(text: str) -> str:
    """What kind of personal number ``text`` seems to hold; empty when none."""
    for _region, born in _IDENTITY.findall(text):
        if _is_birthday(born):
            return "an identity number"
    if _MOBILE.search(text):
        return "a mobile telephone number"
    if any(_passes_luhn(card) for card in _CARD.findall(text)):
        return "a bank card number"
    return ""


def _is_birthday(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1900 <= born.year < 2100


def _passes_luhn(digits: str) -> bool:
    """Luhn check (ISO/IEC 7812-1): double every second digit from the right."""
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def instant(at: datetime) -> str:
    """An instant in one spelling: UTC, always six digits of microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(value: Any) -> bytes:
    """One spelling of a JSON value without fractions: keys sorted by code point, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def exact(text: str) -> Any:
    """A JSON text as Python values, fractions kept digit by digit as a pair that no other value can equal.

    ``checked_facts`` lets no fraction in, but whatever stands in the table must have a digest.
    """
    return json.loads(text, parse_float=lambda digits: ["\0fraction", digits])


#: The columns of an event that its digest covers: all of them.
EVENT_FIELDS = (
    "id", "at", "verb", "subject_type", "subject_id", "user_id", "role", "org_unit_id", "on_behalf_of_id", "division",
    "facts", "txid",
)  # fmt: skip

#: The same as SQL, from ``audit_event e``: instants spelled by the database, numbers beyond Python's habits as text.
EVENT_COLUMNS = ", ".join(
    {
        "at": """to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
        "facts": "e.facts::text",
        "txid": "e.txid::text",
    }.get(name, f"e.{name}")
    for name in EVENT_FIELDS
)


def event_digest(row: Mapping[str, Any]) -> bytes:
    """SM3 of the canonical form of an event; ``row`` holds ``EVENT_FIELDS`` as ``EVENT_COLUMNS`` reads them."""
    form = {name: row[name] for name in EVENT_FIELDS}
    return sm3(canonical({**form, "facts": exact(row["facts"]), "form": FORM}))


def block_hash(
    *, previous: bytes, number: int, first: int, last: int, sealed_at: datetime, digests: Iterable[bytes]
) -> bytes:
    """SM3(previous hash ‖ header ‖ digests in order): it fixes the block's place, span, time, and its events' order."""
    header = canonical({"first": first, "form": FORM, "last": last, "number": number, "sealed_at": instant(sealed_at)})
    digest = hashes.Hash(hashes.SM3())
    for part in (previous, len(header).to_bytes(4, "big"), header, *digests):
        digest.update(part)
    return digest.finalize()
