"""Keeping files: checked by content, scanned, encrypted, stored once by their hash."""

import hashlib
import secrets
import tempfile
from collections.abc import Collection, Iterator
from datetime import datetime
from io import BytesIO
from typing import IO
from urllib.parse import quote

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpResponse

from ronghe.kernel import crypto
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record

from .errors import FileEmpty, FileErased, FileNotFound, FileTooLarge, FileUnreadable
from .kinds import FileKind, kind_of
from .limits import LIMIT, MB
from .models import Blob
from .scanning import scanned

#: Files are sealed piece by piece, so that no file stands in memory twice.
_PIECE = 4 * MB
_SEALED_PIECE = _PIECE + 29


def store(
    content: bytes | IO[bytes],
    *,
    name: str,
    kinds: Collection[FileKind] | None = None,
    limit: int = LIMIT,
    at: datetime,
) -> Blob:
    """Keep a file and return its row; equal content is stored once.

    Args: ``name`` as the person calls it, for messages and to see whether it tells the truth; ``kinds`` that are wanted
        here, any when ``None``; ``limit`` in bytes.
    Raises: FileEmpty, FileTooLarge, FileKindRefused, FileLies, FileLocked, FileBomb, FileDamaged, FileInfected,
        ScannerDown.
    """
    file: IO[bytes] = BytesIO(content) if isinstance(content, bytes) else content
    name = plain_name(name)
    digest, size = _measured(file, name=name, limit=limit)
    kind = kind_of(file, name=name, kinds=kinds)
    known = Blob.objects.filter(digest=digest).first()
    if known is not None and known.key is not None:
        return known
    scan = Blob.Scan.CLEAN if scanned(file, name=name) else Blob.Scan.UNSCANNED
    key = crypto.new_key()
    place = _write(file, digest=digest, key=key)
    facts = {
        "size": size,
        "kind": kind.value,
        "place": place,
        "key": crypto.wrap(key, about=f"blob:{digest}"),
        "scan": scan,
        "stored_at": at,
    }
    with transaction.atomic():
        if known is not None:  # erased before, and given anew
            default_storage.delete(known.place)
            Blob.objects.filter(digest=digest, key=None).update(**facts)
        else:
            Blob.objects.bulk_create([Blob(digest=digest, **facts)], ignore_conflicts=True)
        kept = Blob.objects.get(digest=digest)
    if kept.place != place:  # somebody stored the same at the same time
        default_storage.delete(place)
    return kept


def pieces(digest: str) -> Iterator[bytes]:
    """The content of a file, piece by piece. Raises: FileNotFound, FileErased, FileUnreadable."""
    blob = Blob.objects.filter(digest=digest).first()
    if blob is None:
        raise FileNotFound(digest=digest[:64])
    if blob.key is None:
        raise FileErased(digest=digest)
    try:
        key = crypto.unwrap(bytes(blob.key), about=f"blob:{digest}")
        with default_storage.open(blob.place, "rb") as stored:
            number, left = 0, blob.size
            while left > 0:
                piece = crypto.opened(stored.read(_SEALED_PIECE), key=key, about=f"{digest}:{number}")
                number, left = number + 1, left - len(piece)
                yield piece
    except (OSError, crypto.BadSeal) as error:
        raise FileUnreadable(digest=digest) from error


def content(digest: str) -> bytes:
    """The whole content of a file. Raises: FileNotFound, FileErased, FileUnreadable."""
    return b"".join(pieces(digest))


def answer(digest: str, *, name: str, inline: bool = False) -> HttpResponse:
    """A file for a browser; whether the actor may see it was asked by the caller.

    ``inline`` shows PDF, JPEG and PNG in the browser; anything else is always saved.
    """
    blob = Blob.objects.filter(digest=digest).first()
    if blob is None:
        raise FileNotFound(digest=digest[:64])
    response = attached(content(digest), name=name, media_type=blob.as_kind.media_type)
    if inline and blob.as_kind.is_shown_by_browsers:
        response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    return response


def attached(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    """Bytes that were made for one person, to be saved under a name."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response


@transaction.atomic
def erase(*, digest: str, actor: Actor, at: datetime) -> None:
    """Destroy the key of a file: its content is gone for ever, its row stays. A repeat changes nothing. Locks: Blob."""
    blob = Blob.objects.select_for_update().filter(digest=digest).first()
    if blob is None:
        raise FileNotFound(digest=digest[:64])
    if blob.key is None:
        return
    blob.key = None
    blob.save(update_fields=["key"])
    record(verb="files.blob.erased", subject=blob, actor=actor, at=at)
    transaction.on_commit(lambda: default_storage.delete(blob.place))


def sweep(*, before: datetime) -> int:
    """Remove stored files that no row names and that are older than ``before``: what a refused act left behind."""
    removed = 0
    if not default_storage.exists("blobs"):
        return 0
    for folder in default_storage.listdir("blobs")[0]:
        for file in default_storage.listdir(f"blobs/{folder}")[1]:
            place = f"blobs/{folder}/{file}"
            if default_storage.get_modified_time(place) < before and not Blob.objects.filter(place=place).exists():
                default_storage.delete(place)
                removed += 1
    return removed


def plain_name(name: str) -> str:
    """The name alone, without folders and control characters."""
    plain = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())
    return plain[-120:] or "未命名"


def _measured(file: IO[bytes], *, name: str, limit: int) -> tuple[str, int]:
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := file.read(_PIECE):
        digest.update(piece)
        size += len(piece)
        if size > limit:
            file.seek(0, 2)
            raise FileTooLarge(name=name, size_mb=-(-file.tell() // MB), limit_mb=limit // MB)
    if not size:
        raise FileEmpty(name=name)
    return digest.hexdigest(), size


def _write(file: IO[bytes], *, digest: str, key: bytes) -> str:
    file.seek(0)
    with tempfile.TemporaryFile() as sealed:
        number = 0
        while piece := file.read(_PIECE):
            sealed.write(crypto.seal(piece, key=key, about=f"{digest}:{number}"))
            number += 1
        sealed.seek(0)
        return default_storage.save(f"blobs/{digest[:2]}/{digest}-{secrets.token_hex(4)}", File(sealed))
