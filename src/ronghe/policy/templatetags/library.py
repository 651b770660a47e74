"""Filters of the policy library."""

from django import template

register = template.Library()


@register.filter
def parts(value: str) -> list[str]:
    """The parts of a text that semicolons part."""
    return [part for part in str(value).split("；") if part]
