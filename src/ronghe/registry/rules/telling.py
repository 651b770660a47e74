"""What a unit is, told in plain words: who may use it, for how long, what burdens it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .kinds import USE_RIGHTS, RightKind, UnitKind

#: 1 亩 = 2000/3 m².
M2_PER_MU = Decimal(2000) / 3

_THING = {
    UnitKind.OWNERSHIP: "这宗土地",
    UnitKind.HOMESTEAD: "这处宅基地",
    UnitKind.CONSTRUCTION: "这宗建设用地",
    UnitKind.CONTRACTED: "这块承包地",
    UnitKind.CONTRACTED_FOREST: "这块承包林地",
    UnitKind.FOREST: "这块林地",
    UnitKind.WATER_WORKS: "这处水利设施",
    UnitKind.STATE: "这宗建设用地",
}


@dataclass(frozen=True, slots=True)
class ToldRight:
    """A right in force: who holds it (with shares where there are some), from when, and the day after its last."""

    kind: RightKind
    holders: tuple[str, ...]
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class ToldBurden:
    """A restriction in force."""

    title: str
    who: str


def mu(area_m2: Decimal) -> Decimal:
    """An area in 亩, to the hundredth, for people to read."""
    return (area_m2 / M2_PER_MU).quantize(Decimal("0.01"))


def area_words(area_m2: Decimal) -> str:
    """3,333.33 m²（5.00 亩）."""
    return f"{area_m2:,.2f} m²（{mu(area_m2):,} 亩）"


def last_day(until: date | None) -> date | None:
    """The last day of a term that is kept with the day after it."""
    return None if until is None else until - timedelta(days=1)


def term_words(since: date | None, until: date | None) -> str:
    """2015-06-01 至 2045-05-31, or 2015-06-01 起，长期."""
    if until is None:
        return f"{since} 起，长期"
    return f"{since} 至 {last_day(until)}"


def _until(until: date | None) -> str:
    return "没有终止期限" if until is None else f"到 {last_day(until)} 为止"


def headline(kind: UnitKind, rights: Sequence[ToldRight], burdens: Sequence[ToldBurden]) -> list[str]:
    """The sentences, the most asked first."""
    thing = _THING[kind]
    said = []
    used = [one for one in rights if one.kind in USE_RIGHTS]
    for one in used:
        said.append(f"{thing}由{'、'.join(one.holders)}享有{one.kind.title}，{_until(one.until)}。")
    if not used and kind is not UnitKind.OWNERSHIP:
        said.append(f"{thing}现在没有登记使用权。")
    for one in rights:
        if one.kind is RightKind.COLLECTIVE_OWNERSHIP:
            said.append(f"土地归{'、'.join(one.holders)}集体所有。")
        elif one.kind is RightKind.QUALIFICATION:
            said.append(f"宅基地资格权由{'、'.join(one.holders)}持有，以户为单位。")
        elif one.kind is RightKind.LETTING:
            said.append(f"使用权已流转给{'、'.join(one.holders)}，{_until(one.until)}；所有权和资格权不变。")
        elif one.kind in (RightKind.OPERATION, RightKind.RESIDENCE):
            said.append(f"{'、'.join(one.holders)}另有{one.kind.title}，{_until(one.until)}。")
    if burdens:
        each = "、".join(f"{one.title}（{one.who}）" if one.who else one.title for one in burdens)
        said.append(f"上面有 {len(burdens)} 项限制：{each}。")
    else:
        said.append("没有查封、抵押、异议等限制。")
    return said
