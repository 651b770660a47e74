"""Corrections of a plan: one task, names, zone and head, doubts, matches, and the list of all of them with undo."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.regions.models import Division, Level, OrgUnit
from ronghe.policy import queries as policy
from ronghe.policy.drafting import HEAD_FIELDS, TASK_FIELDS, ZONE_FIELDS, Current, DraftTask
from ronghe.policy.models import PlanDraft, Room, Topic
from ronghe.policy.packs.build import MEMBER_DIVISION
from ronghe.policy.queries import drafts as queries
from ronghe.policy.revising import differences
from ronghe.policy.services import drafts

from .. import services
from ..permissions import PLAN_INTAKE
from .plans import head_of

Given = Mapping[str, Any]


class TaskNotInDraft(NotFound):
    """No such task in the draft."""

    code = "governance.task_not_in_draft"
    message = "这份方案里没有“{key}”这项任务。请回到对照原文页重新选择。"


def _correct(
    request: HttpRequest, draft: PlanDraft, target: str, key: str, given: Given, *, reason: str = ""
) -> list[str]:
    """Make the corrections that differ; returns what was refused, the rest stands."""
    faults = []
    for field, value in given.items():
        try:
            services.correct(
                draft_id=draft.pk, target=target, key=key, field=field, value=value, reason=reason,
                actor=actor_of(request), at=clock.now(),
            )  # fmt: skip
        except DomainError as error:
            if error.status in (403, 404, 409):
                raise
            faults.append(error.text)
    return faults


def _told(request: HttpRequest, faults: list[str], done: str = "已更正。") -> None:
    for fault in faults:
        messages.error(request, fault)
    if not faults:
        messages.success(request, done)


def _back(request: HttpRequest, otherwise: str) -> str:
    """Where the form was: an address within the plan's own pages."""
    back = request.POST.get("back", "")
    return back if back.startswith("/office/plans/") else otherwise


# -- one task ------------------------------------------------------------------------------------------------------


def _task_of(draft: PlanDraft, key: str) -> tuple[Current, DraftTask]:
    here = drafts.current_of(draft)
    one = here.task(key)
    if one is None:
        raise TaskNotInDraft(key=key)
    return here, one


@require_safe
@allows(PLAN_INTAKE)
def task(request: HttpRequest, draft_id: int, key: str) -> HttpResponse:
    """One task with everything that may be corrected, and its place in the text."""
    draft = queries.draft(draft_id, actor=actor_of(request))
    if draft.reading is None:
        raise TaskNotInDraft(key=key)
    here, one = _task_of(draft, key)
    keys = [t.key for t in here.tasks]
    at = keys.index(key)
    context = {
        **head_of(request, draft, "task"),
        "one": one,
        "fields": _task_fields(one),
        "rooms": Room.choices,
        "topics": Topic.objects.order_by("code"),
        "previous": keys[at - 1] if at else "",
        "following": keys[at + 1] if at + 1 < len(keys) else "",
        "title": one.task.title,
        "facts": None,
        "tabs": None,
        "crumbs": [
            ("方案入库", reverse("governance:plans")),
            (f"第 {draft.pk} 号", reverse("governance:plan", args=[draft.pk])),
            (one.label, None),
        ],
    }
    return render(request, "governance/plan_task.html", context)


def _task_fields(one: DraftTask) -> list[dict[str, Any]]:
    worth = {
        "title": one.task.title,
        "lead": "、".join(one.task.lead),
        "cooperating": "、".join(one.task.cooperating),
        "responsible": "、".join(one.task.responsible),
        "deadline": one.task.deadline or "",
        "milestones": "\n".join(f"{m.date.isoformat()} {m.text}" for m in one.task.milestones),
        "areas": "、".join(one.task.areas),
    }
    hints = {"milestones": "一行一个：日期、空格、目标。", "lead": "用顿号隔开。"}
    return [
        {
            "name": name, "label": TASK_FIELDS[name], "value": value, "hint": hints.get(name, ""),
            "is_corrected": name in one.corrected, "is_long": name in ("title", "milestones"),
        }
        for name, value in worth.items()
    ]  # fmt: skip


@require_POST
@allows(PLAN_INTAKE)
def change_task(request: HttpRequest, draft_id: int, key: str) -> HttpResponse:
    """Correct a task, say that it was looked at, or take it out."""
    draft = queries.draft(draft_id, actor=actor_of(request))
    _task_of(draft, key)
    if "looked" in request.POST:
        faults = _correct(request, draft, "task", key, {"looked": True})
        _told(request, faults, "已标为看过。")
    elif "remove" in request.POST or "restore" in request.POST:
        reason = request.POST.get("reason", "").replace("\x00", "")
        faults = _correct(request, draft, "task", key, {"removed": "remove" in request.POST}, reason=reason)
        _told(request, faults)
    else:
        names = [name for name in TASK_FIELDS if name in request.POST]
        _, one = _task_of(draft, key)
        given = {name: request.POST[name] for name in names}
        faults = _correct(request, draft, "task", key, given)
        if not faults and one.wants_a_look and not _task_of(draft, key)[1].corrected:
            _correct(request, draft, "task", key, {"looked": True})
        _told(request, faults)
    following = request.POST.get("following", "")
    address = reverse("governance:task", args=[draft.pk, key])
    if not faults and following and "next" in request.POST:
        address = reverse("governance:task", args=[draft.pk, following])
    return redirect(_back(request, address))


@require_POST
@allows(PLAN_INTAKE)
def added_task(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Add a task that the reader has missed."""
    draft = queries.draft(draft_id, actor=actor_of(request))
    given = {"label": request.POST.get("label", ""), "title": request.POST.get("title", "")}
    faults = _correct(request, draft, "task", "new", {"added": given}, reason="阅读时漏读")
    _told(request, faults, "已补上一项任务，请填写它的单位和时限。")
    if not faults:
        draft.refresh_from_db(fields=["change_count"])
        return redirect("governance:task", draft.pk, f"a{draft.change_count}")
    return redirect("governance:plan", draft.pk)


@require_POST
@allows(PLAN_INTAKE)
def read_again(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Read a plan again whose reading was cancelled or has failed."""
    draft = queries.draft(draft_id, actor=actor_of(request))
    services.read_again(draft_id=draft.pk, actor=actor_of(request), at=clock.now())
    return redirect("governance:plan", draft.pk)


# -- doubts, matches, undo -----------------------------------------------------------------------------------------


@require_POST
@allows(PLAN_INTAKE)
def settle(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Say what was found of a doubt; of all that are left with one word."""
    draft = queries.draft(draft_id, actor=actor_of(request))
    value = request.POST.get("value", "")
    key = request.POST.get("key", "")
    keys = [one.key for one in drafts.current_of(draft).doubts if not one.settled] if key == "all" else [key]
    faults: list[str] = []
    for one in keys:
        faults += _correct(request, draft, "doubt", one, {"settled": value})
        if faults:
            break
    _told(request, faults, "已处理。")
    return redirect(_back(request, reverse("governance:plan", args=[draft.pk])))


@require_POST
@allows(PLAN_INTAKE)
def match(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Say which clause of a revision an old one has become, or that it has become none."""
    draft = queries.draft(draft_id, actor=actor_of(request))
    label = "" if "none" in request.POST else request.POST.get("new", "")
    pairs = {request.POST.get("old", ""): label}
    if "all" in request.POST:
        rows = [row for row in differences(drafts.current_of(draft)) if row.kind == "moved" and row.wants_a_word]
        pairs = {row.old_label: row.new_label for row in rows}
    faults: list[str] = []
    for old, new in pairs.items():
        faults += _correct(request, draft, "match", old, {"label": new})
    _told(request, faults, "已记下。")
    return redirect("governance:changes", draft.pk)


@require_POST
@allows(PLAN_INTAKE)
def undo(request: HttpRequest, draft_id: int, number: int) -> HttpResponse:
    """Undo one correction."""
    draft = queries.draft(draft_id, actor=actor_of(request))
    services.undo(draft_id=draft.pk, number=number, actor=actor_of(request), at=clock.now())
    messages.success(request, f"已撤销第 {number} 次改动。")
    return redirect("governance:changes", draft.pk)


@require_safe
@allows(PLAN_INTAKE)
def changes(request: HttpRequest, draft_id: int) -> HttpResponse:
    """What a revision changes clause by clause, and every correction with its undo."""
    draft = queries.draft(draft_id, actor=actor_of(request))
    rows = list(draft.changes.select_related("user").order_by("-number"))
    undone = {row.undoes for row in rows}
    labels = {"task": TASK_FIELDS, "head": HEAD_FIELDS, "zone": ZONE_FIELDS}
    extra = {"looked": "看过", "added": "补上任务", "choice": "对应", "settled": "处理存疑", "label": "条款对应"}
    head = head_of(request, draft, "changes")
    context = {
        **head,
        "same_count": sum(one.kind == "same" for one in head["differences"]),
        "moved_count": sum(one.kind == "moved" and one.wants_a_word for one in head["differences"]),
        "rows": [
            {
                "row": row,
                "field": labels.get(row.target, {}).get(row.field) or extra.get(row.field, row.field),
                "is_undone": row.number in undone,
                "may_undo": row.target != "undo" and row.number not in undone,
                "before": _shown(row.before),
                "value": _shown(row.value),
            }
            for row in rows
        ],
    }
    return render(request, "governance/plan_changes.html", context)


def _shown(value: Any) -> str:
    match value:
        case None | "" | []:
            return "（空）"
        case bool():
            return "是" if value else "否"
        case list():
            return "、".join(_shown(one) for one in value)
        case dict():
            return "，".join(_shown(one) for one in value.values() if one not in (None, "", [], False))
        case _:
            return str(value)


# -- names and zone ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@allows(PLAN_INTAKE)
def names(request: HttpRequest, draft_id: int) -> HttpResponse:
    """What each name of a unit or an area means."""
    draft = queries.draft(draft_id, actor=actor_of(request))
    if request.method == "POST":
        return _name_given(request, draft)
    context = head_of(request, draft, "names")
    here: Current | None = context["draft"]
    if here is None:
        return redirect("governance:plan", draft.pk)
    below = Division.objects.visible_to(actor_of(request)).below(here.zone.seat).exclude(level="village")
    names_of = dict(below.values_list("code", "name"))
    context |= {
        "units": [(one, _members(one.members, names_of)) for one in sorted(here.units.values(), key=_open_first)],
        "areas": [
            (one, "、".join(names_of.get(code, code) for code in one.divisions))
            for one in sorted(here.areas.values(), key=lambda a: a.is_decided)
        ],
        "open_units": sum(1 for one in here.units.values() if not (one.is_known or one.is_decided)),
        "known_units": OrgUnit.objects.visible_to(actor_of(request)).filter(division=here.zone.seat).order_by("pinyin"),
        "divisions": below.order_by("code"),
        "kinds": OrgUnit.Kind.choices,
        "levels": [(value, label) for value, label in Level.choices if value not in ("village", "functional")],
    }
    return render(request, "governance/plan_names.html", context)


def _open_first(one: Any) -> tuple[bool, str]:
    return one.is_known or one.is_decided, one.name


def _members(members: tuple[str, ...], names_of: Mapping[str, str]) -> str:
    return "、".join(names_of.get(m.removeprefix(MEMBER_DIVISION), m) for m in members)


def _name_given(request: HttpRequest, draft: PlanDraft) -> HttpResponse:
    post = request.POST
    here = drafts.current_of(draft)
    faults: list[str] = []
    given: dict[str, Any]
    if "all" in post:
        for name, one in here.units.items():
            if not (one.is_known or one.is_decided):
                given = {"kind": one.kind, "level": one.level, "members": list(one.members)}
                faults += _correct(request, draft, "unit", name, {"choice": given})
    elif "area" in post:
        given = {"divisions": post.get("divisions", ""), "part": "part" in post}
        faults = _correct(request, draft, "area", post["area"], {"choice": given})
    else:
        known = post.get("known", "").strip()
        given = {
            "kind": post.get("kind"),
            "level": post.get("level"),
            "members": _written_members(here, post.get("members", ""), actor_of(request)),
        }
        if known:
            unit = OrgUnit.objects.visible_to(actor_of(request)).filter(division=here.zone.seat, name=known).first()
            given["unit_id"] = str(unit.pk) if unit else "0"
        faults = _correct(request, draft, "unit", post.get("unit", ""), {"choice": given})
    _told(request, faults, "已对应。")
    return redirect("governance:names", draft.pk)


def _written_members(here: Current, text: str, actor: Actor) -> list[str]:
    """Members of a group as written: a division of the seat by its name, anything else is a unit."""
    names = [one.strip() for one in text.replace("，", "、").split("、") if one.strip()]
    rows = Division.objects.visible_to(actor).below(here.zone.seat).filter(name__in=names).values_list("name", "code")
    codes = dict(rows)
    return [f"{MEMBER_DIVISION}{codes[one]}" if one in codes else one for one in names]


@require_http_methods(["GET", "HEAD", "POST"])
@allows(PLAN_INTAKE)
def zone(request: HttpRequest, draft_id: int) -> HttpResponse:
    """What the plan is to become, and the facts of its head."""
    draft = queries.draft(draft_id, actor=actor_of(request))
    if request.method == "POST":
        faults: list[str] = []
        given: dict[str, Any] = {
            name: request.POST[f"zone-{name}"] for name in ZONE_FIELDS if f"zone-{name}" in request.POST
        }
        if "title" in given:  # a box that is not ticked is not sent
            given["published"] = "zone-published" in request.POST
        # The seat first: the range is looked for below it.
        order = ["mode", "seat", *(n for n in given if n not in ("mode", "seat"))]
        faults += _correct(request, draft, "zone", "", {n: given[n] for n in order if n in given})
        head = {name: request.POST[f"head-{name}"] for name in HEAD_FIELDS if f"head-{name}" in request.POST}
        faults += _correct(request, draft, "head", "", head)
        _told(request, faults, "已保存。")
        return redirect("governance:zone", draft.pk)
    context = head_of(request, draft, "zone")
    here: Current | None = context["draft"]
    if here is None:
        return redirect("governance:plan", draft.pk)
    actor = actor_of(request)
    zones = policy.zones_by_name(actor)
    below = Division.objects.visible_to(actor).below(draft.division_id).exclude(level__in=("village", "town"))
    texts = {name: str(getattr(here.document, name, "") or "") for name in HEAD_FIELDS} | {"source": here.source}
    context |= {
        "zone": here.zone,
        "names": "、".join(
            Division.objects.visible_to(actor).filter(code__in=here.zone.divisions).values_list("name", flat=True)
        ),
        "head": [(name, label, texts[name]) for name, label in HEAD_FIELDS.items()],
        "zones": zones,
        "seats": below.order_by("code"),
        "documents": [d for one in zones for d in policy.documents(one, actor=actor)],
    }
    return render(request, "governance/plan_zone.html", context)
