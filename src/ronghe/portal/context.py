"""What the shell of every page needs: zones to switch to, navigation of the role, who acts."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from ronghe import __version__
from ronghe.kernel.accounts.access import actor_of
from ronghe.kernel.accounts.queries import saved_views
from ronghe.kernel.accounts.roles import Role, may
from ronghe.kernel.inbox.queries import unread_count
from ronghe.policy import queries

from . import declared


def shell(request: HttpRequest) -> dict[str, Any]:
    """Lazy, so that a page that shows no header asks the database nothing."""
    actor = actor_of(request)
    match = request.resolver_match
    slug = match.kwargs.get("zone") if match else None
    if match and match.view_name == "portal:search":
        slug = request.GET.get("zone") or None  # who searches in a zone stays in it

    def zone() -> Any:
        return next((z for z in zones() if z.slug == slug), None)

    zones = _once(lambda: list(queries.zones_by_name(actor)))

    def navigation() -> list[dict[str, Any]]:
        here = request.path
        shown, longest = [], 0
        for item in declared.navigation():
            if (item.in_zone and (slug is None or zone() is None)) or not may(actor.role, item.permission):
                continue
            href = reverse(item.url_name, args=[slug] if item.in_zone else [])
            at_home = href.count("/") <= 3
            ways = [href, *(reverse(name) for name in item.beside)]
            exact = at_home and item.in_zone
            reach = max((len(way) for way in ways if here == way or (not exact and here.startswith(way))), default=0)
            longest = max(longest, reach)
            shown.append({"item": item, "href": href, "here": reach})
        # Of several that lead here the nearest is where one is.
        shown = [one | {"here": bool(longest) and one["here"] == longest} for one in shown]
        # What belongs to the zone stands in a row of its own.
        return sorted(shown, key=lambda one: not one["item"].in_zone)

    return {
        "actor": actor,
        "role_title": Role(actor.role).title,
        "zone_here": SimpleLazyObject(zone),
        "zones_to_switch": zones,
        "navigation": _once(navigation),
        "saved_views": _once(lambda: list(saved_views(actor.user_id or 0, path=request.path))),
        "unread": SimpleLazyObject(lambda: unread_count(actor)),
        "version": __version__,
        "is_demo": settings.DEMO,
    }


def _once(make: Callable[[], list[Any]]) -> Callable[[], list[Any]]:
    kept: list[list[Any]] = []

    def get() -> list[Any]:
        if not kept:
            kept.append(make())
        return kept[0]

    return get
