"""Reads of evidence: of a surveyed parcel, of a batch, of a unit; how many parcels have some; archives and their answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import shapely
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ronghe.kernel.actors import Actor

from ..errors import EvidenceArchiveNotFound, EvidenceNotFound, SurveyedParcelNotFound
from ..models import BAUnit, EvidenceArchive, SurveyBatch, SurveyedParcel, SurveyEvidence
from ..rules.evidence import PARAMETERS, lacking
from ..surveying.evidence import far_limit, far_told, required_in
from .figures import given_in

#: So many stand on the page of a unit; the rest is on the page of its parcel.
MOST_OF_A_UNIT = 60
ANSWER_HEADS = ("文件", "宗序号", "权利人", "结果", "说明", "怎样改")
_WORDS = {"fault": "有错", "note": "请留意", "": "可以收"}


def of_batch(
    of: SurveyBatch, *, actor: Actor, number: int | None = None, kind: str = "", state: str = ""
) -> QuerySet[SurveyEvidence]:
    """What was given for a batch: all of it, or of one parcel, one kind, ``standing``, ``lost`` or ``withdrawn``."""
    rows = SurveyEvidence.objects.visible_to(actor).filter(batch=of).select_related("blob", "user", "withdrawn_by")
    if number is not None:
        rows = rows.filter(number=number)
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(withdrawn_at__isnull=state != "withdrawn")
    return rows.filter(number=None) if state == "lost" else rows


def counted(rows: QuerySet[SurveyedParcel]) -> QuerySet[SurveyedParcel]:
    """Surveyed parcels with ``evidence_count``, which the caller got by visible_to."""
    there = SurveyEvidence.objects.standing().filter(batch=OuterRef("batch"), number=OuterRef("number"))
    counts = there.order_by().values("number").annotate(n=Count("pk")).values("n")
    return rows.annotate(evidence_count=Coalesce(Subquery(counts, output_field=IntegerField()), 0))


@dataclass(frozen=True, slots=True)
class Share:
    """佐证的完成情况: how many files there are, and how many of the parcels have some."""

    files: int
    parcels: int
    of: int
    lost: int
    required: tuple[str, ...]

    @property
    def without(self) -> int:
        """How many have none; a file on its way may have fewer parcels than there is evidence of."""
        return max(0, self.of - self.parcels)

    @property
    def percent(self) -> int:
        """Per cent, rounded down: 100 only when all have some."""
        return 100 * self.parcels // self.of if self.of else 0


def share_of(of: SurveyBatch, *, actor: Actor, on: date) -> Share:
    """How far the evidence of a batch has come."""
    rows = SurveyEvidence.objects.visible_to(actor).filter(batch=of).standing()
    told = rows.aggregate(files=Count("pk"), parcels=Count("number", distinct=True), placed=Count("number"))
    required = required_in(given_in(of.division_id, PARAMETERS, on=on))
    return Share(
        told["files"], told["parcels"], of.parcels_count, told["files"] - told["placed"], tuple(lacking((), required))
    )


def parcel(of: SurveyBatch, number: int, *, actor: Actor) -> SurveyedParcel:
    """One surveyed parcel of a batch. Raises: SurveyedParcelNotFound."""
    rows = SurveyedParcel.objects.visible_to(actor).filter(batch=of, number=number).select_related("division")
    found = rows.first()
    if found is None:
        raise SurveyedParcelNotFound(batch=of.pk, number=number)
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """一件佐证和它须留意的事: where a photo says that it was taken, when that is far off."""

    row: SurveyEvidence
    remark: str = ""


@dataclass(frozen=True, slots=True)
class OfParcel:
    """一宗的佐证: what stands, what was withdrawn, and what is lacking of what the place asks for."""

    standing: Sequence[Told]
    withdrawn: Sequence[SurveyEvidence]
    missing: Sequence[str]


def of_parcel(of: SurveyBatch, row: SurveyedParcel, *, actor: Actor, on: date) -> OfParcel:
    """The evidence of one parcel, in the order in which it was given."""
    rows = list(of_batch(of, actor=actor, number=row.number).order_by("pk"))
    given = given_in(of.division_id, PARAMETERS, on=on)
    standing = [one for one in rows if one.withdrawn_at is None]
    return OfParcel(
        [Told(one, _far(one, row.geometry, far_limit(given))) for one in standing],
        [one for one in rows if one.withdrawn_at is not None],
        lacking({one.kind for one in standing}, required_in(given)),
    )


def _far(one: SurveyEvidence, outline: shapely.Geometry | None, limit: float | None) -> str:
    return far_told(one.longitude, one.latitude, outline, limit)


def of_unit(unit: BAUnit, *, actor: Actor, known_at: datetime | None = None) -> list[SurveyEvidence]:
    """What the survey showed of a unit, as far as it was entered by then."""
    rows = SurveyEvidence.objects.visible_to(actor).filter(baunit=unit).standing()
    if known_at is not None:
        rows = rows.filter(batch__entered_at__lte=known_at)
    return list(rows.select_related("blob", "batch").order_by("pk")[:MOST_OF_A_UNIT])


def one_evidence(evidence_id: int, *, actor: Actor) -> SurveyEvidence:
    """One file that the actor may see. Raises: EvidenceNotFound."""
    rows = SurveyEvidence.objects.visible_to(actor).select_related("blob", "batch", "user", "withdrawn_by")
    found = rows.filter(pk=evidence_id).first()
    if found is None:
        raise EvidenceNotFound(evidence=evidence_id)
    return found


def archives(of: SurveyBatch, *, actor: Actor) -> QuerySet[EvidenceArchive]:
    """What was given at once, the last first; without the lines of the answers."""
    rows = EvidenceArchive.objects.visible_to(actor).filter(batch=of).select_related("user", "job")
    return rows.defer("lines").order_by("-pk")


def archive(archive_id: int, *, actor: Actor) -> EvidenceArchive:
    """One archive with its answer. Raises: EvidenceArchiveNotFound."""
    rows = EvidenceArchive.objects.visible_to(actor).select_related("batch__division", "user", "job")
    found = rows.filter(pk=archive_id).first()
    if found is None:
        raise EvidenceArchiveNotFound(archive=archive_id)
    return found


def answered(of: EvidenceArchive) -> Iterator[tuple[str, int | None, str, str, str, str]]:
    """The answer to an archive, file by file: the bad ones first, then those to look at."""
    rank = {"fault": 0, "note": 1}
    for place, number, title, level, text, mend in sorted(of.lines, key=lambda line: rank.get(line[3], 2)):
        good = "已收" if of.state == EvidenceArchive.State.APPLIED else _WORDS[""]
        yield place, number, title, _WORDS[level] if level else good, text, mend
