"""Checks that several rules of exit share: conditions that a zone names, and what a list must contain."""

from collections.abc import Mapping
from typing import Any

from ronghe.policy.rulebook import InForce, facts_of, holds, lacks
from ronghe.policy.ruling import Step
from ronghe.policy.values import Value


def members(of: InForce) -> tuple[str, ...]:
    """The members of a set or list, in a fixed order; empty where there is no value."""
    value: Value | None = of.value
    if isinstance(value, frozenset):
        return tuple(sorted(value))
    return value if isinstance(value, tuple) else ()


def unknown(of: InForce) -> Step:
    """The line for a parameter without a value: it names the parameter."""
    return lacks(of.id, finding=f"{of.title}：{of}", cite=of.cite)


def all_conditions(facts: Any, demanded: InForce, tests: Mapping[str, tuple[str, ...]]) -> list[Step]:
    """Every fact of every condition that the zone names; ``tests`` says by which facts a condition is met."""
    if demanded.value is None:
        return [unknown(demanded)]
    return [
        holds(facts, name, *demanded.cite, otherwise="具备后再申请")
        for condition, names in tests.items()
        if condition in members(demanded)
        for name in names
    ]


def either_of(facts: Any, names: tuple[str, ...], demanded: InForce, *, otherwise: str) -> Step:
    """One fact of several is enough; no is said only when all are known to be no."""
    known = {name: getattr(facts, name) for name in names}
    meanings = "、".join(facts_of(type(facts))[name].meaning for name in names)
    if any(known.values()):
        met = "、".join(facts_of(type(facts))[name].meaning for name, value in known.items() if value)
        return Step(demanded.cite, f"{met}：是", True)
    missing = tuple(name for name, value in known.items() if value is None)
    if missing:
        return lacks(*missing, finding=f"不知道是否{meanings}", cite=demanded.cite)
    return Step(demanded.cite, f"{meanings}：都不是；{otherwise}", False)


def contains_all(facts: Any, name: str, demanded: InForce, *, otherwise: str) -> Step:
    """A set of the facts must contain every member that the zone demands."""
    if demanded.value is None:
        return unknown(demanded)
    stated = getattr(facts, name)
    if stated is None:
        finding = f"不知道{facts_of(type(facts))[name].meaning}；{demanded.title}：{demanded}"
        return lacks(name, finding=finding, cite=demanded.cite)
    short = [one for one in members(demanded) if one not in stated]
    if short:
        return Step(demanded.cite, f"{demanded.title}缺少{'、'.join(short)}；{otherwise}", False)
    return Step(demanded.cite, f"{demanded.title}齐全（{demanded}）", True)
