"""Loading: what a repeat does, who gives what, what is refused."""

import pytest

from ronghe.kernel.spatial import errors
from ronghe.kernel.spatial.models import Feature, Layer, LayerSource
from ronghe.kernel.spatial.services import LayerLoaded

from .factories import given, load, loaded, square

pytestmark = pytest.mark.django_db


def layer() -> Layer:
    return Layer.objects.get(slug="plain")


def test_a_first_load_makes_version_one():
    assert loaded(given("a"), given("b", square(117.1, 36.0))) == LayerLoaded(
        1, added=2, changed=0, removed=0, repaired=0
    )
    assert (layer().version, layer().source) == (1, "试验")


def test_a_repeat_does_nothing_and_says_so():
    load(given("a"), given("b", square(117.1, 36.0)))
    before = list(Feature.objects.values())
    # the order in which a source gives its features does not matter
    assert loaded(given("b", square(117.1, 36.0)), given("a")) is None
    assert list(Feature.objects.values()) == before
    assert layer().version == 1


def test_other_content_is_a_new_version_and_touches_only_what_differs():
    load(given("a"), given("b", square(117.1, 36.0)), given("c", square(117.2, 36.0)))
    numbers = dict(Feature.objects.values_list("code", "pk"))
    done = loaded(given("a"), given("b", square(117.1, 36.5)), given("d", square(117.3, 36.0)))
    assert done == LayerLoaded(2, added=1, changed=1, removed=1, repaired=0)
    assert sorted(Feature.objects.values_list("code", flat=True)) == ["a", "b", "d"]
    assert Feature.objects.get(code="b").pk == numbers["b"]
    assert Feature.objects.get(code="b").box == pytest.approx((117.1, 36.5, 117.2, 36.6))


def test_a_feature_of_two_sources_stands_once_and_leaves_with_the_last():
    load(given("a"), key="city")
    # when the county's own pack gives the same outline, the layer has no new version
    assert load(given("a"), key="county") == 0
    assert (Feature.objects.count(), layer().version, LayerSource.objects.count()) == (1, 1, 2)
    # when the city leaves it out, it stays
    load(given("b", square(118.0, 36.0)), key="city")
    assert sorted(Feature.objects.values_list("code", flat=True)) == ["a", "b"]
    # when the county leaves it out too, it goes
    assert load(key="county") == 1
    assert list(Feature.objects.values_list("code", flat=True)) == ["b"]


def test_the_latest_load_of_a_shared_feature_stands_and_a_repeat_of_the_earlier_does_not_undo_it():
    load(given("a"), key="city")
    assert load(given("a", square(117.5, 36.0)), key="county") == 1
    assert load(given("a"), key="city") == 0
    assert Feature.objects.get().box.west == 117.5


def test_a_source_that_never_gave_anything_makes_no_layer():
    assert load(key="empty") == 0
    assert not Layer.objects.exists()


def test_a_note_may_change_without_a_new_version():
    from dataclasses import replace

    from .factories import PLAIN

    load(given("a"))
    load(given("a"), layer=replace(PLAIN, note="另一说明"))
    assert (layer().note, layer().version) == ("另一说明", 1)


def test_a_repair_is_counted_and_said():
    bow_tie = {"type": "Polygon", "coordinates": [[[117, 36], [117.1, 36.1], [117.1, 36], [117, 36.1], [117, 36]]]}
    done = loaded(given("a", bow_tie))
    row = Feature.objects.get()
    assert row.geometry.is_valid
    assert row.repaired.startswith("Self-intersection")
    assert done is not None
    assert done.repaired == 1


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"type": "Point", "coordinates": [117, 36]}, "不是面"),
        ({"type": "Polygon", "coordinates": []}, "不是面"),
        ({"type": "Polygon", "coordinates": [[[36, 117], [36.1, 117], [36.1, 117.1], [36, 117]]]}, "经纬度颠倒"),
        ({"type": "Polygon", "coordinates": [[[117, 36], [117, 36], [117, 36], [117, 36]]]}, "没有面积"),
        ({"type": "Polygon", "coordinates": [[[float("nan"), 36], [117, 36], [117, 37], [117, 36]]]}, "GeoJSON"),
        ({"type": "Polygon"}, "GeoJSON"),
        ({"type": "Polygon", "coordinates": "x"}, "GeoJSON"),
    ],
)
def test_what_is_no_outline_is_refused_with_its_name_and_nothing_is_loaded(bad, why):
    with pytest.raises(errors.OutlineRefused, match=why) as refused:
        load(given("good"), given("bad", bad, name="坏要素"))
    assert refused.value.facts["feature"] == "坏要素（bad）"
    assert not Feature.objects.exists()


def test_one_code_twice_and_an_unknown_crs_are_refused():
    with pytest.raises(errors.OutlineTwice):
        load(given("a"), given("a"))
    with pytest.raises(errors.UnknownCrs, match="GCJ-02"):
        load(given("a"), crs="BD-09")
