"""批量首次登记: from a survey to certificates: surveyed, reviewed, told to the public, entered by another person."""

from collections.abc import Callable
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
    PeriodOf,
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
from ..surveying.fields import CONTRACT_KINDS
from ..surveying.notice import ENTRY_FOLLOWS, NOTICE_FOLLOWS, notice_text
from .periods import (
    ASK,
    SUBMIT,
    notice_period,
    notice_words,
    survey_notice_period,
    survey_notice_words,
    survey_rounds,
    survey_term,
)

CHECK, TELL, TELL_PLOTS, TELL_AGAIN, ENTER, WRITE = (
    "review", "notice", "plot_notice", "plot_notice_again", "entry", "writing",
)  # fmt: skip
REGULATION = "registration-regulation-2019"
MATERIALS_ART, TERM_ART = Clause(REGULATION, "第十六条"), Clause(REGULATION, "第二十条")
OFFICE = frozenset({Role.DEPARTMENT})


def batch_of(case: Case) -> SurveyBatch:
    """The batch that a case is about."""
    return SurveyBatch.objects.select_related("division", "job").get(pk=int(case.subject_id))


def address_of(case: Case) -> str:
    """The workspace of a case."""
    return f"/registry/surveys/{case.subject_id}/"


def is_ready(case: Case, day: date) -> Ruling[Any]:
    """关口: the whole file was checked, nothing is wrong in it, and a person has judged what rules could not."""
    batch = batch_of(case)
    S = SurveyBatch.State
    ok = batch.state in (S.READY, S.IN_CASE)
    told = "调查成果已核对，没有错误" if ok else f"调查成果{batch.get_state_display()}，改正或判定后才能继续"
    return gate([Finding((MATERIALS_ART,), told, ok)])


def _rounds(case: Case) -> int:
    """调查结果公示: how often what was surveyed is told in the village before the notice; of contracted land alone."""
    return survey_rounds(case) if UnitKind(batch_of(case).kind) in CONTRACT_KINDS else 0


def _told_at_once(case: Case) -> bool:
    return _rounds(case) <= 0


def _told_once_before(case: Case) -> bool:
    return _rounds(case) == 1


def _told_twice_before(case: Case) -> bool:
    return _rounds(case) > 1


def may_be_told(case: Case, day: date) -> Ruling[Any]:
    """关口: as :func:`is_ready`, and what was surveyed is told as often as the place asks for: no more than twice here."""
    rounds = _rounds(case)
    told = f"调查结果公示 {rounds} 次" if rounds <= _MOST_ROUNDS else _TOO_OFTEN.format(rounds=rounds)
    return gate([*is_ready(case, day).steps, Finding((), told, rounds <= _MOST_ROUNDS)])


_MOST_ROUNDS = 2
_TOO_OFTEN = "当地规定调查结果公示 {rounds} 次，这里至多公示两次；请试验区专班核对“承包地调查结果公示的次数”"


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


def _notice_told(case: Case) -> str:
    return f"{notice_text(batch_of(case), then=ENTRY_FOLLOWS)}\n{notice_words(case)}。"


def _survey_told(case: Case) -> str:
    return f"{notice_text(batch_of(case), then=NOTICE_FOLLOWS)}\n{survey_notice_words(case)}。"


def _notice(key: str, title: str, period: PeriodOf, text: Callable[[Case], str], to: str) -> Step:
    return Step(
        key,
        title,
        f"{title}期满无异议的，进入下一环节",
        OFFICE,
        (
            Action("told", f"{title}期满", to, by_hand=False),
            Action("return", "退回调查", ASK, Outcome.RETURN),
            Action("refuse", "不予登记", REFUSED, Outcome.REFUSE),
        ),
        notice=PublicNotice(period, text, then="told"),
    )


_RETURN = Action("return", "退回调查", ASK, Outcome.RETURN)
_PAPERS_KINDS = SCANS | {FileKind.DOCX, FileKind.ZIP}
#: What belongs to the survey as a whole; what shows one parcel is its evidence. Whoever hands in, and whoever reviews, may
#: still attach them: a batch is submitted at once when it is ready.
_OF_SURVEY = (
    MaterialKind("report", "权籍调查技术报告", required=False, kinds=_PAPERS_KINDS),
    MaterialKind(
        "inspection", "检查验收报告", required=False, kinds=_PAPERS_KINDS, hint="作业单位自查、主管部门验收的报告"
    ),
    MaterialKind(
        "pointing", "指界通知书和签章的调查表", required=False, kinds=_PAPERS_KINDS,
        hint="整批扫描的；分宗的作为各宗的佐证上传",
    ),
)  # fmt: skip
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
                (Action(SUBMIT, "提交审核", CHECK, gate=is_ready),),
                materials=_OF_SURVEY,
            ),
            Step(
                CHECK,
                "审核",
                "审核权属来源、界址和面积，以及人工判定的理由",
                OFFICE,
                (
                    Action("approve", "审核通过，公告", TELL, gate=is_ready, only_if=_told_at_once),
                    Action("approve_plots", "审核通过，公示", TELL_PLOTS, gate=may_be_told, only_if=_told_twice_before),
                    Action(
                        "approve_plots_once",
                        "审核通过，公示一次",
                        TELL_AGAIN,
                        gate=may_be_told,
                        only_if=_told_once_before,
                    ),
                    _RETURN,
                    Action("refuse", "不予登记", REFUSED, Outcome.REFUSE),
                ),
                period=survey_term,
                materials=_OF_SURVEY,
                apart_from=(ASK,),
            ),
            _notice(TELL_PLOTS, "第一次公示", survey_notice_period, _survey_told, TELL_AGAIN),
            _notice(TELL_AGAIN, "最后一次公示", survey_notice_period, _survey_told, TELL),
            _notice(TELL, "公告", notice_period, _notice_told, ENTER),
            Step(
                ENTER,
                "登簿",
                "复核后登簿，平台随即编码、写入登记簿、编发证书",
                OFFICE,
                (
                    Action("enter", "登簿", WRITE, gate=is_ready, warning="登簿后只能以更正、变更、注销登记改变。"),
                    _RETURN,
                ),
                period=survey_term,
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
