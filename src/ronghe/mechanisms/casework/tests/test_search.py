"""The search finds the cases that one may see, and to nobody else it says that there are any."""

import pytest

from ronghe.kernel.accounts.tests.factories import NOON, party
from ronghe.kernel.actors import PUBLIC
from ronghe.policy.models import Zone
from ronghe.portal.finding import search

from . import factories

pytestmark = pytest.mark.django_db


def found(text, actor, **given):
    return [
        hit.href
        for group in search(text, actor=actor, day=NOON.date(), **given)
        if group.title == "办件"
        for hit in group.hits
    ]


def test_a_case_is_found_by_number_title_and_applicant(world):
    case = factories.case(world, title="张家宅基地登记", applicant_id=party(factories.people.TOWN).pk)
    there = [f"/cases/{case.pk}/"]
    assert found(case.number, world.window.actor) == there
    assert found("宅基地", world.bureau.actor) == there
    assert found("演示农", world.bureau.actor) == there
    assert found("李家", world.bureau.actor) == []
    assert found("张", world.bureau.actor) == [], "one character would be looked for in every case"


def test_whoever_may_not_see_a_case_does_not_find_it(world):
    factories.case(world, title="张家宅基地登记")
    assert found("宅基地", world.elsewhere.actor) == found("宅基地", PUBLIC) == []


def test_a_case_without_a_zone_is_found_in_the_zone_of_its_place(world):
    case = factories.case(world, title="张家宅基地登记")
    for slug, seat in (("here", factories.people.COUNTY), ("there", factories.people.OTHER)):
        Zone.objects.create(slug=slug, title=slug, short=slug, seat_id=seat).divisions.add(seat)
    assert found("宅基地", world.bureau.actor, zone="here") == [f"/cases/{case.pk}/"]
    assert found("宅基地", world.bureau.actor, zone="there") == []
