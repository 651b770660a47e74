"""A ledger of Jinan to work on in tests, and people of its units."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ronghe.governance import services
from ronghe.governance.models import Assignment, Task
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories
from ronghe.kernel.actors import Actor
from ronghe.policy.models import Zone
from tests.people import Person

JINAN = "370100000000"
LICHENG = "370112000000"
ZIBO, GAOQING = "370300000000", "370322000000"
#: The day on which tasks are handed out, and their last day: a hundred days later.
BEGIN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DUE = date(2026, 6, 10)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def after(days: int) -> datetime:
    """So many days after the tasks were handed out."""
    return BEGIN + timedelta(days=days)


def of_unit(unit_id: int, role: Role = Role.DEPARTMENT, division: str = JINAN) -> Person:
    """Somebody new who works for the unit."""
    post = factories.post(role, division=division, org_unit_id=unit_id)
    return Person(post.user, post)


@dataclass(frozen=True)
class Ledger:
    """Jinan's ledger with one task picked out: it has a lead unit and others that answer for it."""

    zone: Zone
    task: Task
    office: Person
    leader: Person

    @property
    def lead(self) -> int:
        return self.of("lead")[0]

    def of(self, duty: str) -> list[int]:
        rows = Assignment.objects.filter(task=self.task, duty=duty, ended_at=None).order_by("order")
        return list(rows.values_list("unit_id", flat=True))


def kept(office: Person, leader: Person, *, slug: str = "jinan") -> Ledger:
    """The ledger of a zone, brought in step with its documents."""
    zone = Zone.objects.get(pk=slug)
    services.keep_ledger(zone=zone, at=BEGIN)
    helped = Assignment.objects.filter(duty="cooperating").values("task")
    rows = Task.objects.filter(zone=zone, units__duty="lead", units__order=1)
    return Ledger(zone, (rows.filter(pk__in=helped) if slug == "jinan" else rows).order_by("order")[0], office, leader)


def issued(ledger: Ledger) -> Task:
    """The task of a ledger, handed out with a deadline."""
    actor = ledger.office.actor
    services.set_due(zone=ledger.zone, task_ids=[ledger.task.pk], due=DUE, actor=actor, at=BEGIN)
    services.issue_tasks(zone=ledger.zone, task_ids=[ledger.task.pk], actor=actor, at=BEGIN)
    ledger.task.refresh_from_db()
    return ledger.task


def signed(ledger: Ledger) -> tuple[Task, Actor]:
    """The task, handed out and signed for by all who lead it; and somebody of the first unit that leads."""
    task = issued(ledger)
    actors = [of_unit(unit).actor for unit in ledger.of("lead")]
    for actor in actors:
        services.sign_for(task_id=task.pk, actor=actor, at=after(1))
    task.refresh_from_db()
    return task, actors[0]
