"""What the platform suggests for a new draft: known units and divisions by name, rooms and topics by similar tasks."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ronghe.kernel.grams import grams
from ronghe.kernel.regions.models import RANK, Division, OrgUnit

from .models import OrderedTask, PolicyDocument, TaskArea, TaskUnit, Zone
from .pack_writer import kind_of_name, level_of_name, place_of, slug_of, zone_title_of
from .packs.build import MEMBER_DIVISION
from .packs.facts import label_of
from .reader.reading import Document, Reading

#: Of the pairs of characters of a task's title so many must be shared for its like to count.
_ALIKE = 0.34
_WHOLE = re.compile(r"^(?:全[省市县区州]|[全各].*(?:全域|范围)|全域)$|^[一二三四五六七八九十]+[区县市].*全域$")


def suggestions(reading: Reading, *, division: str) -> dict[str, Any]:
    """Suggestions for a plan that staff of ``division`` took in; each may be corrected."""
    seat = _seat(reading.document, division)
    known = _same_document(reading.document, seat, division)
    return {
        "zone": _zone(reading.document, seat, known),
        "units": _units(reading, seat),
        "areas": _areas(reading, seat),
        "tasks": _tasks(reading, known),
    }


def _seat(document: Document, division: str) -> Division | None:
    """The division that the plan speaks for, as far as those who took it in reach it: the smallest that its title names,
    else its issuer."""
    below = list(Division.objects.below(division).exclude(level__in=("village", "functional")))
    for text in (document.title, document.notice_title, document.issuer):
        named = [d for d in below if text and d.name in text]
        if named:
            return max(named, key=lambda d: (RANK[d.level], len(d.name)))
    return next((d for d in below if d.code == division), None)


def _zone(document: Document, seat: Division | None, known: PolicyDocument | None) -> dict[str, Any]:
    place = seat.name.rstrip("省市县区镇乡") if seat else place_of(document)[0]
    if known is not None and known.zone is not None:
        return {"mode": "revision", "slug": known.zone.slug, "revises": known.key, "seat": known.zone.seat_id}
    slug = slug_of(place) or "zone"
    taken = set(Zone.objects.values_list("slug", flat=True))
    while slug in taken:
        slug += "-2"
    return {
        "mode": "new",
        "slug": slug,
        "title": zone_title_of(document),
        "short": place[:12],
        "seat": seat.code if seat else "",
        "divisions": [seat.code] if seat else [],
    }


def _same_document(document: Document, seat: Division | None, division: str) -> PolicyDocument | None:
    """The loaded document that this one is a version of: of the same number, or title and place; only of a
    zone within reach of those who took the plan in."""
    within = Division.objects.below(division).values("code")
    rows = PolicyDocument.objects.filter(zone__seat__in=within).select_related("zone")
    if document.number and document.issuer:
        found = rows.filter(issuer=document.issuer, number=document.number).first()
        if found is not None:
            return found
    return rows.filter(title=document.title, zone__seat=seat).first() if document.title and seat else None


def _units(reading: Reading, seat: Division | None) -> dict[str, Any]:
    if seat is None:
        return {}
    names = dict.fromkeys(n for t in reading.tasks for n in (*t.lead, *t.responsible, *t.cooperating))
    known = {name: unit for unit in OrgUnit.objects.filter(division=seat) for name in (unit.name, *unit.aliases)}
    # What a loaded plan of the same government means by a name, this one means too, be it a unit of another division.
    meant = (
        TaskUnit.objects.filter(task__zone__seat=seat).select_related("unit").distinct("written").order_by("written")
    )
    known = {row.written: row.unit for row in meant} | known
    groups = {group.name: group for group in reading.groups}
    found: dict[str, Any] = {}
    for name in names:
        unit = known.get(reading.aliases.get(name, name)) or known.get(name)
        if unit is not None:
            found[name] = {
                "unit": unit.name, "kind": unit.kind, "level": unit.level, "division": unit.division_id, "is_known": True,
                "members": _members_of(unit),
            }  # fmt: skip
            continue
        kind = "group" if name in groups else kind_of_name(name)
        found[name] = {"kind": kind, "level": level_of_name(name) or seat.level, "division": seat.code}
        if kind == "group":
            found[name]["members"] = list(groups[name].members) if name in groups else _below(name, seat)
    return found


def _members_of(unit: OrgUnit) -> list[str]:
    rows = unit.members.select_related("unit").order_by("pk")
    return [m.unit.name if m.unit else f"{MEMBER_DIVISION}{m.division_id}" for m in rows]


def _below(name: str, seat: Division) -> list[str]:
    """The divisions right below the seat that 各镇（街道）, 各区县 stand for."""
    levels = [
        level
        for words, level in (("镇乡街", "town"), ("区县市", "county"), ("村社", "village"))
        if set(words) & set(name)
    ]
    rows = Division.objects.filter(parent=seat.code, level__in=levels[:1]).order_by("code")
    return [f"{MEMBER_DIVISION}{code}" for code in rows.values_list("code", flat=True)]


def _areas(reading: Reading, seat: Division | None) -> dict[str, Any]:
    if seat is None:
        return {}
    below = list(Division.objects.below(seat.code).exclude(level="village").values_list("name", "code"))
    by_name: dict[str, list[str]] = {}
    for name, code in below:
        by_name.setdefault(name, []).append(code)
    found: dict[str, Any] = {}
    meant = TaskArea.objects.filter(task__zone__seat=seat).distinct("written").order_by("written", "-pk")
    stated = {
        row.written: {"divisions": sorted(d.code for d in row.divisions.all()), "part": row.is_part}
        for row in meant.prefetch_related("divisions")
    }
    for task in reading.tasks:
        for written in task.areas:
            if written in stated:
                found[written] = stated[written]
                continue
            codes = by_name.get(written) or by_name.get(f"{written}街道") or by_name.get(f"{written}镇")
            if codes and len(codes) == 1:
                found[written] = {"divisions": codes, "part": False}
            elif _WHOLE.match(written):
                found[written] = {"divisions": [seat.code], "part": False}
    return found


def _tasks(reading: Reading, document: PolicyDocument | None) -> dict[str, Any]:
    """Room and topic: of the same measure in the document that this one revises, else of the most similar task that is
    loaded: what other zones call by nearly the same words."""
    before = {
        (t.clause.label, t.measure): (set(grams(t.title)), t.room, t.topic_id)
        for t in OrderedTask.objects.filter(clause__document=document).select_related("clause")
        if document is not None
    }
    known = [
        (set(grams(title)), room, topic)
        for title, room, topic in OrderedTask.objects.values_list("title", "room", "topic_id")
    ]
    found: dict[str, Any] = {}
    chapters: dict[str, list[Mapping[str, Any]]] = {}
    for n, task in enumerate(reading.tasks):
        own = set(grams(task.title))
        same = before.get((label_of(task.path), task.measure_index))
        like = (_most_like(own, [same]) if same else None) or _most_like(own, known)
        if like is not None:
            found[f"t{n}"] = like
            chapters.setdefault(task.path[0], []).append(like)
    for n, task in enumerate(reading.tasks):
        if f"t{n}" not in found and chapters.get(task.path[0]):
            found[f"t{n}"] = dict(_commonest(chapters[task.path[0]]))
    return found


def _most_like(own: set[str], known: Iterable[tuple[set[str], str, int | None]]) -> dict[str, Any] | None:
    best, share = None, _ALIKE
    for other, room, topic in known:
        shared = len(own & other)
        if shared and (alike := shared / min(len(own), len(other))) > share and shared >= 3:
            best, share = {"room": room, "topic": topic}, alike
    return best


def _commonest(of: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    [(pairs, _)] = Counter(tuple(sorted(one.items())) for one in of).most_common(1)
    return dict(pairs)
