"""The public: which tasks hold in a district, by the map and without it, and the same rows as a workbook."""

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from .browser import NARROW, WIDE
from .conftest import Visit
from .steps import asked, expect_total, total

LICHENG = "370112000000"

WEBGL = "() => Boolean(document.createElement('canvas').getContext('webgl2'))"


def tasks_in_licheng(page: Page) -> int:
    """The page of 历城区 says how many tasks hold there, and lists as many; their number."""
    expect(page.get_by_role("heading", level=1)).to_have_text("历城区")
    assert asked(page) == {"area": LICHENG}
    here = page.get_by_role("region", name=re.compile("历城区：.* 项任务"))
    said = re.search(r"(\d+) 项任务", here.get_by_role("heading").inner_text())
    assert said is not None
    number = int(said[1])
    expect(here.get_by_role("listitem")).to_have_count(number)
    areas = page.get_by_role("navigation", name="区域与任务数")
    chosen = areas.locator("a[aria-current]")
    expect(chosen).to_contain_text("历城区")
    expect(chosen.locator("b")).to_have_text(f"{number} 项")
    return number


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_public_picks_a_district_beside_the_map_and_the_list_of_tasks_has_as_many(
    visit: Visit, size: tuple[int, int]
) -> None:
    page = visit("/z/jinan/map/", size=size)
    page.get_by_role("navigation", name="区域与任务数").get_by_role("link", name="历城区").click()
    number = tasks_in_licheng(page)
    assert 0 < number < 48  # fewer than the zone has
    page.get_by_role("link", name="在任务列表中查看和导出").click()
    expect_total(page, number)
    assert asked(page) == {"area": LICHENG}
    expect(page.get_by_label("试点区域")).to_have_value(LICHENG)


def test_the_public_picks_the_district_on_the_live_map(visit: Visit) -> None:
    page = visit("/z/jinan/map/")
    if not page.evaluate(WEBGL):
        # without WebGL the server's drawing stays, and its areas are links
        expect(page.locator("#map svg.outlines")).to_be_visible()
        page.locator(f'#map svg a[href$="area={LICHENG}"]').click()
    else:
        label = page.locator(".map-ready .map-label").filter(has_text="历城区")
        expect(label).to_be_visible()
        place = label.bounding_box()
        assert place is not None
        x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
        page.mouse.move(x, y)
        expect(page.locator(".map-status")).to_contain_text("历城区：")
        expect(page.locator(f'#areas a[data-area="{LICHENG}"]')).to_have_class("hover")
        page.mouse.click(x, y)
        page.wait_for_url(f"**?area={LICHENG}")
    tasks_in_licheng(page)


def test_the_map_works_without_script(visit: Visit) -> None:
    page = visit("/z/jinan/map/", scripts=False)
    page.locator(f'#map svg a[href$="area={LICHENG}"]').click()
    tasks_in_licheng(page)


def test_the_map_says_when_the_district_lies_elsewhere(visit: Visit) -> None:
    page = visit("/z/jinan/map/?area=370214000000")  # 青岛市城阳区
    expect(page.locator(".notice-warning")).to_contain_text("不在这个试验区的范围内")
    expect(page.get_by_role("heading", level=1)).to_have_text("一张图")


def test_the_public_takes_the_filtered_tasks_along_as_a_workbook_with_the_same_rows(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit(f"/z/jinan/tasks/?area={LICHENG}&sort=-title")
    with page.expect_download() as started:
        page.get_by_role("link", name="导出 XLSX").click()
    assert started.value.suggested_filename == "任务.xlsx"
    started.value.save_as(tmp_path / "tasks.xlsx")
    sheet = load_workbook(tmp_path / "tasks.xlsx").active
    assert sheet is not None
    head, *lines = [[cell or "" for cell in line] for line in sheet.iter_rows(values_only=True)]
    # then the head, the order and each row are those of the page
    heads = page.locator("#list thead th").all_text_contents()
    assert head == [one.strip() for one in heads]
    assert len(lines) == total(page)
    shown = [row.locator("td").all_text_contents() for row in page.locator("#list tbody tr").all()]
    by_name = {name: place for place, name in enumerate(head)}
    for line, cells in zip(lines, shown, strict=True):
        for name in ("条款", "任务", "完成时限", "试点区域"):
            assert str(line[by_name[name]]) == cells[by_name[name]].strip().removeprefix("—"), name


def test_a_task_names_its_areas_and_leads_to_them_on_the_map(visit: Visit) -> None:
    page = visit("/z/jinan/tasks/")
    page.locator("#list [data-open]").first.click()
    where = page.get_by_role("region", name="在哪里做")
    where.get_by_role("link", name="历城区").click()
    tasks_in_licheng(page)


def test_the_public_switches_from_one_zone_to_another(visit: Visit) -> None:
    page = visit("/")
    page.get_by_role("main").get_by_role("link", name="济南市国家城乡融合发展试验区").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("济南市国家城乡融合发展试验区")
    page.locator(".zone-switch summary").click()
    expect(page.locator(".zone-switch a[aria-current]")).to_contain_text("济南")
    page.locator(".zone-switch").get_by_role("link", name="青岛市国家城乡融合发展试验区").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("青岛市国家城乡融合发展试验区")
    expect(page.locator(".zone-switch summary")).to_contain_text("青岛")
    # and the figures of the zone lead to the lists behind them
    figure = page.locator(".figures a").filter(has_text="项任务")
    number = int(figure.locator("b").inner_text())
    figure.click()
    expect_total(page, number)


def test_a_bar_of_the_zone_leads_to_as_many_tasks_as_it_shows(visit: Visit) -> None:
    page = visit("/z/jinan/")
    bars = page.get_by_role("table", name="任务落在国家方案的哪些试验任务上")
    bar = bars.get_by_role("row").filter(has=page.get_by_role("link")).first
    number = int(bar.locator(".bar-n").inner_text())
    bar.get_by_role("link").click()
    expect_total(page, number)


def test_who_finds_nothing_is_told_what_can_be_found_and_where_else(visit: Visit) -> None:
    page = visit("/z/gaoqing/")
    page.keyboard.press("/")
    page.keyboard.type("即墨区")
    page.keyboard.press("Enter")
    expect(page.get_by_text("没有找到“即墨区”")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("可以搜索任务名称、条款号")
    page.get_by_role("main").get_by_role("link", name="搜索全部试验区").first.click()
    expect(page.get_by_role("region", name="区划").get_by_role("link", name="即墨区", exact=True)).to_be_visible()
    # and an empty search asks for something, without an error
    page.goto("/search?q=%20%20")
    expect(page.get_by_text("请输入要找的内容")).to_be_visible()


def test_a_lost_address_is_answered_with_ways_on(visit: Visit) -> None:
    page = visit("/z/jinan/nothing-here/")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到")
    page.get_by_label("在全站搜索").fill("历城区")
    page.get_by_role("main").get_by_role("button", name="搜索").click()
    expect(page.get_by_role("region", name="区划")).to_contain_text("历城区")
    # a task, a document, a unit or a zone that does not exist is named
    for address, said in (
        ("/z/jinan/tasks/999999/", "没有编号为 999999 的任务"),
        ("/z/jinan/documents/nothing/", "没有标识为“nothing”的文件"),
        ("/z/jinan/units/999999/", "没有编号为 999999 的单位"),
        ("/z/nowhere/tasks/", "没有名为“nowhere”的试验区"),
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_role("main")).to_contain_text(said)
        expect(page.get_by_role("link", name="回到首页")).to_be_visible()
