"""The tests of trials see the real packs."""

from tests.packs import database_with_packs, packs

__all__ = ["database_with_packs", "packs"]
