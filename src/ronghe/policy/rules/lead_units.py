"""牵头单位: who leads a task, as each document says it is to be found; and full names of abbreviated units."""

import re
from dataclasses import dataclass

from ..checks import lacks, not_stated
from ..rulebook import Given, fact, rule
from ..ruling import Ruling, Step, calculated, cannot_say

FOUND_BY = "governance.lead.found_by"
AMONG = "governance.lead.among"
BY_DUTIES = "governance.lead.by_duties"
PREFIX = "governance.units.shared_prefix"
WITHOUT_PREFIX = "governance.units.without_prefix"
MIXED = "governance.units.mixed_names"

#: How documents write a department of the city (市直部门): 市财政局, 市市场监管局. In 市场监管局 or 市容环卫中心 the first
#: character belongs to the name itself; 市政府办, 市政协, 市政法委 and 市政务服务局 are of the city, 市政园林局 is not.
_OF_CITY = re.compile(r"市(?!场|容|政(?![府协法务策]))")


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """The units of one annotation with their duty, in the order of the document."""

    lead: tuple[str, ...] | None = fact("牵头单位")
    responsible: tuple[str, ...] | None = fact("责任单位")
    departments: frozenset[str] | None = fact("责任单位中的市直部门", required=False)


@rule(
    "governance.lead_units",
    "任务的牵头单位",
    room="GOV",
    matter="D27",
    covers=("R-193", "R-194", "R-195", "R-196", "R-197"),
    parameters=(FOUND_BY, AMONG, BY_DUTIES),
)
def lead_units(facts: LeadFacts, given: Given) -> Ruling[frozenset[str] | None]:
    """The units that lead a task; an empty set says that the document states no lead.

    Zibo: the first city department of the list; Gaoqing and Jinan: those that the document names; Qingdao and Minhou name
    none, and the order of their lists means nothing.
    Source: 淄博 二(一)1; 高青 四(一); 济南 三(一)1; 青岛 二(一)1; 闽侯 二(一)1.
    """
    found_by = given[FOUND_BY]
    if found_by.value is None:
        return cannot_say(not_stated("牵头单位怎样确定", FOUND_BY, cite=found_by.cite))
    if found_by.value == "名单首位":
        return _first_listed(facts, given)
    if found_by.value == "不写牵头" and not facts.lead:
        how = "各单位按职责分工负责" if given.flag(BY_DUTIES) else "只列责任单位，次序没有含义"
        return calculated(frozenset(), [Step(found_by.cite, f"文件不写牵头单位，{how}")])
    if facts.lead is None:
        return cannot_say(lacks("lead", finding="不知道文件写明的牵头单位", cite=found_by.cite))
    named = "、".join(facts.lead)
    finding = f"文件写明的牵头单位：{named}" if named else "这项任务没有写牵头单位"
    return calculated(frozenset(facts.lead), [Step(found_by.cite, finding)])


def _first_listed(facts: LeadFacts, given: Given) -> Ruling[frozenset[str] | None]:
    cite = given[FOUND_BY].cite
    listed = facts.responsible
    if listed is None:
        return cannot_say(lacks("responsible", finding="不知道责任单位名单", cite=cite))
    if not given[AMONG].is_stated:
        first = listed[:1]
    elif facts.departments is not None:
        first = tuple(unit for unit in listed if unit in facts.departments)[:1]
    elif listed and not _OF_CITY.match(listed[0]):
        finding = f"名单首位“{listed[0]}”是不是{given[AMONG]}，需要说明"
        return cannot_say(lacks("departments", finding=finding, cite=cite))
    else:
        first = listed[:1]
    among = f"的{given[AMONG]}" if given[AMONG].is_stated else ""
    finding = f"名单中排名第一{among}牵头：{first[0]}" if first else f"名单中没有可以牵头{among}"
    return calculated(frozenset(first), [Step(cite, finding)])


@dataclass(frozen=True, slots=True)
class UnitNameFacts:
    """A list of units as a document writes it."""

    written: tuple[str, ...] | None = fact("名单中的单位，按原文的写法和次序")
    aliases: frozenset[str] | None = fact("单位名录的别名，写成“简称=全称”")


@rule(
    "governance.unit_names",
    "单位名称的归一",
    room="GOV",
    covers=("R-223",),
    parameters=(PREFIX, WITHOUT_PREFIX, MIXED),
)
def unit_names(facts: UnitNameFacts, given: Given) -> Ruling[tuple[str, ...] | None]:
    """The full names of the units of a list: the shared prefix is put back, aliases are replaced.

    Minhou writes 县公安局、人社局 for two county bureaus; Gaoqing writes the same bureau long and short. A unit keeps its
    place; one that is named twice stands once.
    Source: 闽侯 二(一)1、二(四)1、二(六)3; 高青 四(四)14、附件.
    """
    prefix, mixed = given[PREFIX], given[MIXED]
    if not (prefix.is_stated or mixed.is_stated):
        return cannot_say(not_stated("单位名称的省写或并用", PREFIX, MIXED))
    cite = (*prefix.cite, *mixed.cite)
    wanting = tuple(
        name
        for name, absent in (("written", facts.written is None), ("aliases", mixed.is_stated and facts.aliases is None))
        if absent
    )
    if wanting or facts.written is None:
        return cannot_say(lacks(*wanting, finding="归一单位名称还缺事实", cite=cite))
    names = facts.written
    if isinstance(prefix.value, str):
        names = _prefixed(names, prefix.value, given.members(WITHOUT_PREFIX))
    known = dict(alias.split("=", 1) for alias in facts.aliases or () if "=" in alias)
    full = tuple(dict.fromkeys(known.get(name, name) for name in names))
    return calculated(full, [Step(cite, f"归一为：{'、'.join(full) or '（空）'}")])


def _prefixed(names: tuple[str, ...], prefix: str, without: frozenset[str]) -> tuple[str, ...]:
    """Names with the prefix that an earlier one of the list carries for them."""
    carried, full = False, []
    for name in names:
        own = name.startswith(prefix)
        carried = carried or own
        full.append(name if own or not carried or name.startswith(tuple(without)) else f"{prefix}{name}")
    return tuple(full)
