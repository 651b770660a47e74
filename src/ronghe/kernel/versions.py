"""What all tables share that keep versions: a row is true in the register while it is ``recorded``, and is never edited."""

from typing import Self, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

Row = TypeVar("Row", bound=models.Model)

#: A row that the register still holds for true. An empty range has no upper bound and is no present: ``upper_inf``.
CURRENT = Q(recorded__upper_inf=True)


def single(field: str) -> Func:
    """A number as a range of itself, so that GiST in core PostgreSQL can compare it for equality."""
    return Func(F(field), F(field), Value("[]"), function="int8range")


def once_per_time(name: str, *fields: str, condition: Q | None = None) -> ExclusionConstraint:
    """For equal ``fields`` no two rows hold on the same legal day while both are recorded."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((single(field), "&&") for field in fields),
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
