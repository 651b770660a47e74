"""Some tests of the register need the real packs: parameters, zones, towns."""

from tests.packs import database_with_packs, packs

__all__ = ["database_with_packs", "packs"]
