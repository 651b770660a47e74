"""办结销号 and 延期: how a task is closed and how its deadline is moved, on ``casework``."""

from datetime import date, datetime
from typing import Any

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.files.kinds import FileKind
from ronghe.mechanisms.casework.declared import (
    DONE,
    REFUSED,
    SCANS,
    WITHDRAWN,
    Action,
    MaterialKind,
    Outcome,
    Period,
    Procedure,
    Step,
    declare,
)
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.ruling import Clause, Ruling, gate
from ronghe.policy.ruling import Step as Finding

from ..models import Task
from ..queries.cases import EXTENSION_KEY, SIGN_OFF_KEY
from ..rules.ledger import State
from ..services import moving

APPLY, REVIEW, VERIFY, CLOSE, DECIDE = "apply", "review", "verify", "close", "decide"
#: 督导评估: the plans order that tasks be watched, judged and followed up.
CITE = (Clause("qingdao-2020", "九(四)"), Clause("jinan-2021", "九(三)"), Clause("zibo-2020", "四(四)"))
UNITS = frozenset({Role.DEPARTMENT, Role.TOWN_WINDOW, Role.ZONE_OFFICE})
EVIDENCE = SCANS | {FileKind.DOCX, FileKind.XLSX, FileKind.ZIP}


def task_of(case: Case) -> Task:
    """The task that a case is about."""
    return Task.objects.get(pk=int(case.subject_id))


def is_done(case: Case, day: date) -> Ruling[Any]:
    """关口: every unit that answers for the task says so, every part is closed."""
    task = task_of(case)
    open_parts = moving.open_parts(task)
    return gate(
        [
            Finding(CITE[:1], f"任务进度 {task.percent}%", task.percent == 100),
            Finding(CITE[:1], f"未办结的子任务 {len(open_parts)} 项", not open_parts),
        ]
    )


def _needs_review(case: Case) -> bool:
    """Whether a lead unit stands between: it is another than the one that applies."""
    return case.facts.get("lead") not in (None, case.facts.get("unit"))


def _goes_straight(case: Case) -> bool:
    return not _needs_review(case)


def _lead(case: Case) -> int | None:
    found = case.facts.get("lead")
    return int(found) if found is not None else None


def _applicant(case: Case) -> int | None:
    found = case.facts.get("unit")
    return int(found) if found is not None else None


def _anybody(case: Case) -> None:
    return None


def _move(to: State, *, only_from: tuple[State, ...]) -> Any:
    def moved(*, case: Case, actor: Actor, at: datetime) -> None:
        task = moving.locked(task_of(case).pk)
        if State(task.state) in only_from:
            reason = case.decisions.order_by("-number").values_list("reason", flat=True).first() or ""
            moving.move(task, to, reason=reason, case=case, actor=actor, at=at)

    return moved


def _applied(*, case: Case, actor: Actor, at: datetime) -> None:
    """On the first way only: a case that was returned and comes again counts from its new application."""
    task = moving.locked(task_of(case).pk)
    if task.state != State.APPLIED:
        moving.apply_for_closing(task, case=case, actor=actor, at=at)


def _returned(*, case: Case, actor: Actor, at: datetime) -> None:
    """The first step is entered when the case is opened, too: then nothing was returned."""
    if case.moves:
        _move(State.RETURNED, only_from=(State.APPLIED, State.VERIFIED))(case=case, actor=actor, at=at)


SIGN_OFF = declare(
    Procedure(
        key=SIGN_OFF_KEY,
        title="任务办结销号",
        summary="责任单位附佐证申请办结，牵头单位审核，专班现场或书面核查，另一人批准后销号；任何一步都可以退回。",
        prefix="销号",
        cite=CITE,
        opens=UNITS,
        opens_at="/office/tasks/",
        steps=(
            Step(
                APPLY,
                "申请",
                "写明完成情况，附上佐证材料",
                UNITS,
                (
                    Action("submit", "报牵头单位审核", REVIEW, gate=is_done, only_if=_needs_review),
                    Action("submit_to_office", "报专班核查", VERIFY, gate=is_done, only_if=_goes_straight),
                ),
                materials=(
                    MaterialKind("evidence", "完成情况佐证", kinds=EVIDENCE, hint="印发的文件、验收单、照片等"),
                ),
                unit=_applicant,
            ),
            Step(
                REVIEW,
                "牵头单位审核",
                "核对完成情况和佐证",
                UNITS,
                (
                    Action("pass", "审核通过", VERIFY),
                    Action("return", "退回申请单位", APPLY, Outcome.RETURN),
                ),
                period=Period(5),
                unit=_lead,
            ),
            Step(
                VERIFY,
                "专班核查",
                "现场或书面核查，写明核查情况",
                frozenset({Role.ZONE_OFFICE}),
                (
                    Action("verify_on_site", "现场核查通过", CLOSE, needs_reason=True),
                    Action("verify_by_paper", "书面核查通过", CLOSE, needs_reason=True),
                    Action("return", "退回申请单位", APPLY, Outcome.RETURN),
                ),
                period=Period(10),
                apart_from=(APPLY,),
                unit=_anybody,
            ),
            Step(
                CLOSE,
                "批准销号",
                "复核后销号",
                frozenset({Role.ZONE_OFFICE, Role.LEADER}),
                (
                    Action("close", "批准销号", DONE, gate=is_done, warning="销号后任务不再变动。"),
                    Action("return", "退回申请单位", APPLY, Outcome.RETURN),
                ),
                period=Period(5),
                apart_from=(APPLY, VERIFY),
                unit=_anybody,
            ),
        ),
        on_enter={
            APPLY: _returned,
            REVIEW: _applied,
            VERIFY: _applied,
            CLOSE: _move(State.VERIFIED, only_from=(State.APPLIED,)),
        },
        on_end={
            DONE: _move(State.CLOSED, only_from=(State.VERIFIED,)),
            WITHDRAWN: _move(State.WORKING, only_from=(State.APPLIED, State.VERIFIED)),
        },
    )
)


def _extended(*, case: Case, actor: Actor, at: datetime) -> None:
    asked_on = date.fromisoformat(case.facts["asked_on"])
    after = date.fromisoformat(case.facts["after"])
    moving.extend(task_of(case).pk, case=case, after=after, asked_on=asked_on, actor=actor, at=at)


EXTENSION = declare(
    Procedure(
        key=EXTENSION_KEY,
        title="任务延期",
        summary="确有原因不能按期完成的，责任单位在期限届满前申请延期，专班或分管领导批准后按新期限计。",
        prefix="延期",
        cite=CITE,
        opens=UNITS,
        opens_at="/office/tasks/",
        steps=(
            Step(
                DECIDE,
                "审批",
                "审查延期理由和新期限",
                frozenset({Role.ZONE_OFFICE, Role.LEADER}),
                (
                    Action("grant", "同意延期", DONE),
                    Action("refuse", "不同意延期", REFUSED, Outcome.REFUSE),
                ),
                period=Period(5),
                unit=_anybody,
            ),
        ),
        on_end={DONE: _extended},
    )
)
