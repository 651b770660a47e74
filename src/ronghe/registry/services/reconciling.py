"""对账: the register of a division beside the other side's file, joined by the database."""

import tempfile
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import IO, Any

from django.db import connection, transaction

from ronghe.kernel.accounts.access import reaches
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import DomainError, Forbidden
from ronghe.kernel.files import services as files
from ronghe.kernel.jobs import Work
from ronghe.kernel.jobs import services as jobs

from ..errors import DayInFuture, ExchangeFileUnreadable, ToleranceWrong
from ..exchange import their_files
from ..exchange.register import Wanted, units_wanted
from ..models import Reconciliation, ReconciliationRow, StagedUnit
from ..rules.kinds import USE_RIGHTS, GroundKind, RightKind

#: Fields that are compared, as the report calls them.
FIELDS = {"code": "单元代码", "holder": "权利人", "kind": "权利类型", "area_m2": "面积", "certificate": "证号"}
_BATCH = 5_000
_COPY = "COPY registry_stagedunit (of_id, line, code, holder, kind, area_m2, certificate) FROM STDIN"


def start(
    *,
    division: str,
    on: date,
    content: bytes | IO[bytes],
    name: str,
    area_share: Fraction,
    area_floor_m2: Decimal,
    unit_kind: str = "",
    other: str = "",
    actor: Actor,
    at: datetime,
) -> Reconciliation:
    """Take the other side's file and compare it in the background (对账).

    Args: areas agree that differ by no more than ``area_share`` of ours, or than ``area_floor_m2``.
    Raises: Forbidden, DayInFuture, ToleranceWrong, and whatever ``files.store`` refuses.
    """
    if not reaches(actor, division):
        raise Forbidden()
    if on > legal_day(at):
        raise DayInFuture(what="截至日期", day=on)
    if not 0 <= area_share < 1 or area_share.denominator > 2**31 - 1:
        raise ToleranceWrong(why=f"比例 {area_share} 不在 0 到 1 之间")
    if not 0 <= area_floor_m2 < 10**7:
        raise ToleranceWrong(why=f"{area_floor_m2} 平方米不在 0 到 10,000,000 之间")
    blob = files.store(content, name=name, kinds=their_files.KINDS, at=at)
    with transaction.atomic():
        made = Reconciliation.objects.create(
            division_id=division, unit_kind=unit_kind, on=on, area_share_num=area_share.numerator,
            area_share_den=area_share.denominator, area_floor_m2=area_floor_m2, other=" ".join(other.split())[:80],
            blob=blob, file_name=files.plain_name(name), user_id=actor.user_id, made_at=at,
        )  # fmt: skip
        made.job = jobs.start(
            "registry.reconcile", args={"reconciliation_id": made.pk, "by": actor.as_args()},
            title=f"对账 {made.file_name}", href=f"/registry/reconciliations/{made.pk}/", division=division,
            actor=actor, at=at,
        )  # fmt: skip
        made.save(update_fields=["job"])
        facts = {"sha256": blob.digest, "on": on}
        record(verb="registry.reconciliation.asked", subject=made, actor=actor, at=at, facts=facts)
    return made


def run(work: Work, *, reconciliation_id: int, actor: Actor, at: datetime) -> dict[str, Any]:
    """Stage the file, join it with the register, keep what differs. A repeat does nothing once it is done."""
    of = Reconciliation.objects.select_related("blob").get(pk=reconciliation_id)
    if of.state != Reconciliation.State.WORKING:
        return {"state": of.state}
    try:
        with transaction.atomic():
            columns = _staged(work, of)
            counts, fields = _joined(of, columns, actor)
            StagedUnit.objects.filter(of=of).delete()
            Reconciliation.objects.filter(pk=of.pk).update(
                state=Reconciliation.State.DONE, done_at=at, counts=counts, fields=fields
            )
            record(verb="registry.reconciliation.made", subject=of, actor=actor, at=at, facts=counts)
    except DomainError as error:
        Reconciliation.objects.filter(pk=of.pk).update(state=Reconciliation.State.FAILED, failure=error.text)
        raise
    return {"state": "done", **counts}


def _staged(work: Work, of: Reconciliation) -> frozenset[str]:
    """The file's units in a table beside the register. Raises: ExchangeFileUnreadable, PackageUnreadable."""
    with tempfile.TemporaryFile() as content:
        for piece in files.pieces(of.blob_id):
            content.write(piece)
        content.seek(0)
        columns, units = their_files.read_units(content, kind=of.blob.as_kind, name=of.file_name)
        count = 0
        while part := list(islice(units, _BATCH)):
            with connection.cursor() as cursor, cursor.copy(_COPY) as out:
                for one in part:
                    out.write_row((of.pk, one.line, one.code, one.holder, one.kind, one.area_m2, one.certificate))
            count += len(part)
            # Not while rows are being copied: the connection can do nothing else then.
            work.progress(count, None, "正在读取对方的文件")
    if not count:
        raise ExchangeFileUnreadable(file=of.file_name, why="只有表头，没有一行数据")
    _refuse_twice(of)
    return columns


def _refuse_twice(of: Reconciliation) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, min(line), max(line) FROM registry_stagedunit WHERE of_id = %s AND code <> ''"
            " GROUP BY code HAVING count(*) > 1 ORDER BY min(line) LIMIT 1",
            [of.pk],
        )
        twice = cursor.fetchone()
    if twice is not None:
        raise ExchangeFileUnreadable(
            file=of.file_name, why=f"第 {twice[1]} 行和第 {twice[2]} 行的单元代码都是 {twice[0]}"
        )


_HOLDER = "CASE WHEN p.kind = 'household' THEN regexp_replace(p.name, '户$', '') ELSE p.name END"


def _holds(row: str) -> str:
    """Whether a row holds on the day, said so that no index of days is taken for it.

    Nearly every row holds on nearly every day: what finds it is its unit or right, whatever the planner knows of the tables.
    """
    return f"(lower({row}.valid) <= %(on)s AND (upper_inf({row}.valid) OR upper({row}.valid) > %(on)s))"


#: Ours as it is compared: the right of use of each unit, else the ownership; land without its buildings.
_OURS = """
    INSERT INTO registry_stagedunit (of_id, baunit_id, code, holder, kind, area_m2, certificate)
    SELECT %(of)s, u.id, u.code,
           coalesce((SELECT left(string_agg(h.name, '、' ORDER BY h.name COLLATE "C"), 400) FROM (
               SELECT DISTINCT replace({holder}, ' ', '') AS name FROM registry_right r
               JOIN parties_party p ON p.id = r.party_id WHERE r.rrr_id = m.rrr_id AND upper_inf(r.recorded)
               AND {r_holds}) h), '') AS holder,
           m.kind,
           (SELECT sum(v.registered_area_m2) FROM registry_unitground g JOIN registry_spatialunit s ON s.id = g.spatial_unit_id
            JOIN registry_spatialunitversion v ON v.spatial_unit_id = s.id AND upper_inf(v.recorded) AND {v_holds}
            WHERE g.baunit_id = u.id AND s.kind <> %(building)s) AS area_m2,
           coalesce((SELECT min(replace(c.number, ' ', '')) FROM registry_certificate c WHERE c.rrr_id = m.rrr_id AND c.issued_on <= %(on)s
            AND (c.recalled_on IS NULL OR c.recalled_on > %(on)s)), '') AS certificate
    FROM registry_baunit u
    LEFT JOIN LATERAL (
        SELECT r.rrr_id, r.kind FROM registry_right r
        WHERE r.baunit_id = u.id AND upper_inf(r.recorded) AND {r_holds} AND r.kind = ANY(%(kinds)s)
        ORDER BY r.kind = %(ownership)s, r.rrr_id LIMIT 1) m ON true
    WHERE u.id IN ({units})
"""

#: First by code; what is left, by certificate, so that a unit whose code was changed is not told as two.
_JOIN = """
WITH ours AS (SELECT * FROM registry_stagedunit WHERE of_id = %(of)s AND baunit_id IS NOT NULL),
theirs AS (SELECT * FROM registry_stagedunit WHERE of_id = %(of)s AND line IS NOT NULL),
by_code AS MATERIALIZED (SELECT o.baunit_id, t.line FROM ours o JOIN theirs t ON t.code = o.code),
by_proof AS (
    SELECT DISTINCT ON (o.baunit_id) o.baunit_id, t.line FROM ours o JOIN (
        SELECT DISTINCT ON (certificate) certificate, line FROM theirs t WHERE certificate <> ''
        AND NOT EXISTS (SELECT 1 FROM ours o WHERE o.code = t.code) ORDER BY certificate, line) t
    ON t.certificate = o.certificate WHERE NOT EXISTS (SELECT 1 FROM theirs t WHERE t.code = o.code)
    ORDER BY o.baunit_id, t.line),
pairs AS (SELECT * FROM by_code UNION ALL SELECT * FROM by_proof),
compared AS (
    SELECT o.baunit_id AS id, t.line, coalesce(o.code, t.code) AS code, o.code AS o_code, t.code AS t_code, o.holder AS o_holder,
           t.holder AS t_holder, o.kind AS o_kind, t.kind AS t_kind, o.area_m2 AS o_area, t.area_m2 AS t_area,
           o.certificate AS o_proof, t.certificate AS t_proof,
           array_remove(ARRAY[
               CASE WHEN %(has_code)s AND t.code <> o.code THEN 'code' END,
               CASE WHEN %(has_holder)s AND t.holder <> o.holder THEN 'holder' END,
               CASE WHEN %(has_kind)s AND t.kind IS DISTINCT FROM o.kind THEN 'kind' END,
               CASE WHEN %(has_area)s AND (t.area_m2 IS NULL) <> (o.area_m2 IS NULL)
                      OR abs(t.area_m2 - o.area_m2) > greatest(o.area_m2 * %(num)s / %(den)s, %(floor)s) THEN 'area_m2' END,
               CASE WHEN %(has_certificate)s AND t.certificate <> o.certificate THEN 'certificate' END
           ]::text[], NULL) AS differs
    FROM pairs p FULL JOIN ours o ON o.baunit_id = p.baunit_id FULL JOIN theirs t ON t.line = p.line),
judged AS (
    SELECT *, CASE WHEN line IS NULL THEN 'only_here' WHEN id IS NULL THEN 'only_there'
                   WHEN differs = '{}' THEN 'same' ELSE 'different' END AS outcome FROM compared),
kept AS (
    INSERT INTO registry_reconciliationrow (of_id, outcome, code, baunit_id, line, differs, ours, theirs)
    SELECT %(of)s, outcome, code, id, line, CASE WHEN outcome = 'different' THEN differs ELSE '{}' END,
           CASE WHEN id IS NULL THEN '{}' ELSE jsonb_build_object('code', o_code, 'holder', o_holder, 'kind', o_kind,
                'area_m2', o_area::text, 'certificate', o_proof) END,
           CASE WHEN line IS NULL THEN '{}' ELSE jsonb_build_object('code', t_code, 'holder', t_holder, 'kind', t_kind,
                'area_m2', t_area::text, 'certificate', t_proof) END
    FROM judged WHERE outcome <> 'same')
SELECT outcome, count(*), count(*) FILTER (WHERE 'code' = ANY(differs)), count(*) FILTER (WHERE 'holder' = ANY(differs)),
       count(*) FILTER (WHERE 'kind' = ANY(differs)), count(*) FILTER (WHERE 'area_m2' = ANY(differs)),
       count(*) FILTER (WHERE 'certificate' = ANY(differs))
FROM judged GROUP BY outcome
"""


def _joined(of: Reconciliation, columns: frozenset[str], actor: Actor) -> tuple[dict[str, int], dict[str, int]]:
    """Join both sides by the database: how many of each outcome, and of each field that differs.

    Both stand in one table with an index by code: of its size the planner knows, of a query of the register it does not.
    """
    wanted = Wanted(of.division_id, of.on, of.made_at, of.unit_kind)
    rows = units_wanted(wanted, actor=actor).order_by().values("pk")
    units, values = rows.query.sql_with_params()
    given: dict[str, Any] = {
        "of": of.pk, "on": of.on, "building": str(GroundKind.BUILDING), "ownership": int(RightKind.COLLECTIVE_OWNERSHIP),
        "kinds": sorted([*map(int, USE_RIGHTS), int(RightKind.COLLECTIVE_OWNERSHIP)]), "num": of.area_share_num,
        "den": of.area_share_den, "floor": of.area_floor_m2, "has_area": "area_m2" in columns,
        **{f"has_{name}": name in columns for name in ("code", "holder", "kind", "certificate")},
    }  # fmt: skip
    named = {f"unit_{place}": value for place, value in enumerate(values)}
    units = units.replace("%s", "{}").format(*(f"%({name})s" for name in named))
    ReconciliationRow.objects.filter(of=of).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            _OURS.format(holder=_HOLDER, units=units, r_holds=_holds("r"), v_holds=_holds("v")), {**given, **named}
        )
        cursor.execute(_JOIN, given)
        found = cursor.fetchall()
    counts = dict.fromkeys(("same", "different", "only_here", "only_there"), 0)
    fields = dict.fromkeys(FIELDS, 0)
    for outcome, number, *by_field in found:
        counts[outcome] = number
        if outcome == "different":
            fields = dict(zip(FIELDS, by_field, strict=True))
    counts["ours"] = counts["same"] + counts["different"] + counts["only_here"]
    counts["theirs"] = counts["same"] + counts["different"] + counts["only_there"]
    return counts, fields


__all__ = ["FIELDS", "run", "start"]
