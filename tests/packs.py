"""A database with all zone packs, loaded once per session; tests that use it roll back what they change.

``conftest.py`` at the root gives the fixtures to every test: imported anywhere else they would be others of the same
name, with a database of their own.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from ronghe.kernel.actors import SYSTEM
from ronghe.site import testing

__all__ = ["database_with_packs", "fresh_packs", "packs", "template_with_packs"]


@pytest.fixture(scope="session")
def template_with_packs(django_db_setup: None, django_db_blocker: Any) -> str:
    """Name of the copy of the template with the real packs, loaded by the same service as ``up``: for all workers."""
    from ronghe.policy.packs import known_packs, read_pack
    from ronghe.policy.services import load_pack
    from ronghe.policy.tests.factories import NOON

    def fill(name: str) -> None:
        with _connected_to(name, django_db_blocker):
            for folder in known_packs():
                load_pack(read_pack(folder), actor=SYSTEM, at=NOON)

    return testing.second_template("packs", fill)


@pytest.fixture(scope="session")
def database_with_packs(template_with_packs: str) -> Iterator[str]:
    """Name of this process's database with the packs."""
    name = testing.new_name("packs")
    testing.clone(name, template_with_packs)
    yield name
    testing.drop(name)


@pytest.fixture(scope="module")
def packs(database_with_packs: str, django_db_blocker: Any) -> Iterator[None]:
    """The tests of this module see the packs; mark them ``django_db`` so that each rolls back."""
    with _connected_to(database_with_packs, django_db_blocker):
        # Blocked again for whoever does not ask for the database.
        django_db_blocker.block()
        try:
            yield
        finally:
            django_db_blocker.restore()


@pytest.fixture
def fresh_packs(template_with_packs: str, django_db_blocker: Any, request: pytest.FixtureRequest) -> Iterator[str]:
    """As ``fresh_database``, with the packs: a database of its own for a test that commits. Its name."""
    name = testing.new_name(request.node.name)
    testing.clone(name, template_with_packs)
    with _connected_to(name, django_db_blocker):
        yield name
    testing.drop(name)


class _connected_to:
    """Django's connection leads to another database for a while."""

    def __init__(self, name: str, blocker: Any) -> None:
        self.name, self.blocker = name, blocker

    def __enter__(self) -> None:
        from django.db import connections

        self.unblocked = self.blocker.unblock()
        self.unblocked.__enter__()
        connections.close_all()
        self.usual = connections.settings["default"]["NAME"]
        connections.settings["default"]["NAME"] = self.name

    def __exit__(self, *told: Any) -> None:
        from django.db import connections

        connections.close_all()
        connections.settings["default"]["NAME"] = self.usual
        self.unblocked.__exit__(*told)
