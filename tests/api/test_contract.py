"""Whatever the description of the interface allows, and whatever it does not: never a 5xx, always as described."""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck
from hypothesis import settings as examples
from ninja import Schema
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from ronghe.kernel.accounts.roles import Role
from ronghe.mechanisms.casework import declared
from ronghe.mechanisms.casework.tests.factories import PROCEDURE
from ronghe.policy.models import Zone
from tests.people import Person, person

from .standing import Standing

pytestmark = pytest.mark.usefixtures("packs", "one_transaction")

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())

bounded = examples(
    max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def is_well_formed(case: schemathesis.Case, place: ParameterLocation) -> bool:
    """Whether schemathesis filled this part as described, and not against the description."""
    part = case.meta.components.get(place) if case.meta else None
    return part is None or part.mode == GenerationMode.POSITIVE


def not_asked(case: schemathesis.Case) -> list:
    """A schema cannot say which cursor this list gave out, which zones there are, which coordinates a format takes, which places one may see, where a box ends, which file is a plan, nor check a code: 422 then."""
    opaque = (
        case.method in ("POST", "PUT")
        or "/papers/check/" in case.operation.path
        or {"cursor", "epsg", "matter", "zone", "place", "west"} & set(case.query or {})
    )
    return [positive_data_acceptance] if opaque else []


@pytest.fixture
def real(office, settings, tmp_path, monkeypatch) -> Standing:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setitem(declared.PROCEDURES, PROCEDURE.key, PROCEDURE)
    return Standing(office)


@pytest.fixture
def office(db) -> Person:
    return person(Role.ZONE_OFFICE, Zone.objects.get(pk="jinan").seat_id)


@pytest.fixture
def bearer(office) -> str:
    """One token for all examples of an operation."""
    return office.token()


@schema.parametrize()
@bounded
def test_a_stranger_gets_what_is_described(case):
    case.call_and_validate(excluded_checks=not_asked(case))


@schema.parametrize()
@bounded
def test_an_office_gets_what_is_described_of_what_is_there(case, real, bearer):
    if is_well_formed(case, ParameterLocation.PATH):
        case.path_parameters = real.of(case.operation.path, list(case.path_parameters))
    headers = {"Authorization": bearer} if is_well_formed(case, ParameterLocation.HEADER) else {}
    case.call_and_validate(headers=headers, excluded_checks=not_asked(case))


def test_the_description_is_the_file_in_the_repository():
    from ronghe.site import openapi

    assert openapi.main(["--check"]) == 0, "run python -m ronghe.site.openapi and commit docs/openapi.json"


def test_every_operation_describes_its_errors_as_problem_details():
    from ronghe.site.api import api

    described = api.get_openapi_schema()
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            where = f"{method.upper()} {path}"
            errors = {status: a for status, a in operation["responses"].items() if not status.startswith("2")}
            assert "401" in errors, f"{where}: a token may be wrong anywhere"
            assert ("404" in errors) == ("{" in path), f"{where}: what an address names may not be there"
            for status, answer in errors.items():
                assert list(answer["content"]) == ["application/problem+json"], f"{where}: {status}"
            assert operation["summary"], f"{where}: say what it is"
            assert any("content" in a for s, a in operation["responses"].items() if s.startswith("2")), where


def test_no_two_parts_of_the_description_share_a_name():
    """Of two that do, one is described in place of the other."""
    from ronghe.site.api import api

    api.get_openapi_schema()
    places: dict[str, set[str]] = {}
    waiting = [Schema]
    while waiting:
        for part in waiting.pop().__subclasses__():
            waiting.append(part)
            if part.__module__.startswith("ronghe."):
                places.setdefault(part.__name__, set()).add(part.__module__)
    assert {name: rooms for name, rooms in places.items() if len(rooms) > 1} == {}


def test_the_description_is_the_same_however_often_it_is_made():
    import json

    from ronghe.site.api import api

    first, second = (json.dumps(api.get_openapi_schema(), default=str) for _ in range(2))
    assert first == second
