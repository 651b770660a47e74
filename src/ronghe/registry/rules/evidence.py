"""调查佐证: what kinds there are, whose parcel a file is of by its name, which kinds are lacking, how far off a photo is."""

import re
import unicodedata
from collections.abc import Callable, Collection, Set
from enum import StrEnum

import shapely
from shapely.geometry.base import BaseGeometry

from ronghe.kernel.spatial.rules import CGCS2000_ELLIPSOID

#: Which kinds every parcel must have (a set of titles of kinds); no pack states it, a place may.
REQUIRED = "registration.survey.evidence_required"
#: How far outside of its parcel a photo may have been taken before a person is told, in metres.
FAR_M = "registration.survey.photo_far_m"
PARAMETERS = (REQUIRED, FAR_M)


class EvidenceKind(StrEnum):
    """佐证类别: what a file of a surveyed parcel shows."""

    PHOTO = "photo"
    SOURCE = "source"
    POINTING = "pointing"
    OTHER = "other"

    @property
    def title(self) -> str:  # type: ignore[override]
        return TITLES[self]


TITLES: dict[str, str] = {
    "photo": "照片",
    "source": "权属来源材料",
    "pointing": "指界和签章材料",
    "other": "其他材料",
}
BY_TITLE = {title: EvidenceKind(kind) for kind, title in TITLES.items()}
#: Words in the name of a file that say what it shows; asked in this order.
_WORDS: tuple[tuple[EvidenceKind, tuple[str, ...]], ...] = (
    (EvidenceKind.POINTING, ("指界", "签章", "签字", "调查表", "界址标示")),
    (EvidenceKind.SOURCE, ("权属", "来源", "批准", "合同", "协议", "证书", "土地证", "房产证", "裁判", "判决")),
)
#: The code of a parcel or plot (19 characters), and what makes it the code of a unit (9 more).
_CODE = re.compile(r"\d{12}[0-9A-Z]{7}(?:[A-Z]\d{8})?")
_NUMBER = re.compile(r"第?0*(\d{1,8})宗?")
_LONG_NUMBER = re.compile(r"0*(\d{1,8})")
#: What comes after the parcel in a name: 00012_1, 00012-2, 00012（全景）.
_TAIL = re.compile(r"[_\-‐-―(\[【,，、.]")
GROUND_LENGTH, SERIAL_LENGTH = 19, 5


def kind_by_name(name: str, *, is_picture: bool, documents_as: EvidenceKind) -> EvidenceKind:
    """What a file shows, by the words of its name; else a picture is a photo, and a document what it was said to be."""
    for kind, words in _WORDS:
        if any(word in name for word in words):
            return kind
    return EvidenceKind.PHOTO if is_picture else documents_as


def key_of(text: str) -> str:
    """The code or the number with which a name begins, without what follows it; empty where it begins with neither.

    A number keeps its noughts: five digits may be the end of a code too.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    code = _CODE.match(plain)
    if code is not None:
        return code[0]
    head = _TAIL.split(plain, maxsplit=1)[0]
    if not _NUMBER.fullmatch(head):
        return ""
    return head.removeprefix("第").removesuffix("宗")


def number_in(key: str) -> int | None:
    """The number of a parcel in its file that a key stands for; none of a code."""
    found = _LONG_NUMBER.fullmatch(key)
    return int(found[1]) if found and len(key) < GROUND_LENGTH else None


def keys_in(place: str) -> list[str]:
    """All that may name a parcel in the place of a file: of its folders and of its name."""
    *folders, file = place.split("/")
    found = [key_of(one) for one in (*folders, _stem(file))]
    return [key for key in dict.fromkeys(found) if key]


def parcels_named(place: str, find: Callable[[str], Set[int]]) -> frozenset[int]:
    """The parcels that the place of a file names: one, none, or, where folder and name disagree, several.

    The innermost folder that names a parcel counts; inside it a bare number is the number of the picture. Args: ``find``
    gives the parcels of a key.
    """
    *folders, file = place.split("/")
    own = key_of(_stem(file))
    for folder in reversed(folders):
        key = key_of(folder)
        around = find(key) if key else frozenset()
        if around:
            is_code = len(own) >= GROUND_LENGTH
            return frozenset(around) | (find(own) if is_code else frozenset())
    return frozenset(find(own)) if own else frozenset()


def _stem(file: str) -> str:
    return file.rpartition(".")[0] or file


def lacking(kinds: Collection[str], required: Collection[str]) -> list[str]:
    """The titles of the kinds that a parcel must have and has not."""
    return [title for title in TITLES.values() if title in required and BY_TITLE[title].value not in kinds]


def outside_m(outline: BaseGeometry, longitude: float, latitude: float) -> float:
    """How far a point lies outside of an outline, in metres on the ellipsoid; 0 inside of it."""
    point = shapely.Point(longitude, latitude)
    if shapely.covers(outline, point):
        return 0.0
    # Nearest in a plane in which both axes are as long as on the ground; the way itself is that on the ellipsoid.
    squeeze = float(shapely.get_coordinates(outline)[:, 1].mean())
    wide = _across(squeeze)
    flat = shapely.transform(outline, lambda points: points * (wide, 1.0))
    there, _ = shapely.get_coordinates(shapely.shortest_line(flat, shapely.Point(longitude * wide, latitude))).tolist()
    _, _, metres = CGCS2000_ELLIPSOID.inv(longitude, latitude, there[0] / wide, there[1])
    return float(metres)


def _across(latitude: float) -> float:
    """A degree of longitude in degrees of latitude, at that latitude."""
    _, _, east = CGCS2000_ELLIPSOID.inv(0, latitude, 0.001, latitude)
    _, _, north = CGCS2000_ELLIPSOID.inv(0, latitude - 0.0005, 0, latitude + 0.0005)
    return float(east / north)
