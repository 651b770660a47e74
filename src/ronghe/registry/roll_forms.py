"""What people type about membership and filings. Rules about it live in the services; here only its shape."""

from collections.abc import Sequence
from typing import Any

from django import forms

from ronghe.kernel.parties.forms import day_field
from ronghe.kernel.parties.models import Party

from .models import CollectiveMember
from .rules.membership import HOUSEHOLD_REGISTER, SITUATIONS, WAYS

_YES_NO = [("", "还不清楚"), ("yes", "是"), ("no", "否")]


class KnownField(forms.TypedChoiceField):
    """是、否，或还不清楚: what is not known stays unknown."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            choices=_YES_NO, required=False, empty_value=None, coerce=lambda value: value == "yes", **given
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)


class PickForm(forms.Form):
    """找人或户: one of those that were found by name."""

    party = forms.ChoiceField(label="选择", widget=forms.RadioSelect)
    on = day_field("日期")

    def __init__(self, *args: Any, found: Sequence[Party], **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["party"]
        field.choices = [(str(one.pk), told(one)) for one in found]  # type: ignore[attr-defined]
        if len(found) == 1:
            self.initial.setdefault("party", str(found[0].pk))


def told(one: Party) -> str:
    """A party so that it is not taken for another of its name."""
    born = f"，{one.birth_date} 出生" if one.birth_date else ""
    dead = f"，{one.ended_on} 死亡" if one.ended_on and one.kind == "person" else ""
    return f"{one.name}（{one.division.name}，编号 {one.pk}{born}{dead}）"


class FactsForm(forms.Form):
    """成员身份的事实."""

    came_by = forms.ChoiceField(label="成为本集体人员的方式", choices=[("", "请选择"), *((one, one) for one in WAYS)])
    household_register = forms.ChoiceField(
        label="户籍", choices=[("", "还不清楚"), *((one, one) for one in HOUSEHOLD_REGISTER)], required=False
    )
    has_stable_duties = KnownField(label="与本集体形成稳定的权利义务关系")
    lives_on_collective_land = KnownField(label="以本集体所有的土地等财产为基本生活保障")
    is_member_elsewhere = KnownField(
        label="已取得其他农村集体经济组织成员身份", help_text="本平台名册上有的，平台自己会查；这里填平台以外的。"
    )
    has_lost_nationality = KnownField(label="丧失中国国籍")
    is_civil_servant = KnownField(label="已成为公务员")
    is_contract_civil_servant = KnownField(label="属于聘任制公务员", help_text="是公务员的才需要填。")
    situations = forms.MultipleChoiceField(
        label="就学、服役等情况", choices=[(one, one) for one in SITUATIONS], required=False,
        widget=forms.CheckboxSelectMultiple, help_text="这些情况本身都不使人丧失成员身份。",
    )  # fmt: skip


class MembershipForm(PickForm, FactsForm):
    """申请确认成员身份."""

    field_order = ("party", "on")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["party"].label, self.fields["on"].label = "本人", "取得成员身份的日期"


class MembershipLossForm(forms.Form):
    """提出丧失成员身份."""

    cause = forms.ChoiceField(label="丧失原因", choices=CollectiveMember.Exit.choices)
    on = day_field("丧失日期", help_text="以证明材料上的日期为准。")
    is_contract_civil_servant = KnownField(label="属于聘任制公务员", help_text="原因是“成为公务员”的必须填。")


class FilingForm(PickForm):
    """申请转移备案."""

    moved_to = forms.CharField(label="迁入地", max_length=120, help_text="迁移证明上的迁入地址，写到镇、街道。")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["party"].label, self.fields["on"].label = "农户", "户籍迁移日期"


#: How people came to the village, as they say it.
_CAME = {
    "原有成员": "原来就是本村的人", "成员生育": "父母是本村的人，生下来就是", "与成员结婚": "和本村的人结婚",
    "成员收养": "被本村的人收养", "政策性移民": "按政策搬迁到本村", "其他": "其他",
}  # fmt: skip
_REGISTER = {"在本村": "在本村", "曾在本村": "以前在本村，现在不在", "不在本村": "不在本村"}


class OwnMembershipForm(FactsForm):
    """为自己或家里人申请确认成员: the same facts, asked as people speak."""

    person = forms.TypedChoiceField(label="给谁申请", coerce=int, widget=forms.RadioSelect)
    collective = forms.TypedChoiceField(label="哪个集体经济组织", coerce=int)
    on = day_field("从哪一天算起", help_text="如出生日、结婚登记日、落户日。")

    field_order = ("person", "collective", "on")

    def __init__(self, *args: Any, people: Sequence[Party], collectives: Sequence[Party], **given: Any) -> None:
        super().__init__(*args, **given)
        self._offer("person", [(one.pk, one.name) for one in people])
        self._offer("collective", [(one.pk, one.name) for one in collectives])
        self._offer("came_by", [("", "请选择"), *((one, _CAME[one]) for one in WAYS)])
        self._offer("household_register", [("", "还不清楚"), *((one, _REGISTER[one]) for one in HOUSEHOLD_REGISTER)])
        for name, label in (
            ("came_by", "怎么成为本村人的"), ("household_register", "户口在哪里"),
            ("has_stable_duties", "平时参加村里的事，比如开会、投票、出工、交集体的款"),
            ("lives_on_collective_land", "主要靠村里的地和集体的财产生活"),
            ("is_member_elsewhere", "已经是别的村（集体）的成员"), ("has_lost_nationality", "已经不是中国国籍"),
            ("is_civil_servant", "已经是公务员"), ("is_contract_civil_servant", "是聘任制公务员"),
            ("situations", "有没有这些情况"),
        ):  # fmt: skip
            self.fields[name].label = label
        self.fields["is_member_elsewhere"].help_text = "不清楚的可以不选，窗口会核对。"
        self.fields["situations"].help_text = "有的打勾。这些情况都不会让人失去成员身份。"

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        """What may be chosen; the only choice is made already."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.initial.setdefault(name, choices[0][0])


class OwnFilingForm(forms.Form):
    """为自己家申请转移备案."""

    on = day_field("户口迁走的日期", help_text="照迁移证上的日期写。")
    moved_to = forms.CharField(label="户口迁到哪里", max_length=120, help_text="写到镇、街道，如：高青县田镇街道。")
