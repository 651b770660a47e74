"""界址点: numbered from the north-western corner on, clockwise, with lengths and neighbours; nothing is kept twice."""

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.spatial.zones import in_zone, zone_for
from tests.people import person

from ..rules.boundary import boundary
from . import factories as make


def test_a_square_has_four_points_from_the_north_west_on_clockwise():
    title, points = boundary(shapely.multipolygons([make.square()]))
    assert "第 39 带" in title
    assert [one.name for one in points] == ["J1", "J2", "J3", "J4"]
    west, south, east, north = make.square().bounds
    corners = [(round(one.longitude, 9), round(one.latitude, 9)) for one in points]
    assert corners == [
        (round(x, 9), round(y, 9)) for x, y in ((west, north), (east, north), (east, south), (west, south))
    ]
    assert points[0].northing_m > points[3].northing_m
    assert points[0].easting_m == pytest.approx(39_500_000, abs=200_000)
    # 高青 lies about 72 km east of its meridian: a second of longitude there is 24.6 m
    assert points[0].side_m == pytest.approx(points[2].side_m, rel=1e-5)


def test_what_lies_beyond_a_side_is_named_and_what_touches_a_corner_is_not():
    here, east, corner = (shapely.multipolygons([make.square(*at)]) for at in ((0, 0), (1, 0), (1, 1)))
    _, points = boundary(here, {"东邻": east, "角上": corner})
    assert [one.beyond for one in points] == [(), ("东邻",), (), ()]


@given(sides=st.integers(3, 12), turn=st.floats(0, 6.28), is_reversed=st.booleans(), with_hole=st.booleans())
def test_points_keep_the_outline_whatever_it_looks_like(sides, turn, is_reversed, with_hole):
    ring = [
        (
            117.8 + 0.001 * math.cos(turn + 2 * math.pi * n / sides),
            37.1 + 0.001 * math.sin(turn + 2 * math.pi * n / sides),
        )
        for n in range(sides)
    ]
    hole = [[(117.8001, 37.1), (117.8, 37.1001), (117.7999, 37.1)]] if with_hole else []
    outline = shapely.multipolygons([shapely.Polygon(ring[::-1] if is_reversed else ring, hole)])
    _, points = boundary(outline)
    assert [one.number for one in points] == list(range(1, sides + 3 * with_hole + 1))
    flat = in_zone(outline, zone_for(outline))
    assert sum(one.side_m for one in points) == pytest.approx(flat.length)
    drawn = shapely.Polygon([(one.easting_m, one.northing_m) for one in points[:sides]])
    assert drawn.area == pytest.approx(shapely.Polygon(flat.geoms[0].exterior).area)
    assert not drawn.exterior.is_ccw


@pytest.mark.django_db
def test_the_book_page_and_a_program_show_the_points_of_the_day():
    make.people.places()
    owner = make.collective()
    unit, _ = make.homestead(owner=owner)
    other, _ = make.homestead(make.household("演示东"), owner, geometry=make.square(1))
    clerk = person(Role.DEPARTMENT, make.people.COUNTY)
    page = clerk.client().get(f"/registry/units/{unit.code}/").content.decode()
    assert "界址点成果表" in page
    assert f'data-label="界线外侧">{other.code[:19]}</td>' in page
    told = clerk.client().get(f"/api/v1/registry/units/{unit.code}", headers={"Authorization": clerk.token()}).json()
    assert [one["number"] for one in told["ground"][0]["points"]] == [1, 2, 3, 4]
