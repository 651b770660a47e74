"""A list in the hands of people: filters, address, history, keys; with htmx, and without any script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from .browser import NARROW, WIDE
from .conftest import Visit
from .steps import asked, expect_total, rows, total

TASKS = "/z/jinan/tasks/"


def narrow_by_pick(page: Page) -> None:
    """Two filters by choosing, one by typing."""
    if page.locator(".fold summary").is_visible():
        page.locator(".fold summary").click()
    page.get_by_label("单位", exact=True).select_option("市农业农村局")
    page.get_by_label("职责").select_option("牵头单位")
    page.get_by_label("任务、主题词、条款或单位").fill("放活宅基地")


def send_without_script(page: Page) -> None:
    page.get_by_role("button", name="筛选").click()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_filters_apply_at_once_and_without_script_give_the_same_rows(visit: Visit, size: tuple[int, int]) -> None:
    live, plain = visit(TASKS, size=size), visit(TASKS, size=size, scripts=False)
    narrow_by_pick(live)
    narrow_by_pick(plain)
    send_without_script(plain)
    expect_total(plain, 1)
    expect_total(live, 1)
    assert rows(live) == rows(plain)
    # then the address names only what narrows the list, so that it can be sent to a colleague
    live.wait_for_url(lambda address: "text=" in address)
    assert live.url == live.evaluate("location.href")
    given = asked(live)
    assert given == {"unit": given["unit"], "duty": "lead", "text": "放活宅基地"}
    assert asked(plain) == given


def test_whoever_chooses_faster_than_the_server_answers_gets_the_last_choice(visit: Visit) -> None:
    """The first answer never comes; the second would only be the next in turn, and the third be dropped."""
    page, held = visit(TASKS), list[Route]()

    def hold_the_first(route: Route) -> None:
        if held or route.request.headers.get("hx-request") != "true":
            route.continue_()
        else:
            held.append(route)

    page.route("**/tasks/?*", hold_the_first)
    with page.expect_request(lambda request: request.headers.get("hx-request") == "true"):
        page.get_by_label("职责").select_option("牵头单位")
    narrow_by_pick(page)
    expect_total(page, 1)
    assert len(held) == 1


def whole(page: Page) -> tuple[str, dict[str, str], str]:
    """What a list page is to its reader: the list, what the form would send, the title."""
    fields = page.eval_on_selector(
        "#filters", "form => Object.fromEntries([...new FormData(form)].filter(([, v]) => v))"
    )
    return page.locator("#list").evaluate("list => list.outerHTML"), fields, page.title()


def choose(label: str, option: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.get_by_label(label, exact=True).select_option(option)

    return act


def write(label: str, text: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.get_by_label(label).fill(text)

    return act


@pytest.mark.parametrize(
    ("address", "act", "number"),
    [
        (TASKS, choose("试点区域", "历城区"), 45),
        (TASKS + "?sort=-title", choose("职责", "配合单位"), None),
        (TASKS, write("任务、主题词、条款或单位", "没有这样的任务"), 0),
        (TASKS, write("期限从", "2023-01-01"), 1),
        ("/z/jinan/units/", write("名称或别名", "银行"), None),
    ],
    ids=["choice", "sorted", "nothing", "date", "units"],
)
def test_the_old_page_with_the_fragment_swapped_in_equals_a_fresh_page(
    visit: Visit, address: str, act: Callable[[Page], None], number: int | None
) -> None:
    page = visit(address)
    before, was = total(page), page.url
    with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true") as answer:
        act(page)
    page.wait_for_url(lambda now: now != was)
    # the answer is the fragment alone, and not a page in a page
    assert "<html" not in answer.value.text()
    expect(page.locator("#list .list-count")).to_contain_text("已筛选")
    assert total(page) < before
    if number is not None:
        expect_total(page, number)
    fresh = visit(page.url)
    assert whole(page) == whole(fresh)


def test_what_has_changed_is_announced_to_those_who_do_not_see_it(visit: Visit) -> None:
    page = visit(TASKS)
    expect(page.locator("#announce")).to_be_empty()
    page.get_by_label("职责").select_option("牵头单位")
    expect(page.locator("#announce")).to_have_text("共 48 条，已筛选")


def test_the_back_button_undoes_one_filter_after_the_other_and_the_fields_follow(visit: Visit) -> None:
    page = visit(TASKS)
    page.get_by_label("试点区域").select_option("历城区")
    expect_total(page, 45)
    page.wait_for_url("**area=*")
    page.get_by_label("任务、主题词、条款或单位").fill("放活宅基地")
    expect_total(page, 1)
    page.wait_for_url("**text=*")
    page.go_back()
    expect_total(page, 45)
    expect(page.get_by_label("任务、主题词、条款或单位")).to_have_value("")
    expect(page.get_by_label("试点区域")).to_have_value("370112000000")
    page.go_back()
    expect_total(page, 48)
    expect(page.get_by_label("试点区域")).to_have_value("")
    page.go_forward()
    expect_total(page, 45)
    expect(page.get_by_label("试点区域")).to_have_value("370112000000")


def test_from_a_task_back_to_the_list_as_it_was(visit: Visit) -> None:
    page = visit(TASKS)
    page.get_by_label("试点区域").select_option("历城区")
    page.get_by_label("任务、主题词、条款或单位").fill("放活宅基地")
    expect_total(page, 1)
    page.wait_for_url("**text=*")
    shown = rows(page)
    page.locator("#list [data-open]").last.click()
    expect(page.get_by_role("region", name="依据")).to_be_visible()
    page.go_back()
    expect_total(page, 1)
    assert rows(page) == shown
    expect(page.get_by_label("试点区域")).to_have_value("370112000000")


def test_a_chip_takes_its_filter_away(visit: Visit) -> None:
    page = visit(f"{TASKS}?area=370112000000&text=放活宅基地")
    expect_total(page, 1)
    page.get_by_role("list", name="筛选条件").get_by_role("link", name="试点区域：历城区").click()
    assert asked(page) == {"text": "放活宅基地"}
    page.goto(f"{TASKS}?area=370112000000&text=放活宅基地")
    page.get_by_role("link", name="清除全部").click()
    expect_total(page, 48)
    assert asked(page) == {}


def test_a_list_that_is_narrowed_to_nothing_says_what_to_do_next(visit: Visit) -> None:
    page = visit(f"{TASKS}?text=没有这样的任务&area=370112000000")
    expect(page.get_by_text("没有符合这些条件的任务")).to_be_visible()
    expect(page.get_by_role("link", name="导出 XLSX")).to_have_count(0)
    page.get_by_role("link", name="清除全部筛选").click()
    expect_total(page, 48)


@pytest.mark.parametrize("scripts", [True, False], ids=["live", "plain"])
def test_a_filter_value_that_does_not_exist_is_named_at_its_field_and_left_out(visit: Visit, scripts: bool) -> None:
    page = visit(f"{TASKS}?topic=99&due_from=昨天&sort=nothing&area=370112000000", scripts=scripts)
    expect(page.locator("#filter-topic .wrong")).to_have_text("没有“99”这个选项")
    expect(page.locator("#filter-due_from .wrong")).to_have_text("“昨天”不是日期，请写成 2026-11-22 的样子")
    expect_total(page, 45)
    # a cursor that was cut off is refused by name, with a way back
    answer = page.goto(f"{TASKS}?cursor=broken")
    assert answer is not None
    assert answer.status == 422
    expect(page.get_by_role("link", name="回到首页")).to_be_visible()


def test_columns_sort_up_and_down_and_say_so(visit: Visit) -> None:
    page = visit(f"{TASKS}?duty=lead")
    head = page.get_by_role("columnheader", name="任务")
    expect(head).to_have_attribute("aria-sort", "none")
    head.get_by_role("link").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    up = page.locator("#list [data-open]").all_inner_texts()
    head.get_by_role("link").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert page.locator("#list [data-open]").all_inner_texts() == up[::-1]
    assert asked(page) == {"duty": "lead", "sort": "-title"}


def test_a_long_list_turns_its_pages_and_comes_back(visit: Visit) -> None:
    page = visit("/z/qingdao/tasks/")
    first, number = rows(page), total(page)
    assert len(first) == 50 < number
    page.get_by_role("link", name="下一页").click()
    expect(page.locator("#list tbody tr")).to_have_count(number - 50)
    expect_total(page, number)
    assert not set(first) & set(rows(page))
    page.get_by_role("link", name="上一页").click()
    expect(page.locator("#list tbody tr")).to_have_count(50)
    assert rows(page) == first


def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    page = visit(TASKS)
    # the skip link is the first stop, and jumps over the header
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    # j and k walk through the rows and stop at their ends, Enter opens
    links = page.locator("#list [data-open]")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(links.nth(1)).to_be_focused()
    wanted = links.nth(1).inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(wanted)
    # in a field these keys are letters
    page.keyboard.press("/")
    box = page.get_by_role("dialog", name="快速查找").get_by_role("combobox")
    expect(box).to_be_focused()
    page.keyboard.type("jk/?")
    expect(box).to_have_value("jk/?")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(box).to_be_focused()


def test_the_palette_finds_while_one_types_and_gives_the_focus_back(visit: Visit) -> None:
    page = visit(TASKS)
    page.keyboard.press("j")
    was = page.locator("#list [data-open]").first
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="快速查找")
    page.keyboard.type("农业农村局")
    expect(palette.get_by_role("option").first).to_be_visible()
    expect(palette.get_by_role("status")).to_contain_text("找到")
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    expect(was).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    chosen = palette.get_by_role("option", selected=True)
    expect(chosen).to_have_count(1)
    address = chosen.get_attribute("href") or ""
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(address) + "$"))


def test_escape_and_a_click_beside_close_what_is_open(visit: Visit) -> None:
    page = visit(TASKS)
    switch = page.locator(".zone-switch")
    switch.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(switch.get_by_role("link").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(switch.get_by_role("link").first).to_be_hidden()
    expect(switch.locator("summary")).to_be_focused()
    switch.locator("summary").click()
    page.get_by_role("heading", level=1).click()
    expect(switch.get_by_role("link").first).to_be_hidden()
    # the keys say themselves
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="快捷键")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_the_menu_of_a_telephone_holds_search_navigation_and_the_way_in(visit: Visit) -> None:
    page = visit(TASKS, size=NARROW)
    page.locator("details.menu summary").tap()
    menu = page.locator(".menu-body")
    expect(menu.get_by_role("link", name="登录")).to_be_visible()
    expect(menu.get_by_role("link", name="任务")).to_have_attribute("aria-current", "page")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_role("dialog", name="快速查找").get_by_role("combobox")).to_be_focused()
    page.keyboard.type("四(三)10")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("“四(三)10”")


def test_a_click_anywhere_in_a_row_opens_it(visit: Visit) -> None:
    page = visit(TASKS)
    row = page.locator("#list tbody tr").nth(2)
    wanted = row.locator("[data-open]").inner_text()
    row.locator("td").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(wanted)
