"""The five published plans of the domain study, where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from ronghe.policy.reader import Reading, read_plan

POLICIES = Path(__file__).parents[3] / "../shared/policies"

pytestmark = pytest.mark.skipif(not POLICIES.is_dir(), reason=f"the published plans are not here: {POLICIES}")


@pytest.fixture(scope="module")
def plans() -> dict[str, tuple[str, Reading]]:
    texts = {p.name[:3]: p.read_bytes().decode("utf-8") for p in POLICIES.glob("*.txt")}
    return {name: (text, read_plan(text)) for name, text in texts.items()}


@pytest.mark.parametrize(("name", "count"), [("000", 56), ("001", 25), ("002", 22), ("003", 20), ("004", 48)])
def test_every_annotation_is_a_task(plans, name, count):
    _, reading = plans[name]
    assert len(reading.tasks) == count
    assert reading.unread == ()


def test_the_parts_of_the_answer_that_only_one_plan_has(plans):
    assert all(t.lead == t.responsible[:1] for t in plans["001"][1].tasks)
    assert len(plans["003"][1].annex_rows) == 28
    assert all(r.body_path for r in plans["003"][1].annex_rows)
    assert {t.cooperating != () for t in plans["004"][1].tasks} == {True, False}
    assert sum(1 for t in plans["004"][1].tasks if t.cooperating) == 25


def test_discrepancies_that_a_person_must_see(plans):
    kinds = {name: sorted({d.kind for d in reading.discrepancies}) for name, (_, reading) in plans.items()}
    assert kinds == {
        "000": [],
        "001": ["damaged_text", "missing_chapter"],
        "002": ["missing_annex"],
        "003": ["alias", "body_vs_annex", "shifted_merge", "similar_names"],
        "004": ["odd_characters"],
    }


@pytest.mark.parametrize("name", ["000", "001", "002", "003", "004"])
def test_places_show_the_annotation_in_the_original(plans, name):
    text, reading = plans[name]
    for task in reading.tasks:
        assert task.annotation is not None
        shown = text[task.annotation.start : task.annotation.end]
        assert any(word in shown.replace("\n", "") for word in ("单位", "單", "负责"))
        assert task.place.start <= task.annotation.start < task.annotation.end <= task.place.end
