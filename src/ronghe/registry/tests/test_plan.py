"""附图: a certificate bears the plan of its land, to scale, north above, with points and sides."""

import pypdfium2
import pytest
import shapely

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.files import services as files

from .. import services
from ..queries.certificates import certificate_facts
from ..rules.plan import MOST_POINTS, plan_of
from . import factories as make


def test_a_square_is_drawn_to_a_round_scale_with_north_above():
    # about 18 m by 22 m: at 1:500 it is 36 mm by 44 mm, at 1:200 it has room too
    made = plan_of("370322001200JC00001", make.square())
    assert made["scale"] == 500 or made["scale"] == 200
    (outline,) = made["outlines"]
    xs, ys = zip(*outline["points"], strict=True)
    assert len(outline["points"]) == 4
    assert max(xs) - min(xs) < max(ys) - min(ys) < 96
    named = {text: (x, y) for x, y, text in made["labels"] if text.startswith("J")}
    assert sorted(named) == ["J1", "J2", "J3", "J4"]
    # J1 is the north-west corner and clockwise follows the north-east: y grows to the south
    assert named["J1"][0] < min(xs) + 1
    assert named["J1"][1] < min(ys) + 1
    assert named["J2"][0] > max(xs) - 1
    assert named["J3"][1] > max(ys) - 1


def test_sides_bear_their_lengths_in_metres_outside_of_the_line():
    made = plan_of("甲", make.square())
    told = dict(made["sides"])
    assert set(told) == {"J1", "J2", "J3", "J4"}
    north = next((x, y) for x, y, text in made["labels"] if text == told["J1"])
    assert north[1] < min(y for _, y in made["outlines"][0]["points"]) + 1


def test_houses_are_dashed_and_of_a_line_with_many_points_only_the_outline_is_drawn():
    house = shapely.affinity.scale(make.square(), 0.5, 0.5)
    assert [one["is_dashed"] for one in plan_of("甲", make.square(), [house])["outlines"]] == [False, True]
    round_one = shapely.Point(117.8, 37.17).buffer(0.0005, quad_segs=MOST_POINTS)
    made = plan_of("乙", round_one)
    assert made["labels"] == []
    assert made["outlines"]


def test_holes_are_rings_of_their_own_and_large_land_gets_a_small_scale():
    ring = make.square(width=400, height=400).difference(make.square(100, 100, width=100, height=100))
    made = plan_of("丙", ring)
    assert len(made["outlines"]) == 2
    assert made["width"] < 150
    assert made["height"] < 130
    assert len([text for *_, text in made["labels"] if text.startswith("J")]) == 8


@pytest.mark.django_db
def test_the_paper_of_a_certificate_shows_it(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make.people.places()
    _, used = make.homestead(house=True)
    proof = services.certify(rrr_id=used.pk, on=make.DAY, actor=SYSTEM, at=make.NOON)
    (plan,) = certificate_facts(proof)["plans"]
    assert len(plan["outlines"]) == 2
    paper = services.print_certificate(certificate_id=proof.pk, actor=SYSTEM, at=make.NOON)
    with pypdfium2.PdfDocument(files.content(paper.pdf_id)) as found:
        text = "".join(page.get_textpage().get_text_bounded() for page in found)
    for word in ("附图", "宗地图", "比例尺", "J1", "J4", "北"):
        assert word in text
