"""登簿的由来: units that came in with many others have no event of their own; that of their batch or file tells of them."""

from ronghe.kernel.audit.models import Event
from ronghe.kernel.audit.queries import events_of

from ..models import BAUnit, Exchange, SpatialSource, SpatialUnitVersion, SurveyBatch


def birth_events(unit: BAUnit) -> list[Event]:
    """The event of the survey batch, of the tables or of the package with which a unit was entered; mostly there is none.

    The caller has asked whether the unit may be seen.
    """
    forms = SpatialUnitVersion.objects.filter(
        spatial_unit__baunits__baunit=unit, recorded__startswith=unit.opened_at, source__blob__isnull=False
    )
    surveys = dict(SpatialSource.objects.filter(pk__in=forms.values("source")).values_list("pk", "blob"))
    if not surveys:
        return []
    found: list[Event] = []
    for batch in SurveyBatch.objects.filter(survey__in=list(surveys), entered_at=unit.opened_at):
        found += events_of(batch).filter(verb="registry.survey.entered")
    files = Exchange.objects.filter(kind__in=Exchange.ENTERED, given__in=list(surveys.values()), done_at=unit.opened_at)
    for one in files:
        found += events_of(one).filter(verb="registry.exchange.applied")
    return found


__all__ = ["birth_events"]
