"""What people type of an application: the fields of one matter, and how they become what is asked for."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError
from ronghe.kernel.parties.forms import day_field
from ronghe.kernel.spatial.rules import BadOutline, Crs, converted

from .change_forms import choices_of, chosen
from .holders import holders_written, party_named
from .models import BAUnit, Restriction, Right
from .queries.applications import protected_by
from .rules.acquiring import shown_for_passing
from .rules.changing import SIDES, PartAct
from .rules.codes import cleaned
from .rules.kinds import RIGHTS_ON, SOURCE_TITLES, RestrictionKind, RightKind, SourceKind, UnitKind
from .rules.matters import FIRST_KINDS, ONE_SIDED, ORDERS, PROOFS, Cause, Concern, Matter, proofs_asked
from .rules.pledging import NEVER, Shown, shown_for
from .services import Asked, Origin, PartAsked

#: Of a file of outlines, so many bytes are read; a village's division of one parcel is far smaller.
LARGEST_FILE = 2 * 2**20
_LINES = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})


def _text(label: str, length: int, **given: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=given.pop("required", False), **given)


def _area(label: str) -> forms.DecimalField:
    return forms.DecimalField(label=label, required=False, max_digits=12, decimal_places=2, min_value=Decimal("0.01"))


def _tick(label: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


#: The fields that a matter has beside those of every application.
_OWN: dict[Matter, tuple[str, ...]] = {
    Matter.FIRST: ("right_kind", "holders", "term_first", "term_last"),
    Matter.SPLIT: ("outlines",),
    Matter.MERGE: ("joined",),
    Matter.HOUSE: ("area_m2", "floor_area_m2", "structure", "floors"),
    Matter.EXTENSION: ("term_last",),
    Matter.TRANSFER: ("holders", "shown"),
    Matter.CORRECTION: ("holders", "term_first", "term_last", "is_ex_officio"),
    Matter.OBJECTION: ("protected", "protected_number", "text"),
    Matter.ADVANCE_NOTICE: ("protected", "protected_number", "text"),
    Matter.SEIZURE: ("protected", "term_last", "text"),
    Matter.EASEMENT: ("joined", "term_last", "text"),
    Matter.MORTGAGE_CHANGE: ("amount_yuan", "term_last", "text"),
    Matter.MORTGAGE_TRANSFER: ("protected", "protected_number", "shown", "text"),
    Matter.MORTGAGE: ("protected", "protected_number", "amount_yuan", "term_last", "shown", "text"),
    Matter.OPERATION: ("holders", "term_first", "term_last"),
    Matter.RESIDENCE: ("holders", "term_first", "term_last"),
    Matter.LETTING: ("holders", "term_first", "term_last"),
}
#: The paper on which such an application usually rests, chosen until somebody chooses another.
_USUAL_SOURCE: dict[Matter, SourceKind] = {
    Matter.FIRST: SourceKind.APPROVAL,
    **dict.fromkeys((Matter.OPERATION, Matter.LETTING), SourceKind.CONTRACT),
    Matter.SEIZURE: SourceKind.SEIZURE_ORDER,
    Matter.SEIZURE_END: SourceKind.SEIZURE_ORDER,
    **dict.fromkeys(
        (
            Matter.TRANSFER,
            Matter.MORTGAGE,
            Matter.ADVANCE_NOTICE,
            Matter.RESIDENCE,
            Matter.EASEMENT,
            Matter.MORTGAGE_CHANGE,
            Matter.MORTGAGE_TRANSFER,
        ),
        SourceKind.AGREEMENT,
    ),
}


class ApplicationForm(forms.Form):
    """登记申请: shows the fields of its matter alone."""

    rrr = forms.TypedChoiceField(label="所针对的权利或限制", coerce=int)
    right_kind = forms.TypedChoiceField(label="要登记的权利", coerce=int)
    cause = forms.ChoiceField(label="登记原因")
    is_joint = forms.BooleanField(
        label="双方共同申请",
        required=False,
        help_text="另一方到场，或提交双方签字的申请书。继承、裁判、放弃、更正和权利人死亡等可由一方申请，不勾选",
    )
    is_ex_officio = _tick("依职权更正（没有申请人，先公告）")
    holders = forms.CharField(
        label="登记给（权利人）", max_length=4000, widget=_LINES,
        help_text="每行一位：姓名或名称，空一格写证件号码或权利人编号；按份共有的再空一格写份额，如 1/2",
    )  # fmt: skip
    protected = _text("权利人（机关）名称", 120, required=True)
    protected_number = _text("证件号码或权利人编号", 60, help_text="已在名册登记的填写，便于查询")
    amount_yuan = forms.DecimalField(
        label="被担保债权（元）", max_digits=15, decimal_places=2, min_value=Decimal("0.01")
    )
    shown = forms.TypedMultipleChoiceField(
        label="已查明的事实", required=False, coerce=Shown, widget=forms.CheckboxSelectMultiple,
        help_text="有证明材料的才勾选，并上传材料；没有勾选的按没有办理",
    )  # fmt: skip
    term_first = day_field("起始日", required=False)
    term_last = day_field("最后一日", required=False, help_text="含当日；没有期限的不填")
    use = _text("变更后的用途", 40)
    location = _text("变更后的坐落", 200)
    area_m2 = _area("登记面积（平方米）")
    floor_area_m2 = _area("建筑面积（平方米）")
    structure = _text("房屋结构", 40, help_text="如砖混、砖木、钢混")
    floors = forms.IntegerField(label="层数", required=False, min_value=1, max_value=200)
    north, east, south, west = (_text(f"变更后的{side}至", 60) for side in "北东南西")
    outline = forms.FileField(
        label="变更后的界址（GeoJSON）", required=False,
        help_text="CGCS2000 经纬度，只有一个要素；不变的不传。不得与相邻土地重叠，面积与登记面积相符",
    )  # fmt: skip
    joined = _text(
        "要合并的其他单元", 400, required=True, widget=_LINES, help_text="28 位不动产单元代码，几个用空格隔开"
    )
    outlines = forms.FileField(
        label="分割后的界址（GeoJSON）",
        help_text="CGCS2000 经纬度，每个要素一个部分；属性可写 登记面积、坐落、权利人（姓名和号码）",
    )
    source_kind = forms.ChoiceField(label="来源材料", choices=[(k.value, t) for k, t in SOURCE_TITLES.items()])
    source_title = _text("材料名称", 160, required=True)
    source_number = _text("文号或编号", 60)
    source_issued_on = day_field("形成日期")
    source_issuer = _text("形成单位", 80)
    deed_tax_proof = _tick("已交契税完税或免税凭证")
    mortgagee_consents = _tick("抵押权人书面同意")
    notice_holder_consents = _tick("预告登记权利人书面同意")
    text = _text("说明", 400, widget=forms.Textarea(attrs={"rows": 2}))
    applicant = _text("申请人", 120, help_text="不填时为权利人；由他人申请的写姓名，空一格写证件号码或权利人编号")

    def __init__(
        self, *args: Any, unit: BAUnit, matter: Matter, actor: Actor, on: date, about: str = "", **given: Any
    ) -> None:
        super().__init__(*args, **given)
        self.unit, self.matter, self.actor, self.on = unit, matter, actor, on
        told = matter.told
        self.choices = choices_of(unit, on=on) if matter is Matter.CHANGE else []
        self.about = chosen(self.choices, about)
        shown = {
            "cause", "source_kind", "source_title", "source_number", "source_issued_on", "source_issuer",
            *_OWN.get(matter, ()), *(self.about.fields if self.about else ()),
        }  # fmt: skip
        shown |= {"rrr"} if told.concern is not Concern.UNIT else set()
        shown |= set(proofs_asked(matter))
        shown |= {"is_joint"} if matter not in ORDERS and any(one not in ONE_SIDED for one in told.causes) else set()
        shown |= {"applicant"} if actor.role != Role.SELF and matter is not Matter.SEIZURE else set()
        if actor.role != Role.DEPARTMENT:
            shown -= {"is_ex_officio"}
        for name in set(self.fields) - shown:
            del self.fields[name]
        self.fields["source_kind"].initial = _USUAL_SOURCE.get(matter, SourceKind.APPLICATION).value
        self._choose("cause", [(cause.value, cause.title) for cause in told.causes])
        self._choose("rrr", concerned(unit, matter, on=on, actor=actor))
        kinds = sorted(FIRST_KINDS & RIGHTS_ON[UnitKind(unit.kind)])
        self._choose("right_kind", [(int(kind), kind.title) for kind in kinds])
        self._ask_for_papers(RIGHTS_ON[UnitKind(unit.kind)])
        self._word()
        if self.about is not None and self.about.act is PartAct.ADDED:
            self.fields["area_m2"].required = True
        if matter in (Matter.OPERATION, Matter.LETTING, Matter.SEIZURE, Matter.EXTENSION):
            for name in {"term_first", "term_last"} & set(self.fields):
                self.fields[name].required = True

    def _word(self) -> None:
        """What fields are called where they mean something else than usual."""
        if self.matter is Matter.EASEMENT:
            self.fields["rrr"].label = "供役地上的权利"
            self.fields["joined"].label = "需役地单元"
            self.fields["joined"].help_text = "因此受益的单元，28 位不动产单元代码"
            self.fields["text"].label, self.fields["text"].required = "利用目的和方法", True
        elif self.matter is Matter.MORTGAGE_CHANGE:
            self.fields["amount_yuan"].label, self.fields["amount_yuan"].required = "变更后的被担保债权（元）", False
            self.fields["amount_yuan"].help_text = self.fields["term_last"].help_text = "不变的不填"
            self.fields["term_last"].label = "变更后的最后一日"
        elif self.matter is Matter.MORTGAGE_TRANSFER:
            self.fields["protected"].label = "受让债权的抵押权人"

    def _choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        if name in self.fields:
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _ask_for_papers(self, kinds: frozenset[RightKind]) -> None:
        """Of what may be pledged or passed on of such a unit, what has to be shown; nothing is asked where nothing has."""
        of = shown_for_passing if self.matter is Matter.TRANSFER else shown_for
        asked = {one for kind in kinds - NEVER for one in of(kind)}
        if self.matter is Matter.MORTGAGE_TRANSFER:
            asked &= {Shown.BANK}
        if "shown" in self.fields and not asked:
            del self.fields["shown"]
        self._choose("shown", [(one.value, one.title) for one in Shown if one in asked])

    def clean_joined(self) -> tuple[int, ...]:
        codes = [cleaned(code) for code in self.cleaned_data["joined"].replace("，", " ").replace(",", " ").split()]
        found = dict(BAUnit.objects.visible_to(self.actor).filter(code__in=codes).values_list("code", "pk"))
        if missing := [code for code in codes if code not in found]:
            raise forms.ValidationError(f"没有找到单元 {'、'.join(missing)[:200]}，或者它不在您的管辖范围内。")
        return tuple(found[code] for code in dict.fromkeys(codes))

    def clean_outline(self) -> Any:
        """The one outline of a file; nothing where none is given."""
        given = self.cleaned_data["outline"]
        if given is None:
            return None
        if given.size > LARGEST_FILE:
            raise forms.ValidationError("文件超过 2 MB，请只保留变更后的这一块。")
        found = outlines_in(given.read(), actor=self.actor, on=self.on)
        if len(found) != 1:
            raise forms.ValidationError(f"文件里有 {len(found)} 个要素，变更后的界址只有一个。")
        return found[0].geometry

    def clean_outlines(self) -> tuple[PartAsked, ...]:
        given = self.cleaned_data["outlines"]
        if given.size > LARGEST_FILE:
            raise forms.ValidationError("文件超过 2 MB，请只保留这个单元分割后的各部分。")
        return outlines_in(given.read(), actor=self.actor, on=self.on)

    def clean_holders(self) -> Any:
        return self._told(lambda: holders_written(self.cleaned_data["holders"], actor=self.actor, on=self.on))

    def clean_applicant(self) -> int | None:
        name, _, number = self.cleaned_data["applicant"].strip().partition(" ")
        if not name:
            return None
        return int(self._told(lambda: party_named(name, number, actor=self.actor, on=self.on).pk))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        number = given.get("protected_number", "").strip()
        given["party_id"] = None
        if number and given.get("protected"):
            try:
                given["party_id"] = party_named(given["protected"], number, actor=self.actor, on=self.on).pk
            except DomainError as error:
                self.add_error("protected_number", error.text)
        return given

    def _told(self, find: Any) -> Any:
        """What a refusal says stands beside the field."""
        try:
            return find()
        except DomainError as error:
            raise forms.ValidationError(error.text) from error

    def asked(self) -> Asked:
        """What is asked for, when the form is valid."""
        given = self.cleaned_data
        last, amount = given.get("term_last"), given.get("amount_yuan")
        part = PartAsked(
            registered_area_m2=given.get("area_m2"), floor_area_m2=given.get("floor_area_m2"),
            use=given.get("use", ""), location=given.get("location", ""), structure=given.get("structure", ""),
            floors=given.get("floors"), geometry=given.get("outline"), **{side: given.get(side, "") for side in SIDES},
            act=self.about.act if self.about else PartAct.CHANGED, ground=self.about.ground if self.about else "",
        )  # fmt: skip
        parts = given.get("outlines") or ((part,) if self.matter in (Matter.CHANGE, Matter.HOUSE) else ())
        kind = given.get("right_kind")
        return Asked(
            matter=self.matter,
            cause=Cause(given["cause"]),
            origin=Origin(
                SourceKind(given["source_kind"]), given["source_title"], given["source_issued_on"],
                given["source_number"], given["source_issuer"],
            ),
            rrr_id=given.get("rrr"),
            right_kind=RightKind(kind) if kind else None,
            holders=given.get("holders") or (),
            parts=parts,
            joined=given.get("joined") or (),
            term_first=given.get("term_first"),
            term_until=last + timedelta(days=1) if last else None,
            party_id=given.get("party_id"),
            holder=given.get("protected", ""),
            amount_fen=int(amount * 100) if amount is not None else None,
            text=given.get("text", ""),
            shown=tuple(given.get("shown") or ()),
            **{
                name: bool(given.get(name))
                for name in ("is_joint", "is_ex_officio", *PROOFS)
            },
        )  # fmt: skip


def concerned(unit: BAUnit, matter: Matter, *, on: date, actor: Actor) -> list[tuple[int, str]]:
    """The rights or restrictions of a unit that a matter may concern, as people tell them apart; of a unit that the actor
    does not see, what protects the party it acts for.
    """
    told = matter.told
    if told.concern is Concern.UNIT:
        return []
    found: dict[int, list[str]] = {}
    kinds = told.kinds - NEVER if matter is Matter.MORTGAGE else told.kinds
    if told.concern is Concern.RIGHT:
        for right in Right.objects.current().as_of(on).filter(baunit=unit, kind__in=kinds).select_related("party"):
            found.setdefault(right.rrr_id, [RightKind(right.kind).title]).append(right.party.name)
    else:
        rows = Restriction.objects.current().as_of(on).filter(baunit=unit, kind__in=told.kinds)
        if actor.on_behalf_of_id is not None and not BAUnit.objects.visible_to(actor).filter(pk=unit.pk).exists():
            rows = rows.filter(pk__in=protected_by(actor.on_behalf_of_id, on=on).values("pk"))
        for row in rows.select_related("party"):
            who = row.party.name if row.party else row.holder
            words = [RestrictionKind(row.kind).title, who, f"{row.valid.lower} 起", row.text[:40]]
            found[row.rrr_id] = [word for word in words if word]
    return [(rrr, "　".join(words)) for rrr, words in found.items()]


def outlines_in(content: bytes, *, actor: Actor, on: date) -> tuple[PartAsked, ...]:
    """The parts of a division from a GeoJSON file. Raises: ValidationError, which names the feature."""
    try:
        given = json.loads(content)
        features = given["features"]
        assert isinstance(features, list)
    except (ValueError, KeyError, TypeError, AssertionError, RecursionError) as error:
        raise forms.ValidationError("不是 GeoJSON 要素集合（FeatureCollection），没有读出界址。") from error
    if len(features) > 50:
        raise forms.ValidationError(f"文件里有 {len(features)} 个要素，一次最多分割成 50 个部分。")
    return tuple(_part(nth, one, actor, on) for nth, one in enumerate(features, start=1))


def _part(nth: int, feature: Any, actor: Actor, on: date) -> PartAsked:
    told = feature.get("properties") if isinstance(feature, dict) else None
    told = told if isinstance(told, dict) else {}
    try:
        shape = converted(feature.get("geometry") or {}, Crs.CGCS2000).geometry
        area = told.get("登记面积")
        holder = str(told.get("权利人") or "").strip()
        party = holders_written(holder, actor=actor, on=on)[0].party_id if holder else None
        stated = None if area in (None, "") else Decimal(str(area)).quantize(Decimal("0.01"))
    except BadOutline as error:
        raise forms.ValidationError(f"第 {nth} 个要素：{error}。") from error
    except DomainError as error:
        raise forms.ValidationError(f"第 {nth} 个要素：{error.text}") from error
    except (ArithmeticError, AttributeError) as error:
        raise forms.ValidationError(f"第 {nth} 个要素：登记面积不是数字，或者不是要素。") from error
    if stated is not None and not 0 < stated < 10**12:
        raise forms.ValidationError(f"第 {nth} 个要素：登记面积 {area} 不合理。")
    return PartAsked(shape, stated, location=str(told.get("坐落") or "")[:200], party_id=party)


class UnitCodeForm(forms.Form):
    """在哪个单元上办理."""

    code = _text("不动产单元代码", 40, required=True, help_text="28 位，可带空格")
    matter = forms.ChoiceField(label="登记事项")

    def __init__(self, *args: Any, matters: list[Matter], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["matter"].choices = [(one.value, one.title) for one in matters]  # type: ignore[attr-defined]


class AmendForm(forms.Form):
    """补正: shows what its matter may bring alone."""

    deed_tax_proof = _tick("已交契税完税或免税凭证")
    mortgagee_consents = _tick("抵押权人书面同意")
    notice_holder_consents = _tick("预告登记权利人书面同意")

    def __init__(self, *args: Any, matter: Matter, **given: Any) -> None:
        super().__init__(*args, **given)
        for name in set(self.fields) - set(proofs_asked(matter)):
            del self.fields[name]


class LapseFactForm(forms.Form):
    """影响失效的事实."""

    on = day_field("日期")
    text = _text("凭证", 200, required=True, help_text="如受理案号、登记编号")


class RecallForm(forms.Form):
    """收回证书."""

    reason = _text("原因", 120, required=True, help_text="如遗失声明作废、换证、印制错误")


__all__ = [
    "AmendForm",
    "ApplicationForm",
    "LapseFactForm",
    "RecallForm",
    "UnitCodeForm",
    "concerned",
    "outlines_in",
]
