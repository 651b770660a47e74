"""The API of the check against lines and plans: a unit of the register, or an outline (REG-14)."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.api_types import WITHOUT_NUL
from ronghe.kernel.regions.models import Division
from ronghe.kernel.spatial.crs import choices
from ronghe.kernel.spatial.rules import BadOutline
from ronghe.policy.queries import plain_step

from ..errors import NothingToCheck, OutlineUnreadable, PlaceUnknown, UnitNotFound
from ..permissions import BOOK_VIEW
from ..queries import book
from ..queries import line_check as queries
from ..queries.line_check import Checked
from ..rules.kinds import UnitKind
from ..surveying.given_outline import MOST_CHARACTERS, read_outline

router = Router(tags=["产权登记"])


class LineCheckIn(Schema):
    """要核对的单元，或者图形."""

    unit: Annotated[str, Field(pattern=r"^[0-9A-Z]{28}$")] | None = Field(None, description="登记簿上的单元代码")
    kind: UnitKind | None = Field(None, description="拟用作哪一类单元；核对单元时可以不写，按它现在的类别")
    outline: Annotated[str, Field(max_length=MOST_CHARACTERS, pattern=WITHOUT_NUL)] | None = Field(
        None, description="图形：GeoJSON 文本、WKT，或每行一个“经度,纬度”的界址点"
    )
    crs: Annotated[str, Field(max_length=20, pattern=r"^(EPSG:[0-9]{4,5}|GCJ-02)$")] = "EPSG:4490"
    division: Annotated[str, Field(max_length=24, pattern=r"^[0-9a-z-]*$")] | None = Field(
        None, description="图形所在的区划代码"
    )


class LineStepOut(Schema):
    """一项核对."""

    finding: str
    ok: bool | None = Field(description="没有的是待人工判定")
    cite: str | None
    missing: list[str]


class LineCheckOut(Schema):
    """核对结果；没有图层的面积为空."""

    verdict: Literal["pass", "fail", "person"]
    kind: UnitKind
    division: str
    area_m2: float
    farmland_m2: float | None
    ecology_m2: float | None
    boundary_m2: float | None
    fitting_m2: float | None = Field(description="与拟用类别相符的规划用途内的面积")
    planned_use: str | None
    planned_uses: str | None = Field(description="各规划用途及其面积")
    missing_layers: list[str]
    steps: list[LineStepOut]


@router.post("/registry/line-checks", response=LineCheckOut, summary="规划与管制核对")
@allows(BOOK_VIEW)
def post_line_check(request: HttpRequest, given: LineCheckIn) -> Any:
    """Hold a unit or an outline against control lines and planned use. Nothing is kept."""
    actor, on = actor_of(request), clock.legal_day(clock.now())
    if (given.unit is None) == (given.outline is None):
        raise NothingToCheck(why="单元和图形都没有给" if given.unit is None else "单元和图形都给了")
    if given.unit is not None:
        try:
            unit = book.unit_of(given.unit, actor=actor)
        except UnitNotFound as error:
            raise NothingToCheck(why=f"没有找到不动产单元 {given.unit}，或者它不在您的管辖范围内") from error
        return _told(queries.check_unit(unit, kind=given.kind, on=on))
    if given.kind is None or given.division is None:
        raise NothingToCheck(why="给出图形的，还要写拟用类别 kind 和所在区划 division")
    if not Division.objects.filter(pk=given.division).exists():
        raise PlaceUnknown(place=given.division)
    require(actor, BOOK_VIEW, division=given.division)
    if given.crs not in dict(choices()):
        raise OutlineUnreadable(why=f"不认识坐标系 {given.crs}")
    try:
        shape = read_outline(given.outline or "", crs=given.crs)
    except BadOutline as error:
        raise OutlineUnreadable(why=str(error)) from error
    return _told(queries.check_outline(shape, kind=given.kind, division=given.division, on=on))


def _told(found: Checked) -> dict[str, Any]:
    verdicts = {True: "pass", False: "fail", None: "person"}
    facts = found.facts
    names = ("area_m2", "farmland_m2", "ecology_m2", "boundary_m2", "fitting_m2")
    return {
        "verdict": verdicts[found.ruling.value], "kind": found.kind, "division": found.division,
        **{name: None if (area := getattr(facts, name)) is None else float(area) for name in names},
        "planned_use": facts.planned_use, "planned_uses": facts.planned_told or None, "missing_layers": found.missing,
        "steps": [plain_step(step) for step in found.ruling.steps],
    }  # fmt: skip
