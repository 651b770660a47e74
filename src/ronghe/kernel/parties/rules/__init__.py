"""Rules about parties: numbers and their check digits, names, relations within a household. Pure."""

from .bodies import check_uscc, organisation_check_digit, uscc_check_digit
from .checked import Checked, Fault, masked, normal
from .identity import check_identity, identity_check_digit, upgraded
from .names import clean_name, name_fault, search_letters, sort_key
from .numbers import check_bank_account, check_document, check_telephone
from .relations import HEAD, RELATIONS, fits_sex, under_new_head

__all__ = [
    "HEAD",
    "RELATIONS",
    "Checked",
    "Fault",
    "check_bank_account",
    "check_document",
    "check_identity",
    "check_telephone",
    "check_uscc",
    "clean_name",
    "fits_sex",
    "identity_check_digit",
    "masked",
    "name_fault",
    "normal",
    "organisation_check_digit",
    "search_letters",
    "sort_key",
    "under_new_head",
    "upgraded",
    "uscc_check_digit",
]
