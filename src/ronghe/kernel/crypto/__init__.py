"""Encryption at rest: one form for small values, one for files; keys wrapped by the platform's master key.

A sealed value names its algorithm in the first byte, so that another can follow without touching what is stored.
``about`` says what a value is of (table, column, row): a value moved to another place does not open there.
Source: GB/T 32907-2016 (SM4), GB/T 32905-2016 (SM3), GB/T 36624-2018 (GCM).
"""

import hmac
import os
import secrets
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: Bytes of a key of SM4.
KEY_BYTES = 16
_NONCE, _TAG = 12, 16
_SM4_GCM = b"\x01"


class BadSeal(ValueError):
    """A sealed value that does not open: another key, another place, or damaged."""


def new_key() -> bytes:
    """A key for one party or one file."""
    return secrets.token_bytes(KEY_BYTES)


def seal(plain: bytes, *, key: bytes, about: str) -> bytes:
    """Encrypt and authenticate (SM4-GCM). The result is 29 bytes longer than ``plain``."""
    nonce = secrets.token_bytes(_NONCE)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(about.encode())
    sealed = encryptor.update(plain) + encryptor.finalize()
    return _SM4_GCM + nonce + encryptor.tag + sealed


def opened(sealed: bytes, *, key: bytes, about: str) -> bytes:
    """What was sealed. Raises: BadSeal."""
    if sealed[:1] != _SM4_GCM or len(sealed) < 1 + _NONCE + _TAG:
        raise BadSeal("not a sealed value")
    nonce, tag, content = sealed[1:13], sealed[13:29], sealed[29:]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(about.encode())
    try:
        return decryptor.update(content) + decryptor.finalize()
    except InvalidTag:
        raise BadSeal("the value does not belong here, or was changed") from None


def wrap(key: bytes, *, about: str) -> bytes:
    """A key as it may be stored: sealed with the platform's master key."""
    return seal(key, key=_derived("RONGHE_MASTER_KEY", "wrap"), about=about)


def unwrap(wrapped: bytes, *, about: str) -> bytes:
    """A stored key. Raises: BadSeal."""
    return opened(wrapped, key=_derived("RONGHE_MASTER_KEY", "wrap"), about=about)


def blind_index(value: str, *, of: str) -> bytes:
    """盲索引: 32 bytes by which an encrypted value is found without being read; equal values of one kind agree.

    Args: ``of`` is the kind of value (``identity``, ``telephone``); ``value`` in its one normal form.
    """
    mac = HMAC(_derived("RONGHE_INDEX_KEY", of, size=32), hashes.SM3())
    mac.update(value.encode())
    return mac.finalize()


def purpose_key(purpose: str) -> bytes:
    """A key of the platform for one purpose, for values that belong to no party and no file."""
    return _derived("RONGHE_MASTER_KEY", purpose)


def same(one: bytes, other: bytes) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)


@cache
def _derived(name: str, purpose: str, *, size: int = KEY_BYTES) -> bytes:
    """A key for one purpose from a key of the environment (64 hexadecimal digits)."""
    given = os.environ.get(name, "")
    if len(given) != 64:
        raise ValueError(f"{name} must be 64 hexadecimal digits")
    return HKDF(algorithm=hashes.SM3(), length=size, salt=None, info=f"ronghe:{purpose}".encode()).derive(
        bytes.fromhex(given)
    )
