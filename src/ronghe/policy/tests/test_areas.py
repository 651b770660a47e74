"""The map and the list count the same: a task holds where it names a place, a part of it, or what contains it."""

import pytest
from django.test import Client

from ronghe.kernel.actors import PUBLIC
from ronghe.policy import queries
from ronghe.policy.models import Zone

from .factories import load

pytestmark = pytest.mark.django_db


@pytest.fixture
def jinan() -> Zone:
    load("national", "jinan")
    return queries.zone("jinan", actor=PUBLIC)


def test_the_figure_of_each_area_is_the_length_of_the_list_behind_it(jinan: Zone) -> None:
    counts, without = queries.tasks_by_area(jinan, actor=PUBLIC)
    lists = {
        c.division.code: queries.tasks(jinan, actor=PUBLIC, wanted=queries.TaskFilter(area=c.division.code)).count()
        for c in counts
    }
    assert {c.division.code: c.tasks for c in counts} == lists
    assert without == 0
    assert {c.division.name: c.tasks for c in counts}["历城区"] == 45


def test_a_part_of_a_district_counts_for_the_district_and_the_whole_city_for_each(jinan: Zone) -> None:
    licheng = queries.tasks(jinan, actor=PUBLIC, wanted=queries.TaskFilter(area="370112000000"))
    labels = set(licheng.values_list("clause__label", flat=True))
    assert {"六(一)", "七(一)2"} <= labels  # 历城区港沟街道; 全市


def test_the_page_of_the_map_names_the_same_figure(jinan: Zone, client: Client) -> None:
    page = client.get("/z/jinan/map/?area=370112000000").content.decode()
    assert "45 项" in page
