"""What comes in with many others is told by one event: its digest is computed again from the register, its units lead to it."""

import hashlib
from datetime import timedelta

import pytest
import shapely

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.kernel.clock import legal_day
from tests.people import person

from .. import services
from ..models import BAUnit, Right, SpatialUnitVersion, SurveyedHolder, SurveyedParcel
from ..queries.book import history_of
from ..rules.kinds import USE_RIGHTS, RightKind
from . import exchanges as ex
from . import factories as make
from . import surveys
from .surveys import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


def test_the_digest_of_a_survey_is_computed_again_from_what_stands_in_the_register(office):
    make.collective()
    batch = surveys.entered(surveys.taken(office, surveys.geojson(surveys.lots(3))), office)
    made = hashlib.sha256()
    for unit in BAUnit.objects.order_by("code"):
        form = SpatialUnitVersion.objects.current().get(spatial_unit__baunits__baunit=unit)
        parcel = SurveyedParcel.objects.get(batch=batch, code=unit.code)
        held = Right.objects.current().filter(baunit=unit, kind__in=[int(kind) for kind in USE_RIGHTS]).order_by("pk")
        shares = dict(
            SurveyedHolder.objects.filter(batch=batch, number=parcel.number).values_list("party", "share_num")
        )
        assert sorted(shares) == sorted(row.party_id for row in held)
        told = [unit.code, unit.code[:19], hashlib.sha256(shapely.to_wkb(form.geometry)).hexdigest()]
        told.append(str(form.registered_area_m2))
        # days that the file does not state are left out
        told += [str(day) for day in (parcel.first_day, parcel.until) if day is not None]
        # a sole holder has no share in the file
        told.append(",".join(f"{row.party_id}:/" for row in held))
        made.update(("|".join(told) + "\n").encode())
    event = Event.objects.get(verb="registry.survey.entered")
    assert event.facts["digest"] == made.hexdigest()


def test_the_history_of_a_surveyed_unit_begins_with_the_entry_of_its_batch(office):
    surveys.entered(surveys.taken(office, surveys.geojson(surveys.lots(2))), office)
    unit = BAUnit.objects.order_by("code").first()
    right = Right.objects.current().get(baunit=unit, kind=RightKind.HOMESTEAD_USE)
    later = unit.opened_at + timedelta(days=1)
    services.end_right(rrr_id=right.rrr_id, on=legal_day(later), source_id=make.source(), actor=SYSTEM, at=later)
    assert [event.verb for event in history_of(unit)] == ["registry.right.ended", "registry.survey.entered"]
    page = office.registrar.client().get(f"/registry/units/{unit.code}/")
    assert "批量首次登记登簿" in page.content.decode()


def test_the_history_of_a_unit_of_the_tables_begins_with_their_entry(office):
    tables = ex.tables()
    done = ex.applied(ex.given(ex.workbook(tables), make.people.clerk(Role.DEPARTMENT, make.people.COUNTY)))
    unit = BAUnit.objects.order_by("code").first()
    [event] = history_of(unit)
    assert (event.verb, event.subject_id) == ("registry.exchange.applied", str(done.pk))
    # a unit that was set up by itself is told of by its own event alone
    own = make.unit()
    assert [one.verb for one in history_of(own)] == ["registry.unit.opened"]
    page = person(Role.DEPARTMENT, make.people.COUNTY).client().get(f"/registry/units/{unit.code}/")
    assert "汇交文件导入登记簿" in page.content.decode()


def test_the_digest_of_tables_is_computed_again_from_what_stands_in_the_register(office):
    done = ex.applied(ex.given(ex.workbook(ex.tables()), make.people.clerk(Role.DEPARTMENT, make.people.COUNTY)))
    made = hashlib.sha256()
    for unit in BAUnit.objects.order_by("code"):
        made.update(f"unit|{unit.code}|contracted|{make.VILLAGE}|1999-01-01\n".encode())
        form = SpatialUnitVersion.objects.get(spatial_unit__baunits__baunit=unit)
        made.update(f"ground|{form.spatial_unit.code}|{form.registered_area_m2}||1999-01-01|None\n".encode())
        for row in Right.objects.filter(baunit=unit).order_by("rrr"):
            line = f"right|{row.kind}|{row.party_id}|1/1|{row.valid.lower}|{row.valid.upper}|{row.source_id}\n"
            made.update(line.encode())
    event = Event.objects.get(verb="registry.exchange.applied")
    assert event.subject_id == str(done.pk)
    assert event.facts["digest"] == made.hexdigest()
    # the collective's own name of a village stands in the file, and in no event
    assert "甲村" not in str(event.facts)
