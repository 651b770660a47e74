"""The record refuses change: to the role that serves, to the owner, and to a superuser who silences triggers."""

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from ronghe.kernel.audit import checking
from ronghe.kernel.audit.models import Block, Event, SealedEvent, Verification, Waiting

from .helpers import NOON, as_owner, as_superuser, happen, seal

pytestmark = pytest.mark.constraints

CHANGES = [
    ("audit_event", "UPDATE audit_event SET verb = 'x.y'"),
    ("audit_event", "UPDATE audit_event SET facts = '{}' WHERE id = 1"),
    ("audit_event", "DELETE FROM audit_event"),
    ("audit_event", "TRUNCATE audit_event"),
    ("audit_block", "UPDATE audit_block SET sealed_at = now()"),
    ("audit_block", "DELETE FROM audit_block"),
    ("audit_block", "TRUNCATE audit_block CASCADE"),
    ("audit_sealedevent", "UPDATE audit_sealedevent SET position = position + 100"),
    ("audit_sealedevent", "DELETE FROM audit_sealedevent"),
    ("audit_sealedevent", "TRUNCATE audit_sealedevent"),
    ("audit_verification", "UPDATE audit_verification SET fault_count = 0"),
    ("audit_verification", "DELETE FROM audit_verification"),
    ("audit_verification", "TRUNCATE audit_verification"),
    ("audit_waiting", "TRUNCATE audit_waiting"),
]


@pytest.fixture
def sealed(fresh_database):
    happen(3)
    seal()
    with transaction.atomic():
        Verification.objects.create(at=NOON, blocks=1, positions=3, waiting=0, fault_count=0)
    return fresh_database


def test_neither_the_serving_role_nor_the_owner_changes_history(sealed):
    with as_owner(sealed) as owner:
        for table, change in CHANGES:
            with (
                pytest.raises(DatabaseError),
                connection.cursor() as cursor,
            ):  # for want of the right, or by the trigger
                cursor.execute(change)
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation) as refused:
                owner.execute(change)
            named = {f"{table}_is_append_only", "audit_sealedevent_is_append_only"}  # TRUNCATE … CASCADE meets either
            assert refused.value.diag.constraint_name in named, change
    assert checking.verify().is_whole


def test_playing_a_replica_does_not_silence_the_triggers(sealed):
    with as_superuser(sealed) as root:
        try:
            root.execute("SET session_replication_role = replica")
        except psycopg.errors.InsufficientPrivilege:
            pytest.skip("this server gives the suite no superuser")
        for _, change in CHANGES:
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
                root.execute(change)


@pytest.mark.django_db
def test_the_orm_does_not_change_an_event_either():
    (event,) = happen()
    event.verb = "market.lot.lost"
    for act in (event.save, event.delete, lambda: Event.objects.update(role="leader")):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("event_verb_names_room_thing_and_act", {"verb": "awarded"}),
        ("event_verb_names_room_thing_and_act", {"verb": "Market.Lot.Awarded"}),
        ("event_time_is_of_our_age", {"at": NOON.replace(year=1900)}),
    ],
)
def test_an_event_has_a_verb_and_a_time_of_our_age(name, values):
    event = {"at": NOON, "verb": "market.lot.awarded", "subject_type": "a", "subject_id": "1", "role": "leader"}
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Event.objects.create(**(event | values))
    assert refused.value.__cause__.diag.constraint_name == name


@pytest.mark.django_db
def test_the_transaction_number_is_the_databases_word_not_the_clients():
    event = Event.objects.create(
        at=NOON, verb="market.lot.awarded", subject_type="a", subject_id="1", role="leader", txid=3
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid = pg_current_xact_id() FROM audit_event WHERE id = %s", [event.pk])
        assert cursor.fetchone()[0] is True
    assert Waiting.objects.filter(event_id=event.pk).exists()


BAD_BLOCKS = [
    ("block_follows_the_last", {"number": 3}),
    ("block_follows_the_last", {"number": 1}),
    ("block_follows_the_last", {"first": 5, "last": 5}),
    ("block_follows_the_last", {"previous_hash": bytes(32)}),
    ("block_follows_the_last", {"hash": b"short"}),
    ("block_brings_all_its_positions", {}),
    ("block_brings_all_its_positions", {"last": 9}),
]


def test_a_block_that_does_not_follow_the_last_is_refused(sealed):
    last = Block.objects.get()
    follows = {
        "number": 2,
        "first": 4,
        "last": 4,
        "previous_hash": bytes(last.hash),
        "hash": b"\1" * 32,
        "sealed_at": NOON,
    }
    for name, values in BAD_BLOCKS:
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            Block.objects.create(**(follows | values))
        assert refused.value.__cause__.diag.constraint_name == name, values


def test_nothing_is_added_to_a_sealed_block(sealed):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        SealedEvent.objects.create(position=4, event_id=99, block_id=1, digest=bytes(32))
    assert refused.value.__cause__.diag.constraint_name == "sealed_block_is_closed"


def test_a_position_without_a_block_does_not_last(sealed):
    with pytest.raises(IntegrityError), transaction.atomic():
        SealedEvent.objects.create(position=4, event_id=99, block_id=2, digest=bytes(32))


def test_the_migration_can_be_taken_back(fresh_database):
    with as_owner(fresh_database) as owner:
        from pathlib import Path

        import ronghe.kernel.audit

        folder = Path(ronghe.kernel.audit.__file__).parent / "sql"
        others = owner.execute(
            "SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger"
            " WHERE tgfoid = 'ronghe_refuse_change'::regproc AND tgrelid::regclass::text NOT LIKE 'audit%'"
        ).fetchall()
        for (taken_back,) in others:  # rooms above take theirs back first
            owner.execute(taken_back)
        for file in ("0002_queue_reverse.sql", "0001_append_only_reverse.sql"):
            owner.execute((folder / file).read_text(encoding="utf-8"))
        owner.execute("TRUNCATE audit_event")
        for file in ("0001_append_only.sql", "0002_queue.sql"):
            owner.execute((folder / file).read_text(encoding="utf-8"))
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            owner.execute("TRUNCATE audit_event")


def refused(statement, *values):
    """The constraint that refuses a statement of the role that serves, or the class of the error."""
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    cause = error.value.__cause__
    return cause.diag.constraint_name or type(cause).__name__


def test_only_events_without_a_position_enter_the_queue_and_they_leave_it_sealed(sealed):
    (waiting,) = happen()
    sealed_one = SealedEvent.objects.order_by("position").values_list("event_id", flat=True)[0]
    enter = "INSERT INTO audit_waiting (event_id) VALUES (%s)"
    assert refused(enter, 999_999) == "waiting_is_an_event"
    assert refused(enter, sealed_one) == "waiting_is_an_event"
    assert refused("DELETE FROM audit_waiting") == "waiting_ends_sealed"
    assert refused("DELETE FROM audit_waiting WHERE event_id = %s", waiting.pk) == "waiting_ends_sealed"
    assert refused("UPDATE audit_waiting SET event_id = 999999") == "InsufficientPrivilege"
    with as_owner(sealed) as owner, pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        owner.execute("UPDATE audit_waiting SET event_id = 999999")
    # what it could do after all is sealed like the rest
    assert list(Waiting.objects.values_list("event_id", flat=True)) == [waiting.pk]
    assert seal().last == 4
    assert checking.verify().is_whole


def test_a_temporary_table_does_not_stand_in_for_the_queue_of_events(fresh_database: str) -> None:
    # the serving role may make none; whoever may hides nothing either
    with as_owner(fresh_database) as owner:
        owner.execute(f'GRANT TEMPORARY ON DATABASE "{fresh_database}" TO PUBLIC')
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE audit_waiting (event_id bigint)")
        event = happen()[0]
        cursor.execute("SELECT count(*) FROM public.audit_waiting WHERE event_id = %s", [event.pk])
        assert cursor.fetchone() == (1,)
