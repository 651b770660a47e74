"""What several forms of the room ask for in one way: a division within one's reach."""

from django import forms
from django.db.models import QuerySet

from ronghe.kernel.regions.models import Division


def division_field(label: str, help_text: str) -> forms.CharField:
    """A division by its code; the page lists those that may be chosen."""
    return forms.CharField(
        label=label, max_length=60, help_text=help_text,
        widget=forms.TextInput(attrs={"list": "divisions", "autocomplete": "off"}),
    )  # fmt: skip


def division_code(text: str, *, within: QuerySet[Division]) -> str:
    """The code that was typed, or chosen with its name behind it. Raises: ValidationError for one that is out of reach."""
    code = (text.split() or [""])[0]
    if not within.filter(code=code).exists():
        raise forms.ValidationError(f"您管理的范围内没有区划“{code}”，请从列表中选择。")
    return code
