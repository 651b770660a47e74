"""Erasing personal data: asked for by number, confirmed by typing, done by the security administrator."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ronghe.kernel.accounts.access import Request, allows, require

from .. import queries, services
from ..forms import EraseForm
from ..permissions import PARTY_ERASE
from .shown import act


@require_safe
@allows(PARTY_ERASE)
def erase_which(request: Request) -> HttpResponse:
    """Which party: by its number, which stands in the request of the person concerned."""
    text = request.GET.get("party", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 19:
        return redirect("parties:erase_party", int(text))
    context = {"asked": text, "fault": "编号是数字，写在权利人页面上方。" if text else ""}
    return render(request, "parties/erase_which.html", context)


@require_http_methods(["GET", "POST"])
@allows(PARTY_ERASE)
def erase(request: Request, party_id: int) -> HttpResponse:
    """Erase, after the words have been typed."""
    party = queries.party(party_id, actor=request.actor)
    require(request.actor, PARTY_ERASE, division=party.division_id)
    back = reverse("parties:erase")
    if party.erased_at:
        return render(request, "parties/erase_which.html", {"fault": f"编号 {party.pk} 的个人信息已经删除。"})
    form = EraseForm(request.POST or None)
    form.fields["confirmation"].help_text = f"请输入：{services.confirmation_of(party)}"

    def do(given: Mapping[str, Any]) -> object:
        return services.erase_party(
            party_id=party.pk,
            basis=given["basis"],
            confirmation=given["confirmation"],
            actor=request.actor,
            at=request.at,
        )

    return act(
        request,
        form,
        do,
        title=f"删除个人信息 · 编号 {party.pk}",
        submit="永久删除个人信息",
        done=lambda _: (f"编号 {party.pk} 的个人信息已删除，密钥已销毁。", back),
        cancel=back,
        erasing=party,
    )
