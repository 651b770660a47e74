"""The pages and the API of layers: from a file to a version, what is refused, what is found, what is taken away."""

import json
import re
import sqlite3
import zipfile
from io import BytesIO

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests.factories import CITY, COUNTY, OTHER
from ronghe.kernel.audit.models import Event
from ronghe.kernel.jobs.services import run_here
from ronghe.kernel.spatial import services
from ronghe.kernel.spatial.models import Analysis, Layer, LayerImport
from tests.people import person

from .factories import NOON, given, load
from .files import applied, geojson, parcels, taken

pytestmark = pytest.mark.django_db
BOW_TIE = shapely.Polygon([(117, 36), (117.001, 36.001), (117.001, 36), (117, 36.001)])


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def uploaded(by, content: bytes, name: str = "地块.geojson", **stated: str) -> LayerImport:
    told = {"mode": "merge", "outside": "refuse"} | stated
    answer = by.client().post("/layers/parcels/imports/new", {"file": SimpleUploadedFile(name, content)} | told)
    assert answer.status_code == 302, words(answer)
    found = LayerImport.objects.order_by("-pk")[0]
    run_here(found.job_id)
    found.refresh_from_db()
    return found


@pytest.fixture
def filled(world):
    applied(taken(world.layer, geojson(parcels(3)), world.office), world.office)
    world.layer.refresh_from_db()
    return world


def test_a_layer_is_made_a_file_with_a_fault_explained_mended_and_imported(world):
    browser = world.office.client()
    told = {"title": "村界", "slug": "villages", "division": COUNTY, "kind": "reference"}
    assert browser.post("/layers/new", told).status_code == 302
    assert "已经有图层使用" in words(browser.post("/layers/new", told))
    assert "没有区划" in words(browser.post("/layers/new", told | {"slug": "x", "division": OTHER}))
    assert "平台自己的地址" in words(browser.post("/layers/new", told | {"slug": "analyses"}))
    assert "还没有要素" in words(browser.get("/layers/villages/"))

    found = uploaded(world.office, geojson([*parcels(2), ("c", "外地", shapely.box(2, 48, 2.1, 48.1))]))
    page = words(browser.get(f"/layers/parcels/imports/{found.pk}/"))
    assert "有 1 个要素有错，整份文件都没有导入" in page
    assert "第 3 个（c） 有错 ：坐标不在中国范围内" in page
    marked = browser.get(f"/layers/parcels/imports/{found.pk}/marked?form=geojson")
    assert "坐标不在中国范围内" in json.loads(marked.content)["features"][0]["properties"]["说明"]

    found = uploaded(world.office, geojson([*parcels(2), ("c", "蝴蝶结", BOW_TIE)]))
    assert "边线自相交，已修复" in words(browser.get(f"/layers/parcels/imports/{found.pk}/"))
    browser.post(f"/layers/parcels/imports/{found.pk}/apply")
    found.refresh_from_db()
    run_here(found.job_id)
    assert "图层现为第 1 版" in words(browser.get(f"/layers/parcels/imports/{found.pk}/"))
    page = browser.get("/layers/parcels/")
    assert "<svg" in page.content.decode()
    assert "新增 3、修改 0、删除 0，共 3 个要素" in words(page)
    assert "地块1" in words(browser.get("/layers/parcels/features/"))
    row = world.layer.features.get(code="c")
    page = words(browser.get(f"/layers/parcels/features/{row.pk}/"))
    assert "三度带第 39 带（EPSG:4527）" in page
    assert "边线自相交，已修复" in page


def test_what_is_open_is_asked_on_the_page_and_answered_there(world):
    found = uploaded(world.office, geojson(parcels(2), crs=None))
    browser = world.office.client()
    address = f"/layers/parcels/imports/{found.pk}/"
    page = browser.get(address)
    assert "文件没有说明坐标系" in words(page)
    assert browser.post(address, {"crs": "EPSG:1"}).status_code == 400
    assert browser.post(address, {"crs": "EPSG:4490"}).status_code == 302
    found.refresh_from_db()
    run_here(found.job_id)
    assert "可以导入" in words(browser.get(address))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.geojson", b"PK\x03\x04 not a map", "a.geojson"),
        ("a.docx", b"x", "a.docx"),
        ("a.geojson", b"", "空"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_at_once(world, name, content, said):
    sent = {"file": SimpleUploadedFile(name, content), "mode": "merge", "outside": "refuse"}
    answer = world.office.client().post("/layers/parcels/imports/new", sent)
    assert answer.status_code == 400
    assert said in words(answer)
    assert not LayerImport.objects.exists()


def test_others_are_refused_what_is_not_theirs(filled):
    found = LayerImport.objects.get()
    hidden = (
        "",
        "features/",
        "versions/",
        "export",
        "imports/",
        f"imports/{found.pk}/",
        "analyses/",
        "overlay",
        "edit",
    )
    for who in (filled.elsewhere.client(), Client()):
        for path in hidden:
            answer = who.get(f"/layers/parcels/{path}")
            assert answer.status_code in (302, 403, 404), path
            assert "地块" not in answer.content.decode()
            if answer.status_code == 302:
                assert "/accounts/login" in answer["Location"]
    # a leader may look and take away, but not write
    leader = filled.leader.client()
    assert leader.get("/layers/parcels/").status_code == 200
    for path in ("imports/new", "edit"):
        assert leader.get(f"/layers/parcels/{path}").status_code == 403
    # what the city shows to those below, they may not write
    told = services.LayerTold("市图", "planning", shared_below=True)
    services.create_layer(slug="shared", division=CITY, told=told, actor=filled.city.actor, at=NOON)
    assert filled.office.client().get("/layers/shared/").status_code == 200
    assert filled.office.client().get("/layers/shared/imports/new").status_code == 403


def test_who_orders_an_import_or_takes_a_file_away_stands_in_the_record(world):
    town = person(Role.TOWN_WINDOW, COUNTY)
    found = taken(world.layer, geojson(parcels(1)), world.office)
    applied(found, town)
    event = Event.objects.get(verb="spatial.import.applied")
    assert (event.user_id, event.role) == (town.user.pk, Role.TOWN_WINDOW)
    auth = {"Authorization": world.leader.token()}
    assert Client().get("/api/v1/layers/parcels/export?form=gpkg", headers=auth).status_code == 200
    event = Event.objects.get(verb="spatial.layer.exported")
    assert (event.user_id, event.facts["format"]) == (world.leader.user.pk, "gpkg")


def test_a_layer_of_a_pack_is_for_everybody_and_takes_no_file(world):
    load(given("a", name="甲县"))
    assert "plain" in Client().get("/layers/").content.decode()
    assert Client().get("/layers/plain/").status_code == 200
    assert Client().get("/layers/plain/export?form=gpkg").status_code == 200
    assert world.office.client().get("/layers/plain/imports/new").status_code == 409


@pytest.mark.parametrize(("form", "epsg"), [("geojson", 4490), ("gpkg", 4527), ("shp", 4548)])
def test_a_layer_is_taken_away_in_three_formats_and_a_named_zone(filled, form, epsg, tmp_path):
    import pyogrio

    answer = filled.leader.client().get(f"/layers/parcels/export?form={form}&epsg={epsg}")
    assert answer.status_code == 200
    file = tmp_path / f"a.{form}"
    file.write_bytes(answer.content)
    if form == "shp":
        zipfile.ZipFile(BytesIO(answer.content)).extractall(tmp_path)
        file = tmp_path / "layer.shp"
    info = pyogrio.read_info(file)
    assert info["features"] == 3
    assert info["crs"] == ("EPSG:4326" if form == "geojson" else f"EPSG:{epsg}")
    west = info["total_bounds"][0]
    assert west == pytest.approx({4490: 117.0, 4527: 39_500_000.0, 4548: 500_000.0}[epsg], abs=1e-6)
    if form == "gpkg":
        with sqlite3.connect(file) as table:
            assert table.execute("SELECT name FROM layer ORDER BY code").fetchall()[0] == ("地块1",)


@pytest.mark.parametrize(
    "asked", ["form=kml", "form=gpkg&epsg=2343", "form=geojson&epsg=4527", "epsg=x", "form=gpkg&version=9"]
)
def test_a_file_that_cannot_be_made_is_refused_with_a_word(filled, asked):
    answer = filled.leader.client().get(f"/layers/parcels/export?{asked}")
    assert answer.status_code in (404, 422)


def test_a_check_finds_the_overlap_and_the_gap_and_a_geometry_tells_its_shares(world):
    rows = [
        ("A", "甲", shapely.box(117, 36, 117.001, 36.001)),
        ("B", "乙", shapely.box(117.0009, 36, 117.002, 36.001)),
        ("C", "丙", shapely.box(117, 36.001, 117.002, 36.002)),
    ]
    applied(taken(world.layer, geojson(rows), world.office), world.office)
    browser = world.leader.client()
    told = {"kind": "topology", "tolerance_m2": "1", "width_m": "0.05"}
    answer = browser.post("/layers/parcels/analyses/new", told)
    assert answer.status_code == 302, words(answer)
    made = Analysis.objects.get()
    run_here(made.job_id)
    page = browser.get(f"/layers/analyses/{made.pk}/")
    assert "重叠 1 处" in words(page)
    assert "10.00%" in words(page)
    assert "<svg" in page.content.decode()
    assert browser.get(f"/layers/analyses/{made.pk}/export?form=gpkg&epsg=4527").status_code == 200
    assert world.elsewhere.client().get(f"/layers/analyses/{made.pk}/").status_code == 404
    refused = browser.post("/layers/parcels/analyses/new", told | {"kind": "overlay"})
    assert "请选择另一个图层" in words(refused)

    half = json.dumps(shapely.geometry.mapping(shapely.box(116.9995, 36.0001, 117.0005, 36.0002)))
    page = browser.post("/layers/parcels/overlay", {"geometry": half, "crs": "CGCS2000"})
    assert "50.00%" in words(page)
    assert "甲" in words(page)
    for bad in ("{", '{"type": "Point", "coordinates": [117, 36]}', "[1]"):
        assert browser.post("/layers/parcels/overlay", {"geometry": bad, "crs": "CGCS2000"}).status_code == 400


class TestByProgram:
    def ask(self, by, method: str, path: str, body=None):
        return getattr(Client(), method)(
            f"/api/v1{path}", json.dumps(body) if body is not None else None, content_type="application/json",
            headers={"Authorization": by.token()},
        )  # fmt: skip

    def test_a_layer_is_made_written_read_and_analysed(self, world):
        told = {"slug": "wells", "title": "井", "division": COUNTY}
        assert self.ask(world.office, "post", "/layers", told).status_code == 201
        assert self.ask(world.office, "post", "/layers", told).status_code == 409
        assert self.ask(world.office, "post", "/layers", told | {"slug": "y", "division": OTHER}).status_code == 403
        feature = {"code": "w1", "name": "一号", "geometry": shapely.geometry.mapping(parcels(1)[0][2])}
        put = self.ask(world.office, "post", "/layers/wells/features", {"features": [feature], "seen": 0})
        assert put.status_code == 200, put.content.decode()
        assert put.json()["version"] == 1
        again = self.ask(world.office, "post", "/layers/wells/features", {"features": [feature], "seen": 0})
        assert again.status_code == 409
        rows = self.ask(world.leader, "get", "/layers/wells/features").json()
        assert [row["id"] for row in rows["items"]] == ["w1"]
        assert self.ask(world.elsewhere, "get", "/layers/wells/features").status_code == 404
        made = self.ask(world.leader, "post", "/layers/wells/analyses", {"kind": "topology"})
        assert made.status_code == 202
        run_here(made.json()["job"])
        found = self.ask(world.leader, "get", f"/analyses/{made.json()['id']}").json()
        assert found["counts"]["overlap"]["number"] == 0
        gone = self.ask(world.office, "post", "/layers/wells/features/remove", {"codes": ["w1"], "seen": 1})
        assert gone.json()["feature_count"] == 0
        numbers = [v["number"] for v in self.ask(world.leader, "get", "/layers/wells/versions").json()["items"]]
        assert numbers == [2, 1]
        crossed = feature | {
            "geometry": {"type": "Polygon", "coordinates": [[[2, 48], [2.1, 48], [2.1, 48.1], [2, 48]]]}
        }
        refused = self.ask(world.office, "post", "/layers/wells/features", {"features": [crossed], "seen": 2})
        assert refused.status_code == 422
        assert refused.json()["code"] == "spatial.outline_refused"

    def test_a_file_is_given_and_applied(self, world):
        sent = {"file": SimpleUploadedFile("a.geojson", geojson(parcels(2))), "mode": "merge"}
        auth = {"Authorization": world.office.token()}
        made = Client().post("/api/v1/layers/parcels/imports", sent, headers=auth)
        assert made.status_code == 202, made.content
        run_here(made.json()["job"])
        found = self.ask(world.office, "get", f"/layers/parcels/imports/{made.json()['id']}").json()
        assert (found["state"], found["counts"]["new"]) == ("ready", 2)
        done = self.ask(world.office, "post", f"/layers/parcels/imports/{made.json()['id']}/apply", {})
        assert done.status_code == 202
        run_here(done.json()["job"])
        assert Layer.objects.get(slug="parcels").feature_count == 2
