"""The API of the search."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, public
from ronghe.kernel.api_types import WITHOUT_NUL
from ronghe.policy import queries

from . import finding

router = Router(tags=["搜索"])

Text = Annotated[str, Field(min_length=1, max_length=finding.LONGEST, pattern=WITHOUT_NUL)]
ZoneSlug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]*$")]


class FoundOut(Schema):
    """一条结果."""

    label: str
    context: str = Field(description="编号、所在等，辨认用")
    href: str = Field(description="站内地址；没有页面的为空")


class FoundGroupOut(Schema):
    """一类结果."""

    title: str = Field(description="任务、办件、文书等")
    hits: list[FoundOut]
    more: bool = Field(description="还有没列出的")


@router.get("/search", response=list[FoundGroupOut], summary="全站搜索")
@public
def search(request: HttpRequest, q: Text, zone: ZoneSlug = "") -> Any:
    """Whatever one may see whose name, number or title holds the text; in one zone when it is given."""
    actor = actor_of(request)
    if zone and not queries.zones_by_name(actor).filter(slug=zone).exists():
        raise finding.ZoneNotSearched(zone=zone)
    return finding.search(finding.plain(q), actor=actor, day=clock.legal_day(clock.now()), zone=zone)
