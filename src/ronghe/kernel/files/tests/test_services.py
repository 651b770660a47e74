"""Files are kept once by their content, encrypted, and given back unchanged."""

import os
import socket
import struct
import threading
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from ronghe.kernel import clock
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.kernel.files import errors, services
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.files.models import Blob

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
PDF = b"%PDF-1.7\n"


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def stored_bytes(blob: Blob) -> bytes:
    return Path(default_storage.path(blob.place)).read_bytes()


@pytest.mark.parametrize("size", [1, services._PIECE - 9, services._PIECE, 2 * services._PIECE + 5])
def test_content_comes_back_and_is_not_readable_where_it_lies(size):
    content = PDF + os.urandom(size)
    blob = services.store(content, name="甲.pdf", at=NOON)
    assert (blob.size, blob.kind, blob.scan) == (len(content), "pdf", "unscanned")
    assert services.content(blob.digest) == content
    assert content[:40] not in stored_bytes(blob)


def test_equal_content_is_stored_once():
    first = services.store(PDF, name="甲.pdf", at=NOON)
    again = services.store(BytesIO(PDF), name="乙.pdf", at=NOON + timedelta(days=1))
    assert first == again
    assert first.stored_at == again.stored_at
    assert len(list(Path(default_storage.path("blobs")).rglob("*-*"))) == 1


def test_too_large_and_empty_files_are_refused_before_anything_is_kept():
    with pytest.raises(errors.FileTooLarge, match="有 1 MB，超过 0 MB"):
        services.store(PDF + b"x" * 200, name="甲.pdf", limit=100, at=NOON)
    with pytest.raises(errors.FileEmpty):
        services.store(b"", name="甲.pdf", at=NOON)
    assert not Blob.objects.exists()
    assert not default_storage.exists("blobs")


def test_a_changed_file_is_not_given_out():
    blob = services.store(PDF, name="甲.pdf", at=NOON)
    path = Path(default_storage.path(blob.place))
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(errors.FileUnreadable):
        services.content(blob.digest)


def test_an_erased_file_is_gone_and_its_row_stays(django_capture_on_commit_callbacks):
    blob = services.store(PDF, name="甲.pdf", at=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        services.erase(digest=blob.digest, actor=SYSTEM, at=NOON)
        services.erase(digest=blob.digest, actor=SYSTEM, at=NOON)
    with pytest.raises(errors.FileErased):
        services.content(blob.digest)
    assert Blob.objects.filter(pk=blob.pk).exists()
    assert not default_storage.exists(blob.place)
    assert Event.objects.filter(verb="files.blob.erased").count() == 1
    assert services.content(services.store(PDF, name="甲.pdf", at=NOON).digest) == PDF


def test_only_what_a_browser_shows_safely_is_shown_inside_it():
    pdf = services.store(PDF, name="甲.pdf", at=NOON)
    page = services.store(b"<html>", name="a.html", at=NOON)
    assert services.answer(pdf.digest, name="甲.pdf", inline=True)["Content-Disposition"].startswith("inline")
    assert services.answer(page.digest, name="a.html", inline=True)["Content-Disposition"].startswith("attachment")


def test_what_a_refused_act_left_behind_is_swept_and_nothing_else():
    kept = services.store(PDF, name="甲.pdf", at=NOON)
    lost = services.store(PDF + b"2", name="乙.pdf", at=NOON)
    Blob.objects.filter(pk=lost.pk).delete()
    assert services.sweep(before=clock.now() - timedelta(days=1)) == 0
    assert services.sweep(before=clock.now() + timedelta(seconds=5)) == 1
    assert services.content(kept.digest) == PDF


class Clamd(threading.Thread):
    """A scanner that finds what it is told to find."""

    def __init__(self, finding: str) -> None:
        super().__init__(daemon=True)
        self.finding, self.line = finding, socket.create_server(("127.0.0.1", 0))
        self.where = f"127.0.0.1:{self.line.getsockname()[1]}"
        self.seen = b""
        self.start()

    def run(self) -> None:
        connection, _ = self.line.accept()
        with self.line, connection, connection.makefile("rb") as given:
            assert given.read(10) == b"zINSTREAM\0"
            while size := struct.unpack("!L", given.read(4))[0]:
                self.seen += given.read(size)
            connection.sendall(f"stream: {self.finding}\0".encode())


def test_a_scanner_is_asked_and_believed(settings):
    clean = Clamd("OK")
    settings.FILE_SCANNER = clean.where
    assert services.store(PDF, name="甲.pdf", at=NOON).scan == Blob.Scan.CLEAN
    assert clean.seen == PDF
    settings.FILE_SCANNER = Clamd("Eicar-Signature FOUND").where
    with pytest.raises(errors.FileInfected, match="Eicar-Signature"):
        services.store(PDF + b"x", name="乙.pdf", at=NOON)


def test_nothing_is_taken_unscanned_when_the_scanner_does_not_answer(settings):
    settings.FILE_SCANNER = "127.0.0.1:1"
    with pytest.raises(errors.ScannerDown):
        services.store(PDF, name="甲.pdf", kinds={FileKind.PDF}, at=NOON)
    assert not Blob.objects.exists()
