"""Commands on parties: each is one act, one transaction, one event without personal values."""

from .bodies import end_body, register_body, set_representative
from .bulk import NewHolder, register_many
from .heads import change_head, record_death
from .households import add_member, leave_member, marry_in, record_birth, register_household, split_household
from .identifiers import close_identifier, set_identifier
from .merging import merge_parties, undo_merge
from .names import change_name
from .persons import NewPerson, register_person
from .privacy import confirmation_of, erase_party, unmask, unmask_many

__all__ = [
    "NewHolder",
    "NewPerson",
    "add_member",
    "change_head",
    "change_name",
    "close_identifier",
    "confirmation_of",
    "end_body",
    "erase_party",
    "leave_member",
    "marry_in",
    "merge_parties",
    "record_birth",
    "record_death",
    "register_body",
    "register_household",
    "register_many",
    "register_person",
    "set_identifier",
    "set_representative",
    "split_household",
    "undo_merge",
    "unmask",
    "unmask_many",
]
