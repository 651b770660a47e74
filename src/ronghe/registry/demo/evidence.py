"""Photos and papers of the surveys of the demonstration: drawn, and marked 演示 in the picture itself."""

import struct
import zlib
from random import Random

import numpy as np
import shapely
from numpy.typing import NDArray

from ronghe.kernel.actors import Actor

from ..models import SurveyBatch, SurveyedParcel
from ..rules.evidence import EvidenceKind
from ..services import evidence as services
from .choosing import SEED
from .office import Desk

#: As many parcels of a batch have a photo; every third of them has the paper that its right rests on too.
WITH_PHOTO = 7
WIDTH, HEIGHT = 320, 240
#: 演示, row by row, forty dots each.
_MARK = (
    *(0x10000000, 0x7018000000, 0x1BFFE1FFFC, 0x3FFE0FFFC, 0x200600000, 0x3FFE00000, 0x1FF800000, 0xE01803FFFF),
    *(0x31FFC3FFFF, 0x3FFC00300, 0x318C00300, 0x318C06318, 0x1BFFC0C318, 0x1B18C0C30C, 0x1318C18306, 0x33FFC38306),
    *(0x3042030303, 0x61C3860303, 0x6780E01F00, 0x600601E00),
)
_DOTS, _DOT = 40, 2
#: So far to the east of its parcel one photo says that it was taken, in degrees (about 300 m).
_ASTRAY = 0.0034


def make_evidence(desk: Desk, batch: SurveyBatch, by: Actor, *, days_ago: int) -> None:
    """Give some parcels of a batch their photo, some their paper; one photo says that it was taken elsewhere."""
    at = desk.at(days_ago, 11)
    rows = SurveyedParcel.objects.filter(batch=batch).exclude(geometry=None).order_by("number")[:WITH_PHOTO]
    for n, row in enumerate(rows):
        spot = shapely.point_on_surface(row.geometry)
        place = (spot.x + (_ASTRAY if n == WITH_PHOTO - 1 else 0), spot.y)
        content = photo(f"{SEED}:{batch.pk}:{row.number}", place)
        services.add_evidence(
            batch_id=batch.pk, number=row.number, kind=EvidenceKind.PHOTO, content=content,
            name=f"第{row.number}宗现场照片（演示）.png", actor=by, at=at,
        )  # fmt: skip
        if n % 3 == 0:
            services.add_evidence(
                batch_id=batch.pk, number=row.number, kind=EvidenceKind.SOURCE, content=desk.paper,
                name=f"第{row.number}宗用地批准材料（演示）.pdf", actor=by, at=at,
            )  # fmt: skip


def photo(seed: str, place: tuple[float, float]) -> bytes:
    """A drawn house under the sky as a PNG that tells where it was taken (longitude, latitude)."""
    rng = Random(seed)
    dots = np.zeros((HEIGHT, WIDTH, 3), dtype=np.uint8)
    dots[:150] = (196 + rng.randrange(20), 214 + rng.randrange(16), 232)
    dots[150:] = (150 + rng.randrange(40), 140 + rng.randrange(30), 104)
    left, width, top = 50 + rng.randrange(50), 130 + rng.randrange(50), 92 + rng.randrange(16)
    dots[top:190, left : left + width] = (214 + rng.randrange(24), 204 + rng.randrange(24), 188)
    for row in range(36):
        slope = (35 - row) * (width + 20) // 90
        dots[top - 36 + row, left - 10 + slope : left + width + 10 - slope] = (140 + rng.randrange(3), 76, 62)
    for window in range(3):
        x = left + 16 + window * (width - 32) // 3
        dots[top + 24 : top + 50, x : x + 22] = (92, 120, 142)
    _mark(dots)
    return _png(dots, place)


def _mark(dots: NDArray[np.uint8]) -> None:
    """The mark in the corner, dark on a pale ground."""
    dots[6 : 10 + len(_MARK) * _DOT, 6 : 10 + _DOTS * _DOT] = 245
    for y, line in enumerate(_MARK):
        for x in range(_DOTS):
            if line >> (_DOTS - 1 - x) & 1:
                dots[8 + y * _DOT : 8 + (y + 1) * _DOT, 8 + x * _DOT : 8 + (x + 1) * _DOT] = (150, 30, 30)


def _png(dots: NDArray[np.uint8], place: tuple[float, float]) -> bytes:
    height, width, _ = dots.shape
    rows = b"".join(b"\0" + dots[y].tobytes() for y in range(height))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"eXIf", exif(*place)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    framed = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def exif(longitude: float, latitude: float) -> bytes:
    """Exif that tells a place in the north-east of the world."""
    head = b"MM\0*" + struct.pack(">I", 8)
    first = struct.pack(">HHHIII", 1, 0x8825, 4, 1, 26, 0)
    gps_at, values_at = 26, 26 + 2 + 4 * 12 + 4
    assert len(head + first) == gps_at
    fields = struct.pack(">H", 4) + struct.pack(">HHI4s", 1, 2, 2, b"N\0") + struct.pack(">HHII", 2, 5, 3, values_at)
    fields += struct.pack(">HHI4s", 3, 2, 2, b"E\0") + struct.pack(">HHII", 4, 5, 3, values_at + 24)
    return head + first + fields + struct.pack(">I", 0) + _rationals(latitude) + _rationals(longitude)


def _rationals(degrees: float) -> bytes:
    """Degrees, minutes and seconds to a ten-thousandth."""
    left = round(degrees * 3600 * 10_000)
    whole, left = divmod(left, 3600 * 10_000)
    minutes, seconds = divmod(left, 60 * 10_000)
    return struct.pack(">6I", whole, 1, minutes, 1, seconds, 10_000)
