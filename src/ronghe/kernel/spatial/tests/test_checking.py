"""The check of outlines: what it says of a file does not depend on the blocks in which it is looked at."""

import numpy as np
import pytest
import shapely

from ronghe.kernel.spatial import checking

SIDE, WEST, SOUTH = 0.001, 117.8, 37.1
FAULTS = ("", "crossing", "empty", "unclosed", "abroad", "")


def outline(n: int) -> shapely.Geometry | None:
    x, y = WEST + n * SIDE, SOUTH
    match FAULTS[n % len(FAULTS)]:
        case "crossing":
            return shapely.Polygon([(x, y), (x + SIDE, y + SIDE), (x + SIDE, y), (x, y + SIDE * 0.8)])
        case "empty":
            return None
        case "abroad":
            return shapely.box(10, 10, 11, 11)
    return shapely.box(x, y, x + SIDE, y + SIDE)


def checked(count: int, size: int) -> checking.Outlines:
    given = np.array([outline(n) for n in range(count)], dtype=object)
    unclosed = np.array([FAULTS[n % len(FAULTS)] == "unclosed" for n in range(count)], dtype=bool)
    broken = np.zeros(count, dtype=bool)
    parts = [slice(start, start + size) for start in range(0, count, size)]
    blocks = [checking.Block(given[part], broken[part], unclosed[part]) for part in parts]
    return checking.check_outlines(blocks, way=lambda points: points)


@pytest.mark.parametrize("count", [0, 1, 7, 24])
@pytest.mark.parametrize("size", [1, 5, 7])
def test_blocks_change_nothing_of_what_is_found(count, size):
    whole, parts = checked(count, 100), checked(count, size)
    assert list(parts.remarks) == list(whole.remarks)
    assert list(parts.mended) == list(whole.mended)
    assert parts.areas_m2.tolist() == whole.areas_m2.tolist()
    assert parts.skipped.tolist() == whole.skipped.tolist()
    for one, other in ((parts.shapes, whole.shapes), (parts.given, whole.given)):
        assert shapely.to_wkt(one).tolist() == shapely.to_wkt(other).tolist()


def test_each_fault_is_told_of_its_own_feature():
    told = {(remark.number, remark.kind) for remark in checked(6, 4).remarks}
    assert told == {(2, "crossing"), (3, "empty"), (4, "unclosed"), (5, "outside_china")}
