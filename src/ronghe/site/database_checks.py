"""What the house asks of any PostgreSQL, the embedded one or ``DATABASE_URL``: version, text, roles, migrations."""

import os
from collections.abc import Iterator
from typing import Any, Literal

import psycopg

from .dumping import NEWEST_SERVER
from .embedded import Urls
from .preparing import OLDEST_SERVER

Line = tuple[str, Literal["ok", "warn", "fail"], str, str]
_Connection = psycopg.Connection[Any]


def check_database(urls: Urls) -> Iterator[Line]:
    """All checks of one database, as the role that serves."""
    with psycopg.connect(urls.serving, connect_timeout=10) as connection:
        yield _version(connection)
        yield from _text(connection)
        yield from _roles(connection, urls)
        yield from _migrations(connection)


def _one(connection: _Connection, query: str, *values: Any) -> Any:
    row = connection.execute(query, values).fetchone()
    return row[0] if row else None


def _version(connection: _Connection) -> Line:
    number = connection.info.server_version
    name = f"PostgreSQL {number // 10000}.{number % 10000}"
    if number < OLDEST_SERVER:
        return "数据库版本", "fail", name, "升级到 PostgreSQL 15 或更新的版本"
    if number // 10000 > NEWEST_SERVER:
        return "数据库版本", "warn", name, "ronghe backup 不能备份这一版本，请用数据库自带的工具备份"
    return "数据库版本", "ok", name, ""


def _text(connection: _Connection) -> Iterator[Line]:
    encoding = _one(connection, "SHOW server_encoding")
    if encoding == "UTF8":
        yield "字符编码", "ok", "UTF8", ""
    else:
        yield "字符编码", "fail", str(encoding), "用 ENCODING 'UTF8' 重建数据库，再用 ronghe restore 恢复数据"
    provider, ctype = connection.execute(
        "SELECT datlocprovider, datctype FROM pg_database WHERE datname = current_database()"
    ).fetchone() or ("?", "?")
    names = {"b": "builtin", "c": "libc", "i": "icu"}
    told = f"{names.get(provider, provider)}，LC_CTYPE {ctype}"
    if provider == "c" and ctype in {"C", "POSIX"}:
        yield "排序规则", "warn", told, "C 规则不识别汉字，建议用 C.UTF-8 重建数据库；拼音排序不受影响"
    else:
        yield "排序规则", "ok", told, ""


def _roles(connection: _Connection, urls: Urls) -> Iterator[Line]:
    serving = _one(connection, "SELECT current_user")
    powers = (
        connection.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
        or (False,) * 5
    )
    names = ("SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS")
    held = [name for name, power in zip(names, powers, strict=True) if power]
    if held:
        undo = " ".join(f"NO{name}" for name in held)
        yield "服务角色权限", "fail", f"{serving} 拥有 {'、'.join(held)}", f"执行 ALTER ROLE {serving} {undo}"
    else:
        yield "服务角色权限", "ok", f"{serving} 没有特权", ""

    if urls.owner == urls.serving:
        yield (
            "两个角色",
            "fail",
            "服务角色与所有者是同一角色",
            "另建一个角色提供服务，并设置 DATABASE_OWNER_URL 为所有者的地址",
        )
    else:
        with psycopg.connect(urls.owner, connect_timeout=10) as other:
            owner = _one(other, "SELECT current_user")
        if _one(connection, "SELECT pg_has_role(current_user, %s, 'MEMBER')", owner):
            yield "两个角色", "fail", f"{serving} 是 {owner} 的成员", f"执行 REVOKE {owner} FROM {serving}"
        else:
            yield "两个角色", "ok", f"{owner} 拥有并迁移，{serving} 提供服务", ""

    owned = _one(
        connection,
        "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE r.rolname = current_user AND n.nspname = 'public'",
    )
    may = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
        " AND (has_table_privilege(c.oid, 'TRUNCATE') OR has_table_privilege(c.oid, 'TRIGGER')) ORDER BY 1"
    ).fetchall()
    creates = _one(connection, "SELECT has_schema_privilege('public', 'CREATE')")
    temporary = _one(connection, "SELECT has_database_privilege(current_database(), 'TEMPORARY')")
    todo = "用 DATABASE_OWNER_URL 的角色拥有数据库和全部表，再运行 ronghe migrate 重新授权"
    if owned or may or creates or temporary:
        what = [f"拥有 {owned} 个表"] if owned else []
        what += [f"可清空 {may[0][0]} 等 {len(may)} 个表"] if may else []
        what += ["可在 public 中建表"] if creates else []
        what += ["可建临时表"] if temporary else []
        yield "服务角色越权", "fail", "，".join(what), todo
    else:
        yield "服务角色越权", "ok", "不能改表、清空表或建表", ""


def _migrations(connection: _Connection) -> Iterator[Line]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronghe.site.settings")
    import django

    django.setup()
    from django.apps import apps

    from ronghe.kernel.db import AppendOnly

    from .migrating import on_disk

    if _one(connection, "SELECT to_regclass('public.django_migrations') IS NULL"):
        yield "数据迁移", "fail", "数据库还没有迁移", "运行 make up 或 ronghe migrate"
        return
    applied = {tuple(row) for row in connection.execute("SELECT app, name FROM django_migrations").fetchall()}
    missing = sorted(on_disk() - applied)
    if missing:
        first = ".".join(missing[0])
        yield "数据迁移", "fail", f"缺少 {first} 等 {len(missing)} 项", "运行 make up 或 ronghe migrate"
        return
    yield "数据迁移", "ok", f"{len(applied)} 项", ""
    history = [m._meta.db_table for m in apps.get_models() if issubclass(m, AppendOnly)]
    touched = [
        table
        for table in history
        if _one(
            connection, "SELECT has_table_privilege(%s, 'UPDATE') OR has_table_privilege(%s, 'DELETE')", table, table
        )
    ]
    if touched:
        yield (
            "只增不改的表",
            "fail",
            f"服务角色可修改 {touched[0]} 等 {len(touched)} 个表",
            "运行 ronghe migrate 重新授权",
        )
    else:
        yield "只增不改的表", "ok", f"{len(history)} 个表只能追加", ""
