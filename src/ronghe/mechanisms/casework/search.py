"""What of cases the search finds."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from ronghe.kernel.grams import grams
from ronghe.kernel.pages.search import MOST, Finder, Hit, Sought

from . import queries
from .permissions import CASE_WORK


def _cases(sought: Sought) -> Sequence[Hit]:
    """By number, title and applicant. A single character would be looked for in every case that there is."""
    if not grams(sought.text):
        return []
    found = queries.cases(sought.actor, text=sought.text)
    if sought.zone:
        found = found.filter(Q(zone=sought.zone) | Q(zone=None, division__in=sought.divisions))
    return [
        Hit(
            c.title,
            " · ".join(str(part) for part in (c.number, c.applicant, c.get_state_display()) if part),
            reverse("casework:case", args=[c.pk]),
        )
        for c in found.order_by("-pk")[:MOST]
    ]


FINDERS = (Finder("办件", 30, _cases, CASE_WORK),)
