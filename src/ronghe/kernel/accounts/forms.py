"""What people type on the pages of this room. Rules about it live in the services; here only its shape."""

from typing import Any

from django import forms
from django.apps import apps

from ronghe.kernel.actors import Actor

from .models import Mandate, User
from .queries import Capacity
from .roles import STAFF_CHOICES


def _password(autocomplete: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": autocomplete})


class LoginForm(forms.Form):
    username = forms.CharField(
        label="用户名", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(label="密码", max_length=200, strip=False, widget=_password("current-password"))

    next = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()


class PasswordForm(forms.Form):
    old = forms.CharField(label="现在的密码", max_length=200, strip=False, widget=_password("current-password"))
    new = forms.CharField(label="新密码", max_length=200, strip=False, widget=_password("new-password"))
    again = forms.CharField(label="再输入一次新密码", max_length=200, strip=False, widget=_password("new-password"))

    def clean_again(self) -> str:
        if self.cleaned_data.get("new") != self.cleaned_data["again"]:
            raise forms.ValidationError("两次输入的新密码不一致，请重新输入。")
        return str(self.cleaned_data["again"])


class TokenForm(forms.Form):
    name = forms.CharField(label="用途", max_length=60, help_text="例如：向市平台每日报送")
    capacity = forms.ChoiceField(label="身份")
    days = forms.IntegerField(label="有效天数", min_value=1, max_value=365, initial=90)

    def __init__(self, *args: Any, capacities: list[Capacity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["capacity"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = [(c.key, f"{c.title}，{c.place}") for c in capacities]


class UserForm(forms.Form):
    username = forms.CharField(
        label="用户名", max_length=40, help_text="3 至 40 个小写字母、数字、点、横线或下划线，以字母开头"
    )
    display_name = forms.CharField(label="姓名", max_length=40)


class _Granted(forms.Form):
    username = forms.CharField(label="用户名", max_length=40)
    from_day = forms.DateField(
        label="起始日",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="不填即今日",
    )
    to_day = forms.DateField(
        label="终止日",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="这一天起不再有效；不填即长期",
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_username(self) -> User:
        name = str(self.cleaned_data["username"]).lower()
        user: User | None = User.objects.visible_to(self.actor).filter(username=name).first()
        if user is None:
            raise forms.ValidationError(f"没有找到用户 {name}：请核对用户名，或请系统管理员先建立该用户。")
        return user


class MembershipForm(_Granted):
    role = forms.ChoiceField(label="岗位", choices=[("", "请选择岗位"), *STAFF_CHOICES])
    division = forms.CharField(
        label="管辖区划代码",
        max_length=24,
        widget=forms.TextInput(attrs={"list": "divisions", "autocomplete": "off"}),
        help_text="该岗位可管该区划及以下",
    )
    org_unit: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label="单位", queryset=None, empty_label="请选择单位"
    )

    field_order = ("username", "role", "org_unit", "division", "from_day", "to_day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["org_unit"]
        assert isinstance(chooser, forms.ModelChoiceField)
        chooser.queryset = units_within(self.actor)

    def clean_division(self) -> str:
        code = str(self.cleaned_data["division"]).split()[0]
        if not apps.get_model("regions", "Division").objects.filter(pk=code).exists():
            raise forms.ValidationError(f"没有代码为 {code} 的区划，请从列表中选择。")
        return code


class MandateForm(_Granted):
    party = forms.IntegerField(label="权利人编号", min_value=1)
    kind = forms.ChoiceField(label="关系", choices=[("", "请选择关系"), *Mandate.Kind.choices])
    source = forms.CharField(label="依据材料", max_length=200, help_text="例如：营业执照、授权委托书的名称和编号")

    field_order = ("username", "kind", "party", "source", "from_day", "to_day")


def units_within(actor: Actor) -> Any:
    """The org units that a post may be given in: those of the actor's division and below."""
    closure = apps.get_model("regions", "DivisionClosure").objects
    below = closure.filter(ancestor_id=actor.division).values("descendant_id")
    return apps.get_model("regions", "OrgUnit").objects.filter(division__in=below).order_by("division", "pinyin", "pk")


def divisions_within(actor: Actor) -> Any:
    """The divisions offered in the grant form: the actor's and below, without the many villages."""
    closure = apps.get_model("regions", "DivisionClosure").objects
    below = closure.filter(ancestor_id=actor.division).values("descendant_id")
    return (
        apps.get_model("regions", "Division").objects.filter(code__in=below).exclude(level="village").order_by("code")
    )
