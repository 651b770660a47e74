"""比较: what other zones order and ours does not, through pages, workbook and API."""

import re
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from ronghe.governance.models import Experience
from ronghe.governance.rosters import EXPERIENCES
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import PUBLIC
from ronghe.kernel.clock import now
from ronghe.mechanisms.rosters import services
from ronghe.policy import queries
from ronghe.policy.models import OrderedTask, Zone
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

MINHOU = "/z/minhou/compare/"
#: Minhou orders nothing of the entry of construction land into the market; Qingdao and Jinan do.
SCALE = "把握入市规模与节奏"


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def get(address: str, client: Client | None = None):
    answer = (client or Client()).get(address)
    assert answer.status_code == 200, address
    return answer


def published(task: OrderedTask) -> Experience:
    """An experience of a task, written by the office and published."""
    office, leader = (person(role, task.zone.seat_id) for role in (Role.ZONE_OFFICE, Role.LEADER))
    given = {
        "division": task.zone.seat_id, "title": "总量控制的做法", "zone": task.zone_id, "clause": task.clause.label,
        "summary": "做法", "evidence": "成效", "replicability": "anywhere",
    }  # fmt: skip
    made = services.create_record(EXPERIENCES, given=given, actor=office.actor, at=now())
    for step in ("review", "publish"):
        services.move_record(EXPERIENCES, record_id=made.pk, transition=step, seen=None, actor=leader.actor, at=now())
    return made


def test_the_page_lists_what_others_have_with_clause_units_and_the_nearest_of_ours():
    task = OrderedTask.objects.get(zone="jinan", title=SCALE)
    page = get(f"{MINHOU}?topic=3&zone=jinan").content.decode()
    assert f"/z/jinan/tasks/{task.pk}/" in page
    assert f"/z/jinan/documents/{task.clause.document.key}/clauses/#c{task.clause_id}" in page
    assert "/z/qingdao/tasks/?topic=3" in page, "the number of each zone leads to its list"
    unit = task.units.all()[0]
    assert f"/z/jinan/units/{unit.unit_id}/" in page
    assert re.search(r"\d+%", page)


def test_own_measures_are_on_the_other_page_alone():
    for zone in Zone.objects.all():
        found = queries.measures_compared(zone, side="theirs", actor=PUBLIC)
        others = OrderedTask.objects.filter(pk__in=found.alone).values_list("zone", flat=True)
        assert zone.pk not in set(others)
        own = queries.measures_compared(zone, side="ours", actor=PUBLIC)
        assert set(OrderedTask.objects.filter(pk__in=own.alone).values_list("zone", flat=True)) <= {zone.pk}
        assert found.compared + own.compared == OrderedTask.objects.count()
    assert "提升城乡养老服务能力" in words(get(f"{MINHOU}ours/"))


def test_the_numbers_of_the_matrix_are_those_of_the_lists():
    zones, topics = queries.measures_by_topic(PUBLIC)
    for row in topics:
        for zone, count in zip(zones, row.counts, strict=True):
            wanted = queries.TaskFilter(topic=row.topic.code if row.topic else 0)
            assert queries.tasks(zone, actor=PUBLIC, wanted=wanted).count() == count
    assert topics[-1].topic is None
    assert sum(sum(row.counts) for row in topics) == OrderedTask.objects.count()


def test_filters_narrow_and_sorting_by_likeness_turns_the_pages():
    everything = words(get(MINHOU))
    assert SCALE not in words(get(f"{MINHOU}?topic=10"))
    assert SCALE not in words(get(f"{MINHOU}?zone=zibo"))
    assert "没有“minhou”这个选项" in words(get(f"{MINHOU}?zone=minhou"))
    assert SCALE in words(get(f"{MINHOU}?text={SCALE}"))
    total = int(re.search(r"共 (\d+) 条", everything)[1])
    for sort in ("", "likeness", "-likeness", "topic", "zone"):
        seen, address = [], f"{MINHOU}?sort={sort}"
        while address:
            page = get(address).content.decode()
            seen += re.findall(r'href="(/z/\w+/tasks/\d+/)" data-open', page)
            onward = re.search(r'rel="next" href="([^"]+)"', page)
            address = onward and onward[1].replace("&amp;", "&")
        assert len(seen) == len(set(seen)) == total, sort


def test_the_list_is_taken_along_as_a_workbook():
    sheet = load_workbook(BytesIO(get(f"{MINHOU}?topic=3&export=xlsx").content)).active
    head, *rows = sheet.iter_rows(values_only=True)
    assert head == ("试验区", "条款", "任务", "领域", "单位", "最相近的本区任务", "相近度", "已公布经验")
    assert ("济南", "四(一)4", SCALE) in {row[:3] for row in rows}
    assert all(row[3] == "入市" and row[6].endswith("%") for row in rows)


def test_published_experiences_stand_beside_the_measure_and_its_topic():
    task = OrderedTask.objects.get(zone="jinan", title=SCALE)
    made = published(task)
    page = get(f"{MINHOU}?topic=3").content.decode()
    assert f"/rosters/experiences/{made.pk}/" in page
    assert "同领域 1 条" in page
    Zone.objects.filter(pk="jinan").update(published=False)
    assert f"/rosters/experiences/{made.pk}/" not in get(f"{MINHOU}?topic=3").content.decode()


def test_a_part_of_another_zone_says_which_one_is_above():
    assert "淄博（上级）" in words(get("/z/gaoqing/compare/"))
    assert "（上级）" not in words(get("/z/zibo/compare/"))


def test_the_only_zone_is_told_that_there_is_nothing_to_compare():
    Zone.objects.exclude(pk="minhou").update(published=False)
    assert "没有可比较的试验区" in words(get(MINHOU))
    assert "没有可比较的试验区" in words(get(f"{MINHOU}ours/"))


def test_a_zone_without_tasks_lacks_everything_and_has_nothing_of_its_own():
    office = Zone.objects.get(pk="jinan").seat_id
    Zone.objects.create(slug="new", title="新试验区", short="新区", seat_id=office, published=True)
    assert f"共 {OrderedTask.objects.count()} 条" in words(get("/z/new/compare/"))
    assert "本区还没有任务" in words(get("/z/new/compare/ours/"))


def test_the_api_says_the_same():
    first = Client().get("/api/v1/zones/minhou/comparison?size=1").json()
    assert first["threshold"] == 0.11
    assert [row["topic"] for row in first["topics"]] == [*range(1, 12), None]
    second = Client().get(f"/api/v1/zones/minhou/comparison?size=1&cursor={first['next']}").json()
    assert first["items"][0]["similarity"] <= second["items"][0]["similarity"]
    [own] = Client().get("/api/v1/zones/minhou/comparison?side=ours&text=养老服务能力").json()["items"]
    assert (own["zone"], own["clause"]) == ("minhou", "二(六)3")
    none = Client().get("/api/v1/zones/qingdao/comparison?topic=0").json()["items"]
    assert {one["topic"] for one in none} == {None}
    assert Client().get("/api/v1/zones/nowhere/comparison").status_code == 404
