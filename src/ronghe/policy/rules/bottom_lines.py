"""底线: what no measure of any room may touch. Hard vetoes: one touched line is a no, whatever else speaks for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..checks import absent, holds, lacks, meaning_of, without_value
from ..rulebook import Given, InForce, fact, rule
from ..ruling import Clause, Ruling, Step, gate
from ..values import figure

LINES = "bottom_lines.lines"
TRANSFER = "bottom_lines.land_transfer"

_BASIC_FARMLAND = Clause("land-law-2019", "第三十五条")
_NO_EVASION = Clause("land-law-2019", "第三十五条第二款")
_TRANSFER_LAW = Clause("contracting-law-2018", "第三十八条")


@dataclass(frozen=True, slots=True)
class BottomLineFacts:
    """What a measure does to the bottom lines."""

    changes_ownership: bool | None = fact("改变土地所有制性质")
    breaches_farmland_line: bool | None = fact("突破耕地红线")
    harms_farmers: bool | None = fact("损害农民利益")
    breaches_ecological_line: bool | None = fact("突破生态保护红线")
    severs_cultural_roots: bool | None = fact("损毁乡村文化根脉")
    harms_village_look: bool | None = fact("损害美丽乡村")


#: Each bottom line and the fact that touches it.
_TOUCHED: Mapping[str, str] = {
    "土地所有制性质": "changes_ownership",
    "耕地红线": "breaches_farmland_line",
    "农民利益": "harms_farmers",
    "生态保护红线": "breaches_ecological_line",
    "乡村文化根脉": "severs_cultural_roots",
    "美丽乡村": "harms_village_look",
}


@rule("bottom_lines.kept", "守住改革底线", room="GOV", covers=("R-056",), parameters=(LINES,))
def bottom_lines_kept(facts: BottomLineFacts, given: Given) -> Ruling[bool | None]:
    """Whether a measure leaves every bottom line of the zone untouched.

    The lines are those that the zone's document names; where it names none (Minhou), those that the laws draw. A known
    harm to any other line is never passed over: it is for a person to judge.
    Source: 青岛 一(二); 淄博 一(二); 高青 二(四); 济南 二(二); 土地管理法 第二条、第三十条; 环境保护法 第二十九条.
    """
    lines = given[LINES]
    if lines.value is None:
        return gate([without_value(lines)])
    named = given.members(LINES)
    return gate(
        absent(facts, name, *lines.cite, otherwise="触碰底线，不得实施") if line in named else _harm(facts, name, lines)
        for line, name in _TOUCHED.items()
    )


def _harm(facts: Any, name: str, lines: InForce) -> Step | None:
    """A known harm that no document names: neither passed nor a veto."""
    if getattr(facts, name) is not True:
        return None
    finding = f"{meaning_of(facts, name)}：是；{lines.title}中没有列明，由有关机关认定能否实施"
    return lacks(lines.id, finding=finding, cite=lines.cite)


@dataclass(frozen=True, slots=True)
class BasicFarmlandFacts:
    """What a measure does to permanent basic farmland."""

    occupied_m2: Fraction | None = fact("占用永久基本农田面积", unit="m2")
    evades_by_plan_change: bool | None = fact("以擅自调整规划规避审批")
    is_key_state_project: bool | None = fact("属于国家能源、交通、水利、军事等重点建设项目", required=False)
    is_unavoidable: bool | None = fact("选址确实难以避让", required=False)
    has_state_council_approval: bool | None = fact("已经国务院批准", required=False)


@rule("bottom_lines.basic_farmland", "永久基本农田不得擅自占用", room="GOV", covers=("R-056",))
def basic_farmland_untouched(facts: BasicFarmlandFacts, given: Given) -> Ruling[bool | None]:
    """Whether a measure leaves permanent basic farmland alone, or is the one exception that the law knows.

    No area is too small to count. The exception: a key project of the state, unavoidable, approved by the State Council.
    Source: 土地管理法 第三十五条.
    """
    evasion = absent(facts, "evades_by_plan_change", _NO_EVASION, otherwise="按原划定范围报批")
    return gate([*_occupied(facts), evasion])


def _occupied(facts: BasicFarmlandFacts) -> Iterator[Step]:
    area = facts.occupied_m2
    if area is None:
        yield lacks(
            "occupied_m2", finding="不知道占用永久基本农田的面积，先与永久基本农田图层套合", cite=(_BASIC_FARMLAND,)
        )
        return
    if area == 0:
        yield Step((_BASIC_FARMLAND,), "不占用永久基本农田", True)
        return
    yield Step((_BASIC_FARMLAND,), f"占用永久基本农田 {figure(area)} m2，只有国家重点项目经国务院批准才可以")
    yield holds(facts, "is_key_state_project", _BASIC_FARMLAND, otherwise="调整选址，避让永久基本农田")
    yield holds(facts, "is_unavoidable", _BASIC_FARMLAND, otherwise="调整选址，避让永久基本农田")
    yield holds(facts, "has_state_council_approval", _BASIC_FARMLAND, otherwise="报国务院批准")


@dataclass(frozen=True, slots=True)
class LandTransferFacts:
    """What a transfer of the right to operate contracted land does to the land and to farmers."""

    changes_ownership: bool | None = fact("改变土地所有权性质")
    changes_use: bool | None = fact("改变土地的农业用途")
    damages_capacity: bool | None = fact("破坏农业综合生产能力")
    damages_ecology: bool | None = fact("破坏农业生态环境")
    harms_farmers: bool | None = fact("损害农民利益")


_TRANSFER_TOUCHED: Mapping[str, str] = {
    "土地所有权性质": "changes_ownership",
    "土地农业用途": "changes_use",
    "农业综合生产能力": "damages_capacity",
    "农业生态环境": "damages_ecology",
    "农民利益": "harms_farmers",
}
_BY_LAW = frozenset(_TRANSFER_TOUCHED) - {"农民利益"}


@rule(
    "bottom_lines.land_transfer",
    "土地流转不改用途、不破坏地力、不损农民",
    room="EXC",
    covers=("R-057",),
    parameters=(TRANSFER,),
)
def land_transfer_harmless(facts: LandTransferFacts, given: Given) -> Ruling[bool | None]:
    """Whether a transfer of contracted land leaves use, capacity and farmers unharmed.

    The law's four bans hold everywhere; the zone's document may add farmers' interests.
    Source: 淄博 二(二)4(1); 农村土地承包法 第三十八条.
    """
    named, cite = given.members(TRANSFER), given[TRANSFER].cite
    return gate(
        absent(
            facts,
            name,
            *(cite if line in named else ()),
            *((_TRANSFER_LAW,) if line in _BY_LAW and _TRANSFER_LAW not in cite else ()),
            otherwise="不得流转，恢复后重新申请",
        )
        if line in named | _BY_LAW
        else _harm(facts, name, given[TRANSFER])
        for line, name in _TRANSFER_TOUCHED.items()
    )
