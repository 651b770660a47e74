"""What the policy room adds to 一张图: how many tasks hold in each part of a zone."""

from datetime import date

from django.urls import reverse

from ronghe.kernel.actors import Actor
from ronghe.kernel.pages import MOST_ROWS, AreaFigure, AreaFigures, AreaList, AreaTheme, ListedRow

from . import queries
from .models import OrderedTask
from .permissions import PLAN_VIEW


def _whole_list(zone_slug: str, division_code: str) -> str:
    return f"{reverse('policy:tasks', args=[zone_slug])}?area={division_code}"


def task_figures(zone_slug: str, actor: Actor, day: date) -> AreaFigures:
    """How many tasks hold in each division. Where no task names an area, noughts all over would say less than nothing."""
    counts, without = queries.tasks_by_area(queries.zone(zone_slug, actor=actor), actor=actor)
    if not any(c.tasks for c in counts):
        return AreaFigures((), f"{without} 项任务都没有写明区域，在整个试验区实施。" if without else "")
    figures = [
        AreaFigure(c.division.code, c.tasks, f"{c.tasks} 项", _whole_list(zone_slug, c.division.code)) for c in counts
    ]
    told = f"另有 {without} 项任务没有写明区域，在整个试验区实施，不计入区域的数字。" if without else ""
    return AreaFigures(figures, told)


def tasks_in(zone_slug: str, actor: Actor, day: date, division_code: str) -> AreaList:
    """The tasks that hold in a division, in the order of the documents."""
    zone = queries.zone(zone_slug, actor=actor)
    tasks = queries.tasks(zone, actor=actor, wanted=queries.TaskFilter(area=division_code))
    tasks = tasks.prefetch_related(None).order_by("order")
    first = list(tasks[:MOST_ROWS])
    count = len(first) if len(first) < MOST_ROWS else tasks.count()
    return AreaList([_row(zone_slug, task) for task in first], count, _whole_list(zone_slug, division_code))


def _row(zone_slug: str, task: OrderedTask) -> ListedRow:
    title = f"{task.title}（第 {task.measure} 项措施）" if task.measure > 1 else task.title
    context = " · ".join(part for part in (task.clause.label, task.deadline) if part)
    return ListedRow(title, context, reverse("policy:task", args=[zone_slug, task.pk]))


TASKS = AreaTheme(
    key="tasks",
    title="任务数",
    permission=PLAN_VIEW,
    order=10,
    unit="项",
    of=task_figures,
    rows=tasks_in,
    things="任务",
    lead="各区县和功能区有多少项任务。点选一个区域，查看在那里实施的任务。",
    area_lead="在这里实施的任务：写明它、写明它的一部分，或写明包括它的更大范围。",
    empty="没有任务写明在这里实施。",
)

LAYERS = (TASKS,)
