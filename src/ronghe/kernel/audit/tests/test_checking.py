"""Verification finds what somebody with all rights over the database has done to the record."""

import pytest

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit import checking, rules, services
from ronghe.kernel.audit.errors import BadSealFile
from ronghe.kernel.audit.models import Block, SealedEvent

from .helpers import NOON, happen, seal, tamper


@pytest.fixture
def record(fresh_database):
    """Two blocks: positions 1–3 and 4–6; one more event waits."""
    happen(3)
    seal()
    happen(3)
    seal()
    happen()
    return fresh_database


def event_at(position: int) -> int:
    return SealedEvent.objects.get(position=position).event_id


def kinds(findings: checking.Findings) -> set[str]:
    return {fault.kind for fault in findings.faults}


def at(findings: checking.Findings, kind: str) -> list[tuple[int | None, int | None]]:
    return [(fault.block, fault.position) for fault in findings.faults if fault.kind == kind]


def test_a_record_that_nobody_touched_is_whole(record):
    findings = checking.verify()
    assert (findings.is_whole, findings.blocks, findings.positions, findings.waiting) == (True, 2, 6, 1)


COLUMNS = [
    "verb = 'market.lot.lost'",
    "at = at + interval '1 microsecond'",
    "subject_type = 'x'",
    "subject_id = '99'",
    "user_id = 6",
    "user_id = NULL",
    "role = 'leader'",
    "org_unit_id = 3",
    "on_behalf_of_id = 1",
    "division = ''",
    """facts = '{"bid": 77}'""",
    "txid = '1'",
]


def test_a_change_of_any_column_is_found_at_its_position(record):
    one = event_at(2)
    tamper(record, f"CREATE TABLE kept AS SELECT * FROM audit_event WHERE id = {one}")
    for change in COLUMNS:
        tamper(record, f"UPDATE audit_event SET {change} WHERE id = {one}")
        findings = checking.verify()
        assert at(findings, "event_changed") == [(1, 2)], change
        assert findings.fault_count == 1, change
        tamper(record, f"DELETE FROM audit_event WHERE id = {one}", "INSERT INTO audit_event SELECT * FROM kept")
        assert checking.verify().is_whole, change
    assert {change.split(" ")[0] for change in COLUMNS} | {"id"} == set(rules.EVENT_FIELDS)


def test_a_changed_event_whose_digest_was_forged_too_is_found_by_its_block(record):
    one = event_at(2)
    tamper(record, f"UPDATE audit_event SET user_id = 6 WHERE id = {one}")
    forged = _digest(record, one)
    tamper(record, f"UPDATE audit_sealedevent SET digest = '\\x{forged.hex()}' WHERE position = 2")
    findings = checking.verify()
    assert kinds(findings) == {"block_changed"}
    assert at(findings, "block_changed") == [(1, 1)]


def test_a_lost_event_is_found(record):
    tamper(record, f"DELETE FROM audit_event WHERE id = {event_at(5)}")
    assert at(checking.verify(), "event_missing") == [(2, 5)]


def test_a_lost_event_and_position_leave_a_gap(record):
    one = event_at(5)
    tamper(record, f"DELETE FROM audit_event WHERE id = {one}", "DELETE FROM audit_sealedevent WHERE position = 5")
    findings = checking.verify()
    assert at(findings, "gap") == [(2, 5)]
    assert "block_changed" in kinds(findings)


def test_a_gap_that_was_closed_by_moving_up_is_found(record):
    tamper(
        record,
        f"DELETE FROM audit_event WHERE id = {event_at(2)}",
        "DELETE FROM audit_sealedevent WHERE position = 2",
        "UPDATE audit_sealedevent SET position = 2 WHERE position = 3",
    )
    assert {"gap", "block_changed"} <= kinds(checking.verify())


def test_two_events_that_changed_places_are_found(record):
    a, b = event_at(1), event_at(3)
    da, db = _digest(record, a), _digest(record, b)
    tamper(
        record,
        "DELETE FROM audit_sealedevent WHERE position IN (1, 3)",
        "INSERT INTO audit_sealedevent (position, event_id, digest, block_id)"
        f" VALUES (1, {b}, '\\x{db.hex()}', 1), (3, {a}, '\\x{da.hex()}', 1)",
    )
    findings = checking.verify()
    assert at(findings, "reordered") == [(1, 2), (1, 3)]
    assert "block_changed" in kinds(findings)


@pytest.mark.parametrize("change", ["sealed_at = sealed_at + interval '1 s'", "hash = decode(repeat('11', 32), 'hex')"])
def test_a_changed_block_is_found(record, change):
    tamper(record, f"UPDATE audit_block SET {change} WHERE number = 1")
    assert "block_changed" in kinds(checking.verify())


def test_a_block_computed_anew_breaks_the_chain(record):
    # given somebody who changed an event and forged its digest and its block
    one = event_at(2)
    tamper(record, f"UPDATE audit_event SET user_id = 6 WHERE id = {one}")
    _forge(record, 1)
    findings = checking.verify()
    assert kinds(findings) == {"chain_broken"}
    assert at(findings, "chain_broken") == [(2, None)]


def test_a_record_rewritten_as_a_whole_is_found_against_an_exported_seal_only(record):
    seals = [services.exported_seal(actor=SYSTEM, at=NOON)]
    tamper(record, f"UPDATE audit_event SET user_id = 6 WHERE id = {event_at(2)}")
    _forge(record, 1)
    _forge(record, 2)
    assert checking.verify().is_whole
    assert at(checking.verify(against=seals), "seal_differs") == [(2, 6)]


def test_a_record_cut_off_at_the_end_is_found_against_an_exported_seal(record):
    seals = [services.exported_seal(actor=SYSTEM, at=NOON)]
    events = ",".join(str(event_at(p)) for p in (4, 5, 6))
    tamper(
        record,
        "DELETE FROM audit_sealedevent WHERE block_id = 2",
        "DELETE FROM audit_block WHERE number = 2",
        f"DELETE FROM audit_event WHERE id IN ({events})",
    )
    assert checking.verify().is_whole
    assert at(checking.verify(against=seals), "seal_missing") == [(2, 6)]


def test_a_lost_block_is_found(record):
    tamper(record, "DELETE FROM audit_sealedevent WHERE block_id = 1", "DELETE FROM audit_block WHERE number = 1")
    findings = checking.verify()
    assert {"block_missing", "never_sealed"} <= kinds(findings)


def test_a_position_added_behind_the_last_block_is_found(record):
    tamper(
        record,
        f"INSERT INTO audit_sealedevent (position, event_id, block_id, digest) VALUES (9, 999, 2, '\\x{'00' * 32}')",
    )
    assert at(checking.verify(), "foreign_position") == [(2, 9)]


def test_an_event_that_nobody_would_ever_seal_is_found(record):
    tamper(record, "DELETE FROM audit_waiting")
    assert kinds(checking.verify()) == {"never_sealed"}


def test_an_event_that_vanished_before_it_was_sealed_is_found(record):
    tamper(record, "DELETE FROM audit_event WHERE id = (SELECT event_id FROM audit_waiting)")
    assert kinds(checking.verify()) == {"lost_before_sealing"}


def test_a_sealed_event_put_back_into_the_queue_is_found(record):
    tamper(record, f"INSERT INTO audit_waiting VALUES ({event_at(1)})")
    assert kinds(checking.verify()) == {"sealed_twice"}


def test_faults_are_counted_all_but_listed_up_to_a_limit(record, monkeypatch):
    monkeypatch.setattr(checking, "MOST_LISTED", 2)
    tamper(record, "UPDATE audit_event SET user_id = 6")
    findings = checking.verify()
    assert (findings.fault_count, len(findings.faults)) == (6, 2)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"block": 1, "position": 2, "hash": "zz", "exported_at": ""},
        {"block": 1, "position": 2, "hash": "00", "exported_at": ""},
    ],
)
def test_a_file_that_is_no_seal_is_refused(data):
    with pytest.raises(BadSealFile):
        checking.Seal.read(data, file="seal.json")


# -- what a forger can do ------------------------------------------------------------------------------------------


def _digest(database: str, event_id: int) -> bytes:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {rules.EVENT_COLUMNS} FROM audit_event e WHERE id = %s", [event_id])
        return rules.event_digest(dict(zip(rules.EVENT_FIELDS, cursor.fetchone(), strict=True)))


def _forge(database: str, number: int) -> None:
    """Compute a block anew, with the digests of its events as they are now."""
    block = Block.objects.get(number=number)
    before = Block.objects.filter(number=number - 1).first()
    previous = bytes(before.hash) if before else rules.NO_HASH
    digests = []
    for sealed in SealedEvent.objects.filter(block=block).order_by("position"):
        digests.append(_digest(database, sealed.event_id))
        tamper(
            database,
            f"UPDATE audit_sealedevent SET digest = '\\x{digests[-1].hex()}' WHERE position = {sealed.position}",
        )
    forged = rules.block_hash(
        previous=previous, number=number, first=block.first, last=block.last, sealed_at=block.sealed_at, digests=digests
    )
    tamper(
        database,
        f"UPDATE audit_block SET hash = '\\x{forged.hex()}', previous_hash = '\\x{previous.hex()}' WHERE number = {number}",
    )
