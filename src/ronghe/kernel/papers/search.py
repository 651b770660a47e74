"""What of papers the search finds."""

from collections.abc import Sequence

from django.urls import reverse

from ronghe.kernel.grams import grams
from ronghe.kernel.pages.search import MOST, Finder, Hit, Sought

from . import queries
from .permissions import PAPER_VIEW


def _papers(sought: Sought) -> Sequence[Hit]:
    """By number, title and code. A single character would be looked for in every paper that there is."""
    if not grams(sought.text):
        return []
    found = queries.papers(sought.actor, text=sought.text)
    if sought.divisions is not None:
        found = found.filter(division__in=sought.divisions)
    return [
        Hit(
            p.number,
            f"{p.title} · {'已作废' if hasattr(p, 'revocation') else '有效'}",
            reverse("papers:paper", args=[p.pk]),
        )
        for p in found.order_by("-pk")[:MOST]
    ]


FINDERS = (Finder("文书", 70, _papers, PAPER_VIEW),)
