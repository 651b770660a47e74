"""Attaching files to a case: of the kinds that its step asks for, kept by the files room."""

from datetime import datetime
from typing import IO

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.files import services as files

from ..declared import MaterialKind, Step
from ..errors import MaterialNotFound, MaterialUnknown
from ..models import Case, Material
from .moving import locked, procedure_of
from .refusing import present_step, refuse_actor, refuse_stale


def attach(*, case_id: int, key: str, content: bytes | IO[bytes], name: str, actor: Actor, at: datetime) -> Material:
    """Attach a file to the present step (提交材料). The same file again changes nothing. Locks: Case.

    The file is checked, scanned and kept before the case is locked: a slow upload keeps nobody waiting.
    Raises: CaseNotFound, CaseClosed, NotYourStep, HeldByAnother, MaterialUnknown, and what ``files.store`` refuses.
    """
    case = Case.objects.visible_to(actor).filter(pk=case_id).first()
    if case is None:
        locked(case_id, actor)
        raise AssertionError("a case that is not seen is not locked")
    _, kind = _asked(case, key, actor, at)
    blob = files.store(content, name=name, kinds=kind.kinds, limit=kind.limit, at=at)
    with transaction.atomic():
        case = locked(case_id, actor)
        step, kind = _asked(case, key, actor, at)
        known = Material.objects.filter(case=case, key=key, blob=blob, removed_at=None).first()
        if known is not None:
            return known
        made = Material.objects.create(
            case=case, step=step.key, key=key, title=kind.title, blob=blob, file_name=files.plain_name(name),
            added_by_id=actor.user_id, added_at=at,
        )  # fmt: skip
        record(
            verb="casework.material.attached",
            subject=case,
            actor=actor,
            at=at,
            facts={"material": made.pk, "key": key, "sha256": blob.digest},
        )
        return made


@transaction.atomic
def remove_material(*, case_id: int, material_id: int, actor: Actor, at: datetime) -> Material:
    """Take a file back (撤换材料): it no longer counts, and stays in the record. A repeat changes nothing. Locks: Case.

    Raises: CaseNotFound, CaseClosed, NotYourStep, HeldByAnother, MaterialNotFound.
    """
    case = locked(case_id, actor)
    found = Material.objects.filter(case=case, pk=material_id).first()
    if found is None:
        raise MaterialNotFound(case=case.number, material_id=material_id)
    _asked(case, found.key, actor, at)
    if found.removed_at is None:
        found.removed_at = at
        found.save(update_fields=["removed_at"])
        record(verb="casework.material.removed", subject=case, actor=actor, at=at, facts={"material": found.pk})
    return found


def _asked(case: Case, key: str, actor: Actor, at: datetime) -> tuple[Step, MaterialKind]:
    """The step and the kind of material, when the actor may attach it now."""
    procedure = procedure_of(case.procedure)
    refuse_stale(case, procedure, None)
    step = present_step(case, procedure)
    refuse_actor(case, procedure, step, actor, at=at)
    kind = next((one for one in step.materials if one.key == key), None)
    if kind is None:
        raise MaterialUnknown(step=step.title, material=key[:40])
    return step, kind
