"""批量首次登记: from a survey to certificates: surveyed, reviewed, told to the public, entered by another person."""

from datetime import datetime
from typing import Any

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.mechanisms.casework.declared import (
    DAYS,
    DONE,
    REFUSED,
    WITHDRAWN,
    WORKING,
    Action,
    Outcome,
    Period,
    Procedure,
    PublicNotice,
    Step,
    declare,
)
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.ruling import Clause, Ruling, gate
from ronghe.policy.ruling import Step as Finding

from ..models import SurveyBatch
from ..rules.kinds import UnitKind
from ..services.survey_entry import ENTERED
from ..services.surveys import PROCEDURE, enter_survey, locked_batch
from ..surveying.notice import notice_text

ASK, CHECK, TELL, TELL_PLOTS, TELL_AGAIN, ENTER, WRITE = (
    "survey", "review", "notice", "plot_notice", "plot_notice_again", "entry", "writing",
)  # fmt: skip
REGULATION = "registration-regulation-2019"
MATERIALS_ART, TERM_ART = Clause(REGULATION, "第十六条"), Clause(REGULATION, "第二十条")
PARCELS_ART = Clause(REGULATION, "第八条")
OFFICE = frozenset({Role.DEPARTMENT})


def notice_period(kind: UnitKind) -> Period:
    """How long a survey is told to the public before entry: ``registration.public_notice.min_workdays``, and for
    contracted land ``registration.survey_notice.days``, as often as ``registration.survey_notice.rounds`` says (twice)."""
    return Period(7, DAYS) if kind is UnitKind.CONTRACTED else Period(15, WORKING)


def batch_of(case: Case) -> SurveyBatch:
    """The batch that a case is about."""
    return SurveyBatch.objects.select_related("division", "job").get(pk=int(case.subject_id))


def address_of(case: Case) -> str:
    """The workspace of a case."""
    return f"/registry/surveys/{case.subject_id}/"


def is_ready(case: Case) -> Ruling[Any]:
    """关口: the whole file was checked, nothing is wrong in it, and a person has judged what rules could not."""
    batch = batch_of(case)
    S = SurveyBatch.State
    ok = batch.state in (S.READY, S.IN_CASE)
    told = "调查成果已核对，没有错误" if ok else f"调查成果{batch.get_state_display()}，改正或判定后才能继续"
    return gate([Finding((MATERIALS_ART,), told, ok)])


def _is_plots(case: Case) -> bool:
    return batch_of(case).kind == UnitKind.CONTRACTED


def _is_not_plots(case: Case) -> bool:
    return not _is_plots(case)


def _set(case: Case, state: SurveyBatch.State) -> None:
    batch = locked_batch(int(case.subject_id))
    if not batch.is_over and batch.state != state:
        batch.state = state
        batch.save(update_fields=["state"])


def _taken_up(*, case: Case, actor: Actor, at: datetime) -> None:
    _set(case, SurveyBatch.State.IN_CASE)


def _given_back(*, case: Case, actor: Actor, at: datetime) -> None:
    """Files may be given again; what was ready stays so until then."""
    if case.moves:
        _set(case, SurveyBatch.State.READY)


def _write(*, case: Case, actor: Actor, at: datetime) -> None:
    enter_survey(locked_batch(int(case.subject_id)), actor=actor, at=at)


def _ended(*, case: Case, actor: Actor, at: datetime) -> None:
    _set(case, SurveyBatch.State.CLOSED)


def _told(case: Case) -> str:
    return notice_text(batch_of(case))


def _notice(key: str, title: str, kind: UnitKind, to: str) -> Step:
    return Step(
        key,
        title,
        "公告期满无异议的，进入登簿",
        OFFICE,
        (
            Action("told", "公告期满", to, by_hand=False),
            Action("return", "退回调查", ASK, Outcome.RETURN),
            Action("refuse", "不予登记", REFUSED, Outcome.REFUSE),
        ),
        notice=PublicNotice(notice_period(kind), _told, then="told", cite=PARCELS_ART),
    )


_RETURN = Action("return", "退回调查", ASK, Outcome.RETURN)
SURVEY = declare(
    Procedure(
        key=PROCEDURE,
        title="批量首次登记",
        summary="一个村或几个村的权籍调查成果整批核对、审核、公告后登簿发证；整批写入，有一宗不能登记就全部不写。",
        prefix="批登",
        cite=(MATERIALS_ART, TERM_ART),
        opens=frozenset({Role.TOWN_WINDOW, Role.DEPARTMENT}),
        opens_at="/registry/surveys/new",
        page=address_of,
        steps=(
            Step(
                ASK,
                "调查",
                "核对、改正调查成果后提交审核",
                frozenset({Role.TOWN_WINDOW, Role.DEPARTMENT}),
                (Action("submit", "提交审核", CHECK, gate=is_ready),),
                period=Period(30, WORKING, TERM_ART),
            ),
            Step(
                CHECK,
                "审核",
                "审核权属来源、界址和面积，以及人工判定的理由",
                OFFICE,
                (
                    Action("approve", "审核通过，公告", TELL, gate=is_ready, only_if=_is_not_plots),
                    Action("approve_plots", "审核通过，公示", TELL_PLOTS, gate=is_ready, only_if=_is_plots),
                    _RETURN,
                    Action("refuse", "不予登记", REFUSED, Outcome.REFUSE),
                ),
                period=Period(10),
                apart_from=(ASK,),
            ),
            _notice(TELL, "公告", UnitKind.HOMESTEAD, ENTER),
            _notice(TELL_PLOTS, "第一次公示", UnitKind.CONTRACTED, TELL_AGAIN),
            _notice(TELL_AGAIN, "第二次公示", UnitKind.CONTRACTED, ENTER),
            Step(
                ENTER,
                "登簿",
                "复核后登簿，平台随即编码、写入登记簿、编发证书",
                OFFICE,
                (
                    Action("enter", "登簿", WRITE, gate=is_ready, warning="登簿后只能以更正、变更、注销登记改变。"),
                    _RETURN,
                ),
                period=Period(5),
                apart_from=(ASK, CHECK),
            ),
            Step(
                WRITE,
                "写入登记簿",
                "平台正在后台写入；没有写成的，可以重新登簿或退回调查",
                OFFICE,
                (
                    Action(ENTERED, "写入完成", DONE, by_hand=False),
                    Action("again", "重新登簿", WRITE),
                    _RETURN,
                ),
                apart_from=(ASK, CHECK),
            ),
        ),
        on_enter={ASK: _given_back, CHECK: _taken_up, WRITE: _write},
        on_end={REFUSED: _ended, WITHDRAWN: _ended},
    )
)
