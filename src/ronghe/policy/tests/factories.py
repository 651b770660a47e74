"""Small zones for tests, made by the same services that load real packs."""

import shutil
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from ronghe.kernel.actors import SYSTEM
from ronghe.policy.packs import ZONES, Pack, read_pack
from ronghe.policy.services import Loaded, load_pack

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def load(*slugs: str) -> None:
    """Load real packs by name; parents and ``national`` first."""
    for slug in slugs:
        load_pack(_real(slug), actor=SYSTEM, at=NOON)


@cache
def _real(slug: str) -> Pack:
    """A pack never changes once it is read, nor do the files of the real ones: they are read once."""
    return read_pack(ZONES / slug)


def copied(slug: str, folder: Path) -> Path:
    """A copy of a real pack that a test may change."""
    return Path(shutil.copytree(ZONES / slug, folder / slug))


def load_folder(folder: Path) -> Loaded:
    """Load the pack in ``folder``."""
    return load_pack(read_pack(folder), actor=SYSTEM, at=NOON)
