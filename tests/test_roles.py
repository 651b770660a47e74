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
    refused("CREATE TEMPORARY TABLE django_session (x int)")  # it would stand in for the real one


@pytest.mark.parametrize(("table", "key"), HISTORY)
def test_history_is_only_added_to(table: str, key: str) -> None:
    refused(f'DELETE FROM "{table}"')
    refused(f'TRUNCATE "{table}"')
    refused(f'UPDATE "{table}" SET "{key}" = "{key}"')


def test_there_is_history() -> None:
    assert HISTORY


def test_functions_of_ours_look_nowhere_but_in_our_schema() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname NOT LIKE 'procrastinate%'"
            " AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql')"
            " AND NOT coalesce('search_path=public, pg_temp' = ANY (proconfig), false) ORDER BY 1"
        )
        assert cursor.fetchall() == []
