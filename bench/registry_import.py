"""A survey of 200,000 parcels on its way into the register: read, checked, entered with rights and certificates.

The curve is taken by batches: of 10,000 and 50,000 parcels, and then 200,000 after 200,000 up to 1,000,000, which is as
many as one file may hold. ``RONGHE_BENCH_PARCELS=10000,50000`` takes other sizes, for a try.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .world import world

COUNTY, SEAT = "370322", "370322000000"
#: One file holds no more.
MOST_OF_A_FILE = 200_000
SIZES = (10_000, 50_000, 200_000, 1_000_000)
WIDE, SIDE, WEST, SOUTH = 2_000, 0.0001, 117.70, 37.10
#: A village numbers 99,999 parcels at most.
PER_VILLAGE = 20_000
#: The columns of a plain table beside which the import is measured.
PEER = "peer (number int, code text, village text, outline bytea, box box, area numeric, holder bigint, place text)"


def _villages(count: int) -> list[str]:
    """As many villages of a county as the parcels need, made for the race."""
    from django.apps import apps

    division = apps.get_model("regions", "Division")
    closure = apps.get_model("regions", "DivisionClosure")
    town = division.objects.filter(parent=SEAT, level="town").order_by("code")[0]
    above = list(closure.objects.filter(descendant_id=town.code))
    made = []
    for n in range(count):
        code = f"{town.code[:9]}{900 + n:03d}"
        division.objects.create(code=code, name=f"试验{n + 1}村", level="village", parent=town, pinyin="shi yan")
        rows = [closure(ancestor_id=code, descendant_id=code, kind="administrative", distance=0)]
        rows += [
            closure(ancestor_id=one.ancestor_id, descendant_id=code, kind=one.kind, distance=one.distance + 1)
            for one in above
        ]
        closure.objects.bulk_create(rows)
        made.append(code)
    return made


def _parcels(first: int, count: int) -> Any:
    """Four-sided parcels that share their uneven corners: the ``count`` from number ``first`` on, row by row."""
    import numpy as np
    import shapely

    rows = count // WIDE
    top = first // WIDE
    x, y = np.meshgrid(np.arange(WIDE + 1) * SIDE + WEST, np.arange(top, top + rows + 1) * SIDE + SOUTH)
    # The same corner comes out the same from whichever batch it is drawn.
    shake = np.stack((np.sin(x * 1e6 + y * 7e5), np.cos(x * 9e5 - y * 1e6)), axis=-1) * 0.2 * SIDE
    corners = np.stack((x, y), axis=-1) + shake
    rings = np.stack(
        (corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1], corners[:-1, :-1]), axis=2
    )
    return shapely.polygons(rings.reshape(count, 5, 2))


def _identity(number: int) -> str:
    """An identity number of a county that does not exist."""
    from ronghe.kernel.parties.rules import identity_check_digit

    born = date.fromordinal(date(1950, 1, 1).toordinal() + number // 999)
    first = f"990101{born:%Y%m%d}{number % 999 + 1:03d}"
    return first + identity_check_digit(first)


def _package(first: int, shapes: Any, villages: list[str]) -> bytes:
    """The survey as a GeoPackage with the heads that surveyors use."""
    import numpy as np
    import pyogrio
    import shapely

    from ronghe.kernel.spatial.checking import areas_m2

    count = len(shapes)
    numbers = range(first, first + count)
    areas = areas_m2(shapely.orient_polygons(shapes, exterior_cw=False))
    columns = {
        "XZQDM": [villages[n // PER_VILLAGE] for n in numbers],
        "QLR": [f"演示户{n:06d}" for n in numbers],
        "ZJH": [_identity(n) for n in numbers],
        "SCMJ": [round(float(area), 2) for area in areas],
        "TDYT": ["农村宅基地"] * count,
        "ZL": [f"试验村 {n} 号" for n in numbers],
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "survey.gpkg"
        pyogrio.raw.write(
            file, shapely.to_wkb(shapes), [np.array(values, dtype=object if isinstance(values[0], str) else float)
            for values in columns.values()], list(columns), driver="GPKG", crs="EPSG:4490", geometry_type="Polygon",
            layer="survey",
        )  # fmt: skip
        return file.read_bytes()


#: A worker of its own for each job, as the platform has them: what it takes of time and memory is the job's alone.
_WORKER = """
import re, sys, time
import django
django.setup()
from ronghe.kernel.jobs.services import run_here
def most():  # in MB, of this process alone: ru_maxrss would tell that of the one it was forked from
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
idle, start = most(), time.perf_counter()
run_here(int(sys.argv[1]))
print(time.perf_counter() - start, idle, most())
"""


@dataclass(slots=True)
class _Taken:
    """Seconds and the most memory, in MB, of the worker before and while it works."""

    seconds: float = 0.0
    idle: float = 0.0
    peak: float = 0.0

    def add(self, other: "_Taken") -> None:
        self.seconds += other.seconds
        self.idle, self.peak = max(self.idle, other.idle), max(self.peak, other.peak)


def _worked(job_id: int) -> _Taken:
    done = subprocess.run(
        [sys.executable, "-c", _WORKER, str(job_id)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "ronghe.site.settings"},
    )
    return _Taken(*map(float, done.stdout.split()))


class _Race:
    """People, villages and lines of a county, and batches brought in one after the other."""

    def __init__(self, most: int) -> None:
        from ronghe.kernel import clock
        from ronghe.kernel.accounts.roles import Role
        from tests.people import person

        self.now = clock.now()
        self.window, self.reviewer, self.registrar = (person(Role.DEPARTMENT, SEAT) for _ in range(3))
        self.villages = _villages(-(-most // PER_VILLAGE))
        self._lines()
        self.known = 0

    def _lines(self) -> None:
        """One plan and three lines, so that every parcel is judged by all of them."""
        import json

        import shapely

        from ronghe.kernel.spatial import services
        from ronghe.kernel.spatial.services import FeatureGiven, LayerTold

        wide = json.loads(shapely.to_geojson(shapely.box(WEST - 1, SOUTH - 1, WEST + 1, SOUTH + 1)))
        far = json.loads(shapely.to_geojson(shapely.box(WEST - 1, SOUTH - 1, WEST - 0.5, SOUTH + 1)))
        for prefix, kind, name, shape in (
            ("pbf", "red_line", "永久基本农田", far), ("erl", "red_line", "生态保护红线", far),
            ("udb", "planning", "城镇开发边界", far), ("plan", "planning", "农村宅基地", wide),
        ):  # fmt: skip
            slug = f"{prefix}-{COUNTY}"
            services.create_layer(
                slug=slug, division=SEAT, told=LayerTold(name, kind), actor=self.window.actor, at=self.now
            )
            services.put_features(
                slug=slug, features=[FeatureGiven("1", name, shape)], actor=self.window.actor, at=self.now
            )

    def people(self, upto: int) -> None:
        """The households that hold the parcels, by COPY: registering them is no part of the race.

        Their numbers are found by the blind index; nothing of the race reads them, so what is sealed is a dummy.
        """
        from django.db import connection

        from ronghe.kernel.grams import grams
        from ronghe.kernel.parties import sealing

        new = range(self.known, upto)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT min(nextval(pg_get_serial_sequence('parties_party', 'id'))) - 1 FROM generate_series(1, %s)",
                [2 * len(new)],
            )
            (last,) = cursor.fetchone()
            party = (
                "id, kind, name, pinyin, letters, pairs, division_id, state, sex, birth_date, registered_at, is_demo"
            )
            born = date(1950, 1, 1)
            tables: list[tuple[str, Iterator[tuple[Any, ...]]]] = [
                (
                    f"parties_party ({party})",
                    (
                        (last + 1 + 2 * (n - self.known) + k, kind, name, "yanshi", "ys", grams(name),
                         self.villages[n // PER_VILLAGE], "active", sex, day, self.now, True)
                        for n in new
                        for k, kind, name, sex, day in (
                            (0, "person", f"演示户{n:06d}", "male", born), (1, "household", f"演示户{n:06d}户", "", None)
                        )
                    ),
                ),
                (
                    "parties_partyidentifier (party_id, kind, sealed, blind, masked, warning, recorded)",
                    (
                        (last + 1 + 2 * (n - self.known), "identity", b"-", sealing.blind_index("identity", _identity(n)),
                         "******", "", "[2020-01-01 00:00+00,)")
                        for n in new
                    ),
                ),
                (
                    "parties_householdmember (household_id, person_id, relation, is_head, begun_by, ended_by, valid, recorded)",
                    (
                        (last + 2 + 2 * (n - self.known), last + 1 + 2 * (n - self.known), "02", True, "registered", "",
                         "[2020-01-01,)", "[2020-01-01 00:00+00,)")
                        for n in new
                    ),
                ),
            ]  # fmt: skip
            for into, rows_of in tables:
                with cursor.copy(f"COPY {into} FROM STDIN") as out:
                    for row in rows_of:
                        out.write_row(row)
        self.known = max(self.known, upto)

    def bring(self, first: int, count: int) -> tuple[_Taken, _Taken]:
        """One batch from its file to certificates: what the check and the entry took."""
        from datetime import timedelta

        from ronghe.mechanisms.casework import services as casework
        from ronghe.registry import services
        from ronghe.registry.models import SurveyBatch
        from ronghe.registry.rules.kinds import UnitKind

        self.people(first + count)
        content = _package(first, _parcels(first, count), self.villages)
        told = services.SurveyTold(SEAT, UnitKind.HOMESTEAD, "演示测绘队", date(2026, 1, 1))
        given = services.SurveyGiven(content, "survey.gpkg")
        batch = services.take_survey(
            told=told, given=given, stated=services.SurveyStatement(), actor=self.window.actor, at=self.now
        )
        check = _worked(batch.job_id)
        batch.refresh_from_db()
        assert batch.state == SurveyBatch.State.READY, (batch.state, batch.attempts.get().groups)
        early = self.now - timedelta(days=90)
        case = services.submit_survey(batch_id=batch.pk, actor=self.window.actor, at=early)
        casework.act(case_id=case.pk, action="approve", seen=None, actor=self.reviewer.actor, at=early)
        casework.end_due_notices(at=self.now)
        casework.act(case_id=case.pk, action="enter", seen=None, actor=self.registrar.actor, at=self.now)
        batch.refresh_from_db()
        entry = _worked(batch.job_id)
        batch.refresh_from_db()
        assert batch.state == SurveyBatch.State.ENTERED, batch.job.failure
        return check, entry


def _copied(count: int) -> float:
    """Seconds of COPY of as many rows with the same outlines, areas and names, without any check."""
    import psycopg
    import shapely

    from ronghe.registry.models import SurveyedParcel

    rows = SurveyedParcel.objects.order_by("pk").values_list(
        "number", "code", "division", "geometry", "box", "drawn_m2", "location"
    )[:count]
    laid = [
        (number, code, village, shapely.to_wkb(shape), f"({box.west},{box.south}),({box.east},{box.north})", area, 1, place)
        for number, code, village, shape, box, area, place in rows.iterator()
    ]  # fmt: skip
    from urllib.parse import urlsplit, urlunsplit

    from django.db import connection

    told = urlsplit(os.environ["DATABASE_OWNER_URL"])
    address = urlunsplit(told._replace(path=f"/{connection.settings_dict['NAME']}"))
    with psycopg.connect(address) as owner:
        owner.execute(f"CREATE TABLE {PEER}")
        start = time.perf_counter()
        with owner.cursor() as cursor, cursor.copy("COPY peer FROM STDIN") as out:
            for row in laid:
                out.write_row(row)
        owner.commit()
        taken = time.perf_counter() - start
        owner.execute("DROP TABLE peer")
    return taken


def _joined(shapes: Any) -> float:
    """Seconds of looking for overlaps alone with geopandas."""
    import geopandas

    frame = geopandas.GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs=4490)
    return _seconds(lambda: frame.sjoin(frame, predicate="overlaps"))


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside what) for RESULTS.md."""
    wanted = os.environ.get("RONGHE_BENCH_PARCELS", "")
    sizes = [int(one) for one in wanted.split(",") if one] or list(SIZES)
    with world():
        race, first, found = _Race(sum(sizes)), 0, []
        for size in sizes:
            checking, entering, begun = _Taken(), _Taken(), first
            while first < begun + size:
                part = min(MOST_OF_A_FILE, begun + size - first)
                one, other = race.bring(first, part)
                checking.add(one)
                entering.add(other)
                first += part
            check, entry = checking.seconds, entering.seconds
            print(f"  {size:,} parcels: {checking} {entering}", file=sys.stderr)
            whole = min(size, MOST_OF_A_FILE)
            scale = size / whole
            copied, joined = _copied(whole) * scale, _joined(_parcels(begun, whole)) * scale
            found.append(
                (
                    f"import of {size:,} parcels with all checks, rights and certificates, beside {begun:,} in the register",
                    f"{size / (check + entry):,.0f} parcels/s (check {check:.1f} s, entry {entry:.1f} s); "
                    f"worker at most {checking.peak:,.0f} MB in the check, {entering.peak:,.0f} MB in the entry "
                    f"(idle {checking.idle:,.0f} MB)",
                    f"{(check + entry) / copied:.1f} × COPY of the rows ({copied:.1f} s); "
                    f"{(check + entry) / joined:.1f} × geopandas sjoin for overlaps alone ({joined:.1f} s)",
                )
            )
        return found


def _seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start
