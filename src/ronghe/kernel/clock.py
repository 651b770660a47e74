"""The one clock. Only the edge (views, API, command line, jobs) reads it and passes ``at`` down."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: Legal days are days of Beijing time.
LEGAL_ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def legal_day(at: datetime) -> date:
    """The day of ``at`` in Asia/Shanghai, by which deadlines and validity count."""
    return at.astimezone(LEGAL_ZONE).date()
