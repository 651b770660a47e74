"""Papers of the register: the certificate of what a household keeps."""

from collections.abc import Mapping, Sequence
from typing import Any

from ronghe.kernel.papers.blocks import Block, Facts, Heading, Paragraph, Table
from ronghe.kernel.papers.declared import Template, declare, masked_name


def _kept_rights(facts: Mapping[str, Any]) -> Sequence[Block]:
    about = [
        ("农户", facts["household"]), ("村", facts["village"]), ("户籍迁移日期", facts["moved_on"]),
        ("迁入地", facts["moved_to"]), ("备案日期", facts["filed_on"]),
    ]  # fmt: skip
    if facts["renewed_on"]:
        about.append(("续办日期", facts["renewed_on"]))
    return [
        Facts(tuple(about)),
        Heading("保留的权益"),
        Table(
            ("权益", "权利人", "单元代码或集体", "坐落", "面积（m²）", "期限"),
            tuple(tuple(row) for row in facts["rights"]),
            (3, 2, 4, 3, 2, 3),
        ),
        Paragraph("备案有效期间，以上权益除权利人自愿申请外，不得注销、收回或转移；退出其中一项，不影响其余各项。"),
        Paragraph("核验本证或了解现状，请扫描二维码，或在核验页输入核验码。"),
    ]


def _kept_rights_public(facts: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    return (
        ("农户", masked_name(facts["household"])),
        ("村", facts["village"]),
        ("备案日期", facts["filed_on"]),
        ("续办日期", facts["renewed_on"] or "—"),
        ("保留的权益", f"{len(facts['rights'])} 项"),
    )


KEPT_RIGHTS = declare(
    Template("registry.kept_rights", "进城落户转移备案证", "转移备案", _kept_rights, _kept_rights_public)
)
