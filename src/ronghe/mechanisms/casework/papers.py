"""办理结果通知书: what became of a case, for its applicant."""

from collections.abc import Mapping, Sequence
from typing import Any

from ronghe.kernel.clock import legal_day
from ronghe.kernel.papers.blocks import Block, Facts, Heading, Paragraph, Table
from ronghe.kernel.papers.declared import Template, declare, masked_name

from .declared import PROCEDURES
from .models import Case


def _body(facts: Mapping[str, Any]) -> Sequence[Block]:
    to = facts["applicant"] or "申请人"
    return [
        Paragraph(f"{to}：", is_indented=False),
        Paragraph(f"您（单位）提出的“{facts['title']}”（办件编号 {facts['number']}）已经{facts['outcome']}。"),
        *([Paragraph(f"理由：{facts['reason']}")] if facts["reason"] else []),
        Facts((("程序", facts["procedure"]), ("提出日", facts["opened"]), ("办结日", facts["closed"]), ("结果", facts["outcome"]))),
        Heading("办理经过"),
        Table(("环节", "处理", "日期"), tuple(tuple(row) for row in facts["moves"]), (2, 3, 2)),
    ]  # fmt: skip


def _public(facts: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    who = masked_name(facts["applicant"]) if facts["applicant"] else "—"
    return (("程序", facts["procedure"]), ("申请人", who), ("办结日", facts["closed"]), ("结果", facts["outcome"]))


RESULT = declare(Template("casework.result", "办理结果通知书", "办结通知", _body, _public))


def facts_of(case: Case) -> dict[str, Any]:
    """What the notice of a closed case says."""
    procedure = PROCEDURES[case.procedure]
    decisions = list(case.decisions.all())
    assert case.closed_at is not None
    return {
        "title": case.title,
        "number": case.number,
        "procedure": procedure.title,
        "applicant": case.applicant.name if case.applicant else "",
        "outcome": case.get_state_display(),
        "reason": decisions[-1].reason if decisions else "",
        "opened": legal_day(case.opened_at).isoformat(),
        "closed": legal_day(case.closed_at).isoformat(),
        "moves": [[procedure.title_of(d.from_step), d.label, legal_day(d.at).isoformat()] for d in decisions],
    }
