"""The one file of a backup: a tar of manifest, database dump, files and keys, each with its SHA-256."""

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from .datafolder import disk_full_is_said
from .errors import BackupRefused

#: Number of the layout of the archive; a higher one is refused.
FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
SECRETS = "secrets.env"
FILES = "files/"
_NAME = re.compile(r"manifest\.json|database\.dump|secrets\.env|files/[^\0]+")


@dataclass(frozen=True)
class Manifest:
    """What an archive holds and which version wrote it."""

    format: int
    data_format: int
    version: str
    made_at: str
    server_version: int
    migrations: list[str]
    rows: dict[str, int]
    sha256: dict[str, str]


class Writer:
    """Writes an archive beside its place and puts it there whole, readable by its owner alone."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.sha256: dict[str, str] = {}

    def __enter__(self) -> "Writer":
        handle, name = tempfile.mkstemp(prefix=f".{self.target.name}.", dir=self.target.parent)  # mode 600
        self._temporary = Path(name)
        self._file = os.fdopen(handle, "wb")
        self._tar = tarfile.open(fileobj=self._file, mode="w", format=tarfile.PAX_FORMAT)
        return self

    def add_file(self, name: str, path: Path) -> None:
        """Add a file as it is now; one that has gone since it was listed is left out."""
        try:
            source = path.open("rb")
        except FileNotFoundError:
            return
        with source:
            self.sha256[name] = hashlib.file_digest(source, "sha256").hexdigest()
            source.seek(0)
            self._add(name, os.fstat(source.fileno()).st_size, source)

    def add_bytes(self, name: str, content: bytes) -> None:
        self.sha256[name] = hashlib.sha256(content).hexdigest()
        self._add(name, len(content), io.BytesIO(content))

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest, make the archive durable, and give it its name."""
        content = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        self._add(MANIFEST, len(content), io.BytesIO(content))
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        # A link, not a rename: a file that has appeared under this name in the meantime is not written over.
        os.link(self._temporary, self.target)

    def _add(self, name: str, size: int, source: IO[bytes]) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        self._tar.addfile(entry, source)

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._temporary.unlink(missing_ok=True)


def verify(file: Path) -> Manifest:
    """Read the whole archive and compare it with its manifest before anything is done with it.

    Raises: BackupRefused.
    """
    seen: dict[str, str] = {}
    manifest: Manifest | None = None
    try:
        for entry, source in _entries(file):
            if entry.name == MANIFEST:
                manifest = _manifest(source.read())
            else:
                seen[entry.name] = hashlib.file_digest(source, "sha256").hexdigest()
    except (tarfile.TarError, EOFError) as error:
        raise BackupRefused(reason=f"{file} 不是完整的备份文件（{error}），请换一个备份文件重试。") from error
    except OSError as error:
        raise BackupRefused(reason=f"无法读取备份文件 {file}（{error.strerror}），请检查路径和权限。") from error
    if manifest is None:
        raise BackupRefused(reason=f"{file} 中没有清单，不是完整的备份文件，请换一个备份文件重试。")
    if seen != manifest.sha256:
        wrong = sorted(
            name for name in seen.keys() | manifest.sha256.keys() if seen.get(name) != manifest.sha256.get(name)
        )
        raise BackupRefused(
            reason=f"备份文件 {file} 已损坏：{wrong[0]} 等 {len(wrong)} 项与清单不符，请换一个备份文件重试。"
        )
    return manifest


def extract(file: Path, manifest: Manifest, folder: Path) -> None:
    """Write the entries below ``folder``, each checked once more while it is written.

    Raises: BackupRefused, NoSpace.
    """
    with disk_full_is_said(folder):
        for entry, source in _entries(file):
            if entry.name == MANIFEST:
                continue
            target = folder / entry.name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w+b") as stream:
                shutil.copyfileobj(source, stream)
                stream.seek(0)
                if hashlib.file_digest(stream, "sha256").hexdigest() != manifest.sha256[entry.name]:
                    raise BackupRefused(reason=f"备份文件 {file} 在读取时发生变化，请重试。")


def _entries(file: Path) -> Iterator[tuple[tarfile.TarInfo, Any]]:
    with tarfile.open(file, mode="r:") as tar:
        for entry in tar:
            parts = Path(entry.name).parts
            if not entry.isreg() or not _NAME.fullmatch(entry.name) or ".." in parts:
                raise tarfile.TarError(f"unexpected entry {entry.name!r}")
            source = tar.extractfile(entry)
            assert source is not None
            yield entry, source


def _manifest(content: bytes) -> Manifest:
    try:
        facts: dict[str, Any] = json.loads(content)
        if facts["format"] > FORMAT:
            raise BackupRefused(reason=f"备份由更新版本的融合平台（{facts.get('version')}）写成，请升级程序后再恢复。")
        return Manifest(**facts)
    except (ValueError, KeyError, TypeError) as error:
        raise BackupRefused(reason="备份文件的清单无法识别，请换一个备份文件重试。") from error
