"""村集体的债务和资金: no new bad debt, and pooled funds only for their purposes."""

from dataclasses import dataclass
from fractions import Fraction

from ronghe.policy.checks import at_most, listed_or_added, not_stated, one_of, one_of_or
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, gate

NEW_BAD_DEBT = "finance.collective.new_bad_debt_max"
PURPOSES = "finance.pooled.purposes"
LIKE_PROJECTS = "finance.pooled.like_projects"


@dataclass(frozen=True, slots=True)
class DebtFacts:
    """What is known of a collective's debts before and after a measure."""

    new_bad_debt_yuan: Fraction | None = fact("村集体新增不良债务", unit="元")


@rule("finance.collective_debt", "村集体不得新增不良债务", room="FIN", covers=("R-164",), parameters=(NEW_BAD_DEBT,))
def collective_debt(facts: DebtFacts, given: Given) -> Ruling[bool | None]:
    """Whether a village collective takes on no new bad debt (a veto). Source: 济南 八(二)."""
    if not given[NEW_BAD_DEBT].is_stated:
        return gate([not_stated("村集体新增不良债务", NEW_BAD_DEBT)])
    return gate([at_most(facts, "new_bad_debt_yuan", given[NEW_BAD_DEBT])])


@dataclass(frozen=True, slots=True)
class PooledFacts:
    """What pooled inclusive funds are to be spent on."""

    purpose: str | None = fact("资金用途")
    is_like_project: bool | None = fact("经认定属于同类项目", required=False)


@rule(
    "finance.pooled_purpose",
    "整合的普惠性资金的用途",
    room="FIN",
    covers=("R-167",),
    parameters=(PURPOSES, LIKE_PROJECTS),
)
def pooled_purpose(facts: PooledFacts, given: Given) -> Ruling[bool | None]:
    """Whether pooled inclusive funds may be spent on a purpose.

    The list of the document ends with 等: what is not named needs a person's finding that it is of the same kind.
    Source: 闽侯 二(五)3.
    """
    if not given[PURPOSES].is_stated:
        return gate([not_stated("整合普惠性资金的用途", PURPOSES)])
    purposes, alike = given[PURPOSES], given[LIKE_PROJECTS]
    if alike.value is not True:
        return gate([one_of(facts, "purpose", purposes, otherwise=listed_or_added("用途"))])
    otherwise = "换用列明的用途，或先请主管部门认定属于同类项目"
    return gate([one_of_or(facts, "purpose", purposes, "is_like_project", *alike.cite, otherwise=otherwise)])
