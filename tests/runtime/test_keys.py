"""Keys are made by the first start alone: data whose key is missing are never given another one."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ronghe.site import keys, testing
from ronghe.site.datafolder import DataFolder
from ronghe.site.errors import KeyMissing, SecretsMissing

from .platform import Platform, ronghe
from .test_backup import Prepared
from .test_refusals import UP, refused

GIVEN = dict.fromkeys(keys.FOR_PROCESSES, "given" * 10)


@pytest.fixture
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without keys."""
    for name in keys.FOR_PROCESSES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def without(file: Path, name: str) -> None:
    keys.write(file, {n: value for n, value in keys.read(file).items() if n != name})


@pytest.mark.parametrize("name", keys.FOR_PROCESSES)
def test_a_missing_key_is_named_and_not_made(tmp_path: Path, nothing_given: pytest.MonkeyPatch, name: str) -> None:
    file = DataFolder(tmp_path).secrets
    assert keys.ensure(file) == keys.ensure(file)
    without(file, name)
    before = file.read_bytes()
    for act in (lambda: keys.ensure(file), DataFolder(tmp_path).prepare):
        with pytest.raises(KeyMissing, match=f"{name}.*tar -xOf"):
            act()
    assert file.read_bytes() == before
    # the environment may give it instead
    nothing_given.setenv(name, "given")
    DataFolder(tmp_path).prepare()
    assert keys.in_force(file)[name] == "given"


def test_a_key_that_the_environment_gave_is_asked_for_when_it_no_longer_does(
    tmp_path: Path, nothing_given: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secrets.env"
    nothing_given.setenv("RONGHE_MASTER_KEY", "given")
    assert "RONGHE_MASTER_KEY" not in keys.ensure(file)
    nothing_given.delenv("RONGHE_MASTER_KEY")
    with pytest.raises(KeyMissing, match="RONGHE_MASTER_KEY"):
        keys.ensure(file)


def test_files_without_keys_are_not_given_new_ones(tmp_path: Path, nothing_given: pytest.MonkeyPatch) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "sealed").touch()
    with pytest.raises(SecretsMissing):
        DataFolder(tmp_path).prepare()


def test_a_start_without_one_of_the_keys_is_refused(
    start: Callable[..., Platform], room: Path, prepared: Prepared
) -> None:
    name = "RONGHE_MASTER_KEY"
    data = prepared(room / "data")
    complete = (data / "secrets.env").read_bytes()
    without(data / "secrets.env", name)
    lacking = (data / "secrets.env").read_bytes()
    refused(start(data, command=UP), f"缺少 {name}", "补回")
    assert (data / "secrets.env").read_bytes() == lacking
    for arguments in (("backup", str(room / "b")), ("migrate",)):
        done = ronghe(*arguments, data=data)
        assert (done.returncode, f"缺少 {name}" in done.stderr) == (1, True)
    (data / "secrets.env").write_bytes(complete)
    assert ronghe("migrate", data=data).returncode == 0


def test_a_database_with_data_is_not_served_under_new_keys(
    start: Callable[..., Platform], room: Path, fresh_database: str
) -> None:
    # given a database with tables, and a data folder that knows nothing of it
    env = {n: testing.with_database(os.environ[n], fresh_database) for n in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    data = room / "data"
    refused(start(data, command=UP, env=env), "已有数据", "secrets.env")
    for arguments in (("migrate",), ("zone", "list")):
        done = ronghe(*arguments, data=data, env=env)
        assert (done.returncode, "已有数据" in done.stderr) == (1, True)
    assert not (data / "secrets.env").exists()
    # with the keys that belong to it, from the environment, it is served
    assert ronghe("migrate", data=data, env=env | GIVEN).returncode == 0
    # and under others it is not, in whatever data folder they were made
    other = room / "other"
    other.mkdir()
    keys.write(other / "secrets.env", dict.fromkeys(keys.FOR_PROCESSES, "another"))
    refused(start(other, command=UP, env=env), "另一组密钥", "换回原来的密钥")
    for arguments in (("migrate",), ("zone", "list")):
        done = ronghe(*arguments, data=other, env=env)
        assert (done.returncode, "另一组密钥" in done.stderr) == (1, True)


def test_the_doctor_names_a_missing_key(room: Path) -> None:
    data = room / "data"
    data.mkdir()
    keys.write(data / "secrets.env", {"RONGHE_SECRET_KEY": "x"})
    done = ronghe("doctor", data=data)
    assert done.returncode == 1
    assert "缺少 RONGHE_MASTER_KEY、RONGHE_INDEX_KEY" in done.stdout
