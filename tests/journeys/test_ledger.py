"""Five people at the zone's office of Jinan: a task from its clause to closing, once returned; an extension asked for too
late; a leader who wants to know why 历城区 is red; the quarterly report; and the palette."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from .browser import NARROW
from .conftest import Visit
from .steps import sign_in
from .test_every_page import check, fits

pytestmark = pytest.mark.usefixtures("worker")

TASK = "完善土地承包经营权退出使用方式"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def entered(
    visit: Visit, username: str, passwords: Mapping[str, str], at: str, size: tuple[int, int] | None = None
) -> Page:
    page = visit("/accounts/login", size=size) if size else visit("/accounts/login")
    sign_in(page, username, passwords)
    page.goto(at)
    return page


def apply_to_close(unit: Page, task: str, said: str, name: str, content: bytes) -> None:
    unit.goto(task)
    unit.get_by_role("link", name="申请办结").click()
    unit.get_by_label("完成情况").fill(said)
    unit.get_by_label("佐证").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
    unit.get_by_role("button", name="提交办结申请").click()
    expect(unit.get_by_text("已提交办结申请")).to_be_visible()


def decide(page: Page, case: str, button: str, reason: str) -> None:
    page.goto(case)
    page.get_by_label("理由").fill(reason)
    page.get_by_role("button", name=button).click()


def test_a_task_from_its_clause_to_closing_once_returned(visit: Visit, passwords: Mapping[str, str]) -> None:
    # the office sets a deadline and hands the task out
    office = entered(visit, "office.jinan", passwords, "/z/jinan/ledger/issue/")
    check(office)
    office.get_by_label(TASK).check()
    office.get_by_role("button", name="交办勾选的任务").click()
    expect(office.get_by_role("alert")).to_contain_text("完成期限")
    due = date.today() + timedelta(days=200)
    office.locator("#due").fill(due.isoformat())
    office.get_by_role("button", name="核定勾选任务的期限").click()
    office.get_by_label(TASK).check()
    office.get_by_role("button", name="交办勾选的任务").click()
    expect(office.get_by_text("已交办 1 项任务")).to_be_visible()
    # the unit finds it on its desk, signs, reports that it is done, and applies to close
    unit = entered(visit, "nongye.jinan", passwords, "/desk/")
    check(unit)
    unit.get_by_role("link", name=TASK).first.click()
    unit.get_by_role("button", name="签收").click()
    expect(unit.get_by_text("已签收。")).to_be_visible()
    check(unit)
    task = unit.url
    unit.get_by_role("link", name="上报进展").click()
    check(unit)
    unit.get_by_label("本单位完成进度").fill("100")
    unit.get_by_label("进展", exact=True).fill("印发退出办法，完成首批试点。")
    unit.get_by_label("佐证").set_input_files({"name": "办法.pdf", "mimeType": "application/pdf", "buffer": PDF})
    unit.get_by_role("button", name="上报进展").click()
    expect(unit.get_by_text("任务总进度 100%")).to_be_visible()
    apply_to_close(unit, task, "办法已印发", "办法.pdf", PDF)
    unit.get_by_role("complementary").get_by_role("link", name="销号").first.click()
    check(unit)
    case = unit.url
    # the office returns it, the unit mends it, another person verifies, the leader closes
    decide(office, case, "退回申请单位", "缺少试点村名单")
    apply_to_close(unit, task, "补充了试点村名单", "名单.pdf", PDF + b"\n")
    second = entered(visit, "office2.jinan", passwords, case)
    decide(second, case, "现场核查通过", "到两个村看过，属实")
    expect(second.get_by_text("须由另一人办理")).to_be_visible()
    leader = entered(visit, "leader.jinan", passwords, case)
    leader.get_by_role("button", name="批准销号").click()
    leader.goto(task)
    expect(leader.locator(".record-line")).to_contain_text("已销号")
    history = leader.get_by_role("region", name="经过").inner_text()
    assert [state for state in ("已交办", "已签收", "已退回", "核查通过", "已销号") if state not in history] == []
    check(leader)


def test_an_extension_is_asked_for_too_late(visit: Visit, passwords: Mapping[str, str]) -> None:
    unit = entered(visit, "licheng.jinan", passwords, "/desk/", NARROW)
    fits(unit)
    late = unit.get_by_role("region", name="已逾期")
    late.get_by_role("link", name="历城区：完善宅基地退出使用方式").click()
    expect(unit.get_by_role("heading", level=1)).to_contain_text("完善宅基地退出使用方式")
    fits(unit)
    unit.get_by_role("link", name="申请延期").click()
    unit.get_by_label("申请延至").fill("2030-12-31")
    unit.get_by_label("理由").fill("资金没有到位")
    unit.get_by_role("button", name="提交延期申请").click()
    expect(unit.get_by_role("alert")).to_contain_text("延期须在期限届满前提出")
    expect(unit.get_by_label("理由")).to_have_value("资金没有到位")
    fits(unit)
    check(unit)


def test_a_leader_finds_in_three_clicks_why_licheng_is_red(visit: Visit, passwords: Mapping[str, str]) -> None:
    leader = entered(visit, "leader.jinan", passwords, "/z/jinan/")
    leader.get_by_role("link", name="驾驶舱").first.click()
    check(leader)
    leader.get_by_role("row", name="历城区").get_by_role("link", name="已逾期").first.click()
    check(leader)
    leader.get_by_role("link", name="历城区：完善宅基地退出使用方式").click()
    expect(leader.locator(".why-lit")).to_contain_text("已过")
    expect(leader.get_by_text("存在问题：").first).to_be_visible()
    check(leader)
    # and the light leads to its rule, with the facts of this task and the values that it was judged by
    leader.locator(".why-lit").get_by_role("link", name="依据").click()
    expect(leader.locator(".basis-result")).to_contain_text("已逾期")
    expect(leader.locator(".basis")).to_contain_text("距期限多少天起提示")


@pytest.mark.parametrize("form", ["", "tree/", "gantt/", "calendar/?month=2026-11", "board/"])
def test_the_ledger_in_every_form_is_for_everyone(visit: Visit, passwords: Mapping[str, str], form: str) -> None:
    page = entered(visit, "office.jinan", passwords, f"/z/jinan/ledger/{form}")
    check(page)
    narrow = entered(visit, "office.jinan", passwords, f"/z/jinan/ledger/{form}", NARROW)
    fits(narrow)


def test_the_quarterly_report_is_read_checked_and_printed(visit: Visit, passwords: Mapping[str, str]) -> None:
    office = entered(visit, "office.jinan", passwords, "/office/reports/")
    check(office)
    office.get_by_role("link", name="第三季度").first.click()
    check(office)
    with office.expect_download() as workbook:
        office.get_by_role("link", name="XLSX").first.click()
    assert workbook.value.suggested_filename.endswith(".xlsx")
    narrow = entered(visit, "office.jinan", passwords, office.url, NARROW)
    fits(narrow)


def test_the_keyboard_walks_from_the_palette_to_a_task(visit: Visit, passwords: Mapping[str, str]) -> None:
    page = entered(visit, "leader.jinan", passwords, "/z/jinan/ledger/")
    page.keyboard.press("j")
    expect(page.locator("#list [data-open]").first).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("特色小镇")
    expect(page.locator(".palette").get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("特色小镇")
