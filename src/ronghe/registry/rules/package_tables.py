"""不动产登记汇交包: the tables of the platform's package, one JSON object a line, field by field. Pure.

The schema is the platform's own: docs/exchange.md. Kinds are numbers of the registries' dictionaries (rules.kinds).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from . import codes
from .kinds import GROUND_TITLES, RESTRICTION_TITLES, RIGHT_TITLES, UNIT_TITLES, CoOwnership, RestrictionKind
from .tables import Fault, Field, Row, Table, Type

#: The version of the schema; a reader refuses one that it does not know.
SCHEMA = "ronghe-registry/1"
_T = Type
_RIGHTS = MappingProxyType({str(int(kind)): title for kind, title in RIGHT_TITLES.items()})
_NOTICES = (RestrictionKind.OBJECTION, RestrictionKind.ADVANCE_NOTICE)
_OWN_TABLE = (RestrictionKind.MORTGAGE, RestrictionKind.SEIZURE, *_NOTICES)
NOTICE_KINDS = MappingProxyType({str(int(kind)): RESTRICTION_TITLES[kind] for kind in _NOTICES})
OTHER_KINDS = MappingProxyType(
    {str(int(kind)): title for kind, title in RESTRICTION_TITLES.items() if kind not in _OWN_TABLE}
)
_WAYS = MappingProxyType({str(int(one)): one.title for one in CoOwnership})
_GROUNDS = MappingProxyType({kind.value: title for kind, title in GROUND_TITLES.items()})
_UNITS = MappingProxyType({kind.value: title for kind, title in UNIT_TITLES.items()})

_UNIT = Field("unit", "不动产单元代码", _T.CODE, 28, required=True, check=codes.read_unit)


def _term() -> tuple[Field, Field]:
    return Field("first", "起期", _T.DATE, required=True), Field("until", "止期（不含当日）", _T.DATE)


def _restriction(*more: Field) -> tuple[Field, ...]:
    return (
        _UNIT, Field("rrr", "登记号", _T.INTEGER, 18, required=True), Field("on_right", "所限制权利的登记号", _T.INTEGER, 18),
        Field("holder", "权利人或机关", width=120), Field("number", "权利人号码", width=40),
        Field("party_kind", "权利人类别", width=12), *more, *_term(),
        Field("source", "依据文号或名称", width=220), Field("text", "内容", width=400),
    )  # fmt: skip


UNIT = Table(
    "unit", "不动产单元",
    (
        _UNIT, Field("kind", "单元类别", width=12, required=True, codes=_UNITS),
        Field("division", "区划代码", width=40, required=True), Field("opened_on", "设立日", _T.DATE, required=True),
    ),
    ("unit",),
)  # fmt: skip
_GROUND = (
    _UNIT, Field("code", "空间单元代码", width=28, required=True),
    Field("kind", "空间单元类别", width=10, required=True, codes=_GROUNDS),
    Field("area_m2", "登记面积（平方米）", _T.DECIMAL, 16, 2, required=True), Field("use", "用途", width=40),
    Field("location", "坐落", width=200),
)  # fmt: skip
PARCEL = Table(
    "parcel", "宗地（地块）",
    (
        *_GROUND, Field("north", "北至", width=60), Field("east", "东至", width=60), Field("south", "南至", width=60),
        Field("west", "西至", width=60), Field("geometry", "界址图形（WKB 十六进制，EPSG:4490）", width=10_000_000),
    ),
    ("unit", "code"),
)  # fmt: skip
BUILDING = Table(
    "building", "房屋",
    (
        *_GROUND, Field("floor_area_m2", "建筑面积（平方米）", _T.DECIMAL, 12, 2), Field("structure", "结构", width=40),
        Field("floors", "层数", _T.INTEGER, 3), Field("geometry", "界址图形（WKB 十六进制，EPSG:4490）", width=10_000_000),
    ),
    ("unit", "code"),
)  # fmt: skip
RIGHT = Table(
    "right", "权利",
    (
        _UNIT, Field("rrr", "登记号", _T.INTEGER, 18, required=True), Field("parent", "所依附权利的登记号", _T.INTEGER, 18),
        Field("kind", "权利类型", width=4, required=True, codes=_RIGHTS), Field("nature", "权利性质", _T.INTEGER, 4),
        Field("way", "共有方式", _T.CODE, 1, required=True, codes=_WAYS), Field("share", "份额", width=24),
        Field("party_kind", "权利人类别", width=12, required=True), Field("holder", "权利人", width=120, required=True),
        Field("number", "权利人号码", width=40), *_term(), Field("source", "权属来源文号或名称", width=220),
    ),
    ("rrr", "holder", "number", "first"),
)  # fmt: skip
MORTGAGE = Table(
    "mortgage", "抵押权",
    _restriction(Field("amount_fen", "被担保债权（分）", _T.INTEGER, 18), Field("rank", "顺位", _T.INTEGER, 3)),
    ("rrr",),
)  # fmt: skip
SEIZURE = Table("seizure", "查封", _restriction(), ("rrr",))
NOTICE = Table(
    "notice", "异议和预告", _restriction(Field("kind", "类型", width=4, required=True, codes=NOTICE_KINDS)), ("rrr",)
)
OTHER = Table(
    "other", "其他限制",
    _restriction(
        Field("kind", "类型", width=4, required=True, codes=OTHER_KINDS),
        Field("dominant", "需役地单元代码", _T.CODE, 28, check=codes.read_unit),
    ),
    ("rrr",),
)  # fmt: skip
CERTIFICATE = Table(
    "certificate", "证书和证明",
    (
        _UNIT, Field("number", "证号", width=60, required=True), Field("rrr", "所证明的登记号", _T.INTEGER, 18, required=True),
        Field("kind", "类别", width=11, required=True, codes=MappingProxyType({"certificate": "不动产权证书", "proof": "不动产登记证明"})),
        Field("issued_on", "发证日期", _T.DATE, required=True),
    ),
    ("number",),
)  # fmt: skip

TABLES: tuple[Table, ...] = (UNIT, PARCEL, BUILDING, RIGHT, MORTGAGE, SEIZURE, NOTICE, OTHER, CERTIFICATE)
BY_KEY: Mapping[str, Table] = MappingProxyType({one.key: one for one in TABLES})


class Links:
    """What the rows of a package refer to, told row by row so that no table is held whole: only codes and numbers."""

    def __init__(self) -> None:
        self._units: set[str] = set()
        self._grounded: set[str] = set()
        self._rights: set[int] = set()
        self._others: set[int] = set()
        self._keys: Counter[tuple[object, ...]] = Counter()

    def told(self, table: Table, line: int, row: Row) -> Iterable[Fault]:
        """What is wrong with a sound row beside those before it; tables come in their order."""
        key = (table.key, *(row.get(name) for name in table.key_fields))
        self._keys[key] += 1
        if self._keys[key] == 2:
            labels = "、".join(table.field(name).label for name in table.key_fields)
            yield Fault(table.key, line, table.key_fields[0], f"{labels}重复")
        if table is UNIT:
            self._units.add(row["unit"])
            return
        if row["unit"] not in self._units:
            yield Fault(table.key, line, "unit", f"不动产单元表里没有 {row['unit']}")
        if table is PARCEL:
            self._grounded.add(row["unit"])
        elif table is RIGHT:
            self._rights.add(row["rrr"])
            if row["parent"] is not None and row["parent"] not in self._rights:
                yield Fault(table.key, line, "parent", f"权利表里在它之前没有登记号 {row['parent']}")
        elif table is CERTIFICATE:
            if row["rrr"] not in self._rights and row["rrr"] not in self._others:
                yield Fault(table.key, line, "rrr", f"权利和限制里没有登记号 {row['rrr']}")
        elif table is not BUILDING:
            self._others.add(row["rrr"])
            if row["on_right"] is not None and row["on_right"] not in self._rights:
                yield Fault(table.key, line, "on_right", f"权利表里没有登记号 {row['on_right']}")
        if row.get("until") is not None and row["until"] <= row["first"]:
            yield Fault(table.key, line, "until", "止期不在起期之后")

    def left(self) -> Iterable[Fault]:
        """What is missing when all has been told."""
        for unit in sorted(self._units - self._grounded):
            yield Fault(PARCEL.key, 0, "unit", f"不动产单元 {unit} 没有宗地（地块）")
