"""The demonstration of the register: plausible, whole, the same from the same seed, and made once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

import pytest
import shapely
from django.db import connection, transaction
from django.test import override_settings

from ronghe.kernel.parties.models import HouseholdMember, Party
from ronghe.kernel.spatial.models import Feature, Layer
from ronghe.kernel.spatial.topology import Tolerance, check_topology, plane_of
from ronghe.mechanisms.casework.models import Case

from .. import demo
from ..models import (
    Application,
    BAUnit,
    Certificate,
    CollectiveMember,
    IllegalOccupation,
    KeptRightsFiling,
    LegacyHomestead,
    Lineage,
    MembershipCase,
    RegistrationWindow,
    Restriction,
    Right,
    SpatialUnitVersion,
    SurveyBatch,
    VillagePlan,
)
from ..rules import codes
from ..rules.kinds import RestrictionKind, RightKind, UnitKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


@pytest.fixture(scope="module")
def built(packs, django_db_blocker, tmp_path_factory) -> Iterator[Mapping[str, int]]:
    """Built once for these tests: each of them rolls back to here, and the last all of it."""
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"))
    with django_db_blocker.unblock(), files, transaction.atomic():
        made = demo.build(households=300)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        django_db_blocker.block()
        yield made
        django_db_blocker.restore()
        transaction.set_rollback(True)


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
    assert standing == {int(k) for k in RestrictionKind} - {RestrictionKind.EASEMENT}
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


def test_everybody_stands_on_the_roll_of_the_village(built):
    collectives = Party.objects.filter(kind="collective", is_demo=True)
    assert collectives.count() == built["villages"]
    on_roll = CollectiveMember.objects.current().as_of(demo.TODAY)
    assert set(on_roll.values_list("collective", flat=True)) == set(collectives.values_list("pk", flat=True))
    homes = HouseholdMember.objects.current().as_of(date(2024, 1, 8)).filter(person__birth_date__lte=date(2024, 1, 8))
    missing = homes.exclude(person__in=on_roll.values("person"))
    assert list(missing.values_list("person__name", flat=True)) == []
    assert set(on_roll.values_list("begun_by", flat=True)) >= {"original", "marriage"}
    # one was confirmed by a case, and one is asked about
    assert on_roll.filter(case__isnull=False).count() == 1
    assert set(MembershipCase.objects.values_list("case__state", flat=True)) == {"done", "open"}


def test_work_lies_on_every_desk(built):
    steps = set(Application.objects.values_list("case__step", "case__state"))
    open_ones = {"accept", "apply", "review", "notice", "enter"}
    assert steps == {(one, "open") for one in open_ones} | {("refused", "refused"), ("done", "done")}
    quiet = BAUnit.objects.filter(code__startswith="370322").order_by("code")[0].division_id
    assert not Case.objects.filter(division=quiet).exists()
    assert sorted(SurveyBatch.objects.values_list("state", flat=True)) == ["faulty", "in_case"]
    assert demo.empty_village().pk not in SurveyBatch.objects.values_list("division", flat=True)
    standing, ended = KeptRightsFiling.objects.order_by("ended_on").reverse()
    assert (standing.ended_on, ended.ended_by) == (None, "return")
    assert standing.paper is not None
    assert set(LegacyHomestead.objects.values_list("state", flat=True)) == {"found", "classified", "decided"}
    assert set(IllegalOccupation.objects.values_list("state", flat=True)) == {"open", "handling", "settled"}
    assert Counter(VillagePlan.objects.values_list("state", flat=True)) == {
        "listed": 1,
        "drafting": 1,
        "shown": 1,
        "submitted": 1,
        "approved": 2,
    }
    towns = BAUnit.objects.filter(code__startswith="370322").values_list("division__parent", flat=True).distinct()
    assert set(RegistrationWindow.objects.values_list("division", flat=True)) == set(towns)


def test_a_repeat_makes_nothing(built):
    models = (BAUnit, Party, Case, CollectiveMember, LegacyHomestead, IllegalOccupation, VillagePlan, SurveyBatch)
    before = [model._default_manager.count() for model in models]
    assert demo.build(households=300) == {}
    assert [model._default_manager.count() for model in models] == before
