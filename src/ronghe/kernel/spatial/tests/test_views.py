"""Tiles, GeoJSON and the list of layers over HTTP: what is answered, cached and refused."""

import json

import mapbox_vector_tile
import pytest
from django.test import Client

from ronghe.kernel.spatial import tiles
from ronghe.kernel.spatial.models import Layer

from .factories import HIDDEN, given, load, square

pytestmark = pytest.mark.django_db

#: The tile of zoom 8 that holds the square of the factories (117.0–117.1°E, 36.0–36.1°N), and one of Xinjiang.
HERE, ELSEWHERE = "/tiles/plain/8/211/100.mvt", "/tiles/plain/8/180/95.mvt"


def test_a_tile_says_what_it_is_and_how_long_it_keeps(client: Client):
    load(given("a", name="甲县"))
    answer = client.get(HERE)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert answer["Cache-Control"] == "public, max-age=600, must-revalidate"
    decoded = mapbox_vector_tile.decode(answer.content)["plain"]
    assert [f["properties"]["code"] for f in decoded["features"]] == ["a"]
    assert decoded["features"][0]["properties"]["name"] == "甲县"


def test_the_same_tile_is_not_encoded_again(client: Client, monkeypatch):
    load(given("a"))
    etag = client.get(HERE)["ETag"]
    monkeypatch.setattr(tiles, "tile", lambda *_: pytest.fail("encoded although the browser has it"))
    answer = client.get(HERE, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
    assert answer["Cache-Control"].startswith("public")
    # a proxy may have made the tag a weak one
    assert client.get(HERE, headers={"If-None-Match": f"W/{etag}"}).status_code == 304


def test_a_new_version_is_another_tile(client: Client):
    load(given("a"))
    old = client.get(HERE)
    load(given("a", square(117.0, 36.0, 0.2)))
    new = client.get(HERE, headers={"If-None-Match": old["ETag"]})
    assert new.status_code == 200
    assert new["ETag"] != old["ETag"]
    assert new.content != old.content


def test_a_restored_database_with_the_same_version_number_has_other_tags(client: Client):
    load(given("a"))
    etag = client.get(HERE)["ETag"]
    Layer.objects.update(digest="0" * 64)
    assert client.get(HERE, headers={"If-None-Match": etag}).status_code == 200


def test_an_empty_tile_is_204_and_cached_too(client: Client):
    load(given("a"))
    answer = client.get(ELSEWHERE)
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.get(ELSEWHERE, headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize("place", ["17/0/0", "3/8/0", "3/0/8", "0/1/0", "99/0/0"])
def test_a_tile_outside_the_world_is_refused(client: Client, place: str):
    load(given("a"))
    answer = client.get(f"/tiles/plain/{place}.mvt", headers={"Accept": "application/json"})
    assert answer.status_code == 404


def test_an_unknown_or_hidden_layer_is_not_found(client: Client):
    load(given("a"), layer=HIDDEN)
    for address in ("/tiles/hidden/8/211/100.mvt", "/layers/hidden.geojson", "/tiles/none/0/0/0.mvt"):
        assert client.get(address).status_code == 404
    assert "/layers/hidden/" not in client.get("/layers/").content.decode()
    assert client.get("/api/v1/layers").json() == []


def test_tiles_only_answer_to_reading(client: Client):
    assert client.post(HERE).status_code == 405


def test_a_tile_asks_the_database_for_layer_kept_tile_and_features_and_once_when_it_is_known(
    client: Client, django_assert_num_queries
):
    load(given("a"))
    with django_assert_num_queries(3):
        etag = client.get(HERE)["ETag"]
    with django_assert_num_queries(1):
        client.get(HERE)
    with django_assert_num_queries(1):
        client.get(HERE, headers={"If-None-Match": etag})


def test_geojson_gives_all_some_or_those_in_a_box(client: Client):
    load(given("a"), given("b", square(118.0, 36.0)), given("c", square(119.0, 36.0)))

    def codes(query: str) -> list[str]:
        answer = client.get(f"/layers/plain.geojson{query}")
        assert answer["Content-Type"] == "application/geo+json"
        return [f["id"] for f in json.loads(answer.content)["features"]]

    assert codes("") == ["a", "b", "c"]
    assert codes("?codes=c,a,zzz") == ["a", "c"]
    assert codes("?bbox=117.9,35,118.5,37") == ["b"]
    body = json.loads(client.get("/layers/plain.geojson").content)
    assert body["note"] == "演示数据"
    assert body["features"][0]["bbox"] == [117.0, 36.0, 117.1, 36.1]


@pytest.mark.parametrize("bad", ["1,2,3", "a,b,c,d", "118,36,117,37", "0,0,0,91", "nan,0,1,1"])
def test_a_bad_box_is_refused(client: Client, bad: str):
    load(given("a"))
    assert client.get(f"/layers/plain.geojson?bbox={bad}").status_code == 422


def test_geojson_has_a_tag_of_its_own_per_question(client: Client):
    load(given("a"), given("b", square(118.0, 36.0)))
    etag = client.get("/layers/plain.geojson?codes=a")["ETag"]
    assert client.get("/layers/plain.geojson?codes=a", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/layers/plain.geojson?codes=b", headers={"If-None-Match": etag}).status_code == 200


def test_the_list_of_layers_for_people_and_programs(client: Client):
    load(given("a"), given("b", square(118.0, 36.0)))
    assert "试验图层" in client.get("/layers/").content.decode()
    row = client.get("/api/v1/layers").json()[0]
    assert (row["slug"], row["source"], row["version"], row["feature_count"]) == ("plain", "试验", 1, 2)
    assert row["geojson"] == "/layers/plain.geojson"
    assert row["tiles"] == "/tiles/plain/{z}/{x}/{y}.mvt?v=1"
    assert client.get(row["tiles"].format(z=8, x=211, y=100)).status_code == 200


def test_a_code_with_a_nul_is_no_code(client) -> None:
    assert client.get("/layers/county-boundaries.geojson?codes=%00").status_code == 404
