"""归档: the whole file of a closed case in one package, with the hash of each part."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any

from django.db import transaction

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.queries import events_of
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import LEGAL_ZONE
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.files import services as files
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.files.limits import LIMIT
from ronghe.kernel.jobs import services as jobs
from ronghe.kernel.jobs.models import Job
from ronghe.kernel.pages.workbook import workbook

from ..errors import CaseStillOpen
from ..models import Archive, Case, Material, Objection
from .moving import address_of, locked, procedure_of

#: A case may hold many files of the largest size that one may have.
LARGEST = 10 * LIMIT
#: What happens to the package itself is no part of it: the same file makes the same package.
_ABOUT_PACKAGES = "casework.case.archived"
#: Every entry of a package bears the day on which the case was closed, so that equal files make equal packages.
_HEAD = ("序号", "环节", "处理", "到", "处理人", "岗位", "单位", "时间", "理由")


@transaction.atomic
def file_case(*, case_id: int, actor: Actor, at: datetime) -> Job:
    """Have the package of a closed case made in the background, by the staff.

    Raises: CaseNotFound, Forbidden, CaseStillOpen.
    """
    case = locked(case_id, actor)
    if actor.role == Role.SELF:
        raise Forbidden()
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
    with tempfile.TemporaryFile() as package:
        _write_package(case, package)
        blob = files.store(package, name=f"{case.number}.zip", kinds={FileKind.ZIP}, limit=LARGEST, at=at)
    with transaction.atomic():
        made, is_new = Archive.objects.get_or_create(case=case, blob=blob, defaults={"made_at": at})
        if is_new:
            facts = {"sha256": blob.digest}
            record(verb="casework.case.archived", subject=case, actor=actor, at=at, facts=facts)
    return made


def _write_package(case: Case, out: IO[bytes]) -> None:
    """Part by part and piece by piece, so that no file stands in memory; the listing with all hashes comes last."""
    assert case.closed_at is not None
    when = case.closed_at.astimezone(LEGAL_ZONE).timetuple()[:6]
    listing = []
    with zipfile.ZipFile(out, "w") as archive:

        def put(name: str, pieces: Iterable[bytes]) -> None:
            entry = zipfile.ZipInfo(name, when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            digest = hashlib.sha256()
            with archive.open(entry, "w") as into:
                for piece in pieces:
                    digest.update(piece)
                    into.write(piece)
            listing.append({"name": name, "sha256": digest.hexdigest()})

        for name, pieces in (*_parts(case), *_materials(case)):
            put(name, pieces)
        told = {**_head(case), "parts": list(listing)}
        put("目录.json", [_json(told)])


def _json(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1, default=str).encode()


def _parts(case: Case) -> Iterator[tuple[str, list[bytes]]]:
    procedure = procedure_of(case.procedure)
    decisions = list(case.decisions.select_related("user", "org_unit"))
    rows = [
        (
            d.number, procedure.title_of(d.from_step), d.label, procedure.title_of(d.to_step), str(d.user or "系统"),
            d.role, str(d.org_unit or ""), d.at, d.reason,
        )
        for d in decisions
    ]  # fmt: skip
    yield "处理记录.xlsx", [workbook("处理记录", _HEAD, rows)]
    if rulings := {d.number: d.ruling for d in decisions if d.ruling}:
        yield "依据.json", [_json(rulings)]
    told = [
        {
            "title": notice.title, "text": notice.text, "first_day": notice.first_day, "last_day": notice.last_day,
            "ended_at": notice.ended_at, "objections": [_objection(one) for one in notice.objections.all()],
        }
        for notice in case.notices.prefetch_related("objections").order_by("pk")
    ]  # fmt: skip
    if told:
        yield "公示.json", [_json(told)]
    holders = [
        {"from": str(h.from_user or ""), "to": str(h.to_user or "本单位"), "reason": h.reason, "at": h.at}
        for h in case.handovers.select_related("from_user", "to_user")
    ]
    if holders:
        yield "移交.json", [_json(holders)]
    events = events_of(case).exclude(verb=_ABOUT_PACKAGES).order_by("at", "pk").values_list("at", "verb", "facts")
    yield "事件.json", [_json([{"at": at, "verb": verb, "facts": facts} for at, verb, facts in events])]


def _materials(case: Case) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The files themselves; where one's key was destroyed, what it was."""
    for material in Material.objects.filter(case=case).select_related("blob").order_by("pk"):
        state = "（已撤换）" if material.removed_at else ""
        name = f"材料/{material.pk:06d}-{_plain(material.title)}{state}-{_plain(material.file_name)}"
        if material.blob.key is None:
            yield f"{name}（已销毁）.txt", [f"SHA-256 {material.blob_id}\n".encode()]
        else:
            yield name, files.pieces(material.blob_id)


def _plain(name: str) -> str:
    """No name leads out of the folder into which a package is unpacked."""
    return "".join("_" if c in '/\\:*?"<>|' or not c.isprintable() else c for c in name).strip(". ") or "未命名"


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
