"""Maps of zones: steps of colour, and what the drawing and the list beside it say."""

from itertools import pairwise

import pytest

from ronghe.kernel.actors import PUBLIC
from ronghe.policy import queries
from ronghe.portal.mapping import FILLS, Step, fill_of, legend, small_drawings, zone_map


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


def test_where_nothing_is_counted_all_have_one_colour():
    assert fill_of(0, []) == FILLS[1]
    assert fill_of(3, [Step("#fff", 0, 3)]) == "#fff"


@pytest.mark.django_db
@pytest.mark.usefixtures("packs")
def test_the_map_and_its_list_say_the_same():
    zone = queries.zone("jinan", actor=PUBLIC)
    shown = zone_map(zone, actor=PUBLIC, chosen="370112000000")
    by_name = {area.name: area for area in shown.areas}
    assert by_name["历城区"].is_chosen
    assert not by_name["章丘区"].is_chosen
    # 高新区 and 南部山区 have no code of the state and no outline; they stand in the list all the same
    assert [a.name for a in shown.areas if not a.has_outline] == ["济南高新区", "市南部山区"]
    for area in shown.areas:
        if area.has_outline:
            assert f"{area.name}：{area.tasks} 项任务" in shown.drawing
            assert area.href in shown.drawing
    assert {a["code"] for a in shown.data["areas"]} == {a.code for a in shown.areas if a.has_outline}
    west, south, east, north = shown.data["bounds"]
    assert 116 < west < east < 118
    assert 36 < south < north < 37.3
    assert "不作为法定界线" in shown.note


@pytest.mark.django_db
@pytest.mark.usefixtures("packs")
def test_a_plan_that_names_no_areas_gets_no_noughts():
    shown = zone_map(queries.zone("zibo", actor=PUBLIC), actor=PUBLIC)
    assert shown.steps == []
    assert "项" not in shown.drawing.replace("各区县的任务数", "")
    assert shown.without_area == 25


@pytest.mark.django_db
@pytest.mark.usefixtures("packs")
def test_small_drawings_of_all_zones_take_one_query(django_assert_num_queries):
    zones = list(queries.zones(PUBLIC).prefetch_related("divisions"))
    with django_assert_num_queries(1):
        drawings = small_drawings(zones, actor=PUBLIC)
    assert set(drawings) == {"gaoqing", "jinan", "minhou", "qingdao", "zibo"}
    assert all(drawing.startswith("<svg") for drawing in drawings.values())
