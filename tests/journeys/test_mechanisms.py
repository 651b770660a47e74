"""Three people: a plan becomes a zone, a list is mended and imported, an experience is published, a paper is checked."""

import io
from collections.abc import Mapping

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from tests.plans import ZHANGQIU

from .browser import NARROW
from .conftest import Visit
from .steps import expect_total, sign_in
from .test_every_page import check, fits

pytestmark = pytest.mark.usefixtures("worker")

HEADS = ["所属区划", "单位名称", "类别", "层级", "统一社会信用代码", "联系人", "联系电话", "地址", "主要职责"]
GOOD = [
    ["章丘区", f"区{name}局", "部门单位", "县（区）", "", "张三", "13800000000", "", ""] for name in ("财政", "教育")
]
BAD = [
    ["章丘区", "区一局", "部门单位", "县（区）", "91350100M000100Y44", "", "", "", ""],
    ["青岛市", "市局", "部门单位", "市", "", "", "", "", ""],
    ["章丘区", "", "部门单位", "县（区）", "", "", "", "", ""],
    ["章丘区", "区二局", "甲", "县（区）", "", "", "12", "", ""],
    GOOD[0],
]


def book(rows: list[list[str]]) -> bytes:
    made = Workbook()
    sheet = made.active
    sheet.title = "单位名录"
    for row in (HEADS, *rows):
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def send(page: Page, label: str, name: str, content: bytes, button: str) -> None:
    page.get_by_label(label).set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
    page.get_by_role("button", name=button).click()


def test_a_plan_that_nobody_has_seen_becomes_a_zone(visit: Visit, passwords: Mapping[str, str]) -> None:
    # given a plan that the office of Jinan uploads
    office = visit("/accounts/login")
    sign_in(office, "office.jinan", passwords)
    office.goto("/office/plans/new")
    send(office, "实施方案", "章丘方案.txt", ZHANGQIU.encode(), "提交方案")
    # when it has been read, every annotation stands marked in its place
    expect(office.locator("mark.m-annotation").first).to_be_visible()
    expect(office.locator(".task-tree li")).to_have_count(5)
    check(office)
    workspace = office.url
    # and the office settles what is open
    office.get_by_role("link", name="单位和区域").click()
    check(office)
    office.get_by_role("button", name="都作为新单位").click()
    office.goto(f"{workspace}tasks/t4/")
    check(office)
    office.get_by_label("业务领域", exact=True).select_option("GOV")
    office.get_by_role("button", name="保存", exact=True).click()
    office.goto(f"{workspace}zone/")
    office.get_by_label("确认后向公众公布").check()
    office.get_by_role("button", name="保存").click()
    office.goto(workspace)
    office.get_by_role("button", name="提交确认").click()
    # then it may not confirm its own work, and a person of another city does not find it
    expect(office.get_by_text("须由另一人办理")).to_be_visible()
    check(office)
    other = visit("/accounts/login")
    sign_in(other, "office.qingdao", passwords)
    other.goto(workspace)
    expect(other.get_by_role("heading", level=1)).not_to_contain_text("章丘")
    # and the leader confirms: the zone stands for everybody
    leader = visit("/accounts/login")
    sign_in(leader, "leader.jinan", passwords)
    leader.goto("/cases/")
    expect(leader.get_by_role("link", name="方案入库：章丘方案").first).to_be_visible()
    leader.goto(workspace)
    leader.get_by_role("button", name="确认入库").click()
    expect(leader.locator(".record-line")).to_contain_text("办结")
    check(leader)
    stranger = visit("/z/zhangqiu/tasks/")
    expect_total(stranger, 5)
    # and the notice of the result is checked by its code on a telephone
    leader.get_by_role("button", name="办理结果通知书").click()
    check(leader)
    code = leader.locator(".record-facts a").first.inner_text()
    telephone = visit(f"/papers/check/{code}/", size=NARROW)
    expect(telephone.get_by_text("有效。", exact=True)).to_be_visible()
    fits(telephone)


def test_a_list_with_five_bad_rows_is_mended_and_imported(visit: Visit, passwords: Mapping[str, str]) -> None:
    page = visit("/accounts/login")
    sign_in(page, "office.jinan", passwords)
    page.goto("/rosters/units/imports/new")
    send(page, "填好的文件", "单位.xlsx", book([*GOOD, *BAD]), "上传并核对")
    expect(page.get_by_text("有 5 行有错，整份文件都没有导入")).to_be_visible()
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注的文件").click()
    assert download.value.suggested_filename == "单位-标注.xlsx"
    page.get_by_role("link", name="重新上传").click()
    send(page, "填好的文件", "单位.xlsx", book(GOOD), "上传并核对")
    page.get_by_role("button", name="导入 2 条").click()
    page.get_by_role("link", name="查看单位名录").click()
    expect_total(page, 2)
    page.get_by_role("link", name="区财政局").click()
    expect(page.get_by_text("138****0000").first).to_be_visible()
    check(page)


def test_an_experience_is_reviewed_by_another_and_published_for_everybody(
    visit: Visit, passwords: Mapping[str, str]
) -> None:
    author = visit("/accounts/login")
    sign_in(author, "nongye.jinan", passwords)
    author.goto("/rosters/experiences/new")
    author.get_by_label("所属区划").select_option("370100000000")
    author.get_by_label("经验名称").fill("三方共管的收益账户")
    author.get_by_label("试验区", exact=True).select_option("jinan")
    author.get_by_label("主要做法").fill("镇、村、银行共管。")
    author.get_by_label("成效和佐证").fill("三个村试行一年。")
    author.get_by_label("可复制程度").select_option("conditions")
    author.get_by_role("button", name="保存经验").click()
    expect(author.locator(".record-line")).to_contain_text("草稿")
    address = author.url
    reviewer = visit("/accounts/login")
    sign_in(reviewer, "office.jinan", passwords)
    reviewer.goto(address)
    reviewer.get_by_role("button", name="审核通过").click()
    leader = visit("/accounts/login")
    sign_in(leader, "leader.jinan", passwords)
    leader.goto(address)
    leader.get_by_role("button", name="公布").click()
    expect(leader.locator(".record-line")).to_contain_text("已公布")
    check(leader)
    stranger = visit(address)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("三方共管的收益账户")
    check(stranger)
