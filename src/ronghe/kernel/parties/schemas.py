"""What the API of parties takes and gives."""

from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import WithJsonSchema

from ronghe.kernel.api_types import WITHOUT_NUL, Day, Number

from . import services
from .models import Party, PartyIdentifier, PartyUnmasking

Text = Annotated[str, Field(max_length=200, pattern=WITHOUT_NUL)]
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=WITHOUT_NUL)]
NumberText = Annotated[str, Field(max_length=60, pattern=WITHOUT_NUL)]
Code = Annotated[str, Field(max_length=24, pattern=r"^[-a-z0-9]+$")]
Relation = Annotated[str, Field(pattern=r"^[0-9]{2}$", description="与户主关系, GB/T 4761-2008 两位代码")]
# Both are called Kind in the code: by that name one would be described in place of the other.
PartyKind = Annotated[Party.Kind, WithJsonSchema({"type": "string", "enum": Party.Kind.values})]
NumberKind = Annotated[PartyIdentifier.Kind, WithJsonSchema({"type": "string", "enum": PartyIdentifier.Kind.values})]
BodyKind = Literal["collective", "cooperative", "enterprise", "agency", "bank"]


class IdentifierOut(Schema):
    """一个号码, 只有掩码."""

    id: int
    kind: str
    masked: str
    warning: str


class PartyOut(Schema):
    """一个权利人."""

    id: int
    kind: str
    name: str
    division: str
    state: str
    ended_on: str | None
    merged_into: int | None
    sex: str
    birth_date: str | None
    erased: bool
    demo: bool


class PartyRecord(PartyOut):
    """一个权利人和它的号码."""

    identifiers: list[IdentifierOut]


class PartyPage(Schema):
    """一页权利人."""

    items: list[PartyOut]
    next: str | None


class MemberOut(Schema):
    """农户的一个成员."""

    person: int
    name: str
    relation: str
    relation_title: str
    is_head: bool
    since: str
    until: str | None
    begun_by: str


class MergeOut(Schema):
    """一次合并."""

    id: int
    source: int
    target: int
    reason: str
    undone: bool


class PlainOut(Schema):
    """一个号码的明文."""

    value: str


class PartyQuery(Schema):
    """权利人的筛选条件, 均可不填."""

    q: str = Field("", max_length=100, pattern=WITHOUT_NUL, description="名称的一部分, 拼音或拼音首字母")
    kind: PartyKind | None = None
    state: Literal["active", "ended", "merged", "all"] = "active"
    division: str = Field("", max_length=24, pattern=WITHOUT_NUL, description="区划代码, 含以下")


class MemberQuery(Schema):
    """哪一天的成员; 均可不填."""

    on: Day | None = Field(None, description="法律上的日子, 默认今日")


class PersonIn(Schema):
    """一个要登记的人."""

    name: Name
    identity: NumberText = ""
    document: NumberText = ""
    telephone: NumberText = ""
    birth_date: Day | None = None
    sex: Literal["", "male", "female"] = ""

    def new(self) -> services.NewPerson:
        return services.NewPerson(**self.dict(include=set(PersonIn.model_fields)))


class NewPersonIn(PersonIn):
    """登记自然人."""

    division: Code
    bank_account: NumberText = ""


class SomebodyIn(Schema):
    """已登记的人写 person, 新的人写 new."""

    person: Number | None = None
    new: PersonIn | None = None


class NewHouseholdIn(Schema):
    """登记农户; 户主为已登记的人或新的人."""

    head: SomebodyIn
    division: Code
    since: Day | None = None
    name: Text = ""
    telephone: NumberText = ""


class NewBodyIn(Schema):
    """登记组织."""

    kind: BodyKind
    name: Name
    division: Code
    uscc: NumberText = ""
    telephone: NumberText = ""
    bank_account: NumberText = ""


class NameIn(Schema):
    """变更名称."""

    name: Name
    on: Day
    reason: Text


class IdentifierIn(Schema):
    """登记或变更号码."""

    kind: NumberKind
    value: NumberText


class JoinIn(SomebodyIn):
    """迁入 move, 婚入 marriage, 出生 birth; 出生的日期取出生日期."""

    by: Literal["move", "marriage", "birth"] = "move"
    relation: Relation
    on: Day | None = None


class DayIn(Schema):
    """从哪一天起."""

    on: Day


class HeadIn(DayIn):
    """户主变更; relations 为成员编号到新关系, 不写的按原关系推定."""

    head: Number
    relations: dict[int, Relation] = Field(default_factory=dict, max_length=60)


class DeathIn(DayIn):
    """死亡登记; 死者是户主时写新户主."""

    new_head: Number | None = None
    relations: dict[int, Relation] = Field(default_factory=dict, max_length=60)


class SplitIn(DayIn):
    """分户; movers 为随新户主分出的成员和与新户主的关系."""

    head: Number
    movers: dict[int, Relation] = Field(default_factory=dict, max_length=60)


class UnmaskIn(Schema):
    """查看明文的用途和说明."""

    purpose: PartyUnmasking.Purpose
    note: Text


class FindIn(Schema):
    """按号码查找; 号码不进网址."""

    number: NumberText


class MergeIn(Schema):
    """把 source 并入 target."""

    source: Number
    target: Number
    reason: Text


class ReasonIn(Schema):
    """理由."""

    reason: Text


class EraseIn(Schema):
    """删除依据和确认文字: 删除 加编号."""

    basis: Text
    confirmation: Text
