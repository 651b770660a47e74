"""Procedures of the register."""

from .kept_rights import KEPT_RIGHTS
from .membership import MEMBERSHIP, MEMBERSHIP_LOSS

__all__ = ["KEPT_RIGHTS", "MEMBERSHIP", "MEMBERSHIP_LOSS"]
