"""Commands of the register: each is one legal act, one transaction, one event."""

from .blocking import refuse_blocked
from .extracts import issue_extract
from .proofs import certify, next_numbers, recall
from .rights import (
    Holder,
    Term,
    bind,
    correct_right,
    end_right,
    grant_right,
    lift,
    restrict,
    transfer_right,
)
from .sources import keep_source, keep_survey
from .units import (
    Ground,
    NewPart,
    add_building,
    change_ground,
    end_unit,
    merge_units,
    next_parcel,
    next_parcels,
    open_unit,
    split_unit,
)

__all__ = [
    "Ground",
    "Holder",
    "NewPart",
    "Term",
    "add_building",
    "bind",
    "certify",
    "change_ground",
    "correct_right",
    "end_right",
    "end_unit",
    "grant_right",
    "issue_extract",
    "keep_source",
    "keep_survey",
    "lift",
    "merge_units",
    "next_numbers",
    "next_parcel",
    "next_parcels",
    "open_unit",
    "recall",
    "refuse_blocked",
    "restrict",
    "split_unit",
    "transfer_right",
]
