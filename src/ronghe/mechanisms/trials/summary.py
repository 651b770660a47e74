"""The summary of a trial: how many rows came out how, who gains and who loses, and how the figures are spread."""

from typing import Any

from django.db import connection

from .models import Trial
from .rules import edges

#: How many bars a distribution has, about.
BARS = 12


def summarised(trial: Trial) -> dict[str, Any]:
    """What the rows that are there say together; two passes over them in the database, none in memory."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT verdict_a, verdict_b, change, count(*) FROM trials_trialrow WHERE trial_id = %s "
            "GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            [trial.pk],
        )
        groups = [list(row) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT min(number_a), max(number_a), avg(number_a), count(number_a), "
            "min(number_b), max(number_b), avg(number_b), count(number_b) FROM trials_trialrow WHERE trial_id = %s",
            [trial.pk],
        )
        told = cursor.fetchone()
    figures = {
        side: dict(zip(("least", "most", "mean", "count"), told[at : at + 4], strict=True))
        for side, at in (("a", 0), ("b", 4))
        if told[at + 3]
    }
    return {"groups": groups, "figures": figures, "bars": _bars(trial, figures) if figures else None}


def _bars(trial: Trial, figures: dict[str, dict[str, float]]) -> dict[str, Any]:
    """The spread of the figures over bars of one width, the same for both sides."""
    bounds = edges(min(f["least"] for f in figures.values()), max(f["most"] for f in figures.values()), BARS)
    counts: dict[str, list[int]] = {}
    for side in figures:
        counts[side] = [0] * (len(bounds) - 1)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT width_bucket(number_{side}, %s::float8[]), count(*) FROM trials_trialrow "
                f"WHERE trial_id = %s AND number_{side} IS NOT NULL GROUP BY 1",
                [bounds[1:-1], trial.pk],
            )
            for bucket, count in cursor.fetchall():
                counts[side][bucket] = count
    return {"bounds": bounds, "counts": counts}
