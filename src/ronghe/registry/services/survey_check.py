"""The check of a survey (核对): what is read, what a person must say, what is wrong with which parcel; the register stays.

The file, its outlines and what was found of them lie on the disk. Parcels are looked at in chunks that lie together, and
staged by COPY as they are: memory holds a chunk, what of the register lies about it, and a few numbers of each parcel.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
from django.db import connection, transaction

from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files import services as files
from ronghe.kernel.jobs import Work
from ronghe.kernel.regions.models import Division
from ronghe.kernel.spatial import checking
from ronghe.kernel.spatial.fields import written
from ronghe.kernel.spatial.rules import Box
from ronghe.kernel.spatial.services.import_check import OpenQuestion, outline_of, way_of

from ..models import BAUnit, SpatialUnit, SurveyAttempt, SurveyBatch, SurveyedHolder, SurveyedParcel, SurveyFinding
from ..queries.figures import given_in
from ..queries.occupied import open_spots
from ..queries.qualifying import PARAMETERS as QUALIFYING
from ..queries.qualifying import Qualifying
from ..rules.areas import PARAMETERS as AREA_PARAMETERS
from ..rules.areas import limits_of, working
from ..rules.evidence import PARAMETERS as EVIDENCE
from ..rules.holding import longest_years
from ..rules.kinds import FIRST_RIGHT, UnitKind
from ..rules.lines import SLIVER_M2, SLIVER_SHARE
from ..surveying.evidence import carry_over, judge_evidence
from ..surveying.fields import KEYS, LABELS
from ..surveying.findings import FAULT, NOTE, PERSON, Finding, Findings
from ..surveying.ground import (
    Lines,
    find_neighbours,
    find_occupied,
    find_overlaps,
    in_chunks,
    judge_lines,
    lines_of,
)
from ..surveying.holders import Held, HolderLookup, several_homesteads
from ..surveying.marked import marked_copy
from ..surveying.outlines import KeptOutlines
from ..surveying.reading import SurveyFile, read_survey
from ..surveying.rows import Parcel, Rules, parcel_of
from .surveys import SurveyStatement, last_attempt
from .writing import MANY, count_anew

CHUNK = 5_000
#: What the check of outlines says, as a survey takes it: a crossing line is a fault of the survey, not mended for it.
_OF_OUTLINES = {"crossing": (FAULT, "crossing"), "outside": (FAULT, "outside"), "outside_china": (FAULT, "outside")}
_LEVELS = {checking.Level.FAULT: FAULT, checking.Level.DOUBTFUL: NOTE, checking.Level.MENDED: NOTE}
State, Verdict = SurveyBatch.State, SurveyAttempt.Verdict


def check_survey(work: Work, *, batch_id: int, at: datetime) -> dict[str, Any]:
    """Check what was given last for a batch, whole. The register stays as it is; a repeat checks anew."""
    batch = SurveyBatch.objects.select_related("division").get(pk=batch_id)
    if batch.state != State.CHECKING:
        return {"state": batch.state}
    attempt = last_attempt(batch)
    stated = SurveyStatement(**attempt.stated)
    file: SurveyFile | None = None
    try:
        work.progress(0, 100, "正在读取文件")
        file = read_survey(
            files.pieces(attempt.blob_id), kind=attempt.blob.as_kind, name=attempt.file_name,
            table=files.content(attempt.table_id) if attempt.table_id else None, table_name=attempt.table_name,
            part=stated.part, encoding=stated.encoding,
        )  # fmt: skip
        system, way = way_of(file, stated)
    except OpenQuestion as open_:
        found = {"question": open_.question, "text": open_.text, **open_.facts}
        if file is not None:
            found["parts"] = list(file.parts)
        asks = stated.asks
        failure = "" if asks else open_.text
        _settle(batch, attempt, Verdict.ASKING if asks else Verdict.FAULTY, at, failure=failure, found=found)
        return {"state": batch.state}
    except DomainError as error:
        _settle(batch, attempt, Verdict.FAULTY, at, failure=error.text[:400])
        return {"state": batch.state}
    about = {"crs": system.title, "left_out": list(file.left_out)[:50], "fields": _fields_told(file)}
    with transaction.atomic():
        findings, outlines = _checked(work, batch, file, way, is_drawing=attempt.blob.kind == "dxf", at=at)
        work.progress(97, 100, "正在整理结果")
        blob = None
        if findings.kept:
            own = files.content(attempt.blob_id) if file.sheet else b""
            marked = marked_copy(findings.kept, file, own, outlines)
            blob = files.store(marked.content, name=marked.name, at=at)
        verdict = Verdict.FAULTY if findings.has(FAULT) else Verdict.JUDGING if findings.has(PERSON) else Verdict.SOUND
        counts = {
            "parcels": batch.parcels_count, "bad": findings.number_of(FAULT), "judge": findings.number_of(PERSON),
            "note": findings.number_of(NOTE),
        }  # fmt: skip
        _settle(batch, attempt, verdict, at, found=about, counts=counts, groups=findings.groups, annotated=blob)
    return {"state": batch.state, **counts}


def _settle(
    batch: SurveyBatch, attempt: SurveyAttempt, verdict: SurveyAttempt.Verdict, at: datetime, **facts: Any
) -> None:
    """Write what the check has found, unless the batch has gone on meanwhile."""
    blank: dict[str, Any] = {"failure": "", "found": {}, "counts": {}, "groups": [], "annotated": None}
    if "counts" not in facts:
        _clear(batch)
    SurveyAttempt.objects.filter(pk=attempt.pk).update(verdict=verdict, checked_at=at, **(blank | facts))
    states = {Verdict.ASKING: State.ASKING, Verdict.FAULTY: State.FAULTY, Verdict.JUDGING: State.JUDGING}
    batch.state = states.get(verdict, State.READY)
    SurveyBatch.objects.filter(pk=batch.pk, state=State.CHECKING, attempt=attempt.number).update(
        state=batch.state, parcels_count=batch.parcels_count
    )


def _fields_told(file: SurveyFile) -> list[str]:
    return [LABELS[name] for name in file.fields]


def _clear(batch: SurveyBatch) -> None:
    for model in (SurveyFinding, SurveyedHolder, SurveyedParcel):
        model._default_manager.filter(batch=batch).delete()
    batch.parcels_count = 0


def _checked(
    work: Work, batch: SurveyBatch, file: SurveyFile, way: Any, *, is_drawing: bool, at: datetime
) -> tuple[Findings, KeptOutlines]:
    findings, kind, today = Findings(), UnitKind(batch.kind), legal_day(at)
    _clear(batch)
    work.progress(5, 100, "正在核对图形")
    outlines = KeptOutlines(
        _told_of(one, findings)
        for one in checking.check_blocks(
            file.blocks(), way=way, within=outline_of(batch.division_id), lines_as_areas=is_drawing
        )
    )
    work.progress(15, 100, "正在查找重叠")
    find_overlaps(outlines, findings, lambda note, share: work.progress(15 + int(20 * share), 100, note))
    _tables_told(file, findings)
    lines, rules = _rules(batch, kind, today)
    if lines.missing:
        findings.add(
            0, PERSON, "lines_layer", "图形", f"没有这些图层：{'、'.join(lines.missing)}；全部宗地没有核对这些内容",
            "导入图层后重新核对，或人工核对后写明判定理由",
        )  # fmt: skip
    if rules.areas is None:
        findings.add(
            0, PERSON, "area", "实测面积", "没有图形面积与实测面积相差的限度；全部宗地没有核对两者是否相符",
            "载入全国数据包或录入参数后重新核对，或人工核对后写明判定理由",
        )  # fmt: skip
    look = HolderLookup(
        batch_id=batch.pk, kind=kind, admits_new=batch.admits_new, today=today,
        qualifying=qualifying_in(batch.division_id, kind, on=today), findings=findings,
    )  # fmt: skip
    spots = open_spots(batch.division_id[:6])
    taken, done = np.flatnonzero(~outlines.skipped), 0
    for order in in_chunks(outlines.bounds[taken], CHUNK):
        chunk = taken[order]
        shapes = outlines.take(chunk)
        find_neighbours(chunk, shapes, findings, kind=kind, on=today)
        judge_lines(chunk, shapes, findings, lines)
        parcels = [
            parcel_of(file, i, None if shape is None else area, rules, findings)
            for i, shape, area in zip(chunk.tolist(), shapes, outlines.areas_m2[chunk].tolist(), strict=True)
        ]
        _used_codes(parcels, findings)
        find_occupied(chunk, [p.ground_code for p in parcels], shapes, findings, spots)
        held = look.found(parcels)
        _lay_down(batch, parcels, held, shapes)
        done += len(parcels)
        work.progress(35 + 60 * done // max(len(taken), 1), 100, f"已核对 {done:,} 宗")
    batch.parcels_count = done
    if done >= MANY:
        count_anew(SurveyedParcel, SurveyedHolder)
    _twice_in_file(batch, kind, findings)
    carry_over(batch, findings)
    judge_evidence(batch, findings, given_in(batch.division_id, EVIDENCE, on=today))
    findings.close()
    _write_findings(batch, findings, file)
    return findings, outlines


def _told_of(outlines: checking.Outlines, findings: Findings) -> checking.Outlines:
    """Say what the check of outlines has found."""
    for remark in outlines.remarks:
        plain = (_LEVELS[remark.level], "outline" if remark.level is checking.Level.FAULT else "mended")
        level, said = _OF_OUTLINES.get(remark.kind, plain)
        mend = {"crossing": "在制图软件里改正这一宗的界线", "outside": "核对坐标系、带号和坐标先后"}.get(said, "")
        text = remark.text.partition("，")[0] if said == "crossing" else remark.text
        findings.add(remark.number, level, said, "图形", text, mend)
    return outlines


def _rules(batch: SurveyBatch, kind: UnitKind, today: date) -> tuple[Lines, Rules]:
    longest = longest_years(FIRST_RIGHT[kind][0], kind)
    asked = (*AREA_PARAMETERS, SLIVER_M2, SLIVER_SHARE, *((longest,) if longest else ()))
    given = given_in(batch.division_id, asked, on=today)
    villages = Division.objects.below(batch.division_id).filter(level="village", is_local=False)
    term = working(given[longest]) if longest else None
    rules = Rules(
        kind, batch.division_id, dict(villages.values_list("code", "name")), limits_of(given),
        None if term is None else int(term), today,
    )  # fmt: skip
    return lines_of(batch.division_id, kind, given), rules


def qualifying_in(division: str, kind: UnitKind, *, on: date) -> Qualifying | None:
    """The rule of qualifications in a place; of other land than homesteads there is none."""
    return Qualifying(given_in(division, QUALIFYING, on=on), on) if kind is UnitKind.HOMESTEAD else None


def _tables_told(file: SurveyFile, findings: Findings) -> None:
    """What of a drawing and of its table does not belong together."""
    for line, key in file.loose:
        findings.add(0, FAULT, "table", "", f"属性表第 {line} 行（{key}）没有对应的图形", "补画这一宗，或改正代码")
    for number in sorted(file.bare):
        findings.add(number, FAULT, "table", "", "这一宗图形在属性表里没有对应的行", "在属性表里补一行，或改正代码")


def _used_codes(parcels: Sequence[Parcel], findings: Findings) -> None:
    """Codes that the register has given already."""
    units = {p.code for p in parcels if p.code}
    grounds = {p.ground_code for p in parcels if p.ground_code}
    used = set(BAUnit.objects.filter(code__in=units).values_list("code", flat=True))
    used |= set(SpatialUnit.objects.filter(code__in=grounds).values_list("code", flat=True))
    for p in parcels:
        code = next((one for one in (p.code, p.ground_code) if one in used), None)
        if code:
            text = f"代码 {code} 登记簿已经用过，不再给别的单元"
            findings.add(p.number, FAULT, "code_used", "代码", text, "改用没有用过的代码，或留空由平台编号")


def _twice_in_file(batch: SurveyBatch, kind: UnitKind, findings: Findings) -> None:
    """Codes and households that an earlier parcel of the file has: asked of what was staged, for the file may be long."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_CODES_TWICE, {"batch": batch.pk})
        for number, code, first in cursor:
            findings.add(number, FAULT, "code_twice", "代码", f"代码 {code} 和第 {first} 宗相同", "各宗用各自的代码")
    if kind is not UnitKind.HOMESTEAD:
        return
    with connection.chunked_cursor() as cursor:
        cursor.execute(_HOMESTEADS_TWICE, {"batch": batch.pk})
        for number, name, first in cursor:
            several_homesteads(findings, number, f"“{name}”一户在本文件第 {first} 宗还有宅基地")


_CODES_TWICE = """
SELECT DISTINCT ON (number) number, code, first FROM (
  SELECT number, code, min(number) OVER (PARTITION BY code) AS first
    FROM registry_surveyedparcel WHERE batch_id = %(batch)s AND code <> ''
  UNION ALL
  SELECT number, ground_code, min(number) OVER (PARTITION BY ground_code)
    FROM registry_surveyedparcel WHERE batch_id = %(batch)s AND ground_code <> ''
) one WHERE first < number ORDER BY number, length(code) DESC
"""
_HOMESTEADS_TWICE = """
SELECT number, name, first FROM (
  SELECT number, name, min(number) OVER (PARTITION BY party_id, CASE WHEN party_id IS NULL THEN blind END) AS first
    FROM registry_surveyedholder WHERE batch_id = %(batch)s AND (party_id IS NOT NULL OR blind IS NOT NULL)
) one WHERE first < number ORDER BY number
"""


_PARCEL_COLUMNS = (
    "batch_id, number, line, division_id, code, ground_code, geometry, box, drawn_m2, declared_m2, holders_text, "
    "co_ownership, use, location, north, east, south, west, structure, floors, house_m2, floor_area_m2, first_day, "
    "until, contract_code, level"
)
_HOLDER_COLUMNS = "batch_id, number, place, name, masked, blind, sealed, party_id, share_num, share_den"


def _lay_down(batch: SurveyBatch, parcels: Sequence[Parcel], held: Mapping[int, Sequence[Held]], shapes: Any) -> None:
    """Stage a chunk, with the shape of each parcel. Its levels follow when all is known."""
    wkb, bounds = shapely.to_wkb(shapes, byte_order=1), shapely.bounds(shapes)
    _copy(f"registry_surveyedparcel ({_PARCEL_COLUMNS})", (
        (
            batch.pk, p.number, p.line, p.village or batch.division_id, p.code, p.ground_code, wkb[k],
            None if wkb[k] is None else written(Box(*bounds[k].tolist())), None if wkb[k] is None else p.drawn_m2,
            p.declared_m2, "、".join(n.name for n in p.holders)[:200], int(p.way), p.use, p.location,
            p.sides.get("north", ""), p.sides.get("east", ""), p.sides.get("south", ""), p.sides.get("west", ""),
            p.structure, p.floors, p.house_m2, p.floor_area_m2, p.first_day, p.until, p.contract, "",
        )
        for k, p in enumerate(parcels)
    ))  # fmt: skip
    _copy(f"registry_surveyedholder ({_HOLDER_COLUMNS})", (
        (
            batch.pk, number, place, one.name, one.masked, one.blind, one.sealed, one.party_id,
            None if one.share is None else one.share.numerator, None if one.share is None else one.share.denominator,
        )
        for number, holders in held.items()
        for place, one in enumerate(holders)
    ))  # fmt: skip


def _write_findings(batch: SurveyBatch, findings: Findings, file: SurveyFile) -> None:
    findings.kept.sort(key=lambda f: f.number)

    def row(f: Finding) -> tuple[Any, ...]:
        line = file.lines[f.number - 1] if f.number else None
        told = file.told(f.number - 1) if f.number else {}
        code = next((str(told[k] or "") for k in KEYS if k in told), "")
        return (batch.pk, f.number or None, line, code[:28], f.level, f.kind, f.field[:40], f.text, f.mend, "")

    columns = "batch_id, number, line, code, level, kind, field, text, mend, settled_reason"
    _copy(f"registry_surveyfinding ({columns})", map(row, findings.kept))
    with connection.cursor() as cursor:
        for level in (FAULT, PERSON, NOTE):
            numbers = findings.numbers_of(level)
            for start in range(0, len(numbers), 50_000):
                cursor.execute(
                    "UPDATE registry_surveyedparcel SET level = %s WHERE batch_id = %s AND number = ANY(%s)",
                    [level, batch.pk, numbers[start : start + 50_000]],
                )


def _copy(into: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as out:
        for row in rows:
            out.write_row(row)
