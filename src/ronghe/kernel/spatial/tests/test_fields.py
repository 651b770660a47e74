"""The geometry and box columns: what goes in comes out, a box follows its geometry, the index finds it."""

import pytest
import shapely
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given as drawn
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from ronghe.kernel.spatial.fields import BoxField, MultiPolygonField
from ronghe.kernel.spatial.models import Feature, Layer
from ronghe.kernel.spatial.rules import Box

from .factories import grid, load

DEGREES = st.floats(min_value=-179, max_value=179, allow_nan=False)


def test_a_geometry_comes_back_as_it_was(db):
    layer = Layer.objects.create(slug="x", title="x", version=1, digest="0" * 64)
    hole = Polygon([(117, 36), (118, 36), (118, 37), (117, 37)], [[(117.4, 36.4), (117.6, 36.4), (117.6, 36.6)]])
    shape = MultiPolygon([hole, box(119.123456789012345, 36, 120, 37)])
    Feature.objects.create(layer=layer, code="a", name="a", geometry=shape, area_m2=1, digest="")
    row = Feature.objects.get()
    assert row.geometry.equals_exact(shape, 0)
    assert row.box == Box(*shape.bounds)
    assert Feature.objects.filter(geometry=shape).exists()


def test_a_single_polygon_is_stored_as_a_multipolygon(db):
    layer = Layer.objects.create(slug="x", title="x", version=1, digest="0" * 64)
    feature = Feature.objects.create(layer=layer, code="a", name="a", geometry=box(117, 36, 118, 37), area_m2=1)
    assert isinstance(Feature.objects.get().geometry, MultiPolygon)
    # when the geometry changes, the box changes with it
    Layer.objects.update(version=2)
    feature.geometry, feature.since = box(100, 30, 101, 31), 2
    feature.save()
    assert Feature.objects.get().box == Box(100, 30, 101, 31)


@pytest.mark.parametrize(
    "bad",
    [
        Point(117, 36),
        MultiPolygon(),
        Polygon([(117, 36), (118, 37), (118, 36), (117, 37)]),
        Polygon([(117, 36, 5), (118, 36, 5), (118, 37, 5)]),
        b"no WKB",
        "POLYGON EMPTY",
        7,
    ],
)
def test_what_is_no_valid_polygon_is_refused(bad):
    with pytest.raises(ValidationError):
        MultiPolygonField().get_prep_value(bad)


def test_wkb_is_taken_too_and_nothing_stays_nothing():
    field = MultiPolygonField()
    shape = MultiPolygon([box(117, 36, 118, 37)])
    prepared = field.get_prep_value(shapely.to_wkb(shape, byte_order=0))
    assert prepared == field.get_prep_value(shape)
    assert field.get_prep_value(None) is None
    assert BoxField(of="geometry").get_prep_value(None) is None


@drawn(DEGREES, DEGREES, DEGREES, DEGREES)
def test_a_box_is_read_as_postgresql_writes_it(a, b, c, d):
    whole = Box(min(a, c), min(b, d), max(a, c), max(b, d))
    # the server writes the upper right corner first, in the shortest form that reads back
    written = f"({whole.east!r},{whole.north!r}),({whole.west!r},{whole.south!r})"
    assert BoxField(of="geometry").to_python(written) == whole


@pytest.mark.parametrize("number", [1e-7, 117.123456789012345, -1.5e-300, 0.1 + 0.2, 1e22])
def test_a_box_keeps_every_digit(db, number):
    field = BoxField(of="geometry")
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::box::text", [field.get_prep_value(Box(number, number, number, number))])
        assert field.to_python(cursor.fetchone()[0]) == Box(number, number, number, number)


def test_overlaps_finds_what_meets_the_box(db):
    load(*grid(4, 4))
    found = Feature.objects.filter(box__overlaps=Box(110.021, 30.021, 110.045, 30.03))
    assert sorted(found.values_list("code", flat=True)) == ["1-1", "2-1"]
    assert not Feature.objects.filter(box__overlaps=(120, 40, 121, 41)).exists()


@pytest.mark.constraints
def test_among_many_features_the_index_is_used(db):
    load(*grid(60, 60))
    plan = Feature.objects.filter(box__overlaps=Box(110.5, 30.5, 110.51, 30.51)).explain()
    assert "feature_by_box" in plan, plan


def test_a_migration_can_write_the_box_field():
    _, _, args, kwargs = BoxField(of="shape").deconstruct()
    assert (args, kwargs) == ([], {"of": "shape"})
    assert BoxField(*args, **kwargs).of == "shape"
