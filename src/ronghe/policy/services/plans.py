"""Commands on plans: loading a zone pack into the database, whole or not at all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.db import refuses
from ronghe.kernel.errors import Conflict, Invalid
from ronghe.kernel.regions import services as regions
from ronghe.kernel.regions.models import Division, OrgUnit
from ronghe.kernel.spatial import services as spatial

from ..models import (
    AnnexRow,
    Clause,
    Discrepancy,
    Duty,
    Milestone,
    OrderedTask,
    PolicyDocument,
    TaskArea,
    TaskUnit,
    Topic,
    Zone,
)
from ..packs import Pack, TaskFacts
from .rulings import load_rulebook
from .syncing import Loaded, sync


class ParentZoneMissing(Invalid):
    """A pack names a parent zone that is not loaded."""

    code = "policy.parent_zone_missing"
    message = "试验区“{slug}”写明上级试验区为“{parent}”，但它还没有载入。请先载入“{parent}”的数据包。"


class ZoneHasNoSeat(Invalid):
    """A draft pack cannot be loaded before a person has said whose government runs the zone."""

    code = "policy.zone_has_no_seat"
    message = "数据包“{slug}”还是草稿：没有写明主管区划。请在 zone.yaml 的 seat 填 12 位代码。"


class DivisionsMissing(Invalid):
    """A pack points to divisions that neither it nor an earlier pack holds."""

    code = "policy.divisions_missing"
    message = "数据包“{slug}”用到的区划代码 {codes} 不在任何数据包里。请在 divisions.csv 中补上。"


class DocumentKnown(Conflict):
    """Another zone stands on this document already."""

    code = "policy.document_known"
    message = "数据包“{slug}”的文件（发文机关和发文字号）已经属于另一个试验区，没有载入。请核对 zone.yaml 的 documents 和 slug。"


class DocumentKeyTaken(Conflict):
    """Another pack has a document of this key: citations name a document by its key alone."""

    code = "policy.document_key_taken"
    message = (
        "数据包“{slug}”的文件标识（{keys}）有一个已被另一个数据包使用，没有载入。请在 zone.yaml 和各表里换一个标识。"
    )


class PackRowInUse(Conflict):
    """A pack leaves out something that other records rest on."""

    code = "policy.pack_row_in_use"
    message = "数据包“{slug}”去掉了“{what}”，但已有记录依据它，不能删除。请保留这一行，或先处理依据它的记录。"


@transaction.atomic
def load_packs(packs: Sequence[Pack], *, actor: Actor, at: datetime) -> list[Loaded]:
    """Bring the database in step with packs, parents first: one transaction for all, one event for each.

    Packs may correct together what several of them state. A repeat of the same content changes nothing and records
    nothing. Rows keep their numbers as long as their key (document and clause, measure) stays, so that what hangs on
    a task is not lost. Locks: one load at a time.
    Raises: ParentZoneMissing, ZoneHasNoSeat, DivisionsMissing, DivisionsDiffer, OrgUnitsDiffer, DocumentKnown,
    DocumentKeyTaken, PackRowInUse.
    """
    slugs = [pack.zone.slug for pack in packs]
    return [_load(pack, follow=slugs[n:], actor=actor, at=at) for n, pack in enumerate(packs, start=1)]


def load_pack(pack: Pack, *, actor: Actor, at: datetime) -> Loaded:
    """Bring the database in step with one pack, as ``load_packs`` does."""
    return load_packs([pack], actor=actor, at=at)[0]


def _load(pack: Pack, *, follow: Sequence[str], actor: Actor, at: datetime) -> Loaded:
    """Load one pack; its event tells everything that was done, by kind of row."""
    slug = pack.zone.slug
    parts = _load_divisions(pack, follow)
    outlines, renewed = None, False
    if pack.is_national:
        parts |= _load_national(pack, at=at)
    else:
        _check_zone(pack)
        outlines = _load_outlines(pack, at=at)
        # Units are shared with other packs, as divisions are: an unchanged digest says nothing of what these did.
        units = _load_units(pack, follow)
        parts |= _counted(slug, {"units": units.units, "group_members": units.members})
        renewed = not Zone.objects.filter(slug=slug, pack_digest=pack.digest).exists()
        if renewed:
            parts |= _load_zone(pack, units.by_name, at=at)
    facts = {name: part.counts for name, part in parts.items()}
    done = sum(parts.values(), Loaded(slug))
    if outlines is not None:
        facts["outlines"] = asdict(outlines)
        done += Loaded(slug, outlines.added, outlines.changed, outlines.removed)
    if renewed or outlines is not None or done != Loaded(slug):
        record(
            verb="policy.pack.loaded",
            subject=("policy.Zone", slug),
            actor=actor,
            at=at,
            division=pack.zone.seat,
            facts={"digest": pack.digest, **facts},
        )
    return done


def _load_divisions(pack: Pack, follow: Sequence[str]) -> dict[str, Loaded]:
    done = regions.load_divisions(
        pack=pack.zone.slug,
        divisions=[
            regions.DivisionRow(d.code, d.name, d.level, d.parent, d.local, f"divisions.csv 第 {d.line} 行，")
            for d in pack.divisions
        ],
        ties=[regions.TieRow(t.ancestor, t.descendant, t.source) for t in pack.ties],
        former_names=[
            regions.FormerNameRow(
                f.code, f.name, f.former_code, f.until, f.source, f"former_names.csv 第 {f.line} 行，"
            )
            for f in pack.former_names
        ],
        follow=follow,
    )
    parts = {"divisions": done.divisions, "ties": done.ties, "former_names": done.former_names}
    return _counted(pack.zone.slug, parts)


def _load_units(pack: Pack, follow: Sequence[str]) -> regions.OrgUnitsLoaded:
    return regions.load_org_units(
        pack=pack.zone.slug,
        units=[
            regions.OrgUnitRow(
                u.division,
                u.name,
                u.kind,
                u.level,
                u.aliases,
                u.members,
                u.member_divisions,
                u.source,
                f"units.csv 第 {u.line} 行，",
            )
            for u in pack.units
        ],
        follow=follow,
    )


def _counted(slug: str, parts: Mapping[str, regions.Counts]) -> dict[str, Loaded]:
    return {name: Loaded(slug, **asdict(counts)) for name, counts in parts.items()}


def _load_outlines(pack: Pack, *, at: datetime) -> spatial.LayerLoaded | None:
    """County outlines go to the one layer of all zones, under the pack's slug; a repeat is seen there."""
    names = {d.code: d.name for d in pack.divisions}
    boundary = pack.boundary
    return spatial.load_boundaries(
        layer=spatial.COUNTY_BOUNDARIES,
        key=pack.zone.slug,
        origin=boundary.source if boundary else "",
        note=boundary.note if boundary else "",
        crs=boundary.crs if boundary else "CGCS2000",
        features=[
            spatial.Given(code, names.get(code, code), shape)
            for code, shape in (boundary.outlines.items() if boundary else ())
        ],
        at=at,
    )


def _load_national(pack: Pack, *, at: datetime) -> dict[str, Loaded]:
    """What binds every zone: topics, laws with their articles, the catalogue of rules, parameters, working days."""
    topics = sync(
        Topic.objects.all(),
        {(t.code,): {"title": t.title, "short": t.short, "source": t.source} for t in pack.topics},
        ("code",),
    )
    documents, documents_done = _load_documents(pack, None)
    clauses, clauses_done = _load_clauses(pack, documents)
    rulebook = load_rulebook(pack, None, documents, clauses, at=at)
    return {"topics": topics, "documents": documents_done, "clauses": clauses_done, "rulebook": rulebook}


def _load_zone(pack: Pack, units: Mapping[tuple[str, str], OrgUnit], *, at: datetime) -> dict[str, Loaded]:
    """The zone and its plan."""
    try:
        with refuses(
            {
                "document_number_once_per_issuer": DocumentKnown(slug=pack.zone.slug),
                "document_key_once": DocumentKeyTaken(
                    slug=pack.zone.slug, keys="、".join(document.key for document in pack.documents)
                ),
            }
        ):
            return _write_zone(pack, units, at=at)
    except ProtectedError as error:
        first = next(iter(error.protected_objects))
        raise PackRowInUse(slug=pack.zone.slug, what=str(first)) from error


def _write_zone(pack: Pack, units: Mapping[tuple[str, str], OrgUnit], *, at: datetime) -> dict[str, Loaded]:
    facts = pack.zone
    assert facts.seat is not None  # a draft without a seat was refused before
    zone, created = Zone.objects.update_or_create(
        slug=facts.slug,
        defaults={
            "title": facts.title,
            "short": facts.short,
            "parent_id": facts.parent,
            "seat_id": facts.seat,
            "published": facts.published,
            "pack_version": facts.version,
            "pack_digest": pack.digest,
        },
    )
    zone.divisions.set(Division.objects.filter(code__in=facts.divisions))
    documents, documents_done = _load_documents(pack, zone)
    clauses, clauses_done = _load_clauses(pack, documents)
    return {
        "zones": Loaded(facts.slug, added=int(created)),
        "documents": documents_done,
        "clauses": clauses_done,
        "rulebook": load_rulebook(pack, zone, documents, clauses, at=at),
        "tasks": _load_tasks(pack, zone, clauses, units),
        "annex_rows": _load_annex(pack, documents, clauses),
        "discrepancies": _load_discrepancies(pack, documents),
    }


def _load_annex(
    pack: Pack, documents: Mapping[str, PolicyDocument], clauses: Mapping[tuple[str, str], Clause]
) -> Loaded:
    return sync(
        AnnexRow.objects.filter(document__in=documents.values()),
        {
            (documents[a.document].pk, a.table, a.row): {
                "trial_task": a.trial_task,
                "work_task": a.work_task,
                "lead": list(a.lead),
                "responsible": list(a.responsible),
                "clause_id": clauses[a.document, a.label].pk if a.label else None,
            }
            for a in pack.annex
        },
        ("document_id", "table", "row"),
    )


def _load_discrepancies(pack: Pack, documents: Mapping[str, PolicyDocument]) -> Loaded:
    order = _counter()
    return sync(
        Discrepancy.objects.filter(document__in=documents.values()),
        {(documents[d.document].pk, order(d.document)): {"kind": d.kind, "text": d.text} for d in pack.discrepancies},
        ("document_id", "order"),
    )


def _load_documents(pack: Pack, zone: Zone | None) -> tuple[dict[str, PolicyDocument], Loaded]:
    rows = PolicyDocument.objects.filter(zone=zone)
    done = sync(
        rows,
        {
            (d.key,): {
                "title": d.title,
                "notice_title": d.notice_title,
                "number": d.number,
                "issuer": d.issuer,
                "date_made": d.date_made,
                "date_issued": d.date_issued,
                "index_number": d.index_number,
                "source": d.source,
            }
            for d in pack.documents
        },
        ("key",),
        {"zone": zone},
    )
    return {d.key: d for d in rows.all()}, done


def _check_zone(pack: Pack) -> None:
    """What the pack points to is there: seat, parent zone, divisions."""
    facts = pack.zone
    if facts.seat is None:
        raise ZoneHasNoSeat(slug=facts.slug)
    if facts.parent and not Zone.objects.filter(slug=facts.parent).exists():
        raise ParentZoneMissing(slug=facts.slug, parent=facts.parent)
    used = {
        pack.zone.seat,
        *pack.zone.divisions,
        *(u.division for u in pack.units),
        *(code for u in pack.units for code in u.member_divisions),
        *(code for a in pack.areas for code in a.divisions),
    } - {None}
    unknown = used - set(Division.objects.filter(code__in=used).values_list("code", flat=True))
    if unknown:
        raise DivisionsMissing(slug=pack.zone.slug, codes="、".join(sorted(str(code) for code in unknown)))


def _counter() -> Callable[[str], int]:
    """Numbers from 1, for each name apart."""
    last: dict[str, int] = {}

    def following(name: str) -> int:
        last[name] = last.get(name, 0) + 1
        return last[name]

    return following


def _load_clauses(pack: Pack, documents: Mapping[str, PolicyDocument]) -> tuple[dict[tuple[str, str], Clause], Loaded]:
    """The clauses level by level, so that each finds its parent; a repeat keeps their numbers."""
    labels = {(c.document, c.path): c.label for c in pack.clauses}
    order = _counter()
    wanted: dict[tuple[Any, ...], dict[str, Any]] = {}
    above: dict[tuple[Any, ...], tuple[int, str] | None] = {}
    for c in pack.clauses:
        key = (documents[c.document].pk, c.label)
        parent = next(
            (
                labels[c.document, c.path[:n]]
                for n in range(len(c.path) - 1, 0, -1)
                if (c.document, c.path[:n]) in labels
            ),
            None,
        )
        above[key] = (documents[c.document].pk, parent) if parent else None
        wanted[key] = {"path": list(c.path), "depth": len(c.path), "order": order(c.document), "title": c.title}
    rows = Clause.objects.filter(document__in=list(documents.values()))
    gone = rows.exclude(pk__in=[c.pk for c in rows.all() if (c.document_id, c.label) in wanted])
    removed = 0
    for clause in gone.order_by("-depth"):
        _drop_tasks(clause.tasks.all())
        clause.annex_rows.update(clause=None)
        clause.delete()
        removed += 1
    done = sync(rows, wanted, ("document_id", "label"))
    stored = {(c.document_id, c.label): c for c in rows.all()}
    moved = []
    for key, parent_key in above.items():
        parent_id = stored[parent_key].pk if parent_key else None
        if stored[key].parent_id != parent_id:
            stored[key].parent_id = parent_id
            moved.append(stored[key])
    Clause.objects.bulk_update(moved, ["parent"])
    keys = {document.pk: name for name, document in documents.items()}
    by_label = {(keys[document], label): clause for (document, label), clause in stored.items()}
    return by_label, done + Loaded("", removed=removed)


def _load_tasks(
    pack: Pack,
    zone: Zone,
    clauses: Mapping[tuple[str, str], Clause],
    units: Mapping[tuple[str, str], OrgUnit],
) -> Loaded:
    wanted = {
        (clauses[t.document, t.label].pk, t.measure): {
            "zone_id": zone.pk,
            "order": place,
            "title": t.title,
            "topic_id": t.topic,
            "room": t.room,
            "deadline": t.deadline,
            "due": t.due,
            "keywords": list(t.keywords),
        }
        for place, t in enumerate(pack.tasks, start=1)
    }
    rows = OrderedTask.objects.filter(zone=zone)
    kept = [t.pk for t in rows.all() if (t.clause_id, t.measure) in wanted]
    removed = _drop_tasks(rows.exclude(pk__in=kept))
    done = sync(rows, wanted, ("clause_id", "measure"))
    stored = {(t.clause_id, t.measure): t for t in rows.all()}
    # Parts of a task have no life of their own: nothing points to them, so they are written anew.
    _drop_parts(rows)
    area_order: list[tuple[TaskArea, tuple[str, ...]]] = []
    duties: list[TaskUnit] = []
    milestones: list[Milestone] = []
    for facts in pack.tasks:
        task = stored[clauses[facts.document, facts.label].pk, facts.measure]
        duties += _duties(pack, facts, task, units)
        milestones += [
            Milestone(task=task, due=m.due, text=m.text, order=n) for n, m in enumerate(facts.milestones, start=1)
        ]
        for n, written in enumerate(facts.areas, start=1):
            area = pack.area(written)
            area_order.append((TaskArea(task=task, order=n, written=written, is_part=area.part), area.divisions))
    TaskUnit.objects.bulk_create(duties)
    Milestone.objects.bulk_create(milestones)
    TaskArea.objects.bulk_create(area for area, _ in area_order)
    through = TaskArea.divisions.through
    through.objects.bulk_create(
        through(taskarea_id=area.pk, division_id=code) for area, codes in area_order for code in codes
    )
    return done + Loaded("", removed=removed)


def _duties(
    pack: Pack, facts: TaskFacts, task: OrderedTask, units: Mapping[tuple[str, str], OrgUnit]
) -> Iterable[TaskUnit]:
    for duty, names in (
        (Duty.LEAD, facts.lead),
        (Duty.RESPONSIBLE, facts.responsible),
        (Duty.COOPERATING, facts.cooperating),
    ):
        for n, written in enumerate(names, start=1):
            unit = pack.unit(written)
            yield TaskUnit(task=task, unit=units[unit.division, unit.name], duty=duty, order=n, written=written)


def _drop_parts(tasks: models.QuerySet[OrderedTask]) -> None:
    TaskUnit.objects.filter(task__in=tasks).delete()
    Milestone.objects.filter(task__in=tasks).delete()
    TaskArea.divisions.through.objects.filter(taskarea__task__in=tasks).delete()
    TaskArea.objects.filter(task__in=tasks).delete()


def _drop_tasks(tasks: models.QuerySet[OrderedTask]) -> int:
    """Remove tasks that a pack no longer states; whatever rests on one of them refuses (PackRowInUse)."""
    gone = OrderedTask.objects.filter(pk__in=list(tasks.values_list("pk", flat=True)))
    _drop_parts(gone)
    return gone.delete()[0]
