"""``ronghe demo``: data to show the platform with."""

import json
from typing import Annotated

import typer

app = typer.Typer(help="演示数据：为展示平台建立的历史，均标明“演示数据”。", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """A group, though it has one command."""


@app.command()
def office(
    zone: Annotated[str | None, typer.Option(help="只建这一个试验区，例如 jinan")] = None,
    seed: Annotated[int, typer.Option(help="同一个数得到同样的历史")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """建立专班两年工作的演示：交办、签收、上报、销号、督办；已有任务流转的试验区不动，重复运行不会再建。"""
    from . import demo

    made = demo.build_all(only=[zone] if zone else None, seed=seed)
    if as_json:
        print(json.dumps(made, ensure_ascii=False, indent=1))
    for slug, counts in made.items() if not as_json else ():
        told = "，".join(f"{demo.KINDS[kind]} {count}" for kind, count in counts.items())
        print(f"{slug:<12} {told or '没有建立：任务已有流转，或者没有可设专班的单位'}")
