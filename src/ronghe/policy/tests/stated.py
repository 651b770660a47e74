"""Parameters for tests of rules: made by hand, or as the real packs state them; no database needed."""

from datetime import date
from functools import cache
from typing import Any

from ronghe.policy.packs import ZONES, Pack, read_pack
from ronghe.policy.rulebook import Given, InForce, Rule, facts_of, rule_named
from ronghe.policy.ruling import Clause, Ruling, Verdict
from ronghe.policy.values import Kind, Value, parse

SOMEWHERE = Clause("anping-2021", "二(一)1")
TODAY = date(2026, 11, 23)


def stated(id: str, kind: Kind, value: Value | None, *, title: str = "参数", unit: str = "") -> InForce:
    """A value that some document states; ``None`` is one that it leaves open."""
    status = "unset" if value is None else "set"
    return InForce(id, title, kind, value=value, unit=unit, status=status, zone="anping", cite=(SOMEWHERE,))  # type: ignore[arg-type]


def silent(id: str, kind: Kind = Kind.NUMBER, *, title: str = "参数") -> InForce:
    """A parameter of which no document speaks."""
    return InForce(id, title, kind)


@cache
def _pack(slug: str) -> Pack:
    return read_pack(ZONES / slug)


def given_in(zone: str, code: str, *, on: date = TODAY) -> Given:
    """What the real packs give to a rule for a zone on a day, as the queries resolve it."""
    rule, national = rule_named(code), _pack("national")
    chain = [_pack(zone)]
    while parent := chain[-1].zone.parent:
        chain.append(_pack(parent))
    definitions = {one.id: one for one in national.definitions}
    values = []
    for name in rule.parameters:
        found = definitions[name]
        value = InForce(name, found.title, found.kind, unit=found.unit)
        for pack in (*chain, national):
            begun = [v for v in pack.values if v.parameter == name and v.in_use and v.starts <= on]
            if begun:
                last = max(begun, key=lambda v: v.starts)
                value = InForce(
                    name,
                    found.title,
                    found.kind,
                    value=parse(found.kind, last.written, choices=found.choices) if last.written else None,
                    unit=found.unit,
                    status=last.status,  # type: ignore[arg-type]
                    zone=pack.zone.slug,
                    starts=last.starts,
                    cite=last.cites,
                    source=last.source,
                )
                break
        values.append(value)
    return Given(values)


def asked(zone: str, code: str, *, as_of: date = TODAY, **facts: Any) -> Ruling[Any]:
    """What a rule says of facts in a zone, by the real packs."""
    rule = rule_named(code)
    return rule.function(rule.facts_type(**facts), given_in(zone, code, on=as_of))


def says_nothing_without_facts(rule: Rule, given: Given) -> bool:
    """Whether a rule passes nobody and calculates nothing of which it knows no fact."""
    ruling = rule.function(rule.facts_type(**dict.fromkeys(facts_of(rule.facts_type))), given)
    return ruling.verdict is not Verdict.PASSED and all(step.cite or step.missing for step in ruling.steps)
