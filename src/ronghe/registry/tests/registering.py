"""People at the counter and in the bureau, and an application on its way, for the tests of procedures."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories as accounts
from ronghe.kernel.actors import Actor
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.models import Case
from tests.people import Person, person

from .. import services
from ..models import Application, BAUnit
from ..rules.kinds import SourceKind
from ..rules.matters import ONE_SIDED, ORDERS, Cause, Matter
from ..rules.pledging import Shown
from ..services import Asked, Origin
from . import factories as make

NOON, DAY = make.NOON, make.DAY
SHOWN_BY = {
    "deed_tax_proof": "tax", "mortgagee_consents": "consent", "notice_holder_consents": "consent", "shown": "pledge",
}  # fmt: skip
PDF = b"%PDF-1.7\n%"
ORIGIN = Origin(SourceKind.AGREEMENT, "转让协议", date(2026, 11, 20), "协 1 号")


class Office:
    """A town with a window, its county with three who review and enter; and a county beside it."""

    def __init__(self) -> None:
        make.people.places()
        self.window: Person = person(Role.TOWN_WINDOW, accounts.TOWN)
        self.reviewer: Person = person(Role.DEPARTMENT, accounts.COUNTY)
        self.registrar: Person = person(Role.DEPARTMENT, accounts.COUNTY)
        self.clerk: Person = person(Role.DEPARTMENT, accounts.COUNTY)
        self.elsewhere: Person = person(Role.DEPARTMENT, accounts.OTHER)


def farmer(party: Any) -> Actor:
    """Somebody who acts for a party."""
    mine = accounts.mandate(party=party)
    return Actor(mine.user_id, Role.SELF, on_behalf_of_id=party.pk)


def asked(matter: Matter, **given: Any) -> Asked:
    """What is asked for, with the first cause of the matter and a paper of origin, by both sides where one alone may not; for a pledge with all
    that may be shown."""
    if matter is Matter.MORTGAGE:
        given.setdefault("shown", tuple(Shown))
    cause = given.pop("cause", matter.told.causes[0])
    told = Asked(matter=matter, cause=cause, origin=given.pop("origin", ORIGIN))
    is_joint = matter not in ORDERS and cause not in ONE_SIDED
    return replace(told, **{"is_joint": is_joint, **given})


def opened(
    office: Office, unit: BAUnit, matter: Matter, *, by: Person | None = None, at: datetime = NOON, **given: Any
) -> Application:
    applicant = given.pop("applicant_id", None)
    return services.open_application(
        baunit_id=unit.pk, asked=asked(matter, **given), applicant_id=applicant,
        actor=(by or office.window).actor, at=at,
    )  # fmt: skip


def act(of: Application | Case, action: str, by: Person, *, at: datetime = NOON, **given: Any) -> Case:
    casework.act(case_id=of.pk, action=action, seen=None, actor=by.actor, at=at, **given)
    return Case.objects.get(pk=of.pk)


def attach(of: Application | Case, by: Person, *keys: str, at: datetime = NOON) -> None:
    for key in keys:
        casework.attach(case_id=of.pk, key=key, content=PDF, name="材料.pdf", actor=by.actor, at=at)


def taken_in(office: Office, of: Application, *, at: datetime = NOON) -> Case:
    """Handed in with what must be attached, and accepted."""
    clerk = office.clerk if of.case.procedure == "registry.seizure" else office.window
    attach(of, clerk, *(("order",) if of.case.procedure == "registry.seizure" else ("form", "source")), at=at)
    attach(of, clerk, *{key for flag, key in SHOWN_BY.items() if getattr(of, flag)}, at=at)
    act(of, "submit", clerk, at=at)
    return act(of, "accept", clerk, at=at)


def reviewed(office: Office, of: Application, *, at: datetime = NOON, site: bool = False) -> Case:
    """Up to where it waits for the public, or for its entry."""
    case = taken_in(office, of, at=at)
    if case.step != "review":
        return case
    if site:
        attach(of, office.reviewer, "site_record", at=at)
    allowed = casework.allowed_actions(case, actor=office.reviewer.actor, at=at)
    return act(of, next(one.key for one in allowed if one.key.startswith("approve")), office.reviewer, at=at)


def entered(office: Office, of: Application, *, at: datetime = NOON, site: bool = False) -> Case:
    """Up to the entry, the notice waited for where there is one."""
    case = reviewed(office, of, at=at, site=site)
    if case.step == "notice":
        at += timedelta(60)
        casework.end_due_notices(at=at)
        case.refresh_from_db()
    return enter(office, case, at=at)


def enter(office: Office, case: Case, *, at: datetime = NOON, by: Person | None = None) -> Case:
    who = by or office.registrar
    allowed = casework.allowed_actions(case, actor=who.actor, at=at)
    action = next((one.key for one in allowed if one.key.startswith("enter")), "enter")
    return act(case, action, who, at=at)


def done(office: Office, of: Application, *, at: datetime = NOON, site: bool = False) -> Case:
    """The whole way."""
    case = entered(office, of, at=at, site=site)
    return act(of, "deliver", office.window, at=case.step_since) if case.step == "certify" else case


__all__ = ["Cause", "Matter"]
