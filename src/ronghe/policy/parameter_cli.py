"""``ronghe parameter``: what parameters are worth in each zone, and a zone's own values, entered in somebody's name."""

import sys
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from .shell import AsJson, day_of, json_text

if TYPE_CHECKING:
    from ronghe.kernel.actors import Actor

    from . import queries
    from .models import ParameterValue, Zone
    from .rulebook import InForce

app = typer.Typer(help="参数：列出、查看、各地对比、录入本地值。", no_args_is_help=True)

#: A value that the parameter cannot take; zones or matters that are not there.
BAD_VALUE = 2

Id = Annotated[str, typer.Argument(help="参数标识，如 entry.agreement.area_max")]
On = Annotated[str, typer.Option("--date", help="哪一天，如 2026-11-22；不填为今天")]
User = Annotated[str, typer.Option(help="录入人的用户名，须任该试验区的试验区专班")]


@app.command("list")
def list_parameters(
    zone: Annotated[str, typer.Option(help="试验区标识，如 qingdao")], on: On = "", as_json: AsJson = False
) -> None:
    """一个试验区某日的全部参数：值、状态、来自哪里、依据。"""
    from ronghe.kernel.actors import SYSTEM

    from . import queries

    values = queries.values_in_force(queries.zone(zone, actor=SYSTEM), on=_on(on)).values()
    if as_json:
        print(json_text([queries.stated_value(value) for value in values]))
        return
    zones = _zones()
    spoken = [value for value in values if value.is_stated or value.idle is not None]
    for value in spoken:
        since = f"（{queries.whence(value, zones)}，{value.starts} 起）" if value.is_stated else ""
        print(f"{value.id}  {value.title}：{value}{since}{_basis(value)}")
    if silent := len(values) - len(spoken):
        print(f"另有 {silent} 个参数没有规定。", file=sys.stderr)


@app.command()
def show(parameter: Id, as_json: AsJson = False) -> None:
    """一个参数在各地的值和历史；本地录入的值带编号，撤下时使用。"""
    from ronghe.kernel.actors import SYSTEM

    from . import queries

    of = queries.parameter(parameter)
    if as_json:
        print(json_text(queries.parameter_description(of, actor=SYSTEM)))
        return
    print(f"{of.title}（{'，'.join(filter(None, [of.pk, of.get_kind_display(), of.unit]))}）")
    zones = _zones()
    for row in queries.values_of(actor=SYSTEM, parameter=of.pk, withdrawn=True):
        value = queries.in_force(of, row)
        number = f"第 {row.pk} 号：" if value.author else ""
        notes = [queries.whence(value, zones), "" if row.in_use else "未启用", "已撤下" if row.withdrawn_at else ""]
        print(f"  {row.starts} 起  {number}{value}（{'，'.join(filter(None, notes))}）{_basis(value)}")


@app.command()
def compare(
    matter: Annotated[list[str] | None, typer.Option(help="对比事项，如 D4；可写多次，不填为全部")] = None,
    zone: Annotated[list[str] | None, typer.Option(help="试验区标识；可写多次，不填为全部")] = None,
    on: On = "",
    as_json: AsJson = False,
) -> None:
    """各试验区并排：每个事项、每个参数在各地的值，标出不同和部分规定。"""
    from ronghe.kernel.actors import SYSTEM

    from . import queries

    try:
        found = queries.compared(actor=SYSTEM, on=_on(on), zones=zone or (), matters=matter or ())
    except queries.ComparedUnknown as error:
        print(error.text, file=sys.stderr)
        raise typer.Exit(BAD_VALUE) from error
    if as_json:
        print(json_text(found.as_json()))
    else:
        _tell(found)


@app.command()
def enter(
    parameter: Id,
    zone: Annotated[str, typer.Option(help="试验区标识，如 qingdao")],
    starts: Annotated[str, typer.Option("--from", help="自哪天起，如 2026-11-22")],
    values: Annotated[list[str], typer.Option("--value", help="值；集合、顺序每项写一次，对照表每行写“名称=数值”")],
    source: Annotated[str, typer.Option(help="来源：定值的文件名、文号或会议")],
    user: User,
    as_json: AsJson = False,
) -> None:
    """录入试验区定下的本地值：优先于文件和上级的值，注明录入人和来源。值有误时退出码为 2，什么也不录入。"""
    from ronghe.kernel import clock
    from ronghe.kernel.actors import SYSTEM

    from . import queries, services

    of, begins = queries.parameter(parameter), day_of(starts)
    actor = _acting(user, queries.zone(zone, actor=SYSTEM))
    try:
        made = services.enter_local_value(
            parameter_id=of.pk,
            zone=queries.zone(zone, actor=actor),
            starts=begins,
            written=values,
            source=source,
            actor=actor,
            at=clock.now(),
        )
    except services.LocalValueInvalid as error:
        print(error.text, file=sys.stderr)
        raise typer.Exit(BAD_VALUE) from error
    _answer(made, "已录入", as_json)


@app.command()
def take_back(
    value_id: Annotated[int, typer.Argument(help="本地值的编号，见 ronghe parameter show")],
    user: User,
    as_json: AsJson = False,
) -> None:
    """撤下一个本地值；它仍保留在历史里。"""
    from ronghe.kernel import clock
    from ronghe.kernel.actors import SYSTEM

    from . import queries, services

    zone, _ = queries.local_value(value_id, actor=SYSTEM)
    taken = services.take_back_local_value(value_id=value_id, actor=_acting(user, zone), at=clock.now())
    _answer(taken, "已撤下", as_json)


def _acting(user: str, zone: "Zone") -> "Actor":
    """The named user in the post that may enter values of the zone. Raises: UserNotFound, UserInactive, Forbidden."""
    from ronghe.kernel import clock
    from ronghe.kernel.accounts.queries import actor_at_server

    from .permissions import VALUE_ENTER

    return actor_at_server(user, permission=VALUE_ENTER, division=zone.seat_id, on=clock.legal_day(clock.now()))


def _answer(row: "ParameterValue", done: str, as_json: bool) -> None:
    from . import queries

    if as_json:
        print(json_text(queries.stored_value(row)))
        return
    value = queries.in_force(row.parameter, row)
    print(
        f"{done}第 {row.pk} 号：{queries.whence(value, _zones())}，{value.title} 自 {row.starts} 起 {value}{_basis(value)}"
    )


def _tell(found: "queries.Comparison") -> None:
    from . import queries

    width = max((len(zone.short) for zone in found.zones), default=0)
    known = _zones()
    for one in found.matters:
        print(f"{one.matter.key} {one.matter.title}")
        for row in one.rows:
            mark = "不同" if row.differs else "部分规定" if row.is_partial else "相同"
            print(f"  {row.parameter.title}〔{mark}〕{'、'.join(row.rules)}")
            for zone, cell in zip(found.zones, row.cells, strict=True):
                taken = cell.author or cell.zone not in ("", zone.slug)
                note = f"（{queries.whence(cell, known)}）" if taken else ""
                # Names are Chinese: an ideographic blank is as wide as a character.
                print(f"    {zone.short:\u3000<{width}}  {cell}{note}{_basis(cell)}")


def _zones() -> "Mapping[str, Zone]":
    from ronghe.kernel.actors import SYSTEM

    from .queries import zones_by_name

    return {zone.slug: zone for zone in zones_by_name(SYSTEM)}


def _basis(value: "InForce") -> str:
    """The clauses, and the source where no clause or a person fixes the figure."""
    said = [str(cite) for cite in value.cite]
    if value.source and (value.author or not said):
        said.append(value.source)
    return f"〔{'；'.join(said)}〕" if said else ""


def _on(text: str) -> date:
    from ronghe.kernel import clock

    return day_of(text) if text else clock.legal_day(clock.now())
