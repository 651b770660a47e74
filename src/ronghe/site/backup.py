"""``ronghe backup``: database, files and keys of one installation in one file."""

import os
import tempfile
from pathlib import Path

import psycopg

from ronghe import __version__
from ronghe.kernel.clock import now

from . import archive, datafolder, keys
from .bootstrap import data_folder, database
from .datafolder import DataFolder, disk_full_is_said
from .dumping import dump
from .errors import BackupRefused


def save(file: Path) -> archive.Manifest:
    """Write ``file`` (mode 600), whole or not at all; the platform may run meanwhile.

    The dump is one moment of the database. Files are taken after it: they are stored under their hashes and never
    change, so every file that the dump names is there.
    Raises: BackupRefused, NoSpace.
    """
    target = Path(os.path.abspath(file))
    if target.exists():
        raise BackupRefused(reason=f"文件 {target} 已经存在，请换一个文件名，备份不会覆盖已有文件。")
    if not target.parent.is_dir() or not os.access(target.parent, os.W_OK):
        raise BackupRefused(reason=f"文件夹 {target.parent} 不存在或不能写入，请先建好该文件夹。")
    folder = data_folder()
    if not folder.secrets.exists():
        raise BackupRefused(reason=f"数据文件夹 {folder} 里还没有数据，请先运行 make up，或检查 RONGHE_DATA。")
    folder.prepare()
    with (
        database(folder) as urls,
        disk_full_is_said(target.parent),
        tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as work,
        archive.Writer(target) as writer,
    ):
        dumped = Path(work, archive.DUMP)
        rows, server_version = dump(urls.owner, dumped)
        writer.add_file(archive.DUMP, dumped)
        writer.add_bytes(archive.SECRETS, _secrets(folder))
        for path in sorted(p for p in folder.files.rglob("*") if p.is_file()):
            writer.add_file(archive.FILES + path.relative_to(folder.files).as_posix(), path)
        manifest = archive.Manifest(
            format=archive.FORMAT,
            data_format=datafolder.FORMAT,
            version=__version__,
            made_at=now().isoformat(timespec="seconds"),
            server_version=server_version,
            migrations=_migrations(urls.owner),
            rows=rows,
            sha256=writer.sha256,
        )
        writer.finish(manifest)
    return manifest


def _secrets(folder: DataFolder) -> bytes:
    """The keys in force: those of the environment go before those of the file."""
    values = keys.read(folder.secrets) | keys.in_force(folder.secrets)
    return "".join(f"{name}={value}\n" for name, value in values.items()).encode()


def _migrations(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [
            f"{app}.{name}"
            for app, name in connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
        ]
