"""证书和证明: one with what is printed on it; printing, recalling, issuing another."""

from collections.abc import Callable
from datetime import datetime

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
from ronghe.kernel.pages import Fact, State
from ronghe.kernel.papers.permissions import PAPER_VIEW

from .. import services
from ..application_forms import RecallForm
from ..models import Certificate
from ..permissions import APPLICATION_VIEW, CERTIFICATE_ISSUE
from ..queries.certificates import certificate as found_certificate
from ..queries.certificates import certificate_facts


def address_of(found: Certificate) -> str:
    return reverse("registry:certificate", args=[found.pk])


@require_safe
@allows(APPLICATION_VIEW)
def certificate(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """One certificate or proof."""
    return _page(request, found_certificate(certificate_id, actor=actor_of(request)))


def _page(
    request: HttpRequest, found: Certificate, *, form: RecallForm | None = None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    told = certificate_facts(found)
    in_force = found.recalled_on is None
    issues = may(actor.role, CERTIFICATE_ISSUE) and reaches(actor, found.baunit.division_id)
    newer = Certificate.objects.visible_to(actor).filter(rrr=found.rrr_id, recalled_on=None).first()
    lines = (
        ("权利人", "、".join(told["holders"])), ("义务人", "、".join(told.get("obliged", []))),
        ("共有情况", told.get("co_ownership", "")), ("权利类型", told["right"]), ("权利性质", told.get("nature", "")),
        ("用途", told["use"]), ("面积", told["area"]), ("建筑面积", told["floor_area"]), ("期限", told["term"]),
        ("被担保债权", told.get("amount", "")), ("需役地", told.get("dominant", "")), ("坐落", told["location"] or told["division"]),
        ("依据", told["source"]), ("说明", told.get("text", "")),
    )  # fmt: skip
    context = {
        "certificate": found,
        "title": found.get_kind_display(),
        "state": State("有效", "good") if in_force else State("已收回", "bad"),
        "facts": [
            Fact("不动产单元", told["unit"], url=f"/registry/units/{found.baunit.code}/"),
            Fact("发证日期", found.issued_on.isoformat()),
            *([Fact("收回", f"{found.recalled_on}", note=found.recall_reason)] if not in_force else []),
        ],
        "lines": [(label, value) for label, value in lines if value],
        "family": told.get("family", []),
        "issues": issues,
        "may_print": issues and (in_force or found.paper_id is not None),
        "may_see_paper": found.paper_id is not None and may(actor.role, PAPER_VIEW),
        "form": (form or RecallForm()) if issues and in_force else None,
        "may_reissue": issues and newer is None,
        "newer": newer if newer is not None and newer.pk != found.pk else None,
        "crumbs": [("登记申请", reverse("registry:applications")), (found.number, None)],
    }
    return render(request, "registry/certificate.html", context, status=status)


def _mine(request: HttpRequest, certificate_id: int) -> Certificate:
    """A certificate that the actor may print and recall. Raises: CertificateNotFound, Forbidden."""
    actor = actor_of(request)
    found = found_certificate(certificate_id, actor=actor)
    require(actor, CERTIFICATE_ISSUE, division=found.baunit.division_id)
    return found


def _done(
    request: HttpRequest, found: Certificate, do: Callable[[Actor, datetime], HttpResponse], form: RecallForm | None
) -> HttpResponse:
    try:
        return do(actor_of(request), clock.now())
    except DomainError as error:
        if form is not None:
            form.add_error(None, error.text)
        else:
            messages.error(request, error.text)
        return _page(request, found, form=form, status=error.status)


@require_POST
@allows(CERTIFICATE_ISSUE)
def print_one(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """The paper of a certificate; printed again it is the same."""
    found = _mine(request, certificate_id)

    def do(actor: Actor, at: datetime) -> HttpResponse:
        paper = services.print_certificate(certificate_id=found.pk, actor=actor, at=at)
        return redirect("papers:paper", paper.pk)

    return _done(request, found, do, None)


@require_POST
@allows(CERTIFICATE_ISSUE)
def recall(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """Take a certificate back."""
    found, form = _mine(request, certificate_id), RecallForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)

    def do(actor: Actor, at: datetime) -> HttpResponse:
        services.recall_certificate(certificate_id=found.pk, reason=form.cleaned_data["reason"], actor=actor, at=at)
        messages.success(request, "证书已收回，核验页同时显示作废。")
        return redirect(address_of(found))

    return _done(request, found, do, form)


@require_POST
@allows(CERTIFICATE_ISSUE)
def reissue(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """Another certificate of the same right, as the book stands now (换证、补证)."""
    found = _mine(request, certificate_id)

    def do(actor: Actor, at: datetime) -> HttpResponse:
        made = services.certify(rrr_id=found.rrr_id, on=clock.legal_day(at), actor=actor, at=at)
        messages.success(request, f"已补发 {made.number}。")
        return redirect(address_of(made))

    return _done(request, found, do, None)


__all__ = ["address_of", "certificate", "print_one", "recall", "reissue"]
