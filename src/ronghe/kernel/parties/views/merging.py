"""Suspected duplicates, side by side; merging and undoing."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ronghe.kernel.accounts.access import Request, allows, require
from ronghe.kernel.clock import legal_day
from ronghe.kernel.pages import Column, Listing

from .. import queries, services
from ..errors import PartyNotFound
from ..forms import ReasonForm
from ..models import Party, PartyMerge
from ..permissions import PARTY_MERGE
from .shown import act, address, editable, state_of


@require_safe
@allows(PARTY_MERGE)
def duplicates(request: Request) -> HttpResponse:
    """What may have been registered twice, the surest first."""
    found = [
        (one.why, one.strength, [(party, address(party)) for party in one.parties], _pairs(one.parties))
        for one in queries.duplicates(request.actor)
    ]
    context = {"found": found, "crumbs": [("权利人", reverse("parties:parties")), ("疑似重复", "")]}
    return render(request, "parties/duplicates.html", context)


def _pairs(parties: tuple[Party, ...]) -> list[tuple[int, int]]:
    """Each later row beside the first: the older registration is proposed to be kept."""
    return [(later.pk, parties[0].pk) for later in parties[1:]]


@require_http_methods(["GET", "POST"])
@allows(PARTY_MERGE)
def merge(request: Request) -> HttpResponse:
    """Two parties side by side; one is kept, the other becomes part of it."""
    source, target = (_asked(request, name) for name in ("source", "target"))
    form = ReasonForm(request.POST or None)

    def do(given: Mapping[str, Any]) -> object:
        return services.merge_parties(
            source_id=source.pk, target_id=target.pk, reason=given["reason"], actor=request.actor, at=request.at
        )

    here = f"{reverse('parties:merge')}?source={target.pk}&target={source.pk}"
    return act(
        request,
        form,
        do,
        title="合并重复权利人",
        submit=f"把 {source.pk} 并入 {target.pk}",
        done=lambda _: (f"已把 {source.pk} 并入“{target.name}”。核实有误可以在合并记录里撤销。", address(target)),
        cancel=reverse("parties:duplicates"),
        party=target,
        sides=_sides(request, source, target),
        swapped=here,
        note="号码、农户成员关系和其他引用移到保留的登记；历史不改写，可以撤销。",
    )


def _asked(request: Request, name: str) -> Party:
    text = request.GET.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise PartyNotFound(party_id=text[:20] or "（未填）")
    return editable(request, int(text), PARTY_MERGE)


def _sides(request: Request, source: Party, target: Party) -> list[dict[str, Any]]:
    """Both parties; each fact says whether the other side has another."""
    sides = [_side(request, source, "将被并入"), _side(request, target, "保留")]
    values = [dict(side["facts"]) for side in sides]
    for side in sides:
        side["facts"] = [
            (label, value, "—" not in (values[0][label], values[1][label]) and values[0][label] != values[1][label])
            for label, value in side["facts"]
        ]
    return sides


def _side(request: Request, party: Party, role: str) -> dict[str, Any]:
    home = queries.household_of(party, on=legal_day(request.at))
    return {
        "party": party,
        "role": role,
        "url": address(party),
        "state": state_of(party),
        "facts": [
            ("名称", party.name),
            ("类别", party.get_kind_display()),
            ("所属区划", party.division.name),
            ("出生日期", party.birth_date.isoformat() if party.birth_date else "—"),
            ("性别", party.get_sex_display() or "—"),
            ("所在农户", f"{home.household.name}（{home.get_relation_display()}）" if home else "—"),
            ("号码", "、".join(f"{n.get_kind_display()} {n.masked}" for n in queries.identifiers(party)) or "—"),
        ],
    }


MERGES: Listing[PartyMerge] = Listing(
    title="合并记录",
    columns=(
        Column("id", "编号", lambda m: m.pk, kind="code"),
        Column("target", "保留的登记", lambda m: m.target.name, link=lambda m: address(m.target), wide=True),
        Column("source", "被并入的登记", lambda m: m.source.pk, link=lambda m: address(m.source), kind="code"),
        Column("reason", "理由", lambda m: m.reason),
        Column("at", "合并日期", lambda m: m.at, order=("at",), kind="date"),
        Column("undo", "撤销", lambda m: m.undone_at or "可撤销", template="parties/_undo.html"),
    ),
    order=("-at", "-pk"),
    empty="还没有合并过权利人。",
    empty_next="疑似重复的登记列在“疑似重复”里。",
)


@require_safe
@allows(PARTY_MERGE)
def merges(request: Request) -> HttpResponse:
    """What was merged, and what was undone."""
    return MERGES.respond(request, MERGES.asked(request.GET), queries.merges(request.actor))


@require_http_methods(["GET", "POST"])
@allows(PARTY_MERGE)
def undo(request: Request, merge_id: int) -> HttpResponse:
    """Part again what was joined."""
    made = queries.merge(merge_id, actor=request.actor)
    require(request.actor, PARTY_MERGE, division=made.target.division_id)

    def do(given: Mapping[str, Any]) -> object:
        return services.undo_merge(merge_id=made.pk, reason=given["reason"], actor=request.actor, at=request.at)

    return act(
        request,
        ReasonForm(request.POST or None),
        do,
        title=f"撤销第 {made.pk} 号合并",
        submit="撤销合并",
        done=lambda _: ("已撤销合并，两条登记恢复原状。", address(made.source)),
        cancel=reverse("parties:merges"),
        party=made.target,
        lead=f"编号 {made.source_id} 将从“{made.target.name}”（编号 {made.target_id}）里分出来，移过去的内容移回原处。",
    )
