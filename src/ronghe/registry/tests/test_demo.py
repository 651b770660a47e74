"""The demonstration of the register: plausible, whole, the same from the same seed, and made once."""

from collections import Counter

import pytest
import shapely
from django.db import connection

from ronghe.kernel.parties.models import Party
from ronghe.kernel.spatial.models import Feature, Layer
from ronghe.kernel.spatial.topology import Tolerance, check_topology, plane_of

from .. import demo
from ..models import BAUnit, Certificate, Lineage, Restriction, Right, SpatialUnitVersion
from ..rules import codes
from ..rules.kinds import RestrictionKind, RightKind, UnitKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


@pytest.fixture
def built():
    made = demo.build(households=300)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return made


def test_the_villages_are_whole(built):
    # 6 villages of 50 in 高青, one of 50 in 平度 and in 章丘 each where the packs know them
    assert built["households"] == 300 + 50 * (built["villages"] - 6)
    units = BAUnit.objects.all()
    assert not units.filter(is_demo=False).exists()
    assert not Party.objects.filter(is_demo=False).exists()
    for unit in units:
        read = codes.read_unit(unit.code)
        assert codes.kind_of(read.parcel) is UnitKind(unit.kind)
        assert unit.code.startswith(unit.division_id)
    kinds = Counter(units.values_list("kind", flat=True))
    assert set(kinds) == {k.value for k in UnitKind if k is not UnitKind.STATE}
    first = units.filter(kind="homestead", ended_on=None).order_by("code")[0]
    held = set(Right.objects.current().as_of(demo.TODAY).filter(baunit=first).values_list("kind", flat=True))
    assert {1, 101} < held
    assert held & {5, 6}


def test_parcels_do_not_overlap_and_lie_in_their_county(built):
    rows = (
        SpatialUnitVersion.objects.current()
        .as_of(demo.TODAY)
        .filter(spatial_unit__kind__in=("parcel", "plot", "forest", "works"))
    )
    rows = rows.exclude(spatial_unit__baunits__baunit__kind="ownership")
    shapes = [row.geometry for row in rows]
    plane = plane_of(shapes)
    flat = shapely.transform(shapes, plane.project)
    assert [p for p in check_topology(flat, tolerance=Tolerance(area_m2=0.5)).found if p.kind == "overlap"] == []
    county = Feature.objects.get(layer__slug="county-boundaries", code="370322000000").geometry
    own = [row.geometry for row in rows.filter(spatial_unit__division__code__startswith="370322")]
    assert shapely.contains(county, own).all()
    homesteads = rows.filter(
        spatial_unit__baunits__baunit__kind="homestead", spatial_unit__baunits__baunit__ended_on=None
    )
    areas = [float(row.area_m2) for row in homesteads.filter(spatial_unit__opened_at__year__lt=2026)]
    assert min(areas) > 150
    assert 300 < max(areas) < 320  # one in so many is too large


def test_the_stories_are_told(built):
    standing = set(Restriction.objects.current().as_of(demo.TODAY).values_list("kind", flat=True))
    assert standing == {int(k) for k in RestrictionKind} - {RestrictionKind.EASEMENT, RestrictionKind.KEPT_RIGHTS}
    assert set(Lineage.objects.values_list("kind", flat=True)) == {"split", "merge"}
    assert Right.objects.current().filter(kind=RightKind.OPERATION).exists()
    assert Certificate.objects.filter(recalled_on=None).count() > 500
    twice = Counter(
        Right.objects.current().as_of(demo.TODAY).filter(kind__in=(5, 6)).values_list("party_id", flat=True)
    )
    assert [n for n in twice.values() if n > 1]
    layers = (
        Layer.objects.filter(slug__endswith="-370322")
        .exclude(slug__startswith="registry-")
        .values_list("title", flat=True)
    )
    assert len(layers) >= 4
    assert all("演示数据" in title for title in layers)


def test_a_repeat_makes_nothing(built):
    before = BAUnit.objects.count(), Party.objects.count()
    assert demo.build(households=300) == {}
    assert (BAUnit.objects.count(), Party.objects.count()) == before
