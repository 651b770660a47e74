"""本人申请: what people apply for themselves begins with them: they hand in the papers, then the counter looks at them."""

from ronghe.kernel.accounts.roles import Role
from ronghe.mechanisms.casework.declared import Action, MaterialKind, Outcome, Step
from ronghe.mechanisms.casework.models import Case

OWN = "own"


def own_step(then: str, materials: tuple[MaterialKind, ...]) -> Step:
    """The step in which the applicant hands in the papers, and to which the counter returns what is lacking."""
    return Step(
        OWN,
        "本人申请",
        "把材料拍照上传，再点“提交申请”；退回补正的，按理由补齐",
        frozenset({Role.SELF}),
        (Action("submit", "提交申请", then),),
        materials=materials,
    )


def is_own(case: Case) -> bool:
    """Whether the applicant has opened the case: then it can go back to the applicant."""
    return case.decisions.filter(from_step=OWN).exists()


def return_to_applicant() -> Action:
    """Of what the counter has opened itself, the papers are asked for at the counter."""
    return Action("return", "退回本人补正", OWN, Outcome.RETURN, only_if=is_own)
