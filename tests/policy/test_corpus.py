"""Made-up plans of the same class with other habits than the five published ones."""

from __future__ import annotations

import pytest

from tests.policy import plan_oracle as oracle

CORPUS = oracle.HERE / "corpus"
PLANS = sorted(path.stem for path in CORPUS.glob("*.txt"))


@pytest.mark.parametrize("field", oracle.FIELDS)
@pytest.mark.parametrize("name", PLANS)
def test_unseen_plan(name: str, field: str) -> None:
    if reason := oracle.reader_missing():
        pytest.skip(reason)
    lines = oracle.compare(CORPUS / f"{name}.expected.yaml", CORPUS / f"{name}.txt", field)
    assert not lines, f"{name}: {len(lines)} differences\n" + "\n".join(lines)


@pytest.mark.parametrize("name", PLANS)
def test_answer_is_about_the_text(name: str) -> None:
    """What is expected stands in the text: every unit (its last two characters at least) and title."""
    data = oracle.load(CORPUS / f"{name}.expected.yaml")
    if data.get("places") == "loose":
        return
    text = oracle.fold((CORPUS / f"{name}.txt").read_text(encoding="utf-8"))
    for task in data["tasks"]:
        assert any(oracle.fold(t) in text for t in oracle.any_of(task["title"])), task["title"]
        for key in ("lead", "cooperating", "responsible"):
            for unit in oracle.any_of(task[key])[0]:
                assert oracle.fold(unit)[1:] in text, unit
        if task["deadline"] is not None:
            assert any(oracle.fold(t) in text for t in oracle.any_of(task["deadline"])), task["deadline"]
