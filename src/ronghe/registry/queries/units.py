"""The list of units: by code, holder, place, kind, state, certificate, part of the map."""

import re
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Substr
from django.db.models.lookups import StartsWith

from ronghe.kernel.actors import Actor
from ronghe.kernel.grams import grams, holds
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.queries import named
from ronghe.kernel.regions.models import Division, DivisionClosure
from ronghe.kernel.spatial.rules import Box

from ..models import BAUnit, Certificate, Right, SpatialUnitVersion, UnitGround
from ..models.units import BAUnitQuerySet
from ..rules import codes
from ..rules.kinds import USE_RIGHTS, GroundKind, UnitKind

#: Land of which certificates are counted, where a zone does not name it.
COUNTED = (UnitKind.HOMESTEAD, UnitKind.CONSTRUCTION)
#: What is looked for among codes: letters and figures with a figure among them.
_CODED = re.compile(r"(?=.*[0-9])[0-9A-Z]{4,28}")
_FIXTURE = re.compile(r"(?<=[0-9])[FLQW][0-9]*$")
#: Where the groups of a code begin, after the first: area, feature, number.
_GROUPS = (7, 13, 15)


def units(
    actor: Actor,
    *,
    on: date,
    text: str = "",
    kind: str = "",
    place: str = "",
    state: str = "",
    certified: str = "",
    box: Box | None = None,
) -> BAUnitQuerySet:
    """The units that the actor may see, narrowed.

    Args: ``text`` is a code, whole or from the beginning of one of its groups, or else part of a holder's name or of
    the location. ``place`` is the code of a division, or part of its name. ``state`` is empty for what stands,
    ``ended``, or ``all``. ``certified`` is ``yes`` or ``no``: whether a certificate of the use right is in force; or
    ``due``: none is, on land of which certificates are counted.
    ``box`` is met by the present outline.
    """
    rows = BAUnit.objects.visible_to(actor)
    if state != "all":
        rows = rows.filter(ended_on__isnull=state != "ended")
    if kind:
        rows = rows.filter(kind=kind)
    if place:
        rows = rows.filter(division__in=below(place))
    if certified:
        has = Exists(in_force().filter(baunit=OuterRef("pk")))
        rows = rows.filter(has if certified == "yes" else ~has)
        if certified == "due":
            rows = rows.filter(kind__in=[kind.value for kind in COUNTED])
    if box is not None:
        forms = SpatialUnitVersion.objects.current().filter(valid__upper_inf=True, box__overlaps=box)
        rows = rows.filter(pk__in=_on(forms))
    return _saying(rows, text, on) if text else rows


def in_force() -> QuerySet[Certificate]:
    """Certificates of use rights that nobody has taken back; narrowed by the caller to units that the actor may see."""
    kinds = [int(kind) for kind in USE_RIGHTS]
    return Certificate.objects.filter(recalled_on=None, kind=Certificate.Kind.CERTIFICATE, rrr__kind__in=kinds)


def below(place: str) -> "QuerySet[DivisionClosure, str]":
    """The codes of the divisions that ``place`` names, by code or by a part of the name, and of all below them."""
    wanted = Division.objects.filter(Q(pk=place) | Q(name__icontains=place))
    return DivisionClosure.objects.filter(ancestor__in=wanted).values_list("descendant_id", flat=True)


def _saying(rows: BAUnitQuerySet, text: str, on: date) -> BAUnitQuerySet:
    code = codes.cleaned(text)
    if not _CODED.fullmatch(code):
        return rows.filter(pk__in=_held_by(text, on).union(_on(_lying_at(text))))
    coded = Q(code__startswith=code)
    for place in _GROUPS:
        coded |= Q(StartsWith(Substr("code", place), Value(code)))
    found = rows.filter(coded)
    # What begins in the middle of a group is found by pairs of characters, which many codes share: asked for last.
    return found if found.exists() else rows.filter(pk__in=_on(_coded(code)), code__contains=code)


def _held_by(text: str, on: date) -> "QuerySet[Any, Any]":
    holders = Party.objects.filter(named(text))
    return Right.objects.current().as_of(on).filter(party__in=holders).values("baunit")


def _lying_at(text: str) -> QuerySet[SpatialUnitVersion]:
    if not grams(text):
        return SpatialUnitVersion.objects.none()
    return SpatialUnitVersion.objects.current().filter(holds(text, column="grams", of=("location",)))


def _coded(code: str) -> QuerySet[SpatialUnitVersion]:
    """Ground whose code has the pairs of this one; what says which building stands on it is no part of that code."""
    pairs = grams(_FIXTURE.sub("", code))
    forms = SpatialUnitVersion.objects.current()
    return forms.filter(grams__contains=pairs) if pairs else forms.none()


def _on(forms: QuerySet[SpatialUnitVersion]) -> "QuerySet[Any, Any]":
    """The units that stand on what has these forms."""
    return UnitGround.objects.filter(spatial_unit__in=forms.values("spatial_unit")).values("baunit")


def with_what_is_shown(rows: BAUnitQuerySet, *, on: date) -> BAUnitQuerySet:
    """The same with what a list shows of each: place, rights in force, form of the ground; four queries however many."""
    rights = Right.objects.current().as_of(on).select_related("party").order_by("pk")
    forms = SpatialUnitVersion.objects.current().filter(valid__upper_inf=True).defer("geometry", "grams")
    grounds = UnitGround.objects.select_related("spatial_unit").order_by("pk")
    return rows.select_related("division").prefetch_related(
        Prefetch("rights", queryset=rights, to_attr="rights_now"),
        Prefetch("grounds", queryset=grounds, to_attr="grounds_now"),
        Prefetch("grounds_now__spatial_unit__versions", queryset=forms, to_attr="forms_now"),
    )


def holders(unit: Any) -> list[str]:
    """Who uses a unit now, or who owns it where nobody does; the unit came ``with_what_is_shown``."""
    used = [row for row in unit.rights_now if row.kind in USE_RIGHTS] or unit.rights_now
    return list(dict.fromkeys(row.party.name for row in used))


def land_form(unit: Any) -> SpatialUnitVersion | None:
    """The form of the land of a unit now; the unit came ``with_what_is_shown``."""
    for ground in unit.grounds_now:
        if ground.spatial_unit.kind != GroundKind.BUILDING and ground.spatial_unit.forms_now:
            found: SpatialUnitVersion = ground.spatial_unit.forms_now[0]
            return found
    return None
