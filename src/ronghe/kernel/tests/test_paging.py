"""Cursor paging walks every row once, forwards and back, also where values are equal or empty."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.kernel.paging import BadCursor, page
from ronghe.kernel.regions.models import Division, FormerName

pytestmark = pytest.mark.django_db


@pytest.fixture
def names() -> None:
    top = Division.objects.create(code="370000000000", name="山东省", level="province")
    FormerName.objects.bulk_create(
        FormerName(
            division=top, name=f"旧名{i % 3}", code=str(i), until=None if i % 4 else f"20{i:02}-01-01", source="演示"
        )
        for i in range(23)
    )


@pytest.mark.parametrize(
    "order", [("pk",), ("-pk",), ("name", "pk"), ("-name", "-pk"), ("until", "pk"), ("-until", "pk")]
)
@pytest.mark.parametrize("size", [1, 5, 23, 50])
@pytest.mark.usefixtures("names")
def test_walking_forwards_and_back_meets_every_row_once(order: tuple[str, ...], size: int) -> None:
    rows = FormerName.objects.all()
    pages = [page(rows, order=order, size=size)]
    while pages[-1].next:
        pages.append(page(rows, order=order, size=size, cursor=pages[-1].next))
    forwards = [r.pk for p in pages for r in p.rows]
    assert sorted(forwards) == sorted(rows.values_list("pk", flat=True))

    current, backwards = pages[-1], [[r.pk for r in pages[-1].rows]]
    while current.previous:
        current = page(rows, order=order, size=size, cursor=current.previous)
        backwards.insert(0, [r.pk for r in current.rows])
    assert [pk for rows_ in backwards for pk in rows_] == forwards


@pytest.mark.usefixtures("names")
def test_a_row_added_before_the_cursor_moves_nothing() -> None:
    rows = FormerName.objects.all()
    first = page(rows, order=("-pk",), size=5)
    FormerName.objects.create(division_id="370000000000", name="后来", code="后来", source="演示")
    second = page(rows, order=("-pk",), size=5, cursor=first.next)
    assert second.rows[0].pk == first.rows[-1].pk - 1


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=50)
def test_a_foreign_cursor_is_refused_with_a_named_error(cursor: str) -> None:
    with pytest.raises(BadCursor, match="第一页"):
        page(FormerName.objects.all(), order=("name", "pk"), cursor=cursor)
