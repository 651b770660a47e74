"""Commands of the register: each is one legal act, one transaction, one event."""

from .applications import Asked, Origin, PartAsked, amend_application, open_application
from .blocking import refuse_blocked
from .lapsing import lapse_restrictions, record_lapse_fact
from .notifying import notify_applicant
from .printing import print_certificate, recall_certificate, void_papers
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
from .surveys import (
    SurveyGiven,
    SurveyStatement,
    SurveyTold,
    judge_survey,
    mend_survey,
    state_survey,
    submit_survey,
    take_survey,
)
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
    "Asked",
    "Ground",
    "Holder",
    "NewPart",
    "Origin",
    "PartAsked",
    "SurveyGiven",
    "SurveyStatement",
    "SurveyTold",
    "Term",
    "add_building",
    "amend_application",
    "bind",
    "certify",
    "change_ground",
    "correct_right",
    "end_right",
    "end_unit",
    "grant_right",
    "judge_survey",
    "keep_source",
    "keep_survey",
    "lapse_restrictions",
    "lift",
    "mend_survey",
    "merge_units",
    "next_numbers",
    "next_parcel",
    "next_parcels",
    "notify_applicant",
    "open_application",
    "open_unit",
    "print_certificate",
    "recall",
    "recall_certificate",
    "record_lapse_fact",
    "refuse_blocked",
    "restrict",
    "split_unit",
    "state_survey",
    "submit_survey",
    "take_survey",
    "transfer_right",
    "void_papers",
]
