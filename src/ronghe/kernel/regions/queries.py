"""Reads of divisions and org units."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from .models import Division, GroupMember, OrgUnit


@dataclass(frozen=True, slots=True)
class Members:
    """单位组展开: the units and divisions that a group stands for."""

    units: tuple[OrgUnit, ...]
    divisions: tuple[Division, ...]


def units_named(name: str, *, division: str) -> QuerySet[OrgUnit]:
    """Units of the division whose name or alias is ``name``: 县文化旅游局 finds 县文化和旅游局."""
    return OrgUnit.objects.filter(Q(name=name) | Q(aliases__contains=[name]), division_id=division)


def members_of(group: OrgUnit) -> Members:
    """What a group stands for, groups inside it expanded; a unit that is no group stands for itself."""
    units: dict[int, OrgUnit] = {}
    divisions: dict[str, Division] = {}
    open_groups, seen = [group], {group.pk}
    if group.kind != OrgUnit.Kind.GROUP:
        return Members((group,), ())
    while open_groups:
        rows = GroupMember.objects.filter(group=open_groups.pop()).select_related("unit", "division").order_by("pk")
        for row in rows:
            if row.division is not None:
                divisions[row.division.code] = row.division
            elif row.unit is not None and row.unit.kind == OrgUnit.Kind.GROUP:
                if row.unit.pk not in seen:
                    seen.add(row.unit.pk)
                    open_groups.append(row.unit)
            elif row.unit is not None:
                units[row.unit.pk] = row.unit
    return Members(tuple(units.values()), tuple(divisions.values()))


def groups_with(unit: OrgUnit) -> QuerySet[OrgUnit]:
    """The groups that a unit, or the division that it governs, belongs to directly."""
    own = Q(members__unit=unit)
    if unit.kind == OrgUnit.Kind.GOVERNMENT:
        own |= Q(members__division=unit.division_id)
    return OrgUnit.objects.filter(own).distinct()


def lineage(code: str) -> list[Division]:
    """From the province down to the division itself: what a breadcrumb shows."""
    rows = Division.objects.filter(descendants__descendant_id=code, descendants__kind="administrative")
    return list(rows.order_by("-descendants__distance"))
