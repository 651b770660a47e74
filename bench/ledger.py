"""The ledger of one zone at 20,000 tasks with 200,000 moves and reports, beside an empty page through the same middleware."""

from typing import Any

from .timing import in_turns
from .world import world

TASKS = 20_000
#: Of four tasks three are at work, with 4 moves and 6 reports, and one is closed, with 5 of each.
EVENTS = TASKS // 4 * (3 * (4 + 6) + 5 + 5)
SEAT = "370100000000"
DISTRICT = "370112000000"

#: Of five tasks one is whole and four are its parts; deadlines from two hundred days ago to five hundred ahead.
_TASKS = """
INSERT INTO governance_task (zone_id, division_id, parent_id, label, chapter, "order", title, topic_id, room, state, moves,
    percent, issued_on, first_due, due, due_is_set, closed_on, reported_on, needs_help, reminded, is_demo)
SELECT 'jinan', %(seat)s, p.id, '三(一)' || n %% 40, '三', 1000 + n, '试验任务' || n || '：完善农村产权流转交易制度',
    (SELECT min(code) FROM policy_topic), (ARRAY['REG', 'EXC', 'EXI', 'REN', 'ECO', 'FIN'])[1 + n %% 6],
    CASE WHEN n %% 4 = 0 THEN 'closed' ELSE 'staged' END, CASE WHEN n %% 4 = 0 THEN 5 ELSE 4 END,
    CASE WHEN n %% 4 = 0 THEN 100 ELSE n %% 97 END, d.due - 300, d.due, d.due, true,
    CASE WHEN n %% 4 = 0 THEN d.due - 10 END, d.due - 20, n %% 50 = 1, '', false
FROM generate_series(0, %(tasks)s - 1) n
CROSS JOIN LATERAL (SELECT current_date + n * 37 %% 700 - 200 AS due) d
LEFT JOIN governance_task p ON n %% 5 > 0 AND p.zone_id = 'jinan' AND p."order" = 1000 + n - n %% 5
WHERE (n %% 5 > 0) = %(parts)s
"""
#: Who answers for them: a lead and two that cooperate, of the city's departments in turn; one district; two nodes.
_UNITS = """
INSERT INTO governance_assignment (task_id, unit_id, duty, "order", written, signed_at)
SELECT t.id, u.id, CASE WHEN k = 0 THEN 'lead' ELSE 'cooperating' END, k + 1, u.name, now()
FROM governance_task t CROSS JOIN generate_series(0, 2) k JOIN (
    SELECT id, name, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many
    FROM regions_orgunit WHERE division_id = %(seat)s AND kind = 'department'
) u ON u.place = (t."order" + k) %% u.many WHERE t."order" >= 1000
"""
_PLACES = """
INSERT INTO governance_taskplace (task_id, division_id, written)
SELECT t.id, d.code, d.name FROM governance_task t JOIN (
    SELECT code, name, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS many
    FROM regions_division WHERE parent_id = %(seat)s
) d ON d.place = t."order" %% d.many WHERE t."order" >= 1000
"""
_NODES = """
INSERT INTO governance_node (task_id, "order", due, text)
SELECT id, k, due - 200 + 100 * k, '完成第 ' || k || ' 个节点' FROM governance_task CROSS JOIN generate_series(1, 2) k
WHERE "order" >= 1000
"""
_MOVES = """
INSERT INTO governance_taskmove (task_id, number, from_state, to_state, reason, role, at)
SELECT t.id, k, path[k], path[k + 1], '', 'zone_office', t.issued_on + 10 * k
FROM (SELECT *, CASE state WHEN 'closed' THEN ARRAY['listed', 'issued', 'signed', 'applied', 'verified', 'closed']
    ELSE ARRAY['listed', 'issued', 'signed', 'working', 'staged'] END AS path FROM governance_task WHERE "order" >= 1000) t
CROSS JOIN LATERAL generate_series(1, t.moves) k
"""
_REPORTS = """
INSERT INTO governance_progressreport (task_id, unit_id, "on", percent, text, trouble, needs_help, is_stage_result, total, at)
SELECT t.id, a.unit_id, t.issued_on + 30 * k, least(100, t.percent * k / 5), '第 ' || k || ' 期：工作按计划推进。',
    '', false, k = 3, least(100, t.percent * k / 5), t.issued_on + 30 * k + 2
FROM governance_task t JOIN governance_assignment a ON a.task_id = t.id AND a.duty = 'lead'
CROSS JOIN LATERAL generate_series(1, CASE t.state WHEN 'closed' THEN 5 ELSE 6 END) k WHERE t."order" >= 1000
"""
#: The triggers of these tables keep single moves in order; here all is put in at once.
_GUARDED = ("governance_task", "governance_taskmove", "governance_progressreport")


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside what) for RESULTS.md."""
    with world():
        from django.db import connection
        from django.http import HttpResponse
        from django.test.utils import CaptureQueriesContext
        from django.urls import path

        from ronghe.governance.models import ProgressReport, Task, TaskMove
        from ronghe.kernel.accounts.access import public
        from ronghe.kernel.accounts.roles import Role
        from ronghe.site import urls
        from tests.people import person

        urls.urlpatterns.append(path("empty", public(lambda request: HttpResponse())))
        _fill()
        assert TaskMove.objects.count() + ProgressReport.objects.count() == EVENTS
        task = Task.objects.filter(zone="jinan", parent=None, state="staged", order__gte=1000).order_by("order")[7]
        browser = person(Role.ZONE_OFFICE, SEAT).client()
        browser.defaults["HTTP_HOST"] = "localhost"
        told = []
        for what, address in _pages(task.pk).items():
            assert browser.get(address).status_code == 200, address  # the first request fills caches
            with CaptureQueriesContext(connection) as asked:
                browser.get(address)
                queries = len(asked)
            page, empty = in_turns(25, lambda a=address: browser.get(a), lambda: browser.get("/empty"))
            told.append(
                (
                    f"{what}, {TASKS:,} tasks and {EVENTS:,} moves and reports in the zone",
                    f"p50 {page.median * 1000:.0f} ms, p95 {page.quantile(0.95) * 1000:.0f} ms, {queries} queries",
                    f"{page.quantile(0.95) / empty.quantile(0.95):.0f} × an empty page "
                    f"(p95 {empty.quantile(0.95) * 1000:.1f} ms)",
                )
            )
        return told


def _pages(task: int) -> dict[str, str]:
    here = "/z/jinan/ledger/"
    return {
        "ledger": here,
        "ledger, overdue in one district": f"{here}?light=overdue&area={DISTRICT}",
        "page of a task": f"{here}{task}/",
        "tree": f"{here}tree/",
        "Gantt chart": f"{here}gantt/",
        "calendar": f"{here}calendar/",
        "board": f"{here}board/",
        "cockpit": "/z/jinan/cockpit/",
        "search by a part of the title": "/search?q=试验任务777",
    }


def _fill() -> None:
    """As the owner, past the triggers that keep single moves in order."""
    import psycopg

    from ronghe.site import settings, testing

    given: dict[str, Any] = {"seat": SEAT, "tasks": TASKS}
    with psycopg.connect(testing.with_database(settings.OWNER_URL, testing.template()), autocommit=True) as owner:
        for table in _GUARDED:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for parts in (False, True):
            owner.execute(_TASKS, given | {"parts": parts})
        for statement in (_UNITS, _PLACES, _NODES, _MOVES, _REPORTS):
            owner.execute(statement, given)
        for table in _GUARDED:
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        owner.execute("ANALYZE")
