"""退出条件: who may leave homestead, contracted land or shares, and whom a zone encourages to."""

from collections.abc import Mapping
from dataclasses import dataclass

from ronghe.policy.checks import lacks, meaning_of, unknown, without_value
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, gate

from .conditions import all_conditions, either_of, members

HOMESTEAD_CONDITIONS = "exit.homestead.conditions"
LAND_CONDITIONS = "exit.land.conditions"
SHARE_CONDITIONS = "exit.shares.conditions"
GROUPS = "exit.guidance.groups"
ORDERLY = "exit.guidance.orderly"


@dataclass(frozen=True, slots=True)
class HomesteadFacts:
    """A household that wants to leave its homestead."""

    holds_lawfully: bool | None = fact("依法享有宅基地")
    is_off_farm: bool | None = fact("部分或完全脱离农业生产")
    has_town_income: bool | None = fact("在城镇有稳定收入")
    has_town_home: bool | None = fact("在城镇有稳定住所")
    has_certificate: bool | None = fact("依法取得宅基地使用权证")
    has_full_title: bool | None = fact("权能完整")


#: The condition that each fact answers.
_HOMESTEAD: Mapping[str, str] = {
    "holds_lawfully": "依法享有宅基地",
    "is_off_farm": "部分或完全脱离农业生产",
    "has_town_income": "城镇稳定收入和稳定住所",
    "has_town_home": "城镇稳定收入和稳定住所",
    "has_certificate": "取得使用权证且权能完整",
    "has_full_title": "取得使用权证且权能完整",
}


@rule(
    "exit.homestead_conditions",
    "宅基地退出的条件",
    room="EXI",
    matter="D14",
    covers=("R-084",),
    parameters=(HOMESTEAD_CONDITIONS,),
)
def may_leave_homestead(facts: HomesteadFacts, given: Given) -> Ruling[bool | None]:
    """Whether a household meets the conditions for leaving its homestead.

    Source: 济南 三(二)2.
    """
    return gate(all_conditions(facts, _HOMESTEAD, given[HOMESTEAD_CONDITIONS]))


@dataclass(frozen=True, slots=True)
class LandShareFacts:
    """A household that wants to leave its contracted land or its shares."""

    holds_lawfully: bool | None = fact("依法享有这项权益")
    has_full_title: bool | None = fact("权能完整")
    is_off_farm: bool | None = fact("部分或完全脱离农业生产")
    has_stable_income: bool | None = fact("有稳定收入")
    has_living_security: bool | None = fact("有一定生活保障")
    has_nonfarm_income: bool | None = fact("有稳定非农就业收入")


_LAND_SHARE: Mapping[str, str] = {
    "holds_lawfully": "依法享有且权能完整",
    "has_full_title": "依法享有且权能完整",
    "is_off_farm": "部分或完全脱离农业生产",
    "has_nonfarm_income": "稳定非农就业收入",
}
_LIVING = "稳定收入或生活保障"


@rule(
    "exit.land_conditions",
    "承包地退出的条件",
    room="EXI",
    matter="D14",
    covers=("R-088", "R-089"),
    parameters=(LAND_CONDITIONS,),
)
def may_leave_land(facts: LandShareFacts, given: Given) -> Ruling[bool | None]:
    """Whether a household meets the conditions for leaving its contracted land.

    Source: 济南 三(三)1; 淄博 二(二)4(2).
    """
    return gate(_land_or_shares(facts, given, LAND_CONDITIONS))


@rule(
    "exit.share_conditions",
    "集体资产股权退出的条件",
    room="EXI",
    matter="D14",
    covers=("R-088",),
    parameters=(SHARE_CONDITIONS,),
)
def may_leave_shares(facts: LandShareFacts, given: Given) -> Ruling[bool | None]:
    """Whether a household meets the conditions for leaving its collective shares.

    Source: 济南 三(三)1.
    """
    return gate(_land_or_shares(facts, given, SHARE_CONDITIONS))


def _land_or_shares(facts: LandShareFacts, given: Given, parameter: str) -> list[Step]:
    steps = all_conditions(facts, _LAND_SHARE, given[parameter])
    if _LIVING in given.members(parameter):
        names = ("has_stable_income", "has_living_security")
        steps.append(either_of(facts, names, given[parameter], otherwise="有稳定收入或生活保障后再申请"))
    return steps


@dataclass(frozen=True, slots=True)
class GuidanceFacts:
    """What is known of a household that could be encouraged to leave a homestead."""

    has_nonfarm_income: bool | None = fact("有稳定非农就业收入")
    lives_in_town: bool | None = fact("长期在城镇居住生活")
    has_several_homesteads: bool | None = fact("一户多宅")
    is_settled_in_town: bool | None = fact("已进城落户")
    is_elder_joining_children: bool | None = fact("随子女入城的老人")
    owns_unsafe_house: bool | None = fact("常年闲置危房的所有者")
    holds_as_nonmember: bool | None = fact("非集体成员通过继承或其他方式取得")


_GUIDED: Mapping[str, tuple[str, ...]] = {
    "稳定非农收入并长期居住城镇的农户": ("has_nonfarm_income", "lives_in_town"),
    "一户多宅农户": ("has_several_homesteads",),
    "进城落户农民": ("is_settled_in_town",),
    "随子女入城老人": ("is_elder_joining_children",),
    "常年闲置危房所有者": ("owns_unsafe_house",),
    "一户多宅的多宅部分": ("has_several_homesteads",),
    "非成员继承或以其他方式取得的宅基地": ("holds_as_nonmember",),
}


@rule(
    "exit.guidance",
    "引导退出宅基地的对象",
    room="EXI",
    matter="D14",
    covers=("R-085", "R-086", "R-087"),
    parameters=(GROUPS, ORDERLY),
)
def is_guided(facts: GuidanceFacts, given: Given) -> Ruling[bool | None]:
    """Whether a household belongs to a group that the zone encourages to leave a homestead.

    A no is no bar: whoever is in no group may still apply.
    Source: 淄博 二(二)3; 青岛 四(二)2; 济南 三(二)2.
    """
    groups, orderly = given[GROUPS], given[ORDERLY]
    if groups.value is None and orderly.value is None:
        return gate([without_value(groups)])
    cite = (*groups.cite, *(one for one in orderly.cite if one not in groups.cite))
    missing: list[str] = []
    for group in (*members(groups), *members(orderly)):
        answers = [getattr(facts, name) for name in _GUIDED[group]]
        if all(answers):
            of = orderly if group in members(orderly) else groups
            return gate([Step(of.cite, f"属于{of.title}：{group}", True)])
        if False not in answers:
            missing += unknown(facts, *_GUIDED[group])
    if missing:
        meanings = "、".join(meaning_of(facts, name) for name in dict.fromkeys(missing))
        return gate([lacks(*dict.fromkeys(missing), finding=f"不知道是否{meanings}", cite=cite)])
    return gate([Step(cite, "不属于引导对象；仍可以自愿申请退出", False)])
