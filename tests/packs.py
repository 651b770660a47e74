"""A database with all zone packs, loaded once per process; tests that use it roll back what they change.

``from tests.packs import database_with_packs, packs`` in a ``conftest.py`` gives both fixtures to a folder of tests.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from ronghe.kernel.actors import SYSTEM
from ronghe.site import testing

__all__ = ["database_with_packs", "packs"]


@pytest.fixture(scope="session")
def database_with_packs(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Name of a clone of the template into which the real packs were loaded, by the same service as ``up``."""
    from ronghe.policy.packs import known_packs, read_pack
    from ronghe.policy.services import load_pack
    from ronghe.policy.tests.factories import NOON

    name = testing.new_name("packs")
    testing.clone(name)
    with _connected_to(name, django_db_blocker):
        for folder in known_packs():
            load_pack(read_pack(folder), actor=SYSTEM, at=NOON)
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
