"""督办单, 会议纪要 and 报告: as papers, numbered and checkable."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ronghe.kernel.papers.blocks import Block, Chart, ChartBar, Facts, Head, Heading, Paragraph, Series, Table
from ronghe.kernel.papers.declared import Template, declare

from .rules.ledger import Light, State
from .rules.reporting import percent


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

_NUMERALS = "一二三四五六七八九十"


def numeral(number: int) -> str:
    """1 to 99 as 公文 count: 一, 十二, 三十."""
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else _NUMERALS[tens - 1]) + "十" if tens else "") + (_NUMERALS[ones - 1] if ones else "")


def long_day(written: str) -> str:
    """2026年9月30日."""
    day = date.fromisoformat(written)
    return f"{day.year}年{day.month}月{day.day}日"


def _paragraphs(text: str) -> Iterator[Paragraph]:
    yield from (Paragraph(line) for line in text.splitlines() if line.strip())


# -- 会议纪要 ------------------------------------------------------------------------------------------------------


def _minutes(facts: Mapping[str, Any]) -> Sequence[Block]:
    blocks: list[Block] = [
        Paragraph(f"{long_day(facts['on'])}，{facts['convener']}在{facts['place']}召集召开{facts['title']}。"),
        *_paragraphs(facts["opening"]),
        Paragraph("会议议定如下："),
    ]
    for number, item in enumerate(facts["items"], start=1):
        blocks.append(Heading(f"{numeral(number)}、{item['matter']}"))
        blocks += _paragraphs(item["situation"])
        blocks += _paragraphs(f"会议议定：{item['decision'] or '（待记录）'}")
        if item["due"]:
            blocks.append(Paragraph(f"由{item['unit']}负责，于{long_day(item['due'])}前完成。"))
    tasks = tuple(
        (str(number), item["decision"].splitlines()[0].partition("。")[0], item["unit"], item["due"])
        for number, item in enumerate(facts["items"], start=1)
        if item["due"] and item["decision"]
    )
    if tasks:
        blocks += [
            Heading(f"{numeral(len(facts['items']) + 1)}、议定事项任务清单"),
            Table(("议题", "任务", "落实单位", "完成期限"), tasks, (1, 5, 3, 2)),
        ]
    blocks.append(Paragraph(f"出席：{'，'.join(facts['attendance'].split()) or '（待记录）'}"))
    return blocks


def _minutes_head(facts: Mapping[str, Any]) -> Head:
    """Source: GB/T 9704-2012 10.3: the mark ends in 纪要, no seal, no signature."""
    return Head(
        f"{facts['zone']}联席会议纪要", title=f"{facts['title']}纪要", printed_by=facts["office"], is_signed=False
    )


def _minutes_public(facts: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    return (("试验区", facts["zone"]), ("会议", facts["title"]), ("日期", facts["on"]))


MINUTES = declare(Template("governance.minutes", "联席会议纪要", "联席纪要", _minutes, _minutes_public, _minutes_head))


# -- 报告 ----------------------------------------------------------------------------------------------------------

LIGHT_SERIES = (
    (Light.NORMAL, Series("正常", "good")),
    (Light.NEAR, Series("临近期限", "place")),
    (Light.BEHIND, Series("进度滞后", "warn")),
    (Light.OVERDUE, Series("已逾期", "bad")),
)
GROUP_SERIES = (
    ("closed", Series("已销号", "good")),
    ("open", Series("在办", "place")),
    ("overdue", Series("已逾期", "bad")),
    ("idle", Series("待交办或中止", "plain")),
)
#: Units of the chart of a report; the table has them all.
MOST_UNITS = 15


def group_values(group: Mapping[str, Any]) -> tuple[int, ...]:
    """The parts of a group in the order of ``GROUP_SERIES``; they add up to its total."""
    return group["closed"], group["open"], group["overdue"], group["listed"] + group["stopped"]


def _report(facts: Mapping[str, Any]) -> Sequence[Block]:
    parts = {"overall": _overall, "chapters": _chapters, "problems": _problems}
    blocks: list[Block] = []
    for number, section in enumerate(facts["sections"], start=1):
        blocks.append(Heading(f"{numeral(number)}、{section['title']}"))
        blocks += _paragraphs(section["text"])
        if section["key"] in parts:
            blocks += parts[section["key"]](facts)
    blocks.append(
        Paragraph(
            f"数据截至{long_day(facts['last'])}，由任务台账按记录生成，数据摘要（SHA-256）{facts['digest'][:16]}。"
        )
    )
    return blocks


def _overall(facts: Mapping[str, Any]) -> Iterator[Block]:
    sums = facts["sums"]
    if not sums["total"]:
        return
    lit = [(light, series) for light, series in LIGHT_SERIES if sums["lights"][light]]
    at_work = sum(sums["lights"][light] for light, _ in lit)
    if at_work:
        bars = tuple(ChartBar(series.name, (sums["lights"][light],)) for light, series in LIGHT_SERIES)
        yield Chart(f"办理中的 {at_work} 项任务按亮灯分", "项", bars, (Series("任务", "place"),))
    rows = [(title, str(n), percent(n, sums["total"])) for title, n in state_rows(sums)]
    yield Table(("任务状态", "任务（项）", "占比"), (*rows, ("合计", str(sums["total"]), "100%")), (3, 2, 2))


def state_rows(sums: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The states that occur, by their title."""
    return [(state.title, sums["states"][state.value]) for state in State if sums["states"][state.value]]


def _chapters(facts: Mapping[str, Any]) -> Iterator[Block]:
    sums = facts["sums"]
    if not sums["chapters"]:
        return
    yield from grouped("各章任务完成情况", "章", sums["chapters"])
    yield from grouped("各责任单位任务完成情况", "责任单位", sums["units"], most=MOST_UNITS)
    if sums["units"]:
        yield Paragraph("注：一项任务由几个单位牵头或负责的，在各单位分别计数。")


def grouped(title: str, what: str, groups: Sequence[Mapping[str, Any]], *, most: int = 1000) -> Iterator[Block]:
    """A chart of groups with its table; where there are more than ``most``, the chart names the first."""
    if not groups:
        return
    series = tuple(one for _, one in GROUP_SERIES)
    of = f"（前 {most} 个）" if len(groups) > most else ""
    bars = tuple(ChartBar(group["label"], group_values(group)) for group in groups[:most])
    yield Chart(f"{title}{of}", "项", bars, series)
    head = (what, "任务", *(one.name for one in series), "平均进度")
    rows = tuple(
        (
            group["label"],
            str(group["total"]),
            *(str(n) for n in group_values(group)),
            f"{group['percents'] // group['total']}%",
        )
        for group in groups
    )
    yield Table(head, rows, (5, 1, 1, 1, 1, 2, 1))


def _problems(facts: Mapping[str, Any]) -> Iterator[Block]:
    if facts["late"]:
        rows = tuple(
            (
                f"{t['label']} {t['title']}".strip(),
                "、".join(t["units"]) or "—",
                t["due"] or "—",
                f"{t['percent']}%",
                str(t["late_days"]),
            )
            for t in facts["late"]
        )
        yield Table(("逾期任务", "牵头、责任单位", "期限", "进度", "逾期（天）"), rows, (6, 4, 2, 1, 1))


def _report_head(facts: Mapping[str, Any]) -> Head:
    mark = f"{facts['zone']}专班文件"
    return Head(mark, title=facts["title"], printed_by=facts["office"])


def _report_public(facts: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    period = f"{facts['first']} 至 {facts['last']}"
    return (("试验区", facts["zone"]), ("标题", facts["title"]), ("报告期", period), ("数据摘要", facts["digest"]))


WORK_REPORT = declare(Template("governance.report", "工作报告", "进展报告", _report, _report_public, _report_head))
