"""The demonstration: the same seed makes the same history, every state and light occurs, and all of it is plausible."""

import hashlib
import json
from collections import Counter, defaultdict

import pytest

from ronghe.governance import demo
from ronghe.governance.demo.fates import Fate, course_of, drawn
from ronghe.governance.errors import ZoneNotForDemonstration
from ronghe.governance.models import Assignment, Extension, Node, ProgressReport, Sheet, Task, TaskMove
from ronghe.governance.queries.ledger import light_of, limits_for
from ronghe.governance.rules.ledger import Light, State
from ronghe.kernel.accounts.models import User
from ronghe.kernel.clock import legal_day
from ronghe.policy.models import Zone

from .ledgers import LICHENG

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


#: What the seed makes of Jinan. It changes only with the stories, their words, the packs or what the services do.
DIGEST = "43021ae3bdbc61cd6cd3e8b6a7ddd768c8208a499237d97b2a8e9a4048da394a"


def digest_of(zone: Zone) -> str:
    """All that people would read of a zone's history, without what another database numbers anew."""
    tasks = Task.objects.filter(zone=zone)
    told = [
        list(tasks.order_by("order").values_list("title", "state", "due", "percent", "issued_on", "closed_on")),
        list(moves(zone).values_list("task__order", "number", "from_state", "to_state", "reason", "at")),
        list(reports(zone).values_list("task__order", "unit__name", "on", "percent", "text", "trouble", "at")),
        list(Sheet.objects.filter(task__zone=zone).order_by("pk").values_list("paper__number", "matter", "state")),
    ]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def moves(zone):
    return TaskMove.objects.filter(task__zone=zone).order_by("task__order", "number")


def reports(zone):
    return ProgressReport.objects.filter(task__zone=zone).order_by("task__order", "pk")


def lights(zone):
    limits = limits_for(zone, on=demo.TODAY)
    return Counter(light_of(task, day=demo.TODAY, limits=limits)[0] for task in Task.objects.filter(zone=zone))


def test_a_seed_makes_one_history_with_every_state_and_light_and_a_repeat_makes_nothing():
    zone = Zone.objects.get(pk="jinan")
    counts = demo.build(zone, today=demo.TODAY, seed=demo.SEED)
    assert digest_of(zone) == DIGEST
    people = User.objects.count()
    assert demo.build(zone, today=demo.TODAY, seed=8) == {}
    assert (moves(zone).count(), reports(zone).count()) == (counts["moves"], counts["reports"])
    assert User.objects.count() == people
    assert set(Task.objects.filter(zone=zone).values_list("state", flat=True)) == {state.value for state in State}
    assert set(lights(zone)) == set(Light)
    assert {"蓝", "黄", "红"} == set(Sheet.objects.filter(task__zone=zone).values_list("colour", flat=True))
    assert set(Sheet.objects.filter(task__zone=zone).values_list("state", flat=True)) == set(Sheet.State.values)
    assert Extension.objects.filter(task__zone=zone).exists()
    _assert_red(zone)
    _assert_plausible(zone)


def _assert_red(zone):
    """历城区: two parts overdue, each with what stands in the way, and a sheet that nobody has answered."""
    red = Task.objects.filter(
        zone=zone, places__division=LICHENG, parent__isnull=False, due__lt=demo.TODAY, closed_on=None
    )
    assert red.count() == 2
    for part in red:
        assert ProgressReport.objects.filter(task=part).first().trouble
    [sheet] = Sheet.objects.filter(task__in=red)
    assert (sheet.colour, sheet.state) == ("红", "open")
    assert sheet.reply_by < demo.TODAY


def _assert_plausible(zone):
    assert not Task.objects.filter(zone=zone, moves__gt=0, is_demo=False).exists()
    assert not Task.objects.filter(zone=zone, moves=0, is_demo=True).exists()
    days = [legal_day(at) for at in moves(zone).values_list("at", flat=True)]
    assert demo.BEGIN < min(days) < max(days) <= demo.TODAY
    signed = {
        (task, unit): at
        for task, unit, at in Assignment.objects.filter(task__zone=zone).values_list("task_id", "unit_id", "signed_at")
        if at is not None
    }
    last = defaultdict(int)
    for report in reports(zone):
        own = (report.task_id, report.unit_id)
        assert signed[own] < report.at  # nobody reports what was not taken over
        assert report.on <= legal_day(report.at) <= demo.TODAY
        assert report.percent >= last[own] or report.trouble  # nobody goes back without a word
        last[own] = report.percent
    for node in Node.objects.filter(task__zone=zone).exclude(reached_on=None):
        assert node.reached_on <= demo.TODAY


def test_a_zone_that_is_not_the_programs_is_not_touched():
    with pytest.raises(ZoneNotForDemonstration):
        demo.build_all(only=["zhangqiu"])
    Zone.objects.filter(pk="gaoqing").update(pack_version="local.1")
    with pytest.raises(ZoneNotForDemonstration):
        demo.build_all(only=["gaoqing"])


def test_what_is_overdue_holds_in_few_places_and_a_deadline_ahead_stays(rng):
    narrow = [n == 4 for n in range(20)]
    assert drawn(narrow, rng)[4] is Fate.OVERDUE
    assert set(drawn(narrow, rng)) == set(Fate)
    ahead = demo.TODAY.replace(year=2027)
    for fate in Fate:
        course = course_of(fate, today=demo.TODAY, document=ahead, rng=rng)
        assert course.due == ahead
        assert course.fate not in (Fate.OVERDUE, Fate.CLOSED, Fate.NEAR)


@pytest.fixture
def rng():
    from random import Random

    return Random(3)
