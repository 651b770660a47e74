"""Whatever rules the rooms declare: each has a template that can be filled in, read back, tried, and told page by page."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.mechanisms.trials import exports, queries, running, services
from ronghe.mechanisms.trials.table import heads, read_table
from ronghe.policy import queries as policy
from ronghe.policy.models import Zone
from ronghe.policy.rulebook import Fact, all_rules
from ronghe.policy.values import Kind
from tests.people import person

from .factories import DAY, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


def cell(of: Fact) -> object:
    """Something that the fact may be, as a person types it into a spreadsheet."""
    return {
        Kind.NUMBER: 1.5,
        Kind.INTEGER: 1,
        Kind.BOOLEAN: "是",
        Kind.DATE: date(2026, 5, 1),
        Kind.TEXT: of.choices[0] if of.choices else "甲",
        Kind.SET: "、".join(of.choices[:2]) or "甲、乙",
        Kind.LIST: "、".join(of.choices[:2]) or "甲、乙",
    }[of.kind]


@pytest.mark.parametrize("code", all_rules())
def test_a_rule_can_be_tried_by_its_template(code):
    rule = all_rules()[code]
    assert len(set(heads(rule))) == len(heads(rule)), "two facts of one rule have the same meaning"
    book = load_workbook(io.BytesIO(exports.template(rule)))
    sheet = book.worksheets[0]
    sheet.append(["全部已知", *(cell(one) for one in rule.facts)])
    sheet.append(["全部不知", *(None for _ in rule.facts)])
    out = io.BytesIO()
    book.save(out)
    read = read_table(out, name="试算表.xlsx", rule=rule)
    assert (read.row_count, read.columns) == (2, tuple(one.name for one in rule.facts))
    for zone in ("qingdao", "gaoqing"):
        made = services.make_trial(
            rule=rule, zone=policy.zone(zone, actor=SYSTEM), on=DAY, table=read, actor=SYSTEM, at=NOON
        )
        running.run_trial(trial_id=made.pk, now=lambda: NOON)
        made.refresh_from_db()
        assert made.state == "done", made.failure
        told = queries.reasons(made, 2, actor=SYSTEM)
        assert told.is_unchanged
        assert [one.finding for one in told.ruling_a.steps]
        assert b"".join(exports.results(made, actor=SYSTEM)).count(b"\r\n") == 3


@pytest.mark.parametrize("code", all_rules())
def test_the_pages_of_a_new_trial_open_for_every_rule(code):
    office = person(Role.ZONE_OFFICE, Zone.objects.get(pk="qingdao").seat_id).client()
    page = office.get("/trials/new", {"rule": code, "zone": "qingdao", "date": "2026-11-22"})
    assert page.status_code == 200
    assert "开始试算" in page.content.decode()
