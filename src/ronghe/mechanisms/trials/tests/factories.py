"""Trials for tests: the agreement exception of Qingdao over small tables."""

import io
from datetime import UTC, date, datetime

from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.mechanisms.trials import services
from ronghe.mechanisms.trials.models import Trial
from ronghe.mechanisms.trials.running import run_trial
from ronghe.mechanisms.trials.table import ReadTable, read_table
from ronghe.policy import queries as policy
from ronghe.policy.rulebook import Rule, rule_named

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
DAY = date(2026, 11, 22)
CODE = "entry.agreement_exception"
AREA_MAX = "entry.agreement.area_max"

HEAD = "名称,宗地面积（亩）,属于零星地块,已经农村集体同意,已经批准机关批准\n"
#: Under 5 亩: passed, failed (area), failed (area), failed (no consent), undecidable (area unknown); under 8: 7.5 passes.
FIVE = HEAD + "甲,4.5,否,是,是\n乙,7.5,否,是,是\n丙,9,否,是,是\n丁,3,否,否,是\n戊,,否,是,是\n"


def rule() -> Rule:
    return rule_named(CODE)


def read(text: str | bytes, *, name: str = "宗地.csv", **given: object) -> ReadTable:
    content = text.encode() if isinstance(text, str) else text
    return read_table(io.BytesIO(content), name=name, rule=rule(), **given)  # type: ignore[arg-type]


def trial(text: str | bytes = FIVE, *, area_max: str = "8", zone: str = "qingdao", actor: Actor = SYSTEM) -> Trial:
    """A trial that waits to be started; ``area_max`` empty for one set of parameters alone."""
    return services.make_trial(
        rule=rule(),
        zone=policy.zone(zone, actor=SYSTEM),
        on=DAY,
        table=read(text),
        changes={AREA_MAX: [area_max]},
        actor=actor,
        at=NOON,
    )


def ran(text: str | bytes = FIVE, *, area_max: str = "8", **given: object) -> Trial:
    """A trial that has run to its end."""
    made = trial(text, area_max=area_max, **given)  # type: ignore[arg-type]
    run_trial(trial_id=made.pk, now=lambda: NOON)
    made.refresh_from_db()
    return made
