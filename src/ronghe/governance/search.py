"""What of the lists of the zone's office the search finds."""

from collections.abc import Sequence

from django.urls import reverse

from ronghe.kernel.pages.search import MOST, Finder, Hit, Sought

from .models import Experience
from .permissions import EXPERIENCE_VIEW
from .rosters import EXPERIENCES


def _experiences(sought: Sought) -> Sequence[Hit]:
    found = Experience.objects.visible_to(sought.actor).in_force().filter(title__icontains=sought.text)
    if sought.zone:
        found = found.filter(zone=sought.zone)
    states = dict(EXPERIENCES.states)
    return [
        Hit(e.title, states[e.state], reverse("rosters:record", args=[EXPERIENCES.key, e.pk]))
        for e in found.order_by("-pk")[:MOST]
    ]


FINDERS = (Finder("经验", 80, _experiences, EXPERIENCE_VIEW),)
