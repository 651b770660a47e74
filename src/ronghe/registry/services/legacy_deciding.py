"""处理决定和登记簿: what is decided on a legacy homestead keeps its ruling, and is noted on the right in the book."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.policy import queries as policy
from ronghe.policy.ruling import Ruling

from ..errors import LegacyReasonNeeded
from ..models import RRR, LegacyHomestead, Responsibility, Right
from ..queries import legacy as queries
from ..queries.rolls import given_in
from ..rules.kinds import RightKind, SourceKind
from ..rules.legacy import CONFIRM, PAY
from .rights import bind
from .sources import keep_source
from .writing import end_rows, locked_units

if TYPE_CHECKING:
    from ronghe.mechanisms.rosters.models import Record

#: States of a record in which its decision stands.
DECIDED = ("decided", "carried_out")
#: What follows in the book: a note beside what is confirmed, the duty to pay for what is used for pay.
_DUTIES = {CONFIRM: Responsibility.Kind.NOTE, PAY: Responsibility.Kind.PAID_USE}
_USE = (RightKind.HOMESTEAD_USE, RightKind.HOMESTEAD_HOUSE)


def told_of(one: LegacyHomestead) -> dict[str, str | None]:
    """What of a record its decision rests on, as the kept ruling names it."""
    return {
        "code": one.code, "cause": one.cause, "homesteads": str(one.homesteads), "area_m2": f"{Decimal(one.area_m2):.2f}",
        "holder_is_member": _flag(one.holder_is_member), "exits_voluntarily": _flag(one.exits_voluntarily),
        "treatment": one.treatment, "decision": one.decision, "decided_on": str(one.decided_on or ""),
        "departs_because": one.departs_because,
    }  # fmt: skip


def _flag(value: bool | None) -> str | None:
    return None if value is None else "是" if value else "否"


def keep_decided(records: Sequence["Record"], actor: Actor, at: datetime) -> None:
    """Keep the ruling of what is decided and note it in the book; take it back where it is looked into again.

    A record that ends leaves the book as it is: whoever means to take the note back looks into the record again first.
    Runs in the transaction that wrote the records. Locks: BAUnit (by number). Raises: LegacyReasonNeeded.
    """
    given = {one.pk: one for one in records}
    rows = LegacyHomestead.objects.filter(pk__in=list(given), ended_at=None).select_related("unit").order_by("pk")
    open_ones = list(rows)
    locked_units(*sorted({one.unit_id for one in open_ones if one.state in DECIDED or one.duty_id}))
    for one in open_ones:
        is_decided = one.state in DECIDED
        if is_decided == (one.ruling is not None):
            continue
        _free(one, actor, at)
        one.ruling, one.proposed, one.duty = None, "", None
        if is_decided:
            _decide(one, actor, at)
        LegacyHomestead.objects.filter(pk=one.pk).update(ruling=one.ruling, proposed=one.proposed, duty=one.duty)
        kept = given[one.pk]
        if isinstance(kept, LegacyHomestead):
            kept.ruling, kept.proposed, kept.duty = one.ruling, one.proposed, one.duty


def _decide(one: LegacyHomestead, actor: Actor, at: datetime) -> None:
    on = legal_day(at)
    ruling = queries.proposal(one, actor=actor, on=on)
    one.proposed = ruling.value or ""
    if one.treatment != one.proposed and not one.departs_because.strip():
        asked = f"“{one.proposed}”" if one.proposed else "：还提不出建议（有事实或参数没有填写）"
        raise LegacyReasonNeeded(code=one.code, treatment=one.treatment, proposed=asked)
    given = given_in(queries.zone_of(one.division_id, actor=actor), on=on, rule=queries.RULE)
    one.ruling = {
        "of": told_of(one), "rule": queries.RULE, "on": on.isoformat(), "verdict": ruling.verdict, "value": ruling.value,
        "missing": list(ruling.missing), "steps": [policy.plain_step(step) for step in ruling.steps],
        "parameters": [policy.snapshot(value) for value in given.values()],
    }  # fmt: skip
    one.duty = _bound(one, ruling, actor, at)
    facts = {"as_proposed": one.treatment == one.proposed, "duty": one.duty and one.duty.pk}
    record(verb="registry.legacy.decided", subject=one, actor=actor, at=at, facts=facts, division=one.division_id)


def _bound(one: LegacyHomestead, ruling: Ruling[Any], actor: Actor, at: datetime) -> RRR | None:
    """The note or the duty on the right of use; none where nothing follows, or no such right stands any more."""
    kind = _DUTIES.get(one.treatment)
    if kind is None:
        return None
    standing = Right.objects.current().as_of(legal_day(at)).filter(baunit=one.unit_id, kind__in=_USE)
    right = standing.order_by("pk").values_list("rrr", flat=True).first()
    if right is None:
        return None
    why = ruling.steps[-1].finding if one.treatment == one.proposed else one.departs_because
    source = keep_source(
        kind=SourceKind.OTHER, title="宅基地历史遗留处理决定", number="", issued_on=one.decided_on or legal_day(at),
        division=one.division_id,
    )  # fmt: skip
    text = f"历史遗留宅基地按“{one.treatment}”处理：{why[:160]}。{one.decision[:200]}"
    return bind(rrr_id=right, kind=kind, text=text, source_id=source.pk, actor=actor, at=at)


def _free(one: LegacyHomestead, actor: Actor, at: datetime) -> None:
    """The note that followed from an earlier decision ends; what has ended with its right is left as it is."""
    if one.duty is None or not end_rows(Responsibility.objects.current().filter(rrr=one.duty), on=legal_day(at), at=at):
        return
    facts = {"rrr": one.duty.pk, "on": legal_day(at)}
    record(verb="registry.duty.ended", subject=one.unit, actor=actor, at=at, facts=facts, division=one.unit.division_id)


__all__ = ["DECIDED", "keep_decided", "told_of"]
