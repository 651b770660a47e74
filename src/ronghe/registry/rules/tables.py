"""Declared tables of exchange files: their fields with width, type and code list, and what is wrong with a cell. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from .codes import BadCode

#: What no cell may hold: signs that XML and the database cannot keep.
_UNHOLDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
#: From here on a spreadsheet's number no longer holds every digit of a code.
_LOSES_DIGITS = 10**15


class Type(StrEnum):
    """字段类型."""

    TEXT = "text"
    CODE = "code"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Field:
    """字段: ``width`` counts characters, of a decimal its digits before and after the point; a code fills its width."""

    name: str
    label: str
    type: Type = Type.TEXT
    width: int = 50
    places: int = 0
    required: bool = False
    codes: Mapping[str, str] | None = None
    check: Callable[[str], object] | None = None

    @property
    def kind(self) -> str:
        """Type and width as the documents write them: 字符 19, 小数 15,2."""
        match self.type:
            case Type.DECIMAL:
                return f"小数 {self.width},{self.places}"
            case Type.INTEGER:
                return f"整数 {self.width}"
            case Type.DATE:
                return "日期"
            case _:
                return f"字符 {self.width}"


Value = str | int | Decimal | date | None
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """数据表: ``key_fields`` tell its rows apart."""

    key: str
    title: str
    fields: tuple[Field, ...]
    key_fields: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.fields]

    def field(self, name: str) -> Field:
        return next(one for one in self.fields if one.name == name)


@dataclass(frozen=True, slots=True)
class Fault:
    """错误: in which table, line and field, and what is wrong. Line 0 is the table as a whole."""

    table: str
    line: int
    field: str
    what: str


def read_row(table: Table, given: Row) -> tuple[dict[str, Value], list[tuple[str, str]]]:
    """The values of a row, and (field, what is wrong) of each cell that holds none. Pure."""
    values: dict[str, Value] = {}
    faults = []
    for one in table.fields:
        try:
            values[one.name] = read_cell(one, given.get(one.name))
        except BadCode as error:
            values[one.name] = None
            faults.append((one.name, str(error)))
    return values, faults


def faults(table: Table, row: Row) -> list[tuple[str, str]]:
    """What is wrong with a row by itself: (field, what)."""
    return read_row(table, row)[1]


def read_cell(one: Field, raw: Any) -> Value:
    """A cell in its normal form; None when it is empty. Raises: BadCode with what is wrong, for whoever wrote it."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        if one.required:
            raise BadCode("必填，不能为空")
        return None
    match one.type:
        case Type.DECIMAL:
            return _decimal(one, raw)
        case Type.INTEGER:
            return _integer(one, raw)
        case Type.DATE:
            return _date(raw)
        case _:
            return _text(one, raw)


def _text(one: Field, raw: Any) -> str:
    if isinstance(raw, bool):
        raise BadCode("应为文字，现为是或否")
    if isinstance(raw, int | float):
        if raw != raw or abs(raw) >= _LOSES_DIGITS:
            raise BadCode("单元格是数字格式，长代码会丢失末几位；请把这一列设为文本后重新填写")
        raw = int(raw) if float(raw).is_integer() else raw
        text = str(raw).zfill(one.width) if one.type is Type.CODE and isinstance(raw, int) else str(raw)
    else:
        text = str(raw)
    if _UNHOLDABLE.search(text):
        raise BadCode("含有不能保存的控制字符")
    text = " ".join(text.split())
    if one.type is Type.CODE:
        if len(text) != one.width:
            raise BadCode(f"应为 {one.width} 位，现为 {len(text)} 位")
    elif len(text) > one.width:
        raise BadCode(f"不能超过 {one.width} 个字，现为 {len(text)} 个")
    if one.codes is not None and text not in one.codes:
        listed = "、".join(f"{code} {title}" for code, title in list(one.codes.items())[:12])
        raise BadCode(f"“{text[:20]}”不在代码表里，应为：{listed}")
    if one.check is not None:
        one.check(text)
    return text


def _decimal(one: Field, raw: Any) -> Decimal:
    try:
        value = raw if isinstance(raw, Decimal) else Decimal(str(raw).replace(",", "").strip())
    except InvalidOperation:
        raise BadCode(f"“{str(raw)[:20]}”不是数字") from None
    if not value.is_finite() or isinstance(raw, bool):
        raise BadCode("不是数字")
    if value < 0:
        raise BadCode("不能小于 0")
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)  # it is finite
    if -exponent > one.places:
        raise BadCode(f"小数不超过 {one.places} 位，现为 {value}")
    if value >= 10 ** (one.width - one.places):
        raise BadCode(f"超出 {one.width - one.places} 位整数的宽度")
    return value.quantize(Decimal(1).scaleb(-one.places))


def _integer(one: Field, raw: Any) -> int:
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation:
        raise BadCode(f"“{str(raw)[:20]}”不是整数") from None
    if not number.is_finite() or number != number.to_integral_value() or isinstance(raw, bool):
        raise BadCode(f"“{str(raw)[:20]}”不是整数")
    if not 0 <= number < 10**one.width:
        raise BadCode(f"应在 0 到 {10**one.width - 1} 之间")
    return int(number)


def _date(raw: Any) -> date:
    if isinstance(raw, datetime):
        found = raw.date()
    elif isinstance(raw, date):
        found = raw
    else:
        parts = re.fullmatch(
            r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", str(raw).strip().partition(" ")[0], re.ASCII
        )
        if parts is None:
            raise BadCode(f"“{str(raw)[:20]}”不是日期，请写成 2026-11-22 的样子")
        try:
            found = date(*map(int, parts.groups()))
        except ValueError:
            raise BadCode(f"没有 {str(raw)[:20]} 这一天") from None
    if not 1900 <= found.year < 2200:
        raise BadCode(f"{found} 不在 1900 年至 2199 年之间")
    return found


def twice(table: Table, lines: Sequence[tuple[int, Row]]) -> Iterator[Fault]:
    """Rows whose key stood in an earlier line."""
    seen: dict[tuple[Any, ...], int] = {}
    for line, row in lines:
        key = tuple(row.get(name) for name in table.key_fields)
        if any(part is None for part in key):
            continue
        first = seen.setdefault(key, line)
        if first != line:
            labels = "、".join(table.field(name).label for name in table.key_fields)
            yield Fault(table.key, line, table.key_fields[0], f"{labels}和第 {first} 行相同")
