"""底线: each line by itself is a veto; what is not known is never taken for untouched."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.policy.rulebook import facts_from, rule_named
from ronghe.policy.ruling import Verdict

from .asked import ALL_ZONES, ask

KEPT = "bottom_lines.kept"
FIVE = (
    "changes_ownership",
    "breaches_farmland_line",
    "harms_farmers",
    "breaches_ecological_line",
    "severs_cultural_roots",
)
UNTOUCHED = {**dict.fromkeys(FIVE, False), "harms_village_look": False}


@pytest.mark.parametrize("zone", ALL_ZONES)
def test_a_measure_that_touches_nothing_passes(zone: str) -> None:
    assert ask(KEPT, zone, UNTOUCHED).verdict is Verdict.PASSED


@pytest.mark.parametrize("zone", ["qingdao", "zibo", "gaoqing", "jinan"])
@pytest.mark.parametrize("line", FIVE)
def test_each_of_the_five_lines_alone_is_a_veto(zone: str, line: str) -> None:
    assert ask(KEPT, zone, {**UNTOUCHED, line: True}).verdict is Verdict.FAILED
    # … also while nothing else is known
    assert ask(KEPT, zone, {line: True}).verdict is Verdict.FAILED


def test_qingdao_names_a_sixth_line_and_the_others_do_not() -> None:
    """青岛 一(二) also keeps 美丽乡村."""
    spoilt = {**UNTOUCHED, "harms_village_look": True}
    assert ask(KEPT, "qingdao", spoilt).verdict is Verdict.FAILED
    assert ask(KEPT, "jinan", spoilt).missing == ("bottom_lines.lines",)


@pytest.mark.parametrize("zone", ALL_ZONES)
@pytest.mark.parametrize("harm", UNTOUCHED)
def test_no_known_harm_is_passed(zone: str, harm: str) -> None:
    assert ask(KEPT, zone, {**UNTOUCHED, harm: True}).verdict in (Verdict.FAILED, Verdict.UNDECIDABLE)


@pytest.mark.parametrize("harm", ["harms_farmers", "severs_cultural_roots", "harms_village_look"])
def test_a_harm_that_minhou_does_not_name_is_for_a_person_to_judge(harm: str) -> None:
    ruling = ask(KEPT, "minhou", {**UNTOUCHED, harm: True})
    assert ruling.missing == ("bottom_lines.lines",)
    assert any("由有关机关认定" in step.finding for step in ruling.steps if step.missing)


def test_minhou_states_no_lines_so_the_laws_draw_three() -> None:
    """土地管理法 第二条、第三十条; 环境保护法 第二十九条."""
    assert ask(KEPT, "minhou", {**UNTOUCHED, "breaches_ecological_line": True}).verdict is Verdict.FAILED
    ruling = ask(KEPT, "minhou", {"changes_ownership": True, "breaches_farmland_line": False})
    assert ruling.verdict is Verdict.FAILED
    laws = {"land-law-2019 第二条", "land-law-2019 第三十条", "environment-law-2014 第二十九条"}
    assert {str(c) for step in ruling.steps for c in step.cite} == laws


@pytest.mark.parametrize("line", FIVE)
def test_a_line_that_nobody_looked_at_is_undecidable(line: str) -> None:
    ruling = ask(KEPT, "zibo", {**UNTOUCHED, line: None})
    assert ruling.verdict is Verdict.UNDECIDABLE
    assert ruling.missing == (line,)


# -- 永久基本农田: 土地管理法 第三十五条 ------------------------------------------------------------------------------

BASIC = "bottom_lines.basic_farmland"
EXCEPTION = {"is_key_state_project": True, "is_unavoidable": True, "has_state_council_approval": True}


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"occupied_m2": 0}, Verdict.PASSED),
        ({"occupied_m2": "1/100"}, Verdict.UNDECIDABLE),  # no area is too small to count
        ({"occupied_m2": "1/100", "is_key_state_project": False}, Verdict.FAILED),
        ({"occupied_m2": 5000, **EXCEPTION}, Verdict.PASSED),
        ({"occupied_m2": 5000, **EXCEPTION, "is_unavoidable": False}, Verdict.FAILED),
        ({"occupied_m2": 5000, **EXCEPTION, "has_state_council_approval": False}, Verdict.FAILED),
        ({"occupied_m2": 5000, **EXCEPTION, "has_state_council_approval": None}, Verdict.UNDECIDABLE),
        ({"occupied_m2": 0, "evades_by_plan_change": True}, Verdict.FAILED),  # 第二款
        ({"occupied_m2": 5000, **EXCEPTION, "evades_by_plan_change": True}, Verdict.FAILED),
        ({}, Verdict.UNDECIDABLE),
    ],
)
def test_basic_farmland_is_left_alone_but_for_key_projects_of_the_state(
    facts: dict[str, Any], verdict: Verdict
) -> None:
    for zone in ALL_ZONES:
        assert ask(BASIC, zone, {"evades_by_plan_change": False, **facts}).verdict is verdict


@given(st.fractions(0, 10**6), st.fractions(0, 10**6), st.sampled_from([True, False, None]))
def test_more_basic_farmland_never_turns_a_no_into_a_yes(less: Fraction, more: Fraction, approved: bool | None) -> None:
    less, more = sorted((less, more))
    other = {"evades_by_plan_change": False, **EXCEPTION, "has_state_council_approval": approved}
    few, many = (ask(BASIC, "qingdao", {"occupied_m2": area, **other}) for area in (less, more))
    assert few.value is not False or many.value is False


# -- 土地流转: 淄博 二(二)4(1); 农村土地承包法 第三十八条 ---------------------------------------------------------------

TRANSFER = "bottom_lines.land_transfer"
HARMLESS = {
    "changes_ownership": False, "changes_use": False, "damages_capacity": False, "damages_ecology": False,
    "harms_farmers": False,
}  # fmt: skip


@pytest.mark.parametrize("harm", [*HARMLESS])
def test_a_transfer_in_zibo_must_do_no_harm(harm: str) -> None:
    assert ask(TRANSFER, "zibo", HARMLESS).verdict is Verdict.PASSED
    assert ask(TRANSFER, "zibo", {**HARMLESS, harm: True}).verdict is Verdict.FAILED
    assert ask(TRANSFER, "gaoqing", {**HARMLESS, harm: True}).verdict is Verdict.FAILED  # its parent's document


def test_the_law_bans_four_harms_where_the_document_is_silent() -> None:
    assert ask(TRANSFER, "minhou", {**HARMLESS, "harms_farmers": None}).verdict is Verdict.PASSED
    for harm in set(HARMLESS) - {"harms_farmers"}:
        assert ask(TRANSFER, "minhou", {**HARMLESS, harm: True}).verdict is Verdict.FAILED
    harmed = ask(TRANSFER, "minhou", {**HARMLESS, "harms_farmers": True})
    assert harmed.missing == ("bottom_lines.land_transfer",)  # known, so not passed over


def test_each_veto_of_zibo_cites_the_document_and_where_it_also_bans_the_law() -> None:
    cites = {step.finding.split("：")[0]: [str(c) for c in step.cite] for step in ask(TRANSFER, "zibo", HARMLESS).steps}
    assert cites["损害农民利益"] == ["zibo-2020 二(二)4(1)"]
    assert cites["改变土地的农业用途"] == ["zibo-2020 二(二)4(1)", "contracting-law-2018 第三十八条"]
    assert cites["改变土地所有权性质"] == ["contracting-law-2018 第三十八条"]


def test_facts_are_read_as_people_write_them() -> None:
    facts = facts_from(rule_named(BASIC), {"occupied_m2": {"value": "1.5", "unit": "亩"}})
    assert facts.occupied_m2 == 1000
