"""规则册 (rulebook): how a rule is declared, what facts and parameters it takes, and how it is found.

A rule is a pure function of facts and parameters::

    @dataclass(frozen=True, slots=True)
    class AgreementFacts:
        area_mu: Fraction | None = fact("宗地面积", unit="亩")
        is_scattered: bool | None = fact("属于零星地块", required=False)

    @rule(
        "entry.agreement_exception", "协议方式入市的例外", room="EXC", matter="D3",
        covers=("R-009", "R-010", "R-011"), parameters=("entry.agreement.area_max",),
    )
    def agreement_exception(facts: AgreementFacts, given: Given) -> Ruling[bool | None]: …

Rooms keep their rules in ``rules.py`` (or a package of that name); :func:`all_rules` finds them. A fact that is not
known is ``None``: it is never taken for "no". What rules are made of stands in ``checks.py``.
"""

import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import ronghe
from ronghe.kernel.errors import Invalid, NotFound

from .ruling import Clause, Ruling
from .values import BadValue, Kind, UnitMismatch, Value, converted, parse, shown

F = TypeVar("F", bound=Callable[..., Ruling[Any]])


class RuleNotFound(NotFound):
    """No rule has this code."""

    code = "policy.rule_not_found"
    message = "没有代码为“{rule}”的规则。用 ronghe rule list 或政策库查看全部规则。"


class FactsInvalid(Invalid):
    """Facts that the rule cannot take: each named with what is wrong and how to mend it."""

    code = "policy.facts_invalid"
    message = "规则“{rule}”的事实有 {count} 处要改：{listing}"

    @classmethod
    def of(cls, rule: str, faults: Sequence[tuple[str, str]]) -> "FactsInvalid":
        return cls(
            rule=rule,
            count=len(faults),
            listing="；".join(f"{name}：{what}" for name, what in faults),
            faults=[{"fact": name, "what": what} for name, what in faults],
        )


class Basis(StrEnum):
    """依据日: which day picks the version of a parameter."""

    EVENT = "event"
    CASE_OPENED = "case_opened"
    VOTE = "vote"
    SIGNED = "signed"
    YEAR_START = "year_start"

    @property
    def title(self) -> str:  # type: ignore[override]
        return {
            "event": "事项发生日",
            "case_opened": "受理日",
            "vote": "表决日",
            "signed": "签约日",
            "year_start": "年度首日",
        }[self.value]


# -- facts ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """事实: one thing that a rule needs to know. ``kind`` is never a table."""

    name: str
    kind: Kind
    meaning: str
    unit: str
    required: bool
    choices: tuple[str, ...]


def fact(meaning: str, *, unit: str = "", required: bool = True, choices: Sequence[str] = ()) -> Any:
    """Declare a fact of a frozen dataclass; its annotation gives the type, None stands for "not known".

    Args: ``unit`` as pages show it (亩, m2, 年, 人, 元); ``required`` is False for a fact that only some zones or some
        answers need; ``choices`` are all that a text or a member of a set may be.
    """
    return field(default=None, metadata={"fact": (meaning, unit, required, tuple(choices))})


_KINDS: Mapping[Any, Kind] = {
    bool: Kind.BOOLEAN,
    int: Kind.INTEGER,
    Fraction: Kind.NUMBER,
    date: Kind.DATE,
    str: Kind.TEXT,
    frozenset[str]: Kind.SET,
    tuple[str, ...]: Kind.LIST,
}


_FACTS: dict[type[Any], Mapping[str, Fact]] = {}


def facts_of(declared: type[Any]) -> Mapping[str, Fact]:
    """The facts of a facts class by name, in order. Raises: TypeError when it is not declared as it should be."""
    if declared not in _FACTS:
        _FACTS[declared] = {one.name: one for one in _read_facts(declared)}
    return _FACTS[declared]


def _read_facts(declared: type[Any]) -> Iterator[Fact]:
    hints = get_type_hints(declared)
    for one in fields(declared):
        meaning, unit, required, choices = one.metadata["fact"]
        kinds = [arg for arg in get_args(hints[one.name]) if arg is not types.NoneType]
        if get_origin(hints[one.name]) not in (Union, types.UnionType) or len(kinds) != 1 or kinds[0] not in _KINDS:
            raise TypeError(f"{declared.__name__}.{one.name}: write one of {list(_KINDS)} or None")
        if one.default is MISSING:
            raise TypeError(f"{declared.__name__}.{one.name}: declare it with fact(…)")
        yield Fact(one.name, _KINDS[kinds[0]], meaning, unit, required, choices)


# -- parameters ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InForce:
    """在用的参数值: what a parameter is for one zone on one day, and where that comes from.

    ``status`` is ``set``; ``assumed`` (a working value, 待地方确定); ``unset`` (ordered without a number, a person must
    enter it); or ``absent`` (no document that binds the zone speaks of it).
    """

    id: str
    title: str
    kind: Kind
    value: Value | None = None
    unit: str = ""
    status: Literal["set", "assumed", "unset", "absent"] = "absent"
    zone: str = ""  # slug of the zone that states it, "national", or empty
    starts: date | None = None
    cite: tuple[Clause, ...] = ()
    source: str = ""
    author: str = ""  # who entered a local value
    in_use: bool = True  # a value that is off is shown and never used
    idle: Value | None = None  # what a document proposes or a reference says, off, where nothing is in use

    @property
    def is_stated(self) -> bool:
        """Whether some document or person speaks of it, with or without a value."""
        return self.status != "absent"

    def __str__(self) -> str:
        if self.status == "absent":
            proposed = (
                f"（提出而未启用：{shown(self.idle, kind=self.kind, unit=self.unit)}）" if self.idle is not None else ""
            )
            return f"没有规定{proposed}"
        if self.value is None:
            return "待地方确定"
        text = shown(self.value, kind=self.kind, unit=self.unit)
        return f"{text}（待地方确定）" if self.status == "assumed" else text


class Given(Mapping[str, InForce]):
    """参数: what a rule is given. Asking for a parameter that the rule did not declare is our bug (KeyError)."""

    __slots__ = ("_values",)

    def __init__(self, values: Iterable[InForce]) -> None:
        self._values = {value.id: value for value in values}

    def __getitem__(self, name: str) -> InForce:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def number(self, name: str) -> Fraction | None:
        """The value of a ratio, number or integer, None where there is none."""
        value = self._values[name].value
        return None if value is None else Fraction(cast(Fraction, value))

    def flag(self, name: str) -> bool:
        """Whether a yes/no parameter is stated and says yes."""
        return self._values[name].value is True

    def members(self, name: str) -> frozenset[str]:
        """The members of a set or list; empty where there is none."""
        value = self._values[name].value
        return frozenset(cast(Iterable[str], value)) if value is not None else frozenset()

    def table(self, name: str) -> Mapping[str, Fraction]:
        """The lines of a table; empty where there is none."""
        value = self._values[name].value
        return cast(Mapping[str, Fraction], value) if value is not None else {}


# -- rules ---------------------------------------------------------------------------------------------------------


class RuleFunction(Protocol):
    """A pure function of facts and parameters."""

    def __call__(self, facts: Any, given: Given, /) -> Ruling[Any]: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """规则: one pure function under its public code."""

    code: str
    title: str
    room: str
    matter: str
    covers: tuple[str, ...]
    parameters: tuple[str, ...]
    facts_type: type
    function: RuleFunction

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(facts_of(self.facts_type).values())

    @property
    def explanation(self) -> str:
        """The first line of the function's docstring."""
        return (self.function.__doc__ or "").strip().partition("\n")[0]


_RULES: dict[str, Rule] = {}


def rule(
    code: str,
    title: str,
    *,
    room: str,
    covers: Sequence[str],
    parameters: Sequence[str] = (),
    matter: str = "",
) -> Callable[[F], F]:
    """Enter a function in the rulebook under its public ``code``.

    Args: ``room`` is one of the twelve (EXC, EXI …); ``matter`` the row of the comparison (D3) where zones differ;
        ``covers`` the ids of the inventory of rules; ``parameters`` the ids that the function asks for.
    """

    def enter(function: F) -> F:
        facts_type = get_type_hints(function)["facts"]
        made = Rule(code, title, room, matter, tuple(covers), tuple(parameters), facts_type, function)
        known = _RULES.setdefault(code, made)
        if known.function.__module__ != function.__module__ or known.function.__name__ != function.__name__:  # type: ignore[attr-defined]
            raise ValueError(f"two rules are called {code}")
        facts_of(facts_type)
        return function

    return enter


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule of every room, by code: the modules named ``rules`` below ``ronghe`` are imported once."""
    root = Path(ronghe.__file__).parent
    for file in sorted((*root.rglob("rules.py"), *root.rglob("rules/*.py"))):
        if "tests" not in file.parts:
            import_module(".".join(("ronghe", *file.relative_to(root).with_suffix("").parts)).removesuffix(".__init__"))
    return dict(sorted(_RULES.items()))


def rule_named(code: str) -> Rule:
    """The rule of a code. Raises: RuleNotFound."""
    found = all_rules().get(code)
    if found is None:
        raise RuleNotFound(rule=code)
    return found


def apply(of: Rule, facts: Mapping[str, Any], given: Given) -> Ruling[Any]:
    """Run a rule on facts as a person or a program states them. Raises: FactsInvalid."""
    return of.function(facts_from(of, facts), given)


def facts_from(of: Rule, stated: Mapping[str, Any]) -> Any:
    """The facts object of a rule from plain values: numbers, texts, lists, or ``{"value": …, "unit": …}``.

    An absent fact and one that is null are not known. Raises: FactsInvalid, with every fault.
    """
    known = {one.name: one for one in of.facts}
    faults = [(name, f"没有这个事实，可用的有：{'、'.join(known) or '（无）'}") for name in stated if name not in known]
    values: dict[str, Any] = {}
    for name, raw in stated.items():
        if name in known and raw is not None:
            try:
                values[name] = fact_value(known[name], raw)
            except BadValue as error:
                faults.append((name, str(error)))
            except UnitMismatch as error:
                faults.append((name, error.text))
    if faults:
        raise FactsInvalid.of(of.code, faults)
    return of.facts_type(**values)


def fact_value(of: Fact, raw: Any) -> Value:
    """One fact from a plain value, or from ``{"value": …, "unit": …}``. Raises: BadValue, UnitMismatch."""
    given_unit = of.unit
    if isinstance(raw, Mapping):
        if set(raw) != {"value", "unit"} or not isinstance(raw["unit"], str):
            raise BadValue('写成数值，或 {"value": 数值, "unit": "单位"}')
        raw, given_unit = raw["value"], raw["unit"]
        if of.kind not in (Kind.NUMBER, Kind.INTEGER):
            raise BadValue("这个事实没有单位")
    value = _typed(of, raw)
    if given_unit != of.unit:
        number = converted(Fraction(cast(Fraction, value)), name=of.meaning, given=given_unit, wanted=of.unit)
        if of.kind is Kind.INTEGER and number.denominator != 1:
            raise BadValue(f"换算成 {of.unit} 后不是整数")
        value = int(number) if of.kind is Kind.INTEGER else number
    if of.kind in (Kind.NUMBER, Kind.INTEGER) and cast(Fraction, value) < 0:
        raise BadValue("不能小于 0")
    return value


def _typed(of: Fact, raw: Any) -> Value:
    """A plain value as the fact's type; a decimal is taken exactly as written, never through a float."""
    kind = of.kind
    if kind is Kind.BOOLEAN:
        if isinstance(raw, bool):
            return raw
        return parse(kind, [str(raw)])
    if isinstance(raw, bool):
        raise BadValue(f"应当是{kind.title}，写的是 {str(raw).lower()}")
    if kind is Kind.NUMBER:
        if isinstance(raw, float):
            raw = repr(raw)  # the shortest decimal that means this float: what the person wrote
        if isinstance(raw, int | Decimal | Fraction):
            return _finite(raw)
        text = str(raw).strip().replace(",", "")
        try:
            return _finite(Decimal(text)) if "/" not in text else parse(kind, [text])
        except ArithmeticError:
            raise BadValue(f"“{raw}”不是数值") from None
    if kind is Kind.INTEGER:
        if isinstance(raw, float | Decimal):
            exact = _finite(Decimal(repr(raw)) if isinstance(raw, float) else raw)
            if exact.denominator != 1:
                raise BadValue(f"“{raw}”不是整数")
            raw = exact.numerator
        return parse(kind, [str(raw).strip()])
    if kind in (Kind.SET, Kind.LIST):
        if isinstance(raw, str):
            raw = [part.strip() for part in raw.replace("，", "、").replace(",", "、").split("、") if part.strip()]
        if not isinstance(raw, Iterable) or isinstance(raw, Mapping):
            raise BadValue("写成列表")
        members = [str(one) for one in raw]
        # Nothing of the kind is a known fact too, unlike a parameter's empty set.
        return parse(kind, members, choices=of.choices) if members else (frozenset() if kind is Kind.SET else ())
    if isinstance(raw, date) and kind is Kind.DATE:
        return date(raw.year, raw.month, raw.day)
    if not isinstance(raw, str):
        raise BadValue(f"应当是{kind.title}，写的是 {raw}")
    return parse(kind, [raw.strip()], choices=of.choices)


def _finite(number: int | Decimal | Fraction) -> Fraction:
    if isinstance(number, Decimal) and (not number.is_finite() or abs(number.adjusted()) > 40):
        raise BadValue(f"“{number}”不是数值，或者过大过小")
    return Fraction(number)
