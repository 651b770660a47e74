"""Commands of the zone's office."""

from . import instruments
from .plans import PlanNotInCheck, case_of, correct, read_again, read_plan, take_plan, undo

__all__ = ["PlanNotInCheck", "case_of", "correct", "instruments", "read_again", "read_plan", "take_plan", "undo"]
