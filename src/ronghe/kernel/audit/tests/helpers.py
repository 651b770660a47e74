"""What the tests of the record share."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.db import connection, transaction

from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.audit import services
from ronghe.kernel.audit.models import Block, Event
from ronghe.site import testing

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
CLERK = Actor(user_id=5, role="department", org_unit_id=2, division="370322000000")


def happen(number: int = 1, *, actor: Actor = CLERK, **given: Any) -> list[Event]:
    """``number`` events, each in its own transaction."""
    events = []
    for n in range(number):
        usual = {"verb": "market.lot.awarded", "subject": ("market.lot", n + 1), "facts": {"bid": n}}
        with transaction.atomic():
            events.append(services.record(**{**usual, "actor": actor, "at": NOON, **given}))
    return events


def settle() -> None:
    """Wait until every event that waits is settled: numbers of transactions belong to the whole server, so that a test
    of another process, in another database, may hold them back for a moment."""
    question = """
        SELECT EXISTS (SELECT 1 FROM audit_waiting w JOIN audit_event e ON e.id = w.event_id
                       WHERE e.txid >= pg_snapshot_xmin(pg_current_snapshot())
                         AND e.txid < pg_snapshot_xmax(pg_current_snapshot()))
    """
    for _ in range(3_000):
        with connection.cursor() as cursor:
            cursor.execute(question)
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise TimeoutError("a transaction has been open for a minute")


def seal(**given: Any) -> Block | None:
    """Seal once everything is settled."""
    settle()
    return services.seal(**{"at": NOON, **given})


@contextmanager
def as_owner(database: str) -> Iterator[psycopg.Connection[Any]]:
    """The role that owns and migrates: it may switch triggers off."""
    url = testing.with_database(os.environ["DATABASE_OWNER_URL"], database)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@contextmanager
def as_superuser(database: str) -> Iterator[psycopg.Connection[Any]]:
    """The role that may do anything."""
    url = testing.with_database(os.environ["RONGHE_TEST_ADMIN_URL"], database)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@contextmanager
def as_server(database: str) -> Iterator[psycopg.Connection[Any]]:
    """A second connection of the role that serves."""
    url = testing.with_database(os.environ["DATABASE_URL"], database)
    with psycopg.connect(url) as connection:
        yield connection


def tamper(database: str, *statements: str) -> None:
    """What somebody with all rights does to the record."""
    tables = ("audit_event", "audit_block", "audit_sealedevent", "audit_waiting")
    with as_owner(database) as connection:
        for table in tables:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            connection.execute(statement)
        for table in tables:
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


__all__ = ["CLERK", "NOON", "SYSTEM", "as_owner", "as_server", "as_superuser", "happen", "seal", "settle", "tamper"]
