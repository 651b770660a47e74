"""Files on their way into a layer: what is read, mended, asked, refused, and written."""

import json

import numpy as np
import pytest
import shapely

from ronghe.kernel.files import services as files
from ronghe.kernel.spatial import errors, services
from ronghe.kernel.spatial.models import Feature, FeatureVersion, ImportFeature, LayerVersion
from ronghe.kernel.spatial.zones import Zone, in_zone

from .factories import NOON, given, load, square
from .files import applied, checked, dxf, geojson, parcels, taken, written, zipped

pytestmark = pytest.mark.django_db
ZONE = Zone(39)


def standing(layer):
    return {f.code: f for f in Feature.objects.filter(layer=layer)}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.geojson", geojson(parcels())),
        ("a.gpkg", written(parcels(), "GPKG")),
        ("a.zip", written(parcels(), "ESRI Shapefile", encoding="UTF-8")),
        ("gbk.zip", written(parcels(), "ESRI Shapefile", encoding="GBK")),
    ],
)
def test_each_format_comes_in_with_codes_names_and_outlines(world, name, content):
    found = taken(world.layer, content, world.office, name=name)
    assert (found.state, found.counts["new"]) == ("ready", 3), (found.failure, found.found, found.remarks)
    assert not Feature.objects.exists()
    found = applied(found, world.office)
    assert (found.state, found.version) == ("applied", 1), found.job.failure
    rows = standing(world.layer)
    assert {code: row.name for code, row in rows.items()} == {"P1": "地块1", "P2": "地块2", "P3": "地块3"}
    assert rows["P2"].geometry.equals(parcels()[1][2])
    assert rows["P1"].since == 1
    assert not ImportFeature.objects.exists()


@pytest.mark.parametrize("zone", [Zone(39), Zone(39, with_prefix=False)])
def test_coordinates_of_a_zone_come_back_to_degrees(world, zone):
    rows = [(code, name, in_zone(shape, zone)) for code, name, shape in parcels()]
    found = taken(world.layer, written(rows, "GPKG", crs=f"EPSG:{zone.epsg}"), world.office, name="a.gpkg")
    assert found.state == "ready", found.failure
    applied(found, world.office)
    # 1e-9 degrees are a tenth of a millimetre
    assert shapely.hausdorff_distance(standing(world.layer)["P1"].geometry, parcels()[0][2]) < 1e-9


def test_a_file_without_a_crs_is_asked_about_with_a_guess_and_refused_by_program(world):
    rows = [(code, name, in_zone(shape, ZONE)) for code, name, shape in parcels()]
    content = geojson(rows, crs=None)
    found = taken(world.layer, content, world.office)
    assert found.state == "asking"
    assert (found.found["question"], found.found["guess"]) == ("crs", "EPSG:4527")
    assert "带号 39" in found.found["text"]
    refused = taken(world.layer, content, world.office, asks=False)
    assert refused.state == "faulty"
    assert "带号 39" in refused.failure
    # when the person answers, the check goes on
    services.check_start(
        import_id=found.pk, stated=services.restated(found, crs="EPSG:4527"), actor=world.actor, at=NOON
    )
    found.refresh_from_db()
    assert checked(found).state == "ready"


def test_latitude_before_longitude_is_seen_and_turned_when_the_person_agrees(world):
    rows = [(code, name, shapely.transform(shape, lambda p: p[:, ::-1])) for code, name, shape in parcels()]
    found = taken(world.layer, geojson(rows), world.office)
    assert (found.state, found.found["question"]) == ("asking", "axes")
    assert "纬度在前" in found.found["text"]
    found = taken(world.layer, geojson(rows), world.office, axes="yx")
    assert found.state == "ready"
    applied(found, world.office)
    assert standing(world.layer)["P1"].geometry.equals(parcels()[0][2])


@pytest.mark.parametrize(("epsg", "named"), [(2363, "1980 西安坐标系"), (2415, "1954 年北京坐标系")])
def test_another_datum_is_refused_until_somebody_states_that_it_may_be_taken_as_it_stands(world, epsg, named):
    rows = [(code, name, in_zone(shape, ZONE)) for code, name, shape in parcels()]
    content = written(rows, "GPKG", crs=f"EPSG:{epsg}")
    found = taken(world.layer, content, world.office, name="a.gpkg")
    assert (found.state, found.found["question"]) == ("asking", "datum")
    assert named in found.found["text"]
    assert "转换参数" in found.found["text"]
    found = taken(world.layer, content, world.office, name="a.gpkg", datum="as_is")
    assert found.state == "ready"
    applied(found, world.office)
    assert "没有作基准转换" in LayerVersion.objects.get().note


BOW_TIE = shapely.Polygon([(117, 36), (117.001, 36.001), (117.001, 36), (117, 36.001)])
OPEN_RING = {"type": "Polygon", "coordinates": [[[117, 36], [117.001, 36], [117.001, 36.001]]]}
REPEATED = shapely.Polygon([(117, 36), (117.001, 36), (117.001, 36), (117.001, 36.001)])


@pytest.mark.parametrize(
    ("shape", "said"),
    [(BOW_TIE, "自相交，已修复，面积变化"), (OPEN_RING, "没有相接，已闭合"), (REPEATED, "去掉 1 个重复点")],
)
def test_what_can_be_mended_is_mended_and_said(world, shape, said):
    found = taken(world.layer, geojson([("a", "甲", shape)]), world.office)
    assert found.state == "ready", found.remarks
    assert said in found.remarks[0][3]
    applied(found, world.office)
    row = standing(world.layer)["a"]
    assert row.geometry.is_valid
    assert said in row.repaired


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("a", "甲", None)], "没有图形"),
        ([("a", "甲", shapely.Point(117, 36))], "不是面"),
        ([("a", "甲", shapely.box(2, 48, 2.1, 48.1))], "不在中国范围内"),
        ([("a", "甲", shapely.box(117, 36, 117, 36.1))], "没有面积"),
        ([("a", "甲", shapely.box(100, 25, 110, 35))], "面积超过"),
        ([("", "甲", shapely.box(117, 36, 117.1, 36.1))], "没有代码"),
        ([("a" * 41, "甲", shapely.box(117, 36, 117.1, 36.1))], "超过 40 个字符"),
        (
            [("a", "甲", shapely.box(117, 36, 117.1, 36.1)), ("a", "乙", shapely.box(117, 36, 117.1, 36.1))],
            "第 1 个要素相同",
        ),
    ],
)
def test_a_fault_keeps_the_whole_file_out_and_is_marked_in_a_copy(world, rows, said):
    found = taken(world.layer, geojson([*parcels(1), *rows][1 if len(rows) > 1 else 0 :]), world.office, axes="xy")
    assert found.state == "faulty"
    assert any(said in remark[3] for remark in found.remarks), found.remarks
    marked = json.loads(files.content(found.annotated_id))
    assert any(said in feature["properties"]["说明"] for feature in marked["features"])
    with pytest.raises(errors.ImportNotReady):
        services.start_apply(import_id=found.pk, actor=world.actor, at=NOON)
    assert not Feature.objects.exists()


def test_what_lies_in_the_sea_is_refused_or_only_said_as_the_person_wishes(world):
    from ronghe.kernel.accounts.tests.factories import COUNTY
    from ronghe.kernel.spatial.services import COUNTY_BOUNDARIES

    load(given(COUNTY, square(117.0, 36.0, 0.1)), layer=COUNTY_BOUNDARIES)
    sea = geojson([("a", "甲", shapely.box(122.0, 36.0, 122.01, 36.01))])
    found = taken(world.layer, sea, world.office)
    assert found.state == "faulty"
    assert "不在本区划的范围内" in found.remarks[0][3]
    assert taken(world.layer, sea, world.office, outside="warn").state == "ready"
    partly = geojson([("a", "甲", shapely.box(117.05, 36.0, 117.2, 36.01))])
    found = taken(world.layer, partly, world.office)
    assert (found.state, found.groups) == ("ready", [["doubtful", "部分超出本区划范围", 1]])


def test_a_drawing_gives_its_closed_lines_as_areas_and_says_what_it_left_out(world):
    ring = [tuple(p) for p in shapely.get_coordinates(in_zone(parcels(1)[0][2], ZONE))[:-1]]
    content = dxf(ring)[: -len("0\nENDSEC\n0\nEOF\n")] + dxf(ring, closed=False)[len("0\nSECTION\n2\nENTITIES\n") :]
    found = taken(world.layer, content, world.office, name="a.dxf", crs="EPSG:4527")
    assert found.state == "ready", (found.failure, found.remarks)
    assert (found.counts["new"], found.counts["skipped"]) == (1, 1)
    assert {group[1] for group in found.groups} == {"闭合线，已作为面", "不是闭合线或面，没有读取"}


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', errors.FileBreaks),
        ("a.geojson", geojson([]), errors.FileHasNoFeatures),
        ("a.zip", zipped({"a.shp": b"x", "b.shp": b"y"}), errors.ShapefileIncomplete),
        ("a.zip", zipped({"a.shp": b"x"}), errors.ShapefileIncomplete),
        ("a.zip", zipped({"a.shp": b"x", "a.shx": b"x", "a.dbf": b"x"}), errors.FileBreaks),
    ],
)
def test_a_file_that_cannot_be_read_says_why(world, name, content, error):
    found = taken(world.layer, content, world.office, name=name)
    assert found.state == "faulty"
    assert found.failure.startswith(error.message.split("{")[0])


def test_a_file_that_names_an_address_fetches_nothing(world):
    """Drivers that would follow addresses are not there: the content is only text to the four that are."""
    content = b'{"type": "Feature", "links": [{"href": "http://127.0.0.1:9/x"}], "geometry": null, "properties": {}}'
    found = taken(world.layer, content, world.office)
    assert found.state in ("faulty", "asking")


def test_a_second_file_adds_and_changes_and_a_replacing_one_removes(world):
    applied(taken(world.layer, geojson(parcels(3)), world.office), world.office)
    moved = [
        ("P3", "地块3", shapely.box(117.5, 36, 117.501, 36.001)),
        ("P4", "地块4", shapely.box(117.6, 36, 117.601, 36.001)),
    ]
    found = taken(world.layer, geojson(moved), world.office)
    assert (found.counts["new"], found.counts["changed"], found.counts["removed"]) == (1, 1, 0)
    applied(found, world.office)
    assert sorted(standing(world.layer)) == ["P1", "P2", "P3", "P4"]
    found = applied(taken(world.layer, geojson(moved), world.office, mode="replace"), world.office)
    assert (sorted(standing(world.layer)), found.version) == (["P3", "P4"], 3)
    former = {(f.code, f.since, f.until) for f in FeatureVersion.objects.all()}
    assert former == {("P3", 1, 2), ("P1", 1, 3), ("P2", 1, 3)}
    # the same again makes no version
    found = applied(taken(world.layer, geojson(moved), world.office, mode="replace"), world.office)
    assert (found.state, found.version) == ("applied", 3)


def test_an_apply_after_another_change_is_refused_and_a_repeat_writes_nothing_more(world):
    first = taken(world.layer, geojson(parcels(3)), world.office)
    second = taken(world.layer, geojson(parcels(2)), world.office)
    first = applied(first, world.office)
    assert services.start_apply(import_id=first.pk, actor=world.actor, at=NOON).job_id == first.job_id
    overtaken = applied(second, world.office)
    assert overtaken.state == "faulty"
    assert "请重新核对" in overtaken.failure
    services.check_start(import_id=second.pk, stated=services.restated(second), actor=world.actor, at=NOON)
    second.refresh_from_db()
    assert (checked(second).state, second.counts["same"]) == ("ready", 2)


def test_fields_become_the_layers_schema_and_later_files_keep_to_it(world):
    applied(taken(world.layer, geojson(parcels(1), 面积=12.5, 地类="耕地"), world.office), world.office)
    world.layer.refresh_from_db()
    assert [(one["name"], one["type"]) for one in world.layer.schema] == [("面积", "number"), ("地类", "text")]
    assert standing(world.layer)["P1"].attributes == {"面积": 12.5, "地类": "耕地"}
    found = taken(world.layer, geojson(parcels(1), 面积="很大", 新字段=1), world.office)
    assert found.state == "faulty"
    assert "应当是数" in found.remarks[0][3]
    assert found.found["left_out"] == ["新字段"]


def test_a_layer_that_packs_keep_takes_no_file(world):
    load(given("a"))
    from ronghe.kernel.spatial.models import Layer

    with pytest.raises(errors.LayerKeptByPacks):
        taken(Layer.objects.get(slug="plain"), geojson(parcels()), world.office)


def test_several_parts_are_asked_about(world, tmp_path):
    import pyogrio

    file = tmp_path / "two.gpkg"
    for layer in ("甲图", "乙图"):
        rows = parcels(1)
        pyogrio.raw.write(
            file, shapely.to_wkb(np.array([r[2] for r in rows])), [np.array(["a"], dtype=object)], ["code"], layer=layer,
            driver="GPKG", crs="EPSG:4490", geometry_type="Polygon", append=file.exists(),
        )  # fmt: skip
    found = taken(world.layer, file.read_bytes(), world.office, name="two.gpkg")
    assert (found.state, found.found["parts"]) == ("asking", ["甲图", "乙图"])
    assert taken(world.layer, file.read_bytes(), world.office, name="two.gpkg", part="乙图").state == "ready"
