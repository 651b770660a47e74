"""收益分配权办件 and certificates: a case with its list, filled in by table or by file; a certificate with its paper."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, reaches, require
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files import services as files
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.pages import Fact, State
from ronghe.kernel.papers.permissions import PAPER_VIEW
from ronghe.policy.views.calculators import Basis

from .. import services
from ..income_forms import RecountForm, TableForm
from ..income_table import Fault, table
from ..models import IncomeApplication
from ..permissions import CERTIFICATE_ISSUE, MEMBER_VIEW, MEMBER_WORK, OWN_CASES
from ..procedures.income import facts_of
from ..queries import income as queries
from ..rules.income import CAUSES, IncomeMatter, hundredths, share_words
from ..services.income import PREPARE
from .income import address_of
from .members import TONES
from .roll_shown import case_page, panel

#: A longer list is filled in as a file: a form has no more fields.
MOST_INPUTS = 400
#: So many faults of a file are told on the page; all of them stand in the marked copy.
MOST_FAULTS = 20


def case_address(case_id: int) -> str:
    return reverse("registry:income_case", args=[case_id])


@require_safe
@allows(MEMBER_VIEW, OWN_CASES)
def income_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case: what is asked for, the list, and what the rule says as the roll stands today."""
    return _page(request, queries.application(case_id, actor=actor_of(request)))


def _page(
    request: HttpRequest,
    found: IncomeApplication,
    *,
    fault: str = "",
    faults: tuple[Fault, ...] = (),
    typed: dict[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, day = actor_of(request), clock.legal_day(clock.now())
    works = may(actor.role, MEMBER_WORK) and reaches(actor, found.case.division_id)
    is_first = found.matter == IncomeMatter.FIRST
    editable = works and is_first and found.case.step == PREPARE and found.case.state == "open"
    lines = queries.lines_of(found, actor=actor) if is_first else ()
    assigned = sum(line.shares_hundredths for line in lines)
    seen = may(actor.role, MEMBER_VIEW)
    page = case_page(found.pk, actor)
    of_collective = address_of(found.collective) if seen else ""
    context = {
        "found": found,
        "title": found.case.title,
        "state": State(found.case.get_state_display(), TONES[found.case.state]),
        "facts": [
            *(replace(one, url=of_collective) if one.value == found.collective.name else one for one in facts_of(found)),
            Fact("办件", found.case.number, url=page),
        ],
        "case_url": page,
        "works": works,
        "basis": None if found.case.is_over else _basis(found, queries.asked(found, day=day), actor),
        "lines": [(line, _text(line.household_id, line.shares_hundredths, typed)) for line in lines],
        "is_first": is_first,
        "members": sum(line.members for line in lines),
        "assigned": share_words(assigned),
        "total": _plain(found.total_hundredths or 0),
        "difference": _difference(assigned, found.total_hundredths or 0) if lines else "",
        "editable": editable,
        "by_form": editable and len(lines) <= MOST_INPUTS,
        "table_form": TableForm() if editable else None,
        "recount_form": RecountForm(initial={"counted_on": day}) if editable else None,
        "fault": fault,
        "faults": faults[:MOST_FAULTS],
        "faults_count": len(faults),
        "crumbs": [
            ("集体收益分配权", reverse("registry:income") if seen else None),
            (found.collective.name, of_collective or None),
            (found.case.number, None),
        ],
    }  # fmt: skip
    return render(request, "registry/income_case.html", context, status=status)


def _text(household: int, shares: int, typed: dict[int, str] | None) -> str:
    """What stands in the cell of a household: what was typed and refused, else its share."""
    return typed[household] if typed is not None and household in typed else _plain(shares)


def _plain(number: int) -> str:
    return share_words(number).removesuffix(" 份").replace(",", "")


def _difference(assigned: int, total: int) -> str:
    if assigned == total:
        return ""
    return f"比总份数{'多' if assigned > total else '少'} {share_words(abs(assigned - total))}"


def _basis(found: IncomeApplication, told: queries.Asked, actor: Actor) -> Basis:
    made = panel(told.ruling, told.given.values(), rule=told.rule, zone=found.case.zone, actor=actor)
    if told.ruling.value is True:
        return replace(made, result="可以登记")
    if told.ruling.value is False:
        return replace(made, result="还不能登记")
    if told.ruling.missing == (CAUSES,):
        return replace(made, result="由审核人员判断", missing=())
    return replace(made, result="还不能判定")


def _mine(request: HttpRequest, case_id: int) -> IncomeApplication:
    """A case that the actor works on. Raises: IncomeCaseNotFound, Forbidden."""
    actor = actor_of(request)
    found = queries.application(case_id, actor=actor)
    require(actor, MEMBER_WORK, division=found.case.division_id)
    return found


def _done(
    request: HttpRequest,
    found: IncomeApplication,
    do: Callable[[], Any],
    said: str,
    typed: dict[int, str] | None = None,
) -> HttpResponse:
    try:
        do()
    except DomainError as error:
        return _page(request, found, fault=error.text, typed=typed, status=error.status)
    messages.success(request, said)
    return redirect(case_address(found.pk))


@require_POST
@allows(MEMBER_WORK)
def income_lines(request: HttpRequest, case_id: int) -> HttpResponse:
    """Write the shares that were typed into the table; one that is no number is told, and nothing is written."""
    found = _mine(request, case_id)
    typed = {
        int(name[1:]): value for name, value in request.POST.items() if name[:1] == "s" and name[1:].isdecimal() and len(name) < 18
    }  # fmt: skip
    shares: dict[int, int] = {}
    wrong: list[str] = []
    names = dict(found.lines.values_list("household_id", "household__name"))
    for household, text in typed.items():
        try:
            shares[household] = hundredths(str(text)[:40])
        except ValueError as error:
            wrong.append(f"{names.get(household, household)}：{error}")
    total: int | None = None
    try:
        total = hundredths(request.POST["total"][:40]) if "total" in request.POST else None
    except ValueError as error:
        wrong.insert(0, f"总份数：{error}")
    kept = {pk: str(text) for pk, text in typed.items()}
    if wrong:
        told = "；".join(wrong[:5]) + (f"；另有 {len(wrong) - 5} 处" if len(wrong) > 5 else "")
        return _page(request, found, fault=f"{told}。没有保存，请改正后再保存。", typed=kept, status=422)

    def do() -> None:
        services.set_income_lines(
            case_id=found.pk, shares=shares, total_hundredths=total, actor=actor_of(request), at=clock.now()
        )

    return _done(request, found, do, "份额已保存，规则已重新核对。", kept)


@require_POST
@allows(MEMBER_WORK)
def income_recount(request: HttpRequest, case_id: int) -> HttpResponse:
    """Count the households of the roll again."""
    found, form = _mine(request, case_id), RecountForm(request.POST)
    if not form.is_valid():
        return _page(request, found, fault=_first(form), status=422)

    def do() -> None:
        day = form.cleaned_data["counted_on"]
        services.recount_income_lines(case_id=found.pk, counted_on=day, actor=actor_of(request), at=clock.now())

    return _done(request, found, do, "已按名册重新统计，总份数按人数分到各户。")


@require_safe
@allows(MEMBER_WORK)
def income_table(request: HttpRequest, case_id: int) -> HttpResponse:
    """The list as a workbook to fill in."""
    found = _mine(request, case_id)
    rows = queries.lines_of(found, actor=actor_of(request))
    content = table((one.household_id, one.household.name, one.members, one.shares_hundredths) for one in rows)
    return files.attached(content, name=f"{found.case.number}清单.xlsx", media_type=FileKind.XLSX.media_type)


@require_POST
@allows(MEMBER_WORK)
def income_upload(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take the list back, all of it or nothing; what is wrong is told here and marked in a copy."""
    found, form = _mine(request, case_id), TableForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, fault=_first(form), status=422)
    given = form.cleaned_data["file"]
    try:
        faults = services.take_income_table(
            case_id=found.pk, content=given.read(), name=given.name, actor=actor_of(request), at=clock.now()
        )
    except DomainError as error:
        return _page(request, found, fault=error.text, status=error.status)
    if faults:
        found.refresh_from_db()
        return _page(request, queries.application(found.pk, actor=actor_of(request)), faults=faults, status=422)
    messages.success(request, "清单已整份收下，规则已重新核对。")
    return redirect(case_address(found.pk))


@require_safe
@allows(MEMBER_WORK)
def income_marked(request: HttpRequest, case_id: int) -> HttpResponse:
    """The last list that was brought, with its faults marked."""
    found = _mine(request, case_id)
    return files.answer(found.marked_id or "", name=f"{found.case.number}标注.xlsx")


def _first(form: forms.Form) -> str:
    return "；".join(
        f"{form.fields[name].label}：{errors[0]}" for name, errors in form.errors.items() if name in form.fields
    )


# -- certificates ----------------------------------------------------------------------------------------------------


@require_safe
@allows(MEMBER_VIEW)
def income_certificate(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """One certificate."""
    return _certificate_page(request, certificate_id)


def _certificate_page(request: HttpRequest, certificate_id: int, *, fault: str = "", status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    found = queries.certificate(certificate_id, actor=actor)
    in_force = found.recalled_on is None
    issues = may(actor.role, CERTIFICATE_ISSUE) and reaches(actor, found.collective.division_id)
    context = {
        "certificate": found,
        "title": "集体收益分配权证",
        "state": State("有效", "good") if in_force else State("已收回", "bad"),
        "facts": [
            Fact("农村集体经济组织", found.collective.name, url=address_of(found.collective)),
            Fact("农户", found.holder.name, url=reverse("registry:income_holder", args=[found.collective_id, found.holder_id])),
            Fact("份额", share_words(found.shares_hundredths)),
            Fact("发证日期", found.issued_on.isoformat()),
            *([] if in_force else [Fact("收回", f"{found.recalled_on}", note=found.recall_reason)]),
        ],
        "may_print": issues and in_force and found.paper_id is None,
        "may_see_paper": found.paper_id is not None and may(actor.role, PAPER_VIEW),
        "fault": fault,
        "crumbs": [
            ("集体收益分配权", reverse("registry:income")), (found.collective.name, address_of(found.collective)),
            (found.number, None),
        ],
    }  # fmt: skip
    return render(request, "registry/income_certificate.html", context, status=status)


@require_POST
@allows(CERTIFICATE_ISSUE)
def income_certificate_print(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """The paper of a certificate; printed again it is the same."""
    actor = actor_of(request)
    found = queries.certificate(certificate_id, actor=actor)
    require(actor, CERTIFICATE_ISSUE, division=found.collective.division_id)
    try:
        paper = services.print_income_certificate(certificate_id=found.pk, actor=actor, at=clock.now())
    except DomainError as error:
        return _certificate_page(request, found.pk, fault=error.text, status=error.status)
    return redirect("papers:paper", paper.pk)


__all__ = [
    "income_case",
    "income_certificate",
    "income_certificate_print",
    "income_lines",
    "income_marked",
    "income_recount",
    "income_table",
    "income_upload",
]
