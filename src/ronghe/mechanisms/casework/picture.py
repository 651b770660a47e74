"""流程图: the picture of a procedure, drawn from its declaration; a list of words beside it says the same."""

from html import escape

from django.utils.safestring import SafeString, mark_safe

from .declared import ENDS, Outcome, Procedure

_WIDE, _HIGH, _GAP, _TOP, _LANE = 104, 44, 46, 26, 20


def picture(procedure: Procedure, *, here: str = "", passed: frozenset[str] = frozenset()) -> SafeString:
    """The procedure as SVG: steps from left to right, the present one marked, ways back above, ways out below.

    Args: ``here`` is the key of the step or end in which a case is, ``passed`` those that it has left behind.
    """
    ends = [end for end in ENDS if any(to == end for _, _, to in procedure.edges())]
    places = [*(step.key for step in procedure.steps), "done"]
    at = {key: n for n, key in enumerate(places)}
    back, out = _jumps(procedure, at)
    top = _TOP + _LANE * len(back)
    width = len(places) * (_WIDE + _GAP) - _GAP + 8
    height = top + _HIGH + (34 + _LANE * len(out) if out else 8)
    parts = [_arrow_head(procedure.key)]
    for step in procedure.steps:
        for action in step.actions:
            if action.to in at and at[action.to] == at[step.key] + 1:
                parts.append(_straight(at[step.key], top, action.label, procedure.key))
    parts += [_arc(at[s], at[t], top, lane, label, procedure.key) for lane, (s, t, label) in enumerate(back)]
    parts += [_way_out(at[s], top, n, label) for n, (s, label) in enumerate(out)]
    for key in places:
        state = "here" if key == here else "passed" if key in passed else "ahead"
        parts.append(_box(at[key], top, procedure.title_of(key), state, is_end=key in ends))
    title = escape(f"{procedure.title}流程图" + (f"，现在：{procedure.title_of(here)}" if here else ""))
    # Everything that stands in it is escaped above.
    return mark_safe(
        f'<svg class="flow" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{title}">{"".join(parts)}</svg>'
    )


def _jumps(procedure: Procedure, at: dict[str, int]) -> tuple[list[tuple[str, str, str]], list[tuple[str, str]]]:
    """Ways that do not lead to the next place: back or over (from, to, label), and out (from, label)."""
    back, out = [], []
    for step in procedure.steps:
        for action in step.actions:
            if action.outcome is Outcome.REFUSE or action.to not in at:
                out.append((step.key, f"{action.label} → {procedure.title_of(action.to)}"))
            elif at[action.to] != at[step.key] + 1:
                back.append((step.key, action.to, action.label))
    return back, out


def _x(place: int) -> int:
    return 4 + place * (_WIDE + _GAP)


def _box(place: int, top: int, title: str, state: str, *, is_end: bool) -> str:
    x, radius = _x(place), _HIGH // 2 if is_end else 6
    mark = "●" if state == "here" else "✓" if state == "passed" else ""
    return (
        f'<rect class="flow-box flow-{state}" x="{x}" y="{top}" width="{_WIDE}" height="{_HIGH}" rx="{radius}"/>'
        f'<text class="flow-name flow-{state}" x="{x + _WIDE / 2}" y="{top + _HIGH / 2 + 5}" text-anchor="middle">'
        f"{mark}{escape(title[:7])}</text>"
    )


def _arrow_head(key: str) -> str:
    return (
        f'<defs><marker id="{_mark(key)}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path class="flow-head" d="M0 0 8 4 0 8z"/></marker></defs>'
    )


def _mark(key: str) -> str:
    return "flow-" + "".join(c if c.isalnum() else "-" for c in key)


def _straight(place: int, top: int, label: str, key: str) -> str:
    x, y = _x(place) + _WIDE, top + _HIGH / 2
    return f'<path class="flow-way" d="M{x} {y}H{x + _GAP}" marker-end="url(#{_mark(key)})"><title>{escape(label)}</title></path>'


def _arc(start: int, end: int, top: int, lane: int, label: str, key: str) -> str:
    x1, x2, y = _x(start) + _WIDE * 0.4, _x(end) + _WIDE * 0.6, top - 12 - lane * _LANE
    return (
        f'<path class="flow-way" d="M{x1} {top}V{y}H{x2}V{top}" marker-end="url(#{_mark(key)})"/>'
        f'<text class="flow-label" x="{(x1 + x2) / 2}" y="{y - 3}" text-anchor="middle">{escape(label)}</text>'
    )


def _way_out(place: int, top: int, lane: int, label: str) -> str:
    x, y = _x(place) + _WIDE / 2, top + _HIGH + 22 + lane * _LANE
    return (
        f'<path class="flow-way" d="M{x} {top + _HIGH}V{y}h8"/>'
        f'<text class="flow-label" x="{x + 12}" y="{y + 4}">{escape(label)}</text>'
    )
