"""承包交换表导出: contract rights of the register as the eight tables, and the plots' outlines beside them.

Codes that came with a file are used again; a party or plot that has none is given the next of its village, for good.
"""

import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.pages.workbook import save_workbook
from ronghe.kernel.parties.models import HouseholdMember, Party
from ronghe.kernel.spatial.exports import Format

from ..models import AdministrativeSource, BAUnit, ContractedCode, Exchange, Right, SpatialUnit
from ..rules import codes
from ..rules.contract_links import mu_of
from ..rules.contract_tables import TABLES
from ..rules.kinds import RightKind, SourceKind, UnitKind
from ..rules.tables import Table
from ..services.proofs import county_of
from .contracts_in import CERTIFICATE_TITLE, OTHER_NATURE
from .features import append_features
from .register import Numbers, Wanted, certificates_of, grounds_of, in_chunks, rights_of, span

#: Codes of a grantor are given by one at a time ("cont" in ASCII).
CODES_LOCK = 0x636F6E74
PLOT_COLUMNS = (
    ("DKBM", "地块代码", False),
    ("DKMC", "地块名称", False),
    ("HTMJ", "合同面积", True),
    ("CBFBM", "承包方代码", False),
)
_KINDS_OF = {"household": codes.HOUSEHOLDS, "person": codes.INDIVIDUALS}
BOOK, PLOTS = "承包交换表.xlsx", "承包地块.gpkg"


@dataclass
class _Contract:
    """What the tables say of one contract, gathered plot by plot."""

    code: str
    grantor: str
    contractor: str
    way: str
    first: date
    until: date
    signed: date | None
    entered: date
    plots: int = 0
    area_m2: Decimal = Decimal(0)
    #: How many of its plots a certificate of this register proves, and the day of the last of them.
    proved: int = 0
    proved_on: date | None = None


@dataclass
class Gathered:
    """What is small enough to be held until the end: contracts, contractors and transfers, by their codes."""

    contracts: dict[str, _Contract] = field(default_factory=dict)
    transfers: dict[str, dict[str, Any]] = field(default_factory=dict)
    contractors: dict[str, tuple[int, str]] = field(default_factory=dict)
    grantors: set[str] = field(default_factory=set)
    without_term: int = 0


@transaction.atomic
def _codes_for(
    things: Iterable[tuple[int, str, str]], *, column: str, number_of: Callable[[str, int], str], at: datetime
) -> dict[int, str]:
    """The code of each (number, grantor, kind): the one it has below that grantor, else the next, kept for good."""
    listed = sorted(things)
    known: dict[tuple[int, str], str] = {}
    rows = ContractedCode.objects.filter(**{f"{column}__in": [pk for pk, *_ in listed]}).order_by("-code")
    for code, pk in rows.values_list("code", column):
        known[pk, code[:14]] = code
    found = {pk: known[pk, grantor] for pk, grantor, _ in listed if (pk, grantor) in known}
    missing = [one for one in listed if one[0] not in found]
    if missing:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CODES_LOCK])
        last: dict[tuple[str, str], int] = {}
        made = []
        for pk, grantor, kind in missing:
            span_of = _KINDS_OF.get(kind, codes.UNITS) if column == "party" else range(1, 100_000)
            if (grantor, kind) not in last:
                last[grantor, kind] = _last(grantor, column, span_of)
            last[grantor, kind] += 1
            found[pk] = number_of(grantor, last[grantor, kind])
            made.append(ContractedCode(code=found[pk], at=at, **{f"{column}_id": pk}))
        ContractedCode.objects.bulk_create(made, batch_size=1_000)
    return found


def _last(grantor: str, column: str, within: range) -> int:
    """The highest number that was given below a grantor."""
    width = 18 if column == "party" else 19
    given = ContractedCode.objects.filter(code__startswith=grantor, **{f"{column}__isnull": False})
    numbers = {int(code[14:]) for code in given.values_list("code", flat=True) if len(code) == width}
    if column == "spatial_unit":
        plots = SpatialUnit.objects.filter(code__regex=rf"^{grantor}[0-9]{{5}}$").values_list("code", flat=True)
        numbers |= {int(code[14:]) for code in plots}
    return max((number for number in numbers if number in within), default=within.start - 1)


def write_contracts(
    out: Path,
    folder: Path,
    wanted: Wanted,
    numbers: Numbers,
    *,
    of: Exchange,
    actor: Actor,
    at: datetime,
    tell: Callable[[int], None],
) -> dict[str, int]:
    """Write the tables and the outlines as one archive; returns how many rows each table has."""
    contracted = Wanted(wanted.division, wanted.on, wanted.known_at, UnitKind.CONTRACTED)
    gathered, counts = Gathered(), defaultdict[str, int](int)

    def counted(table: Table, rows: Iterator[dict[str, Any]]) -> Iterator[Sequence[object]]:
        for row in rows:
            counts[table.key] += 1
            yield [_cell(row.get(name)) for name in table.names]

    makers: dict[str, Callable[[], Iterator[dict[str, Any]]]] = {
        # The plots come first: what they say of contracts and contractors makes the other tables.
        "CBDKXX": lambda: _plots(contracted, gathered, folder, actor=actor, at=at, tell=tell),
        "FBF": lambda: _grantors(gathered),
        "CBF": lambda: _contractors(gathered, of, numbers),
        "CBF_JTCY": lambda: _members(gathered, of, numbers),
        "CBHT": lambda: _contracts(gathered),
        "CBJYQZDJB": lambda: _register(gathered),
        "CBJYQZ": lambda: _certificates(gathered),
        "LZHT": lambda: iter(gathered.transfers.values()),
    }
    by_key = {one.key: one for one in TABLES}
    book = folder / BOOK
    with book.open("wb") as file:
        save_workbook(((key, by_key[key].names, counted(by_key[key], make())) for key, make in makers.items()), file)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in (book, folder / PLOTS):
            if part.exists():
                archive.write(part, part.name)
    return {**counts, "without_term": gathered.without_term}


def _cell(value: Any) -> object:
    """Areas as text with two places: a code table is compared by its digits."""
    return str(value) if isinstance(value, Decimal) else value


def _plots(
    wanted: Wanted,
    gathered: Gathered,
    folder: Path,
    *,
    actor: Actor,
    at: datetime,
    tell: Callable[[int], None],
) -> Iterator[dict[str, Any]]:
    drawn = 0
    for units in in_chunks(wanted, actor=actor, tell=tell):
        rows = rights_of(units, wanted)
        contract = {r.baunit_id: r for r in rows if r.kind in (RightKind.CONTRACT, RightKind.CONTRACT_TREES)}
        letting = {r.baunit_id: r for r in rows if r.kind == RightKind.OPERATION}
        grounds = grounds_of(units, wanted)
        told = [
            (unit, contract[unit.pk], grounds[unit.pk][0])
            for unit in units
            if unit.pk in contract and grounds.get(unit.pk)
        ]
        gathered.without_term += sum(right.valid.upper is None for _, right, _ in told)
        told = [one for one in told if one[1].valid.upper is not None]
        plots = _plot_codes(told, at)
        holders = _holder_codes(told, letting, plots, at)
        proofs = {one.rrr_id: one.issued_on for one in certificates_of(units, wanted)}
        outlines = []
        for unit, right, ground in told:
            plot = plots[ground.spatial_unit_id]
            row = _plot(right, ground, plot, holders[right.party_id, plot[:14]], gathered)
            _prove(gathered.contracts[row["CBHTBM"]], proofs.get(right.rrr_id))
            if unit.pk in letting:
                _let(row, letting[unit.pk], holders, gathered)
            yield row
            if ground.geometry is not None:
                facts = {"DKBM": plot, "DKMC": row["DKMC"], "HTMJ": float(row["HTMJ"]), "CBFBM": row["CBFBM"]}
                outlines.append((ground.geometry, facts))
        if outlines:
            append_features(
                folder / PLOTS, outlines, PLOT_COLUMNS, form=Format.GPKG, layer="DK", append=drawn > 0
            )  # fmt: skip
            drawn += len(outlines)


def _plot_codes(told: Sequence[tuple[BAUnit, Right, Any]], at: datetime) -> dict[int, str]:
    """A plot that bears a code of contracted land keeps it; whatever else stands in the village gets one."""
    found, rest = {}, []
    for unit, _, ground in told:
        code = ground.spatial_unit.code
        if code.isdecimal() and len(code) == 19:
            found[ground.spatial_unit_id] = code
        else:
            rest.append((ground.spatial_unit_id, codes.grantor_code(unit.division_id), ""))
    return found | _codes_for(rest, column="spatial_unit", number_of=codes.plot_code, at=at)


def _holder_codes(
    told: Sequence[tuple[BAUnit, Right, Any]], letting: dict[int, Right], plots: dict[int, str], at: datetime
) -> dict[tuple[int, str], str]:
    """Codes of contractors and of those to whom land is let, below the grantor of the plot."""
    wanted: dict[str, dict[int, str]] = defaultdict(dict)
    for unit, right, ground in told:
        grantor = plots[ground.spatial_unit_id][:14]
        for row in filter(None, (right, letting.get(unit.pk))):
            wanted[grantor][row.party_id] = row.party.kind
    found = {}
    for grantor, parties in wanted.items():
        things = [(pk, grantor, kind) for pk, kind in parties.items()]
        made = _codes_for(things, column="party", number_of=codes.contractor_code, at=at)
        found.update({(pk, grantor): code for pk, code in made.items()})
    return found


def _plot(right: Right, ground: Any, plot: str, holder: str, gathered: Gathered) -> dict[str, Any]:
    grantor, area = plot[:14], ground.registered_area_m2
    way = "120" if right.nature == OTHER_NATURE else "110"
    number = right.source.number
    own = codes.contract_code(holder, "J" if way == "110" else "Q")
    code = number if right.source.kind == SourceKind.CONTRACT and number[:18] == holder and len(number) == 19 else own
    first, until = span(right)
    assert until is not None  # those without a last day are left out
    gathered.grantors.add(grantor)
    gathered.contractors[holder] = (right.party_id, right.party.name)
    contract = gathered.contracts.setdefault(
        code,
        _Contract(
            code, grantor, holder, way, first, until - timedelta(days=1),
            right.source.issued_on if code == number else None, right.rrr.opened_at.date(),
        ),
    )  # fmt: skip
    contract.plots += 1
    contract.area_m2 += area
    return {
        "DKBM": plot, "DKMC": ground.location[:50], "FBFBM": grantor, "CBFBM": holder, "CBJYQQDFS": way, "HTMJ": area,
        "CBHTBM": code, "CBJYQZBM": code, "HTMJM": mu_of(area), "DKDZ": ground.east[:50], "DKNZ": ground.south[:50],
        "DKXZ": ground.west[:50], "DKBZ": ground.north[:50],
    }  # fmt: skip


def _prove(contract: _Contract, issued_on: date | None) -> None:
    if issued_on is not None:
        contract.proved += 1
        contract.proved_on = max(issued_on, contract.proved_on or issued_on)


def _let(row: dict[str, Any], letting: Right, holders: dict[tuple[int, str], str], gathered: Gathered) -> None:
    """The transfer contract under which a plot is let; a paper without a code of 18 digits is not told."""
    first, until = span(letting)
    number = letting.source.number
    if len(number) != 18 or not number.isalnum() or until is None:
        return
    receiver = holders[letting.party_id, row["FBFBM"]]
    gathered.contractors[receiver] = (letting.party_id, letting.party.name)
    row["LZHTBM"] = number
    told = gathered.transfers.setdefault(
        number,
        {
            "CBHTBM": row["CBHTBM"], "LZHTBM": number, "CBFBM": row["CBFBM"], "SRFBM": receiver, "LZFS": "900",
            "LZQXKSRQ": first, "LZQXJSRQ": until - timedelta(days=1), "LZMJ": Decimal(0), "LZDKS": 0,
            "HTQDRQ": letting.source.issued_on,
        },
    )  # fmt: skip
    told["LZMJ"] += row["HTMJ"]
    told["LZDKS"] += 1
    told["LZMJM"] = mu_of(told["LZMJ"])


def _grantors(gathered: Gathered) -> Iterator[dict[str, Any]]:
    villages = {code[:12] for code in gathered.grantors}
    rows = Party.objects.filter(kind=Party.Kind.COLLECTIVE, division__in=villages, state="active").order_by("-pk")
    names = {party.division_id: party.name for party in rows}
    for code in sorted(gathered.grantors):
        yield {"FBFBM": code, "FBFMC": names.get(code[:12], "村集体经济组织")[:50]}


def _contractors(gathered: Gathered, of: Exchange, numbers: Numbers) -> Iterator[dict[str, Any]]:
    for part in _parts(sorted(gathered.contractors)):
        ids = {gathered.contractors[code][0] for code in part}
        people = {party.pk: party for party in Party.objects.filter(pk__in=ids).select_related("division")}
        heads = _household_heads(ids, of)
        told = numbers.of_parties([*people.values(), *heads.values()])
        sizes = defaultdict[int, int](int)
        for household in _rows_of_members(ids, of).values_list("household_id", flat=True):
            sizes[household] += 1
        for code in part:
            party = people[gathered.contractors[code][0]]
            shown = heads.get(party.pk, party)
            kind = {"household": "1", "person": "2"}.get(party.kind, "3")
            yield {
                "CBFBM": code, "CBFLX": kind, "CBFMC": shown.name[:50], "CBFZJLX": told[shown.pk].document,
                "CBFZJHM": told[shown.pk].number, "CBFDZ": party.division.name,
                "CBFCYSL": sizes[party.pk] if kind == "1" else None,
            }  # fmt: skip


def _rows_of_members(ids: Iterable[int], of: Exchange) -> Any:
    return HouseholdMember.objects.current().as_of(of.on).filter(household__in=list(ids)).order_by("household", "pk")


def _household_heads(ids: Iterable[int], of: Exchange) -> dict[int, Party]:
    rows = _rows_of_members(ids, of).filter(is_head=True).select_related("person")
    return {row.household_id: row.person for row in rows}


def _members(gathered: Gathered, of: Exchange, numbers: Numbers) -> Iterator[dict[str, Any]]:
    for part in _parts(sorted(gathered.contractors)):
        by_party = {gathered.contractors[code][0]: code for code in part}
        rows = list(_rows_of_members(by_party, of).select_related("person"))
        told = numbers.of_parties([row.person for row in rows])
        rows.sort(key=lambda row: (by_party[row.household_id], not row.is_head, row.pk))
        for row in rows:
            yield {
                "CBFBM": by_party[row.household_id], "CYXM": row.person.name[:50],
                "CYXB": "2" if row.person.sex == "female" else "1", "CYZJLX": told[row.person_id].document,
                "CYZJHM": told[row.person_id].number, "YHZGX": row.relation, "SFGYR": "1",
            }  # fmt: skip


def _contracts(gathered: Gathered) -> Iterator[dict[str, Any]]:
    for code, one in sorted(gathered.contracts.items()):
        yield {
            "CBHTBM": code, "FBFBM": one.grantor, "CBFBM": one.contractor, "CBFS": one.way, "CBQXQ": one.first,
            "CBQXZ": one.until, "HTZMJ": one.area_m2, "CBDKZS": one.plots, "QDSJ": one.signed,
            "HTZMJM": mu_of(one.area_m2),
        }  # fmt: skip


def _register(gathered: Gathered) -> Iterator[dict[str, Any]]:
    for code, one in sorted(gathered.contracts.items()):
        yield {
            "CBJYQZBM": code, "FBFBM": one.grantor, "CBFBM": one.contractor, "CBFS": one.way, "CBQXQ": one.first,
            "CBQXZ": one.until, "DJSJ": one.entered,
        }  # fmt: skip


def _certificates(gathered: Gathered) -> Iterator[dict[str, Any]]:
    """A certificate of a contract proves all its plots: those of this register do once each plot has one, on the day of the
    last; else the paper that came with the tables. Whether ours was fetched nobody has recorded, so it is not told.
    """
    issuers: dict[str, str] = {}
    for part in _parts(sorted(gathered.contracts)):
        papers = AdministrativeSource.objects.filter(number__in=part, kind=SourceKind.OTHER, title=CERTIFICATE_TITLE)
        latest = {paper.number: paper for paper in papers.order_by("pk")}
        for code in part:
            one = gathered.contracts[code]
            if one.proved_on is not None and one.proved == one.plots:
                village = code[:12]
                if village not in issuers:
                    issuers[village] = f"{county_of(village).name}不动产登记机构"[:50]
                yield {"CBJYQZBM": code, "FZJG": issuers[village], "FZRQ": one.proved_on}
            elif code in latest:
                yield {
                    "CBJYQZBM": code,
                    "FZJG": latest[code].issuer[:50],
                    "FZRQ": latest[code].issued_on,
                    "QZSFLQ": "1",
                }


def _parts(codes_of: Sequence[str], size: int = 1_000) -> Iterator[Sequence[str]]:
    for start in range(0, len(codes_of), size):
        yield codes_of[start : start + size]
