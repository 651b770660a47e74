"""核对后的图形: the outlines of a survey on the disk, with what chunks are chosen by in memory."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ronghe.kernel.spatial.checking import Outlines
from ronghe.kernel.spatial.reading.pieces import Pieces, as_pieces, as_shapes

Shapes = NDArray[np.object_]
Numbers = NDArray[np.intp]


class KeptOutlines:
    """Outlines after the check, by number from 0: valid shapes in CGCS2000, ``None`` where a fault left none."""

    def __init__(self, checked: Iterable[Outlines]) -> None:
        self._shapes, self._given = Pieces(), Pieces()
        areas, bounds, skipped = [np.zeros(0)], [np.zeros((0, 4))], [np.zeros(0, dtype=bool)]
        for block in checked:
            self._shapes.add(as_pieces(block.shapes))
            # What was not mended is kept once.
            given = block.given.copy()
            given[[one is other for one, other in zip(given, block.shapes, strict=True)]] = None
            self._given.add(as_pieces(given))
            areas.append(block.areas_m2)
            bounds.append(shapely.bounds(block.shapes))
            skipped.append(block.skipped)
        self.areas_m2, self.bounds = np.concatenate(areas), np.concatenate(bounds)
        self.skipped = np.concatenate(skipped)

    def take(self, numbers: Numbers) -> Shapes:
        """Some of the shapes."""
        return as_shapes(self._shapes.take(numbers.tolist()))

    def given(self, number: int) -> Any:
        """A shape as it was given, in CGCS2000."""
        return as_shapes([self._given[number] or self._shapes[number]])[0]
