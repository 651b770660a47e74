"""Fixtures of the whole suite, for the rooms' own tests below ``src`` and for those below ``tests``."""

import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import psycopg
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from ronghe.site import testing
from tests.packs import database_with_packs, fresh_packs, packs, template_with_packs

__all__ = ["database_with_packs", "fresh_packs", "packs", "template_with_packs"]

# Speed is measured by benchmarks, so no example has a deadline; CI tries the same examples each time.
hypothesis.settings.register_profile("ronghe", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("ronghe")

# The same passwords by the same algorithm, with the least work that it allows: nobody guesses them here.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """One clone of the migrated template for this process; Django connects to it as the serving role."""
    from django.db import connections

    testing.ensure_server()
    name = testing.new_name(os.environ.get("PYTEST_XDIST_WORKER", "main"))
    testing.clone(name)
    with django_db_blocker.unblock():
        connections["default"].close()
    connections.settings["default"]["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    testing.drop(name)


@pytest.fixture
def fresh_database(django_db_setup: None, django_db_blocker: Any, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of its own for a test that commits: for threads, locks, triggers at commit. Its name.

    ``transaction=True`` of pytest-django would TRUNCATE afterwards, which the serving role may not.
    Threads get their own connections to it (``ronghe.site.testing.in_parallel`` also closes them).
    """
    from django.db import connections

    name = testing.new_name(request.node.name)
    testing.clone(name)
    usual = connections.settings["default"]["NAME"]
    with django_db_blocker.unblock():
        connections["default"].close()
        connections.settings["default"]["NAME"] = name
        try:
            yield name
        finally:
            connections.close_all()
            connections.settings["default"]["NAME"] = usual
            testing.drop(name)


@pytest.fixture
def owner_connection(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the owner to the test's database: for what only a migration may do."""
    from django.db import connections

    url = testing.with_database(os.environ["DATABASE_OWNER_URL"], connections.settings["default"]["NAME"])
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection
