"""Long work: done once, seen meanwhile, cancelled, taken up again."""

import threading

import pytest
from django.db import IntegrityError, transaction

from ronghe.kernel import clock
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.errors import Conflict
from ronghe.kernel.inbox.models import Message
from ronghe.kernel.jobs import declared, errors, job, running, services, tasks
from ronghe.kernel.jobs.models import Job
from ronghe.site.testing import in_parallel
from tests.people import person

NOON = factories.NOON
ran: list[str] = []
at_work, go_on = threading.Event(), threading.Event()


class Refused(Conflict):
    code = "jobs.refused_for_a_test"
    message = "第 {line} 行不对。"


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(declared, "KINDS", declared.KINDS)
    known = dict(declared.KINDS)
    ran.clear()
    at_work.clear()
    go_on.clear()

    @job("jobs.try", title="试一试")
    def try_it(work, *, word: str):
        ran.append(word)
        work.progress(1, 2, "一半")
        if word == "refuse":
            raise Refused(line=7)
        if word == "break":
            raise RuntimeError("ours")
        if word == "wait":
            at_work.set()
            assert go_on.wait(10)
            Message.objects.create(user_id=Job.objects.get().user_id, title="半途", at=NOON)
            work.progress(2, 2)
        return {"word": word}

    yield
    declared.KINDS.clear()
    declared.KINDS.update(known)


def started(word: str, actor=SYSTEM) -> Job:
    return services.start("jobs.try", args={"word": word}, href="/jobs/", actor=actor, at=NOON)


@pytest.mark.django_db
class TestOutcomes:
    def test_a_job_ends_with_its_result_and_tells_whoever_asked(self):
        factories.places()
        somebody = person(Role.TOWN_WINDOW, factories.TOWN)
        done = services.run_here(started("好", somebody.actor).pk)
        assert (done.state, done.result, done.note, done.percent) == ("done", {"word": "好"}, "一半", 50)
        told = Message.objects.get()
        assert (told.user, told.href, told.title) == (somebody.user, "/jobs/", "试一试：已完成")

    def test_a_refusal_is_the_reason_of_the_failure(self):
        done = services.run_here(started("refuse").pk)
        assert (done.state, done.failure, done.failure_code) == ("failed", "第 7 行不对。", "jobs.refused_for_a_test")

    def test_our_own_bug_is_logged_and_told_plainly(self, caplog):
        done = services.run_here(started("break").pk)
        assert done.state == "failed"
        assert "内部错误" in done.failure
        assert "ours" not in done.failure
        assert "RuntimeError: ours" in caplog.text

    def test_a_job_that_is_over_is_not_run_again(self):
        made = started("好")
        services.run_here(made.pk)
        services.run_here(made.pk)
        assert ran == ["好"]

    def test_a_cancelled_job_never_begins(self):
        made = started("好")
        services.cancel(job_id=made.pk, actor=SYSTEM, at=NOON)
        assert services.run_here(made.pk).state == "cancelled"
        assert ran == []
        assert services.cancel(job_id=made.pk, actor=SYSTEM, at=NOON).state == "cancelled"

    def test_what_is_over_cannot_be_cancelled(self):
        made = services.run_here(started("好").pk)
        with pytest.raises(errors.JobOver):
            services.cancel(job_id=made.pk, actor=SYSTEM, at=NOON)

    def test_an_undeclared_kind_is_our_bug(self):
        with pytest.raises(ValueError, match="no room declares"):
            services.start("jobs.none", args={}, actor=SYSTEM, at=NOON)

    def test_somebody_elses_job_is_not_found(self):
        factories.places()
        mine, other = person(Role.TOWN_WINDOW, factories.TOWN), person(Role.TOWN_WINDOW, factories.TOWN)
        made = started("好", mine.actor)
        assert mine.client().get(f"/jobs/{made.pk}/").status_code == 200
        assert other.client().get(f"/jobs/{made.pk}/").status_code == 404
        assert other.client().post(f"/jobs/{made.pk}/cancel").status_code == 404
        assert mine.client().post(f"/jobs/{made.pk}/cancel").status_code == 302

    def test_the_progress_of_a_job_that_is_over_brings_the_page_anew(self):
        factories.places()
        mine = person(Role.TOWN_WINDOW, factories.TOWN)
        made = started("好", mine.actor)
        assert "HX-Refresh" not in mine.client().get(f"/jobs/{made.pk}/progress")
        services.run_here(made.pk)
        assert mine.client().get(f"/jobs/{made.pk}/progress")["HX-Refresh"] == "true"
        assert "没有后台任务" not in mine.client().get("/jobs/").content.decode()


@pytest.mark.django_db
@pytest.mark.constraints
@pytest.mark.parametrize("facts", [{"state": "done"}, {"state": "lost"}, {"href": "//elsewhere"}, {"done_count": 3, "total_count": 2}, {"state": "failed", "ended_at": NOON}])  # fmt: skip
def test_the_database_refuses_a_job_that_contradicts_itself(facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="jobs.try", title="试", made_at=NOON, **facts)


def test_progress_is_seen_and_a_cancel_heard_while_the_work_is_one_transaction(fresh_database):
    """Seen to fail with progress on the working connection: nobody sees it, and the cancel waits for the end."""
    factories.places()
    made = started("wait", person(Role.TOWN_WINDOW, factories.TOWN).actor)

    def work() -> None:
        running.run_job(job_id=made.pk, now=clock.now)

    def watch() -> tuple[int, str]:
        assert at_work.wait(10)
        seen = Job.objects.get(pk=made.pk)
        services.cancel(job_id=made.pk, actor=SYSTEM, at=NOON)
        go_on.set()
        return seen.done_count, seen.note

    assert in_parallel(work, watch)[1] == (1, "一半")
    assert Job.objects.get(pk=made.pk).state == "cancelled"


def test_a_second_worker_does_nothing(fresh_database):
    """Seen to fail with the advisory lock taken out: both run the function."""
    factories.places()
    made = started("wait", person(Role.TOWN_WINDOW, factories.TOWN).actor)

    def second() -> bool:
        assert at_work.wait(10)
        done = running.run_job(job_id=made.pk, now=clock.now)
        go_on.set()
        return done

    assert in_parallel(lambda: running.run_job(job_id=made.pk, now=clock.now), second) == [True, False]
    assert ran == ["wait"]


def test_a_job_whose_worker_is_gone_is_queued_again(fresh_database):
    made = started("好")
    Job.objects.filter(pk=made.pk).update(state="running")
    assert tasks.take_up(0) == 1
    assert services.run_here(made.pk).state == "done"
    assert tasks.take_up(0) == 0
