"""Lists by pages: together they are the whole, in order, and no cursor or parameter is a fault of ours."""

import base64
import json
from urllib.parse import quote

import pytest

from ronghe.policy.models import OrderedTask, Zone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


def pages(client, address: str):
    """Every item of a list, by turning its pages; and how many pages there were."""
    items, cursor, count = [], None, 0
    while count == 0 or cursor:
        tail = f"{'&' if '?' in address else '?'}cursor={quote(cursor)}" if cursor else ""
        body = client.get(address + tail).json()
        items += body["items"]
        cursor, count = body["next"], count + 1
        assert count < 1000, "the list never ends"
    return items, count


@pytest.mark.parametrize("zone", ["jinan", "zibo", "gaoqing", "qingdao", "minhou"])
@pytest.mark.parametrize("size", [1, 7, 200])
def test_the_pages_together_are_the_list_of_tasks(client, zone, size):
    items, count = pages(client, f"/api/v1/zones/{zone}/tasks?size={size}")
    wanted = list(OrderedTask.objects.filter(zone=zone).order_by("order", "pk").values_list("pk", flat=True))
    assert [item["id"] for item in items] == wanted
    assert count == max(1, -(-len(wanted) // size))
    assert {item["zone"] for item in items} == {zone}


@pytest.mark.parametrize("size", [1, 13, 200])
def test_the_pages_together_are_the_list_of_units(client, size):
    items, _ = pages(client, f"/api/v1/zones/jinan/units?size={size}")
    ids = [item["id"] for item in items]
    assert len(ids) == len(set(ids)) > 20
    assert all(item["task_count"] for item in items)


def test_a_narrowed_list_holds_exactly_what_fits(client):
    for query, fits in {
        "topic=1": lambda t: t["topic"] == 1,
        "duty=lead": lambda t: any(u["duty"] == "lead" for u in t["units"]),
        "due_from=2024-01-01&due_to=2025-12-31": lambda t: t["due"] and "2024-01-01" <= t["due"] <= "2025-12-31",
    }.items():
        every, _ = pages(client, "/api/v1/zones/jinan/tasks?size=200")
        found, _ = pages(client, f"/api/v1/zones/jinan/tasks?size=5&{query}")
        assert [t["id"] for t in found] == [t["id"] for t in every if fits(t)], query


def test_each_task_of_the_list_is_the_same_alone(client):
    every, _ = pages(client, "/api/v1/zones/gaoqing/tasks")
    for item in every:
        assert client.get(f"/api/v1/tasks/{item['id']}").json() == item


def test_the_zones_are_those_that_are_published(client):
    assert [z["slug"] for z in client.get("/api/v1/zones").json()] == sorted(
        Zone.objects.values_list("slug", flat=True)
    )


def _cursor(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


CURSORS = [
    "x", "=", "====", "%00", "é", "null", "W10", "e30", base64.urlsafe_b64encode(b"[" * 5000).decode(),
    _cursor(), _cursor(0), _cursor(0, 1), _cursor(0, 1, 2, 3), _cursor(2, 1, 1), _cursor("0", 1, 1), _cursor(0, "a", "b"),
    _cursor(0, 10**30, 10**30), _cursor(0, -(10**30), 1), _cursor(0, 1.5, 1.5), _cursor(0, float("inf"), 1),
    _cursor(0, float("nan"), float("nan")), _cursor(0, None, None), _cursor(1, None, None), _cursor(0, True, False),
    _cursor(0, "\x00", 1), _cursor(0, "\ud800", 1), _cursor(0, [1], 1), _cursor(0, {}, 1), _cursor(0, 1, 1e400),
    base64.urlsafe_b64encode(b"[0," + b"9" * 1500 + b",1]").decode(), "A" * 1999,
]  # fmt: skip


@pytest.mark.parametrize("cursor", CURSORS, ids=range(len(CURSORS)))
@pytest.mark.parametrize("rows", ["tasks", "units"])
def test_no_cursor_is_a_fault_of_ours(client, rows, cursor):
    client.raise_request_exception = False
    cursor = cursor if cursor.startswith("%") else quote(cursor)
    answer = client.get(f"/api/v1/zones/jinan/{rows}?cursor={cursor}")
    assert answer.status_code in (200, 422), answer.content
    if answer.status_code == 422:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] in ("ronghe.bad_cursor", "ronghe.malformed")


def test_the_cursor_of_one_list_opens_no_other(client):
    given = client.get("/api/v1/zones/jinan/units?size=1").json()["next"]
    answer = client.get(f"/api/v1/zones/jinan/tasks?cursor={given}")
    assert answer.status_code == 422
    assert answer.json()["code"] == "ronghe.bad_cursor"


BAD = [
    "topic=0", "topic=12", "topic=99999999999999999999999999", "topic=1.5", "topic=", "room=ZZZ", "duty=owner", "unit=0",
    "unit=9223372036854775808", f"unit={'9' * 5000}", "due_from=20261122", "due_from=0", "due_from=2026-02-30",
    "due_from=1e9", "due_to=2026-11-22T00:00:00", f"text={'a' * 101}", "text=%00", "area=%00", "document=%00", "cursor=%00",
    "size=0", "size=201", "size=-1", f"size={'9' * 5000}", "area=" + "1" * 25,
]  # fmt: skip


@pytest.mark.parametrize("query", BAD)
def test_a_parameter_that_is_not_described_so_is_422(client, query):
    answer = client.get(f"/api/v1/zones/jinan/tasks?{query}")
    assert answer.status_code == 422, answer.content[:300]
    body = answer.json()
    assert body["code"] == "ronghe.malformed"
    assert body["facts"]["errors"][0]["at"].startswith("query.")


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/zones/a%00b", "/api/v1/zones/%E6%B5%8E%E5%8D%97", "/api/v1/zones/..%2F..", "/api/v1/zones/a b",
        "/api/v1/tasks/-1", "/api/v1/tasks/abc", "/api/v1/tasks/1%00", "/api/v1/nothing", "/api/v1/", "/api/v2/zones",
        "/api/v1/zones/jinan/units/1.5", "/api/v1/zones/jinan/documents/%00/clauses", f"/api/v1/tasks/{'9' * 5000}",
        "/api/v1/tasks/9223372036854775807", "/api/v1/zones/" + "a" * 3000,
    ],
)  # fmt: skip
def test_an_address_behind_which_nothing_stands_is_404_with_problem_details(client, address):
    client.raise_request_exception = False
    answer = client.get(address)
    assert answer.status_code == 404, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("number", ["0", "9223372036854775808", "9" * 40])
def test_a_number_beyond_all_numbers_is_422(client, number):
    for address in (f"/api/v1/tasks/{number}", f"/api/v1/zones/jinan/units/{number}"):
        assert client.get(address).status_code == 422


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_wrong_method_is_405_with_problem_details_and_the_right_ones(client, method):
    answer = getattr(client, method)("/api/v1/zones")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["facts"]["allowed"] == "GET"
