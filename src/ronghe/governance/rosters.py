"""单位名录, 典型经验库 and 配套制度清单, declared."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ronghe.kernel.regions.models import Level, OrgUnit
from ronghe.kernel.regions.services import ensure_units
from ronghe.mechanisms.rosters.declared import Field, Kind, Roster, Transition, declare
from ronghe.mechanisms.rosters.models import Record
from ronghe.policy.models import Clause, OrderedTask

from .models import Experience, Instrument, UnitEntry
from .permissions import (
    EXPERIENCE_EDIT,
    EXPERIENCE_PUBLISH,
    EXPERIENCE_REVIEW,
    EXPERIENCE_VIEW,
    INSTRUMENT_EDIT,
    INSTRUMENT_ISSUE,
    INSTRUMENT_VIEW,
    UNIT_EDIT,
    UNIT_VIEW,
)


def _units_made(entries: Sequence[Record]) -> None:
    """Each entry has its org unit; a unit that nobody has stated yet is made."""
    asked = [e for e in entries if isinstance(e, UnitEntry)]
    made = ensure_units([(e.division_id, e.name, e.kind, e.level) for e in asked])
    for entry in asked:
        entry.unit_id = made[entry.division_id, entry.name]


def _tasks_found(entries: Sequence[Record]) -> None:
    """The task that the clause number of an entry names; an inline item (1) belongs to the task of the clause around it."""
    asked = [e for e in entries if isinstance(e, Experience | Instrument)]
    zones = {e.zone_id for e in asked}
    rows = OrderedTask.objects.filter(zone__in=zones).select_related("clause").order_by("-order")
    tasks = {(t.zone_id, t.clause.label): t.pk for t in rows}
    named = Clause.objects.filter(document__zone__in=zones, label__in={e.clause for e in asked})
    paths = {(zone, label): path for zone, label, path in named.values_list("document__zone", "label", "path")}
    for entry in asked:
        path = paths.get((entry.zone_id, entry.clause), [])
        labels = [entry.clause, *("".join(path[:n]) for n in range(len(path) - 1, 0, -1))] if entry.clause else []
        entry.task_id = next((tasks[entry.zone_id, one] for one in labels if (entry.zone_id, one) in tasks), None)


def _clause_is_known(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    clause, zone = values.get("clause"), values.get("zone")
    if clause and not OrderedTask.objects.filter(zone=zone, clause__label=clause).exists():
        yield "clause", f"这个试验区没有条款号为“{clause[:20]}”的任务，请写成任务列表里的样子，如 四(二)6"


def _clause_is_written(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Not every clause that orders an instrument makes somebody answerable for a task."""
    clause, zone = values.get("clause"), values.get("zone")
    if clause and not Clause.objects.filter(document__zone=zone, label=clause).exists():
        yield "clause", f"这个试验区的文件里没有条款“{clause[:20]}”，请写成条款页上的样子，如 四(二)6"


def _review_follows_issue(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    issued, review = values.get("issued_on"), values.get("review_on")
    if issued and review and review < issued:
        yield "review_on", "早于印发日期"


UNITS = declare(
    Roster(
        key="units",
        title="单位名录",
        noun="单位",
        summary="各级单位的名称、类别和联系方式；方案里的牵头、配合单位从这里对应。",
        model=UnitEntry,
        fields=(
            Field("division", "所属区划", Kind.DIVISION, required=True, is_filter=True, example="章丘区"),
            Field("name", "单位名称", required=True, limit=80, example="区农业农村局"),
            Field("kind", "类别", Kind.CHOICE, required=True, choices=tuple(c for c in OrgUnit.Kind.choices if c[0] != "group"), is_filter=True, example="部门单位"),
            Field("level", "层级", Kind.CHOICE, required=True, choices=tuple(Level.choices), example="县（区）"),
            Field("uscc", "统一社会信用代码", Kind.USCC, hint="末位校验会核对", in_list=False, example="91350100M000100Y43"),
            Field("contact", "联系人", limit=40),
            Field("phone", "联系电话", Kind.TELEPHONE, secret=True, hint="加密保存，列表里只显示头尾"),
            Field("address", "地址", in_list=False),
            Field("duties", "主要职责", Kind.LONG_TEXT, limit=400, in_list=False),
        ),
        key_fields=("division", "name"),
        name_field="name",
        view=UNIT_VIEW,
        edit=UNIT_EDIT,
        empty="还没有单位。可以逐个新增，或下载模板整份导入。",
        complete=_units_made,
    )
)  # fmt: skip

EXPERIENCES = declare(
    Roster(
        key="experiences",
        title="典型经验库",
        noun="经验",
        summary="各试验区行之有效的做法、成效和可复制程度；公布后任何人可以查阅。",
        model=Experience,
        fields=(
            Field("division", "所属区划", Kind.DIVISION, required=True, in_list=False),
            Field("title", "经验名称", required=True, limit=120, example="三方共管的入市收益账户"),
            Field("zone", "试验区", Kind.ZONE, required=True, is_filter=True),
            Field("clause", "对应任务条款号", hint="任务列表里的条款号，如 四(二)6", limit=60),
            Field("summary", "主要做法", Kind.LONG_TEXT, required=True, limit=4000, in_list=False),
            Field("evidence", "成效和佐证", Kind.LONG_TEXT, required=True, limit=4000, in_list=False),
            Field("link", "佐证网址", Kind.URL, in_list=False),
            Field("replicability", "可复制程度", Kind.CHOICE, required=True, choices=(("anywhere", "普遍适用"), ("conditions", "具备条件的地方"), ("local", "仅限本地")), is_filter=True),
        ),
        key_fields=("zone", "title"),
        name_field="title",
        view=EXPERIENCE_VIEW,
        edit=EXPERIENCE_EDIT,
        empty="还没有典型经验。",
        checks=(_clause_is_known,),
        complete=_tasks_found,
        states=(("draft", "草稿"), ("reviewed", "已审核"), ("published", "已公布")),
        transitions=(
            Transition("review", "审核通过", ("draft",), "reviewed", EXPERIENCE_REVIEW, by_another=True),
            Transition("send_back", "退回修改", ("reviewed",), "draft", EXPERIENCE_REVIEW, needs_reason=True),
            Transition("publish", "公布", ("reviewed",), "published", EXPERIENCE_PUBLISH, by_another=True),
            Transition("withdraw", "撤下", ("published",), "draft", EXPERIENCE_PUBLISH, needs_reason=True),
        ),
    )
)  # fmt: skip

_IN_FORCE = ("issued", "evaluated", "revising")

INSTRUMENTS = declare(
    Roster(
        key="instruments",
        title="配套制度清单",
        noun="制度",
        summary="方案要求制定的办法、方案、细则、标准和清单：谁起草，到哪一步，何时印发，何时评估。印发后任何人可以查阅。",
        model=Instrument,
        fields=(
            Field("division", "所属区划", Kind.DIVISION, required=True, in_list=False),
            Field("title", "名称", required=True, limit=120, example="农村集体经营性建设用地入市管理办法"),
            Field("zone", "试验区", Kind.ZONE, required=True, is_filter=True),
            Field("clause", "条款号", hint="要求制定它的条款，如 四(二)6", limit=60),
            Field("kind", "类别", Kind.CHOICE, required=True, choices=tuple(Instrument.Kind.choices), is_filter=True),
            Field("drafter", "起草单位", limit=120),
            Field("planned_on", "计划印发日期", Kind.DATE),
            Field("issued_on", "印发日期", Kind.DATE),
            Field("number", "发文字号", limit=60, example="青政办发〔2021〕1号"),
            Field("link", "文本网址", Kind.URL, in_list=False),
            Field("review_on", "有效期至或评估日期", Kind.DATE),
            Field("module", "系统编号", hint="系统清单里的编号，如 EXC-04", limit=12, in_list=False),
            Field("origin", "来源", Kind.CHOICE, choices=(("plan", "方案"), ("other", "其他")), in_list=False, is_filter=True),
            Field("note", "备注", Kind.LONG_TEXT, limit=2000, in_list=False),
        ),
        key_fields=("zone", "title"),
        name_field="title",
        view=INSTRUMENT_VIEW,
        edit=INSTRUMENT_EDIT,
        empty="还没有已印发的制度；起草中的只有本地工作人员能看到。",
        checks=(_clause_is_written, _review_follows_issue),
        complete=_tasks_found,
        states=(
            ("planned", "待起草"), ("drafting", "起草中"), ("consulting", "征求意见"), ("reviewing", "合法性审查"),
            ("issued", "已印发"), ("evaluated", "已评估"), ("revising", "修订中"), ("repealed", "已废止"),
        ),
        transitions=(
            Transition("draft", "开始起草", ("planned",), "drafting", INSTRUMENT_EDIT),
            Transition("consult", "征求意见", ("drafting",), "consulting", INSTRUMENT_EDIT),
            Transition("review", "送合法性审查", ("drafting", "consulting"), "reviewing", INSTRUMENT_EDIT),
            Transition("send_back", "退回起草", ("consulting", "reviewing"), "drafting", INSTRUMENT_EDIT, needs_reason=True),
            Transition("issue", "登记印发", ("reviewing", "revising"), "issued", INSTRUMENT_ISSUE),
            Transition("evaluate", "登记评估", ("issued",), "evaluated", INSTRUMENT_ISSUE),
            Transition("revise", "开始修订", ("issued", "evaluated"), "revising", INSTRUMENT_ISSUE, needs_reason=True),
            Transition("repeal", "登记废止", _IN_FORCE, "repealed", INSTRUMENT_ISSUE, needs_reason=True),
        ),
        is_progress=True,
        needed=dict.fromkeys((*_IN_FORCE, "repealed"), ("number", "issued_on")),
    )
)  # fmt: skip
