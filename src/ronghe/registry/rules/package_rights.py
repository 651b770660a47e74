"""不动产登记汇交包里的权利和限制: whether what a package states could stand in the register: kinds, terms, shares. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from . import package_tables as tables
from .holding import longest_years, runs_too_long
from .kinds import (
    EXCLUSIVE,
    NEEDS_PARENT,
    PARENTS,
    RIGHTS_ON,
    TERMED,
    USE_RIGHTS,
    CoOwnership,
    RestrictionKind,
    RightKind,
    UnitKind,
)
from .tables import Fault, Row, Table

Line = tuple[int, Row]
_SHARE = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})")
RESTRICTIONS: tuple[Table, ...] = (tables.MORTGAGE, tables.SEIZURE, tables.NOTICE, tables.OTHER)
#: What all rows of one right say alike; holders and their shares alone differ.
_ALIKE = ("unit", "parent", "kind", "nature", "way", "first", "until")


def share_of(row: Row) -> Fraction | None:
    """The share of a row of a right; None of joint holders. Raises: ValueError where it is none."""
    way = CoOwnership(int(row["way"]))
    written = row.get("share") or ""
    if way is CoOwnership.JOINT:
        if written:
            raise ValueError("共同共有不写份额")
        return None
    if way is CoOwnership.SOLE:
        if written not in ("", "1/1"):
            raise ValueError("单独所有的份额是整体，不写份额或写 1/1")
        return Fraction(1)
    found = _SHARE.fullmatch(written)
    if found is None or int(found[1]) > int(found[2]):
        raise ValueError(f"份额应写成 1/3 的样子，且不超过一个整体，现为“{written[:24]}”")
    return Fraction(int(found[1]), int(found[2]))


def kind_of(table: Table, row: Row) -> RestrictionKind:
    """What a row of a table of restrictions is."""
    if table is tables.MORTGAGE:
        return RestrictionKind.MORTGAGE
    return RestrictionKind.SEIZURE if table is tables.SEIZURE else RestrictionKind(int(row["kind"]))


def by_right(rights: Sequence[Line]) -> dict[int, list[Line]]:
    """The rows of each right."""
    found: dict[int, list[Line]] = defaultdict(list)
    for line, row in rights:
        found[row["rrr"]].append((line, row))
    return found


def right_faults(
    units: Mapping[str, UnitKind], rights: Sequence[Line], *, on: date, longest: Mapping[str, int | None]
) -> Iterator[Fault]:
    """What the register would refuse of the rights of a package.

    Args: ``on`` is the day as of which the package states them, ``longest`` the most years by the name of the parameter.
    Source: 民法典 第二百九十八条、第三百三十二条; decision 0021.
    """
    known = by_right(rights)
    for own in known.values():
        yield from _right(units, own, known, on=on, longest=longest)
    yield from _whole(known.values())


def _right(
    units: Mapping[str, UnitKind],
    own: Sequence[Line],
    known: Mapping[int, Sequence[Line]],
    *,
    on: date,
    longest: Mapping[str, int | None],
) -> Iterator[Fault]:
    line, row = own[0]

    def wrong(field: str, what: str, at: int = line) -> Fault:
        return Fault(tables.RIGHT.key, at, field, what)

    kind, unit = RightKind(int(row["kind"])), units[row["unit"]]
    for other, beside in own[1:]:
        if any(beside.get(name) != row.get(name) for name in _ALIKE):
            yield wrong("rrr", f"与第 {line} 行是同一登记号，单元、权利类型、共有方式或期限却不同", other)
            return
    if kind not in RIGHTS_ON[unit]:
        yield wrong("kind", f"“{unit.title}”单元上不登记“{kind.title}”")
    if kind in TERMED and row["until"] is None:
        yield wrong("until", f"“{kind.title}”须有止期")
    yield from (wrong(*one) for one in _time(row, on))
    name = longest_years(kind, unit)
    years = longest.get(name) if name is not None else None
    if runs_too_long(row["first"], row["until"], years):
        yield wrong("until", f"期限超过“{kind.title}”最长的 {years} 年")
    above = known.get(row["parent"]) if row["parent"] is not None else None
    if above is None:
        if kind in NEEDS_PARENT:
            yield wrong("parent", f"“{kind.title}”须写明所依附权利的登记号")
    else:
        yield from (wrong(*one) for one in _below(row, above[0][1], PARENTS.get(kind, frozenset())))
    yield from _holders(own, kind)


def _time(row: Row, on: date) -> Iterator[tuple[str, str]]:
    if row["first"] > on or (row["until"] is not None and row["until"] <= on):
        yield "first", f"不在包的截至日期 {on} 有效；包里只写那一天有效的"


def _below(row: Row, above: Row, wanted: Iterable[RightKind] | None) -> Iterator[tuple[str, str]]:
    """What derives from a right, or burdens it, is of the same unit and lies in its time."""
    field = "parent" if wanted is not None else "on_right"
    kind = RightKind(int(above["kind"]))
    if above["unit"] != row["unit"]:
        yield field, f"登记号 {above['rrr']} 是另一单元上的权利"
    elif wanted is not None and kind not in wanted:
        yield field, f"不能依附于“{kind.title}”"
    outlasts = above["until"] is not None and (row["until"] is None or row["until"] > above["until"])
    if row["first"] < above["first"] or outlasts:
        yield "until" if outlasts else "first", f"期限超出所依附的“{kind.title}”（登记号 {above['rrr']}）的期限"


def _holders(own: Sequence[Line], kind: RightKind) -> Iterator[Fault]:
    way = CoOwnership(int(own[0][1]["way"]))
    total, seen = Fraction(0), set[tuple[str, str]]()
    for line, row in own:
        try:
            total += share_of(row) or 0
        except ValueError as error:
            yield Fault(tables.RIGHT.key, line, "share", str(error))
            return
        who = (row["holder"], row["number"] or "")
        if who in seen:
            yield Fault(tables.RIGHT.key, line, "holder", "同一权利人写了两次")
        seen.add(who)
    line = own[0][0]
    if way is CoOwnership.SOLE and len(own) > 1:
        yield Fault(tables.RIGHT.key, line, "way", f"单独所有却写了 {len(own)} 个权利人")
    if kind in EXCLUSIVE and way is not CoOwnership.SOLE:
        yield Fault(tables.RIGHT.key, line, "way", f"“{kind.title}”只能由一个权利人单独持有")
    if total > 1 and way is not CoOwnership.SOLE:
        yield Fault(tables.RIGHT.key, line, "share", f"份额之和为 {total}，超过一个整体")


def _whole(known: Iterable[Sequence[Line]]) -> Iterator[Fault]:
    """Rights that stand for the same use of one unit are added up: together they are one whole."""
    uses: dict[tuple[str, int], list[Sequence[Line]]] = defaultdict(list)
    for own in known:
        kind = RightKind(int(own[0][1]["kind"]))
        uses[own[0][1]["unit"], 0 if kind in USE_RIGHTS else int(kind)].append(own)
    for several in uses.values():
        if len(several) < 2:
            continue
        line, row = several[1][0]
        ways = {CoOwnership(int(own[0][1]["way"])) for own in several}
        try:
            total = sum((share_of(row) or Fraction(0) for own in several for _, row in own), Fraction(0))
        except ValueError:
            continue  # told of its row already
        if ways != {CoOwnership.BY_SHARES} and total != 0:
            yield Fault(tables.RIGHT.key, line, "rrr", f"单元 {row['unit']} 上另有同一用途的权利，份额合计超过一个整体")
        elif total > 1:
            yield Fault(tables.RIGHT.key, line, "share", f"与单元上同一用途的其他权利合计份额为 {total}，超过一个整体")


def restriction_faults(
    rights: Mapping[int, Sequence[Line]], lines: Mapping[str, Sequence[Line]], *, on: date
) -> Iterator[Fault]:
    """What the register would refuse of the restrictions of a package. Args: ``lines`` by the key of their table."""
    seen: set[int] = set(rights)
    for table in RESTRICTIONS:
        for line, row in lines[table.key]:
            if row["rrr"] in seen:
                yield Fault(table.key, line, "rrr", f"登记号 {row['rrr']} 已经是另一项权利或限制的")
            seen.add(row["rrr"])
            above = rights.get(row["on_right"]) if row["on_right"] is not None else None
            if above is not None:
                yield from (Fault(table.key, line, *one) for one in _below(row, above[0][1], None))
            yield from (Fault(table.key, line, *one) for one in _time(row, on))
            if row["number"] and not row["party_kind"]:
                yield Fault(table.key, line, "party_kind", "写了权利人号码的，须写明权利人类别")
            if row.get("amount_fen") == 0:
                yield Fault(table.key, line, "amount_fen", "被担保债权应大于 0")
            if (row.get("dominant") is not None) is not (kind_of(table, row) is RestrictionKind.EASEMENT):
                yield Fault(table.key, line, "dominant", "地役权须写明需役地，其他限制没有需役地")
            elif row.get("dominant") == row["unit"]:
                yield Fault(table.key, line, "dominant", "需役地与供役地是同一个单元")


def certificate_faults(
    rights: Mapping[int, Sequence[Line]], lines: Mapping[str, Sequence[Line]], *, on: date
) -> Iterator[Fault]:
    """A certificate proves a right of its unit, a proof a restriction, and of one thing there is one."""
    units = {number: own[0][1]["unit"] for number, own in rights.items()}
    burdens = {row["rrr"]: row["unit"] for table in RESTRICTIONS for _, row in lines[table.key]}
    proved: set[int] = set()
    for line, row in lines[tables.CERTIFICATE.key]:
        of = units if row["kind"] == "certificate" else burdens
        if row["rrr"] not in of:
            yield Fault(tables.CERTIFICATE.key, line, "kind", "权属证书证明权利，登记证明证明限制，类别与登记号不符")
        elif of[row["rrr"]] != row["unit"]:
            yield Fault(tables.CERTIFICATE.key, line, "unit", f"登记号 {row['rrr']} 不在这个单元上")
        if row["rrr"] in proved:
            yield Fault(tables.CERTIFICATE.key, line, "rrr", f"登记号 {row['rrr']} 有两本证")
        proved.add(row["rrr"])
        if row["issued_on"] > on:
            yield Fault(tables.CERTIFICATE.key, line, "issued_on", f"发证日期在包的截至日期 {on} 以后")


__all__ = [
    "RESTRICTIONS", "Line", "by_right", "certificate_faults", "kind_of", "restriction_faults", "right_faults", "share_of",
]  # fmt: skip
