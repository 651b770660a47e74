"""The API of parameters: their values and history, zones side by side, and a zone's own values."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.api_types import CONFLICT, WITHOUT_NUL, Day, Number, ParameterId, Slug

from .. import queries, services
from ..permissions import PLAN_VIEW, VALUE_ENTER
from .rulings import ParameterValueOut

router = Router(tags=["参数"])

Text = Annotated[str, Field(min_length=1, max_length=200, pattern=WITHOUT_NUL)]


class StoredValueOut(ParameterValueOut):
    """参数历史里的一个值."""

    value_id: int = Field(description="编号, 撤下时使用")
    written: list[str] = Field(description="值的书面写法; 未定时为空")
    origin: str = Field(description="local 本地录入, pack 数据包")
    rules: list[str] = Field(description="规则编号")
    recorded_at: datetime
    withdrawn_at: datetime | None = Field(description="撤下时间; 没有撤下时为空")


class ParameterOut(Schema):
    """一个参数和它在各地的历史."""

    id: str
    title: str
    kind: str = Field(description="ratio, number, integer, boolean, date, text, set, list, table")
    unit: str
    basis: str = Field(description="取值按哪个依据日")
    room: str = Field(description="业务领域")
    matter: str = Field(description="对比事项; 没有时为空")
    choices: list[str] = Field(description="可选项; 不限时为空")
    meaning: str
    values: list[StoredValueOut]


class ComparedZoneOut(Schema):
    """对比的一个试验区."""

    slug: str
    short: str
    title: str


class ComparedParameterOut(Schema):
    """对比的一个参数."""

    id: str
    title: str
    rules: list[str] = Field(description="规则编号")
    differs: bool = Field(description="规定它的地方说法不同")
    partial: bool = Field(description="有的地方没有规定")
    values: dict[str, ParameterValueOut] = Field(description="各试验区的值, 以试验区标识为键")


class ComparedMatterOut(Schema):
    """对比的一个事项."""

    key: str
    title: str
    rules: list[str] = Field(description="规则编号")
    differs: bool
    parameters: list[ComparedParameterOut]


class ComparisonOut(Schema):
    """各试验区并排."""

    date: date
    zones: list[ComparedZoneOut]
    matters: list[ComparedMatterOut]


class ComparisonQuery(Schema):
    """对比什么, 均可不填; 事项和试验区可写多次."""

    matter: list[Slug] = Field(default_factory=list, max_length=50, description="对比事项, 例如 D4")
    zone: list[Slug] = Field(default_factory=list, max_length=50, description="试验区标识")
    on: Day | None = Field(None, description="哪一天; 不填为今天")


class NewValue(Schema):
    """试验区定下的本地值."""

    starts: Day = Field(alias="from")
    written: list[Text] = Field(
        min_length=1,
        max_length=100,
        description="值的书面写法: 单个值写一项, 集合和顺序每项一个, 对照表每项写 名称=数值",
    )
    source: Text = Field(description="定值的文件名、文号或会议")


@router.get("/zones/{slug:slug}/parameters", response=list[ParameterValueOut], by_alias=True, summary="某日的参数")
@allows(PLAN_VIEW)
def list_parameters(request: HttpRequest, slug: Slug, on: Day | None = None) -> object:
    zone = queries.zone(slug, actor=actor_of(request))
    values = queries.values_in_force(zone, on=on or clock.legal_day(clock.now()))
    return [queries.stated_value(value) for value in values.values()]


@router.get("/parameters/{parameter_id}", response=ParameterOut, by_alias=True, summary="一个参数在各地的值和历史")
@allows(PLAN_VIEW)
def get_parameter(request: HttpRequest, parameter_id: ParameterId) -> object:
    return queries.parameter_description(queries.parameter(parameter_id), actor=actor_of(request))


@router.get("/compare", response=ComparisonOut, by_alias=True, summary="地区对比")
@allows(PLAN_VIEW)
def compare_zones(request: HttpRequest, wanted: Query[ComparisonQuery]) -> object:
    on = wanted.on or clock.legal_day(clock.now())
    return queries.compared(actor=actor_of(request), on=on, zones=wanted.zone, matters=wanted.matter).as_json()


@router.get(
    "/zones/{slug:slug}/parameters/{parameter_id}/values",
    response=list[StoredValueOut],
    by_alias=True,
    summary="试验区自己规定过的值, 新的在前, 包括已撤下的",
)
@allows(PLAN_VIEW)
def list_values(request: HttpRequest, slug: Slug, parameter_id: ParameterId) -> object:
    actor = actor_of(request)
    zone, parameter = queries.zone(slug, actor=actor), queries.parameter(parameter_id)
    rows = queries.values_of(actor=actor, parameter=parameter.pk, zone=zone.slug, withdrawn=True)
    return [queries.stored_value(row) for row in rows]


@router.post(
    "/zones/{slug:slug}/parameters/{parameter_id}/values",
    response={201: StoredValueOut},
    by_alias=True,
    summary="录入本地值",
    openapi_extra=CONFLICT,
)
@allows(VALUE_ENTER)
def enter_value(request: HttpRequest, slug: Slug, parameter_id: ParameterId, given: NewValue) -> object:
    actor = actor_of(request)
    zone = queries.zone(slug, actor=actor)
    require(actor, VALUE_ENTER, division=zone.seat_id)
    made = services.enter_local_value(
        parameter_id=parameter_id,
        zone=zone,
        starts=given.starts,
        written=given.written,
        source=given.source,
        actor=actor,
        at=clock.now(),
    )
    return Status(201, queries.stored_value(made))


@router.post(
    "/zones/{slug:slug}/parameters/{parameter_id}/values/{int:value_id}/take-back",
    response=StoredValueOut,
    by_alias=True,
    summary="撤下本地值; 它仍保留在历史里",
)
@allows(VALUE_ENTER)
def take_back_value(request: HttpRequest, slug: Slug, parameter_id: ParameterId, value_id: Number) -> object:
    actor = actor_of(request)
    zone = queries.zone(slug, actor=actor)
    require(actor, VALUE_ENTER, division=zone.seat_id)
    queries.local_value(value_id, actor=actor, zone=zone.slug, parameter=parameter_id)
    return queries.stored_value(services.take_back_local_value(value_id=value_id, actor=actor, at=clock.now()))
