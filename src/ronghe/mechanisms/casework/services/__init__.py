"""Commands on cases. There is one door through which a case moves: ``act``."""

from .acting import act, allowed_actions, may_see_step
from .filing import build_archive, file_case
from .holding import claim, hand_over, may_hand_over
from .materials import attach, remove_material
from .moving import keep_all_edges
from .notices import answer_objection, end_due_notices, may_answer, object_to
from .opening import open_case
from .watching import recount_deadlines, remind

__all__ = [
    "act",
    "allowed_actions",
    "answer_objection",
    "attach",
    "build_archive",
    "claim",
    "end_due_notices",
    "file_case",
    "hand_over",
    "keep_all_edges",
    "may_answer",
    "may_hand_over",
    "may_see_step",
    "object_to",
    "open_case",
    "recount_deadlines",
    "remind",
    "remove_material",
]
