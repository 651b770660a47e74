"""Whether the right of an application may be pledged: the law's answer, and the zone's where the law leaves it to others."""

from dataclasses import replace

from ronghe.policy.rulebook import Given, apply, rule_named
from ronghe.policy.ruling import Ruling, Step, gate

from ..errors import NotPledgeable
from ..models import Application, BAUnit
from ..queries.parameters import given_in
from ..rules.kinds import RightKind
from ..rules.matters import Matter
from ..rules.pledging import BY_ZONE, FARMED_ART, PledgeFacts, Shown, pledge, shown_for

#: Which rural rights secure a loan in a zone: a rule of rural finance, asked by its name.
IN_ZONE = "finance.mortgageable_right"


def pledge_ruling(application: Application) -> Ruling[bool | None] | None:
    """Whether what the application is about may be pledged, with the reasons; nothing where it pledges nothing.

    What the counter did not see papers of is taken as not being so. The values are those of the day when the case began.
    """
    if application.what is Matter.MORTGAGE_TRANSFER:
        return _passing_on(application)
    if application.what is not Matter.MORTGAGE:
        return None
    assert application.rrr is not None
    kind, shown = RightKind(application.rrr.kind), set(application.shown)
    facts = PledgeFacts(
        right=kind.title,
        to_bank=Shown.BANK in shown,
        is_filed=Shown.FILED in shown,
        contractor_consents=Shown.CONTRACTOR_CONSENTS in shown,
        is_entered=Shown.ENTERED in shown,
    )
    of_zone: tuple[Step, ...] = ()
    if kind in BY_ZONE:
        stated = {"right": BY_ZONE[kind], "has_other_dwelling": Shown.OTHER_DWELLING in shown}
        found = apply(rule_named(IN_ZONE), stated, given_in(application.case, IN_ZONE))
        facts = replace(facts, zone_allows=found.value is True)
        of_zone = found.steps
    return gate([*pledge(facts, Given(())).steps, *of_zone])


def _passing_on(application: Application) -> Ruling[bool | None] | None:
    """What is pledged to banks alone passes to banks alone: a mortgage of it does not come to others by way of a transfer."""
    pledged = application.rrr.parent if application.rrr is not None else None
    if pledged is None or Shown.BANK not in shown_for(pledged.kind):
        return None
    ok = Shown.BANK in application.shown
    told = (
        "受让的抵押权人是金融机构"
        if ok
        else "承包地的土地经营权只能向金融机构融资担保，没有查明受让的抵押权人是金融机构"
    )
    return gate([Step((FARMED_ART,), told, ok)])


def refuse_unpledgeable(application: Application, unit: BAUnit) -> None:
    """Raises: NotPledgeable, naming each reason with its clause and what could be done instead."""
    found = pledge_ruling(application)
    if found is not None and found.value is not True:
        assert application.rrr is not None
        pledged = application.rrr.parent if application.what is Matter.MORTGAGE_TRANSFER else application.rrr
        assert pledged is not None
        reasons = "；".join(step.finding for step in found.steps if step.ok is not True)
        raise NotPledgeable(unit=unit.code, right=RightKind(pledged.kind).title, reasons=f"{reasons}。")
