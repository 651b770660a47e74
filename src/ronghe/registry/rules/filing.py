"""进城落户转移备案: whether a household's rights in the village are filed as kept when it moves to town."""

from dataclasses import dataclass
from datetime import date

from ronghe.policy.checks import holds, lacks
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, gate

from .hindrances import KEPT_ARTS

CERTIFICATE = "registration.membership_filing.certificate"
KEEPS = "registration.membership_filing.keeps_rights"
VALID_YEARS = "registration.membership_filing.valid_years"


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """What is known of a household that moves its registration to town."""

    has_moved: bool | None = fact("户籍已迁入城镇（有迁移证明）")
    moved_on: date | None = fact("迁移日期", required=False)
    rights: int | None = fact("迁移日仍然有效的权益（成员身份、资格权、使用权、承包权）", unit="项")
    has_standing_filing: bool | None = fact("已有一份有效的转移备案")


@rule(
    "registration.kept_rights",
    "进城落户农民的权益转移备案",
    room="REG",
    covers=("R-079",),
    parameters=(CERTIFICATE, KEEPS),
)
def kept_rights(facts: FilingFacts, given: Given) -> Ruling[bool | None]:
    """Whether what a household holds in the village is filed as kept, now that it has moved to town.

    Where the zone states no certificate, the laws that protect those who moved are reason enough for a filing.
    Source: 青岛 四(一)1; 济南 三(一)2; 土地管理法 第六十二条; 农村土地承包法 第二十七条.
    """
    certificate, keeps = given[CERTIFICATE], given[KEEPS]
    basis = certificate.cite or KEPT_ARTS
    counted = (
        lacks("rights", finding="不知道有几项权益", cite=basis)
        if facts.rights is None
        else Step(basis, f"迁移日仍然有效的权益 {facts.rights} 项", facts.rights > 0)
    )
    standing = (
        lacks("has_standing_filing", finding="不知道是否已有备案", cite=basis)
        if facts.has_standing_filing is None
        else Step(basis, "已有有效的备案，请续办" if facts.has_standing_filing else "没有别的有效备案", not facts.has_standing_filing)
    )  # fmt: skip
    return gate(
        [
            holds(facts, "has_moved", *basis, otherwise="迁移后再办理"),
            counted,
            standing,
            Step(keeps.cite, "凭备案证享有迁户前的全部权益") if given.flag(KEEPS) else None,
            Step(KEPT_ARTS, "不得以退出宅基地、承包地作为进城落户的条件；各项权益互不捆绑"),
        ]
    )
