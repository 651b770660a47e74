"""汇交包与登记簿: units of a package that stand in the register already: they agree, or it is told in what they differ.

What papers are called is not compared: a right is the same whoever names its paper.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import shapely

from ..models import BAUnit, Restriction, Right, SpatialUnitVersion
from ..rules import package_tables as tables
from ..rules.kinds import GroundKind, RestrictionKind, RightKind
from ..rules.package_rights import RESTRICTIONS, Line, by_right, kind_of, share_of
from ..rules.tables import Fault, Row
from .package_holders import Holders, who_of
from .register import Wanted, certificates_of, grounds_of, papers_of, restrictions_of, rights_of, span

#: Outlines are the same to so many degrees (a hundredth of a millimetre).
_SAME = 1e-10
_CHUNK = 1_000
_LAND = ("kind", "area_m2", "use", "location", "north", "east", "south", "west")
_HOUSE = ("kind", "area_m2", "use", "location", "floor_area_m2", "structure", "floors")
#: What a right is: its kind, what it derives from, in what way, from when to when, and who holds it with what share.
Told = tuple[Any, ...]


def differing(
    units: Sequence[Line],
    lines: Mapping[str, Sequence[Line]],
    outlines: Mapping[str, shapely.Geometry],
    holders: Holders,
    *,
    on: date,
    at: datetime,
) -> Iterator[Fault]:
    """In what the units of a package that stand here differ from the register on the day of the package.

    Args: ``units`` are the rows of those units.
    """
    book = _Package(lines, outlines, holders, {row["unit"]: row["division"] for _, row in lines[tables.UNIT.key]})
    for start in range(0, len(units), _CHUNK):
        part = units[start : start + _CHUNK]
        rows = BAUnit.objects.filter(code__in=[row["unit"] for _, row in part])
        standing = {unit.code: unit for unit in rows}
        here = _Register(list(standing.values()), Wanted("", on, at))
        for line, row in part:
            yield from _unit(line, row, standing[row["unit"]], book, here)


class _Package:
    """What the package says of a unit."""

    def __init__(
        self,
        lines: Mapping[str, Sequence[Line]],
        outlines: Mapping[str, shapely.Geometry],
        holders: Holders,
        places: Mapping[str, str],
    ) -> None:
        self.outlines, self.holders, self.places = outlines, holders, places
        self.of: dict[str, dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
        for key, found in lines.items():
            for line, row in found:
                self.of[row["unit"]][key].append((line, row))

    def party(self, row: Row) -> object:
        who = who_of(row, self.places)
        if who is None:
            return row["holder"] or ""
        known = self.holders.known.get(who)
        return who if known is None else known.pk

    def rights(self, unit: str) -> tuple[dict[Told, int], dict[int, int]]:
        """Each right and its first line, and the kind of each by its number."""
        own = by_right(self.of[unit][tables.RIGHT.key])
        kinds = {number: int(rows[0][1]["kind"]) for number, rows in own.items()}
        found: dict[Told, int] = {}
        for rows in own.values():
            line, row = rows[0]
            held = frozenset((self.party(one), share_of(one)) for _, one in rows)
            told = (
                int(row["kind"]), kinds.get(row["parent"] or 0), row["nature"], int(row["way"]), row["first"], row["until"],
                held,
            )  # fmt: skip
            found[told] = line
        return found, kinds

    def burdens(self, unit: str, kinds: Mapping[int, int]) -> Iterator[tuple[Told, str, int, int]]:
        """Each restriction with its table, its line and its number."""
        for table in RESTRICTIONS:
            for line, row in self.of[unit][table.key]:
                told = (
                    int(kind_of(table, row)), kinds.get(row["on_right"] or 0), self.party(row), row.get("amount_fen"),
                    row.get("rank"), row["first"], row["until"], row.get("dominant"), row["text"] or "",
                )  # fmt: skip
                yield told, table.key, line, row["rrr"]


class _Register:
    """What the register says of some units on a day."""

    def __init__(self, units: list[BAUnit], wanted: Wanted) -> None:
        self.grounds = grounds_of(units, wanted)
        self.rights: dict[int, list[Right]] = defaultdict(list)
        self.burdens: dict[int, list[Restriction]] = defaultdict(list)
        self.proofs: dict[int, set[tuple[str, date]]] = defaultdict(set)
        for right in rights_of(units, wanted):
            self.rights[right.baunit_id].append(right)
        for burden in restrictions_of(units, wanted):
            self.burdens[burden.baunit_id].append(burden)
        for one in certificates_of(units, wanted):
            self.proofs[one.baunit_id].add((one.number, one.issued_on))
        for paper in papers_of(units, wanted):
            assert paper.proves is not None  # that is what was asked for
            self.proofs[paper.proves.baunit_id].add((paper.number, paper.issued_on))

    def told(self, unit: BAUnit) -> tuple[dict[Told, str], Counter[Told], dict[Told, str]]:
        """Its rights and restrictions as the package tells them, with the names of their holders."""
        rows: dict[int, list[Right]] = defaultdict(list)
        for one in self.rights[unit.pk]:
            rows[one.rrr_id].append(one)
        kinds = {number: own[0].kind for number, own in rows.items()}
        rights: dict[Told, str] = {}
        for own in rows.values():
            row = own[0]
            held = frozenset(
                (one.party_id, None if one.share_num is None else Fraction(one.share_num, one.share_den or 1))
                for one in own
            )
            told: Told = (
                row.kind, kinds.get(row.rrr.parent_id or 0), row.nature, row.co_ownership, *span(row), held,
            )  # fmt: skip
            rights[told] = "、".join(one.party.name for one in own)
        burdens, names = Counter[Told](), dict[Told, str]()
        for limit in self.burdens[unit.pk]:
            who: object = limit.holder if limit.party_id is None else limit.party_id
            told = (
                limit.kind, kinds.get(limit.rrr.parent_id or 0), who, limit.amount_fen, limit.rank, *span(limit),
                None if limit.dominant is None else limit.dominant.code, limit.text,
            )  # fmt: skip
            burdens[told] += 1
            names[told] = limit.party.name if limit.party is not None else limit.holder
        return rights, burdens, names


def _unit(line: int, row: Row, unit: BAUnit, book: _Package, here: _Register) -> Iterator[Fault]:
    def wrong(field: str, what: str) -> Fault:
        return Fault(tables.UNIT.key, line, field, what)

    if unit.ended_on is not None:
        yield wrong("unit", f"登记簿上的这个单元已于 {unit.ended_on} 终止")
        return
    for field, ours in (("kind", unit.kind), ("division", unit.division_id), ("opened_on", unit.opened_on)):
        if row[field] != ours:
            yield wrong(field, f"登记簿上已有这个单元，登记簿写的是 {ours}")
    yield from _grounds(unit, book, here, wrong)
    yield from _rights(unit, book, here, wrong)
    theirs = {(one["number"], one["issued_on"]): at for at, one in book.of[unit.code][tables.CERTIFICATE.key]}
    proofs = here.proofs[unit.pk]
    for one, at in theirs.items():
        if one not in proofs:
            yield Fault(tables.CERTIFICATE.key, at, "number", f"登记簿上的这个单元没有 {one[1]} 发的这本证")
    for number, _ in sorted(proofs - set(theirs)):
        yield wrong("unit", f"登记簿上的这个单元另有证书 {number}，包里没有")


def _grounds(unit: BAUnit, book: _Package, here: _Register, wrong: Callable[[str, str], Fault]) -> Iterator[Fault]:
    ours = {row.spatial_unit.code: row for row in here.grounds.get(unit.pk, ())}
    for table, fields in ((tables.PARCEL, _LAND), (tables.BUILDING, _HOUSE)):
        for line, row in book.of[unit.code][table.key]:
            form = ours.pop(row["code"], None)
            if form is None:
                yield Fault(table.key, line, "code", "登记簿上的这个单元没有这个空间单元")
                continue
            for field in fields:
                said = _said(form, field)
                if said != (row[field] if row[field] is not None else _nothing(said)):
                    shown = "没有写" if said in (None, "") else said
                    yield Fault(table.key, line, field, f"登记簿上已有这个单元，登记簿写的是 {shown}")
            if not _same(form.geometry, book.outlines.get(row["code"])):
                yield Fault(table.key, line, "geometry", "登记簿上已有这个单元，界址图形与登记簿不同")
    for code in sorted(ours):
        yield wrong("unit", f"登记簿上的这个单元另有空间单元 {code}，包里没有")


def _said(form: SpatialUnitVersion, field: str) -> str | int | Decimal | None:
    if field == "kind":
        return str(GroundKind(form.spatial_unit.kind))
    told: str | int | Decimal | None = getattr(form, "registered_area_m2" if field == "area_m2" else field)
    return told


def _nothing(said: object) -> object:
    """How the register writes what is not stated."""
    return "" if isinstance(said, str) else None


def _same(ours: Any, theirs: Any) -> bool:
    if ours is None or theirs is None:
        return ours is None and theirs is None
    return bool(shapely.equals_exact(shapely.normalize(ours), shapely.normalize(theirs), _SAME))


def _rights(unit: BAUnit, book: _Package, here: _Register, wrong: Callable[[str, str], Fault]) -> Iterator[Fault]:
    theirs, kinds = book.rights(unit.code)
    ours, burdens, names = here.told(unit)
    for told, line in theirs.items():
        if told not in ours:
            what = f"登记簿上的这个单元没有这样一项“{RightKind(told[0]).title}”（权利人、份额、期限都相同的）"
            yield Fault(tables.RIGHT.key, line, "rrr", what)
    for told, who in ours.items():
        if told not in theirs:
            yield wrong(
                "unit", f"登记簿上的这个单元有{who}的“{RightKind(told[0]).title}”（{_term(told[4:6])}），与包里不同"
            )
    for told, key, line, _ in book.burdens(unit.code, kinds):
        if not burdens[told]:
            what = f"登记簿上的这个单元没有这样一项“{RestrictionKind(told[0]).title}”（权利人、金额、顺位、期限、内容都相同的）"
            yield Fault(key, line, "rrr", what)
        else:
            burdens[told] -= 1
    for told in burdens.elements():
        title = RestrictionKind(told[0]).title
        yield wrong("unit", f"登记簿上的这个单元有{names[told]}的“{title}”（{_term(told[5:7])}），与包里不同")


def _term(days: Sequence[date | None]) -> str:
    return f"{days[0]} 至 {days[1] or '长期'}"


def known_codes(units: Iterable[Line]) -> set[str]:
    """Which units of a package stand in the register, or did."""
    found: set[str] = set()
    codes = [row["unit"] for _, row in units]
    for start in range(0, len(codes), _CHUNK):
        rows = BAUnit.objects.filter(code__in=codes[start : start + _CHUNK])
        found |= set(rows.values_list("code", flat=True))
    return found


__all__ = ["differing", "known_codes"]
