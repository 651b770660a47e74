"""What people type about 集体收益分配权. Rules about it live in the services; here only its shape."""

from collections.abc import Sequence
from typing import Any

from django import forms

from ronghe.kernel.parties.forms import day_field

from .rules.income import CAUSE_TITLES, CAUSES_OF, IncomeCause, IncomeMatter, hundredths
from .services import IncomeChange, IncomeOrigin


class SharesField(forms.CharField):
    """A number of 份 with two decimals at most; cleaned into hundredths."""

    def __init__(self, **given: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **given)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return hundredths(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class OriginForm(forms.Form):
    """来源材料."""

    source_title = forms.CharField(label="来源材料", max_length=160)
    source_number = forms.CharField(label="文号或编号", max_length=60, required=False)
    source_issued_on = day_field("形成日期")

    def origin(self) -> IncomeOrigin:
        given = self.cleaned_data
        return IncomeOrigin(given["source_title"], given["source_issued_on"], given["source_number"])


class FirstForm(OriginForm):
    """开办首次登记: from which day the roll is counted, how many shares there are."""

    counted_on = day_field("统计基准日", help_text="按这一天的成员名册，把在世成员分户统计。")
    total = SharesField(label="总份数", required=False, help_text="决议确定的总份数；不填的按每人份数算出。")
    per_member = SharesField(
        label="每名成员的份数",
        required=False,
        help_text="不填的，把总份数按在世成员人数分到各户，除不尽的零头分到百分之一份，合计不多不少。",
    )
    management = forms.ChoiceField(
        label="管理方式",
        choices=[("static", "静态管理：增人不增份，减人不减份"), ("dynamic", "动态管理：按章程随人口调整")],
    )
    field_order = (
        "source_title", "source_number", "source_issued_on", "counted_on", "total", "per_member", "management",
    )  # fmt: skip

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["source_title"].label = "成员大会决议的名称"
        self.fields["source_issued_on"].label = "决议日期"


class ChangeForm(OriginForm):
    """转移、退出或注销一户的份额."""

    cause = forms.ChoiceField(label="登记原因")
    shares = SharesField(label="份额", help_text="部分转移、退出的填这一部分，其余仍登记在本户名下。")
    taker = forms.ChoiceField(label="取得一方", required=False, help_text="继承、户内分割、赠与、转让的必须选择。")
    other = forms.IntegerField(
        label="其他取得人的编号", required=False, min_value=1, max_value=2**53,
        help_text="取得人不在上面的，填“权利人”里的编号；不是本集体农户的，只有继承可以登记。",
    )  # fmt: skip
    holder_applies = forms.BooleanField(
        label="由本户书面申请", required=False, help_text="赠与、转让、分割、退出、放弃必须由本户申请。"
    )
    heir = forms.ChoiceField(
        label="章程规定或成员大会同意由非本集体成员继承", required=False,
        choices=[("", "不涉及或还不清楚"), ("yes", "是"), ("no", "否")],
    )  # fmt: skip
    field_order = (
        "cause", "shares", "taker", "other", "holder_applies", "heir", "source_title", "source_number",
        "source_issued_on",
    )  # fmt: skip

    def __init__(self, *args: Any, takers: Sequence[tuple[int, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        groups = [
            (matter.title, [(one.value, CAUSE_TITLES[one]) for one in CAUSES_OF[matter]])
            for matter in (IncomeMatter.TRANSFER, IncomeMatter.CANCEL)
        ]
        self.fields["cause"].choices = [("", "请选择"), *groups]  # type: ignore[attr-defined]
        offered = [(str(pk), f"{name}（编号 {pk}）") for pk, name in takers]
        self.fields["taker"].choices = [("", "没有取得一方，或在下面填编号"), *offered]  # type: ignore[attr-defined]

    def change(self) -> IncomeChange:
        given = self.cleaned_data
        taker = given["other"] or (int(given["taker"]) if given["taker"] else None)
        return IncomeChange(
            cause=IncomeCause(given["cause"]), shares_hundredths=given["shares"] or 0, taker_id=taker,
            holder_applies=given["holder_applies"], charter_allows_heir={"yes": True, "no": False}.get(given["heir"]),
        )  # fmt: skip


class TableForm(forms.Form):
    """上传清单."""

    file = forms.FileField(
        label="清单（XLSX）", widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text="先下载清单，填好“份额”一列再上传；有一处错就整份不改，错处标在文件里还给您。",
    )  # fmt: skip


class RecountForm(forms.Form):
    """重新统计."""

    counted_on = day_field(
        "统计基准日", help_text="按这一天的名册重新分户统计，总份数按人数重新分到各户；已填的份额会被替换。"
    )
