"""``ronghe policy``: read a plan. Needs neither database nor Django, so it answers at once."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from .reader.reading import Reading, Task

app = typer.Typer(help="政策文件：解读方案。", no_args_is_help=True)


@app.callback()
def policy() -> None:
    """政策文件：解读方案。"""


@app.command()
def read(
    file: Annotated[Path, typer.Argument(help="方案文件：txt、docx、pdf（有文字层）、html")],
    as_json: Annotated[bool, typer.Option("--json", help="按 policy-reader.schema.json 输出 JSON")] = False,
    pack: Annotated[Path | None, typer.Option(help="把解读结果写成数据包草稿，放入这个新文件夹")] = None,
) -> None:
    """解读一份实施方案：文件信息、条款、任务、单位、时限、区域，以及没有读懂的地方。"""
    from .reader import read_plan
    from .reader.intake import read_text

    intake = read_text(file)
    for note in intake.notes:
        print(f"提示：{note}", file=sys.stderr)
    reading = read_plan(intake.text)
    if pack is not None:
        from .pack_writer import write_draft

        write_draft(reading, pack)
        print(f"数据包草稿已写入 {pack}；请补全 zone.yaml、各任务的领域和区域，再作为试验区载入。", file=sys.stderr)
    if as_json:
        sys.stdout.writelines(reading.written())
    elif pack is None:
        _tell(reading)


def _tell(reading: "Reading") -> None:
    head = reading.document
    print(head.title or head.notice_title or "（没有读出标题）")
    facts = [head.number, head.issuer, head.date_made and f"成文 {head.date_made}"]
    if any(facts):
        print("  " + " · ".join(str(f) for f in facts if f))
    print(f"  任务 {len(reading.tasks)} 项，单位 {len(reading.units)} 个，附表 {len(reading.annex_rows)} 行")
    for task in reading.tasks:
        print(
            f"\n{''.join(task.path)}{'' if task.measure_index == 1 else f' 第 {task.measure_index} 项措施'}  {task.title}"
        )
        for label, text in _parts(task):
            print(f"    {label}：{text}")
    for title, rows in (("请人工核对", [d.text for d in reading.discrepancies]),):
        if rows:
            print(f"\n{title}（{len(rows)} 处）")
            for text in rows:
                print(f"  - {text}")
    if not reading.clauses and not reading.tasks:
        print("  没有认出“一、（一）1.”这样的条款，也没有任务分工表：这个文件可能不是实施方案，或者只是印发通知。")
    if reading.unread:
        print(f"\n没有读懂 {len(reading.unread)} 处：")
        for place in reading.unread:
            print(f"  - 第 {place.start}–{place.end} 字")


def _parts(task: "Task") -> list[tuple[str, str]]:
    parts = [
        ("牵头单位", "、".join(task.lead)),
        ("配合单位", "、".join(task.cooperating)),
        ("责任单位", "、".join(task.responsible)),
        ("完成时限", task.deadline or ""),
        ("试点区域", "、".join(task.areas)),
    ]
    return [(label, text) for label, text in parts if text]
