"""Values for tests of rules without a database: as the packs state them, or by hand."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from ronghe.policy.packs import NATIONAL, ZONES, DefinitionFacts, Pack, ValueFacts, read_pack
from ronghe.policy.rulebook import Given, InForce, facts_from, rule_named
from ronghe.policy.ruling import Clause, Ruling
from ronghe.policy.values import Value, parse

ALL_ZONES = ("qingdao", "zibo", "minhou", "gaoqing", "jinan")
BY_HAND = Clause("qingdao-2020", "一(二)")


@cache
def pack(slug: str) -> Pack:
    return read_pack(ZONES / slug)


@cache
def definitions() -> dict[str, DefinitionFacts]:
    return {one.id: one for one in pack(NATIONAL).definitions}


def _chain(slug: str) -> Iterator[str]:
    yield slug
    if pack(slug).zone.parent:
        yield from _chain(str(pack(slug).zone.parent))
    elif slug != NATIONAL:
        yield NATIONAL


def in_zone(code: str, slug: str, **by_hand: Value) -> Given:
    """What a rule is given in a real zone today; ``by_hand`` as a person would enter it (dots written as ``__``)."""
    entered = {name.replace("__", "."): value for name, value in by_hand.items()}
    return Given(_value(name, slug, entered) for name in rule_named(code).parameters)


def _value(name: str, slug: str, entered: dict[str, Value]) -> InForce:
    of = definitions()[name]
    if name in entered:
        return InForce(name, of.title, of.kind, entered[name], of.unit, "set", slug, cite=(BY_HAND,))
    for here in _chain(slug):
        found = [v for v in pack(here).values if v.parameter == name and v.in_use]
        if found:
            return _in_force(of, max(found, key=lambda v: v.starts), here)
    return InForce(name, of.title, of.kind, unit=of.unit)


def _in_force(of: DefinitionFacts, stated: ValueFacts, slug: str) -> InForce:
    value = parse(of.kind, stated.written, choices=of.choices) if stated.written else None
    status: Any = stated.status
    return InForce(of.id, of.title, of.kind, value, of.unit, status, slug, stated.starts, stated.cites)


def ask(code: str, slug: str, facts: dict[str, Any] | None = None, **by_hand: Value) -> Ruling[Any]:
    """What a rule says of facts in a real zone today."""
    rule = rule_named(code)
    return rule.function(facts_from(rule, facts or {}), in_zone(code, slug, **by_hand))
