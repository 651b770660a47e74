"""方案入库: how a plan document becomes a zone: read by the platform, checked by one person, confirmed by another."""

from datetime import date, datetime
from typing import Any

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import Forbidden
from ronghe.mechanisms.casework.declared import (
    DONE,
    REFUSED,
    Action,
    Outcome,
    Period,
    Procedure,
    Step,
    declare,
)
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.models import PlanDraft
from ronghe.policy.ruling import Clause, Ruling, gate
from ronghe.policy.ruling import Step as Finding
from ronghe.policy.services import drafts

KEY = "governance.plan_intake"
READ, CHECK, CONFIRM = "read", "check", "confirm"
#: 各试点地区要制定实施方案并按方案推进: why a plan is taken in and by whom.
CITE = Clause("qingdao-2020", "九(一)")


def draft_of(case: Case) -> PlanDraft:
    """The draft that a case is about."""
    return PlanDraft.objects.get(pk=int(case.subject_id))


def address_of(case: Case) -> str:
    """The workspace of a case."""
    return f"/office/plans/{case.subject_id}/"


def is_ready(case: Case, day: date) -> Ruling[Any]:
    """关口: everything in the draft is settled, each check a step of its own."""
    found = drafts.all_checks(drafts.current_of(draft_of(case)))
    return gate([Finding((CITE,), one.text, one.ok) for one in found])


class ConfirmerCorrected(Forbidden):
    """Whoever corrected a plan does not confirm it, whoever submitted it."""

    code = "governance.confirmer_corrected"
    message = "这份方案的内容有您改动过的地方，须由没有参与校核的另一人确认。"


def refuse_corrector(draft: PlanDraft, actor: Actor) -> None:
    """Two people: what is confirmed was put right by others. Raises: ConfirmerCorrected."""
    if actor.user_id is not None and draft.changes.filter(user=actor.user_id).exists():
        raise ConfirmerCorrected()


def _found_zone(*, case: Case, actor: Actor, at: datetime) -> None:
    """The end of the procedure: the zone stands, with its tasks, and its ledger follows."""
    from ..services.keeping import keep_ledger  # the commands of plans name this procedure

    refuse_corrector(draft_of(case), actor)
    made = drafts.confirm_draft(draft_id=int(case.subject_id), actor=actor, at=at)
    keep_ledger(zone=made, actor=actor, at=at)


def _given_up(*, case: Case, actor: Actor, at: datetime) -> None:
    draft = draft_of(case)
    if draft.state in (PlanDraft.State.CHECKING, PlanDraft.State.READING):
        drafts.abandon_draft(draft_id=draft.pk, actor=actor, at=at)


PLAN_INTAKE = declare(
    Procedure(
        key=KEY,
        title="方案入库",
        summary="上传实施方案，平台在后台读出条款、任务、单位和时限；一人对照原文校核，另一人确认后，试验区和任务台账即告建立。",
        prefix="方案入库",
        cite=(CITE,),
        opens=frozenset({Role.ZONE_OFFICE}),
        opens_at="/office/plans/new",
        page=address_of,
        steps=(
            Step(
                READ,
                "阅读",
                "平台正在阅读方案",
                frozenset({Role.ZONE_OFFICE}),
                (
                    Action("read", "读完", CHECK, by_hand=False),
                    Action("unreadable", "读不了", REFUSED, Outcome.REFUSE, by_hand=False),
                ),
            ),
            Step(
                CHECK,
                "校核",
                "对照原文核对任务，对应单位和区域",
                frozenset({Role.ZONE_OFFICE}),
                (
                    Action("submit", "提交确认", CONFIRM, gate=is_ready),
                    Action("give_up", "放弃这份方案", REFUSED, Outcome.REFUSE),
                ),
                period=Period(10),
            ),
            Step(
                CONFIRM,
                "确认",
                "复核后确认，试验区随即建立",
                frozenset({Role.ZONE_OFFICE, Role.LEADER}),
                (
                    Action("confirm", "确认入库", DONE, gate=is_ready, warning="确认后试验区和任务台账立即建立。"),
                    Action("return", "退回校核", CHECK, Outcome.RETURN),
                ),
                period=Period(5),
                apart_from=(CHECK,),
            ),
        ),
        on_end={DONE: _found_zone, REFUSED: _given_up, "withdrawn": _given_up},
    )
)
