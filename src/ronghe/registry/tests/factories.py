"""A register for tests: a village's land, drawn in squares, with holders and the papers that rights rest on."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import shapely

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.tests import factories as people
from ronghe.kernel.spatial.rules import area_m2, as_multipolygon

from .. import services
from ..models import RRR, BAUnit, CollectiveMember
from ..rules.kinds import FIRST_RIGHT, GROUND_OF, GroundKind, RightKind, SourceKind, UnitKind
from ..services import Ground, Holder, Term

NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)
DAY = date(2026, 11, 25)
BEGAN = date(2015, 6, 1)
VILLAGE, NEXT_VILLAGE = people.VILLAGE, people.NEXT_VILLAGE
#: South-west corner of the drawn village, and the side of a parcel, in degrees (about 18 m by 22 m).
WEST, SOUTH, SIDE = 117.8, 37.17, 0.0002


def square(i: int = 0, j: int = 0, *, width: float = 1, height: float = 1) -> shapely.Geometry:
    """A parcel of the grid; ``width`` and ``height`` count sides."""
    x, y = WEST + i * SIDE, SOUTH + j * SIDE
    return shapely.box(x, y, x + width * SIDE, y + height * SIDE)


def area(geometry: shapely.Geometry) -> Decimal:
    return area_m2(as_multipolygon(geometry)[0])


def source(kind: SourceKind = SourceKind.APPROVAL, title: str = "用地批准书", *, number: str = "") -> int:
    return services.keep_source(kind=kind, title=title, number=number, issued_on=BEGAN, division=VILLAGE).pk


def survey() -> int:
    return services.keep_survey(title="权籍调查", surveyed_on=BEGAN, division=VILLAGE, surveyor="演示测绘队").pk


def collective(name: str = "甲村股份经济合作社") -> Party:
    return people.body("collective", name) if hasattr(people, "body") else _collective(name)


def _collective(name: str) -> Party:
    from ronghe.kernel.parties.services import register_body

    return register_body(
        kind=Party.Kind.COLLECTIVE, name=name, division=VILLAGE, uscc=people.uscc("N2"), actor=SYSTEM, at=people.NOON
    )


def household(name: str = "演示甲") -> Party:
    from ronghe.kernel.parties.services import register_household

    return register_household(
        head=people.new(name), division=VILLAGE, since=date(2000, 1, 1), actor=SYSTEM, at=people.NOON
    )


def members(name: str = "演示甲") -> Party:
    """A household whose head stands on the roll of the village's collective: who may get a homestead or contracted land."""
    house = household(name)
    enrol(house.members.get().person)
    return house


def enrol(person: Party) -> None:
    """Put somebody on the roll of the village's collective."""
    rows = Party.objects.filter(kind=Party.Kind.COLLECTIVE, division=VILLAGE).order_by("pk")
    services.enrol_member(
        collective_id=(rows.first() or collective()).pk, person_id=person.pk,
        begun_by=CollectiveMember.Entry.ORIGINAL, on=date(2020, 1, 1), actor=SYSTEM, at=people.NOON,
    )  # fmt: skip


def unit(
    kind: UnitKind = UnitKind.HOMESTEAD,
    geometry: shapely.Geometry | None = None,
    *,
    on: date = BEGAN,
    house: bool = False,
    at: datetime = people.NOON,
    code: str = "",
) -> BAUnit:
    shape = square() if geometry is None else geometry
    grounds = [Ground(GROUND_OF[kind], area(shape), shape, use="农村宅基地", location="甲村 1 号")]
    if house:
        inner = shapely.affinity.scale(shape, 0.6, 0.6)
        grounds.append(
            Ground(GroundKind.BUILDING, area(inner), inner, structure="砖混", floors=1, floor_area_m2=area(inner))
        )
    return services.open_unit(
        kind=kind, division=VILLAGE, grounds=grounds, survey_id=survey(), on=on, code=code, actor=SYSTEM, at=at
    )


def right(
    of: BAUnit,
    kind: RightKind,
    *holders: Party | tuple[Party, Fraction | None],
    term: Term | None = None,
    parent: RRR | None = None,
    at: datetime = people.NOON,
) -> RRR:
    given = [Holder(one.pk) if isinstance(one, Party) else Holder(one[0].pk, one[1]) for one in holders]
    return services.grant_right(
        baunit_id=of.pk, kind=kind, holders=given, term=term or Term(of.opened_on), source_id=source(),
        parent_id=parent.pk if parent else None, actor=SYSTEM, at=at,
    )  # fmt: skip


def homestead(holder: Party | None = None, owner: Party | None = None, **given: Any) -> tuple[BAUnit, RRR]:
    """A homestead with its three rights: ownership, qualification and use; returns the unit and its use right."""
    of = unit(UnitKind.HOMESTEAD, **given)
    at = given.get("at", people.NOON)
    house = holder or household()
    owned = right(of, RightKind.COLLECTIVE_OWNERSHIP, owner or collective(), at=at)
    right(of, RightKind.QUALIFICATION, house, parent=owned, at=at)
    used = right(of, FIRST_RIGHT[UnitKind.HOMESTEAD][bool(given.get("house"))], house, parent=owned, at=at)
    return of, used


def contracted(holder: Party | None = None, until: date = date(2045, 6, 1), **given: Any) -> tuple[BAUnit, RRR]:
    """A contracted plot and its contract right."""
    of = unit(UnitKind.CONTRACTED, **given)
    used = right(of, RightKind.CONTRACT, holder or household(), term=Term(of.opened_on, until))
    return of, used
