"""What all tables share that keep versions: a row is true in the register while it is ``recorded``, and is never edited."""

from typing import Any, Self, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Q
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=models.Model)

#: A row that the register still holds for true. An empty range has no upper bound and is no present: ``upper_inf``.
CURRENT = Q(recorded__upper_inf=True)


class Square(Func):
    """One or two whole numbers as a square of their own, so that GiST in core PostgreSQL can compare them for equality.

    Squares are half as wide as what lies between them, so no two meet (numbers are below 2^53). Each has an area: by what
    it adds to an area GiST keeps its tree in order, and points would add nothing anywhere.
    """

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[str | int, ...]]:
        given = [compiler.compile(one) for one in self.get_source_expressions()]
        corner = [f"({sql})::float8" for sql, _ in given]
        far = [f"{one} + 0.5" for one in corner]
        if len(given) == 1:
            corner.append("0")
            far.append("0.5")
        params = tuple(param for _, of in given for param in of)
        return f"box(point({', '.join(corner)}), point({', '.join(far)}))", params + params


def once_per_time(name: str, *fields: str, condition: Q | None = None) -> ExclusionConstraint:
    """For equal ``fields`` no two rows hold on the same legal day while both are recorded. The first two tell rows apart
    best."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((Square(*map(F, fields[n : n + 2])), "&&") for n in range(0, len(fields), 2)),
            ("valid", RangeOperators.OVERLAPS),
            ("recorded", RangeOperators.OVERLAPS),
        ],
        condition=condition,
    )


class VersionQuerySet(models.QuerySet[Row]):
    """Rows with their two clocks."""

    def current(self) -> Self:
        """What today's register holds, whenever it is valid."""
        return self.filter(CURRENT)

    def known_at(self, at: object) -> Self:
        """What the register held at the instant ``at``; today's when it is None."""
        return self.current() if at is None else self.filter(recorded__contains=at)

    def as_of(self, day: object) -> Self:
        """What is in force on the legal day ``day``."""
        return self.filter(valid__contains=day)


class Versioned(models.Model):
    """A fact with both clocks: ``valid`` in law, ``recorded`` in the register."""

    valid = DateRangeField("有效期")  # [from, to)
    recorded = DateTimeRangeField("登记时段")  # [from, to): while the register said so

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_is_recorded_from_an_instant",
                condition=Q(recorded__startswith__isnull=False) | Q(recorded__isempty=True),
            ),
            models.CheckConstraint(name="%(class)s_holds_on_some_day", condition=Q(valid__isempty=False)),
        ]
