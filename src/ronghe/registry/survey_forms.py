"""What people type about surveys. Rules about it live in the services; here only its shape."""

from typing import Any

from django import forms

from ronghe.kernel.actors import Actor
from ronghe.kernel.parties.forms import day_field
from ronghe.kernel.spatial.forms import AXES, ENCODINGS

from .forms import division_code, division_field
from .models.units import UNIT_KINDS
from .queries.surveys import places, systems
from .rules.kinds import UnitKind
from .services import SurveyStatement, SurveyTold

_ACCEPT = ".geojson,.json,.gpkg,.zip,.dxf,.xlsx"


class SurveyFileForm(forms.Form):
    """A file of surveyed parcels, and what is stated of it."""

    file = forms.FileField(
        label="调查成果",
        help_text="Shapefile（同名文件打成一个 zip）、GeoPackage、GeoJSON、DXF，或带图形列的 XLSX；不超过 100 MB、20 万宗。",
        widget=forms.ClearableFileInput(attrs={"accept": _ACCEPT}),
    )
    table = forms.FileField(
        label="属性表",
        required=False,
        help_text="图形文件里没有权利人等属性时，另附 XLSX，按不动产单元号、宗地代码或地块编码对应",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )
    crs = forms.ChoiceField(label="坐标系", required=False)
    axes = forms.ChoiceField(label="坐标先后", choices=AXES, required=False)
    encoding = forms.ChoiceField(label="属性的文字编码", choices=ENCODINGS, required=False)
    admits_new = forms.BooleanField(
        label="登簿时登记新的权利人",
        required=False,
        help_text="勾选后，证件号没有登记过的权利人在登簿时一并登记；不勾选的作为错误",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["crs"].choices = [("", "按文件自己的说明"), *systems()]  # type: ignore[attr-defined]

    def stated(self) -> SurveyStatement:
        return SurveyStatement(**{name: self.cleaned_data[name] for name in ("crs", "axes", "encoding")})


class SurveyForm(SurveyFileForm):
    """A new batch: where, what, by whom, when; and its file."""

    division = division_field("村（或镇、区县）", "12 位代码，可从列表中选择；几个村一起的选镇或区县，每宗写村代码")
    kind = forms.ChoiceField(label="单元类别", choices=UNIT_KINDS, initial=UnitKind.HOMESTEAD.value)
    surveyor = forms.CharField(label="调查单位", max_length=80)
    surveyed_on = day_field("调查日期")
    method = forms.CharField(label="测量方法", max_length=60, required=False, help_text="如 GNSS RTK、全站仪、航测")
    field_order = ("division", "kind", "surveyor", "surveyed_on", "method", "file", "table", "admits_new")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_division(self) -> str:
        return division_code(self.cleaned_data["division"], within=places(self.actor))

    def told(self) -> SurveyTold:
        given = self.cleaned_data
        names = ("division", "surveyor", "surveyed_on", "method", "admits_new")
        return SurveyTold(kind=UnitKind(given["kind"]), **{name: given[name] for name in names})
