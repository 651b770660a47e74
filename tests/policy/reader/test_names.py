"""Which names are bodies, and what becomes of those that are not."""

from __future__ import annotations

import pytest

from ronghe.policy.reader import Reading, read_plan
from tests.policy.reader.plans import HEAD, no_task, one_task, who

A, B = "县教育局", "县财政局"


def reading_of(annotation: str) -> tuple[Reading, list[str]]:
    """The reading of one clause, and the texts it leaves unread."""
    text = f"{HEAD}一、主要任务\n（一）建立制度。推进试点。{annotation}\n（二）加强保障。定期调度。\n"
    reading = read_plan(text)
    return reading, [text[p.start : p.end] for p in reading.unread]


@pytest.mark.parametrize(
    "name",
    ["共青团中央", "县人大", "县人大常委会", "县政协", "市社科联", "市档案馆", "县产业园", "县产业园管委会", "县图书馆",
     "市气象台", "县林场", "县委史志室", "市记协", "县农商行", "天宝煤矿"],
)  # fmt: skip
def test_bodies_of_all_kinds_are_known(name):
    task = one_task(f"（责任单位：{A}、{name}、{B}）")
    assert (who(task), task.confidence, task.others) == (([], [], [A, name, B]), 1.0, {})


def test_bodies_of_all_kinds_are_known_without_a_label():
    assert who(one_task(f"（{A}、县人大、县政协按职责分工负责）")) == ([], [], [A, "县人大", "县政协"])
    assert who(one_task("（共青团中央、教育部负责）")) == ([], [], ["共青团中央", "教育部"])


@pytest.mark.parametrize(
    ("annotation", "confidence"),
    [
        (f"（责任单位：{A}、县产业魔方、{B}）", 0.9),
        (f"【责任单位】{A}、县产业魔方、{B}", 0.9),
        (f"（{A}、县产业魔方、{B}负责）", 0.85),
        (f"（{A}、{B}、县产业魔方按职责分工负责）", 0.85),
    ],
)
def test_an_unknown_name_is_left_unread_and_the_others_stand(annotation, confidence):
    reading, unread = reading_of(annotation)
    (task,) = reading.tasks
    assert (who(task), task.confidence) == (([], [], [A, B]), confidence)
    assert unread == ["县产业魔方"]


@pytest.mark.parametrize("annotation", ["（责任单位：县产业魔方）", "（县产业魔方负责）"])
def test_an_annotation_of_unknown_names_only_is_unread(annotation):
    reading, unread = reading_of(annotation)
    assert reading.tasks == ()
    assert unread == [annotation]


@pytest.mark.parametrize("bracket", ["（村集体自愿负责）", "（由村民负责）"])
def test_how_a_thing_is_done_is_no_duty(bracket):
    assert no_task(bracket).unread == ()
