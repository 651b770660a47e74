"""From annotated clauses to the ledger of tasks (任务台账): measures, inheritance, the first-listed rule.

A task is the lowest numbered clause that bears an annotation or inherits one. A clause with two annotated paragraphs
is two measures («003» 四 4 and 5). An annotation in a heading (``（一）…（牵头单位：…）``, «003» 四) is inherited by what
stands below; where nobody inherits from it, it is a task itself, so that nothing ordered is lost.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ronghe.policy.reader import areas as area_rules
from ronghe.policy.reader import dates, deadlines
from ronghe.policy.reader.allowance import Allowance
from ronghe.policy.reader.annotations import Annotation, Found, Spans, find
from ronghe.policy.reader.fields import Fields
from ronghe.policy.reader.normalise import Mapped
from ronghe.policy.reader.outline import Clause
from ronghe.policy.reader.reading import Milestone, Place, Task
from ronghe.policy.reader.units import Name, looks_like_unit
from ronghe.policy.reader.vocabulary import FIRST_IS_LEAD, GROUP, RESPONSIBLE_IS_LEAD

_COST = {
    "unlabelled": 0.05, "no_verb": 0.15, "mixed_brackets": 0.03, "broken": 0.02, "inline": 0.1, "inherited": 0.1,
    "lost_bracket": 0.2, "damaged": 0.3, "odd_name": 0.1, "no_day": 0.05, "unread_day": 0.1, "unread_name": 0.1, "shared": 0.1,
    "sentence": 0.25,
}  # fmt: skip
#: A clause without any stop has its text for a heading, and each of its measures bears the heading.
_TITLE_LIMIT = 400


@dataclass(slots=True)
class Marked:
    """A clause with its annotations; ``title_end`` is where its heading ends in its text."""

    clause: Clause
    found: Found
    title: str = ""
    heirs: int = 0

    @property
    def annotations(self) -> list[Annotation]:
        """The clause's own annotations."""
        return self.found.annotations


@dataclass
class Ledger:
    """The marked clauses of a document and what its ledger needs to know."""

    marked: list[Marked]
    by_clause: dict[int, Marked] = field(default_factory=dict)
    first_is_lead_from: int | None = None
    responsible_is_lead: bool = False
    allowance: Allowance = field(default_factory=Allowance)

    def of(self, clause: Clause) -> Marked:
        """The annotations of a clause."""
        return self.by_clause[id(clause)]


def mark(root: Clause, own_places: Collection[str]) -> Ledger:
    """Find the annotations of all clauses."""
    ledger = Ledger([])
    for clause in root.walk():
        item = Marked(clause, find(clause.text, own_places))
        item.title = title_of(clause, item.annotations)
        ledger.marked.append(item)
        ledger.by_clause[id(clause)] = item
    ledger.first_is_lead_from = _first_is_lead(ledger)
    ledger.responsible_is_lead = any(RESPONSIBLE_IS_LEAD.search(m.clause.text.key) for m in ledger.marked)
    for item in ledger.marked:
        _lift_shared(item, ledger)
    return ledger


#: Half-width marks between Chinese characters stand for the full-width ones: titles are compared and searched.
_WIDE = re.compile(r"(?<=[\u4e00-\u9fff”）])[,;:?!](?=[\u4e00-\u9fff“（])")
_FULL = str.maketrans(",;:?!", "，；：？！")


def title_of(clause: Clause, annotations: Sequence[Annotation] = ()) -> str:
    """A clause's heading: up to the first full stop, its line's end, or the colon behind ①."""
    if not clause.paragraphs:
        return ""
    first = clause.paragraphs[0]
    end = len(first)
    for a in annotations:
        end = min(end, a.start)
    stop = first.key.find("。", 0, end)
    end = stop if stop >= 0 else end
    kind = clause.marker.kind if clause.marker else ""
    colon = first.key.find("：", 0, end)
    if (
        colon > 0
        and not first.key.startswith("：//", colon)
        and (kind == "circled" or (end > 30 and colon <= 30 and "，" not in first.key[:colon]))
    ):
        end = colon
    elif end > 60:
        end = _gap(first.offsets, first.key, 4, 60) or end
    title = first.text[: min(end, _TITLE_LIMIT)].strip("。：；，:;, 　")
    return _WIDE.sub(lambda m: m[0].translate(_FULL), title) + ("…" if end > _TITLE_LIMIT else "")


def _gap(offsets: Sequence[int], key: str, start: int, end: int) -> int | None:
    """Where the layout left its one space behind a short heading (``（一）总体要求　以…``)."""
    gaps = [i for i in range(start, end) if offsets[i] - offsets[i - 1] > 1 and not key[i - 1 : i + 1].isascii()]
    return gaps[0] if len(gaps) == 1 and gaps[0] <= 30 else None


def _first_is_lead(ledger: Ledger) -> int | None:
    """From which original offset on the first listed body leads; a rule in running text holds everywhere."""
    for item in ledger.marked:
        for a in item.annotations:
            if a.fields.first_is_lead and "lead" not in a.fields.labels:
                return item.clause.text.place(a.start, a.end)[0]
        read = Spans([(a.start, a.end) for a in item.annotations])
        if any(not read.cover(m.start()) for m in FIRST_IS_LEAD.finditer(item.clause.text.key)):
            return 0
    return None


def _lift_shared(item: Marked, ledger: Ledger) -> None:
    """Of items (1)(2)(3) on lines of their own only the last is annotated: the annotation is their clause's."""
    children = [ledger.of(c) for c in item.clause.children]
    if item.annotations or len(children) < 2 or any(c.annotations or c.clause.children for c in children[:-1]):
        return
    last = children[-1]
    small = all(c.clause.marker and c.clause.marker.rank >= 70 for c in children)
    if not small or last.clause.children or len(last.annotations) != 1:
        return
    annotation = last.annotations[0]
    if last.clause.text.key[annotation.end :].strip("。\n ") == "":
        annotation.oddities.add("shared")


def is_shared(item: Marked) -> bool:
    """Whether the clause's sub-items share the annotation at the end of the last one."""
    return any("shared" in a.oddities for a in item.annotations)


def build(ledger: Ledger, groups: Mapping[str, Sequence[str]], year_made: int | None) -> tuple[list[Task], set[int]]:
    """The tasks in document order, and the ids of clauses that are tasks. Raises: FileTooRepetitive."""
    tasks: list[Task] = []
    covered: set[int] = set()
    for item in ledger.marked:
        if any(is_shared(ledger.of(c)) for c in item.clause.children):
            last = next(ledger.of(c) for c in item.clause.children if is_shared(ledger.of(c)))
            tasks.append(_task(item, last.annotations[0], last.clause, 1, ledger, groups, year_made))
            covered |= {id(item.clause), *(id(c) for c in item.clause.children)}
    for item in ledger.marked:
        if id(item.clause) in covered or item.clause.children:
            continue
        own = _measures(item, ledger, groups, year_made)
        if own:
            covered.add(id(item.clause))
        tasks += own
    for item in ledger.marked:
        if item.clause.children and item.annotations and not item.heirs and id(item.clause) not in covered:
            for i, a in enumerate(item.annotations, 1):
                tasks.append(_task(item, a, item.clause, i, ledger, groups, year_made))
            covered.add(id(item.clause))
    return sorted(tasks, key=lambda t: (t.place.start, t.measure_index)), covered


def _measures(item: Marked, ledger: Ledger, groups: Mapping[str, Sequence[str]], year: int | None) -> list[Task]:
    if item.annotations:
        return [_task(item, a, item.clause, i, ledger, groups, year) for i, a in enumerate(item.annotations, 1)]
    if item.clause.marker is None:
        return []
    above = next((m for m in _above(item, ledger) if m.annotations), None)
    return [_task(item, None, item.clause, 1, ledger, groups, year)] if above else []


def _above(item: Marked, ledger: Ledger) -> list[Marked]:
    return [ledger.of(c) for c in item.clause.lineage() if c.marker is not None]


def _task(
    item: Marked, annotation: Annotation | None, bearer: Clause, index: int, ledger: Ledger,
    groups: Mapping[str, Sequence[str]], year: int | None,
) -> Task:  # fmt: skip
    fields = annotation.fields if annotation else Fields()
    oddities = set(annotation.oddities) if annotation else set()
    values, inherited = _inherit(fields, item, ledger)
    ledger.allowance.take(item.title, *values.texts())
    if inherited and annotation is None:
        oddities.add("inherited")
    start = item.clause.start
    if annotation is not None and index > 1:
        start = _measure_start(item, item.annotations[index - 2])
    place, at = _places(item.clause, bearer, annotation, start)
    lead = [n.name for n in values.lead]
    responsible = [n.name for n in values.responsible]
    if not lead:
        lead = lead_by_rule(ledger, responsible, at.start)
    milestones: tuple[Milestone, ...] = ()
    deadline = values.deadline
    if deadline is not None:
        milestones = tuple(Milestone(m.day, m.text) for m in deadlines.milestones(deadline, year))
        ledger.allowance.take(*(m.text for m in milestones))
        if not milestones and not dates.is_standing(deadline.key):
            oddities.add("no_day")
        elif deadlines.unread(deadline, year) or any(dates.impossible(deadline.key)):
            oddities.add("unread_day")
    if not all(looks_like_unit(n) for n in (*lead, *responsible, *(n.name for n in values.cooperating))):
        oddities.add("odd_name")
    areas = area_rules.read_areas(values.areas) if values.areas is not None else []
    expanded = area_rules.expanded(areas, groups)
    ledger.allowance.take(*expanded)
    return Task(
        path=item.clause.path,
        measure_index=index,
        title=item.title,
        place=place,
        annotation=at if annotation else None,
        confidence=round(max(0.0, 1.0 - sum(_COST.get(o, 0.0) for o in oddities)), 2),
        lead=tuple(lead),
        cooperating=tuple(n.name for n in values.cooperating),
        responsible=tuple(responsible),
        deadline=deadline.text if deadline is not None else None,
        milestones=milestones,
        areas=tuple(areas),
        areas_expanded=tuple(expanded),
        as_written={n.name: n.written for n in fields.names if n.name != n.written},
        others=dict(fields.others),
        inherited=tuple(inherited),
    )


def lead_by_rule(ledger: Ledger, responsible: Sequence[str], at: int) -> list[str]:
    """Who leads by a rule of the document where no lead is named at offset ``at``."""
    single = [n for n in responsible if not GROUP.match(n)] or list(responsible)
    if ledger.first_is_lead_from is not None and at >= ledger.first_is_lead_from:
        return single[:1]
    return single if ledger.responsible_is_lead else []


@dataclass
class _Values:
    lead: list[Name]
    cooperating: list[Name]
    responsible: list[Name]
    deadline: Mapped | None
    areas: Mapped | None

    def texts(self) -> Iterator[str]:
        """All that they say."""
        yield from (n.name for n in (*self.lead, *self.cooperating, *self.responsible))
        yield from (m.text for m in (self.deadline, self.areas) if m is not None)


def _inherit(fields: Fields, item: Marked, ledger: Ledger) -> tuple[_Values, list[str]]:
    """The clause's own fields, completed from the nearest headings above it.

    A lead is inherited wherever none is named; the other names only where the clause names nobody at all.
    """
    own_names = bool(fields.names)
    values = _Values(
        list(fields.lead), list(fields.cooperating), list(fields.responsible), fields.deadline, fields.areas
    )
    inherited: list[str] = []
    for above in _above(item, ledger):
        if not above.annotations:
            continue
        given = above.annotations[0].fields
        took = []
        for name in ("lead", "cooperating", "responsible", "deadline", "areas"):
            barred = own_names and name in {"cooperating", "responsible"}
            if getattr(given, name) and not getattr(values, name) and not barred and name not in inherited:
                setattr(values, name, getattr(given, name))
                took.append(name)
        if took:
            above.heirs += 1
            inherited += took
    return values, inherited


def _measure_start(item: Marked, before: Annotation) -> int:
    """A later measure begins behind the annotation before it."""
    at = before.end
    text = item.clause.text
    while at < len(text) and text.key[at] in "。；，\n ":
        at += 1
    return text.offsets[min(at, len(text) - 1)] if len(text) else item.clause.start


def _places(clause: Clause, bearer: Clause, annotation: Annotation | None, start: int) -> tuple[Place, Place]:
    text = bearer.text
    if annotation is None:
        end = text.place()[1] if len(text) else start
        place = Place(start, max(start, end))
        return place, place
    a, b = text.place(annotation.start, annotation.end)
    return Place(min(start, a), max(b, start)), Place(a, b)
