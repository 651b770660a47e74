"""A layer from an empty one to its faults found: a file with faults is mended and imported, looked at, checked."""

from collections.abc import Mapping

import pytest
import shapely
from playwright.sync_api import Page, expect

from ronghe.kernel.spatial.tests.files import geojson

from .conftest import Visit
from .steps import expect_total, sign_in
from .test_every_page import check, settled
from .test_public import WEBGL

pytestmark = pytest.mark.usefixtures("worker")

SIDE = 0.002
GOOD = [
    (f"P{i}", f"地块{i}", shapely.box(117.75 + i * SIDE, 37.15, 117.75 + (i + 1) * SIDE, 37.15 + SIDE))
    for i in range(6)
]
ON_TOP = ("X1", "压盖地块", shapely.box(117.7505, 37.1505, 117.7515, 37.1515))
SEA = ("S1", "海里的", shapely.box(122.5, 36.0, 122.502, 36.002))
BOW_TIE = ("B1", "蝴蝶结", shapely.Polygon([(117.75, 37.16), (117.752, 37.162), (117.752, 37.16), (117.75, 37.162)]))


def give(page: Page, content: bytes) -> None:
    page.get_by_label("文件", exact=True).set_input_files(
        {"name": "地块.geojson", "mimeType": "application/geo+json", "buffer": content}
    )
    page.get_by_role("button", name="上传并核对").click()


def test_a_file_in_the_sea_is_explained_mended_imported_and_its_overlap_found(
    visit: Visit, passwords: Mapping[str, str]
) -> None:
    page = visit("/accounts/login")
    sign_in(page, "office.gaoqing", passwords)
    page.goto("/layers/")
    page.get_by_role("link", name="新建图层").click()
    page.get_by_label("名称").fill("演示地块")
    page.get_by_label("标识").fill("demo-parcels")
    page.get_by_label("所属区划").fill("370322000000")
    page.get_by_role("button", name="新建图层").click()
    check(page)
    page.get_by_role("link", name="导入", exact=True).click()
    # a feature in the sea keeps the whole file out; what crosses itself is mended and said
    give(page, geojson([*GOOD, ON_TOP, BOW_TIE, SEA]))
    expect(page.get_by_text("有 1 个要素有错，整份文件都没有导入")).to_be_visible()
    expect(page.get_by_text("可能在海里或外地")).to_be_visible()
    expect(page.get_by_text("边线自相交，已修复")).to_be_visible()
    check(page)
    page.get_by_role("link", name="重新上传").click()
    give(page, geojson([*GOOD, ON_TOP]))
    page.get_by_role("button", name="导入，形成新版本").click()
    page.get_by_role("link", name="查看演示地块").click()
    check(settled(page))
    # and is laid over the map of the zone, and the address says so
    page.goto("/z/gaoqing/map/")
    box = page.get_by_role("checkbox", name="演示地块")
    if page.evaluate(WEBGL):
        expect(page.locator(".map-ready")).to_be_visible()
        box.check()
        expect(page.get_by_role("list", name="图例")).to_contain_text("演示地块")
        expect(page.get_by_role("link", name="任务数")).to_have_attribute(
            "href", "/z/gaoqing/map/?overlay=demo-parcels"
        )
        check(page)
        page.reload()
    else:
        expect(box).to_be_disabled()
    expect(box).to_be_checked(checked=bool(page.evaluate(WEBGL)))
    page.get_by_role("link", name="查看图层演示地块").click()
    # and is taken away in the zone of the place
    page.get_by_label("坐标系").select_option("4527")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载").click()
    assert download.value.suggested_filename == "演示地块-第1版-EPSG4527.gpkg"
    page.get_by_role("link", name="分析", exact=True).click()
    page.get_by_role("button", name="开始分析").click()
    expect(page.get_by_text("重叠").first).to_be_visible()
    expect_total(page, 1)
    check(page)
    # the office beside finds nothing of it
    other = visit("/accounts/login")
    sign_in(other, "office.jinan", passwords)
    other.goto("/layers/demo-parcels/")
    expect(other.get_by_role("heading", level=1)).not_to_contain_text("演示地块")
