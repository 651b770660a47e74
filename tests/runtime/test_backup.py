"""Backup and restore: the same data under the same keys, or nothing changes."""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from ronghe.site import archive
from ronghe.site.datafolder import MOVED, DataFolder
from ronghe.site.embedded import Server
from ronghe.site.errors import BackupRefused

from .platform import Platform, processes_of, ronghe

Prepared = Callable[[Path], Path]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory, prepared: Prepared) -> Iterator[tuple[Path, Path]]:
    """A data folder with one file of its own, and its backup."""
    folder = tmp_path_factory.mktemp("saved")
    data, file = prepared(folder / "data"), folder / "a backup.ronghe"
    (data / "files" / "ab").mkdir(parents=True)
    (data / "files" / "ab" / "abcd").write_bytes(b"sealed")
    done = ronghe("backup", str(file), data=data)
    assert done.returncode == 0, done.stderr
    yield data, file
    Server(DataFolder(data)).destroy()


def answer(data: Path, query: str) -> object:
    """What the database of a data folder says."""
    server = Server(DataFolder(data))
    urls = server.start()
    try:
        with psycopg.connect(urls.serving) as connection:
            row = connection.execute(query.encode()).fetchone()
            return row[0] if row else None
    finally:
        server.stop()


def tell(data: Path, statement: str) -> None:
    server = Server(DataFolder(data))
    urls = server.start()
    try:
        with psycopg.connect(urls.serving) as connection:
            connection.execute(statement.encode())
    finally:
        server.stop()


MARK = "INSERT INTO django_session VALUES ('{}', '', now())"
SESSIONS = "SELECT string_agg(session_key, ' ' ORDER BY session_key) FROM django_session"


def test_a_backup_comes_back_whole_into_another_folder(saved: tuple[Path, Path], room: Path) -> None:
    data, file = saved
    assert file.stat().st_mode & 0o777 == 0o600
    target = room / "restored"
    done = ronghe("restore", str(file), data=target)
    assert done.returncode == 0, done.stderr
    assert (target / "files" / "ab" / "abcd").read_bytes() == b"sealed"
    assert (target / "secrets.env").stat().st_mode & 0o777 == 0o600
    keys = [line for line in (data / "secrets.env").read_text().splitlines() if line.startswith("RONGHE_")]
    assert set(keys) <= set((target / "secrets.env").read_text().splitlines())
    count = "SELECT count(*) FROM django_migrations"
    assert answer(target, count) == answer(data, count)
    assert not [p for p in target.iterdir() if p.name.startswith((".restoring", "before-restore"))]
    assert not processes_of(target)


def test_a_running_platform_is_backed_up_and_the_backup_starts(
    start: Callable[..., Platform], room: Path, prepared: Prepared
) -> None:
    platform = start(prepared(room / "data"))
    platform.wait_ready()
    done = ronghe("backup", str(room / "b"), data=room / "data")
    assert done.returncode == 0, done.stderr
    refused = ronghe("restore", str(room / "b"), "--replace", data=room / "data")
    assert (refused.returncode, "正在运行" in refused.stderr) == (1, True)
    assert ronghe("restore", str(room / "b"), data=room / "other").returncode == 0
    start(room / "other").wait_ready()


def test_a_folder_with_data_is_replaced_only_when_told_and_kept_aside(saved: tuple[Path, Path], room: Path) -> None:
    _, file = saved
    target = room / "data"
    assert ronghe("restore", str(file), data=target).returncode == 0
    tell(target, MARK.format("later"))
    refused = ronghe("restore", str(file), data=target)
    assert (refused.returncode, "--replace" in refused.stderr) == (1, True)
    assert answer(target, SESSIONS) == "later"
    assert ronghe("restore", str(file), "--replace", data=target).returncode == 0
    assert answer(target, SESSIONS) is None
    (aside,) = target.glob("before-restore-*")
    assert answer(aside, SESSIONS) == "later"


def changed(file: Path, target: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A copy of an archive with its entries changed."""
    with tarfile.open(file) as source, tarfile.open(target, "w") as copy:
        for entry in source:
            stream = source.extractfile(entry)
            assert stream is not None
            content = change(entry.name, stream.read())
            entry.size = len(content)
            copy.addfile(entry, io.BytesIO(content))
    return target


def resealed(file: Path, target: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A copy of an archive with its entries changed, and a manifest that agrees."""
    sums: dict[str, str] = {}

    def sealed(name: str, content: bytes) -> bytes:
        if name == archive.MANIFEST:  # the last entry
            return json.dumps(json.loads(content) | {"sha256": sums}).encode()
        content = change(name, content)
        sums[name] = hashlib.sha256(content).hexdigest()
        return content

    return changed(file, target, sealed)


def newer(field: str, value: object) -> Callable[[str, bytes], bytes]:
    return lambda name, content: (
        json.dumps(json.loads(content) | {field: value}).encode() if name == archive.MANIFEST else content
    )


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda name, content: content + b"x" if name == archive.DUMP else content, "已损坏"),
        (lambda name, content: b"" if name.startswith("files/") else content, "已损坏"),
        (newer("format", 2), "更新版本"),
        (newer("data_format", 99), "更新版本"),
        (newer("migrations", ["audit.9999_from_the_future"]), "更新版本"),
        (newer("rows", {"django_session": 5}), "没有完成"),
    ],
)
def test_a_backup_that_is_damaged_or_newer_changes_nothing(
    saved: tuple[Path, Path], room: Path, change: Callable[[str, bytes], bytes], word: str
) -> None:
    file = changed(saved[1], room / "changed", change)
    done = ronghe("restore", str(file), data=room / "target")
    assert done.returncode == 1
    assert word in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    left = [p.name for p in (room / "target").iterdir()] if (room / "target").exists() else []
    assert not {"secrets.env", "cluster", "postgres"} & set(left)
    assert not processes_of(room / "target")


def test_a_backup_whose_records_could_not_be_read_changes_nothing(saved: tuple[Path, Path], room: Path) -> None:
    def lacking(name: str, content: bytes) -> bytes:
        return content.replace(b"RONGHE_INDEX_KEY=", b"#") if name == archive.SECRETS else content

    file = resealed(saved[1], room / "lacking", lacking)
    for given, env, word in (
        (file, {}, "缺少密钥 RONGHE_INDEX_KEY"),
        (saved[1], {"RONGHE_MASTER_KEY": "another"}, "环境变量 RONGHE_MASTER_KEY 与备份中的密钥不同"),
    ):
        done = ronghe("restore", str(given), data=room / "target", env=env)
        assert (done.returncode, word in done.stderr) == (1, True), done.stderr
        assert not (room / "target" / "secrets.env").exists()


def test_lost_keys_come_back_with_a_backup(saved: tuple[Path, Path], room: Path) -> None:
    target = room / "data"
    assert ronghe("restore", str(saved[1]), data=target).returncode == 0
    (target / "secrets.env").unlink()
    refused = ronghe("migrate", data=target)
    assert (refused.returncode, "secrets.env" in refused.stderr) == (1, True)
    assert ronghe("restore", str(saved[1]), "--replace", data=target).returncode == 0
    assert ronghe("migrate", data=target).returncode == 0


def test_half_a_file_and_a_file_that_is_none_are_refused(saved: tuple[Path, Path], room: Path) -> None:
    half = room / "half"
    half.write_bytes(saved[1].read_bytes()[:50_000])
    with pytest.raises(BackupRefused, match="不是完整的备份文件"):
        archive.verify(half)
    half.write_text("not a backup")
    with pytest.raises(BackupRefused, match="不是完整的备份文件"):
        archive.verify(half)
    with pytest.raises(BackupRefused, match="无法读取"):
        archive.verify(room / "nowhere")


def test_names_that_lead_out_of_the_folder_are_refused(room: Path) -> None:
    with tarfile.open(room / "evil", "w") as tar:
        entry = tarfile.TarInfo("files/../../evil")
        tar.addfile(entry, io.BytesIO())
    with pytest.raises(BackupRefused, match="不是完整的备份文件"):
        archive.verify(room / "evil")


def test_a_backup_never_writes_over_a_file(saved: tuple[Path, Path], room: Path) -> None:
    (room / "mine").write_text("precious")
    done = ronghe("backup", str(room / "mine"), data=saved[0])
    assert done.returncode == 1
    assert (room / "mine").read_text() == "precious"
    assert sorted(p.name for p in room.iterdir()) == ["mine"]


class Crash(Exception):
    """The machine stops here."""


@pytest.mark.parametrize("steps", range(12))
def test_an_interrupted_restore_is_completed_by_the_next_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    # given a folder with old data, new data beside it, and the journal that says the new counts
    folder = DataFolder(tmp_path)
    staging = tmp_path / ".restoring-1"
    for place, word, names in ((tmp_path, "old", MOVED), (staging, "new", MOVED[:-1])):
        place.mkdir(exist_ok=True)
        for name in names:
            (place / name).mkdir() if name in {"files", "postgres"} else (place / name).write_text(f"{word}\n")
            if (place / name).is_dir():
                (place / name / word).touch()
    journal = {"staging": ".restoring-1", "aside": "before-restore-1", "incoming": list(MOVED[:-1])}
    folder.journal.write_text(json.dumps(journal))
    # when the machine stops after some of the moves
    rename = Path.rename
    left = [steps]

    def counted(self: Path, target: Path) -> Path:
        if left[0] == 0:
            raise Crash
        left[0] -= 1
        return rename(self, target)

    with monkeypatch.context() as patch, pytest.raises(Crash) if steps < 11 else open(os.devnull):
        patch.setattr(Path, "rename", counted)
        folder.complete_restore()
    # then the next command completes it, and both old and new are whole
    if folder.journal.exists():
        folder.complete_restore()
    aside = tmp_path / "before-restore-1"
    assert (tmp_path / "secrets.env").read_text() == "new\n"
    assert (aside / "secrets.env").read_text() == "old\n"
    assert [p.name for p in (tmp_path / "files").iterdir()] == ["new"]
    assert [p.name for p in (aside / "files").iterdir()] == ["old"]
    assert not (tmp_path / MOVED[-1]).exists()
    assert not staging.exists()
    assert not folder.journal.exists()
    shutil.rmtree(aside)
