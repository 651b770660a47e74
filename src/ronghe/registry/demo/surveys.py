"""Surveys of the demonstration: one with faults that wait to be mended, one of which the public is told;
with photos and papers of some parcels."""

from ronghe.kernel.actors import Actor
from ronghe.kernel.jobs.services import run_here
from ronghe.kernel.regions.models import Division

from .. import services
from ..models import BAUnit, SurveyBatch
from ..rules.kinds import UnitKind
from .evidence import make_evidence
from .office import Desk, window_town
from .survey import survey_file


def make_surveys(desk: Desk) -> None:
    """Take in the surveys of two villages that hold no units; a county that has surveys is left alone."""
    if SurveyBatch.objects.filter(division__ancestors__ancestor=f"{desk.office.county}000000").exists():
        return
    where = window_town(desk.office.county) or f"{desk.office.county}000000"
    rows = Division.objects.below(where).filter(level="village", is_local=False)
    rows = rows.exclude(pk__in=BAUnit.objects.values("division"))
    # The first of them waits for whoever tries the import.
    for village, is_sound in zip(rows.order_by("-code")[:2], (False, True), strict=False):
        window = desk.office.window(village.code)
        batch = _taken(desk, village, window, is_sound=is_sound)
        if batch.parcels_count:
            make_evidence(desk, batch, window, days_ago=16 if is_sound else 1)
        if is_sound:
            _told(desk, batch, window)


def _taken(desk: Desk, village: Division, by: Actor, *, is_sound: bool) -> SurveyBatch:
    """A batch whose file has been checked."""
    at = desk.at(16 if is_sound else 1)
    batch = services.take_survey(
        told=services.SurveyTold(
            division=village.code, kind=UnitKind.HOMESTEAD, surveyor="演示测绘队", surveyed_on=desk.at(40).date(),
            method="解析法（演示）", admits_new=True,
        ),
        given=services.SurveyGiven(survey_file(village, faults=not is_sound), "权籍调查（演示）.geojson"),
        stated=services.SurveyStatement(crs="EPSG:4490"), actor=by, at=at,
    )  # fmt: skip
    assert batch.job_id is not None
    run_here(batch.job_id)
    batch.refresh_from_db()
    return batch


def _told(desk: Desk, batch: SurveyBatch, by: Actor) -> None:
    """What rules cannot judge is judged; the batch is submitted, approved and told to the public."""
    waiting = batch.findings.filter(level="person", settled_at=None)
    for kind in sorted(set(waiting.values_list("kind", flat=True))):
        services.judge_survey(
            batch_id=batch.pk, kind=kind, reason="已对照规划图和实地核对，没有压占。", actor=by, at=desk.at(15)
        )
    batch.refresh_from_db()
    if batch.state != SurveyBatch.State.READY:
        return
    case = services.submit_survey(batch_id=batch.pk, actor=by, at=desk.at(14))
    desk.act(case.pk, "approve", desk.office.reviewer, desk.at(8))
