"""Signing in and out, being refused, and the way of a new colleague through the hands of two administrators."""

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from .browser import NARROW, WIDE
from .conftest import Visit
from .steps import asked, fill_login, sign_in

OWN = "Gaoqing-2026-nong"


def test_a_wrong_password_is_refused_at_the_form_and_the_right_one_leads_where_one_wanted(
    visit: Visit, passwords: Mapping[str, str]
) -> None:
    page = visit("/accounts/me")
    assert asked(page) == {"next": "/accounts/me"}
    fill_login(page, "office.jinan", "not-the-Password-1")
    wrong = page.get_by_role("alert")
    expect(wrong).to_contain_text("用户名或密码不正确")
    expect(wrong).to_contain_text("还可以尝试 4 次")
    expect(page.get_by_label("用户名")).to_have_value("office.jinan")
    expect(page.get_by_label("密码")).to_have_value("")
    fill_login(page, "office.jinan", passwords["office.jinan"])
    expect(page.get_by_role("region", name="我的身份")).to_contain_text("试验区专班")


def test_empty_fields_are_named_and_lead_to_their_place(visit: Visit) -> None:
    page = visit("/accounts/login")
    page.get_by_role("main").get_by_role("button", name="登录").click()
    wrong = page.get_by_role("alert")
    expect(wrong).to_contain_text("请改正下面 2 处")
    wrong.get_by_role("link", name="密码").click()
    expect(page.get_by_label("密码")).to_be_focused()


def test_repeated_wrong_passwords_are_throttled_and_the_page_says_until_when(
    visit: Visit, passwords: Mapping[str, str]
) -> None:
    page = visit("/accounts/login")
    for left in (4, 3, 2, 1):
        fill_login(page, "office.minhou", "not-the-Password-1")
        expect(page.get_by_role("alert")).to_contain_text(f"还可以尝试 {left} 次")
    fill_login(page, "office.minhou", "not-the-Password-1")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录暂时锁定")
    expect(page.get_by_role("main")).to_contain_text(
        re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d.*以后（约 15 分钟）再试", re.S)
    )
    expect(page.get_by_role("main")).to_contain_text("系统管理员")
    # then the right password does not help either, and another person is not held up
    page.goto("/accounts/login")
    fill_login(page, "office.minhou", passwords["office.minhou"])
    expect(page.get_by_role("heading", level=1)).to_have_text("登录暂时锁定")
    sign_in(page, "nongye.minhou", passwords)
    expect(page.get_by_role("heading", level=1)).to_contain_text("工作台")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_who_signs_out_is_out_also_with_the_back_button(
    visit: Visit, passwords: Mapping[str, str], size: tuple[int, int]
) -> None:
    page = visit("/accounts/login", size=size)
    sign_in(page, "nongye.jinan", passwords)
    header = page.get_by_role("banner")
    if size == NARROW:
        header.locator("details.menu summary").click()
    expect(header.get_by_text("济南农业农村（演示）").filter(visible=True)).to_be_visible()
    header.get_by_role("button", name="退出").filter(visible=True).click()
    page.wait_for_url("**/")
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    page.goto("/desk/")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    assert asked(page) == {"next": "/desk/"}


def test_a_role_that_may_not_is_told_so_and_whom_to_ask(visit: Visit, passwords: Mapping[str, str]) -> None:
    page = visit("/accounts/login")
    sign_in(page, "office.gaoqing", passwords)
    expect(page.get_by_role("banner").get_by_role("link", name="审计记录")).to_have_count(0)
    for address in ("/audit/events", "/audit/seal", "/accounts/users", "/accounts/memberships"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 403, address
        expect(page.get_by_role("heading", level=1)).to_have_text("没有权限")
        expect(page.get_by_role("main")).to_contain_text("安全管理员")


def test_the_auditor_finds_the_events_one_event_and_the_state_of_the_seal(
    visit: Visit, passwords: Mapping[str, str]
) -> None:
    page = visit("/accounts/login")
    sign_in(page, "auditor", passwords)
    page.get_by_role("main").get_by_role("link", name="审计记录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("审计记录")
    newest = page.locator("#list tbody tr").first
    expect(newest).to_contain_text("登录")
    expect(newest).to_contain_text("审计员（演示）")
    page.get_by_label("行为代码开头").fill("accounts.membership")
    expect(newest).to_contain_text("授予岗位")
    newest.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("授予岗位")
    expect(page.get_by_role("region", name="封存")).to_contain_text("等待封存")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="封存与核验").click()
    state = page.get_by_role("region", name="封存状态")
    expect(state).to_contain_text(re.compile(r"等待封存\s*\d+ 个事件"))
    expect(page.get_by_role("table")).to_contain_text("11-")


def add_user(page: Page, username: str, name: str) -> str:
    """As the system administrator; the temporary password."""
    page.get_by_role("main").get_by_role("link", name="用户").click()
    page.get_by_role("link", name="新增用户").click()
    page.get_by_label("用户名").fill(username)
    page.get_by_label("姓名").fill(name)
    page.get_by_role("button", name="新增用户").click()
    expect(page.get_by_role("heading", name="用户已建立")).to_be_visible()
    secret = page.get_by_label(re.compile("临时密码")).input_value()
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", secret)
    return secret


def grant(page: Page, username: str, role: str, unit: str, division: str) -> None:
    """As the security administrator."""
    page.get_by_role("main").get_by_role("link", name="岗位授权").click()
    page.get_by_role("link", name="授予岗位").click()
    page.get_by_label("用户名").fill(username)
    page.get_by_label("岗位", exact=True).select_option(role)
    chosen = page.get_by_label("单位", exact=True).locator("option").filter(has_text=unit).first
    page.get_by_label("单位", exact=True).select_option(value=chosen.get_attribute("value"))
    page.get_by_label(re.compile("管辖区划")).fill(division)
    page.get_by_role("main").get_by_role("button", name="授予岗位").click()


def test_a_new_colleague_is_entered_by_one_administrator_authorised_by_another_and_sets_an_own_password(
    visit: Visit, passwords: Mapping[str, str]
) -> None:
    # given a user whom the system administrator has entered
    page = visit("/accounts/login")
    sign_in(page, "sysadmin", passwords)
    secret = add_user(page, "zhang.san", "张三")
    page.get_by_role("link", name="我已转交").click()
    expect(page.get_by_role("main")).to_contain_text("还没有岗位")
    # and to whom the security administrator, who may not do this for a stranger, has granted a post
    other = visit("/accounts/login")
    sign_in(other, "security", passwords)
    grant(other, "li.si", "部门经办", "县农业农村局", "370322000000")
    expect(other.get_by_role("alert")).to_contain_text("没有找到用户 li.si")
    other.goto("/desk/")
    grant(other, "zhang.san", "部门经办", "县农业农村局", "370322000000")
    expect(other.locator("#messages")).to_contain_text("已授予 张三：部门经办。")
    expect(other.get_by_role("row").filter(has_text="zhang.san")).to_contain_text("高青县")

    # when the colleague signs in with the temporary password
    colleague = visit("/accounts/login")
    fill_login(colleague, "zhang.san", secret)
    # then nothing is open before the password is an own one
    expect(colleague.get_by_role("main")).to_contain_text("临时密码")
    colleague.goto("/desk/")
    colleague.wait_for_url("**/accounts/password*")
    for new, again, said in (("short", "short", "至少需要 10 个"), (OWN, OWN + "g", "不一致"), (secret, secret, "")):
        change_password(colleague, secret, new, again)
        wrong = colleague.get_by_role("alert")
        expect(wrong).to_contain_text(said)
    change_password(colleague, secret, OWN, OWN)
    expect(colleague.locator("#messages")).to_contain_text("密码已修改")
    expect(colleague.get_by_role("main")).to_contain_text("部门经办")
    # and then the desk shows the tasks of the bureau
    colleague.goto("/desk/")
    expect(colleague.get_by_role("main")).to_contain_text("建立风险的防范、规避、应对与监管体系")
    # and the old password is worth nothing
    again_in = visit("/accounts/login")
    fill_login(again_in, "zhang.san", secret)
    expect(again_in.get_by_role("alert")).to_contain_text("用户名或密码不正确")


def test_who_has_no_post_yet_is_told_whom_to_ask(visit: Visit, passwords: Mapping[str, str]) -> None:
    page = visit("/accounts/login")
    sign_in(page, "sysadmin", passwords)
    secret = add_user(page, "wang.wu", "王五")
    colleague = visit("/accounts/login")
    fill_login(colleague, "wang.wu", secret)
    change_password(colleague, secret, OWN, OWN)
    colleague.goto("/desk/")
    expect(colleague.get_by_text("您还没有岗位")).to_be_visible()
    expect(colleague.get_by_role("main")).to_contain_text("安全管理员")


def change_password(page: Page, old: str, new: str, again: str) -> None:
    page.get_by_label("现在的密码").fill(old)
    page.get_by_label("新密码", exact=True).fill(new)
    page.get_by_label("再输入一次新密码").fill(again)
    page.get_by_role("main").get_by_role("button", name="修改密码").click()


def test_a_user_who_is_deactivated_is_out_at_once(visit: Visit, passwords: Mapping[str, str]) -> None:
    theirs = visit("/accounts/login")
    sign_in(theirs, "nongye.zibo", passwords)
    page = visit("/accounts/login")
    sign_in(page, "sysadmin", passwords)
    page.goto("/accounts/users?q=nongye.zibo")
    page.get_by_role("row").get_by_role("link", name="nongye.zibo").click()
    page.get_by_role("button", name="停用用户").click()
    expect(page.locator("#messages")).to_contain_text("已停用")
    theirs.goto("/desk/")
    expect(theirs.get_by_role("heading", level=1)).to_have_text("登录")
    page.get_by_role("button", name="重新启用").click()
    expect(page.locator("#messages")).to_contain_text("已重新启用")


def test_a_token_is_shown_once_and_opens_the_interface_until_it_is_revoked(
    visit: Visit, passwords: Mapping[str, str]
) -> None:
    page = visit("/accounts/login")
    sign_in(page, "nongye.gaoqing", passwords)
    page.goto("/accounts/me")
    page.get_by_label("用途").fill("每日报送")
    page.get_by_role("button", name="创建访问令牌").click()
    token = page.get_by_role("textbox", name="令牌").input_value()
    bearer = {"Authorization": f"Bearer {token}"}
    assert page.request.get("/api/v1/zones", headers=bearer).status == 200
    page.get_by_role("link", name="我已保存").click()
    expect(page.get_by_role("main")).not_to_contain_text(token)
    row = page.get_by_role("row").filter(has_text="每日报送")
    expect(row).to_contain_text("有效")
    row.get_by_role("button", name="撤销").click()
    expect(page.locator("#messages")).to_contain_text("“每日报送”已撤销")
    assert page.request.get("/api/v1/zones", headers=bearer).status == 401
