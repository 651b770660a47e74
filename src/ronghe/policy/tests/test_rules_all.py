"""All rules of all rooms, in every zone: nothing passes without facts, and every line has a clause or names a gap."""

import pytest

from ronghe.policy.rulebook import Rule, all_rules
from ronghe.policy.ruling import Verdict

from .asked import ALL_ZONES, ask, definitions, pack


@pytest.mark.parametrize("zone", ALL_ZONES)
@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.code)
def test_without_facts_no_rule_says_yes_and_every_step_cites_or_names_what_is_missing(rule: Rule, zone: str) -> None:
    ruling = ask(rule.code, zone)
    assert ruling.verdict is not Verdict.PASSED
    assert ruling.steps
    for step in ruling.steps:
        assert step.cite or step.missing, step.finding
        assert all("." in name or name in {f.name for f in rule.facts} for name in step.missing)
        assert all("." not in name or name in rule.parameters for name in step.missing)


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.code)
def test_a_rule_takes_parameters_that_are_defined_and_cites_clauses_that_are_indexed(rule: Rule) -> None:
    assert set(rule.parameters) <= set(definitions())
    indexed = {(c.document, c.label) for slug in (*ALL_ZONES, "national") for c in pack(slug).clauses}
    for zone in ALL_ZONES:
        for step in ask(rule.code, zone).steps:
            assert {(c.document, c.path) for c in step.cite} <= indexed
