"""集体成员身份确认 and 丧失: applied for, held against the rule, decided by the members, told to the village, entered.

No law says how long the village is told; the platform takes seven days, a charter may ask for more.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.mechanisms.casework.declared import (
    DAYS,
    DONE,
    REFUSED,
    Action,
    ByApplicant,
    MaterialKind,
    Outcome,
    Period,
    Procedure,
    PublicNotice,
    Step,
    declare,
)
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.ruling import Ruling, gate
from ronghe.policy.ruling import Step as Finding

from ..models import CollectiveMember, MembershipCase
from ..queries.filings import keeps_membership
from ..queries.rolls import facts_of, ruling_of
from ..rules.hindrances import KEPT_ARTS
from ..rules.membership import CONFIRMED, LOST, NOT_LOST, losses
from ..services.membership import APPLY, CONFIRM_KEY, LOSE_KEY, SAYS
from ..services.rolls import enrol_member, strike_member
from .own import OWN, own_step, return_to_applicant

ASSEMBLY, NOTICE, ENTER = "assembly", "notice", "enter"
TOLD_FOR = Period(7, DAYS)
CLERKS = frozenset({Role.TOWN_WINDOW, Role.DEPARTMENT})
Exit = CollectiveMember.Exit
#: By which fact membership ceases, for each cause of its loss.
CEASES_BY = {Exit.DEATH: "is_dead", **SAYS}
_BY_ASSEMBLY = "assembly_agrees"


def stated_in(case: Case) -> MembershipCase:
    """What is stated in a case, for its gates and its end."""
    return MembershipCase.objects.select_related("case__zone", "person", "collective__division").get(pk=case.pk)


def may_be_asked(case: Case, day: date) -> Ruling[Any]:
    """关口: the rule says yes, or leaves it to the members' assembly; a missing fact is asked for first."""
    found = ruling_of(stated_in(case))
    if found.missing != (_BY_ASSEMBLY,):
        return found
    steps = [replace(s, finding=f"{s.finding}，转集体审议", missing=()) if s.missing else s for s in _plain(found)]
    return gate(steps)


def is_member(case: Case, day: date) -> Ruling[Any]:
    """关口: with the assembly's consent the rule says yes."""
    return ruling_of(stated_in(case), assembly_agrees=True)


def may_be_refused(case: Case, day: date) -> Ruling[Any]:
    """关口: whom the law makes a member, the assembly cannot refuse (农村集体经济组织法 第十二条)."""
    found = ruling_of(stated_in(case), assembly_agrees=False)
    if found.value is True:
        return gate([Finding((CONFIRMED,), "符合法定条件、应当确认的，成员大会不能不予确认；事实有误的请退回", False)])
    return gate([Finding(s.cite, s.finding, True) for s in _plain(found) if s.ok is False or s.missing])


def has_ceased(case: Case, day: date) -> Ruling[Any]:
    """关口: the person is a member no more by the very cause that the case is about, and no filing keeps the membership."""
    stated = stated_in(case)
    step = losses(facts_of(stated))[CEASES_BY[Exit(stated.exit)]]
    if step is not None and step.missing:
        return gate([Finding(step.cite, step.finding, None, step.missing)])
    if step is not None and step.ok is False:
        return gate([Finding(step.cite, step.finding, True), _kept(stated, day)])
    found = ruling_of(stated, assembly_agrees=True)
    kept = [Finding(s.cite, s.finding) for s in _plain(found) if NOT_LOST in s.cite]
    words = (
        f"没有法定的丧失成员身份的情形：事实不是“{stated.get_exit_display()}”；原因写错的，不予通过后按实际原因重新提出"
    )
    return gate([Finding((LOST,), words, False), *kept])


def _kept(stated: MembershipCase, day: date) -> Finding | None:
    """转移备案: what a household that moved has filed ends by a death, else by the member's own written application alone."""
    if stated.exit == Exit.DEATH or not keeps_membership(stated.person_id, stated.collective_id):
        return None
    if stated.has_left:
        return Finding(KEPT_ARTS, "转移备案保留的成员身份，本人已书面申请退出", True)
    return Finding(
        KEPT_ARTS,
        "成员身份列入转移备案，备案有效期间非本人申请不得取消：请由本人书面申请退出，或先依法终止备案",
        False,
    )


def _plain(of: Ruling[Any]) -> list[Finding]:
    """Steps that may be written anew."""
    return [Finding(s.cite, s.finding, s.ok, s.missing) for s in of.steps]


def _notice(case: Case) -> str:
    found = stated_in(case)
    if found.matter == MembershipCase.Matter.CONFIRM:
        return (
            f"{found.collective.name}拟确认{found.person.name}自{found.on}起为本集体经济组织成员"
            f"（{found.came_by}）。有异议的，请在公示期内提出。"
        )
    return (
        f"{found.person.name}自{found.on}起丧失{found.collective.name}成员身份（{found.get_exit_display()}）。"
        "有异议的，请在公示期内提出。"
    )


def _entered(*, case: Case, actor: Actor, at: datetime) -> None:
    found = stated_in(case)
    way = next(key for key, title in CollectiveMember.Entry.choices if title == found.came_by)
    enrol_member(
        collective_id=found.collective_id, person_id=found.person_id, begun_by=CollectiveMember.Entry(way), on=found.on,
        case_id=case.pk, actor=actor, at=at,
    )  # fmt: skip


def _struck(*, case: Case, actor: Actor, at: datetime) -> None:
    found = stated_in(case)
    strike_member(
        collective_id=found.collective_id, person_id=found.person_id, ended_by=CollectiveMember.Exit(found.exit),
        on=found.on, case_id=case.pk, actor=actor, at=at,
    )  # fmt: skip


def _is_death(case: Case) -> bool:
    return stated_in(case).exit == CollectiveMember.Exit.DEATH


def _is_no_death(case: Case) -> bool:
    return not _is_death(case)


def page_of(case: Case) -> str:
    """Where a case of membership is held against the rule."""
    return reverse("registry:membership_case", args=[case.pk])


def _told(gate_of_entry: Any) -> tuple[Step, Step]:
    """The last two steps of both: the village is told, the bureau enters."""
    return (
        Step(
            NOTICE,
            "公示",
            "公示期内无异议的，转确认",
            CLERKS,
            (
                Action("told", "公示期满", ENTER, by_hand=False),
                Action("return", "退回申请核对", APPLY, Outcome.RETURN),
                Action("refuse", "异议成立，不予通过", REFUSED, Outcome.REFUSE),
            ),
            notice=PublicNotice(TOLD_FOR, _notice, then="told", cite=CONFIRMED),
        ),
        Step(
            ENTER,
            "确认",
            "复核后记入成员名册，名册随即报镇、县备案",
            frozenset({Role.DEPARTMENT}),
            (
                Action("confirm", "确认并记入名册", DONE, gate=gate_of_entry, warning="记入后名册随即改变。"),
                Action("return", "退回申请核对", APPLY, Outcome.RETURN),
            ),
            period=Period(5),
            apart_from=(APPLY,),
        ),
    )


_APPLICATION = MaterialKind("application", "书面申请", hint="手写也可以，本人签名或按手印")
_IDENTITY = MaterialKind("identity", "身份和户籍材料", hint="户口簿、结婚证、收养登记证、迁移证明等")
_PAPERS = (_APPLICATION, _IDENTITY)

MEMBERSHIP = declare(
    Procedure(
        key=CONFIRM_KEY,
        title="集体成员身份确认",
        summary="本人申请，窗口按规则逐条核对，成员大会审议，村内公示七日，无异议的由农业农村部门确认并记入成员名册。",
        prefix="成员确认",
        cite=(CONFIRMED,),
        opens=CLERKS | {Role.SELF},
        opens_at="/registry/members/",
        by_applicant=ByApplicant(OWN, "/registry/mine/membership"),
        page=page_of,
        steps=(
            own_step(APPLY, _PAPERS),
            Step(
                APPLY,
                "申请核对",
                "补齐事实，按规则核对",
                CLERKS,
                (
                    Action("check", "核对通过，提交集体审议", ASSEMBLY, gate=may_be_asked),
                    return_to_applicant(),
                    Action("refuse", "不符合条件，不予受理", REFUSED, Outcome.REFUSE),
                ),
                period=Period(10),
                materials=_PAPERS,
            ),
            Step(
                ASSEMBLY,
                "集体审议",
                "登记成员大会的决定，写明应到、实到和同意人数",
                CLERKS,
                (
                    Action("agree", "成员大会同意", NOTICE, gate=is_member, needs_reason=True),
                    Action("disagree", "成员大会不予确认", REFUSED, Outcome.REFUSE, gate=may_be_refused),
                    Action("return", "退回申请核对", APPLY, Outcome.RETURN),
                ),
                materials=(MaterialKind("resolution", "成员大会决议"),),
            ),
            *_told(is_member),
        ),
        on_end={DONE: _entered},
    )
)

MEMBERSHIP_LOSS = declare(
    Procedure(
        key=LOSE_KEY,
        title="集体成员身份丧失",
        summary="死亡、丧失国籍、取得其他集体成员身份、成为公务员（聘任制除外）和自愿退出的，核对后公示，记入名册；死亡的不公示。",
        prefix="成员丧失",
        cite=(LOST,),
        opens=CLERKS,
        opens_at="/registry/members/",
        page=page_of,
        steps=(
            Step(
                APPLY,
                "申请核对",
                "按规则核对丧失的情形",
                CLERKS,
                (
                    Action("check", "核对属实，公示", NOTICE, gate=has_ceased, only_if=_is_no_death),
                    Action("check_death", "死亡属实，转确认", ENTER, gate=has_ceased, only_if=_is_death),
                    Action("refuse", "不属于丧失情形", REFUSED, Outcome.REFUSE),
                ),
                period=Period(10),
                materials=(MaterialKind("proof", "证明材料", hint="死亡证明、录用文件、退出申请和集体同意的决定等"),),
            ),
            *_told(has_ceased),
        ),
        on_end={DONE: _struck},
    )
)
