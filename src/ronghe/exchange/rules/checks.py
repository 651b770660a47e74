"""Checks that market entry needs beyond the rulebook's: shares, sums, lists that must be complete, named conditions."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, cast

from ronghe.policy.rulebook import InForce, facts_of, holds, lacks
from ronghe.policy.ruling import Clause, Step
from ronghe.policy.values import figure, percent, space

MEND = "补齐后再办"


def conditions(facts: Any, named: Mapping[str, str], *demands: InForce) -> list[Step]:
    """检查: every condition that one of the sets ``demands`` names must hold; ``named`` gives the fact of each."""
    steps = []
    for condition, name in named.items():
        asking = [demand for demand in demands if demand.value is not None and condition in _members(demand)]
        if asking:
            cite = dict.fromkeys(clause for demand in asking for clause in demand.cite)
            steps.append(holds(facts, name, *cite, otherwise=MEND))
    return steps


def includes(facts: Any, name: str, demanded: InForce) -> Step:
    """检查: a set of the facts must hold every member of the parameter; what is not there is named."""
    have = getattr(facts, name)
    meaning = meaning_of(facts, name)
    missing = (*((name,) if have is None else ()), *((demanded.id,) if demanded.value is None else ()))
    if missing:
        known = "未知" if have is None else "、".join(sorted(have)) or "无"
        return Step(demanded.cite, f"{meaning}：{known}；{demanded.title}：{demanded}", None, missing)
    short = sorted(_members(demanded) - have)
    if short:
        return Step(demanded.cite, f"{meaning}缺少{'、'.join(short)}；{MEND}", False)
    return Step(demanded.cite, f"{meaning}已含{demanded}", True)


def share_at_least(facts: Any, part: str, whole: str, limit: InForce) -> Step:
    """检查: the share of ``part`` in ``whole`` must reach the limit (以上 includes the number)."""
    return _share(facts, part, whole, limit, least=True)


def share_at_most(facts: Any, part: str, whole: str, limit: InForce) -> Step:
    """检查: the share of ``part`` in ``whole`` may reach the limit and not pass it (不超过 includes the number)."""
    return _share(facts, part, whole, limit, least=False)


def _share(facts: Any, part: str, whole: str, limit: InForce, *, least: bool) -> Step:
    amount, total = getattr(facts, part), getattr(facts, whole)
    unit = facts_of(type(facts))[part].unit
    missing = tuple(name for name, value in ((part, amount), (whole, total)) if value is None)
    missing = (*missing, *((limit.id,) if limit.value is None else ()))
    shown = f"{stated(facts, part)}，{stated(facts, whole)}"
    if missing:
        return Step(limit.cite, f"{shown}，{limit.title}{limit}", None, missing)
    if total == 0 or amount > total:
        return Step(limit.cite, f"{shown}，两个数不相符，核对后重填", None, (part, whole))
    bound = _bound(limit) * total
    ok = amount >= bound if least else amount <= bound
    sign = ("≥" if ok else "<") if least else ("≤" if ok else ">")
    assumed = "（待地方确定）" if limit.status == "assumed" else ""
    worked = f"{figure(Fraction(amount))} {sign} {figure(Fraction(total))} × {percent(_bound(limit))}"
    return Step(limit.cite, f"{shown}：{worked} = {figure(bound)}{space(unit)}（{limit.title}）{assumed}", ok)


def sum_at_most(facts: Any, names: tuple[str, ...], limit: InForce) -> Step:
    """检查: facts of one unit together may reach the limit and not pass it."""
    missing = tuple(name for name in names if getattr(facts, name) is None)
    missing = (*missing, *((limit.id,) if limit.value is None else ()))
    if missing:
        listed = "，".join(stated(facts, name) for name in names)
        return Step(limit.cite, f"{listed}，{limit.title}{limit}", None, missing)
    bound = _bound(limit)
    total = sum((Fraction(getattr(facts, name)) for name in names), Fraction(0))
    ok = total <= bound
    listed = " + ".join(stated(facts, name) for name in names)
    otherwise = "" if ok else f"；超出 {figure(total - bound)}{space(limit.unit)}，留到下一批或下一年度"
    return Step(
        limit.cite,
        f"{listed} = {figure(total)} {'≤' if ok else '>'} {limit.title} {limit}{otherwise}",
        ok,
    )


def not_stated(what: str, *parameters: str, cite: tuple[Clause, ...] = ()) -> Step:
    """The line of a zone whose documents do not speak of the matter."""
    return lacks(*parameters, finding=f"适用于本试验区的文件没有规定{what}", cite=cite)


def stated(facts: Any, name: str) -> str:
    """A number as findings tell it: ``同意人数 67 人``, ``同意人数 未知``."""
    one = facts_of(type(facts))[name]
    value = getattr(facts, name)
    return f"{one.meaning} {'未知' if value is None else figure(Fraction(value)) + space(one.unit)}"


def meaning_of(facts: Any, name: str) -> str:
    """What a fact means, for findings."""
    return facts_of(type(facts))[name].meaning


def _bound(of: InForce) -> Fraction:
    return Fraction(cast(Fraction, of.value))


def _members(of: InForce) -> frozenset[str]:
    return frozenset(cast(frozenset[str], of.value))
