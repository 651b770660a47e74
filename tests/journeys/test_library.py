"""The policy library: why a parcel of 5 亩 goes by agreement in Qingdao, what Zibo lacks, terms side by side."""

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from .browser import NARROW, WIDE
from .conftest import Visit
from .steps import sign_in

CALCULATOR = "/library/calculators/entry.agreement_exception/"
FACTS = {"属于零星地块": "否", "已经农村集体同意": "是", "已经批准机关批准": "是"}


def ask(page: Page, zone: str, area: str) -> None:
    """Fill the form of the agreement exception and ask."""
    page.get_by_label("试验区", exact=True).select_option(label=zone)
    page.get_by_label(re.compile("^宗地面积")).fill(area)
    for name, value in FACTS.items():
        page.get_by_label(re.compile(f"^{name}")).select_option(label=value)
    page.get_by_role("button", name="得出结论").click()
    page.wait_for_url(re.compile(r"zone="))


def result(page: Page) -> str:
    return page.locator(".basis-result").inner_text().removeprefix("结论：").strip()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_an_official_asks_whether_a_parcel_may_go_by_agreement(visit: Visit, size: tuple[int, int]) -> None:
    # given the library, found from the home page
    page = visit("/", size=size)
    if size == NARROW:
        page.get_by_role("banner").locator("details.menu summary").click()
    page.get_by_role("link", name="政策库").locator("visible=true").click()
    page.get_by_role("link", name="计算器").click()
    page.get_by_label("规则名称、代码或编号").fill("协议")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("main").get_by_role("link", name="协议入市").click()
    # when 5 亩 in Qingdao is asked
    ask(page, "青岛市国家城乡融合发展试验区", "5")
    # then it may, and the derivation names figure and clause
    assert result(page) == "通过"
    first = page.locator(".derivation > li").first
    expect(first).to_contain_text("宗地面积 5 亩 ≤ 协议入市的面积上限 5 亩")
    expect(first.get_by_role("link", name="青岛 三(二)3")).to_have_attribute("title", re.compile("实施方案"))
    # and a little more may not
    ask(page, "青岛市国家城乡融合发展试验区", "5.01")
    assert result(page) == "未通过"
    # and Zibo lacks its limit
    ask(page, "淄博市城乡融合发展试验区", "5")
    assert result(page) == "无法判定"
    expect(page.locator("#basis")).to_contain_text("参数“协议入市的面积上限”：本试验区还没有定")
    # and the clause is one click away
    page.locator(".derivation").get_by_role("link", name="淄博 二(一)2(3)").first.click()
    expect(page.locator("li:target .clause").first).to_contain_text("二(一)2(3)")


def test_the_terms_of_all_zones_stand_side_by_side(visit: Visit) -> None:
    page = visit("/library/compare/")
    page.get_by_label("事项", exact=True).select_option(label="D4 最高年限与弹性年期")
    page.get_by_role("button", name="对比").click()
    section = page.get_by_role("region", name=re.compile("最高年限与弹性年期"))
    heads = section.get_by_role("columnheader").all_inner_texts()
    assert heads == ["参数", "高青", "济南", "闽侯", "青岛", "淄博"]
    terms = section.get_by_role("row").filter(has_text="工业 50 年").first
    expect(terms).to_contain_text("淄博 二(一)1(3)")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 XLSX").click()
    assert download.value.suggested_filename == "地区对比.xlsx"


def test_a_local_value_is_entered_and_seen_in_the_derivation_with_its_author(
    visit: Visit, passwords: Mapping[str, str]
) -> None:
    page = visit("/accounts/login")
    sign_in(page, "office.zibo", passwords)
    # given the question that Zibo could not answer
    page.goto(f"{CALCULATOR}?zone=zibo&date=2026-11-23&f-area_mu=3")
    page.locator("#basis").get_by_role("link", name="协议入市的面积上限").click()
    # when the office enters what the city has decided, first wrongly
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="淄博", exact=True))
    row.get_by_role("link", name="录入本地值").click()
    page.get_by_label("值", exact=True).fill("3.5")
    page.get_by_label("来源").fill("市政府常务会议纪要〔2026〕8号")
    page.get_by_label("自哪天起").fill("2026-01-01")
    page.get_by_role("button", name="录入本地值").click()
    expect(page.get_by_role("alert").or_(page.locator(".notice-error, .wrong")).first).to_contain_text("不是整数或分数")
    page.get_by_label("值", exact=True).fill("7/2")
    page.get_by_role("button", name="录入本地值").click()
    expect(page.locator(".notice-success")).to_contain_text("已录入淄博")
    # then it decides, named with author and source, in Zibo and below it
    for zone in ("淄博市城乡融合发展试验区", "高青县城乡融合发展试验区"):
        page.goto(CALCULATOR)
        ask(page, zone, "3.5")
        assert result(page) == "通过"
        used = page.locator("#basis").get_by_role("row").filter(has_text="协议入市的面积上限")
        expect(used).to_contain_text("3.5 亩")
        expect(used).to_contain_text("录入：市政府常务会议纪要〔2026〕8号")
    # and the answer is kept as it was, even after the value is taken back
    page.goto(f"{CALCULATOR}?zone=zibo&date=2026-11-23&f-area_mu=3&f-has_collective_consent=true&f-has_approval=true")
    page.get_by_label(re.compile("^事项")).fill("某镇某宗地")
    page.get_by_role("button", name="存档这个结论").click()
    expect(page.locator(".notice-success").last).to_contain_text("复核一致")
    kept = page.url
    page.locator("#basis").get_by_role("link", name="协议入市的面积上限").click()
    page.get_by_role("button", name="撤下").click()
    expect(page.locator(".notice-success")).to_contain_text("已撤下")
    page.goto(kept)
    expect(page.get_by_text("复核一致")).to_be_visible()
    assert result(page) == "通过"
    # and who is not signed in sees none of it
    stranger = visit(kept)
    expect(stranger).to_have_url(re.compile("/accounts/login"))


def test_a_library_works_by_keyboard_alone(visit: Visit) -> None:
    page = visit("/library/?matter=D3")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/library/rules/R-009/"))
