"""规则册 (rulebook): how a rule is declared, what facts and parameters it takes, and the checks that rules are made of.

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
known is ``None``, and a check that needs it is undecidable: it is never taken for "no".
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

from .ruling import Clause, LateStep, Ruling, Step
from .values import BadValue, Kind, UnitMismatch, Value, converted, figure, parse, percent, shown, space

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


# -- the checks that rules are made of -------------------------------------------------------------------------------


def holds(facts: Any, name: str, *cite: Clause, otherwise: str = "") -> Step:
    """检查: a yes/no fact must be so; ``otherwise`` adds what to do when it is not."""
    meaning = _meaning(facts, name)
    value = getattr(facts, name)
    if value is None:
        return Step(cite, f"不知道是否{meaning}", None, (name,))
    return LateStep(
        cite,
        lambda: f"{meaning}：{'是' if value else '否'}{'' if value or not otherwise else f'；{otherwise}'}",
        value,
    )


def absent(facts: Any, name: str, *cite: Clause, otherwise: str = "") -> Step:
    """检查: a yes/no fact must not be so (a veto)."""
    meaning = _meaning(facts, name)
    value = getattr(facts, name)
    if value is None:
        return Step(cite, f"不知道是否{meaning}", None, (name,))
    return LateStep(
        cite,
        lambda: f"{meaning}：{'是' if value else '否'}{'' if not value or not otherwise else f'；{otherwise}'}",
        not value,
    )


def asked_for(facts: Any, name: str, demand: InForce, *, otherwise: str = "") -> Step | None:
    """检查: a yes/no fact must be so where the zone's yes/no parameter ``demand`` asks for it; else there is no check."""
    return holds(facts, name, *demand.cite, otherwise=otherwise) if demand.value is True else None


def at_most(facts: Any, name: str, limit: InForce) -> Step:
    """检查: a number may reach the limit and not pass it (以下、不超过 include the number: 民法典 第一千二百五十九条)."""
    return _compared(facts, name, limit, lambda number, bound: number <= bound, "≤", ">")


def at_least(facts: Any, name: str, limit: InForce) -> Step:
    """检查: a number must reach the limit (以上、不低于 include the number)."""
    return _compared(facts, name, limit, lambda number, bound: number >= bound, "≥", "<")


def more_than(facts: Any, name: str, limit: InForce) -> Step:
    """检查: a number must pass the limit (超过、过 do not include the number)."""
    return _compared(facts, name, limit, lambda number, bound: number > bound, ">", "≤")


def _compared(
    facts: Any, name: str, limit: InForce, fits: Callable[[Fraction, Fraction], bool], sign: str, other: str
) -> Step:
    one = _fact(facts, name)
    number = getattr(facts, name)
    bound = cast(Fraction | None, limit.value)
    if number is None or bound is None:
        lacks = (*((name,) if number is None else ()), *((limit.id,) if bound is None else ()))
        known = f"{one.meaning} {'未知' if number is None else _amount(number, one.unit)}，{limit.title}{limit}"
        return Step(limit.cite, known, None, lacks)
    ok = fits(number, bound)

    def finding() -> str:
        is_ratio = limit.kind is Kind.RATIO
        amount = percent(Fraction(number)) if is_ratio else _amount(number, one.unit)
        bound_shown = percent(Fraction(bound)) if is_ratio else _amount(bound, limit.unit)
        return f"{one.meaning} {amount} {sign if ok else other} {limit.title} {bound_shown}{_assumed(limit)}"

    return LateStep(limit.cite, finding, ok)


def share_at_least(facts: Any, part: str, whole: str, limit: InForce) -> Step:
    """检查: ``part`` is at least the share ``limit`` of ``whole`` (以上、不低于 include the share itself).

    Nothing can be said of a share of nothing, nor of a part that is more than the whole.
    """
    numbers = _numbers(facts, part, whole, limit)
    if isinstance(numbers, Step):
        return numbers
    a, b, share = numbers
    if b == 0 or a > b:
        known = f"{_known(facts, part)}，{_known(facts, whole)}"
        return Step(limit.cite, f"{known}；请核对这两个数", None, (part, whole))
    return _shared(facts, part, whole, limit, a >= b * share, "≥", "<")


def share_at_most(facts: Any, part: str, whole: str, limit: InForce) -> Step:
    """检查: ``part`` is at most the share ``limit`` of ``whole`` (以下、不超过 include the share itself)."""
    numbers = _numbers(facts, part, whole, limit)
    if isinstance(numbers, Step):
        return numbers
    a, b, share = numbers
    return _shared(facts, part, whole, limit, a <= b * share, "≤", ">")


def _numbers(facts: Any, part: str, whole: str, limit: InForce) -> tuple[Fraction, Fraction, Fraction] | Step:
    a, b, share = getattr(facts, part), getattr(facts, whole), cast(Fraction | None, limit.value)
    if a is None or b is None or share is None:
        missing = [name for name, value in ((part, a), (whole, b), (limit.id, share)) if value is None]
        finding = f"{_known(facts, part)}，{_known(facts, whole)}，{limit.title}{limit}"
        return Step(limit.cite, finding, None, tuple(missing))
    return Fraction(a), Fraction(b), Fraction(share)


def _shared(facts: Any, part: str, whole: str, limit: InForce, ok: bool, sign: str, other: str) -> Step:
    known = f"{_known(facts, part)}，{_known(facts, whole)}"
    return Step(limit.cite, f"{known}；占比 {sign if ok else other} {limit.title} {limit}", ok)


def _known(facts: Any, name: str) -> str:
    """A number with what it means, or that it is not known."""
    one, number = _fact(facts, name), getattr(facts, name)
    return f"{one.meaning} {'未知' if number is None else _amount(number, one.unit)}"


def on_time(facts: Any, name: str, deadline: InForce) -> Step:
    """检查: a day is not later than the deadline; the day of the deadline itself is in time (届满 includes it)."""
    meaning, day = _meaning(facts, name), cast(date | None, getattr(facts, name))
    limit = cast(date | None, deadline.value)
    if day is None or limit is None:
        missing = [one for one, value in ((name, day), (deadline.id, limit)) if value is None]
        return Step(deadline.cite, f"{meaning} {day or '未知'}，{deadline.title} {deadline}", None, tuple(missing))
    late = (day - limit).days
    how = "，没有超过" if late <= 0 else f"，晚了 {late} 天，超过"
    return Step(deadline.cite, f"{meaning} {day}{how}{deadline.title} {deadline}", late <= 0)


def all_among(facts: Any, name: str, allowed: InForce) -> Step:
    """检查: every member of a set is among the members of the parameter; an empty set says nothing."""
    sets = _sets(facts, name, allowed)
    if isinstance(sets, Step):
        return sets
    stated, members = sets
    if not stated:
        return Step(allowed.cite, f"{_meaning(facts, name)}：没有列出；{allowed.title}：{allowed}", None, (name,))
    return _found_of(facts, name, allowed, stated - members, "不属于")


def all_present(facts: Any, name: str, demanded: InForce) -> Step:
    """检查: a set has every member of the parameter."""
    sets = _sets(facts, name, demanded)
    if isinstance(sets, Step):
        return sets
    stated, members = sets
    return _found_of(facts, name, demanded, members - stated, "缺少")


def none_among(facts: Any, name: str, barred: InForce) -> Step:
    """检查: a set has no member of the parameter (a veto)."""
    sets = _sets(facts, name, barred)
    if isinstance(sets, Step):
        return sets
    stated, members = sets
    return _found_of(facts, name, barred, stated & members, "属于")


def _sets(facts: Any, name: str, of: InForce) -> tuple[frozenset[str], frozenset[str]] | Step:
    stated = getattr(facts, name)
    if stated is None or of.value is None:
        missing = [one for one, value in ((name, stated), (of.id, of.value)) if value is None]
        known = "未知" if stated is None else _listed(stated)
        return Step(of.cite, f"{_meaning(facts, name)}：{known}；{of.title}：{of}", None, tuple(missing))
    return frozenset(stated), frozenset(cast(Iterable[str], of.value))


def _found_of(facts: Any, name: str, of: InForce, faulty: frozenset[str], how: str) -> Step:
    finding = f"{_meaning(facts, name)}：{_listed(getattr(facts, name))}；{of.title}：{of}"
    return Step(of.cite, f"{finding}；{how}：{_listed(faulty)}" if faulty else finding, not faulty)


def _listed(members: Iterable[str]) -> str:
    return "、".join(sorted(members)) or "（无）"


def one_of(facts: Any, name: str, allowed: InForce) -> Step:
    """检查: a text must be among the members of the parameter, or be its text."""
    one = _fact(facts, name)
    value = getattr(facts, name)
    lacks = (*((name,) if value is None else ()), *((allowed.id,) if allowed.value is None else ()))
    if lacks:
        return Step(allowed.cite, f"{one.meaning}：{value or '未知'}；{allowed.title}：{allowed}", None, lacks)
    members = (allowed.value,) if isinstance(allowed.value, str) else cast(Iterable[str], allowed.value)
    ok = value in members
    return LateStep(
        allowed.cite, lambda: f"{one.meaning}“{value}”{'属于' if ok else '不属于'}{allowed.title}（{allowed}）", ok
    )


def lacks(*missing: str, finding: str, cite: tuple[Clause, ...] = ()) -> Step:
    """A line that says what cannot be decided, and names what is missing."""
    return Step(cite, finding, None, missing)


def _assumed(value: InForce) -> str:
    return "（待地方确定）" if value.status == "assumed" else ""


def _amount(number: Fraction | int, unit: str) -> str:
    return f"{figure(Fraction(number))}{space(unit)}"


def _fact(facts: Any, name: str) -> Fact:
    return facts_of(type(facts))[name]


def _meaning(facts: Any, name: str) -> str:
    return _fact(facts, name).meaning
