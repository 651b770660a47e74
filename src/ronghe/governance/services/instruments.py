"""What the plans order to be drafted is put into the list of instruments."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ronghe.kernel.actors import SYSTEM
from ronghe.mechanisms.rosters import services as rosters
from ronghe.mechanisms.rosters.values import Places
from ronghe.policy.models import Zone
from ronghe.policy.packs import InstrumentFacts

from ..models import Instrument
from ..rosters import INSTRUMENTS


@transaction.atomic
def seed(zone: Zone, listed: Sequence[InstrumentFacts], *, at: datetime) -> int:
    """Add the instruments of a plan that the list does not have yet, 待起草, and say how many.

    A repeat adds nothing. Whatever stands in the list stays as people have it; what they have ended does not come back.
    Locks: Zone.
    """
    Zone.objects.select_for_update().get(pk=zone.pk)
    known = set(Instrument.objects.filter(zone=zone).values_list("title", flat=True))
    places = Places({zone.seat_id: ""}, {zone.pk: zone.short})
    missing = [one for one in listed if one.title not in known]
    for one in missing:
        given = {
            "division": zone.seat_id, "zone": zone.pk, "title": one.title, "clause": one.label, "kind": one.kind,
            "module": one.module, "origin": "plan",
        }  # fmt: skip
        rosters.create_record(INSTRUMENTS, given=given, places=places, actor=SYSTEM, at=at)
    return len(missing)
