"""Evidence of a whole batch by one archive: checked whole, taken whole or not at all, answered file by file."""

import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import IO, Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Right

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import DomainError, OutsideFailure
from ronghe.kernel.files import services as files
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.files.models import Blob
from ronghe.kernel.jobs import Work
from ronghe.kernel.jobs import services as jobs

from ..errors import EvidenceArchiveWrong, EvidenceTooMany, SurveyNotReady
from ..models import EvidenceArchive, SurveyBatch, SurveyedParcel, SurveyEvidence
from ..queries.figures import given_in
from ..rules.evidence import (
    GROUND_LENGTH,
    PARAMETERS,
    SERIAL_LENGTH,
    EvidenceKind,
    kind_by_name,
    number_in,
    parcels_named,
)
from ..surveying.evidence import FAR_MEND, far_limit, far_told
from ..surveying.evidence_archive import (
    BadArchive,
    BadPart,
    Known,
    Part,
    content_of,
    keys_named,
    known_from,
    parts_of,
)
from ..surveying.pictures import Seen
from .evidence import LIMIT, MOST_OF_A_PARCEL, Looked, kept, looked_at, refuse_closed, row_of, there_already, weigh
from .surveys import locked_batch

State = EvidenceArchive.State
FAULT, NOTE, GOOD = "fault", "note", ""
_NAMING = "用宗序号、19 位宗地（地块）代码或单元代码命名，如 00012_1.jpg，或放进这样命名的文件夹"
Line = list[Any]


def take_evidence_archive(
    *, batch_id: int, content: bytes | IO[bytes], name: str, documents_as: EvidenceKind, actor: Actor, at: datetime
) -> EvidenceArchive:
    """Take an archive of evidence (上传佐证压缩包) and have it checked in the background. Locks: SurveyBatch.

    Raises: SurveyNotFound, SurveyNotReady, and whatever keeping a file refuses.
    """
    blob = files.store(content, name=name, kinds={FileKind.ZIP}, at=at)
    with transaction.atomic():
        batch = locked_batch(batch_id)
        refuse_closed(batch, what="上传佐证压缩包")
        made = EvidenceArchive.objects.create(
            batch=batch, attempt=batch.attempt, blob=blob, file_name=files.plain_name(name), documents_as=documents_as,
            user_id=actor.user_id, at=at,
        )  # fmt: skip
        made.job = jobs.start(
            "registry.evidence_archive", args={"archive_id": made.pk, "by": actor.as_args()},
            title=f"核对佐证：{made.file_name}", href=address_of(made), division=batch.division_id, actor=actor, at=at,
        )  # fmt: skip
        made.save(update_fields=["job"])
        facts = {"archive": made.pk, "sha256": blob.digest}
        record(verb="registry.evidence.archive_taken", subject=batch, actor=actor, at=at, facts=facts)
    return made


def address_of(archive: EvidenceArchive) -> str:
    """The page of an archive."""
    return f"/registry/surveys/{archive.batch_id}/evidence/archives/{archive.pk}/"


@dataclass(slots=True)
class _Sound:
    """A file that may be taken: its parcel, what it shows, and its content's SHA-256."""

    part: Part
    number: int
    kind: EvidenceKind
    digest: str
    seen: Seen
    line: Line


def check_archive(work: Work, *, archive_id: int, actor: Actor, at: datetime) -> dict[str, Any]:
    """Check an archive whole, and take it when nothing is wrong in it. A repeat changes nothing."""
    archive = EvidenceArchive.objects.select_related("batch", "blob").get(pk=archive_id)
    if archive.state != State.CHECKING:
        return {"state": archive.state}
    try:
        with tempfile.TemporaryFile() as packed:
            packed.writelines(files.pieces(archive.blob_id))
            _run(work, archive, packed, actor=actor, at=at)
    except DomainError as error:
        _settle(archive, State.FAILED, at, failure=error.text[:400])
    return {"state": archive.state, **archive.counts}


def _run(work: Work, archive: EvidenceArchive, packed: IO[bytes], *, actor: Actor, at: datetime) -> None:
    try:
        with zipfile.ZipFile(packed) as opened:
            parts = parts_of(opened)
            lines, sound = _looked_through(work, archive, opened, parts, at=at)
            blobs = {} if _bad(lines) else _all_kept(work, archive, opened, sound, at=at)
            if _bad(lines):
                _settle(archive, State.FAULTY, at, lines=lines)
            else:
                _take(archive, sound, blobs, lines, actor=actor, at=at)
    except BadArchive as error:
        raise EvidenceArchiveWrong(file=archive.file_name, why=str(error)) from None
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise EvidenceArchiveWrong(file=archive.file_name, why="已损坏，打不开；请重新压缩") from error


def _bad(lines: Sequence[Line]) -> int:
    return sum(1 for line in lines if line[3] == FAULT)


def _settle(archive: EvidenceArchive, state: EvidenceArchive.State, at: datetime, **facts: Any) -> None:
    lines: list[Line] = facts.get("lines", [])
    archive.state, archive.checked_at, archive.failure = state, at, facts.get("failure", "")
    archive.lines = lines
    archive.counts = {
        "files": len(lines), "bad": _bad(lines), "note": sum(1 for line in lines if line[3] == NOTE),
        "taken": facts.get("taken", 0),
    }  # fmt: skip
    archive.save(update_fields=["state", "checked_at", "failure", "lines", "counts"])


def _known(batch: SurveyBatch, parts: list[Part]) -> Known:
    """The parcels of the batch that the files may name."""
    keys = keys_named(parts)
    numbers = {number for key in keys if (number := number_in(key)) is not None}
    codes = {key for key in keys if number_in(key) is None}
    grounds = {code[:GROUND_LENGTH] for code in codes}
    serials = {key for key in keys if len(key) == SERIAL_LENGTH}
    named = Q(number__in=numbers) | Q(code__in=codes) | Q(ground_code__in=grounds) | Q(serial__in=serials)
    rows = SurveyedParcel.objects.annotate(serial=Right("ground_code", SERIAL_LENGTH)).filter(named, batch=batch)
    return known_from(rows.order_by("number").values_list("number", "code", "ground_code").iterator())


def _looked_through(
    work: Work, archive: EvidenceArchive, opened: zipfile.ZipFile, parts: list[Part], *, at: datetime
) -> tuple[list[Line], list[_Sound]]:
    """What is said of each file, and those that may be taken."""
    batch, known = archive.batch, _known(archive.batch, parts)
    limit = far_limit(given_in(batch.division_id, PARAMETERS, on=legal_day(at)))
    there = there_already(batch, known.numbers)
    parcels = {row.number: row for row in SurveyedParcel.objects.filter(batch=batch, number__in=known.numbers)}
    lines: list[Line] = []
    sound: list[_Sound] = []
    seen: dict[str, int] = {}
    counted: dict[int, int] = {}
    for number, _ in there:
        counted[number] = counted.get(number, 0) + 1
    for place, part in enumerate(parts):
        work.progress(place, 2 * len(parts), f"正在核对 {part.name}")
        line: Line = [part.place, None, "", GOOD, "", ""]
        lines.append(line)
        try:
            one = _whole(opened, part)
            number = _parcel(part, known)
        except BadPart as error:
            line[3:] = [FAULT, str(error), error.mend]
            continue
        line[1], line[2] = number, parcels[number].holders_text or str(parcels[number])
        digest = sha256(one.content).hexdigest()
        if (number, digest) in there:
            line[3:] = [NOTE, "这一宗已有同样的文件", "不再重复收，不必处理"]
            continue
        if digest in seen and seen[digest] != number:
            line[3:] = [NOTE, f"和第 {seen[digest]} 宗的一个文件完全相同", "核对是不是两宗共用；放错的，撤回"]
        there.add((number, digest))
        seen.setdefault(digest, number)
        counted[number] = counted.get(number, 0) + 1
        if counted[number] > MOST_OF_A_PARCEL:
            error_text = EvidenceTooMany(number=number, most=MOST_OF_A_PARCEL).text
            line[3:] = [FAULT, error_text.partition("。")[0], "只留说明问题的几件"]
            continue
        kind = kind_by_name(
            part.name, is_picture=one.kind is not FileKind.PDF, documents_as=EvidenceKind(archive.documents_as)
        )
        told = far_told(one.seen.longitude, one.seen.latitude, parcels[number].geometry, limit)
        if told and not line[3]:
            line[3:] = [NOTE, told, FAR_MEND]
        sound.append(_Sound(part, number, kind, digest, one.seen, line))
    return lines, sound


def _whole(opened: zipfile.ZipFile, part: Part) -> Looked:
    """The file, when it is one that shows something. Raises: BadPart."""
    content = content_of(opened, part, limit=LIMIT)
    try:
        return looked_at(content, name=part.name)
    except DomainError as error:
        what, _, mend = error.text.partition("。")
        raise BadPart(what, mend) from None


def _parcel(part: Part, known: Known) -> int:
    """The one parcel that a file is of. Raises: BadPart."""
    found = sorted(parcels_named(part.place, known.find))
    if not found:
        raise BadPart("文件名和文件夹都没有写明是哪一宗，或者这一批没有这样的宗地", _NAMING)
    if len(found) > 1:
        told = "、".join(f"第 {number} 宗" for number in found)
        raise BadPart(f"可能是{told}，分不清", "改用 19 位宗地（地块）代码命名，并且一个文件只对应一宗")
    return found[0]


def _all_kept(
    work: Work, archive: EvidenceArchive, opened: zipfile.ZipFile, sound: list[_Sound], *, at: datetime
) -> dict[str, Blob]:
    """Keep each file; what the scanner of viruses says is written to its line. A scanner that is down stops the whole."""
    blobs: dict[str, Blob] = {}
    for place, one in enumerate(sound):
        work.progress(len(sound) + place, 2 * len(sound), f"正在保存 {one.part.name}")
        if one.digest in blobs:
            continue
        try:
            blobs[one.digest] = kept(_whole(opened, one.part), at=at)
        except OutsideFailure:
            raise
        except DomainError as error:
            what, _, mend = error.text.partition("。")
            one.line[3:] = [FAULT, what, mend]
    return blobs


def _take(
    archive: EvidenceArchive, sound: list[_Sound], blobs: dict[str, Blob], lines: list[Line], *, actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """Write all rows of an archive, unless the batch has gone on meanwhile."""
    with transaction.atomic():
        batch = locked_batch(archive.batch_id)
        refuse_closed(batch, what="增加佐证")
        if batch.attempt != archive.attempt:
            raise SurveyNotReady(batch=batch.pk, state="已重新上传调查成果", what="按以前的宗序号增加佐证")
        parcels = {
            row.number: row for row in SurveyedParcel.objects.filter(batch=batch, number__in={s.number for s in sound})
        }
        there = there_already(batch, parcels)
        rows = [
            row_of(
                batch, parcels[one.number], name=files.plain_name(one.part.name), seen=one.seen, kind=one.kind,
                blob=blobs[one.digest], archive=archive, actor=actor, at=at,
            )
            for one in sound
            if (one.number, one.digest) not in there
        ]  # fmt: skip
        SurveyEvidence.objects.bulk_create(rows)
        weigh(batch, {row.given_number for row in rows}, actor=actor, at=at)
        _settle(archive, State.APPLIED, at, lines=lines, taken=len(rows))
        facts = {"archive": archive.pk, "sha256": archive.blob_id, "files": len(rows)}
        record(verb="registry.evidence.archive_applied", subject=batch, actor=actor, at=at, facts=facts)
