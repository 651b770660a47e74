"""归档: the whole file of a closed case in one package, with the hash of each part."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import LEGAL_ZONE
from ronghe.kernel.files import services as files
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.jobs import services as jobs
from ronghe.kernel.jobs.models import Job
from ronghe.kernel.pages.workbook import workbook

from ..errors import CaseStillOpen
from ..models import Archive, Case, Material, Objection
from .moving import address_of, locked, procedure_of

#: Every entry of a package bears the day on which the case was closed, so that equal files make equal packages.
_HEAD = ("序号", "环节", "处理", "到", "处理人", "岗位", "单位", "时间", "理由")


@transaction.atomic
def file_case(*, case_id: int, actor: Actor, at: datetime) -> Job:
    """Have the package of a closed case made in the background. Raises: CaseNotFound, CaseStillOpen."""
    case = locked(case_id, actor)
    if not case.is_over:
        raise CaseStillOpen(case=case.number)
    return jobs.start(
        "casework.archive",
        args={"case_id": case.pk},
        title=f"归档 {case.number}",
        href=address_of(case),
        division=case.division_id,
        actor=actor,
        at=at,
    )


def build_archive(*, case_id: int, actor: Actor, at: datetime) -> Archive:
    """Make the package and keep it; the same content again is the same package."""
    case = Case.objects.select_related("zone", "division", "applicant", "opened_by").get(pk=case_id)
    blob = files.store(_package(case), name=f"{case.number}.zip", kinds={FileKind.ZIP}, at=at)
    with transaction.atomic():
        made, is_new = Archive.objects.get_or_create(case=case, blob=blob, defaults={"made_at": at})
        if is_new:
            facts = {"sha256": blob.digest}
            record(verb="casework.case.archived", subject=case, actor=actor, at=at, facts=facts)
    return made


def _package(case: Case) -> bytes:
    assert case.closed_at is not None
    when = case.closed_at.astimezone(LEGAL_ZONE).timetuple()[:6]
    parts = dict(_parts(case))
    listing = [{"name": name, "sha256": hashlib.sha256(content).hexdigest()} for name, content in parts.items()]
    told = {**_head(case), "parts": listing}
    parts["目录.json"] = json.dumps(told, ensure_ascii=False, indent=1).encode()
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, when), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _parts(case: Case) -> Iterator[tuple[str, bytes]]:
    procedure = procedure_of(case.procedure)
    rows = [
        (
            d.number, procedure.title_of(d.from_step), d.label, procedure.title_of(d.to_step), str(d.user or "系统"),
            d.role, str(d.org_unit or ""), d.at, d.reason,
        )
        for d in case.decisions.select_related("user", "org_unit")
    ]  # fmt: skip
    yield "处理记录.xlsx", workbook("处理记录", _HEAD, rows)
    rulings = {d.number: d.ruling for d in case.decisions.all() if d.ruling}
    if rulings:
        yield "依据.json", json.dumps(rulings, ensure_ascii=False, indent=1).encode()
    told = [
        {
            "title": notice.title, "text": notice.text, "first_day": str(notice.first_day), "last_day": str(notice.last_day),
            "objections": [_objection(one) for one in notice.objections.all()],
        }
        for notice in case.notices.prefetch_related("objections").order_by("pk")
    ]  # fmt: skip
    if told:
        yield "公示.json", json.dumps(told, ensure_ascii=False, indent=1).encode()
    for material in Material.objects.filter(case=case).order_by("pk"):
        state = "（已撤换）" if material.removed_at else ""
        yield f"材料/{material.pk:06d}-{material.title}{state}-{material.file_name}", files.content(material.blob_id)


def _objection(one: Objection) -> dict[str, Any]:
    """Without the contact: who reads the file later need not reach them."""
    return {"name": one.name, "text": one.text, "state": one.get_state_display(), "answer": one.answer}


def _head(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "procedure": case.procedure,
        "title": case.title,
        "division": case.division_id,
        "zone": case.zone_id,
        "applicant": str(case.applicant or ""),
        "facts": case.facts,
        "state": case.get_state_display(),
        "opened_at": case.opened_at.isoformat(),
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
        "moves": case.moves,
    }
