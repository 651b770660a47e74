"""调查完成情况: village by village, how much of the known land was surveyed soundly; and by the day of the survey."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet, Sum

from ronghe.kernel.actors import Actor

from ..models import BAUnit, SurveyBatch, SurveyedParcel

State = SurveyBatch.State
#: A file whose faults are mended, or that had none, and that is not entered yet.
SOUND = (State.JUDGING, State.READY, State.IN_CASE, State.ENTERING)
#: Batches that say nothing more: what was entered stands in the register, what was given up counts nowhere.
_OVER = (State.ENTERED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Progress:
    """完成情况 of a village: what stands in the register, what was surveyed soundly and waits, what is faulty."""

    division: str
    name: str
    registered: int
    sound: int
    faulty: int
    last: date

    @property
    def known(self) -> int:
        """Registered and surveyed parcels together."""
        return self.registered + self.sound + self.faulty

    @property
    def percent(self) -> int:
        """Of the known parcels those that are registered or were surveyed soundly, rounded down: 100 only when all are."""
        return 100 * (self.registered + self.sound) // self.known if self.known else 0


def by_village(rows: QuerySet[SurveyBatch], *, actor: Actor) -> list[Progress]:
    """Completion by the village in which each parcel lies, the least complete first, all of them.

    A parcel of which no village is known counts where its batch does. Args: ``rows`` are the batches that count.
    """
    batches = rows.order_by().exclude(state=State.CLOSED)
    parcels = SurveyedParcel.objects.filter(batch__in=batches.values("pk")).order_by()
    open_ones = ~Q(batch__state__in=_OVER)
    is_sound = Q(batch__state__in=SOUND)
    counted = parcels.values_list("division_id", "division__name").annotate(
        sound=Count("pk", filter=is_sound),
        faulty=Count("pk", filter=open_ones & ~is_sound),
        last=Max("batch__surveyed_on"),
    )
    found = list(counted)
    registered = _registered(actor, set(batches.values_list("kind", flat=True)), [one[0] for one in found])
    made = [Progress(code, name, registered.get(code, 0), *more) for code, name, *more in found]
    return sorted(made, key=lambda one: (one.percent, one.division))


def _registered(actor: Actor, kinds: Iterable[str], villages: list[str]) -> dict[str, int]:
    rows = BAUnit.objects.visible_to(actor).filter(ended_on=None, kind__in=list(kinds), division__in=villages)
    return dict(rows.order_by().values_list("division_id").annotate(n=Count("pk")))


def by_day(rows: QuerySet[SurveyBatch]) -> list[tuple[date, int]]:
    """How many parcels had been surveyed soundly, entered since or not, by the end of each day of a survey."""
    sound = rows.order_by().filter(state__in=(*SOUND, State.ENTERED))
    total, days = 0, []
    for day, count in sound.values_list("surveyed_on").annotate(n=Sum("parcels_count")).order_by("surveyed_on"):
        total += count
        days.append((day, total))
    return days
