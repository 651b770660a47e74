"""From the rows of sound tables to the facts of a pack."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from .facts import (
    AnnexFacts,
    AreaFacts,
    BoundaryFacts,
    ClauseFacts,
    DiscrepancyFacts,
    DivisionFacts,
    DocumentFacts,
    FormerNameFacts,
    InstrumentFacts,
    MilestoneFacts,
    Pack,
    TaskFacts,
    TieFacts,
    TopicFacts,
    UnitFacts,
    ZoneFacts,
    markers,
)
from .files import Json, Notes, Row, Table
from .rulebook import Rulebook

#: A member of a group that is a whole division: ``division:370215000000``.
MEMBER_DIVISION = "division:"


def _day(value: Json) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def built(
    folder: Path,
    zone: Mapping[str, Json],
    lines: Mapping[tuple[Json, ...], int],
    documents: Iterable[Mapping[str, Json]],
    tables: Mapping[str, Table],
    boundary: BoundaryFacts | None,
    rulebook: Rulebook,
    notes: Notes,
    digest: str,
) -> Pack:
    """The pack of tables that were found sound."""

    def rows(file: str) -> tuple[Row, ...]:
        return tables[file].rows

    return Pack(
        folder=folder,
        zone=ZoneFacts(
            slug=zone.get("slug") or "",
            title=zone.get("title") or "",
            short=zone.get("short") or "",
            parent=zone.get("parent"),
            seat=zone.get("seat"),
            divisions=tuple(zone.get("divisions") or ()),
            published=bool(zone.get("published")),
            version=zone.get("version") or "",
            sources=dict(zone.get("sources") or {}),
            line=lines.get(("slug",), 1),
        ),
        documents=tuple(_document(d, lines.get(("documents", i), 1)) for i, d in enumerate(documents)),
        topics=tuple(
            TopicFacts(r.get("code"), r.text("title"), r.text("short"), r.text("source"), r.line)
            for r in rows("topics.csv")
        ),
        divisions=tuple(
            DivisionFacts(
                r.text("code"), r.text("name"), r.text("level"), r.get("parent"), bool(r.get("local")),
                r.text("source"), r.line,
            )
            for r in rows("divisions.csv")
        ),
        ties=tuple(
            TieFacts(r.text("ancestor"), r.text("descendant"), r.text("source"), r.line) for r in rows("closure.csv")
        ),
        former_names=tuple(
            FormerNameFacts(
                r.text("code"), r.text("name"), r.text("former_code"), _day(r.get("until")), r.text("source"), r.line
            )
            for r in rows("former_names.csv")
        ),
        units=tuple(_unit(r) for r in rows("units.csv")),
        clauses=tuple(
            ClauseFacts(r.text("document"), r.text("path"), markers(r.text("path")) or (), r.text("title"), r.line)
            for r in rows("clauses.csv")
        ),
        areas=tuple(
            AreaFacts(r.text("written"), r.names("divisions"), bool(r.get("part")), r.text("source"), r.line)
            for r in rows("areas.csv")
        ),
        tasks=tuple(_task(r) for r in rows("tasks.csv")),
        annex=tuple(
            AnnexFacts(
                r.text("document"), r.get("table"), r.get("row"), r.text("trial_task"), r.text("work_task"),
                r.get("body_path"), r.names("lead"), r.names("responsible"), r.line,
            )
            for r in rows("annex.csv")
        ),
        discrepancies=tuple(
            DiscrepancyFacts(r.text("document"), r.text("kind"), r.text("text"), r.line)
            for r in rows("discrepancies.csv")
        ),
        instruments=tuple(
            InstrumentFacts(
                r.text("document"), r.text("clause"), r.text("title"), r.text("kind"), r.text("module"), r.line
            )
            for r in rows("instruments.csv")
        ),
        matters=rulebook.matters,
        rules=rulebook.rules,
        statements=rulebook.statements,
        definitions=rulebook.definitions,
        values=rulebook.values,
        workdays=rulebook.workdays,
        boundary=boundary,
        todo=tuple(notes.todo),
        digest=digest,
    )  # fmt: skip


def _document(written: Mapping[str, Json], line: int) -> DocumentFacts:
    return DocumentFacts(
        key=written.get("key") or "",
        title=written.get("title") or "",
        notice_title=written.get("notice_title") or "",
        number=written.get("number") or "",
        issuer=written.get("issuer") or "",
        date_made=_day(written.get("date_made") or None),
        date_issued=_day(written.get("date_issued") or None),
        index_number=written.get("index_number") or "",
        source=written.get("source") or "",
        line=line,
    )


def _unit(row: Row) -> UnitFacts:
    members = row.names("members")
    return UnitFacts(
        name=row.text("name"),
        kind=row.text("kind"),
        level=row.text("level"),
        division=row.text("division"),
        aliases=row.names("aliases"),
        members=tuple(m for m in members if not m.startswith(MEMBER_DIVISION)),
        member_divisions=tuple(m.removeprefix(MEMBER_DIVISION) for m in members if m.startswith(MEMBER_DIVISION)),
        source=row.text("source"),
        line=row.line,
    )


def _task(row: Row) -> TaskFacts:
    return TaskFacts(
        document=row.text("document"),
        label=row.text("path"),
        measure=row.get("measure"),
        title=row.text("title"),
        topic=row.get("topic"),
        room=row.text("room"),
        lead=row.names("lead"),
        cooperating=row.names("cooperating"),
        responsible=row.names("responsible"),
        deadline=row.text("deadline"),
        milestones=tuple(MilestoneFacts(date.fromisoformat(m[:10]), m[11:]) for m in row.names("milestones")),
        areas=row.names("areas"),
        keywords=row.names("keywords"),
        line=row.line,
    )
