"""Commands of the register: each is one legal act, one transaction, one event."""

from .applications import Asked, Origin, amend_application, open_application
from .blocking import refuse_blocked
from .buildings import add_another_building, demolish_building
from .changing import PartAsked
from .easements import register_easement
from .evidence import add_evidence, withdraw_evidence
from .evidence_archives import take_evidence_archive
from .extending import extend_right
from .extracts import issue_extract
from .filing import apply_for_filing, end_filing, file_kept_rights, renew_filing
from .income import (
    IncomeChange,
    IncomeOrigin,
    open_income_change,
    open_income_first,
    recount_income_lines,
    set_income_lines,
    take_income_table,
)
from .income_entry import enter_income_change, enter_income_first, print_income_certificate
from .lapsing import lapse_restrictions, record_lapse_fact
from .membership import apply_for_loss, apply_for_membership, state_facts
from .mortgages import change_mortgage, transfer_mortgage
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
from .rolls import enrol_member, strike_member
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
    "IncomeChange",
    "IncomeOrigin",
    "NewPart",
    "Origin",
    "PartAsked",
    "SurveyGiven",
    "SurveyStatement",
    "SurveyTold",
    "Term",
    "add_another_building",
    "add_building",
    "add_evidence",
    "amend_application",
    "apply_for_filing",
    "apply_for_loss",
    "apply_for_membership",
    "bind",
    "certify",
    "change_ground",
    "change_mortgage",
    "correct_right",
    "demolish_building",
    "end_filing",
    "end_right",
    "end_unit",
    "enrol_member",
    "enter_income_change",
    "enter_income_first",
    "extend_right",
    "file_kept_rights",
    "grant_right",
    "issue_extract",
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
    "open_income_change",
    "open_income_first",
    "open_unit",
    "print_certificate",
    "print_income_certificate",
    "recall",
    "recall_certificate",
    "record_lapse_fact",
    "recount_income_lines",
    "refuse_blocked",
    "register_easement",
    "renew_filing",
    "restrict",
    "set_income_lines",
    "split_unit",
    "state_facts",
    "state_survey",
    "strike_member",
    "submit_survey",
    "take_evidence_archive",
    "take_income_table",
    "take_survey",
    "transfer_mortgage",
    "transfer_right",
    "void_papers",
    "withdraw_evidence",
]
