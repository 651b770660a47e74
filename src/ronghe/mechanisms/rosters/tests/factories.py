"""Files of units for tests."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from ronghe.governance.rosters import EXPERIENCES, UNITS
from ronghe.kernel.accounts.tests.factories import COUNTY, NOON
from ronghe.kernel.jobs.services import run_here
from ronghe.mechanisms.rosters import services
from ronghe.mechanisms.rosters.models import Import

HEADS = [one.head for one in UNITS.fields]
USCC = "91350100M000100Y43"  # the well-known example of the standard
GOOD = [COUNTY, "县财政局", "部门单位", "县（区）", USCC, "王某", "13800000000", "中心路 1 号", "财政收支"]


def book(rows: list[list[Any]], *, heads: list[Any] = HEADS, sheet: str = UNITS.title, merge: str = "") -> bytes:
    made = Workbook()
    table = made.active
    table.title = sheet
    for row in (heads, *rows):
        table.append(row)
    if merge:
        table.merge_cells(merge)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def cells(content: bytes, sheet: str = UNITS.title) -> list[list[Any]]:
    return [list(row) for row in load_workbook(BytesIO(content))[sheet].iter_rows(values_only=True)]


def given(content: bytes, by: Any, *, name: str = "单位.xlsx", of=UNITS) -> Import:
    made = services.take_file(of, content=content, name=name, actor=by.actor, at=NOON)
    run_here(made.job_id)
    made.refresh_from_db()
    return made


def applied(found: Import, by: Any) -> Import:
    services.start_apply(import_id=found.pk, actor=by.actor, at=NOON)
    found.refresh_from_db()
    run_here(found.job_id)
    found.refresh_from_db()
    return found


def unit(**changes: Any) -> dict[str, Any]:
    return {
        "division": COUNTY, "name": "县财政局", "kind": "department", "level": "county", "uscc": USCC, "contact": "王某",
        "phone": "13800000000", "address": "", "duties": "",
    } | changes  # fmt: skip


def experience(**changes: Any) -> dict[str, Any]:
    return {
        "division": COUNTY, "title": "三方共管", "zone": "try", "clause": "", "summary": "做法", "evidence": "成效",
        "link": "", "replicability": "anywhere",
    } | changes  # fmt: skip


__all__ = ["EXPERIENCES", "UNITS"]
