"""Parties for tests: in a village of Gaoqing, with numbers whose county code does not exist."""

import itertools
from datetime import UTC, date, datetime

from django.apps import apps

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories
from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.parties import rules, services
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.services import NewPerson

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
TODAY = date(2026, 11, 22)
TOWN, COUNTY, OTHER = factories.TOWN, factories.COUNTY, factories.OTHER
VILLAGE, NEXT_VILLAGE = "370322001200", "370322001201"

_numbers = itertools.count(1)


def places() -> None:
    """Two villages below the town, with what lies above them; and another county."""
    factories.places()
    division = apps.get_model("regions", "Division")
    closure = apps.get_model("regions", "DivisionClosure")
    for code, name in ((VILLAGE, "甲村"), (NEXT_VILLAGE, "乙村")):
        division.objects.get_or_create(
            code=code, defaults={"name": name, "level": "village", "parent_id": TOWN, "pinyin": "jia"}
        )
        for distance, above in enumerate((code, TOWN, COUNTY, factories.CITY, factories.PROVINCE)):
            closure.objects.get_or_create(
                ancestor_id=above, descendant_id=code, kind="administrative", defaults={"distance": distance}
            )


def identity(born: date = date(1980, 5, 1), *, male: bool = True, order: int | None = None) -> str:
    """An identity number of a county 990101 that does not exist."""
    serial = 2 * (order if order is not None else next(_numbers) % 400) + male
    first = f"990101{born:%Y%m%d}{serial:03}"
    return first + rules.identity_check_digit(first)


def uscc(prefix: str = "N2") -> str:
    """A credit code with good check digits."""
    inner = f"{next(_numbers):08}"
    first = f"{prefix}370322{inner}{rules.organisation_check_digit(inner)}"
    return first + rules.uscc_check_digit(first)


def new(name: str = "演示甲", *, born: date = date(1980, 5, 1), male: bool = True) -> NewPerson:
    return NewPerson(name=name, identity=identity(born, male=male))


def person(
    name: str = "演示甲",
    *,
    born: date = date(1980, 5, 1),
    male: bool = True,
    division: str = VILLAGE,
    actor: Actor = SYSTEM,
) -> Party:
    return services.register_person(new=new(name, born=born, male=male), division=division, actor=actor, at=NOON)


def household(*members: tuple[Party, str], head: Party | None = None, since: date = date(2000, 1, 1)) -> Party:
    """A household that began on ``since``."""
    return services.register_household(
        head=(head or person("户主甲", born=date(1970, 1, 1))).pk,
        members=[(one.pk, relation) for one, relation in members],
        division=VILLAGE,
        since=since,
        actor=SYSTEM,
        at=NOON,
    )


def clerk(role: Role = Role.TOWN_WINDOW, division: str = TOWN) -> Actor:
    """Somebody with a post."""
    return factories.actor(factories.post(role, division=division))
