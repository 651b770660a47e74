"""The zip container of a docx (Open Packaging Conventions, ECMA-376 Part 2): its parts, within limits."""

import posixpath
import zipfile
import zlib
from io import BytesIO
from typing import Final

from lxml import etree

from ronghe.policy.reader.errors import FileBomb, FileDamaged, FileEncrypted
from ronghe.policy.reader.intake.limits import (
    MB,
    XML_PART_BYTES,
    ZIP_ENTRIES,
    ZIP_RATIO,
    ZIP_RATIO_FROM_BYTES,
    ZIP_SUM_BYTES,
)
from ronghe.policy.reader.intake.safe_xml import parse_xml

WHAT: Final = "docx 文档"
_CHUNK: Final = 256 * 1024
_MAIN: Final = "word/document.xml"


class Package:
    """The parts of one docx. Nothing is unpacked before the declared sizes were found sane."""

    def __init__(self, data: bytes) -> None:
        """Raises: FileDamaged, FileBomb, FileEncrypted."""
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise FileDamaged(what=WHAT, reason="压缩目录不完整") from error
        self._infos = {info.filename.lstrip("/").lower(): info for info in self._zip.infolist()}
        _check_sizes(self._zip.infolist())
        self.main_name = self._related("_rels/.rels", "", "officeDocument") or _MAIN

    def main(self) -> etree._Element:
        """The root of the main document part. Raises: FileDamaged when there is none."""
        root = self._part(self.main_name)
        if root is None:
            raise FileDamaged(what=WHAT, reason="缺少正文 document.xml")
        return root

    def beside_main(self, kind: str) -> etree._Element | None:
        """The part that the main document refers to as ``kind`` (``numbering``, ``styles``, ``footnotes``)."""
        folder, base = posixpath.split(self.main_name)
        named = self._related(posixpath.join(folder, "_rels", base + ".rels"), folder, kind)
        return self._part(named or posixpath.join(folder, kind + ".xml"))

    def _related(self, rels_name: str, folder: str, kind: str) -> str | None:
        rels = self._part(rels_name)
        if rels is None:
            return None
        for rel in rels:
            # Transitional and Strict files differ in the address before the last word (ECMA-376 Part 4 §9.1.2).
            if str(rel.get("Type", "")).endswith("/" + kind) and rel.get("TargetMode") != "External":
                target = str(rel.get("Target", ""))
                full = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                return posixpath.normpath(full)
        return None

    def _part(self, part_name: str) -> etree._Element | None:
        info = self._infos.get(part_name.lower())
        return None if info is None else parse_xml(self._bytes(info), what=WHAT, part=posixpath.basename(part_name))

    def _bytes(self, info: zipfile.ZipInfo) -> bytes:
        """Unpack a part, counting: the declared size may be a lie."""
        if info.flag_bits & 1:
            raise FileEncrypted(what=WHAT)
        # OPC allows these two only (ECMA-376 Part 2 Annex C); others may claim memory before the first byte.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileDamaged(what=WHAT, reason="压缩方法不合规范")
        chunks: list[bytes] = []
        size = 0
        try:
            with self._zip.open(info) as part:
                while chunk := part.read(_CHUNK):
                    size += len(chunk)
                    if size > XML_PART_BYTES:
                        raise FileBomb(what=WHAT, reason=f"{info.filename[:60]} 超过 {XML_PART_BYTES // MB} MB")
                    chunks.append(chunk)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise FileDamaged(what=WHAT, reason=f"{info.filename[:60]} 解压失败") from error
        return b"".join(chunks)


def _check_sizes(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > ZIP_ENTRIES:
        raise FileBomb(what=WHAT, reason=f"所含文件超过 {ZIP_ENTRIES} 个")
    total = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if total > ZIP_SUM_BYTES:
        raise FileBomb(what=WHAT, reason=f"声明的大小合计超过 {ZIP_SUM_BYTES // MB} MB")
    if total > ZIP_RATIO_FROM_BYTES and total > ZIP_RATIO * max(packed, 1):
        raise FileBomb(what=WHAT, reason=f"压缩比超过 {ZIP_RATIO} 倍")
