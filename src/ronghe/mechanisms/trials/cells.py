"""Cells: a table file as lines of plain values; XLSX and CSV look the same from here on."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any, BinaryIO, cast

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from .errors import TableUnreadable

#: One line of the file: its number as a person sees it, and its cells.
Line = tuple[int, Sequence[Any]]

#: XML unpacked from one workbook, at most: a million rows of a dozen columns.
SHEET_BYTES = 1_500_000_000
#: Texts of a workbook stand in memory all at once.
TEXTS_BYTES = 150_000_000
_PIECE = 1 << 20


def lines(file: BinaryIO, *, name: str) -> Iterator[Line]:
    """The lines of a table, blank ones left out. Raises: TableUnreadable."""
    start = file.read(8)
    file.seek(0)
    if start.startswith(b"PK"):
        found = _workbook_lines(file, name)
    elif start.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableUnreadable(file=name, why="这是旧版 XLS，或者加了密码的文件")
    else:
        found = _text_lines(file, name)
    for number, cells in found:
        if any(cell not in (None, "") for cell in cells):
            yield number, cells


# -- XLSX ----------------------------------------------------------------------------------------------------------


def _workbook_lines(file: BinaryIO, name: str) -> Iterator[Line]:
    """The first sheet; of formulas the values that were saved with them."""
    _examine(file, name)
    try:
        book = load_workbook(file, read_only=True, data_only=True)
        sheets = book.worksheets
        if not sheets:
            raise TableUnreadable(file=name, why="里面没有工作表")
        sheet = sheets[0]
        sheet.reset_dimensions()  # what the file says of its size is often wrong
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_plain(cell) for cell in cells]
        book.close()
    # What openpyxl makes of a damaged file is not foreseeable, but these are all it has been seen to raise.
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, SyntaxError, EOFError) as error:
        raise TableUnreadable(file=name, why="文件不完整，或者不是 XLSX 工作簿") from error


def _plain(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell.strip()
    return cell.date() if isinstance(cell, datetime) else cell


def _examine(file: BinaryIO, name: str) -> None:
    """Refuse what would unpack beyond measure, what declares entities, and formulas whose values were not saved."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            sheets = [part for part in parts if part.filename.startswith("xl/worksheets/")]
            texts = [part for part in parts if part.filename == "xl/sharedStrings.xml"]
            if sum(p.file_size for p in parts) > SHEET_BYTES or sum(p.file_size for p in texts) > TEXTS_BYTES:
                raise TableUnreadable(file=name, why="解开后过大")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as opened:
                        if re.search(rb"<!(?:DOCTYPE|ENTITY)", opened.read(4096), re.IGNORECASE):
                            raise TableUnreadable(file=name, why="文件里有不该有的声明")
            if sheets and (count := sum(_formulas_without_value(archive, part) for part in sheets[:1])):
                raise TableUnreadable(
                    file=name,
                    why=f"有 {count:,} 个公式没有存下算出的值，请先用表格软件打开并保存一次，或把公式粘贴为数值",
                )
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise TableUnreadable(file=name, why="文件不完整，或者加了密码") from error
    finally:
        file.seek(0)


#: A formula that nobody has calculated: a cell that ends after it, or whose value is empty.
_UNCALCULATED = re.compile(rb"(?:</f>|<f\b[^<>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")


def _formulas_without_value(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    count, rest = 0, b""
    with archive.open(part) as opened:
        while piece := opened.read(_PIECE):
            # Cells are looked at whole: what follows the last end of a cell waits for the next piece.
            whole, ending, rest = (rest + piece).rpartition(b"</c>")
            if ending and b"<f" in whole:
                count += len(_UNCALCULATED.findall(whole + ending))
            elif not ending and len(rest) > 4 * _PIECE:
                rest = b""
    return count


# -- CSV -----------------------------------------------------------------------------------------------------------


def _text_lines(file: BinaryIO, name: str) -> Iterator[Line]:
    encoding = _encoding(file, name)
    text = io.TextIOWrapper(cast(BinaryIO, _Kept(file)), encoding=encoding, newline="")
    head = text.readline()
    delimiter = max(",;\t", key=head.count)
    text.seek(0)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [cell.replace("\0", "").strip() for cell in cells]
    except csv.Error as error:
        why = f"第 {reader.line_num:,} 行的引号没有配对，或者一格过长"
        raise TableUnreadable(file=name, why=why) from error


def _encoding(file: BinaryIO, name: str) -> str:
    start = file.read(4)
    file.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tried = ["utf-16"]
    else:
        tried = ["utf-8-sig", "gb18030"]
    for encoding in tried:
        if _decodes(file, encoding):
            return encoding
    raise TableUnreadable(file=name, why="不是文本表格，或者编码既不是 UTF-8 也不是 GB18030")


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(_PIECE):
            if "\0" in decoder.decode(piece):
                return False  # no text, whatever the encoding lets pass
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    finally:
        file.seek(0)
    return True


class _Kept(io.BufferedIOBase):
    """The file for a reader that would close it: it is the caller's."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int | None = -1) -> bytes:
        return self._file.read(-1 if size is None else size)

    def read1(self, size: int = -1) -> bytes:
        return self._file.read(size)


def day_of(cell: Any) -> Any:
    """A day as tables write it (``2026/11/22``) in the one form of facts; anything else as it is."""
    if isinstance(cell, date):
        return cell.isoformat()
    found = re.fullmatch(r"(\d{4})[/.年](\d{1,2})[/.月](\d{1,2})日?", str(cell), re.ASCII)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else cell
