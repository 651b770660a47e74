"""进城落户转移备案: a household that moves to town has its rights in the village listed and held fast."""

from datetime import date, datetime
from typing import Any

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.pages import Fact
from ronghe.mechanisms.casework.declared import (
    DONE,
    REFUSED,
    Action,
    ByApplicant,
    Content,
    MaterialKind,
    Outcome,
    Period,
    Procedure,
    Step,
    declare,
)
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.ruling import Clause, Ruling

from ..queries.filings import ruling_of
from ..services.filing import KEY, file_kept_rights
from .own import OWN, own_step, return_to_applicant

APPLY, REVIEW = "apply", "review"
CITE = (Clause("qingdao-2020", "四(一)1"), Clause("jinan-2021", "三(一)2"))
CLERKS = frozenset({Role.TOWN_WINDOW, Role.DEPARTMENT})


def may_file(case: Case, day: date) -> Ruling[Any]:
    """关口: the household has moved, holds something, and has no other filing."""
    return ruling_of(case, on=day)


def _filed(*, case: Case, actor: Actor, at: datetime) -> None:
    file_kept_rights(
        household_id=int(case.subject_id), moved_on=date.fromisoformat(case.facts["moved_on"]),
        moved_to=str(case.facts["moved_to"]), case_id=case.pk, actor=actor, at=at,
    )  # fmt: skip


def content_of(case: Case, on: date) -> Content:
    """Where to the household has moved and when; while the case is open, what the rule says."""
    told = (
        Fact("户籍迁移日期", str(case.facts.get("moved_on", ""))),
        Fact("迁入地", str(case.facts.get("moved_to", ""))),
    )
    return Content(told, "能不能备案", None if case.is_over else ruling_of(case, on=on))


_PAPERS = (
    MaterialKind("application", "书面申请", hint="手写也可以，户主签名或按手印"),
    MaterialKind("moved", "户籍迁移证明", hint="派出所出具的迁移证，或迁入后的户口簿"),
)

KEPT_RIGHTS = declare(
    Procedure(
        key=KEY,
        title="进城落户转移备案",
        summary="户籍迁入城镇的农户申请，窗口列出迁移日仍然有效的各项权益，部门复核后备案发证；备案期间非本人申请不得注销、收回、转移。",
        prefix="转移备案办件",
        cite=CITE,
        opens=CLERKS | {Role.SELF},
        opens_at="/registry/filings/new",
        by_applicant=ByApplicant(OWN, "/registry/mine/filing"),
        content=content_of,
        steps=(
            own_step(APPLY, _PAPERS),
            Step(
                APPLY,
                "申请",
                "核对迁移证明和各项权益",
                CLERKS,
                (
                    Action("submit", "报部门复核", REVIEW, gate=may_file),
                    return_to_applicant(),
                    Action("refuse", "不予受理", REFUSED, Outcome.REFUSE),
                ),
                period=Period(5),
                materials=_PAPERS,
            ),
            Step(
                REVIEW,
                "复核",
                "复核权益清单后备案发证",
                frozenset({Role.DEPARTMENT}),
                (
                    Action(
                        "file", "备案并发证", DONE, gate=may_file, warning="备案后各项权益随即受到保护，并生成备案证。"
                    ),
                    Action("return", "退回申请", APPLY, Outcome.RETURN),
                    Action("refuse", "不予备案", REFUSED, Outcome.REFUSE),
                ),
                period=Period(5),
                apart_from=(APPLY,),
            ),
        ),
        on_end={DONE: _filed},
    )
)
