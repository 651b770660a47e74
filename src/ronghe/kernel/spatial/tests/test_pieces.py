"""Pieces on the disk come back as they were given, by number, whoever wrote them."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ronghe.kernel.spatial.reading.pieces import Pieces, as_pieces, as_shapes, lay_down

GIVEN = st.lists(st.lists(st.binary(max_size=20), max_size=6), max_size=5)


@given(GIVEN)
def test_what_is_added_comes_back(parts):
    kept = Pieces()
    for part in parts:
        kept.add(part)
    whole = [piece for part in parts for piece in part]
    assert len(kept) == len(whole)
    assert kept.size == sum(map(len, whole))
    assert kept.take(range(len(whole))) == whole
    assert kept.take(reversed(range(len(whole)))) == whole[::-1]


@given(GIVEN)
def test_what_another_process_laid_down_comes_back_when_its_files_are_gone(tmp_path_factory, parts):
    folder, end = tmp_path_factory.mktemp("pieces"), 0
    for part in [*parts, []]:
        end = lay_down(folder, "rows", part, end=end)
    kept = Pieces.of(folder, "rows")
    for file in folder.iterdir():
        file.unlink()
    whole = [piece for part in parts for piece in part]
    assert (end, kept.take(range(len(kept)))) == (kept.size, whole)


@pytest.mark.parametrize("number", [-1, 1])
def test_a_number_that_is_not_there_is_refused(number):
    kept = Pieces()
    kept.add([b"one"])
    with pytest.raises(IndexError):
        kept[number]


def test_an_outline_that_is_not_there_stays_away():
    shapes = np.array([shapely.box(0, 0, 1, 1), None, shapely.Point(2, 3)], dtype=object)
    assert as_shapes(as_pieces(shapes)).tolist() == shapes.tolist()
