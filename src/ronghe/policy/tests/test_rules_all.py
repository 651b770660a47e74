"""What holds for every rule of every room in every zone, whatever the facts."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.kernel.actors import PUBLIC
from ronghe.policy import queries
from ronghe.policy.rulebook import Rule, all_rules
from ronghe.policy.ruling import Verdict

from .asked import ALL_ZONES, DAY, any_facts, ask, definitions, in_zone, pack
from .factories import load

rules = pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.code)
zones = pytest.mark.parametrize("zone", ALL_ZONES)


@zones
@rules
def test_without_facts_no_rule_answers(rule: Rule, zone: str) -> None:
    """The one answer that needs no fact: a document that never states a lead unit."""
    ruling = ask(rule.code, zone)
    assert ruling.verdict is Verdict.UNDECIDABLE or rule.code == "governance.lead_units"
    assert ruling.steps


@rules
@given(data=st.data())
@settings(max_examples=25)
def test_every_step_cites_a_clause_or_names_what_is_missing(rule: Rule, data: st.DataObject) -> None:
    known = {one.name for one in rule.facts} | set(rule.parameters)
    facts, zone = data.draw(any_facts(rule)), data.draw(st.sampled_from(ALL_ZONES))
    for step in rule.function(facts, in_zone(rule.code, zone)).steps:
        assert step.cite or step.missing, step
        assert step.finding
        assert set(step.missing) <= known
        assert not step.missing or step.ok is None


@rules
@given(data=st.data())
@settings(max_examples=25)
def test_learning_one_more_fact_turns_no_answer_around(rule: Rule, data: st.DataObject) -> None:
    """What is not known is never taken for yes or no: an answer given with a gap is not reversed when it is filled.

    A wish (``new_term_years``) is no gap: who states none asks for what is left.
    """
    values = in_zone(rule.code, data.draw(st.sampled_from(ALL_ZONES)))
    full = data.draw(any_facts(rule))
    if names := [one.name for one in fields(full) if one.name != "new_term_years"]:
        gap = data.draw(st.sampled_from(names))
        known, with_gap = rule.function(full, values), rule.function(replace(full, **{gap: None}), values)
        assert {with_gap.verdict, known.verdict} != {Verdict.PASSED, Verdict.FAILED}


@rules
def test_a_rule_takes_parameters_that_are_defined_and_cites_clauses_that_are_indexed(rule: Rule) -> None:
    assert set(rule.parameters) <= set(definitions())
    indexed = {(c.document, c.label) for slug in (*ALL_ZONES, "national") for c in pack(slug).clauses}
    for zone in ALL_ZONES:
        cited = {clause for value in in_zone(rule.code, zone).values() for clause in value.cite}
        cited |= {clause for step in ask(rule.code, zone).steps for clause in step.cite}
        assert {(c.document, c.path) for c in cited} <= indexed


@pytest.mark.django_db
def test_the_loaded_packs_give_a_rule_what_the_files_say() -> None:
    load("national", *ALL_ZONES)
    loaded = [queries.zone(slug, actor=PUBLIC) for slug in ALL_ZONES]
    for rule in all_rules().values():
        for slug, values in zip(ALL_ZONES, queries.given_for(rule, loaded, on=DAY), strict=True):
            assert dict(values) == dict(in_zone(rule.code, slug)), (rule.code, slug)
