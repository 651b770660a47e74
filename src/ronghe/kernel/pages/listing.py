"""The list archetype: a declaration of columns and filters that becomes a page, a page fragment or a workbook."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote, urlencode

from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from ronghe.kernel.errors import Invalid
from ronghe.kernel.paging import Page, page

from .workbook import workbook

Row = TypeVar("Row", bound=Model)

#: Beyond this a count costs more than it tells: the page says "10,000+".
COUNT_CAP = 10_000
#: The most rows that one workbook takes.
EXPORT_CAP = 100_000


class ExportTooLarge(Invalid):
    """A workbook of more rows than a spreadsheet program opens with pleasure."""

    code = "ronghe.export_too_large"
    message = "筛选结果超过 {cap} 行，无法一次导出。请先用筛选条件缩小范围。"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a filter."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Filter:
    """筛选条件: one way to narrow a list; its value stands in the address."""

    name: str
    label: str
    kind: Literal["text", "choice", "date"] = "choice"
    options: Sequence[Option] = ()
    empty: str = "全部"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """列: one fact of each row. ``order`` are the field paths that sorting by it uses; ``template`` draws what text
    cannot say; ``value`` is what a workbook gets."""

    key: str
    label: str
    value: Callable[[Row], object]
    order: tuple[str, ...] = ()
    kind: Literal["text", "number", "date", "code"] = "text"
    link: Callable[[Row], str] | None = None
    template: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the template draws it."""

    column: Column[Any]
    value: object
    href: str | None
    row: object


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that narrows the list now, and the address without it."""

    label: str
    shown: str
    href: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of a list: filter values, sorting, place, form of the answer; and what was not understood."""

    values: Mapping[str, Any]
    sort: str
    cursor: str | None
    as_workbook: bool
    faults: Mapping[str, str]

    def text(self, name: str) -> str:
        """The value of a text or choice filter, empty when it is not set."""
        return str(self.values.get(name) or "")

    def number(self, name: str) -> int | None:
        """The value of a choice filter whose options are numbers."""
        value = self.values.get(name)
        return int(value) if value else None

    def day(self, name: str) -> date | None:
        """The value of a date filter."""
        found = self.values.get(name)
        return found if isinstance(found, date) else None


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """列表: what a list page shows and how it may be narrowed and sorted."""

    title: str
    columns: Sequence[Column[Row]]
    filters: Sequence[Filter] = ()
    order: tuple[str, ...] = ("pk",)
    empty: str = "没有符合条件的记录。"
    empty_next: str = "请放宽筛选条件。"
    size: int = 50
    row_link: Callable[[Row], str] | None = None
    _by_key: dict[str, Column[Row]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {c.key: c for c in self.columns})

    def asked(self, given: QueryDict) -> Asked:
        """Read the address; what does not fit is named and left out, so that a mistyped filter never breaks a page."""
        values: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for one in self.filters:
            raw = given.get(one.name, "").replace("\x00", "").strip()[:100]
            if not raw:
                continue
            if one.kind == "date":
                try:
                    values[one.name] = date.fromisoformat(raw)
                except ValueError:
                    faults[one.name] = f"“{raw}”不是日期，请写成 2026-11-22 的样子"
                else:
                    if not 1900 <= values[one.name].year < 2200:
                        del values[one.name]
                        faults[one.name] = f"“{raw}”不在 1900 年至 2199 年之间"
            elif one.kind == "choice" and raw not in {o.value for o in one.options}:
                faults[one.name] = f"没有“{raw}”这个选项"
            else:
                values[one.name] = raw
        sort = given.get("sort", "")
        if sort.lstrip("-") not in {c.key for c in self.columns if c.order}:
            sort = ""
        return Asked(values, sort, given.get("cursor") or None, given.get("export") == "xlsx", faults)

    def respond(
        self,
        request: HttpRequest,
        asked: Asked,
        rows: QuerySet[Row],
        *,
        template: str = "portal/list.html",
        partial: str = "portal/_list.html",
        context: Mapping[str, Any] | None = None,
    ) -> HttpResponse:
        """The whole page, or only the list (``partial``) when htmx asks, or the workbook.

        Raises: BadCursor, ExportTooLarge.
        """
        order = self._order(asked.sort)
        if asked.as_workbook:
            return self._workbook(rows.order_by(*(_nulls_last(name) for name in order)))
        found: Page[Row] = page(rows, order=order, cursor=asked.cursor, size=self.size)
        total = rows.order_by()[: COUNT_CAP + 1].count() if found.next or found.previous else len(found.rows)
        only_list = wants_partial(request)
        shown = {
            **(context or {}),
            **self.narrowing(request, asked),
            "rows": [self._cells(row) for row in found.rows],
            "heads": list(self._heads(request, asked.sort)),
            "total": min(total, COUNT_CAP),
            "capped": total > COUNT_CAP,
            "next": found.next and _address(request, cursor=found.next),
            "previous": found.previous and _address(request, cursor=found.previous),
            "export": _address(request, cursor=None, export="xlsx"),
        }
        return self.answer(request, partial if only_list else template, shown)

    def narrowing(self, request: HttpRequest, asked: Asked) -> dict[str, Any]:
        """What the filters of a page need, for pages that show the same rows in another form than a list."""
        return {
            "listing": self,
            "asked": asked,
            "narrowed": bool(asked.values),
            "chips": list(self._chips(request, asked)),
            "everything": request.path,
            "as_query": _address(request, cursor=None, export=None).partition("?")[2],
            "chosen": [(f, self._shown(f, asked.values.get(f.name)), asked.faults.get(f.name)) for f in self.filters],
        }

    @staticmethod
    def answer(request: HttpRequest, template: str, shown: Mapping[str, Any]) -> HttpResponse:
        """A page, or the part of it that htmx asks for, with the address that stands for it."""
        response = render(request, template, shown)
        patch_vary_headers(response, ["HX-Request", "HX-Request-Type"])
        if wants_partial(request):
            # Without the fields that the form sends empty.
            response["HX-Push-Url"] = _address(request)
        return response

    def _order(self, sort: str) -> tuple[str, ...]:
        if not sort:
            return self.order
        column = self._by_key[sort.lstrip("-")]
        flip = "-" if sort.startswith("-") else ""
        return (*(f"{flip}{name}" for name in column.order), f"{flip}pk")

    def _chips(self, request: HttpRequest, asked: Asked) -> Iterator[Chip]:
        for one in self.filters:
            if one.name in asked.values:
                shown = self._shown(one, asked.values[one.name])
                label = next((o.label for o in one.options if o.value == shown), shown)
                yield Chip(one.label, label, _address(request, cursor=None, **{one.name: None}))

    def _heads(self, request: HttpRequest, sort: str) -> Iterator[tuple[Column[Row], str | None, str]]:
        for column in self.columns:
            if not column.order:
                yield column, None, "none"
                continue
            state = {column.key: "ascending", f"-{column.key}": "descending"}.get(sort, "none")
            wanted = f"-{column.key}" if state == "ascending" else column.key
            yield column, _address(request, sort=wanted, cursor=None), state

    def _cells(self, row: Row) -> tuple[Row, str | None, list[Cell]]:
        cells = [Cell(c, c.value(row), c.link(row) if c.link else None, row) for c in self.columns]
        return row, self.row_link(row) if self.row_link else None, cells

    @staticmethod
    def _shown(one: Filter, value: Any) -> str:
        return value.isoformat() if isinstance(value, date) else str(value or "")

    def _workbook(self, rows: QuerySet[Row]) -> HttpResponse:
        listed = list(rows[: EXPORT_CAP + 1])
        if len(listed) > EXPORT_CAP:
            raise ExportTooLarge(cap=f"{EXPORT_CAP:,}")
        return workbook_response(
            self.title, [c.label for c in self.columns], ([c.value(row) for c in self.columns] for row in listed)
        )


def workbook_response(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A table as a workbook to keep."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(workbook(title, head, rows), content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.xlsx"
    return response


def _nulls_last(name: str) -> OrderBy:
    """As the pages order: rows without a value come last, whichever way."""
    field = F(name.lstrip("-"))
    return field.desc(nulls_last=True) if name.startswith("-") else field.asc(nulls_last=True)


def _address(request: HttpRequest, **changes: str | None) -> str:
    """The present address with some parameters changed, ``None`` taken out."""
    given = {k: v for k, v in request.GET.items() if v and k not in changes}
    given.update({k: v for k, v in changes.items() if v is not None})
    return f"{request.path}?{urlencode(given)}" if given else request.path


def wants_partial(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page, and not for the whole of it to restore its history."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Request-Type") != "full"
        and headers.get("HX-History-Restore-Request") != "true"
    )
