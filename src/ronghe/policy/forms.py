"""What people type in the policy library. Rules about it live in the services; here only its shape."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from .models import Parameter, SpecialDay, Zone
from .rulebook import Fact, Rule
from .rules import notices, periods
from .services.workdays import FIRST_YEAR, LAST_YEAR
from .values import HINTS, Kind

#: What separates the members of a set or list, and the lines of a table, when a person types them.
_LINES = "每行一个"


def _day_input() -> forms.DateInput:
    """A date field of the browser: it understands no other form than 2026-11-22."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class RulingPapersForm(forms.Form):
    """Of which kept rulings papers are issued."""

    zone = forms.ChoiceField(label="试验区")
    verdict = forms.ChoiceField(label="结论", required=False)
    text = forms.CharField(label="规则或事项", max_length=100, required=False, help_text="不填时为全部")

    def __init__(self, *args: Any, zones: Mapping[str, Zone], verdicts: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = [(slug, zone.short) for slug, zone in zones.items()]  # type: ignore[attr-defined]
        self.fields["verdict"].choices = [("", "全部"), *verdicts.items()]  # type: ignore[attr-defined]


class LocalValueForm(forms.Form):
    """A value that a zone has decided."""

    zone = forms.ChoiceField(label="试验区")
    starts = forms.DateField(label="自哪天起", widget=_day_input())
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
            field.widget = _day_input()
        elif parameter.choices:
            field.widget = forms.Select(choices=[(one, one) for one in parameter.choices])

    def clean_written(self) -> list[str]:
        text = str(self.cleaned_data["written"])
        return text.splitlines() if self.many else [text]


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
        return forms.CharField(label=label, required=False, widget=_day_input(), help_text=note)
    numeric = of.kind in (Kind.NUMBER, Kind.INTEGER)
    attrs = {"inputmode": "decimal", "autocomplete": "off"} if numeric else {"autocomplete": "off"}
    if of.kind in (Kind.SET, Kind.LIST):
        note = "几项之间用顿号隔开" + (f"；{note}" if note else "")
    return forms.CharField(
        label=label, required=False, max_length=400, widget=forms.TextInput(attrs=attrs), help_text=note
    )


class DueForm(forms.Form):
    """A period whose last day is wanted."""

    start = forms.DateField(label="起算日", widget=_day_input())
    days = forms.IntegerField(
        label="期间",
        min_value=1,
        max_value=periods.LONGEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    unit = forms.ChoiceField(
        label="单位",
        choices=[(periods.WORKING, "个工作日"), (periods.DAYS, "日"), (periods.MONTHS, "个月"), (periods.YEARS, "年")],
    )


class SpecialDayForm(forms.Form):
    """One day of the working-day calendar."""

    day = forms.DateField(label="日期", widget=_day_input())
    kind = forms.ChoiceField(label="安排", choices=SpecialDay.Kind.choices)
    name = forms.CharField(label="节日", max_length=40, required=False, help_text="例如：国庆节")
    source = forms.CharField(label="来源", max_length=200, help_text="通知的名称或文号")


class WorkyearForm(forms.Form):
    """The arrangement of a year, as its notice states it."""

    year = forms.IntegerField(
        label="年份",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    notice = forms.CharField(
        label="放假安排",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text="粘贴通知中各节日的段落，每个节日一行，如：劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。",
    )
    source = forms.CharField(label="来源", max_length=200, help_text="通知的名称或文号")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "year" in given and "notice" in given:
            try:
                given["days"] = notices.read_notice(given["notice"], given["year"])
            except notices.NoticeUnreadable as error:
                self.add_error(
                    "notice", f"这一处读不懂：“{error}”。请写成“节日：几月几日至几日放假。几月几日上班。”的样子。"
                )
        return given
