"""告知: the papers of a case: that it is taken in, that it is refused and why. Each is issued once."""

from datetime import datetime

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import legal_day
from ronghe.kernel.papers.models import Paper
from ronghe.kernel.papers.queries import papers_of
from ronghe.kernel.papers.services import issue_paper
from ronghe.mechanisms.casework.models import Case

from ..errors import ApplicationNotFound, NothingToTell
from ..models import Application
from ..rules.codes import printed


def paper_due(application: Application) -> str:
    """Which paper the case of an application is ready for: ``accepted``, ``refused`` or none."""
    if application.case.state == Case.State.REFUSED:
        return "refused"
    if application.case.state in (Case.State.DONE, Case.State.WITHDRAWN):
        return ""
    return "accepted" if application.case.decisions.filter(from_step="accept", action="accept").exists() else ""


@transaction.atomic
def notify_applicant(*, application_id: int, actor: Actor, at: datetime) -> Paper:
    """The notice that an application was taken in, or refused; asked for again it is the same paper. Locks: Case.

    Raises: ApplicationNotFound, NothingToTell, GlyphMissing.
    """
    from ..papers import ACCEPTED, REFUSED

    found = (
        Application.objects.visible_to(actor)
        .select_related("case__applicant", "baunit")
        .filter(pk=application_id)
        .first()
    )
    if found is None:
        raise ApplicationNotFound(application=application_id)
    Case.objects.select_for_update(of=("self",)).get(pk=found.pk)
    kind = paper_due(found)
    if not kind:
        raise NothingToTell(case=found.case.number)
    template = ACCEPTED if kind == "accepted" else REFUSED
    subject = (found.case._meta.label_lower, found.pk)
    known = papers_of(*subject, actor=actor).filter(template=template.key, revocation=None).first()
    if known is not None:
        return known
    case = found.case
    accepted = case.decisions.filter(from_step="accept", action="accept").order_by("-number").first()
    last = case.decisions.order_by("-number").first()
    facts = {
        "case": case.number,
        "applicant": case.applicant.name if case.applicant else "",
        "unit": printed(found.baunit.code),
        "matter": found.get_matter_display(),
        "accepted": legal_day(accepted.at).isoformat() if accepted else "",
        "due": f"应在 {case.due} 前办结，公告和补正的时间不计入。" if case.due else "",
        "fee": found.fee_note if found.fee_fen is None else f"{found.fee_fen / 100:.2f} 元（{found.fee_note}）",
        "materials": list(
            dict.fromkeys(case.materials.filter(removed_at=None).order_by("pk").values_list("title", flat=True))
        ),
        "reason": last.reason if last else "",
    }
    return issue_paper(template.key, facts=facts, division=case.division_id, subject=subject, actor=actor, at=at)
