"""The client programs of the wheel (``pg_dump``, ``pg_restore``, ``psql``) on any database of ours."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from .binaries import in_wheel
from .errors import BackupRefused, NoSpace

#: The newest server that the wheel's pg_dump understands.
NEWEST_SERVER = 18

_VARIABLES = {
    "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
    "dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY", "connect_timeout": "PGCONNECT_TIMEOUT", "options": "PGOPTIONS", "passfile": "PGPASSFILE",
    "target_session_attrs": "PGTARGETSESSIONATTRS", "channel_binding": "PGCHANNELBINDING",
}  # fmt: skip


def client_environment(url: str) -> dict[str, str]:
    """The address for a client program, in its environment: an argument would show the password to every user."""
    facts = conninfo_to_dict(url)
    named = {_VARIABLES[name]: str(value) for name, value in facts.items() if name in _VARIABLES}
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "PGCLIENTENCODING": "UTF8"} | named


def refuse_newer_server(connection: psycopg.Connection[Any]) -> None:
    """Refuse a server whose dump the wheel's programs cannot write.

    Raises: BackupRefused.
    """
    major = connection.info.server_version // 10000
    if major > NEWEST_SERVER:
        raise BackupRefused(
            reason=f"数据库是 PostgreSQL {major}，随附的 pg_dump 只到 {NEWEST_SERVER}，请用该数据库自带的备份工具备份。"
        )


def rows_of(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Every table of the schema ``public`` with its number of rows."""
    tables = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).fetchall()
    counts: dict[str, int] = {}
    for (name,) in tables:
        row = connection.execute(sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(name))).fetchone()
        counts[name] = row[0] if row else 0
    return counts


def dump(url: str, target: Path) -> tuple[dict[str, int], int]:
    """Dump the database as it is at one moment; the rows of every table at that moment, and the server's version.

    Raises: BackupRefused, NoSpace.
    """
    with psycopg.connect(url) as connection:
        refuse_newer_server(connection)
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        done = subprocess.run(
            [str(in_wheel() / "pg_dump"), "--format=custom", "--no-owner", "--no-privileges", "--schema=public",
             f"--snapshot={row[0]}", f"--file={target}"],
            env=client_environment(url), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        _judge("pg_dump", done.returncode, done.stderr, target.parent)
        return rows_of(connection), connection.info.server_version


def restore(url: str, source: Path, rows: Mapping[str, int], *, into: str | None = None) -> None:
    """Restore a dump and compare every table's rows, in one transaction: all of it, or nothing.

    Args: ``into`` is a new schema for it, and ``public`` stays as it is; None where ``public`` is empty and is replaced.
    Raises: BackupRefused, NoSpace.
    """
    environment = client_environment(url)
    writer = subprocess.Popen(
        [str(in_wheel() / "pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(source)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
    )  # fmt: skip
    reader = subprocess.Popen(
        [str(in_wheel() / "psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment,
    )  # fmt: skip
    assert writer.stdout is not None
    assert writer.stderr is not None
    assert reader.stdin is not None
    assert reader.stderr is not None
    try:
        # --schema=public dumps the schema itself too, so the one that is there gives way.
        way = f'ALTER SCHEMA public RENAME TO "{into}_waits"' if into else "DROP SCHEMA public"
        back = f'ALTER SCHEMA public RENAME TO "{into}"; ALTER SCHEMA "{into}_waits" RENAME TO public;' if into else ""
        # BEGIN and COMMIT are said here: psql's --single-transaction would commit when its input ends too early.
        reader.stdin.write(f"BEGIN;\n{way};\n".encode())
        shutil.copyfileobj(writer.stdout, reader.stdin)
        if writer.wait() == 0:
            reader.stdin.write(_comparison(rows) + f"{back}\nCOMMIT;\n".encode())
        else:
            reader.kill()  # its end is a failure, whatever it has read
        reader.stdin.close()
    except BrokenPipeError:
        writer.kill()
    told = reader.stderr.read().decode("utf-8", "replace")
    status = reader.wait()
    written = writer.stderr.read().decode("utf-8", "replace")
    writer.wait()
    for stream in (writer.stdout, writer.stderr, reader.stderr):
        stream.close()
    _judge("pg_restore", status or writer.returncode, told or written, source.parent)


def _comparison(rows: Mapping[str, int]) -> bytes:
    """Statements that fail when a table does not hold as many rows as the manifest says."""
    lines = ["\nDO $compare$ DECLARE found bigint; BEGIN\n"]
    for table, count in rows.items():
        name = table.replace('"', '""')
        label = table.replace("'", "''").replace("%", "%%")
        lines.append(
            f'SELECT count(*) INTO found FROM public."{name}";\n'
            f"IF found <> {int(count)} THEN RAISE EXCEPTION 'table {label}: % rows, not {int(count)}', found; END IF;\n"
        )
    lines.append("END $compare$;\n")
    return "".join(lines).encode()


def _judge(program: str, status: int, told: str, folder: Path) -> None:
    if status == 0:
        return
    if "No space left on device" in told:
        free = shutil.disk_usage(folder).free // (1024 * 1024)
        raise NoSpace(folder=str(folder), free_mb=free, needed_mb=free + 100)
    lines = [line for line in told.splitlines() if "error" in line.lower()] or told.splitlines() or [str(status)]
    raise BackupRefused(reason=f"{program} 没有完成（{lines[0].strip()}），数据没有改动，请处理后重试。")
