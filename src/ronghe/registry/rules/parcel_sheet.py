"""一张图地块信息 (REG-13): what of a parcel of collective construction land stands in the register, and what is lacking. Pure.

Which of it must be there before a path is chosen, the rule R-044 says by its parameter (青岛 三(二)2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

#: What services a parcel is connected to (基础设施状况).
SERVICES: Mapping[str, str] = MappingProxyType(
    {
        "road": "通路", "water": "通水", "power": "通电", "drainage": "通排水", "telecom": "通讯", "gas": "通燃气",
        "heat": "通热力", "levelled": "场地平整",
    }
)  # fmt: skip
#: How a parcel comes to the market (入市途径).
PATHS: Mapping[str, str] = MappingProxyType(
    {"in_place": "就地入市", "adjusted": "调整入市", "renovated": "整治入市", "undecided": "未定"}
)
REQUIRED = ("坐落", "四至", "权属")


@dataclass(frozen=True, slots=True)
class Sheet:
    """地块信息: what is known of a parcel; empty where nothing is."""

    location: str = ""
    north: str = ""
    east: str = ""
    south: str = ""
    west: str = ""
    has_outline: bool = False
    owner: str = ""
    planned_use: str = ""
    path: str = ""
    has_services: bool = False


def recorded(sheet: Sheet) -> frozenset[str]:
    """What is there of the three. Boundaries are there when all four sides are named, or the outline is drawn."""
    found = set()
    if sheet.location:
        found.add("坐落")
    if sheet.has_outline or all((sheet.north, sheet.east, sheet.south, sheet.west)):
        found.add("四至")
    if sheet.owner:
        found.add("权属")
    return frozenset(found)


def lacking(sheet: Sheet) -> tuple[str, ...]:
    """What is not there of the three, in their order."""
    found = recorded(sheet)
    return tuple(one for one in REQUIRED if one not in found)
