"""可以抵押的权利: which rights of the register secure a debt, by law and where the zone's document says more. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from ronghe.policy.checks import lacks
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Clause, Ruling, Step, gate

from .kinds import RIGHT_TITLES, RightKind

ANY_ART = Clause("civil-code-2020", "第三百九十五条")
TOGETHER_ART = Clause("civil-code-2020", "第三百九十七条")
ENTERPRISE_ART = Clause("civil-code-2020", "第三百九十八条")
BARRED_ART = Clause("civil-code-2020", "第三百九十九条")
RESIDENCE_ART = Clause("civil-code-2020", "第三百六十九条")
ENTERED_ART = Clause("land-law-2019", "第六十三条第三款")
FARMED_ART = Clause("contracting-law-2018", "第四十七条")

_R = RightKind
#: What nobody may pledge, whatever is shown.
NEVER = frozenset({_R.COLLECTIVE_OWNERSHIP, _R.QUALIFICATION, _R.RESIDENCE, _R.LETTING})
#: Contracted land, tilled or wooded: what secures a loan is the right of operating it.
CONTRACTED = frozenset({_R.CONTRACT, _R.CONTRACT_TREES, _R.FOREST_USE, _R.FOREST_TREES})
#: A homestead secures a loan only where the zone's document lets it; by what name ``finance.mortgageable_right`` knows it.
BY_ZONE: dict[RightKind, str] = {_R.HOMESTEAD_USE: "宅基地使用权", _R.HOMESTEAD_HOUSE: "农民住房财产权"}


class Shown(StrEnum):
    """登记查明的事实: what the counter has seen papers of, of a pledge or of contracted land that passes on."""

    FILED = "filed"
    CONTRACTOR_CONSENTS = "contractor_consents"
    BANK = "bank"
    OTHER_DWELLING = "other_dwelling"
    ENTERED = "entered"
    ISSUER_CONSENTS = "issuer_consents"

    @property
    def title(self) -> str:  # type: ignore[override]
        return SHOWN_TITLES[self]


SHOWN_TITLES: dict[Shown, str] = {
    Shown.FILED: "已向发包方备案",
    Shown.CONTRACTOR_CONSENTS: "承包方书面同意",
    Shown.BANK: "抵押权人是金融机构",
    Shown.OTHER_DWELLING: "另有长期稳定的居住场所",
    Shown.ENTERED: "该建设用地已依法入市（出让等方式取得）",
    Shown.ISSUER_CONSENTS: "发包方书面同意",
}


def shown_for(kind: int) -> tuple[Shown, ...]:
    """What is asked for with a right of this kind."""
    if kind in CONTRACTED:
        return (Shown.BANK, Shown.FILED)
    return {
        _R.OPERATION: (Shown.BANK, Shown.CONTRACTOR_CONSENTS, Shown.FILED),
        _R.COLLECTIVE_USE: (Shown.ENTERED,),
        _R.HOMESTEAD_HOUSE: (Shown.OTHER_DWELLING,),
    }.get(RightKind(kind), ())


@dataclass(frozen=True, slots=True)
class PledgeFacts:
    """What is known of a right that is to be pledged."""

    right: str | None = fact("要抵押的权利", choices=tuple(RIGHT_TITLES.values()))
    to_bank: bool | None = fact("抵押权人是金融机构", required=False)
    is_filed: bool | None = fact("已向发包方备案", required=False)
    contractor_consents: bool | None = fact("承包方书面同意", required=False)
    is_entered: bool | None = fact("该建设用地已依法入市", required=False)
    zone_allows: bool | None = fact("试验区文件允许用这项权利抵押", required=False)


@rule(
    "registration.pledge",
    "这项权利能否抵押登记",
    room="REG",
    covers=(),
    parameters=(),
)
def pledge(facts: PledgeFacts, given: Given) -> Ruling[bool | None]:
    """Whether the right may be pledged: land itself never, the operation of contracted land to a bank and on record.

    Construction land of a collective that has entered the market is pledged like state land; other such land of
    township and village enterprises goes with the building on it and never alone. A homestead is barred but where the
    zone's document takes it (``finance.mortgageable_right``). What no law bars may be pledged.
    Source: 民法典 第三百六十九、三百九十五、三百九十七、三百九十八、三百九十九条; 土地管理法 第六十三条第三款;
    农村土地承包法 第四十七条; which right the contractor pledges: decision 0021.
    """
    kind = next((one for one, title in RIGHT_TITLES.items() if title == facts.right), None)
    if kind is None:
        return gate([lacks("right", finding="没有说明要抵押的是哪一项权利")])
    if kind in NEVER:
        return gate([_never(kind)])
    if kind in BY_ZONE:
        return gate([_by_zone(facts, kind)])
    if kind in CONTRACTED or kind is _R.OPERATION:
        return gate(_farmed(facts, passed_on=kind is _R.OPERATION))
    if kind is _R.COLLECTIVE_USE:
        return gate([_collective(facts)])
    if kind is _R.COLLECTIVE_HOUSE:
        return gate([Step((ENTERPRISE_ART, TOGETHER_ART), "建筑物连同占用范围内的建设用地使用权一并抵押", True)])
    return gate([Step((ANY_ART,), f"法律没有禁止以“{kind.title}”抵押", True)])


def _never(kind: RightKind) -> Step:
    if kind is _R.COLLECTIVE_OWNERSHIP:
        return Step(
            (BARRED_ART,),
            "民法典第三百九十九条：土地所有权不得抵押。可以改用依法入市的集体经营性建设用地使用权，或者地上建筑物抵押",
            False,
        )
    if kind is _R.QUALIFICATION:
        return Step(
            (BARRED_ART,),
            "民法典第三百九十九条：宅基地等集体所有土地的使用权不得抵押，宅基地资格权随成员身份，不能用来担保。"
            "试验区文件允许的，可以改用农民住房财产权抵押",
            False,
        )
    if kind is _R.LETTING:
        return Step(
            (BARRED_ART,),
            "民法典第三百九十九条：宅基地的使用权不得抵押，租来或入股得来的更不能用来担保。"
            "试验区文件允许的，可以由宅基地使用权人以农民住房财产权抵押",
            False,
        )
    return Step(
        (RESIDENCE_ART,), "民法典第三百六十九条：居住权不得转让，不能用来担保。可以由房屋的所有权人办理抵押", False
    )


def _by_zone(facts: PledgeFacts, kind: RightKind) -> Step:
    name = BY_ZONE[kind]
    if facts.zone_allows is None:
        return lacks("zone_allows", finding=f"不知道试验区文件是否允许以{name}抵押", cite=(BARRED_ART,))
    if facts.zone_allows:
        return Step((BARRED_ART,), f"试验区文件允许以{name}抵押", True)
    return Step(
        (BARRED_ART,),
        "民法典第三百九十九条：宅基地使用权不得抵押，法律规定可以的除外；"
        f"适用的试验区文件也没有允许以{name}抵押，或者条件没有具备。可以改用承包地的土地经营权，或者其他依法可以抵押的财产",
        False,
    )


def _farmed(facts: PledgeFacts, *, passed_on: bool) -> list[Step | None]:
    """承包地: pledged to a bank, on record with who gave it out; by another than the contractor, with its written consent."""
    return [
        _shown(facts.to_bank, "to_bank", "抵押权人是金融机构", "抵押权人不是金融机构，请改向银行、信用社等融资"),
        _shown(
            facts.contractor_consents, "contractor_consents", "承包方已书面同意",
            "没有承包方书面同意，请承包方签署同意书后再申请",
        )
        if passed_on
        else None,
        _shown(facts.is_filed, "is_filed", "已向发包方备案", "没有向发包方备案，请先到村集体备案后再申请"),
    ]  # fmt: skip


def _shown(there: bool | None, name: str, clear: str, barred: str) -> Step:
    if there is None:
        return lacks(name, finding=f"不知道是否{clear.removeprefix('已')}", cite=(FARMED_ART,))
    return Step((FARMED_ART,), clear if there else f"农村土地承包法第四十七条：{barred}", there)


def _collective(facts: PledgeFacts) -> Step:
    if facts.is_entered is None:
        return lacks("is_entered", finding="不知道这宗集体建设用地是否已依法入市", cite=(ENTERED_ART, ENTERPRISE_ART))
    if facts.is_entered:
        return Step((ENTERED_ART,), "依法入市取得的集体经营性建设用地使用权可以抵押", True)
    return Step(
        (ENTERPRISE_ART, BARRED_ART),
        "民法典第三百九十八条：乡镇、村企业的建设用地使用权不得单独抵押。"
        "请先登记地上建筑物（房地一体）后连同建筑物一并抵押，或者依法入市后再抵押",
        False,
    )


__all__ = ["BY_ZONE", "CONTRACTED", "NEVER", "SHOWN_TITLES", "PledgeFacts", "Shown", "pledge", "shown_for"]
