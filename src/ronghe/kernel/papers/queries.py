"""Reads of papers: the list, one, and what a code says to everybody."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import legal_day
from ronghe.kernel.grams import holds

from . import codes
from .errors import CodeMalformed, PaperNotFound
from .models import Batch, Paper


def papers(actor: Actor, *, text: str = "", template: str = "") -> QuerySet[Paper]:
    """The papers that the actor may see, newest first; ``text`` is part of number or title, or a code."""
    rows = Paper.objects.visible_to(actor).select_related("division", "org_unit", "issued_by", "revocation")
    if text:
        code = codes.plain(text)
        rows = rows.filter(Q(code=code) if code else holds(text, column="grams", of=("number", "title")))
    return rows.filter(template=template) if template else rows


def paper(paper_id: int, *, actor: Actor) -> Paper:
    """One paper. Raises: PaperNotFound."""
    found = papers(actor).filter(pk=paper_id).first()
    if found is None:
        raise PaperNotFound(paper_id=paper_id)
    return found


def papers_of(subject_type: str, subject_id: str | int, *, actor: Actor) -> QuerySet[Paper]:
    """The papers about one thing that the actor may see, newest first."""
    return papers(actor).filter(subject_type=subject_type, subject_id=str(subject_id))


def holding_subjects(subject_type: str, *, actor: Actor) -> set[str]:
    """The ids of the things of one kind that have a paper which holds, of those that the actor may see."""
    rows = papers(actor).filter(subject_type=subject_type, revocation=None)
    return set(rows.order_by().values_list("subject_id", flat=True))


def batches(actor: Actor) -> QuerySet[Batch]:
    """The batches that the actor may see, newest first."""
    return Batch.objects.visible_to(actor).select_related("job", "made_by")


@dataclass(frozen=True, slots=True)
class Answer:
    """核验结果: what everybody learns from a code."""

    state: str  # valid, revoked, unknown
    number: str = ""
    title: str = ""
    unit: str = ""
    issued_on: date | None = None
    public: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    revoked_on: date | None = None
    replaced_by: str = ""
    sha256: str = ""


def answer(text: str) -> Answer:
    """What a code says. Raises: CodeMalformed for one that nobody was given."""
    code = codes.plain(text)
    if not code:
        raise CodeMalformed(code=text[:24])
    found = _by_code(code)
    if found is None:
        return Answer("unknown")
    revoked = getattr(found, "revocation", None)
    return Answer(
        state="revoked" if revoked else "valid",
        number=found.number,
        title=found.title,
        unit=found.org_unit.name if found.org_unit else "",
        issued_on=legal_day(found.issued_at),
        public=tuple((label, value) for label, value in found.public),
        reason=revoked.reason if revoked else "",
        revoked_on=legal_day(revoked.at) if revoked else None,
        replaced_by=revoked.replaced_by.number if revoked and revoked.replaced_by else "",
        sha256=found.pdf_id,
    )


def _by_code(code: str) -> Paper | None:
    rows = Paper.objects.select_related("org_unit", "revocation__replaced_by")
    return rows.filter(code=code).first()
