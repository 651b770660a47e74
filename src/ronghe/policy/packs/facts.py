"""What a pack states, as frozen facts; each carries the line of its file for messages that come later.

Names are as written in the documents; ``Pack.unit`` and ``Pack.area`` find what they mean.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from ronghe.kernel.errors import Invalid

from ..ruling import Clause
from ..values import Kind

#: The pack that holds what laws and ministries fix; it is no zone.
NATIONAL = "national"

_CN = "一二三四五六七八九十百千零〇"
_MARKER = re.compile(
    rf"第(?:[{_CN}]+|\d+)[编篇章节条款项]"
    rf"|(?:重点|主要|试验|试点|改革)?(?:任务|工程|行动|举措|措施|专栏)(?:[{_CN}]+|\d+)"
    rf"|(?:附件|附表)(?:[{_CN}]+|\d+)?|[{_CN}]+|\([{_CN}]+\)|\d+(?:\.\d+)*|\(\d+\)|[①-⑳㉑-㉟㊱-㊿]"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend in a pack: where it is, what is wrong, and how to mend it."""

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行：{self.what}。{self.mend}。"


class PackFaults(Invalid):
    """The pack cannot be used as it is; ``faults`` are data: file, line, what is wrong, how to mend it."""

    code = "policy.pack_faults"
    message = "数据包“{pack}”有 {count} 处要改，什么都没有载入：\n{listing}"

    @classmethod
    def of(cls, pack: str, faults: Sequence[Fault]) -> "PackFaults":
        return cls(
            pack=pack,
            count=len(faults),
            listing="\n".join(str(fault) for fault in faults),
            faults=[asdict(fault) for fault in faults],
        )


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """试验区: who it is and whose government runs it. ``seat`` is ``None`` in the national pack and in a draft."""

    slug: str
    title: str
    short: str
    parent: str | None
    seat: str | None
    divisions: tuple[str, ...]
    published: bool
    version: str
    sources: Mapping[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """政策文件: header facts of one published plan; ``number`` and ``index_number`` are empty when it has none."""

    key: str
    title: str
    notice_title: str
    number: str
    issuer: str
    date_made: date | None  # None only in a draft
    date_issued: date | None
    index_number: str
    source: str
    line: int


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """试验任务领域: one of the topics of the national plan."""

    code: int
    title: str
    short: str
    source: str
    line: int


@dataclass(frozen=True, slots=True)
class DivisionFacts:
    """行政区划: ``parent`` is a code, ``None`` for a province; ``local`` marks a code that is not the state's."""

    code: str
    name: str
    level: str
    parent: str | None
    local: bool
    source: str
    line: int


@dataclass(frozen=True, slots=True)
class TieFacts:
    """功能区托管: ``descendant`` lies in its district and is managed by the functional zone ``ancestor``."""

    ancestor: str
    descendant: str
    source: str
    line: int


@dataclass(frozen=True, slots=True)
class FormerNameFacts:
    """曾用名称: ``until`` is the day on which the change was approved, when known."""

    code: str
    name: str
    former_code: str
    until: date | None
    source: str
    line: int


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """单位: ``members`` are names of units, ``member_divisions`` whole divisions; both only in a group."""

    name: str
    kind: str
    level: str
    division: str
    aliases: tuple[str, ...]
    members: tuple[str, ...]
    member_divisions: tuple[str, ...]
    source: str
    line: int


@dataclass(frozen=True, slots=True)
class ClauseFacts:
    """条款: ``label`` is the path as people cite it, ``path`` its markers from outside in."""

    document: str
    label: str
    path: tuple[str, ...]
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class MilestoneFacts:
    """里程碑: one date of a deadline with the goal as written."""

    due: date
    text: str


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """任务 (文件所定): names of units and areas are as written; ``Pack.unit`` and ``Pack.area`` find what they mean."""

    document: str
    label: str
    measure: int
    title: str
    topic: int | None
    room: str  # empty only in a draft
    lead: tuple[str, ...]
    cooperating: tuple[str, ...]
    responsible: tuple[str, ...]
    deadline: str
    milestones: tuple[MilestoneFacts, ...]
    areas: tuple[str, ...]
    keywords: tuple[str, ...]
    line: int

    @property
    def due(self) -> date | None:
        """The last date of the deadline."""
        return max((m.due for m in self.milestones), default=None)


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """试点区域: ``part`` says that the place is no division itself and only lies in those named."""

    written: str
    divisions: tuple[str, ...]
    part: bool
    source: str
    line: int


@dataclass(frozen=True, slots=True)
class AnnexFacts:
    """附表行: one row of the document's own table, linked to the clause of the body that it belongs to."""

    document: str
    table: int
    row: int
    trial_task: str
    work_task: str
    label: str | None
    lead: tuple[str, ...]
    responsible: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class DiscrepancyFacts:
    """存疑: what a person should know before relying on a place of the document."""

    document: str
    kind: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class InstrumentFacts:
    """配套制度: what a clause orders to be drafted; ``module`` is its number in the inventory of systems."""

    document: str
    label: str
    title: str
    kind: str
    module: str
    line: int


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """对比事项: one row of the comparison of zones."""

    key: str
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """规则目录: one rule of the inventory; ``without`` says why software cannot hold it, where it cannot."""

    id: str
    title: str
    room: str
    modules: tuple[str, ...]
    scope: str
    matter: str | None
    without: str
    line: int


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """规则出处: the clauses of one document that state a rule."""

    rule: str
    document: str
    labels: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class DefinitionFacts:
    """参数定义: what a parameter is; its values are stated by the zones."""

    id: str
    title: str
    kind: Kind
    unit: str
    basis: str
    room: str
    matter: str | None
    choices: tuple[str, ...]
    meaning: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class ValueFacts:
    """参数值: one value from a start date; ``written`` is empty when the value is unset."""

    parameter: str
    starts: date
    status: str
    written: tuple[str, ...]
    cites: tuple[Clause, ...]
    source: str
    in_use: bool
    rules: tuple[str, ...]
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class WorkdayFacts:
    """调休安排: a weekday without work, or a weekend day with it."""

    day: date
    is_work: bool
    name: str
    source: str
    line: int


@dataclass(frozen=True, slots=True)
class BoundaryFacts:
    """界线 (示意): outlines of divisions, with where they come from and in which coordinates; never evidence."""

    source: str
    crs: str
    note: str
    outlines: Mapping[str, Mapping[str, Any]]  # GeoJSON geometry by division code


@dataclass(frozen=True)
class Pack:
    """One pack as read: every reference in it has been checked."""

    folder: Path
    zone: ZoneFacts
    documents: tuple[DocumentFacts, ...]
    topics: tuple[TopicFacts, ...]
    divisions: tuple[DivisionFacts, ...]
    ties: tuple[TieFacts, ...]
    former_names: tuple[FormerNameFacts, ...]
    units: tuple[UnitFacts, ...]
    clauses: tuple[ClauseFacts, ...]
    areas: tuple[AreaFacts, ...]
    tasks: tuple[TaskFacts, ...]
    annex: tuple[AnnexFacts, ...]
    discrepancies: tuple[DiscrepancyFacts, ...]
    instruments: tuple[InstrumentFacts, ...]
    matters: tuple[MatterFacts, ...]
    rules: tuple[RuleFacts, ...]
    statements: tuple[StatementFacts, ...]
    definitions: tuple[DefinitionFacts, ...]
    values: tuple[ValueFacts, ...]
    workdays: tuple[WorkdayFacts, ...]
    boundary: BoundaryFacts | None
    todo: tuple[Fault, ...]  # what a draft still lacks; always empty in a finished pack
    digest: str

    @cached_property
    def _units(self) -> Mapping[str, UnitFacts]:
        return {name: unit for unit in self.units for name in (unit.name, *unit.aliases)}

    @cached_property
    def _areas(self) -> Mapping[str, AreaFacts]:
        return {area.written: area for area in self.areas}

    def unit(self, written: str) -> UnitFacts:
        """The unit that a name or alias means. Raises: KeyError; never for a name that stands in a task."""
        return self._units[written]

    def area(self, written: str) -> AreaFacts:
        """The divisions that an area of a task means. Raises: KeyError; never for an area of a task."""
        return self._areas[written]

    @property
    def is_national(self) -> bool:
        return self.zone.slug == NATIONAL


def markers(label: str) -> tuple[str, ...] | None:
    """The markers of a clause number as cited: ``四(三)8①`` → 四, (三), 8, ①; ``None`` when it is no clause number."""
    found: list[str] = []
    at = 0
    while at < len(label):
        spaced = bool(found) and label[at] == " "
        hit = _MARKER.match(label, at + spaced)
        if hit is None or (spaced and not _run_together(found[-1], hit[0])):
            return None
        found.append(hit[0])
        at = hit.end()
    return tuple(found) or None


def label_of(path: Sequence[str]) -> str:
    """The clause number as people cite it: the markers one after the other; the inverse of :func:`markers`."""
    label = path[0] if path else ""
    for before, marker in pairwise(path):
        label += f" {marker}" if _run_together(before, marker) else marker
    return label


def _run_together(before: str, after: str) -> bool:
    """Whether two markers side by side would be read as one: 1 and 1.1, 任务一 and 一; a space parts them."""
    hit = _MARKER.match(before + after)
    return hit is not None and hit[0] != before
