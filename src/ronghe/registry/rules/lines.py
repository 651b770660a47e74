"""三线和规划用途: where a parcel lies against farmland, ecology and development lines and the planned use.

What a layer says is judged, what no layer says needs a person. Overlaps within the error of drawing never bar: they are
listed.
"""

from dataclasses import dataclass
from fractions import Fraction

from ronghe.policy.checks import lacks
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Clause, Ruling, Step, gate

from .areas import working
from .kinds import UNIT_TITLES, UnitKind

SLIVER_M2, SLIVER_SHARE = "registration.lines.sliver_m2", "registration.lines.sliver_share"
FARMLAND_ART = Clause("land-law-2019", "第三十五条")
HOMESTEAD_ART = Clause("land-law-2019", "第六十二条")
ECOLOGY_ART = Clause("environment-law-2014", "第二十九条")
USE_ART = Clause("land-law-2019", "第六十三条第一款")

_BUILT = frozenset({UnitKind.HOMESTEAD.title, UnitKind.CONSTRUCTION.title})
_FARMED = frozenset({UnitKind.CONTRACTED.title, UnitKind.OWNERSHIP.title})


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What lies over a parcel, in m²; an area that is not known has no layer."""

    kind: str | None = fact("单元类别", choices=tuple(UNIT_TITLES.values()))
    area_m2: Fraction | None = fact("宗地面积", unit="m2")
    farmland_m2: Fraction | None = fact("永久基本农田内的面积", unit="m2")
    ecology_m2: Fraction | None = fact("生态保护红线内的面积", unit="m2")
    boundary_m2: Fraction | None = fact("城镇开发边界内的面积", unit="m2")
    planned_use: str | None = fact("规划用途（占地最多的）")
    fitting_m2: Fraction | None = fact("与单元类别相符的规划用途内的面积", unit="m2")
    planned_told: str | None = fact("各规划用途及其面积", required=False)


@rule(
    "registration.lines",
    "宗地符合三条控制线和规划用途",
    room="REG",
    covers=(),
    parameters=(SLIVER_M2, SLIVER_SHARE),
)
def lines(facts: LineFacts, given: Given) -> Ruling[bool | None]:
    """Whether nothing of farmland, ecology, development line and planned use bars the registration of a parcel.

    Houses and enterprises never stand on permanent basic farmland; what is farmed there stays farmed, what else lies on
    it a person judges. Within the ecological line only listed activities are allowed: a new enterprise is not, an old
    homestead a person judges. A parcel across the development boundary a person judges where something is built. The
    whole parcel lies in planned uses that fit its kind, but for the error of drawing; else a person judges by the shares.
    Source: 土地管理法(2019) 第三十五条、第六十二条、第六十三条第一款; 环境保护法 第二十九条.
    """
    kind, area = facts.kind, facts.area_m2
    if kind is None or not area:
        missing = [name for name in ("kind", "area_m2") if not getattr(facts, name)]
        return gate([lacks(*missing, finding="不知道单元类别或宗地面积")])
    least = max(working(given[SLIVER_M2]) or Fraction(0), (working(given[SLIVER_SHARE]) or Fraction(0)) * area)
    return gate(
        [_farmland(facts, kind, area, least), _ecology(facts, kind, area, least), _boundary(facts, kind, area, least),
         _planned(facts, kind, area, least)]
    )  # fmt: skip


def _told(what: str, inside: Fraction, area: Fraction) -> str:
    return f"{what} {float(inside):,.2f} m²（{float(100 * inside / area):.1f} %）"


def _listed(what: str, inside: Fraction, area: Fraction, least: Fraction, cite: Clause) -> Step | None:
    """A line that is clear of the parcel, or touches it by no more than drawing errs."""
    if inside == 0:
        return Step((cite,), f"不在{what}内", True)
    if inside <= least:
        return Step((cite,), f"{_told(f'压{what}', inside, area)}，在画图误差以内，只列出", True)
    return None


def _person(finding: str, cite: Clause, *missing: str) -> Step:
    return lacks(*missing, finding=f"{finding}，待人工判定", cite=(cite,))


def _farmland(facts: LineFacts, kind: str, area: Fraction, least: Fraction) -> Step:
    what, cite = "永久基本农田", HOMESTEAD_ART if kind == UnitKind.HOMESTEAD.title else FARMLAND_ART
    if facts.farmland_m2 is None:
        return _person(f"没有{what}图层", cite, "farmland_m2")
    clear = _listed(what, facts.farmland_m2, area, least, cite)
    if clear is not None:
        return clear
    told = _told(f"压{what}", facts.farmland_m2, area)
    if kind in _BUILT or kind == UnitKind.STATE.title:
        return Step((cite,), f"{told}，不得占用", False)
    if kind in _FARMED:
        return Step((cite,), f"{told}，须保持耕种", True)
    return _person(told, cite, "farmland_m2")


def _ecology(facts: LineFacts, kind: str, area: Fraction, least: Fraction) -> Step:
    what = "生态保护红线"
    if facts.ecology_m2 is None:
        return _person(f"没有{what}图层", ECOLOGY_ART, "ecology_m2")
    clear = _listed(what, facts.ecology_m2, area, least, ECOLOGY_ART)
    if clear is not None:
        return clear
    told = _told(f"压{what}", facts.ecology_m2, area)
    if kind in (UnitKind.CONSTRUCTION.title, UnitKind.STATE.title):
        return Step((ECOLOGY_ART,), f"{told}，不得开发建设", False)
    if kind in (UnitKind.OWNERSHIP.title, UnitKind.CONTRACTED_FOREST.title, UnitKind.FOREST.title):
        return Step((ECOLOGY_ART,), f"{told}，须按管控要求保护", True)
    return _person(told, ECOLOGY_ART, "ecology_m2")


def _boundary(facts: LineFacts, kind: str, area: Fraction, least: Fraction) -> Step:
    what = "城镇开发边界"
    if facts.boundary_m2 is None:
        return _person(f"没有{what}图层", USE_ART, "boundary_m2")
    inside = facts.boundary_m2
    if inside > least and area - inside > least and kind in _BUILT:
        return _person(_told(f"跨{what}，边界内", inside, area), USE_ART, "boundary_m2")
    if inside <= least:
        return Step((USE_ART,), f"在{what}以外", True)
    return Step((USE_ART,), _told(f"在{what}内", inside, area), True)


def _planned(facts: LineFacts, kind: str, area: Fraction, least: Fraction) -> Step:
    if kind == UnitKind.OWNERSHIP.title:
        return Step((USE_ART,), "所有权登记不看规划用途", True)
    if facts.planned_use is None:
        return _person("没有规划用途图层", USE_ART, "planned_use")
    if not facts.planned_use:
        return _person("规划图层没有覆盖这一宗", USE_ART, "planned_use")
    told = f"规划用途{facts.planned_told or f'“{facts.planned_use[:30]}”'}"
    if facts.fitting_m2 is None:
        return _person(f"{told}，不知道与{kind}相符的面积", USE_ART, "fitting_m2")
    if area - facts.fitting_m2 <= least:
        return Step((USE_ART,), f"{told}，与{kind}相符", True)
    if facts.fitting_m2 == 0:
        return _person(f"{told}，看不出与{kind}相符", USE_ART, "planned_use")
    return _person(f"{told}，{_told(f'与{kind}相符的只有', facts.fitting_m2, area)}", USE_ART, "planned_use")
