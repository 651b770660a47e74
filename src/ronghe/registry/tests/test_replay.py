"""The book as of any day, and as it was known at any instant, told again from the events of its units alone."""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
import shapely
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.kernel.errors import DomainError

from .. import services
from ..models import RRR, BAUnit, Restriction, SpatialUnitVersion
from ..queries.book import unit_page
from ..rules.kinds import RestrictionKind, RightKind, UnitKind
from ..services import Holder, NewPart, Term
from ..services.writing import held_by_the_database
from . import factories as make

pytestmark = pytest.mark.django_db

FIRST = date(2016, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in (-1, 0, 300, 900, 1800, 2700, 3600, 3900)]
UNTIL = date(2045, 1, 1)

ACTS = ["grant", "transfer", "correct", "end", "mortgage", "seize", "lift", "change", "split", "merge"]
act = st.tuples(
    st.sampled_from(ACTS),
    st.integers(0, 3600).map(lambda n: FIRST + timedelta(days=n)),
    st.integers(0, 3),
    st.integers(0, 2),
)
Span = tuple[date, date | None, Any]


class World:
    """A contracted plot with three households who may hold it, and whatever comes of it."""

    def __init__(self) -> None:
        self.parties = [make.household(f"演示{name}") for name in "甲乙丙"]
        self.at = make.people.NOON
        unit = make.unit(UnitKind.CONTRACTED, make.square(width=4), on=FIRST)
        make.right(unit, RightKind.CONTRACT, self.parties[0], term=Term(FIRST, UNTIL))

    def units(self) -> list[BAUnit]:
        return list(BAUnit.objects.filter(ended_on=None).order_by("pk"))

    def do(self, what: str, day: date, nth: int, who: int) -> None:
        """One act on one of the units that stand; what is refused leaves nothing."""
        self.at += timedelta(minutes=1)
        base = {"actor": SYSTEM, "at": self.at}
        units = self.units()
        unit = units[nth % len(units)]
        rights = list(RRR.objects.filter(baunit=unit, sort=RRR.Sort.RIGHT).order_by("pk"))
        limits = list(RRR.objects.filter(baunit=unit, sort=RRR.Sort.RESTRICTION).order_by("pk"))
        if not rights:
            return
        of, holder = rights[nth % len(rights)], [Holder(self.parties[who].pk)]
        shared = [Holder(self.parties[who].pk, Fraction(1, 3)), Holder(self.parties[who - 1].pk, Fraction(2, 3))]
        term, source = Term(day, date(2030, 1, 1)), make.source()
        if what == "grant":
            services.grant_right(
                baunit_id=unit.pk, kind=RightKind.OPERATION, holders=shared, term=term, source_id=source,
                parent_id=rights[0].pk, **base,
            )  # fmt: skip
        elif what == "transfer":
            services.transfer_right(rrr_id=of.pk, to=holder, on=day, source_id=source, **base)
        elif what == "correct":
            services.correct_right(rrr_id=of.pk, holders=shared, term=Term(day, UNTIL), source_id=source, **base)
        elif what == "end":
            services.end_right(rrr_id=of.pk, on=day, source_id=source, **base)
        elif what == "mortgage":
            services.restrict(
                baunit_id=unit.pk, kind=RestrictionKind.MORTGAGE, term=term, source_id=source, parent_id=of.pk,
                party_id=self.parties[who].pk, amount_fen=10_000_00, **base,
            )  # fmt: skip
        elif what == "seize":
            services.restrict(
                baunit_id=unit.pk,
                kind=RestrictionKind.SEIZURE,
                term=term,
                source_id=source,
                holder="高青县人民法院",
                **base,
            )
        elif what == "lift" and limits:
            services.lift(rrr_id=limits[nth % len(limits)].pk, on=day, source_id=source, **base)
        elif what == "change":
            self._change(unit, day, who, base)
        elif what == "split":
            self._split(unit, day, source, base)
        elif what == "merge":
            services.merge_units(
                baunit_ids=[one.pk for one in units], on=day, survey_id=make.survey(), source_id=source, **base
            )

    def _change(self, unit: BAUnit, day: date, who: int, base: dict[str, Any]) -> None:
        ground = unit.grounds.order_by("pk").first()
        changed = [
            {"use": "旱地"},
            {"location": "村西二号地", "north": "沟"},
            {"geometry": make.square(0, who, width=4)},
        ][who]
        services.change_ground(
            spatial_unit_id=ground.spatial_unit_id, changed=changed, survey_id=make.survey(), on=day, **base
        )

    def _split(self, unit: BAUnit, day: date, source: int, base: dict[str, Any]) -> None:
        form = (
            SpatialUnitVersion.objects.current().filter(spatial_unit__baunits__baunit=unit).order_by("-valid").first()
        )
        west, south, east, north = form.geometry.bounds
        middle, area = (west + east) / 2, form.registered_area_m2
        half = (area / 2).quantize(area)
        parts = [
            NewPart(shapely.box(west, south, middle, north), half),
            NewPart(shapely.box(middle, south, east, north), area - half),
        ]
        services.split_unit(baunit_id=unit.pk, parts=parts, on=day, survey_id=make.survey(), source_id=source, **base)


def shown(actor, known_at) -> dict[tuple[str, date], Any]:
    """What the book page of each unit tells on each of the days, as it was known then."""
    told = {}
    for code in BAUnit.objects.order_by("pk").values_list("code", flat=True):
        for day in DAYS:
            page = unit_page(code, actor=actor, on=day, known_at=known_at)
            if page.is_not_yet:
                continue
            rights = {
                (one.rrr.pk, one.rrr.kind, one.rrr.parent_id): sorted(
                    (row.party_id, Fraction(row.share_num, row.share_den)) for row in one.rows
                )
                for one in page.all_rights()
                if one.is_in_force
            }
            burdens = {
                (row.rrr_id, row.kind, row.rrr.parent_id, row.party_id, row.amount_fen, row.rank)
                for row in page.burdens
            }
            forms = {
                row.spatial_unit_id: (str(row.registered_area_m2), outline_of(row), words_of(row)) for row in page.forms
            }
            told[code, day] = (rights, burdens, forms, page.is_over)
    return told


def outline_of(row: SpatialUnitVersion) -> str:
    return hashlib.sha256(shapely.to_wkb(row.geometry)).hexdigest()


def words_of(row: SpatialUnitVersion) -> str:
    names = ("use", "location", "north", "east", "south", "west", "structure", "floors")
    return hashlib.sha256("\n".join(str(getattr(row, name)) for name in names).encode()).hexdigest()


class Replay:
    """The same from the facts of events alone."""

    def __init__(self, events: list[Event]) -> None:
        self.units: dict[int, tuple[str, date]] = {}
        self.ended: dict[int, date] = {}
        self.rights: dict[int, tuple[int, tuple[int, int, int | None], list[Span]]] = {}
        self.limits: dict[int, tuple[int, tuple[Any, ...], list[Span]]] = {}
        self.forms: dict[int, tuple[int, list[Span]]] = {}
        for event in events:
            getattr(self, event.verb.replace(".", "_"))(int(event.subject_id), event.facts)

    def registry_unit_opened(self, unit: int, facts: dict[str, Any]) -> None:
        self._begin(unit, facts["code"], day_of(facts["on"]), facts["grounds"])

    def registry_right_granted(self, unit: int, facts: dict[str, Any]) -> None:
        self._right(unit, facts)

    def registry_right_transferred(self, unit: int, facts: dict[str, Any]) -> None:
        of = self.rights[facts["rrr"]]
        of[2][:] = [*cut(of[2], day_of(facts["from"])), span(facts, facts["holders"])]

    def registry_right_corrected(self, unit: int, facts: dict[str, Any]) -> None:
        of, first = self.rights[facts["rrr"]], day_of(facts["instead"][0])
        of[2][:] = [*(one for one in of[2] if one[0] != first), span(facts, facts["holders"])]

    def registry_right_ended(self, unit: int, facts: dict[str, Any]) -> None:
        for rrr in facts["ended"]:
            of = self.rights.get(rrr) or self.limits[rrr]
            of[2][:] = cut(of[2], day_of(facts["on"]))

    def registry_restriction_placed(self, unit: int, facts: dict[str, Any]) -> None:
        told = (facts["kind"], facts["parent"], facts["party"], facts["amount_fen"], facts["rank"])
        self.limits[facts["rrr"]] = (unit, told, [span(facts, None)])

    def registry_restriction_lifted(self, unit: int, facts: dict[str, Any]) -> None:
        of = self.limits[facts["rrr"]]
        of[2][:] = cut(of[2], day_of(facts["on"]))

    def registry_ground_changed(self, unit: int, facts: dict[str, Any]) -> None:
        spans = self.forms[facts["ground"]][1]
        # The last form gives way from that day on, or from its own beginning.
        first, _, before = max(spans, key=lambda one: one[0])
        spans.remove((first, None, before))
        on = day_of(facts["on"])
        if first < on:
            spans.append((first, on, before))
        spans.append((max(first, on), None, form(facts["form"])))

    def registry_unit_split(self, unit: int, facts: dict[str, Any]) -> None:
        self._made(facts)
        self._over(unit, day_of(facts["on"]))

    def registry_unit_merged(self, unit: int, facts: dict[str, Any]) -> None:
        self._made(facts)
        codes = {code: pk for pk, (code, _) in self.units.items()}
        for code in facts["of"]:
            self._over(codes[code], day_of(facts["on"]))

    def _made(self, facts: dict[str, Any]) -> None:
        for one in facts["made"]:
            self._begin(one["unit"], one["code"], day_of(facts["on"]), one["grounds"])
            for right in one["rights"]:
                self._right(one["unit"], right)

    def _begin(self, unit: int, code: str, on: date, grounds: list[dict[str, Any]]) -> None:
        self.units[unit] = (code, on)
        for one in grounds:
            self.forms[one["ground"]] = (unit, [(day_of(one["from"]), None, form(one))])

    def _right(self, unit: int, facts: dict[str, Any]) -> None:
        key = (facts["rrr"], facts["kind"], facts["parent"])
        self.rights[facts["rrr"]] = (unit, key, [span(facts, facts["holders"])])

    def _over(self, unit: int, on: date) -> None:
        self.ended[unit] = on
        for of in (*self.rights.values(), *self.limits.values()):
            if of[0] == unit:
                of[2][:] = cut(of[2], on)
        for own, spans in self.forms.values():
            if own == unit:
                spans[:] = cut(spans, on)

    def told(self) -> dict[tuple[str, date], Any]:
        found = {}
        for unit, (code, opened) in self.units.items():
            for day in DAYS:
                if day < opened:
                    continue
                rights = {
                    key: sorted((party, Fraction(share)) for party, share in holders)
                    for own, key, spans in self.rights.values()
                    if own == unit
                    for holders in on_day(spans, day)
                }
                burdens = {
                    (rrr, *told)
                    for rrr, (own, told, spans) in self.limits.items()
                    if own == unit
                    for _ in on_day(spans, day)
                }
                forms = {
                    ground: one
                    for ground, (own, spans) in self.forms.items()
                    if own == unit
                    for one in on_day(spans, day)
                }
                is_over = unit in self.ended and self.ended[unit] <= day
                found[code, day] = (rights, burdens, forms, is_over)
        return found


def day_of(text: str) -> date:
    return date.fromisoformat(text)


def span(facts: dict[str, Any], what: Any) -> Span:
    return day_of(facts["from"]), facts["to"] and day_of(facts["to"]), what


def form(facts: dict[str, Any]) -> tuple[str, str, str]:
    return facts["area_m2"], facts["outline"], facts["words"]


def cut(spans: list[Span], on: date) -> list[Span]:
    return [(first, on if until is None or until > on else until, of) for first, until, of in spans if first < on]


def on_day(spans: list[Span], day: date) -> Iterator[Any]:
    return (of for first, until, of in spans if first <= day and (until is None or day < until))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(act, max_size=5))
@example(
    acts=[
        ("grant", FIRST + timedelta(400), 0, 1), ("mortgage", FIRST + timedelta(500), 0, 2),
        ("change", FIRST + timedelta(600), 0, 1), ("lift", FIRST + timedelta(700), 0, 0),
        ("split", FIRST + timedelta(900), 0, 0), ("seize", FIRST + timedelta(1000), 0, 0),
        ("change", FIRST + timedelta(1200), 1, 0), ("transfer", FIRST + timedelta(1300), 0, 2),
        ("lift", FIRST + timedelta(1400), 0, 0), ("end", FIRST + timedelta(1500), 3, 0),
    ]
)  # fmt: skip
@example(acts=[("split", FIRST + timedelta(300), 0, 0), ("merge", FIRST + timedelta(900), 0, 0)])
def test_the_book_of_any_day_and_instant_is_told_again_by_the_events(acts):
    with transaction.atomic():
        make.people.places()
        clerk, world = make.people.clerk(Role.DEPARTMENT, make.people.COUNTY), World()
        known = {world.at: shown(clerk, world.at)}
        for one in acts:
            try:
                with held_by_the_database(
                    {}
                ):  # each act is a transaction of its own, and its end asks the deferred triggers
                    world.do(*one)
            except DomainError:
                pass  # refused: nothing of it may be told, which is what is looked at
            known[world.at] = shown(clerk, world.at)
        for at, book in known.items():
            assert shown(clerk, at) == book, "what was said at an instant is another now"
            events = Event.objects.filter(verb__startswith="registry.", at__lte=at).order_by("pk")
            assert Replay(list(events)).told() == book
        transaction.set_rollback(True)


def test_the_acts_that_are_tried_are_carried_out_too():
    """Else nothing would be compared: each kind of act leaves its event in some order of them."""
    make.people.places()
    world, day = World(), FIRST + timedelta(300)
    for what in ("correct", "grant", "mortgage", "lift", "transfer", "change", "split", "merge", "seize", "end"):
        world.do(what, day, 0, 0)
        day += timedelta(100)
    verbs = set(Event.objects.filter(verb__startswith="registry.").values_list("verb", flat=True))
    assert len(verbs) == 10, sorted(verbs)
    assert Restriction.objects.exists()
