"""Procedures of the register, one for each kind of registration (不动产登记暂行条例 第三条 and the derived rights)."""

from ronghe.mechanisms.casework.models import Case

from ..models import Application


def application_of(case: Case) -> Application:
    """What a case of the register asks for."""
    return Application.objects.select_related("baunit", "case__zone", "rrr", "party").get(pk=case.pk)


def registration_of(case: Case) -> str:
    """The registration (登记类型) that a case is for, as parameters call it."""
    return application_of(case).what.told.registration


from .income import INCOME_CANCEL, INCOME_FIRST, INCOME_TRANSFER  # noqa: E402
from .kept_rights import KEPT_RIGHTS  # noqa: E402
from .membership import MEMBERSHIP, MEMBERSHIP_LOSS  # noqa: E402
from .registration import PROCEDURES  # noqa: E402  (declared by the words above)
from .surveys import SURVEY  # noqa: E402

__all__ = [
    "INCOME_CANCEL",
    "INCOME_FIRST",
    "INCOME_TRANSFER",
    "KEPT_RIGHTS",
    "MEMBERSHIP",
    "MEMBERSHIP_LOSS",
    "PROCEDURES",
    "SURVEY",
    "application_of",
    "registration_of",
]
