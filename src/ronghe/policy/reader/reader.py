"""Reading one document, step by step: lines → head → clauses → annotations → tasks → table → self-checks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

from ronghe.policy.reader import annex, areas, checks, compare, deadlines, for_all, header, lines, outline, tasks, units
from ronghe.policy.reader.allowance import Allowance
from ronghe.policy.reader.annotations import Found
from ronghe.policy.reader.normalise import Cleaner
from ronghe.policy.reader.outline import Outline
from ronghe.policy.reader.reading import (
    AnnexRow,
    Clause,
    Discrepancy,
    Document,
    InlineDeadline,
    Milestone,
    Place,
    Reading,
    Task,
    UnitGroup,
)

_PLACE_NAME = re.compile(r"([\u4e00-\u9fff]{2,3}?)(?:省|自治区|市|自治州|州|盟|县|自治县|区|旗)")


def read_plan(text: str) -> Reading:
    """Read a plan: head, clauses, tasks with bodies, deadlines and areas, the table annex, and what is odd.

    ``text`` is the decoded original; every place in the answer is an offset in it. Where there is no plan the reading
    is empty. Time and memory grow with the length of the text only (``intake.limits.TEXT_CHARS``).

    Raises: FileTooRepetitive for a text that repeats its annotations without end, nothing else for any text.
    """
    cleaner = Cleaner.for_document(text)
    all_lines = lines.split(text, cleaner)
    head = header.read_head(all_lines)
    tree = outline.build(all_lines, head.body, head.claimed, lines.wrap_width(all_lines))
    odd_words = list(checks.odd_words(all_lines))
    del all_lines  # the tree has what is needed of them; together they would take half as much again
    own_places = _own_places(head)
    ledger = tasks.mark(tree.root, own_places)
    _promote_annex(tree.root, ledger, head)
    groups = _groups(ledger)
    members = {g.name: g.members for g in groups if g.members}
    year = head.date_made.year if head.date_made else None
    body_tasks, covered = tasks.build(ledger, members, year)
    rules = for_all.rules(ledger)
    body_tasks = for_all.apply(body_tasks, rules)
    tables = annex.read_tables(tree.tables, own_places)
    rows = [_led(row, ledger) for row in tables.rows]
    found: list[Discrepancy] = [
        *checks.gaps(tree.root),
        *checks.damage(text, cleaner),
        *odd_words,
        *checks.marked_leads(tree.root),
    ]
    found += checks.missing_annexes(tree, bool(rows))
    found += for_all.told(rules)
    found += checks.columns(tables.columns)
    found += checks.days(tree.root, [*body_tasks, *rows], year)
    if body_tasks and rows:
        measures = _measures(body_tasks, text, cleaner)
        rows = compare.link(rows, measures)
        found += compare.differences(rows, measures)
    elif rows:
        body_tasks = _row_tasks(rows, members, year)
    names, _ = units.register(_names(body_tasks))
    everyone, aliases = units.register([*_names(body_tasks), *_names(rows)])
    found += checks.spellings(aliases)
    found += checks.similar(everyone)
    return Reading(
        document=_document(head),
        tasks=tuple(body_tasks),
        unannotated=tuple(_unannotated(ledger, covered)),
        annex_rows=tuple(rows),
        inline_deadlines=tuple(_inline(ledger, head.date_made or head.date_issued)),
        discrepancies=tuple(found),
        unread=tuple(_unread(ledger, tables, tree)),
        units=tuple(names),
        clauses=tuple(_clauses(ledger)),
        groups=tuple(groups),
        aliases=aliases,
        attachments=tuple(_attachments(tree)),
    )


def _document(head: header.Head) -> Document:
    return Document(
        head.title, head.notice_title, head.number, head.issuer, head.date_made, head.date_issued, head.index_number
    )


def _promote_annex(root: outline.Clause, ledger: tasks.Ledger, head: header.Head) -> None:
    """A notice with numbers of its own may bring the plan in its annex: then the annex is the body.

    It is so when one annex holds every annotation. The notice's own clauses keep their numbers behind 正文.
    """
    annexes = [c for c in root.children if c.marker is None]
    bearing = [c for c in annexes if any(ledger.of(x).annotations for x in c.walk())]
    others = [c for c in root.children if c.marker is not None]
    if len(bearing) != 1 or any(ledger.of(x).annotations for c in others for x in c.walk()):
        return
    plan = bearing[0]
    plan.label = ""
    notice = outline.Clause(None, "正文", root)
    ledger.by_clause[id(notice)] = tasks.Marked(notice, Found())
    for clause in others:
        clause.parent = notice
    if plan.paragraphs and header.TITLE_END.search(plan.paragraphs[0].key):
        head.notice_title = head.notice_title or head.title
        head.title = plan.paragraphs[0].text


def _own_places(head: header.Head) -> Collection[str]:
    """Stems of the document's own place names (闽侯 of 闽侯县): such a name begins a full name of a body."""
    stems: set[str] = set()
    for source in (head.issuer, head.title, head.notice_title):
        match = _PLACE_NAME.match(source or "")
        if match:
            stems.add(match[1])
    return stems


def _groups(ledger: tasks.Ledger) -> list[UnitGroup]:
    """Definitions of group words, from running text and from brackets in annotations; the first one counts."""
    found: dict[str, UnitGroup] = {}
    for item in ledger.marked:
        text = item.clause.text
        for name, members, a, b in areas.definitions(text):
            found.setdefault(name, UnitGroup(name, tuple(members), None, Place(*text.place(a, b))))
        for annotation in item.annotations:
            for d in annotation.fields.definitions:
                found.setdefault(
                    d.name, UnitGroup(d.name, (), d.note, Place(*text.place(annotation.start, annotation.end)))
                )
    return list(found.values())


def _names(ledger: Sequence[Task | AnnexRow]) -> Iterable[str]:
    for task in ledger:
        yield from (*task.lead, *task.responsible, *task.cooperating)


def _clauses(ledger: tasks.Ledger) -> Iterable[Clause]:
    for item in ledger.marked:
        clause = item.clause
        if clause.path:
            end = clause.text.place()[1] if len(clause.text) else clause.start + 1
            yield Clause(clause.path, item.title, len(clause.path), Place(clause.start, max(end, clause.start)))


def _unannotated(ledger: tasks.Ledger, covered: set[int]) -> Iterable[Clause]:
    for item, clause in zip((m for m in ledger.marked if m.clause.path), _clauses(ledger), strict=True):
        if not item.clause.children and id(item.clause) not in covered and item.clause.marker is not None:
            yield clause


def _inline(ledger: tasks.Ledger, made: date | None) -> Iterable[InlineDeadline]:
    for item in ledger.marked:
        text = item.clause.text
        if not len(text):
            continue
        skip = [*((a.start, a.end) for a in item.annotations), *item.found.unread]
        titles = [item.title, *(ledger.of(c).title for c in item.clause.lineage())]
        for d in deadlines.running(text, skip, made, deadlines.sets_goals(titles), len(item.title)):
            place = Place(*text.place(d.start, d.end))
            yield InlineDeadline(item.clause.path, text.text[d.start : d.end].replace("\n", ""), d.day, place)


def _measures(body_tasks: Sequence[Task], text: str, cleaner: Cleaner) -> list[compare.Measure]:
    return [compare.Measure.of(t, cleaner.clean(text[t.place.start : t.place.end]).text) for t in body_tasks]


def _led(row: AnnexRow, ledger: tasks.Ledger) -> AnnexRow:
    return row if row.lead else replace(row, lead=tuple(tasks.lead_by_rule(ledger, row.responsible, row.place.start)))


def _unread(ledger: tasks.Ledger, tables: annex.Tables, tree: Outline) -> Iterable[Place]:
    places = [Place(*m.clause.text.place(a, b)) for m in ledger.marked for a, b in m.found.unread]
    places += [Place(x.start, x.end) for x in (*tables.unread, *tree.doubtful)]
    return sorted(set(places), key=lambda p: (p.start, p.end))


def _attachments(tree: Outline) -> Iterable[str]:
    return (name.text.strip(" 。") for name in tree.attachments if name)


def _row_tasks(rows: Sequence[AnnexRow], members: dict[str, tuple[str, ...]], year: int | None) -> list[Task]:
    """The rows of a table that is the document's only ledger, as tasks; their numbers are the table's own."""
    many = len({r.table for r in rows}) > 1
    count: dict[int, int] = {}
    allowance = Allowance()
    result = []
    for row in rows:
        count[row.table] = count.get(row.table, 0) + 1
        own = [row.serial] if row.serial and "serial" not in row.filled else [str(count[row.table])]
        path = (f"表{row.table}", *own) if many or not row.serial else tuple(own)
        deadline = Cleaner(False, False).clean(row.deadline) if row.deadline else None
        stones = deadlines.milestones(deadline, year) if deadline else []
        everywhere = areas.expanded(row.areas, members)
        allowance.take(*everywhere, *(m.text for m in stones))
        result.append(
            Task(
                path=path,
                measure_index=1,
                title=(row.work_task or row.measure.split("。")[0]).rstrip("。；"),
                place=row.place,
                confidence=0.9 if row.filled else 0.95,
                lead=row.lead,
                cooperating=row.cooperating,
                responsible=row.responsible,
                deadline=row.deadline,
                milestones=tuple(Milestone(m.day, m.text) for m in stones),
                areas=row.areas,
                areas_expanded=tuple(everywhere),
            )
        )
    return result
