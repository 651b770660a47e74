"""Reading a table of facts: the head says which fact each column is, the whole is checked, then it can be archived.

Nothing here touches the database: a table with one fault is refused as a whole, with every fault counted.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, BinaryIO

from ronghe.policy.rulebook import Fact, Rule, fact_value
from ronghe.policy.values import BadValue, Kind, UnitMismatch, converted, written

from . import archive
from .cells import Line, day_of, lines
from .errors import (
    MOST_LISTED,
    TableColumnsWrong,
    TableEmpty,
    TableTooLarge,
    TableTooLong,
    TableValuesWrong,
)

MB = 1024 * 1024
#: What one upload may weigh. On the server itself (``ronghe trial run``) only the number of rows is bounded.
TABLE_BYTES = 64 * MB
TABLE_ROWS = 1_000_000
NAME_CHARACTERS = 120
NOTE_CHARACTERS = 400
MOST_NOTES = 30
#: A cell that holds a novel is not told whole.
FAULT_CHARACTERS = 160

#: Heads of the column that names a row, where the person names none.
NAME_HEADS = ("名称", "编号", "name", "id")

_TRUTHS = {"是": True, "否": False, "true": True, "false": False, "1": True, "0": False, "y": True, "n": False}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Archived rows that lie together."""

    first_line: int
    count: int
    content: bytes


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table that was read and found right: what each column is, its rows, and digests of file and rows."""

    file_name: str
    columns: tuple[str, ...]
    notes: tuple[str, ...]
    chunks: tuple[Chunk, ...]
    row_count: int
    file_digest: str
    rows_digest: str


def read_table(
    file: BinaryIO,
    *,
    name: str,
    rule: Rule,
    name_column: str = "",
    keep_notes: bool = False,
    most_bytes: int | None = TABLE_BYTES,
) -> ReadTable:
    """Read and check the whole of a table of facts of ``rule``.

    Columns: the name of a fact, or its meaning, with a unit in brackets where it is not the fact's own (it is converted
    exactly); one may name the rows; others are refused by name, or kept as notes with ``keep_notes``.
    Raises: TableUnreadable, TableTooLarge, TableTooLong, TableEmpty, TableColumnsWrong, TableValuesWrong.
    """
    name = re.split(r"[\\/]", name)[-1][-120:] or "表格"
    digest = _digest(file, name, most_bytes)
    found = lines(file, name=name)
    head = next(found, None)
    if head is None:
        raise TableEmpty(file=name)
    columns = _Columns(head[1], file=name, rule=rule, name_column=name_column, keep_notes=keep_notes)
    rows_digest = hashlib.sha256()
    chunks: list[Chunk] = []
    count, first = 0, 0
    pending: list[bytes] = []
    for row in columns.rows(found):
        line = archive.encoded(row)
        rows_digest.update(line)
        first = first if pending else row.line
        pending.append(line)
        count += 1
        if count > TABLE_ROWS:
            raise TableTooLong(file=name, limit=TABLE_ROWS)
        if len(pending) == archive.CHUNK_ROWS:
            chunks.append(Chunk(first, len(pending), archive.packed(pending)))
            pending = []
    if pending:
        chunks.append(Chunk(first, len(pending), archive.packed(pending)))
    if columns.fault_count:
        raise TableValuesWrong.of(name, columns.faults, columns.fault_count)
    if not count:
        raise TableEmpty(file=name)
    return ReadTable(name, columns.names, columns.note_heads, tuple(chunks), count, digest, rows_digest.hexdigest())


def _digest(file: BinaryIO, name: str, most: int | None) -> str:
    digest, size = hashlib.sha256(), 0
    while piece := file.read(MB):
        size += len(piece)
        if most is not None and size > most:
            raise TableTooLarge(file=name, limit_mb=most // MB)
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def heads(rule: Rule) -> list[str]:
    """The columns of a template: names of rows, then each fact with its unit."""
    return ["名称", *(label(one) for one in rule.facts)]


def label(of: Fact) -> str:
    """A fact as the head of its column."""
    return f"{of.meaning}（{of.unit}）" if of.unit else of.meaning


def _folded(text: object) -> str:
    """Heads are the same whatever the width of their signs and the blanks between them."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str("" if text is None else text))).casefold()


class _Columns:
    """What each column of one table is, and the rows that come out of it."""

    def __init__(self, head: Sequence[Any], *, file: str, rule: Rule, name_column: str, keep_notes: bool) -> None:
        self.faults: list[tuple[int, str, str]] = []
        self.fault_count = 0
        self._heads = [str("" if cell is None else cell).strip() for cell in head]
        facts: dict[str, Fact] = {}
        for one in rule.facts:
            facts |= {_folded(one.name): one, _folded(one.meaning): one, _folded(label(one)): one}
        wanted = _folded(name_column)
        faults: list[str] = []
        self._name_at: int | None = None
        self._notes: list[int] = []
        self._facts: list[tuple[int, Fact, Callable[[Any], archive.Written]]] = []
        for at, text in enumerate(self._heads):
            folded = _folded(text)
            if not folded:
                continue
            if wanted and folded == wanted and self._name_at is None:
                self._name_at = at
                continue
            try:
                found = _fact_of(folded, facts)
            except UnitMismatch as error:
                faults.append(f"第 {at + 1} 列“{text}”：{error.text}")
                continue
            if found is not None:
                fact, factor = found
                if any(fact is other for _, other, _ in self._facts):
                    faults.append(f"第 {at + 1} 列“{text}”与前面的列是同一个事实“{fact.meaning}”，只留一列")
                elif factor is not None and fact.kind not in (Kind.NUMBER, Kind.INTEGER):
                    faults.append(f"第 {at + 1} 列“{text}”：事实“{fact.meaning}”没有单位，去掉括号里的单位")
                else:
                    self._facts.append((at, fact, _cached(_reader(fact, factor))))
            elif not wanted and folded in NAME_HEADS and self._name_at is None:
                self._name_at = at
            elif keep_notes and len(self._notes) < MOST_NOTES:
                self._notes.append(at)
            else:
                faults.append(f"第 {at + 1} 列“{text}”不是这条规则的事实；删去这一列，或者选择把其余的列作为备注保留")
        if wanted and self._name_at is None:
            faults.append(f"没有名为“{name_column}”的列可作行名")
        if not faults and not self._facts:
            faults.append("没有一列是这条规则的事实")
        if faults:
            raise TableColumnsWrong.of(file, faults, heads(rule))
        self.names = tuple(fact.name for _, fact, _ in self._facts)
        self.note_heads = tuple(self._heads[at] for at in self._notes)

    def rows(self, found: Iterator[Line]) -> Iterator[archive.ArchivedRow]:
        """The rows; faults are counted, and the first are kept, so that a person mends them all at once."""
        width = len(self._heads)
        for number, cells in found:
            if len(cells) > width and any(cell not in (None, "") for cell in cells[width:]):
                self._fault(number, f"第 {width + 1} 列", "列名一行没有这一列；补上列名，或者删去多出来的内容")
            facts: list[archive.Written] = []
            for at, fact, reader in self._facts:
                cell = cells[at] if at < len(cells) else None
                if cell is None or cell == "":
                    facts.append(None)
                    continue
                try:
                    facts.append(reader(cell))
                except BadValue as error:
                    self._fault(number, label(fact), str(error))
                    facts.append(None)
            name = self._text(number, cells, self._name_at, NAME_CHARACTERS) if self._name_at is not None else ""
            notes = [self._text(number, cells, at, NOTE_CHARACTERS) for at in self._notes]
            yield archive.ArchivedRow(number, name, facts, notes)

    def _text(self, number: int, cells: Sequence[Any], at: int, most: int) -> str:
        text = _as_text(cells[at]) if at < len(cells) else ""
        if len(text) > most:
            self._fault(number, self._heads[at], f"有 {len(text)} 个字，最多 {most} 个")
        return text[:most]

    def _fault(self, line: int, column: str, what: str) -> None:
        self.fault_count += 1
        if len(self.faults) < MOST_LISTED:
            self.faults.append((line, column, what[:FAULT_CHARACTERS]))


def _fact_of(folded: str, facts: dict[str, Fact]) -> tuple[Fact, Fraction | None] | None:
    """The fact that a head names, and by what its figures are multiplied. Raises: UnitMismatch."""
    if folded in facts:
        return facts[folded], None
    found = re.fullmatch(r"(.+?)[(\[【]([^()\[\]【】]+)[)\]】]", folded)
    if found is None or found[1] not in facts:
        return None
    fact = facts[found[1]]
    factor = converted(Fraction(1), name=fact.meaning, given=found[2], wanted=fact.unit) if fact.unit else Fraction(1)
    return fact, factor


def _reader(fact: Fact, factor: Fraction | None) -> Callable[[Any], archive.Written]:
    """What makes the written form of a fact from a cell. It raises BadValue."""

    def read(cell: Any) -> archive.Written:
        if fact.kind is Kind.BOOLEAN and not isinstance(cell, bool):
            if (truth := _TRUTHS.get(_folded(cell))) is None:
                raise BadValue(f"“{str(cell)[:40]}”不是“是”或“否”")
            cell = truth
        elif fact.kind is Kind.DATE:
            cell = day_of(cell)
        elif fact.kind in (Kind.TEXT, Kind.SET, Kind.LIST):
            cell = _as_text(cell)
        value = fact_value(fact, cell)
        if factor is not None and isinstance(value, int | Fraction):
            value = value * factor
            if fact.kind is Kind.INTEGER and value.denominator != 1:
                raise BadValue(f"换算成 {fact.unit} 后不是整数")
        told = written(value)
        return list(told) if fact.kind in (Kind.SET, Kind.LIST) else told[0]

    return read


def _cached(read: Callable[[Any], archive.Written], most: int = 50_000) -> Callable[[Any], archive.Written]:
    """A column says the same few things again and again; what each means is found once."""
    known: dict[tuple[type, Any], archive.Written] = {}

    def cached(cell: Any) -> archive.Written:
        key = (type(cell), cell)
        if key not in known:
            if len(known) >= most:
                known.clear()
            known[key] = read(cell)
        return known[key]

    return cached


def _as_text(cell: Any) -> str:
    """A cell as a person reads it: a code that the spreadsheet took for a number has no ``.0``."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", "", str(cell)).strip()
