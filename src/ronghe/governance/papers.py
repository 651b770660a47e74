"""督办单: as a paper, numbered and checkable."""

from collections.abc import Mapping, Sequence
from typing import Any

from ronghe.kernel.papers.blocks import Block, Facts, Heading, Paragraph
from ronghe.kernel.papers.declared import Template, declare


def _supervision(facts: Mapping[str, Any]) -> Sequence[Block]:
    rows = [
        ("督办级别", f"{facts['colour']}色（第 {facts['rank']} 级）"),
        ("被督办单位", facts["unit"]),
        ("督办任务", facts["task"]),
        ("完成期限", facts["due"]),
        ("当前进度", f"{facts['percent']}%"),
        ("回复期限", facts["reply_by"]),
    ]
    if facts["follows"]:
        rows.append(("承接", f"{facts['follows']}，到期未落实，现予升级"))
    return [
        Facts(tuple(rows)),
        Heading("一、督办事由"),
        Paragraph(facts["matter"]),
        Heading("二、督办要求"),
        Paragraph(facts["demand"]),
        Heading("三、回复"),
        Paragraph(f"请于 {facts['reply_by']} 前在平台书面回复办理情况和下一步措施。一事一单，本单办结后归档。"),
    ]


def _supervision_public(facts: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    return (("试验区", facts["zone"]), ("级别", f"{facts['colour']}色"), ("被督办单位", facts["unit"]))


SUPERVISION = declare(Template("governance.supervision", "督办单", "督办", _supervision, _supervision_public))
