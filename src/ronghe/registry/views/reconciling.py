"""对账: the other side's file beside the register: figures, a chart, and every unit that differs."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State
from ronghe.kernel.pages.record import Tone

from ..models import Reconciliation, ReconciliationRow
from ..permissions import EXCHANGE
from ..queries import exchange as queries
from ..rules.codes import printed
from ..rules.kinds import RIGHT_TITLES, RightKind
from ..services import reconciling
from ..services.reconciling import FIELDS
from .exchange import RangeForm, divisions_below

TONES: dict[str, Tone] = {"failed": "bad", "done": "good"}
_OUT = ReconciliationRow.Outcome
#: What both sides say differently comes first: that is what is to be settled.
OUTCOMES = {one.value: str(one.label) for one in (_OUT.DIFFERENT, _OUT.ONLY_HERE, _OUT.ONLY_THERE)}


class ReconcileForm(RangeForm):
    """The other side's file and how closely areas must agree."""

    file = forms.FileField(
        label="对方的文件",
        help_text="xlsx 或 csv（列：单元代码、权利人、权利类型、面积、证号，至少两列），或汇交包 ZIP。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.zip"}),
    )
    other = forms.CharField(label="对方", max_length=80, required=False, help_text="如：市不动产登记信息管理平台")
    area_per_mille = forms.DecimalField(
        label="面积容差（‰）", min_value=Decimal(0), max_value=Decimal(999), max_digits=6, decimal_places=3, initial=5
    )
    area_floor_m2 = forms.DecimalField(
        label="面积容差不低于（平方米）", min_value=Decimal(0), max_digits=9, decimal_places=2, initial=1
    )

    field_order = ("file", "other", "division", "unit_kind", "on", "area_per_mille", "area_floor_m2")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        stated = queries.area_tolerance(actor.division or "", on=clock.legal_day(clock.now()))
        if stated is not None:
            share, floor = stated
            self.fields["area_per_mille"].initial = Decimal(share.numerator * 1000) / share.denominator
            self.fields["area_floor_m2"].initial = floor
            self.fields["area_per_mille"].help_text = "已按参数“对账时面积允许相差的比例”填写"


def _address(row: Reconciliation) -> str:
    return reverse("registry:reconciliation", args=[row.pk])


LISTING: Listing[Reconciliation] = Listing(
    title="对账",
    columns=[
        Column("pk", "编号", lambda r: r.pk, order=("pk",), kind="code"),
        Column("file", "对方的文件", lambda r: r.file_name, link=_address, wide=True),
        Column("other", "对方", lambda r: r.other),
        Column("division", "区划", lambda r: r.division.name),
        Column("state", "状态", lambda r: r.get_state_display()),
        Column("same", "一致", lambda r: r.counts.get("same"), kind="number"),
        Column("different", "不一致", lambda r: r.counts.get("different"), kind="number"),
        Column("only_here", "只有本平台有", lambda r: r.counts.get("only_here"), kind="number"),
        Column("only_there", "只有对方有", lambda r: r.counts.get("only_there"), kind="number"),
        Column("at", "日期", lambda r: clock.legal_day(r.made_at), order=("made_at",), kind="date"),
    ],
    order=("-pk",),
    empty="还没有对账",
    empty_next="上传对方平台的单元清单，与登记簿逐个比较。",
    row_link=_address,
)


@require_safe
@allows(EXCHANGE)
def reconciliations(request: HttpRequest) -> HttpResponse:
    """All reconciliations."""
    rows = queries.reconciliations(actor_of(request))
    return LISTING.respond(request, LISTING.asked(request.GET), rows, template="registry/reconciliations.html")


@require_http_methods(["GET", "HEAD", "POST"])
@allows(EXCHANGE)
def new_reconciliation(request: HttpRequest) -> HttpResponse:
    """Give the other side's file."""
    actor = actor_of(request)
    sent = request.method == "POST"
    form = ReconcileForm(request.POST if sent else None, request.FILES if sent else None, actor=actor)
    if sent and form.is_valid():
        told = form.cleaned_data
        try:
            made = reconciling.start(
                division=told["division"], on=told["on"], unit_kind=told["unit_kind"], other=told["other"],
                content=told["file"].file, name=told["file"].name, area_share=Fraction(told["area_per_mille"]) / 1000,
                area_floor_m2=told["area_floor_m2"], actor=actor, at=clock.now(),
            )  # fmt: skip
        except DomainError as error:
            form.add_error("file", error.text)
        else:
            return redirect(_address(made))
    context = {
        "form": form, "title": "与对方对账", "submit": "上传并对账", "cancel_url": reverse("registry:reconciliations"),
        "divisions": divisions_below(actor), "crumbs": [("对账", reverse("registry:reconciliations")), ("新的对账", None)],
        "note": "先按单元代码、再按证号对应；两边都有的逐项比较。",
    }  # fmt: skip
    return render(request, "registry/exchange_form.html", context, status=422 if form.errors else 200)


def _told(row: ReconciliationRow, field: str, *, side: str) -> str:
    value = getattr(row, side).get(field)
    if field == "kind" and value is not None:
        return RIGHT_TITLES.get(RightKind(value), str(value))
    return "" if value is None else str(value)


def _pair(field: str) -> list[Column[ReconciliationRow]]:
    label = FIELDS[field]
    return [
        Column(f"our_{field}", f"{label}（本平台）", lambda r: _told(r, field, side="ours"), kind="text"),
        Column(f"their_{field}", f"{label}（对方）", lambda r: _told(r, field, side="theirs"), kind="text"),
    ]


def _side(row: ReconciliationRow, side: str) -> str:
    """What one side says: of a unit that both have, only where they differ."""
    if not getattr(row, side):
        return ""
    fields = row.differs or [name for name in FIELDS if name != "code"]
    return "；".join(f"{FIELDS[name]}：{_told(row, name, side=side) or '—'}" for name in fields)


FILTERS = [
    Filter("outcome", "结果", options=[Option(value, label) for value, label in OUTCOMES.items()]),
    Filter("field", "不一致的字段", options=[Option(name, label) for name, label in FIELDS.items()]),
    Filter("code", "单元代码", kind="text"),
]
_CODE: Column[ReconciliationRow] = Column(
    "code", "单元代码", lambda r: printed(r.code) or "（没有代码）", order=("code",), kind="code", wide=True
)
_OUTCOME: Column[ReconciliationRow] = Column("outcome", "结果", lambda r: r.get_outcome_display())
_LINE: Column[ReconciliationRow] = Column("line", "对方行号", lambda r: r.line, kind="number")

ROWS: Listing[ReconciliationRow] = Listing(
    title="对不上的单元",
    columns=[
        _CODE,
        _OUTCOME,
        Column("ours", "本平台", lambda r: _side(r, "ours")),
        Column("theirs", "对方", lambda r: _side(r, "theirs")),
        _LINE,
    ],
    filters=FILTERS,
    order=("code", "pk"),
    empty="两边完全一致",
    empty_next="没有要处理的单元。",
)
#: The same as a workbook has it: a column for each field of each side.
BOOK: Listing[ReconciliationRow] = Listing(
    title="对不上的单元",
    columns=[
        _CODE,
        _OUTCOME,
        Column("differs", "不一致的字段", lambda r: "、".join(FIELDS[name] for name in r.differs)),
        *(column for field in FIELDS for column in _pair(field)),
        _LINE,
    ],
    filters=FILTERS,
    order=("code", "pk"),
)


@require_safe
@allows(EXCHANGE)
def reconciliation(request: HttpRequest, reconciliation_id: int) -> HttpResponse:
    """One reconciliation with every unit that differs; ``?export=xlsx`` gives them as a workbook."""
    actor = actor_of(request)
    of = queries.reconciliation(reconciliation_id, actor=actor)
    asked = ROWS.asked(request.GET)
    wanted = {name: asked.text(name) for name in ("outcome", "field", "code")}
    rows = queries.reconciliation_rows(of, actor=actor, **wanted)
    here = _address(of)
    share = Fraction(of.area_share_num, of.area_share_den)
    counts: dict[str, int] = of.counts
    bars = [
        ("一致", counts.get("same", 0), ""),
        *((OUTCOMES[name], counts.get(name, 0), f"{here}?outcome={name}") for name in OUTCOMES),
    ]
    context = {
        "of": of,
        "job": of.job,
        "is_working": of.job is not None and not of.job.is_over,
        "title": f"与{of.other or '对方'}对账",
        "state": State(of.get_state_display(), TONES.get(of.state, "plain")),
        "facts": [
            Fact("区划", of.division.name),
            Fact("截至", of.on.isoformat()),
            Fact("对方的文件", of.file_name),
            Fact("本平台", f"{counts.get('ours', 0):,} 个单元"),
            Fact("对方", f"{counts.get('theirs', 0):,} 个单元"),
            Fact("面积容差", f"{float(share * 1000):g}‰，不低于 {of.area_floor_m2} 平方米"),
        ],
        "bars": bars,
        "most": max((count for _, count, _ in bars), default=0),
        "field_bars": [
            (label, number, f"{here}?field={name}") for name, label in FIELDS.items() if (number := of.fields.get(name))
        ],
        "most_field": max(of.fields.values(), default=0),
        "crumbs": [("对账", reverse("registry:reconciliations")), (f"第 {of.pk} 号", None)],
    }
    shown = BOOK if asked.as_workbook else ROWS
    return shown.respond(request, asked, rows, template="registry/reconciliation.html", context=context)
