"""``ronghe rule``: which rules there are, what each needs, and what it says of given facts."""

import json
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from ronghe.kernel.errors import Invalid

from .rulebook import Basis, FactsInvalid, all_rules, rule_named
from .shell import AsJson, day_of, json_text

app = typer.Typer(help="规则：列出、查看、运行。", no_args_is_help=True)

#: Facts that are wrong or missing.
BAD_FACTS = 2


class FactsUnreadable(Invalid):
    """The file of facts is no JSON object."""

    code = "policy.facts_unreadable"
    message = '事实文件 {file} 读不出来：{why}。请写成一个 JSON 对象，如 {{"area_mu": 5}}。'


@app.command("list")
def list_rules(as_json: AsJson = False) -> None:
    """列出全部规则的代码和名称。"""
    rows = [{"code": rule.code, "title": rule.title, "covers": list(rule.covers)} for rule in all_rules().values()]
    if as_json:
        print(json_text(rows))
    else:
        for row in rows:
            covers = f"（{'、'.join(row['covers'])}）" if row["covers"] else ""
            print(f"{row['code']:<36} {row['title']}{covers}")


@app.command()
def show(code: Annotated[str, typer.Argument(help="规则代码")], as_json: AsJson = False) -> None:
    """一条规则需要的事实，和它的参数在各地的值。"""
    from ronghe.kernel.actors import SYSTEM

    from .queries import rule_description

    found = rule_description(rule_named(code), actor=SYSTEM)
    if as_json:
        print(json_text(found))
        return
    print(f"{found['title']}（{'，'.join(filter(None, [found['code'], '、'.join(found['covers'])]))}）")
    print("\n事实：")
    for one in found["facts"]:
        detail = "，".join(filter(None, [one["type"], one["unit"], "必填" if one["required"] else "视情况"]))
        print(f"  {one['name']:<28} {one['meaning']}（{detail}）")
    print("\n参数：")
    for one in found["parameters"]:
        print(f"  {one['zone']:<10} {one['from']} 起  {one['title']}：{_stated(one)}（{one['cite'] or one['source']}）")


def _stated(one: Mapping[str, Any]) -> str:
    """A value as a person reads it."""
    value, unit = one["value"], f" {one['unit']}" if one["unit"] else ""
    if one["status"] == "unset":
        return "待地方确定"
    note = "" if one["in_use"] else "（参考值，未启用）" if one["status"] == "assumed" else "（提出，未启用）"
    if isinstance(value, bool):
        return ("是" if value else "否") + note
    if isinstance(value, Mapping):
        return "，".join(f"{name} {number}{unit}" for name, number in value.items()) + note
    if isinstance(value, list):
        return "、".join(value) + note
    return f"{value}{unit}{note}"


@app.command()
def run(
    code: Annotated[str, typer.Argument(help="规则代码")],
    zone: Annotated[str, typer.Option(help="试验区标识，如 qingdao")],
    day: Annotated[str, typer.Option("--date", help="依据日，如 2026-11-22")],
    facts: Annotated[Path, typer.Option(help="事实文件（JSON 对象）；- 为标准输入")],
    basis: Annotated[list[str] | None, typer.Option(help="其他依据日，如 vote=2026-05-01；可写多次")] = None,
    as_json: AsJson = False,
) -> None:
    """把事实交给规则，得到结论和每一步的依据。事实有误或缺少时列出名称，退出码为 2。"""
    from ronghe.kernel.actors import SYSTEM

    from . import queries

    stated = _facts(facts)
    try:
        answer = queries.answer(
            code, queries.zone(zone, actor=SYSTEM), on=day_of(day), facts=stated, dates=dict(map(_basis, basis or []))
        )
    except FactsInvalid as error:
        print(error.text, file=sys.stderr)
        raise typer.Exit(BAD_FACTS) from error
    if as_json:
        print(json_text(answer.as_json()))
    else:
        _tell(answer)
    lacking = [name for name in answer.ruling.missing if "." not in name]
    if lacking:
        meanings = {one.name: one.meaning for one in answer.rule.facts}
        named = "、".join(f"{name}（{meanings[name]}）" for name in lacking)
        print(f"缺少事实：{named}。请补充后重新运行。", file=sys.stderr)
        raise typer.Exit(BAD_FACTS)


def _tell(answer: Any) -> None:
    words = {"passed": "通过", "failed": "未通过", "undecidable": "无法判定", None: ""}
    outcome = words[answer.ruling.verdict] or str(answer.as_json()["value"])
    print(f"{answer.rule.title}（{answer.zone.title}，{answer.on}）：{outcome}")
    marks = {True: "✓", False: "✗", None: "·"}
    for step in answer.ruling.steps:
        cite = "；".join(str(one) for one in step.cite)
        print(f"  {marks[step.ok]} {step.finding}" + (f"〔{cite}〕" if cite else ""))
    if answer.ruling.missing:
        print(f"  缺少：{'、'.join(answer.ruling.missing)}")


def _facts(file: Path) -> dict[str, Any]:
    """The stated facts; a decimal is kept exactly as written. Raises: FactsUnreadable."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
        found = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except OSError as error:
        raise FactsUnreadable(file=str(file), why=error.strerror or "打不开") from error
    except (ValueError, RecursionError) as error:
        raise FactsUnreadable(file=str(file), why="不是有效的 JSON（UTF-8）") from error
    if not isinstance(found, dict):
        raise FactsUnreadable(file=str(file), why="最外层不是对象")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _basis(text: str) -> tuple[Basis, date]:
    name, _, day = text.partition("=")
    try:
        return Basis(name), day_of(day)
    except ValueError as error:
        known = "、".join(f"{one.value}（{one.title}）" for one in Basis)
        raise typer.BadParameter(f"没有“{name}”这个依据日，可用：{known}") from error
