"""登簿 of a survey batch: all of its parcels in one transaction, set by set inside the database; all or nothing."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Count, Min, Model

from ronghe.kernel import crypto
from ronghe.kernel.accounts.demo import is_of_demonstration
from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.db import refuses
from ronghe.kernel.errors import DomainError
from ronghe.kernel.jobs import Work
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.services import NewHolder, register_many
from ronghe.kernel.spatial.rules import Box
from ronghe.mechanisms.casework.models import Case
from ronghe.mechanisms.casework.services import act

from ..errors import SurveyOvertaken
from ..models import (
    RRR,
    AdministrativeSource,
    BAUnit,
    Certificate,
    SpatialUnit,
    SurveyAttempt,
    SurveyBatch,
    SurveyedHolder,
    SurveyedParcel,
)
from ..queries.occupied import open_spots
from ..queries.qualifying import Asked
from ..rules.kinds import FIRST_RIGHT, GROUND_OF, RightKind, SourceKind, UnitKind
from ..rules.natures import Nature, nature_of
from ..surveying.fields import HOUSEHOLD_KINDS
from ..surveying.findings import Findings
from ..surveying.ground import find_neighbours, find_occupied
from ..surveying.holders import about, sealing_key
from .drawing import changed
from .proofs import county_of, take_numbers
from .sources import keep_source, keep_survey
from .survey_check import CHUNK, qualifying_in
from .surveys import last_attempt, locked_batch
from .units import take_series
from .writing import MANY, count_anew, held_by_the_database

#: The action by which the case is done, taken by the job alone.
ENTERED = "entered"
#: Batches of one county are entered one after the other ("surv" in ASCII), for villages meet at their borders; the second
#: half is the county.
PLACE_LOCK = 0x73757276
#: What was recorded so long before the check may have been committed after it.
_MARGIN = timedelta(days=1)
State = SurveyBatch.State
#: What the database refuses of an entry because the register is another than at the check.
REFUSALS: dict[str, DomainError] = {
    name: SurveyOvertaken(why=why)
    for name, why in (
        ("baunit_code_once", "有代码已经给了别的单元"),
        ("spatial_unit_code_once", "有代码已经给了别的单元"),
        ("right_holder_lives", "有权利人已死亡或终止"),
        ("right_holder_fits", "有权利人不能享有这种权利"),
        ("right_shares_pass_the_whole", "有权利份额超过一个整体"),
        ("right_has_one_sole_holder", "有单元已有单独权利人"),
        ("right_once_per_party_and_time", "有权利人在一个单元上登记两次"),
        ("rrr_term_within_parent", "有权利期限超出所依附的权利"),
    )
}


def write_survey(work: Work, *, batch_id: int, actor: Actor, at: datetime) -> dict[str, Any]:
    """Enter a batch in the register: units, ground, rights, sources, certificates, and the end of its case.

    A repeat enters nothing more. Locks: Case, SurveyBatch, the counties, CodeSeries, the series of certificates.
    Raises: SurveyOvertaken when the register has changed since the check, CodeWrong when a series of codes is full,
    NumberTakenElsewhere when a new holder has been registered meanwhile; then nothing is entered.
    """
    with transaction.atomic():
        case_id = SurveyBatch.objects.values_list("case", flat=True).get(pk=batch_id)
        Case.objects.select_for_update(of=("self",)).get(pk=case_id)
        batch = locked_batch(batch_id)
        if batch.state != State.ENTERING:
            return {"state": batch.state}
        entry = _Entry(batch, last_attempt(batch), actor, at)
        work.progress(0, 100, "正在复核")
        entry.lock_places()
        entry.refuse_changed()
        with refuses(REFUSALS):
            for place, (note, step) in enumerate(entry.steps(), start=1):
                work.progress(10 + 8 * place, 100, note)
                step()
        batch.state, batch.entered_at, batch.survey_id = State.ENTERED, at, entry.ids["survey"]
        batch.save(update_fields=["state", "entered_at", "survey"])
        facts = {
            "units": entry.counts["units"], "rights": entry.counts["rights"], "certificates": entry.counts["certificates"],
            "kind": batch.kind, "survey": entry.ids["survey"], "on": entry.on, "digest": digest_of_rows(batch),
        }  # fmt: skip
        record(verb="registry.survey.entered", subject=batch, actor=actor, at=at, facts=facts)
        act(case_id=case_id, action=ENTERED, seen=None, actor=SYSTEM, at=at)
    return {"state": batch.state, **entry.counts}


def lock_counties(divisions: Iterable[str]) -> None:
    """Whoever enters much ground of a county at once waits for whoever does. Locks: the counties of the divisions."""
    with connection.cursor() as cursor:
        for county in sorted({division[:6] for division in divisions}):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [PLACE_LOCK, county])


def digest_of_rows(batch: SurveyBatch) -> str:
    """SHA-256 over what was entered, one line per unit in the order of codes: code, ground, outline, area, holders.

    Whoever replays the entry from the batch's rows comes to the same.
    """
    made = hashlib.sha256()
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT concat_ws('|', p.code, p.ground_code, encode(sha256(p.geometry), 'hex'), p.declared_m2, p.first_day,"
            " p.until, h.told) FROM registry_surveyedparcel p LEFT JOIN (SELECT number, string_agg(concat(party_id, ':',"
            " share_num, '/', share_den), ',' ORDER BY place) AS told FROM registry_surveyedholder WHERE batch_id = %s"
            ' GROUP BY number) h USING (number) WHERE p.batch_id = %s ORDER BY p.code COLLATE "C"',
            [batch.pk, batch.pk],
        )
        for (line,) in cursor:
            made.update(f"{line}\n".encode())
    return made.hexdigest()


class _Entry:
    """One entry while it is written: each step is some statements over the rows of the batch."""

    def __init__(self, batch: SurveyBatch, attempt: SurveyAttempt, actor: Actor, at: datetime) -> None:
        self.batch, self.attempt, self.actor, self.at = batch, attempt, actor, at
        self.on, self.kind = legal_day(at), UnitKind(batch.kind)
        self.counts = {"units": 0, "rights": 0, "certificates": 0}
        self.ids: dict[str, int] = {}
        self.villages = sorted(
            SurveyedParcel.objects.filter(batch=batch).order_by().values_list("division", flat=True).distinct()
        )
        plain, built = FIRST_RIGHT[self.kind]
        self.facts: dict[str, Any] = {
            "batch": batch.pk, "on": self.on, "at": at, "kind": self.kind.value, "case": batch.case_id,
            "ground": GROUND_OF[self.kind].value, "plain": int(plain), "built": int(built),
            "ownership": int(RightKind.COLLECTIVE_OWNERSHIP), "qualification": int(RightKind.QUALIFICATION),
            "is_demo": is_of_demonstration(batch.user_id),
            "owned_as": int(Nature.COLLECTIVE),
        }  # fmt: skip

    def run(self, statement: str, **more: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, self.facts | more)
            return int(cursor.rowcount)

    def counted(self, *models: type[Model]) -> None:
        """What was just written is joined next: a long batch has it counted, so that the joins take time by its length alone."""
        if self.batch.parcels_count >= MANY:
            count_anew(*models)

    def lock_places(self) -> None:
        lock_counties(self.villages)

    # -- what may have changed since the check ------------------------------------------------------------------------

    def refuse_changed(self) -> None:
        """Raises: SurveyOvertaken."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT p.code FROM registry_surveyedparcel p WHERE p.batch_id = %(batch)s AND ("
                " EXISTS (SELECT 1 FROM registry_baunit b WHERE b.code = p.code)"
                " OR EXISTS (SELECT 1 FROM registry_spatialunit s WHERE s.code = p.ground_code)) LIMIT 3",
                self.facts,
            )
            taken = [code for (code,) in cursor.fetchall()]
            cursor.execute(
                "SELECT h.name FROM registry_surveyedholder h JOIN parties_party p ON p.id = h.party_id"
                " WHERE h.batch_id = %(batch)s AND (p.state <> 'active' OR p.erased_at IS NOT NULL) LIMIT 3",
                self.facts,
            )
            gone = [name for (name,) in cursor.fetchall()]
        if taken:
            raise SurveyOvertaken(why=f"代码 {'、'.join(taken)} 已经给了别的单元")
        if gone:
            raise SurveyOvertaken(why=f"权利人{'、'.join(f'“{name}”' for name in gone)}已死亡或终止")
        self._refuse_ground()

    def _refuse_ground(self) -> None:
        """What has been registered or listed as illegally occupied since the check."""
        assert self.attempt.checked_at is not None
        since = self.attempt.checked_at - _MARGIN
        spots = open_spots(self.batch.division_id[:6], since=since)
        rows = SurveyedParcel.objects.filter(batch=self.batch, geometry__isnull=False).order_by("pk")
        parcels = rows.values_list("number", "geometry", "ground_code").iterator(CHUNK)
        while chunk := list(islice(parcels, CHUNK)):
            findings, places = Findings(), np.arange(len(chunk))
            shapes = np.array([shape for _, shape, _ in chunk], dtype=object)
            find_neighbours(places, shapes, findings, kind=self.kind, on=self.on, since=since)
            find_occupied(places, [code for *_, code in chunk], shapes, findings, spots)
            if findings.kept:
                first = findings.kept[0]
                raise SurveyOvertaken(why=f"第 {chunk[first.number - 1][0]} 宗{first.text}")

    # -- what is written ----------------------------------------------------------------------------------------------

    def steps(self) -> list[tuple[str, Any]]:
        return [
            ("正在登记新的权利人", self.holders),
            ("正在写入来源材料", self.sources),
            ("正在写入不动产单元", self.units),
            ("正在归入调查佐证", self.evidence),
            ("正在写入空间单元", self.ground),
            ("正在写入空间单元的形态", self.forms),
            ("正在写入集体土地所有权", self.ownership),
            ("正在写入权利", self.rights),
            ("正在核对权利", self.hold),
            ("正在编发证书", self.certificates),
            ("正在更新地图", self.drawing),
        ]

    def holders(self) -> None:
        """Holders who were not known are registered, each once."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                "SELECT name, blind, sealed, division_id FROM (SELECT DISTINCT ON (h.blind) h.number, h.name, h.blind,"
                " h.sealed, p.division_id FROM registry_surveyedholder h JOIN registry_surveyedparcel p USING (batch_id, number)"
                " WHERE h.batch_id = %s AND h.party_id IS NULL ORDER BY h.blind, h.number) one ORDER BY number",
                [self.batch.pk],
            )
            while rows := cursor.fetchmany(CHUNK):
                self._register([(name, bytes(blind), bytes(sealed), home) for name, blind, sealed, home in rows])
        self.counted(SurveyedHolder)

    def _register(self, rows: Sequence[tuple[str, bytes, bytes, str]]) -> None:
        new = [
            NewHolder(name, crypto.opened(sealed, key=sealing_key(), about=about(self.batch.pk, blind)).decode(), home)
            for name, blind, sealed, home in rows
        ]
        made = register_many(
            new,
            as_households=self.kind in HOUSEHOLD_KINDS,
            since=self.on,
            of=self.batch,
            actor=self.actor,
            at=self.at,
            is_demo=self.facts["is_demo"],
        )
        self.run(
            "UPDATE registry_surveyedholder h SET party_id = n.party, sealed = NULL"
            " FROM unnest(%(blinds)s::bytea[], %(parties)s::bigint[]) AS n(blind, party)"
            " WHERE h.batch_id = %(batch)s AND h.party_id IS NULL AND h.blind = n.blind",
            blinds=[blind for _, blind, _, _ in rows], parties=made,
        )  # fmt: skip

    def sources(self) -> None:
        """The survey, the paper that the rights rest on, and each contract that the file names."""
        batch = self.batch
        survey = keep_survey(
            title=batch.title, surveyed_on=batch.surveyed_on, division=batch.division_id, surveyor=batch.surveyor,
            method=batch.method, crs=self.attempt.found.get("crs", ""), case_id=batch.case_id,
            blob_id=self.attempt.blob_id,
        )  # fmt: skip
        source = keep_source(
            kind=SourceKind.SURVEY, title=batch.title, issued_on=batch.surveyed_on, division=batch.division_id,
            issuer=batch.surveyor, case_id=batch.case_id, blob_id=self.attempt.blob_id,
        )  # fmt: skip
        self.ids = {"survey": survey.pk, "source": source.pk}
        self.facts |= self.ids
        self.run(
            "INSERT INTO registry_administrativesource"
            " (kind, number, title, issued_on, issuer, division_id, case_id, blob_id)"
            " SELECT %(contract)s, contract_code, '承包合同', coalesce(min(first_day), %(surveyed)s), '',"
            " min(division_id), %(case)s, NULL FROM registry_surveyedparcel"
            " WHERE batch_id = %(batch)s AND contract_code <> '' GROUP BY contract_code",
            contract=SourceKind.CONTRACT.value, surveyed=batch.surveyed_on,
        )  # fmt: skip

    #: What people of the demonstration hold, or its surveyors bring, is marked as its data.
    _UNITS = (
        "INSERT INTO registry_baunit (code, kind, division_id, is_demo, opened_on, opened_at)"
        " SELECT p.code, %(kind)s, p.division_id, %(is_demo)s OR made_up.number IS NOT NULL, %(on)s, %(at)s"
        " FROM registry_surveyedparcel p LEFT JOIN (SELECT DISTINCT h.number FROM registry_surveyedholder h"
        " JOIN parties_party y ON y.id = h.party_id WHERE h.batch_id = %(batch)s AND y.is_demo) made_up USING (number)"
        " WHERE p.batch_id = %(batch)s AND p.code <> ''"
        " AND NOT EXISTS (SELECT 1 FROM registry_baunit b WHERE b.code = p.code) ORDER BY p.number"
    )

    def units(self) -> None:
        """Units with the codes that the file brings; then codes are given out, past those, to the rest."""
        self.counts["units"] = self.run(self._UNITS)
        bare = SurveyedParcel.objects.filter(batch=self.batch, code="").order_by("division")
        for village, count in bare.values_list("division").annotate(count=Count("pk")):
            series, first = take_series(village, self.kind, count)
            self.run(
                "UPDATE registry_surveyedparcel p SET code = %(series)s || lpad((%(before)s + n.rank)::text, 5, '0')"
                " || CASE WHEN p.floor_area_m2 IS NULL THEN 'W00000000' ELSE 'F99990001' END"
                " FROM (SELECT id, row_number() OVER (ORDER BY number) AS rank FROM registry_surveyedparcel"
                "       WHERE batch_id = %(batch)s AND division_id = %(village)s AND code = '') n WHERE n.id = p.id",
                series=series, before=first - 1, village=village,
            )  # fmt: skip
        self.run(
            "UPDATE registry_surveyedparcel SET ground_code = left(code, 19)"
            " WHERE batch_id = %(batch)s AND ground_code = ''"
        )
        self.counts["units"] += self.run(self._UNITS)
        self.counted(SurveyedParcel, BAUnit, AdministrativeSource)

    def evidence(self) -> None:
        """What was given for the parcels belongs to their units."""
        self.run(
            "UPDATE registry_surveyevidence e SET baunit_id = b.id FROM registry_surveyedparcel p"
            " JOIN registry_baunit b ON b.code = p.code WHERE e.batch_id = %(batch)s AND e.withdrawn_at IS NULL"
            " AND p.batch_id = e.batch_id AND p.number = e.number"
        )

    def ground(self) -> None:
        """Parcels or plots, and the building of each that has one."""
        self.run(
            "INSERT INTO registry_spatialunit (code, kind, division_id, opened_on, opened_at)"
            " SELECT ground_code, %(ground)s, division_id, %(on)s, %(at)s FROM registry_surveyedparcel"
            " WHERE batch_id = %(batch)s ORDER BY number"
        )
        self.run(
            "INSERT INTO registry_spatialunit (code, kind, division_id, opened_on, opened_at)"
            " SELECT left(code, 19) || 'F00010001', 'building', division_id, %(on)s, %(at)s"
            " FROM registry_surveyedparcel WHERE batch_id = %(batch)s AND floor_area_m2 IS NOT NULL ORDER BY number"
        )
        self.counted(SpatialUnit)
        self.run(
            "INSERT INTO registry_unitground (baunit_id, spatial_unit_id) SELECT b.id, s.id"
            " FROM registry_surveyedparcel p JOIN registry_baunit b ON b.code = p.code"
            " JOIN registry_spatialunit s ON s.code = p.ground_code WHERE p.batch_id = %(batch)s"
            " UNION ALL SELECT b.id, s.id FROM registry_surveyedparcel p JOIN registry_baunit b ON b.code = p.code"
            " JOIN registry_spatialunit s ON s.code = left(p.code, 19) || 'F00010001'"
            " WHERE p.batch_id = %(batch)s AND p.floor_area_m2 IS NOT NULL"
        )

    #: The pairs of characters by which a form is found, as ``kernel.grams`` makes them.
    _GRAMS = (
        "ARRAY(SELECT DISTINCT substr(w, n, 2) FROM unnest(regexp_split_to_array(lower(p.location || ' ' || s.code), '\\s+'))"
        " w, generate_series(1, length(w) - 1) n ORDER BY substr(w, n, 2))"
    )

    def forms(self) -> None:
        """The outline, areas, use, place and neighbours of each piece of ground, by the survey."""
        columns = (
            "spatial_unit_id, source_id, valid, recorded, geometry, box, area_m2, registered_area_m2, floor_area_m2,"
            " use, location, north, east, south, west, structure, floors, grams"
        )
        head = f"INSERT INTO registry_spatialunitversion ({columns}) SELECT s.id, %(survey)s,"
        head += " daterange(%(on)s, NULL), tstzrange(%(at)s, NULL),"
        self.run(
            f"{head} p.geometry, p.box, p.drawn_m2, p.declared_m2, NULL, p.use, p.location, p.north, p.east, p.south,"
            f" p.west, '', NULL, {self._GRAMS} FROM registry_surveyedparcel p"
            " JOIN registry_spatialunit s ON s.code = p.ground_code WHERE p.batch_id = %(batch)s ORDER BY p.id"
        )
        self.run(
            f"{head} NULL, NULL, NULL, p.house_m2, p.floor_area_m2, '', p.location, '', '', '', '', p.structure,"
            f" p.floors, {self._GRAMS} FROM registry_surveyedparcel p"
            " JOIN registry_spatialunit s ON s.code = left(p.code, 19) || 'F00010001'"
            " WHERE p.batch_id = %(batch)s AND p.floor_area_m2 IS NOT NULL"
        )

    def ownership(self) -> None:
        """Collective ownership of each unit, where the village's collective is known and is one."""
        owners = self._collectives() if self.kind not in (UnitKind.OWNERSHIP, UnitKind.STATE) else {}
        self.facts |= {"owned": list(owners), "owners": list(owners.values())}
        of = (
            " FROM registry_surveyedparcel p JOIN registry_baunit b ON b.code = p.code"
            " JOIN unnest(%(owned)s::text[], %(owners)s::bigint[]) AS o(village, party) ON o.village = p.division_id"
        )
        self.run(
            "INSERT INTO registry_rrr (sort, kind, baunit_id, parent_id, opened_at)"
            f" SELECT 'right', %(ownership)s, b.id, NULL::bigint, %(at)s{of} WHERE p.batch_id = %(batch)s"
        )
        self.counted(RRR)
        self.counts["rights"] += self.run(
            "INSERT INTO registry_right (rrr_id, baunit_id, party_id, kind, nature, co_ownership, share_num, share_den,"
            " source_id, valid, recorded) SELECT r.id, b.id, o.party, %(ownership)s, %(owned_as)s, 0, 1, 1, %(source)s,"
            f" daterange(least(p.first_day, %(on)s), NULL), tstzrange(%(at)s, NULL){of}"
            " JOIN registry_rrr r ON r.baunit_id = b.id AND r.sort = 'right' AND r.kind = %(ownership)s"
            " WHERE p.batch_id = %(batch)s"
        )

    def _collectives(self) -> Mapping[str, int]:
        rows = Party.objects.filter(
            division__in=self.villages, kind=Party.Kind.COLLECTIVE, state=Party.State.ACTIVE, erased_at=None
        )
        known = rows.order_by().values_list("division").annotate(count=Count("pk"), party=Min("pk"))
        return {village: party for village, count, party in known if count == 1}

    _OWNER = (
        " LEFT JOIN registry_rrr o ON o.baunit_id = b.id AND o.sort = 'right' AND o.kind = %(ownership)s"
        " AND %(kind)s <> 'ownership'"
    )
    _OF_USE = "CASE WHEN p.floor_area_m2 IS NULL THEN %(plain)s ELSE %(built)s END"

    def rights(self) -> None:
        """The qualification of the household, and the right of using the ground, with its holders."""
        parcels = " FROM registry_surveyedparcel p JOIN registry_baunit b ON b.code = p.code"
        new_right = "INSERT INTO registry_rrr (sort, kind, baunit_id, parent_id, opened_at) SELECT 'right',"
        of_holder = " JOIN registry_surveyedholder h ON h.batch_id = p.batch_id AND h.number = p.number"
        row = (
            "INSERT INTO registry_right (rrr_id, baunit_id, party_id, kind, nature, co_ownership, share_num, share_den,"
            " source_id, valid, recorded) SELECT r.id, b.id, h.party_id, r.kind,"
        )
        if self.kind is UnitKind.HOMESTEAD:
            self.facts["unqualified"] = self._unqualified()
            alone = (
                " JOIN parties_party t ON t.id = h.party_id AND t.kind = 'household' AND p.co_ownership = 0"
                " AND p.number <> ALL(%(unqualified)s::int[])"
            )
            self.run(
                f"{new_right} %(qualification)s, b.id, o.id, %(at)s{parcels}{of_holder}{alone}{self._OWNER}"
                " WHERE p.batch_id = %(batch)s AND o.id IS NOT NULL"
            )
            self.counted(RRR)
            self.counts["qualifications"] = self.run(
                f"{row} %(owned_as)s, 0, 1, 1, %(source)s, daterange(coalesce(p.first_day, %(on)s), p.until), tstzrange(%(at)s, NULL)"
                f"{parcels}{of_holder} JOIN registry_rrr r ON r.baunit_id = b.id AND r.sort = 'right'"
                " AND r.kind = %(qualification)s WHERE p.batch_id = %(batch)s"
            )
            self.counts["rights"] += self.counts["qualifications"]
        self.run(f"{new_right} {self._OF_USE}, b.id, o.id, %(at)s{parcels}{self._OWNER} WHERE p.batch_id = %(batch)s")
        self.counted(RRR)
        self.counts["rights"] += self.run(
            f"{row} {self._nature()}, p.co_ownership, CASE p.co_ownership WHEN 0 THEN 1 WHEN 2 THEN h.share_num END,"
            " CASE p.co_ownership WHEN 0 THEN 1 WHEN 2 THEN h.share_den END, coalesce(c.id, %(source)s),"
            f" daterange(coalesce(p.first_day, %(on)s), p.until), tstzrange(%(at)s, NULL){parcels}{of_holder}"
            f" JOIN registry_rrr r ON r.baunit_id = b.id AND r.sort = 'right' AND r.kind = {self._OF_USE}"
            " LEFT JOIN registry_administrativesource c ON p.contract_code <> '' AND c.number = p.contract_code"
            " AND c.case_id = %(case)s WHERE p.batch_id = %(batch)s"
        )

    def _nature(self) -> str:
        """The 权利性质 of the use: of contracted land it depends on who holds it, of other land on nothing."""
        use = FIRST_RIGHT[self.kind][0]
        household, others = (int(nature_of(use, self.kind, by_households=one)) for one in (True, False))
        if household == others:
            return str(household)
        return (
            "CASE (SELECT t.kind FROM parties_party t WHERE t.id = h.party_id) WHEN 'household'"
            f" THEN {household} ELSE {others} END"
        )

    def _unqualified(self) -> list[int]:
        """The parcels whose household the rule gives no qualification, as the register and the rolls are now."""
        judge = qualifying_in(self.batch.division_id, self.kind, on=self.on)
        assert judge is not None
        found: list[int] = []
        several = Counter[int]()
        again = SurveyedHolder.objects.filter(batch=self.batch, party__isnull=False).order_by()
        twice = set(again.values_list("party").annotate(n=Count("pk")).filter(n__gt=1).values_list("party", flat=True))
        # Each table is read by its own index: of a batch that was staged just now the planner knows no numbers.
        holders = again.order_by("number").values_list("number", "party").iterator(CHUNK)
        while chunk := dict(islice(holders, CHUNK)):
            alone = SurveyedParcel.objects.filter(batch=self.batch, number__in=chunk, co_ownership=0).order_by("number")
            asked = []
            for number, village in alone.values_list("number", "division"):
                party = chunk[number]
                asked.append(Asked(number, party, village, several[party]))
                if party in twice:
                    several[party] += 1
            found += [number for number, ruling in judge.rulings(asked).items() if ruling.value is not True]
        return found

    def hold(self) -> None:
        """What the database judges of all rows together is judged now."""
        with held_by_the_database(REFUSALS):
            pass

    def certificates(self) -> None:
        """A certificate for each right of using (or owning) the ground, numbered by county and year."""
        counties: dict[str, list[str]] = {}
        by_code = {village: county_of(village) for village in self.villages}
        for village, county in by_code.items():
            counties.setdefault(county.code, []).append(village)
        for villages in counties.values():
            count = SurveyedParcel.objects.filter(batch=self.batch, division__in=villages).count()
            head, first = take_numbers(
                Certificate.Kind.CERTIFICATE, county=by_code[villages[0]], year=self.on.year, count=count
            )
            self.counts["certificates"] += self.run(
                "INSERT INTO registry_certificate (kind, number, rrr_id, baunit_id, issued_on, issued_at, recall_reason)"
                " SELECT 'certificate', %(head)s || lpad((%(before)s + row_number() OVER (ORDER BY p.number))::text, 7, '0')"
                " || '号', r.id, b.id, %(on)s, %(at)s, ''"
                " FROM registry_surveyedparcel p JOIN registry_baunit b ON b.code = p.code"
                f" JOIN registry_rrr r ON r.baunit_id = b.id AND r.sort = 'right' AND r.kind = {self._OF_USE}"
                " WHERE p.batch_id = %(batch)s AND p.division_id = ANY(%(villages)s)",
                head=head, before=first - 1, villages=villages,
            )  # fmt: skip

    def drawing(self) -> None:
        """The map of each county shows what was entered: tiles are cut anew where it lies."""
        counties: dict[str, list[str]] = {}
        for village in self.villages:
            counties.setdefault(county_of(village).code, []).append(village)
        for county, villages in counties.items():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*), min((box[1])[0]), min((box[1])[1]), max((box[0])[0]), max((box[0])[1])"
                    " FROM registry_surveyedparcel WHERE batch_id = %s AND division_id = ANY(%s) AND box IS NOT NULL",
                    [self.batch.pk, villages],
                )
                count, *around = cursor.fetchone()
            if count:
                changed(county, [Box(*around)], self.at, more=count)
