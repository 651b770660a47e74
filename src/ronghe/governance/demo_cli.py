"""``ronghe demo``: data to show the platform with."""

import json
import sys
from typing import Annotated

import typer

app = typer.Typer(help="演示数据：为展示平台建立的历史，均标明“演示数据”。", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """One group for all demonstrations."""


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


@app.command()
def build(
    households: Annotated[int, typer.Option(min=1, max=2_000_000, help="农户数")] = 2_000,
    seed: Annotated[int, typer.Option(help="同一个数得到同样的村庄")] = 1,
    county: Annotated[str, typer.Option(help="区县代码前 6 位")] = "370322",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """建立产权登记的演示：村庄、农户、地块、权利、证书和其间发生的事；已有单元的村不动，重复运行不会再建。"""
    from ronghe.registry import demo as register

    with typer.progressbar(length=1_000, label="正在建立", file=sys.stderr) as bar:
        made = register.build(
            households=households, seed=seed, county=county,
            told=lambda done, of: bar.update(1_000 * done // max(of, 1) - bar.pos),
        )  # fmt: skip
    if as_json:
        print(json.dumps(made, ensure_ascii=False, indent=1))
    elif made:
        print(f"村 {made['villages']:,}，农户 {made['households']:,}，不动产单元 {made['units']:,}")
    else:
        print("没有建立：所选的村都已有不动产单元")
