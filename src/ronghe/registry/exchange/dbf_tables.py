"""Tables of contracted land as dBASE files in an archive: one for each table, told as the workbook that the reader knows."""

import re
import zipfile
from io import BytesIO
from pathlib import PurePosixPath

from openpyxl import Workbook

from ronghe.kernel.spatial.reading import read_dbf

from ..errors import ExchangeFileUnreadable
from ..rules.contract_tables import TABLES
from .sheets import copied

#: Unpacked, the tables of one archive have no more bytes than this.
MOST_BYTES = 400 * 2**20
#: What names of files add to the name of their table: the code of the place and the year.
_TAIL = re.compile(r"[\d_-]+$")
_BY_NAME = {name.upper(): table for table in TABLES for name in (table.key, table.title)}


def dbf_names(names: list[str]) -> dict[str, str]:
    """The dBASE tables of an archive by the key of their table; those that belong to outlines are none.

    Raises: ExchangeFileUnreadable when a table is there twice.
    """
    stems = {name.lower()[:-4] for name in names if name.lower().endswith(".shp")}
    found: dict[str, str] = {}
    for name in names:
        path = PurePosixPath(name.replace("\\", "/"))
        if path.suffix.lower() != ".dbf" or name.lower()[:-4] in stems or path.name.startswith("._"):
            continue
        table = _BY_NAME.get(path.stem.upper()) or _BY_NAME.get(_TAIL.sub("", path.stem.upper()))
        if table is None:
            continue
        if table.key in found:
            raise ExchangeFileUnreadable(file=path.name, why=f"压缩包里有两个文件都是“{table.title}”")
        found[table.key] = name
    return found


def workbook_of_dbf(archive: zipfile.ZipFile, names: dict[str, str]) -> bytes:
    """The tables as a workbook, a sheet for each; line two of a sheet is the first row of its table.

    Raises: ExchangeFileUnreadable, and what reading a table refuses.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    left = MOST_BYTES
    members = {name.lower(): name for name in archive.namelist()}
    for key, name in names.items():
        plain = PurePosixPath(name.replace("\\", "/")).name
        label = members.get(f"{name.lower()[:-4]}.cpg")
        content = _unpacked(archive, name, left)
        left -= len(content)
        fields, columns = read_dbf(content, name=plain, label=_unpacked(archive, label, 1_000) if label else b"")
        copied(book.create_sheet(key), [fields, *map(list, zip(*columns, strict=True))])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _unpacked(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    try:
        with archive.open(name) as packed:
            content = packed.read(most + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise ExchangeFileUnreadable(file=name, why="压缩包损坏或加了密码，请重新打包") from error
    if len(content) > most:
        raise ExchangeFileUnreadable(file=name, why="解压后过大，请按村分成几份")
    return content
