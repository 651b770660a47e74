"""People with posts in a city, a county and the county beside, and the county's own layer."""

import pytest

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories as accounts
from ronghe.kernel.actors import Actor
from ronghe.kernel.spatial import services
from ronghe.kernel.spatial.models import Layer
from tests.people import person

from .factories import NOON


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


class World:
    """A city and two counties with their offices, and an empty working layer of the first county."""

    def __init__(self) -> None:
        accounts.places()
        self.office = person(Role.ZONE_OFFICE, accounts.COUNTY)
        self.leader = person(Role.LEADER, accounts.COUNTY)
        self.city = person(Role.DEPARTMENT, accounts.CITY)
        self.elsewhere = person(Role.ZONE_OFFICE, accounts.OTHER)
        self.layer = self.made("parcels")

    @property
    def actor(self) -> Actor:
        return self.office.actor

    def made(self, slug: str, **told: object) -> Layer:
        facts = {"title": f"图层{slug}", "kind": "working"} | told
        return services.create_layer(
            slug=slug, division=accounts.COUNTY, told=services.LayerTold(**facts), actor=self.actor, at=NOON
        )


@pytest.fixture
def world(db):
    return World()
