"""Evidence of surveyed parcels: given one by one, withdrawn with a reason; and what giving it from an archive shares."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import IO, Any, Final

import shapely
from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.files import services as files
from ronghe.kernel.files.errors import FileEmpty, FileTooLarge
from ronghe.kernel.files.kinds import FileKind, kind_of
from ronghe.kernel.files.limits import MB
from ronghe.kernel.files.models import Blob

from ..errors import EvidenceDamaged, EvidenceNotFound, EvidenceTooMany, SurveyedParcelNotFound, SurveyNotReady
from ..models import EvidenceArchive, SurveyBatch, SurveyedParcel, SurveyEvidence, SurveyFinding
from ..queries.figures import given_in
from ..rules.evidence import PARAMETERS, EvidenceKind, lacking
from ..surveying.evidence import MISSING, MISSING_MEND, kinds_given, missing_told, required_in
from ..surveying.pictures import BadPicture, Seen, look_at
from .surveys import locked_batch
from .writing import reason_of

#: What may be given, and how large one file may be.
KINDS: Final = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.PDF})
LIMIT: Final = 20 * MB
MOST_OF_A_PARCEL: Final = 50
State = SurveyBatch.State
#: While parcels are staged and nobody reviews them: what a review has seen changes only after it was given back.
OPEN: Final = (State.FAULTY, State.JUDGING, State.READY)


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that may be kept: its bytes, its kind, and what it tells of itself."""

    content: bytes
    name: str
    kind: FileKind
    seen: Seen


def looked_at(content: bytes | IO[bytes], *, name: str) -> Looked:
    """A file that is whole and of a kind that shows something, before it is kept.

    Raises: EvidenceDamaged, FileEmpty, FileTooLarge, and what the kinds of files refuse.
    """
    plain = files.plain_name(name)
    if not isinstance(content, bytes):
        size = content.seek(0, 2)
        content.seek(0)
        if size > LIMIT:
            raise FileTooLarge(name=plain, size_mb=-(-size // MB), limit_mb=LIMIT // MB)
        content = content.read()
    if not content:
        raise FileEmpty(name=plain)
    kind = kind_of(BytesIO(content), name=plain, kinds=KINDS)
    try:
        return Looked(content, plain, kind, look_at(content, kind))
    except BadPicture as error:
        raise EvidenceDamaged(file=plain, why=str(error)) from None


def kept(one: Looked, *, at: datetime) -> Blob:
    """Raises: what keeping a file refuses."""
    return files.store(one.content, name=one.name, kinds=KINDS, limit=LIMIT, at=at)


def add_evidence(
    *,
    batch_id: int,
    number: int,
    kind: EvidenceKind,
    content: bytes | IO[bytes],
    name: str,
    actor: Actor,
    at: datetime,
) -> SurveyEvidence:
    """Give a photo or document of a surveyed parcel (提交佐证). The same file again changes nothing. Locks: SurveyBatch.

    The file is looked at and kept before the batch is locked: a slow upload keeps nobody waiting.
    Raises: SurveyNotFound, SurveyNotReady, SurveyedParcelNotFound, EvidenceDamaged, EvidenceTooMany, and what keeping a
    file refuses.
    """
    one = looked_at(content, name=name)
    blob = kept(one, at=at)
    with transaction.atomic():
        batch = locked_batch(batch_id)
        refuse_closed(batch, what="增加佐证")
        parcel = SurveyedParcel.objects.filter(batch=batch, number=number).first()
        if parcel is None:
            raise SurveyedParcelNotFound(batch=batch_id, number=number)
        there = list(SurveyEvidence.objects.filter(batch=batch, number=number).standing().values_list("blob", "pk"))
        known = dict(there).get(blob.pk)
        if known is not None:
            return SurveyEvidence.objects.select_related("blob").get(pk=known)
        if len(there) >= MOST_OF_A_PARCEL:
            raise EvidenceTooMany(number=number, most=MOST_OF_A_PARCEL)
        made = row_of(batch, parcel, name=one.name, seen=one.seen, kind=kind, blob=blob, actor=actor, at=at)
        made.save(force_insert=True)
        weigh(batch, {number}, actor=actor, at=at)
        facts = {"evidence": made.pk, "number": number, "kind": kind.value, "sha256": blob.digest}
        record(verb="registry.evidence.added", subject=batch, actor=actor, at=at, facts=facts)
    return made


def row_of(
    batch: SurveyBatch,
    parcel: SurveyedParcel,
    *,
    name: str,
    seen: Seen,
    kind: EvidenceKind,
    blob: Blob,
    archive: EvidenceArchive | None = None,
    actor: Actor,
    at: datetime,
) -> SurveyEvidence:
    """The row of one file, not yet written."""
    spot = None if parcel.geometry is None else shapely.point_on_surface(parcel.geometry)
    return SurveyEvidence(
        batch=batch, number=parcel.number, attempt=batch.attempt, given_number=parcel.number,
        code=parcel.code or parcel.ground_code, spot_longitude=_degrees(spot and spot.x),
        spot_latitude=_degrees(spot and spot.y), kind=kind, blob=blob, file_name=name,
        longitude=_degrees(seen.longitude), latitude=_degrees(seen.latitude), taken_on=seen.taken_on,
        archive=archive, user_id=actor.user_id, at=at,
    )  # fmt: skip


def _degrees(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(round(float(value), 7)))


def refuse_closed(batch: SurveyBatch, *, what: str) -> None:
    """Evidence comes and goes until the batch is handed in, and again once it was given back. Raises: SurveyNotReady."""
    if batch.state not in OPEN:
        raise SurveyNotReady(batch=batch.pk, state=batch.get_state_display(), what=what)


@transaction.atomic
def withdraw_evidence(*, evidence_id: int, reason: str, actor: Actor, at: datetime) -> SurveyEvidence:
    """Withdraw what was given for a parcel (撤回佐证): it counts no more and stays in the record. A repeat changes nothing.

    Locks: SurveyBatch. Raises: EvidenceNotFound, SurveyNotReady, ReasonNeeded.
    """
    said = reason_of(reason, what="撤回佐证")
    batch_id = SurveyEvidence.objects.filter(pk=evidence_id).values_list("batch", flat=True).first()
    if batch_id is None:
        raise EvidenceNotFound(evidence=evidence_id)
    batch = locked_batch(batch_id)
    found = SurveyEvidence.objects.select_related("blob", "batch").get(pk=evidence_id)
    if found.withdrawn_at is not None:
        return found
    refuse_closed(batch, what="撤回佐证")
    found.withdrawn_at, found.withdrawn_by_id, found.withdrawn_reason = at, actor.user_id, said[:200]
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    if found.number is not None:
        weigh(batch, {found.number}, gone=EvidenceKind(found.kind).title, actor=actor, at=at)
    facts = {"evidence": found.pk, "number": found.number}
    record(verb="registry.evidence.withdrawn", subject=batch, actor=actor, at=at, facts=facts)
    return found


def there_already(batch: SurveyBatch, numbers: Collection[int]) -> set[tuple[int, str]]:
    """What parcels have: (number, SHA-256)."""
    rows = SurveyEvidence.objects.filter(batch=batch, number__in=numbers).standing()
    return {(number or 0, digest) for number, digest in rows.values_list("number", "blob")}


def weigh(batch: SurveyBatch, numbers: Collection[int], *, gone: str = "", actor: Actor, at: datetime) -> None:
    """Settle what these parcels of a locked batch lacked and have now; ask a person of a kind that is ``gone`` from them.

    What a person has judged before stays judged.
    """
    required = required_in(given_in(batch.division_id, PARAMETERS, on=legal_day(at)))
    if not required:
        return
    kinds = kinds_given(batch, numbers)
    waiting = SurveyFinding.objects.filter(batch=batch, level=SurveyFinding.Level.PERSON, settled_at=None)
    open_ones = waiting.filter(kind=MISSING, number__in=numbers)
    asked = set(open_ones.values_list("number", flat=True))
    for number in sorted(numbers):
        missing = lacking(kinds.get(number, ()), required)
        mine = open_ones.filter(number=number)
        if not missing:
            mine.update(settled_reason="已补充佐证", settled_by=actor.user_id, settled_at=at)
        elif number in asked:
            mine.update(text=missing_told(missing))
        elif gone in missing:
            _ask(batch, number, missing)
    state = State.JUDGING if waiting.exists() else State.READY
    if batch.state in (State.JUDGING, State.READY) and batch.state != state:
        batch.state = state
        batch.save(update_fields=["state"])


def _ask(batch: SurveyBatch, number: int, missing: Sequence[str]) -> None:
    """Have a person judge what a parcel lacks."""
    row = SurveyedParcel.objects.filter(batch=batch, number=number).first()
    if row is None:  # the last file could not be read: the next check says what is lacking
        return
    SurveyFinding.objects.create(
        batch=batch, number=number, line=row.line, code=row.code or row.ground_code,
        level=SurveyFinding.Level.PERSON, kind=MISSING, field="佐证", text=missing_told(missing), mend=MISSING_MEND,
    )  # fmt: skip
    SurveyedParcel.objects.filter(batch=batch, number=number, level__in=("", "note")).update(level="person")
