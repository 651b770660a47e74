"""Reads of rules: which values are in force for a zone on a day, and what a rule says of given facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, Literal, cast

from django.db.models import QuerySet

from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import NotFound

from .. import ruling
from ..models import KeptRuling, Parameter, ParameterValue, Zone
from ..rulebook import Basis, FactsInvalid, Given, InForce, Rule, RuleNotFound, apply, rule_named
from ..values import Kind, Value, parse, written
from .workdays import with_calendar

Dates = Mapping[Basis, date]


class ValueMissing(NotFound):
    """A rule asks for a parameter that no pack defines: the pack is older than the program."""

    code = "policy.parameter_undefined"
    message = "规则需要的参数 {parameters} 没有定义。请重新载入全国数据包（ronghe zone load）后再试。"


def zone_chain(zone: Zone | None) -> list[Zone | None]:
    """From where values come, nearest first: the zone, its parents, the nation (None). Outside of zones the nation alone."""
    chain: list[Zone | None] = []
    here = zone
    while here is not None and here not in chain:
        chain.append(here)
        here = here.parent
    return [*chain, None]


def _values_for(zones: Sequence[Zone | None], parameters: Iterable[str] | None) -> QuerySet[ParameterValue]:
    from django.db.models import Q

    slugs = [zone.slug for zone in zones if zone is not None]
    values = ParameterValue.objects.in_force().filter(Q(zone=None) | Q(zone__in=slugs))
    if parameters is not None:
        values = values.filter(parameter__in=list(parameters))
    return values.prefetch_related("cites__clause__document").select_related("author")


def _latest(values: Iterable[ParameterValue], on: date) -> ParameterValue | None:
    """The one that began last by ``on``; what a person entered stands above the pack."""
    begun = [v for v in values if v.starts <= on]
    return max(begun, key=lambda v: (v.origin == ParameterValue.Origin.LOCAL, v.starts), default=None)


def value_in_force(parameter: Parameter, zone: Zone, *, on: date) -> ParameterValue | None:
    """The row that gives a parameter's value for a zone on a day: local, then zone, then parents, then nation.

    A row that is ``unset`` ends the search: the zone's own document orders the value and leaves it open, so a number of
    somebody else's must not take its place.
    """
    found = _found(list(_values_for(zone_chain(zone), [parameter.pk])), zone_chain(zone), on)
    return found if found is not None and found.in_use else None


def _found(values: Sequence[ParameterValue], chain: Sequence[Zone | None], on: date) -> ParameterValue | None:
    """What is in use, nearest first; else, nearest first, what is stated and off."""
    for in_use in (True, False):
        for zone in chain:
            slug = zone.slug if zone is not None else None
            found = _latest((v for v in values if v.zone_id == slug and v.in_use is in_use), on)
            if found is not None:
                return found
    return None


def values_in_force(
    zone: Zone | None, *, on: date, dates: Dates | None = None, parameters: Iterable[str] | None = None
) -> dict[str, InForce]:
    """Every parameter (or those named) as it is for a zone on a day, by id.

    Args: ``dates`` are the days of other bases (vote, signed …) where they differ from ``on``.
    Source: design: local → zone → parent → national, the version by the parameter's basis date.
    """
    return values_side_by_side([zone], on=on, dates=dates, parameters=parameters)[0]


def values_side_by_side(
    zones: Sequence[Zone | None], *, on: date, dates: Dates | None = None, parameters: Iterable[str] | None = None
) -> list[dict[str, InForce]]:
    """The same for several zones, in their order; five queries however many."""
    chains = [zone_chain(zone) for zone in zones]
    named = None if parameters is None else list(parameters)
    definitions = list(Parameter.objects.all() if named is None else Parameter.objects.filter(pk__in=named))
    by_parameter: dict[str, list[ParameterValue]] = {}
    for value in _values_for([zone for chain in chains for zone in chain], named):
        by_parameter.setdefault(value.parameter_id, []).append(value)
    return [
        {
            parameter.pk: used(
                parameter,
                _found(by_parameter.get(parameter.pk, ()), chain, (dates or {}).get(Basis(parameter.basis), on)),
            )
            for parameter in definitions
        }
        for chain in chains
    ]


def values_for_nation(*, on: date, parameters: Iterable[str]) -> dict[str, InForce]:
    """The named parameters as they are where no zone is: what laws and ministries fix, by id."""
    named = list(parameters)
    values = list(_values_for([None], named))
    return {
        one.pk: used(one, _found([v for v in values if v.parameter_id == one.pk], [None], on))
        for one in Parameter.objects.filter(pk__in=named)
    }


def in_force(parameter: Parameter, found: ParameterValue | None) -> InForce:
    """A stored row as rules see it."""
    kind = Kind(parameter.kind)
    if found is None:
        return InForce(parameter.pk, parameter.title, kind, unit=parameter.unit)
    return InForce(
        id=parameter.pk,
        title=parameter.title,
        kind=kind,
        value=parse(kind, found.written) if found.written else None,
        unit=parameter.unit,
        status=cast(Literal["set", "assumed", "unset"], found.status),
        zone=found.zone_id or "national",
        starts=found.starts,
        cite=tuple(ruling.Clause(c.clause.document.key, c.clause.label) for c in found.cites.all()),
        source=found.source,
        author=str(found.author) if found.author else "",
        in_use=found.in_use,
    )


def used(parameter: Parameter, found: ParameterValue | None) -> InForce:
    """The same as a rule may use it: a value that is off counts as absent, and is only named."""
    stated = in_force(parameter, found)
    if stated.in_use:
        return stated
    nothing = in_force(parameter, None)
    return replace(nothing, idle=stated.value, cite=stated.cite, source=stated.source)


def given_for(rule: Rule, zones: Sequence[Zone | None], *, on: date, dates: Dates | None = None) -> list[Given]:
    """The parameters that a rule declares, for each zone on a day. Raises: ValueMissing."""
    stated = values_side_by_side(zones, on=on, dates=dates, parameters=rule.parameters)
    if undefined := [name for name in rule.parameters for values in stated[:1] if name not in values]:
        raise ValueMissing(parameters="、".join(undefined))
    return [Given(values[name] for name in rule.parameters) for values in stated]


@dataclass(frozen=True, slots=True)
class Answer:
    """A rule's answer for a zone and a day, with all that it rests on."""

    rule: Rule
    zone: Zone
    on: date
    stated_facts: dict[str, Any]
    given: Given
    ruling: ruling.Ruling[Any]

    def as_json(self) -> dict[str, Any]:
        """The answer of ``ronghe rule run`` and of the API."""
        return {
            "code": self.rule.code,
            "zone": self.zone.slug,
            "date": self.on.isoformat(),
            "verdict": self.ruling.verdict,
            "value": plain(self.ruling.value),
            "missing": list(self.ruling.missing),
            "steps": [plain_step(step) for step in self.ruling.steps],
            "parameters": [snapshot(value) for value in self.given.values()],
        }


def answer(rule_code: str, zone: Zone, *, on: date, facts: Mapping[str, Any], dates: Dates | None = None) -> Answer:
    """What a rule says of these facts in a zone on a day. Raises: RuleNotFound, FactsInvalid, ValueMissing."""
    return answers(rule_code, [zone], on=on, facts=facts, dates=dates)[0]


def answers(
    rule_code: str, zones: Sequence[Zone], *, on: date, facts: Mapping[str, Any], dates: Dates | None = None
) -> list[Answer]:
    """The same for several zones; a fixed number of queries however many."""
    rule = rule_named(rule_code)
    facts = with_calendar(rule, facts)
    stated = {name: as_stated(value) for name, value in facts.items() if value is not None}
    return [
        Answer(rule, zone, on, stated, given, apply(rule, facts, given))
        for zone, given in zip(zones, given_for(rule, zones, on=on, dates=dates), strict=True)
    ]


def replayed(kept: KeptRuling) -> ruling.Ruling[Any]:
    """The ruling again, from the facts and parameters as they were kept.

    A parameter that the rule asks for only since then was absent. Raises: RuleNotFound when the rule is gone,
    FactsInvalid when it takes other facts now.
    """
    rule = rule_named(kept.rule)
    values = {one["id"]: from_snapshot(one) for one in kept.parameters}
    since = (InForce(name, name, Kind.BOOLEAN) for name in rule.parameters if name not in values)
    return apply(rule, kept.facts, Given((*values.values(), *since)))


def is_unchanged(kept: KeptRuling) -> bool:
    """Whether the rule gives today what it gave then; a rule that is gone or takes other facts does not."""
    try:
        again = replayed(kept)
    except (RuleNotFound, FactsInvalid):
        return False
    return (again.verdict or "", plain(again.value), [plain_step(step) for step in again.steps]) == (
        kept.verdict,
        kept.value,
        kept.steps,
    )


# -- plain forms for JSON ------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """A value as JSON holds it: a whole number as a number, another fraction as ``2/3``, a set as a sorted list."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    return [plain(one) for one in value]


def as_stated(value: Any) -> Any:
    """A stated fact as JSON holds it exactly: numbers as text where a float could blur them."""
    if isinstance(value, Mapping):
        return {name: as_stated(one) for name, one in value.items()}
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        members = [as_stated(one) for one in value]
        return sorted(members) if isinstance(value, set | frozenset) else members
    return str(value)


def plain_step(step: ruling.Step) -> dict[str, Any]:
    """A step for JSON."""
    cite = "；".join(str(one) for one in step.cite) or None
    return {"finding": step.finding, "ok": step.ok, "cite": cite, "missing": list(step.missing)}


def snapshot(value: InForce) -> dict[str, Any]:
    """A parameter as it was used, for JSON: enough to give it to the rule again."""
    return {
        "id": value.id,
        "title": value.title,
        "kind": value.kind.value,
        "zone": value.zone or None,
        "from": value.starts.isoformat() if value.starts else None,
        "value": plain(value.value),
        "written": list(written(value.value)) if value.value is not None else [],
        "idle": list(written(value.idle)) if value.idle is not None else [],
        "unit": value.unit,
        "status": value.status,
        "cite": [str(one) for one in value.cite],
        "source": value.source,
        "author": value.author,
    }


def from_snapshot(kept: Mapping[str, Any]) -> InForce:
    """The inverse of :func:`snapshot`."""
    kind = Kind(kept["kind"])
    value: Value | None = parse(kind, kept["written"]) if kept["written"] else None
    idle: Value | None = parse(kind, kept["idle"]) if kept["idle"] else None
    return InForce(
        id=kept["id"],
        title=kept["title"],
        kind=kind,
        value=value,
        unit=kept["unit"],
        status=kept["status"],
        zone=kept["zone"] or "",
        starts=date.fromisoformat(kept["from"]) if kept["from"] else None,
        cite=tuple(ruling.Clause(*one.split(" ", 1)) for one in kept["cite"]),
        source=kept["source"],
        author=kept["author"],
        idle=idle,
    )


# -- what a rule needs ---------------------------------------------------------------------------------------------


def stated_value(value: InForce) -> dict[str, Any]:
    """A value with where and since when, for lists."""
    kept = snapshot(value)
    return {
        **{name: kept[name] for name in ("id", "title", "zone", "from", "value", "unit", "status", "source", "author")},
        "cite": "；".join(kept["cite"]) or None,
        "in_use": value.in_use and value.is_stated,
    }


def stored_value(row: ParameterValue) -> dict[str, Any]:
    """A row of a parameter's history, for JSON: what was stated, by whom, when, and whether it was taken back."""
    return {
        **stated_value(in_force(row.parameter, row)),
        "value_id": row.pk,
        "written": row.written,
        "origin": row.origin,
        "rules": row.rules,
        "recorded_at": row.recorded_at.isoformat(),
        "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
    }


def rule_description(rule: Rule, *, actor: Actor) -> dict[str, Any]:
    """A rule's facts and every value that its parameters have or had in any zone that the actor may see."""
    values = (
        ParameterValue.objects.visible_to(actor)
        .in_force()
        .filter(parameter__in=rule.parameters)
        .select_related("parameter", "author")
        .prefetch_related("cites__clause__document")
        .order_by("parameter", "zone", "starts")
    )
    return {
        "code": rule.code,
        "title": rule.title,
        "room": rule.room,
        "matter": rule.matter,
        "covers": list(rule.covers),
        "facts": [
            {
                "name": one.name,
                "type": one.kind.value,
                "unit": one.unit,
                "required": one.required,
                "meaning": one.meaning,
                "choices": list(one.choices),
            }
            for one in rule.facts
        ],
        "parameters": [stated_value(in_force(value.parameter, value)) for value in values],
    }


def stored_ruling(kept: KeptRuling) -> ruling.Ruling[Any]:
    """The ruling as it was kept, without asking the rule again."""
    steps = tuple(
        ruling.Step(
            tuple(ruling.Clause(*cite.split(" ", 1)) for cite in (step["cite"] or "").split("；") if cite),
            step["finding"],
            step["ok"],
            tuple(step["missing"]),
        )
        for step in kept.steps
    )
    return ruling.Ruling(kept.value, steps, ruling.Verdict(kept.verdict) if kept.verdict else None)
