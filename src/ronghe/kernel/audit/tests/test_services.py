"""Recording and sealing."""

import threading

import pytest
from django.db import connection, transaction

from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.audit import checking, services
from ronghe.kernel.audit.errors import NothingSealed
from ronghe.kernel.audit.models import Block, Event, SealedEvent, Verification, Waiting
from ronghe.site.testing import in_parallel

from .helpers import CLERK, NOON, as_server, happen, seal, settle, tamper

INSERT = (
    "INSERT INTO audit_event (at, verb, subject_type, subject_id, role, division, facts)"
    " VALUES (now(), 'market.lot.awarded', 'market.lot', '1', 'leader', '', '{}')"
)


@pytest.mark.django_db
def test_an_event_says_who_when_what_and_where():
    given = Actor(user_id=5, role="self", org_unit_id=None, on_behalf_of_id=8)
    (event,) = happen(actor=given, facts={"bid": 3, "of": [1, 2]}, division="370322100000")
    event.refresh_from_db()
    assert (event.user_id, event.role, event.org_unit_id, event.on_behalf_of_id) == (5, "self", None, 8)
    assert (event.at, event.verb, event.subject_type, event.subject_id) == (
        NOON,
        "market.lot.awarded",
        "market.lot",
        "1",
    )
    assert (event.division, event.facts) == ("370322100000", {"bid": 3, "of": [1, 2]})


@pytest.mark.django_db
def test_without_a_division_of_its_own_an_event_happens_where_its_actor_was_granted():
    assert happen()[0].division == "370322000000"
    assert happen(actor=SYSTEM)[0].division == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given",
    [
        {"facts": {"who": "张三"}},
        {"subject": ("parties.party", "110105194912310021")},
        {"subject": Event()},
        {"at": NOON.replace(tzinfo=None)},
    ],
)
def test_personal_values_and_our_own_bugs_are_refused(given):
    with pytest.raises(ValueError):  # noqa: PT011 - each says something else
        happen(**given)
    assert not Event.objects.exists()


def test_an_event_outside_the_transaction_of_its_act_is_refused(fresh_database):
    with pytest.raises(ValueError, match="transaction of its act"):
        services.record(verb="a.b.c", subject=("x", 1), actor=CLERK, at=NOON)


@pytest.mark.django_db
def test_a_bulk_command_is_one_event_with_a_count_and_a_digest():
    ids = range(5_000)
    (event,) = happen(facts={"count": len(ids), "ids": services.digest_of(ids)})
    assert event.facts["count"] == 5_000
    assert event.facts["ids"] == services.digest_of(reversed(ids)) != services.digest_of(range(4_999))


def test_sealing_gives_gap_free_positions_in_linked_blocks(fresh_database):
    # given three events, then two
    first = happen(3)
    one = seal()
    second = happen(2)
    two = seal()
    # then positions run on, in the order of commits, and the second block names the first
    assert list(SealedEvent.objects.order_by("position").values_list("position", "event_id", "block_id")) == [
        (1, first[0].pk, 1), (2, first[1].pk, 1), (3, first[2].pk, 1), (4, second[0].pk, 2), (5, second[1].pk, 2),
    ]  # fmt: skip
    assert bytes(two.previous_hash) == bytes(one.hash)
    assert (one.first, one.last, two.first, two.last) == (1, 3, 4, 5)
    assert not Waiting.objects.exists()
    # and a repeat seals nothing
    assert seal() is None
    assert checking.verify().is_whole


def test_a_block_takes_no_more_than_its_size(fresh_database):
    happen(5)
    assert [seal(most=2).last for _ in range(3)] == [2, 4, 5]
    assert seal(most=2) is None
    assert checking.verify().is_whole


def test_what_was_rolled_back_leaves_no_gap(fresh_database):
    happen()
    with transaction.atomic():
        services.record(verb="a.b.c", subject=("x", 1), actor=CLERK, at=NOON)
        transaction.set_rollback(True)
    happen()
    assert seal().last == 2
    assert checking.verify().is_whole


def test_an_open_transaction_that_is_older_holds_back_what_came_later(fresh_database):
    """Two connections. Without the bound by the oldest running transaction (``_SETTLED``) the later event would get
    position 1 and the earlier one position 2: seen to fail with ``txid < pg_snapshot_xmin(…)`` taken out."""
    with as_server(fresh_database) as slow:
        # given a transaction that has begun to write, and a later one that has committed
        slow.execute(INSERT)
        (later,) = happen()
        # then nothing is sealed before the first has ended
        assert services.seal(at=NOON) is None
        slow.commit()
        block = seal()
    assert block.last == 2
    assert SealedEvent.objects.get(position=2).event_id == later.pk
    assert checking.verify().is_whole


def test_a_transaction_that_is_younger_holds_nothing_back(fresh_database):
    happen()
    with as_server(fresh_database) as open_one:
        open_one.execute(INSERT)
        assert seal().last == 1


def test_two_sealers_at_the_same_moment_seal_each_event_once(fresh_database):
    """Two threads. Seen to fail with the advisory lock taken out: both read the same last block, and the second one
    breaks on ``block_follows_the_last``."""
    happen(40)
    settle()
    outcomes = in_parallel(*[lambda: services.seal(at=NOON, most=20) for _ in range(2)])
    assert sorted(block.last for block in outcomes) == [20, 40]
    assert checking.verify().is_whole


def test_a_sealer_that_need_not_wait_leaves_the_work_to_the_other(fresh_database):
    happen()
    with as_server(fresh_database) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [services.SEALER_LOCK])
        assert services.seal(at=NOON, wait=False) is None
        assert Waiting.objects.count() == 1
    assert seal(wait=False).last == 1


def test_writers_and_a_sealer_at_work_together_lose_nothing(fresh_database):
    """Four threads write, one seals all the while; in the end every event has exactly one position."""
    done = threading.Event()

    def write():
        for _ in range(25):
            happen()

    def seal_on():
        while not done.is_set():
            services.seal(at=NOON)
        connection.close()

    thread = threading.Thread(target=seal_on)
    thread.start()
    outcomes = in_parallel(write, write, write, write)
    done.set()
    thread.join()
    settle()
    services.seal_all(at=NOON)
    assert outcomes == [None] * 4
    assert SealedEvent.objects.count() == Event.objects.count() == 100
    assert checking.verify().is_whole


def test_events_of_a_restored_backup_are_sealed_although_their_numbers_lie_ahead(fresh_database):
    # given an event that came with a backup from a database that had counted further
    happen()
    tamper(fresh_database, "UPDATE audit_event SET txid = '999999999'")
    # then it is sealed at once, and the events of today are too
    assert seal().last == 1
    happen()
    assert seal().last == 2
    assert checking.verify().is_whole


def test_a_row_written_past_the_service_does_not_stop_the_sealer(fresh_database):
    with transaction.atomic():
        Event.objects.create(
            at=NOON, verb="a.b", subject_type="x", subject_id="1", role="y", facts={"f": 1.5, "名": "张", "big": 1e300}
        )
    assert seal().last == 1
    assert checking.verify().is_whole


def test_events_that_fell_out_of_the_queue_are_taken_back_sealed_and_told(fresh_database):
    # given a record of which somebody with all rights has emptied the queue, while two more events come after
    fallen = happen(3)
    tamper(fresh_database, "DELETE FROM audit_waiting")
    happen(2)
    assert seal().last == 2
    assert checking.verify().fault_count == 3
    # when they are taken back, and it is repeated
    assert [services.take_back(actor=SYSTEM, at=NOON) for _ in range(2)] == [3, 0]
    # then they are sealed like any other, and the record says what happened
    told = Event.objects.get(verb="audit.queue.mended")
    assert told.facts == {"count": 3, "events": services.digest_of([event.pk for event in fallen])}
    assert seal().last == 6
    assert checking.verify().is_whole


def test_a_sealed_event_in_the_queue_does_not_stop_the_sealer(fresh_database):
    (first,) = happen()
    seal()
    tamper(fresh_database, f"INSERT INTO audit_waiting VALUES ({first.pk})")
    happen()
    assert seal().last == 2
    assert services.take_back(actor=SYSTEM, at=NOON) == 0
    assert not Waiting.objects.exists()
    assert checking.verify().is_whole


def test_what_others_are_writing_is_not_taken_back(fresh_database):
    with as_server(fresh_database) as other:
        other.execute(INSERT)
        assert services.take_back(actor=SYSTEM, at=NOON) == 0
        other.commit()
    assert seal().last == 1


def test_an_exported_seal_names_the_last_block(fresh_database):
    with pytest.raises(NothingSealed):
        services.exported_seal(actor=SYSTEM, at=NOON)
    happen(2)
    block = seal()
    exported = services.exported_seal(actor=SYSTEM, at=NOON)
    assert (exported.block, exported.position, exported.hash) == (1, 2, bytes(block.hash))
    assert checking.Seal.read(exported.as_json(), file="x") == exported
    assert Event.objects.get(verb="audit.seal.exported").facts == {"position": 2}


def test_what_a_verification_found_is_kept(fresh_database):
    happen(2)
    seal()
    kept = services.keep_verification(findings=checking.verify(), against=(), actor=SYSTEM, at=NOON)
    assert Verification.objects.get() == kept
    assert (kept.blocks, kept.positions, kept.waiting, kept.fault_count) == (1, 2, 0, 0)


def test_the_job_seals_and_the_nightly_job_verifies(fresh_database):
    from ronghe.kernel.audit import tasks

    happen(2)
    settle()
    assert tasks.seal_settled_events(timestamp=0) == 1
    assert tasks.verify_record(timestamp=0) == 0
    assert Block.objects.count() == Verification.objects.count() == 1


def test_the_nightly_job_reports_what_was_never_sealed_and_takes_it_back(fresh_database):
    from ronghe.kernel.audit import tasks

    happen(2)
    tamper(fresh_database, "DELETE FROM audit_waiting")
    assert tasks.verify_record(timestamp=0) == 2
    assert [fault["kind"] for fault in Verification.objects.get().faults] == ["never_sealed"] * 2
    settle()
    tasks.seal_settled_events(timestamp=0)
    assert tasks.verify_record(timestamp=0) == 0
