"""登记信息查询的公开级别: what whoever asks must know, and what is told then. Declared as data; pure.

Asking needs a unit's code or a certificate's number together with something of the holder, so that nobody can page
through the register by counting codes; what is not there and what does not match gets one and the same answer.
Source: 不动产登记暂行条例 第二十七条 (权利人、利害关系人可以依法查询、复制); 个人信息保护法 第六条 (最小范围).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from types import MappingProxyType


class Level(IntEnum):
    """公开级别."""

    EXISTS = 1
    RIGHTS = 2
    WHOLE = 3

    @property
    def title(self) -> str:
        return {1: "基本情况", 2: "权利摘要", 3: "登记簿内容"}[self]


@dataclass(frozen=True, slots=True)
class Grade:
    """一个级别: who gets it, what is told, and whether the answer leaves a record."""

    who: str
    tells: tuple[str, ...]
    is_recorded: bool


#: Every level tells what the ones below tell, and more.
GRADES: Mapping[Level, Grade] = MappingProxyType(
    {
        Level.EXISTS: Grade(
            "任何人，凭单元代码或证号，加权利人姓名或证件号码末六位",
            ("unit", "kind", "village", "area_m2", "is_burdened", "state"),
            is_recorded=False,
        ),
        Level.RIGHTS: Grade(
            "持有证书的人，凭权利人姓名和证号",
            ("rights", "masked_holder", "term", "restriction_kinds"),
            is_recorded=True,
        ),
        Level.WHOLE: Grade(
            "权利人、利害关系人和有权办理的工作人员，写明用途",
            ("holder", "location", "boundaries", "restrictions", "certificates"),
            is_recorded=True,
        ),
    }
)

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "unit": "不动产单元代码", "kind": "单元类别", "village": "所在区划", "area_m2": "登记面积（平方米）",
        "is_burdened": "是否有限制", "state": "状态", "rights": "权利", "masked_holder": "权利人（隐名）", "term": "权利期限",
        "restriction_kinds": "限制类型", "holder": "权利人", "location": "坐落", "boundaries": "四至",
        "restrictions": "限制", "certificates": "证书和证明",
    }
)  # fmt: skip

#: As many characters of a number prove that somebody knows the holder.
TAIL = 6
LEAST_PURPOSE = 4
#: How often one network may ask, within how long.
MOST_ASKED, WITHIN = 30, timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What was found to be true of a question."""

    knows_code: bool = False
    knows_certificate: bool = False
    knows_name: bool = False
    knows_tail: bool = False
    is_entitled: bool = False
    has_purpose: bool = False


def level_for(known: Known) -> Level | None:
    """The highest level that the question earns; None: nothing is told, not even whether there is such a unit."""
    if not (known.knows_code or known.knows_certificate):
        return None
    if known.is_entitled and known.has_purpose:
        return Level.WHOLE
    if not (known.knows_name or known.knows_tail):
        return None
    return Level.RIGHTS if known.knows_certificate and known.knows_name else Level.EXISTS


def told_at(level: Level) -> tuple[str, ...]:
    """Everything that a level tells, that of the lower ones first."""
    return tuple(name for one in Level if one <= level for name in GRADES[one].tells)


def hidden_name(name: str) -> str:
    """A name as strangers see it: 王某某 stays 王**; of a body the first and the last two characters stay."""
    if len(name) <= 1:
        return "*"
    if len(name) <= 4:
        return name[0] + "*" * (len(name) - 1)
    return f"{name[0]}{'*' * (len(name) - 3)}{name[-2:]}"
