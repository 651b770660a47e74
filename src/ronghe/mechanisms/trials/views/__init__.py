"""Pages of trials."""

from .making import demo_table, new_trial, template
from .results import cancel, progress, row, rows, rows_csv, trial, trials

__all__ = [
    "cancel",
    "demo_table",
    "new_trial",
    "progress",
    "row",
    "rows",
    "rows_csv",
    "template",
    "trial",
    "trials",
]
