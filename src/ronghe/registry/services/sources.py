"""What rights and outlines rest on: papers of origin, surveys."""

from datetime import date

from ..models import AdministrativeSource, SpatialSource
from ..rules.kinds import SourceKind


def keep_source(
    *,
    kind: SourceKind,
    title: str,
    issued_on: date,
    division: str,
    number: str = "",
    issuer: str = "",
    case_id: int | None = None,
    blob_id: str | None = None,
) -> AdministrativeSource:
    """Keep a paper of origin (权属来源材料); the act that rests on it is recorded."""
    return AdministrativeSource.objects.create(
        kind=kind, title=" ".join(title.split())[:160], number=number[:60], issued_on=issued_on, issuer=issuer[:80],
        division_id=division, case_id=case_id, blob_id=blob_id,
    )  # fmt: skip


def keep_survey(
    *,
    title: str,
    surveyed_on: date,
    division: str,
    surveyor: str = "",
    method: str = "",
    crs: str = "",
    case_id: int | None = None,
    blob_id: str | None = None,
) -> SpatialSource:
    """Keep a survey (测绘成果); the act that rests on it is recorded."""
    return SpatialSource.objects.create(
        title=" ".join(title.split())[:160], surveyed_on=surveyed_on, surveyor=surveyor[:80], method=method[:60],
        crs=crs[:200], division_id=division, case_id=case_id, blob_id=blob_id,
    )  # fmt: skip
