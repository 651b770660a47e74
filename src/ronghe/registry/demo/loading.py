"""A village of the demonstration, brought in by COPY: people, collective, land, rights, certificates; one transaction.

The database's constraints and triggers judge every row as they judge everybody's.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import shapely
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel import crypto
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import LEGAL_ZONE
from ronghe.kernel.grams import grams
from ronghe.kernel.parties import rules as party_rules
from ronghe.kernel.parties import sealing
from ronghe.kernel.parties.models import Party, PartyIdentifier
from ronghe.kernel.parties.services import register_body
from ronghe.kernel.regions.models import Division
from ronghe.kernel.spatial.checking import areas_m2
from ronghe.kernel.spatial.fields import written
from ronghe.kernel.spatial.rules import Box, in_m2

from ..models import BAUnit, Certificate
from ..rules import codes
from ..rules.kinds import RightKind, SourceKind, UnitKind
from ..rules.natures import nature_of
from ..services import keep_source, keep_survey
from ..services.drawing import changed
from ..services.proofs import county_of, next_numbers
from . import people
from .layout import Drawn

CONTRACTED = DateRange(date(1999, 10, 1), date(2029, 10, 1))
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Village:
    """What the demonstration has made of a village: its collective, households and units, in the order of their numbers."""

    division: str
    name: str
    collective: int
    households: list[int]
    homesteads: list[int]
    plots: list[int]


@dataclass(slots=True)
class _Unit:
    """One unit on its way in: what stands in the tables of units, ground, forms and rights."""

    id: int
    kind: UnitKind
    code: str
    ground: str
    ground_kind: str
    shape: shapely.Geometry
    since: date
    use: str
    location: str
    house: shapely.Geometry | None = None
    #: Rights as (kind, party, term, parent's place among them or -1, source).
    rights: tuple[tuple[RightKind, int, DateRange, int, int], ...] = ()
    certified: bool = False


@transaction.atomic
def load_village(
    division: Division,
    drawn: Drawn,
    *,
    first: int,
    registered_on: date,
    certified: float,
    rng: Random,
) -> Village | None:
    """Bring a village in; one that has units already is left alone. One event with counts and a digest.

    Households and the collective that the demonstration of parties has made there hold the first of the land.
    Args: ``first`` is the number of its first household in the whole demonstration; ``certified`` is the share of its
    homesteads and plots that have a certificate.
    """
    if BAUnit.objects.filter(division=division).exists():
        return None
    at = datetime.combine(registered_on, time(10), LEGAL_ZONE)
    name = plain_name(division)
    collective = _collective(division, name, at)
    known = Party.objects.filter(division=division, kind="household", state="active", is_demo=True).order_by("pk")
    households = list(known.values_list("pk", flat=True)[: len(drawn.homesteads)])
    households += _load_people(division.code, len(drawn.homesteads) - len(households), first=first, at=at, rng=rng)
    survey = keep_survey(
        title=f"{name}权籍调查（演示）", surveyed_on=registered_on - timedelta(days=60), division=division.code,
        surveyor="演示测绘队", method="解析法（演示）",
    ).pk  # fmt: skip
    approval = keep_source(
        kind=SourceKind.APPROVAL,
        title=f"{name}宅基地用地批准（演示）",
        issued_on=date(1998, 5, 1),
        division=division.code,
    ).pk
    units = list(_units(division.code, name, drawn, collective, households, approval, certified, rng))
    digest = _write(division.code, units, survey=survey, at=at)
    changed(division.code, [Box(*drawn.outline.bounds)], at, more=len(units))
    facts = {"units": len(units), "households": len(households), "digest": digest}
    record(
        verb="registry.demo.loaded", subject=("regions.Division", division.code), actor=SYSTEM, at=at, facts=facts,
        division=division.code,
    )  # fmt: skip
    return Village(
        division.code, name, collective, households,
        [u.id for u in units if u.kind is UnitKind.HOMESTEAD], [u.id for u in units if u.kind is UnitKind.CONTRACTED],
    )  # fmt: skip


def plain_name(division: Division) -> str:
    """A village or community as people call it."""
    for ending, kept in (("村民委员会", "村"), ("居民委员会", ""), ("村委会", "村"), ("居委会", "")):
        if division.name.endswith(ending):
            stem = division.name.removesuffix(ending)
            return stem if stem.endswith("村") else stem + kept
    return division.name


def _collective(division: Division, name: str, at: datetime) -> int:
    known = Party.objects.filter(division=division, kind=Party.Kind.COLLECTIVE, is_demo=True).first()
    if known is not None:
        return known.pk
    return register_body(
        kind=Party.Kind.COLLECTIVE, name=f"{name}股份经济合作社（演示）", division=division.code, uscc=_uscc(division.code),
        actor=SYSTEM, at=at, is_demo=True,
    ).pk  # fmt: skip


def _uscc(village: str) -> str:
    inner = f"MF{village[6:12]}"
    first = f"N2{village[:6]}{inner}{party_rules.organisation_check_digit(inner)}"
    return first + party_rules.uscc_check_digit(first)


# -- tables --------------------------------------------------------------------------------------------------------


def copy(table: str, columns: str, rows: Iterable[Row]) -> None:
    """Write rows by COPY."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as out:
        for row in rows:
            out.write_row(row)


def ids(table: str, count: int) -> list[int]:
    """The next numbers of a table's rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [int(one) for (one,) in cursor.fetchall()]


def _load_people(division: str, count: int, *, first: int, at: datetime, rng: Random) -> list[int]:
    """Households with their members; returns the households. Heads have sealed numbers."""
    families = [people.household(first + i, rng) for i in range(count)]
    household_ids = ids("parties_party", count)
    flat = [(h, member) for h, family in zip(household_ids, families, strict=True) for member in family]
    person_ids = ids("parties_party", len(flat))
    recorded, always = DateTimeTZRange(at, None), DateRange(None, None)
    named: dict[str, tuple[str, str, list[str]]] = {}

    def found_by(name: str) -> tuple[str, str, list[str]]:
        if name not in named:
            letters = party_rules.search_letters(name)
            named[name] = (party_rules.sort_key(name), letters, grams(name, letters))
        return named[name]

    def parties() -> Iterator[Row]:
        for pk, family in zip(household_ids, families, strict=True):
            name = f"{family[0].name}户"
            yield (pk, "household", name, *found_by(name), division, "active", "", None, at, True)
        for pk, (_, one) in zip(person_ids, flat, strict=True):
            sex = "male" if one.male else "female"
            yield (pk, "person", one.name, *found_by(one.name), division, "active", sex, one.born, at, True)

    copy(
        "parties_party", "id, kind, name, pinyin, letters, pairs, division_id, state, sex, birth_date, registered_at, is_demo",
        parties(),
    )  # fmt: skip
    names = [(pk, f"{family[0].name}户") for pk, family in zip(household_ids, families, strict=True)]
    names += [(pk, one.name) for pk, (_, one) in zip(person_ids, flat, strict=True)]
    copy(
        "parties_partyname", "party_id, name, reason, valid, recorded",
        ((pk, name, "", always, recorded) for pk, name in names),
    )  # fmt: skip
    since = date(2016, 1, 1)
    copy(
        "parties_householdmember", "household_id, person_id, relation, is_head, begun_by, ended_by, valid, recorded",
        (
            (h, pk, one.relation, one.relation == "02", "registered", "", DateRange(max(since, one.born), None), recorded)
            for pk, (h, one) in zip(person_ids, flat, strict=True)
        ),
    )  # fmt: skip
    _seal([(pk, one.identity) for pk, (_, one) in zip(person_ids, flat, strict=True) if one.identity], at=at)
    return household_ids


def _seal(numbers: Sequence[tuple[int, str]], *, at: datetime) -> None:
    keys = {pk: crypto.new_key() for pk, _ in numbers}
    copy(
        "parties_partykey", "party_id, wrapped, made_at, basis",
        ((pk, crypto.wrap(key, about=f"parties.key:{pk}"), at, "") for pk, key in keys.items()),
    )  # fmt: skip

    def rows() -> Iterator[Row]:
        for pk, number in numbers:
            row = PartyIdentifier(party_id=pk, kind="identity")
            yield (
                pk, "identity", sealing.sealed(row, number, key=keys[pk]), sealing.blind_index("identity", number),
                party_rules.masked(number, kind="identity"), "演示号码", DateTimeTZRange(at, None),
            )  # fmt: skip

    copy("parties_partyidentifier", "party_id, kind, sealed, blind, masked, warning, recorded", rows())


# -- land ----------------------------------------------------------------------------------------------------------


def _units(
    village: str,
    name: str,
    drawn: Drawn,
    collective: int,
    households: Sequence[int],
    approval: int,
    certified: float,
    rng: Random,
) -> Iterator[_Unit]:
    """The units of a village: the land of all, homesteads, fields, the workshop, the wood and the sluice."""
    owner = RightKind.COLLECTIVE_OWNERSHIP
    forever = DateRange(date(1990, 1, 1), None)
    number: dict[UnitKind, Iterator[int]] = {kind: iter(range(1, 100_000)) for kind in UnitKind}
    pks = iter(ids("registry_baunit", len(drawn.homesteads) + len(drawn.fields) + 5))

    def unit(kind: UnitKind, ground_kind: str, shape: shapely.Geometry, **told: Any) -> _Unit:
        parcel = codes.numbered(codes.series_of(village, kind), next(number[kind]))
        code = codes.unit_code(parcel, has_building=told.get("house") is not None)
        return _Unit(next(pks), kind, str(code), told.pop("ground", str(parcel)), ground_kind, shape, **told)

    owned = (owner, collective, forever, -1, approval)
    yield unit(
        UnitKind.OWNERSHIP, "parcel", drawn.outline, since=forever.lower, use="农民集体所有土地", location=f"{name}村域",
        rights=(owned,), certified=True,
    )  # fmt: skip
    for i, (shape, house) in enumerate(zip(drawn.homesteads, drawn.houses, strict=True)):
        since = DateRange(date(1992 + rng.randrange(24), rng.randint(1, 12), rng.randint(1, 28)), None)
        use = RightKind.HOMESTEAD_HOUSE if house is not None else RightKind.HOMESTEAD_USE
        rights = (
            owned,
            (RightKind.QUALIFICATION, households[i], since, 0, approval),
            (use, households[i], since, 0, approval),
        )
        yield unit(
            UnitKind.HOMESTEAD, "parcel", shape, since=since.lower, use="农村宅基地", location=f"{name}{i + 1}号", house=house,
            rights=rights, certified=rng.random() < certified,
        )  # fmt: skip
    contracts = _contracts(village, name, len(households))
    grantor = codes.grantor_code(village)
    for i, shape in enumerate(drawn.fields):
        of = i % len(households) if i >= len(households) else i
        yield unit(
            UnitKind.CONTRACTED, "plot", shape, since=CONTRACTED.lower, use="水浇地", location=f"{name}第{i + 1}号地块",
            ground=codes.plot_code(grantor, i + 1), certified=rng.random() < certified,
            rights=((RightKind.CONTRACT, households[of], CONTRACTED, -1, contracts[of]),),
        )  # fmt: skip
    west, south, east, north = drawn.forest.bounds
    middle, wooded = (west + east) / 2, DateRange(date(2008, 6, 1), date(2058, 6, 1))
    common, let = shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)
    others = (
        (UnitKind.CONSTRUCTION, "parcel", drawn.workshop, "工业用地", "村办厂房", RightKind.COLLECTIVE_USE, collective, forever),
        (UnitKind.FOREST, "forest", common, "乔木林地", "村集体林", RightKind.FOREST_USE, collective, wooded),
        (UnitKind.CONTRACTED_FOREST, "forest", let, "乔木林地", "承包林", RightKind.CONTRACT_TREES, households[-1], wooded),
        (UnitKind.WATER_WORKS, "works", drawn.sluice, "水工设施", "机井和泵站", RightKind.WATER_WORKS, collective, forever),
    )  # fmt: skip
    for kind, ground_kind, shape, use_name, place, right, holder, term in others:
        yield unit(
            kind, ground_kind, shape, since=term.lower, use=use_name, location=f"{name}{place}",
            rights=(owned, (right, holder, term, 0, approval)), certified=rng.random() < certified,
        )  # fmt: skip


def _contracts(village: str, name: str, count: int) -> list[int]:
    """A contract for each household, with its code."""
    pks = ids("registry_administrativesource", count)
    grantor = codes.grantor_code(village)
    copy(
        "registry_administrativesource", "id, kind, number, title, issued_on, issuer, division_id",
        (
            (pk, "contract", codes.contract_code(codes.contractor_code(grantor, i + 1)), f"{name}第{i + 1}户承包合同（演示）",
             CONTRACTED.lower, "", village)
            for i, pk in enumerate(pks)
        ),
    )  # fmt: skip
    return pks


def _write(village: str, units: Sequence[_Unit], *, survey: int, at: datetime) -> str:
    """All tables of the register for these units; returns a digest of what stands in them."""
    recorded = DateTimeTZRange(at, None)
    copy(
        "registry_baunit", "id, code, kind, division_id, is_demo, opened_on, opened_at",
        ((u.id, u.code, u.kind.value, village, True, u.since, at) for u in units),
    )  # fmt: skip
    grounds = [(u, u.ground, u.ground_kind, u.shape) for u in units]
    grounds += [(u, f"{u.code[:19]}F00010001", "building", u.house) for u in units if u.house is not None]
    ground_ids = ids("registry_spatialunit", len(grounds))
    copy(
        "registry_spatialunit", "id, code, kind, division_id, opened_on, opened_at",
        ((pk, code, kind, village, u.since, at) for pk, (u, code, kind, _) in zip(ground_ids, grounds, strict=True)),
    )  # fmt: skip
    copy(
        "registry_unitground", "baunit_id, spatial_unit_id",
        ((u.id, pk) for pk, (u, *_) in zip(ground_ids, grounds, strict=True)),
    )  # fmt: skip
    shapes = shapely.multipolygons([[shape] for *_, shape in grounds])
    areas = [in_m2(float(one)) for one in areas_m2(shapes)]
    boxes, wkb = shapely.bounds(shapes), shapely.to_wkb(shapes, byte_order=1)

    def forms() -> Iterator[Row]:
        for n, (u, code, kind, _) in enumerate(grounds):
            house = kind == "building"
            yield (
                ground_ids[n], survey, DateRange(u.since, None), recorded, wkb[n], written(Box(*boxes[n].tolist())), areas[n],
                areas[n], areas[n] if house else None, "住宅" if house else u.use, u.location, *_neighbours(u), "砖混" if house else "",
                1 if house else None, grams(u.location, code),
            )  # fmt: skip

    copy(
        "registry_spatialunitversion",
        "spatial_unit_id, source_id, valid, recorded, geometry, box, area_m2, registered_area_m2, floor_area_m2, use, location,"
        " north, east, south, west, structure, floors, grams",
        forms(),
    )  # fmt: skip
    rrrs = _write_rights(units, at=at, recorded=recorded)
    _write_certificates(village, units, rrrs, at=at)
    _continue_series(units)
    return hashlib.sha256(
        "\n".join(f"{u.code}|{a}|{len(u.rights)}" for u, a in zip(units, areas, strict=False)).encode()
    ).hexdigest()


def _neighbours(unit: _Unit) -> tuple[str, str, str, str]:
    return ("村道", "邻地", "村道", "邻地") if unit.kind is not UnitKind.OWNERSHIP else ("村界", "村界", "村界", "村界")


def _write_rights(units: Sequence[_Unit], *, at: datetime, recorded: DateTimeTZRange) -> dict[int, list[int]]:
    """Identities and rows of the rights; returns the identities by unit, in the order of its rights."""
    pks = iter(ids("registry_rrr", sum(len(u.rights) for u in units)))
    rrrs = {u.id: [next(pks) for _ in u.rights] for u in units}

    def identities() -> Iterator[Row]:
        for u in units:
            for pk, (kind, _, _, parent, _) in zip(rrrs[u.id], u.rights, strict=True):
                yield (pk, "right", int(kind), u.id, rrrs[u.id][parent] if parent >= 0 else None, at)

    def rows() -> Iterator[Row]:
        for u in units:
            for pk, (kind, party, term, _, source) in zip(rrrs[u.id], u.rights, strict=True):
                nature = nature_of(kind, u.kind, by_households=True)
                yield (pk, u.id, party, int(kind), int(nature), 0, 1, 1, source, term, recorded)

    copy("registry_rrr", "id, sort, kind, baunit_id, parent_id, opened_at", identities())
    copy(
        "registry_right", "rrr_id, baunit_id, party_id, kind, nature, co_ownership, share_num, share_den, source_id, valid, recorded",
        rows(),
    )  # fmt: skip
    return rrrs


def _write_certificates(village: str, units: Sequence[_Unit], rrrs: dict[int, list[int]], *, at: datetime) -> None:
    kind = Certificate.Kind.CERTIFICATE
    given = [u for u in units if u.certified]
    numbers = next_numbers(kind, county=county_of(village), year=at.year, count=len(given))
    copy(
        "registry_certificate", "kind, number, rrr_id, baunit_id, issued_on, issued_at, recall_reason",
        ((kind.value, number, rrrs[u.id][-1], u.id, at.date(), at, "") for u, number in zip(given, numbers, strict=True)),
    )  # fmt: skip


def _continue_series(units: Sequence[_Unit]) -> None:
    """The series of parcel codes go on behind what was given out here."""
    last: dict[str, int] = {}
    for u in units:
        last[u.code[:14]] = max(last.get(u.code[:14], 0), int(u.code[14:19]))
    copy("registry_codeseries", "series, last", last.items())
