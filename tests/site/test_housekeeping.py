"""What has ended is cleared away."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.models import Session
from django.db import connection
from procrastinate.contrib.django import app

from ronghe.kernel.clock import now
from ronghe.site import tasks

pytestmark = pytest.mark.django_db


def test_expired_sessions_go_and_the_others_stay() -> None:
    Session.objects.create(session_key="old", session_data="", expire_date=now() - timedelta(hours=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now() + timedelta(hours=1))
    tasks.clear_sessions(timestamp=0)
    assert [s.session_key for s in Session.objects.all()] == ["new"]


def test_the_jobs_are_known_to_the_worker() -> None:
    assert {"site.clear_sessions", "site.clear_jobs", "audit.seal", "audit.verify"} <= set(app.tasks)
    periodic = {task.name for task in (p.task for p in app.periodic_registry.periodic_tasks.values())}
    assert {"site.clear_sessions", "site.clear_jobs", "accounts.forget_failures"} <= periodic


def test_a_job_that_ended_long_ago_goes_and_a_waiting_one_stays() -> None:
    done, waiting = (app.configure_task("audit.seal", queueing_lock=name).defer(timestamp=0) for name in ("one", "two"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [done])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [done])
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '30 days' WHERE job_id = %s", [done])

    async def clear() -> None:
        await tasks.clear_jobs(None, timestamp=0)

    async_to_sync(clear)()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs WHERE id = ANY(%s)", [[done, waiting]])
        assert cursor.fetchall() == [(waiting,)]
