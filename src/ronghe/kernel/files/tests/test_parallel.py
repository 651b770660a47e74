"""Two who store the same file at the same moment."""

from datetime import UTC, datetime
from pathlib import Path

from django.core.files.storage import default_storage

from ronghe.kernel.files import services
from ronghe.kernel.files.models import Blob
from ronghe.site.testing import in_parallel

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
PDF = b"%PDF-1.7\n"


def test_two_who_store_the_same_at_once_share_one_copy(fresh_database, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def store() -> Blob:
        return services.store(PDF, name="甲.pdf", at=NOON)

    one, other = in_parallel(store, store)
    assert one.digest == other.digest
    assert services.content(one.digest) == PDF
    assert len(list(Path(default_storage.path("blobs")).rglob("*-*"))) == 1
