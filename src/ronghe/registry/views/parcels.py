"""一张图地块信息: the sheet of collective construction land, and what is stated of one parcel (REG-13)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State

from ..models import BAUnit
from ..permissions import BOOK_VIEW, INTAKE
from ..queries import parcels as queries
from ..rules.codes import printed
from ..rules.parcel_sheet import PATHS, REQUIRED, SERVICES, lacking
from ..services.profiles import set_profile

HOME = "registry:parcels"


def _address(row: BAUnit) -> str:
    return reverse("registry:parcel", args=[row.pk])


def _told(row: BAUnit, name: str) -> Any:
    """A column that the query of parcels adds to a unit."""
    return getattr(row, name)


def services_of(row: BAUnit) -> str:
    return "、".join(SERVICES[one] for one in _told(row, "services") or ())


def path_of(row: BAUnit) -> str:
    return PATHS[_told(row, "path") or "undecided"]


def sides_of(row: BAUnit) -> str:
    named = [f"{side}至{value}" for side, name in zip("东南西北", ("east", "south", "west", "north"), strict=True) if (value := _told(row, name))]  # fmt: skip
    return "，".join(named) or ("见图形" if _told(row, "has_outline") else "")


LISTING: Listing[BAUnit] = Listing(
    title="集体建设用地地块信息",
    columns=[
        Column(
            "code", "不动产单元代码", lambda u: printed(u.code), order=("code",), kind="code", link=_address, wide=True
        ),
        Column("village", "区划", lambda u: u.division.name),
        Column("location", "坐落", lambda u: _told(u, "location") or ""),
        Column("sides", "四至", sides_of),
        Column("owner", "权属（所有权人）", lambda u: _told(u, "owner") or ""),
        Column("area", "登记面积（平方米）", lambda u: _told(u, "area_m2"), order=("area_m2",), kind="number"),
        Column("use", "用途", lambda u: _told(u, "use") or ""),
        Column("planned", "规划用途", lambda u: _told(u, "planned_use") or ""),
        Column("services", "基础设施", services_of),
        Column("path", "入市途径", path_of),
        Column("lacking", "尚缺", lambda u: "、".join(lacking(queries.sheet_of(u))) or "齐全"),
    ],
    filters=[
        Filter("division", "区划（名称或代码）", kind="text"),
        Filter("path", "入市途径", options=[Option(key, label) for key, label in PATHS.items()]),
        Filter("complete", "坐落、四至、权属", options=[Option("yes", "齐全"), Option("no", "有缺项")]),
    ],
    order=("code",),
    empty="还没有集体建设用地",
    empty_next="首次登记以后，地块就列在这里。",
    row_link=_address,
)


@require_safe
@allows(BOOK_VIEW)
def parcels(request: HttpRequest) -> HttpResponse:
    """The sheet of all parcels; its workbook is what is fed into the land information platform."""
    actor, on = actor_of(request), clock.legal_day(clock.now())
    asked = LISTING.asked(request.GET)
    complete = {"yes": True, "no": False}.get(asked.text("complete"))
    rows = queries.parcels(actor, on=on, division=asked.text("division"), path=asked.text("path"), is_complete=complete)
    context = {"lead": "坐落、四至、权属齐全的地块，再定入市途径；点开一块，填报规划用途和基础设施。"}
    return LISTING.respond(request, asked, rows, context=context)


class ProfileForm(forms.Form):
    """What the plan and the survey of services say of a parcel."""

    planned_use = forms.CharField(
        label="规划用途", max_length=40, required=False, help_text="按国土空间规划，如：工业用地"
    )
    services = forms.MultipleChoiceField(
        label="基础设施状况", required=False, choices=list(SERVICES.items()), widget=forms.CheckboxSelectMultiple
    )
    path = forms.ChoiceField(label="入市途径", choices=list(PATHS.items()))
    note = forms.CharField(label="说明", max_length=200, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(BOOK_VIEW)
def parcel(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One parcel: what stands in the register, what is lacking, and what is stated beside it."""
    actor, at = actor_of(request), clock.now()
    on = clock.legal_day(at)
    row = queries.parcel(unit_id, on=on, actor=actor)
    sent = request.method == "POST"
    if sent:
        require(actor, INTAKE)
    stated = {name: _told(row, name) for name in ("planned_use", "services", "path", "note")}
    form = ProfileForm(request.POST if sent else None, initial={**stated, "path": stated["path"] or "undecided"})
    if sent and form.is_valid():
        try:
            set_profile(baunit_id=unit_id, **form.cleaned_data, actor=actor, at=at)
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, "地块信息已保存。")
            return redirect("registry:parcel", unit_id)
    missing = lacking(queries.sheet_of(row))
    ruling = queries.map_ruling(row, on=on)
    context = {
        "row": row,
        "title": printed(row.code),
        "state": State("齐全", "good") if not missing else State(f"缺{'、'.join(missing)}", "warn"),
        "facts": [
            Fact("区划", row.division.name),
            Fact("坐落", _told(row, "location") or "（没有）"),
            Fact("四至", sides_of(row) or "（没有）"),
            Fact("所有权人", _told(row, "owner") or "（没有）"),
            Fact("登记面积", f"{_told(row, 'area_m2') or 0:,} 平方米"),
            Fact("用途", _told(row, "use") or "—"),
            Fact("规划用途", _told(row, "planned_use") or "—"),
            Fact("基础设施状况", services_of(row) or "—"),
            Fact("入市途径", path_of(row)),
        ],
        "required": [(one, one not in missing) for one in REQUIRED],
        "steps": ruling.ruling.steps if ruling is not None else (),
        "can_edit": may(actor.role, INTAKE),
        "form": form,
        "submit": "保存地块信息",
        "crumbs": [("地块信息", reverse(HOME)), (printed(row.code), None)],
    }
    return render(request, "registry/parcel.html", context, status=422 if form.errors else 200)
