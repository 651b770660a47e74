"""检查 (checks): what rules are made of: each looks at facts of one rule against one parameter and makes one step.

A fact that is not known and a parameter without a value leave a check undecidable, and its step names them. A check that
a zone does not ask for is ``None`` (``ruling.gate`` leaves it out). ``otherwise`` says what to do when the answer is no.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any, cast

from .rulebook import Fact, InForce, facts_of
from .ruling import Clause, LateStep, Step
from .values import Kind, figure, percent, space

# -- what cannot be decided ------------------------------------------------------------------------------------------


def lacks(*missing: str, finding: str, cite: tuple[Clause, ...] = ()) -> Step:
    """A line that says what cannot be decided, and names what is missing."""
    return Step(cite, finding, None, missing)


def not_stated(what: str, *parameters: str, cite: tuple[Clause, ...] = ()) -> Step:
    """The line of a zone whose documents do not speak of the matter."""
    return lacks(*parameters, finding=f"适用于本试验区的文件没有规定{what}", cite=cite)


def without_value(of: InForce) -> Step:
    """The line of a parameter that has no value: nobody speaks of it, or the place has still to fix it."""
    return lacks(of.id, finding=f"{of.title}：{of}", cite=of.cite)


def unknown(facts: Any, *names: str) -> tuple[str, ...]:
    """Those of the named facts that are not known."""
    return tuple(name for name in names if getattr(facts, name) is None)


def meaning_of(facts: Any, name: str) -> str:
    """What a fact means, for findings."""
    return _fact(facts, name).meaning


def amount_of(facts: Any, name: str) -> str:
    """A number as findings tell it: ``同意人数 67 人``, ``同意人数 未知``."""
    one, number = _fact(facts, name), getattr(facts, name)
    return f"{one.meaning} {'未知' if number is None else _amount(number, one.unit)}"


# -- yes or no -------------------------------------------------------------------------------------------------------


def holds(facts: Any, name: str, *cite: Clause, otherwise: str = "") -> Step:
    """检查: a yes/no fact must be so."""
    return _yes_or_no(facts, name, cite, wanted=True, otherwise=otherwise)


def absent(facts: Any, name: str, *cite: Clause, otherwise: str = "") -> Step:
    """检查: a yes/no fact must not be so (a veto)."""
    return _yes_or_no(facts, name, cite, wanted=False, otherwise=otherwise)


def _yes_or_no(facts: Any, name: str, cite: tuple[Clause, ...], *, wanted: bool, otherwise: str) -> Step:
    meaning, value = meaning_of(facts, name), getattr(facts, name)
    if value is None:
        return LateStep(cite, lambda: f"{meaning}：未知", None, (name,))
    ok = value is wanted
    return LateStep(cite, lambda: f"{meaning}：{'是' if value else '否'}{_mend(ok, otherwise)}", ok)


def asked_for(facts: Any, name: str, demand: InForce, *, otherwise: str = "") -> Step | None:
    """检查: a yes/no fact must be so where the zone's yes/no parameter ``demand`` asks for it; else there is no check."""
    return holds(facts, name, *demand.cite, otherwise=otherwise) if demand.value is True else None


def conditions(facts: Any, answers: Mapping[str, str], *demands: InForce, otherwise: str = "") -> list[Step]:
    """检查: every condition that one of the sets ``demands`` names must hold; ``answers`` says which condition a fact answers."""
    steps = []
    for name, condition in answers.items():
        asking = [demand for demand in demands if condition in _members(demand)]
        if asking:
            cite = dict.fromkeys(clause for demand in asking for clause in demand.cite)
            steps.append(holds(facts, name, *cite, otherwise=otherwise))
    return steps


def listed_or_added(what: str) -> str:
    """What to do where a document's list ends with 等 and does not name this one: the list is open, but not to everybody."""
    return f"换用列明的{what}，或由试验区专班按程序增列后再用"


# -- figures ---------------------------------------------------------------------------------------------------------


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
    number = getattr(facts, name)
    if number is None or limit.value is None:
        return _undecided(facts, (name,), limit, lambda: f"{amount_of(facts, name)}，{limit.title}：{limit}")
    ok = fits(number, _number(limit))

    def finding() -> str:
        one = _fact(facts, name)
        amount = percent(Fraction(number)) if limit.kind is Kind.RATIO else _amount(number, one.unit)
        return f"{one.meaning} {amount} {sign if ok else other} {limit.title} {limit}"

    return LateStep(limit.cite, finding, ok)


def mismatch(facts: Any, part: str, whole: str, *cite: Clause) -> Step | None:
    """检查: a part larger than its whole is a slip of the pen: both numbers are asked for again; else there is no check."""
    some, all_of = getattr(facts, part), getattr(facts, whole)
    if some is None or all_of is None or some <= all_of:
        return None
    return lacks(part, whole, finding=_mismatched(facts, part, whole), cite=cite)


def share_at_least(
    facts: Any, part: str, whole: str, limit: InForce, *, within: bool = True, otherwise: str = ""
) -> Step:
    """检查: ``part`` is at least the share ``limit`` of ``whole`` (以上、不低于 include the share itself).

    A share of nothing and a part larger than its whole are slips of the pen: both numbers are asked for again. What is no
    part of its whole (``within=False``: a subsidy and the investment that it is measured by) may be larger.
    """
    return _share(facts, part, whole, limit, least=True, within=within, otherwise=otherwise)


def share_at_most(
    facts: Any, part: str, whole: str, limit: InForce, *, within: bool = True, otherwise: str = ""
) -> Step:
    """检查: ``part`` is at most the share ``limit`` of ``whole`` (以下、不超过 include the share itself).

    Slips of the pen and ``within`` as in :func:`share_at_least`.
    """
    return _share(facts, part, whole, limit, least=False, within=within, otherwise=otherwise)


def _share(facts: Any, part: str, whole: str, limit: InForce, *, least: bool, within: bool, otherwise: str) -> Step:
    some, all_of = getattr(facts, part), getattr(facts, whole)
    if some is not None and all_of is not None and (all_of == 0 or (within and some > all_of)):
        unset = (limit.id,) if limit.value is None else ()
        return LateStep(limit.cite, lambda: _mismatched(facts, part, whole), None, (part, whole, *unset))
    if some is None or all_of is None or limit.value is None:
        return _undecided(
            facts, (part, whole), limit, lambda: f"{_amounts(facts, part, whole)}；{limit.title}：{limit}"
        )
    edge = all_of * _number(limit)
    ok = some >= edge if least else some <= edge

    def finding() -> str:
        sign = ("≥" if ok else "<") if least else ("≤" if ok else ">")
        short = "" if ok else _needed(edge, some, least=least, unit=_fact(facts, part).unit)
        known = f"{_amounts(facts, part, whole)}，占 {percent(Fraction(some) / all_of)}"
        return f"{known} {sign} {limit.title} {limit}{short}{_mend(ok, otherwise)}"

    return LateStep(limit.cite, finding, ok)


def _amounts(facts: Any, part: str, whole: str) -> str:
    return f"{amount_of(facts, whole)}，{amount_of(facts, part)}"


def _mismatched(facts: Any, part: str, whole: str) -> str:
    return f"{_amounts(facts, part, whole)}；两个数不相符，请核对后重填"


def _needed(edge: Fraction, some: Fraction | int, *, least: bool, unit: str) -> str:
    """How much it takes: ``；至少 21 人，还差 1 人``; people and parcels are whole."""
    if isinstance(some, int):
        edge = Fraction(ceil(edge) if least else floor(edge))
    if least:
        return f"；至少 {_amount(edge, unit)}，还差 {_amount(edge - some, unit)}"
    return f"；至多 {_amount(edge, unit)}，超出 {_amount(some - edge, unit)}"


def on_time(facts: Any, name: str, deadline: InForce) -> Step:
    """检查: a day is not later than the deadline; the day of the deadline itself is in time (届满 includes it)."""
    day, limit = cast(date | None, getattr(facts, name)), cast(date | None, deadline.value)
    meaning = meaning_of(facts, name)
    if day is None or limit is None:
        return _undecided(facts, (name,), deadline, lambda: f"{meaning} {day or '未知'}，{deadline.title}：{deadline}")
    late = (day - limit).days
    how = "，没有超过" if late <= 0 else f"，晚了 {late} 天，超过"
    return LateStep(deadline.cite, lambda: f"{meaning} {day}{how}{deadline.title} {deadline}", late <= 0)


# -- texts and sets --------------------------------------------------------------------------------------------------


def one_of(facts: Any, name: str, allowed: InForce, *, otherwise: str = "") -> Step:
    """检查: a text must be among the members of the parameter, or be its text."""
    meaning, value = meaning_of(facts, name), getattr(facts, name)
    if value is None or allowed.value is None:
        return _undecided(facts, (name,), allowed, lambda: f"{meaning}：{value or '未知'}；{allowed.title}：{allowed}")
    ok = value in _members(allowed)
    how = "属于" if ok else "不属于"
    return LateStep(
        allowed.cite, lambda: f"{meaning}“{value}”{how}{allowed.title}（{allowed}）{_mend(ok, otherwise)}", ok
    )


def one_of_or(facts: Any, name: str, allowed: InForce, instead: str, *cite: Clause, otherwise: str = "") -> Step:
    """检查: a text must be among the members of the parameter; what is not may be let in by the yes/no fact ``instead``."""
    listed = one_of(facts, name, allowed)
    if listed.ok is not False:
        return listed
    let_in = holds(facts, instead, *(cite or allowed.cite), otherwise=otherwise)
    return LateStep(let_in.cite, lambda: f"{listed.finding}；{let_in.finding}", let_in.ok, let_in.missing)


def all_among(facts: Any, name: str, allowed: InForce, *, otherwise: str = "") -> Step:
    """检查: every member of a set is among the members of the parameter; an empty set says nothing."""
    stated = getattr(facts, name)
    if stated is not None and not stated and allowed.value is not None:
        finding = f"{meaning_of(facts, name)}：没有列出；{allowed.title}：{allowed}"
        return lacks(name, finding=finding, cite=allowed.cite)
    return _set(facts, name, allowed, lambda have, members: have - members, "不属于", otherwise)


def all_present(facts: Any, name: str, demanded: InForce, *, otherwise: str = "") -> Step:
    """检查: a set has every member of the parameter."""
    return _set(facts, name, demanded, lambda have, members: members - have, "缺少", otherwise)


def none_among(facts: Any, name: str, barred: InForce, *, otherwise: str = "") -> Step:
    """检查: a set has no member of the parameter (a veto)."""
    return _set(facts, name, barred, lambda have, members: have & members, "属于", otherwise)


def _set(
    facts: Any,
    name: str,
    of: InForce,
    fault: Callable[[frozenset[str], frozenset[str]], frozenset[str]],
    how: str,
    otherwise: str,
) -> Step:
    stated = getattr(facts, name)

    def known() -> str:
        have = "未知" if stated is None else _listed(stated)
        return f"{meaning_of(facts, name)}：{have}；{of.title}：{of}"

    if stated is None or of.value is None:
        return _undecided(facts, (name,), of, known)
    faulty = fault(frozenset(stated), _members(of))
    if not faulty:
        return LateStep(of.cite, known, True)
    return LateStep(of.cite, lambda: f"{known()}；{how}：{_listed(faulty)}{_mend(False, otherwise)}", False)


# -- words -----------------------------------------------------------------------------------------------------------


def _undecided(facts: Any, names: tuple[str, ...], of: InForce, finding: Callable[[], str]) -> Step:
    """The facts that are not known are missing, and the parameter where it has no value."""
    missing = (*unknown(facts, *names), *((of.id,) if of.value is None else ()))
    return LateStep(of.cite, finding, None, missing)


def _mend(ok: bool, otherwise: str) -> str:
    return f"；{otherwise}" if otherwise and not ok else ""


def _members(of: InForce) -> frozenset[str]:
    if of.value is None:
        return frozenset()
    return frozenset((of.value,) if isinstance(of.value, str) else cast(Iterable[str], of.value))


def _number(of: InForce) -> Fraction:
    return cast(Fraction, of.value)


def _listed(members: Iterable[str]) -> str:
    return "、".join(sorted(members)) or "（无）"


def _amount(number: Fraction | int, unit: str) -> str:
    return f"{figure(Fraction(number))}{space(unit)}"


def _fact(facts: Any, name: str) -> Fact:
    return facts_of(type(facts))[name]
