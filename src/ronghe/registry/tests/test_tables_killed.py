"""kill -9 amid the entry of the tables of contracted land: nothing of them is there, and they are entered again whole."""

import signal
from datetime import date
from decimal import Decimal

import pytest

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.jobs.models import Job
from ronghe.kernel.jobs.services import run_here
from ronghe.kernel.parties.models import HouseholdMember, Party
from ronghe.kernel.parties.tests import factories as people

from ..models import (
    RRR,
    AdministrativeSource,
    BAUnit,
    CodeSeries,
    ContractedCode,
    Exchange,
    Right,
    SpatialUnit,
    SpatialUnitVersion,
)
from ..rules.contract_links import mu_of
from ..services import exchanging
from . import exchanges as ex
from . import factories as make
from . import killing

HOMES, PLOTS = 8, 500
AREA = Decimal("1000.00")
TABLES = (
    BAUnit, SpatialUnit, SpatialUnitVersion, RRR, Right, ContractedCode, CodeSeries, AdministrativeSource, Party,
    HouseholdMember,
)  # fmt: skip


@pytest.fixture
def county(fresh_database, django_db_blocker, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with django_db_blocker.unblock():
        people.places()
        yield make.people.clerk(Role.DEPARTMENT, make.people.COUNTY)


def _tables() -> ex.Tables:
    """Eight households with five hundred plots each: each a contract of its own."""
    like = ex.tables()
    made: ex.Tables = {"FBF": like["FBF"], "CBF": [], "CBF_JTCY": [], "CBDKXX": [], "CBHT": []}
    for home in range(HOMES):
        code, name = f"{ex.FBF}{home + 1:04d}", f"演示{'甲乙丙丁戊己庚辛'[home]}"
        number = people.identity(date(1970, 1, 1), order=400 + home)
        made["CBF"].append(like["CBF"][1] | {"CBFBM": code, "CBFMC": name, "CBFZJHM": number})
        made["CBF_JTCY"].append(like["CBF_JTCY"][2] | {"CBFBM": code, "CYXM": name, "CYZJHM": number})
        total = AREA * PLOTS
        made["CBHT"].append(
            like["CBHT"][0]
            | {"CBHTBM": f"{code}J", "CBFBM": code, "HTZMJ": total, "HTZMJM": mu_of(total), "CBDKZS": PLOTS}
        )
        for plot in range(PLOTS):
            codes = {"DKBM": f"{ex.FBF}{home * PLOTS + plot + 1:05d}", "CBFBM": code, "CBHTBM": f"{code}J"}
            areas = {"HTMJ": AREA, "HTMJM": mu_of(AREA)}
            made["CBDKXX"].append(like["CBDKXX"][0] | codes | areas | {"CBJYQZBM": None})
    return made


def test_tables_that_are_killed_amid_their_entry_leave_nothing_and_are_entered_again_whole(county):
    made = ex.given(ex.workbook(_tables()), county)
    assert made.state == "ready", (made.failure, made.faults[:3])
    begun = exchanging.start_apply(exchange_id=made.pk, actor=ex.another(), at=make.NOON)
    process = killing.runner(begun.job_id)
    killing.until_it_writes_rights(process, table='"registry_right"')
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL

    assert [model._default_manager.count() for model in TABLES] == [0] * len(TABLES)
    begun.refresh_from_db()
    assert begun.state == Exchange.State.APPLYING
    assert Job.objects.get(pk=begun.job_id).state == Job.State.RUNNING, "it is taken up by the next worker"

    killing.until_it_is_noticed(begun.job_id)
    assert run_here(begun.job_id).state == Job.State.DONE
    begun.refresh_from_db()
    assert begun.state == Exchange.State.DONE
    assert BAUnit.objects.count() == Right.objects.count() == HOMES * PLOTS
    assert Party.objects.filter(kind="household").count() == HOMES
