"""查询证明: what stands in somebody's name now, put on paper."""

from datetime import datetime
from typing import Any

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import LEGAL_ZONE, legal_day
from ronghe.kernel.papers.models import Paper
from ronghe.kernel.papers.services import issue_paper
from ronghe.kernel.spatial.rules import content_digest

from ..errors import NothingHeld, TooMuchHeld
from ..papers import EXTRACT
from ..queries.book import holder_words
from ..queries.holdings import MOST_AT_ONCE, Holding, own
from ..queries.proofs import SUBJECT, own_proofs
from ..rules.telling import area_words, term_words
from .proofs import county_of


@transaction.atomic
def issue_extract(*, actor: Actor, at: datetime) -> Paper:
    """A proof of what stands in the actor's name, or in its household's (查询证明). Locks: the number series.

    A repeat on the same day returns the same paper while the register says the same.
    Raises: NothingHeld, TooMuchHeld.
    """
    day = legal_day(at)
    parties, held, count = own(actor, on=day)
    if not held:
        raise NothingHeld()
    if count > len(held):
        raise TooMuchHeld(count=count, most=MOST_AT_ONCE)
    rights = [told for one in held for told in rights_told(one, parties)]
    names = list(dict.fromkeys(row.party.name for one in held for row in one.rights if row.party_id in parties))
    digest = content_digest([day.isoformat(), names, rights])
    for paper in own_proofs(actor).filter(revocation=None)[:1]:
        if legal_day(paper.issued_at) == day and ["数据摘要", digest] in paper.public:
            return paper
    told = {
        "holders": names, "at": at.astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M:%S"), "rights": rights,
        "digest": digest,
    }  # fmt: skip
    county = county_of(held[0].unit.division_id)
    return issue_paper(
        EXTRACT.key, facts=told, division=county.pk, subject=(SUBJECT, parties[0]), actor=actor, at=at
    )  # fmt: skip


def rights_told(held: Holding, parties: list[int]) -> list[dict[str, Any]]:
    """Each right that one of the parties holds in a unit, in words."""
    land = held.land[0] if held.land else None
    told = []
    for rrr in dict.fromkeys(row.rrr_id for row in held.rights if row.party_id in parties):
        rows = [row for row in held.rights if row.rrr_id == rrr]
        burdens = "、".join(dict.fromkeys(row.get_kind_display() for row in held.burdens_of(rrr)))
        certificate = next((one.number for one in held.certificates if one.rrr_id == rrr), "")
        told.append(
            {
                "kind": rows[0].get_kind_display(), "code": held.unit.code, "place": held.unit.division.name,
                "location": land.location if land else "", "use": land.use if land else "",
                "area": area_words(land.registered_area_m2) if land else "",
                "holders": "、".join(holder_words(row) for row in rows),
                "term": term_words(rows[0].valid.lower, rows[0].valid.upper), "certificate": certificate,
                "burdens": f"有{burdens}" if burdens else "没有查封、抵押、异议等限制",
            }
        )  # fmt: skip
    return told
