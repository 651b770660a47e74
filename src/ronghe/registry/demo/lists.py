"""The lists of the demonstration's register: windows, village plans, legacy homesteads, illegal occupation."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.regions.models import Division
from ronghe.mechanisms.rosters.services import change_record, create_record, move_record
from ronghe.mechanisms.rosters.values import Places

from ..models import BAUnit, LegacyHomestead, RegistrationWindow
from ..rosters import ILLEGAL_OCCUPATION, LEGACY, VILLAGE_PLANS, WINDOWS
from ..services.legacy import list_found
from .cases import BARRED
from .loading import Village
from .office import Desk

#: More villages show nothing more.
MOST_PLANS = 60
#: How far a plan has come: the moves that it has made since it was listed.
_WAYS = (
    ("draft", "show", "submit", "approve"), ("draft",), ("draft", "show", "submit", "approve"), ("draft", "show"),
    ("draft", "show", "submit"), (),
)  # fmt: skip


def keep_windows(villages: Sequence[Village], *, at: datetime) -> None:
    """One window for each town that has villages; a town that has one is left alone."""
    towns = Division.objects.filter(level="town", children__in=[v.division for v in villages]).distinct()
    having = set(RegistrationWindow.objects.filter(ended_at=None).values_list("division", flat=True))
    places = Places(dict(towns.values_list("code", "name")))
    for nth, town in enumerate(towns.order_by("code"), start=1):
        if town.code in having:
            continue
        given = {
            "division": town.code, "name": f"{town.name}便民服务中心不动产登记窗口（演示）",
            "address": f"{town.name}便民服务中心一楼 {nth} 号窗口（演示地址）", "telephone": f"1990001{nth:04}",
            "hours": "工作日 8:30–12:00，13:30–17:00", "opened_on": "2022-03-01",
            "matters": "宅基地、承包地、集体建设用地和林地的首次、变更、转移、注销、抵押登记，转移备案和成员身份申请。",
        }  # fmt: skip
        create_record(WINDOWS, given=given, places=places, actor=SYSTEM, at=at)


def keep_plans(villages: Sequence[Village], *, at: datetime) -> None:
    """A plan for each village, from one that is listed to one that is approved."""
    places = Places({v.division: v.name for v in villages})
    for nth, village in enumerate(villages[:MOST_PLANS]):
        way = _WAYS[nth % len(_WAYS)]
        given: dict[str, Any] = {
            "division": village.division, "title": f"{village.name}村庄规划（演示）", "years": "2021—2035年",
            "compiler": "演示规划设计院" if way else "",
        }  # fmt: skip
        if "approve" in way:
            on = (at + timedelta(days=60 * len(way))).date()
            given |= {"approved_on": on.isoformat(), "number": f"演示政字〔{on.year}〕{nth + 1}号"}
        made = create_record(VILLAGE_PLANS, given=given, places=places, actor=SYSTEM, at=at)
        for step, move in enumerate(way, start=1):
            _move(VILLAGE_PLANS, made.pk, move, SYSTEM, at + timedelta(days=60 * step))


def keep_legacy(desk: Desk) -> None:
    """The register is searched; what was inherited is decided on, its neighbour's cause is known, a plot that is too large is
    used for pay, the others wait."""
    clerk, at = desk.office.reviewer, desk.at(20)
    list_found(None, division=f"{desk.office.county}000000", actor=clerk, at=at)
    own = [unit for village, _ in desk.villages for unit in village.homesteads]
    found = LegacyHomestead.objects.filter(unit__in=own, state="found", ended_at=None).order_by("pk")
    kinds = LegacyHomestead.Situation
    rows = [*found.filter(situation=kinds.SEVERAL)[:2], *found.filter(situation=kinds.LARGE)[:1]]
    decided_on = desk.at(6).date().isoformat()
    told: tuple[dict[str, Any], ...] = (
        {
            "cause": "继承", "holder_is_member": "是", "exits_voluntarily": "否", "treatment": "确认",
            "decision": "演示遗留〔2026〕1号：因继承房屋占用，予以确认，登记簿附记继承取得；房屋灭失后不再重建。",
            "decided_on": decided_on,
        },
        {"cause": "历史形成", "holder_is_member": "是"},
        {
            "cause": "历史形成", "holder_is_member": "是", "exits_voluntarily": "否", "treatment": "有偿使用",
            "decision": "演示遗留〔2026〕2号：超出标准的部分与集体签订有偿使用协议，按年缴纳使用费。",
            "decided_on": decided_on, "departs_because": "县里还没有定有偿使用办法，经村民会议讨论，先按协议有偿使用。",
        },
    )  # fmt: skip
    ways = (("classify", "decide"), ("classify",), ("classify", "decide"))
    for row, given, moves in zip(rows, told, ways, strict=False):
        change_record(LEGACY, record_id=row.pk, given=given, seen=None, actor=clerk, at=desk.at(12))
        for nth, move in enumerate(moves):
            _move(LEGACY, row.pk, move, clerk, desk.at(10 - 4 * nth))


def keep_illegal(desk: Desk) -> None:
    """One found where nothing is registered, one that bars a homestead, one that is settled."""
    clerk = desk.office.reviewer
    village = desk.villages[-1][0]
    barred = BAUnit.objects.get(pk=village.homesteads[BARRED])
    rows: tuple[tuple[dict[str, Any], int, tuple[str, ...]], ...] = (
        (
            {
                "place": f"{village.name}北机耕路东侧", "kind": "land", "area_m2": "86.50",
                "note": "堆放建材，占用机耕路。",
            },
            4, (),
        ),
        (
            {
                "place": f"{village.name}{BARRED + 1}号院西侧", "code": barred.code, "kind": "building", "area_m2": "32.00",
                "measure": "demolish", "decision": "演示责改〔2026〕2号",
            },
            25, ("handle",),
        ),
        (
            {
                "place": f"{village.name}东养殖棚", "kind": "both", "area_m2": "210.00", "measure": "restore",
                "decision": "演示罚决〔2026〕3号", "settled_on": desk.at(30).date().isoformat(),
            },
            150, ("handle", "settle"),
        ),
    )  # fmt: skip
    places = Places({village.division: village.name})
    for nth, (more, days, moves) in enumerate(rows, start=1):
        given = {
            "division": village.division, "number": f"演示两违〔2026〕{nth:03}", "occupier": f"演示占用人{'甲乙丙'[nth - 1]}",
            "found_on": desk.at(days).date().isoformat(), **more,
        }  # fmt: skip
        made = create_record(ILLEGAL_OCCUPATION, given=given, places=places, actor=clerk, at=desk.at(days, 11))
        for step, move in enumerate(moves):
            _move(ILLEGAL_OCCUPATION, made.pk, move, clerk, desk.at(days - 5 - (days - 35) * step))


def _move(roster: Any, record: int, transition: str, by: Actor, at: datetime) -> None:
    move_record(roster, record_id=record, transition=transition, seen=None, actor=by, at=at)
