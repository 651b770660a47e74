"""Whatever is done to a right: what was said stays known, shares never pass the whole, and the events tell it again."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.queries import events_of
from ronghe.kernel.errors import DomainError

from .. import services
from ..models import Right, SpatialUnitVersion
from ..rules.kinds import RightKind, UnitKind
from ..services import Holder, NewPart, Term
from . import factories as make

pytestmark = pytest.mark.django_db

FIRST = date(2016, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in (-1, 0, 200, 400, 900, 1500, 2200, 3000, 3600, 5000)]
SHARES = (
    (Fraction(1),),
    (Fraction(1, 2), Fraction(1, 2)),
    (Fraction(1, 3), Fraction(2, 3)),
    (Fraction(2, 5),),
    (None, None),
)

act = st.tuples(
    st.sampled_from(["transfer", "correct", "end"]),
    st.integers(0, 3600).map(lambda n: FIRST + timedelta(days=n)),
    st.sampled_from(SHARES),
    st.permutations([0, 1, 2]),
)


def seen(rrr, known_at=None):
    """Who holds what on each of the days, as the register tells it."""
    told = {}
    for day in DAYS:
        rows = Right.objects.known_at(known_at).as_of(day).filter(rrr=rrr)
        told[day] = sorted((r.party_id, r.share_num, r.share_den) for r in rows)
    return told


def replayed(unit, rrr):
    """The same from the events alone."""
    spans: list[tuple[date, date | None, list]] = []
    day = date.fromisoformat
    for event in events_of(unit).order_by("pk"):
        facts, verb = event.facts, event.verb
        if verb == "registry.right.ended" and rrr.pk in facts["ended"]:
            spans = cut(spans, day(facts["on"]))
        elif facts.get("rrr") != rrr.pk:
            continue
        elif verb == "registry.right.granted":
            spans = [(day(facts["from"]), facts["to"] and day(facts["to"]), facts["holders"])]
        elif verb == "registry.right.transferred":
            spans = [
                *cut(spans, day(facts["from"])),
                (day(facts["from"]), facts["to"] and day(facts["to"]), facts["holders"]),
            ]
        elif verb == "registry.right.corrected":
            first = day(facts["instead"][0])
            spans = [s for s in spans if s[0] != first]
            spans.append((day(facts["from"]), facts["to"] and day(facts["to"]), facts["holders"]))
    told = {}
    for at in DAYS:
        holders = [h for first, until, held in spans if first <= at and (until is None or at < until) for h in held]
        told[at] = sorted(
            (
                party,
                None if share is None else Fraction(share).numerator,
                None if share is None else Fraction(share).denominator,
            )
            for party, share in holders
        )
    return told


def cut(spans, on):
    return [(f, on if u is None or u > on else u, h) for f, u, h in spans if f < on]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(act, max_size=7))
def test_history_is_never_changed_and_a_replay_of_events_agrees(acts, django_db_blocker):
    with transaction.atomic():
        make.people.places()
        unit = make.unit(UnitKind.CONSTRUCTION, on=FIRST)
        parties = [make.collective(f"{name}社") for name in "甲乙丙"]
        rrr = make.right(unit, RightKind.COLLECTIVE_USE, parties[0])
        known = {make.people.NOON: seen(rrr)}
        instant = make.people.NOON
        for what, day, shares, order in acts:
            instant += timedelta(minutes=1)
            holders = [Holder(parties[i].pk, share) for i, share in zip(order, shares, strict=False)]
            base = {"rrr_id": rrr.pk, "source_id": make.source(), "actor": SYSTEM, "at": instant}
            try:
                if what == "transfer":
                    services.transfer_right(to=holders, on=day, **base)
                elif what == "end":
                    services.end_right(on=day, **base)
                else:
                    services.correct_right(holders=holders, term=Term(day), **base)
            except DomainError:
                pass  # refused: then nothing of it is applied, which is what is looked at
            known[instant] = seen(rrr)
            for day_seen in known[instant].values():
                shared = [Fraction(n, d) for _, n, d in day_seen if n is not None]
                assert sum(shared) <= 1
                assert not (shared and len(shared) < len(day_seen)), "joint holders and others"
        for at, told in known.items():
            assert seen(rrr, known_at=at) == told, "what the register said at an instant is another now"
        assert replayed(unit, rrr) == seen(rrr)
        transaction.set_rollback(True)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(5, 95), min_size=1, max_size=3, unique=True), cents=st.integers(1, 99))
def test_a_split_and_a_merge_back_keep_the_area(cuts, cents):
    with transaction.atomic():
        make.people.places()
        house, owner = make.household("演示分"), make.collective()
        unit, _ = make.homestead(house, owner, geometry=make.square(width=4))
        whole = SpatialUnitVersion.objects.get(spatial_unit__baunits__baunit=unit)
        edges = [0.0, *(c / 25 for c in sorted(cuts)), 4.0]
        shapes = [make.square(left, width=right - left) for left, right in pairwise(edges)]
        areas = [Decimal(cents) + n for n in range(len(shapes) - 1)]
        areas.append(whole.registered_area_m2 - sum(areas))
        base = {
            "on": make.DAY,
            "survey_id": make.survey(),
            "source_id": make.source(),
            "actor": SYSTEM,
            "at": make.NOON,
        }
        made = services.split_unit(
            baunit_id=unit.pk, parts=[NewPart(s, a) for s, a in zip(shapes, areas, strict=True)], **base
        )
        assert stated(made) == whole.registered_area_m2
        again = services.merge_units(baunit_ids=[one.pk for one in made], **base)
        assert stated([again]) == whole.registered_area_m2
        back = SpatialUnitVersion.objects.current().get(spatial_unit__baunits__baunit=again)
        assert abs(back.area_m2 - whole.area_m2) <= Decimal("0.05")
        assert len({unit.code, again.code, *(one.code for one in made)}) == len(made) + 2
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def stated(units):
    rows = SpatialUnitVersion.objects.current().as_of(make.DAY).filter(spatial_unit__baunits__baunit__in=units)
    return sum(rows.values_list("registered_area_m2", flat=True), Decimal(0))


def test_holders_of_a_right_add_up_whatever_is_tried():
    """Every pair of shares that fits is taken, every other is refused, by the service or by the database."""
    make.people.places()
    a, b = make.collective("甲社"), make.collective("乙社")
    outcomes = defaultdict(int)
    for n in range(1, 10):
        unit = make.unit(UnitKind.CONSTRUCTION, make.square(n))
        make.right(unit, RightKind.COLLECTIVE_USE, (a, Fraction(n, 9)) if n < 9 else a)
        try:
            with transaction.atomic():
                make.right(unit, RightKind.COLLECTIVE_HOUSE, (b, Fraction(4, 9)))
        except DomainError:
            outcomes["refused"] += 1
        else:
            outcomes["taken"] += 1
    assert outcomes == {"taken": 5, "refused": 4}  # n/9 + 4/9 ≤ 1 for n ≤ 5
