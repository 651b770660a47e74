"""What people type about layers. Rules about it live in the services; here only its shape."""

import json
from typing import Any

from django import forms
from django.apps import apps

from ronghe.kernel.actors import Actor

from .checking import CODE_FIELDS, NAME_FIELDS
from .models import Analysis, Layer, LayerImport
from .services import LayerTold, Statement

#: Words that stand in addresses of this room itself.
RESERVED = frozenset({"new", "analyses"})


def divisions_below(actor: Actor) -> Any:
    """The divisions in which the actor may make a layer, for a list to choose from."""
    closure = apps.get_model("regions", "DivisionClosure").objects.filter(ancestor_id=actor.division)
    rows = apps.get_model("regions", "Division").objects.filter(code__in=closure.values("descendant_id"))
    return rows.exclude(level="village").select_related("parent").order_by("code")


class LayerForm(forms.Form):
    """What a layer says of itself."""

    title = forms.CharField(label="名称", max_length=60)
    slug = forms.SlugField(
        label="标识", max_length=40, help_text="用在地址里：小写字母、数字和连字符，如 gaoqing-parcels-2026"
    )
    division = forms.CharField(
        label="所属区划",
        max_length=60,
        widget=forms.TextInput(attrs={"list": "divisions", "autocomplete": "off"}),
        help_text="12 位代码，可从列表中选择",
    )
    kind = forms.ChoiceField(label="类别", choices=Layer.Kind.choices)
    source = forms.CharField(label="来源", max_length=400, required=False, help_text="谁测绘或划定，依据什么文件")
    note = forms.CharField(label="说明", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    shared_below = forms.BooleanField(label="下级岗位也能查看", required=False)
    public = forms.BooleanField(label="向公众公开", required=False)

    def __init__(self, *args: Any, actor: Actor, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        if not is_new:
            del self.fields["slug"], self.fields["division"]

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if slug in RESERVED:
            raise forms.ValidationError(f"“{slug}”是平台自己的地址，请换一个标识。")
        return slug

    def clean_division(self) -> str:
        code = str(self.cleaned_data["division"]).split()[0]
        if not divisions_below(self.actor).filter(code=code).exists():
            raise forms.ValidationError(f"您管理的范围内没有区划“{code}”，请从列表中选择。")
        return code

    def told(self) -> LayerTold:
        given = self.cleaned_data
        names = ("title", "kind", "source", "note", "public", "shared_below")
        return LayerTold(**{name: given[name] for name in names})


ENCODINGS = [("", "按文件自己的说明；没有说明时按 GBK"), ("UTF-8", "UTF-8"), ("GBK", "GBK（GB 2312、GB 18030）")]
AXES = [("", "按文件；像是颠倒时再问"), ("xy", "横坐标（经度、东）在前"), ("yx", "纵坐标（纬度、北）在前")]
OUTSIDE = [("refuse", "作为错误，整份不导入"), ("warn", "只提示")]


class UploadForm(forms.Form):
    """A file, and what is stated of it."""

    file = forms.FileField(
        label="文件",
        help_text="GeoJSON、GeoPackage、Shapefile（同名文件打成一个 zip）或 DXF，不超过 100 MB、20 万个要素。",
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json,.gpkg,.zip,.dxf"}),
    )
    mode = forms.ChoiceField(
        label="导入方式", choices=LayerImport.Mode.choices, widget=forms.RadioSelect, initial="merge"
    )
    crs = forms.ChoiceField(label="坐标系", required=False)
    outside = forms.ChoiceField(label="超出本区划范围的要素", choices=OUTSIDE)
    axes = forms.ChoiceField(label="坐标先后", choices=AXES, required=False)
    encoding = forms.ChoiceField(label="属性的文字编码", choices=ENCODINGS, required=False)
    code_field = forms.CharField(
        label="代码字段",
        max_length=60,
        required=False,
        help_text=f"不填时找 {'、'.join(CODE_FIELDS[:6])} 等；都没有时按顺序编号",
    )
    name_field = forms.CharField(
        label="名称字段", max_length=60, required=False, help_text=f"不填时找 {'、'.join(NAME_FIELDS[:4])} 等"
    )

    def __init__(self, *args: Any, systems: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["crs"].choices = [("", "按文件自己的说明"), *systems]  # type: ignore[attr-defined]

    def stated(self) -> Statement:
        names = ("crs", "outside", "axes", "encoding", "code_field", "name_field")
        return Statement(**{name: self.cleaned_data[name] for name in names})


class AnswerForm(forms.Form):
    """The answer to what an import asks: one field, by the question."""

    def __init__(
        self, *args: Any, question: str, found: dict[str, Any], systems: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, str]]
        if question == "part":
            choices, label = [(part, part) for part in found.get("parts", [])], "导入哪一个图层"
        elif question == "axes":
            choices, label = [("yx", "是，纵坐标（纬度）在前，请对调"), ("xy", "不是，保持原样")], "坐标的先后"
        elif question == "datum":
            choices, label = [("as_is", "我声明按原坐标直接使用，只作示意")], "没有转换参数"
        else:
            choices, label = systems, "实际的坐标系"
        guess = found.get("guess") or None
        name = {"part": "part", "axes": "axes", "datum": "datum"}.get(question, "crs")
        few = len(choices) < 8
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, initial=guess if name == "crs" else None,
            widget=forms.RadioSelect if few else forms.Select,
        )  # fmt: skip


class AnalysisForm(forms.Form):
    """What is asked of a layer."""

    kind = forms.ChoiceField(label="种类", choices=Analysis.Kind.choices, widget=forms.RadioSelect)
    other = forms.ChoiceField(
        label="另一图层", required=False, help_text="叠加分析必选；拓扑检查时是应当铺满的上级范围，可不选"
    )
    tolerance_m2 = forms.DecimalField(
        label="面积容差（平方米）",
        min_value=0,
        max_value=10**6,
        decimal_places=2,
        initial=1,
        help_text="不大于它的不计",
    )
    width_m = forms.DecimalField(
        label="狭长宽度（米）", min_value=0, max_value=1000, decimal_places=3, initial="0.05",
        help_text="平均宽度不大于它的不计：测量误差造成的细缝",
    )  # fmt: skip

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [("", "不选"), *others]  # type: ignore[attr-defined]


class OverlayForm(forms.Form):
    """A geometry to lay upon a layer."""

    geometry = forms.CharField(
        label="图形（GeoJSON）",
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="Polygon、MultiPolygon，或含有它的 Feature；经度在前、纬度在后",
    )
    crs = forms.ChoiceField(
        label="坐标系", choices=[("CGCS2000", "CGCS2000"), ("WGS84", "WGS-84"), ("GCJ-02", "GCJ-02（网络地图）")]
    )

    def clean_geometry(self) -> dict[str, Any]:
        try:
            told = json.loads(self.cleaned_data["geometry"])
        except (ValueError, RecursionError):
            raise forms.ValidationError("不是 GeoJSON：请检查括号和引号是否成对。") from None
        if isinstance(told, dict) and told.get("type") == "FeatureCollection":
            told = (told.get("features") or [None])[0]
        if isinstance(told, dict) and told.get("type") == "Feature":
            told = told.get("geometry")
        if not isinstance(told, dict):
            raise forms.ValidationError("没有找到图形：应当是 Polygon、MultiPolygon，或含有它的 Feature。")
        return told
