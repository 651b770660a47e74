"""What rules are given in tests: values by hand, or as the real packs state them, without a database."""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from hypothesis import strategies as st

from ronghe.policy import rulebook
from ronghe.policy.packs import ZONES, Pack, read_pack
from ronghe.policy.rulebook import Given, InForce, Rule
from ronghe.policy.ruling import Clause, Ruling
from ronghe.policy.values import Kind, parse

DAY = date(2026, 11, 23)
SLUGS = ("qingdao", "zibo", "minhou", "gaoqing", "jinan")
UNSET = object()


@cache
def pack(slug: str) -> Pack:
    """A real pack, read once."""
    return read_pack(ZONES / slug)


@cache
def rule_of(function: Callable[..., Ruling[Any]]) -> Rule:
    """The rulebook's entry of a function."""
    return next(one for one in rulebook.all_rules().values() if one.function is function)


def by_hand(function: Callable[..., Ruling[Any]], stated: Mapping[str, Any] | None = None) -> Given:
    """The parameters of a rule: those named as written in a pack (or UNSET), each with a clause; the others absent."""
    stated = stated or {}
    definitions = {one.id: one for one in pack("national").definitions}
    names = rule_of(function).parameters
    assert set(stated) <= set(names)
    made = []
    for name in names:
        of = definitions[name]
        if name not in stated:
            made.append(InForce(name, of.title, of.kind, unit=of.unit))
            continue
        raw, cite = stated[name], (Clause("anping-2021", "二(一)1"),)
        if raw is UNSET:
            made.append(InForce(name, of.title, of.kind, unit=of.unit, status="unset", cite=cite))
        else:
            written = [raw] if isinstance(raw, str) else list(raw)
            value = parse(of.kind, written, choices=of.choices)
            made.append(InForce(name, of.title, of.kind, value, of.unit, "set", "anping", cite=cite))
    return Given(made)


@cache
def in_zone(slug: str, function: Callable[..., Ruling[Any]], *, on: date = DAY) -> Given:
    """The parameters of a rule as a real zone's packs state them on a day: zone, parent, nation."""
    definitions = {one.id: one for one in pack("national").definitions}
    chain = [slug, *([pack(slug).zone.parent] if pack(slug).zone.parent else []), "national"]
    made = []
    for name in rule_of(function).parameters:
        of = definitions[name]
        found = None
        for zone in chain:
            begun = [v for v in pack(zone).values if v.parameter == name and v.starts <= on and v.in_use]
            if begun:
                found = max(begun, key=lambda v: v.starts)
                value = parse(of.kind, found.written, choices=of.choices) if found.written else None
                status: Any = found.status
                made.append(InForce(name, of.title, of.kind, value, of.unit, status, zone, found.starts, found.cites))
                break
        if found is None:
            made.append(InForce(name, of.title, of.kind, unit=of.unit))
    return Given(made)


def any_facts(of: Rule) -> st.SearchStrategy[Any]:
    """Any facts that a rule can be asked about, with gaps."""
    numbers = st.fractions(min_value=0, max_value=200, max_denominator=12)
    strategies: dict[Kind, Callable[[rulebook.Fact], st.SearchStrategy[Any]]] = {
        Kind.BOOLEAN: lambda one: st.booleans(),
        Kind.INTEGER: lambda one: st.integers(min_value=0, max_value=200),
        Kind.NUMBER: lambda one: numbers,
        Kind.TEXT: lambda one: st.sampled_from(one.choices),
        Kind.SET: lambda one: st.frozensets(st.sampled_from(one.choices)),
    }
    return st.builds(of.facts_type, **{one.name: st.none() | strategies[one.kind](one) for one in of.facts})


def F(text: str) -> Fraction:
    """An exact number."""
    return Fraction(text)
