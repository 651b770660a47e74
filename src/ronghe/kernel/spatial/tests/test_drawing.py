"""Drawings: well-formed, strict-CSP clean, in true proportion, with readable labels."""

import re
from xml.etree import ElementTree

import pytest
import shapely
from shapely.geometry import MultiPolygon, box

from ronghe.kernel.spatial.drawing import Outline, bounds_of, draw, middle_of

SVG = "{http://www.w3.org/2000/svg}"


def outline(code: str, west: float, south: float, east: float, north: float, **others) -> Outline:
    return Outline(code, others.pop("name", f"县{code}"), MultiPolygon([box(west, south, east, north)]), **others)


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def texts(text: str, css: str = "outline-labels") -> list[str]:
    group = next(g for g in parsed(text).iter(f"{SVG}g") if g.get("class") == css)
    return [t.text or "" for t in group.iter(f"{SVG}text")]


def test_names_are_quoted_and_nothing_needs_an_inline_style():
    nasty = "<script>\"&'"
    drawing = draw(
        [outline("a", 117, 36, 118, 37, name=nasty, title=nasty, href='/x?a=1&b="2"', css='c" onload="x')], title=nasty
    )
    root = parsed(drawing)
    assert root.get("aria-label") == nasty
    assert next(root.iter(f"{SVG}title")).text == nasty
    assert next(root.iter(f"{SVG}a")).get("href") == '/x?a=1&b="2"'
    for element in root.iter():
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}
    assert not list(root.iter(f"{SVG}script"))


def test_a_square_on_the_ground_is_a_square_on_the_drawing():
    # at 60°N a degree of longitude is half as long as one of latitude: 2° by 1° is a square
    root = parsed(draw([outline("a", 100, 59.5, 102, 60.5)], width=500, height=500, padding=0))
    _, _, width, height = map(float, root.get("viewBox").split())
    assert width == pytest.approx(height, rel=0.001)


@pytest.mark.parametrize(("width", "height"), [(640, 480), (100, 480), (640, 60)])
def test_it_fits_the_frame_and_touches_two_of_its_sides(width, height):
    root = parsed(draw([outline("a", 117, 36, 118, 37)], width=width, height=height))
    _, _, wide, high = map(float, root.get("viewBox").split())
    assert wide <= width + 0.1
    assert high <= height + 0.1
    assert wide == pytest.approx(width) or high == pytest.approx(height)


def path_of(drawing: str, code: str) -> list[tuple[float, float]]:
    d = re.search(rf'data-area="{code}"[^>]* d="M([^z]*)z', drawing)[1]
    start, steps = d.split("l")
    points = [tuple(map(float, start.split(",")))]
    for step in steps.split():
        dx, dy = map(float, step.split(","))
        points.append((round(points[-1][0] + dx, 1), round(points[-1][1] + dy, 1)))
    return points


def test_north_is_up_and_east_is_right():
    drawing = draw([outline("s", 117, 36, 118, 37), outline("ne", 118, 37, 119, 38)])
    (south, north_east) = path_of(drawing, "s"), path_of(drawing, "ne")
    assert min(x for x, _ in north_east) >= max(x for x, _ in south) - 0.1
    assert max(y for _, y in north_east) <= min(y for _, y in south) + 0.1


def test_neighbours_are_drawn_with_the_same_common_points():
    zigzag = [(118 + 0.01 * (i % 2), 36 + i / 50) for i in range(51)]
    left = shapely.Polygon([(117, 36), *zigzag, (117, 37)])
    right = shapely.Polygon([(119, 37), *zigzag[::-1], (119, 36)])
    drawing = draw([Outline("l", "左", MultiPolygon([left])), Outline("r", "右", MultiPolygon([right]))])
    both = set(path_of(drawing, "l")) & set(path_of(drawing, "r"))
    assert len(both) > 10


def test_links_only_where_given_and_the_role_says_so():
    plain = parsed(draw([outline("a", 117, 36, 118, 37)]))
    assert plain.get("role") == "img"
    assert not list(plain.iter(f"{SVG}a"))
    linked = parsed(draw([outline("a", 117, 36, 118, 37, href="/a"), outline("b", 118, 36, 119, 37)]))
    assert linked.get("role") == "group"
    assert [a.get("data-area") for a in linked.iter(f"{SVG}a")] == ["a"]


def test_a_label_has_name_and_value_and_lies_inside_its_outline():
    drawing = draw([outline("a", 117, 36, 118, 37, value="21 项")])
    assert texts(drawing) == ["县a", "21 项"]
    assert texts(drawing, "outline-labels-narrow") == ["县a"]
    first = next(parsed(drawing).iter(f"{SVG}text"))
    xs, ys = zip(*path_of(drawing, "a"), strict=True)
    assert min(xs) < float(first.get("x")) < max(xs)
    assert min(ys) < float(first.get("y")) < max(ys)


def test_labels_that_would_touch_are_moved_or_left_out_and_the_larger_one_stays():
    crowd = [outline("big", 117, 36, 119, 38, name="大县")]
    crowd += [outline(f"s{i}", 119 + i / 200, 36, 119 + (i + 1) / 200, 36.005, name=f"小县{i}") for i in range(10)]
    drawing = draw(crowd)
    shown = texts(drawing)
    assert "大县" in shown
    assert len(shown) < len(crowd)
    assert len(list(parsed(drawing).iter(f"{SVG}title"))) == len(crowd)


def test_without_labels_or_without_outlines():
    assert "<text" not in draw([outline("a", 117, 36, 118, 37)], labels=False)
    assert draw([]) == ""
    with pytest.raises(ValueError, match="no outline"):
        bounds_of([])


def test_a_tiny_outline_beside_a_large_one_does_not_vanish_into_an_error():
    drawing = draw([outline("a", 117, 36, 119, 38), outline("b", 119.5, 36, 119.5001, 36.0001)])
    assert len(list(parsed(drawing).iter(f"{SVG}path"))) == 2


def test_the_middle_lies_inside_even_a_crooked_shape():
    crooked = MultiPolygon([box(117, 36, 118, 37).difference(box(117.2, 36.2, 118, 36.9))])
    x, y = middle_of(Outline("a", "弯", crooked))
    assert crooked.contains(shapely.Point(x, y))
