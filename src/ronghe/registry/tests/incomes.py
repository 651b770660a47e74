"""A village whose collective divides its income: households on the roll, a window, a bureau, and a registration on its way."""

from datetime import date, datetime, timedelta
from typing import Any

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.parties.models import Party
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.models import Case
from tests.people import Person, person

from .. import services
from ..models import CollectiveMember, IncomeApplication
from ..procedures.periods import INCOME_DAYS
from ..rules.income import IncomeCause
from ..services import IncomeChange, IncomeOrigin
from . import factories as make
from .registering import PDF
from .surveys import limit

ORIGIN = IncomeOrigin("股权设置成员大会决议", date(2026, 11, 1), "决 1 号")
SINCE = date(2020, 1, 1)
LATER = make.NOON + timedelta(days=20)


class Village:
    """Two households of two and one members on the roll, and one household of the village that is not on it."""

    def __init__(self, *, told_for: bool = True) -> None:
        make.people.places()
        if told_for:
            limit(INCOME_DAYS, "integer", "7", in_use=False)
        self.window: Person = person(Role.TOWN_WINDOW, make.people.TOWN)
        self.bureau: Person = person(Role.DEPARTMENT, make.people.COUNTY)
        self.elsewhere: Person = person(Role.DEPARTMENT, make.people.OTHER)
        self.collective = make.collective("演示合作社")
        self.first, self.head = self.household("演示大", 2)
        self.second, _ = self.household("演示小", 1)
        self.stranger, _ = self.household("演示外", 1, enrolled=False)

    def household(self, name: str, members: int, *, enrolled: bool = True) -> tuple[Party, Party]:
        """A household of so many, all on the roll or none; and its head."""
        head = make.people.person(f"{name}主", born=date(1970, 1, 1))
        others = [make.people.person(f"{name}{n}", born=date(1995, 1, 1)) for n in range(1, members)]
        home = make.people.household(*((one, "20") for one in others), head=head)
        for one in (head, *others) if enrolled else ():
            services.enrol_member(
                collective_id=self.collective.pk, person_id=one.pk, begun_by=CollectiveMember.Entry.ORIGINAL, on=SINCE,
                actor=SYSTEM, at=make.people.NOON,
            )  # fmt: skip
        return home, head

    def opened(self, *, total: int | None = 300_00, each: int | None = None, **given: Any) -> IncomeApplication:
        return services.open_income_first(
            collective_id=self.collective.pk, counted_on=given.pop("counted_on", make.DAY), total_hundredths=total,
            per_member_hundredths=each, is_static=True, origin=ORIGIN, actor=self.window.actor,
            at=given.pop("at", make.NOON),
        )  # fmt: skip

    def attach(self, of: IncomeApplication, *keys: str, at: datetime = make.NOON) -> None:
        for key in keys:
            casework.attach(case_id=of.pk, key=key, content=PDF, name="材料.pdf", actor=self.window.actor, at=at)

    def act(
        self,
        of: IncomeApplication,
        action: str,
        by: Person | None = None,
        *,
        at: datetime = make.NOON,
        reason: str = "",
    ) -> Case:
        actor = (by or self.window).actor
        casework.act(case_id=of.pk, action=action, seen=None, reason=reason, actor=actor, at=at)
        return Case.objects.get(pk=of.pk)

    def told(self, of: IncomeApplication) -> IncomeApplication:
        """Handed in, reviewed, and told to the village."""
        self.attach(of, "resolution")
        self.act(of, "submit")
        self.act(of, "approve", self.bureau)
        return of

    def waited(self, of: IncomeApplication) -> IncomeApplication:
        """Told to the village to the end of the notice."""
        self.told(of)
        assert casework.end_due_notices(at=LATER) == 1
        return of

    def entered(self, *, total: int | None = 300_00) -> IncomeApplication:
        """The whole way of a first registration."""
        of = self.waited(self.opened(total=total))
        assert self.act(of, "enter", self.bureau, at=LATER).state == Case.State.DONE
        return of

    def changed(
        self,
        cause: IncomeCause,
        shares: int,
        *,
        holder: Party | None = None,
        taker: Party | None = None,
        at: datetime = LATER + timedelta(days=10),
        **given: Any,
    ) -> IncomeApplication:
        """A change that is asked for at the counter, a month after the entry."""
        return services.open_income_change(
            collective_id=self.collective.pk, holder_id=(holder or self.first).pk,
            change=IncomeChange(cause, shares, taker.pk if taker else None, **given), origin=ORIGIN,
            actor=self.window.actor, at=at,
        )  # fmt: skip

    def decided(self, of: IncomeApplication, action: str = "approve", *, reason: str = "") -> Case:
        """Handed in with its papers, and decided by the bureau."""
        at = LATER + timedelta(days=10)
        self.attach(of, "application", "agreement" if of.matter == "transfer" else "proof", at=at)
        self.act(of, "submit", at=at)
        return self.act(of, action, self.bureau, at=at + timedelta(days=1), reason=reason)
