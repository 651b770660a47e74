"""Commands of the policy room."""

from .plans import (
    DivisionsMissing,
    DocumentKnown,
    Loaded,
    PackRowInUse,
    ParentZoneMissing,
    ZoneHasNoSeat,
    load_pack,
)

__all__ = [
    "DivisionsMissing",
    "DocumentKnown",
    "Loaded",
    "PackRowInUse",
    "ParentZoneMissing",
    "ZoneHasNoSeat",
    "load_pack",
]
