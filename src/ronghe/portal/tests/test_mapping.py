"""Maps of zones: steps of colour, what the drawing and the list beside it say, themes of rooms, layers laid over it."""

from datetime import date
from itertools import pairwise

import pytest
from django.test import Client

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import PUBLIC
from ronghe.kernel.pages import AreaFigure, AreaFigures, AreaList, AreaTheme, ListedRow
from ronghe.kernel.spatial.models import Layer
from ronghe.kernel.spatial.permissions import LAYERS_EDIT
from ronghe.kernel.spatial.services import LayerFacts
from ronghe.kernel.spatial.tests.factories import given, load, square
from ronghe.policy import queries
from ronghe.policy.layers import TASKS
from ronghe.policy.models import Zone
from ronghe.policy.permissions import PLAN_VIEW
from ronghe.portal import declared, mapping
from ronghe.portal.mapping import BLANK, TONE_FILLS, Address, Step, fill_of, legend, small_drawings, zone_map
from tests.people import person

DAY = date(2026, 11, 23)
LICHENG, ZHANGQIU, SHIZHONG = "370112000000", "370114000000", "370103000000"
ADDRESS = "/z/jinan/map/"


@pytest.mark.parametrize(
    ("counts", "steps"),
    [
        ([], []),
        ([7, 7], [(7, 7)]),
        ([1, 2], [(1, 1), (2, 2)]),
        ([37, 45], [(37, 38), (39, 40), (41, 43), (44, 45)]),  # nine values in four steps
    ],
)
def test_steps_of_the_legend_cover_every_count_once(counts, steps):
    assert [(step.first, step.last) for step in legend(counts)] == steps


@pytest.mark.parametrize("counts", [[0, 3], [5, 90, 12], [0, 1, 2, 3, 4, 5]])
def test_each_count_has_the_colour_of_its_step(counts):
    steps = legend(counts)
    assert steps[0].first == min(counts)
    assert steps[-1].last == max(counts)
    for before, after in pairwise(steps):
        assert after.first == before.last + 1
    for count in counts:
        assert fill_of(count, steps) == next(s.fill for s in steps if s.first <= count <= s.last)


def test_a_value_that_nobody_knows_is_blank_and_not_nought():
    assert fill_of(None, [Step("#fff", 0, 3)]) == BLANK
    assert fill_of(3, [Step("#fff", 0, 3)]) == "#fff"


def test_an_address_leaves_out_what_is_usual():
    assert Address("jinan")() == ADDRESS
    assert Address("jinan", "lights", ("roads",))(LICHENG) == f"{ADDRESS}?theme=lights&overlay=roads&area={LICHENG}"


def test_themes_have_keys_of_their_own_and_a_known_permission():
    keys = [theme.key for theme in declared.themes()]
    assert "tasks" in keys
    assert len(keys) == len(set(keys))
    assert TASKS in mapping.themes(PUBLIC)


def test_tones_without_words_are_refused():
    with pytest.raises(ValueError, match="no words"):
        AreaTheme("lights", "亮灯", PLAN_VIEW, 20, "项", lambda *_: AreaFigures(()), kind="state")


@pytest.mark.django_db
@pytest.mark.usefixtures("packs")
def test_the_map_and_its_list_say_the_same():
    zone = queries.zone("jinan", actor=PUBLIC)
    shown = zone_map(zone, TASKS, actor=PUBLIC, day=DAY, chosen=LICHENG)
    by_name = {area.name: area for area in shown.areas}
    assert by_name["历城区"].is_chosen
    assert not by_name["章丘区"].is_chosen
    # 高新区 and 南部山区 have no code of the state and no outline; they stand in the list all the same
    assert {a.name for a in shown.areas if not a.has_outline} == {"济南高新区", "市南部山区"}
    for area in shown.areas:
        if area.has_outline:
            assert f"{area.name}：任务数 {area.figure.value} 项" in shown.drawing
            assert area.href in shown.drawing
    assert {a["code"] for a in shown.data["areas"]} == {a.code for a in shown.areas if a.has_outline}
    values = [area.figure.value for area in shown.areas]
    assert values == sorted(values, reverse=True)
    west, south, east, north = shown.data["bounds"]
    assert 116 < west < east < 118
    assert 36 < south < north < 37.3
    assert "不作为法定界线" in shown.note


@pytest.mark.django_db
@pytest.mark.usefixtures("packs")
def test_a_plan_that_names_no_areas_gets_no_noughts():
    shown = zone_map(queries.zone("zibo", actor=PUBLIC), TASKS, actor=PUBLIC, day=DAY)
    assert shown.legend == []
    assert "项" not in shown.drawing.replace("各区县的任务数", "")
    assert shown.left_out == "25 项任务都没有写明区域，在整个试验区实施。"


@pytest.mark.django_db
@pytest.mark.usefixtures("packs")
def test_small_drawings_of_all_zones_take_one_query(django_assert_num_queries):
    zones = list(queries.zones(PUBLIC).prefetch_related("divisions"))
    with django_assert_num_queries(1):
        drawings = small_drawings(zones, actor=PUBLIC)
    assert set(drawings) == {"gaoqing", "jinan", "minhou", "qingdao", "zibo"}
    assert all(drawing.startswith("<svg") for drawing in drawings.values())


# -- a theme of states, as a room above declares it -------------------------------------------------------------------


def lights(zone_slug, actor, day):
    assert (zone_slug, day.year >= 2026) == ("jinan", True)
    return AreaFigures(
        [
            AreaFigure(SHIZHONG, 0, "按期", tone="good"),
            AreaFigure(LICHENG, 3, "红灯 3 项", f"/lights/{LICHENG}", "bad"),
            AreaFigure(ZHANGQIU, 1, "黄灯 1 项", tone="warn"),
        ],
        "另有 2 项没有区域。",
    )


def lit(zone_slug, actor, day, division_code):
    if division_code != LICHENG:
        return AreaList((), 0)
    rows = [ListedRow("宅基地有偿退出", "逾期 12 天", "/tasks/7/", "bad", "红灯"), ListedRow("没有页面的一项")]
    return AreaList(rows, 300, "/lights/all/")


LIGHTS = AreaTheme(
    key="lights",
    title="任务亮灯",
    permission=PLAN_VIEW,
    order=20,
    unit="项",
    of=lights,
    rows=lit,
    kind="state",
    words={"good": "按期", "warn": "临期", "bad": "逾期"},
    things="亮灯任务",
    lead="各区县的任务是否按期。",
    empty="这里没有亮灯的任务。",
)


@pytest.fixture
def with_lights(monkeypatch):
    """The themes of the rooms and one of states, for whoever has its permission."""

    def put(permission=PLAN_VIEW):
        theme = LIGHTS if permission == PLAN_VIEW else AreaTheme("lights", "任务亮灯", permission, 20, "项", lights)
        monkeypatch.setattr(declared, "themes", lambda: [TASKS, theme])

    put()
    return put


@pytest.mark.django_db
@pytest.mark.usefixtures("packs")
def test_states_have_words_in_the_drawing_the_list_and_the_legend():
    shown = zone_map(queries.zone("jinan", actor=PUBLIC), LIGHTS, actor=PUBLIC, day=DAY)
    # what wants attention first, then what is well, then what nobody has told
    first = [(a.name, a.figure.label, a.fill) for a in shown.areas[:4]]
    assert first[0] == ("历城区", "红灯 3 项", TONE_FILLS["bad"])
    assert first[1] == ("章丘区", "黄灯 1 项", TONE_FILLS["warn"])
    assert first[2] == ("市中区", "按期", TONE_FILLS["good"])
    assert first[3][1:] == ("", BLANK)
    assert [mark.words for mark in shown.legend] == ["逾期", "临期", "按期", "没有数据"]
    assert all(mark.icon for mark in shown.legend[:3])
    assert "历城区：任务亮灯 红灯 3 项" in shown.drawing
    assert {a["label"] for a in shown.data["areas"]} == {"红灯 3 项", "黄灯 1 项", "按期", ""}


@pytest.mark.django_db
@pytest.mark.usefixtures("packs", "with_lights")
def test_the_page_offers_the_themes_and_lists_what_is_in_an_area(client):
    text = client.get(f"{ADDRESS}?theme=lights&area={LICHENG}").content.decode()
    assert f'<a href="{ADDRESS}?area={LICHENG}">任务数</a>' in text
    assert f'<a href="{ADDRESS}?theme=lights&amp;area={LICHENG}" aria-current="true">任务亮灯</a>' in text
    assert f'href="{ADDRESS}?theme=lights&amp;area={ZHANGQIU}" data-area="{ZHANGQIU}"' in text
    assert "历城区：300 项亮灯任务" in text
    assert '<a href="/tasks/7/" data-open>宅基地有偿退出</a>' in text
    assert "这里列出前 2 项，共 300 项" in text
    assert 'href="/lights/all/"' in text
    assert f'href="/lights/{LICHENG}"' in text
    elsewhere = client.get(f"{ADDRESS}?theme=lights&area={SHIZHONG}").content.decode()
    assert "这里没有亮灯的任务。另有 2 项没有区域。" in elsewhere


@pytest.mark.django_db
@pytest.mark.usefixtures("packs")
@pytest.mark.parametrize("theme", ["nothing", "<b>", "%00x"])
def test_a_theme_that_does_not_exist_is_told_and_the_first_is_shown(client, theme):
    text = client.get(f"{ADDRESS}?theme={theme}").content.decode()
    assert "的专题，或者您的岗位不能查看它；现显示“任务数”" in text
    assert '<a href="/z/jinan/map/" aria-current="true">任务数</a>' in text


@pytest.mark.django_db
@pytest.mark.usefixtures("packs")
def test_the_public_sees_only_public_themes(client, with_lights):
    with_lights(LAYERS_EDIT)
    assert "任务亮灯" not in client.get(ADDRESS).content.decode()
    assert "现显示“任务数”" in client.get(f"{ADDRESS}?theme=lights").content.decode()
    office = person(Role.ZONE_OFFICE, Zone.objects.get(pk="jinan").seat_id).client()
    text = office.get(f"{ADDRESS}?theme=lights").content.decode()
    assert "区域与任务亮灯" in text
    assert "现显示" not in text


# -- layers laid over the map -----------------------------------------------------------------------------------------


@pytest.fixture
def roads(packs, db):
    """A public layer within 济南."""
    facts = LayerFacts(slug="roads", title="道路", note="演示数据", crs_note="CGCS2000")
    load(given("r1", square(117.0, 36.6), "一号路"), layer=facts, key="roads")
    return Layer.objects.get(slug="roads")


@pytest.mark.django_db
def test_layers_about_the_zone_can_be_laid_over_the_map(client, roads):
    text = client.get(f"{ADDRESS}?overlay=roads&overlay=%00&overlay=nothing").content.decode()
    assert 'data-overlay="roads" checked disabled' in text
    assert 'href="/layers/roads/"' in text
    assert '"open": "/layers/roads/features/?text="' in text
    assert 'data-overlay="county-boundaries"' not in text
    # the links of the page keep what is on
    assert f"overlay=roads&amp;area={LICHENG}" in text
    # off unless asked for; and not on the map of a zone far away
    assert 'data-overlay="roads" disabled' in client.get(ADDRESS).content.decode()
    assert "data-overlay" not in client.get("/z/minhou/map/").content.decode()


@pytest.mark.django_db
def test_a_layer_that_is_not_public_is_laid_over_the_map_for_its_staff_alone(roads):
    seat = Zone.objects.get(pk="jinan").seat
    Layer.objects.filter(pk=roads.pk).update(public=False, division=seat)
    assert "data-overlay" not in Client().get(ADDRESS).content.decode()
    office = person(Role.ZONE_OFFICE, seat.pk).client()
    assert 'data-overlay="roads"' in office.get(ADDRESS).content.decode()


@pytest.mark.django_db
def test_the_extent_of_a_layer_is_asked_once(roads, django_assert_max_num_queries):
    zone = queries.zone("jinan", actor=PUBLIC)
    zone_map(zone, TASKS, actor=PUBLIC, day=DAY)
    with django_assert_max_num_queries(8):
        zone_map(zone, TASKS, actor=PUBLIC, day=DAY)
