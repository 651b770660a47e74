"""承包经营权数据交换表: the tables in which contracted land is handed over, field by field. Pure.

Names of tables and fields, and the widths of codes, contracts, transfers and members, are those of the NY/T 2539 layout
(domain facts on land, a2); widths of names and remarks are the usual ones of that layout and are not verified.
"""

from collections.abc import Mapping
from types import MappingProxyType

from ronghe.kernel.parties.rules import RELATIONS

from . import codes
from .tables import Field, Table, Type

_T = Type

CONTRACTOR_KINDS = MappingProxyType({"1": "农户", "2": "个人", "3": "单位"})
DOCUMENTS = MappingProxyType(
    {"1": "居民身份证", "2": "军官证", "3": "组织机构代码或统一社会信用代码", "4": "户口簿", "5": "护照", "9": "其他"}
)
SEXES = MappingProxyType({"1": "男", "2": "女"})
YES_NO = MappingProxyType({"1": "是", "2": "否"})
#: How the right was got (承包方式); transfers use the same list.
WAYS = MappingProxyType(
    {
        "110": "家庭承包", "120": "其他方式承包", "121": "招标", "122": "拍卖", "123": "公开协商", "129": "其他",
        "200": "转让", "300": "互换", "900": "其他方式",
    }
)  # fmt: skip
USES = MappingProxyType({"1": "种植业", "2": "林业", "3": "畜牧业", "4": "渔业", "5": "非农业"})
REMARKS = MappingProxyType(
    {
        "1": "外嫁女", "2": "入赘男", "3": "在校大学生", "4": "国家公职人员", "5": "军人（军官、士兵）", "6": "新生儿",
        "7": "去世", "9": "其他备注",
    }
)  # fmt: skip
#: 01 (本人) is written for the head of a household as well as 02 (户主).
SELF = "01"
RELATION_CODES: Mapping[str, str] = MappingProxyType({SELF: "本人", **RELATIONS})


def _code(name: str, label: str, width: int, check: object = None, *, required: bool = True) -> Field:
    return Field(name, label, _T.CODE, width, required=required, check=check)  # type: ignore[arg-type]


def _grantor(name: str = "FBFBM") -> Field:
    return _code(name, "发包方代码", 14, codes.read_grantor)


def _contractor(name: str = "CBFBM", label: str = "承包方代码") -> Field:
    return _code(name, label, 18, codes.read_contractor)


def _contract(name: str = "CBHTBM", label: str = "承包合同代码", *, required: bool = True) -> Field:
    return _code(name, label, 19, codes.read_contract, required=required)


def _transfer_code(text: str) -> None:
    if not (text.isascii() and text.isalnum()):
        raise codes.BadCode("流转合同代码应为 18 位数字或字母")


def _area(name: str, label: str, *, required: bool = False) -> Field:
    return Field(name, label, _T.DECIMAL, 15, 2, required)


def _pick(name: str, label: str, width: int, of: Mapping[str, str], *, required: bool = False) -> Field:
    return Field(name, label, _T.CODE, width, required=required, codes=of)


def _day(name: str, label: str, *, required: bool = False) -> Field:
    return Field(name, label, _T.DATE, 10, required=required)


FBF = Table(
    "FBF", "发包方",
    (
        _grantor(), Field("FBFMC", "发包方名称", width=50, required=True), Field("FBFFZRXM", "发包方负责人姓名"),
        _pick("FZRZJLX", "负责人证件类型", 1, DOCUMENTS), Field("FZRZJHM", "负责人证件号码", width=30),
        Field("LXDH", "联系电话", width=15), Field("FBFDZ", "发包方地址", width=100), Field("YZBM", "邮政编码", width=6),
    ),
    ("FBFBM",),
)  # fmt: skip
CBF = Table(
    "CBF", "承包方",
    (
        _contractor(), _pick("CBFLX", "承包方类型", 1, CONTRACTOR_KINDS, required=True),
        Field("CBFMC", "承包方（代表）名称", width=50, required=True),
        _pick("CBFZJLX", "承包方（代表）证件类型", 1, DOCUMENTS, required=True),
        Field("CBFZJHM", "承包方（代表）证件号码", width=20, required=True), Field("CBFDZ", "承包方地址", width=100),
        Field("YZBM", "邮政编码", width=6), Field("LXDH", "联系电话", width=20),
        Field("CBFCYSL", "承包方成员数量", _T.INTEGER, 2),
    ),
    ("CBFBM",),
)  # fmt: skip
CBF_JTCY = Table(
    "CBF_JTCY", "家庭成员",
    (
        _contractor(), Field("CYXM", "成员姓名", width=50, required=True), _pick("CYXB", "成员性别", 1, SEXES, required=True),
        _pick("CYZJLX", "成员证件类型", 1, DOCUMENTS, required=True),
        Field("CYZJHM", "成员证件号码", width=20, required=True),
        _pick("YHZGX", "与户主关系", 2, RELATION_CODES, required=True), _pick("CYBZ", "成员备注", 1, REMARKS),
        _pick("SFGYR", "是否共有人", 1, YES_NO), Field("CYBZSM", "成员备注说明", width=254),
    ),
    ("CYZJLX", "CYZJHM"),
)  # fmt: skip
CBDKXX = Table(
    "CBDKXX", "承包地块信息",
    (
        _code("DKBM", "地块代码", 19, codes.read_plot), Field("DKMC", "地块名称"), _grantor(), _contractor(),
        _pick("CBJYQQDFS", "承包经营权取得方式", 3, WAYS, required=True), _area("HTMJ", "合同面积", required=True),
        _contract(), Field("LZHTBM", "流转合同代码", _T.CODE, 18, check=_transfer_code),
        _contract("CBJYQZBM", "承包经营权证（登记簿）代码", required=False), _area("YHTMJ", "原合同面积"),
        _area("HTMJM", "合同面积（亩）"), _area("YHTMJM", "原合同面积（亩）"), _pick("SFQQQG", "是否确权确股", 1, YES_NO),
        Field("DKDZ", "地块东至"), Field("DKNZ", "地块南至"), Field("DKXZ", "地块西至"), Field("DKBZ", "地块北至"),
    ),
    ("DKBM",),
)  # fmt: skip
CBHT = Table(
    "CBHT", "承包合同",
    (
        _contract(), _contract("YCBHTBM", "原承包合同代码", required=False), _grantor(), _contractor(),
        _pick("CBFS", "承包方式", 3, WAYS, required=True), _day("CBQXQ", "承包期限起", required=True),
        _day("CBQXZ", "承包期限止", required=True), _area("HTZMJ", "合同总面积", required=True),
        Field("CBDKZS", "承包地块总数", _T.INTEGER, 3, required=True), _day("QDSJ", "签订时间"),
        _area("HTZMJM", "合同总面积（亩）"), _area("YHTZMJ", "原合同总面积"), _area("YHTZMJM", "原合同总面积（亩）"),
    ),
    ("CBHTBM",),
)  # fmt: skip
CBJYQZDJB = Table(
    "CBJYQZDJB", "承包经营权登记簿",
    (
        _contract("CBJYQZBM", "承包经营权证（登记簿）代码"), _grantor(), _contractor(),
        _pick("CBFS", "承包方式", 3, WAYS, required=True), Field("CBQX", "承包期限", width=30),
        _day("CBQXQ", "承包期限起", required=True), _day("CBQXZ", "承包期限止", required=True),
        Field("DJBFJ", "登记簿附记", width=254), Field("DBR", "登簿人"), _day("DJSJ", "登记时间"),
    ),
    ("CBJYQZBM",),
)  # fmt: skip
CBJYQZ = Table(
    "CBJYQZ", "承包经营权证",
    (
        _contract("CBJYQZBM", "承包经营权证（登记簿）代码"), Field("FZJG", "发证机关", width=50, required=True),
        _day("FZRQ", "发证日期", required=True), _pick("QZSFLQ", "权证是否领取", 1, YES_NO), _day("QZLQRQ", "权证领取日期"),
        Field("QZLQRXM", "权证领取人姓名"),
    ),
    ("CBJYQZBM",),
)  # fmt: skip
LZHT = Table(
    "LZHT", "流转合同",
    (
        _contract(), _code("LZHTBM", "流转合同代码", 18, _transfer_code), _contractor(),
        _contractor("SRFBM", "受让方代码"), _pick("LZFS", "流转方式", 3, WAYS, required=True),
        Field("LZQX", "流转期限", width=10), _day("LZQXKSRQ", "流转期限开始日期", required=True),
        _day("LZQXJSRQ", "流转期限结束日期", required=True), _area("LZMJ", "流转面积", required=True),
        _area("LZMJM", "流转面积（亩）"), Field("LZDKS", "流转地块数", _T.INTEGER, 3, required=True),
        _pick("LZQTDYT", "流转前土地用途", 1, USES), _pick("LZHTDYT", "流转后土地用途", 1, USES),
        Field("LZJGSM", "流转费用说明", width=100), _day("HTQDRQ", "合同签订日期", required=True),
    ),
    ("LZHTBM",),
)  # fmt: skip

TABLES: tuple[Table, ...] = (FBF, CBF, CBF_JTCY, CBDKXX, CBHT, CBJYQZDJB, CBJYQZ, LZHT)
BY_KEY: Mapping[str, Table] = MappingProxyType({one.key: one for one in TABLES})
#: Without these there is nothing to take over.
NEEDED = ("FBF", "CBF", "CBF_JTCY", "CBDKXX", "CBHT")
