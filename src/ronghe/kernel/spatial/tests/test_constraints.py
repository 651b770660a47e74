"""What the database itself refuses, attacked without the services."""

import pytest
from django.db import IntegrityError, connection, transaction
from shapely.geometry import box

from ronghe.kernel.spatial.models import Feature, Layer, LayerSource

from .factories import NOON, given, load

pytestmark = [pytest.mark.constraints, pytest.mark.django_db]


def refused(name: str):
    return pytest.raises(IntegrityError, match=name)


def test_a_code_stands_once_in_a_layer():
    load(given("a"))
    row = Feature.objects.get()
    with refused("feature_code_once_in_layer"):
        Feature.objects.create(layer=row.layer, code="a", name="b", geometry=row.geometry, area_m2=1, digest="")


def test_an_outline_lies_in_china():
    layer = Layer.objects.create(slug="x", title="x")
    for shape in (box(36, 117, 37, 118), box(500_000, 4_000_000, 500_100, 4_000_100), box(-1, 36, 0, 37)):
        with refused("feature_lies_in_china"), transaction.atomic():
            Feature.objects.create(layer=layer, code="a", name="a", geometry=shape, area_m2=1, digest="")


def test_what_is_no_multipolygon_is_refused_even_as_raw_bytes():
    load(given("a"))
    # a point; an empty text; a MultiPolygon in big-endian, which no code of ours writes
    for wkb in ("0101000000000000000000000000000000000000", "", "000000000600000000"):
        with refused("feature_geometry_is_a_multipolygon"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE spatial_feature SET geometry = decode(%s, 'hex')", [wkb])


def test_an_area_is_above_nothing():
    load(given("a"))
    with refused("feature_has_an_area"):
        Feature.objects.update(area_m2=0)


def test_a_loaded_layer_has_a_digest():
    with refused("layer_digest_is_sha256_once_loaded"), transaction.atomic():
        Layer.objects.create(slug="x", title="x", version=1)
    with refused("layer_digest_is_sha256_once_loaded"), transaction.atomic():
        Layer.objects.create(slug="x", title="x", digest="0" * 64)


def test_a_source_stands_once_in_a_layer():
    load(given("a"))
    layer = Layer.objects.get()
    with refused("layer_source_once"):
        LayerSource.objects.create(layer=layer, key="test", origin="x", crs="CGCS2000", digest="", loaded_at=NOON)
