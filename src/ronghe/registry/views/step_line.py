"""阶梯线: a count by day, summed up. The table beside it says the same."""

from collections.abc import Sequence
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_WIDE, _HIGH, _LEFT, _TOP = 640, 200, 8, 16


def step_line(
    days: Sequence[tuple[date, int]], whole: int, told: str, *, aim: tuple[float, str] | None = None
) -> SafeString:
    """From nought to the whole by day; nothing where there is no line to draw.

    Args: ``days`` with what had been reached by the end of each, in order; ``told`` says what the line is; ``aim`` is drawn
        across at its height, with its words.
    """
    if len(days) < 2 or not whole:
        return SafeString("")
    first, last = days[0][0], days[-1][0]
    span = max((last - first).days, 1)

    def x(day: date) -> float:
        return _LEFT + (_WIDE - 2 * _LEFT) * (day - first).days / span

    def y(count: float) -> float:
        return _TOP + _HIGH * (1 - count / whole)

    path = f"M{x(first):.1f} {y(0):.1f}" + "".join(f"H{x(day):.1f}V{y(total):.1f}" for day, total in days)
    across = SafeString("")
    if aim is not None:
        at = y(aim[0])
        across = format_html(
            '<line class="aim" x1="{}" x2="{}" y1="{}" y2="{}"/><text x="{}" y="{}">{}</text>',
            _LEFT, _WIDE - _LEFT, f"{at:.1f}", f"{at:.1f}", _LEFT, round(at - 5, 1), aim[1],
        )  # fmt: skip
    base = f'<line class="base" x1="{_LEFT}" x2="{_WIDE - _LEFT}" y1="{y(0):.1f}" y2="{y(0):.1f}"/>'
    words = (
        f'<text x="{_LEFT}" y="{y(0) + 18:.1f}">{first}</text>'
        f'<text x="{_WIDE - _LEFT}" y="{y(0) + 18:.1f}" text-anchor="end">{last}</text>'
    )
    # Numbers and days alone stand in the rest.
    return format_html(
        '<svg class="step-line" viewBox="0 0 {} {}" role="img" aria-label="{}">{}<path class="step" d="{}"/>{}{}</svg>',
        _WIDE, _HIGH + _TOP + 28, told, mark_safe(base), path, across, mark_safe(words),
    )  # fmt: skip
