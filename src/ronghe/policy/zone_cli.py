"""``ronghe zone``: load zone packs and list the zones of the database."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="试验区：载入数据包、列出试验区。", no_args_is_help=True)


@app.command()
def load(
    folder: Annotated[Path | None, typer.Argument(help="一个数据包，或放数据包的文件夹；不填则载入自带的全部")] = None,
) -> None:
    """载入数据包：整包载入或整包拒绝，重复载入不会改变任何内容。"""
    from django.core.management import call_command

    call_command("load_packs", *([str(folder)] if folder else []))


@app.command("list")
def list_zones(as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False) -> None:
    """列出已载入的试验区。"""
    from ronghe.kernel.actors import SYSTEM

    from .queries import zones

    rows = [
        {"slug": z.slug, "title": z.title, "parent": z.parent_id, "tasks": z.task_count, "published": z.published}
        for z in zones(SYSTEM)
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            print(f"{row['slug']:<12} {row['title']}（任务 {row['tasks']} 项）")
