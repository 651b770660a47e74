"""Survey batches: a file is given, mended, judged by a person where rules cannot, and handed in for registration."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import IO, Any

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import digest_of, record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.files import services as files
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.jobs import services as jobs
from ronghe.kernel.jobs.models import Job
from ronghe.kernel.regions.models import Division
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.models import Case

from ..errors import NothingToJudge, SurveyIncomplete, SurveyNotFound, SurveyNotReady
from ..models import SurveyAttempt, SurveyBatch, SurveyFinding
from ..rules.kinds import UnitKind
from ..surveying.reading import KINDS
from .writing import reason_of

State = SurveyBatch.State
#: The procedure by which batches are registered, and what its cases are about.
PROCEDURE, SUBJECT = "registry.survey", "registry.surveybatch"


@dataclass(frozen=True, slots=True)
class SurveyTold:
    """批次的说明: where, what, by whom, when; whether holders who are not known yet are registered on entry."""

    division: str
    kind: UnitKind
    surveyor: str
    surveyed_on: date
    method: str = ""
    admits_new: bool = False


@dataclass(frozen=True, slots=True)
class SurveyStatement:
    """说明: what a person states of a file; empty is what the file says itself (see ``kernel.spatial``).

    ``asks`` whether what is open is asked or refused.
    """

    crs: str = ""
    axes: str = ""
    datum: str = ""
    encoding: str = ""
    part: str = ""
    asks: bool = True


@dataclass(frozen=True, slots=True)
class SurveyGiven:
    """给的文件: parcels, and the table that belongs to drawn ones where there is one."""

    content: bytes | IO[bytes]
    name: str
    table: bytes | IO[bytes] | None = None
    table_name: str = ""


def take_survey(
    *, told: SurveyTold, given: SurveyGiven, stated: SurveyStatement, actor: Actor, at: datetime
) -> SurveyBatch:
    """Take the survey of a village, or of the villages below a division, and have it checked in the background.

    Raises: SurveyIncomplete, DayInFuture, and whatever keeping a file refuses.
    """
    division = _described(told, at)
    blobs = _kept(given, at=at)
    with transaction.atomic():
        batch = SurveyBatch.objects.create(
            title=f"{division.name}{told.kind.title}权籍调查（{told.surveyed_on}）"[:120], division=division,
            kind=told.kind, surveyor=told.surveyor.strip()[:80], surveyed_on=told.surveyed_on,
            method=told.method.strip()[:60], admits_new=told.admits_new, user_id=actor.user_id, made_at=at,
        )  # fmt: skip
        _attempt(batch, given, blobs, stated, actor=actor, at=at)
    return batch


def mend_survey(
    *,
    batch_id: int,
    given: SurveyGiven,
    stated: SurveyStatement,
    admits_new: bool | None = None,
    actor: Actor,
    at: datetime,
) -> SurveyBatch:
    """Give a mended file for a batch: another attempt takes the place of what was staged. Locks: SurveyBatch.

    Raises: SurveyNotFound, SurveyNotReady, and whatever keeping a file refuses.
    """
    blobs = _kept(given, at=at)
    with transaction.atomic():
        batch = locked_batch(batch_id)
        refuse_unmendable(batch, what="重新上传")
        if admits_new is not None:
            batch.admits_new = admits_new
        _attempt(batch, given, blobs, stated, actor=actor, at=at)
    return batch


@transaction.atomic
def state_survey(*, batch_id: int, actor: Actor, at: datetime, **said: str) -> SurveyBatch:
    """Check the last file again, with what a person has stated since. Locks: SurveyBatch.

    Raises: SurveyNotFound, SurveyNotReady.
    """
    batch = locked_batch(batch_id)
    refuse_unmendable(batch, what="重新核对")
    attempt = last_attempt(batch)
    attempt.stated = asdict(SurveyStatement(**(attempt.stated | said)))
    attempt.verdict, attempt.failure = SurveyAttempt.Verdict.CHECKING, ""
    attempt.save(update_fields=["stated", "verdict", "failure"])
    batch.state = State.CHECKING
    batch.job = _job("registry.survey_check", batch, f"核对{batch.title}", actor, at)
    batch.save(update_fields=["state", "job"])
    facts = {name: value for name, value in said.items() if value and name in ("crs", "axes", "datum", "encoding")}
    record(verb="registry.survey.stated", subject=batch, actor=actor, at=at, facts=facts)
    return batch


@transaction.atomic
def judge_survey(
    *,
    batch_id: int,
    reason: str,
    findings: Sequence[int] = (),
    kind: str = "",
    actor: Actor,
    at: datetime,
) -> int:
    """A person settles what rules could not (人工判定): findings by number, or all of a kind; returns how many.

    When nothing is left the batch is ready. Locks: SurveyBatch.
    Raises: SurveyNotFound, SurveyNotReady, ReasonNeeded, NothingToJudge.
    """
    said = reason_of(reason, what="判定")
    batch = locked_batch(batch_id)
    if batch.state != State.JUDGING:
        raise SurveyNotReady(batch=batch.pk, state=batch.get_state_display(), what="判定")
    waiting = SurveyFinding.objects.filter(batch=batch, level=SurveyFinding.Level.PERSON, settled_at=None)
    rows = waiting.filter(kind=kind) if kind else waiting.filter(pk__in=findings)
    ids = list(rows.values_list("pk", flat=True))
    if not ids:
        raise NothingToJudge(batch=batch.pk)
    rows.update(settled_reason=said[:200], settled_by=actor.user_id, settled_at=at)
    if not waiting.exists():
        batch.state = State.READY
        batch.save(update_fields=["state"])
    facts = {"count": len(ids), "findings": digest_of(ids), "left": batch.state == State.JUDGING}
    record(verb="registry.survey.judged", subject=batch, actor=actor, at=at, facts=facts)
    return len(ids)


def locked_batch(batch_id: int) -> SurveyBatch:
    """Raises: SurveyNotFound."""
    rows = SurveyBatch.objects.select_for_update(of=("self",)).select_related("division", "job")
    found = rows.filter(pk=batch_id).first()
    if found is None:
        raise SurveyNotFound(batch=batch_id)
    return found


def last_attempt(batch: SurveyBatch) -> SurveyAttempt:
    """What was given last."""
    return SurveyAttempt.objects.select_related("blob", "table").get(batch=batch, number=batch.attempt)


def refuse_unmendable(batch: SurveyBatch, *, what: str) -> None:
    """Files are given and checked until the batch is handed in. Raises: SurveyNotReady."""
    stuck = batch.state == State.CHECKING and batch.job is not None and batch.job.is_over
    if batch.state not in SurveyBatch.MENDABLE and not stuck:
        raise SurveyNotReady(batch=batch.pk, state=batch.get_state_display(), what=what)


def address_of(batch: SurveyBatch) -> str:
    """The page of a batch."""
    return f"/registry/surveys/{batch.pk}/"


def enter_survey(batch: SurveyBatch, *, actor: Actor, at: datetime) -> None:
    """Have a locked batch written into the register in the background."""
    batch.state = State.ENTERING
    batch.job = _job("registry.survey_enter", batch, f"登簿：{batch.title}", actor, at, by=actor.as_args())
    batch.save(update_fields=["state", "job"])


def _described(told: SurveyTold, at: datetime) -> Division:
    division = Division.objects.filter(pk=told.division).first()
    if division is None or division.level not in ("village", "town", "county", "functional"):
        raise SurveyIncomplete(why="请选择村、镇或区县")
    if not told.surveyor.strip():
        raise SurveyIncomplete(why="没有写调查单位")
    if told.surveyed_on > legal_day(at):
        raise SurveyIncomplete(why=f"调查日期 {told.surveyed_on} 在今天以后")
    return division


def _kept(given: SurveyGiven, *, at: datetime) -> tuple[Any, Any]:
    blob = files.store(given.content, name=given.name, kinds=KINDS, at=at)
    if given.table is None:
        return blob, None
    if blob.kind == FileKind.XLSX:
        raise SurveyIncomplete(why="主文件已经是表格，不用再附属性表；有图形文件的，把图形作为主文件")
    return blob, files.store(given.table, name=given.table_name, kinds={FileKind.XLSX}, at=at)


def _attempt(
    batch: SurveyBatch, given: SurveyGiven, blobs: tuple[Any, Any], stated: SurveyStatement, *, actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    batch.attempt += 1
    SurveyAttempt.objects.create(
        batch=batch, number=batch.attempt, blob=blobs[0], file_name=files.plain_name(given.name), table=blobs[1],
        table_name=files.plain_name(given.table_name) if blobs[1] else "", stated=asdict(stated),
        user_id=actor.user_id, at=at,
    )  # fmt: skip
    batch.state = State.CHECKING
    batch.job = _job("registry.survey_check", batch, f"核对{batch.title}", actor, at)
    batch.save(update_fields=["attempt", "state", "job", "admits_new"])
    facts = {"attempt": batch.attempt, "sha256": blobs[0].digest, "kind": batch.kind}
    record(verb="registry.survey.taken", subject=batch, actor=actor, at=at, facts=facts)


def _job(kind: str, of: SurveyBatch, title: str, actor: Actor, at: datetime, **args: Any) -> Job:
    return jobs.start(
        kind, args={"batch_id": of.pk, **args}, title=title, href=address_of(of), division=of.division_id, actor=actor,
        at=at,
    )  # fmt: skip


@transaction.atomic
def submit_survey(*, batch_id: int, actor: Actor, at: datetime) -> Case:
    """Hand a batch in for review (提交审核): its case is opened, or goes on after it was given back. Locks: Case, SurveyBatch.

    Raises: SurveyNotFound, SurveyNotReady, and what casework refuses.
    """
    known = SurveyBatch.objects.values_list("case", flat=True).filter(pk=batch_id).first()
    if known is not None:
        Case.objects.select_for_update(of=("self",)).get(pk=known)
    batch = locked_batch(batch_id)
    if batch.state != State.READY:
        raise SurveyNotReady(batch=batch.pk, state=batch.get_state_display(), what="提交")
    if batch.case_id is None:
        case = casework.open_case(
            PROCEDURE, title=f"{batch.title}批量首次登记", division=batch.division_id, subject=(SUBJECT, batch.pk),
            facts={"parcels": batch.parcels_count, "kind": batch.kind}, actor=actor, at=at,
        )  # fmt: skip
        batch.case = case
        batch.save(update_fields=["case"])
    else:
        case = Case.objects.get(pk=batch.case_id)
    casework.act(case_id=case.pk, action="submit", seen=None, actor=actor, at=at)
    record(verb="registry.survey.submitted", subject=batch, actor=actor, at=at, facts={"case": case.pk})
    return case
