"""What bars an act on a unit: told of the register, judged by the rule, refused with its reasons."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from django.db.backends.postgresql.psycopg_any import DateRange

from ronghe.kernel.parties.queries import in_whose_names, same_parties
from ronghe.policy.rulebook import Given
from ronghe.policy.ruling import Ruling

from ..errors import RegistrationBlocked
from ..models import RRR, Application, ApplicationHolder, BAUnit, Restriction, Right
from ..rules.hindrances import HindranceFacts, facts_of_standing, hindrances
from ..rules.kinds import RestrictionKind as K
from ..rules.matters import Cause, Matter
from .announcing import is_announced_to
from .rights import last_rows, lies_within


def hindrance_facts(unit: BAUnit, *, matter: str, on: date, rrr_id: int | None = None) -> HindranceFacts:
    """What the register holds of a unit on a day that may bar an act, on one of its rights where ``rrr_id`` names it."""
    standing = set(Restriction.objects.current().as_of(on).filter(baunit=unit).values_list("kind", flat=True))
    kept = K.KEPT_RIGHTS in standing and keeps_rights(unit, on=on, rrr_id=rrr_id)
    return replace(facts_of_standing(standing, matter=matter), keeps_rights=kept)


def keeps_rights(unit: BAUnit, *, on: date, rrr_id: int | None = None) -> bool:
    """Whether a household that moved to town still holds here what its filing kept, in the right or below it.

    What it has itself passed on is kept no more: the filing binds for its holder alone.
    """
    rows = Restriction.objects.current().as_of(on).filter(baunit=unit, kind=K.KEPT_RIGHTS)
    kept = {(row.rrr.parent_id, row.party_id) for row in rows.select_related("rrr")}
    if rrr_id is not None:
        around, below = {rrr_id}, [rrr_id]
        while below:
            below = list(RRR.objects.filter(parent__in=below).values_list("pk", flat=True))
            around.update(below)
        kept = {pair for pair in kept if pair[0] in around}
    held = Right.objects.current().as_of(on).filter(rrr__in=[right for right, _ in kept])
    return bool(kept & set(held.values_list("rrr", "party")))


def applies_for_own(
    rrr_id: int | None, applicant_id: int | None, *, is_joint: bool, is_ex_officio: bool, on: date
) -> bool:
    """Whether whoever holds the right applies of free will: alone, through the household, or with the other side."""
    if is_ex_officio or rrr_id is None:
        return False
    if is_joint or applicant_id is None:
        return is_joint
    names = in_whose_names(applicant_id, on=on)
    return Right.objects.current().as_of(on).filter(rrr=rrr_id, party__in=names).exists()


def by_holder(application: Application, *, on: date) -> bool:
    """The same of an application that was made."""
    return applies_for_own(
        application.rrr_id, application.case.applicant_id, is_joint=application.is_joint,
        is_ex_officio=application.is_ex_officio, on=on,
    )  # fmt: skip


def acquirers_of(application: Application) -> list[int]:
    """To whom a right is to pass: an advance notice of it to them is no bar."""
    if application.what is not Matter.TRANSFER:
        return []
    return [row.party_id for row in application.holders.all()]


def names_others(application: Application) -> bool:
    """Whether a correction names other holders or shares than the book, or a shorter term, with no judgment or decision
    that says so."""
    if application.what is not Matter.CORRECTION or application.cause == Cause.JUDGMENT or application.rrr_id is None:
        return False
    last = last_rows(application.rrr_id)
    return _held(application.holders.all()) != _held(last) or _is_shorter(application, last)


def _is_shorter(application: Application, last: Sequence[Right]) -> bool:
    """Whether the right would run for less than the book says: begin later or end earlier."""
    if not last or application.term_first is None:
        return False
    now = DateRange(application.term_first, application.term_until)
    return not lies_within(last[0].valid, now)


def _held(rows: Iterable[ApplicationHolder | Right]) -> set[tuple[int, Fraction | None]]:
    """Who holds and how much; a record that was merged with another counts as what remains."""
    shares = [(r.party_id, None if r.share_num is None else Fraction(r.share_num, r.share_den or 1)) for r in rows]
    remains = {pk: same_parties([pk])[0] for pk, _ in shares}
    return {(remains[pk], share) for pk, share in shares}


def hindrance_ruling(
    unit: BAUnit,
    *,
    matter: str,
    on: date,
    mortgagee_consents: bool = False,
    notice_holder_consents: bool = False,
    holder_applies: bool = False,
    rrr_id: int | None = None,
    changes_holder: bool = False,
    acquirers: Collection[int] = (),
) -> Ruling[bool | None]:
    """Whether anything in the register bars the act, with the reasons."""
    facts = replace(
        hindrance_facts(unit, matter=matter, on=on, rrr_id=rrr_id),
        mortgagee_consents=mortgagee_consents,
        notice_holder_consents=notice_holder_consents,
        holder_applies=holder_applies,
        changes_holder=changes_holder,
        is_announced=is_announced_to(unit, acquirers, on=on),
    )
    return hindrances(facts, Given(()))


def refuse_blocked(
    unit: BAUnit,
    *,
    matter: str,
    on: date,
    mortgagee_consents: bool = False,
    notice_holder_consents: bool = False,
    holder_applies: bool = False,
    rrr_id: int | None = None,
    changes_holder: bool = False,
    acquirers: Collection[int] = (),
) -> Ruling[bool | None]:
    """Raises: RegistrationBlocked, naming each thing that bars the act.

    Args: ``holder_applies`` when the holder of the right applies of free will; ``rrr_id`` the right that is acted on;
        ``changes_holder`` when a correction does (``names_others``); ``acquirers`` to whom the right is to pass.
    """
    found = hindrance_ruling(
        unit, matter=matter, on=on, mortgagee_consents=mortgagee_consents,
        notice_holder_consents=notice_holder_consents, holder_applies=holder_applies, rrr_id=rrr_id,
        changes_holder=changes_holder, acquirers=acquirers,
    )  # fmt: skip
    if found.value is not True:
        reasons = "；".join(step.finding for step in found.steps if step.ok is not True)
        raise RegistrationBlocked(unit=unit.code, matter=matter, reasons=f"{reasons}。")
    return found
