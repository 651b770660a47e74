"""变更登记: what changes of the land and the houses of a unit, and what is told of each kind of change. Pure."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any, Protocol


class PartAct(StrEnum):
    """变更方式: ground or a house is another now, a house has come, a house is no more."""

    CHANGED = "changed"
    ADDED = "added"
    DEMOLISHED = "demolished"

    @property
    def title(self) -> str:  # type: ignore[override]
        return PART_ACT_TITLES[self]


PART_ACT_TITLES: dict[PartAct, str] = {
    PartAct.CHANGED: "变更",
    PartAct.ADDED: "新增房屋",
    PartAct.DEMOLISHED: "房屋灭失",
}
SIDES = ("north", "east", "south", "west")
_BOTH = ("geometry", "registered_area_m2", "use", "location")
#: What may be another of land, and of a house.
OF_LAND = (*_BOTH, *SIDES)
OF_HOUSE = (*_BOTH, "structure", "floors", "floor_area_m2")
_TITLES = {
    "geometry": "界址", "registered_area_m2": "登记面积", "use": "用途", "location": "坐落", "structure": "房屋结构",
    "floors": "层数", "floor_area_m2": "建筑面积", **dict.fromkeys(SIDES, "四至"),
}  # fmt: skip


class Changing(Protocol):
    """What is asked of one piece of ground or one house; ``ground`` is its code, empty for the land of the unit."""

    @property
    def act(self) -> PartAct: ...
    @property
    def ground(self) -> str: ...


def facts_told(part: Any) -> dict[str, Any]:
    """The facts that a part tells, by their names."""
    told = {name: getattr(part, name) for name in (*OF_LAND, *OF_HOUSE)}
    return {name: value for name, value in told.items() if value not in ("", None)}


def lacking_of(parts: Sequence[Changing]) -> list[str]:
    """What a change does not tell though it must."""
    if not parts:
        return ["变更后的用途、坐落、四至、界址、面积或房屋状况"]
    lacking = []
    for part in parts:
        told = facts_told(part)
        if part.act is PartAct.CHANGED and not told:
            lacking.append("变更后的用途、坐落、四至、界址、面积或房屋状况")
        if part.act is PartAct.ADDED and "registered_area_m2" not in told:
            lacking.append("新增房屋的占地面积")
        if part.act is PartAct.DEMOLISHED and not part.ground:
            lacking.append("灭失的房屋的代码")
    return lacking


def unfit_of(parts: Sequence[Changing], *, lands: Collection[str], houses: Collection[str]) -> list[str]:
    """What of a change does not fit the unit.

    Args: the codes of the land and of the houses that stand on the unit.
    """
    named = [part.ground for part in parts if part.act is not PartAct.ADDED]
    unfit = []
    if len(set(named)) < len(named):
        unfit.append("同一土地或房屋写了两次")
    for part in parts:
        told = facts_told(part)
        is_house = part.act is not PartAct.CHANGED or part.ground in houses
        if part.ground and (part.act is PartAct.ADDED or part.ground not in (*lands, *houses)):
            unfit.append(f"{part.ground} 不是这个单元上的土地或房屋")
        elif part.act is PartAct.DEMOLISHED and part.ground in lands:
            unfit.append(f"{part.ground} 是土地，灭失的只能是房屋")
        if part.act is PartAct.ADDED and not houses:
            unfit.append("这个单元还没有登记房屋，第一处房屋请办理变更登记（房地一体）")
        allowed = () if part.act is PartAct.DEMOLISHED else OF_HOUSE if is_house else OF_LAND
        if beyond := list(dict.fromkeys(_TITLES[name] for name in told if name not in allowed)):
            of = "灭失的房屋" if part.act is PartAct.DEMOLISHED else "房屋" if is_house else "土地"
            unfit.append(f"{of}没有“{'、'.join(beyond)}”可以变更，请去掉")
    return unfit
