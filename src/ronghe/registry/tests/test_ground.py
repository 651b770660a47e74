"""How parcels of one file lie among themselves: the same is found whatever parts the file is looked at in."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ronghe.kernel.spatial.checking import Block, check_blocks

from ..surveying.findings import Findings
from ..surveying.ground import find_overlaps, in_chunks
from ..surveying.outlines import KeptOutlines

WEST, SOUTH, SIDE = 117.8, 37.1, 0.001


def outlines(*corners: tuple[float, float] | None) -> KeptOutlines:
    """Squares of one side by their south-western corners, in sides."""
    shapes = np.empty(len(corners), dtype=object)
    for n, corner in enumerate(corners):
        if corner is not None:
            x, y = WEST + corner[0] * SIDE, SOUTH + corner[1] * SIDE
            shapes[n] = shapely.box(x, y, x + SIDE, y + SIDE)
    nothing = np.zeros(len(shapes), dtype=bool)
    return KeptOutlines(check_blocks([Block(shapes, nothing, nothing)], way=lambda points: points))


def overlapping(kept: KeptOutlines, *, size: int) -> list[tuple[int, str]]:
    findings = Findings()
    find_overlaps(kept, findings, lambda note, share: None, size=size)
    return sorted((one.number, one.text) for one in findings.kept)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_both_of_a_pair_are_told_of_the_other(size):
    found = overlapping(outlines((0, 0), (5, 5), (0.5, 0), None, (1.2, 0)), size=size)
    pairs = {(number, text.split(" ")[1]) for number, text in found}
    assert (pairs, len(found)) == ({(1, "3"), (3, "1"), (3, "5"), (5, "3")}, 4)


@pytest.mark.parametrize("size", [1, 100])
@pytest.mark.parametrize("corners", [(), ((0, 0),), ((0, 0), (1, 0), (0, 1)), (None, None)])
def test_neighbours_that_touch_do_not_overlap(size, corners):
    assert overlapping(outlines(*corners), size=size) == []


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40), st.integers(1, 40))
def test_parts_change_nothing_of_what_is_found(places, size):
    kept = outlines(*((x / 4, y / 4) for x, y in places))
    assert overlapping(kept, size=size) == overlapping(kept, size=100)


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=40), st.integers(1, 7))
def test_every_parcel_is_in_one_chunk(places, size):
    chunks = list(in_chunks(outlines(*((float(x), float(y)) for x, y in places)).bounds, size))
    assert sorted(n for chunk in chunks for n in chunk.tolist()) == list(range(len(places)))
    assert all(len(chunk) <= size for chunk in chunks)
