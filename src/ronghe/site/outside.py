"""The database that ``DATABASE_URL`` names: who owns it, and how a restored schema takes the place of ``public``.

A restore is built in a schema of its own, beside ``public``. Exchanging the two is one short transaction, which leaves
its name on the new schema: whoever completes an interrupted restore can tell whether it has happened.
"""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from .errors import BackupRefused, DatabaseUnreachable, RestoreUnfinished

_Connection = psycopg.Connection[Any]


def outside_database() -> str | None:
    """``DATABASE_URL`` when a real server is to be used; None for the embedded one."""
    return os.environ.get("DATABASE_URL") or None


def owner_url() -> str:
    """``DATABASE_OWNER_URL``, or ``DATABASE_URL`` where one role does both."""
    return os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]


def short_reason(error: Exception) -> str:
    """The first attempt's failure, without addresses and hints."""
    first = str(error).strip().splitlines()[0]
    return first.rsplit("failed: ", 1)[-1].removeprefix("FATAL:  ")


def has_tables(url: str) -> bool:
    """Whether the schema ``public`` holds anything that could be data.

    Raises: DatabaseUnreachable.
    """
    with _connected(url) as connection:
        return bool(_one(connection, "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')"))


# -- a restored schema -------------------------------------------------------------------------------------------------


def incoming(name: str) -> str:
    """The schema in which restore ``name`` is built."""
    return f"restoring_{name}"


def aside(name: str) -> str:
    """The schema in which the data are kept that restore ``name`` replaced."""
    return f"before_restore_{name}"


def keeps_something() -> bool:
    """Whether an exchange has anything to keep: an empty schema is not.

    Raises: DatabaseUnreachable.
    """
    with _connected(owner_url()) as connection:
        return not _is_empty(connection, "public")


def check_exchange(name: str) -> None:
    """Do the exchange and take it back: what is refused is refused before anything counts.

    Raises: BackupRefused, DatabaseUnreachable.
    """
    with _connected(owner_url()) as connection, connection.transaction(force_rollback=True):
        try:
            _exchange(connection, name)
        except psycopg.errors.InsufficientPrivilege as error:
            reason = f"恢复需要数据库所有者的权限（{short_reason(error)}），请把 DATABASE_OWNER_URL 设为数据库所有者的地址后重试。"
            raise BackupRefused(reason=reason) from error


def exchange(name: str) -> None:
    """Put the schema of restore ``name`` in the place of ``public``, in one transaction. A repeat changes nothing.

    Raises: RestoreUnfinished, DatabaseUnreachable.
    """
    if outside_database() is None:
        raise RestoreUnfinished()
    with _connected(owner_url()) as connection, connection.transaction():
        if _one(connection, "SELECT obj_description(to_regnamespace('public'), 'pg_namespace')") == _mark(name):
            return
        if _one(connection, "SELECT to_regnamespace(%s) IS NULL", incoming(name)):
            raise RestoreUnfinished()
        _exchange(connection, name)


def discard(name: str) -> None:
    """Remove what restore ``name`` has built beside ``public``.

    Raises: DatabaseUnreachable.
    """
    with _connected(owner_url()) as connection:
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(incoming(name))))


def _exchange(connection: _Connection, name: str) -> None:
    old, new = sql.Identifier(aside(name)), sql.Identifier(incoming(name))
    connection.execute(sql.SQL("ALTER SCHEMA public RENAME TO {}").format(old))
    connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO public").format(new))
    connection.execute(sql.SQL("COMMENT ON SCHEMA public IS {}").format(sql.Literal(_mark(name))))
    # Its stamp spoke of the old data: whoever starts next prepares the new ones.
    database = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("COMMENT ON DATABASE {} IS NULL").format(database))
    if _is_empty(connection, aside(name)):
        connection.execute(sql.SQL("DROP SCHEMA {}").format(old))


def _is_empty(connection: _Connection, schema: str) -> bool:
    """Whether nothing of any kind lies in the schema."""
    return not _one(
        connection,
        "SELECT EXISTS (SELECT FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass"
        " AND refobjid = to_regnamespace(%s))",
        schema,
    )


def _mark(name: str) -> str:
    return f"ronghe restore {name}"


def _one(connection: _Connection, query: str, *values: Any) -> Any:
    row = connection.execute(query.encode(), values or None).fetchone()
    return row[0] if row else None


@contextlib.contextmanager
def _connected(url: str) -> Iterator[_Connection]:
    """A connection; one that cannot be made, or breaks, is named."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            yield connection
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable(reason=short_reason(error)) from error
