"""Pages of the policy room: documents, clauses, tasks and units of a zone. All of it is public."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.pages import Column, Filter, Listing, Option
from ronghe.kernel.regions.models import OrgUnit
from ronghe.kernel.regions.queries import groups_with, members_of

from .. import queries
from ..models import Duty, OrderedTask, PolicyDocument, Room, Topic, Zone
from ..permissions import PLAN_VIEW

Crumbs = list[tuple[str, str | None]]


def _crumbs(zone: Zone, *more: tuple[str, str | None]) -> Crumbs:
    return [("全部试验区", reverse("portal:home")), (zone.title, reverse("portal:zone", args=[zone.slug])), *more]


def _names(task: OrderedTask, duty: str) -> str:
    return "、".join(row.written for row in task.units.all() if row.duty == duty)


def task_address(zone: Zone, task: OrderedTask) -> str:
    """Where the page of a task is."""
    return reverse("policy:task", args=[zone.slug, task.pk])


def topic_options() -> list[Option]:
    """The eleven topics of the national plan, and none of them."""
    return [*(Option(str(t.code), t.title) for t in Topic.objects.all()), Option("0", "不属于十一项")]


def task_listing(zone: Zone) -> Listing[OrderedTask]:
    """The list of a zone's tasks; columns that its documents leave empty are not shown."""
    tasks = OrderedTask.objects.filter(zone=zone)
    filled = tasks.aggregate(
        areas=Count("areas"), deadlines=Count("pk", filter=~Q(deadline="")), due=Count("due"),
    )  # fmt: skip
    columns: list[Column[OrderedTask]] = [
        Column("clause", "条款", lambda t: t.clause.label, order=("order",), kind="code"),
        Column("title", "任务", title_of, order=("title",), link=lambda t: task_address(zone, t), wide=True),
        Column("topic", "领域", lambda t: t.topic.short if t.topic else t.get_room_display(), order=("topic",)),
        Column("units", "单位", lambda t: "；".join(duty_lines(t)), template="policy/_row_duties.html", wide=True),
    ]
    if filled["deadlines"]:
        columns.append(Column("deadline", "完成时限", lambda t: t.deadline, order=("due",)))
    filters = [
        Filter("text", "任务、主题词、条款或单位", kind="text"),
        Filter("topic", "试验任务领域", options=topic_options()),
        Filter("room", "业务领域", options=[Option(r.value, str(r.label)) for r in Room]),
        Filter(
            "unit",
            "单位",
            options=[
                Option(str(pk), name)
                for pk, name in OrgUnit.objects.filter(pk__in=tasks.values("units__unit"))
                .order_by("pinyin")
                .values_list("pk", "name")
            ],
        ),
        Filter("duty", "职责", options=[Option(d.value, str(d.label)) for d in Duty]),
    ]
    if filled["areas"]:
        columns.append(Column("areas", "试点区域", lambda t: "、".join(a.written for a in t.areas.all())))
        filters.append(
            Filter(
                "area",
                "试点区域",
                options=[Option(d.code, d.name) for d in zone.divisions.order_by("is_local", "code")],
            )
        )
    if filled["due"]:
        filters += [Filter("due_from", "期限从", kind="date"), Filter("due_to", "期限至", kind="date")]
    return Listing(
        title="任务",
        columns=columns,
        filters=filters,
        order=("order", "pk"),
        empty="这个试验区的文件里没有任务",
        empty_next="数据包里没有任务，可能文件没有写明责任单位。请查看条款。",
        row_link=lambda t: task_address(zone, t),
    )


def title_of(task: OrderedTask) -> str:
    return task.title if task.measure == 1 else f"{task.title}（第 {task.measure} 项措施）"


def duty_lines(task: OrderedTask) -> list[str]:
    return [f"{duty.label}：{names}" for duty in Duty if (names := _names(task, duty))]


@require_safe
@allows(PLAN_VIEW)
def tasks(request: HttpRequest, zone: str) -> HttpResponse:
    """The zone's tasks: narrowed, sorted, exported."""
    actor = actor_of(request)
    here = queries.zone(zone, actor=actor)
    listing = task_listing(here)
    asked = listing.asked(request.GET)
    wanted = queries.TaskFilter(
        text=asked.text("text"),
        topic=asked.number("topic"),
        room=asked.text("room"),
        unit=asked.number("unit"),
        duty=asked.text("duty"),
        area=asked.text("area"),
        due_from=asked.day("due_from"),
        due_to=asked.day("due_to"),
    )
    rows = queries.tasks(here, actor=actor, wanted=wanted)
    return listing.respond(request, asked, rows, context={"zone": here, "crumbs": _crumbs(here, ("任务", None))})


@require_safe
@allows(PLAN_VIEW)
def task(request: HttpRequest, zone: str, task_id: int) -> HttpResponse:
    """One task: what the document orders, of whom, by when, where; and the clause it rests on."""
    actor = actor_of(request)
    here = queries.zone(zone, actor=actor)
    found = queries.task(task_id, actor=actor)
    if found.zone_id != here.slug:
        raise queries.TaskNotFound(task_id=task_id)
    siblings = queries.tasks(here, actor=actor).filter(clause=found.clause_id).exclude(pk=found.pk)
    before, after = queries.neighbours(found, actor=actor)
    return render(
        request,
        "policy/task.html",
        {
            "zone": here,
            "task": found,
            "title": title_of(found),
            "lineage": queries.clause_lineage(found.clause),
            "siblings": siblings,
            "before": before,
            "after": after,
            "annex": found.clause.annex_rows.order_by("table", "row"),
            "crumbs": _crumbs(here, ("任务", reverse("policy:tasks", args=[here.slug])), (found.clause.label, None)),
        },
    )


@require_safe
@allows(PLAN_VIEW)
def documents(request: HttpRequest, zone: str) -> HttpResponse:
    """The zone's documents."""
    actor = actor_of(request)
    here = queries.zone(zone, actor=actor)
    above = queries.documents(here.parent, actor=actor) if here.parent else []
    return render(
        request,
        "policy/documents.html",
        {
            "zone": here,
            "documents": queries.documents(here, actor=actor),
            "above": above,
            "crumbs": _crumbs(here, ("文件与条款", None)),
        },
    )


def _document_tabs(zone: Zone, document: PolicyDocument, here: str) -> list[tuple[str, str, bool]]:
    return [
        ("概况", reverse("policy:document", args=[zone.slug, document.key]), here == "facts"),
        ("条款与任务", reverse("policy:clauses", args=[zone.slug, document.key]), here == "clauses"),
    ]


def _document_crumbs(zone: Zone, document: PolicyDocument) -> Crumbs:
    return _crumbs(zone, ("文件与条款", reverse("policy:documents", args=[zone.slug])), (document.title, None))


@require_safe
@allows(PLAN_VIEW)
def document(request: HttpRequest, zone: str, key: str) -> HttpResponse:
    """One document: its head, its table of duties, and what a person should check in it."""
    actor = actor_of(request)
    here = queries.zone(zone, actor=actor)
    found = queries.document(here, key, actor=actor)
    return render(
        request,
        "policy/document.html",
        {
            "zone": here,
            "document": found,
            "annex": queries.annex(found),
            "discrepancies": queries.discrepancies(found),
            "tabs": _document_tabs(here, found, "facts"),
            "crumbs": _document_crumbs(here, found),
        },
    )


@require_safe
@allows(PLAN_VIEW)
def clauses(request: HttpRequest, zone: str, key: str) -> HttpResponse:
    """The document's clauses as a tree with their tasks."""
    actor = actor_of(request)
    here = queries.zone(zone, actor=actor)
    found = queries.document(here, key, actor=actor)
    return render(
        request,
        "policy/clauses.html",
        {
            "zone": here,
            "document": found,
            "tree": queries.clause_tree(found, actor=actor),
            "tabs": _document_tabs(here, found, "clauses"),
            "crumbs": _document_crumbs(here, found),
        },
    )


def _unit_listing(zone: Zone) -> Listing[OrgUnit]:
    def tasks_of(unit: OrgUnit, duty: str = "") -> str:
        return f"{reverse('policy:tasks', args=[zone.slug])}?unit={unit.pk}" + (f"&duty={duty}" if duty else "")

    def column(key: str, label: str, duty: str = "") -> Column[OrgUnit]:
        return Column(
            key,
            label,
            lambda u: getattr(u, key),
            order=(key,),
            kind="number",
            link=lambda u: tasks_of(u, duty) if getattr(u, key) else "",
        )

    return Listing(
        title="单位",
        columns=[
            Column(
                "name",
                "单位",
                lambda u: u.name,
                order=("pinyin",),
                link=lambda u: reverse("policy:unit", args=[zone.slug, u.pk]),
                wide=True,
            ),
            Column("kind", "类别", lambda u: u.get_kind_display(), order=("kind",)),
            column("task_count", "任务"),
            column("lead_count", "牵头", Duty.LEAD),
            column("responsible_count", "责任", Duty.RESPONSIBLE),
            column("cooperating_count", "配合", Duty.COOPERATING),
        ],
        filters=[
            Filter("text", "名称或别名", kind="text"),
            Filter("kind", "类别", options=[Option(k.value, str(k.label)) for k in OrgUnit.Kind]),
        ],
        order=("-task_count", "pinyin", "pk"),
        empty="这个试验区的文件里没有写明单位",
        empty_next="请查看条款。",
        row_link=lambda u: reverse("policy:unit", args=[zone.slug, u.pk]),
    )


@require_safe
@allows(PLAN_VIEW)
def units(request: HttpRequest, zone: str) -> HttpResponse:
    """The units that the zone's documents name, with the number of their tasks."""
    actor = actor_of(request)
    here = queries.zone(zone, actor=actor)
    listing = _unit_listing(here)
    asked = listing.asked(request.GET)
    rows = queries.units(here, actor=actor, text=asked.text("text"), kind=asked.text("kind"))
    return listing.respond(request, asked, rows, context={"zone": here, "crumbs": _crumbs(here, ("单位", None))})


@require_safe
@allows(PLAN_VIEW)
def unit(request: HttpRequest, zone: str, unit_id: int) -> HttpResponse:
    """One unit with all its tasks: those that name it, and those that name a group it belongs to."""
    actor = actor_of(request)
    here = queries.zone(zone, actor=actor)
    found = queries.unit(here, unit_id, actor=actor)
    groups = list(groups_with(found))
    by_duty = [
        (duty, queries.tasks(here, actor=actor, wanted=queries.TaskFilter(unit=found.pk, duty=duty))) for duty in Duty
    ]
    through = [(group, queries.tasks_of_units(here, [group.pk], actor=actor)) for group in groups]
    return render(
        request,
        "policy/unit.html",
        {
            "zone": here,
            "unit": found,
            "by_duty": [(duty, rows) for duty, rows in by_duty if rows],
            "through": [(group, rows) for group, rows in through if rows],
            "members": members_of(found) if found.kind == OrgUnit.Kind.GROUP else None,
            "crumbs": _crumbs(here, ("单位", reverse("policy:units", args=[here.slug])), (found.name, None)),
        },
    )
