"""The real packs, for tests of the register that need villages, outlines and parameters."""

from tests.packs import database_with_packs, packs

__all__ = ["database_with_packs", "packs"]
