"""``ronghe doctor``: what it finds, on the embedded server and on any other."""

import json
import os
import stat
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest

from ronghe.site import testing
from ronghe.site.database_checks import check_database
from ronghe.site.embedded import Urls

from .platform import ronghe
from .test_backup import Prepared


def test_a_healthy_installation_has_no_fault(room: Path, built: None, prepared: Prepared) -> None:
    data = prepared(room / "data")
    done = ronghe("doctor", "--json", data=data)
    findings = {f["check"]: f for f in json.loads(done.stdout)}
    assert done.returncode == 0
    assert not [f for f in findings.values() if f["level"] == "fail"]
    assert findings["字符编码"]["found"] == "UTF8"
    assert findings["排序规则"]["found"].startswith("builtin")
    assert {"两个角色", "服务角色越权", "数据迁移", "只增不改的表", "密钥文件", "磁盘空间"} <= findings.keys()


def test_open_secrets_are_a_fault_and_are_left_as_they_are(room: Path) -> None:
    data = room / "data"
    data.mkdir()
    (data / "secrets.env").write_text("RONGHE_SECRET_KEY=x\n")
    (data / "secrets.env").chmod(0o644)
    done = ronghe("doctor", data=data)
    assert done.returncode == 1
    assert "chmod 600" in done.stdout
    assert stat.S_IMODE((data / "secrets.env").stat().st_mode) == 0o644


def test_a_folder_without_data_is_not_given_any(room: Path) -> None:
    done = ronghe("doctor", data=room / "none")
    assert done.returncode == 0
    assert "运行 make up" in done.stdout
    assert not (room / "none").exists()


@pytest.fixture
def urls(fresh_database: str) -> Urls:
    """The addresses of a database of the test session."""
    serving, owner, admin = (
        testing.with_database(os.environ[name], fresh_database)
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "RONGHE_TEST_ADMIN_URL")
    )
    return Urls(serving=serving, owner=owner, superuser=admin)


def faults(urls: Urls) -> dict[str, str]:
    lines = check_database(urls)
    return {check: found for check, level, found, todo in lines if level == "fail"}


def as_owner(urls: Urls, statement: str) -> None:
    with psycopg.connect(urls.owner) as connection:
        connection.execute(statement.encode())


@pytest.mark.constraints
def test_a_prepared_database_has_no_fault(urls: Urls) -> None:
    assert faults(urls) == {}


@pytest.mark.constraints
@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("GRANT TRUNCATE ON django_session TO ronghe_app", "服务角色越权"),
        ("GRANT TRIGGER ON django_session TO ronghe_app", "服务角色越权"),
        ("GRANT CREATE ON SCHEMA public TO ronghe_app", "服务角色越权"),
        ("GRANT TEMPORARY ON DATABASE {database} TO ronghe_app", "服务角色越权"),
        ("GRANT TEMPORARY ON DATABASE {database} TO PUBLIC", "服务角色越权"),
        ("GRANT UPDATE ON audit_event TO ronghe_app", "只增不改的表"),
        ("DELETE FROM django_migrations WHERE app = 'audit'", "数据迁移"),
    ],
)
def test_what_the_serving_role_may_not_is_a_fault(urls: Urls, statement: str, fault: str) -> None:
    as_owner(urls, statement.format(database=urlsplit(urls.owner).path[1:]))
    assert list(faults(urls)) == [fault]


@pytest.mark.constraints
def test_one_role_for_both_is_a_fault(urls: Urls) -> None:
    found = faults(Urls(serving=urls.owner, owner=urls.owner, superuser=urls.superuser))
    assert {"两个角色", "服务角色越权"} <= found.keys()


def test_a_wrong_password_is_a_finding_and_no_traceback(room: Path, urls: Urls) -> None:
    parts = urlsplit(urls.serving)
    wrong: Any = parts._replace(netloc=f"{parts.username}:{quote('wrong')}@")
    done = ronghe("doctor", data=room / "none", env={"DATABASE_URL": urlunsplit(wrong)})
    assert done.returncode == 1
    assert "无法连接" in done.stdout
    assert "Traceback" not in done.stderr
