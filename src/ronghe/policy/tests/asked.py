"""Rules asked in tests without a database: with the values of the real packs, or with values by hand."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, cast

from hypothesis import strategies as st

from ronghe.policy.packs import NATIONAL, ZONES, DefinitionFacts, Pack, read_pack
from ronghe.policy.rulebook import Fact, Given, InForce, Rule, facts_from, rule_named
from ronghe.policy.ruling import Clause, Ruling
from ronghe.policy.values import Kind, Value, parse

ALL_ZONES = ("qingdao", "zibo", "minhou", "gaoqing", "jinan")
DAY = date(2026, 11, 23)
BY_HAND = Clause("qingdao-2020", "一(二)")


@cache
def pack(slug: str) -> Pack:
    """A real pack, read once."""
    return read_pack(ZONES / slug)


@cache
def definitions() -> Mapping[str, DefinitionFacts]:
    """What the national pack defines, by id."""
    return {one.id: one for one in pack(NATIONAL).definitions}


def in_zone(code: str, slug: str, *, on: date = DAY, entered: Mapping[str, Value | None] | None = None) -> Given:
    """What a rule is given in a real zone on a day; ``entered`` as a person would put it above the packs."""
    values = entered or {}
    return Given(_by_hand(name, values) or _in_packs(name, slug, on) for name in _names(code, values))


def with_every_value(code: str, slug: str) -> Given:
    """What a rule is given in a real zone once a person has entered every value that its documents leave open."""
    left_open = [of for of in in_zone(code, slug).values() if of.status == "unset"]
    return in_zone(code, slug, entered={of.id: _plausible(definitions()[of.id]) for of in left_open})


def by_hand(code: str, values: Mapping[str, Value | None]) -> Given:
    """What a rule is given with these values alone: ``None`` is one that a document leaves open; the others are absent."""
    return Given(_by_hand(name, values) or _absent(name) for name in _names(code, values))


def ask(
    code: str,
    slug: str,
    facts: Mapping[str, Any] | None = None,
    /,
    *,
    as_of: date = DAY,
    entered: Mapping[str, Value | None] | None = None,
    **more: Any,
) -> Ruling[Any]:
    """What a rule says of facts, a mapping or words of the call, in a real zone on a day."""
    rule = rule_named(code)
    return rule.function(facts_from(rule, {**(facts or {}), **more}), in_zone(code, slug, on=as_of, entered=entered))


def any_facts(rule: Rule) -> st.SearchStrategy[Any]:
    """Any facts that a rule can be asked about, with gaps."""
    return st.builds(rule.facts_type, **{one.name: st.none() | _ANY[one.kind](one) for one in rule.facts})


def required_facts(rule: Rule) -> st.SearchStrategy[Any]:
    """Any facts that a rule requires, without a gap, and no others."""
    return st.builds(rule.facts_type, **{one.name: _ANY[one.kind](one) for one in rule.facts if one.required})


def _texts(of: Fact) -> st.SearchStrategy[str]:
    return st.sampled_from(of.choices or ("甲", "乙", "三(一)1"))


_ANY: Mapping[Kind, Callable[[Fact], st.SearchStrategy[Any]]] = {
    Kind.BOOLEAN: lambda of: st.booleans(),
    Kind.INTEGER: lambda of: st.integers(min_value=0, max_value=200),
    Kind.NUMBER: lambda of: st.fractions(min_value=0, max_value=200, max_denominator=12),
    Kind.DATE: lambda of: st.dates(date(2020, 1, 1), date(2027, 12, 31)),
    Kind.TEXT: _texts,
    Kind.SET: lambda of: st.frozensets(_texts(of)),
    Kind.LIST: lambda of: st.lists(_texts(of), unique=True, max_size=4).map(tuple),
}


def _plausible(of: DefinitionFacts) -> Value:
    words = of.choices or ("甲", "乙")
    likely: Mapping[Kind, Value] = {
        Kind.RATIO: Fraction(1, 2),
        Kind.NUMBER: Fraction(10),
        Kind.INTEGER: 10,
        Kind.BOOLEAN: True,
        Kind.DATE: date(2025, 12, 31),
        Kind.TEXT: words[0],
        Kind.SET: frozenset(words),
        Kind.LIST: tuple(words),
        Kind.TABLE: dict.fromkeys(words, Fraction(10)),
    }
    return likely[of.kind]


def _names(code: str, values: Mapping[str, Value | None]) -> tuple[str, ...]:
    names = rule_named(code).parameters
    assert set(values) <= set(names), f"{code} does not ask for {set(values) - set(names)}"
    return names


def _absent(name: str) -> InForce:
    of = definitions()[name]
    return InForce(name, of.title, of.kind, unit=of.unit)


def _by_hand(name: str, values: Mapping[str, Value | None]) -> InForce | None:
    if name not in values:
        return None
    value = values[name]
    status: Any = "unset" if value is None else "set"
    return replace(_absent(name), value=value, status=status, zone="anping", cite=(BY_HAND,))


@cache
def _in_packs(name: str, slug: str, on: date) -> InForce:
    """The value that the nearest pack states on a day: the zone's, its parent's, the nation's."""
    of = definitions()[name]
    for here in _nearest_first(slug):
        begun = [
            value for value in pack(here).values if value.parameter == name and value.in_use and value.starts <= on
        ]
        proposed = [
            value for value in pack(here).values if value.parameter == name and value.written and value.starts <= on
        ]
        if not begun and proposed:
            off = max(proposed, key=lambda value: value.starts)
            idle = parse(of.kind, off.written, choices=of.choices)
            return replace(_absent(name), idle=idle, cite=off.cites, source=off.source)
        if begun:
            last = max(begun, key=lambda value: value.starts)
            return replace(
                _absent(name),
                value=parse(of.kind, last.written, choices=of.choices) if last.written else None,
                status=cast(Any, last.status),
                zone=here,
                starts=last.starts,
                cite=last.cites,
                source=last.source,
            )
    return _absent(name)


def _nearest_first(slug: str) -> Iterator[str]:
    yield slug
    if slug != NATIONAL:
        yield from _nearest_first(pack(slug).zone.parent or NATIONAL)
