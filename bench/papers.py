"""1,000 certificates in the background: glyphs checked, numbered, set as PDF, stored encrypted, packed; beside setting
the same PDF alone."""

import time

from .world import world

PAPERS = 1000
SEAT = "370100000000"


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside what) for RESULTS.md."""
    with world():
        from ronghe.kernel import clock
        from ronghe.kernel.accounts.roles import Role
        from ronghe.kernel.jobs.services import run_here
        from ronghe.kernel.papers import services, setting
        from ronghe.kernel.papers.models import Paper
        from ronghe.policy.papers import RULING
        from tests.people import person

        office, now = person(Role.ZONE_OFFICE, SEAT), clock.now()
        given = [
            {
                "subject": f"第{n}户宅基地资格权核验", "rule": "宅基地资格权", "zone": "济南", "on": "2026-11-26",
                "verdict": "通过", "facts": [["家庭人数", f"{n % 7 + 1}人"]], "parameters": [],
                "steps": [["本集体经济组织成员", "符合", "实施方案第四条"]],
            }
            for n in range(PAPERS)
        ]  # fmt: skip
        batch = services.issue_many(
            RULING.key, rows=given, title="资格权核验", division=SEAT, actor=office.actor, at=now
        )
        start = time.perf_counter()
        run_here(batch.job_id)
        taken = time.perf_counter() - start
        batch.refresh_from_db()
        assert batch.state == "done", batch.failure
        assert Paper.objects.count() == PAPERS
        paper = Paper.objects.order_by("pk")[0]
        sheet = services.sheet_of(
            services.template_of(RULING.key),
            given[0],
            number=paper.number,
            code=paper.code,
            unit_id=paper.org_unit_id,
            at=now,
        )
        start = time.perf_counter()
        for _ in range(PAPERS // 10):
            setting.pdf(sheet, at=now)
        alone = (time.perf_counter() - start) * 10
        return [
            (
                f"{PAPERS:,} certificates in one batch, all or none, packed",
                f"{taken:.1f} s, {PAPERS / taken:.0f} papers/s",
                f"{taken / alone:.2f} × setting the same PDF {PAPERS:,} times and nothing else ({alone:.1f} s)",
            )
        ]
