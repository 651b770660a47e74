"""Verification of the record: everything is computed anew, streaming, in one pass over positions and blocks.

Memory stays flat: rows come by server-side cursors, and no more than one block's digests are held (10,000 × 32 bytes).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from . import rules
from .errors import BadSealFile

#: How many faults are listed; all are counted.
MOST_LISTED = 1_000

#: Rows that a server-side cursor brings at a time.
FETCH = 2_000

#: What each kind of fault is called on pages.
KINDS = {
    "event_changed": "事件被改动",
    "event_missing": "事件丢失",
    "gap": "位置缺失",
    "reordered": "次序被调换",
    "foreign_position": "位置不属于其块",
    "block_changed": "封存块被改动",
    "block_missing": "封存块缺失",
    "chain_broken": "块间链接断裂",
    "seal_differs": "与已导出的封存不符",
    "seal_missing": "已导出的封存块不见了",
    "never_sealed": "事件漏封",
    "lost_before_sealing": "事件在封存前丢失",
    "sealed_twice": "已封存的事件又在等待",
}


@dataclass(frozen=True, slots=True)
class Seal:
    """导出的封存: what was true of the record once, kept elsewhere: number, last position and hash of a block."""

    block: int
    position: int
    hash: bytes
    exported_at: str

    @classmethod
    def read(cls, data: Any, *, file: str) -> "Seal":
        """From the JSON that ``export-seal`` wrote. Raises: BadSealFile."""
        try:
            seal = cls(int(data["block"]), int(data["position"]), bytes.fromhex(data["hash"]), str(data["exported_at"]))
        except (KeyError, TypeError, ValueError) as error:
            raise BadSealFile(file=file) from error
        if len(seal.hash) != 32:
            raise BadSealFile(file=file)
        return seal

    def as_json(self) -> dict[str, Any]:
        """As ``export-seal`` writes it."""
        return {
            "algorithm": "SM3",
            "block": self.block,
            "position": self.position,
            "hash": self.hash.hex(),
            "exported_at": self.exported_at,
        }


@dataclass(frozen=True, slots=True)
class Fault:
    """问题: what is wrong, in which block, at which position and with which event, as far as known."""

    kind: str
    what: str
    block: int | None = None
    position: int | None = None
    event: int | None = None

    def as_json(self) -> dict[str, Any]:
        """As the command prints it and the table of verifications keeps it."""
        return {
            "kind": self.kind,
            "what": self.what,
            "block": self.block,
            "position": self.position,
            "event": self.event,
        }


@dataclass
class Findings:
    """核验结果: what was read, what waits, what is wrong."""

    blocks: int = 0
    positions: int = 0
    waiting: int = 0
    fault_count: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Nothing was found."""
        return self.fault_count == 0

    def add(self, kind: str, what: str, **where: int | None) -> None:
        """Note a fault."""
        self.fault_count += 1
        if len(self.faults) < MOST_LISTED:
            self.faults.append(Fault(kind, what, **where))


class _Block(NamedTuple):
    number: int
    first: int
    last: int
    previous_hash: bytes
    hash: bytes
    sealed_at: datetime


class _Position(NamedTuple):
    position: int
    event_id: int
    block: int
    digest: bytes
    event: dict[str, Any] | None


def verify(*, against: Sequence[Seal] = (), progress: Callable[[int], None] | None = None) -> Findings:
    """Compare the record with its seals, and with seals that were exported earlier.

    Finds: a changed or lost event, a lost or foreign position, events in another order, a changed, lost or cut-off
    block, an exported seal that no longer fits, and events that nobody would ever seal. One snapshot (REPEATABLE
    READ), so that sealing may go on meanwhile. What it cannot see without an exported seal: a record that was
    rewritten as a whole with every block computed anew, or whose last blocks were cut off.
    Args: ``progress`` is called with the last position of each block.
    """
    findings = Findings()
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        _Walk(findings, against, progress or (lambda _: None)).run()
        _loose_ends(findings)
    return findings


class _Walk:
    """One pass over blocks and positions side by side."""

    def __init__(self, findings: Findings, against: Sequence[Seal], progress: Callable[[int], None]) -> None:
        self.findings = findings
        self.progress = progress
        self.seals: dict[int, list[Seal]] = defaultdict(list)
        for seal in against:
            self.seals[seal.block].append(seal)
        self.positions = _positions()
        self.next = next(self.positions, None)

    def run(self) -> None:
        number, position, previous = 1, 1, rules.NO_HASH
        for block in _blocks():
            if block.number != number:
                what = f"缺少第 {number} 至 {block.number - 1} 块"
                self.findings.add("block_missing", what, block=number)
            elif block.previous_hash != previous:
                self.findings.add("chain_broken", "所记上一块摘要与上一块不符", block=block.number)
            if block.first != position and block.number == number:
                self.findings.add("gap", f"应从位置 {position} 开始，实为 {block.first}", block=block.number)
            self._block(block)
            number, position, previous = block.number + 1, block.last + 1, block.hash
            self.findings.blocks += 1
            self.progress(block.last)
        while self.next is not None:
            self._foreign(self.next, "不属于任何封存块")
        for seals in self.seals.values():
            for seal in seals:
                what = (
                    f"{seal.exported_at} 导出的第 {seal.block} 块（至位置 {seal.position}）已不在记录中，记录可能被截短"
                )
                self.findings.add("seal_missing", what, block=seal.block, position=seal.position)

    def _block(self, block: _Block) -> None:
        digests: list[bytes] = []
        due = block.first
        order = (-1, -1)
        while self.next is not None and self.next.position <= block.last:
            at = self.next
            if at.position < due:
                self._foreign(at, "不属于任何封存块")
                continue
            if at.position > due:
                self._gap(block, due, at.position - 1)
            due = at.position + 1
            if at.block != block.number:
                what = f"位置 {at.position} 记在第 {at.block} 块名下"
                self.findings.add("foreign_position", what, block=block.number, position=at.position, event=at.event_id)
            order = self._event(block, at, order)
            digests.append(at.digest)
            self._turn()
        if due <= block.last:
            self._gap(block, due, block.last)
        found = rules.block_hash(
            previous=block.previous_hash,
            number=block.number,
            first=block.first,
            last=block.last,
            sealed_at=block.sealed_at,
            digests=digests,
        )
        if found != block.hash:
            what = f"位置 {block.first} 至 {block.last} 重算的块摘要与所记不符"
            self.findings.add("block_changed", what, block=block.number, position=block.first)
        for seal in self.seals.pop(block.number, ()):
            if seal.hash != block.hash or seal.position != block.last:
                what = f"与 {seal.exported_at} 导出的封存不符：此后有人改写了到位置 {seal.position} 为止的记录"
                self.findings.add("seal_differs", what, block=block.number, position=seal.position)

    def _event(self, block: _Block, at: _Position, order: tuple[int, int]) -> tuple[int, int]:
        """Check one event; returns its place in the order of commits, which grows within a block."""
        where = {"block": block.number, "position": at.position, "event": at.event_id}
        if at.event is None:
            self.findings.add("event_missing", f"位置 {at.position} 的事件 {at.event_id} 不见了", **where)
            return order
        if rules.event_digest(at.event) != at.digest:
            what = f"位置 {at.position} 的事件 {at.event_id} 与封存时的摘要不符"
            self.findings.add("event_changed", what, **where)
            return order
        here = (int(at.event["txid"]), at.event_id)
        if here < order:
            self.findings.add("reordered", f"位置 {at.position} 的事件 {at.event_id} 应排在前面", **where)
        return max(here, order)

    def _gap(self, block: _Block, first: int, last: int) -> None:
        what = f"缺少位置 {first}" if first == last else f"缺少位置 {first} 至 {last}"
        self.findings.add("gap", what, block=block.number, position=first)

    def _foreign(self, at: _Position, why: str) -> None:
        what = f"位置 {at.position}（事件 {at.event_id}）{why}"
        self.findings.add("foreign_position", what, block=at.block, position=at.position, event=at.event_id)
        self._turn()

    def _turn(self) -> None:
        self.findings.positions += 1
        self.next = next(self.positions, None)


def _loose_ends(findings: Findings) -> None:
    """Events outside the seals: those that wait are in order, the others are not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_waiting")
        findings.waiting = cursor.fetchone()[0]
    questions = {
        "never_sealed": (
            "SELECT id FROM audit_event e WHERE NOT EXISTS (SELECT 1 FROM audit_sealedevent WHERE event_id = e.id)"
            " AND NOT EXISTS (SELECT 1 FROM audit_waiting WHERE event_id = e.id) ORDER BY id",
            "事件 {} 既未封存，也不在等待封存之列",
        ),
        "lost_before_sealing": (
            "SELECT event_id FROM audit_waiting w WHERE NOT EXISTS (SELECT 1 FROM audit_event WHERE id = w.event_id)"
            " AND NOT EXISTS (SELECT 1 FROM audit_sealedevent WHERE event_id = w.event_id) ORDER BY event_id",
            "等待封存的事件 {} 不见了",
        ),
        "sealed_twice": (
            "SELECT event_id FROM audit_waiting JOIN audit_sealedevent USING (event_id) ORDER BY event_id",
            "事件 {} 已经封存，又被放回等待之列",
        ),
    }
    for kind, (question, what) in questions.items():
        for (event_id,) in _stream(question):
            findings.add(kind, what.format(event_id), event=event_id)


def _blocks() -> Iterator[_Block]:
    rows = _stream("SELECT number, first, last, previous_hash, hash, sealed_at FROM audit_block ORDER BY number")
    for number, first, last, previous_hash, own_hash, sealed_at in rows:
        yield _Block(number, first, last, bytes(previous_hash), bytes(own_hash), sealed_at)


def _positions() -> Iterator[_Position]:
    question = (
        f"SELECT s.position, s.event_id, s.block_id, s.digest, {rules.EVENT_COLUMNS}"
        " FROM audit_sealedevent s LEFT JOIN audit_event e ON e.id = s.event_id ORDER BY s.position"
    )
    for position, event_id, block, digest, *event in _stream(question):
        row = None if event[0] is None else dict(zip(rules.EVENT_FIELDS, event, strict=True))
        yield _Position(position, event_id, block, bytes(digest), row)


def _stream(question: str) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(question)
        while rows := cursor.fetchmany(FETCH):
            yield from rows
