"""The tests of rules see the real packs, loaded once per process."""

from tests.packs import database_with_packs, packs

__all__ = ["database_with_packs", "packs"]
