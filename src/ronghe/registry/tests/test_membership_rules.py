"""成员身份、转移备案、历史遗留和限制的规则: each way, both sides."""

from fractions import Fraction

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from ronghe.policy.rulebook import Given
from ronghe.policy.ruling import Clause, Verdict
from ronghe.policy.tests.asked import by_hand, in_zone

from ..rules.filing import FilingFacts, kept_rights
from ..rules.hindrances import HindranceFacts, hindrances
from ..rules.legacy import CAUSES, LegacyFacts, homestead_legacy
from ..rules.membership import SITUATIONS, MembershipFacts, membership

#: Somebody of whom nothing speaks against membership.
CLEAR = {"is_dead": False, "has_lost_nationality": False, "is_member_elsewhere": False, "is_civil_servant": False}
#: The three conditions of article 11.
TIES = {"household_register": "曾在本村", "has_stable_duties": True, "lives_on_collective_land": True}


def member(zone: str = "qingdao", **facts):
    return membership(MembershipFacts(**facts), in_zone("registration.membership", zone))


def cites(ruling, article: str) -> bool:
    return any(Clause("collectives-law-2024", article) in step.cite for step in ruling.steps)


# -- 农村集体经济组织法 第十一条、第十二条: who is a member -----------------------------------------------------------


def test_the_three_conditions_make_a_member_and_each_is_needed():
    assert member(came_by="原有成员", **TIES, **CLEAR).value is True
    for lacking in (
        {"household_register": "不在本村"},
        {"has_stable_duties": False},
        {"lives_on_collective_land": False},
    ):
        ruling = member(came_by="原有成员", **{**TIES, **lacking}, **CLEAR)
        assert ruling.value is False
        assert cites(ruling, "第十一条")


def test_a_condition_that_nobody_has_stated_is_asked_for():
    assert member(came_by="原有成员", household_register="在本村", **CLEAR).missing == (
        "has_stable_duties", "lives_on_collective_land",
    )  # fmt: skip


def test_a_members_child_must_be_confirmed_whatever_the_assembly_says():
    for agrees in (None, True, False):
        ruling = member(came_by="成员生育", assembly_agrees=agrees, **CLEAR)
        assert ruling.value is True
        assert "应当确认" in ruling.steps[4].finding


@pytest.mark.parametrize("way", ["与成员结婚", "成员收养", "政策性移民"])
def test_spouses_adopted_children_and_the_resettled_are_confirmed_as_a_rule(way):
    assert member(came_by=way, **CLEAR).value is True
    assert member(came_by=way, assembly_agrees=False, **CLEAR).value is False


def test_who_came_in_no_way_that_the_law_names_the_assembly_decides_on():
    undecided = member(came_by="其他", **TIES, **CLEAR)
    assert undecided.verdict is Verdict.UNDECIDABLE
    assert undecided.missing == ("assembly_agrees",)
    assert member(came_by="其他", assembly_agrees=True, **TIES, **CLEAR).value is True
    assert member(came_by="其他", assembly_agrees=False, **TIES, **CLEAR).value is False


# -- 第十六条、第十七条: what ends membership -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "article"),
    [
        ("is_dead", "第十七条"),
        ("has_lost_nationality", "第十七条"),
        ("is_member_elsewhere", "第十七条"),
        ("is_civil_servant", "第十七条"),
        ("has_other_loss", "第十七条"),
        ("has_left", "第十六条"),
    ],
)
def test_each_loss_ends_membership_also_of_a_members_child(loss, article):
    given = {**CLEAR, loss: True} | ({"is_contract_civil_servant": False} if loss == "is_civil_servant" else {})
    ruling = member(came_by="成员生育", **given)
    assert ruling.value is False
    failed = [step for step in ruling.steps if step.ok is False]
    assert [step.cite for step in failed] == [(Clause("collectives-law-2024", article),)]


def test_a_contract_civil_servant_stays_a_member():
    servant = {**CLEAR, "is_civil_servant": True}
    assert member(came_by="成员生育", is_contract_civil_servant=True, **servant).value is True
    assert member(came_by="成员生育", **servant).missing == ("is_contract_civil_servant",)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_schooling_service_work_divorce_widowhood_and_prison_end_nothing(situation):
    ruling = member(came_by="原有成员", situations=frozenset({situation}), **TIES, **CLEAR)
    assert ruling.value is True
    assert cites(ruling, "第十八条")


def test_the_zones_own_rule_is_named_where_it_has_one():
    named = Clause("gaoqing-2022", "四(二)4")
    assert named in member("gaoqing", came_by="成员生育", **CLEAR).steps[-1].cite
    assert all(named not in step.cite for step in member("minhou", came_by="成员生育", **CLEAR).steps)


@examples(st.fixed_dictionaries({name: st.sampled_from([True, False, None]) for name in CLEAR}))
def test_what_is_not_known_is_never_taken_for_a_no(losses):
    ruling = member(came_by="成员生育", is_contract_civil_servant=False, **losses)
    assert (ruling.value is True) == (set(losses.values()) == {False})
    assert (ruling.value is False) == (True in losses.values())


# -- 转移备案 ----------------------------------------------------------------------------------------------------------


def test_a_household_that_moved_and_holds_something_is_filed_in_every_zone():
    moved = {"has_moved": True, "rights": 3, "has_standing_filing": False}
    for zone in ("qingdao", "zibo", "minhou", "gaoqing", "jinan"):
        given = in_zone("registration.kept_rights", zone)
        assert kept_rights(FilingFacts(**moved), given).value is True
        for lacking in ({"has_moved": False}, {"rights": 0}, {"has_standing_filing": True}):
            assert kept_rights(FilingFacts(**{**moved, **lacking}), given).value is False
    assert (
        Clause("qingdao-2020", "四(一)1")
        in kept_rights(FilingFacts(**moved), in_zone("registration.kept_rights", "qingdao")).steps[0].cite
    )


def bars(**facts):
    known = dict.fromkeys(
        ("is_seized", "has_objection", "is_mortgaged", "has_advance_notice", "is_illegal_occupation", "keeps_rights"),
        False,
    )
    return hindrances(HindranceFacts(**{**known, **facts}), Given(())).value


@pytest.mark.parametrize("matter", ["转移登记", "注销登记"])
def test_kept_rights_bar_what_their_holder_did_not_apply_for(matter):
    assert bars(matter=matter, keeps_rights=False) is True
    assert bars(matter=matter, keeps_rights=True) is False
    assert bars(matter=matter, keeps_rights=True, holder_applies=False) is False
    assert bars(matter=matter, keeps_rights=True, holder_applies=True) is True
    assert bars(matter=matter, keeps_rights=None) is None


def test_a_seizure_bars_the_correction_that_names_others_and_no_other():
    assert bars(matter="更正登记", is_seized=True) is True
    assert bars(matter="更正登记", is_seized=True, changes_holder=False) is True
    assert bars(matter="更正登记", is_seized=True, changes_holder=True) is False
    assert bars(matter="更正登记", is_seized=False, has_objection=True, changes_holder=True) is True


@pytest.mark.parametrize(
    ("burden", "consent"),
    [
        ("is_mortgaged", "mortgagee_consents"),
        ("has_advance_notice", "notice_holder_consents"),
        ("keeps_rights", "holder_applies"),
    ],
)
def test_a_correction_that_names_others_needs_the_consent_that_a_transfer_needs(burden, consent):
    assert bars(matter="更正登记", **{burden: True}) is True
    assert bars(matter="更正登记", changes_holder=True, **{burden: True}) is False
    assert bars(matter="更正登记", changes_holder=True, **{burden: True, consent: True}) is True


@pytest.mark.parametrize("matter", ["变更登记", "更正登记", "抵押登记", "经营权登记"])
def test_kept_rights_bar_nothing_that_neither_ends_nor_takes_them(matter):
    assert bars(matter=matter, keeps_rights=True) is True


# -- 一户多宅和面积超标 -----------------------------------------------------------------------------------------------

STANDARD = {"registration.homestead.area_max_m2": Fraction(264)}


def treated(zone: str = "jinan", entered=None, **facts):
    stated = {"homesteads": 2, "area_m2": Fraction(200), "is_illegal_occupation": False, **facts}
    given = in_zone("registration.homestead_legacy", zone, entered=STANDARD if entered is None else entered)
    return homestead_legacy(LegacyFacts(**stated), given)


def test_one_homestead_within_the_standard_is_confirmed():
    # the standard itself is within: 以内 includes it
    assert treated(homesteads=1, area_m2=Fraction(264)).value == "确认"
    over = treated(homesteads=1, area_m2=Fraction(26401, 100))
    assert over.value is None
    assert over.missing == ("registration.homestead.paid_use",)
    assert "超出 0.01 m²" in over.steps[1].finding


def test_a_zone_without_a_standard_is_asked_for_it():
    assert treated("minhou", homesteads=1, entered={}).missing == ("registration.homestead.area_max_m2",)
    # of a second homestead the standard decides nothing
    assert treated(cause="继承", holder_is_member=True, entered={}).value == "确认"


@pytest.mark.parametrize("zone", ["zibo", "gaoqing", "jinan", "qingdao"])
def test_a_standard_that_nobody_has_verified_is_worked_with_and_told_as_such(zone):
    over = treated(zone, homesteads=1, area_m2=Fraction(312), entered={})
    assert "标准 264 m²（参考值，待地方确定），超出 48.00 m²：面积超标" in over.steps[1].finding
    assert treated(zone, homesteads=1, area_m2=Fraction(264), entered={}).value == "确认"


@pytest.mark.parametrize("zone", ["zibo", "gaoqing", "jinan"])
def test_illegal_occupation_is_not_confirmed_whatever_else_holds(zone):
    assert treated(zone, cause="违法占用", is_illegal_occupation=True).value == "不予确认"
    assert treated(zone, homesteads=1, is_illegal_occupation=True, exits_voluntarily=True).value == "不予确认"


def test_who_wants_to_leave_for_pay_may():
    assert treated(cause="历史形成", exits_voluntarily=True).value == "退出"
    assert treated(homesteads=1, area_m2=Fraction(300), exits_voluntarily=True).value == "退出"


def test_what_was_inherited_is_confirmed_and_of_a_non_member_led_to_exit_in_jinan():
    assert treated(cause="继承", holder_is_member=True).value == "确认"
    assert treated(cause="继承", holder_is_member=False).value == "退出"
    assert treated("gaoqing", cause="继承", holder_is_member=False).value == "确认"
    # never against the holder's will
    assert treated(cause="继承", holder_is_member=False, exits_voluntarily=False).value == "确认"


def test_a_household_that_was_not_divided_is_divided_and_each_confirmed():
    ruling = treated(cause="分户未办")
    assert ruling.value == "确认"
    assert "先办理分户" in ruling.steps[-1].finding


def test_what_history_left_is_led_to_exit_and_paid_for_by_who_stays():
    paid = {**STANDARD, "registration.homestead.paid_use": True}
    assert treated(cause="历史形成").value == "退出"
    assert treated("zibo", cause="历史形成").value == "退出"
    assert treated(cause="历史形成", exits_voluntarily=False, entered=paid).value == "有偿使用"
    assert treated(cause="历史形成", exits_voluntarily=False).missing == ("registration.homestead.paid_use",)
    free = {**STANDARD, "registration.homestead.paid_use": False}
    assert treated(cause="历史形成", exits_voluntarily=False, entered=free).value == "确认"


def test_who_bought_and_is_no_member_gets_no_homestead():
    assert treated(cause="买卖").missing == ("holder_is_member",)
    assert treated("qingdao", cause="买卖", holder_is_member=False, entered=STANDARD).value == "不予确认"
    assert treated(cause="买卖", holder_is_member=True).value == "退出"


@examples(
    st.integers(1, 4), st.integers(1, 600), st.sampled_from([None, *CAUSES]), st.sampled_from([True, False, None]),
    st.sampled_from([True, False, None]),
)  # fmt: skip
def test_a_treatment_is_never_exit_against_the_holders_will(homesteads, area, cause, is_member, exits):
    values = {**STANDARD, "registration.homestead.paid_use": True}
    facts = {"cause": cause, "holder_is_member": is_member, "exits_voluntarily": exits}
    ruling = treated(entered=values, homesteads=homesteads, area_m2=Fraction(area), **facts)
    assert not (ruling.value == "退出" and exits is False)
    assert (ruling.value is None) == bool(ruling.missing)


def test_a_zone_that_states_nothing_proposes_nothing_for_one_too_many():
    given = by_hand("registration.homestead_legacy", {"registration.homestead.per_household_max": 1})
    facts = LegacyFacts(homesteads=2, area_m2=Fraction(100), is_illegal_occupation=False, cause="历史形成")
    assert homestead_legacy(facts, given).missing == ("registration.homestead.paid_use",)
