"""沿革图: which unit came of which, from left to right; a list of words beside it says the same."""

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from .models import BAUnit, Lineage

_WIDE, _HIGH, _GAP, _ROW = 190, 46, 74, 62


def lineage_picture(links: Sequence[Lineage], here: BAUnit) -> SafeString:
    """The descent as SVG: one column for each step, the unit that is looked at marked. Empty where there is none."""
    if not links:
        return SafeString("")
    units = {unit.pk: unit for link in links for unit in (link.before, link.after)}
    column = _columns(links)
    place: dict[int, tuple[int, int]] = {}
    filled: dict[int, int] = {}
    for pk in sorted(units, key=lambda pk: (column[pk], units[pk].code)):
        at = column[pk]
        place[pk] = (4 + at * (_WIDE + _GAP), 4 + filled.get(at, 0) * _ROW)
        filled[at] = filled.get(at, 0) + 1
    width = (max(column.values()) + 1) * (_WIDE + _GAP) - _GAP + 8
    height = max(filled.values()) * _ROW - (_ROW - _HIGH) + 8
    parts = [_line(place[link.before_id], place[link.after_id], link) for link in links]
    parts += [_box(*place[pk], unit, is_here=pk == here.pk) for pk, unit in units.items()]
    # Everything that stands in it is escaped.
    return mark_safe(
        f'<svg class="flow" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="沿革图">{"".join(parts)}</svg>'
    )


def _columns(links: Sequence[Lineage]) -> dict[int, int]:
    """How many steps lie before each unit, at most; links lead from earlier to later days, so there is no way around."""
    column = {pk: 0 for link in links for pk in (link.before_id, link.after_id)}
    for _ in range(len(column)):
        moved = False
        for link in links:
            if column[link.after_id] <= column[link.before_id]:
                column[link.after_id], moved = column[link.before_id] + 1, True
        if not moved:
            break
    return column


def _box(x: int, y: int, unit: BAUnit, *, is_here: bool) -> str:
    state = "here" if is_here else "passed" if unit.ended_on else "ahead"
    life = f"{unit.opened_on}" + (f" 至 {unit.ended_on}" if unit.ended_on else " 起")
    return (
        f'<rect class="flow-box flow-{state}" x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="6"/>'
        f'<text class="flow-name flow-{state}" x="{x + _WIDE / 2}" y="{y + 19}" text-anchor="middle">'
        f"{'● ' if is_here else ''}{escape(unit.code[12:])}</text>"
        f'<text class="flow-label flow-{state}" x="{x + _WIDE / 2}" y="{y + 37}" text-anchor="middle">{escape(life)}</text>'
    )


def _line(start: tuple[int, int], end: tuple[int, int], link: Lineage) -> str:
    x1, y1, x2, y2 = start[0] + _WIDE, start[1] + _HIGH / 2, end[0], end[1] + _HIGH / 2
    middle = (x1 + x2) / 2
    return (
        f'<path class="flow-way" d="M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"/>'
        f'<text class="flow-label" x="{middle}" y="{y2 - 6}" text-anchor="middle">{escape(link.get_kind_display())}</text>'
    )
