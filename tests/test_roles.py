"""The role that serves can do what the pages need and nothing to the tables themselves."""

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from ronghe.kernel.db import AppendOnly

pytestmark = [pytest.mark.constraints, pytest.mark.django_db]

HISTORY = sorted((m._meta.db_table, m._meta.pk.column) for m in apps.get_models() if issubclass(m, AppendOnly))


def refused(statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)


def test_tests_run_as_the_role_that_serves() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("ronghe_app", False, False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_the_serving_role_changes_no_table() -> None:
    refused("ALTER TABLE django_session ADD COLUMN x int")
    refused("DROP TABLE django_session")
    refused("TRUNCATE django_session")
    refused("CREATE TABLE mine (x int)")
    refused("ALTER TABLE django_session DISABLE TRIGGER ALL")
    refused("UPDATE django_migrations SET name = ''")


@pytest.mark.parametrize(("table", "key"), HISTORY)
def test_history_is_only_added_to(table: str, key: str) -> None:
    refused(f'DELETE FROM "{table}"')
    refused(f'TRUNCATE "{table}"')
    refused(f'UPDATE "{table}" SET "{key}" = "{key}"')


def test_there_is_history() -> None:
    assert HISTORY


@pytest.mark.constraints
def test_the_serving_role_is_granted_no_temporary_tables(db: None) -> None:
    # A temporary table of the same name could stand in for a real one.
    from ronghe.site.cluster import SERVING

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_database d, aclexplode(d.datacl) a JOIN pg_roles r ON r.oid = a.grantee"
            " WHERE d.datname = %s AND r.rolname = %s AND a.privilege_type = 'TEMPORARY'",
            ["ronghe", SERVING],
        )
        assert cursor.fetchone() == (0,)
