"""Parameters for tests of rules, without a database: as the packs state them, or built by hand."""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Literal

from ronghe.policy.packs import ZONES, DefinitionFacts, Pack, ValueFacts, read_pack
from ronghe.policy.rulebook import Given, InForce, rule_named
from ronghe.policy.ruling import Clause
from ronghe.policy.values import Value, parse

SLUGS = ("qingdao", "zibo", "minhou", "gaoqing", "jinan")


@cache
def _pack(slug: str) -> Pack:
    return read_pack(ZONES / slug)


@cache
def _definitions() -> dict[str, DefinitionFacts]:
    return {one.id: one for one in _pack("national").definitions}


def in_packs(code: str, zone: str, *, on: date = date(2026, 11, 23)) -> Given:
    """The parameters of a rule as the packs state them for a zone: nearest pack first, like ``queries.given_for``."""
    return Given(_stated(name, zone, on) for name in rule_named(code).parameters)


def _stated(name: str, zone: str, on: date) -> InForce:
    of = _definitions()[name]
    absent = InForce(of.id, of.title, of.kind, unit=of.unit)
    slug: str | None = zone
    while slug is not None:
        begun = [v for v in _pack(slug).values if v.parameter == name and v.in_use and v.starts <= on]
        if begun:
            return _in_force(absent, max(begun, key=lambda v: v.starts), slug)
        slug = None if slug == "national" else _pack(slug).zone.parent or "national"
    return absent


def _in_force(of: InForce, found: ValueFacts, slug: str) -> InForce:
    status: Literal["set", "assumed", "unset"] = found.status  # type: ignore[assignment]
    value = parse(of.kind, found.written) if found.written else None
    return replace(of, value=value, status=status, zone=slug, starts=found.starts, cite=found.cites)


def by_hand(code: str, values: dict[str, Value | None]) -> Given:
    """The parameters of a rule with these values: ``None`` is one that a document leaves open, one not named is absent."""

    def one(name: str) -> InForce:
        of = _definitions()[name]
        made = InForce(of.id, of.title, of.kind, unit=of.unit)
        if name not in values:
            return made
        status: Literal["set", "unset"] = "unset" if values[name] is None else "set"
        return replace(made, value=values[name], status=status, zone="anping", cite=(Clause("anping-2021", "一"),))

    unknown = set(values) - set(rule_named(code).parameters)
    assert not unknown, unknown
    return Given(one(name) for name in rule_named(code).parameters)
