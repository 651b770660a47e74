"""The register on the map: tiles follow its acts and nothing else, and strangers see none."""

import gzip
from datetime import date
from decimal import Decimal

import mapbox_vector_tile
import numpy as np
import pytest
from django.test import Client

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import PUBLIC, SYSTEM, Actor
from ronghe.kernel.spatial import exports, queries, tiles
from ronghe.kernel.spatial import services as spatial
from ronghe.kernel.spatial.errors import LayerDrawnElsewhere
from ronghe.kernel.spatial.models import Layer, Tile
from ronghe.kernel.spatial.rules import Box
from ronghe.kernel.spatial.tiles import Address
from ronghe.kernel.spatial.topology import Tolerance
from tests.people import person

from .. import services
from ..rules.kinds import GroundKind
from ..services import Ground, NewPart, drawing
from ..services.writing import held_by_the_database
from . import factories as make

pytestmark = pytest.mark.django_db

COUNTY = make.VILLAGE[:6] + "000000"
SLUG = "registry-370322"
STAFF = Actor(1, Role.DEPARTMENT, None, COUNTY)


@pytest.fixture(autouse=True)
def _places():
    make.people.places()


def at(i: float, z: int = 16) -> Address:
    """The tile in which the i-th parcel of the row lies."""
    x, y = tiles.mercator(np.array([[make.WEST + (i + 0.5) * make.SIDE, make.SOUTH + make.SIDE / 2]]))[0] * 2**z
    return Address(z, int(x), int(y))


def drawn(address: Address) -> dict[str, dict]:
    layer = Layer.objects.get(slug=SLUG)
    content = tiles.tile(layer.pk, layer.slug, layer.version, layer.digest, address, layer.content)
    if not content:
        return {}
    told = mapbox_vector_tile.decode(gzip.decompress(content))[SLUG]["features"]
    return {one["properties"].get("code", "cells"): one["properties"] for one in told}


def version() -> int:
    return Layer.objects.get(slug=SLUG).version


def ends_as_a_transaction_of_its_own() -> None:
    with held_by_the_database({}):
        pass


def given(unit, **more):
    return {
        "on": make.DAY,
        "survey_id": make.survey(),
        "source_id": make.source(),
        "actor": SYSTEM,
        "at": make.NOON,
        **more,
    }


def test_a_tile_tells_code_kind_and_area_of_a_parcel_and_no_name():
    unit, _ = make.homestead(make.household("演示甲"))
    told = drawn(at(0))
    assert set(told) == {unit.code}
    assert set(told[unit.code]) == {"code", "name", "kind", "area_m2"}
    assert (told[unit.code]["kind"], told[unit.code]["name"]) == ("homestead", "宅基地")
    assert told[unit.code]["area_m2"] == pytest.approx(float(make.area(make.square())))


def test_the_map_follows_every_act_that_changes_an_outline():
    unit, _ = make.homestead(geometry=make.square(width=2))
    whole, half = make.area(make.square(width=2)), Decimal("300.00")
    before = version()
    left, right = services.split_unit(
        baunit_id=unit.pk, parts=[NewPart(make.square(0), half), NewPart(make.square(1), whole - half)], **given(unit)
    )
    assert version() == before + 1
    assert set(drawn(at(0))) | set(drawn(at(1))) == {left.code, right.code}
    ends_as_a_transaction_of_its_own()
    made = services.merge_units(baunit_ids=[left.pk, right.pk], **given(unit))
    assert set(drawn(at(0))) == {made.code}
    ends_as_a_transaction_of_its_own()
    housed = services.add_building(
        baunit_id=made.pk,
        building=Ground(GroundKind.BUILDING, Decimal("80.00"), make.square(0, width=0.5)),
        **given(made),
    )
    assert set(drawn(at(0))) == {housed.code}, "a new code, and no building of its own"
    ground = housed.grounds.exclude(spatial_unit__kind="building").get().spatial_unit
    services.change_ground(
        spatial_unit_id=ground.pk, changed={"geometry": make.square(40)}, survey_id=make.survey(), on=make.DAY, actor=SYSTEM,
        at=make.NOON,
    )  # fmt: skip
    assert set(drawn(at(40))) == {housed.code}
    other = make.unit(geometry=make.square(80))
    services.end_unit(baunit_id=other.pk, on=make.DAY, source_id=make.source(), actor=SYSTEM, at=make.NOON)
    assert drawn(at(80)) == {}
    assert Layer.objects.get(slug=SLUG).feature_count == 1


def test_what_changes_no_outline_leaves_the_map_alone():
    unit, used = make.homestead()
    before = version()
    other = make.household("演示乙")
    services.transfer_right(
        rrr_id=used.pk,
        to=[services.Holder(other.pk)],
        on=date(2024, 3, 1),
        source_id=make.source(),
        actor=SYSTEM,
        at=make.NOON,
    )
    services.certify(rrr_id=used.pk, on=make.DAY, actor=SYSTEM, at=make.NOON)
    ground = unit.grounds.get().spatial_unit
    services.change_ground(
        spatial_unit_id=ground.pk,
        changed={"use": "住宅"},
        survey_id=make.survey(),
        on=make.DAY,
        actor=SYSTEM,
        at=make.NOON,
    )
    assert version() == before


def test_only_the_tiles_of_the_changed_place_are_cut_anew():
    make.unit(geometry=make.square(0))
    make.unit(geometry=make.square(400))
    layer = Layer.objects.get(slug=SLUG)
    for address in (at(0), at(400)):
        tiles._keep(layer.pk, layer.version, address, b"kept")
    assert Tile.objects.count() == 2
    drawing.changed(make.VILLAGE, [Box(*make.square(0).bounds)], make.NOON)
    assert list(Tile.objects.values_list("x", flat=True)) == [at(400).x]


def test_seen_from_afar_parcels_are_counted_in_cells(monkeypatch):
    monkeypatch.setattr(tiles, "MOST_SHAPES", 5)
    for i in range(12):
        make.unit(geometry=make.square(i, 0))
    told = drawn(at(0, z=10))
    assert set(told) == {"cells"}
    assert sum(p["count"] for p in _cells(at(0, z=10))) == 12


def _cells(address):
    layer = Layer.objects.get(slug=SLUG)
    content = tiles.tile(layer.pk, layer.slug, layer.version, layer.digest, address, layer.content)
    return [one["properties"] for one in mapbox_vector_tile.decode(gzip.decompress(content))[SLUG]["features"]]


def test_the_layer_is_for_staff_of_the_county_and_auditors_alone():
    make.unit()
    z, x, y = at(0)
    address = f"/tiles/{SLUG}/{z}/{x}/{y}.mvt"
    assert person(Role.DEPARTMENT, COUNTY).client().get(address).status_code == 200
    assert person(Role.AUDITOR, COUNTY).client().get(address).status_code == 200
    assert person(Role.TOWN_WINDOW, make.VILLAGE[:9] + "000").client().get(address).status_code == 200
    for other in (
        Client(),
        person(Role.SYSTEM_ADMIN, COUNTY).client(),
        person(Role.DEPARTMENT, "370306000000").client(),
    ):
        assert other.get(address).status_code == 404
    assert not queries.layers(PUBLIC).filter(slug=SLUG).exists()
    assert not queries.layers(Actor(1, Role.SELF, None, None, make.household("演示丙").pk)).filter(slug=SLUG).exists()


def test_the_pages_of_the_layer_lead_to_the_register():
    unit = make.unit()
    browser = person(Role.DEPARTMENT, COUNTY).client()
    page = browser.get(f"/layers/{SLUG}/").content.decode()
    assert "产权登记地块" in page
    assert 'name="form"' not in page, "nothing to take away here"
    listed = browser.get(f"/layers/{SLUG}/features/?text={unit.code}")
    assert listed["Location"] == f"/registry/open?text={unit.code}"
    assert browser.get(f"/layers/{SLUG}.geojson").status_code == 409
    assert browser.get(f"/layers/{SLUG}/edit").status_code == 409


def test_the_layer_is_not_edited_exported_or_analysed_as_if_it_had_features():
    make.unit()
    layer = Layer.objects.get(slug=SLUG)
    with pytest.raises(LayerDrawnElsewhere):
        spatial.put_features(slug=SLUG, features=[], actor=STAFF, at=make.NOON)
    with pytest.raises(LayerDrawnElsewhere):
        exports.export_layer(layer, form=exports.Format.GEOJSON, actor=STAFF, at=make.NOON)
    with pytest.raises(LayerDrawnElsewhere):
        spatial.analyse(kind="topology", layer=layer, other=None, tolerance=Tolerance(), actor=STAFF, at=make.NOON)
    with pytest.raises(LayerDrawnElsewhere):
        spatial.overlay_geometry(layer, {}, crs="CGCS2000")


def test_an_act_that_fails_leaves_the_map_as_it_was():
    from django.db import transaction

    make.unit()
    before = version()
    with transaction.atomic():
        make.unit(geometry=make.square(7))
        transaction.set_rollback(True)
    assert version() == before
