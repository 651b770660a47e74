"""Checks that only exits need: conditions that must be stated, one of several, and lists in a fixed order."""

from collections.abc import Mapping
from typing import Any

from ronghe.policy.checks import all_present, conditions, lacks, meaning_of, unknown, without_value
from ronghe.policy.rulebook import InForce
from ronghe.policy.ruling import Step


def members(of: InForce) -> tuple[str, ...]:
    """The members of a set or list, in a fixed order; empty where there is no value."""
    if isinstance(of.value, frozenset):
        return tuple(sorted(of.value))
    return of.value if isinstance(of.value, tuple) else ()


def all_conditions(
    facts: Any, answers: Mapping[str, str], demanded: InForce, *, otherwise: str = "具备后再申请"
) -> list[Step]:
    """检查: every condition that the zone names must hold; a zone that names none decides nothing."""
    if demanded.value is None:
        return [without_value(demanded)]
    return conditions(facts, answers, demanded, otherwise=otherwise)


def either_of(facts: Any, names: tuple[str, ...], demanded: InForce, *, otherwise: str) -> Step:
    """检查: one fact of several is enough; no is said only when all are known to be no."""
    met = [meaning_of(facts, name) for name in names if getattr(facts, name)]
    if met:
        return Step(demanded.cite, f"{'、'.join(met)}：是", True)
    meanings = "、".join(meaning_of(facts, name) for name in names)
    if missing := unknown(facts, *names):
        return lacks(*missing, finding=f"不知道是否{meanings}", cite=demanded.cite)
    return Step(demanded.cite, f"{meanings}：都不是；{otherwise}", False)


def contains_all(facts: Any, name: str, demanded: InForce, *, otherwise: str) -> Step:
    """检查: a set has every member that the zone demands; a zone that demands none decides nothing."""
    if demanded.value is None:
        return without_value(demanded)
    return all_present(facts, name, demanded, otherwise=otherwise)
