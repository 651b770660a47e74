"""Numbers, names and relations, by themselves."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.kernel.parties import birthplaces, rules

TODAY = date(2026, 11, 22)


def check(text: str):
    return rules.check_identity(text, on=TODAY, birthplace=birthplaces.oddness)


def test_the_samples_of_the_standard_pass():
    """GB 11643-1999, annex: both numbers are printed there."""
    first, second = check("11010519491231002X"), check("440524188001010014")
    assert (first.is_sound, first.born, first.sex) == (True, date(1949, 12, 31), "female")
    assert (second.is_sound, second.born, second.sex) == (True, date(1880, 1, 1), "male")
    assert "120 岁" in second.warned


@st.composite
def identities(draw):
    born = draw(st.dates(date(1900, 1, 1), date(2020, 12, 31)))
    first = f"{draw(st.integers(110000, 659999))}{born:%Y%m%d}{draw(st.integers(1, 999)):03}"
    return first + rules.identity_check_digit(first)


@settings(max_examples=60)
@given(identities(), st.integers(0, 17), st.integers(1, 10))
def test_any_single_wrong_character_of_an_identity_number_is_found(number, place, by):
    """2 has no divisor in common with 11, so every weight moves the sum."""
    signs = "0123456789X" if place == 17 else "0123456789"
    other = signs[(signs.index(number[place]) + by) % len(signs)]
    if other != number[place]:
        assert check(number[:place] + other + number[place + 1 :]).faults


@settings(max_examples=60)
@given(st.integers(0, 10**8 - 1), st.sampled_from(["91", "93", "N1", "N2", "N3", "N9", "11"]), st.data())
def test_any_single_wrong_character_of_a_credit_code_is_found(inner, prefix, data):
    from ronghe.kernel.parties.rules.bodies import ALPHABET

    organisation = f"{inner:08}"
    first = f"{prefix}370322{organisation}{rules.organisation_check_digit(organisation)}"
    code = first + rules.uscc_check_digit(first)
    assert rules.check_uscc(code).is_sound
    place = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from([one for one in ALPHABET if one != code[place]]))
    assert rules.check_uscc(code[:place] + other + code[place + 1 :]).faults


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ("110105194912310021", 18, "末位校验不符，应为 X"),
        ("1101O519491231002X", 5, "第 5 位“O”不是数字，是否应为数字 0"),
        ("11010519490231002X", 7, "出生日期 1949-02-31 不存在"),
        ("110105203012310021", 7, "在今天以后"),
        ("1101051949123100", 0, "应为 18 位，现为 16 位"),
        ("", 0, "应为 18 位，现为 0 位"),
        ("11010519491231002Y", 18, "既不是数字也不是 X"),
        ("110105491231002", 0, "应为 11010519491231002X"),
    ],
)
def test_what_is_wrong_with_an_identity_number_is_said_with_its_place(text, place, told):
    fault = check(text).faults[0]
    assert (fault.place, told in fault.text) == (place, True), fault


def test_all_spellings_become_one():
    for text in (" 110105 19491231 002x ", "１１０１０５１９４９１２３１００２Ｘ", "110105-19491231-002x"):
        assert check(text).value == "11010519491231002X"
    assert rules.check_telephone("+86 138-0013-8000").value == "13800138000"


@pytest.mark.parametrize(
    ("code", "year", "told"),
    [
        ("110112", 1980, "1997 年启用"),  # 通州区, a county with another code before
        ("110103", 2015, "2010 年停用"),
        ("990101", 2000, "不在区划代码表"),
        ("370322", 1990, ""),
    ],
)
def test_an_unknown_or_later_county_is_odd_and_not_wrong(code, year, told):
    assert told in birthplaces.oddness(code, year)
    assert bool(told) == bool(birthplaces.oddness(code, year))
    first = f"{code}{year}0101001"
    assert check(first + rules.identity_check_digit(first)).is_sound


def test_credit_codes_of_enterprises_and_collectives():
    """Well-known codes; the last is of a collective, which other checkers refuse."""
    for code in ("91350100M000100Y43", "91440300708461136T"):
        assert rules.check_uscc(code).is_sound
        assert not rules.check_uscc(code, party_kind="enterprise").warnings
    first = "N2370322" + "MF000001" + rules.organisation_check_digit("MF000001")
    code = first + rules.uscc_check_digit(first)
    assert rules.check_uscc(code, party_kind="collective").warnings == ()
    assert "村级集体经济组织" in rules.check_uscc(code, party_kind="enterprise").warned
    assert rules.check_uscc(code[:17] + "I").faults[0].place == 18


def test_the_organisation_code_inside_is_checked_as_a_warning():
    inner = "D2143569"  # the sample of GB 11714-1997: D2143569-X
    assert rules.organisation_check_digit(inner) == "X"
    first = "91370322" + inner + "1"
    found = rules.check_uscc(first + rules.uscc_check_digit(first))
    assert found.is_sound
    assert "应为 X" in found.warned


@pytest.mark.parametrize(
    ("text", "sound"),
    [("13800138000", True), ("0533-6967000", True), ("4008001234", True), ("12800138000", False), ("6967000", False), ("138001380OO", False)],
)  # fmt: skip
def test_telephones(text, sound):
    assert rules.check_telephone(text).is_sound is sound


def test_a_bank_card_that_fails_luhn_is_odd_because_accounts_have_no_check_digit():
    assert rules.check_bank_account("6222021234567890128").warnings == ()
    odd = rules.check_bank_account("6222 0212 3456 7890 123")
    assert (odd.is_sound, "末位应为 8" in odd.warned) == (True, True)
    assert not rules.check_bank_account("370501607780").warnings
    assert rules.check_bank_account("1234").faults


def test_a_mask_gives_no_number_away_even_beside_birthday_and_county():
    assert rules.masked("37032219800501123X", kind="identity") == "3****************X"
    assert rules.masked("13800138000", kind="telephone") == "138******00"
    assert rules.masked("6222021234567890128", kind="bank_account").endswith("*0128")
    assert rules.masked("91350100M000100Y43", kind="uscc") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("text", "name"),
    [("　王 小明 ", "王小明"), ("阿依古丽•买买提", "阿依古丽·买买提"), ("高青某公司(筹)", "高青某公司（筹）"), ("John  Smith", "John Smith"), ("王\u200b小明", "王小明")],
)  # fmt: skip
def test_names_have_one_spelling(text, name):
    assert rules.clean_name(text) == name
    assert not rules.name_fault(name)


def test_names_that_cannot_be():
    for text in ("", "=1+1", "王<b>", "张" * 121, "123"):
        assert rules.name_fault(rules.clean_name(text)), text


def test_names_are_found_by_pinyin_and_its_first_letters():
    assert rules.sort_key("王小明") == "wang xiao ming"
    assert rules.search_letters("王小明") == "wangxiaoming wxm"


def test_relations_follow_when_the_spouse_becomes_head():
    def becomes(relation, sex):
        return rules.under_new_head(relation, sex=sex, head_was="12", head_sex="female")

    assert becomes(rules.HEAD, "male") == "11"  # 夫
    assert becomes("22", "male") == "22"  # 长子 stays
    assert (becomes("51", "male"), becomes("52", "female")) == ("53", "54")  # 公公、婆婆
    assert becomes("73", "male") == ""  # 弟: asked of a person


def test_relations_follow_when_a_son_becomes_head():
    def becomes(relation, sex):
        return rules.under_new_head(relation, sex=sex, head_was="22", head_sex="male")

    assert (becomes(rules.HEAD, "male"), becomes("12", "female")) == ("51", "52")
    assert becomes("32", "female") == "79"
    assert becomes("38", "female") == ""  # his wife, or his brother's


def test_a_relation_has_the_sex_that_its_word_has():
    assert not rules.fits_sex("12", "male")
    assert not rules.fits_sex("22", "female")
    assert rules.fits_sex("10", "male")
    assert rules.fits_sex("12", "")
