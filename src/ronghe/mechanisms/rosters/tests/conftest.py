"""The tests of lists use the two that the zone's office has."""

import pytest

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories as accounts
from ronghe.policy.models import Zone
from tests.people import person


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


class World:
    """A city and a county with their offices, a leader, a bureau, the county beside, and a zone."""

    def __init__(self) -> None:
        accounts.places()
        self.zone = Zone.objects.create(slug="try", title="试验用", short="试", seat_id=accounts.CITY, published=True)
        self.office = person(Role.ZONE_OFFICE, accounts.COUNTY)
        self.office2 = person(Role.ZONE_OFFICE, accounts.COUNTY)
        self.leader = person(Role.LEADER, accounts.COUNTY)
        self.bureau = person(Role.DEPARTMENT, accounts.COUNTY)
        self.elsewhere = person(Role.ZONE_OFFICE, accounts.OTHER)


@pytest.fixture
def world(db):
    return World()
