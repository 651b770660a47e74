"""Commands of the register: each is one legal act, one transaction, one event."""

from .blocking import refuse_blocked
from .filing import end_filing, file_kept_rights, renew_filing
from .membership import apply_for_loss, apply_for_membership, state_facts
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
from .rolls import enrol_member, strike_member
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
    "apply_for_loss",
    "apply_for_membership",
    "bind",
    "certify",
    "change_ground",
    "correct_right",
    "end_filing",
    "end_right",
    "end_unit",
    "enrol_member",
    "file_kept_rights",
    "grant_right",
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
    "renew_filing",
    "restrict",
    "split_unit",
    "state_facts",
    "strike_member",
    "transfer_right",
]
