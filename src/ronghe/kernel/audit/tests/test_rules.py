"""What may be recorded, and what a digest covers."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.kernel.audit import rules

EVENT = {
    "id": 7, "at": "2026-11-22T04:00:00.000000Z", "verb": "policy.pack.loaded", "subject_type": "policy.zone",
    "subject_id": "3", "user_id": 5, "role": "zone_office", "org_unit_id": 2, "on_behalf_of_id": None,
    "division": "370322000000", "facts": '{"tasks": 61}', "txid": "812",
}  # fmt: skip


def test_sm3_is_the_national_algorithm():
    # GB/T 32905-2016, example 1
    assert rules.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_numbers_codes_dates_and_exact_values_may_be_recorded():
    given = {
        "count": 3, "ok": True, "none": None, "code": "370322000000", "day": date(2026, 11, 22),
        "at": datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=8))), "share": Fraction(1, 3),
        "area_m2": Decimal("3333.33"), "ids": [1, 2], "some": {3, 1, 2}, "by_kind": {"a": 1},
    }  # fmt: skip
    assert rules.checked_facts(given) == {
        "count": 3, "ok": True, "none": None, "code": "370322000000", "day": "2026-11-22",
        "at": "2026-11-22T04:00:00.000000Z", "share": "1/3", "area_m2": "3333.33", "ids": [1, 2], "some": [1, 2, 3],
        "by_kind": {"a": 1},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("11010519491231002X", "identity number"),
        ("id=110105194912310021;", "identity number"),
        ("13800138000", "mobile telephone"),
        ("tel:+8613800138000", "mobile telephone"),
        ("6222021000000000009", "bank card"),
        ("4111111111111111", "bank card"),
        ("张三", "ASCII"),
        ("moved to Zibo", "ASCII"),
        ("x" * 65, "65 characters"),
        (1.5, "float"),
        (b"raw", "bytes"),
        (list(range(201)), "201"),
        ({"inner": {"deep": "李四"}}, "ASCII"),
        ({"王五": 1}, "ASCII"),
    ],
)
def test_what_could_be_personal_is_refused(value, why):
    with pytest.raises(ValueError, match=why):
        rules.checked_facts({"it": value})


@pytest.mark.parametrize(
    "code",
    [
        "370322000000",  # a division
        "913703007060000001",  # a unified social credit code of digits alone: 70600000 is no birthday
        "3703221002011234567",  # a contracted parcel, 19 digits
        "370322100201GB00001F00010001",  # a real-estate unit, 28 characters
        "99999999999",  # eleven digits, not a mobile number
        "post-12", "2026-11-22", "sm3:66c7f0f4", "4111111111111112",
    ],
)  # fmt: skip
def test_codes_of_the_field_are_not_taken_for_personal_numbers(code):
    assert rules.checked_facts({"code": code}) == {"code": code}


@given(st.sampled_from(rules.EVENT_FIELDS))
def test_the_digest_covers_every_column(name):
    changed = {
        "facts": '{"tasks": 62}', "txid": "813", "at": "2026-11-22T04:00:00.000001Z", "on_behalf_of_id": 1,
    }.get(name, f"{EVENT[name]}0")  # fmt: skip
    assert rules.event_digest({**EVENT, name: changed}) != rules.event_digest(EVENT)


def test_the_digest_does_not_depend_on_how_the_database_spells_json():
    a = rules.event_digest({**EVENT, "facts": '{"a": 1, "b": {"c": 2, "d": 3}}'})
    b = rules.event_digest({**EVENT, "facts": '{"b":{"d":3,"c":2},"a":1}'})
    assert a == b


@pytest.mark.parametrize("other", ['{"x": "1.5"}', '{"x": ["fraction", "1.5"]}', '{"x": 1.50}', '{"x": 1}'])
def test_a_fraction_that_somebody_wrote_past_the_service_still_has_a_digest_of_its_own(other):
    assert rules.event_digest({**EVENT, "facts": '{"x": 1.5}'}) != rules.event_digest({**EVENT, "facts": other})


@given(st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)))
def test_an_instant_has_one_spelling_in_every_zone(at):
    assert rules.instant(at) == rules.instant(at.astimezone(timezone(timedelta(hours=8))))
    assert len(rules.instant(at)) == 27


DIGESTS = st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=6, unique=True)


@given(DIGESTS, st.randoms(use_true_random=False))
def test_the_hash_of_a_block_fixes_the_order_of_its_events(digests, chance):
    block = {
        "previous": bytes(32),
        "number": 1,
        "first": 1,
        "last": len(digests),
        "sealed_at": datetime(2026, 11, 22, tzinfo=UTC),
    }
    other = chance.sample(digests, len(digests))
    assert (rules.block_hash(**block, digests=digests) == rules.block_hash(**block, digests=other)) == (
        digests == other
    )


def test_the_hash_of_a_block_fixes_number_span_time_and_the_block_before():
    block = {"previous": bytes(32), "number": 1, "first": 1, "last": 2, "sealed_at": datetime(2026, 11, 22, tzinfo=UTC)}
    digests = [bytes(32), b"\1" * 32]
    changes = {
        "previous": b"\1" * 32,
        "number": 2,
        "first": 2,
        "last": 3,
        "sealed_at": datetime(2026, 11, 23, tzinfo=UTC),
    }
    hashes = {rules.block_hash(**{**block, name: value}, digests=digests) for name, value in changes.items()}
    assert len(hashes | {rules.block_hash(**block, digests=digests)}) == len(changes) + 1


def test_a_digest_may_hold_digits_that_look_like_a_telephone_number() -> None:
    digest = "a13800138000" + "b" * 52
    assert rules.looks_personal(digest)
    assert rules.checked_facts({"digest": digest}) == {"digest": digest}
