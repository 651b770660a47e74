"""Pages of cases: workbench and list, one case with what is asked of whom, procedures, notices."""

from .cases import act, archive, archived, attach, case, claim, hand_over, material, notify, remove
from .lists import all_cases, new_case, procedure, procedures, workbench
from .notices import answer, notice, notices

__all__ = [
    "act", "all_cases", "answer", "archive", "archived", "attach", "case", "claim", "hand_over", "material",
    "new_case", "notice", "notices", "notify", "procedure", "procedures", "remove", "workbench",
]  # fmt: skip
