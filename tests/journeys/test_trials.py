"""The office of Qingdao tries out another threshold over ten thousand parcels before it proposes it."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from .browser import NARROW, WIDE
from .conftest import Visit
from .steps import expect_total, sign_in
from .test_every_page import check, fits

RULE = "小面积或零星地块协议入市"


def ask(page: Page, area_max: str) -> None:
    """From the header to a running trial of the demonstration's parcels."""
    page.goto("/trials/")
    page.get_by_role("link", name="新的试算").click()
    page.get_by_label("规则", exact=True).select_option(RULE)
    page.get_by_label("依据日", exact=True).fill("2026-11-22")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("用演示数据试试").check()
    page.get_by_label("协议入市的面积上限改为").fill(area_max)
    page.get_by_role("textbox", name="为什么试算").fill("面积上限由 5 亩改为 8 亩")
    page.get_by_role("button", name="开始试算").click()


@pytest.mark.usefixtures("worker")
def test_two_thresholds_over_ten_thousand_parcels(visit: Visit, passwords: Mapping[str, str]) -> None:
    page = visit("/accounts/login")
    sign_in(page, "office.qingdao", passwords)
    # given a trial of the limit of 8 mu beside the 5 mu in force
    ask(page, "8")
    # then its page follows the work, and shows the summary without being asked
    expect(page.get_by_text("转为通过", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text(RULE)
    expect(page.get_by_role("banner").or_(page.locator(".record-line"))).to_contain_text(["", "演示数据"])
    gained = page.locator(".figures a").filter(has_text="转为通过")
    count = int(gained.locator("b").inner_text().replace(",", ""))
    assert count > 1_000
    expect(page.locator(".figures a").filter(has_text="不再通过").locator("b")).to_have_text("0")
    expect(page.get_by_role("table").filter(has_text="增加到")).to_be_visible()
    check(page)
    # when those who gain are opened
    gained.click()
    expect_total(page, count)
    check(page)
    # and taken home as a table with their facts
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 CSV").click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert len(lines) == count + 1
    assert lines[0].startswith("行号,名称,宗地面积（亩）")
    # then each says why, under both sets of parameters
    page.get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(page.get_by_text("> 协议入市的面积上限 5 亩")).to_be_visible()
    expect(page.get_by_text("≤ 协议入市的面积上限 8 亩")).to_be_visible()
    check(page)


@pytest.mark.usefixtures("worker")
def test_a_faulty_table_is_told_and_nothing_is_kept(visit: Visit, passwords: Mapping[str, str]) -> None:
    page = visit("/accounts/login", size=NARROW)
    sign_in(page, "office.qingdao", passwords)
    page.goto("/trials/new?rule=entry.agreement_exception&zone=qingdao&date=2026-11-22")
    fits(page)
    faulty = "名称,宗地面积（元）\n甲,5\n".encode()
    page.get_by_label("表格文件").set_input_files({"name": "宗地.csv", "mimeType": "text/csv", "buffer": faulty})
    page.get_by_role("button", name="开始试算").click()
    expect(page.get_by_role("alert")).to_contain_text("“宗地面积”的单位应为“亩”，给的是“元”")
    fits(page)
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    check(page)
