"""宅基地历史遗留台账, 违法占用和“历史两违”台账, 镇办不动产登记窗口 and 村庄规划, declared."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ronghe.kernel.regions.models import Division
from ronghe.mechanisms.rosters.declared import Field, Kind, Roster, Transition, declare
from ronghe.mechanisms.rosters.models import Record

from .models import BAUnit, IllegalOccupation, LegacyHomestead, RegistrationWindow, VillagePlan
from .permissions import (
    ILLEGAL_EDIT,
    ILLEGAL_SETTLE,
    ILLEGAL_VIEW,
    LEGACY_DECIDE,
    LEGACY_EDIT,
    LEGACY_VIEW,
    VILLAGE_PLAN_EDIT,
    VILLAGE_PLAN_VIEW,
    WINDOW_EDIT,
    WINDOW_VIEW,
)
from .queries.occupied import is_occupied, unit_at
from .rules import codes
from .rules.kinds import UnitKind
from .rules.legacy import CAUSES, CONFIRM, ILLEGAL, TREATMENTS
from .services.legacy_deciding import keep_decided, told_of
from .services.occupation import keep_restricted


def _choices(of: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((one, one) for one in of)


def _units_found(records: Sequence[Record]) -> None:
    """The unit that a record names by its code, or that stands where an illegal occupation lies; there may be none."""
    named = [one for one in records if isinstance(one, LegacyHomestead | IllegalOccupation)]
    units = dict(BAUnit.objects.filter(code__in={one.code for one in named if one.code}).values_list("code", "pk"))
    for one in named:
        one.unit_id = units.get(one.code)
        if one.unit_id is None and isinstance(one, IllegalOccupation):
            one.unit_id = unit_at(one)


def _legacy_complete(records: Sequence[Record]) -> None:
    """What is decided otherwise than it was is no longer what the kept ruling was asked for."""
    _units_found(records)
    for one in records:
        if isinstance(one, LegacyHomestead) and one.ruling is not None and one.ruling["of"] != told_of(one):
            one.ruling, one.proposed = None, ""


def _homestead_is_registered(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    code = values.get("code")
    if code and not BAUnit.objects.filter(code=code, kind=UnitKind.HOMESTEAD).exists():
        yield "code", f"登记簿上没有代码为“{code[:28]}”的宅基地，请核对 28 位不动产单元代码"


def _unit_is_here(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Whoever bars a unit reaches it: it lies in the division of the record."""
    code, division = values.get("code"), values.get("division")
    if not code:
        return
    if codes.is_ground_code(code):
        if not code.startswith(str(division)[:6]):
            yield "code", "这宗地不在所填的区划以内，请核对"
        return
    unit = BAUnit.objects.filter(code=code).first()
    if unit is None:
        yield "code", f"登记簿上没有“{code[:28]}”这个单元；没有登记的，填 19 位宗地代码或经纬度，都没有的留空"
    elif unit.ended_on is not None:
        yield "code", f"这个单元已于 {unit.ended_on} 终止，请填承接它的单元"
    elif not Division.objects.filter(code=unit.division_id, ancestors__ancestor=division).exists():
        yield "code", "这个单元不在所填的区划以内，请核对"


def _place_is_whole(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """A point has two numbers, and lies in the country."""
    x, y = values.get("longitude"), values.get("latitude")
    if (x is None) != (y is None):
        yield ("latitude" if y is None else "longitude"), "经度和纬度要同时填，或者都不填"
    elif x is not None and y is not None and not (73 <= Decimal(x) <= 136 and 3 <= Decimal(y) <= 54):
        yield "longitude", "不是中国境内的经纬度；经度在前，如 117.825000、37.170000"


def _illegal_is_not_confirmed(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    if values.get("cause") == ILLEGAL and values.get("treatment") == CONFIRM:
        yield "treatment", "违法占用的不予确认宅基地使用权"
    elif values.get("treatment") == CONFIRM and is_occupied(str(values.get("code") or "")):
        yield "treatment", "该单元在违法占用台账上没有办结，不予确认；先依法处理违法占用，台账办结后再确认"


def _settled_after_found(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    found, settled = values.get("found_on"), values.get("settled_on")
    if found and settled and settled < found:
        yield "settled_on", "早于发现日期"


def _level(wanted: str, title: str) -> Any:
    def check(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        code = values.get("division")
        if code and not Division.objects.filter(code=code, level=wanted).exists():
            yield "division", f"请选到{title}一级"

    return check


LEGACY = declare(
    Roster(
        key="registry-legacy",
        title="宅基地历史遗留台账",
        noun="历史遗留宅基地",
        summary="一户多宅和面积超标的宅基地：成因、处理方式、处理决定和进度。可以从登记簿查找列入，也可以逐条新增或导入。",
        model=LegacyHomestead,
        fields=(
            Field("division", "村", Kind.DIVISION, required=True, is_filter=True),
            Field("code", "不动产单元代码", required=True, limit=28, hint="28 位", example="370322001200JC00001W00000000"),
            Field("holder", "权利人", required=True, limit=120),
            Field("situation", "情形", Kind.CHOICE, required=True, choices=tuple(LegacyHomestead.Situation.choices), is_filter=True),
            Field("homesteads", "该户宅基地", Kind.INTEGER, required=True, unit="处"),
            Field("area_m2", "登记面积", Kind.DECIMAL, required=True, unit="m²"),
            Field("cause", "成因", Kind.CHOICE, choices=_choices(CAUSES), is_filter=True),
            Field("holder_is_member", "权利人是本集体成员", Kind.FLAG, in_list=False),
            Field("exits_voluntarily", "愿意有偿退出", Kind.FLAG, in_list=False),
            Field("treatment", "处理方式", Kind.CHOICE, choices=_choices(TREATMENTS), is_filter=True),
            Field("decision", "处理决定", Kind.LONG_TEXT, limit=2000, in_list=False, hint="文号、主要内容"),
            Field("decided_on", "决定日期", Kind.DATE),
            Field("departs_because", "与建议不同的理由", Kind.LONG_TEXT, limit=400, in_list=False, hint="处理方式和按规则提出的建议不同时填写"),
        ),
        key_fields=("code",),
        name_field="code",
        view=LEGACY_VIEW,
        edit=LEGACY_EDIT,
        empty="可以在“宅基地历史遗留”页从登记簿查找列入，或下载模板整份导入。",
        checks=(_homestead_is_registered, _illegal_is_not_confirmed),
        complete=_legacy_complete,
        follow=keep_decided,
        states=(("found", "待核实"), ("classified", "已核实成因"), ("decided", "已作出决定"), ("carried_out", "已处理完毕")),
        transitions=(
            Transition("classify", "成因已核实", ("found",), "classified", LEGACY_EDIT),
            Transition("decide", "登记处理决定", ("classified",), "decided", LEGACY_DECIDE),
            Transition("carry_out", "处理完毕", ("decided",), "carried_out", LEGACY_DECIDE),
            Transition("reopen", "重新核实", ("classified", "decided", "carried_out"), "found", LEGACY_DECIDE, needs_reason=True),
        ),
        is_progress=True,
        needed={
            "classified": ("cause",),
            "decided": ("cause", "treatment", "decision", "decided_on"),
            "carried_out": ("cause", "treatment", "decision", "decided_on"),
        },
    )
)  # fmt: skip

ILLEGAL_OCCUPATION = declare(
    Roster(
        key="registry-illegal",
        title="违法占用和“历史两违”台账",
        noun="违法占用记录",
        summary="违法用地、违法建设的发现、处置措施和结果。没有办结以前，所涉不动产单元（还没有登记的，所涉位置）不予首次登记，也不得转移、抵押、流转。",
        model=IllegalOccupation,
        fields=(
            Field("division", "所属区划", Kind.DIVISION, required=True, is_filter=True),
            Field("number", "编号", required=True, limit=40, example="两违〔2026〕001"),
            Field("occupier", "占用人", required=True, limit=120),
            Field("place", "坐落", required=True),
            Field("code", "不动产单元或宗地代码", limit=28, hint="已登记的填 28 位代码，该单元随即受限；没有登记的填 19 位宗地代码，或填下面的经纬度"),
            Field("longitude", "经度", Kind.DECIMAL, unit="°", places=6, in_list=False, hint="占用地块里的一点，CGCS2000；此处登记以前先办结本记录", example="117.825000"),
            Field("latitude", "纬度", Kind.DECIMAL, unit="°", places=6, in_list=False, example="37.170000"),
            Field("kind", "违法类型", Kind.CHOICE, required=True, choices=tuple(IllegalOccupation.Kind.choices), is_filter=True),
            Field("area_m2", "占用面积", Kind.DECIMAL, required=True, unit="m²"),
            Field("found_on", "发现日期", Kind.DATE, required=True),
            Field("measure", "处置措施", Kind.CHOICE, choices=tuple(IllegalOccupation.Measure.choices), is_filter=True),
            Field("decision", "处置文书", limit=120, in_list=False),
            Field("settled_on", "办结日期", Kind.DATE),
            Field("note", "备注", Kind.LONG_TEXT, limit=2000, in_list=False),
        ),
        key_fields=("division", "number"),
        name_field="number",
        view=ILLEGAL_VIEW,
        edit=ILLEGAL_EDIT,
        empty="可以逐条新增，或下载模板整份导入。",
        checks=(_unit_is_here, _place_is_whole, _settled_after_found),
        complete=_units_found,
        follow=keep_restricted,
        states=(("open", "未处置"), ("handling", "处置中"), ("settled", "已办结")),
        transitions=(
            Transition("handle", "开始处置", ("open",), "handling", ILLEGAL_EDIT),
            Transition("settle", "登记办结", ("open", "handling"), "settled", ILLEGAL_SETTLE),
            Transition("reopen", "重新列入", ("settled",), "handling", ILLEGAL_SETTLE, needs_reason=True),
        ),
        is_progress=True,
        needed={"handling": ("measure",), "settled": ("measure", "decision", "settled_on")},
    )
)  # fmt: skip

WINDOWS = declare(
    Roster(
        key="registry-windows",
        title="镇办不动产登记窗口",
        noun="登记窗口",
        summary="各镇、街道受理农村不动产登记的窗口：地址、电话和办公时间。任何人可以查阅。",
        model=RegistrationWindow,
        fields=(
            Field("division", "镇（街道）", Kind.DIVISION, required=True, is_filter=True),
            Field("name", "窗口名称", required=True, limit=80, example="田镇街道便民服务中心不动产登记窗口"),
            Field("address", "地址", required=True),
            Field("telephone", "咨询电话", Kind.TELEPHONE, required=True),
            Field("hours", "办公时间", required=True, limit=120, example="工作日 8:30–12:00，13:30–17:00"),
            Field("matters", "受理事项", Kind.LONG_TEXT, limit=400, in_list=False),
            Field("opened_on", "设立日期", Kind.DATE, in_list=False),
        ),
        key_fields=("division", "name"),
        name_field="name",
        view=WINDOW_VIEW,
        edit=WINDOW_EDIT,
        empty="还没有登记窗口，请到县级不动产登记大厅办理。",
        checks=(_level("town", "镇、街道"),),
    )
)  # fmt: skip

VILLAGE_PLANS = declare(
    Roster(
        key="registry-village-plans",
        title="村庄规划",
        noun="村庄规划",
        summary="各村“多规合一”村庄规划的编制进度和批复文件；批复后任何人可以查阅。",
        model=VillagePlan,
        fields=(
            Field("division", "村", Kind.DIVISION, required=True, is_filter=True),
            Field("title", "规划名称", required=True, limit=120, example="某某村村庄规划"),
            Field("years", "规划期限", limit=20, example="2021—2035年"),
            Field("compiler", "编制单位", limit=120),
            Field("approved_on", "批复日期", Kind.DATE),
            Field("number", "批复文号", limit=60),
            Field("link", "文本网址", Kind.URL, in_list=False),
        ),
        key_fields=("division", "title"),
        name_field="title",
        view=VILLAGE_PLAN_VIEW,
        edit=VILLAGE_PLAN_EDIT,
        empty="还没有已批复的村庄规划；编制中的只有本地工作人员能看到。",
        checks=(_level("village", "村"),),
        states=(
            ("listed", "列入计划"), ("drafting", "编制中"), ("shown", "公示中"), ("submitted", "待批复"), ("approved", "已批复"),
        ),
        transitions=(
            Transition("draft", "开始编制", ("listed",), "drafting", VILLAGE_PLAN_EDIT),
            Transition("show", "公示", ("drafting",), "shown", VILLAGE_PLAN_EDIT),
            Transition("submit", "报批", ("shown",), "submitted", VILLAGE_PLAN_EDIT),
            Transition("approve", "登记批复", ("submitted",), "approved", VILLAGE_PLAN_EDIT),
            Transition("send_back", "退回编制", ("shown", "submitted", "approved"), "drafting", VILLAGE_PLAN_EDIT, needs_reason=True),
        ),
        is_progress=True,
        needed={"approved": ("approved_on", "number")},
    )
)  # fmt: skip
