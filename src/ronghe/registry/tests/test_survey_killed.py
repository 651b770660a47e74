"""kill -9 amid the entry of fifty thousand parcels: nothing of it is there, and the entry is done again from its beginning."""

import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from ronghe.kernel.jobs.models import Job
from ronghe.kernel.jobs.running import has_runner
from ronghe.kernel.jobs.services import run_here

from ..models import RRR, BAUnit, Certificate, CodeSeries, Right, SpatialUnit, SpatialUnitVersion, SurveyBatch
from . import factories, surveys
from .surveys import Lot, Office

COUNT, WIDE = 50_000, 250
_RUN = """
import django
django.setup()
from ronghe.kernel.jobs.services import run_here
run_here({job})
"""
TABLES = (BAUnit, SpatialUnit, SpatialUnitVersion, RRR, Right, Certificate)


@pytest.fixture
def office(fresh_database, django_db_blocker, settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    with django_db_blocker.unblock():
        yield Office()


def _lots() -> list[Lot]:
    """Parcels of eight holders, so that few parties are registered and the register itself is what takes time."""
    holders = surveys.lots(8)
    return [
        Lot(factories.square(n % WIDE, n // WIDE), holders[n % 8].holder, holders[n % 8].identity) for n in range(COUNT)
    ]


def _runner(job_id: int) -> subprocess.Popen[bytes]:
    """A process that runs the job on the database of the test."""
    told = urlsplit(os.environ["DATABASE_URL"])
    address = urlunsplit(told._replace(path=f"/{connection.settings_dict['NAME']}"))
    env = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "ronghe.site.settings"}
    return subprocess.Popen([sys.executable, "-c", _RUN.format(job=job_id)], env=env)


def _until_it_writes_rights(process: subprocess.Popen[bytes]) -> None:
    """Wait until units are written and rights are being written: in one transaction that nobody else sees."""
    deadline = time.monotonic() + 300
    with connection.cursor() as cursor:
        while time.monotonic() < deadline and process.poll() is None:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'"
                " AND query LIKE 'INSERT INTO registry_right %%'"
            )
            if cursor.fetchone()[0]:
                return
    pytest.fail("the entry ended before it was seen to write rights")


def test_an_entry_that_is_killed_leaves_nothing_and_is_done_again_whole(office):
    batch = surveys.begun(surveys.taken(office, surveys.geojson(_lots())), office)
    process = _runner(batch.job_id)
    _until_it_writes_rights(process)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL

    assert [model._default_manager.count() for model in TABLES] == [0] * len(TABLES)
    assert not CodeSeries.objects.exists(), "no number was given out"
    batch.refresh_from_db()
    assert batch.state == SurveyBatch.State.ENTERING
    assert Job.objects.get(pk=batch.job_id).state == Job.State.RUNNING, "it is taken up by the next worker"

    # The database notices a client that is gone when its statement ends.
    deadline = time.monotonic() + 300
    while has_runner(batch.job_id):
        assert time.monotonic() < deadline
    assert run_here(batch.job_id).state == Job.State.DONE
    batch.refresh_from_db()
    assert batch.state == SurveyBatch.State.ENTERED
    assert BAUnit.objects.count() == Certificate.objects.count() == COUNT
