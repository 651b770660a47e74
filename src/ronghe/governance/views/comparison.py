"""比较: what other zones order that this one does not, and what it alone orders."""

from math import floor

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.pages import Column, Filter, Listing, Option
from ronghe.policy import queries
from ronghe.policy.comparing import ALIKE
from ronghe.policy.models import OrderedTask, Zone
from ronghe.policy.permissions import PLAN_VIEW
from ronghe.policy.queries import MeasuresCompared, Side, TaskFilter
from ronghe.policy.views.plans import duty_lines, task_address, title_of, topic_options

from ..queries.experiences import Experiences, published_experiences

#: Title, what the page says, the empty list and what it means.
WORDS: dict[Side, tuple[str, str, str, str]] = {
    "theirs": (
        "他区有、本区没有的任务",
        "其他试验区的文件定了、{zone}的文件里没有相近任务的，逐项列出，可以对照条款借鉴。",
        "没有本区缺少的任务",
        "其他试验区的任务，{zone}的文件里都有相近的。",
    ),
    "ours": (
        "本区独有的任务",
        "{zone}的文件定了、其他试验区的文件里没有相近任务的，可以总结成经验。",
        "没有本区独有的任务",
        "{zone}的任务，其他试验区的文件里都有相近的。",
    ),
}


@require_safe
@allows(PLAN_VIEW)
def theirs_alone(request: HttpRequest, zone: str) -> HttpResponse:
    """The measures that others have and this zone lacks."""
    return _page(request, zone, "theirs")


@require_safe
@allows(PLAN_VIEW)
def ours_alone(request: HttpRequest, zone: str) -> HttpResponse:
    """The measures that this zone alone has."""
    return _page(request, zone, "ours")


def _page(request: HttpRequest, slug: str, side: Side) -> HttpResponse:
    actor = actor_of(request)
    here = queries.zone(slug, actor=actor)
    found = queries.measures_compared(here, side=side, actor=actor)
    zones, topics = queries.measures_by_topic(actor)
    listing = _listing(here, found, zones, published_experiences(actor))
    asked = listing.asked(request.GET)
    wanted = TaskFilter(text=asked.text("text"), topic=asked.number("topic"))
    rows = queries.tasks_alone(found, wanted=wanted, zone=asked.text("zone"), actor=actor)
    context = {
        "zone": here,
        "lead": WORDS[side][1].format(zone=here.short),
        "zones": zones,
        "topics": [(row.topic, list(zip(zones, row.counts, strict=True))) for row in topics],
        "totals": [(one, sum(row.counts[at] for row in topics)) for at, one in enumerate(zones)],
        "percent": percent(ALIKE),
        "tabs": [
            ("他区有、本区没有", reverse("zone_office:comparison", args=[slug]), side == "theirs"),
            ("本区独有", reverse("zone_office:ours_alone", args=[slug]), side == "ours"),
        ],
        "crumbs": [
            ("全部试验区", reverse("portal:home")),
            (here.title, reverse("portal:zone", args=[slug])),
            ("比较", None),
        ],
    }
    return listing.respond(request, asked, rows, template="governance/comparison.html", context=context)


def percent(similarity: float) -> str:
    """``23%``: as the pages and workbooks say it. Rounded down: what lies below the threshold is not said to reach it."""
    return f"{floor(similarity * 100 + 1e-9)}%"


def _listing(here: Zone, found: MeasuresCompared, zones: list[Zone], experiences: Experiences) -> Listing[OrderedTask]:
    is_theirs = found.side == "theirs"
    title, _, empty, empty_next = _words(here, found, zones)
    columns: list[Column[OrderedTask]] = [
        Column("clause", "条款", lambda t: t.clause.label, link=_clause_address, kind="code"),
        Column("title", "任务", title_of, order=("title",), link=_address, wide=True),
        Column("topic", "领域", lambda t: t.topic.short if t.topic else t.get_room_display(), order=("topic_id",)),
        Column("units", "单位", lambda t: "；".join(duty_lines(t)), template="governance/_row_units.html", wide=True),
        Column(
            "nearest",
            "最相近的本区任务" if is_theirs else "最相近的外区任务",
            lambda t: _nearest(found, t),
            link=lambda t: _address(near) if (near := found.nearest_to(t.pk)) else "",
            wide=True,
        ),
        Column(
            "likeness",
            "相近度",
            lambda t: percent(found.alone[t.pk].similarity),
            order=("place",),
            kind="number",
        ),
        Column("experiences", "已公布经验", experiences.told_of, template="governance/_row_experiences.html"),
    ]
    filters = [
        Filter("text", "任务、主题词、条款或单位", kind="text"),
        Filter("topic", "领域", options=topic_options()),
    ]
    if is_theirs:
        columns.insert(0, Column("zone", "试验区", lambda t: _zone_name(here, t.zone), order=("zone_id",)))
        others = [Option(one.slug, one.short) for one in zones if one != here]
        filters.append(Filter("zone", "试验区", options=others))
    return Listing(
        title=title,
        columns=columns,
        filters=filters,
        order=("topic_id", "zone_id", "order", "pk"),
        empty=empty,
        empty_next=empty_next,
        row_link=_address,
    )


def _words(here: Zone, found: MeasuresCompared, zones: list[Zone]) -> tuple[str, str, str, str]:
    title, lead, empty, empty_next = WORDS[found.side]
    if len(zones) < 2:
        empty, empty_next = "没有可比较的试验区", "平台上只有这一个试验区。有了第二个，这里列出两区的差别。"
    elif not found.compared or not found.against:
        of = "本区" if found.side == "ours" and not found.compared else "其他试验区"
        empty, empty_next = f"{of}还没有任务", "文件入库、读出任务以后才能比较。"
    return title, lead, empty, empty_next.format(zone=here.short)


def _address(task: OrderedTask) -> str:
    return task_address(task.zone, task)


def _clause_address(task: OrderedTask) -> str:
    clauses = reverse("policy:clauses", args=[task.zone_id, task.clause.document.key])
    return f"{clauses}#c{task.clause_id}"


def _zone_name(here: Zone, zone: Zone) -> str:
    return f"{zone.short}（上级）" if zone.slug == here.parent_id else zone.short


def _nearest(found: MeasuresCompared, task: OrderedTask) -> str:
    near = found.nearest_to(task.pk)
    if near is None:
        return ""
    named = f"{near.clause.label} {title_of(near)}"
    return named if found.side == "theirs" else f"{near.zone.short} {named}"
