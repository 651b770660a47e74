"""谁可以受让宅基地和承包地: to whom a homestead or a contracted plot passes by an act of the parties. Pure."""

from dataclasses import dataclass

from ronghe.policy.checks import at_most, holds, lacks
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Clause, Ruling, Step, gate

from .certification import PER_HOUSEHOLD
from .kinds import RightKind
from .matters import CAUSE_TITLES, Cause
from .pledging import Shown

HOMESTEAD, CONTRACTED = "宅基地使用权", "土地承包经营权"
MEMBERS_ART = Clause("land-law-2019", "第六十二条")
SWAP_ART = Clause("contracting-law-2018", "第三十三条")
SALE_ART = Clause("contracting-law-2018", "第三十四条")

#: What the parties bring about themselves; what is inherited or adjudged passes by law, and nobody is asked.
BY_THE_PARTIES = (Cause.SALE, Cause.SWAP, Cause.GIFT, Cause.CONTRIBUTION)
_R = RightKind
#: Which rights pass to members' households alone, by the name under which the rule knows them.
AMONG_MEMBERS: dict[RightKind, str] = {
    _R.HOMESTEAD_USE: HOMESTEAD,
    _R.HOMESTEAD_HOUSE: HOMESTEAD,
    _R.CONTRACT: CONTRACTED,
    _R.CONTRACT_TREES: CONTRACTED,
}


def shown_for_passing(kind: int) -> tuple[Shown, ...]:
    """What the counter may have seen papers of when such a right passes to another."""
    return (Shown.FILED, Shown.ISSUER_CONSENTS) if AMONG_MEMBERS.get(RightKind(kind)) == CONTRACTED else ()


@dataclass(frozen=True, slots=True)
class AcquisitionFacts:
    """What is known of a homestead or a contracted plot that passes to another, and of whom it passes to."""

    right: str | None = fact("转移的权利", choices=(HOMESTEAD, CONTRACTED))
    cause: str | None = fact("登记原因", choices=tuple(CAUSE_TITLES[one] for one in BY_THE_PARTIES))
    is_member: bool | None = fact("受让方是本集体经济组织的成员农户")
    homesteads: int | None = fact("受让户拥有的宅基地（含这一处，不含换出的）", unit="处", required=False)
    is_filed: bool | None = fact("已向发包方备案", required=False)
    issuer_consents: bool | None = fact("发包方书面同意", required=False)


@rule(
    "registration.acquisition",
    "宅基地、承包地可以转给谁",
    room="REG",
    covers=(),
    parameters=(PER_HOUSEHOLD,),
)
def acquisition(facts: AcquisitionFacts, given: Given) -> Ruling[bool | None]:
    """Whether a homestead or a contracted plot may pass to another by an act of the parties.

    A homestead passes to a household of members of the same collective that has no other; what it gives in return is not
    counted. A contracted plot is swapped between households of one collective and the swap is filed with whoever gave the
    land out; every other transfer needs its consent, and goes to a household of the collective too.
    Source: 土地管理法 第六十二条; 农村土地承包法 第三十三、三十四条; readings: decision 0021.
    """
    if facts.right is None or facts.cause is None:
        return gate([lacks("right", "cause", finding="没有说明转移的是哪一项权利和登记原因")])
    if facts.right == HOMESTEAD:
        return gate([_member(facts, MEMBERS_ART), at_most(facts, "homesteads", given[PER_HOUSEHOLD])])
    if facts.cause == Cause.SWAP.title:
        filed = holds(facts, "is_filed", SWAP_ART, otherwise="互换承包地须向发包方备案，请先备案，上传备案材料后再申请")
        return gate([_member(facts, SWAP_ART), filed])
    agreed = holds(
        facts, "issuer_consents", SALE_ART, otherwise="转让承包地须经发包方同意，请先取得书面同意，上传后再申请"
    )
    return gate([_member(facts, SALE_ART), agreed])


def _member(facts: AcquisitionFacts, art: Clause) -> Step:
    if facts.right == HOMESTEAD:
        mend = "受让方不是本集体成员的不能取得宅基地；是成员的先认定身份、记入名册，只用一段时间的办理宅基地流转登记"
    else:
        mend = "承包地只在本集体的农户之间转移；是成员的先认定身份、记入名册，流转给他人的办理土地经营权登记"
    return holds(facts, "is_member", art, otherwise=mend)
