"""Byte strings in a file of their own, taken by number: what a large file holds without the memory holding it."""

import json
import os
import tempfile
import weakref
from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import numpy as np
import shapely
from numpy.typing import NDArray

#: Files that one process lays down for another: the strings one after another, and where each ends.
PIECES, ENDS = "{}.pieces", "{}.ends"


class Pieces:
    """Byte strings one after another on the disk; memory holds where each ends. They go when nobody holds them.

    A file without a name is used: it is nobody else's, and nothing of it outlives the process.
    """

    def __init__(self, file: IO[bytes] | None = None, ends: bytes = b"") -> None:
        self._file = file or tempfile.TemporaryFile(prefix="ronghe-pieces-")  # noqa: SIM115 - it lives as long as this does
        self._ends = array("q", [0])
        self._ends.frombytes(ends)
        weakref.finalize(self, self._file.close)

    @classmethod
    def of(cls, folder: Path, name: str) -> "Pieces":
        """What ``lay_down`` wrote, to be read alone; the files may be removed while it is in use."""
        return cls((folder / PIECES.format(name)).open("rb"), (folder / ENDS.format(name)).read_bytes())

    def __len__(self) -> int:
        return len(self._ends) - 1

    @property
    def size(self) -> int:
        """Bytes in all."""
        return self._ends[-1]

    def add(self, pieces: Iterable[bytes]) -> None:
        self._file.seek(self._ends[-1])
        end = self._ends[-1]
        for piece in pieces:
            self._file.write(piece)
            end += len(piece)
            self._ends.append(end)
        self._file.flush()

    def __getitem__(self, number: int) -> bytes:
        if not 0 <= number < len(self):
            raise IndexError(number)
        start = self._ends[number]
        return os.pread(self._file.fileno(), self._ends[number + 1] - start, start)

    def take(self, numbers: Iterable[int]) -> list[bytes]:
        return [self[number] for number in numbers]


def lay_down(folder: Path, name: str, pieces: Iterable[bytes], *, end: int) -> int:
    """Add byte strings to files for ``Pieces.of``; ``end`` is where the last call ended, 0 at first. Returns the new end."""
    ends = array("q")
    with (folder / PIECES.format(name)).open("ab") as out:
        for piece in pieces:
            out.write(piece)
            end += len(piece)
            ends.append(end)
    with (folder / ENDS.format(name)).open("ab") as out:
        ends.tofile(out)
    return end


def as_json(values: Any) -> bytes:
    """One row of values."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def as_pieces(shapes: NDArray[np.object_]) -> list[bytes]:
    """Outlines as WKB, empty where there is none."""
    return [b"" if one is None else one for one in shapely.to_wkb(shapes, byte_order=1)]


def as_shapes(pieces: Iterable[bytes]) -> NDArray[np.object_]:
    """The outlines of ``as_pieces``."""
    return np.asarray(shapely.from_wkb(as_objects(pieces)), dtype=object)


def as_objects(pieces: Iterable[bytes]) -> NDArray[np.object_]:
    """Byte strings as an array, ``None`` for an empty one."""
    listed = [piece or None for piece in pieces]
    made: NDArray[np.object_] = np.empty(len(listed), dtype=object)
    made[:] = listed
    return made
