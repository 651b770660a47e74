"""What of the map the search finds: divisions, by any name and code that they ever had."""

from collections.abc import Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from ronghe.kernel.pages.search import MOST, Finder, Hit, Sought
from ronghe.kernel.regions.models import Division, FormerName, Level
from ronghe.policy.models import Zone
from ronghe.policy.permissions import PLAN_VIEW


def _divisions(sought: Sought) -> Sequence[Hit]:
    """Each leads to the map of the zone that it lies in, if the actor may see one."""
    text = sought.text
    former = FormerName.objects.filter(division=OuterRef("pk")).order_by("pk")
    above = Zone.objects.visible_to(sought.actor).filter(divisions__descendants__descendant=OuterRef("pk"))
    if sought.zone:
        above = above.filter(slug=sought.zone)
    found = (
        Division.objects.visible_to(sought.actor)
        .filter(
            Q(name__icontains=text) | Q(code=text) | Exists(former.filter(Q(name__icontains=text) | Q(code=text))),
            *([] if sought.divisions is None else [Q(code__in=sought.divisions)]),
        )
        .annotate(
            formerly=ArraySubquery(former.values("name")), home=Subquery(above.order_by("slug").values("slug")[:1])
        )
        .order_by("code")
        .values_list("name", "level", "code", "formerly", "home")
    )
    return [
        Hit(
            name,
            " · ".join([Level(level).label, code, *([f"曾用名 {'、'.join(formerly)}"] if formerly else [])]),
            f"{reverse('portal:map', args=[home])}?area={code}" if home else "",
        )
        for name, level, code, formerly, home in found[:MOST]
    ]


FINDERS = (Finder("区划", 90, _divisions, PLAN_VIEW),)
