"""The API of trials: make one from a table, follow it, read its rows with their reasons."""

from typing import Annotated, Any, BinaryIO, cast

from django.http import HttpRequest
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.api_types import CONFLICT, WITHOUT_NUL, Cursor, Day, Number, Size, Slug
from ronghe.kernel.errors import NotFound
from ronghe.kernel.paging import page
from ronghe.policy import queries as policy
from ronghe.policy.api.rulings import Code, StepOut, UsedParameterOut
from ronghe.policy.rulebook import rule_named
from ronghe.policy.values import Kind

from . import queries, services
from .errors import ChangeUnknown, TrialNamesUnknown
from .evaluation import Change
from .forms import lines_of
from .models import Trial
from .permissions import TRIAL_RUN
from .table import read_table

router = Router(tags=["试算"])

Text = Annotated[str, Field(max_length=120, pattern=WITHOUT_NUL)]


class TableOut(Schema):
    """试算用的表格."""

    file: str
    file_sha256: str
    rows_sha256: str
    columns: list[str]
    demo: bool = Field(description="是否演示数据")


class OutcomesOut(Schema):
    """同样结论的行数."""

    a: str = Field(description="现行结论: passed, failed, undecidable, value")
    b: str | None = Field(description="试算结论; 只有一组参数时为空")
    change: str | None = Field(description="gained 转为通过或增加, lost 不再通过或减少, other 其他变化, same 不变")
    rows: int


class TrialOut(Schema):
    """一次试算."""

    id: int
    rule: str
    title: str
    zone: str
    date: str
    subject: str
    state: str = Field(description="draft, queued, running, done, cancelled, failed")
    rows: int
    done: int
    failure: str
    made_at: str
    table: TableOut
    parameters_a: list[UsedParameterOut]
    parameters_b: list[UsedParameterOut] | None
    changed: list[str]
    outcomes: list[OutcomesOut]
    figures: dict[str, Any]
    distribution: dict[str, Any] | None


class TrialPage(Schema):
    """一页试算."""

    items: list[TrialOut]
    next: str | None = Field(description="下一页的翻页标记")


class SideOut(Schema):
    """一组参数下的结论."""

    verdict: str
    value: str | None


class RowOut(Schema):
    """一行的结果."""

    line: int
    name: str
    a: SideOut
    b: SideOut | None
    change: str | None


class RowPage(Schema):
    """一页结果."""

    items: list[RowOut]
    next: str | None


class ReasonsOut(RowOut):
    """一行的结果和依据; 由存档的事实和参数重新推导."""

    facts: dict[str, str]
    steps_a: list[StepOut] | None = Field(description="规则已不在或改了写法时为空")
    steps_b: list[StepOut] | None
    unchanged: bool = Field(description="重新推导的结论是否与当时相同")


class NewTrial(Schema):
    """一次新的试算: 规则, 试验区, 依据日; 另一组参数写成 参数标识=值."""

    rule: Code
    zone: Slug
    on: Day = Field(alias="date")
    subject: Text = ""
    name_column: Text = ""
    keep_notes: bool = False
    changes: list[Annotated[str, Field(max_length=4000, pattern=WITHOUT_NUL)]] = Field(
        default_factory=list, alias="set", max_length=100
    )


class TrialQuery(Schema):
    """试算的筛选条件, 均可不填."""

    rule: str = Field("", max_length=60, pattern=WITHOUT_NUL)
    zone: str = Field("", max_length=40, pattern=WITHOUT_NUL)
    state: Trial.State | None = None


class RowQuery(Schema):
    """结果的筛选条件, 均可不填."""

    verdict_a: str = Field("", max_length=11, pattern=WITHOUT_NUL)
    verdict_b: str = Field("", max_length=11, pattern=WITHOUT_NUL)
    change: Change | None = None


@router.post("/trials", response={201: TrialOut}, by_alias=True, summary="上传表格并开始试算")
@allows(TRIAL_RUN)
def create_trial(request: HttpRequest, told: Form[NewTrial], file: File[UploadedFile]) -> object:
    actor, now = actor_of(request), clock.now()
    try:
        rule, zone = rule_named(told.rule), policy.zone(told.zone, actor=actor)
    except NotFound as error:
        raise TrialNamesUnknown(why=error.text) from error
    require(actor, TRIAL_RUN, division=zone.seat_id)
    changes = {}
    for text in told.changes:
        name, _, value = text.partition("=")
        if name not in rule.parameters:
            raise ChangeUnknown(rule=rule.title, parameter=name, known="、".join(rule.parameters) or "（没有参数）")
        changes[name] = lines_of(Kind(policy.parameter(name).kind), value)
    made = services.make_and_start_trial(
        rule=rule,
        zone=zone,
        on=told.on,
        table=read_table(
            cast(BinaryIO, file.file),
            name=file.name or "",
            rule=rule,
            name_column=told.name_column,
            keep_notes=told.keep_notes,
        ),
        changes=changes,
        subject=told.subject,
        actor=actor,
        at=now,
    )
    return Status(201, queries.as_json(made))


@router.get("/trials", response=TrialPage, by_alias=True, summary="试算")
@allows(TRIAL_RUN)
def list_trials(request: HttpRequest, wanted: Query[TrialQuery], cursor: Cursor = None, size: Size = 50) -> object:
    rows = queries.trials(actor=actor_of(request), rule=wanted.rule, zone=wanted.zone, state=wanted.state or "")
    found = page(rows, order=("-pk",), cursor=cursor, size=size)
    return {"items": [queries.as_json(one) for one in found.rows], "next": found.next}


@router.get("/trials/{int:trial_id}", response=TrialOut, by_alias=True, summary="一次试算")
@allows(TRIAL_RUN)
def get_trial(request: HttpRequest, trial_id: Number) -> object:
    return queries.as_json(queries.trial(trial_id, actor=actor_of(request)))


@router.post(
    "/trials/{int:trial_id}/cancel", response=TrialOut, by_alias=True, summary="取消试算", openapi_extra=CONFLICT
)
@allows(TRIAL_RUN)
def cancel_trial(request: HttpRequest, trial_id: Number) -> object:
    actor = actor_of(request)
    found = queries.trial(trial_id, actor=actor)
    require(actor, TRIAL_RUN, division=found.zone.seat_id)
    return queries.as_json(services.cancel_trial(trial_id=found.pk, actor=actor, at=clock.now()))


@router.get("/trials/{int:trial_id}/rows", response=RowPage, summary="试算的逐行结果")
@allows(TRIAL_RUN)
def list_rows(
    request: HttpRequest, trial_id: Number, wanted: Query[RowQuery], cursor: Cursor = None, size: Size = 50
) -> object:
    actor = actor_of(request)
    rows = queries.rows(
        queries.trial(trial_id, actor=actor),
        actor=actor,
        verdict_a=wanted.verdict_a,
        verdict_b=wanted.verdict_b,
        change=wanted.change or "",
    )
    found = page(rows, order=("line", "pk"), cursor=cursor, size=size)
    return {"items": [queries.row_as_json(one) for one in found.rows], "next": found.next}


@router.get("/trials/{int:trial_id}/rows/{int:line}", response=ReasonsOut, summary="一行的结果和依据")
@allows(TRIAL_RUN)
def get_row(request: HttpRequest, trial_id: Number, line: Number) -> object:
    actor = actor_of(request)
    told = queries.reasons(queries.trial(trial_id, actor=actor), line, actor=actor)
    steps = [
        None if ruling is None else [policy.plain_step(step) for step in ruling.steps]
        for ruling in (told.ruling_a, told.ruling_b)
    ]
    return {
        **queries.row_as_json(told.row),
        "facts": dict(told.facts),
        "steps_a": steps[0],
        "steps_b": steps[1],
        "unchanged": told.is_unchanged,
    }
