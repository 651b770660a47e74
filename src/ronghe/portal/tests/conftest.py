"""The packs of all zones, loaded once."""

from tests.packs import database_with_packs, packs

__all__ = ["database_with_packs", "packs"]
