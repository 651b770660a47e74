"""Who measures on the map: with the mouse, with keys alone, and with a finger; the figures are those of GeographicLib."""

import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import Locator, Page, expect

from ronghe.kernel.spatial.rules import CGCS2000_ELLIPSOID as EARTH

from .browser import NARROW
from .conftest import Visit
from .test_every_page import fits, no_violations

MAP = "/z/jinan/map/"
#: What the tool may be beside GeographicLib. The journey reads points to five decimals, lengths to 10 m.
NEAR = 0.001

Place = tuple[float, float]


def live(page: Page) -> Locator:
    """The canvas of the live map; without WebGL there is no tool."""
    if not page.evaluate("Boolean(document.createElement('canvas').getContext('webgl2'))"):
        expect(page.get_by_role("button", name="测距")).to_have_count(0)
        pytest.skip("this Chromium has no WebGL: the drawing stays, and nothing is measured")
    expect(page.locator(".map-ready")).to_be_visible()
    return page.get_by_role("region", name=re.compile("^地图"))


def begin(page: Page, name: str) -> Locator:
    """Press the button of the tool; it stays pressed."""
    button = page.get_by_role("button", name=name)
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    return button


def place(page: Page, of: str) -> Place:
    """Longitude and latitude that the line below the map says of the pointer (指针) or of the middle (中心)."""
    status = page.locator(".map-status")
    expect(status).to_contain_text(f"坐标系 CGCS2000　{of} 东经")
    found = re.search(r"东经 (\d+\.\d{5})°，北纬 (\d+\.\d{5})°", status.inner_text())
    assert found is not None
    return float(found[1]), float(found[2])


def points(page: Page, canvas: Locator, shares: Sequence[Place]) -> list[Place]:
    """Click at these shares of the map's width and height; where that is on the earth."""
    box = canvas.bounding_box()
    assert box is not None
    found = []
    for across, down in shares:
        page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
        found.append(place(page, "指针"))
        page.mouse.down()
        page.mouse.up()
        expect(said(page)).to_contain_text(f"{len(found)} 点")
    return found


def said(page: Page) -> Locator:
    """The figure in the panel."""
    return page.get_by_role("region", name="测量结果").locator(".map-measure-result")


def figure(page: Page, unit: str) -> float:
    """The first figure in this unit."""
    found = re.search(rf"([\d,.]+)\s{unit}", said(page).inner_text())
    assert found is not None
    return float(found[1].replace(",", ""))


def length_km(line: Sequence[Place]) -> float:
    longitudes, latitudes = zip(*line, strict=True)
    return float(EARTH.line_length(longitudes, latitudes)) / 1000


def area_km2(ring: Sequence[Place]) -> float:
    longitudes, latitudes = zip(*ring, strict=True)
    return abs(float(EARTH.polygon_area_perimeter(longitudes, latitudes)[0])) / 1e6


def test_a_distance_is_measured_by_clicks_and_a_double_click_ends_it(visit: Visit) -> None:
    page = visit(MAP)
    canvas = live(page)
    begin(page, "测距")
    line = points(page, canvas, [(0.3, 0.3), (0.5, 0.7)])
    # before the end the pointer's place counts for the next point, and the figure stands beside the line
    box = canvas.bounding_box()
    assert box is not None
    x, y = box["x"] + 0.7 * box["width"], box["y"] + 0.4 * box["height"]
    page.mouse.move(x, y)
    line.append(place(page, "指针"))
    expect(said(page)).to_contain_text("2 点，连到指针处，总长")
    assert figure(page, "km") == pytest.approx(length_km(line), rel=NEAR)
    page.mouse.dblclick(x, y)
    expect(said(page)).to_contain_text("已完成，3 点，总长")
    assert figure(page, "km") == pytest.approx(length_km(line), rel=NEAR)
    expect(page.locator(".map-measure-label")).to_have_text(f"{figure(page, 'km'):,.2f} km")
    expect(page.locator("#announce")).to_have_text(said(page).inner_text())
    # then the pointer no longer counts, no area was chosen, and the next click begins another line
    page.mouse.move(x - 100, y)
    expect(said(page)).to_contain_text("已完成，3 点，总长")
    assert page.url.endswith(MAP)
    page.mouse.click(x - 100, y)
    expect(said(page)).to_contain_text("1 点")


def test_an_area_is_measured_and_points_are_taken_back(visit: Visit) -> None:
    page = visit(MAP)
    canvas = live(page)
    button = begin(page, "测面积")
    ring = points(page, canvas, [(0.3, 0.3), (0.6, 0.3), (0.3, 0.7), (0.6, 0.7)])
    expect(said(page)).to_contain_text("边线相交，没有唯一的面积")
    page.keyboard.press("Backspace")
    expect(page.locator("#announce")).to_contain_text("3 点，面积")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("已完成，3 点，面积")
    assert figure(page, "km²") == pytest.approx(area_km2(ring[:3]), rel=NEAR)
    perimeter = figure(page, "km(?!²)")
    assert perimeter == pytest.approx(length_km([*ring[:3], ring[0]]), rel=NEAR)
    expect(page.get_by_role("region", name="测量结果")).to_contain_text("结果仅供参考")
    no_violations(page)
    # Escape leaves: nothing stays on the map, and a click chooses an area again
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(said(page)).to_be_hidden()
    expect(page.locator(".map-measure-label")).to_have_count(0)


def test_keys_alone_measure_by_the_middle_of_the_map(visit: Visit) -> None:
    page = visit(MAP)
    canvas = live(page)
    page.get_by_role("button", name="测面积").focus()
    page.keyboard.press("Enter")
    expect(canvas).to_be_focused()
    expect(page.locator(".map-cross")).to_be_visible()
    expect(page.locator("#announce")).to_contain_text("测面积：用方向键移动地图")
    page.keyboard.press("Enter")
    expect(page.locator("#announce")).to_have_text("再加 3 点才能完成")
    status = page.locator(".map-status")
    ring: list[Place] = []
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        before = status.inner_text()
        page.keyboard.press(key)
        expect(status).not_to_have_text(before)
        page.keyboard.press("Space")
        ring.append(place(page, "中心"))
        expect(page.locator("#announce")).to_contain_text(f"{len(ring)} 点")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("已完成，3 点，面积")
    assert figure(page, "km²") == pytest.approx(area_km2(ring), rel=NEAR)


def test_a_finger_measures_on_a_telephone(visit: Visit) -> None:
    page = visit(MAP, size=NARROW)
    canvas = live(page)
    page.get_by_role("button", name="测距").tap()
    fits(page)
    box = canvas.bounding_box()
    assert box is not None
    for number, (x, y) in enumerate([(0.2, 0.4), (0.7, 0.7)], 1):
        canvas.tap(position={"x": x * box["width"], "y": y * box["height"]})
        expect(said(page)).to_contain_text(f"{number} 点")
    page.get_by_role("button", name="完成").tap()
    expect(said(page)).to_contain_text("已完成，2 点，总长")
    fits(page)
    page.get_by_role("button", name="撤销一点").tap()
    expect(said(page)).to_have_text("1 点，再加 1 点才有结果")
    page.get_by_role("button", name="退出测量").tap()
    expect(said(page)).to_be_hidden()


def test_without_script_there_is_no_tool(visit: Visit) -> None:
    page = visit(MAP, scripts=False)
    expect(page.get_by_role("button", name="测距")).to_have_count(0)
    expect(page.get_by_text("结果仅供参考")).to_have_count(0)
