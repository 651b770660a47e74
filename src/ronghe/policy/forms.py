"""What people type in the policy library. Rules about it live in the services; here only its shape."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from .models import Parameter, Zone
from .rulebook import Fact, Rule
from .values import HINTS, Kind

#: What separates the members of a set or list, and the lines of a table, when a person types them.
_LINES = "每行一个"


class LocalValueForm(forms.Form):
    """A value that a zone has decided."""

    zone = forms.ChoiceField(label="试验区")
    starts = forms.DateField(label="自哪天起", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    written = forms.CharField(label="值", max_length=4000)
    source = forms.CharField(
        label="来源", max_length=200, help_text="定值的文件名、文号或会议，例如：区政府常务会议纪要〔2026〕3号"
    )

    def __init__(self, *args: Any, parameter: Parameter, zones: Sequence[Zone], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = Kind(parameter.kind)
        chooser = self.fields["zone"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = [(zone.slug, zone.title) for zone in zones]
        self.many = kind in (Kind.SET, Kind.LIST, Kind.TABLE)
        field = self.fields["written"]
        hint = HINTS[kind] + (f"，单位：{parameter.unit}" if parameter.unit else "")
        if parameter.choices:
            hint += f"；可选：{'、'.join(parameter.choices)}"
        field.help_text = f"{hint}；{_LINES}" if self.many else hint
        if self.many:
            field.widget = forms.Textarea(attrs={"rows": 4})
        elif kind is Kind.BOOLEAN:
            field.widget = forms.Select(choices=[("true", "是"), ("false", "否")])
        elif kind is Kind.DATE:
            field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        elif parameter.choices:
            field.widget = forms.Select(choices=[(one, one) for one in parameter.choices])

    def clean_written(self) -> list[str]:
        text = str(self.cleaned_data["written"])
        lines = [line.strip() for line in text.splitlines() if line.strip()] if self.many else [text.strip()]
        # A table is typed as 工业: 50.
        return [line.replace("：", "=").replace(": ", "=").replace(":", "=") for line in lines] if self.many else lines


class FactsForm(forms.Form):
    """The facts of one rule: every field may stay empty, which means that the fact is not known."""

    def __init__(self, data: Mapping[str, Any] | None, *, rule: Rule) -> None:
        super().__init__(data, prefix="f", auto_id="f-%s")
        for one in rule.facts:
            self.fields[one.name] = _field(one)

    def stated(self) -> dict[str, Any]:
        """The facts that were filled in."""
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None, [])}


def _field(of: Fact) -> forms.Field:
    label = f"{of.meaning}（{of.unit}）" if of.unit else of.meaning
    note = "" if of.required else "视情况"
    if of.kind is Kind.BOOLEAN:
        unknown = [("", "不知道"), ("true", "是"), ("false", "否")]
        return forms.ChoiceField(label=label, required=False, choices=unknown, help_text=note)
    if of.kind is Kind.TEXT and of.choices:
        choices = [("", "不知道"), *((one, one) for one in of.choices)]
        return forms.ChoiceField(label=label, required=False, choices=choices, help_text=note)
    if of.kind in (Kind.SET, Kind.LIST) and of.choices:
        return forms.MultipleChoiceField(
            label=label,
            required=False,
            choices=[(one, one) for one in of.choices],
            widget=forms.CheckboxSelectMultiple,
            help_text=note,
        )
    if of.kind is Kind.DATE:
        return forms.CharField(
            label=label,
            required=False,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            help_text=note,
        )
    numeric = of.kind in (Kind.NUMBER, Kind.INTEGER)
    attrs = {"inputmode": "decimal", "autocomplete": "off"} if numeric else {"autocomplete": "off"}
    if of.kind in (Kind.SET, Kind.LIST):
        note = "几项之间用顿号隔开" + (f"；{note}" if note else "")
    return forms.CharField(
        label=label, required=False, max_length=400, widget=forms.TextInput(attrs=attrs), help_text=note
    )
