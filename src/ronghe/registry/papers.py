"""不动产登记信息查询证明: what stands in somebody's name, as a paper that anyone can check."""

from collections.abc import Mapping, Sequence
from typing import Any

from ronghe.kernel.papers.blocks import Block, Facts, Heading, Paragraph
from ronghe.kernel.papers.declared import Template, declare, masked_name


def _extract(facts: Mapping[str, Any]) -> Sequence[Block]:
    blocks: list[Block] = [
        Facts(
            (
                ("权利人", "、".join(facts["holders"])),
                ("查询时间", facts["at"]),
                ("名下权利", f"{len(facts['rights'])} 项"),
            )
        ),
    ]
    for number, right in enumerate(facts["rights"], start=1):
        blocks.append(Heading(f"{number}. {right['kind']}", 2))
        blocks.append(Facts(tuple((label, right[key]) for label, key in _LINES if right[key])))
    blocks.append(
        Paragraph(
            "以上为登记簿在查询时间的记载。此后的变化以登记簿为准，可扫描二维码核验本证明。"
            f"数据摘要（SHA-256）{facts['digest']}。"
        )
    )
    return blocks


_LINES = (
    ("不动产单元", "code"), ("坐落", "location"), ("面积", "area"), ("权利人", "holders"), ("期限", "term"),
    ("用途", "use"), ("证书号", "certificate"), ("限制", "burdens"),
)  # fmt: skip


def _extract_public(facts: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Enough to see that the paper in hand is the one that was issued; no name in full, no house number."""
    rights = tuple(
        (f"权利 {number}", f"{right['kind']}，{right['place']}，{right['area']}，{right['burdens']}")
        for number, right in enumerate(facts["rights"], start=1)
    )
    holders = "、".join(masked_name(name) for name in facts["holders"])
    return (("权利人", holders), ("查询时间", facts["at"]), *rights, ("数据摘要", facts["digest"]))


EXTRACT = declare(Template("registry.extract", "不动产登记信息查询证明", "登记查询", _extract, _extract_public))
