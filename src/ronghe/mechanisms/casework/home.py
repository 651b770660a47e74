"""What this room puts into the header and on one's desk."""

from collections.abc import Sequence
from datetime import date

from django.urls import reverse

from ronghe.kernel.actors import Actor
from ronghe.kernel.pages import ListedRow, NavItem, Panel, Told

from . import queries
from .permissions import CASE_WORK, NOTICE_READ

NAV = (
    NavItem("办件", "casework:workbench", "clipboard-list", CASE_WORK, order=60),
    NavItem("公示", "casework:notices", "speakerphone", NOTICE_READ, order=46),
)

#: As many cases stand on the desk; the workbench has the rest.
FEW = 5


def waiting(actor: Actor, day: date) -> Sequence[Told]:
    """The cases that wait for this person, the most urgent first."""
    rows = queries.workbench(actor, "todo", day=day)
    first = list(rows.order_by("due", "pk")[:FEW])
    if not first:
        return []
    titles = queries.place_titles()
    listed = []
    for case in first:
        late = case.due is not None and case.due < day
        step = titles.get((case.procedure, case.step), case.step)
        due = f"{case.due} 前" if case.due else "没有期限"
        href = reverse("casework:case", args=[case.pk])
        listed.append(
            ListedRow(
                case.title, f"{case.number} · {step} · {due}", href, "bad" if late else "plain", "逾期" if late else ""
            )
        )
    return [Told("待办的办件", listed, queries.counts(actor, day=day)["todo"], reverse("casework:workbench"))]


DESK = (Panel("casework.todo", CASE_WORK, 10, waiting),)
