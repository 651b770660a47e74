"""Pages: a fragment is what the full page shows in its place, and a page asks the database no more than it must."""

import re

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ronghe.kernel.accounts.roles import Role
from ronghe.policy.models import OrderedTask, PolicyDocument, TaskUnit, Zone
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

#: The most queries of a page for a stranger, the shell included. One more than the number measured is a finding:
#: look for a query in a loop before raising it.
QUERIES = {
    "/": 6,
    "/help/": 1,
    "/search?q=土地": 8,
    "/z/jinan/": 17,
    "/z/jinan/map/": 10,
    "/z/jinan/map/?area=370112000000": 13,
    "/z/jinan/tasks/": 12,
    "/z/jinan/tasks/?topic=1&duty=lead&text=土地": 9,
    "/z/jinan/tasks/?export=xlsx": 11,
    "{task}": 12,
    "/z/jinan/documents/": 3,
    "{document}": 5,
    "{clauses}": 8,
    "/z/jinan/units/": 3,
    "{unit}": 18,
    "/z/jinan/compare/": 15,
    "/z/jinan/compare/ours/": 15,
    "/accounts/login": 1,
    "/registry/query/": 1,
    "/registry/rolls/": 1,
    "/registry/windows/": 9,
    "/registry/windows/?zone=jinan": 8,
    "/registry/village-plans/": 3,
    "/layers/": 2,
    "/layers/county-boundaries/": 8,
    "/layers/county-boundaries.geojson": 3,
    "/api/v1/zones": 3,
    "/api/v1/zones/jinan/tasks?size=200": 5,
    "/api/v1/zones/jinan/units?size=200": 2,
    "/api/v1/zones/jinan/areas": 5,
    "/api/v1/search?q=土地": 7,
    "/api/v1/zones/jinan/comparison?size=200": 15,
}

#: Beside those, what a session costs: session, user, chosen capacity, posts and mandates, unread messages; and what keeps
#: it alive.
OF_A_SESSION = 7

#: And beside that: cases, papers and units, which a search shows to staff alone; what one has saved of a list.
OF_STAFF = {"/search?q=土地": 4, "/api/v1/search?q=土地": 4, "/z/jinan/units/": 1, "/layers/": 1}


def _address(pattern: str) -> str:
    """Of the task, unit and document with the most to show."""
    if "{" not in pattern:
        return pattern
    key = PolicyDocument.objects.filter(zone="jinan").order_by("pk")[0].key
    task = OrderedTask.objects.filter(zone="jinan").order_by("pk")[0]
    duties = TaskUnit.objects.filter(task__zone="jinan").order_by().values("unit").annotate(n=Count("pk"))
    unit = duties.order_by("-n", "unit")[0]["unit"]
    return pattern.format(
        task=f"/z/jinan/tasks/{task.pk}/", unit=f"/z/jinan/units/{unit}/",
        document=f"/z/jinan/documents/{key}/", clauses=f"/z/jinan/documents/{key}/clauses/",
    )  # fmt: skip


@pytest.mark.parametrize(("pattern", "most"), QUERIES.items())
def test_a_page_asks_the_database_no_more_than_it_must(pattern, most):
    address = _address(pattern)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert Client().get(address).status_code == 200
    told = "\n".join(f"  {n}. {q['sql'][:160]}" for n, q in enumerate(asked.captured_queries, 1))
    assert len(asked) <= most, f"{address} asks {len(asked)} queries, at most {most} were agreed:\n{told}"


@pytest.mark.parametrize("pattern", QUERIES)
def test_somebody_who_has_signed_in_costs_a_fixed_number_more(pattern):
    browser = person(Role.ZONE_OFFICE, Zone.objects.get(pk="jinan").seat_id).client()
    address = _address(pattern)
    browser.get("/help/")  # the first page of a session notes when it began
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address)
    assert answer.status_code in (200, 302)
    assert len(asked) <= QUERIES[pattern] + OF_A_SESSION + OF_STAFF.get(pattern, 0), (
        f"{address} asks {len(asked)} queries"
    )


def test_the_number_of_queries_does_not_grow_with_the_rows():
    """Fifty tasks on a page cost as much as two."""
    from ronghe.kernel.actors import PUBLIC
    from ronghe.policy import queries

    zone = queries.zone("jinan", actor=PUBLIC)
    counts = []
    for size in (2, 50):
        with CaptureQueriesContext(connection) as asked:
            for task in queries.tasks(zone, actor=PUBLIC)[:size]:
                [str(unit.unit) for unit in task.units.all()], str(task.clause), str(task.topic), list(task.areas.all())
        counts.append(len(asked))
    assert counts[0] == counts[1]


LISTS = ["/z/jinan/tasks/", "/z/jinan/units/", "/z/gaoqing/tasks/", "/z/gaoqing/compare/"]
NARROWED = [
    "",
    "?topic=1",
    "?text=土地",
    "?text=nothing-of-this-name",
    "?sort=-title",
    "?duty=lead&text=局",
    "?topic=99",
]


def _list_of(page: str) -> str:
    found = re.search(r'<section id="list".*</section>', page, flags=re.DOTALL)
    assert found, "no list on the page"
    return _same_every_time(found[0])


def _same_every_time(text: str) -> str:
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", text).strip()


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("narrowed", NARROWED)
def test_the_fragment_of_a_list_is_the_list_of_the_full_page(client, address, narrowed):
    whole = client.get(address + narrowed)
    part = client.get(address + narrowed, headers={"HX-Request": "true"})
    assert whole.status_code == part.status_code == 200
    assert "<html" not in part.content.decode()
    assert _same_every_time(part.content.decode()).endswith(_list_of(whole.content.decode()))
    for answer in (whole, part):
        assert "HX-Request" in answer.headers["Vary"], "a cache must not give the one for the other"
    assert part.headers["HX-Push-Url"].startswith(address)


@pytest.mark.parametrize("address", LISTS)
def test_going_back_gets_the_whole_page(client, address):
    answer = client.get(address, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in answer.content.decode()


def test_the_pages_of_a_list_together_are_the_list(client):
    """Turning pages meets every task once, in order, and back again."""
    seen: list[str] = []
    address = "/z/jinan/tasks/?sort=title"
    back = []
    while address:
        text = client.get(address).content.decode()
        seen += re.findall(r'href="/z/jinan/tasks/(\d+)/" data-open', text)
        back.append(address)
        found = re.search(r'rel="next" href="([^"]+)"', text)
        address = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == OrderedTask.objects.filter(zone="jinan").count()
    before = re.search(r'rel="prev" href="([^"]+)"', text)
    assert (before is not None) == (len(back) > 1)


def test_a_workbook_holds_what_the_list_holds(client):
    from io import BytesIO

    from openpyxl import load_workbook

    answer = client.get("/z/jinan/tasks/?export=xlsx&topic=1")
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    page = client.get("/z/jinan/tasks/?topic=1").content.decode()
    total = int(re.search(r"共 <b>([\d,]+)</b>", page)[1].replace(",", ""))
    assert len(rows) == total + 1
