"""What the register adds to 一张图: how far certification has come in each county of a zone."""

from datetime import date
from fractions import Fraction
from urllib.parse import urlencode

from django.urls import reverse

from ronghe.kernel.actors import Actor
from ronghe.kernel.pages import MOST_ROWS, AreaFigure, AreaFigures, AreaList, AreaTheme, ListedRow
from ronghe.policy import queries as policy

from .permissions import BOOK_VIEW
from .queries.rates import by_county, by_place, target_of


def _address(place: str) -> str:
    return f"{reverse('registry:rates')}?{urlencode({'place': place})}"


def _percent(rate: Fraction) -> int:
    """Whole, rounded down."""
    return rate.numerator * 100 // rate.denominator


def figures(zone_slug: str, actor: Actor, day: date) -> AreaFigures:
    """The rate of each county of a zone, of the units that the actor may see."""
    zone = policy.zone(zone_slug, actor=actor)
    target = target_of(zone, on=day)
    codes = list(zone.divisions.values_list("code", flat=True))
    counted = by_county(actor, codes=codes, kinds=target.kinds)
    found = []
    for code in codes:
        one = counted.get(code)
        if one is not None and one.registrable:
            share = _percent(Fraction(one.certified, one.registrable))
            found.append(AreaFigure(code, share, f"{share}%（{one.certified}/{one.registrable}）", _address(code)))
    aim = f"目标 {_percent(target.rate)}%。" if target.rate is not None else ""
    return AreaFigures(found, f"{aim}没有登记的区域不着色。")


def towns_in(zone_slug: str, actor: Actor, day: date, division_code: str) -> AreaList:
    """The towns of a county, the lowest rate first."""
    target = target_of(policy.zone(zone_slug, actor=actor), on=day)
    _, parts = by_place(actor, place=division_code, kinds=target.kinds)
    listed = []
    for one in sorted(parts, key=lambda one: (one.rate or 0, one.division.code))[:MOST_ROWS]:
        share = _percent(one.rate) if one.rate is not None else 0
        is_low = target.rate is not None and one.rate is not None and one.rate < target.rate
        context = f"{one.certified}/{one.registrable}"
        listed.append(
            ListedRow(one.division.name, context, _address(one.division.pk), "warn" if is_low else "good", f"{share}%")
        )
    return AreaList(listed, len(parts), _address(division_code))


RATES = AreaTheme(
    key="certification",
    title="颁证率",
    permission=BOOK_VIEW,
    order=30,
    unit="个",
    of=figures,
    rows=towns_in,
    things="镇街",
    lead="各区县在册和已调查的宅基地、集体建设用地有使用权证书的百分比。点选一个区域，看各镇街的情况。",
    area_lead="各镇街的颁证率，低的在前。",
    empty="这里还没有登记的单元。",
)

LAYERS = (RATES,)
