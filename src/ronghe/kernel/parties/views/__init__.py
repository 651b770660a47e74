"""Pages of parties: the list, one record, its registering and its changes, duplicates, erasing."""

from .changing import close_number, end, rename, representative, set_number
from .erasing import erase, erase_which
from .families import add, birth, death, head, leave, marry, split
from .lists import find, parties
from .merging import duplicates, merge, merges, undo
from .records import events, history, members, numbers, overview, unmask
from .registering import check, new_body, new_household, new_person

__all__ = [
    "add",
    "birth",
    "check",
    "close_number",
    "death",
    "duplicates",
    "end",
    "erase",
    "erase_which",
    "events",
    "find",
    "head",
    "history",
    "leave",
    "marry",
    "members",
    "merge",
    "merges",
    "new_body",
    "new_household",
    "new_person",
    "numbers",
    "overview",
    "parties",
    "rename",
    "representative",
    "set_number",
    "split",
    "undo",
    "unmask",
]
