"""变更登记: what may change on a unit, one at a time, and the fields of each: chosen on the page before it is typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .models import BAUnit
from .rules.changing import PartAct
from .rules.kinds import GroundKind
from .services.units import ground_rows

_LAND = ("use", "location", "north", "east", "south", "west", "area_m2", "outline")
_HOUSE = ("use", "area_m2", "floor_area_m2", "structure", "floors", "outline")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that may change: how it stands in the address, what people read, and what is asked then."""

    key: str
    label: str
    act: PartAct
    ground: str
    fields: tuple[str, ...]


def choices_of(unit: BAUnit, *, on: date) -> list[Choice]:
    """The land of a unit first, then each house, a further house, each house that is no more."""
    rows = [row.spatial_unit for row in ground_rows(unit, on=on)]
    land = [one for one in rows if one.kind != GroundKind.BUILDING]
    houses = [one for one in rows if one.kind == GroundKind.BUILDING]
    found = [
        Choice(
            f"changed-{one.code}", f"{one.get_kind_display()}{f' {one.code}' if len(land) > 1 else ''}：用途、坐落、四至、界址、面积",
            PartAct.CHANGED, one.code, _LAND,
        )
        for one in land
    ]  # fmt: skip
    found += [
        Choice(f"changed-{one.code}", f"{_named(one.code, nth, houses)}：结构、层数、面积", PartAct.CHANGED, one.code, _HOUSE)
        for nth, one in enumerate(houses, start=1)
    ]  # fmt: skip
    if houses:
        found.append(Choice("added", "新增一处房屋", PartAct.ADDED, "", _HOUSE))
    found += [
        Choice(f"demolished-{one.code}", f"{_named(one.code, nth, houses)}：已经灭失", PartAct.DEMOLISHED, one.code, ())
        for nth, one in enumerate(houses, start=1)
    ]
    return found


def _named(code: str, nth: int, houses: Sequence[object]) -> str:
    return f"第 {nth} 处房屋（{code[19:]}）" if len(houses) > 1 else "房屋"


def chosen(choices: Sequence[Choice], key: str) -> Choice | None:
    """What was chosen; the first, the land, until somebody chooses. None for what is not, or no more, on the unit."""
    return next((one for one in choices if key in ("", one.key)), None)
