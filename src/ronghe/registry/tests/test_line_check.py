"""A unit or an outline is held against lines and planned use: passed, refused, or left to a person, with the areas."""

import json

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ronghe.kernel.parties.tests import factories as people
from ronghe.kernel.spatial import services as layers
from ronghe.kernel.spatial.rules import BadOutline
from ronghe.kernel.spatial.services import FeatureGiven, LayerTold

from ..rules.kinds import UnitKind
from ..surveying.given_outline import read_outline
from . import factories as make
from .surveys import AT, Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    made = Office()
    whole = make.square(-2, -2, width=20, height=20)
    for prefix, kind, shape, name in (
        ("pbf", "red_line", make.square(10, 0), "永久基本农田"), ("erl", "red_line", make.square(30, 30), "生态保护红线"),
        ("udb", "planning", make.square(40, 40), "城镇开发边界"), ("plan", "planning", whole, "村庄建设用地"),
    ):  # fmt: skip
        slug = f"{prefix}-{people.COUNTY[:6]}"
        layers.create_layer(
            slug=slug, division=people.COUNTY, told=LayerTold(slug, kind), actor=made.reviewer.actor, at=AT
        )
        told = [FeatureGiven("1", name, json.loads(shapely.to_geojson(shape)))]
        layers.put_features(slug=slug, features=told, actor=made.reviewer.actor, at=AT)
    return made


def test_a_unit_is_checked_from_its_page_as_what_it_is_or_is_meant_for(office):
    unit = make.unit()
    browser = office.reviewer.client()
    page = reverse("registry:line_check")
    assert f"{page}?unit={unit.code}" in browser.get(reverse("registry:unit", args=[unit.code])).content.decode()
    shown = browser.get(page, {"unit": unit.code}).content.decode()
    assert "拟用作宅基地" in shown
    assert "结论：" in shown
    assert "待人工判定" not in shown
    assert "100.0 %" in shown, "all of it lies in uses that fit"
    # as contracted land it lies in a use that does not fit
    shown = browser.get(page, {"unit": unit.code, "kind": "contracted"}).content.decode()
    assert "看不出与承包地相符" in shown


def test_an_outline_on_basic_farmland_is_refused_with_its_area_and_clause(office):
    browser, page = office.window.client(), reverse("registry:line_check")
    form = {"kind": "homestead", "outline": make.square(10.5, 0).wkt, "crs": "EPSG:4490", "division": people.VILLAGE}
    shown = browser.post(page, form).content.decode()
    assert "不通过" in shown
    assert "不得占用" in shown
    assert "50.0 %" in shown
    file = SimpleUploadedFile("图形.geojson", shapely.to_geojson(make.square(3, 3)).encode())
    shown = browser.post(page, {**form, "outline": "", "file": file}).content.decode()
    assert "不在永久基本农田内" in shown
    for wrong in (
        {"outline": "随便写写"}, {"outline": ""}, {"division": people.OTHER}, {"kind": ""}, {"crs": "EPSG:4527"},
        {"unit": "370322001200JC99999W00000000"}, {"unit": "370322001200JC99999W00000000", "outline": ""},
    ):  # fmt: skip
        assert browser.post(page, {**form, **wrong}).status_code == 422, wrong


def test_the_interface_answers_the_same(office):
    unit = make.unit()
    client = office.reviewer.client()

    def asked(**given):
        return client.post("/api/v1/registry/line-checks", given, content_type="application/json")

    answer = asked(unit=unit.code).json()
    assert (answer["verdict"], answer["kind"], answer["missing_layers"]) == ("pass", "homestead", [])
    assert answer["fitting_m2"] == pytest.approx(answer["area_m2"], abs=0.01)
    outline = {"outline": make.square(10, 0).wkt, "kind": "construction", "division": people.VILLAGE}
    answer = asked(**outline).json()
    assert (answer["verdict"], answer["steps"][0]["ok"]) == ("fail", False)
    assert answer["steps"][0]["cite"]
    for wrong in (
        {}, {**outline, "unit": unit.code}, {**outline, "kind": None}, {**outline, "division": "999999999999"},
        {**outline, "outline": "POLYGON((1 2, 3"}, {**outline, "crs": "EPSG:32650"},
    ):  # fmt: skip
        assert asked(**wrong).status_code == 422, wrong
    assert asked(**{**outline, "division": people.OTHER}).status_code == 403


def test_without_layers_a_person_judges(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    office = Office()
    unit = make.unit(UnitKind.CONSTRUCTION)
    shown = office.reviewer.client().get(reverse("registry:line_check"), {"unit": unit.code}).content.decode()
    assert "待人工判定" in shown
    assert "图层“永久基本农田”" in shown


SQUARE = [(117.81, 37.17), (117.8102, 37.17), (117.8102, 37.1702), (117.81, 37.1702)]


@pytest.mark.parametrize(
    "text",
    [
        shapely.Polygon(SQUARE).wkt,
        "SRID=4490;" + shapely.Polygon(SQUARE).wkt,
        shapely.to_geojson(shapely.Polygon(SQUARE)),
        json.dumps({"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(shapely.Polygon(SQUARE)))}),
        "\n".join(f"{x},{y}" for x, y in SQUARE),
        "\n".join(f"J{n} {x} {y}" for n, (x, y) in enumerate(SQUARE, start=1)),
        ";".join(f"{x}，{y}" for x, y in SQUARE),
    ],
)  # fmt: skip
def test_an_outline_is_read_as_people_give_it(text):
    assert read_outline(text).equals(shapely.Polygon(SQUARE))


@pytest.mark.parametrize(
    "text",
    [
        "", "{}", "{", '{"type": "Point", "coordinates": [117.8, 37.1]}', "POLYGON EMPTY", "117.8,37.1\n117.9,37.1",
        "117.8,37.1\n一句话", '{"type": "FeatureCollection", "features": []}', "POINT(117.8 37.1)", "1,2\n3,4\n5,9",
        "POLYGON((117.81 37.17, 117.8102 37.1702, 117.8102 37.17, 117.81 37.1702, 117.81 37.17))",
        '{"type": "Polygon", "coordinates": [[[NaN, 1], [2, 3], [4, 5], [NaN, 1]]]}',
    ],
)  # fmt: skip
def test_what_is_no_outline_is_refused_in_words(text):
    with pytest.raises(BadOutline):
        read_outline(text)
