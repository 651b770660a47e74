"""Cursor paging: pages that stay stable while rows come and go, and cost the same on page 1 and page 1,000."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from math import isfinite
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, FieldError, ValidationError
from django.db.models import Model, Q, QuerySet

from .errors import Invalid

Row = TypeVar("Row", bound=Model)


class BadCursor(Invalid):
    """A cursor that this list did not give out."""

    code = "ronghe.bad_cursor"
    message = "翻页标记“{cursor}”无效：它可能被截断，或来自另一种排序。请从第一页重新打开列表。"


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of rows, and the cursors of its neighbours (``None`` at the ends)."""

    rows: list[Row]
    next: str | None
    previous: str | None


def page(rows: QuerySet[Row], *, order: Sequence[str], cursor: str | None = None, size: int = 50) -> Page[Row]:
    """The page that begins after ``cursor``.

    Args: ``order`` are field paths, ``-`` for descending; the last one must be unique (``pk``). Rows whose value is
    empty (NULL) stand last. Raises: BadCursor.
    """
    backwards, after = _decode(cursor, len(order)) if cursor else (False, None)
    terms = [_Term.of(name, flip=backwards, may_be_empty=_may_be_empty(rows.model, name)) for name in order]
    selected = rows.order_by(*(term.expression() for term in terms))
    if after is not None:
        try:
            selected = selected.filter(_beyond(terms, after))
            found = list(selected[: size + 1])
        except (FieldError, ValidationError, ValueError, TypeError) as error:
            raise BadCursor(cursor=(cursor or "")[:40]) from error
    else:
        found = list(selected[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    first, last = (found[0], found[-1]) if found else (None, None)
    return Page(
        rows=found,
        next=_encode(False, terms, last) if last is not None and (more or backwards) else None,
        previous=_encode(True, terms, first)
        if first is not None and ((cursor and not backwards) or (backwards and more))
        else None,
    )


@dataclass(frozen=True, slots=True)
class _Term:
    field: str
    descending: bool
    nulls_first: bool
    may_be_empty: bool = True

    @classmethod
    def of(cls, name: str, *, flip: bool, may_be_empty: bool = True) -> "_Term":
        return cls(name.lstrip("-"), name.startswith("-") != flip, flip, may_be_empty)

    def expression(self) -> Any:
        from django.db.models import F

        f = F(self.field)
        if not self.may_be_empty:
            # Where nothing is empty, to say where it stands would keep the database from walking along an index.
            return f.desc() if self.descending else f.asc()
        nulls = {"nulls_first": True} if self.nulls_first else {"nulls_last": True}
        return f.desc(**nulls) if self.descending else f.asc(**nulls)

    def beyond(self, value: Any) -> Q:
        if value is None:
            return Q(**{f"{self.field}__isnull": False}) if self.nulls_first else Q(pk__in=[])
        later = Q(**{f"{self.field}__{'lt' if self.descending else 'gt'}": value})
        return later if self.nulls_first or not self.may_be_empty else later | Q(**{f"{self.field}__isnull": True})

    def equal(self, value: Any) -> Q:
        return Q(**{f"{self.field}__isnull": True}) if value is None else Q(**{self.field: value})


def _may_be_empty(model: type[Model], name: str) -> bool:
    """Whether a path can lead to nothing; what is no column (an annotation) can."""
    path = name.lstrip("-").split("__")
    for place, part in enumerate(path):
        try:
            field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            return True
        if field is None or field.null:
            return True
        if place < len(path) - 1:
            if not field.is_relation or not isinstance(field.related_model, type):
                return True
            model = field.related_model
    return False


def _beyond(terms: Sequence[_Term], values: Sequence[Any]) -> Q:
    condition = Q(pk__in=[])
    same = Q()
    for term, value in zip(terms, values, strict=True):
        condition |= same & term.beyond(value)
        same &= term.equal(value)
    return condition


def _encode(backwards: bool, terms: Sequence[_Term], row: Model) -> str:
    values = []
    for term in terms:
        value: Any = row
        for part in term.field.split("__"):
            value = None if value is None else getattr(value, part)
        values.append(value.isoformat() if isinstance(value, date | datetime | time) else value)
    text = json.dumps([int(backwards), *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, count: int) -> tuple[bool, list[Any]]:
    try:
        backwards, *values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise BadCursor(cursor=cursor[:40]) from error
    # Infinity is a number for JSON's parser, but for no column.
    simple = all(v is None or isinstance(v, str | int) or (isinstance(v, float) and isfinite(v)) for v in values)
    if backwards not in (0, 1) or len(values) != count or not simple or any("\x00" in str(v) for v in values):
        raise BadCursor(cursor=cursor[:40])
    return bool(backwards), values
