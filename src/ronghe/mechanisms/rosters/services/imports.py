"""Imports: a file is taken, checked whole in the background, and then applied whole or not at all."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import IO, Any

from django.db import connection, transaction
from psycopg import sql
from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import digest_of, record
from ronghe.kernel.errors import DomainError, Forbidden
from ronghe.kernel.files import services as files
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.jobs import Work
from ronghe.kernel.jobs import services as jobs
from ronghe.kernel.jobs.models import Job

from ..declared import ROSTERS, Kind, Roster
from ..errors import ImportNotFound, ImportNotReady, ImportOvertaken, RosterUnknown
from ..models import Import, ImportRow, Record, Version
from ..reading import Table, read_file
from ..values import Places, checked, mask_faults, masked, state_faults
from ..workbooks import annotated
from .records import places_of, plain, put, sealed, stored, values_of

FILE_KINDS = frozenset({FileKind.XLSX, FileKind.CSV})
#: Of the faults of a file, as many stand on its page; all are in its annotated copy.
MOST_SHOWN = 200
_CHUNK = 5_000
#: Two imports of one list are applied one after the other ("rost" in ASCII).
APPLY_LOCK = 0x726F7374

Fault = tuple[int, str, str, str]


def take_file(roster: Roster, *, content: bytes | IO[bytes], name: str, actor: Actor, at: datetime) -> Import:
    """Take a file (上传) and have it checked in the background.

    Raises: Forbidden without a division, and whatever ``files.store`` refuses.
    """
    if actor.division is None:
        raise Forbidden()
    blob = files.store(content, name=name, kinds=FILE_KINDS, at=at)
    with transaction.atomic():
        made = Import.objects.create(
            roster=roster.key, division_id=actor.division, blob=blob, file_name=name[-120:] or "台账", user_id=actor.user_id,
            made_at=at,
        )  # fmt: skip
        made.job = _job("rosters.check", made, f"核对 {roster.title} {made.file_name}", roster, actor, at)
        made.save(update_fields=["job"])
        facts = {"roster": roster.key, "sha256": blob.digest}
        record(verb="rosters.import.taken", subject=made, actor=actor, at=at, facts=facts)
    return made


def _job(kind: str, of: Import, title: str, roster: Roster, actor: Actor, at: datetime, **args: Any) -> Job:
    return jobs.start(
        kind,
        args={"import_id": of.pk, **args},
        title=title,
        href=f"/rosters/{roster.key}/imports/{of.pk}/",
        division=of.division_id,
        actor=actor,
        at=at,
    )


def roster_of(of: Import) -> Roster:
    """The list that an import goes into. Raises: RosterUnknown."""
    found = ROSTERS.get(of.roster)
    if found is None:
        raise RosterUnknown(key=of.roster)
    return found


def check_import(work: Work, *, import_id: int, at: datetime) -> dict[str, Any]:
    """Check a file whole: every fault of every line, what is new, what changes. A repeat checks anew; nothing is written."""
    found = Import.objects.select_related("user").get(pk=import_id)
    roster = roster_of(found)
    if found.state not in (Import.State.CHECKING, Import.State.FAULTY, Import.State.READY):
        return {"state": found.state}
    content = files.content(found.blob_id)
    try:
        table = read_file(content, name=found.file_name, roster=roster)
    except DomainError as error:
        Import.objects.filter(pk=import_id).update(
            state=Import.State.FAULTY, failure=error.text, groups=[], faults=[], counts={}
        )
        return {"state": "faulty"}
    places = places_of(Actor(found.user_id, Role.ZONE_OFFICE, None, found.division_id))
    known = _known(roster, places)
    rows, faults, counts = _compared(work, roster, table, places, known)
    with transaction.atomic():
        ImportRow.objects.filter(of_import=found).delete()
        if not faults:
            _stage(found, rows)
        marked = _annotated(content, table, faults, at) if faults else None
        groups = Counter((label, what if len(what) < 40 else what[:40]) for _, _, label, what in faults)
        Import.objects.filter(pk=import_id).update(
            state=Import.State.FAULTY if faults else Import.State.READY,
            failure="",
            counts={**counts, "bad": len({line for line, *_ in faults})},
            groups=[[label, what, number] for (label, what), number in groups.most_common(30)],
            faults=[list(one) for one in faults[:MOST_SHOWN]],
            annotated=marked,
        )
    return {"state": "faulty" if faults else "ready", **counts}


#: A line of a sound file: number, the record that it changes and its version, the values.
Staged = tuple[int, int | None, int | None, dict[str, Any]]
#: The key of a record as a file writes it → (number, version, values, whether it has ended).
Known = dict[tuple[Any, ...], tuple[int, int, dict[str, Any], Record]]


def _known(roster: Roster, places: Places) -> Known:
    rows = roster.model.objects.filter(ended_at=None)
    if len(places.codes) < 5_000:
        rows = rows.filter(division__in=list(places.codes))
    found: Known = {}
    for row in rows.iterator(chunk_size=_CHUNK):
        values = values_of(roster, row)
        found[tuple(values[name] for name in roster.key_fields)] = (row.pk, row.version, values, row)
    return found


def _compared(
    work: Work, roster: Roster, table: Table, places: Places, known: Known
) -> tuple[list[Staged], list[Fault], dict[str, int]]:
    rows, faults = list[Staged](), list[Fault]()
    counts = {"rows": 0, "new": 0, "changed": 0, "same": 0}
    seen: dict[tuple[Any, ...], int] = {}
    total = len(table.rows) - table.columns.head
    in_file = set(table.columns.by_name)
    for line, given in table.lines():
        counts["rows"] += 1
        work.progress(line - table.columns.head, total, "正在核对")
        values, wrong = checked(roster, given, places)
        if wrong:
            faults += [(line, name, roster.field(name).label, what) for name, what in wrong]
            continue
        key = tuple(stored(roster, values)[name] for name in roster.key_fields)
        first = seen.setdefault(key, line)
        if first != line:
            label = "、".join(roster.field(name).label for name in roster.key_fields)
            faults.append((line, roster.key_fields[0], label, f"和第 {first} 行相同，同一条记录只能写一次"))
            continue
        was = known.get(key)
        wrong = mask_faults(roster, values, was[2] if was else {})
        if was is not None:
            full = {**was[2], **{name: values[name] for name in in_file}}
            wrong += state_faults(roster, full, roster.state_after_change(was[3].state))
        if wrong:
            faults += [(line, name, roster.field(name).label, what) for name, what in wrong]
            continue
        if was is None:
            counts["new"] += 1
            rows.append((line, None, None, values))
        elif _differs(roster, values, was[2], was[3], in_file):
            counts["changed"] += 1
            rows.append((line, was[0], was[1], {k: v for k, v in values.items() if k in in_file}))
        else:
            counts["same"] += 1
    return rows, faults, counts


def _differs(roster: Roster, values: dict[str, Any], before: dict[str, Any], kept: Record, in_file: set[str]) -> bool:
    """Whether the file says something else; a column that it does not have says nothing, nor does a masked secret."""
    now = stored(roster, values)
    for name in in_file:
        if roster.field(name).secret:
            # Two telephones may look the same behind their masks.
            if values[name] != before[name] and values[name] != plain(roster, kept, roster.field(name)):
                return True
        elif now[name] != before[name]:
            return True
    return False


def _stage(of: Import, rows: Sequence[Staged]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY rosters_importrow (of_import_id, line, record_id, seen_version, values) FROM STDIN") as out,
    ):
        for line, record_id, version, values in rows:
            out.write_row((of.pk, line, record_id, version, Jsonb(values)))


def _annotated(content: bytes, table: Table, faults: list[Fault], at: datetime) -> Any:
    marked = annotated(
        content,
        sheet_name=table.columns.sheet,
        head=table.columns.head,
        columns=table.columns.by_name,
        rows=table.rows,
        faults=faults,
    )
    return files.store(marked, name="标注.xlsx", kinds={FileKind.XLSX}, at=at)


@transaction.atomic
def start_apply(*, import_id: int, actor: Actor, at: datetime) -> Import:
    """Have a sound file written (导入). A repeat starts nothing more. Locks: Import. Raises: ImportNotFound, ImportNotReady."""
    seen = Import.objects.visible_to(actor).filter(pk=import_id).exists()
    found = Import.objects.select_for_update(of=("self",)).filter(pk=import_id).first() if seen else None
    if found is None:
        raise ImportNotFound(import_id=import_id)
    if found.state in (Import.State.APPLYING, Import.State.APPLIED):
        return found
    if found.state != Import.State.READY:
        raise ImportNotReady(import_id=import_id, state=found.get_state_display())
    roster = roster_of(found)
    found.state = Import.State.APPLYING
    found.user_id = actor.user_id
    found.job = _job(
        "rosters.apply", found, f"导入 {roster.title} {found.file_name}", roster, actor, at, by=actor.as_args()
    )
    found.save(update_fields=["state", "user", "job"])
    return found


def apply_import(work: Work, *, import_id: int, actor: Actor, at: datetime) -> dict[str, Any]:
    """Write every row of a checked file, in one transaction; a repeat after the end writes nothing.

    Locks: one import of a list at a time; the records that it changes. When somebody changed one of them after the check,
    nothing is written and the import says so.
    """
    try:
        with transaction.atomic():
            return _apply(work, import_id, actor, at)
    except DomainError as error:
        Import.objects.filter(pk=import_id).update(state=Import.State.FAILED, failure=error.text)
        raise


def _apply(work: Work, import_id: int, actor: Actor, at: datetime) -> dict[str, Any]:
    found = Import.objects.select_for_update(of=("self",)).get(pk=import_id)
    if found.state != Import.State.APPLYING:
        return {"state": found.state}
    roster = roster_of(found)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [APPLY_LOCK, roster.key])
    total = ImportRow.objects.filter(of_import=found).count()
    done, ids = 0, list[int]()
    for rows in _chunks(found):
        written = _written(roster, found, rows, at)
        if roster.follow is not None:
            roster.follow(list(roster.model.objects.filter(pk__in=written).order_by("pk")), actor, at)
        ids += written
        done += len(rows)
        work.progress(done, total, "正在写入")
    found.state, found.applied_at = Import.State.APPLIED, at
    found.save(update_fields=["state", "applied_at"])
    ImportRow.objects.filter(of_import=found).delete()
    facts = {"roster": roster.key, "rows": total, "digest": digest_of(ids)}
    record(verb="rosters.import.applied", subject=found, actor=actor, at=at, facts=facts)
    return {"state": "applied", "rows": total}


def _chunks(of: Import) -> Iterator[list[ImportRow]]:
    last = 0
    while True:
        rows = list(ImportRow.objects.filter(of_import=of, line__gt=last).order_by("line")[:_CHUNK])
        if not rows:
            return
        yield rows
        last = rows[-1].line


def _written(roster: Roster, of: Import, rows: Sequence[ImportRow], at: datetime) -> list[int]:
    new = [row for row in rows if row.record_id is None]
    changed = {row.record_id: row for row in rows if row.record_id is not None}
    made = _inserted(roster, of, new, at) if new else []
    return made + (_updated(roster, of, changed, at) if changed else [])


def _inserted(roster: Roster, of: Import, rows: Sequence[ImportRow], at: datetime) -> list[int]:
    records = []
    for row in rows:
        one = roster.model(
            state=roster.first_state, made_by_id=of.user_id, changed_by_id=of.user_id, made_at=at, changed_at=at
        )
        put(roster, one, row.values)
        records.append(one)
    if roster.complete is not None:
        roster.complete(records)
    table = roster.model._meta.db_table
    with connection.cursor() as cursor:
        sequence = f"{table}_id_seq"
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, len(records)])
        for one, (pk,) in zip(records, cursor.fetchall(), strict=True):
            one.pk = pk
        columns = roster.model._meta.concrete_fields
        names = sql.SQL(", ").join(sql.Identifier(str(one.column)) for one in columns)
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        try:
            with cursor.copy(statement) as out:
                for one in records:
                    out.write_row([_for_copy(one, column) for column in columns])
        except UniqueViolation as error:
            # Somebody has added one of them after the check.
            raise ImportOvertaken(count=1, line=rows[0].line) from error
    _versions(
        roster, of, [(one, row.values, list(row.values)) for one, row in zip(records, rows, strict=True)], "created", at
    )
    return [one.pk for one in records]


def _for_copy(one: Record, column: Any) -> Any:
    value = getattr(one, column.attname)
    return Jsonb(value) if column.get_internal_type() == "JSONField" and value is not None else value


def _updated(roster: Roster, of: Import, rows: dict[int, ImportRow], at: datetime) -> list[int]:
    kept = {
        one.pk: one
        for one in roster.model.objects.select_for_update(of=("self",)).filter(pk__in=list(rows)).order_by("pk")
    }
    moved = [
        row.line
        for pk, row in rows.items()
        if pk not in kept or kept[pk].version != row.seen_version or kept[pk].ended_at
    ]
    if moved:
        raise ImportOvertaken(count=len(moved), line=min(moved))
    told = []
    for pk, row in rows.items():
        one = kept[pk]
        before = values_of(roster, one)
        full = {f.name: row.values.get(f.name, before[f.name]) for f in roster.fields}
        renewed = [
            f.name
            for f in roster.fields
            if f.secret and f.name in row.values and row.values[f.name] not in (before[f.name], plain(roster, one, f))
        ]
        _put_given(roster, one, row.values)
        one.version += 1
        one.changed_by_id, one.changed_at = of.user_id, at
        one.state = roster.state_after_change(one.state)
        changed = [name for name in row.values if stored(roster, full)[name] != before[name] or name in renewed]
        told.append((one, full, changed))
    if roster.complete is not None:
        roster.complete([one for one, *_ in told])
    names = [f.name for f in roster.model._meta.concrete_fields if not f.primary_key]
    roster.model.objects.bulk_update([one for one, *_ in told], names, batch_size=1_000)
    _versions(roster, of, told, "changed", at)
    return list(rows)


def _put_given(roster: Roster, one: Record, values: dict[str, Any]) -> None:
    """Only what the file has: a column that is missing changes nothing, a secret that comes back masked neither."""
    for name, value in values.items():
        column = roster.field(name)
        if column.secret:
            if value == getattr(one, name):
                continue
            setattr(one, f"{name}_sealed", sealed(roster, column, value))
            value = masked(value) if value else ""
        if value is None and column.kind in (
            Kind.TEXT,
            Kind.LONG_TEXT,
            Kind.CHOICE,
            Kind.URL,
            Kind.USCC,
            Kind.TELEPHONE,
        ):
            value = ""
        setattr(one, column.attribute, value)


def _versions(
    roster: Roster, of: Import, told: Sequence[tuple[Record, dict[str, Any], list[str]]], act: str, at: datetime
) -> None:
    statement = f"COPY {Version._meta.db_table} (roster, record_id, number, values, changed, act, reason, of_import_id, user_id, at) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as out:
        for one, values, changed in told:
            kept = {**stored(roster, values), "state": one.state}
            out.write_row((roster.key, one.pk, one.version, Jsonb(kept), changed, act, "", of.pk, of.user_id, at))
