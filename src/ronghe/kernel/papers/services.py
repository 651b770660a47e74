"""Commands on papers: issue one, issue many, revoke one; set a sheet that is no numbered paper."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files import services as files
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.jobs import Work
from ronghe.kernel.jobs import services as jobs
from ronghe.kernel.regions.models import OrgUnit

from . import codes, glyphs, setting
from .blocks import Sheet, Signature
from .declared import TEMPLATES, Template
from .errors import PaperNotFound, PaperRevoked, ReasonMissing, TemplateUnknown
from .models import Batch, NumberSeries, Paper, Revocation


def template_of(key: str) -> Template:
    """The declared kind of paper. Raises: TemplateUnknown."""
    found = TEMPLATES.get(key)
    if found is None:
        raise TemplateUnknown(key=key[:60])
    return found


def next_number(prefix: str, *, division: str, year: int) -> str:
    """``方案入库〔2026〕370114-0001号``: given in order, without gaps; what is not made takes none. Locks: the series."""
    key = {"prefix": prefix, "division_id": division, "year": year}
    NumberSeries.objects.bulk_create([NumberSeries(**key)], ignore_conflicts=True)
    series = NumberSeries.objects.select_for_update().get(**key)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{prefix}〔{year}〕{division.rstrip('0') or division}-{series.last:04d}号"


@transaction.atomic
def issue_paper(
    key: str,
    *,
    facts: Mapping[str, Any],
    division: str,
    subject: tuple[str, str | int] | None = None,
    actor: Actor,
    at: datetime,
    batch: Batch | None = None,
) -> Paper:
    """Issue a paper (出具文书): number, code, PDF, all or nothing. Locks: the number series of template, division and year.

    Raises: TemplateUnknown, GlyphMissing.
    """
    template = template_of(key)
    unit_id = batch.org_unit_id if batch is not None else actor.org_unit_id
    number = next_number(template.prefix, division=division, year=legal_day(at).year)
    code = codes.new_code()
    sheet = sheet_of(template, facts, number=number, code=code, unit_id=unit_id, at=at)
    content = setting.pdf(sheet, at=at)
    told = json.dumps(dict(facts), ensure_ascii=False, sort_keys=True).encode()
    made = Paper.objects.create(
        template=template.key,
        number=number,
        code=code,
        title=template.title,
        division_id=division,
        org_unit_id=unit_id,
        subject_type=subject[0] if subject else "",
        subject_id=str(subject[1]) if subject else "",
        public=[list(pair) for pair in template.public(facts)],
        facts=files.store(told, name="内容.json", kinds={FileKind.JSON}, at=at),
        pdf=files.store(content, name="文书.pdf", kinds={FileKind.PDF}, at=at),
        batch=batch,
        issued_by_id=actor.user_id,
        issued_at=at,
    )
    facts_of_event = {"template": key, "sha256": made.pdf_id}
    record(verb="papers.paper.issued", subject=made, actor=actor, at=at, facts=facts_of_event)
    return made


def sheet_of(
    template: Template,
    facts: Mapping[str, Any],
    *,
    number: str = "",
    code: str = "",
    unit_id: int | None,
    at: datetime,
    is_draft: bool = False,
) -> Sheet:
    """The sheet of a paper, signed by its unit where it is numbered; an official draft leaves room for the day."""
    blocks = tuple(template.body(facts))
    head = template.head(facts) if template.head else None
    today = legal_day(at)
    day = f"{today.year}年{today.month}月{today.day}日" if number else "　　　　年　　月　　日"
    if head and not head.printed_on:
        head = replace(head, printed_on=day)
    is_signed = head.is_signed and bool(number or is_draft) if head else bool(number)
    if is_signed:
        unit = OrgUnit.objects.filter(pk=unit_id).first() if unit_id else None
        blocks += (Signature(unit.name if unit else "", day),)
    title = (head and head.title) or template.title
    address = f"{settings.PUBLIC_URL}/papers/check/{codes.spaced(code)}/" if code else ""
    return Sheet(title, blocks, number, codes.spaced(code) if code else "", address, head, is_draft)


def facts_of(paper: Paper) -> dict[str, Any]:
    """What a paper was made from."""
    told: dict[str, Any] = json.loads(files.content(paper.facts_id))
    return told


def copy_of(paper: Paper, form: str) -> bytes:
    """The paper as DOCX or XLSX to work on, set from its facts."""
    template = template_of(paper.template)
    sheet = sheet_of(
        template, facts_of(paper), number=paper.number, code=paper.code, unit_id=paper.org_unit_id, at=paper.issued_at
    )
    return setting.docx(sheet) if form == "docx" else setting.xlsx(sheet)


@transaction.atomic
def revoke_paper(
    *, paper_id: int, reason: str, replaced_by: int | None = None, actor: Actor, at: datetime
) -> Revocation:
    """Revoke a paper (作废), perhaps for another. Raises: PaperNotFound, ReasonMissing, PaperRevoked. Locks: the paper."""
    if not reason.strip():
        raise ReasonMissing()
    seen = Paper.objects.visible_to(actor)
    found = seen.filter(pk=paper_id).first()
    if found is None or (replaced_by is not None and not seen.filter(pk=replaced_by).exists()):
        raise PaperNotFound(paper_id=paper_id)
    made, is_new = Revocation.objects.get_or_create(
        paper=found,
        defaults={"reason": reason.strip()[:200], "replaced_by_id": replaced_by, "user_id": actor.user_id, "at": at},
    )
    if not is_new:
        raise PaperRevoked(number=found.number)
    record(verb="papers.paper.revoked", subject=found, actor=actor, at=at)
    return made


@transaction.atomic
def issue_many(
    key: str, *, rows: Sequence[Mapping[str, Any]], title: str, division: str, actor: Actor, at: datetime
) -> Batch:
    """Have many papers of one kind issued in the background, all or none (批量制证)."""
    template_of(key)
    given = json.dumps([dict(row) for row in rows], ensure_ascii=False).encode()
    made = Batch.objects.create(
        template=key, title=title[:120], division_id=division, org_unit_id=actor.org_unit_id, count=len(rows),
        given=files.store(given, name="批次.json", kinds={FileKind.JSON}, at=at), made_by_id=actor.user_id, made_at=at,
    )  # fmt: skip
    made.job = jobs.start(
        "papers.batch", args={"batch_id": made.pk, "by": actor.as_args()}, title=title, href=f"/papers/batches/{made.pk}/", division=division,
        actor=actor, at=at,
    )  # fmt: skip
    made.save(update_fields=["job"])
    return made


def make_batch(work: Work, *, batch_id: int, actor: Actor, at: datetime) -> dict[str, Any]:
    """Check every row first, then issue all of them and pack them, in one transaction; a repeat makes nothing more."""
    batch = Batch.objects.select_related("made_by").get(pk=batch_id)
    if batch.state != Batch.State.MAKING:
        return {"state": batch.state}
    rows: list[dict[str, Any]] = json.loads(files.content(batch.given_id))
    try:
        _require_glyphs(work, batch, rows, at)
        with transaction.atomic():
            locked = Batch.objects.select_for_update(of=("self",)).get(pk=batch_id)
            if locked.state != Batch.State.MAKING:
                return {"state": locked.state}
            papers = list(_issued(work, locked, rows, actor, at))
            package = files.store(_packed(papers), name=f"{batch.title}.zip", kinds={FileKind.ZIP}, at=at)
            locked.state, locked.package = Batch.State.DONE, package
            locked.save(update_fields=["state", "package"])
    except DomainError as error:
        Batch.objects.filter(pk=batch_id).update(state=Batch.State.FAILED, failure=error.text)
        raise
    return {"state": "done", "papers": len(papers)}


def _require_glyphs(work: Work, batch: Batch, rows: Sequence[Mapping[str, Any]], at: datetime) -> None:
    template = template_of(batch.template)
    for number, row in enumerate(rows, start=1):
        try:
            glyphs.require(sheet_of(template, row, unit_id=None, at=at))
        except DomainError as error:
            error.text = f"第 {number} 份：{error.text}"
            raise
        work.progress(number, 2 * len(rows), "核对用字")


def _issued(work: Work, batch: Batch, rows: Sequence[Mapping[str, Any]], actor: Actor, at: datetime) -> Iterator[Paper]:
    for number, row in enumerate(rows, start=1):
        subject = row.get("_subject")
        yield issue_paper(
            batch.template, facts=row, division=batch.division_id, subject=tuple(subject) if subject else None,
            actor=actor, at=at, batch=batch,
        )  # fmt: skip
        work.progress(len(rows) + number, 2 * len(rows), "制证")


def _packed(papers: Sequence[Paper]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # PDF files are compressed already
        for paper in papers:
            when = paper.issued_at.timetuple()[:6]
            archive.writestr(zipfile.ZipInfo(f"{paper.number}.pdf", when), files.content(paper.pdf_id))
    return out.getvalue()
