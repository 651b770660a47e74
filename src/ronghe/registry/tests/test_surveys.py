"""A survey's file on its way into the register: faults named, mended, told, entered, certified; all or nothing."""

from datetime import date
from decimal import Decimal

import pytest
import shapely

from ronghe.kernel.files import services as files
from ronghe.kernel.parties.tests import factories as people

from ..models import BAUnit, Certificate, Right, SpatialUnitVersion
from ..rules.kinds import RightKind
from . import factories, surveys
from .surveys import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


def test_three_faults_are_named_and_the_mended_file_goes_through_to_certificates(office):
    factories.collective()
    good = surveys.lots(4)
    bow = shapely.Polygon([(117.81, 37.17), (117.8102, 37.1702), (117.8102, 37.17), (117.81, 37.1702)])
    bad = [*good[:2], surveys.Lot(factories.square(0, 0, width=0.5), "演示丙", good[2].identity), surveys.Lot(bow, "演示丁", good[3].identity)]
    bad[1].more["实测面积"] = str(factories.area(bad[1].shape) / 100)
    batch = surveys.taken(office, surveys.geojson(bad))
    assert batch.state == "faulty"
    assert surveys.said(batch) == []
