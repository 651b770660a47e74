"""From web maps to CGCS2000: against published points, published areas, and the way there and back."""

import json
from decimal import Decimal
from functools import cache

import numpy as np
import prcoords
import pytest
import shapely
from django.conf import settings
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box, mapping

from ronghe.kernel.spatial import rules
from ronghe.kernel.spatial.rules import Crs

from .factories import square

LONGITUDES, LATITUDES = st.floats(73.5, 135.0), st.floats(18.0, 53.5)


@cache
def counties() -> dict[str, rules.Converted]:
    """The counties of all packs, converted, by name."""
    found = {}
    for file in sorted(settings.ZONES_DIR.glob("*/boundary.geojson")):
        for feature in json.loads(file.read_text("utf-8"))["features"]:
            found[feature["properties"]["name"]] = rules.converted(feature["geometry"], Crs.GCJ02)
    return found


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        # Test vectors of googollee/eviltransform (Shanghai, Shenzhen, Beijing), longitude first
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
        # Example of wandergis/coordtransform
        ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    ],
)
def test_published_points_are_taken_back(wgs84, gcj02):
    back = rules.gcj02_to_cgcs2000(np.array([gcj02]))
    assert back[0] == pytest.approx(wgs84, abs=1e-6)


@given(LONGITUDES, LATITUDES)
def test_there_and_back_is_the_same_point(lon, lat):
    there = prcoords.wgs_gcj((lat, lon), False)
    assume(rules.CHINA.west < there.lon < rules.CHINA.east)
    back = rules.gcj02_to_cgcs2000(np.array([(there.lon, there.lat)]))[0]
    # 1e-6 degrees are 0.1 m; the outlines have five decimals
    assert abs(back - (lon, lat)).max() < 1e-6


@given(st.lists(st.tuples(LONGITUDES, LATITUDES), max_size=30))
def test_a_point_is_converted_alike_wherever_it_stands(points):
    given_points = np.array([*points, *points[::-1]], dtype=float).reshape(-1, 2)
    together = rules.gcj02_to_cgcs2000(given_points)
    assert together.shape == given_points.shape
    for point, result in zip(given_points, together, strict=True):
        assert (rules.gcj02_to_cgcs2000(point.reshape(1, 2))[0] == result).all()


@pytest.mark.parametrize(
    ("name", "published_km2"),
    [
        ("高青县", 831),
        ("闽侯县", 2136),
        ("历城区", 1298.57),
    ],  # the governments' own pages; 历城区: its encyclopedia entry
)
def test_areas_are_near_the_published_ones(name, published_km2):
    assert float(counties()[name].area_m2) / 1e6 == pytest.approx(published_km2, rel=0.03)


def test_every_county_of_the_packs_is_valid_and_needed_no_repair():
    assert len(counties()) == 16
    for done in counties().values():
        assert done.repair is None
        assert done.geometry.is_valid
        assert shapely.is_ccw(done.geometry.geoms[0].exterior)


def test_neighbours_still_share_their_lines_after_the_conversion():
    assert shapely.coverage_is_valid(np.array([done.geometry for done in counties().values()], dtype=object))


def test_the_shift_of_a_county_is_some_hundred_metres():
    given_shape = {"type": "Polygon", "coordinates": mapping(box(117.7, 37.0, 117.8, 37.1))["coordinates"]}
    moved = rules.converted(given_shape, Crs.GCJ02).geometry.centroid
    _, _, metres = rules.CGCS2000_ELLIPSOID.inv(117.75, 37.05, moved.x, moved.y)
    assert 100 < metres < 800


def test_other_systems_are_taken_as_they_are():
    for crs in (Crs.CGCS2000, Crs.WGS84):
        assert rules.converted(square(117, 36), crs).geometry.equals(box(117, 36, 117.1, 36.1))


def test_an_area_is_that_of_the_ellipsoid():
    # A cell of one degree at the equator: 12,308.78 km² on GRS80, near the 111.32 × 110.57 km of its middle
    whole = rules.area_m2(MultiPolygon([box(110, 0, 111, 1)]))
    assert float(whole) == pytest.approx(111.32e3 * 110.574e3, rel=1e-3)
    assert whole == whole.quantize(Decimal("0.01"))


def test_holes_and_parts_count_whatever_their_direction():
    ring = box(117, 36, 118, 37)
    hole = box(117.25, 36.25, 117.75, 36.75)
    area = rules.area_m2
    for reverse in (False, True):
        inner = list(hole.exterior.coords)[:: -1 if reverse else 1]
        shape = MultiPolygon([Polygon(ring.exterior, [inner]), box(119, 36, 120, 37)])
        parts = area(MultiPolygon([ring])) - area(MultiPolygon([hole])) + area(MultiPolygon([box(119, 36, 120, 37)]))
        assert area(shape) == pytest.approx(parts, abs=Decimal("0.05"))


@given(st.lists(st.tuples(st.floats(117, 118), st.floats(36, 37)), min_size=3, max_size=12, unique=True))
def test_any_ring_becomes_valid_or_is_refused(points):
    ring = {"type": "Polygon", "coordinates": [[*points, points[0]]]}
    try:
        done = rules.converted(ring, Crs.CGCS2000)
    except rules.BadOutline:
        return
    assert done.geometry.is_valid
    assert done.geometry.area > 0
    assert (done.repair is None) == Polygon(points).is_valid


def test_a_repair_says_what_was_wrong():
    # two loops that touch in a crossing: one keeps its area, the report names the fault
    done = rules.converted(
        {"type": "Polygon", "coordinates": [[[117, 36], [117.2, 36.2], [117.2, 36], [117, 36.2], [117, 36]]]},
        Crs.CGCS2000,
    )
    assert done.repair is not None
    assert done.repair.problem == "Self-intersection"
    assert len(done.geometry.geoms) == 2


def test_digests_do_not_depend_on_the_order_of_keys():
    assert rules.content_digest({"a": 1, "b": 2}) == rules.content_digest({"b": 2, "a": 1})
    assert rules.content_digest([1, 2]) != rules.content_digest([2, 1])
