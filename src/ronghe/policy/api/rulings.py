"""The API of rules: what there is, what a rule needs, and what it says."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.api_types import Day, Slug

from .. import queries
from ..permissions import PLAN_VIEW
from ..rulebook import Basis, all_rules, rule_named

router = Router(tags=["规则"])

Code = Annotated[str, Field(pattern=r"^[a-z0-9_.]+$", max_length=60)]


class RuleRef(Schema):
    """规则: 代码和名称."""

    code: str
    title: str
    room: str = Field(description="业务领域")
    matter: str = Field(description="对比事项, 例如 D3; 没有时为空")
    covers: list[str] = Field(description="规则编号")


class FactOut(Schema):
    """规则需要的事实."""

    name: str
    type: str
    unit: str
    required: bool
    meaning: str
    choices: list[str]


class ParameterValueOut(Schema):
    """参数的一个值: 某地自某日起."""

    id: str
    title: str
    zone: str | None = Field(description="试验区标识, national 为全国")
    from_: date | None = Field(None, alias="from")
    value: Any = None
    unit: str
    status: str = Field(description="set 已定, unset 待地方确定, assumed 参考值, absent 没有规定")
    cite: str | None
    source: str
    author: str
    in_use: bool = Field(True, description="参考值和只提出而未启用的值为 false: 规则不使用")


class RuleOut(RuleRef):
    """一条规则: 需要的事实和参数."""

    facts: list[FactOut]
    parameters: list[ParameterValueOut]


class StepOut(Schema):
    """推导的一步."""

    finding: str
    ok: bool | None
    cite: str | None
    missing: list[str]


class UsedParameterOut(ParameterValueOut):
    """推导用到的参数."""

    kind: str
    written: list[str]
    idle: list[str] = Field(description="提出而未启用的值")
    cite: list[str]  # type: ignore[assignment]


class AnswerOut(Schema):
    """规则的答复: 结论或结果, 缺少什么, 每一步的依据."""

    code: str
    zone: str
    date: date
    verdict: str | None = Field(description="passed 通过, failed 未通过, undecidable 无法判定; 只作计算时为空")
    value: Any = None
    missing: list[str]
    steps: list[StepOut]
    parameters: list[UsedParameterOut]


class Question(Schema):
    """向规则提问: 哪个试验区、哪一天、什么事实."""

    zone: Slug
    on: Day = Field(alias="date")
    facts: dict[str, Any] = Field(default_factory=dict, max_length=100)
    dates: dict[Basis, Day] = Field(default_factory=dict, description="其他依据日, 例如 vote 表决日")


@router.get("/rules", response=list[RuleRef], summary="全部规则")
@allows(PLAN_VIEW)
def list_rules(request: HttpRequest) -> object:
    return list(all_rules().values())


@router.get("/rules/{code}", response=RuleOut, by_alias=True, summary="一条规则需要什么")
@allows(PLAN_VIEW)
def get_rule(request: HttpRequest, code: Code) -> object:
    return queries.rule_description(rule_named(code), actor=actor_of(request))


@router.post("/rules/{code}/run", response=AnswerOut, by_alias=True, summary="问一条规则（不保存）")
@allows(PLAN_VIEW)
def run_rule(request: HttpRequest, code: Code, question: Question) -> object:
    zone = queries.zone(question.zone, actor=actor_of(request))
    return queries.answer(code, zone, on=question.on, facts=question.facts, dates=question.dates).as_json()
