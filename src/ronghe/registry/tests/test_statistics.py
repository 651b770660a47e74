"""What a long entry writes is counted while it is written; the application may have its own tables counted and no others."""

import pytest
from django.db import ProgrammingError, connection

from ..models import BAUnit
from ..services.writing import count_anew
from . import factories as make

pytestmark = pytest.mark.django_db


def estimated(model) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE relname = %s", [model._meta.db_table])
        return int(cursor.fetchone()[0])


def test_the_planner_learns_of_rows_that_its_own_transaction_has_written():
    make.people.places()
    for n in range(3):
        make.unit(geometry=make.square(n))
    count_anew(BAUnit)
    assert estimated(BAUnit) == BAUnit.objects.count()


def test_tables_of_others_are_not_counted_by_it():
    with pytest.raises(ProgrammingError, match="不是登记簿的表"), connection.cursor() as cursor:
        cursor.execute("SELECT registry_count_anew(%s)", [["accounts_user"]])
