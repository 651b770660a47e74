"""Tags and filters of the pages: icons, figures, days, links that keep the address."""

from datetime import date, datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ronghe.kernel.clock import legal_day
from ronghe.kernel.pages.record import TONE_ICONS

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", extra: str = "") -> SafeString:
    """A drawing of the sprite; without a label it is decoration beside a word, and hidden from screen readers."""
    href = f"{static('vendor/tabler/icons.svg')}#{name}"
    classes = f"icon {extra}".strip()
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', classes, label, href)
    return format_html('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"/></svg>', classes, href)


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
    """``1,234,567``: a whole number with groups."""
    return f"{value:,}" if isinstance(value, int | float) else str(value or "")


@register.filter
def percent_of(value: int, whole: int) -> int:
    """The share of ``value`` in ``whole`` in whole percent, rounded up so that something is never nothing."""
    return -(-100 * value // whole) if whole else 0
