"""What people say of a trial: its table, and which parameters it tries otherwise."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from ronghe.policy import queries as policy
from ronghe.policy.rulebook import Given, InForce, Rule
from ronghe.policy.values import HINTS, Kind, typed

from . import demo

#: Kinds that are typed one member or line below the other.
_MANY = (Kind.SET, Kind.LIST, Kind.TABLE)
FILE, DEMO, KEPT = "file", "demo", "kept"


class TrialForm(forms.Form):
    """A new trial; every changed parameter may stay empty, which means: as in force."""

    subject = forms.CharField(
        label="为什么试算", max_length=120, required=False, help_text="例如：协议入市面积上限由 5 亩改为 8 亩"
    )
    source = forms.ChoiceField(label="表格从哪里来", widget=forms.RadioSelect)
    table = forms.FileField(label="表格文件", required=False, help_text="XLSX 或 CSV，第一行是列名")
    name_column = forms.CharField(
        label="作为行名的列", max_length=100, required=False, help_text="不填时用“名称”或“编号”一列"
    )
    keep_notes = forms.BooleanField(label="其余的列作为备注保留", required=False)

    def __init__(self, *args: Any, rule: Rule, given: Given, has_kept: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        assert isinstance(source, forms.ChoiceField)
        source.choices = [
            *([(KEPT, "用上次的表格")] if has_kept else []),
            (FILE, "上传文件"),
            *([(DEMO, f"用演示数据试试（{demo.ROWS:,} 行合成数据）")] if demo.has_table(rule) else []),
        ]
        source.initial = KEPT if has_kept else FILE
        self._parameters: dict[str, InForce] = {}
        for one in given.values():
            name = f"set-{one.id}"
            self.fields[name] = _change_field(one)
            self._parameters[name] = one

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("source") == FILE and not cleaned.get("table") and "table" not in self.errors:
            self.add_error("table", "请选择要上传的文件")
        return cleaned

    def changes(self) -> Mapping[str, list[str]]:
        """The changed parameters in their written form."""
        return {
            one.id: lines_of(one.kind, str(self.cleaned_data.get(name) or "")) for name, one in self._parameters.items()
        }

    def rows(self) -> Iterable[tuple[InForce, Any]]:
        """Each parameter with the field that changes it."""
        return [(one, self[name]) for name, one in self._parameters.items()]


def lines_of(kind: Kind, text: str) -> list[str]:
    """What was typed as the written form: a member or line each where the kind has many; tables as 名称: 数值."""
    if kind not in _MANY:
        return [text.strip()] if text.strip() else []
    return [typed(kind, line) for line in text.replace("、", "\n").splitlines() if line.strip()]


def _change_field(of: InForce) -> forms.Field:
    label = f"{of.title}改为"
    choices = policy.parameter(of.id).choices
    if of.kind is Kind.BOOLEAN:
        return forms.ChoiceField(label=label, required=False, choices=[("", "不改"), ("true", "是"), ("false", "否")])
    if of.kind is Kind.TEXT and choices:
        return forms.ChoiceField(label=label, required=False, choices=[("", "不改"), *((one, one) for one in choices)])
    hint = HINTS[of.kind] + (f"；可选：{'、'.join(choices)}" if choices else "")
    widget: forms.Widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": "不改"})
    if of.kind in _MANY:
        widget = forms.Textarea(attrs={"rows": 3, "placeholder": "不改"})
    elif of.kind is Kind.DATE:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.CharField(label=label, required=False, max_length=4000, widget=widget, help_text=hint)
