"""Rows that are written by raw SQL, and what the database says of them.

Keys of other tables are looked at only at the end of a transaction, and no transaction here comes to its end.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from . import factories as make

DAY, AT = date(2026, 1, 5), make.people.NOON
SINCE, ALWAYS = DateRange(DAY, None), DateTimeTZRange(AT, None)
#: A period in which nothing holds, and one that has no beginning.
NEVER, UNBEGUN = DateRange(empty=True), DateTimeTZRange(None, None)

Row = dict[str, Any]


def _usual(field: Any) -> Any:
    """Something that a column takes."""
    if field.null:
        return None
    if field.has_default():
        return field.get_default()
    if isinstance(field, models.ForeignKey):
        return "370322001200" if isinstance(field.target_field, models.CharField) else 1
    kinds: tuple[tuple[type[Any], Any], ...] = (
        (models.DateTimeField, AT), (models.DateField, DAY), (models.BooleanField, False), (models.DecimalField, Decimal(1)),
        (models.IntegerField, 1), (models.BinaryField, b"x"), (models.CharField, "演示"), (models.TextField, "演示"),
    )  # fmt: skip
    for kind, value in kinds:
        if isinstance(field, kind):
            return value
    return ALWAYS if "DateTime" in type(field).__name__ else SINCE


def insert(model: type[models.Model], **given: Any) -> None:
    """A row with these columns, and what the others need."""
    fields = [f for f in model._meta.concrete_fields if not (f.primary_key and isinstance(f, models.AutoField))]
    unknown = set(given) - {f.attname for f in fields}
    assert not unknown, unknown
    values = [f.get_db_prep_save(given.get(f.attname, _usual(f)), connection) for f in fields]
    columns, places = ", ".join(f'"{f.column}"' for f in fields), ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({places})", values)


def copy(of: models.Model, **given: Any) -> None:
    """The row of a thing that stands, with some columns changed: what triggers look at is then sound."""
    row = {f.attname: getattr(of, f.attname) for f in of._meta.concrete_fields}
    insert(type(of), **{name: value for name, value in (row | given).items() if name != "id"})


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def refused(*names: str) -> Iterator[None]:
    """By one of these, where two say the same of a row."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        yield
    assert error.value.__cause__.diag.constraint_name in names
