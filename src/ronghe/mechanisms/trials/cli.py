"""``ronghe trial``: a rule over a whole table, in the foreground."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ronghe.policy.shell import AsJson, day_of, json_text

if TYPE_CHECKING:
    from ronghe.policy.rulebook import Rule

    from .models import Trial

app = typer.Typer(help="试算：把规则用在整份表格上。", no_args_is_help=True)

#: A table, or a changed parameter, that does not fit.
BAD_INPUT = 2
#: The trial did not reach its last row.
NOT_DONE = 3


@app.callback()
def trials() -> None:
    """Keeps ``run`` a command of its own."""


@app.command()
def run(
    code: Annotated[str, typer.Argument(help="规则代码，见 ronghe rule list")],
    zone: Annotated[str, typer.Option(help="试验区标识，如 qingdao")],
    day: Annotated[str, typer.Option("--date", help="依据日，如 2026-11-22")],
    table: Annotated[Path, typer.Option(help="事实表：XLSX 或 CSV，第一行是列名；demo 为演示数据")],
    changes: Annotated[
        list[str] | None, typer.Option("--set", help="另一组参数，如 entry.agreement.area_max=8；可写多次")
    ] = None,
    name_column: Annotated[str, typer.Option(help="作为行名的列；不填时用“名称”或“编号”")] = "",
    keep_notes: Annotated[bool, typer.Option("--keep-notes", help="其余的列作为备注保留")] = False,
    subject: Annotated[str, typer.Option(help="事由")] = "",
    as_json: AsJson = False,
    out: Annotated[Path | None, typer.Option(help="把逐行结果写成 CSV")] = None,
) -> None:
    """试算一份表格：进度写在标准错误，汇总写在标准输出，输入和结果存档。表格有误时退出码为 2，什么也不载入。"""
    from ronghe.kernel import clock
    from ronghe.kernel.actors import SYSTEM
    from ronghe.kernel.errors import Invalid
    from ronghe.policy import queries as policy
    from ronghe.policy.rulebook import rule_named

    from . import exports, queries, running, services
    from .evaluation import RowFailed
    from .models import Trial

    rule = rule_named(code)
    on = day_of(day)
    try:
        made = services.make_trial(
            rule=rule,
            zone=policy.zone(zone, actor=SYSTEM),
            on=on,
            table=_read(table, rule, name_column, keep_notes),
            changes=dict(_change(text, rule) for text in changes or []),
            subject=subject,
            actor=SYSTEM,
            at=clock.now(),
        )
    except Invalid as error:
        print(error.text, file=sys.stderr)
        raise typer.Exit(BAD_INPUT) from error
    services.start_here(trial_id=made.pk, actor=SYSTEM, at=clock.now())
    with _bar(made.row_count) as tell:
        try:
            running.run_trial(trial_id=made.pk, now=clock.now, tell=tell)
        except RowFailed:
            pass  # the trial has kept which row and why; it is told below
        except KeyboardInterrupt:
            services.cancel_trial(trial_id=made.pk, actor=SYSTEM, at=clock.now())
    found = queries.trial(made.pk, actor=SYSTEM)
    if out is not None:
        with out.open("wb") as file:
            file.writelines(exports.results(found, actor=SYSTEM))
    if as_json:
        print(json_text(queries.as_json(found)))
    else:
        _tell(found)
    if found.state != Trial.State.DONE:
        why = found.failure or f"算好 {found.done_count:,} 行后取消"
        print(f"试算没有完成：{why}", file=sys.stderr)
        raise typer.Exit(NOT_DONE)


def _read(file: Path, rule: "Rule", name_column: str, keep_notes: bool) -> Any:
    import io

    from . import demo
    from .errors import TableUnreadable
    from .table import read_table

    if str(file) == "demo":
        return read_table(io.BytesIO(demo.table(rule)), name=demo.file_name(rule), rule=rule)
    try:
        with file.open("rb") as opened:
            return read_table(
                opened, name=file.name, rule=rule, name_column=name_column, keep_notes=keep_notes, most_bytes=None
            )
    except OSError as error:
        raise TableUnreadable(file=str(file), why=error.strerror or "读不了") from error


def _change(text: str, rule: "Rule") -> tuple[str, list[str]]:
    from ronghe.policy import queries as policy
    from ronghe.policy.values import Kind

    from .errors import ChangeUnknown
    from .forms import lines_of

    name, sign, value = text.partition("=")
    if not sign:
        raise typer.BadParameter(f"“{text}”应写成 参数标识=值，如 entry.agreement.area_max=8")
    if name not in rule.parameters:
        raise ChangeUnknown(rule=rule.title, parameter=name, known="、".join(rule.parameters) or "（没有参数）")
    return name, lines_of(Kind(policy.parameter(name).kind), value)


@contextmanager
def _bar(rows: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, where a person looks at it."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    with typer.progressbar(length=rows, label="试算", file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)


def _tell(found: "Trial") -> None:
    from ronghe.policy import queries as policy

    from .shown import summary_of

    print(f"第 {found.pk} 号试算：{found.title}（{found.zone.title}，{found.on}），{found.row_count:,} 行")
    for one in found.given_b or []:
        if one["id"] in found.changed:
            old = next(a for a in found.given_a if a["id"] == one["id"])
            was, becomes = (policy.from_snapshot(side) for side in (old, one))
            print(f"  {one['title']}：现行 {was} → 试算 {becomes}")
    shown = summary_of(found)
    if shown is None:
        return
    print(f"  {shown.message}")
    for pair in shown.verdicts:
        print(f"  {pair.label}：现行 {pair.a:,}" + ("" if pair.b is None else f"，试算 {pair.b:,}"))
    for _, title, count, _ in shown.changes:
        print(f"  {title}：{count:,}")
    for side, least, mean, most in shown.figures:
        print(f"  {side}结果：最小 {least}，平均 {mean}，最大 {most}")
