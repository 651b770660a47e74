"""Rules of evidence without a database: whose parcel a file is of, what pictures tell, what is not whole, what is far."""

import struct
import zlib
from datetime import date

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ronghe.kernel.files.kinds import FileKind

from ..rules.evidence import EvidenceKind, key_of, keys_in, kind_by_name, lacking, number_in, outside_m, parcels_named
from ..surveying.evidence_archive import known_from
from ..surveying.pictures import BadPicture, look_at, small_picture
from . import evidence as made
from . import factories

GROUND = "370322001200JC00012"
KNOWN = known_from(iter([(3, GROUND + "F00010001", GROUND), (12, "", "370322001200JC00099"), (7, "", "")]))
PLOT = "3703220012000000045"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("00012", "00012"), ("00012_1", "00012"), ("12-2", "12"), ("12（全景）", "12"), ("第12宗", "12"), ("12 北侧", ""),
        ("１２", "12"), (GROUND, GROUND), (f"{GROUND}_1", GROUND), (f"{GROUND.lower()}-2", GROUND),
        ("370322 001200 JC 00012 F00010001", f"{GROUND}F00010001"), (PLOT, PLOT), ("IMG_0012", ""), ("全景", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_name_begins_with_a_number_or_a_code(text, key):
    assert key_of(text) == key


def test_a_number_is_no_code():
    assert (number_in("00012"), number_in(PLOT), number_in(GROUND), number_in("")) == (12, None, None, None)
    assert keys_in(f"照片/{GROUND}/3.jpg") == [GROUND, "3"]


@pytest.mark.parametrize(
    ("place", "parcels"),
    [
        ("7.jpg", {7}),
        ("00007_1.jpg", {7}),
        (f"{GROUND}.jpg", {3}),
        (f"{GROUND}F00010001_2.jpg", {3}),
        (f"甲村/{GROUND}/全景.jpg", {3}),
        (f"{GROUND}/7.jpg", {3}),  # inside a folder a bare number is that of the picture
        ("2026/第7宗/12.jpg", {7}),
        (f"7/{GROUND}.jpg", {3, 7}),  # folder and name disagree
        ("00012.jpg", {3, 12}),  # the twelfth parcel, or the one whose code ends so
        ("370322001200JC00012F99990001.jpg", {3}),  # a house was surveyed since: the ground is the same
        ("370322001200JC00055.jpg", set()),
        ("5.jpg", set()),
        ("全景.jpg", set()),
    ],
)
def test_the_place_of_a_file_names_its_parcel(place, parcels):
    assert parcels_named(place, KNOWN.find) == parcels


@given(st.text(max_size=60))
def test_no_name_breaks_the_reading(place):
    assert parcels_named(place, KNOWN.find) <= {3, 7, 12}


@pytest.mark.parametrize(
    ("name", "is_picture", "kind"),
    [
        ("00012_1.jpg", True, "photo"), ("00012.pdf", False, "source"), ("12/指界通知书.jpg", True, "pointing"),
        ("12_批准书.png", True, "source"), ("12/承包合同.pdf", False, "source"),
    ],
)  # fmt: skip
def test_words_of_a_name_say_what_is_shown(name, is_picture, kind):
    assert kind_by_name(name, is_picture=is_picture, documents_as=EvidenceKind.SOURCE) == kind


def test_what_is_lacking_is_told_by_its_title():
    assert lacking({"photo"}, {"照片", "权属来源材料"}) == ["权属来源材料"]
    assert lacking((), ()) == []


def test_how_far_a_photo_was_taken_is_measured_on_the_ground():
    square = shapely.MultiPolygon([factories.square()])
    west, south, east, north = square.bounds
    assert outside_m(square, (west + east) / 2, (south + north) / 2) == 0
    # A degree of longitude at 37.17° N is about 88.8 km, one of latitude about 111.0 km.
    assert outside_m(square, east + 0.001, (south + north) / 2) == pytest.approx(88.8, abs=0.2)
    assert outside_m(square, (west + east) / 2, north + 0.001) == pytest.approx(111.0, abs=0.2)


def test_a_photo_tells_where_and_when_it_was_taken():
    seen = look_at(made.jpeg(told=made.exif(117.8001, 37.1702)), FileKind.JPEG)
    assert (seen.width, seen.height) == (40, 30)
    assert (seen.longitude, seen.latitude) == (pytest.approx(117.8001), pytest.approx(37.1702))
    later = look_at(made.jpeg(told=made.little_exif(date(2026, 10, 1))), FileKind.JPEG)
    assert (later.taken_on, later.longitude) == (date(2026, 10, 1), None)
    drawn = look_at(made.drawn("a", (117.8, 37.17)), FileKind.PNG)
    assert (drawn.width, drawn.longitude) == (320, pytest.approx(117.8))
    assert look_at(made.png(), FileKind.PNG).longitude is None
    assert look_at(made.PDF, FileKind.PDF).width is None


def test_a_camera_that_knew_no_place_tells_none():
    assert look_at(made.jpeg(told=made.exif(0, 0)), FileKind.JPEG).longitude is None


def test_the_small_picture_of_a_camera_is_taken_out():
    small = made.jpeg(7, sides=(16, 12))
    assert small_picture(made.jpeg(told=made.little_exif(date(2026, 1, 1), small)), FileKind.JPEG) == small
    assert small_picture(made.jpeg(told=made.little_exif(date(2026, 1, 1), small[:-2])), FileKind.JPEG) is None
    assert small_picture(made.jpeg(), FileKind.JPEG) is None
    assert small_picture(made.png(), FileKind.PNG) is None


_WHOLE = made.png()
_WIDE = struct.pack(">IIBBBBB", 30_000, 1, 8, 2, 0, 0, 0)
_BOMB = made.chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)) + made.chunk(
    b"IDAT", zlib.compress(bytes(50_000_000))
)


@pytest.mark.parametrize(
    ("content", "kind", "why"),
    [
        (_WHOLE[:-12], FileKind.PNG, "没有传完"),
        (_WHOLE[:-20], FileKind.PNG, "没有传完"),
        (_WHOLE.replace(b"\x08\x02\x00", b"\x08\x06\x00"), FileKind.PNG, "校验不符"),
        (b"\x89PNG\r\n\x1a\n" + made.chunk(b"IEND", b""), FileKind.PNG, "结构混乱"),
        (b"\x89PNG\r\n\x1a\n" + made.chunk(b"IHDR", _WIDE) + made.chunk(b"IEND", b""), FileKind.PNG, "太大"),
        (b"\x89PNG\r\n\x1a\n" + _BOMB + made.chunk(b"IEND", b""), FileKind.PNG, "比它说的大"),
        (made.jpeg(end=False), FileKind.JPEG, "没有结尾"),
        (made.jpeg()[:18], FileKind.JPEG, "没有传完"),
        (made.jpeg(sides=(0, 0)), FileKind.JPEG, "没有画面"),
        (made.jpeg(sides=(30_000, 2)), FileKind.JPEG, "太大"),
        (b"\xff\xd8\xff\xd9", FileKind.JPEG, "没有传完"),
        (b"\xff\xd8\xff\x00rubbish", FileKind.JPEG, "结构混乱"),
        (made.PDF[:-10], FileKind.PDF, "没有下载完"),
    ],
)
def test_what_is_not_whole_is_said_in_words(content, kind, why):
    with pytest.raises(BadPicture, match=why):
        look_at(content, kind)


@given(st.binary(max_size=300), st.sampled_from([FileKind.JPEG, FileKind.PNG, FileKind.PDF]))
def test_whatever_bytes_are_looked_at_nothing_else_goes_wrong(content, kind):
    for whole in (
        content,
        b"\xff\xd8" + content,
        made.jpeg(told=b"II*\0" + content),
        made.jpeg(told=b"MM\0*" + content),
    ):
        try:
            look_at(whole, kind)
        except BadPicture:
            continue
        small_picture(whole, kind)


@given(st.integers(0, len(made.drawn("a", (117.8, 37.17))) - 1), st.integers(0, 255))
def test_a_picture_with_one_byte_changed_is_whole_or_refused(place, byte):
    content = bytearray(made.drawn("a", (117.8, 37.17)))
    content[place] = byte
    try:
        look_at(bytes(content), FileKind.PNG)
    except BadPicture:
        return
    # Only bytes before the first part, or the same byte, go unnoticed: every part bears its check.
    assert place < 8 or bytes(content) == made.drawn("a", (117.8, 37.17)) or place >= len(content) - 12
