"""What is registered: kinds of units, of their ground, of rights and restrictions, and how they depend on one another.

Numbers of kinds of rights and registrations are those of the registries' dictionaries (domain/land.md a5). Kinds that
the dictionary does not have carry numbers from 101 on, the platform's own.
"""

from enum import IntEnum, StrEnum


class UnitKind(StrEnum):
    """不动产单元类别: by the ground and the right for which the unit is set up."""

    OWNERSHIP = "ownership"
    HOMESTEAD = "homestead"
    CONSTRUCTION = "construction"
    CONTRACTED = "contracted"
    CONTRACTED_FOREST = "woodland"
    FOREST = "forest"
    WATER_WORKS = "water_works"
    STATE = "state"

    @property
    def title(self) -> str:  # type: ignore[override]
        return UNIT_TITLES[self]


UNIT_TITLES: dict[UnitKind, str] = {
    UnitKind.OWNERSHIP: "集体土地所有权",
    UnitKind.HOMESTEAD: "宅基地",
    UnitKind.CONSTRUCTION: "集体建设用地",
    UnitKind.CONTRACTED: "承包地",
    UnitKind.CONTRACTED_FOREST: "承包林地",
    UnitKind.FOREST: "林地",
    UnitKind.WATER_WORKS: "小型水利设施",
    UnitKind.STATE: "国有建设用地",
}

#: The parcel feature 宗地特征码 (ownership letter, use-right letter) that a new unit of the kind is given.
FEATURES: dict[UnitKind, str] = {
    UnitKind.OWNERSHIP: "JA",
    UnitKind.HOMESTEAD: "JC",
    UnitKind.CONSTRUCTION: "JB",
    UnitKind.CONTRACTED: "JD",
    UnitKind.CONTRACTED_FOREST: "JE",
    UnitKind.FOREST: "JL",
    UnitKind.WATER_WORKS: "JY",
    UnitKind.STATE: "GB",
}


class GroundKind(StrEnum):
    """空间单元类别 (LA_SpatialUnit)."""

    PARCEL = "parcel"
    PLOT = "plot"
    FOREST = "forest"
    BUILDING = "building"
    WORKS = "works"

    @property
    def title(self) -> str:  # type: ignore[override]
        return GROUND_TITLES[self]


GROUND_TITLES: dict[GroundKind, str] = {
    GroundKind.PARCEL: "宗地",
    GroundKind.PLOT: "承包地块",
    GroundKind.FOREST: "林地",
    GroundKind.BUILDING: "房屋",
    GroundKind.WORKS: "水利设施",
}

#: What ground the units of a kind stand on. Buildings are added to the parcel (房地一体).
GROUND_OF: dict[UnitKind, GroundKind] = {
    UnitKind.OWNERSHIP: GroundKind.PARCEL,
    UnitKind.HOMESTEAD: GroundKind.PARCEL,
    UnitKind.CONSTRUCTION: GroundKind.PARCEL,
    UnitKind.CONTRACTED: GroundKind.PLOT,
    UnitKind.CONTRACTED_FOREST: GroundKind.FOREST,
    UnitKind.FOREST: GroundKind.FOREST,
    UnitKind.WATER_WORKS: GroundKind.WORKS,
    UnitKind.STATE: GroundKind.PARCEL,
}


class RightKind(IntEnum):
    """权利类型 (LA_Right): the number of the registries' dictionary."""

    COLLECTIVE_OWNERSHIP = 1
    STATE_USE = 3
    STATE_USE_HOUSE = 4
    HOMESTEAD_USE = 5
    HOMESTEAD_HOUSE = 6
    COLLECTIVE_USE = 7
    COLLECTIVE_HOUSE = 8
    CONTRACT = 9
    CONTRACT_TREES = 10
    FOREST_USE = 11
    FOREST_TREES = 12
    QUALIFICATION = 101
    OPERATION = 102
    RESIDENCE = 103
    WATER_WORKS = 104
    LETTING = 105

    @property
    def title(self) -> str:
        return RIGHT_TITLES[self]


RIGHT_TITLES: dict[RightKind, str] = {
    RightKind.COLLECTIVE_OWNERSHIP: "集体土地所有权",
    RightKind.STATE_USE: "国有建设用地使用权",
    RightKind.STATE_USE_HOUSE: "国有建设用地使用权及房屋所有权",
    RightKind.HOMESTEAD_USE: "宅基地使用权",
    RightKind.HOMESTEAD_HOUSE: "宅基地使用权及房屋所有权",
    RightKind.COLLECTIVE_USE: "集体建设用地使用权",
    RightKind.COLLECTIVE_HOUSE: "集体建设用地使用权及房屋所有权",
    RightKind.CONTRACT: "土地承包经营权",
    RightKind.CONTRACT_TREES: "土地承包经营权及林木所有权",
    RightKind.FOREST_USE: "林地使用权",
    RightKind.FOREST_TREES: "林地使用权及林木所有权",
    RightKind.QUALIFICATION: "宅基地资格权",
    RightKind.OPERATION: "土地经营权",
    RightKind.RESIDENCE: "居住权",
    RightKind.WATER_WORKS: "小型水利设施产权",
    RightKind.LETTING: "宅基地流转使用权",
}

_R = RightKind
#: The right of using the ground: of each unit one kind stands, whatever it is called.
USE_RIGHTS = frozenset(
    {
        _R.STATE_USE, _R.STATE_USE_HOUSE, _R.HOMESTEAD_USE, _R.HOMESTEAD_HOUSE, _R.COLLECTIVE_USE, _R.COLLECTIVE_HOUSE,
        _R.CONTRACT, _R.CONTRACT_TREES, _R.FOREST_USE, _R.FOREST_TREES, _R.WATER_WORKS,
    }
)  # fmt: skip
#: Held by one alone: collective ownership by the collective, the qualification by the household (户为单位).
EXCLUSIVE = frozenset({_R.COLLECTIVE_OWNERSHIP, _R.QUALIFICATION})
#: Of what right a right derives; it ends when that one ends, and its term lies within. None: the first in its line.
PARENTS: dict[RightKind, frozenset[RightKind]] = {
    _R.QUALIFICATION: frozenset({_R.COLLECTIVE_OWNERSHIP}),
    _R.HOMESTEAD_USE: frozenset({_R.COLLECTIVE_OWNERSHIP}),
    _R.HOMESTEAD_HOUSE: frozenset({_R.COLLECTIVE_OWNERSHIP}),
    _R.COLLECTIVE_USE: frozenset({_R.COLLECTIVE_OWNERSHIP}),
    _R.COLLECTIVE_HOUSE: frozenset({_R.COLLECTIVE_OWNERSHIP}),
    _R.CONTRACT: frozenset({_R.COLLECTIVE_OWNERSHIP}),
    _R.CONTRACT_TREES: frozenset({_R.COLLECTIVE_OWNERSHIP}),
    _R.FOREST_USE: frozenset({_R.COLLECTIVE_OWNERSHIP}),
    _R.FOREST_TREES: frozenset({_R.COLLECTIVE_OWNERSHIP}),
    _R.WATER_WORKS: frozenset({_R.COLLECTIVE_OWNERSHIP}),
    _R.OPERATION: frozenset({_R.CONTRACT, _R.CONTRACT_TREES, _R.FOREST_USE, _R.FOREST_TREES}),
    _R.RESIDENCE: frozenset({_R.HOMESTEAD_HOUSE, _R.COLLECTIVE_HOUSE, _R.STATE_USE_HOUSE}),
    # Of the three rights of a homestead the use alone is let or contributed (宅基地“三权分置”).
    _R.LETTING: frozenset({_R.HOMESTEAD_USE, _R.HOMESTEAD_HOUSE}),
}
#: A derived right that cannot stand without the right it derives from.
NEEDS_PARENT = frozenset({_R.OPERATION, _R.RESIDENCE, _R.QUALIFICATION, _R.LETTING})
#: What rights stand on a unit of a kind.
RIGHTS_ON: dict[UnitKind, frozenset[RightKind]] = {
    UnitKind.OWNERSHIP: frozenset({_R.COLLECTIVE_OWNERSHIP}),
    UnitKind.HOMESTEAD: frozenset(
        {_R.COLLECTIVE_OWNERSHIP, _R.QUALIFICATION, _R.HOMESTEAD_USE, _R.HOMESTEAD_HOUSE, _R.RESIDENCE, _R.LETTING}
    ),
    UnitKind.CONSTRUCTION: frozenset({_R.COLLECTIVE_OWNERSHIP, _R.COLLECTIVE_USE, _R.COLLECTIVE_HOUSE, _R.RESIDENCE}),
    UnitKind.CONTRACTED: frozenset({_R.COLLECTIVE_OWNERSHIP, _R.CONTRACT, _R.CONTRACT_TREES, _R.OPERATION}),
    UnitKind.CONTRACTED_FOREST: frozenset({_R.COLLECTIVE_OWNERSHIP, _R.CONTRACT, _R.CONTRACT_TREES, _R.OPERATION}),
    UnitKind.FOREST: frozenset({_R.COLLECTIVE_OWNERSHIP, _R.FOREST_USE, _R.FOREST_TREES, _R.OPERATION}),
    UnitKind.WATER_WORKS: frozenset({_R.COLLECTIVE_OWNERSHIP, _R.WATER_WORKS}),
    UnitKind.STATE: frozenset({_R.STATE_USE, _R.STATE_USE_HOUSE, _R.RESIDENCE}),
}
#: The right that a unit of the kind is first registered for, without and with a building.
FIRST_RIGHT: dict[UnitKind, tuple[RightKind, RightKind]] = {
    UnitKind.OWNERSHIP: (_R.COLLECTIVE_OWNERSHIP, _R.COLLECTIVE_OWNERSHIP),
    UnitKind.HOMESTEAD: (_R.HOMESTEAD_USE, _R.HOMESTEAD_HOUSE),
    UnitKind.CONSTRUCTION: (_R.COLLECTIVE_USE, _R.COLLECTIVE_HOUSE),
    UnitKind.CONTRACTED: (_R.CONTRACT, _R.CONTRACT),
    UnitKind.CONTRACTED_FOREST: (_R.CONTRACT_TREES, _R.CONTRACT_TREES),
    UnitKind.FOREST: (_R.FOREST_USE, _R.FOREST_USE),
    UnitKind.WATER_WORKS: (_R.WATER_WORKS, _R.WATER_WORKS),
    UnitKind.STATE: (_R.STATE_USE, _R.STATE_USE_HOUSE),
}
#: Rights that run for a term: a last day must be given.
TERMED = frozenset({_R.CONTRACT, _R.CONTRACT_TREES, _R.OPERATION, _R.FOREST_USE, _R.FOREST_TREES, _R.LETTING})
#: Rights that nobody inherits: they end when their holder does (民法典 第三百六十九、三百七十条).
ENDS_WITH_HOLDER = frozenset({_R.QUALIFICATION, _R.RESIDENCE})
#: Of what another uses for a term: whoever lends or lets looks at when it ends.
PASSED_ON = frozenset({_R.OPERATION, _R.LETTING})


class CoOwnership(IntEnum):
    """共有方式: the number of the dictionary."""

    SOLE = 0
    JOINT = 1
    BY_SHARES = 2

    @property
    def title(self) -> str:
        return {0: "单独所有", 1: "共同共有", 2: "按份共有"}[self]


class RestrictionKind(IntEnum):
    """限制类型 (LA_Restriction): what burdens a unit or a right; easement and mortgage by their number as rights."""

    EASEMENT = 19
    MORTGAGE = 23
    SEIZURE = 201
    OBJECTION = 202
    ADVANCE_NOTICE = 203
    ILLEGAL_OCCUPATION = 204
    KEPT_RIGHTS = 205

    @property
    def title(self) -> str:
        return RESTRICTION_TITLES[self]


RESTRICTION_TITLES: dict[RestrictionKind, str] = {
    RestrictionKind.EASEMENT: "地役权",
    RestrictionKind.MORTGAGE: "抵押权",
    RestrictionKind.SEIZURE: "查封",
    RestrictionKind.OBJECTION: "异议",
    RestrictionKind.ADVANCE_NOTICE: "预告",
    RestrictionKind.ILLEGAL_OCCUPATION: "违法占用",
    RestrictionKind.KEPT_RIGHTS: "转移备案保留权益",
}


class Act(IntEnum):
    """登记类型: the number of the dictionary."""

    FIRST = 100
    TRANSFER = 200
    CHANGE = 300
    CANCELLATION = 400
    CORRECTION = 500
    OBJECTION = 600
    ADVANCE_NOTICE = 700
    SEIZURE = 800

    @property
    def title(self) -> str:
        return ACT_TITLES[self]


ACT_TITLES: dict[Act, str] = {
    Act.FIRST: "首次登记",
    Act.TRANSFER: "转移登记",
    Act.CHANGE: "变更登记",
    Act.CANCELLATION: "注销登记",
    Act.CORRECTION: "更正登记",
    Act.OBJECTION: "异议登记",
    Act.ADVANCE_NOTICE: "预告登记",
    Act.SEIZURE: "查封登记",
}


class SourceKind(StrEnum):
    """权属来源材料类别 (LA_AdministrativeSource)."""

    CONTRACT = "contract"
    APPROVAL = "approval"
    AGREEMENT = "agreement"
    JUDGMENT = "judgment"
    SEIZURE_ORDER = "seizure_order"
    RESOLUTION = "resolution"
    INHERITANCE = "inheritance"
    APPLICATION = "application"
    SURVEY = "survey"
    FILING = "filing"
    OTHER = "other"

    @property
    def title(self) -> str:  # type: ignore[override]
        return SOURCE_TITLES[self]


SOURCE_TITLES: dict[SourceKind, str] = {
    SourceKind.CONTRACT: "承包（流转）合同",
    SourceKind.APPROVAL: "用地批准文件",
    SourceKind.AGREEMENT: "转让、赠与等协议",
    SourceKind.JUDGMENT: "生效法律文书",
    SourceKind.SEIZURE_ORDER: "查封文书",
    SourceKind.RESOLUTION: "集体决议",
    SourceKind.INHERITANCE: "继承材料",
    SourceKind.APPLICATION: "登记申请",
    SourceKind.SURVEY: "权籍调查成果",
    SourceKind.FILING: "备案材料",
    SourceKind.OTHER: "其他",
}
