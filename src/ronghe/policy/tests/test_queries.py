"""Finding tasks by the things that their text names: methods, platforms, funds."""

from datetime import date

import pytest
from django.test import Client

from ronghe.kernel.actors import PUBLIC
from ronghe.policy import queries
from ronghe.portal.finding import search

from .factories import load

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)

#: What a person looks for, in which zone, and the one task that names it.
NAMED = [
    ("gaoqing", "层次分析法", "四(三)10"),
    ("qingdao", "农贷通", "八(一)1"),
]


def load_zone(slug: str) -> None:
    load("national", *(["zibo"] if slug == "gaoqing" else []), slug)


@pytest.mark.parametrize(("slug", "text", "label"), NAMED)
def test_a_named_thing_finds_the_task_that_names_it(slug: str, text: str, label: str) -> None:
    load_zone(slug)
    zone = queries.zone(slug, actor=PUBLIC)
    found = queries.tasks(zone, actor=PUBLIC, wanted=queries.TaskFilter(text=text))
    assert [t.clause.label for t in found] == [label]


@pytest.mark.parametrize(("slug", "text", "label"), NAMED)
def test_the_search_shows_the_task_and_the_word_that_it_was_found_by(slug: str, text: str, label: str) -> None:
    load_zone(slug)
    groups = search(text, actor=PUBLIC, day=DAY, zone=slug)
    assert [group.title for group in groups] == ["任务"]
    short = queries.zone(slug, actor=PUBLIC).short
    assert [hit.context for hit in groups[0].hits] == [f"{short} {label} · {text}"]


@pytest.mark.parametrize(("slug", "text", "label"), NAMED)
def test_a_program_finds_the_same_task(client: Client, slug: str, text: str, label: str) -> None:
    load_zone(slug)
    answer = client.get(f"/api/v1/zones/{slug}/tasks?text={text}")
    assert answer.status_code == 200
    items = answer.json()["items"]
    assert [item["clause"] for item in items] == [label]
    assert text in items[0]["keywords"]


def test_no_word_runs_from_one_keyword_into_the_next() -> None:
    load_zone("gaoqing")
    zone = queries.zone("gaoqing", actor=PUBLIC)
    task = queries.tasks(zone, actor=PUBLIC, wanted=queries.TaskFilter(text="层次分析法")).get()
    across = task.keywords[0][-1] + task.keywords[1][0]
    found = queries.tasks(zone, actor=PUBLIC, wanted=queries.TaskFilter(text=across))
    assert task not in found
