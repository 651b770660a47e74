"""``ronghe doctor``: whether this machine, its data folder and its database are as the house needs them."""

import json
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import psycopg

from ronghe.kernel.errors import DomainError

from . import assets, keys, preparing
from .binaries import ROOT_HOME
from .bootstrap import data_folder, database
from .cluster import Place
from .database_checks import check_database
from .datafolder import FORMAT, WARM_START_MB, DataFolder, nearest_existing
from .outside import outside_database

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it is, and what to do where it is not well."""

    check: str
    level: Level
    found: str
    todo: str = ""


def main(*, as_json: bool) -> int:
    """Print every finding; 1 when one of them failed."""
    findings = list(examine(data_folder()))
    if as_json:
        print(json.dumps([asdict(f) for f in findings], ensure_ascii=False, indent=1))
    else:
        signs = {"ok": "正常", "warn": "注意", "fail": "异常"}
        for f in findings:
            print(f"[{signs[f.level]}] {f.check}：{f.found}" + (f" → {f.todo}" if f.todo else ""))
    return int(any(f.level == "fail" for f in findings))


def examine(folder: DataFolder) -> Iterator[Finding]:
    """All checks, from the machine to the tables."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", "ok", version)
    yield from _data_folder(folder)
    yield _secrets(folder)
    yield from _assets()
    yield _fonts()
    yield from _forgotten_clusters()
    yield from _database(folder)


def _data_folder(folder: DataFolder) -> Iterator[Finding]:
    name = "数据文件夹"
    if not folder.path.exists():
        yield Finding(name, "warn", f"{folder} 还没有建立", "运行 make up，或用 RONGHE_DATA 指向已有的数据文件夹")
    elif not os.access(folder.path, os.W_OK | os.X_OK):
        yield Finding(name, "fail", f"{folder} 不能写入", "改正该文件夹的权限，或用 RONGHE_DATA 换一个文件夹")
    else:
        try:
            folder.check_format()
        except DomainError as error:
            yield Finding(name, "fail", error.text)
        else:
            yield Finding(name, "ok", f"{folder}（格式 {FORMAT}）")
    free = shutil.disk_usage(nearest_existing(folder.path)).free // (1024 * 1024)
    if free < WARM_START_MB:
        yield Finding("磁盘空间", "fail", f"只剩 {free} MB", f"清理到至少 {WARM_START_MB} MB")
    elif free < 1024:
        yield Finding("磁盘空间", "warn", f"只剩 {free} MB", "建议留出 1 GB 以上")
    else:
        yield Finding("磁盘空间", "ok", f"剩余 {free // 1024} GB")


def _secrets(folder: DataFolder) -> Finding:
    file = folder.secrets
    if not file.exists():
        return Finding("密钥文件", "warn", f"{file} 还没有建立", "运行 make up 时自动生成；恢复数据时用 ronghe restore")
    found = file.stat()
    mode = stat.S_IMODE(found.st_mode)
    if mode & 0o077:
        return Finding(
            "密钥文件", "fail", f"{file} 的权限是 {mode:o}，其他用户可读", f"运行 chmod 600 '{file}'，并更换密钥"
        )
    if found.st_uid != os.geteuid():
        return Finding("密钥文件", "warn", f"{file} 属于另一个用户", "用该用户运行平台")
    lacking = keys.missing(keys.read(file) | keys.given(), keys.FOR_PROCESSES)
    if lacking:
        todo = "把原来的这一行补回该文件（备份中也有：tar -xOf <备份文件> secrets.env）"
        return Finding("密钥文件", "fail", f"{file} 中缺少 {'、'.join(lacking)}", todo)
    return Finding("密钥文件", "ok", "只有本用户可读")


def _assets() -> Iterator[Finding]:
    try:
        assets.require()
    except DomainError as error:
        yield Finding("页面资源", "fail", error.text)
    else:
        yield Finding("页面资源", "ok", str(assets.folder()))
    if preparing.static_is_current():
        yield Finding("静态文件", "ok", str(preparing.static_root()))
    else:
        yield Finding("静态文件", "warn", "需要重新收集", "运行 make up 时自动完成")


def _fonts() -> Finding:
    places = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
    with_chinese = [
        file
        for place in places
        if os.access(place, os.R_OK)
        for file in place.rglob("*")
        if any(word in file.name.lower() for word in ("cjk", "notosanssc", "sourcehan", "wqy", "simsun", "fangsong"))
    ]
    if with_chinese:
        return Finding("中文字体", "ok", with_chinese[0].name)
    return Finding("中文字体", "warn", "本机没有中文字体，只影响本机截图和浏览器测试", "安装 fonts-noto-cjk")


def _forgotten_clusters() -> Iterator[Finding]:
    """Clusters below ``/var/lib/ronghe`` whose data folder is gone: root's alone, and root's to remove."""
    if os.geteuid() != 0 or not ROOT_HOME.is_dir():
        return
    for home in sorted(ROOT_HOME.iterdir()):
        facts = Place(home).facts()
        if facts and not Path(facts.get("folder", ""), "cluster").exists():
            told = f"{home} 的数据文件夹 {facts.get('folder')} 已不存在"
            yield Finding("遗留数据库", "warn", told, f"确认不再需要后运行 rm -r '{home}'")


def _database(folder: DataFolder) -> Iterator[Finding]:
    if (
        outside_database() is None
        and not (folder.path / "cluster").exists()
        and not (folder.path / "postgres").exists()
    ):
        yield Finding("数据库", "warn", "内置数据库还没有建立", "运行 make up")
        return
    try:
        if outside_database() is None or folder.path.exists():
            folder.prepare()
        with database(folder) as urls:
            for check, level, found, todo in check_database(urls):
                yield Finding(check, level, found, todo)
    except DomainError as error:
        yield Finding("数据库", "fail", error.text)
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0].rsplit("failed: ", 1)[-1]
        yield Finding(
            "数据库", "fail", f"无法连接（{reason}）", "检查 DATABASE_URL 和 DATABASE_OWNER_URL 的地址、口令和网络"
        )
