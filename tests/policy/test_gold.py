"""The five published plans, read against answers that were written down by hand."""

from __future__ import annotations

import pytest

from tests.policy import plan_oracle as oracle

PLANS = {
    "qingdao": "000",
    "zibo": "001",
    "minhou": "002",
    "gaoqing": "003",
    "jinan": "004",
}


@pytest.mark.parametrize("field", oracle.FIELDS)
@pytest.mark.parametrize("name", PLANS)
def test_published_plan(name: str, field: str) -> None:
    if not oracle.POLICIES.is_dir():
        pytest.skip(f"the published plans are not here: {oracle.POLICIES}")
    texts = sorted(oracle.POLICIES.glob(f"{PLANS[name]}_*.txt"))
    if not texts:
        pytest.skip(f"no text for {name} in {oracle.POLICIES}")
    if reason := oracle.reader_missing():
        pytest.skip(reason)
    lines = oracle.compare(oracle.HERE / "gold" / f"{name}.yaml", texts[0], field)
    assert not lines, f"{name}: {len(lines)} differences\n" + "\n".join(lines)


@pytest.mark.parametrize(
    ("name", "count"),
    [("qingdao", 56), ("zibo", 25), ("minhou", 22), ("gaoqing", 20), ("jinan", 48)],
)
def test_gold_counts(name: str, count: int) -> None:
    """The answers themselves hold as many tasks as the documents have annotations."""
    data = oracle.load(oracle.HERE / "gold" / f"{name}.yaml")
    assert len(data["tasks"]) == count
    named = {oracle.fold(u) for t in data["tasks"] for k in ("lead", "cooperating", "responsible") for u in t[k]}
    known = {oracle.fold(u) for u in [*data["units"], *data.get("units_optional", [])]}
    assert named <= known
