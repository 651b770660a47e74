"""Reads of certificates and proofs: one, and what is printed on it."""

from datetime import date
from typing import Any

from ronghe.kernel.actors import Actor
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.queries import members
from ronghe.kernel.parties.rules import RELATIONS

from ..errors import CertificateNotFound
from ..models import RRR, BAUnit, Certificate, Restriction, Right, SpatialUnitVersion
from ..rules.codes import printed
from ..rules.kinds import CoOwnership, GroundKind, RestrictionKind, RightKind
from ..rules.natures import NATURE_TITLES
from ..rules.plan import plan_of
from .easements import holders_of

#: So many plots of one certificate are drawn; they all stand in its table.
MOST_PLANS = 12
#: Rights whose certificate lists everybody of the household. Source: 农村土地承包法 第二十四条第二款.
LISTS_FAMILY = frozenset({RightKind.CONTRACT, RightKind.CONTRACT_TREES})


def certificate(certificate_id: int, *, actor: Actor) -> Certificate:
    """One certificate. Raises: CertificateNotFound."""
    rows = Certificate.objects.visible_to(actor).select_related("baunit__division", "rrr", "paper__revocation")
    found = rows.filter(pk=certificate_id).first()
    if found is None:
        raise CertificateNotFound(number=certificate_id)
    return found


def certificate_facts(found: Certificate) -> dict[str, Any]:
    """What a certificate says: of the right or restriction as it was on the day of issue, by today's register."""
    return _of_right(found) if found.rrr.sort == RRR.Sort.RIGHT else _of_restriction(found)


def _of_right(found: Certificate) -> dict[str, Any]:
    on, unit = found.issued_on, found.baunit
    rows = list(
        Right.objects.current().as_of(on).filter(rrr=found.rrr).select_related("party", "source").order_by("pk")
    )
    kind = RightKind(found.rrr.kind)
    first = rows[0] if rows else None
    parent = Right.objects.current().as_of(on).filter(rrr=found.rrr.parent_id).select_related("party").first()
    return {
        "number": found.number,
        "holders": [row.party.name for row in rows],
        "personal": any(row.party.kind in (Party.Kind.PERSON, Party.Kind.HOUSEHOLD) for row in rows),
        "co_ownership": _co_ownership(rows),
        "right": kind.title,
        "nature": _nature(first, unit) if first else "",
        "term": _term(first.valid.lower, first.valid.upper) if first else "",
        "owner": parent.party.name if parent is not None and found.rrr.parent_id else "",
        "source": first.source.title if first else "",
        "source_number": first.source.number if first else "",
        "family": [_member(one) for row in rows for one in _family(row, on)] if kind in LISTS_FAMILY else [],
        **_ground(found),
        "plans": _plans(found),
        "issued": on.isoformat(),
    }


def _nature(row: Right, unit: BAUnit) -> str:
    """How the right came to be held; of what was entered without it, whose land it is."""
    return NATURE_TITLES.get(row.nature or 0) or ("集体" if unit.code[12] == "J" else "国有")


def _co_ownership(rows: list[Right]) -> str:
    if not rows:
        return ""
    way = CoOwnership(rows[0].co_ownership)
    if way is not CoOwnership.BY_SHARES:
        return way.title
    return f"{way.title}：" + "、".join(f"{row.party.name} {row.share_num}/{row.share_den}" for row in rows)


def _family(row: Right, on: date) -> list[Any]:
    return members(row.party, on=on) if row.party.kind == Party.Kind.HOUSEHOLD else []


def _member(row: Any) -> list[str]:
    return [row.person.name, "户主" if row.is_head else RELATIONS.get(row.relation, "")]


def _of_restriction(found: Certificate) -> dict[str, Any]:
    on = found.issued_on
    rows = Restriction.objects.current().as_of(on).filter(rrr=found.rrr)
    row = rows.select_related("party", "source", "dominant").first()
    burdened = Right.objects.current().as_of(on).filter(baunit=found.baunit)
    if found.rrr.parent_id is not None:
        burdened = burdened.filter(rrr=found.rrr.parent_id)
    else:
        burdened = burdened.exclude(kind__in=(RightKind.COLLECTIVE_OWNERSHIP, RightKind.QUALIFICATION))
    obliged = sorted({one.party.name for one in burdened.select_related("party")})
    amount = row.amount_fen if row else None
    dominant = row.dominant if row else None
    # An easement is held by whoever holds the land that it serves.
    parties = (
        [one.party for one in holders_of(dominant, on=on)] if dominant else [row.party] if row and row.party else []
    )
    return {
        "number": found.number,
        "holders": [one.name for one in parties] or ([row.holder] if row else []),
        "personal": any(one.kind in (Party.Kind.PERSON, Party.Kind.HOUSEHOLD) for one in parties),
        "dominant": printed(dominant.code) if dominant else "",
        "obliged": obliged,
        "right": RestrictionKind(found.rrr.kind).title,
        "rank": row.rank if row else None,
        "amount": "" if amount is None else f"{amount // 100:,}.{amount % 100:02d} 元",
        "term": _term(row.valid.lower, row.valid.upper) if row else "",
        "text": row.text if row else "",
        "source": row.source.title if row else "",
        "source_number": row.source.number if row else "",
        **_ground(found),
        "issued": on.isoformat(),
    }


def _term(first: date, until: date | None) -> str:
    """The term as certificates tell it: with its last day."""
    if until is None:
        return f"{first} 起"
    return f"{first} 起至 {date.fromordinal(until.toordinal() - 1)} 止"


def _plans(found: Certificate) -> list[dict[str, Any]]:
    """The plan of each piece of land, with the houses on the first of them."""
    rows = [row for row in _forms(found) if row.geometry is not None]
    houses = [row.geometry for row in rows if row.spatial_unit.kind == GroundKind.BUILDING]
    land = [row for row in rows if row.spatial_unit.kind != GroundKind.BUILDING][:MOST_PLANS]
    return [plan_of(row.spatial_unit.code, row.geometry, houses if nth == 0 else ()) for nth, row in enumerate(land)]


def _forms(found: Certificate) -> list[SpatialUnitVersion]:
    """The forms of the ground as of the day of issue."""
    rows = SpatialUnitVersion.objects.current().as_of(found.issued_on)
    return list(rows.filter(spatial_unit__baunits__baunit=found.baunit).select_related("spatial_unit").order_by("pk"))


def _ground(found: Certificate) -> dict[str, Any]:
    rows = _forms(found)
    land = [row for row in rows if row.spatial_unit.kind != GroundKind.BUILDING]
    houses = [row for row in rows if row.spatial_unit.kind == GroundKind.BUILDING]
    area = sum((row.registered_area_m2 for row in land), start=land[0].registered_area_m2 * 0) if land else None
    floor = [row.floor_area_m2 for row in houses if row.floor_area_m2 is not None]
    return {
        "unit": printed(found.baunit.code),
        "division": found.baunit.division.name,
        "location": next((row.location for row in land if row.location), ""),
        "use": "、".join(dict.fromkeys(row.use for row in rows if row.use)),
        "area": f"{area:,} m²" if area is not None else "",
        "floor_area": f"{sum(floor):,} m²" if floor else "",
        "plots": [
            [row.spatial_unit.code, f"{row.registered_area_m2:,}", row.east, row.south, row.west, row.north]
            for row in land
        ],
        "houses": [[row.structure or "—", str(row.floors or "—"), f"{row.floor_area_m2 or '—'}"] for row in houses],
    }
