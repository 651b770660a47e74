"""What people type about tasks, sheets. Rules about it live in the services; here only its shape."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import FileField

from ronghe.kernel.regions.models import Division, OrgUnit

from .models import Node, Task

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(FileField):
    """Several files at once."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not given:
            raise ValidationError("请选择至少一个文件")
        return [super(FilesField, self).clean(one, initial) for one in given]


class ReportForm(forms.Form):
    """上报进展."""

    on = forms.DateField(label="截至日期", widget=_DAY)
    percent = forms.IntegerField(label="本单位完成进度（%）", min_value=0, max_value=100)
    text = forms.CharField(
        label="进展", widget=forms.Textarea(attrs={"rows": 5}), max_length=4000, help_text="做了什么，形成了什么成果"
    )
    trouble = forms.CharField(
        label="存在问题", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False
    )
    needs_help = forms.BooleanField(label="需要专班协调，提请联席会议研究", required=False)
    is_stage_result = forms.BooleanField(label="取得阶段性成效", required=False)
    node = forms.TypedChoiceField(label="完成的节点", coerce=int, empty_value=None, required=False)
    evidence = FilesField(label="佐证", required=False, help_text="PDF、图片、Word、Excel，可选多个，每个不超过 20 MB")

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nodes = Node.objects.filter(task=task, reached_on=None).order_by("order")
        self.fields["node"].choices = [("", "没有"), *((n.pk, f"{n.due} {n.text}") for n in nodes)]  # type: ignore[attr-defined]
        if not nodes:
            del self.fields["node"]


class CloseForm(forms.Form):
    """申请办结."""

    statement = forms.CharField(
        label="完成情况", widget=forms.Textarea(attrs={"rows": 6}), max_length=2000, help_text="对照任务逐条说明"
    )
    evidence = FilesField(label="佐证", help_text="印发的文件、验收单、照片等，可选多个，每个不超过 20 MB")


class ExtendForm(forms.Form):
    """申请延期."""

    until = forms.DateField(label="申请延至", widget=_DAY)
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class DivideForm(forms.Form):
    """分解子任务."""

    title = forms.CharField(label="子任务", max_length=200)
    units = forms.ModelMultipleChoiceField(
        label="责任单位", queryset=OrgUnit.objects.none(), widget=forms.SelectMultiple(attrs={"size": 10})
    )
    due = forms.DateField(label="完成期限", widget=_DAY)
    areas = forms.ModelMultipleChoiceField(
        label="区域", queryset=Division.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        divisions = task.zone.divisions.all()
        below = Division.objects.filter(pk__in=divisions)
        inside = OrgUnit.objects.filter(division__in=[task.division_id, *divisions.values_list("pk", flat=True)])
        self.fields["units"].queryset = inside.exclude(kind="group").order_by("division", "pinyin")  # type: ignore[attr-defined]
        self.fields["units"].label_from_instance = lambda u: f"{u.name}（{u.division.name}）"  # type: ignore[attr-defined]
        self.fields["areas"].queryset = below.order_by("is_local", "code")  # type: ignore[attr-defined]
        if task.due:
            self.fields["due"].help_text = f"不晚于上级任务期限 {task.due}"


class NodeForm(forms.Form):
    """增加节点."""

    due = forms.DateField(label="计划日期", widget=_DAY)
    text = forms.CharField(label="目标", max_length=200)


class StopForm(forms.Form):
    """中止 and 恢复."""

    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}), max_length=400)


class SheetForm(forms.Form):
    """签发督办单."""

    unit = forms.TypedChoiceField(label="被督办单位", coerce=int)
    rank = forms.TypedChoiceField(label="级别", coerce=int)
    matter = forms.CharField(label="督办事由", widget=forms.Textarea(attrs={"rows": 3}), max_length=400)
    demand = forms.CharField(label="督办要求", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)

    def __init__(self, *args: Any, units: list[tuple[int, str]], ladder: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["rank"].choices = [(n, f"第 {n} 级（{c}色）") for n, c in enumerate(ladder, start=1)]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """回复督办."""

    answer = forms.CharField(label="回复", widget=forms.Textarea(attrs={"rows": 5}), max_length=4000)


class OutcomeForm(forms.Form):
    """办结督办."""

    outcome = forms.CharField(label="办结意见", widget=forms.Textarea(attrs={"rows": 3}), max_length=400)
