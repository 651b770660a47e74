"""``ronghe restore``: a backup becomes the data folder, or nothing changes.

Everything is built and checked in a folder of its own inside the data folder. Then one small file, the journal, says
that it counts; from there on an interrupted restore is completed by the next command. What was there before is kept
in a folder whose name is told.
"""

import fcntl
import json
import os
import secrets as random
import shutil
from pathlib import Path

import psycopg

from ronghe.kernel.clock import now

from . import archive, cluster, datafolder, keys, preparing
from .bootstrap import data_folder, environment, outside_database
from .datafolder import MOVED, DataFolder, check_space, lock
from .dumping import restore as restore_dump
from .embedded import Server
from .errors import BackupRefused, Running


def load(file: Path, *, replace: bool = False) -> Path | None:
    """Restore ``file`` into the data folder (and into ``DATABASE_URL`` where it is set).

    Returns the folder in which what was there before is kept, or None.
    Raises: BackupRefused, Running, NewerDatabase, NewerData, NoSpace.
    """
    manifest = archive.verify(file)
    folder = data_folder()
    _refuse_newer(manifest)
    occupied = _is_occupied(folder)
    if occupied and not replace:
        raise BackupRefused(
            reason=f"数据文件夹 {folder} 不是空的，恢复会替换其中的数据；确认后加 --replace 重试（原数据会保留在旁边）。"
        )
    folder.prepare()
    size = file.stat().st_size // (1024 * 1024)
    check_space(folder.path, needed_mb=datafolder.WARM_START_MB + 3 * size)
    with folder.lock_file("up.lock") as mine, folder.lock_file("database.lock") as base:
        if not lock(mine, fcntl.LOCK_EX):
            facts = folder.running() or {}
            raise Running(address=facts.get("address", "?"))
        if not lock(base, fcntl.LOCK_EX):
            raise Running(address="另一个 ronghe 命令")
        stamp = f"{now():%Y%m%d-%H%M%S}-{random.token_hex(2)}"
        staging = folder.path / f".restoring-{stamp}"
        staging.mkdir(mode=0o700)
        try:
            _build(file, manifest, staging, replace=replace, stamp=stamp)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        aside = folder.path / f"before-restore-{stamp}" if occupied else None
        _commit(folder, staging, aside)
    return aside


def _build(file: Path, manifest: archive.Manifest, staging: Path, *, replace: bool, stamp: str) -> None:
    """Extract, restore the database, bring it to this version: all beside what is in use."""
    archive.extract(file, manifest, staging)
    dumped = staging / archive.DUMP
    inner = DataFolder(staging)
    inner.prepare()
    keys.ensure(inner.secrets)
    outside = outside_database()
    if outside is not None:
        owner = os.environ.get("DATABASE_OWNER_URL") or outside
        _restore_outside(owner, dumped, manifest, replace=replace, stamp=stamp)
        env = environment(inner, serving=outside, owner=owner)
        preparing.run("database", env | _given_keys(inner))
        dumped.unlink()
        return
    server = Server(inner)
    try:
        urls = server.start()
        restore_dump(urls.owner, dumped, manifest.rows, aside=None)
        preparing.run("database", environment(inner, serving=urls.serving, owner=urls.owner) | _given_keys(inner))
        server.stop(seconds=60)
    except BaseException:
        server.destroy()
        raise
    dumped.unlink()


def _given_keys(folder: DataFolder) -> dict[str, str]:
    """The backup's own keys, whatever the environment says: its records can be read with no others."""
    made = keys.read(folder.secrets)
    return {name: made[name] for name in keys.FOR_PROCESSES}


def _restore_outside(owner: str, dumped: Path, manifest: archive.Manifest, *, replace: bool, stamp: str) -> None:
    with psycopg.connect(owner) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    occupied = bool(row and row[0])
    if occupied and not replace:
        raise BackupRefused(
            reason="DATABASE_URL 的数据库不是空的，恢复会替换其中的数据；确认后加 --replace 重试（原数据改名保留）。"
        )
    aside = f"before_restore_{stamp.replace('-', '_')}" if occupied else None
    restore_dump(owner, dumped, manifest.rows, aside=aside)


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
    trifles = {"VERSION", "logs", "up.lock", "database.lock", "run.json"}
    others = [p for p in folder.path.iterdir() if p.name not in trifles]
    return any(p.is_file() or next(p.iterdir(), None) is not None for p in others)


def _commit(folder: DataFolder, staging: Path, aside: Path | None) -> None:
    """The moment that counts: after the journal is written the restore has happened."""
    journal = {
        "staging": staging.name,
        "aside": aside.name if aside else f"before-restore-{staging.name.removeprefix('.restoring-')}",
        "incoming": [name for name in MOVED if (staging / name).exists()],
    }
    keys.replace_private(folder.journal, json.dumps(journal).encode())
    folder.complete_restore()
    for place in (folder.path, folder.path / str(journal["aside"])):
        cluster.follow(place)
