"""Commands on the record: write an event, seal what is settled, keep the result of a verification."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from ronghe.kernel.actors import Actor

from . import rules
from .checking import Findings, Seal
from .errors import NothingSealed
from .models import Block, Event, SealedEvent, Verification, Waiting

#: Advisory lock of the one sealer ("seal" in ASCII).
SEALER_LOCK = 0x7365616C

#: The most events that one block takes, so that a block is one short transaction.
BLOCK_SIZE = 10_000

#: Of the faults that a verification found, as many are kept; all are counted.
MOST_KEPT = 100

# One statement, so that the rows and the bounds of the snapshot belong together. The number of the own transaction also
# lies beyond xmax, therefore the last condition.
_SETTLED = f"""
    SELECT {rules.EVENT_COLUMNS} FROM audit_waiting w JOIN audit_event e ON e.id = w.event_id
    WHERE (e.txid < pg_snapshot_xmin(pg_current_snapshot())
       OR e.txid >= pg_snapshot_xmax(pg_current_snapshot()) AND e.txid IS DISTINCT FROM pg_current_xact_id_if_assigned())
      AND NOT EXISTS (SELECT 1 FROM audit_sealedevent s WHERE s.event_id = e.id)
    ORDER BY e.txid, e.id LIMIT %s
"""

# Committed events of which nobody would ever hear again. An event and its row in the queue are written together, so
# that one snapshot shows both or neither.
_TAKE_BACK = """
    INSERT INTO audit_waiting (event_id)
    SELECT e.id FROM audit_event e
    WHERE NOT EXISTS (SELECT 1 FROM audit_sealedevent s WHERE s.event_id = e.id)
      AND NOT EXISTS (SELECT 1 FROM audit_waiting w WHERE w.event_id = e.id)
    RETURNING event_id
"""

#: Rows of the queue whose event has a position already: it was put back past the triggers.
_ALREADY_SEALED = "DELETE FROM audit_waiting w USING audit_sealedevent s WHERE s.event_id = w.event_id"


def record(
    *,
    verb: str,
    subject: models.Model | tuple[str, int | str],
    actor: Actor,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    division: str | None = None,
) -> Event:
    """Write one event (事件) in the transaction of the act that it records.

    A bulk command is one event: its facts give counts and ``digest_of`` the ids, not the ids themselves.
    Args: ``verb`` is ``room.thing.acted``; ``subject`` a saved row or (type, id); ``division`` where it happened, by
    default the subject's own division, else the one that the actor's role was granted for.
    Raises: ValueError when the facts could hold personal values, or when no transaction is open: our own bugs.
    """
    if not connection.in_atomic_block:
        raise ValueError(f"{verb}: an event is written in the transaction of its act")
    if at.tzinfo is None:
        raise ValueError(f"{verb}: the time of an event is an instant with a zone")
    kind, key = _named(subject)
    if division is None:
        own = getattr(subject, "division_id", None)
        division = own if isinstance(own, str) else actor.division
    return Event.objects.create(
        at=at,
        verb=verb,
        subject_type=kind,
        subject_id=key,
        user_id=actor.user_id,
        role=actor.role,
        org_unit_id=actor.org_unit_id,
        on_behalf_of_id=actor.on_behalf_of_id,
        division=division or "",
        facts=rules.checked_facts(facts or {}),
    )


def _named(subject: models.Model | tuple[str, int | str]) -> tuple[str, str]:
    if isinstance(subject, models.Model):
        if subject.pk is None:
            raise ValueError("the subject of an event is a saved row")
        kind, key = subject._meta.label_lower, str(subject.pk)
    else:
        kind, key = subject[0].lower(), str(subject[1])  # as Django writes the label of a row
    rules.checked_facts({"type": kind, "id": key})
    return kind, key


def digest_of(ids: Iterable[int | str]) -> str:
    """What the event of a bulk command says of the rows it touched: SM3 of their sorted ids, in hex."""
    return rules.sm3(rules.canonical(sorted(str(i) for i in ids))).hex()


@transaction.atomic(durable=True)
def seal(*, at: datetime, wait: bool = True, most: int = BLOCK_SIZE) -> Block | None:
    """Give the next positions to the events that are settled, and link them in one block; none when none is.

    An event is settled when every transaction up to its own has ended (its number is below the oldest running
    one), so that no earlier event can still appear; positions follow (transaction, id). An event whose number lies
    beyond every number that this database has given out came with a restored backup: it is settled too.
    Two sealers never work at once: with ``wait`` false the second does nothing. Locks: the sealer's advisory lock.
    """
    with connection.cursor() as cursor:
        if wait:
            _lock_sealing(cursor)
        else:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER_LOCK])
            if not cursor.fetchone()[0]:
                return None
    events = _settled(most)
    if not events:
        return None
    before = Block.objects.order_by("-number").first()
    number, first = (before.number + 1, before.last + 1) if before else (1, 1)
    previous = bytes(before.hash) if before else rules.NO_HASH
    sealed = [
        SealedEvent(position=first + i, event_id=row["id"], block_id=number, digest=rules.event_digest(row))
        for i, row in enumerate(events)
    ]
    last = sealed[-1].position
    SealedEvent.objects.bulk_create(sealed, batch_size=2_000)
    block = Block.objects.create(
        number=number,
        first=first,
        last=last,
        previous_hash=previous,
        hash=rules.block_hash(
            previous=previous,
            number=number,
            first=first,
            last=last,
            sealed_at=at,
            digests=(bytes(s.digest) for s in sealed),
        ),
        sealed_at=at,
    )
    Waiting.objects.filter(event_id__in=[s.event_id for s in sealed]).delete()
    return block


def _settled(most: int) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED, [most])
        return [dict(zip(rules.EVENT_FIELDS, row, strict=True)) for row in cursor.fetchall()]


@transaction.atomic(durable=True)
def take_back(*, actor: Actor, at: datetime) -> int:
    """Let events wait again that have neither a position nor a place in the queue; returns how many, and records it.

    Somebody has switched the triggers of the queue off: verification calls these events ``never_sealed``. Rows of the
    queue whose event is sealed already go. It reads the whole record, therefore it is done once a night and by hand. A
    repeat changes nothing. Locks: the sealer's advisory lock.
    """
    with connection.cursor() as cursor:
        _lock_sealing(cursor)
        cursor.execute(_ALREADY_SEALED)
        cursor.execute(_TAKE_BACK)
        taken = [row[0] for row in cursor.fetchall()]
    if taken:
        facts = {"count": len(taken), "events": digest_of(taken)}
        record(verb="audit.queue.mended", subject=("audit.waiting", min(taken)), actor=actor, at=at, facts=facts)
    return len(taken)


def _lock_sealing(cursor: Any) -> None:
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])


def seal_all(*, at: datetime, wait: bool = True) -> int:
    """Seal block after block until nothing settled waits; returns the number of blocks."""
    blocks = 0
    while (block := seal(at=at, wait=wait)) is not None:
        blocks += 1
        if block.last - block.first + 1 < BLOCK_SIZE:
            break
    return blocks


def exported_seal(*, actor: Actor, at: datetime) -> Seal:
    """The last block's number, position and hash, to be kept where nobody of this platform can change it.

    Raises: NothingSealed.
    """
    with transaction.atomic():
        last = Block.objects.order_by("-number").first()
        if last is None:
            raise NothingSealed()
        record(verb="audit.seal.exported", subject=last, actor=actor, at=at, facts={"position": last.last})
    return Seal(last.number, last.last, bytes(last.hash), rules.instant(at))


@transaction.atomic
def keep_verification(*, findings: Findings, against: Sequence[Seal], actor: Actor, at: datetime) -> Verification:
    """Keep what a verification found, for the auditors' page, and record that it took place."""
    kept = Verification.objects.create(
        at=at,
        user_id=actor.user_id,
        blocks=findings.blocks,
        positions=findings.positions,
        waiting=findings.waiting,
        fault_count=findings.fault_count,
        faults=[fault.as_json() for fault in findings.faults[:MOST_KEPT]],
        against=[seal.block for seal in against],
    )
    facts = {"faults": findings.fault_count, "positions": findings.positions, "against": len(against)}
    record(verb="audit.record.verified", subject=kept, actor=actor, at=at, facts=facts)
    return kept
