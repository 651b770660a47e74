"""The office of Gaoqing: from the desk to a task, to the clause it rests on, and to the units that answer for it."""

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Locator, Page, expect

from .browser import NARROW, WIDE
from .conftest import Visit
from .steps import asked, expect_total, rows, sign_in

RISK = "建立风险的防范、规避、应对与监管体系"


def duties(of: Locator) -> dict[str, list[str]]:
    """Units by duty, as the page names them."""
    found = {}
    for line in of.locator(".duties > li").all():
        found[line.locator(".duty").inner_text()] = line.get_by_role("link").all_inner_texts()
    return found


def to_the_desk(visit: Visit, passwords: Mapping[str, str], size: tuple[int, int] = WIDE) -> Page:
    page = visit("/accounts/login", size=size)
    sign_in(page, "office.gaoqing", passwords)
    expect(page.get_by_role("heading", level=1)).to_contain_text("工作台")
    return page


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_office_signs_in_and_finds_the_tasks_of_its_unit_on_the_desk(
    visit: Visit, passwords: Mapping[str, str], size: tuple[int, int]
) -> None:
    page = to_the_desk(visit, passwords, size)
    expect(page.get_by_text("当前身份：试验区专班")).to_be_visible()
    mine = page.get_by_role("region", name="本单位在高青县城乡融合发展试验区的任务（8 项）")
    expect(mine.get_by_role("listitem")).to_have_count(8)
    mine.get_by_role("link", name=RISK).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(RISK)


def test_the_office_finds_the_task_on_the_analytic_hierarchy_by_search(
    visit: Visit, passwords: Mapping[str, str]
) -> None:
    page = to_the_desk(visit, passwords)
    page.keyboard.press("/")
    page.keyboard.type("层次分析法")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("“层次分析法”")
    found = page.get_by_role("region", name="任务").get_by_role("listitem")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("高青 四(三)10 · 层次分析法")
    found.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(RISK)


def test_the_office_finds_it_by_the_filters_and_follows_it_to_the_clause_and_to_the_unit(
    visit: Visit, passwords: Mapping[str, str]
) -> None:
    page = to_the_desk(visit, passwords)
    # given the list of the zone's tasks, reached by the zone switch
    page.locator(".zone-switch summary").click()
    page.locator(".zone-switch").get_by_role("link", name="高青县城乡融合发展试验区").click()
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="任务", exact=True).click()
    expect_total(page, 20)
    # when it is narrowed to the tasks that the bureau of agriculture leads in the field of government, and by a word
    page.get_by_label("单位", exact=True).select_option("县农业农村局")
    expect(page.get_by_role("list", name="筛选条件")).to_contain_text("单位：县农业农村局")
    page.get_by_label("职责").select_option("牵头单位")
    expect_total(page, 12)
    page.get_by_label("任务、主题词、条款或单位").fill("风险")
    expect_total(page, 1)
    # then it alone is left, and its row says who leads (handed down from the chapter) and who answers for it
    assert asked(page).keys() == {"unit", "duty", "text"}
    named = {"牵头单位": ["县农业农村局"], "责任单位": ["县发展改革局", "县农业农村局", "各镇办"]}
    assert duties(page.locator("#list tbody tr")) == named
    page.get_by_role("row").get_by_role("link", name=RISK).click()
    assert duties(page.get_by_role("region", name="谁来做")) == named

    # when the clause is followed
    basis = page.get_by_role("complementary", name="依据")
    expect(basis).to_contain_text("高政办字〔2022〕21号")
    basis.get_by_role("link", name="四(三)10").click()
    # then the tree of the document opens at it, marked and in sight
    clause = page.locator("li:target")
    expect(clause.locator(".clause").first).to_contain_text(RISK)
    expect(clause).to_be_in_viewport()
    expect(clause.locator("xpath=ancestor::li").first.locator(".clause-title").first).to_have_text("试验措施")

    # when the bureau is opened from there
    clause.get_by_role("link", name="县农业农村局").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("县农业农村局")
    # then all its tasks are there: 17 that name it, 12 of them in the lead
    for said in ("17 项任务写明本单位", "12 牵头"):
        expect(page.locator(".figures")).to_have_text(re.compile(r"\s*".join(said.split(" "))))
    led = page.get_by_role("region", name="牵头单位（12 项）").get_by_role("listitem")
    expect(led).to_have_count(12)
    expect(led.filter(has_text=RISK)).to_have_count(1)


def test_the_units_page_counts_what_the_list_of_tasks_shows(visit: Visit) -> None:
    page = visit("/z/gaoqing/units/")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="县农业农村局", exact=True))
    row.get_by_role("link", name="12").click()
    expect_total(page, 12)
    assert len(rows(page)) == 12
    expect(page.get_by_role("list", name="筛选条件")).to_contain_text("职责：牵头单位")
