"""The list of files that were given to something, the same wherever files are checked whole and then applied."""

from collections.abc import Callable
from typing import Any

from ronghe.kernel import clock

from .listing import Column, Listing


def import_listing(
    title: str, *, address: Callable[[Any], str], counted: tuple[str, str], empty_next: str
) -> Listing[Any]:
    """A listing of imports: rows with ``file_name``, a state, ``counts``, ``user`` and ``made_at``.

    Args: ``counted`` is the count of what a file holds, and what its rows are called.
    """
    key, label = counted
    return Listing(
        title=title,
        columns=[
            Column("pk", "编号", lambda i: i.pk, order=("pk",), kind="code"),
            Column("file", "文件", lambda i: i.file_name, link=address, wide=True),
            Column("state", "状态", lambda i: i.get_state_display()),
            Column(key, label, lambda i: i.counts.get(key), kind="number"),
            Column("bad", "有错", lambda i: i.counts.get("bad"), kind="number"),
            Column("by", "经办人", lambda i: str(i.user or "")),
            Column("at", "日期", lambda i: clock.legal_day(i.made_at), order=("made_at",), kind="date"),
        ],
        order=("-pk",),
        empty="还没有导入",
        empty_next=empty_next,
        row_link=address,
    )
