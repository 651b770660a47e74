"""What holds for every rule of every room in every zone, whatever the facts."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.kernel.actors import PUBLIC
from ronghe.policy import queries
from ronghe.policy.rulebook import InForce, Rule, all_rules
from ronghe.policy.ruling import Verdict

from .asked import ALL_ZONES, DAY, any_facts, ask, definitions, in_zone, pack, required_facts, with_every_value
from .factories import load

rules = pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.code)


#: Facts that narrow a question: a wish for the term that is passed on; a lease instead of a grant.
NARROWER = {"entry.owner_consent": {"new_term_years"}, "entry.max_term": {"mode"}}

#: Optional facts that an answer may still need, each with the special case that asks for it.
ONLY_WHEN = {
    "bottom_lines.basic_farmland": {
        "is_key_state_project": "some farmland is occupied",
        "is_unavoidable": "some farmland is occupied",
        "has_state_council_approval": "some farmland is occupied",
    },
    "ecology.forest_carbon": {"is_recognised": "a standard that is not listed"},
    "ecology.project_admission": {"required_t": "the approval fixed an amount of its own"},
    "entry.collective_consent": {"is_authorised_by_charter": "representatives decide"},
    "entry.filing": {"is_amended": "the government objected"},
    "entry.path": dict.fromkeys(("is_scattered", "is_reclaimed", "tool"), "the parcel enters elsewhere"),
    "entry.rental_housing": {
        "is_mainly_self_held": "a priority area",
        "is_hard_to_renew": "a fringe village",
        "rental_mu": "a fringe village",
        "entered_mu": "a fringe village",
    },
    "entry.trade_mode": {"is_agreement_allowed": "a trade by agreement"},
    "exit.consent": {"notice_months": "contracted land"},
    "finance.mortgageable_right": {"is_entered": "land for business", "has_other_dwelling": "a farm house"},
    "finance.pooled_purpose": {"is_like_project": "a purpose that is not listed"},
    "governance.lead_units": {"departments": "a list that does not begin with a city department"},
    "industry.beautiful_towns": {"reached_on": "the share is reached"},
    "industry.model_towns": {"reached_on": "the number is reached"},
    "meeting.collective_decision": {"is_reserved": "representatives decide"},
    "population.settlement": {"relation": "a home of somebody from elsewhere"},
    "proceeds.levy_spending": {"is_to_be_repaid": "money is advanced"},
    "quota.priority": {"is_mature": "quota of new land", "is_ready_for_supply": "quota of new land"},
    "registration.acquisition": {
        "homesteads": "a homestead",
        "is_filed": "contracted land that is swapped",
        "issuer_consents": "contracted land that is passed on otherwise",
    },
    "registration.admission": {
        "is_joint": "a cause for which nobody may apply alone",
        "is_over": "a right that is said to have ended by itself",
        "term_years": "a right of operation",
    },
    "registration.certification": {"reached_on": "the rate is reached"},
    "registration.examination": {
        "has_deed_tax_proof": "the matter is taxed",
        "has_site_record": "the place must be looked at",
    },
    "registration.homestead_legacy": {
        "cause": "more than one homestead",
        "holder_is_member": "one too many, inherited or bought",
        "exits_voluntarily": "one too many",
    },
    "registration.income_change": {
        "taker_members": "a share goes to another",
        "charter_allows_heir": "an heir is no member",
        "taker_was_of_household": "a household divides its share",
        "holder_members": "a household has died out",
    },
    "registration.membership": {
        "is_contract_civil_servant": "a civil servant",
        "assembly_agrees": "another way in than by birth, marriage, adoption or resettlement",
    },
    "registration.pledge": {
        "to_bank": "contracted land",
        "is_filed": "contracted land",
        "contractor_consents": "an operation right that was passed on",
        "is_entered": "construction land of a collective",
        "zone_allows": "a homestead",
    },
    "renewal.balance_scope": {"tried": "a wider circle than the nearest"},
    "renewal.balance_tools": {"is_plot_ratio_by_cost": "the plot ratio is set anew"},
}


@rules
@given(data=st.data())
@settings(max_examples=12)
def test_what_is_required_is_enough_for_an_answer(rule: Rule, data: st.DataObject) -> None:
    """Once every value is entered, an answer needs no optional fact but in its special case, in whatever zone."""
    facts = data.draw(required_facts(rule))
    optional = {one.name for one in rule.facts if not one.required}
    for zone in ALL_ZONES:
        ruling = rule.function(facts, with_every_value(rule.code, zone))
        assert set(ruling.missing) & optional <= set(ONLY_WHEN.get(rule.code, ())), zone


def test_a_special_case_asks_for_an_optional_fact() -> None:
    for code, cases in ONLY_WHEN.items():
        assert set(cases) <= {one.name for one in all_rules()[code].facts if not one.required}, code


@rules
def test_without_facts_no_rule_answers(rule: Rule) -> None:
    """The one answer that needs no fact: a document that never states a lead unit."""
    for zone in ALL_ZONES:
        ruling = ask(rule.code, zone)
        assert ruling.verdict is Verdict.UNDECIDABLE or rule.code == "governance.lead_units", zone
        assert ruling.steps, zone


@rules
@given(data=st.data())
@settings(max_examples=10)
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
@settings(max_examples=10)
def test_learning_one_more_fact_turns_no_answer_around(rule: Rule, data: st.DataObject) -> None:
    """What is not known is never taken for yes or no: an answer given with a gap is not reversed when it is filled.

    What narrows the question is no gap: without it the rule answers the wider one (``NARROWER``).
    """
    values = in_zone(rule.code, data.draw(st.sampled_from(ALL_ZONES)))
    full = data.draw(any_facts(rule))
    if names := [one.name for one in fields(full) if one.name not in NARROWER.get(rule.code, ())]:
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


@pytest.mark.parametrize(
    ("code", "zone", "facts", "what_to_do"),
    [
        # 青岛 四(二)2, 高青 四(二)5: 等多元化安置补偿方式
        ("exit.compensation_option", "qingdao", {"option": "其他"}, "增列"),
        (
            "exit.qualification_form",
            "jinan",
            {"form": "其他", "is_eligible": True},
            "增列",
        ),  # 济南 三(二)1: 等多种实现形式
        ("exit.share_destination", "jinan", {"destination": "其他"}, "增列"),  # 济南 三(三)4: 等方式使用
        ("exit.homestead_reuse", "zibo", {"reuse": "其他"}, "增列"),  # 淄博 二(二)3: 等方式高效利用
        ("proceeds.levy_spending", "qingdao", {"purpose": "其他"}, "增列"),  # 青岛 三(三)1: 主要用于
        ("proceeds.levy_spending", "zibo", {"purpose": "其他"}, "增列"),  # 淄博 二(一)3(2): 等支出
        ("quota.paid_transfer", "zibo", {"indicator": "其他", "is_paid": True}, "增列"),  # 淄博 二(五)1: 等指标
        ("quota.farm_park_facilities", "jinan", {"facility": "其他"}, "增列"),  # 济南 六(四): 等设施
        # 青岛 二(一)1, 济南 八(一): 等方式, 等差别化供地模式
        ("entry.flexible_term", "qingdao", {"land_kind": "新增工业用地", "arrangement": "租让结合"}, "增列"),
        ("entry.flexible_term", "jinan", {"land_kind": "点状用地", "arrangement": "租让结合"}, "增列"),
        ("renewal.balance_tools", "jinan", {"tools": ["合理确定容积率"]}, "增列"),  # 济南 五(三): 等方式
        ("finance.mortgageable_right", "jinan", {"right": "集体林权"}, "增列"),  # 济南 八(二)
        (
            "finance.pooled_purpose",
            "minhou",
            {"purpose": "购车", "is_like_project": False},
            "认定",
        ),  # 闽侯 二(五)3: 等项目
        # 济南 七(四)2: 等方式
        ("ecology.forest_carbon", "jinan", {"standard": "自拟标准", "is_recognised": False}, "认可"),
    ],
)
def test_what_an_open_list_does_not_name_is_refused_with_a_way_forward(
    code: str, zone: str, facts: dict[str, Any], what_to_do: str
) -> None:
    refused = [step for step in ask(code, zone, facts).steps if step.ok is False]
    assert any(what_to_do in step.finding for step in refused), refused


@pytest.mark.django_db
def test_the_loaded_packs_give_a_rule_what_the_files_say() -> None:
    load("national", *ALL_ZONES)
    loaded = [queries.zone(slug, actor=PUBLIC) for slug in ALL_ZONES]
    for rule in all_rules().values():
        for slug, values in zip(ALL_ZONES, queries.given_for(rule, loaded, on=DAY), strict=True):
            used = {name: _as_used(value) for name, value in values.items()}
            assert used == {n: _as_used(v) for n, v in in_zone(rule.code, slug).items()}, (rule.code, slug)


def _as_used(value: InForce) -> InForce:
    """Without what is only told: a value that is off is named by the database and left out by the files."""
    return replace(value, idle=None, cite=(), source="") if value.status == "absent" else value
