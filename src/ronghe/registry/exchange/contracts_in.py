"""承包交换表导入: what the register says against the tables, and how sound tables become units, rights and parties."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import shapely
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import legal_day
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.parties import queries as parties
from ronghe.kernel.parties.models import HouseholdMember, Party
from ronghe.kernel.parties.services import NewPerson, register_body, register_household, register_person
from ronghe.kernel.regions.models import Division
from ronghe.kernel.spatial.rules import area_m2

from ..models import RRR, BAUnit, ContractedCode, Right, SpatialUnit, SpatialUnitVersion, UnitGround
from ..queries.figures import given_in
from ..rules import codes
from ..rules.areas import FAULT_SHARE, working
from ..rules.contract_links import HEADS, faults_between
from ..rules.kinds import CoOwnership, GroundKind, RightKind, SourceKind, UnitKind
from ..rules.tables import Fault, Row
from ..services.sources import keep_source, keep_survey
from ..services.units import Ground, form_of, next_parcels
from ..services.writing import held_by_the_database
from .contract_files import OUTLINES, SheetRead, read_outlines, read_workbook
from .contract_ground import line_findings, overlap_faults

#: Rights by household contracting and by other ways (权利性质).
NATURES = {"110": 201}
OTHER_NATURE = 202
#: Types of documents in the tables whose numbers the platform keeps as its own kinds; all others are documents.
DOCUMENT_KINDS = {"1": "identity", "3": "uscc"}
NO_BIRTHDAY = "没有居民身份证号的人，表里看不出出生日期；请先在“权利人”里登记此人和证件号码，再导入"
_BATCH = 1_000


@dataclass
class Read:
    """读到的交换表: the tables, the outlines by plot, everything that is wrong, and what a person must judge."""

    sheets: dict[str, SheetRead]
    outlines: dict[str, shapely.Geometry] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)

    def lines(self, key: str) -> Sequence[tuple[int, dict[str, Any]]]:
        return self.sheets[key].lines if key in self.sheets else ()

    def rows(self, key: str) -> list[dict[str, Any]]:
        return [row for _, row in self.lines(key)]

    @property
    def counts(self) -> dict[str, int]:
        return {key: len(one.lines) for key, one in self.sheets.items()}


def checked(
    content: bytes,
    *,
    name: str,
    outlines: tuple[bytes, FileKind, str] | None,
    actor: Actor,
    at: datetime,
) -> Read:
    """Read and check everything: cells, what holds between tables, outlines and how they lie, and what the register has.

    Raises: ExchangeFileUnreadable and those of the reader of outlines.
    """
    on = legal_day(at)
    sheets, faults = read_workbook(content, name=name)
    found = Read(sheets, faults=faults)
    if outlines is not None:
        shapes, kind, outline_name = outlines
        found.outlines, wrong = read_outlines(shapes, kind=kind, name=outline_name)
        found.faults += wrong
    if not faults:
        found.faults += faults_between({key: one.lines for key, one in sheets.items()}, on=on)
        found.faults += _outline_faults(found, on)
    if not found.faults:
        for part in (_places, _known_codes, _known_people, _ground_faults):
            found.faults += part(found, actor, on)
    return found


def _outline_faults(found: Read, on: date) -> list[Fault]:
    """Each plot has one outline, of the area that its contract states but for the share that its county allows."""
    if not found.outlines:
        return []
    wrong = []
    most = _most_off(found, on)
    plots = {row["DKBM"]: (line, row) for line, row in found.lines("CBDKXX")}
    for code in sorted(set(found.outlines) - set(plots)):
        wrong.append(Fault(OUTLINES, 0, "DKBM", f"承包地块信息（CBDKXX）里没有地块 {code[:19]}"))
    for code, (line, row) in plots.items():
        shape = found.outlines.get(code)
        if shape is None:
            wrong.append(Fault("CBDKXX", line, "DKBM", "图形文件里没有这个地块"))
            continue
        drawn = area_m2(shape)
        share = most[code[:6]]
        if share is not None and abs(Fraction(drawn) - Fraction(row["HTMJ"])) > share * Fraction(row["HTMJ"]):
            what = f"图形面积 {drawn} 平方米，与合同面积相差超过 {float(100 * share):.4g} %"
            wrong.append(Fault("CBDKXX", line, "HTMJ", what))
    return wrong


def _most_off(found: Read, on: date) -> dict[str, Fraction | None]:
    """By what share an outline may differ from the stated area before it is taken for another plot's, by county.

    Where no pack states it, that is said once, and a person judges.
    """
    most: dict[str, Fraction | None] = {}
    for county in sorted({row["DKBM"][:6] for row in found.rows("CBDKXX")}):
        most[county] = working(given_in(f"{county}000000", (FAULT_SHARE,), on=on)[FAULT_SHARE])
        if most[county] is None:
            what = f"{county} 没有图形面积与合同面积相差的限度；各地块没有核对面积"
            found.doubts.append(Fault("CBDKXX", 0, "", what))
    return most


def _ground_faults(found: Read, actor: Actor, on: date) -> list[Fault]:
    """Plots that have an outline lie neither on one another nor on registered ground, nor where a line bars them."""
    plots = found.lines("CBDKXX")
    barred, doubts = line_findings(plots, found.outlines, on=on)
    found.doubts += doubts
    return [*overlap_faults(plots, found.outlines, on=on), *barred]


def _places(found: Read, actor: Actor, on: date) -> list[Fault]:
    """Grantors lie in villages within reach of whoever brings the file."""
    villages = {row["FBFBM"][:12] for row in found.rows("FBF")}
    within = Division.objects.filter(code__in=villages, level="village")
    if actor.division is not None:
        within = within.filter(code__in=Division.objects.below(actor.division).values("code"))
    reached = set(within.values_list("code", flat=True))
    return [
        Fault("FBF", line, "FBFBM", f"前 12 位 {row['FBFBM'][:12]} 不是您管辖范围内的村（社区）")
        for line, row in found.lines("FBF")
        if row["FBFBM"][:12] not in reached
    ]


def _known_codes(found: Read, actor: Actor, on: date) -> list[Fault]:
    """Codes are given once: a plot or contract that stands in the register is not entered again."""
    plots = [row["DKBM"] for row in found.rows("CBDKXX")]
    taken = set(SpatialUnit.objects.filter(code__in=plots).values_list("code", flat=True))
    taken |= set(ContractedCode.objects.filter(code__in=plots).values_list("code", flat=True))
    contracts = [row["CBHTBM"] for row in found.rows("CBHT")]
    entered = set(
        Right.objects.current()
        .filter(source__number__in=contracts, source__kind=SourceKind.CONTRACT)
        .values_list("source__number", flat=True)
    )
    wrong = [
        Fault("CBDKXX", line, "DKBM", "登记簿上已有这个地块")
        for line, row in found.lines("CBDKXX")
        if row["DKBM"] in taken
    ]
    wrong += [
        Fault("CBHT", line, "CBHTBM", "登记簿上已有依据这份合同的权利")
        for line, row in found.lines("CBHT")
        if row["CBHTBM"] in entered
    ]
    return wrong


def _numbers(found: Read) -> Mapping[tuple[str, str], int]:
    """Which registered person has each document of the tables: (type, number) → party."""
    asked: dict[str, set[tuple[str, str]]] = defaultdict(set)
    pairs = [(row["CYZJLX"], row["CYZJHM"]) for row in found.rows("CBF_JTCY")]
    pairs += [(row["CBFZJLX"], row["CBFZJHM"]) for row in found.rows("CBF") if row["CBFLX"] != "1"]
    for kind, number in pairs:
        asked[DOCUMENT_KINDS.get(kind, "document")].add((kind, number))
    known: dict[tuple[str, str], int] = {}
    for kind, wanted in asked.items():
        held = parties.find_by_number(kind, {number for _, number in wanted})
        known |= {pair: held[pair[1]] for pair in wanted if pair[1] in held}
    return known


def _known_people(found: Read, actor: Actor, on: date) -> list[Fault]:
    """Persons who are registered already must be alive, under the same name, and in no other household."""
    wrong = []
    known = _numbers(found)
    people = Party.objects.in_bulk(list(known.values()))
    memberships = HouseholdMember.objects.current().as_of(on).filter(person__in=people)
    homes = dict(memberships.values_list("person_id", "household_id"))
    kept = ContractedCode.objects.filter(code__in=[row["CBFBM"] for row in found.rows("CBF")])
    of_code = dict(kept.values_list("code", "party_id"))
    parties_asked = [*people, *(pk for pk in of_code.values() if pk)]
    ended = dict(Party.objects.filter(pk__in=parties_asked, ended_on__lte=on).values_list("pk", "ended_on"))
    own: dict[str, set[int]] = defaultdict(set)
    for line, row in found.lines("CBF_JTCY"):
        pk = known.get((row["CYZJLX"], row["CYZJHM"]))
        if pk is None:
            own[row["CBFBM"]].add(0)
            if row["CYZJLX"] != "1":
                wrong.append(Fault("CBF_JTCY", line, "CYZJHM", NO_BIRTHDAY))
            continue
        person, home = people[pk], homes.get(pk)
        own[row["CBFBM"]].add(home or 0)
        if person.name != row["CYXM"]:
            wrong.append(Fault("CBF_JTCY", line, "CYXM", "平台上这个证件号码的人姓名不同，请核对"))
        if person.ended_on is not None:
            wrong.append(Fault("CBF_JTCY", line, "CYZJHM", f"此人已于 {person.ended_on} 死亡或注销"))
        if home is not None and of_code.get(row["CBFBM"]) not in (None, home):
            wrong.append(Fault("CBF_JTCY", line, "CBFBM", "此人在平台上属于另一农户"))
    for line, row in found.lines("CBF"):
        pk = of_code.get(row["CBFBM"]) or (known.get((row["CBFZJLX"], row["CBFZJHM"])) if row["CBFLX"] != "1" else None)
        ended_on = ended.get(pk or 0)
        if ended_on is not None:
            wrong.append(Fault("CBF", line, "CBFZJHM", f"承包方已于 {ended_on} 死亡或终止，请改为继承人或现在的承包方"))
        if len(own[row["CBFBM"]]) > 1:
            wrong.append(Fault("CBF", line, "CBFBM", "成员在平台上分属几个农户，或有的已入户、有的没有，请先核对农户"))
        if row["CBFLX"] == "2" and row["CBFZJLX"] != "1" and (row["CBFZJLX"], row["CBFZJHM"]) not in known:
            wrong.append(Fault("CBF", line, "CBFZJHM", NO_BIRTHDAY))
    return wrong


# -- writing ---------------------------------------------------------------------------------------------------------


@dataclass
class _Import:
    """One import on its way into the register; the caller holds the transaction."""

    found: Read
    actor: Actor
    at: datetime
    known: Mapping[tuple[str, str], int]
    members: Mapping[str, Sequence[Row]]
    began: Mapping[str, date]
    parties: dict[str, Party] = field(default_factory=dict)


def apply(
    found: Read, *, title: str, blob_id: str, actor: Actor, at: datetime, tell: Callable[[int, int, str], None]
) -> dict[str, int]:
    """Enter sound tables whole; returns what was made. The caller holds the transaction, and has checked again in it."""
    members: dict[str, list[Row]] = defaultdict(list)
    for row in found.rows("CBF_JTCY"):
        members[row["CBFBM"]].append(row)
    began: dict[str, date] = {}
    for row in found.rows("CBHT"):
        began[row["CBFBM"]] = min(row["CBQXQ"], began.get(row["CBFBM"], row["CBQXQ"]))
    work = _Import(found, actor, at, _numbers(found), members, began)
    contractors = found.rows("CBF")
    total = len(contractors) + len(found.rows("CBDKXX"))
    for row in found.rows("FBF"):
        _grantor(work, row)
    for done, row in enumerate(contractors, start=1):
        work.parties[row["CBFBM"]] = _contractor(work, row)
        tell(done, total, "正在登记承包方")
    _keep_codes(work)
    made = _plots(work, title, blob_id, lambda done: tell(len(contractors) + done, total, "正在登簿"))
    return {"parties": len(work.parties), **made}


def _grantor(work: _Import, row: Row) -> Party:
    """The collective that grants: by its name in its village, else registered now."""
    village = row["FBFBM"][:12]
    known = Party.objects.filter(
        kind=Party.Kind.COLLECTIVE, division=village, name=row["FBFMC"], state="active"
    ).first()
    return known or register_body(
        kind=Party.Kind.COLLECTIVE, name=row["FBFMC"], division=village, uscc="", actor=work.actor, at=work.at
    )


def _contractor(work: _Import, row: Row) -> Party:
    code, village = row["CBFBM"], row["CBFBM"][:12]
    kept = ContractedCode.objects.filter(code=code).select_related("party").first()
    if kept is not None and kept.party is not None:
        return kept.party
    if row["CBFLX"] == "1":
        return _household(work, row, village)
    pk = work.known.get((row["CBFZJLX"], row["CBFZJHM"]))
    if pk is not None:
        return Party.objects.get(pk=pk)
    if row["CBFLX"] == "3":
        return register_body(
            kind=Party.Kind.ENTERPRISE, name=row["CBFMC"], division=village, uscc=row["CBFZJHM"], actor=work.actor,
            at=work.at,
        )  # fmt: skip
    new = NewPerson(row["CBFMC"], identity=row["CBFZJHM"])
    return register_person(new=new, division=village, actor=work.actor, at=work.at)


def _household(work: _Import, row: Row, village: str) -> Party:
    """The household in which its members are already, else a new one, from the day on which its contract began."""
    members = work.members[row["CBFBM"]]
    on = legal_day(work.at)
    ids = {id(one): work.known.get((one["CYZJLX"], one["CYZJHM"])) for one in members}
    here = HouseholdMember.objects.current().as_of(on).filter(person__in=[pk for pk in ids.values() if pk])
    if (home := here.select_related("household").first()) is not None:
        return home.household

    def person(one: Row) -> int | NewPerson:
        return ids[id(one)] or NewPerson(one["CYXM"], identity=one["CYZJHM"])

    head = next(one for one in members if one["YHZGX"] in HEADS)
    others = [(person(one), one["YHZGX"]) for one in members if one is not head]
    return register_household(
        head=person(head), members=others, division=village, since=work.began.get(row["CBFBM"], on), actor=work.actor,
        at=work.at,
    )  # fmt: skip


def _keep_codes(work: _Import) -> None:
    had = set(ContractedCode.objects.filter(code__in=list(work.parties)).values_list("code", flat=True))
    ContractedCode.objects.bulk_create(
        [ContractedCode(code=code, party=party, at=work.at) for code, party in work.parties.items() if code not in had],
        batch_size=_BATCH,
    )


def _plots(work: _Import, title: str, blob_id: str, tell: Callable[[int], None]) -> dict[str, int]:
    """Units, ground and rights of all plots, village by village; the triggers of the register judge every row."""
    on = legal_day(work.at)
    contracts = {row["CBHTBM"]: row for row in work.found.rows("CBHT")}
    transfers = {row["LZHTBM"]: row for row in work.found.rows("LZHT")}
    by_village: dict[str, list[Row]] = defaultdict(list)
    for row in work.found.rows("CBDKXX"):
        by_village[row["DKBM"][:12]].append(row)
    done = 0
    for village, plots in by_village.items():
        survey = keep_survey(title=title, surveyed_on=on, division=village, method="承包交换表", blob_id=blob_id).pk
        sources = {
            code: keep_source(
                kind=SourceKind.CONTRACT, title="土地承包合同", number=code,
                issued_on=contracts[code]["QDSJ"] or contracts[code]["CBQXQ"], division=village, blob_id=blob_id,
            ).pk
            for code in sorted({row["CBHTBM"] for row in plots})
        }  # fmt: skip
        leases = {
            code: keep_source(
                kind=SourceKind.CONTRACT, title="土地流转合同", number=code, issued_on=transfers[code]["HTQDRQ"],
                division=village, blob_id=blob_id,
            ).pk
            for code in sorted({row["LZHTBM"] for row in plots if row["LZHTBM"]})
        }  # fmt: skip
        numbers = next_parcels(village, UnitKind.CONTRACTED, len(plots))
        for start in range(0, len(plots), _BATCH):
            part = plots[start : start + _BATCH]
            units = _units(work, village, part, numbers[start : start + _BATCH], survey, contracts)
            rights = _rights(work, part, units, contracts, sources)
            _operations(work, part, units, rights, transfers, leases)
            done += len(part)
            tell(done)
    _certificates(work, blob_id)
    return {"units": done, "contracts": len(contracts), "transfers": len(transfers)}


def _units(
    work: _Import,
    village: str,
    plots: Sequence[Row],
    numbers: Sequence[codes.ParcelCode],
    survey: int,
    contracts: Mapping[str, Row],
) -> list[BAUnit]:
    at = work.at
    began = [contracts[row["CBHTBM"]]["CBQXQ"] for row in plots]
    units = BAUnit.objects.bulk_create(
        BAUnit(
            code=str(codes.unit_code(number)), kind=UnitKind.CONTRACTED, division_id=village, opened_on=on, opened_at=at,
            # What people of the demonstration hold is marked as its data.
            is_demo=work.parties[row["CBFBM"]].is_demo,
        )
        for row, number, on in zip(plots, numbers, began, strict=True)
    )  # fmt: skip
    grounds = SpatialUnit.objects.bulk_create(
        SpatialUnit(code=row["DKBM"], kind=GroundKind.PLOT, division_id=village, opened_on=on, opened_at=at)
        for row, on in zip(plots, began, strict=True)
    )
    UnitGround.objects.bulk_create(
        UnitGround(baunit=unit, spatial_unit=ground) for unit, ground in zip(units, grounds, strict=True)
    )
    SpatialUnitVersion.objects.bulk_create(
        SpatialUnitVersion(
            spatial_unit=ground, valid=DateRange(on, None), recorded=DateTimeTZRange(at, None), source_id=survey,
            **form_of(_ground(row, work.found.outlines.get(row["DKBM"])), row["DKBM"]),
        )
        for row, ground, on in zip(plots, grounds, began, strict=True)
    )  # fmt: skip
    ContractedCode.objects.bulk_create(
        ContractedCode(code=row["DKBM"], spatial_unit=ground, at=at) for row, ground in zip(plots, grounds, strict=True)
    )
    return units


def _ground(row: Row, shape: shapely.Geometry | None) -> Ground:
    return Ground(
        GroundKind.PLOT, row["HTMJ"], shape, use="耕地", location=row["DKMC"] or "", north=row["DKBZ"] or "",
        east=row["DKDZ"] or "", south=row["DKNZ"] or "", west=row["DKXZ"] or "",
    )  # fmt: skip


def _rights(
    work: _Import,
    plots: Sequence[Row],
    units: Sequence[BAUnit],
    contracts: Mapping[str, Row],
    sources: Mapping[str, int],
) -> list[RRR]:
    rrrs = RRR.objects.bulk_create(
        RRR(sort=RRR.Sort.RIGHT, kind=RightKind.CONTRACT, baunit=unit, opened_at=work.at) for unit in units
    )
    with held_by_the_database({}):
        Right.objects.bulk_create(
            _right(
                rrr, work.parties[row["CBFBM"]], _until(contracts[row["CBHTBM"]], "CBQXQ", "CBQXZ"),
                source=sources[row["CBHTBM"]], nature=NATURES.get(row["CBJYQQDFS"], OTHER_NATURE), at=work.at,
            )
            for row, rrr in zip(plots, rrrs, strict=True)
        )  # fmt: skip
    return rrrs


def _operations(
    work: _Import,
    plots: Sequence[Row],
    units: Sequence[BAUnit],
    rights: Sequence[RRR],
    transfers: Mapping[str, Row],
    leases: Mapping[str, int],
) -> None:
    """Operation rights of what was let, below the contract right of each plot."""
    let = [(row, unit, above) for row, unit, above in zip(plots, units, rights, strict=True) if row["LZHTBM"]]
    rrrs = RRR.objects.bulk_create(
        RRR(sort=RRR.Sort.RIGHT, kind=RightKind.OPERATION, baunit=unit, parent=above, opened_at=work.at)
        for _, unit, above in let
    )
    with held_by_the_database({}):
        Right.objects.bulk_create(
            _right(
                rrr, work.parties[transfers[row["LZHTBM"]]["SRFBM"]],
                _until(transfers[row["LZHTBM"]], "LZQXKSRQ", "LZQXJSRQ"), source=leases[row["LZHTBM"]], nature=None,
                at=work.at,
            )
            for (row, _, _), rrr in zip(let, rrrs, strict=True)
        )  # fmt: skip


def _until(row: Row, first: str, last: str) -> DateRange:
    """The tables name the last day of a term; the register the day after it."""
    return DateRange(row[first], row[last] + timedelta(days=1))


def _right(rrr: RRR, holder: Party, valid: DateRange, *, source: int, nature: int | None, at: datetime) -> Right:
    return Right(
        rrr=rrr, baunit=rrr.baunit, party=holder, kind=rrr.kind, nature=nature, co_ownership=CoOwnership.SOLE,
        share_num=1, share_den=1, source_id=source, valid=valid, recorded=DateTimeTZRange(at, None),
    )  # fmt: skip


#: How the paper is called under which a certificate of contracted land is kept.
CERTIFICATE_TITLE = "土地承包经营权证"


def _certificates(work: _Import, blob_id: str) -> None:
    """A certificate proves all plots of a contract: it is kept as a paper under the contract's code."""
    for row in work.found.rows("CBJYQZ"):
        keep_source(
            kind=SourceKind.OTHER, title=CERTIFICATE_TITLE, number=row["CBJYQZBM"], issued_on=row["FZRQ"],
            issuer=row["FZJG"], division=row["CBJYQZBM"][:12], blob_id=blob_id,
        )  # fmt: skip


__all__ = ["CERTIFICATE_TITLE", "Read", "apply", "checked"]
