"""Checks that only market entry needs: an approval by the body that the zone names, and a sum under a ceiling."""

from fractions import Fraction
from typing import Any, cast

from ronghe.policy.checks import amount_of, holds, lacks, unknown
from ronghe.policy.rulebook import InForce
from ronghe.policy.ruling import Step
from ronghe.policy.values import figure, space


def approved(facts: Any, name: str, approval: InForce) -> Step | None:
    """检查: the body that the zone names has approved; where it names none there is no check."""
    if not approval.is_stated:
        return None
    return holds(facts, name, *approval.cite, otherwise=f"报{approval}批准")


def sum_at_most(facts: Any, names: tuple[str, ...], limit: InForce) -> Step:
    """检查: facts of one unit together may reach the limit and not pass it."""
    missing = (*unknown(facts, *names), *((limit.id,) if limit.value is None else ()))
    if missing:
        listed = "，".join(amount_of(facts, name) for name in names)
        return lacks(*missing, finding=f"{listed}；{limit.title}：{limit}", cite=limit.cite)
    bound = Fraction(cast(Fraction, limit.value))
    total = sum((Fraction(getattr(facts, name)) for name in names), Fraction(0))
    ok = total <= bound
    listed = " + ".join(amount_of(facts, name) for name in names)
    mend = "" if ok else f"；超出 {figure(total - bound)}{space(limit.unit)}，留到下一批或下一年度"
    whole = f"{figure(total)}{space(limit.unit)}"
    return Step(limit.cite, f"{listed} = {whole} {'≤' if ok else '>'} {limit.title} {limit}{mend}", ok)
