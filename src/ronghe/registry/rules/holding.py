"""谁能取得权利、能取得多久: who may hold a right, while it lives, and for how long a right may run. Pure."""

from datetime import date

from .kinds import RightKind, UnitKind

_R = RightKind
_HOMESTEADS = frozenset({_R.HOMESTEAD_USE, _R.HOMESTEAD_HOUSE})
_CONTRACTS = frozenset({_R.CONTRACT, _R.CONTRACT_TREES})
_FORESTS = frozenset({_R.FOREST_USE, _R.FOREST_TREES})


def longest_years(kind: RightKind, unit: UnitKind) -> str | None:
    """The parameter that says how many years a right on such land runs at most: contracted forest is no tilled land.

    Source: 民法典 第三百三十二条; 农村土地承包法 第二十一条.
    """
    if kind in _FORESTS or (kind in _CONTRACTS and unit is UnitKind.CONTRACTED_FOREST):
        return "registration.forest.max_years"
    return "registration.contract.max_years" if kind in _CONTRACTS else None


def unfit_for(kind: RightKind, party_kind: str) -> str:
    """Why parties of a kind do not hold such a right; empty where they may.

    The register, and the check of a survey, ask the same here.
    Source: 民法典 第二百六十一条、第三百六十二条; 土地管理法 第六十二条第一款.
    """
    if kind is _R.COLLECTIVE_OWNERSHIP and party_kind not in ("collective", "agency"):
        return "集体土地所有权属于农民集体，所有权主体不能改变"
    if kind is _R.QUALIFICATION and party_kind != "household":
        return "资格权以户为单位"
    if kind in _HOMESTEADS and party_kind not in ("person", "household"):
        return "宅基地使用权由农户或个人享有"
    return ""


def would_outlast(ended_on: date | None, *, first: date, until: date | None, today: date) -> bool:
    """Whether a right entered today would run on after its holder's end: the dead acquire nothing, heirs do.

    What lies wholly in the holder's life is history, and may be entered late.
    Args: ``ended_on`` is the day of death or end, ``until`` the day after the last.
    Source: 民法典 第十三条、第五十九条、第二百三十条.
    """
    if ended_on is None or (until is not None and until <= ended_on):
        return False
    return ended_on <= max(first, today)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; the 29th of February becomes the 1st of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def runs_too_long(first: date, until: date | None, longest: int | None) -> bool:
    """Whether a term passes the longest one; without an end, the check that a term has one speaks first."""
    return longest is not None and until is not None and until > years_after(first, longest)
