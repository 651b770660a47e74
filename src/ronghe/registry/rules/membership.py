"""集体成员身份: who is a member of a rural collective, who has ceased to be one, and what the members must decide."""

from dataclasses import dataclass

from ronghe.policy.checks import absent, holds, lacks
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Clause, Ruling, Step, gate

REGISTERED, FORMERLY, NEVER = "在本村", "曾在本村", "不在本村"
HOUSEHOLD_REGISTER = (REGISTERED, FORMERLY, NEVER)
ORIGINAL, BIRTH, MARRIAGE, ADOPTION, RESETTLEMENT, OTHER = (
    "原有成员", "成员生育", "与成员结婚", "成员收养", "政策性移民", "其他",
)  # fmt: skip
WAYS = (ORIGINAL, BIRTH, MARRIAGE, ADOPTION, RESETTLEMENT, OTHER)
#: What befalls a member and alone ends nothing.
SITUATIONS = ("就学", "服役", "务工", "经商", "离婚", "丧偶", "服刑")
LOCAL_RULE = "registration.membership.local_rule"

DEFINED = Clause("collectives-law-2024", "第十一条")
CONFIRMED = Clause("collectives-law-2024", "第十二条")
LEAVES = Clause("collectives-law-2024", "第十六条")
LOST = Clause("collectives-law-2024", "第十七条")
NOT_LOST = Clause("collectives-law-2024", "第十八条")


@dataclass(frozen=True, slots=True)
class MembershipFacts:
    """What is known of a person and a collective on the day of the question."""

    came_by: str | None = fact("成为本集体人员的方式", choices=WAYS)
    household_register: str | None = fact("户籍", choices=HOUSEHOLD_REGISTER)
    has_stable_duties: bool | None = fact("与本集体形成稳定的权利义务关系")
    lives_on_collective_land: bool | None = fact("以本集体所有的土地等财产为基本生活保障")
    is_dead: bool | None = fact("已经死亡")
    has_lost_nationality: bool | None = fact("丧失中国国籍")
    is_member_elsewhere: bool | None = fact("已取得其他农村集体经济组织成员身份")
    is_civil_servant: bool | None = fact("已成为公务员")
    is_contract_civil_servant: bool | None = fact("属于聘任制公务员", required=False)
    has_other_loss: bool | None = fact("有法律法规或章程规定的其他丧失情形", required=False)
    has_left: bool | None = fact("书面申请自愿退出并经同意", required=False)
    situations: frozenset[str] | None = fact("就学、服役等情况", required=False, choices=SITUATIONS)
    assembly_agrees: bool | None = fact("成员大会同意确认", required=False)


@rule(
    "registration.membership",
    "农村集体经济组织成员身份",
    room="REG",
    covers=(),
    parameters=(LOCAL_RULE,),
)
def membership(facts: MembershipFacts, given: Given) -> Ruling[bool | None]:
    """Whether a person is a member of the collective: yes, no, or for the members' assembly to decide.

    Whoever has lost membership is none, however close the ties. A member's child must be confirmed; spouses, adopted
    children and those whom a policy resettled are confirmed as a rule. All others need the three conditions; who came
    in no way that the law names, the assembly decides on. Schooling, service, work elsewhere, divorce, widowhood and
    prison end nothing by themselves.
    Source: 农村集体经济组织法 第十一、十二、十六、十七、十八条.
    """
    return gate([*losses(facts).values(), *_ties(facts), _unharmful(facts), _local(given)])


def losses(facts: MembershipFacts) -> dict[str, Step | None]:
    """What ends membership, or keeps it from arising, by the fact that says so."""
    return {
        "is_dead": absent(facts, "is_dead", LOST, otherwise="成员身份随之丧失"),
        "has_lost_nationality": absent(facts, "has_lost_nationality", LOST, otherwise="成员身份随之丧失"),
        "is_member_elsewhere": absent(
            facts, "is_member_elsewhere", LOST, otherwise="一人只在一个集体；确要转入的，先办理原集体的退出"
        ),
        "is_civil_servant": _civil_service(facts),
        "has_other_loss": absent(facts, "has_other_loss", LOST, otherwise="按法律法规或章程丧失成员身份")
        if facts.has_other_loss is not None
        else None,
        "has_left": absent(facts, "has_left", LEAVES, otherwise="已自愿退出") if facts.has_left is not None else None,
    }


def _civil_service(facts: MembershipFacts) -> Step:
    if facts.is_civil_servant:
        if facts.is_contract_civil_servant is None:
            return lacks("is_contract_civil_servant", finding="已成为公务员；是否聘任制：未知", cite=(LOST,))
        if facts.is_contract_civil_servant:
            return Step((LOST,), "已成为公务员，属于聘任制，不因此丧失成员身份", True)
    return absent(facts, "is_civil_servant", LOST, otherwise="非聘任制公务员丧失成员身份")


def _ties(facts: MembershipFacts) -> list[Step | None]:
    """What makes somebody a member."""
    way = facts.came_by
    if way is None:
        return [lacks("came_by", finding="不知道以什么方式成为本集体人员", cite=(CONFIRMED,))]
    if way == BIRTH:
        return [Step((CONFIRMED,), "因成员生育而增加，应当确认", True)]
    if way in (MARRIAGE, ADOPTION, RESETTLEMENT):
        return [_as_a_rule(way, facts.assembly_agrees)]
    steps: list[Step | None] = [
        _register(facts),
        _condition(facts, "has_stable_duties"),
        _condition(facts, "lives_on_collective_land"),
    ]
    return [*steps, _by_vote(facts.assembly_agrees) if way == OTHER else None]


def _as_a_rule(way: str, agrees: bool | None) -> Step:
    if agrees is False:
        return Step((CONFIRMED,), f"{way}而增加，一般应当确认；成员大会决定不予确认，须写明理由", False)
    return Step((CONFIRMED,), f"{way}而增加，一般应当确认", True)


def _register(facts: MembershipFacts) -> Step:
    where = facts.household_register
    if where is None:
        return lacks("household_register", finding="户籍：未知", cite=(DEFINED,))
    return Step((DEFINED,), f"户籍{where}{'' if where != NEVER else '，也不曾在本村'}", where != NEVER)


def _condition(facts: MembershipFacts, name: str) -> Step:
    return holds(facts, name, DEFINED, otherwise="不符合成员条件")


def _by_vote(agrees: bool | None) -> Step:
    if agrees is None:
        return lacks("assembly_agrees", finding="法律没有列明的情形，须由成员大会决定", cite=(CONFIRMED,))
    return Step((CONFIRMED,), f"成员大会决定{'予以' if agrees else '不予'}确认", agrees)


def _unharmful(facts: MembershipFacts) -> Step | None:
    if not facts.situations:
        return None
    told = "、".join(one for one in SITUATIONS if one in facts.situations)
    return Step((NOT_LOST,), f"{told}，不因此丧失成员身份")


def _local(given: Given) -> Step | None:
    local = given[LOCAL_RULE]
    return Step(local.cite, "当地制定的成员确认规则一并适用") if given.flag(LOCAL_RULE) else None
