"""How long a registration takes, and how long the public is told: by the parameters of the zone of the case."""

from collections.abc import Mapping
from fractions import Fraction

from ronghe.kernel.clock import legal_day
from ronghe.mechanisms.casework.declared import Period
from ronghe.mechanisms.casework.models import Case, Notice
from ronghe.policy import queries as policy
from ronghe.policy.rulebook import InForce
from ronghe.policy.rules.periods import working_days_between

from ..queries.parameters import values_for

TERM, LONGEST, NOTICE = (
    "registration.term.by_kind",
    "registration.term.max_workdays",
    "registration.public_notice.min_workdays",
)
ACCEPT = "accept"


def registration_term(case: Case) -> Period | None:
    """What is left of the time for the registration of a case: it runs from acceptance on, but not while the public is told.

    The zone's own time for such registrations, else the longest that the law allows. Where nobody has fixed one, or
    the case is not accepted yet, there is no deadline.
    Source: 不动产登记暂行条例 第二十条.
    """
    whole = _whole(case)
    accepted = case.decisions.filter(from_step=ACCEPT, action=ACCEPT).order_by("-number").first() if case.pk else None
    if whole is None or accepted is None:
        return None
    known, day = policy.calendar(), legal_day(case.step_since)
    used = working_days_between(legal_day(accepted.at), day, known)
    for notice in Notice.objects.filter(case=case, ended_at__isnull=False):
        assert notice.ended_at is not None
        used -= working_days_between(notice.first_day, legal_day(notice.ended_at), known)
    length, value = whole
    return Period(max(1, length - max(0, used)), cite=value.cite[0] if value.cite else None)


def _whole(case: Case) -> tuple[int, InForce] | None:
    from . import registration_of  # which registration a procedure is for

    values = values_for(case, TERM, LONGEST)
    by_kind, longest = values.get(TERM), values.get(LONGEST)
    lines = by_kind.value if by_kind is not None and isinstance(by_kind.value, Mapping) else {}
    of_kind = lines.get(registration_of(case))
    if by_kind is not None and of_kind is not None:
        return int(of_kind), by_kind
    return (longest.value, longest) if longest is not None and isinstance(longest.value, int) else None


def notice_period(case: Case) -> Period | None:
    """How long the public is told: what is in use for the zone, else what a reference says.

    A value that nobody has put to use yet (待地方确定) is taken all the same: a notice protects others, and none is worse
    than one of a length that the place has still to confirm. What the notice says names it.
    """
    found = values_for(case, NOTICE).get(NOTICE)
    value = found and (found.value if found.value is not None else found.idle)
    return Period(int(value)) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None


def notice_words(case: Case) -> str:
    """The length of the notice as the notice tells it: ``公告期 15 个工作日（待地方确定）``."""
    found, period = values_for(case, NOTICE).get(NOTICE), notice_period(case)
    doubt = "" if found is not None and found.status == "set" else "（待地方确定）"
    return f"公告期 {period}{doubt}" if period else ""
