"""Values of parameters and facts: their types, how they are written, and how they are shown.

A number is an exact :class:`~fractions.Fraction`, never a float: two thirds is ``2/3``, five per cent is ``1/20``.
Written form (packs, the database): a tuple of texts, one for a single value, one per member of a set or list, and
``name=number`` per line of a table.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from ronghe.kernel.errors import Invalid

Value: TypeAlias = bool | int | Fraction | date | str | frozenset[str] | tuple[str, ...] | Mapping[str, Fraction]

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_FRACTION = re.compile(r"(-?(?:0|[1-9][0-9]{0,17}))(?:/([1-9][0-9]{0,17}))?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Kind(StrEnum):
    """类型: what a value is."""

    RATIO = "ratio"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    TEXT = "text"
    SET = "set"
    LIST = "list"
    TABLE = "table"

    @property
    def title(self) -> str:  # type: ignore[override]
        """What pages show."""
        return _TITLES[self]


_TITLES: dict[str, str] = {
    "ratio": "比例",
    "number": "数值",
    "integer": "整数",
    "boolean": "是否",
    "date": "日期",
    "text": "选项",
    "set": "集合",
    "list": "顺序",
    "table": "对照表",
}

#: How a person mends a value that does not fit its type.
HINTS: dict[Kind, str] = {
    Kind.RATIO: "比例写成 0 到 1 之间的分数，如 2/3、1/20，不写小数和百分号",
    Kind.NUMBER: "写整数或分数，如 5、2000/3，不写小数",
    Kind.INTEGER: "写整数，如 50",
    Kind.BOOLEAN: "写 true 或 false",
    Kind.DATE: "日期写成 2020-12-31 的样子",
    Kind.TEXT: "写一个选项",
    Kind.SET: "每项写一个，不重复",
    Kind.LIST: "按先后顺序每项写一个，不重复",
    Kind.TABLE: "每行写“名称: 数值”，数值用整数或分数",
}


class BadValue(ValueError):
    """A written value does not fit its type; the text says how in Chinese."""


class UnitMismatch(Invalid):
    """A quantity in a unit that measures something else."""

    code = "policy.unit_mismatch"
    message = "“{name}”的单位应为“{wanted}”，给的是“{given}”。请换算后重填。"


def parse(kind: Kind, written: Sequence[str], *, choices: Sequence[str] = ()) -> Value:
    """The value that ``written`` stands for. Raises: BadValue."""
    if kind in (Kind.SET, Kind.LIST):
        return _members(kind, written, choices)
    if kind is Kind.TABLE:
        return _table(written, choices)
    if len(written) != 1:
        raise BadValue(f"只能有一个值，写了 {len(written)} 个")
    text = written[0]
    if kind in (Kind.RATIO, Kind.NUMBER):
        number = _number(text)
        if kind is Kind.RATIO and not 0 <= number <= 1:
            raise BadValue(f"“{text}”不在 0 和 1 之间")
        return number
    if kind is Kind.INTEGER:
        if not _INTEGER.fullmatch(text):
            raise BadValue(f"“{text}”不是整数")
        if int(text) < 0:
            raise BadValue(f"“{text}”小于 0")
        return int(text)
    if kind is Kind.BOOLEAN:
        if text not in ("true", "false"):
            raise BadValue(f"“{text}”不是 true 或 false")
        return text == "true"
    if kind is Kind.DATE:
        return _day(text)
    return _choice(text, choices)


def _number(text: str) -> Fraction:
    """A number as parameters have them: areas, years, shares, money, none of them below zero."""
    found = _FRACTION.fullmatch(text)
    if not found:
        raise BadValue(f"“{text}”不是整数或分数")
    number = Fraction(int(found[1]), int(found[2] or 1))
    if number < 0:
        raise BadValue(f"“{text}”小于 0")
    return number


def _day(text: str) -> date:
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise BadValue(f"“{text}”不是有效的日期") from None


def _choice(text: str, choices: Sequence[str]) -> str:
    if not text.strip():
        raise BadValue("没有内容")
    if choices and text not in choices:
        raise BadValue(f"“{text}”不在可选范围内（{'、'.join(choices)}）")
    return text


def _members(kind: Kind, written: Sequence[str], choices: Sequence[str]) -> frozenset[str] | tuple[str, ...]:
    if not written:
        raise BadValue("没有内容")
    members = tuple(_choice(text, choices) for text in written)
    if twice := sorted({m for m in members if members.count(m) > 1}):
        raise BadValue(f"“{'、'.join(twice)}”写了不止一次")
    return frozenset(members) if kind is Kind.SET else members


def _table(written: Sequence[str], choices: Sequence[str]) -> Mapping[str, Fraction]:
    table: dict[str, Fraction] = {}
    for line in written:
        name, sign, number = line.rpartition("=")
        if not sign:
            raise BadValue(f"“{line}”不是“名称=数值”")
        if name in table:
            raise BadValue(f"“{name}”写了不止一次")
        table[_choice(name, choices)] = _number(number)
    if not table:
        raise BadValue("没有内容")
    return table


def typed(kind: Kind, line: str) -> str:
    """A line as people type it in the written form: of a table, ``工业: 50`` is ``工业=50``."""
    line = line.strip()
    return re.sub("[:：] *", "=", line, count=1) if kind is Kind.TABLE and "=" not in line else line


def written(value: Value) -> tuple[str, ...]:
    """The written form of a value: the inverse of :func:`parse`; a set in the order of its members' names."""
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, date):
        return (value.isoformat(),)
    if isinstance(value, frozenset):
        return tuple(sorted(value))
    if isinstance(value, tuple):
        return value
    if isinstance(value, Mapping):
        return tuple(f"{name}={number}" for name, number in value.items())
    return (str(value),)


def shown(value: Value | None, *, kind: Kind, unit: str = "") -> str:
    """What pages and findings say: ``三分之二``-style fractions stay ``2/3``; units follow their figures."""
    if value is None:
        return "未定"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return "、".join(sorted(value))
    if isinstance(value, tuple):
        return "→".join(value) if kind is Kind.LIST else "、".join(value)
    if isinstance(value, Mapping):
        return "，".join(f"{name} {figure(number)}{space(unit)}" for name, number in value.items())
    if isinstance(value, str):
        return value
    if kind is Kind.RATIO:
        return percent(Fraction(value))
    return f"{figure(Fraction(value))}{space(unit)}"


def space(unit: str) -> str:
    """A unit as it follows a figure."""
    return f" {unit}" if unit else ""


def figure(number: Fraction) -> str:
    """An exact number as people read it: ``3,333.33`` where that is exact, else as a fraction."""
    if number.denominator == 1:
        return f"{number.numerator:,}"
    for places in (1, 2, 3, 4):
        if (number * 10**places).denominator == 1:
            return f"{float(number):,.{places}f}"
    return f"{number.numerator}/{number.denominator}"


def yuan(fen: int) -> str:
    """Whole fen as the yuan that people read."""
    return figure(Fraction(fen, 100))


def percent(ratio: Fraction) -> str:
    """A ratio as a percentage where that is exact to two places, else as a fraction: 1/20 is 5%, 2/3 stays 2/3."""
    hundredfold = ratio * 100
    if (hundredfold * 100).denominator != 1:
        return f"{ratio.numerator}/{ratio.denominator}"
    return f"{figure(hundredfold)}%"


#: Units that measure the same, each as its exact multiple of the first one of its family.
_FAMILIES: tuple[Mapping[str, Fraction], ...] = (
    {"m2": Fraction(1), "亩": Fraction(2000, 3), "公顷": Fraction(10_000), "km2": Fraction(1_000_000)},
    {"分": Fraction(1), "元": Fraction(100), "万元": Fraction(1_000_000), "亿元": Fraction(10_000_000_000)},
    {"": Fraction(1), "ratio": Fraction(1), "%": Fraction(1, 100)},  # a share has no unit of its own
)
_SPELLINGS = {
    "m²": "m2",
    "平方米": "m2",
    "平方公里": "km2",
    "km²": "km2",
    "fen": "分",
    "比例": "ratio",
    "hm²": "公顷",
    "hm2": "公顷",
}


def converted(number: Fraction, *, name: str, given: str, wanted: str) -> Fraction:
    """``number`` of unit ``given`` in unit ``wanted``, exactly. Raises: UnitMismatch."""
    given, wanted = (_SPELLINGS.get(unit.strip(), unit.strip()) for unit in (given, wanted))
    if given == wanted:
        return number
    for family in _FAMILIES:
        if given in family and wanted in family:
            return number * family[given] / family[wanted]
    raise UnitMismatch(name=name, wanted=wanted or "（无单位）", given=given or "（无单位）")
