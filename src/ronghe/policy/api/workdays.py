"""The API of the working-day calendar: a year's announced days, and the last day of a period."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Router, Schema

from ronghe.kernel.accounts.access import allows
from ronghe.kernel.api_types import Day

from .. import queries
from ..permissions import PLAN_VIEW
from ..rules.periods import after_working_days
from ..services.workdays import FIRST_YEAR, LAST_YEAR

router = Router(tags=["工作日历"])

Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
# The description of a date knows no bounds: the pattern says them.
Start = Annotated[
    Day,
    Field(
        ge=date(FIRST_YEAR, 1, 1),
        le=date(LAST_YEAR, 12, 31),
        json_schema_extra={"pattern": "^(20[0-9]{2}|2100)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"},
    ),
]


class SpecialDayOut(Schema):
    """一天的安排: 放假, 上班, 或按周历."""

    day: date
    kind: str = Field(description="holiday 周一至周五放假, workday 周末上班, ordinary 按周历")
    name: str
    source: str
    origin: str = Field(description="pack 数据包, local 本地录入")


class WorkyearOut(Schema):
    """一年的安排; announced 为 false 时待节假日安排公布."""

    year: int
    announced: bool
    days: list[SpecialDayOut]


class DueOut(Schema):
    """工作日期间的届满日; provisional 为 true 时是暂定."""

    start: date
    days: int
    due: date
    provisional: bool
    unannounced: list[int] = Field(description="待公布节假日安排的年份")
    counted: list[date] = Field(description="计入的工作日")


@router.get("/workdays/due", response=DueOut, summary="若干个工作日后的届满日")
@allows(PLAN_VIEW)
def due_day(request: HttpRequest, start: Start, days: Annotated[int, Field(ge=1, le=1000)]) -> object:
    due = after_working_days(start, days, queries.calendar_kept_by(request))
    return {
        "start": start,
        "days": days,
        "due": due.day,
        "provisional": due.is_provisional,
        "unannounced": list(due.unannounced),
        "counted": list(due.counted),
    }


@router.get("/workdays/{int:year}", response=WorkyearOut, summary="一年的放假和上班安排")
@allows(PLAN_VIEW)
def workyear(request: HttpRequest, year: Year) -> object:
    days = queries.special_days(year)
    return {"year": year, "announced": bool(days), "days": list(days.values())}
