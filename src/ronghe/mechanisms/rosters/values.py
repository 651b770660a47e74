"""Values of fields: from what people and workbooks write, to what is stored, and back to what pages show."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from stdnum.cn import uscc

from .declared import Field, Kind, Roster

_YES, _NO = {"是", "1", "true", "有", "y"}, {"否", "0", "false", "无", "n"}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
#: Names of bodies of rural collectives begin otherwise than the library knows (GB 32100-2015; N: 农业农村部门).
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


class BadValue(ValueError):
    """What is wrong with a value, in words for the person who wrote it."""


@dataclass(slots=True)
class Places:
    """The divisions and zones that may be written: by code, and by name where the name is not ambiguous."""

    codes: Mapping[str, str] = field(default_factory=dict)  # code → name
    zones: Mapping[str, str] = field(default_factory=dict)  # slug → short name
    _names: dict[str, list[str]] = field(init=False, default_factory=dict)
    _zones: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for code, name in self.codes.items():
            self._names.setdefault(name, []).append(code)
        self._zones.update({name: slug for slug, name in self.zones.items()})

    def division(self, text: str) -> str:
        """The code that is meant. Raises: BadValue."""
        if text in self.codes:
            return text
        found = self._names.get(text, [])
        if len(found) == 1:
            return found[0]
        if found:
            raise BadValue(f"有 {len(found)} 个“{text}”，请写 12 位区划代码")
        raise BadValue(f"“{text[:20]}”不在您管辖的区划之内，请核对名称或代码")

    def zone(self, text: str) -> str:
        """The slug that is meant. Raises: BadValue."""
        if text in self.zones:
            return text
        if text in self._zones:
            return self._zones[text]
        raise BadValue(f"没有“{text[:20]}”这个试验区，可选：{'、'.join(self.zones.values())}")


def parsed(one: Field, raw: Any, places: Places) -> Any:
    """The stored form of a value; ``None`` where nothing is written. Raises: BadValue."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        if one.required:
            raise BadValue("必填")
        return None
    if one.kind is Kind.DATE:
        return _date(raw)
    if one.kind is Kind.FLAG:
        return _flag(raw)
    text = _text(raw)
    if one.kind in (Kind.INTEGER, Kind.DECIMAL):
        return _number(one, text)
    if one.kind is Kind.CHOICE:
        return _choice(one, text)
    if one.kind is Kind.DIVISION:
        return places.division(text)
    if one.kind is Kind.ZONE:
        return places.zone(text)
    if one.kind is Kind.USCC:
        return _uscc(text)
    if one.kind is Kind.TELEPHONE:
        return _telephone(text)
    if one.kind is Kind.URL and not re.fullmatch(r"https?://[^\s<>\"]{3,}", text):
        raise BadValue("不是网址，应以 https:// 开头")
    if len(text) > one.limit:
        raise BadValue(f"有 {len(text)} 个字，最多 {one.limit} 个")
    return text


def _text(raw: Any) -> str:
    """As a person sees it: no control characters, no spaces around; a whole number without its ``.0``."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, datetime | date):
        raw = raw.isoformat()[:10]
    plain = "".join(c if c == "\n" or unicodedata.category(c)[0] != "C" else " " for c in str(raw))
    return "\n".join(" ".join(line.split()) for line in plain.split("\n")).strip()


def _number(one: Field, text: str) -> int | str:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise BadValue(f"“{text[:20]}”不是数字") from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 13:
        raise BadValue(f"“{text[:20]}”超出范围")
    if one.kind is Kind.INTEGER:
        if number != number.to_integral_value():
            raise BadValue(f"“{text[:20]}”应为整数")
        return int(number)
    if -number.as_tuple().exponent > one.places:  # type: ignore[operator]
        raise BadValue(f"“{text[:20]}”最多保留 {one.places} 位小数")
    return str(number.quantize(Decimal(1).scaleb(-one.places)))


def _date(raw: Any) -> str:
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    hit = _DAY.fullmatch(text)
    try:
        day = date(*(int(part) for part in hit.groups())) if hit else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year < 2200:
        raise BadValue(f"“{text[:20]}”不是日期，请写成 2026-11-22 的样子")
    return day.isoformat()


def _flag(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    text = _text(raw).lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise BadValue(f"“{text[:20]}”应为 是 或 否")


def _choice(one: Field, text: str) -> str:
    for value, label in one.choices:
        if text in (value, label):
            return value
    raise BadValue(f"“{text[:20]}”不是可选项，可选：{'、'.join(label for _, label in one.choices)}")


def _uscc(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").upper()
    if len(plain) != 18:
        raise BadValue(f"统一社会信用代码应为 18 位，现为 {len(plain)} 位")
    if not _USCC.fullmatch(plain):
        wrong = next(c for c in plain if not _USCC.fullmatch(c * 18))
        raise BadValue(f"统一社会信用代码里不会有“{wrong}”")
    wanted = uscc.calc_check_digit(plain[:-1])
    if plain[-1] != wanted:
        raise BadValue(f"末位校验不符，应为 {wanted}")
    return plain


def _telephone(text: str) -> str:
    if MASK in text:
        return text  # whoever compares it with the record says whether it may stay
    plain = re.sub(r"[\s()（）-]", "", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"(\+?86)?1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}|\d{5}", plain):
        raise BadValue("不是电话号码：手机 11 位，座机带区号")
    return plain


#: What stands for the hidden part of a secret.
MASK = "*"


def masked(text: str) -> str:
    """A secret as pages show it: its beginning and end."""
    if len(text) <= 4:
        return "*" * len(text)
    keep = 3 if len(text) >= 7 else 1
    return text[:keep] + "*" * (len(text) - keep - min(4, keep + 1)) + text[-min(4, keep + 1) :]


def mask_faults(roster: Roster, values: Mapping[str, Any], before: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Secrets that are given masked, other than as they stand: nothing can be stored of them."""
    return [
        (one.name, "写的是掩码，请写完整内容，或去掉这一列")
        for one in roster.fields
        if one.secret and MASK in (values.get(one.name) or "") and values[one.name] != before.get(one.name)
    ]


def state_faults(roster: Roster, values: Mapping[str, Any], state: str) -> list[tuple[str, str]]:
    """What a record of the state must have and these values lack."""
    title = dict(roster.states).get(state, "")
    return [(one.name, f"“{title}”的{roster.noun}必须填写") for one in roster.missing(state, values)]


def shown(one: Field, value: Any, places: Mapping[str, str]) -> Any:
    """A stored value as pages and workbooks show it."""
    if value is None or value == "":
        return None
    if one.kind is Kind.CHOICE:
        return dict(one.choices).get(value, value)
    if one.kind is Kind.FLAG:
        return "是" if value else "否"
    if one.kind in (Kind.DIVISION, Kind.ZONE):
        return places.get(value, value)
    if one.kind is Kind.DECIMAL:
        return Decimal(str(value))
    if one.kind is Kind.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return value


def checked(roster: Roster, given: Mapping[str, Any], places: Places) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The stored values of a record, and what is wrong with which field."""
    values: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for one in roster.fields:
        try:
            values[one.name] = parsed(one, given.get(one.name), places)
        except BadValue as error:
            faults.append((one.name, str(error)))
    if not faults:
        faults = [fault for check in roster.checks for fault in check(values)]
    return values, faults
