"""The form of a record, made from the declaration; what is wrong is said by the same checks as in imports."""

from collections.abc import Mapping
from typing import Any

from django import forms

from .declared import Field, Kind, Roster
from .models import Record
from .services.records import plain
from .values import Places

#: Where so many divisions may be chosen they are listed; where there are more one types.
MOST_LISTED = 400


class RecordForm(forms.Form):
    """One field each; secrets are given anew or stay as they are."""

    def __init__(self, roster: Roster, places: Places, *args: Any, found: Record | None = None, **given: Any) -> None:
        super().__init__(*args, **given)
        self.roster = roster
        for one in roster.fields:
            self.fields[one.name] = _field(one, places, found)
            if found is not None and not one.secret:
                self.initial[one.name] = getattr(found, one.attribute)

    def given(self, found: Record | None) -> Mapping[str, Any]:
        """What was typed; a secret that was left empty stays as it is."""
        told = {one.name: self.data.get(one.name, "") for one in self.roster.fields}
        for one in self.roster.fields:
            if one.kind is Kind.FLAG:
                told[one.name] = self.data.get(one.name) or ""
            if one.secret and found is not None and not told[one.name]:
                told[one.name] = plain(self.roster, found, one) or ""
        return told


def _field(one: Field, places: Places, found: Record | None) -> forms.Field:
    label = f"{one.label}（{one.unit}）" if one.unit else one.label
    kept = one.secret and found is not None and getattr(found, one.name)
    hint = f"现为 {getattr(found, one.name)}；不改就留空。{one.hint}" if kept else one.hint
    given: dict[str, Any] = {"label": label, "required": one.required and not kept, "help_text": hint}
    if one.kind is Kind.CHOICE:
        return forms.ChoiceField(choices=[("", "请选择"), *one.choices], **given)
    if one.kind is Kind.FLAG:
        return forms.ChoiceField(choices=[("", "请选择"), ("是", "是"), ("否", "否")], **given)
    if one.kind is Kind.ZONE:
        return forms.ChoiceField(choices=[("", "请选择"), *places.zones.items()], **given)
    if one.kind is Kind.DIVISION:
        listed = [(code, name) for code, name in sorted(places.codes.items()) if code.endswith("000")]
        if len(listed) <= MOST_LISTED:
            return forms.ChoiceField(choices=[("", "请选择"), *listed], **given)
        return forms.CharField(max_length=60, **given)
    if one.kind is Kind.DATE:
        return forms.CharField(max_length=20, widget=forms.DateInput(attrs={"type": "date"}), **given)
    if one.kind is Kind.LONG_TEXT:
        return forms.CharField(max_length=one.limit, widget=forms.Textarea(attrs={"rows": 4}), **given)
    return forms.CharField(max_length=one.limit, **given)
