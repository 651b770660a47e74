"""What people type about parties. Rules about it live in the services; here only its shape."""

from datetime import date
from typing import Any

from django import forms
from django.apps import apps
from django.urls import reverse_lazy

from ronghe.kernel.actors import Actor

from . import queries, rules
from .models import HouseholdMember, Party, PartyIdentifier, PartyUnmasking
from .services import NewPerson
from .services.identifiers import KINDS_OF

RELATION_CHOICES = [("", "请选择"), *((code, name) for code, name in rules.RELATIONS.items() if code != rules.HEAD)]


def day_field(label: str, **given: Any) -> forms.DateField:
    """A legal day, with the browser's own calendar."""
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "max": "2199-12-31"}), **given
    )


def number_field(kind: str, **given: Any) -> forms.CharField:
    """A number that is checked when the field is left; what was typed is in the body and never in an address."""
    attrs = {
        "autocomplete": "off",
        "data-check": kind,
        "hx-post": reverse_lazy("parties:check", args=[kind]),
        "hx-trigger": "change",
        "hx-include": "closest form",
        "hx-target": "next .checked",
        "hx-swap": "innerHTML",
    }
    label = given.pop("label", PartyIdentifier.Kind(kind).label)
    return forms.CharField(label=label, max_length=60, widget=forms.TextInput(attrs=attrs), **given)


def divisions_below(actor: Actor, *levels: str) -> Any:
    """The divisions in which the actor may register, for a list to choose from."""
    closure = apps.get_model("regions", "DivisionClosure").objects.filter(ancestor_id=actor.division)
    rows = apps.get_model("regions", "Division").objects.filter(code__in=closure.values("descendant_id"))
    return rows.filter(level__in=levels).select_related("parent").order_by("code")


class DivisionForm(forms.Form):
    """A form that says where the party is registered."""

    division = forms.CharField(
        label="所属区划",
        max_length=60,
        widget=forms.TextInput(attrs={"list": "divisions", "autocomplete": "off"}),
        help_text="输入村名或 12 位代码，从列表中选择",
    )

    def clean_division(self) -> str:
        code = str(self.cleaned_data["division"]).split()[0]
        if not apps.get_model("regions", "Division").objects.filter(pk=code).exists():
            raise forms.ValidationError(f"没有代码为 {code} 的区划，请从列表中选择。")
        return code


class PersonFields(forms.Form):
    """Somebody: known already by the number, or new."""

    identity = number_field("identity", required=False, help_text="18 位；已登记的人填身份证号即可")
    name = forms.CharField(label="姓名", max_length=120, required=False)
    birth_date = day_field("出生日期", required=False, help_text="没有身份证号时填写")
    sex = forms.ChoiceField(label="性别", required=False, choices=[("", "按身份证号"), *Party.Sex.choices])

    def somebody(self, actor: Actor) -> int | NewPerson:
        """The registered person that has the number, else a new one."""
        given = self.cleaned_data
        for party in queries.parties_with_number(given["identity"], actor=actor):
            if party.kind == Party.Kind.PERSON:
                return party.pk
        return NewPerson(
            name=given["name"], identity=given["identity"], birth_date=given["birth_date"], sex=given["sex"]
        )


class PersonForm(DivisionForm):
    name = forms.CharField(label="姓名", max_length=120)
    identity = number_field("identity", required=False, help_text="18 位；没有时填写出生日期和性别")
    birth_date = day_field("出生日期", required=False, help_text="有身份证号时由号码读出，可不填")
    sex = forms.ChoiceField(label="性别", required=False, choices=[("", "按身份证号"), *Party.Sex.choices])
    document = number_field("document", required=False)
    telephone = number_field("telephone", required=False)
    bank_account = number_field("bank_account", required=False)

    field_order = ("name", "identity", "birth_date", "sex", "division")


class HouseholdForm(DivisionForm, PersonFields):
    since = day_field("立户日期", required=False, help_text="不填即今日")
    telephone = number_field("telephone", required=False)

    field_order = ("identity", "name", "birth_date", "sex", "division", "since", "telephone")


class BodyForm(DivisionForm):
    name = forms.CharField(label="名称", max_length=120, help_text="与登记证照一致")
    uscc = number_field(
        "uscc", required=False, help_text="18 位；集体经济组织为登记证上以 N 开头的代码，尚未赋码可不填"
    )
    telephone = number_field("telephone", required=False)
    bank_account = number_field("bank_account", required=False)
    representative_name = forms.CharField(label="法定代表人姓名", max_length=120, required=False)
    representative_identity = number_field("identity", required=False, label="法定代表人身份证号")

    field_order = ("name", "uscc", "division")

    def representative(self, actor: Actor) -> int | NewPerson | None:
        """The registered person that has the number, else a new one; none where nothing was typed."""
        name, identity = self.cleaned_data["representative_name"], self.cleaned_data["representative_identity"]
        for party in queries.parties_with_number(identity, actor=actor):
            if party.kind == Party.Kind.PERSON:
                return party.pk
        return NewPerson(name=name, identity=identity) if name or identity else None


class NameForm(forms.Form):
    name = forms.CharField(label="新名称", max_length=120)
    on = day_field("变更日期")
    reason = forms.CharField(label="变更原因", max_length=60, help_text="例如：本人改名、企业名称变更登记")


class NumberForm(forms.Form):
    """One number of a kind that the party may have."""

    kind = forms.ChoiceField(label="种类")
    value = forms.CharField(label="号码", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, party: Party, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["kind"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = [(kind.value, kind.label) for kind in KINDS_OF[party.kind]]
        self.fields["value"].widget.attrs.update(
            {
                "data-check": "any",
                "hx-post": reverse_lazy("parties:check", args=["any"]),
                "hx-trigger": "change",
                "hx-include": "closest form",
                "hx-target": "next .checked",
                "hx-swap": "innerHTML",
            }
        )


class JoinForm(PersonFields):
    """A person who joins a household, with the relation to its head."""

    relation = forms.ChoiceField(label="与户主关系", choices=RELATION_CHOICES)
    on = day_field("日期")


class BirthForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=120)
    identity = number_field("identity", required=False, help_text="尚未赋号可不填")
    birth_date = day_field("出生日期", required=False, help_text="有身份证号时由号码读出，可不填")
    sex = forms.ChoiceField(label="性别", required=False, choices=[("", "按身份证号"), *Party.Sex.choices])
    relation = forms.ChoiceField(label="与户主关系", choices=RELATION_CHOICES)


class DayForm(forms.Form):
    on = day_field("日期")


class _Relations(forms.Form):
    """What each member is to the new head; empty where it shall follow from the old relation."""

    def __init__(self, *args: Any, members: list[HouseholdMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        for row in members:
            self.fields[f"relation-{row.person_id}"] = forms.ChoiceField(
                label=f"{row.person.name}（现为{row.get_relation_display()}）与新户主的关系",
                required=False,
                choices=[("", "按原关系推定"), *RELATION_CHOICES[1:]],
            )

    def relations(self) -> dict[int, str]:
        """What was chosen, by person."""
        chosen = {row.person_id: self.cleaned_data[f"relation-{row.person_id}"] for row in self.members}
        return {person: relation for person, relation in chosen.items() if relation}


def _people(members: list[HouseholdMember]) -> list[tuple[str, str]]:
    return [(str(row.person_id), row.person.name) for row in members if not row.is_head]


class HeadForm(_Relations):
    head = forms.ChoiceField(label="新户主")
    on = day_field("日期")

    def __init__(self, *args: Any, members: list[HouseholdMember], **kwargs: Any) -> None:
        super().__init__(*args, members=members, **kwargs)
        chooser = self.fields["head"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = [("", "请选择"), *_people(members)]
        self.order_fields(["head", "on"])


class DeathForm(_Relations):
    on = day_field("死亡日期")
    head = forms.ChoiceField(label="新户主", required=False, help_text="死者是户主且户内还有其他成员时必选")

    def __init__(self, *args: Any, members: list[HouseholdMember], **kwargs: Any) -> None:
        super().__init__(*args, members=members, **kwargs)
        chooser = self.fields["head"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = [("", "不变更"), *_people(members)]
        if not members:
            del self.fields["head"]
        self.order_fields(["on", "head"])


class SplitForm(forms.Form):
    """Who goes, and what each is to the new head."""

    head = forms.ChoiceField(label="新户的户主", help_text="下面逐个选择随新户主分出的人；新户主本人不必选")
    on = day_field("分户日期")

    def __init__(self, *args: Any, members: list[HouseholdMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["head"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = [("", "请选择"), *_people(members)]
        self.members = [row for row in members if not row.is_head]
        for row in self.members:
            self.fields[f"relation-{row.person_id}"] = forms.ChoiceField(
                label=f"{row.person.name}（现为{row.get_relation_display()}）",
                required=False,
                choices=[("", "留在原户"), *((code, f"随新户主，为{name}") for code, name in RELATION_CHOICES[1:])],
            )

    def movers(self) -> dict[int, str]:
        """Who goes with the new head, and as what."""
        head = int(self.cleaned_data["head"])
        chosen = {row.person_id: self.cleaned_data[f"relation-{row.person_id}"] for row in self.members}
        return {person: relation for person, relation in chosen.items() if relation and person != head}


class UnmaskForm(forms.Form):
    purpose = forms.ChoiceField(label="用途", choices=[("", "请选择"), *PartyUnmasking.Purpose.choices])
    note = forms.CharField(label="说明", max_length=200, help_text="不少于 4 个字，例如：核对宅基地登记申请")


class ReasonForm(forms.Form):
    reason = forms.CharField(label="理由", max_length=200, help_text="不少于 4 个字")


class EraseForm(forms.Form):
    basis = forms.CharField(label="删除依据", max_length=120, help_text="例如：本人申请书编号、法院文书编号")
    confirmation = forms.CharField(
        label="确认文字", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def as_day(text: str) -> date | None:
    """A day from an address; none where it is not one."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1850 <= found.year < 2200 else None
