"""宅基地历史遗留: what the register shows is put on the list."""

from datetime import datetime
from typing import Any

from django.db import transaction

from ronghe.kernel.accounts.access import reaches
from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.jobs import Work
from ronghe.kernel.jobs import services as jobs
from ronghe.kernel.jobs.models import Job
from ronghe.kernel.regions.models import Division
from ronghe.mechanisms.rosters.declared import ROSTERS
from ronghe.mechanisms.rosters.services import create_record, end_record
from ronghe.mechanisms.rosters.values import Places

from ..models import LegacyHomestead
from ..queries import legacy as queries

ROSTER = "registry-legacy"
JOB = "registry.find_legacy"


def start_search(*, division: str, actor: Actor, at: datetime) -> Job:
    """Have the register searched for legacy homesteads of a division (查找). Raises: Forbidden."""
    if not reaches(actor, division):
        raise Forbidden()
    return jobs.start(
        JOB, args={"division": division, "by": actor.as_args()}, title="查找宅基地历史遗留",
        href="/registry/legacy/", division=division, actor=actor, at=at,
    )  # fmt: skip


@transaction.atomic
def list_found(work: Work | None, *, division: str, actor: Actor, at: datetime) -> dict[str, Any]:
    """Put what is found and not yet listed on the list, and end what the register no longer bears out; a repeat adds nothing."""
    gone = _end_cured(division, actor=actor, at=at)
    found = queries.found_in(division, actor=actor, day=legal_day(at))
    known = queries.listed(actor, division=division)
    new = [one for one in found if one.code not in known]
    places = Places(dict(Division.objects.below(division).values_list("code", "name")))
    for nth, one in enumerate(new, start=1):
        given = {
            "division": one.division, "code": one.code, "holder": one.holder, "situation": one.situation.value,
            "homesteads": one.homesteads, "area_m2": str(one.area_m2),
        }  # fmt: skip
        create_record(ROSTERS[ROSTER], given=given, places=places, actor=actor, at=at)
        if work is not None and nth % 20 == 0:
            work.progress(nth, len(new), "列入台账")
    return {"found": len(found), "listed": len(new), "cured": gone}


def _end_cured(division: str, *, actor: Actor, at: datetime) -> int:
    rows = LegacyHomestead.objects.visible_to(actor).filter(
        ended_at=None, division__in=Division.objects.below(division)
    )
    gone = list(queries.cured(rows).select_related("unit").order_by("pk"))
    for one in gone:
        over = one.unit.ended_on
        reason = f"单元已于 {over} 终止，情形已消除" if over else "权利已转移给他人，情形已消除"
        end_record(ROSTERS[ROSTER], record_id=one.pk, seen=None, reason=reason, actor=actor, at=at)
    return len(gone)
