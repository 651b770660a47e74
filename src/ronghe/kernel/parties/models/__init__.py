"""Tables of parties: the one place where a person or body that holds rights or acts is named."""

from .households import HouseholdMember
from .identifiers import SINGLE, PartyIdentifier, PartyKey, PartyUnmasking
from .merges import MergeMove, PartyMerge
from .party import Party, PartyName, Representative

__all__ = [
    "SINGLE",
    "HouseholdMember",
    "MergeMove",
    "Party",
    "PartyIdentifier",
    "PartyKey",
    "PartyMerge",
    "PartyName",
    "PartyUnmasking",
    "Representative",
]
