"""Areas that agree or do not, and lines that refuse, list or leave to a person: worked by hand, and for all numbers."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.policy.rulebook import Given, InForce
from ronghe.policy.values import Kind

from ..rules.areas import AreaLevel, AreaLimits, DrawnAreaFacts, area_level, drawn_area, slip
from ..rules.lines import LineFacts, lines
from ..rules.planned_uses import fits
from ..surveying import cells
from ..surveying.fields import recognised

LIMITS = AreaLimits(Fraction(1, 200), Fraction(1), Fraction(1, 20))
AREAS = st.integers(1, 10**9).map(lambda n: Fraction(n, 100))
NUMBERS = {
    "registration.area.warn_share": "1/200", "registration.area.warn_m2": "1", "registration.area.fault_share": "1/20",
    "registration.lines.sliver_m2": "1", "registration.lines.sliver_share": "1/1000",
}  # fmt: skip
GIVEN = Given(InForce(name, name, Kind.NUMBER, idle=Fraction(value)) for name, value in NUMBERS.items())


@pytest.mark.parametrize(
    ("drawn", "declared", "level"),
    [
        ("201", "200", ""),  # 1 m², the limit itself: 超过 does not include it
        ("201.01", "200", "note"),
        ("1005", "1000", ""),  # 0.5 % is 5 m²
        ("1005.01", "1000", "note"),
        ("210", "200", "note"),  # 5 %, the limit itself
        ("210.01", "200", "fault"),
        ("189.99", "200", "fault"),
        ("10.5", "10", ""),  # 5 % of a small plot is less than 1 m²
        ("10.51", "10", "fault"),
    ],
)
def test_limits_of_the_difference_do_not_include_themselves(drawn, declared, level):
    assert area_level(Fraction(drawn), Fraction(declared), LIMITS) == level


@given(AREAS, AREAS)
def test_what_differs_more_is_never_judged_milder(declared, extra):
    order = [AreaLevel.GOOD, AreaLevel.NOTE, AreaLevel.FAULT]
    near, far = declared + extra / 2, declared + extra
    assert order.index(area_level(near, declared, LIMITS)) <= order.index(area_level(far, declared, LIMITS))


@given(AREAS)
def test_an_area_agrees_with_itself_and_ten_times_never_does(area):
    assert area_level(area, area, LIMITS) is AreaLevel.GOOD
    assert area_level(10 * area, area, LIMITS) is AreaLevel.FAULT


@given(AREAS, st.sampled_from([(100, "约 100 倍"), (10, "约 10 倍"), (10_000, "约 1 万倍")]), st.booleans())
def test_a_slip_of_the_pen_is_called_by_its_name_whichever_way_it_goes(area, slipped, larger):
    times, words = slipped
    other = area * times
    assert words in slip(*((other, area) if larger else (area, other)))


@given(AREAS)
def test_areas_that_agree_are_no_slip(area):
    assert slip(area, area * Fraction(104, 100)) == ""


def test_a_design_value_stands_until_a_place_decides_and_no_value_leaves_it_open():
    facts = DrawnAreaFacts(Fraction(200), Fraction(2))
    found = drawn_area(facts, GIVEN)
    assert found.value is False
    assert "100 倍" in found.steps[0].finding
    nothing = Given(InForce(name, name, Kind.NUMBER) for name in NUMBERS)
    assert drawn_area(facts, nothing).value is None


def _lines(kind: str = "宅基地", **told: object) -> list[bool | None]:
    clear = {
        "farmland_m2": Fraction(0), "ecology_m2": Fraction(0), "boundary_m2": Fraction(0), "planned_use": "农村宅基地",
        "fitting_m2": Fraction(200),
    }  # fmt: skip
    facts = LineFacts(kind=kind, area_m2=Fraction(200), **(clear | told))  # type: ignore[arg-type]
    return [step.ok for step in lines(facts, GIVEN).steps]


def test_each_line_passes_refuses_or_asks_a_person():
    assert _lines() == [True] * 4
    assert _lines(farmland_m2=Fraction(50))[0] is False, "no house on permanent basic farmland"
    assert _lines("承包地", farmland_m2=Fraction(200), planned_use="耕地")[0] is True, "what is farmed stays farmed"
    assert _lines("林地", farmland_m2=Fraction(50), planned_use="林地")[0] is None
    assert _lines(ecology_m2=Fraction(50))[1] is None
    assert _lines("集体建设用地", ecology_m2=Fraction(50), planned_use="工业用地")[1] is False
    assert _lines(boundary_m2=Fraction(100))[2] is None, "half inside, half outside"
    assert _lines(boundary_m2=Fraction(200))[2] is True
    assert _lines(planned_use="水域", fitting_m2=Fraction(0))[3] is None
    assert _lines(fitting_m2=None)[3] is None
    assert _lines(farmland_m2=None, ecology_m2=None, boundary_m2=None, planned_use=None) == [None] * 4


@given(st.integers(0, 100))
def test_what_drawing_errs_by_is_listed_and_never_bars(hundredths):
    inside = Fraction(hundredths, 100)  # up to 1 m²
    assert _lines(farmland_m2=inside, ecology_m2=inside) == [True] * 4


@given(st.integers(0, 20_000))
def test_a_parcel_passes_where_all_of_it_but_the_error_of_drawing_lies_in_uses_that_fit(hundredths):
    inside = Fraction(hundredths, 100)  # of 200 m²; up to 1 m² outside is the error of drawing
    assert _lines(fitting_m2=inside)[3] is (True if inside >= 199 else None)


@pytest.mark.parametrize(
    ("kind", "use", "fitting"),
    [
        ("宅基地", "农村宅基地", True), ("宅基地", "0703 农村宅基地", True), ("宅基地", "村庄建设用地", True),
        ("宅基地", "非村庄建设用地", False), ("集体建设用地", "非建设用地", False), ("集体建设用地", "工业用地", True),
        ("集体建设用地", "农业设施建设用地", False), ("承包地", "农业设施建设用地", False), ("承包地", "水浇地", True),
        ("林地", "园林", False), ("林地", "园林绿地", False), ("承包林地", "乔木林地", True), ("小型水利设施", "沟渠", True),
        ("国有建设用地", "公共", False), ("承包地", "没有听说过的用途", False), ("集体土地所有权", "耕地", False),
    ],
)  # fmt: skip
def test_a_planned_use_fits_by_its_whole_name_alone(kind, use, fitting):
    assert fits(use, kind) is fitting


def test_columns_are_recognised_by_chinese_heads_and_by_letters():
    heads = ["序号", "BDCDYH", "权利人*", "zjh", "实测面积（平方米）", "SCMJM", "TDYT", "ZL", "四至", "DKBM"]
    found, strange = recognised(heads)
    assert found == {
        "unit_code": 1, "holder": 2, "identity": 3, "area": 4, "area_mu": 5, "use": 6, "location": 7, "neighbours": 8,
        "plot_code": 9,
    }  # fmt: skip
    assert strange == ["序号"]


def test_cells_are_read_as_people_write_them():
    assert cells.area("1,234.5 平方米") == Decimal("1234.50")
    assert cells.area("3", factor=cells.MU) == Decimal("2000.00")
    assert [cells.day(one) for one in ("2016-1-2", "2016年1月2日", "20160102", "2016/01/02")] == [date(2016, 1, 2)] * 4
    assert cells.shares("1/3、2/3") == [Fraction(1, 3), Fraction(2, 3)]
    assert cells.shares("51%；49％") == [Fraction(51, 100), Fraction(49, 100)]
    assert cells.sides("东至：路；南至李四") == {"east": "路", "south": "李四"}
    for bad in ("-3", "nan", "1e99", "abc"):
        with pytest.raises(cells.BadCell):
            cells.area(bad)
    with pytest.raises(cells.BadCell):
        cells.day("2016-13-45")
