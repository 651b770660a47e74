"""What cannot work is refused in one sentence that says what to do, and leaves nothing behind."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ronghe.site import cluster, keys
from ronghe.site.binaries import programs
from ronghe.site.cluster import Place
from ronghe.site.errors import NoSpace

from .platform import Platform, processes_of, ronghe

Start = Callable[..., Platform]
Ordinary = tuple[pwd.struct_passwd | None, str, dict[str, str]]
UP = [sys.executable, "-m", "ronghe.site.cli", "up"]


def refused(platform: Platform, *words: str) -> None:
    assert platform.wait_ended() == 1
    assert platform.out == []
    lines = [line for line in platform.err if line.strip()]
    assert len(lines) == 1, lines
    for word in words:
        assert word in lines[0]
    assert not processes_of(platform.data)


def test_a_port_in_use_names_another(start: Start, room: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused(start(room / "data", port=port, command=UP), f"端口 {port} 已被其他程序占用", "RONGHE_PORT=")
    assert not (room / "data" / "cluster").exists()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_named(start: Start, room: Path, port: str) -> None:
    refused(start(room / "data", command=UP, env={"RONGHE_PORT": port}), f"“{port}”", "1 至 65535")


def test_a_newer_data_folder_is_left_alone(start: Start, room: Path) -> None:
    data = room / "data"
    data.mkdir(mode=0o750)
    (data / "VERSION").write_text("99\n")
    refused(start(data, command=UP), "更新版本", "请升级程序")
    assert [p.name for p in data.iterdir()] == ["VERSION"]
    assert data.stat().st_mode & 0o777 == 0o750


def test_a_missing_asset_says_what_to_run(start: Start, room: Path) -> None:
    empty = room / "no assets"
    empty.mkdir()
    refused(start(room / "data", command=UP, env={"RONGHE_ASSETS": str(empty)}), "缺少页面资源", "make assets")


def test_a_folder_that_cannot_be_written_is_named(start: Start, room: Path, ordinary: Ordinary) -> None:
    user, python, env = ordinary
    if user is None:
        pytest.skip("needs a folder of somebody else's: run as root")
    closed = room / "closed"
    closed.mkdir(mode=0o755)
    platform = start(closed / "data", command=[python, "-m", "ronghe.site.cli", "up"], user=user, env=env)
    refused(platform, "无法写入数据文件夹", "RONGHE_DATA=")


def test_a_database_that_does_not_answer_is_named(start: Start, room: Path) -> None:
    nowhere = f"postgresql://a:b@/x?host={room}"
    refused(start(room / "data", command=UP, env={"DATABASE_URL": nowhere}), "无法连接 DATABASE_URL")


def test_keys_are_never_made_anew_for_old_data(start: Start, room: Path, prepared: Callable[[Path], Path]) -> None:
    data = prepared(room / "data")
    (data / "secrets.env").unlink()
    refused(start(data, command=UP), "没有密钥文件 secrets.env")


@pytest.fixture
def small_disk() -> Iterator[Callable[[int], Path]]:
    """Mount small disks in memory."""
    mounted: list[Path] = []

    def mount(megabytes: int) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="ronghe small "))
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "ronghe", str(folder)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            folder.rmdir()
            pytest.skip(f"mounting a tmpfs is not permitted here: {done.stderr.strip()}")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def test_a_small_disk_is_refused_before_anything_is_made(
    start: Start, ordinary: Ordinary, small_disk: Callable[[int], Path]
) -> None:
    user, python, env = ordinary
    data = small_disk(64) / "data"
    platform = start(data, command=[python, "-m", "ronghe.site.cli", "up"], user=user, env=env)
    refused(platform, "磁盘空间不足", "请清理空间")
    assert not (data / "postgres").exists()


def test_a_disk_that_has_filled_up_is_named_by_the_next_start(
    start: Start, ordinary: Ordinary, small_disk: Callable[[int], Path]
) -> None:
    user, python, env = ordinary
    data = small_disk(420) / "data"
    up = [python, "-m", "ronghe.site.cli", "up"]
    first = start(data, command=up, user=user, env=env)
    first.wait_ready()
    first.interrupt()
    assert first.wait_ended() == 0
    with (data.parent / "big").open("wb") as big:
        os.posix_fallocate(big.fileno(), 0, shutil.disk_usage(data).free - 1024 * 1024)
    refused(start(data, command=up, user=user, env=env), "磁盘空间不足", "请清理空间")
    # and with space again everything is as it was
    (data.parent / "big").unlink()
    start(data, command=up, user=user, env=env).wait_ready()


def test_initdb_on_a_full_disk_leaves_nothing_half_made(small_disk: Callable[[int], Path]) -> None:
    disk = small_disk(16)
    home = disk / "cluster"
    home.mkdir(mode=0o711)
    place = Place(home)
    with pytest.raises(NoSpace, match="磁盘空间不足"):
        cluster.make(place, programs(), keys.ensure(disk / "secrets.env"), fast=False)
    assert [p.name for p in home.iterdir()] == []


def test_a_refusal_is_one_line_and_bad_usage_another_status(room: Path) -> None:
    done = ronghe("backup", str(room / "b"), data=room / "nothing")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert ronghe("no-such-command", data=room / "nothing").returncode == 2
    assert ronghe("backup", data=room / "nothing").returncode == 2


def test_reading_a_plan_needs_neither_django_nor_a_database(room: Path) -> None:
    code = "import sys; import ronghe.site.cli, ronghe.policy.cli; sys.exit('django' in sys.modules or 'psycopg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    done = ronghe("policy", "read", "--help", data=room / "nothing")
    assert done.returncode == 0
    assert not (room / "nothing").exists()
