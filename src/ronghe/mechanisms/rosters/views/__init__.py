"""Pages of lists."""

from .imports import an_import, annotated, apply, imports, new_import, template
from .records import check_field, edit, end, index, move, new, record, records, roster_map, unmask

__all__ = [
    "an_import", "annotated", "apply", "check_field", "edit", "end", "imports", "index", "move", "new", "new_import",
    "record", "records", "roster_map", "template", "unmask",
]  # fmt: skip
