"""What people type to have an outline held against lines and plans. Rules about it live elsewhere; here only its shape."""

from typing import Any

from django import forms

from ronghe.kernel.actors import Actor

from .forms import division_code, division_field
from .models.units import UNIT_KINDS
from .queries.surveys import places, systems
from .surveying.given_outline import MOST_CHARACTERS

#: A file of one outline is short.
MOST_BYTES = 2_000_000


class LineCheckForm(forms.Form):
    """A unit of the register, or an outline and where it lies; and what it is meant for."""

    unit = forms.CharField(
        label="不动产单元代码", max_length=60, required=False, help_text="核对登记簿上的单元时填，28 位"
    )
    kind = forms.ChoiceField(
        label="拟用作", choices=[("", "按单元现在的类别"), *UNIT_KINDS], required=False, help_text="给出图形时必选"
    )
    outline = forms.CharField(
        label="图形", max_length=MOST_CHARACTERS, required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="没有登记的地块：粘贴 GeoJSON、WKT，或界址点（每行一个“经度,纬度”，前面可以有点号）",
    )  # fmt: skip
    file = forms.FileField(
        label="图形文件", required=False, help_text="上面不粘贴时选一个：GeoJSON、WKT 或界址点的文本文件，不超过 2 MB",
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json,.wkt,.txt,.csv"}),
    )  # fmt: skip
    crs = forms.ChoiceField(label="坐标系", required=False)
    division = division_field("所在区划", "给出图形时填：12 位代码，可从列表中选择")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["crs"].choices = systems()  # type: ignore[attr-defined]
        self.fields["division"].required = False

    def clean_division(self) -> str:
        written = str(self.cleaned_data["division"])
        return division_code(written, within=places(self.actor)) if written.strip() else ""

    def clean_file(self) -> str:
        """The text of the file; empty without one."""
        given = self.cleaned_data["file"]
        if given is None:
            return ""
        if given.size > MOST_BYTES:
            raise forms.ValidationError("文件超过 2 MB；整批的图形请用权籍调查导入。")
        try:
            return str(given.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError("文件不是 UTF-8 文本；请导出为 GeoJSON 或 WKT。") from None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["text"] = given.get("outline", "").strip() or given.get("file", "")
        if self.errors:
            return given
        if bool(given["unit"].strip()) == bool(given["text"].strip()):
            raise forms.ValidationError("填不动产单元代码，或者给出图形：两者给一样。")
        if given["text"]:
            if not given["kind"]:
                self.add_error("kind", "给出图形的，选拟用作哪一类。")
            if not given["division"]:
                self.add_error("division", "给出图形的，填它所在的区划。")
        return given
