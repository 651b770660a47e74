"""不动产权证书, 不动产登记证明, 受理通知书, 不予登记告知书: as papers, numbered and checkable."""

from collections.abc import Mapping, Sequence
from typing import Any

from ronghe.kernel.papers.blocks import Block, Facts, Heading, Label, Outline, Paragraph, Plan, Table
from ronghe.kernel.papers.declared import Template, declare, masked_name


def _rows(*pairs: tuple[str, Any]) -> Facts:
    """Lines that have something to say."""
    return Facts(tuple((label, str(value)) for label, value in pairs if value))


def _certificate(facts: Mapping[str, Any]) -> Sequence[Block]:
    blocks: list[Block] = [
        Paragraph(
            "根据《中华人民共和国民法典》等法律法规，为保护不动产权利人合法权益，对不动产权利人申请登记的本证所列不动产权利，经审查核实，准予登记，颁发此证。"
        ),
        _rows(
            ("证书号", facts["number"]),
            ("权利人", "、".join(facts["holders"])),
            ("共有情况", facts["co_ownership"]),
            ("坐落", facts["location"] or facts["division"]),
            ("不动产单元号", facts["unit"]),
            ("权利类型", facts["right"]),
            ("权利性质", facts["nature"]),
            ("用途", facts["use"]),
            ("面积", " / ".join(part for part in (facts["area"], facts["floor_area"] and f"建筑面积 {facts['floor_area']}") if part)),
            ("使用期限", facts["term"]),
            ("权利其他状况", f"土地所有权人：{facts['owner']}" if facts["owner"] else ""),
        ),
    ]  # fmt: skip
    if facts["family"]:
        blocks += [
            Heading("承包方家庭成员"),
            Table(("姓名", "与户主关系"), tuple(tuple(row) for row in facts["family"]), (1, 1)),
        ]
    if facts["plots"]:
        head = ("代码", "登记面积（m²）", "东至", "南至", "西至", "北至")
        rows = tuple(tuple(cell or "—" for cell in row) for row in facts["plots"])
        blocks += [Heading("空间单元"), Table(head, rows, (4, 2, 2, 2, 2, 2))]
    if facts["houses"]:
        rows = tuple(tuple(row) for row in facts["houses"])
        blocks += [Heading("房屋"), Table(("结构", "层数", "建筑面积（m²）"), rows, (1, 1, 1))]
    if plans := facts.get("plans"):
        blocks += [Heading("附图"), *(_plan(one) for one in plans)]
    note = f"权属来源：{facts['source']}{' ' + facts['source_number'] if facts['source_number'] else ''}"
    return [*blocks, Heading("附记"), Paragraph(f"{note}。发证日期：{facts['issued']}。")]


def _plan(given: Mapping[str, Any]) -> Plan:
    """The plan of one piece of land, and what it shows in words."""
    sides = "，".join(f"{name} 起 {length} 米" for name, length in given["sides"])
    return Plan(
        f"宗地图 {given['code']}", given["width"], given["height"],
        tuple(Outline(tuple((x, y) for x, y in one["points"]), one["is_dashed"]) for one in given["outlines"]),
        tuple(Label(x, y, text) for x, y, text in given["labels"]),
        f"比例尺 1:{given['scale']}　边长单位：米　虚线为房屋",
        f"宗地图，上北，比例尺 1:{given['scale']}。{f'界址边长：{sides}。' if sides else ''}",
    )  # fmt: skip


def _who(facts: Mapping[str, Any]) -> str:
    """Holders as strangers see them: persons and households masked, bodies by name."""
    return "、".join(masked_name(name) if facts["personal"] else name for name in facts["holders"]) or "—"


def _public(facts: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    return (
        ("证号", facts["number"]),
        ("权利人", _who(facts)),
        ("不动产单元号", facts["unit"]),
        ("类型", facts["right"]),
        ("面积", facts["area"] or "—"),
        ("期限", facts["term"] or "—"),
        ("发证日期", facts["issued"]),
    )


def _proof(facts: Mapping[str, Any]) -> Sequence[Block]:
    return [
        Paragraph("根据《中华人民共和国民法典》等法律法规，为保护申请人合法权益，对申请人申请登记的本证明所列不动产权利或登记事项，经审查核实，准予登记，颁发此证明。"),
        _rows(
            ("证明号", facts["number"]),
            ("证明权利或事项", facts["right"]),
            ("权利人（申请人）", "、".join(facts["holders"])),
            ("义务人", "、".join(facts["obliged"])),
            ("坐落", facts["location"] or facts["division"]),
            ("不动产单元号", facts["unit"]),
            ("需役地", facts.get("dominant", "")),
            ("被担保债权", facts["amount"]),
            ("顺位", f"第 {facts['rank']} 顺位" if facts["rank"] else ""),
            ("期限", facts["term"]),
            ("其他", facts["text"]),
        ),
        Heading("附记"),
        Paragraph(f"依据：{facts['source']}{' ' + facts['source_number'] if facts['source_number'] else ''}。发证日期：{facts['issued']}。"),
    ]  # fmt: skip


CERTIFICATE = declare(Template("registry.certificate", "不动产权证书", "不动产权证", _certificate, _public))
PROOF = declare(Template("registry.proof", "不动产登记证明", "不动产登记证明", _proof, _public))


def _accepted(facts: Mapping[str, Any]) -> Sequence[Block]:
    return [
        Paragraph(f"{facts['applicant'] or '申请人'}：", is_indented=False),
        Paragraph(
            f"您（单位）对不动产单元 {facts['unit']} 提出的{facts['matter']}申请（办件编号 {facts['case']}）已于 {facts['accepted']} 受理。{facts['due']}"
        ),
        Paragraph("登簿前可以撤回申请。审核中需要补正的，另行一次性告知。"),
        _rows(("登记费", facts["fee"]), ("收到的材料", "、".join(facts["materials"]))),
    ]


def _refused(facts: Mapping[str, Any]) -> Sequence[Block]:
    return [
        Paragraph(f"{facts['applicant'] or '申请人'}：", is_indented=False),
        Paragraph(
            f"您（单位）对不动产单元 {facts['unit']} 提出的{facts['matter']}申请（办件编号 {facts['case']}），经审查，不予登记。"
        ),
        Heading("理由"),
        Paragraph(facts["reason"]),
        Heading("救济"),
        Paragraph("不服本告知的，可以依法申请行政复议或者提起行政诉讼。"),
    ]


def _public_of_case(facts: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    who = masked_name(facts["applicant"]) if facts["applicant"] else "—"
    return (
        ("办件编号", facts["case"]),
        ("登记事项", facts["matter"]),
        ("申请人", who),
        ("不动产单元号", facts["unit"]),
    )


ACCEPTED = declare(Template("registry.accepted", "不动产登记受理通知书", "登记受理", _accepted, _public_of_case))
REFUSED = declare(Template("registry.refused", "不予登记告知书", "不予登记", _refused, _public_of_case))


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


def _income(facts: Mapping[str, Any]) -> Sequence[Block]:
    lines = (
        ("证号", facts["number"]), ("农村集体经济组织", facts["collective"]), ("所在村", facts["village"]),
        ("权利人（户）", facts["holder"]), ("份额", facts["shares"]), ("总份数", facts["total"]),
        ("登记原因", facts["cause"]),
    )  # fmt: skip
    return [
        Paragraph(
            "根据《中华人民共和国农村集体经济组织法》，集体经营性财产的收益权以份额形式量化到本集体成员，以户为单位登记。"
            "经审查核实，准予登记，颁发此证，作为参与集体收益分配的基本依据。"
        ),
        Facts(tuple((label, str(value)) for label, value in lines if value)),
        Heading("附记"),
        Paragraph(f"来源：{facts['source'] or '—'}。发证日期：{facts['issued']}。份额变动后换发新证，本证随之作废。"),
    ]


def _income_public(facts: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """What a stranger who checks the code is told: the household's name is masked."""
    return (
        ("证号", facts["number"]),
        ("农村集体经济组织", facts["collective"]),
        ("权利人（户）", masked_name(facts["holder"])),
        ("份额", facts["shares"]),
        ("发证日期", facts["issued"]),
    )


INCOME = declare(Template("registry.income", "集体收益分配权证", "收益分配权证", _income, _income_public))
