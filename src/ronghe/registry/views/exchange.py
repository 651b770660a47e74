"""数据汇交: exports, tables of contracted land, packages: asked for, followed, fetched, applied."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files import services as files
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State
from ronghe.kernel.pages.record import Tone
from ronghe.kernel.parties.forms import day_field
from ronghe.kernel.regions.models import Division

from ..errors import ExchangeNotFound
from ..exchange.contract_files import template as empty_template
from ..forms import division_code, division_field
from ..models import Exchange
from ..permissions import BOOK_VIEW, EXCHANGE, REVIEW
from ..queries import exchange as queries
from ..rules.contract_tables import BY_KEY as CONTRACT_TABLES
from ..rules.kinds import UNIT_TITLES
from ..rules.package_tables import BY_KEY as PACKAGE_TABLES
from ..services import exchanging

TONES: dict[str, Tone] = {"faulty": "bad", "failed": "bad", "ready": "place", "done": "good"}
K, S = Exchange.Kind, Exchange.State
HOME = "registry:exchanges"


def crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [("数据汇交", reverse(HOME)), *more]


def divisions_below(actor: Actor) -> Any:
    """The divisions that one may choose from: counties and towns by name; a village by its code."""
    rows = Division.objects.visible_to(actor).below(actor.division or "")
    return rows.exclude(level="village").select_related("parent").order_by("code")


class RangeForm(forms.Form):
    """Which part of the register, and as of which day."""

    division = division_field("区划", "12 位代码，可从列表中选择；村填村的代码")
    unit_kind = forms.ChoiceField(
        label="单元类别", required=False, choices=[("", "全部"), *((k.value, t) for k, t in UNIT_TITLES.items())]
    )
    on = day_field("截至日期")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["division"].initial = actor.division
        self.fields["on"].initial = clock.legal_day(clock.now())

    def clean_division(self) -> str:
        within = Division.objects.visible_to(self.actor).below(self.actor.division or "")
        return division_code(self.cleaned_data["division"], within=within)


class ExportForm(RangeForm):
    """What is to be written, and what for."""

    kind = forms.ChoiceField(
        label="内容",
        choices=[
            (K.REGISTER.value, "登记簿：单元、空间单元、权利、限制、证书"),
            (K.CONTRACTS_OUT.value, "承包经营权数据交换表和地块图形"),
            (K.PACKAGE_OUT.value, "不动产登记汇交包"),
        ],
    )
    form = forms.ChoiceField(
        label="格式", choices=list(exchanging.FORMS.items()), help_text="只用于登记簿；另两种为 ZIP"
    )
    is_official = forms.BooleanField(label="正式汇交：写出完整证件号码，每次读取都留记录", required=False)
    purpose = forms.CharField(
        label="用途", max_length=200, required=False, help_text="正式汇交时必填：交给谁、用于什么"
    )

    field_order = ("kind", "form", "division", "unit_kind", "on", "is_official", "purpose")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        if not may(actor.role, EXCHANGE):
            del self.fields["is_official"], self.fields["purpose"]
            self.fields["kind"].choices = self.fields["kind"].choices[:1]  # type: ignore[attr-defined]


class TablesForm(forms.Form):
    """The tables of contracted land and the plots' outlines."""

    file = forms.FileField(
        label="交换表",
        help_text="xlsx，每张表一个工作表；或 ZIP：本平台导出的，或以表名命名的 DBF（如 CBF.dbf、CBDKXX.dbf）打成一个包。不超过 100 MB。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.zip"}),
    )
    outlines = forms.FileField(
        label="地块图形",
        required=False,
        help_text="GeoPackage、GeoJSON 或 Shapefile（ZIP），字段 DKBM；不交的，地块没有图形。",
        widget=forms.ClearableFileInput(attrs={"accept": ".gpkg,.geojson,.json,.zip"}),
    )


class PackageForm(forms.Form):
    """A package of the other side, and what is to be done with it."""

    aim = forms.ChoiceField(
        label="用途",
        required=False,
        initial=K.PACKAGE_CHECK.value,
        choices=[
            (K.PACKAGE_CHECK.value, "只核验，登记簿不变"),
            (K.PACKAGE_IN.value, "核对后导入登记簿（由另一位审核人员导入）"),
        ],
    )
    file = forms.FileField(
        label="汇交包", help_text="ZIP，不超过 100 MB。", widget=forms.ClearableFileInput(attrs={"accept": ".zip"})
    )


def _address(row: Exchange) -> str:
    return reverse("registry:exchange", args=[row.pk])


LISTING: Listing[Exchange] = Listing(
    title="数据汇交",
    columns=[
        Column("pk", "编号", lambda e: e.pk, order=("pk",), kind="code"),
        Column("kind", "种类", lambda e: e.get_kind_display(), link=_address),
        Column("division", "区划", lambda e: e.division.name),
        Column("file", "文件", lambda e: e.file_name, wide=True),
        Column("state", "状态", lambda e: e.get_state_display()),
        Column("official", "号码", lambda e: "完整" if e.is_official else ""),
        Column("by", "经办人", lambda e: str(e.user or "")),
        Column("at", "日期", lambda e: clock.legal_day(e.made_at), order=("made_at",), kind="date"),
    ],
    filters=[
        Filter("kind", "种类", options=[Option(value, label) for value, label in K.choices]),
        Filter("state", "状态", options=[Option(value, label) for value, label in S.choices]),
    ],
    order=("-pk",),
    empty="还没有汇交",
    empty_next="导出登记簿、承包交换表或汇交包，或者上传对方的文件。",
    row_link=_address,
)


@require_safe
@allows(BOOK_VIEW)
def exchanges(request: HttpRequest) -> HttpResponse:
    """Everything that went out and came in."""
    actor = actor_of(request)
    asked = LISTING.asked(request.GET)
    rows = queries.exchanges(actor, kind=asked.text("kind"), state=asked.text("state"))
    context = {"can_exchange": may(actor.role, EXCHANGE)}
    return LISTING.respond(request, asked, rows, template="registry/exchanges.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(BOOK_VIEW)
def new_export(request: HttpRequest) -> HttpResponse:
    """Have a file made of the register."""
    actor = actor_of(request)
    sent = request.method == "POST"
    form = ExportForm(request.POST if sent else None, actor=actor)
    if sent and form.is_valid():
        told = form.cleaned_data
        if told["kind"] != K.REGISTER or told.get("is_official"):
            require(actor, EXCHANGE)
        try:
            made = exchanging.start_export(**{**told, "kind": K(told["kind"])}, actor=actor, at=clock.now())
        except DomainError as error:
            form.add_error("purpose" if error.code.endswith("purpose_needed") else None, error.text)
        else:
            return redirect(_address(made))
    context = {
        "form": form, "title": "导出", "submit": "导出", "cancel_url": reverse(HOME), "divisions": divisions_below(actor),
        "crumbs": crumbs(("导出", None)),
        "note": "证件号码以掩码写出；正式汇交才写完整号码。大的范围在后台进行，可以离开页面。",
    }  # fmt: skip
    return render(request, "registry/exchange_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(EXCHANGE)
def new_tables(request: HttpRequest) -> HttpResponse:
    """Give the tables of contracted land."""
    return _given(request, TablesForm, K.CONTRACTS_IN, "导入承包交换表", "registry/exchange_tables.html")


@require_http_methods(["GET", "HEAD", "POST"])
@allows(EXCHANGE)
def new_package(request: HttpRequest) -> HttpResponse:
    """Give a package to be verified, or to be entered in the register."""
    return _given(request, PackageForm, K.PACKAGE_CHECK, "核验或导入汇交包", "registry/exchange_package.html")


def _given(
    request: HttpRequest, shape: type[forms.Form], kind: Exchange.Kind, title: str, template: str
) -> HttpResponse:
    sent = request.method == "POST"
    form = shape(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        file, outlines = form.cleaned_data["file"], form.cleaned_data.get("outlines")
        try:
            made = exchanging.take_file(
                kind=K(form.cleaned_data.get("aim") or kind), content=file.file, name=file.name,
                outlines=(outlines.file, outlines.name) if outlines else None, actor=actor_of(request), at=clock.now(),
            )  # fmt: skip
        except DomainError as error:
            form.add_error("file", error.text)
        else:
            return redirect(_address(made))
    context = {
        "form": form, "title": title, "submit": "上传并核对", "cancel_url": reverse(HOME), "crumbs": crumbs((title, None)),
    }  # fmt: skip
    return render(request, template, context, status=422 if form.errors else 200)


@require_safe
@allows(EXCHANGE)
def tables_template(request: HttpRequest) -> HttpResponse:
    """The empty workbook of the tables of contracted land."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return files.attached(empty_template(), name="承包交换表模板.xlsx", media_type=kind)


#: What the counts of an exchange are called, beside the tables.
_COUNTED = {
    "bad": "有错的行", "doubts": "待人工判定", "known": "登记簿上已有且一致的单元", "units": "单元", "entered": "导入的单元",
    "new_parties": "新登记的权利人", "features": "图形", "without_term": "没有止期、未列入",
}  # fmt: skip
_ONLY_SOME = ("bad", "doubts", "known", "without_term")


def _counts(found: Exchange) -> list[Fact]:
    tables = CONTRACT_TABLES if found.kind in (K.CONTRACTS_IN, K.CONTRACTS_OUT) else PACKAGE_TABLES
    return [
        Fact(_COUNTED[key] if key in _COUNTED else tables[key].title, f"{number:,}")
        for key in (*_COUNTED, *tables)
        if (number := found.counts.get(key)) is not None and (number or key not in _ONLY_SOME)
    ]


@require_safe
@allows(BOOK_VIEW)
def exchange(request: HttpRequest, exchange_id: int) -> HttpResponse:
    """One exchange: progress, then what was made or found."""
    actor = actor_of(request)
    found = queries.exchange(exchange_id, actor=actor)
    facts = [Fact("区划", found.division.name), Fact("日期" if found.is_given else "截至", found.on.isoformat())]
    if found.purpose:
        facts.append(Fact("用途", found.purpose))
    if found.user is not None:
        facts.append(Fact("上传人" if found.is_given else "经办人", str(found.user)))
    if found.applied_by is not None:
        facts.append(Fact("导入人", str(found.applied_by), note=found.judged))
    context = {
        "found": found,
        "job": found.job,
        "is_working": found.job is not None and not found.job.is_over,
        "title": found.file_name or str(found),
        "state": State(found.get_state_display(), TONES.get(found.state, "plain")),
        "facts": facts + _counts(found),
        "can_fetch": found.made_id is not None and _may_fetch(found, actor),
        "can_apply": may(actor.role, REVIEW),
        "is_own": found.user_id is not None and found.user_id == actor.user_id,
        "again": {
            K.CONTRACTS_IN.value: reverse("registry:new_tables"),
            K.PACKAGE_CHECK.value: reverse("registry:new_package"),
            K.PACKAGE_IN.value: reverse("registry:new_package"),
        }.get(found.kind, reverse("registry:new_export")),
        "crumbs": crumbs((f"第 {found.pk} 号", None)),
    }
    return render(request, "registry/exchange.html", context)


def _may_fetch(found: Exchange, actor: Actor) -> bool:
    """Whole numbers, and files that came in, are for those who exchange; masked exports for whoever sees the book."""
    return may(actor.role, EXCHANGE) or not (found.is_official or found.is_given)


@require_safe
@allows(BOOK_VIEW)
def exchange_file(request: HttpRequest, exchange_id: int) -> HttpResponse:
    """The file that was made: an export, or the marked copy of what was given."""
    actor = actor_of(request)
    found = queries.exchange(exchange_id, actor=actor)
    if found.made_id is None:
        raise ExchangeNotFound(exchange=exchange_id)
    if not _may_fetch(found, actor):
        require(actor, EXCHANGE)
    exchanging.note_reading(of=found, actor=actor, at=clock.now())
    return files.answer(found.made_id, name=found.made_name)


@require_POST
@allows(REVIEW)
def exchange_apply(request: HttpRequest, exchange_id: int) -> HttpResponse:
    """Have sound tables, or a sound package, entered in the register."""
    try:
        exchanging.start_apply(
            exchange_id=exchange_id, judged=request.POST.get("judged", ""), actor=actor_of(request), at=clock.now()
        )
    except DomainError as error:
        if error.status == 404:
            raise
        messages.error(request, error.text)
    return redirect("registry:exchange", exchange_id)
