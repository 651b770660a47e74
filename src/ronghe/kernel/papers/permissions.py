"""What the papers room lets each role do."""

from ronghe.kernel.accounts.roles import BUSINESS, Role, permit

PAPER_VIEW = permit("papers.paper.view", "查看出具的文书", BUSINESS)
PAPER_REVOKE = permit("papers.paper.revoke", "作废文书", {Role.ZONE_OFFICE, Role.DEPARTMENT, Role.TOWN_WINDOW})
PAPER_CHECK = permit("papers.paper.check", "核验文书", {Role.PUBLIC})
