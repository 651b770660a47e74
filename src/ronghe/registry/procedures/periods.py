"""How long a registration takes, and how long the public is told: by the parameters of the zone of the case."""

from collections.abc import Mapping
from fractions import Fraction

from ronghe.kernel.clock import legal_day
from ronghe.mechanisms.casework.declared import Period
from ronghe.mechanisms.casework.models import Case, Notice
from ronghe.policy import queries as policy
from ronghe.policy.rulebook import InForce
from ronghe.policy.rules.periods import DAYS, WORKING, working_days_between

from ..queries.parameters import values_for
from ..rules.matters import Matter

TERM, LONGEST, NOTICE = (
    "registration.term.by_kind",
    "registration.term.max_workdays",
    "registration.public_notice.min_workdays",
)
#: 调查结果公示: how long what was surveyed of contracted land is told in the village, and how often.
SURVEY_DAYS, SURVEY_ROUNDS = "registration.survey_notice.days", "registration.survey_notice.rounds"
#: 股权设置公示: how long the village is told who shall hold how many shares of its collective.
INCOME_DAYS = "registration.income_notice.days"
MEMBERSHIP_DAYS = "registration.membership_notice.days"
#: As long members are told of a new one where no pack says how long.
USUAL_DAYS = 7
#: As often it is told where nobody has said how often: rather once too often than too seldom.
USUAL_ROUNDS = 2
ACCEPT = "accept"
#: The step in which a survey is brought, and the action that hands it in for review.
ASK, SUBMIT = "survey", "submit"


def registration_term(case: Case) -> Period | None:
    """What is left of the time for the registration of a case: it runs from acceptance on, but not while the public is told.

    The zone's own time for such registrations, else the longest that the law allows. Where nobody has fixed one, or
    the case is not accepted yet, there is no deadline.
    Source: 不动产登记暂行条例 第二十条.
    """
    from . import registration_of  # which registration a procedure is for

    return _left_of(case, registration_of(case), step=ACCEPT, action=ACCEPT)


def survey_term(case: Case) -> Period | None:
    """The same for a survey, all of whose parcels are registered for the first time: from when it was handed in last."""
    return _left_of(case, Matter.FIRST.told.registration, step=ASK, action=SUBMIT)


def _left_of(case: Case, registration: str, *, step: str, action: str) -> Period | None:
    """What is left of the time for a registration since a decision."""
    whole = _whole(case, registration)
    began = case.decisions.filter(from_step=step, action=action).order_by("-number").first() if case.pk else None
    if whole is None or began is None:
        return None
    known, day = policy.calendar(), legal_day(case.step_since)
    used = working_days_between(legal_day(began.at), day, known)
    for notice in Notice.objects.filter(case=case, ended_at__isnull=False, first_day__gte=legal_day(began.at)):
        assert notice.ended_at is not None
        used -= working_days_between(notice.first_day, legal_day(notice.ended_at), known)
    length, value = whole
    return Period(max(1, length - max(0, used)), cite=value.cite[0] if value.cite else None)


def _whole(case: Case, registration: str) -> tuple[int, InForce] | None:
    values = values_for(case, TERM, LONGEST)
    by_kind, longest = values.get(TERM), values.get(LONGEST)
    lines = by_kind.value if by_kind is not None and isinstance(by_kind.value, Mapping) else {}
    of_kind = lines.get(registration)
    if by_kind is not None and of_kind is not None:
        return int(of_kind), by_kind
    return (longest.value, longest) if longest is not None and isinstance(longest.value, int) else None


def notice_period(case: Case) -> Period | None:
    """How long the public is told before a first registration: what is in use for the zone, else what a reference says.

    A value that nobody has put to use yet (待地方确定) is taken all the same: a notice protects others, and none is worse
    than one of a length that the place has still to confirm. What the notice says names it.
    Source: 不动产登记暂行条例实施细则 第十七条, as domain/land.md a7 tells it (unverified).
    """
    return _told_for(case, NOTICE, WORKING)


def notice_words(case: Case) -> str:
    """The length of the notice as the notice tells it: ``公告期 15 个工作日（待地方确定）``."""
    return _words(case, NOTICE, "公告期", notice_period(case))


def survey_notice_period(case: Case) -> Period | None:
    """How long what was surveyed of contracted land is told in the village each time, taken as that of the notice is."""
    return _told_for(case, SURVEY_DAYS, DAYS)


def survey_notice_words(case: Case) -> str:
    """``公示期 7 日（待地方确定）``."""
    return _words(case, SURVEY_DAYS, "公示期", survey_notice_period(case))


def survey_rounds(case: Case) -> int:
    """How often what was surveyed of contracted land is told in the village."""
    number = _number(case, SURVEY_ROUNDS)
    return USUAL_ROUNDS if number is None else number


def membership_notice_period(case: Case) -> Period:
    """How long the members are told whom the collective will confirm. Source: 农村集体经济组织法 第十二条 (no length)."""
    return _told_for(case, MEMBERSHIP_DAYS, DAYS) or Period(USUAL_DAYS, DAYS)


def income_notice_period(case: Case) -> Period | None:
    """How long the village is told of the shares of its collective, taken as that of the notice is."""
    return _told_for(case, INCOME_DAYS, DAYS)


def income_notice_words(case: Case) -> str:
    """``公示期 7 日（待地方确定）``."""
    return _words(case, INCOME_DAYS, "公示期", income_notice_period(case))


def _told_for(case: Case, parameter: str, unit: str) -> Period | None:
    number, value = _number(case, parameter), values_for(case, parameter).get(parameter)
    if number is None or value is None:
        return None
    return Period(number, unit, value.cite[0] if value.cite else None)


def _number(case: Case, parameter: str) -> int | None:
    found = values_for(case, parameter).get(parameter)
    value = found and (found.value if found.value is not None else found.idle)
    return int(value) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None


def _words(case: Case, parameter: str, what: str, period: Period | None) -> str:
    found = values_for(case, parameter).get(parameter)
    doubt = "" if found is not None and found.status == "set" else "（待地方确定）"
    return f"{what} {period}{doubt}" if period else ""
