"""The register, unit by unit, as an export reads it: in the order of codes, some at a time, so that memory stays flat.

Everything is read as of one legal day and as the register knew it at one instant: what is entered meanwhile is left out.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.kernel.actors import Actor
from ronghe.kernel.parties import queries as parties
from ronghe.kernel.parties.models import Party, PartyUnmasking
from ronghe.kernel.parties.services import unmask_many
from ronghe.kernel.regions.models import Division

from ..models import (
    AdministrativeSource,
    BAUnit,
    Certificate,
    Exchange,
    Restriction,
    Right,
    SpatialUnitVersion,
    UnitGround,
)
from ..models.units import BAUnitQuerySet
from ..rules.kinds import CoOwnership, GroundKind, RestrictionKind, RightKind

#: As many units are read at a time.
CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """要导出的范围: a division and all below, one kind of units or every kind, as of a day."""

    division: str
    on: date
    known_at: datetime
    unit_kind: str = ""


def units_wanted(wanted: Wanted, *, actor: Actor) -> BAUnitQuerySet:
    """The units in the range that the actor may see, in the order of their codes."""
    below = Division.objects.below(wanted.division).values("code")
    rows = BAUnit.objects.visible_to(actor).filter(division__in=below, opened_at__lte=wanted.known_at)
    if wanted.unit_kind:
        rows = rows.filter(kind=wanted.unit_kind)
    return rows.standing(wanted.on).select_related("division").order_by("code")


def in_chunks(
    wanted: Wanted, *, actor: Actor, tell: Callable[[int], None] = lambda done: None
) -> Iterator[list[BAUnit]]:
    """The units some at a time; ``tell`` is told how many have been read."""
    last, done = "", 0
    while True:
        found = list(units_wanted(wanted, actor=actor).filter(code__gt=last)[:CHUNK])
        if not found:
            return
        yield found
        last, done = found[-1].code, done + len(found)
        tell(done)


@dataclass(frozen=True, slots=True)
class Named:
    """权利人: what a table says of a party; the number is masked unless the purpose is an official exchange."""

    name: str
    kind: str
    number: str = ""
    #: Type of the document in the tables of contracted land: identity card, credit code, or another.
    document: str = "1"


class Numbers:
    """Numbers of holders for one file: masked, or in plain with every reading kept."""

    def __init__(self, of: Exchange, *, actor: Actor, at: datetime) -> None:
        self._of, self._actor, self._at = of, actor, at

    def of(self, rows: Sequence[Right | Restriction]) -> Mapping[int, Named]:
        """What to say of the parties of some rows, by the party's number."""
        return self.of_parties([row.party for row in rows if row.party is not None])

    def of_parties(self, rows: Sequence[Party]) -> Mapping[int, Named]:
        """The same of parties themselves."""
        named = {party.pk: party for party in rows}
        identifiers = parties.telling_numbers(list(named), on=self._of.on)
        plain: Mapping[int, str] = {}
        if self._of.is_official:
            rows_read = list({one.pk: one for one in identifiers.values()}.values())
            plain = unmask_many(
                rows_read, purpose=PartyUnmasking.Purpose.HANDLE, note=self._of.purpose, about=self._of,
                actor=self._actor, at=self._at,
            )  # fmt: skip
        told = {}
        for pk, party in named.items():
            one = identifiers.get(pk)
            number = "" if one is None else plain.get(one.pk, one.masked)
            document = "1" if one is None else {"identity": "1", "uscc": "3"}.get(one.kind, "9")
            told[pk] = Named(party.name, party.kind, number, document)
        return told


Grounds = Mapping[int, Sequence[SpatialUnitVersion]]


def grounds_of(units: Sequence[BAUnit], wanted: Wanted) -> Grounds:
    """The forms of the ground of some units, by unit, land before buildings."""
    pairs = UnitGround.objects.filter(baunit__in=units).order_by("pk").values_list("baunit_id", "spatial_unit_id")
    held = list(pairs)
    rows = SpatialUnitVersion.objects.known_at(wanted.known_at).as_of(wanted.on)
    forms = {
        row.spatial_unit_id: row
        for row in rows.filter(spatial_unit__in=[pk for _, pk in held]).select_related("spatial_unit", "source")
    }
    found: dict[int, list[SpatialUnitVersion]] = defaultdict(list)
    for unit, ground in held:
        if ground in forms:
            found[unit].append(forms[ground])
    for own in found.values():
        own.sort(key=lambda row: (row.spatial_unit.kind == GroundKind.BUILDING, row.spatial_unit.code))
    return found


def rights_of(units: Sequence[BAUnit], wanted: Wanted) -> list[Right]:
    """The rights in some units, in the order of units and entries."""
    rows = Right.objects.known_at(wanted.known_at).as_of(wanted.on).filter(baunit__in=units)
    return list(rows.select_related("rrr", "baunit", "party", "source").order_by("baunit__code", "rrr_id", "pk"))


def restrictions_of(units: Sequence[BAUnit], wanted: Wanted) -> list[Restriction]:
    """The restrictions on some units."""
    rows = Restriction.objects.known_at(wanted.known_at).as_of(wanted.on).filter(baunit__in=units)
    rows = rows.select_related("rrr", "baunit", "party", "source", "dominant")
    return list(rows.order_by("baunit__code", "rrr_id", "pk"))


def certificates_of(units: Sequence[BAUnit], wanted: Wanted) -> list[Certificate]:
    """The certificates that prove something of some units on the day."""
    stands = Q(recalled_on=None) | Q(recalled_on__gt=wanted.on)
    rows = Certificate.objects.filter(stands, baunit__in=units, issued_on__lte=wanted.on)
    return list(
        rows.filter(issued_at__lte=wanted.known_at).select_related("rrr", "baunit").order_by("baunit__code", "pk")
    )


def papers_of(units: Sequence[BAUnit], wanted: Wanted) -> list[AdministrativeSource]:
    """Certificates of some units that another register issued: each proves its right while the right is as it came with it,
    and none of ours stands in its place.
    """

    def still(rows: Any) -> Exists:
        same = rows.known_at(wanted.known_at).as_of(wanted.on)
        return Exists(same.filter(rrr=OuterRef("proves"), source__blob=OuterRef("blob")))

    recalled = Q(recalled_on=None) | Q(recalled_on__gt=wanted.on)
    ours = Certificate.objects.filter(recalled, rrr=OuterRef("proves"), issued_on__lte=wanted.on)
    rows = AdministrativeSource.objects.filter(
        still(Right.objects.all()) | still(Restriction.objects.all()),
        ~Exists(ours.filter(issued_at__lte=wanted.known_at)),
        proves__baunit__in=units,
        issued_on__lte=wanted.on,
    )
    return list(rows.select_related("proves__baunit").order_by("proves__baunit__code", "pk"))


def share_of(row: Right) -> str:
    """The share as it is written: 单独所有, 共同共有, or 1/3."""
    if row.co_ownership == CoOwnership.BY_SHARES:
        return f"{row.share_num}/{row.share_den}"
    return CoOwnership(row.co_ownership).title


def source_of(row: Right | Restriction) -> str:
    """The paper that a row rests on, by number or else by title."""
    return row.source.number or row.source.title


def span(row: Right | Restriction) -> tuple[date, date | None]:
    """From which day, and until which day without it."""
    assert row.valid.lower is not None  # a constraint holds it
    return row.valid.lower, row.valid.upper


# -- the sheets of a workbook ----------------------------------------------------------------------------------------

Sheet = tuple[str, Sequence[str], Iterator[Sequence[object]]]
Each = Callable[[list[BAUnit]], Iterator[Sequence[object]]]


def sheets(wanted: Wanted, numbers: Numbers, *, actor: Actor, tell: Callable[[int], None]) -> Iterator[Sheet]:
    """One sheet for each table: units, ground, rights, restrictions, certificates. Each reads the units anew."""
    parts: Sequence[tuple[str, Sequence[str], Each]] = (
        ("不动产单元", ("不动产单元代码", "单元类别", "区划代码", "区划", "设立日", "演示数据"), _unit_rows),
        (
            "空间单元",
            (
                "不动产单元代码", "空间单元代码", "类别", "登记面积（平方米）", "图形面积（平方米）", "建筑面积（平方米）", "用途", "坐落",
                "北至", "东至", "南至", "西至", "结构", "层数", "测绘成果",
            ),
            lambda units: _ground_rows(units, wanted),
        ),
        (
            "权利",
            (
                "不动产单元代码", "登记号", "权利类型", "权利人", "权利人类别", "权利人号码", "份额", "起期", "止期（不含当日）",
                "权属来源",
            ),
            lambda units: _right_rows(units, wanted, numbers),
        ),
        (
            "限制",
            (
                "不动产单元代码", "登记号", "限制类型", "权利人或机关", "号码", "被担保债权（元）", "顺位", "起期", "止期（不含当日）", "说明",
                "依据",
            ),
            lambda units: _restriction_rows(units, wanted, numbers),
        ),
        ("证书", ("不动产单元代码", "证号", "类别", "所证明的登记号", "发证日期"), lambda units: _certificate_rows(units, wanted)),
    )  # fmt: skip
    total = len(parts)
    for place, (title, head, each) in enumerate(parts):

        def rows(each: Each = each, place: int = place) -> Iterator[Sequence[object]]:
            for chunk in in_chunks(wanted, actor=actor, tell=lambda done: tell((place * 1_000_000 + done) // total)):
                yield from each(chunk)

        yield title, head, rows()


def _unit_rows(units: list[BAUnit]) -> Iterator[Sequence[object]]:
    for unit in units:
        yield (
            unit.code, unit.get_kind_display(), unit.division_id, unit.division.name, unit.opened_on,
            "是" if unit.is_demo else "",
        )  # fmt: skip


def _ground_rows(units: list[BAUnit], wanted: Wanted) -> Iterator[Sequence[object]]:
    grounds = grounds_of(units, wanted)
    for unit in units:
        for row in grounds.get(unit.pk, ()):
            yield (
                unit.code, row.spatial_unit.code, row.spatial_unit.get_kind_display(), _number(row.registered_area_m2),
                _number(row.area_m2), _number(row.floor_area_m2), row.use, row.location, row.north, row.east, row.south,
                row.west, row.structure, row.floors, row.source.title,
            )  # fmt: skip


def _right_rows(units: list[BAUnit], wanted: Wanted, numbers: Numbers) -> Iterator[Sequence[object]]:
    rows = rights_of(units, wanted)
    named = numbers.of(rows)
    for row in rows:
        one = named[row.party_id]
        yield (
            row.baunit.code, row.rrr_id, RightKind(row.kind).title, one.name, row.party.get_kind_display(), one.number,
            share_of(row), *span(row), source_of(row),
        )  # fmt: skip


def _restriction_rows(units: list[BAUnit], wanted: Wanted, numbers: Numbers) -> Iterator[Sequence[object]]:
    rows = restrictions_of(units, wanted)
    named = numbers.of(rows)
    for row in rows:
        one = named.get(row.party_id) if row.party_id else None
        yield (
            row.baunit.code, row.rrr_id, RestrictionKind(row.kind).title, one.name if one else row.holder,
            one.number if one else "", None if row.amount_fen is None else row.amount_fen / 100, row.rank, *span(row),
            row.text, source_of(row),
        )  # fmt: skip


def _certificate_rows(units: list[BAUnit], wanted: Wanted) -> Iterator[Sequence[object]]:
    for row in certificates_of(units, wanted):
        yield row.baunit.code, row.number, row.get_kind_display(), row.rrr_id, row.issued_on
    for paper in papers_of(units, wanted):
        assert paper.proves is not None  # that is what was asked for
        yield paper.proves.baunit.code, paper.number, paper.title, paper.proves_id, paper.issued_on


def _number(value: Any) -> float | None:
    """A sheet holds numbers as doubles: two places of up to fourteen digits are exact to the cent."""
    return None if value is None else float(value)
