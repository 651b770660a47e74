"""What all commands of the register share: locks, how a row gives way to the next, and the refusals of the database."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import Model

from ronghe.kernel.clock import legal_day
from ronghe.kernel.db import refuses
from ronghe.kernel.errors import DomainError
from ronghe.kernel.versions import Versioned

from ..errors import DayInFuture, ReasonNeeded, RightNotFound, UnitNotFound, UnitOver
from ..models import RRR, BAUnit

Row = TypeVar("Row", bound=Versioned)
LEAST_REASON = 4
#: From so many rows on a plan made for few of them costs more than counting them.
MANY = 2_000


def count_anew(*models: type[Model]) -> None:
    """Have the planner know what this transaction has written into tables of the register. Locks: the tables, against one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_count_anew(%s)", [[model._meta.db_table for model in models]])


def locked_units(*ids: int) -> list[BAUnit]:
    """The units in the order asked for, locked by primary key. Raises: UnitNotFound."""
    rows = BAUnit.objects.select_for_update(of=("self",)).filter(pk__in=set(ids)).order_by("pk")
    found = {row.pk: row for row in rows}
    for wanted in ids:
        if wanted not in found:
            raise UnitNotFound(unit=wanted)
    return [found[wanted] for wanted in ids]


def standing_unit(unit_id: int) -> BAUnit:
    """One unit, locked, that has not ended. Raises: UnitNotFound, UnitOver."""
    unit = locked_units(unit_id)[0]
    if unit.ended_on is not None:
        raise UnitOver(unit=unit.code, day=unit.ended_on)
    return unit


def locked_rrr(rrr_id: int, sort: RRR.Sort) -> RRR:
    """A right, restriction or duty with its unit locked. Raises: RightNotFound, UnitNotFound."""
    found = RRR.objects.filter(pk=rrr_id, sort=sort).first()
    if found is None:
        raise RightNotFound(rrr=rrr_id)
    found.baunit = locked_units(found.baunit_id)[0]
    return found


def refuse_future(day: date, *, what: str, at: datetime) -> None:
    """Raises: DayInFuture."""
    if day > legal_day(at):
        raise DayInFuture(what=what, day=day)


def reason_of(text: str, *, what: str) -> str:
    """A reason in one line. Raises: ReasonNeeded."""
    said = " ".join(text.split())
    if len(said) < LEAST_REASON:
        raise ReasonNeeded(what=what, least=LEAST_REASON)
    return said


def close(row: Versioned, at: datetime) -> None:
    """The register no longer says so. What was written and closed at one instant was never said: its range is empty."""
    lower = row.recorded.lower
    row.recorded = DateTimeTZRange(lower, at) if lower < at else DateTimeTZRange(empty=True)
    row.save(update_fields=["recorded"])


def write_again(row: Row, at: datetime, **changed: Any) -> Row:
    """A new row beside ``row``, which has been closed: the same but for ``changed``."""
    kept = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    again = type(row)(**(kept | changed | {"recorded": DateTimeTZRange(at, None)}))
    again.save(force_insert=True)
    return again


def end_rows(rows: Iterable[Versioned], *, on: date, at: datetime) -> int:
    """Rows hold until the day before ``on``; what would have begun later never did. Returns how many it touched."""
    touched = 0
    for row in rows:
        if row.valid.upper is not None and row.valid.upper <= on:
            continue
        close(row, at)
        if row.valid.lower is not None and row.valid.lower < on:
            write_again(row, at, valid=DateRange(row.valid.lower, on))
        touched += 1
    return touched


@contextmanager
def held_by_the_database(named: dict[str, DomainError]) -> Iterator[None]:
    """Ask the deferred triggers now, and turn what they refuse into domain errors."""
    with refuses(named):
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
