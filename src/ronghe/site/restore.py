"""``ronghe restore``: a backup becomes the data folder, or nothing changes.

Everything is built and checked in a folder of its own inside the data folder, on an embedded server. For an outside
database that was the rehearsal: there the backup is restored once more, into a schema beside the one in use. Then one
small file, the journal, says that it counts; from there on an interrupted restore is completed by the next command.
What was there before is kept in a folder and a schema whose names are told.
"""

import fcntl
import json
import os
import secrets as random
import shutil
from dataclasses import dataclass
from pathlib import Path

from ronghe.kernel.clock import now

from . import archive, cluster, datafolder, keys, outside, preparing
from .bootstrap import data_folder, environment
from .datafolder import MOVED, DataFolder, check_space, lock
from .dumping import restore as restore_dump
from .embedded import Server
from .errors import BackupRefused, Running
from .outside import outside_database

_STAGING = ".restoring-"


@dataclass(frozen=True)
class Kept:
    """Where what was there before is kept: a folder, and a schema of the outside database."""

    folder: Path | None
    schema: str | None

    def __str__(self) -> str:
        places = [str(self.folder)] if self.folder else []
        places += [f"schema {self.schema} of the database"] if self.schema else []
        return " and ".join(places)


def load(file: Path, *, replace: bool = False) -> Kept:
    """Restore ``file`` into the data folder (and into ``DATABASE_URL`` where it is set).

    An outside database is left to be prepared by the next start: its stamp is gone.
    Raises: BackupRefused, Running, NewerDatabase, NewerData, NoSpace, DatabaseUnreachable.
    """
    manifest = archive.verify(file)
    folder = data_folder()
    _refuse_newer(manifest)
    _refuse_occupied(folder, replace=replace)
    folder.prepare(replacing=True)
    size = file.stat().st_size // (1024 * 1024)
    check_space(folder.path, needed_mb=datafolder.WARM_START_MB + 3 * size)
    with folder.lock_file("up.lock") as mine, folder.lock_file("database.lock") as base:
        if not lock(mine, fcntl.LOCK_EX):
            facts = folder.running() or {}
            raise Running(address=facts.get("address", "?"))
        if not lock(base, fcntl.LOCK_EX):
            raise Running(address="另一个 ronghe 命令")
        _sweep(folder)
        occupied = _is_occupied(folder)
        stamp = f"{now():%Y%m%d-%H%M%S}-{random.token_hex(2)}"
        staging = folder.path / f"{_STAGING}{stamp}"
        staging.mkdir(mode=0o700)
        try:
            _build(file, manifest, staging)
            kept = outside_database() is not None and outside.keeps_something()
        except BaseException:
            _discard(staging)
            raise
        _commit(folder, staging, stamp)
    return Kept(
        folder=folder.path / f"before-restore-{stamp}" if occupied else None,
        schema=outside.aside(_schema(staging)) if kept else None,
    )


def _build(file: Path, manifest: archive.Manifest, staging: Path) -> None:
    """Extract, restore the database, bring it to this version: all beside what is in use."""
    archive.extract(file, manifest, staging)
    _check_keys(file, keys.read(staging / archive.SECRETS))
    dumped = staging / archive.DUMP
    inner = DataFolder(staging)
    inner.prepare()
    server = Server(inner)
    try:
        urls = server.start()
        restore_dump(urls.owner, dumped, manifest.rows)
        preparing.run("database", environment(inner, serving=urls.serving, owner=urls.owner))
    finally:
        server.stop(seconds=60)
    if outside_database() is not None:
        cluster.remove(inner)
        name = _schema(staging)
        restore_dump(outside.owner_url(), dumped, manifest.rows, into=outside.incoming(name))
        outside.check_exchange(name)
    dumped.unlink()


def _check_keys(file: Path, held: dict[str, str]) -> None:
    """Refuse a backup whose records could not be read afterwards.

    Raises: BackupRefused.
    """
    for name in keys.FOR_PROCESSES:
        if not held.get(name):
            reason = f"备份文件 {file} 中缺少密钥 {name}，恢复后数据无法解密，请换一个备份文件重试。"
            raise BackupRefused(reason=reason)
        if keys.given().get(name, held[name]) != held[name]:
            reason = f"环境变量 {name} 与备份中的密钥不同，恢复后数据无法解密，请去掉该变量后重试。"
            raise BackupRefused(reason=reason)


def _refuse_occupied(folder: DataFolder, *, replace: bool) -> None:
    """Refuse to replace data without being told to.

    Raises: BackupRefused, DatabaseUnreachable.
    """
    if _is_occupied(folder) and not replace:
        raise BackupRefused(
            reason=f"数据文件夹 {folder} 不是空的，恢复会替换其中的数据；确认后加 --replace 重试（原数据会保留在旁边）。"
        )
    if outside_database() is not None and outside.has_tables(outside.owner_url()) and not replace:
        raise BackupRefused(
            reason="DATABASE_URL 的数据库不是空的，恢复会替换其中的数据；确认后加 --replace 重试（原数据改名保留）。"
        )


def _schema(staging: Path) -> str:
    """The name of a restore in the outside database."""
    return staging.name.removeprefix(_STAGING).replace("-", "_")


def _sweep(folder: DataFolder) -> None:
    """Remove what a killed restore has built: it never counted."""
    for staging in folder.path.glob(f"{_STAGING}*"):
        _discard(staging)


def _discard(staging: Path) -> None:
    cluster.remove(DataFolder(staging))
    if outside_database() is not None:
        outside.discard(_schema(staging))
    shutil.rmtree(staging, ignore_errors=True)


def _refuse_newer(manifest: archive.Manifest) -> None:
    """Refuse data of a newer version before anything is touched.

    Raises: BackupRefused.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronghe.site.settings")
    import django

    django.setup()
    from .migrating import on_disk, our_labels

    known = {f"{app}.{name}" for app, name in on_disk()}
    unknown = [m for m in manifest.migrations if m not in known and m.split(".")[0] in our_labels()]
    if manifest.data_format > datafolder.FORMAT or unknown:
        raise BackupRefused(reason=f"备份由更新版本的融合平台（{manifest.version}）写成，请升级程序后再恢复。")


def _is_occupied(folder: DataFolder) -> bool:
    """Whether the folder holds anything besides locks, logs and empty folders."""
    if not folder.path.exists():
        return False
    trifles = {"VERSION", "logs", "up.lock", "database.lock", "restore.lock", "run.json"}
    others = [p for p in folder.path.iterdir() if p.name not in trifles and not p.name.startswith(_STAGING)]
    return any(p.is_file() or next(p.iterdir(), None) is not None for p in others)


def _commit(folder: DataFolder, staging: Path, stamp: str) -> None:
    """The moment that counts: after the journal is written the restore has happened."""
    journal = {
        "staging": staging.name,
        "aside": f"before-restore-{stamp}",
        "incoming": [name for name in MOVED if (staging / name).exists()],
        "outside": _schema(staging) if outside_database() is not None else None,
    }
    os.sync()  # what the journal speaks of must last as long as the journal
    keys.replace_private(folder.journal, json.dumps(journal).encode())
    folder.complete_restore()
    for place in (folder.path, folder.path / str(journal["aside"])):
        cluster.follow(place)
