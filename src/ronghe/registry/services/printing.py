"""打印: certificates and proofs as papers with a code that everybody can check; what is recalled is void there too."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.papers.models import Paper
from ronghe.kernel.papers.services import issue_paper, revoke_paper

from ..errors import CertificateNotFound, CertificateVoid
from ..models import Certificate
from ..queries.certificates import certificate_facts
from .proofs import recall
from .writing import locked_units


@transaction.atomic
def print_certificate(*, certificate_id: int, actor: Actor, at: datetime) -> Paper:
    """The paper of a certificate or proof; printed again it is the same paper. Locks: BAUnit, the number series.

    Raises: CertificateNotFound, CertificateVoid, GlyphMissing.
    """
    from ..papers import CERTIFICATE, PROOF

    found = Certificate.objects.visible_to(actor).filter(pk=certificate_id).first()
    if found is None:
        raise CertificateNotFound(number=certificate_id)
    unit = locked_units(found.baunit_id)[0]
    found.refresh_from_db()
    if found.paper is not None:
        return found.paper
    if found.recalled_on is not None:
        raise CertificateVoid(number=found.number, day=found.recalled_on)
    template = CERTIFICATE if found.kind == Certificate.Kind.CERTIFICATE else PROOF
    found.paper = issue_paper(
        template.key, facts=certificate_facts(found), division=unit.division_id,
        subject=(found._meta.label_lower, found.pk), actor=actor, at=at,
    )  # fmt: skip
    found.save(update_fields=["paper"])
    facts = {"paper": found.paper.pk}
    record(
        verb="registry.certificate.printed", subject=found, actor=actor, at=at, facts=facts, division=unit.division_id
    )
    return found.paper


@transaction.atomic
def recall_certificate(*, certificate_id: int, reason: str, actor: Actor, at: datetime) -> Certificate:
    """Take a certificate back today (收回、作废), and its paper with it. Locks: BAUnit.

    Raises: CertificateNotFound, ReasonNeeded.
    """
    found = recall(certificate_id=certificate_id, on=legal_day(at), reason=reason, actor=actor, at=at)
    void_papers([found.baunit_id], actor=actor, at=at)
    return found


def void_papers(units: Iterable[int] | None, *, actor: Actor, at: datetime) -> int:
    """The papers of certificates that were recalled hold no more, so that whoever checks their code learns it.

    Args: ``units`` of which certificates were recalled; None for all. Returns how many became void.
    """
    rows = Certificate.objects.filter(recalled_on__isnull=False, paper__isnull=False, paper__revocation=None)
    if units is not None:
        rows = rows.filter(baunit__in=list(units))
    done = 0
    for one in rows.order_by("pk"):
        assert one.paper_id is not None
        revoke_paper(paper_id=one.paper_id, reason=f"证书已收回：{one.recall_reason}", actor=actor, at=at)
        done += 1
    return done
