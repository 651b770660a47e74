"""Commands of the policy room."""

from .plans import (
    DivisionsMissing,
    DocumentKeyTaken,
    DocumentKnown,
    PackRowInUse,
    ParentZoneMissing,
    ZoneHasNoSeat,
    load_pack,
    load_packs,
)
from .rulings import (
    LocalValueExists,
    LocalValueInvalid,
    enter_local_value,
    keep_ruling,
    load_rulebook,
    take_back_local_value,
)
from .syncing import Loaded
from .workdays import (
    WorkdayInvalid,
    YearBeingEntered,
    YearInvalid,
    YearNotAnnounced,
    change_day,
    enter_year,
)

__all__ = [
    "DivisionsMissing",
    "DocumentKeyTaken",
    "DocumentKnown",
    "Loaded",
    "LocalValueExists",
    "LocalValueInvalid",
    "PackRowInUse",
    "ParentZoneMissing",
    "WorkdayInvalid",
    "YearBeingEntered",
    "YearInvalid",
    "YearNotAnnounced",
    "ZoneHasNoSeat",
    "change_day",
    "enter_local_value",
    "enter_year",
    "keep_ruling",
    "load_pack",
    "load_packs",
    "load_rulebook",
    "take_back_local_value",
]
