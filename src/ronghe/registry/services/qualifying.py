"""What a homestead's registration is held against beside the book: the rules of qualification, confirmation, acquisition."""

from datetime import date

from ronghe.policy.ruling import Ruling, Step, gate

from ..errors import NotQualified
from ..models import Application, Restriction
from ..queries.parameters import given_in
from ..queries.qualifying import HOUSEHOLD, MEMBER, Asked, Qualifying
from ..rules.certification import ILLEGAL_BARRED, ConfirmationFacts, homestead_confirmation
from ..rules.kinds import RestrictionKind, RightKind
from ..rules.matters import Matter
from .acquiring import acquisition_ruling

_CONFIRMED = (RightKind.HOMESTEAD_USE, RightKind.HOMESTEAD_HOUSE)


def homestead_ruling(application: Application, *, on: date) -> Ruling[bool | None] | None:
    """Whether a household may be entered for a qualification, the use of a homestead confirmed, or a homestead or contracted
    land pass to whom it is to pass; nothing for all else.

    The values are those of the day when the case began, the register is that of the day ``on``.
    Source: 土地管理法(2019) 第六十二条第一款; 济南 三(一)1、三(二)1; 淄博 二(二)2(2).
    """
    if application.what is Matter.TRANSFER:
        return acquisition_ruling(application, on=on)
    if application.what is not Matter.FIRST:
        return None
    if application.right_kind == RightKind.QUALIFICATION:
        return _qualification(application, on=on)
    if application.right_kind in _CONFIRMED:
        return _confirmation(application, on=on)
    return None


def _qualification(application: Application, *, on: date) -> Ruling[bool | None]:
    unit = application.baunit
    holders = [row.party for row in application.holders.select_related("party")]
    asked = [
        Asked(one.pk, one.pk, unit.division_id, held_by=HOUSEHOLD if one.kind == "household" else MEMBER)
        for one in holders
    ]
    judge = Qualifying(given_in(application.case, "registration.homestead_qualification"), on)
    steps: list[Step] = []
    for ruling in judge.rulings(asked, beyond=unit.code).values():
        steps += ruling.steps
    return gate(steps)


def _confirmation(application: Application, *, on: date) -> Ruling[bool | None] | None:
    given = given_in(application.case, "registration.homestead_confirmation")
    if not given.flag(ILLEGAL_BARRED):
        return None
    standing = Restriction.objects.current().as_of(on).filter(baunit=application.baunit_id)
    occupied = standing.filter(kind=RestrictionKind.ILLEGAL_OCCUPATION).exists()
    return homestead_confirmation(ConfirmationFacts(is_illegal_occupation=occupied), given)


def refuse_unqualified(application: Application, *, on: date) -> None:
    """Raises: NotQualified, naming each reason."""
    found = homestead_ruling(application, on=on)
    if found is not None and found.value is not True:
        reasons = "；".join(step.finding for step in found.steps if step.ok is not True)
        raise NotQualified(
            unit=application.baunit.code, right=RightKind(application.right_kind or 0).title, reasons=reasons
        )
