"""字段识别: which column of a survey's table holds what, by Chinese heads and by the letters that surveyors use. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..rules.kinds import UnitKind

#: Kinds whose parcels bear buildings (房地一体).
BUILT_KINDS = frozenset({UnitKind.HOMESTEAD, UnitKind.CONSTRUCTION, UnitKind.STATE})
#: Kinds whose right runs for a term of a contract.
CONTRACT_KINDS = frozenset({UnitKind.CONTRACTED, UnitKind.CONTRACTED_FOREST})
#: Kinds whose right a household holds together (户为单位; 农村土地承包法 第十六条).
HOUSEHOLD_KINDS = frozenset({UnitKind.HOMESTEAD}) | CONTRACT_KINDS


@dataclass(frozen=True, slots=True)
class SurveyField:
    """一个字段: what people call it, and how its column may be headed."""

    name: str
    label: str
    heads: tuple[str, ...]
    example: str = ""
    kinds: frozenset[UnitKind] | None = None


def _f(name: str, label: str, heads: str, example: str = "", kinds: frozenset[UnitKind] | None = None) -> SurveyField:
    return SurveyField(name, label, (label, *heads.split()), example, kinds)


#: Pinyin heads are those of the cadastral (TD/T, 不动产登记数据库) and the contracted-land (NY/T 2539) layouts.
FIELDS: tuple[SurveyField, ...] = (
    _f("unit_code", "不动产单元号", "不动产单元代码 单元号 BDCDYH BDCDYDM", "370322001200JC00001W00000000"),
    _f("parcel_code", "宗地代码", "宗地号 宗地编码 ZDDM ZDH", "370322001200JC00001"),
    _f("plot_code", "地块编码", "地块代码 承包地块代码 承包地块编码 DKBM", "3703220012000000001", CONTRACT_KINDS),
    _f("village", "村代码", "行政区划代码 权属单位代码 坐落单位代码 发包方编码 发包方代码 XZQDM QSDWDM ZLDWDM FBFBM", "370322001200"),
    _f("holder", "权利人", "权利人名称 权利人姓名 承包方名称 承包方代表 户主 户主姓名 QLR QLRMC CBFMC HZ", "张三"),
    _f("identity", "证件号", "证件号码 权利人证件号 身份证号 身份证号码 统一社会信用代码 ZJH ZJHM QLRZJH CBFZJHM SFZH", "18 位证件号"),
    _f("contractor", "承包方代码", "承包方编码 CBFBM CBFDM", "", CONTRACT_KINDS),
    _f("share", "份额", "权利份额 共有份额 权利比例 QLBL GYFE", "1/2、1/2"),
    _f("area", "实测面积", "宗地面积 面积 实测面积(平方米) 面积(平方米) SCMJ ZDMJ MJ", "200.00"),
    _f("area_mu", "实测面积(亩)", "实测面积亩 面积(亩) 亩数 SCMJM"),
    _f("use", "用途", "土地用途 TDYT YT", "农村宅基地"),
    _f("location", "坐落", "宗地坐落 地块名称 ZL TDZL DKMC", "甲村 1 号"),
    _f("north", "北至", "宗地四至北 地块北至 ZDSZB DKBZ"),
    _f("east", "东至", "宗地四至东 地块东至 ZDSZD DKDZ"),
    _f("south", "南至", "宗地四至南 地块南至 ZDSZN DKNZ"),
    _f("west", "西至", "宗地四至西 地块西至 ZDSZX DKXZ"),
    _f("neighbours", "四至", "宗地四至 ZDSZ SZ", "东至道路；南至李四；西至河；北至张五"),
    _f("structure", "房屋结构", "结构 FWJG", "砖混", BUILT_KINDS),
    _f("floors", "层数", "总层数 ZCS CS", "1", BUILT_KINDS),
    _f("house_area", "建筑占地面积", "房屋占地面积 JZZDMJ FWZDMJ", "", BUILT_KINDS),
    _f("floor_area", "建筑面积", "房屋建筑面积 实测建筑面积 JZMJ SCJZMJ", "", BUILT_KINDS),
    # Any right may be for a term, such as one of construction land that was let or of water works; some must be.
    _f("first_day", "起始日期", "权利起始日期 起始日 承包期限起 承包起始日期 QLQSSJ CBQXQ", "2016-01-01"),
    _f("last_day", "终止日期", "权利终止日期 终止日 承包期限止 承包终止日期 QLJSSJ CBQXZ", "2045-12-31"),
    _f("contract", "承包合同代码", "承包合同编码 合同编号 CBHTBM CBHTDM HTBH", "", CONTRACT_KINDS),
    _f("wkt", "图形", "几何图形 WKT GEOMETRY GEOM", "POLYGON((…))"),
    _f("points", "界址点坐标", "界址点 坐标 JZDZB", "117.8,37.17;117.81,37.17;…"),
)  # fmt: skip
LABELS: Mapping[str, str] = {one.name: one.label for one in FIELDS}
#: What belongs to a parcel of an outlines file by the code in these columns, in this order.
KEYS = ("unit_code", "parcel_code", "plot_code")


def plain(cell: object) -> str:
    """A head as it is compared: without blanks and stars, half-width brackets, small letters."""
    text = "".join(str(cell if cell is not None else "").replace("（", "(").replace("）", ")").split())
    return text.strip("*＊").lower()


_BY_HEAD = {plain(head): one.name for one in FIELDS for head in one.heads}


def recognised(heads: Sequence[object]) -> tuple[dict[str, int], list[str]]:
    """Which column holds which field, and the heads that name none. Of two of one field the first counts."""
    found: dict[str, int] = {}
    strange: list[str] = []
    for place, head in enumerate(heads):
        name = _BY_HEAD.get(plain(head))
        if name is not None and name not in found:
            found[name] = place
        elif plain(head):
            strange.append(str(head).strip())
    return found, strange


def wanted(kind: UnitKind) -> list[SurveyField]:
    """The columns of a template for a kind of unit."""
    return [one for one in FIELDS if one.kinds is None or kind in one.kinds]
