"""Two people enter the arrangement of the same year at once."""

import time
from threading import Event

from django.db import connection, transaction

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories
from ronghe.kernel.actors import Actor
from ronghe.policy import services
from ronghe.policy.models import SpecialDay
from ronghe.policy.rules.notices import read_notice
from ronghe.site.testing import in_parallel

from .factories import NOON
from .test_rules_notices import NOTICE


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def test_a_year_entered_twice_at_once_stands_once(fresh_database):
    """Seen to fail, with an IntegrityError, when the key of the day is not turned into a refusal."""
    factories.places()
    post = factories.post(Role.ZONE_OFFICE)
    actor = Actor(post.user_id, post.role, post.org_unit_id, post.division_id)
    days, entered = read_notice(NOTICE, 2026), Event()

    def enter():
        services.enter_year(year=2026, days=days, source="通知", actor=actor, at=NOON)

    def first():
        with transaction.atomic():
            enter()
            entered.set()
            until = time.monotonic() + 20
            while not _somebody_waits():
                assert time.monotonic() < until, "the second one did not wait for the first"

    def second():
        assert entered.wait(20)
        enter()

    outcomes = in_parallel(first, second)
    assert sorted(type(o).__name__ for o in outcomes) == ["NoneType", "YearBeingEntered"]
    assert SpecialDay.objects.count() == len(days)
