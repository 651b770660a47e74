"""What the acts of this room are called."""

from ronghe.kernel.audit.verbs import name_verbs

name_verbs({"papers.paper.issued": "出具文书", "papers.paper.revoked": "作废文书"})
