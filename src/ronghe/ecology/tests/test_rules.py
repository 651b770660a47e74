"""生态的规则: vetoes, lists and deadlines, for the zones that state them."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from ronghe.policy.ruling import Clause
from ronghe.policy.tests.asked import by_hand, in_zone

from .. import rules

CODES = {
    "ecology.project_admission": (rules.project_admission, rules.AdmissionFacts),
    "ecology.good_standing": (rules.good_standing, rules.CreditFacts),
    "ecology.forest_carbon": (rules.forest_carbon, rules.ForestCarbonFacts),
    "ecology.gep_on_time": (rules.gep_on_time, rules.AccountingFacts),
    "ecology.carbon_centre": (rules.carbon_centre, rules.CarbonCentreFacts),
}


# -- 淄博 二(六)3 二(七)1, 高青 四(四)14 ------------------------------------------------------------------------------


def admitted(zone: str = "zibo", emission: int = 10, cut: int = 20, required: int | None = 20, moves: bool = False):
    facts = rules.AdmissionFacts(
        Fraction(emission), Fraction(cut), None if required is None else Fraction(required), moves
    )
    return rules.project_admission(facts, in_zone("ecology.project_admission", zone))


@pytest.mark.parametrize("zone", ["zibo", "gaoqing"])
def test_a_cut_must_reach_what_the_approval_fixed(zone):
    assert admitted(zone, cut=20).value is True
    short = admitted(zone, cut=19)
    assert short.value is False
    assert "还差 1 吨/年" in short.steps[0].finding


def test_a_cut_below_the_new_emission_replaces_nothing_whatever_was_fixed():
    assert admitted(cut=9, required=5).value is False
    assert admitted(cut=9, required=None).value is False


@pytest.mark.parametrize("cut", [0, 5])
def test_no_new_emission_needs_no_cut_whatever_the_multiple(cut):
    ruling = admitted(emission=0, cut=cut, required=None)
    assert ruling.value is True
    assert "没有新增排放" in ruling.steps[0].finding
    # an amount fixed for nothing is a slip of the pen
    assert admitted(emission=0, cut=cut, required=20).missing == ("emission_t", "required_t")


def test_without_a_fixed_amount_the_multiple_is_asked_for():
    assert admitted(required=None).missing == ("required_t", "ecology.emission.replacement_multiple")


def test_a_local_multiple_decides():
    given = by_hand(
        "ecology.project_admission",
        {"ecology.emission.replacement_required": True, "ecology.emission.replacement_multiple": Fraction(3, 2)},
    )
    assert rules.project_admission(rules.AdmissionFacts(Fraction(10), Fraction(15)), given).value is True
    assert rules.project_admission(rules.AdmissionFacts(Fraction(10), Fraction(1499, 100)), given).value is False


@pytest.mark.parametrize("zone", ["zibo", "gaoqing"])
def test_city_pollution_is_not_moved_to_the_countryside(zone):
    ruling = admitted(zone, moves=True)
    assert ruling.value is False
    assert ruling.steps[1].cite == (Clause("zibo-2020", "二(七)1"),)


def test_gaoqing_cites_its_own_document_for_replacement():
    assert admitted("gaoqing").steps[0].cite == (Clause("gaoqing-2022", "四(四)14"),)


def test_qingdao_states_neither():
    assert admitted("qingdao").value is None


@examples(*[st.fractions(0, 100)] * 4)
def test_more_replacement_never_turns_a_yes_into_a_no(emission, cut, more, required):
    given = by_hand("ecology.project_admission", {"ecology.emission.replacement_required": True})

    def ok(of: Fraction) -> bool | None:
        return rules.project_admission(rules.AdmissionFacts(emission, of, required), given).value

    assert not (ok(cut) is True and ok(cut + more) is False)


@examples(st.fractions(0, 100), st.fractions(0, 100), st.fractions(0, 100), st.fractions(0, 5))
def test_more_emission_never_turns_a_no_into_a_yes(emission, more, cut, multiple):
    values = {
        "ecology.emission.replacement_required": True,
        "ecology.emission.replacement_multiple": multiple,
    }
    given = by_hand("ecology.project_admission", values)

    def ok(of: Fraction) -> bool | None:
        return rules.project_admission(rules.AdmissionFacts(of, cut), given).value

    assert not (ok(emission) is False and ok(emission + more) is True)


# -- 淄博 二(六)2, 高青 四(四)13 --------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["zibo", "gaoqing"])
def test_each_listed_conduct_is_bad_standing(zone):
    given = in_zone("ecology.good_standing", zone)
    for conduct in ("破坏生态环境", "超过资源环境承载能力开发"):
        ruling = rules.good_standing(rules.CreditFacts(frozenset({conduct})), given)
        assert ruling.value is False
        assert "列入后与医疗保险、行政审批、金融信贷联动" in ruling.steps[0].finding
    assert rules.good_standing(rules.CreditFacts(frozenset()), given).value is True


def test_jinan_states_no_such_list():
    given = in_zone("ecology.good_standing", "jinan")
    ruling = rules.good_standing(rules.CreditFacts(frozenset({"破坏生态环境"})), given)
    assert ruling.missing == ("ecology.credit.bad_conduct",)


# -- 济南 七(四)2 ------------------------------------------------------------------------------------------------------


def traded(standard: str, *, recognised: bool | None = None, led: bool = True):
    facts = rules.ForestCarbonFacts(standard, recognised, led)
    return rules.forest_carbon(facts, in_zone("ecology.forest_carbon", "jinan"))


@pytest.mark.parametrize("standard", ["VCS", "CCER"])
def test_the_standards_of_the_document_will_do_when_government_leads(standard):
    assert traded(standard).value is True
    assert traded(standard, led=False).value is False


def test_another_standard_is_for_the_authority_to_recognise():
    # the document lists two and says 等
    assert traded("GS").missing == ("is_recognised",)
    assert traded("GS", recognised=True).value is True
    refused = traded("GS", recognised=False)
    assert refused.value is False
    assert "换用列明的方式" in refused.steps[0].finding


# -- 济南 七(二)1, 七(二)2 ---------------------------------------------------------------------------------------------


def accounted(area: str, day: date):
    return rules.gep_on_time(rules.AccountingFacts(area, day), in_zone("ecology.gep_on_time", "jinan"))


def test_the_southern_mountain_goes_first_and_the_pilot_area_follows():
    assert accounted("市南部山区", date(2021, 12, 31)).value is True
    assert accounted("市南部山区", date(2022, 1, 1)).value is False
    assert accounted("历城区", date(2023, 12, 31)).value is True
    assert accounted("历城区", date(2024, 1, 1)).value is False
    assert accounted("长清区", date(2023, 1, 1)).value is False


def test_the_carbon_centre_is_due_by_the_end_of_2021():
    given = in_zone("ecology.carbon_centre", "jinan")
    assert rules.carbon_centre(rules.CarbonCentreFacts(date(2021, 12, 31)), given).value is True
    assert rules.carbon_centre(rules.CarbonCentreFacts(date(2022, 1, 1)), given).value is False
