"""What stands in a tile: decoded, joined with its neighbours, nothing forgotten and nothing doubled."""

import gzip
import json
import math

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from django.conf import settings
from hypothesis import given as drawn
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, shape

from ronghe.kernel.actors import PUBLIC
from ronghe.kernel.spatial import queries, services, tiles
from ronghe.kernel.spatial.models import Feature, Layer
from ronghe.kernel.spatial.services import Given
from ronghe.kernel.spatial.tiles import EXTENT, Address

from .factories import given, grid, load, square

ADDRESSES = st.integers(0, tiles.DEEPEST).flatmap(
    lambda z: st.builds(Address, st.just(z), st.integers(0, 2**z - 1), st.integers(0, 2**z - 1))
)


def decoded(address: Address, slug: str = "plain") -> dict[str, dict]:
    """Features of a tile by code; geometries in tile units, y down."""
    layer = Layer.objects.get(slug=slug)
    content = tiles.tile(layer.pk, layer.slug, layer.version, layer.digest, address)
    if not content:
        return {}
    whole = mapbox_vector_tile.decode(gzip.decompress(content), default_options={"y_coord_down": True})[slug]
    assert whole["extent"] == EXTENT
    return {f["properties"]["code"]: f for f in whole["features"]}


def zones() -> None:
    """The counties of all packs on one layer, from their own files."""
    for file in sorted(settings.ZONES_DIR.glob("*/boundary.geojson")):
        rows = json.loads(file.read_text("utf-8"))["features"]
        load(
            *(Given(r["properties"]["code"], r["properties"]["name"], r["geometry"]) for r in rows),
            key=file.parent.name, crs="GCJ-02",
        )  # fmt: skip


@drawn(ADDRESSES)
def test_a_tile_and_its_box_agree(address):
    box = tiles.box_of(address)
    corners = tiles.mercator(np.array([[box.west, box.north], [box.east, box.south]])) * 2**address.z
    assert corners == pytest.approx(np.array([address[1:], (address.x + 1, address.y + 1)]), abs=1e-6)
    assert address.exists


def test_known_tiles_of_the_web():
    # the slippy-map formula for Jinan, 36.65°N 117.12°E, at zoom 10
    n, lat = 2**10, math.radians(36.65)
    x, y = int((117.12 + 180) / 360 * n), int((1 - math.asinh(math.tan(lat)) / math.pi) / 2 * n)
    box = tiles.box_of(Address(10, x, y))
    assert box.west <= 117.12 < box.east
    assert box.south <= 36.65 < box.north


@pytest.mark.django_db
def test_a_square_comes_out_where_it_was_put():
    load(given("a", square(117.0, 36.0), name="甲"))
    address = Address(10, 844, 401)
    cut = shape(decoded(address)["a"]["geometry"])
    wanted = tiles.mercator(np.array([[117.0, 36.1], [117.1, 36.0]])) * 2**10 * EXTENT - np.array(
        [address.x * EXTENT, address.y * EXTENT]
    )
    assert cut.bounds[:2] == pytest.approx(np.clip(wanted[0], -tiles.BUFFER, EXTENT + tiles.BUFFER), abs=1)
    assert cut.bounds[2:] == pytest.approx(np.clip(wanted[1], -tiles.BUFFER, EXTENT + tiles.BUFFER), abs=1)
    assert decoded(address)["a"]["properties"]["area_m2"] == pytest.approx(1e8, rel=0.01)


@pytest.mark.django_db
@pytest.mark.parametrize("z", [0, 4, 6, 7, 8, 9, 10, 12])
def test_neighbours_share_their_edges_at_every_zoom(z):
    zones()
    # 章丘区 and 历城区 are neighbours; the tile in which their common line runs
    middle = tiles.mercator(np.array([[117.385, 36.75]]))[0] * 2**z
    cut = {code: shape(f["geometry"]) for code, f in decoded(Address(z, int(middle[0]), int(middle[1]))).items()}
    left, right = cut["370112000000"], cut["370114000000"]
    if z >= 7:
        assert left.intersection(right).area < 0.01 * min(left.area, right.area)
        # the common line is the same on both sides: no gap and no overlap along it
        common = left.boundary.intersection(right.boundary)
        assert common.length > 0.95 * _facing(left, right)


def _facing(a, b) -> float:
    """How long the line of ``a`` is that lies within three units of ``b``."""
    return a.boundary.intersection(b.buffer(1.5)).length


@pytest.mark.django_db
@pytest.mark.parametrize("z", [8, 10, 12])
def test_lines_go_on_in_the_next_tile(z):
    zones()
    # down the west side of 章丘区: along each border between two tiles both cut it at the same places
    x, y = (int(v) for v in tiles.mercator(np.array([[117.4, 36.75]]))[0] * 2**z)
    compared = 0
    for row in range(y - 2, y + 3):
        here, below = decoded(Address(z, x, row)), decoded(Address(z, x, row + 1))
        for code in here.keys() & below.keys():
            edge = shapely.LineString([(0, EXTENT), (EXTENT, EXTENT)])
            upper = shapely.intersection(shape(here[code]["geometry"]), edge)
            lower = shapely.intersection(shapely.affinity.translate(shape(below[code]["geometry"]), 0, EXTENT), edge)
            if upper.length > 0 or lower.length > 0:
                # within two units of 4096: half a pixel of a 1024-pixel screen of the tile
                assert upper.symmetric_difference(lower).length <= 8, (z, row, code)
                compared += 1
    assert compared


@pytest.mark.django_db
def test_a_tile_deep_inside_is_filled_and_one_outside_is_empty():
    load(given("a", square(117.0, 36.0)))
    inside = tiles.mercator(np.array([[117.05, 36.05]]))[0] * 2**14
    cut = shape(decoded(Address(14, int(inside[0]), int(inside[1])))["a"]["geometry"])
    assert cut.area == pytest.approx((EXTENT + 2 * tiles.BUFFER) ** 2)
    assert decoded(Address(14, 0, 0)) == {}


@pytest.mark.django_db
def test_the_whole_world_in_one_tile_is_small():
    load(*grid(20, 20))
    layer = Layer.objects.get()
    assert len(tiles.tile(layer.pk, layer.slug, layer.version, layer.digest, Address(0, 0, 0))) < 100_000


@pytest.mark.django_db
def test_features_that_a_tile_does_not_show_are_not_fetched(django_assert_num_queries):
    load(*grid(20, 20))
    box = tiles.box_of(Address(12, 3299, 1687), tiles.MARGIN)
    with django_assert_num_queries(1):
        assert Feature.objects.filter(box__overlaps=box).count() < 100


@pytest.mark.django_db
def test_outlines_for_drawing_are_simpler_and_still_neighbours():
    zones()
    full = queries.features("plain", actor=PUBLIC)
    simple = queries.outlines("plain", actor=PUBLIC, tolerance=0.002)
    assert [o.code for o in simple] == [f.code for f in full]
    points = sum(len(shapely.get_coordinates(f.geometry)) for f in full)
    assert sum(len(shapely.get_coordinates(o.geometry)) for o in simple) < points / 3
    assert shapely.coverage_is_valid(np.array([o.geometry for o in simple], dtype=object))
    assert all(isinstance(o.geometry, MultiPolygon) for o in simple)
    assert queries.outlines("plain", actor=PUBLIC, codes=["none"]) == []


def test_a_layer_that_is_not_public_shows_its_features_to_its_own_staff(db):
    from ronghe.kernel.actors import Actor
    from ronghe.kernel.regions.services import DivisionRow, load_divisions

    from .factories import HIDDEN

    load_divisions(
        pack="test",
        divisions=[DivisionRow("370000000000", "山东省", "province", None),
                   DivisionRow("370300000000", "淄博市", "city", "370000000000"),
                   DivisionRow("370100000000", "济南市", "city", "370000000000"),
                   DivisionRow("370322000000", "高青县", "county", "370300000000")],
    )  # fmt: skip
    load(given("370322000000"), layer=HIDDEN)
    clerk = Actor(user_id=1, role="department", division="370300000000")
    stranger = Actor(user_id=2, role="department", division="370100000000")
    assert queries.features("hidden", actor=clerk).count() == 1
    assert queries.features("hidden", actor=stranger).count() == 0
    assert queries.features("hidden", actor=PUBLIC).count() == 0
    assert services.COUNTY_BOUNDARIES.public
