"""What a 12-digit code says, and what lies under what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.kernel.regions.rules import Under, closure, level_of, parent_code, significant


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("370000000000", "province", None),
        ("370300000000", "city", "370000000000"),
        ("370322000000", "county", "370300000000"),
        ("370322001000", "town", "370322000000"),
        ("370322001001", "village", "370322001000"),
    ],
)
def test_a_code_tells_its_level_and_parent(code: str, level: str, parent: str | None) -> None:
    assert level_of(code) == level
    assert parent_code(code) == parent


@given(st.from_regex(r"[1-9][0-9]{11}", fullmatch=True))
def test_parents_lead_to_a_province_and_each_begins_with_the_next(code: str) -> None:
    above = parent_code(code)
    while above is not None:
        assert code.startswith(significant(above))
        assert len(significant(above)) < len(significant(code))
        code, above = above, parent_code(above)
    assert level_of(code) == "province"


PARENTS = {"city": None, "district": "city", "town": "district", "village": "town", "park": "city"}


def test_everything_lies_under_itself_and_all_above() -> None:
    rows = closure(PARENTS)
    assert {r.ancestor for r in rows if r.descendant == "village"} == {"village", "town", "district", "city"}
    assert Under("city", "village", "administrative", 3) in rows


def test_a_functional_zone_brings_what_it_manages_and_all_below() -> None:
    rows = closure(PARENTS, [("park", "town")])
    assert {r.descendant for r in rows if r.ancestor == "park" and r.kind == "functional"} == {"town", "village"}
    # The district keeps its own town: functional ties overlap, they do not move.
    assert Under("district", "town", "administrative", 1) in rows


def test_a_circle_and_an_unknown_parent_are_refused() -> None:
    with pytest.raises(ValueError, match="under itself"):
        closure({"a": "b", "b": "a"})
    with pytest.raises(ValueError, match="not known"):
        closure({"a": "nowhere"})
