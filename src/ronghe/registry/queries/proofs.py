"""Proofs that were issued for whoever acts: one's own alone."""

from django.db.models import QuerySet

from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.papers import queries as papers
from ronghe.kernel.papers.models import Paper

from ..errors import ProofNotFound

#: The paper is about the party in whose name the actor asks.
SUBJECT, TEMPLATE = "parties.party", "registry.extract"


def own_proofs(actor: Actor) -> QuerySet[Paper]:
    """The proofs that were issued for the party in whose name the actor acts, newest first."""
    if actor.on_behalf_of_id is None:
        return Paper.objects.visible_to(actor).none()
    return papers.papers_of(SUBJECT, actor.on_behalf_of_id, actor=SYSTEM).filter(template=TEMPLATE)


def own_proof(paper_id: int, *, actor: Actor) -> Paper:
    """One of them. Raises: ProofNotFound."""
    found = own_proofs(actor).filter(pk=paper_id).first()
    if found is None:
        raise ProofNotFound(paper=paper_id)
    return found
