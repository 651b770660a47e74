"""Template tags that every page uses."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """One icon of the set, hidden from screen readers: the word beside it says the same."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("vendor/tabler/icons.svg"),
        name,
    )


@register.filter
def share(count: int, whole: int) -> int:
    """``count`` of ``whole`` as a percentage in whole numbers, for the length of a bar."""
    return round(100 * count / whole) if whole else 0
