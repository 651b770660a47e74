"""kill -9 amid the entry of fifty thousand parcels: nothing of it is there, and the entry is done again from its beginning."""

import signal

import pytest

from ronghe.kernel.jobs.models import Job
from ronghe.kernel.jobs.services import run_here

from ..models import RRR, BAUnit, Certificate, CodeSeries, Right, SpatialUnit, SpatialUnitVersion, SurveyBatch
from . import factories, killing, surveys
from .surveys import Lot, Office

COUNT, WIDE = 50_000, 250
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


def test_an_entry_that_is_killed_leaves_nothing_and_is_done_again_whole(office):
    batch = surveys.begun(surveys.taken(office, surveys.geojson(_lots())), office)
    process = killing.runner(batch.job_id)
    killing.until_it_writes_rights(process)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL

    assert [model._default_manager.count() for model in TABLES] == [0] * len(TABLES)
    assert not CodeSeries.objects.exists(), "no number was given out"
    batch.refresh_from_db()
    assert batch.state == SurveyBatch.State.ENTERING
    assert Job.objects.get(pk=batch.job_id).state == Job.State.RUNNING, "it is taken up by the next worker"

    killing.until_it_is_noticed(batch.job_id)
    assert run_here(batch.job_id).state == Job.State.DONE
    batch.refresh_from_db()
    assert batch.state == SurveyBatch.State.ENTERED
    assert BAUnit.objects.count() == Certificate.objects.count() == COUNT
