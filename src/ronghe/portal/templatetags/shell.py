"""Template tags that every page uses: icons, states, figures, days."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ronghe.kernel.clock import legal_day
from ronghe.kernel.pages.record import TONE_ICONS

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One icon of the set. Without a label it stands beside a word that says the same, hidden from screen readers."""
    href = f"{static('vendor/tabler/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', href)


@register.simple_tag
def state(label: str, tone: str = "plain") -> SafeString:
    """A state: icon, word and colour say the same."""
    drawing = icon(TONE_ICONS.get(tone, "info-circle"))  # type: ignore[call-overload]
    return format_html('<span class="state state-{}">{}{}</span>', tone, drawing, label)


@register.filter
def day(value: date | datetime | None) -> str:
    """``2026-11-22``: a date, or the Beijing day of an instant."""
    if value is None:
        return ""
    return legal_day(value).isoformat() if isinstance(value, datetime) else value.isoformat()


@register.filter
def figure(value: Any) -> str:
    """``1,234,567``: a number with its groups; anything else as it is."""
    return f"{value:,}" if isinstance(value, int | float | Decimal) else str("" if value is None else value)


@register.filter
def share(count: int, whole: int) -> int:
    """``count`` of ``whole`` as a percentage in whole numbers, for the length of a bar."""
    return round(100 * count / whole) if whole else 0
