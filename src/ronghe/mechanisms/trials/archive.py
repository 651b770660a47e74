"""Archived rows: the facts of a table as they were read, in compressed chunks that give the same facts years later."""

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from ronghe.kernel.errors import Conflict
from ronghe.policy.rulebook import Rule
from ronghe.policy.values import Kind

#: Rows of one chunk: little enough to be evaluated between two looks at the clock.
CHUNK_ROWS = 1_000

#: A fact in its written form: one text, a list of texts, or None where it is not known.
Written = str | list[str] | None


class TableOutdated(Conflict):
    """The rule no longer takes a fact that the table has."""

    code = "trials.table_outdated"
    message = "规则“{rule}”后来改了写法，不再使用表格里的 {columns}。请按新的模板重新上传表格再试算。"


class ArchivedRow(NamedTuple):
    """One row of a table: its line in the file, its name, its facts in the order of the columns, its notes."""

    line: int
    name: str
    facts: list[Written]
    notes: list[str]


def encoded(row: ArchivedRow) -> bytes:
    """The one spelling of a row, over which digests are made."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def packed(lines: Sequence[bytes]) -> bytes:
    """A chunk of encoded rows."""
    return zlib.compress(b"".join(lines), 6)


def unpacked(content: bytes) -> Iterator[ArchivedRow]:
    """The rows of a chunk: one JSON text, because a line feed within a text is written as an escape."""
    for row in json.loads(b"[" + zlib.decompress(content).rstrip(b"\n").replace(b"\n", b",") + b"]"):
        yield ArchivedRow(*row)


@lru_cache(maxsize=65_536)
def _fraction(text: str) -> Fraction:
    return Fraction(text)


def _truth(text: str) -> bool:
    return text == "true"


_READERS: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.NUMBER: _fraction,
    Kind.INTEGER: int,
    Kind.BOOLEAN: _truth,
    Kind.DATE: date.fromisoformat,
    Kind.TEXT: str,
    Kind.SET: frozenset,
    Kind.LIST: tuple,
}


def facts_reader(rule: Rule, columns: Sequence[str]) -> Callable[[Sequence[Written]], Any]:
    """What makes the facts object of a row, without asking again what was checked when the table was read.

    Raises: TableOutdated.
    """
    known = {one.name: one for one in rule.facts}
    if gone := [name for name in columns if name not in known]:
        raise TableOutdated(rule=rule.title, columns="、".join(gone))
    facts_type = rule.facts_type
    places = [(columns.index(one.name) if one.name in columns else None, _READERS[one.kind]) for one in rule.facts]

    def read(facts: Sequence[Written]) -> Any:
        return facts_type(*(None if at is None or (raw := facts[at]) is None else reader(raw) for at, reader in places))

    return read
