"""A trial over a million rows: rows per second beside the same arithmetic in plain Python, and memory that stays flat."""

import contextlib
import io
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from .timing import in_turns

CODE = "entry.agreement_exception"
AREA_MAX = "entry.agreement.area_max"
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
MANY, FEW = 1_000_000, 10_000
#: Rows of the race between the rule and plain arithmetic.
RACE = 50_000


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside what) for RESULTS.md."""
    from ronghe.site import testing

    session = testing.TestServer()
    try:
        session.make_ready()
        rule, plain, read = _race()
        few, many = (_in_a_process(count) for count in (FEW, MANY))
        both = many["rows"] / many["running"]
        return [
            (
                f"the rule {CODE} over {RACE:,} rows in memory, one set of parameters",
                f"{RACE / rule:,.0f} rows/s",
                f"{rule / plain:.1f} × `area <= limit or scattered) and consent and approval` with the same exact fractions, "
                f"without steps ({RACE / plain:,.0f} rows/s)".replace("`area", "`(area"),
            ),
            (
                f"unpacking {RACE:,} archived rows into facts",
                f"{RACE / read:,.0f} rows/s",
                f"{read / rule:.1f} × the rule itself",
            ),
            (
                f"a trial of {MANY:,} rows under two sets of parameters, results kept",
                f"{many['running']:.0f} s, {both:,.0f} rows/s",
                f"{many['running'] / MANY / (plain / RACE) / 2:.0f} × plain arithmetic twice, without archive and results",
            ),
            (
                f"reading and checking the same table ({many['bytes'] / 1e6:.0f} MB of CSV)",
                f"{many['reading']:.0f} s",
                f"{many['reading'] / many['splitting']:.1f} × only splitting it into cells (csv, {many['splitting']:.1f} s)",
            ),
            (
                f"peak memory while {MANY:,} rows run",
                f"{many['peak'] / 1e6:.0f} MB",
                f"{many['peak'] / few['peak']:.2f} × while {FEW:,} rows run ({few['peak'] / 1e6:.0f} MB)",
            ),
            (
                f"archived rows of {MANY:,} parcels",
                f"{many['archived'] / 1e6:.1f} MB",
                f"{many['archived'] / many['bytes']:.2f} × the CSV",
            ),
        ]
    finally:
        session.close()
        os.environ.pop("RONGHE_TEST_TEMPLATE", None)


def table(count: int) -> Iterator[str]:
    """Synthetic parcels as lines of CSV."""
    yield "名称,宗地面积（亩）,属于零星地块,已经农村集体同意,已经批准机关批准\n"
    for number in range(count):
        area = f"{number * 7919 % 2000 / 100}"
        scattered, consent = "是" if number % 13 == 0 else "否", "否" if number % 17 == 0 else "是"
        yield f"合成宗地{number:07},{area},{scattered},{consent},是\n"


def _race() -> tuple[float, float, float]:
    """Seconds of the rule, of plain arithmetic, and of reading the archive, over the same rows."""
    import django

    django.setup()
    from ronghe.mechanisms.trials import archive
    from ronghe.mechanisms.trials.evaluation import evaluate
    from ronghe.mechanisms.trials.table import read_table
    from ronghe.policy.rulebook import Given, InForce, rule_named
    from ronghe.policy.ruling import Clause
    from ronghe.policy.values import Kind

    rule = rule_named(CODE)
    read = read_table(io.BytesIO("".join(table(RACE)).encode()), name="x.csv", rule=rule)
    reader = archive.facts_reader(rule, read.columns)

    def unpack() -> list[tuple[int, Any]]:
        return [(row.line, reader(row.facts)) for chunk in read.chunks for row in archive.unpacked(chunk.content)]

    facts = unpack()
    cite = (Clause("qingdao-2020", "三(二)3"),)
    values: dict[str, tuple[Kind, Any]] = {
        AREA_MAX: (Kind.NUMBER, Fraction(5)),
        "entry.agreement.scattered": (Kind.BOOLEAN, True),
        "entry.agreement.collective_consent": (Kind.BOOLEAN, True),
        "entry.agreement.approval": (Kind.TEXT, "区市政府"),
    }
    given = Given(InForce(i, i, kind, value, status="set", cite=cite) for i, (kind, value) in values.items())
    limit = Fraction(5)

    def steps() -> int:
        return sum(found.a.verdict == "passed" for _, found in evaluate(rule, facts, given, None))

    def arithmetic() -> int:
        passed = 0
        for _, one in facts:
            if (one.area_mu <= limit or one.is_scattered) and one.has_collective_consent and one.has_approval:
                passed += 1
        return passed

    assert steps() == arithmetic()
    jobs: list[Callable[[], object]] = [steps, arithmetic, unpack]
    rule_times, plain_times, read_times = in_turns(5, *jobs)
    return rule_times.median, plain_times.median, read_times.median


def _in_a_process(count: int) -> dict[str, Any]:
    """One trial in a process of its own, so that its peak of memory is its own."""
    from ronghe.site import testing

    name = testing.new_name(f"trials_{count}")
    testing.clone(name)
    try:
        environment = os.environ | {
            "DATABASE_URL": testing.with_database(os.environ["DATABASE_URL"], name),
            "DATABASE_OWNER_URL": testing.with_database(os.environ["DATABASE_OWNER_URL"], name),
        }
        told: dict[str, Any] = {}
        # Reading has a memory of its own: the run begins in a process that has only the archived table.
        for part in ("prepare", "run"):
            done = subprocess.run(
                [sys.executable, "-m", "bench.trials", part, str(count)],
                env=environment, stdout=subprocess.PIPE, text=True, check=True,
            )  # fmt: skip
            told |= json.loads(done.stdout.splitlines()[-1])
        return told
    finally:
        testing.drop(name)


def _prepare(count: int) -> dict[str, Any]:
    import csv

    from ronghe.kernel.actors import SYSTEM
    from ronghe.mechanisms.trials import services
    from ronghe.mechanisms.trials.table import read_table
    from ronghe.policy import queries as policy
    from ronghe.policy.packs import ZONES, read_pack
    from ronghe.policy.rulebook import rule_named
    from ronghe.policy.services import load_pack

    for slug in ("national", "qingdao"):
        load_pack(read_pack(ZONES / slug), actor=SYSTEM, at=NOON)
    rule = rule_named(CODE)
    content = "".join(table(count)).encode()
    start = time.perf_counter()
    for _ in csv.reader(io.StringIO(content.decode())):
        pass
    split = time.perf_counter()
    read = read_table(io.BytesIO(content), name="合成.csv", rule=rule)
    reading = time.perf_counter() - split
    services.make_trial(
        rule=rule,
        zone=policy.zone("qingdao", actor=SYSTEM),
        on=date(2026, 11, 22),
        table=read,
        changes={AREA_MAX: ["8"]},
        actor=SYSTEM,
        at=NOON,
    )
    archived = sum(len(chunk.content) for chunk in read.chunks)
    return {"reading": reading, "splitting": split - start, "bytes": len(content), "archived": archived}


def _run(count: int) -> dict[str, Any]:
    from ronghe.mechanisms.trials.models import Trial
    from ronghe.mechanisms.trials.running import run_trial

    trial = Trial.objects.get()
    start = time.perf_counter()
    run_trial(trial_id=trial.pk, now=lambda: NOON)
    running = time.perf_counter() - start
    trial.refresh_from_db()
    assert (trial.state, trial.done_count) == ("done", count), trial.failure
    return {"running": running, "rows": count, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


if __name__ == "__main__":
    import django

    django.setup()
    with contextlib.redirect_stdout(sys.stderr):
        found = {"prepare": _prepare, "run": _run}[sys.argv[1]](int(sys.argv[2]))
    print(json.dumps(found))
