"""入市规则之共性: what holds for every rule of market entry, whatever the zone and the facts."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.kernel.actors import PUBLIC
from ronghe.policy import queries
from ronghe.policy.packs import ZONES, read_pack
from ronghe.policy.rulebook import all_rules
from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.factories import load

from .values import DAY, SLUGS, any_facts, in_zone, pack

ENTRY = {code: one for code, one in all_rules().items() if code.startswith("entry.")}
codes = pytest.mark.parametrize("code", ENTRY)
zones = pytest.mark.parametrize("slug", SLUGS)


@codes
@zones
def test_without_facts_nobody_passes(code, slug):
    rule = ENTRY[code]
    ruling = rule.function(rule.facts_type(), in_zone(slug, rule.function))
    assert ruling.verdict is Verdict.UNDECIDABLE
    assert ruling.missing


@codes
@given(data=st.data())
@settings(max_examples=60)
def test_every_step_cites_a_clause_or_names_what_is_missing(code, data):
    rule = ENTRY[code]
    slug = data.draw(st.sampled_from(SLUGS))
    facts = data.draw(any_facts(rule))
    known = {one.name for one in rule.facts} | set(rule.parameters)
    for step in rule.function(facts, in_zone(slug, rule.function)).steps:
        assert step.cite or step.missing, step
        assert step.finding
        assert set(step.missing) <= known
        assert not step.missing or step.ok is None


@codes
@given(data=st.data())
@settings(max_examples=60)
def test_learning_one_more_fact_turns_no_answer_around(code, data):
    """What is not known is never taken for yes or no: an answer given with a gap is not reversed when it is filled.

    A wish (``new_term_years``) is no gap: who states none asks for what is left.
    """
    rule = ENTRY[code]
    values = in_zone(data.draw(st.sampled_from(SLUGS)), rule.function)
    full = data.draw(any_facts(rule))
    gap = data.draw(st.sampled_from([one.name for one in fields(full)]))
    known, with_gap = rule.function(full, values), rule.function(replace(full, **{gap: None}), values)
    assert {with_gap.verdict, known.verdict} != {Verdict.PASSED, Verdict.FAILED} or gap == "new_term_years"


@codes
@zones
def test_every_cited_clause_stands_in_an_index(code, slug):
    rule = ENTRY[code]
    index = {(c.document, c.label) for name in (slug, "zibo", "national") for c in pack(name).clauses}
    for value in in_zone(slug, rule.function).values():
        assert {(c.document, c.path) for c in value.cite} <= index


def test_every_row_of_the_section_is_carried():
    covered = {row for rule in ENTRY.values() for row in rule.covers}
    valued = {row for slug in SLUGS for value in pack(slug).values for row in value.rules}
    section = {f"R-{n:03}" for n in range(1, 45)}
    assert section <= covered
    assert section <= valued
    titles = {one.id: one.title for one in read_pack(ZONES / "national").rules}
    assert all(titles[row] != row and len(titles[row]) <= 40 for row in section)


@pytest.mark.django_db
def test_the_stored_packs_give_what_the_files_say():
    load("national", "qingdao", "zibo", "minhou", "gaoqing", "jinan")
    for slug in SLUGS:
        zone = queries.zone(slug, actor=PUBLIC)
        for code, rule in ENTRY.items():
            stored = queries.answer(code, zone, on=DAY, facts={})
            assert stored.ruling == rule.function(rule.facts_type(), in_zone(slug, rule.function)), (slug, code)
