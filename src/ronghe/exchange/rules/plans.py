"""入市方案: what an entry plan must say, who approves it, and how it is filed; the local rules it rests on."""

from dataclasses import dataclass

from ronghe.policy.checks import all_present, asked_for, at_least, holds, lacks, not_stated, one_of
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, gate
from ronghe.policy.values import figure

from .checks import approved

SUBJECTS = "entry.plan.subjects"
HELPERS = "entry.plan.helpers"
APPROVAL = "entry.plan.approval"
CONTENTS = "entry.plan.contents"
OPINION = "entry.filing.written_opinion"
AHEAD = "entry.filing.workdays_ahead"
OBJECTION = "entry.filing.objection_workdays"
TOPICS = "entry.local_rules.topics"
DOCUMENT = "entry.local_rules.document"


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """Who brings the plan, and whether it was approved."""

    subject: str | None = fact("入市主体", choices=("农村集体经济组织", "村民委员会", "其他"))
    has_approval: bool | None = fact("入市方案已经批准机关批准")


@rule(
    "entry.plan_approval",
    "入市方案的主体与批准",
    room="EXC",
    matter="D2",
    covers=("R-003", "R-008"),
    parameters=(SUBJECTS, HELPERS, APPROVAL),
)
def plan_approval(facts: ApprovalFacts, given: Given) -> Ruling[bool | None]:
    """Whether the collective's entry plan has the approval that the zone asks for.

    Where no document asks for approval the plan is filed (``entry.filing``).
    Source: 济南 四(一)3.
    """
    subjects, helpers, approval = given[SUBJECTS], given[HELPERS], given[APPROVAL]
    if not approval.is_stated:
        return gate([not_stated("入市方案的批准，依法报市、县政府备案即可", APPROVAL)])
    return gate(
        [
            one_of(facts, "subject", subjects) if subjects.is_stated else None,
            Step(helpers.cite, f"入市方案由集体编制，{helpers}协助") if helpers.is_stated else None,
            approved(facts, "has_approval", approval),
        ]
    )


@dataclass(frozen=True, slots=True)
class ContentsFacts:
    """What an entry plan says."""

    contents: frozenset[str] | None = fact(
        "入市方案已载明的内容",
        choices=(
            "土地界址",
            "面积",
            "用途",
            "规划条件",
            "产业准入要求",
            "生态环境保护要求",
            "使用期限",
            "交易方式",
            "入市价格",
            "集体收益分配安排",
        ),
    )


@rule("entry.plan_contents", "入市方案应当载明的内容", room="EXC", covers=(), parameters=(CONTENTS,))
def plan_contents(facts: ContentsFacts, given: Given) -> Ruling[bool | None]:
    """Whether an entry plan says all that the law asks for, down to how the collective's income is shared.

    Source: 实施条例 第四十条.
    """
    contents = given[CONTENTS]
    if not contents.is_stated:
        return gate([not_stated("入市方案的内容", CONTENTS)])
    return gate([all_present(facts, "contents", contents, otherwise="补齐后再报")])


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """How an entry plan was filed; days are counted by the working-day table."""

    has_written_opinion: bool | None = fact("集体经济组织已形成书面意见")
    workdays_ahead: int | None = fact("报送到出让、出租相隔", unit="个工作日")
    has_objection: bool | None = fact("市、县政府提出了修改意见")
    is_amended: bool | None = fact("已按修改意见修改入市方案", required=False)
    objection_workday: int | None = fact("收到方案后第几个工作日提出修改意见", unit="个工作日", required=False)


@rule(
    "entry.filing",
    "入市方案备案",
    room="EXC",
    covers=(),
    parameters=(OPINION, AHEAD, OBJECTION),
)
def filing(facts: FilingFacts, given: Given) -> Ruling[bool | None]:
    """Whether the land may now be granted or leased, as far as filing the plan goes.

    Filed no fewer than ten working days before; the government may object within five working days of receipt, and the
    owner then amends. An objection that came late is told and does not free the owner from the planning conditions.
    Source: 实施条例 第四十条.
    """
    ahead = given[AHEAD]
    if not ahead.is_stated:
        return gate([not_stated("入市方案备案", AHEAD)])
    return gate(
        [
            asked_for(facts, "has_written_opinion", given[OPINION], otherwise="先由集体经济组织形成书面意见"),
            at_least(facts, "workdays_ahead", ahead),
            *_objection(facts, given),
        ]
    )


def _objection(facts: FilingFacts, given: Given) -> list[Step]:
    objection = given[OBJECTION]
    if facts.has_objection is None:
        return [lacks("has_objection", finding="不知道市、县政府是否提出修改意见", cite=objection.cite)]
    if not facts.has_objection:
        return [Step(objection.cite, "市、县政府没有提出修改意见", True)]
    steps = [holds(facts, "is_amended", *objection.cite, otherwise="按修改意见改好再出让、出租")]
    limit, day = given.number(OBJECTION), facts.objection_workday
    if limit is not None and day is not None and day > limit:
        finding = f"修改意见在第 {day} 个工作日提出，晚于 {figure(limit)} 个工作日的期限；仍须符合规划条件和准入要求"
        steps.append(Step(objection.cite, finding))
    return steps


@dataclass(frozen=True, slots=True)
class LocalRulesFacts:
    """What the local rules for market entry settle."""

    topics: frozenset[str] | None = fact(
        "地方入市规定已明确的事项",
        choices=(
            "入市范围",
            "管理办法",
            "交易规则",
            "工作程序",
            "入市标准",
            "进入一级市场的方式",
            "进入二级市场的方式",
        ),
    )


@rule("entry.local_rules", "地方入市规定的内容", room="EXC", covers=("R-004",), parameters=(TOPICS, DOCUMENT))
def local_rules(facts: LocalRulesFacts, given: Given) -> Ruling[bool | None]:
    """Whether the local rules that the zone's document orders are issued and settle what they must.

    Source: 青岛 三(一)2; 淄博 二(一)1(1); 高青 四(二)6; 济南 四(一)2.
    """
    topics, document = given[TOPICS], given[DOCUMENT]
    if not topics.is_stated:
        return gate([not_stated("地方入市规定", TOPICS)])
    if document.value is None:
        issued = lacks(DOCUMENT, finding="地方入市规定还没有出台，或者没有填写文号", cite=document.cite)
    else:
        issued = Step(document.cite, f"地方入市规定：{document}", True)
    return gate([issued, all_present(facts, "topics", topics, otherwise="补充规定")])
