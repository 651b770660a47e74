"""The demonstration of one zone: what is drawn for its tasks, and the same carried out in the order of time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from django.db import transaction
from django.db.models import Count

from ronghe.kernel.clock import LEGAL_ZONE
from ronghe.kernel.inbox.services import mark_all_read
from ronghe.kernel.papers import setting
from ronghe.kernel.papers.blocks import Paragraph, Sheet
from ronghe.kernel.regions.models import Division, OrgUnit
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.models import Duty, Zone
from ronghe.policy.packs import known_packs
from ronghe.policy.queries import calendar
from ronghe.policy.services.drafts import local_zones

from .. import services
from ..errors import ZoneNotForDemonstration
from ..models import Meeting, ProgressReport, Task, TaskMove, WorkReport
from ..models import Sheet as SupervisionSheet
from ..queries.cases import SUBJECT
from . import meetings, words
from .agenda import Agenda
from .fates import BATCHES, Course, Fate, course_of, drawn, part_of
from .people import People, office_of, unit_of
from .stories import Stage, Story

#: The day on which the history of the demonstration ends, and the one on which its people take up their posts.
TODAY = date(2026, 11, 25)
BEGIN = TODAY - timedelta(days=BATCHES[0] + 20)

#: What the history is drawn from unless another number is given.
SEED = 1
#: What is counted, as people call it.
KINDS = {
    "tasks": "任务",
    "moves": "流转",
    "reports": "上报",
    "cases": "办件",
    "sheets": "督办单",
    "meetings": "会议",
    "papers": "报告",
}

#: The district whose light is red for reasons that its reports tell.
TROUBLED = {"jinan": "370112000000"}
#: What becomes of the parts of a divided task, district by district; a troubled district comes first.
_PARTS = (Fate.CLOSED, Fate.STEADY, Fate.STAGED, Fate.STEADY, Fate.CLOSED)
#: Messages up to so many days before the last one have been read.
_UNREAD_DAYS = 10


def shown_zones() -> dict[str, int]:
    """The zones that come with the program and how many tasks each has, most first; never one whose plan was confirmed here:
    its ledger is real."""
    rows = Zone.objects.exclude(pk__in=list(local_zones())).filter(pk__in=[path.name for path in known_packs()])
    counted = rows.annotate(count=Count("tasks")).order_by("-count", "pk")
    return dict(counted.values_list("pk", "count"))


def build_all(*, only: Sequence[str] | None = None, seed: int = SEED) -> dict[str, Mapping[str, int]]:
    """Build the demonstration in the zones that come with the program, or in some of them. Raises: ZoneNotForDemonstration."""
    known = shown_zones()
    wanted = sorted(known) if only is None else list(only)
    for slug in wanted:
        if slug not in known:
            raise ZoneNotForDemonstration(zone=slug)
    zones = Zone.objects.in_bulk(wanted)
    return {slug: build(zones[slug], today=TODAY, seed=seed) for slug in wanted}


@transaction.atomic
def build(zone: Zone, *, today: date, seed: int) -> Mapping[str, int]:
    """Make two years of work in a zone's ledger that end on ``today``; returns what was made, by kind, or nothing.

    The same seed makes the same history. A zone in which any task has moved is left alone, so a repeat makes nothing.
    Locks: the zone.
    """
    Zone.objects.select_for_update().get(pk=zone.pk)
    office = office_of(zone)
    if office is None or Task.objects.filter(zone=zone, moves__gt=0).exists():
        return {}
    first = today - timedelta(days=BATCHES[0] + 20)
    start = datetime.combine(first, time(9), LEGAL_ZONE)
    services.keep_ledger(zone=zone, at=start)
    rng = Random(f"{seed}:{zone.slug}")
    agenda = Agenda(today=today, calendar=calendar(), rng=rng)
    people = People(zone, office, first=first, at=start)
    stage = Stage(people, agenda, _evidence(zone, at=start))
    stories = _stories(zone, stage, today=today, rng=rng)
    _hand_out(zone, stage, stories)
    _divide(zone, stage, stories, rng)
    for _, story in stories:
        story.tell()
    meetings.call_meetings(zone, stage, unit=unit_of(zone, "财政") or office)
    meetings.write_reports(zone, stage)
    agenda.add(
        today - timedelta(days=_UNREAD_DAYS), lambda at: [mark_all_read(actor=a, at=at) for a in people.readers()]
    )
    agenda.carry_out()
    Task.objects.filter(zone=zone, moves__gt=0).update(is_demo=True)
    meetings.mark(zone)
    return _counts(zone)


def _evidence(zone: Zone, *, at: datetime) -> bytes:
    """A file that says of itself that it shows nothing."""
    said = Paragraph(f"本文件为{zone.title}演示数据所附材料，不含真实内容。")
    return setting.pdf(Sheet("佐证材料（演示）", (said,)), at=at)


def _stories(zone: Zone, stage: Stage, *, today: date, rng: Random) -> list[tuple[Task, Story]]:
    rows = Task.objects.filter(zone=zone, parent=None).exclude(units=None).order_by("order")
    tasks = list(rows.prefetch_related("units__unit__division", "places__division"))
    few = [0 < len(task.places.all()) < 3 for task in tasks]
    stories = []
    for task, fate in zip(tasks, drawn(few, rng), strict=True):
        own = Random(f"{rng.random()}:{task.order}")
        course = course_of(fate, today=today, document=task.due, rng=own)
        units = [(one.unit, one.duty) for one in task.units.all()]
        stories.append((task, Story(stage, course, task.room, units, own, task_id=task.pk)))
    return stories


def _hand_out(zone: Zone, stage: Stage, stories: Sequence[tuple[Task, Story]]) -> None:
    """The office sets the deadlines that the documents lack, and hands the tasks out in batches."""
    office, agenda = stage.people.office, stage.agenda
    batches: dict[date, dict[date, list[int]]] = {}
    for task, story in stories:
        course = story.course
        if course.fate is not Fate.LISTED:
            batches.setdefault(course.issued, {}).setdefault(course.due, []).append(task.pk)
    keeps = {task.pk for task, story in stories if task.due == story.course.due}
    for issued, dues in sorted(batches.items()):
        for due, ids in sorted(dues.items()):
            given = [pk for pk in ids if pk not in keeps]
            set_due = partial(services.set_due, zone=zone, task_ids=given, due=due, actor=office)
            agenda.add(issued - timedelta(days=7), set_due)
        every = [pk for ids in dues.values() for pk in ids]
        agenda.add(issued, partial(services.issue_tasks, zone=zone, task_ids=every, actor=office))


def _divide(zone: Zone, stage: Stage, stories: list[tuple[Task, Story]], rng: Random) -> None:
    """Tasks are divided among districts: one among all that it names, and in a troubled zone another one."""
    troubled = TROUBLED.get(zone.slug)
    wholes = [
        (task, story, found)
        for task, story in stories
        if story.course.fate is Fate.STEADY
        and (story.course.issued < stage.agenda.today - timedelta(days=BATCHES[2]))
        and len(found := _districts(task, zone)) > 1
        and (troubled is None or any(one.code == troubled for one in found))
    ]
    wholes.sort(key=lambda one: -len(one[2]))
    for nth, (task, whole, found) in enumerate(wholes[: 2 if troubled else 1]):
        most = 2 if nth else 6 if troubled else 3
        found = sorted(found, key=lambda one: (one.code != troubled, one.code))[:most]
        fates = [Fate.OVERDUE, *_PARTS] if troubled else list(_PARTS)
        for district, fate in zip(found, fates, strict=False):
            part = _part(stage, task, whole, district, fate, rng)
            if district.code == troubled:
                part.trouble = words.DISTRICT_TROUBLES[nth]
            stories.append((task, part))
            if district.code == troubled and not nth:
                part.warn(words.DISTRICT_MATTER)


def _districts(task: Task, zone: Zone) -> list[Division]:
    """The divisions right below the seat that a task names: as its places, or by their governments."""
    named = [place.division for place in task.places.all()]
    named += [one.unit.division for one in task.units.all() if one.unit.kind == OrgUnit.Kind.GOVERNMENT]
    return list({one.code: one for one in named if one.parent_id == zone.seat_id}.values())


def _part(stage: Stage, task: Task, whole: Story, district: Division, fate: Fate, rng: Random) -> Story:
    unit, agenda = services.government_of(district), stage.agenda
    day = agenda.workday(whole.course.issued, 40)
    own = Random(f"{rng.random()}:{district.code}")
    course: Course = part_of(fate, whole=whole.course, issued=day, today=agenda.today, rng=own)
    part = Story(stage, course, task.room, [(unit, Duty.RESPONSIBLE)], own, is_part=True)

    def act(at: datetime) -> None:
        made = services.add_part(
            task_id=task.pk, title=f"{district.name}：{task.title}", unit_ids=[unit.pk], due=course.due,
            divisions=[district.code], actor=stage.people.office, at=at,
        )  # fmt: skip
        part.task_id = made.pk

    agenda.add(day, act)
    return part


def _counts(zone: Zone) -> dict[str, int]:
    tasks = Task.objects.filter(zone=zone, is_demo=True)
    cases = Case.objects.filter(subject_type=SUBJECT, zone=zone)
    return {
        "tasks": tasks.count(),
        "moves": TaskMove.objects.filter(task__in=tasks).count(),
        "reports": ProgressReport.objects.filter(task__in=tasks).count(),
        "cases": cases.count(),
        "sheets": SupervisionSheet.objects.filter(task__in=tasks).count(),
        "meetings": Meeting.objects.filter(zone=zone, is_demo=True).count(),
        "papers": WorkReport.objects.filter(zone=zone, is_demo=True).count(),
    }
