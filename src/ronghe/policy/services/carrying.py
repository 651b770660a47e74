"""A revision finds the clauses and tasks of its document where it has them: so they keep their numbers."""

from collections.abc import Mapping, Sequence

from ..models import Clause, OrderedTask, PolicyDocument, Zone
from ..packs import markers
from ..revising import Difference, moved_label

#: Measures are moved aside to here while others take their place; no document counts so far.
_ASIDE = 20_000


def carry_over(zone: Zone, key: str, matches: Mapping[str, str], rows: Sequence[Difference]) -> None:
    """Bring clauses and tasks to where the revision has them, so that the load finds them there and they keep their numbers.

    What nothing goes on with is moved aside, and the load takes it out or says what rests on it.
    """
    document = PolicyDocument.objects.get(zone=zone, key=key)
    _relabel(document, matches)
    clauses = {clause.label: clause for clause in document.clauses.all()}
    tasks = {task.pk: task for task in OrderedTask.objects.filter(clause__document=document)}
    for n, task in enumerate(tasks.values()):
        task.measure += _ASIDE + n
    OrderedTask.objects.bulk_update(tasks.values(), ["measure"])
    for row in rows:
        if row.task_id in tasks and row.new_label:
            if row.new_label not in clauses:
                path = list(markers(row.new_label) or ())
                clauses[row.new_label] = Clause.objects.create(
                    document=document, label=row.new_label, path=path, depth=len(path), order=0, title=row.title[:200]
                )
            task = tasks[row.task_id]
            task.clause, task.measure = clauses[row.new_label], row.measure
    OrderedTask.objects.bulk_update(tasks.values(), ["clause", "measure"])


def _relabel(document: PolicyDocument, matches: Mapping[str, str]) -> None:
    """Give matched clauses, and what lies below them, the labels that they bear in the revision."""
    all_of_it = list(document.clauses.all())
    moved = {c.pk: moved_label(c.label, matches) for c in all_of_it}
    moving = [c for c in all_of_it if moved[c.pk] != c.label]
    taken = {moved[c.pk] for c in moving}
    aside = [c for c in all_of_it if c in moving or c.label in taken]
    for c in aside:
        c.label = f"~{c.pk}"
    Clause.objects.bulk_update(aside, ["label"])
    for c in moving:
        path = markers(moved[c.pk]) or tuple(c.path)
        c.label, c.path, c.depth, c.parent_id = moved[c.pk], list(path), len(path), None
    Clause.objects.bulk_update(moving, ["label", "path", "depth", "parent"])
