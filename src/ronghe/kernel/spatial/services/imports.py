"""Imports (导入): a file is taken, checked whole in the background, and then applied whole or not at all."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO, Any

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.files import services as files
from ronghe.kernel.jobs import services as jobs
from ronghe.kernel.jobs.models import Job

from ..errors import ImportNotFound, ImportNotReady
from ..models import Layer, LayerImport
from ..reading.opened import KINDS
from .layers import refuse_kept_by_packs


@dataclass(frozen=True, slots=True)
class Statement:
    """说明: what a person states of a file; empty is what the file says itself.

    ``crs`` as ``EPSG:4528`` or ``GCJ-02``; ``axes`` ``xy`` or ``yx``; ``datum`` ``as_is`` takes coordinates of another
    datum without a shift; ``outside`` ``refuse`` or ``warn``. ``asks`` whether what is open is asked or refused.
    """

    crs: str = ""
    axes: str = ""
    datum: str = ""
    encoding: str = ""
    part: str = ""
    code_field: str = ""
    name_field: str = ""
    outside: str = "refuse"
    asks: bool = True


def take_file(
    *,
    layer: Layer,
    content: bytes | IO[bytes],
    name: str,
    mode: str,
    stated: Statement,
    actor: Actor,
    at: datetime,
) -> LayerImport:
    """Take a file (上传) and have it checked in the background.

    Raises: LayerKeptByPacks, and whatever ``files.store`` refuses.
    """
    refuse_kept_by_packs(layer)
    blob = files.store(content, name=name, kinds=KINDS, at=at)
    with transaction.atomic():
        made = LayerImport.objects.create(
            layer=layer, blob=blob, file_name=files.plain_name(name), mode=mode, stated=asdict(stated),
            user_id=actor.user_id, made_at=at,
        )  # fmt: skip
        made.job = _job("spatial.check", made, f"核对 {made.file_name}", actor, at)
        made.save(update_fields=["job"])
        facts = {"layer": layer.slug, "sha256": blob.digest, "mode": mode}
        record(verb="spatial.import.taken", subject=made, actor=actor, at=at, facts=facts, division=layer.division_id)
    return made


#: What of a statement stands in its event: no words of a person.
_STATED = ("crs", "axes", "datum", "encoding", "outside")


@transaction.atomic
def check_start(*, import_id: int, stated: Statement, actor: Actor, at: datetime) -> LayerImport:
    """Check a file again, with what a person has stated since. Locks: LayerImport. Raises: ImportNotFound, ImportNotReady."""
    found = locked_import(import_id)
    S = LayerImport.State
    if found.state not in (S.ASKING, S.FAULTY, S.READY) and not (found.state == S.CHECKING and _is_over(found)):
        raise ImportNotReady(import_id=import_id, state=found.get_state_display())
    found.state, found.stated, found.failure = S.CHECKING, asdict(stated), ""
    found.job = _job("spatial.check", found, f"核对 {found.file_name}", actor, at)
    found.save(update_fields=["state", "stated", "failure", "job"])
    facts = {name: value for name, value in found.stated.items() if value and name in _STATED}
    record(
        verb="spatial.import.stated", subject=found, actor=actor, at=at, facts=facts, division=found.layer.division_id
    )
    return found


@transaction.atomic
def start_apply(*, import_id: int, actor: Actor, at: datetime) -> LayerImport:
    """Have a sound file written in the background; a repeat starts nothing more. Locks: LayerImport.

    Raises: ImportNotFound, ImportNotReady.
    """
    found = locked_import(import_id)
    S = LayerImport.State
    if found.state in (S.APPLIED, S.APPLYING) and not (found.state == S.APPLYING and _is_over(found)):
        return found
    if found.state not in (S.READY, S.APPLYING):
        raise ImportNotReady(import_id=import_id, state=found.get_state_display())
    found.state = S.APPLYING
    found.job = _job("spatial.apply", found, f"导入 {found.file_name}", actor, at, by=actor.as_args())
    found.save(update_fields=["state", "job"])
    return found


def locked_import(import_id: int) -> LayerImport:
    found = LayerImport.objects.select_for_update(of=("self",)).select_related("layer").filter(pk=import_id).first()
    if found is None:
        raise ImportNotFound(import_id=import_id)
    return found


def _is_over(found: LayerImport) -> bool:
    return found.job is not None and found.job.is_over


def _job(kind: str, of: LayerImport, title: str, actor: Actor, at: datetime, **args: Any) -> Job:
    return jobs.start(
        kind,
        args={"import_id": of.pk, **args},
        title=title,
        href=f"/layers/{of.layer.slug}/imports/{of.pk}/",
        division=of.layer.division_id,
        actor=actor,
        at=at,
    )


def restated(found: LayerImport, **changes: str) -> Statement:
    """What was stated of an import, with some of it changed."""
    return Statement(**(found.stated | changes))
