"""Values of parameters: read, written and shown exactly; what does not fit is refused with the way to mend it."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.policy.values import BadValue, Kind, UnitMismatch, converted, figure, parse, percent, shown, typed, written

NAMES = st.text(st.characters(categories=["Lo", "Ll", "Nd"]), min_size=1, max_size=8)
VALUES = st.one_of(
    st.tuples(st.just(Kind.RATIO), st.fractions(0, 1, max_denominator=10**6)),
    st.tuples(st.just(Kind.NUMBER), st.fractions(0, 10**9, max_denominator=10**6)),
    st.tuples(st.just(Kind.INTEGER), st.integers(0, 10**15)),
    st.tuples(st.just(Kind.BOOLEAN), st.booleans()),
    st.tuples(st.just(Kind.DATE), st.dates()),
    st.tuples(st.just(Kind.TEXT), NAMES),
    st.tuples(st.just(Kind.SET), st.frozensets(NAMES, min_size=1, max_size=5)),
    st.tuples(st.just(Kind.LIST), st.lists(NAMES, min_size=1, max_size=5, unique=True).map(tuple)),
    st.tuples(
        st.just(Kind.TABLE), st.dictionaries(NAMES, st.fractions(0, 10**9, max_denominator=99), min_size=1, max_size=5)
    ),
)


@given(VALUES)
def test_what_is_written_is_read_again(pair):
    kind, value = pair
    assert parse(kind, written(value)) == value
    assert shown(value, kind=kind)


@pytest.mark.parametrize(
    ("kind", "texts", "why"),
    [
        (Kind.RATIO, ["0.05"], "不是整数或分数"),
        (Kind.RATIO, ["5%"], "不是整数或分数"),
        (Kind.RATIO, ["3/2"], "0 和 1 之间"),
        (Kind.RATIO, ["1/0"], "不是整数或分数"),
        (Kind.NUMBER, ["1e5"], "不是整数或分数"),
        (Kind.NUMBER, ["１"], "不是整数或分数"),
        (Kind.NUMBER, ["-3"], "小于 0"),
        (Kind.INTEGER, ["-3"], "小于 0"),
        (Kind.TABLE, ["工业=-1/2"], "小于 0"),
        (Kind.INTEGER, ["05"], "不是整数"),
        (Kind.INTEGER, [], "只能有一个值"),
        (Kind.BOOLEAN, ["是"], "true 或 false"),
        (Kind.DATE, ["2026-02-30"], "有效的日期"),
        (Kind.DATE, ["20260228"], "有效的日期"),
        (Kind.TEXT, [" "], "没有内容"),
        (Kind.SET, ["工业", "工业"], "不止一次"),
        (Kind.SET, [], "没有内容"),
        (Kind.TABLE, ["工业"], "名称=数值"),
        (Kind.TABLE, ["工业=50", "工业=40"], "不止一次"),
    ],
)
def test_what_does_not_fit_its_type_is_refused(kind, texts, why):
    with pytest.raises(BadValue, match=why):
        parse(kind, texts)


def test_choices_are_all_there_is():
    assert parse(Kind.TEXT, ["区市政府"], choices=["区市政府"]) == "区市政府"
    with pytest.raises(BadValue, match="可选范围"):
        parse(Kind.SET, ["区市政府", "村委会"], choices=["区市政府"])


@pytest.mark.parametrize("line", ["工业=50", "工业: 50", "工业：50", " 工业:50 "])
def test_a_line_of_a_table_may_be_typed_with_a_colon(line):
    assert typed(Kind.TABLE, line) == "工业=50"
    assert typed(Kind.SET, line) == line.strip(), "elsewhere a colon is a part of the name"


def test_units_of_one_family_are_converted_exactly():
    # 1 亩 = 2000/3 m²
    assert converted(Fraction(5), name="面积", given="亩", wanted="m2") == Fraction(10_000, 3)
    assert converted(Fraction(10_000, 3), name="面积", given="平方米", wanted="亩") == 5
    assert converted(Fraction(3), name="价款", given="万元", wanted="元") == 30_000
    with pytest.raises(UnitMismatch, match="应为“亩”，给的是“元”"):
        converted(Fraction(1), name="面积", given="元", wanted="亩")


def test_figures_are_shown_exactly_or_as_fractions():
    assert (figure(Fraction(1_234_567)), figure(Fraction(1, 4)), figure(Fraction(2, 3))) == ("1,234,567", "0.25", "2/3")
    assert (percent(Fraction(1, 20)), percent(Fraction(2, 3)), percent(Fraction(1, 8))) == ("5%", "2/3", "12.5%")
    assert shown(date(2026, 1, 2), kind=Kind.DATE) == "2026-01-02"
    assert shown(None, kind=Kind.NUMBER) == "未定"
    assert shown(("镇办", "区县"), kind=Kind.LIST) == "镇办→区县"
