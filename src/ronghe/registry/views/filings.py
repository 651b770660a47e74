"""转移备案: the list, one filing with what still stands of it, a new one, renewal and end."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, reaches
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State
from ronghe.kernel.parties.models import Party

from .. import services
from ..models import KeptRightsFiling
from ..permissions import FILING_KEEP, MEMBER_VIEW, MEMBER_WORK, OWN_APPLY, OWN_CASES
from ..queries import filings as queries
from ..roll_forms import FilingForm
from .roll_shown import case_page, formed, paper_page, party_page, sought


def address_of(of: KeptRightsFiling) -> str:
    return reverse("registry:filing", args=[of.pk])


@require_safe
@allows(MEMBER_VIEW, OWN_CASES)
def filings(request: HttpRequest) -> HttpResponse:
    """The filings that one may see, newest first."""
    actor = actor_of(request)
    applies = may(actor.role, OWN_APPLY)
    listing: Listing[Any] = Listing(
        title="转移备案",
        columns=[
            Column("household", "农户", lambda f: f.household.name, order=("household__pinyin",), link=address_of, wide=True),
            Column("village", "村", lambda f: f.division.name, order=("division",)),
            Column("moved_on", "迁移日期", lambda f: f.moved_on, order=("moved_on",), kind="date"),
            Column("moved_to", "迁入地", lambda f: f.moved_to),
            Column("rights", "备案权益", lambda f: f.rights, order=("rights",), kind="number"),
            Column("number", "备案证", lambda f: f.paper.number if f.paper else "", kind="code"),
            Column("state", "状态", lambda f: f.get_ended_by_display() or "有效"),
        ],
        filters=[
            Filter("text", "农户", kind="text"),
            Filter("state", "状态", options=[Option("standing", "有效"), Option("over", "已终止")]),
        ],
        order=("-pk",),
        empty="还没有转移备案",
        empty_next=f"户籍迁入城镇的，{'您可以自己申请' if applies else '由窗口申请'}备案：列出迁移日仍有效的权益，备案期间非本人申请不得注销、收回、转移。",
        row_link=address_of,
    )  # fmt: skip
    asked = listing.asked(request.GET)
    rows = queries.filings(actor, text=asked.text("text"), state=asked.text("state"))
    context = {
        "lead": "进城落户不必退地：迁户前的成员身份、宅基地和承包地权益，备案后照旧保留。",
        "new": reverse("registry:own_filing")
        if applies
        else reverse("registry:filing_new")
        if may(actor.role, MEMBER_WORK)
        else "",
        "crumbs": [("成员、备案和台账", reverse("registry:rolls")), ("转移备案", None)],
    }
    return listing.respond(request, asked, rows, template="registry/filings.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(MEMBER_WORK)
def filing_new(request: HttpRequest) -> HttpResponse:
    """Apply for the filing of a household."""
    actor, at = actor_of(request), clock.now()
    text, found = sought(request, kind=Party.Kind.HOUSEHOLD)
    form = FilingForm(request.POST if request.method == "POST" else None, found=found)

    def do(given: dict[str, Any]) -> str:
        made = services.apply_for_filing(
            household_id=int(given["party"]), moved_on=given["on"], moved_to=given["moved_to"], actor=actor, at=at
        )
        messages.success(request, "已受理。请上传书面申请和迁移证明，再报部门复核。")
        return reverse("casework:case", args=[made.pk])

    context = {
        "title": "申请转移备案", "lead": "先按户名或户主姓名找到农户，再填写迁移情况。",
        "query": text, "found": found, "label": "户名或户主姓名",
        "missing": "没有找到这户人家。请核对名称，或先在“权利人”里登记农户。",
        "submit": "提交申请", "cancel_url": reverse("registry:filings"),
        "crumbs": [("转移备案", reverse("registry:filings")), ("申请", None)],
    }  # fmt: skip
    return formed(request, form, do, "registry/pick.html", context)


@require_safe
@allows(MEMBER_VIEW, OWN_CASES)
def filing(request: HttpRequest, filing_id: int) -> HttpResponse:
    """One filing: what it lists and what still stands of it today."""
    return _page(request, queries.filing(filing_id, actor=actor_of(request)))


def _page(request: HttpRequest, found: KeptRightsFiling, *, fault: str = "", status: int = 200) -> HttpResponse:
    actor, day = actor_of(request), clock.legal_day(clock.now())
    items = queries.standing_items(found, day=day)
    standing = sum(stands for _, stands in items)
    keeps = found.ended_on is None and may(actor.role, FILING_KEEP) and reaches(actor, found.division_id)
    facts = [
        Fact("农户", found.household.name, url=party_page(found.household_id, actor)),
        Fact("户籍迁移", f"{found.moved_on}，迁往{found.moved_to}"),
        Fact("备案日期", found.filed_on.isoformat(), note=f"{found.renewed_on} 续办" if found.renewed_on else ""),
        Fact("仍然有效", f"{standing} 项", note=f"备案 {len(items)} 项"),
    ]
    due = queries.renewal_due(found)
    if due is not None:
        note = "已到期，请续办换证；权益照旧保留" if due < day else "到期前到窗口续期"
        facts.append(Fact("续办期限", due.isoformat(), note=note))
    if page := case_page(found.case_id, actor):
        facts.append(Fact("办件", "查看", url=page))
    context = {
        "filing": found, "paper_url": paper_page(found.paper, actor), "items": items, "fault": fault, "keeps": keeps, "standing": standing,
        "is_overdue": due is not None and due < day,
        "ends": [(one.value, one.label) for one in KeptRightsFiling.End],
        "title": f"{found.household.name}转移备案",
        "state": State(found.get_ended_by_display(), "plain") if found.ended_on else State("有效", "good"),
        "facts": facts,
        "crumbs": [("转移备案", reverse("registry:filings")), (found.household.name, None)],
    }  # fmt: skip
    return render(request, "registry/filing.html", context, status=status)


@require_POST
@allows(FILING_KEEP)
def filing_act(request: HttpRequest, filing_id: int) -> HttpResponse:
    """Renew a filing, or end it."""
    actor, at = actor_of(request), clock.now()
    found = queries.filing(filing_id, actor=actor)
    try:
        if request.POST.get("act") == "renew":
            services.renew_filing(filing_id=found.pk, actor=actor, at=at)
            said = "已续办，新的备案证已生成，原证作废。"
        else:
            cause = request.POST.get("ended_by", "")
            if cause not in KeptRightsFiling.End.values:
                return _page(request, found, fault="请选择终止的原因。", status=422)
            services.end_filing(filing_id=found.pk, ended_by=KeptRightsFiling.End(cause), actor=actor, at=at)
            said = "转移备案已终止。"
    except DomainError as error:
        return _page(request, queries.filing(filing_id, actor=actor), fault=error.text, status=error.status)
    messages.success(request, said)
    return redirect(address_of(found))
