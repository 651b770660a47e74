"""What rooms share of the database: named constraints become named errors; append-only tables; grants."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connections, models
from psycopg import sql

from .errors import DomainError


@contextmanager
def refuses(named: Mapping[str, DomainError]) -> Iterator[None]:
    """Turn the violation of a named constraint into the domain error that stands for it.

    A violation of a constraint that is not named here is our own bug and passes unchanged.
    """
    try:
        yield
    except IntegrityError as error:
        name: str = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if name in named:
            raise named[name] from error
        raise


class AppendOnly(models.Model):
    """A table whose rows are written once: the serving role may read and insert, and triggers refuse the rest."""

    class Meta:
        abstract = True


class Queue(models.Model):
    """A table whose rows come and go but are never changed: the serving role may read, insert and delete."""

    class Meta:
        abstract = True


def grant_serving_role(*, using: str, role: str) -> None:
    """Give the serving role what it needs and no more, after every migration.

    It may read and write rows, but not change tables (it owns none), not TRUNCATE, and not touch history:
    append-only tables are for SELECT and INSERT alone, queues for DELETE too.
    """
    from django.apps import apps

    connection = connections[using]
    history = {m._meta.db_table for m in apps.get_models(include_auto_created=True) if issubclass(m, AppendOnly)}
    queues = {m._meta.db_table for m in apps.get_models() if issubclass(m, Queue)}
    who = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]

        def run(template: str, **names: Any) -> None:
            cursor.execute(sql.SQL(template).format(who=who, **names).as_string(cursor.connection))

        # A temporary table could stand in for a real one in a statement that names no schema.
        cursor.execute("SELECT current_database()")
        run("REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {who}", database=sql.Identifier(cursor.fetchone()[0]))
        run("GRANT USAGE ON SCHEMA public TO {who}")
        run("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {who}")
        run("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {who}")
        for table in tables:
            name = sql.Identifier(table)
            run("REVOKE ALL ON {table} FROM {who}", table=name)
            if table == "django_migrations":
                run("GRANT SELECT ON {table} TO {who}", table=name)
            elif table in history:
                run("GRANT SELECT, INSERT ON {table} TO {who}", table=name)
            elif table in queues:
                run("GRANT SELECT, INSERT, DELETE ON {table} TO {who}", table=name)
            else:
                run("GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {who}", table=name)
