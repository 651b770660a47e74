"""Pure rules of exchange: widths on both sides, areas in both units, levels of the public query, sheets of parcels."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from ronghe.policy.tests.asked import by_hand

from .. import rules
from ..rules import codes
from ..rules.contract_links import MU_M2, faults_between, mu_agrees, mu_of
from ..rules.contract_tables import TABLES
from ..rules.package_tables import TABLES as PACKAGE
from ..rules.parcel_sheet import Sheet, lacking, recorded
from ..rules.privacy import GRADES, LABELS, Known, Level, hidden_name, level_for, told_at
from ..rules.tables import Field, Table, Type, faults, read_cell, read_row

#: 厘 of an area: two places of a square metre, up to the width of the tables.
AREAS = st.integers(1, 10**11).map(lambda hundredths: Decimal(hundredths).scaleb(-2))


@pytest.mark.parametrize(
    ("name", "field", "width"),
    [
        # the widths of domain/land.md a2
        ("FBF", "FBFBM", 14), ("CBF", "CBFBM", 18), ("CBDKXX", "DKBM", 19), ("CBHT", "CBHTBM", 19), ("LZHT", "LZHTBM", 18),
        ("CBJYQZDJB", "CBJYQZBM", 19), ("CBJYQZ", "CBJYQZBM", 19), ("CBHT", "CBFS", 3), ("LZHT", "LZFS", 3),
        ("LZHT", "LZQTDYT", 1), ("CBF_JTCY", "YHZGX", 2),
    ],
)  # fmt: skip
def test_the_widths_are_those_of_the_layout(name, field, width):
    table = next(one for one in TABLES if one.key == name)
    assert table.field(field).width == width


@pytest.mark.parametrize("table", [*TABLES, *PACKAGE], ids=lambda one: one.key)
def test_every_table_is_sound_in_itself(table):
    assert len(set(table.names)) == len(table.names)
    assert set(table.key_fields) <= set(table.names)
    assert all(one.label and one.width > 0 for one in table.fields)


@examples(st.sampled_from([f for t in TABLES for f in t.fields if f.type is Type.TEXT]), st.integers(1, 300))
def test_a_text_is_taken_up_to_its_width_and_no_further(field, length):
    text = "字" * length
    if length <= field.width:
        assert read_cell(field, text) == text
    else:
        with pytest.raises(codes.BadCode, match=f"不能超过 {field.width} 个字"):
            read_cell(field, text)


@examples(st.integers(0, 10**15))
def test_a_decimal_is_taken_up_to_its_width_and_places(number):
    field = Field("a", "面积", Type.DECIMAL, 15, 2)
    value = Decimal(number).scaleb(-2)
    if value < 10**13:
        assert read_cell(field, str(value)) == value
        assert read_cell(field, f"{value:,}") == value
    else:
        with pytest.raises(codes.BadCode, match="13 位整数"):
            read_cell(field, str(value))


@examples(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_day_reads_alike_however_it_is_written(day):
    field = Field("d", "日期", Type.DATE)
    for written in (day, day.isoformat(), f"{day:%Y%m%d}", f"{day.year}/{day.month}/{day.day}", f"{day:%Y年%m月%d日}"):
        assert read_cell(field, written) == day


@examples(st.from_regex(r"[0-9]{14}", fullmatch=True), st.integers(1, 99_999))
def test_a_plot_code_is_read_as_it_was_written(grantor, number):
    plot = codes.plot_code(grantor, number)
    assert codes.read_plot(plot) == (grantor, number)
    assert len(plot) == 19


@examples(st.from_regex(r"[0-9]{14}", fullmatch=True), st.integers(1, 9_999), st.sampled_from("JQ"))
def test_a_contract_code_is_read_as_it_was_written(grantor, number, way):
    contractor = codes.contractor_code(grantor, number)
    assert codes.read_contract(codes.contract_code(contractor, way)) == (contractor, way)


@examples(AREAS)
def test_an_area_agrees_with_itself_in_mu(area):
    mu = mu_of(area)
    assert mu_agrees(area, mu)
    assert abs(Fraction(mu) * MU_M2 - Fraction(area)) <= MU_M2 / 200
    # two hundredths of a mu more is another area
    assert not mu_agrees(area, mu + Decimal("0.02"))


def test_a_mu_is_two_thousand_thirds_of_a_square_metre():
    assert mu_of(Decimal("666.67")) == Decimal("1.00")
    assert mu_of(Decimal("10000.00")) == Decimal("15.00")
    # 1000 × 3/2000 = 1.5
    assert mu_agrees(Decimal("1000.00"), Decimal("1.50"))
    assert not mu_agrees(Decimal("1000.00"), Decimal("1.52"))


def test_a_row_tells_every_cell_that_is_wrong():
    table = Table("t", "表", (Field("a", "甲", width=2, required=True), Field("n", "数", Type.INTEGER, 2)), ("a",))
    assert faults(table, {"a": "三个字", "n": "一"}) == [("a", "不能超过 2 个字，现为 3 个"), ("n", "“一”不是整数")]
    assert read_row(table, {"a": " 甲 ", "n": 12.0}) == ({"a": "甲", "n": 12}, [])
    for bad in (True, float("nan"), "1e400", "-1"):
        assert faults(table, {"a": "甲", "n": bad}), bad


def test_no_table_at_all_is_told_as_missing():
    assert {fault.table for fault in faults_between({}, on=date(2026, 11, 25))} == {
        "FBF",
        "CBF",
        "CBF_JTCY",
        "CBDKXX",
        "CBHT",
    }


# -- levels ----------------------------------------------------------------------------------------------------------

ANY_KNOWN = st.builds(Known, *[st.booleans()] * 6)


@examples(ANY_KNOWN)
def test_knowing_more_never_earns_less(known):
    level = level_for(known) or 0
    for name in ("knows_code", "knows_certificate", "knows_name", "knows_tail", "is_entitled", "has_purpose"):
        assert (level_for(replace(known, **{name: True})) or 0) >= level


@examples(ANY_KNOWN)
def test_without_something_of_the_holder_or_a_right_to_see_nothing_is_told(known):
    if not (known.knows_name or known.knows_tail) and not (known.is_entitled and known.has_purpose):
        assert level_for(known) is None


def test_each_level_is_earned_by_what_it_says():
    assert level_for(Known(knows_code=True, knows_tail=True)) is Level.EXISTS
    assert level_for(Known(knows_code=True, knows_name=True)) is Level.EXISTS
    assert level_for(Known(knows_certificate=True, knows_tail=True)) is Level.EXISTS
    assert level_for(Known(knows_certificate=True, knows_name=True)) is Level.RIGHTS
    assert level_for(Known(knows_code=True, is_entitled=True)) is None
    assert level_for(Known(knows_code=True, is_entitled=True, has_purpose=True)) is Level.WHOLE


def test_a_level_tells_what_the_lower_ones_tell_and_strangers_no_name():
    assert set(told_at(Level.EXISTS)) < set(told_at(Level.RIGHTS)) < set(told_at(Level.WHOLE)) == set(LABELS)
    assert not {"holder", "location", "restrictions"} & set(told_at(Level.RIGHTS))
    assert [GRADES[level].is_recorded for level in Level] == [False, True, True]


@examples(st.text(min_size=1, max_size=40))
def test_a_hidden_name_is_never_the_whole_name(name):
    hidden = hidden_name(name)
    assert hidden != name or set(name) == {"*"}
    assert "*" in hidden


# -- sheets of parcels, areas of two registers -----------------------------------------------------------------------


def test_boundaries_are_there_when_all_four_sides_or_the_outline_are():
    whole = Sheet(location="甲村东", north="路", east="路", south="路", west="路", owner="甲村合作社")
    assert recorded(whole) == {"坐落", "四至", "权属"}
    assert lacking(replace(whole, west="")) == ("四至",)
    assert lacking(replace(whole, west="", has_outline=True)) == ()
    assert lacking(Sheet()) == ("坐落", "四至", "权属")


def agrees(ours: str, theirs: str):
    values = {"registration.exchange.area_share": Fraction(1, 200), "registration.exchange.area_floor": Fraction(1)}
    facts = rules.AreaFacts(Fraction(ours), Fraction(theirs))
    return rules.area_agreement(facts, by_hand("registration.area_agreement", values)).value


def test_areas_agree_within_the_share_or_the_floor_both_included():
    # 1000 × 5‰ = 5
    assert agrees("1000", "1005") is True
    assert agrees("1000", "1005.01") is False
    # 100 × 5‰ = 0.5, below the floor of 1
    assert agrees("100", "101") is True
    assert agrees("100", "101.01") is False
