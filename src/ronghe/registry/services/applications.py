"""登记申请: handed in for a unit, refused at once where the book bars it, and mended while its case is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.queries import in_whose_names
from ronghe.kernel.spatial.rules import area_m2, as_multipolygon
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.rulebook import apply, rule_named

from ..errors import (
    AmendmentTooLate,
    AnotherApplication,
    ApplicationIncomplete,
    ApplicationNotFound,
    ApplicationUnfit,
    NotYours,
    RightNeeded,
    UnitNotFound,
    UnitOver,
)
from ..models import RRR, Application, ApplicationHolder, ApplicationPart, BAUnit, Right, SpatialUnit
from ..queries.applications import protected_by, units_open_to
from ..queries.parameters import given_in, values_for
from ..rules.applying import FEES, FREE, fee_of
from ..rules.changing import PartAct, lacking_of
from ..rules.kinds import RightKind, SourceKind, UnitKind
from ..rules.matters import FIRST_KINDS, MATTERS, ORDERS, PROOFS, Cause, Concern, Matter, proofs_asked, shared_areas
from ..rules.pledging import Shown
from .blocking import applies_for_own, refuse_blocked
from .changing import PartAsked, unfit_for_unit
from .ending import has_run_out
from .entering import acted_on, basis_of, try_entry
from .rights import Holder
from .units import ground_rows
from .writing import locked_units


@dataclass(frozen=True, slots=True)
class Origin:
    """来源材料: the paper on which an application rests."""

    kind: SourceKind
    title: str
    issued_on: date
    number: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """申请内容: what is asked for. Which fields count, the matter says.

    Args: ``rrr_id`` is the right or restriction concerned; ``joined`` are the units that are joined to it; ``party_id`` or
        ``holder`` is who is protected by a restriction; ``term_until`` is the day after the last; ``shown`` is what the
        counter saw papers of, of a right that is to be pledged.
    """

    matter: Matter
    cause: Cause
    origin: Origin
    rrr_id: int | None = None
    right_kind: RightKind | None = None
    holders: tuple[Holder, ...] = ()
    parts: tuple[PartAsked, ...] = ()
    joined: tuple[int, ...] = ()
    term_first: date | None = None
    term_until: date | None = None
    party_id: int | None = None
    holder: str = ""
    amount_fen: int | None = None
    text: str = ""
    is_joint: bool = False
    is_ex_officio: bool = False
    deed_tax_proof: bool = False
    mortgagee_consents: bool = False
    notice_holder_consents: bool = False
    shown: tuple[Shown, ...] = ()


@transaction.atomic
def open_application(
    *, baunit_id: int, asked: Asked, applicant_id: int | None = None, actor: Actor, at: datetime
) -> Application:
    """Hand in an application (申请): its case is opened, and what the book would refuse is refused at once, with reasons.

    Whoever acts for a party applies for what is its own. The entry is tried and taken back, so that shares, terms and
    outlines that cannot stand are known now and not weeks later. Locks: BAUnit, the number series of the case.
    Raises: UnitNotFound, UnitOver, NotYours, RightNeeded, ApplicationIncomplete, ApplicationUnfit, RegistrationBlocked,
    AnotherApplication, what ``casework.open_case`` refuses, and what the entry itself would (NotPledgeable …).
    """
    day = legal_day(at)
    units = _seen_units([baunit_id, *asked.joined], actor, day, asked.matter)
    unit, told = units[0], MATTERS[asked.matter]
    concerned = _concerned(asked, unit)
    asked = _of_objector(asked, actor)
    refuse_not_own(asked.matter, units, concerned, actor, on=day, is_joint=asked.is_joint)
    if asked.is_ex_officio and (actor.role != Role.DEPARTMENT or asked.matter is not Matter.CORRECTION):
        raise ApplicationUnfit(matter=told.title, reasons="依职权的只有登记机构办理的更正登记。请由权利人申请。")
    _refuse_needless(asked.matter, {name: getattr(asked, name) for name in PROOFS})
    asked = _completed(asked, unit, concerned, day)
    applicant = applicant_id if actor.role != Role.SELF else actor.on_behalf_of_id
    if applicant is None and not asked.is_ex_officio:
        applicant = _holder_of(concerned, day)
    rrr_id = concerned.pk if concerned is not None else None
    own = applies_for_own(rrr_id, applicant, is_joint=asked.is_joint, is_ex_officio=asked.is_ex_officio, on=day)
    for one in acted_on(asked.matter, units):
        if told.bars:
            refuse_blocked(
                one, matter=told.bars, on=day, mortgagee_consents=asked.mortgagee_consents,
                notice_holder_consents=asked.notice_holder_consents, holder_applies=own, rrr_id=rrr_id,
                acquirers=[row.party_id for row in asked.holders] if asked.matter is Matter.TRANSFER else (),
            )  # fmt: skip
        refuse_another(one, asked.matter)
    case = casework.open_case(
        f"registry.{told.procedure}",
        title=f"{asked.matter.title} {unit.code}",
        division=unit.division_id,
        subject=(unit._meta.label_lower, unit.pk),
        applicant_id=applicant,
        actor=actor,
        at=at,
    )
    _refuse_unfit(case, asked, is_over=has_run_out(concerned, on=day))
    made = _keep(case, unit, units, asked, concerned)
    try_entry(made, units, actor=actor, at=at)
    facts = {"matter": asked.matter.value, "case": case.pk, "right": asked.rrr_id}
    record(verb="registry.application.opened", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id)
    return made


def _of_objector(asked: Asked, actor: Actor) -> Asked:
    """Whoever objects himself does so in his own name and says what he claims. Raises: ApplicationIncomplete."""
    if asked.matter is not Matter.OBJECTION or actor.role != Role.SELF:
        return asked
    if not asked.text.strip():
        raise ApplicationIncomplete(listing="异议的内容和理由（写在“说明”里）")
    me = Party.objects.filter(pk=actor.on_behalf_of_id or 0).first()
    return asked if me is None else replace(asked, party_id=me.pk, holder=me.name)


def _seen_units(ids: Sequence[int], actor: Actor, day: date, matter: Matter) -> list[BAUnit]:
    """The units, locked, on which the actor may apply and that stand. Raises: UnitNotFound, UnitOver."""
    if len(set(ids)) < len(ids):
        raise ApplicationIncomplete(listing="与本单元不同的其他单元")
    seen = set(units_open_to(actor, matter=matter, on=day).filter(pk__in=ids).values_list("pk", flat=True))
    for wanted in ids:
        if wanted not in seen:
            raise UnitNotFound(unit=wanted)
    units = locked_units(*ids)
    for one in units:
        if one.ended_on is not None:
            raise UnitOver(unit=one.code, day=one.ended_on)
    return units


def _concerned(asked: Asked, unit: BAUnit) -> RRR | None:
    """The right or restriction that the matter concerns. Raises: RightNeeded."""
    told = MATTERS[asked.matter]
    if told.concern is Concern.UNIT:
        return None
    sort = RRR.Sort.RIGHT if told.concern is Concern.RIGHT else RRR.Sort.RESTRICTION
    found = RRR.objects.filter(pk=asked.rrr_id or 0, baunit=unit, sort=sort, kind__in=told.kinds).first()
    if found is None:
        raise RightNeeded(matter=told.title, unit=unit.code)
    return found


def refuse_not_own(
    matter: Matter, units: Sequence[BAUnit], concerned: RRR | None, actor: Actor, *, on: date, is_joint: bool = False
) -> None:
    """Whoever acts for a party applies for what that party, or the household it is in, holds, and objects to what others
    hold; what protects somebody is lifted by whom it protects, or by both. Raises: NotYours.
    """
    if actor.role != Role.SELF or matter is Matter.OBJECTION:
        return
    if not MATTERS[matter].is_for_applicants:
        raise NotYours(matter=matter.title, unit=units[0].code)
    lifts = concerned is not None and concerned.sort == RRR.Sort.RESTRICTION
    if lifts and protected_by(actor.on_behalf_of_id or 0, on=on).filter(rrr=concerned).exists():
        return
    if lifts and not is_joint:
        raise NotYours(matter=matter.title, unit=units[0].code)
    held = rights_held(actor.on_behalf_of_id, on=on)
    for unit in units:
        own = held.filter(baunit=unit)
        if concerned is not None and concerned.sort == RRR.Sort.RIGHT:
            # What has ended with its holder, whoever holds the right it derives from may have taken out.
            run_out = concerned.parent_id if has_run_out(concerned, on=on) else None
            own = own.filter(rrr__in=[pk for pk in (concerned.pk, run_out) if pk is not None])
        if not own.exists():
            raise NotYours(matter=matter.title, unit=unit.code)


def rights_held(party_id: int | None, *, on: date) -> Any:
    """The rights that a party holds on a day, or the household holds of which it is a member."""
    names = [] if party_id is None else in_whose_names(party_id, on=on)
    return Right.objects.current().as_of(on).filter(party__in=names)


def refuse_another(unit: BAUnit, matter: Matter) -> None:
    """One at a time: what disposes of a unit waits for what was applied for before. The unit is locked.

    Raises: AnotherApplication, which names the other case.
    """
    if not matter.told.excludes:
        return
    excluding = [one.value for one in Matter if one.told.excludes]
    rows = Application.objects.filter(
        Q(baunit=unit) | Q(parts__baunit=unit), matter__in=excluding, case__state__in=("open", "paused"), entry=None
    )
    other = rows.select_related("case").order_by("case").first()
    if other is not None:
        raise AnotherApplication(unit=unit.code, matter=other.what.title, case=other.case.number)


def _refuse_needless(matter: Matter, given: Mapping[str, bool]) -> None:
    """What is ticked must be shown on paper: a tick that such an application has no paper for is none.

    Raises: ApplicationUnfit.
    """
    if any(said and name not in proofs_asked(matter) for name, said in given.items()):
        raise ApplicationUnfit(matter=matter.title, reasons="这一登记事项不用所勾选的同意书或凭证，请去掉勾选。")


def _completed(asked: Asked, unit: BAUnit, concerned: RRR | None, day: date) -> Asked:
    """What the matter needs is there; what the book knows already is taken from it. Raises: ApplicationIncomplete."""
    matter, lacking = asked.matter, []
    if asked.cause not in matter.told.causes:
        lacking.append("适用于这项登记的登记原因")
    if not asked.origin.title.strip():
        lacking.append("来源材料名称")
    if matter in _NEED_HOLDERS and not asked.holders:
        lacking.append("取得权利的人")
    if matter is Matter.FIRST and (asked.right_kind is None or asked.right_kind not in FIRST_KINDS):
        lacking.append("要登记的权利类型")
    if matter in _NEED_PROTECTED and asked.party_id is None and not asked.holder.strip():
        lacking.append("权利人（机关）名称")
    if matter in (Matter.OPERATION, Matter.LETTING) and (asked.term_first is None or asked.term_until is None):
        lacking.append("流转期限的起止日期")
    if matter is Matter.MORTGAGE and asked.amount_fen is None:
        lacking.append("被担保债权数额")
    if matter is Matter.MERGE and not asked.joined:
        lacking.append("要合并的其他单元")
    if matter is Matter.EXTENSION and asked.term_until is None:
        lacking.append("续期后的止期")
    if matter is Matter.EASEMENT and len(asked.joined) != 1:
        lacking.append("一个需役地单元")
    if matter is Matter.EASEMENT and not asked.text.strip():
        lacking.append("地役权的利用目的和方法")
    if matter is Matter.MORTGAGE_CHANGE and asked.amount_fen is None and asked.term_until is None:
        lacking.append("变更后的被担保债权数额或期限")
    lacking += _lacking_parts(asked)
    if lacking:
        raise ApplicationIncomplete(listing="、".join(lacking))
    unfit = unfit_for_unit(asked.parts, unit, on=day) if matter is Matter.CHANGE else []
    if unfit:
        raise ApplicationUnfit(matter=matter.title, reasons=f"{'；'.join(unfit)}。")
    if matter is Matter.CORRECTION and asked.term_first is None and concerned is not None:
        last = Right.objects.current().filter(rrr=concerned).order_by("-valid").values_list("valid", flat=True).first()
        if last is not None:
            asked = replace(asked, term_first=last.lower, term_until=last.upper)
    if matter is Matter.SPLIT and all(part.registered_area_m2 is None for part in asked.parts):
        asked = replace(asked, parts=_with_areas(asked.parts, unit, day))
    return asked


_NEED_HOLDERS = frozenset(
    {Matter.FIRST, Matter.TRANSFER, Matter.CORRECTION, Matter.OPERATION, Matter.RESIDENCE, Matter.LETTING}
)
_NEED_PROTECTED = frozenset(
    {Matter.OBJECTION, Matter.ADVANCE_NOTICE, Matter.SEIZURE, Matter.MORTGAGE, Matter.MORTGAGE_TRANSFER}
)


def _lacking_parts(asked: Asked) -> list[str]:
    parts = asked.parts
    if asked.matter is Matter.SPLIT and (len(parts) < 2 or any(part.geometry is None for part in parts)):
        return ["分割后各部分的界址（至少两个）"]
    if asked.matter is Matter.SPLIT and len({part.registered_area_m2 is None for part in parts}) > 1:
        return ["每个部分的登记面积（或者都不写，按图形分摊）"]
    if asked.matter is Matter.HOUSE and (len(parts) != 1 or parts[0].registered_area_m2 is None):
        return ["房屋的占地面积"]
    return lacking_of(parts) if asked.matter is Matter.CHANGE else []


def _with_areas(parts: Sequence[PartAsked], unit: BAUnit, day: date) -> tuple[PartAsked, ...]:
    """Parts without areas share that of the whole in proportion to their outlines: none is lost."""
    whole = ground_rows(unit, on=day)[0].registered_area_m2
    weights = [area_m2(as_multipolygon(part.geometry)[0]) for part in parts if part.geometry is not None]
    areas = shared_areas(whole, weights)
    return tuple(replace(part, registered_area_m2=area) for part, area in zip(parts, areas, strict=True))


def _refuse_unfit(case: Case, asked: Asked, *, is_over: bool) -> None:
    """By whom it is applied for, and for how long; what an authority orders no party applies for (不动产登记暂行条例 第十四条).

    Raises: ApplicationUnfit, with each reason.
    """
    facts: dict[str, Any] = {
        "matter": asked.matter.told.registration, "cause": asked.cause.title, "is_joint": asked.is_joint,
        "is_over": is_over,
    }  # fmt: skip
    if asked.is_ex_officio or asked.matter in ORDERS:
        return
    if asked.matter is Matter.OPERATION and asked.term_first is not None and asked.term_until is not None:
        facts["term_years"] = whole_years(asked.term_first, asked.term_until)
    if asked.matter is Matter.LETTING and asked.term_first is not None and asked.term_until is not None:
        facts["term_years"] = years_begun(asked.term_first, asked.term_until)
    found = apply(rule_named("registration.admission"), facts, given_in(case, "registration.admission"))
    if found.value is not True:
        reasons = "；".join(step.finding for step in found.steps if step.ok is not True)
        raise ApplicationUnfit(matter=asked.matter.title, reasons=f"{reasons}。")


def whole_years(first: date, until: date) -> int:
    """The whole years from the first day to the day after the last: 2021-03-01 to 2026-03-01 are five."""
    return until.year - first.year - ((until.month, until.day) < (first.month, first.day))


def years_begun(first: date, until: date) -> int:
    """The years that a term reaches into: twenty years and a day are twenty-one, for a limit is not passed by a day either."""
    whole = whole_years(first, until)
    return whole + ((until.month, until.day) != (first.month, first.day))


def _holder_of(concerned: RRR | None, day: date) -> int | None:
    """Without an applicant named, the holder of the right concerned, where it is one."""
    if concerned is None or concerned.sort != RRR.Sort.RIGHT:
        return None
    rows = Right.objects.current().as_of(day).filter(rrr=concerned).values_list("party_id", flat=True)[:2]
    return rows[0] if len(rows) == 1 else None


def _keep(case: Case, unit: BAUnit, units: Sequence[BAUnit], asked: Asked, concerned: RRR | None) -> Application:
    kind = asked.right_kind if asked.matter is Matter.FIRST else None
    if kind is None and concerned is not None and concerned.sort == RRR.Sort.RIGHT:
        kind = RightKind(concerned.kind)
    fee = fee_of(
        asked.matter.told.registration,
        unit=UnitKind(unit.kind),
        values=_fees(case),
    )
    origin = asked.origin
    made = Application.objects.create(
        case=case, matter=asked.matter.value, baunit=unit, rrr=concerned, right_kind=kind,
        basis=basis_of(asked.matter, units=[one.pk for one in units], rrr_id=concerned.pk if concerned else None),
        cause=asked.cause.value, is_joint=asked.is_joint, is_ex_officio=asked.is_ex_officio,
        source_kind=origin.kind.value, source_title=" ".join(origin.title.split())[:160],
        source_number=origin.number[:60], source_issued_on=origin.issued_on, source_issuer=origin.issuer[:80],
        term_first=asked.term_first, term_until=asked.term_until, party_id=asked.party_id,
        holder=" ".join(asked.holder.split())[:120], amount_fen=asked.amount_fen, text=asked.text.strip()[:400],
        deed_tax_proof=asked.deed_tax_proof, mortgagee_consents=asked.mortgagee_consents,
        notice_holder_consents=asked.notice_holder_consents, shown=sorted({one.value for one in asked.shown}),
        fee_fen=fee.fee_fen, fee_note=fee.note[:200],
    )  # fmt: skip
    for one in asked.holders:
        share = one.share
        ApplicationHolder.objects.create(
            application=made, party_id=one.party_id, share_num=None if share is None else share.numerator,
            share_den=None if share is None else share.denominator,
        )  # fmt: skip
    is_change = asked.matter is Matter.CHANGE
    named = [part.ground for part in asked.parts] if is_change else []
    grounds = dict(SpatialUnit.objects.filter(code__in=named).values_list("code", "pk"))
    for part in asked.parts:
        shape = None if part.geometry is None else as_multipolygon(part.geometry)[0]
        ApplicationPart.objects.create(
            application=made, geometry=shape, registered_area_m2=part.registered_area_m2,
            floor_area_m2=part.floor_area_m2, use=part.use[:40], location=part.location[:200],
            structure=part.structure[:40], floors=part.floors, party_id=part.party_id, ground_id=grounds.get(part.ground),
            act=part.act.value if is_change else PartAct.CHANGED.value, north=part.north[:60], east=part.east[:60],
            south=part.south[:60], west=part.west[:60],
        )  # fmt: skip
    for joined in asked.joined:
        ApplicationPart.objects.create(application=made, baunit_id=joined)
    return made


def _fees(case: Case) -> Mapping[str, Any]:
    return values_for(case, FEES, FREE)


@transaction.atomic
def amend_application(*, application_id: int, given: Mapping[str, bool], actor: Actor, at: datetime) -> Application:
    """Consents and proofs that came after the application (补正), as long as the counter has it. Locks: Case.

    Raises: ApplicationNotFound, AmendmentTooLate, ApplicationUnfit for what such an application does not ask for, and
        what keeps the actor from the step.
    """
    seen = Application.objects.visible_to(actor).filter(pk=application_id).exists()
    case = Case.objects.select_for_update(of=("self",)).filter(pk=application_id).first() if seen else None
    if case is None:
        raise ApplicationNotFound(application=application_id)
    if case.step not in ("apply", "accept"):
        raise AmendmentTooLate(case=case.number)
    refusal = casework.may_see_step(case, actor=actor, at=at)
    if refusal is not None:
        raise refusal
    found = Application.objects.get(pk=case.pk)
    _refuse_needless(found.what, given)
    changed = [name for name, said in given.items() if said != getattr(found, name)]
    if changed:
        for name in changed:
            setattr(found, name, given[name])
        found.save(update_fields=changed)
        facts = {"changed": changed}
        record(
            verb="registry.application.amended", subject=case, actor=actor, at=at, facts=facts,
            division=case.division_id,
        )  # fmt: skip
    return found


__all__ = [
    "Asked",
    "Origin",
    "amend_application",
    "open_application",
    "refuse_another",
    "refuse_not_own",
    "rights_held",
    "whole_years",
]
