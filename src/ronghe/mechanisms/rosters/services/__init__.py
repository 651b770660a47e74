"""Commands on lists: single records, states, imports."""

from .imports import apply_import, check_import, start_apply, take_file
from .records import change_record, create_record, end_record, move_record, places_of, unmask

__all__ = [
    "apply_import",
    "change_record",
    "check_import",
    "create_record",
    "end_record",
    "move_record",
    "places_of",
    "start_apply",
    "take_file",
    "unmask",
]
