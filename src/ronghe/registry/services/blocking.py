"""What bars an act on a unit: told of the register, judged by the rule, refused with its reasons."""

from dataclasses import replace
from datetime import date

from ronghe.policy.rulebook import Given
from ronghe.policy.ruling import Ruling

from ..errors import RegistrationBlocked
from ..models import BAUnit, Restriction
from ..rules.hindrances import HindranceFacts, facts_of_standing, hindrances


def hindrance_facts(unit: BAUnit, *, matter: str, on: date) -> HindranceFacts:
    """What the register holds of a unit on a day that may bar an act."""
    standing = set(Restriction.objects.current().as_of(on).filter(baunit=unit).values_list("kind", flat=True))
    return facts_of_standing(standing, matter=matter)


def hindrance_ruling(
    unit: BAUnit, *, matter: str, on: date, mortgagee_consents: bool = False, notice_holder_consents: bool = False
) -> Ruling[bool | None]:
    """Whether anything in the register bars the act, with the reasons."""
    facts = replace(
        hindrance_facts(unit, matter=matter, on=on),
        mortgagee_consents=mortgagee_consents,
        notice_holder_consents=notice_holder_consents,
    )
    return hindrances(facts, Given(()))


def refuse_blocked(
    unit: BAUnit, *, matter: str, on: date, mortgagee_consents: bool = False, notice_holder_consents: bool = False
) -> Ruling[bool | None]:
    """Raises: RegistrationBlocked, naming each thing that bars the act."""
    found = hindrance_ruling(
        unit, matter=matter, on=on, mortgagee_consents=mortgagee_consents,
        notice_holder_consents=notice_holder_consents,
    )  # fmt: skip
    if found.value is not True:
        reasons = "；".join(step.finding for step in found.steps if step.ok is not True)
        raise RegistrationBlocked(unit=unit.code, matter=matter, reasons=f"{reasons}。")
    return found
