"""规则适用结果书: a kept ruling as a paper, with its facts, parameters, steps and clauses."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ronghe.kernel.papers.blocks import Block, Facts, Heading, Paragraph, Table
from ronghe.kernel.papers.declared import Template, declare

from .models import KeptRuling, PolicyDocument
from .queries import from_snapshot
from .rulebook import all_rules

VERDICTS = {"passed": "通过", "failed": "未通过", "undecidable": "无法判定", "": "计算结果"}
_MARKS = {True: "符合", False: "不符合", None: ""}


def _body(facts: Mapping[str, Any]) -> Sequence[Block]:
    blocks: list[Block] = [
        Facts(
            (
                ("事项", facts["subject"] or "—"),
                ("规则", facts["rule"]),
                ("试验区", facts["zone"]),
                ("依据日", facts["on"]),
                ("结论", facts["verdict"]),
            )
        ),
        Heading("一、事实"),
        Table(("事实", "内容"), tuple((label, value) for label, value in facts["facts"]) or (("没有", ""),), (3, 2)),
        Heading("二、推导"),
        Table(
            ("步骤", "结果", "依据"),
            tuple((finding, mark, cite) for finding, mark, cite in facts["steps"]),
            (6, 1, 3),
        ),
    ]
    if facts["parameters"]:
        blocks += [
            Heading("三、所用参数"),
            Table(("参数", "取值", "来自"), tuple(tuple(row) for row in facts["parameters"]), (4, 3, 2)),
        ]
    blocks.append(Paragraph("本结果书按存档的事实和参数出具；以后政策调整，不改变本结果。"))
    return blocks


def _public(facts: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    return (("规则", facts["rule"]), ("试验区", facts["zone"]), ("依据日", facts["on"]), ("结论", facts["verdict"]))


RULING = declare(Template("policy.ruling", "规则适用结果书", "规则", _body, _public))


def facts_of(kept: KeptRuling, titles: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What the paper of a kept ruling says. Args: ``titles`` of documents by key, when the caller has them."""
    rule = all_rules().get(kept.rule)
    meanings = {one.name: one.meaning for one in rule.facts} if rule else {}
    used = [from_snapshot(one) for one in kept.parameters]
    titles = titles or document_titles()
    zones = {kept.zone_id: kept.zone.short}
    return {
        "subject": kept.subject,
        "rule": kept.title,
        "zone": kept.zone.title,
        "on": kept.on.isoformat(),
        "verdict": VERDICTS[kept.verdict] if kept.verdict else _shown(kept.value),
        "facts": [[meanings.get(name, name), _shown(value)] for name, value in kept.facts.items()],
        "steps": [[step["finding"], _MARKS.get(step["ok"], ""), _cites(step["cite"], titles)] for step in kept.steps],
        "parameters": [[one.title, str(one), zones.get(one.zone or "", "全国或上级")] for one in used],
    }


def document_titles() -> dict[str, str]:
    """What the documents that rulings cite are called, by key."""
    return dict(PolicyDocument.objects.values_list("key", "title"))


def rows_of(kept: Iterable[KeptRuling]) -> list[dict[str, Any]]:
    """What a batch of papers says: one row per kept ruling, with what it is about."""
    titles = document_titles()
    return [facts_of(one, titles) | {"_subject": (one._meta.label_lower, one.pk)} for one in kept]


def _shown(value: Any) -> str:
    match value:
        case None:
            return "未给出"
        case bool():
            return "是" if value else "否"
        case list():
            return "、".join(_shown(one) for one in value)
        case dict():
            return "，".join(f"{name} {_shown(one)}" for name, one in value.items())
        case _:
            return str(value)


def _cites(cite: str | None, titles: Mapping[str, str]) -> str:
    """``qingdao-2020 三(二)3`` as people cite it: the document's title and the clause."""
    told = []
    for one in filter(None, (cite or "").split("；")):
        key, _, path = one.partition(" ")
        told.append(f"《{titles.get(key, key)}》{path}")
    return "；".join(told)
