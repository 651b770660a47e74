"""What holds on every page, whoever looks: readable by everyone, no sideways scrolling, room for a finger, no fault.

Faults of scripts and breaches of the content security policy fail each test by the ``visit`` fixture.
"""

from collections.abc import Mapping, Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from .browser import NARROW, WIDE
from .conftest import Visit
from .steps import fill_login, sign_in, under_examination

#: WCAG 2.2 A and AA; best practices of axe are left to judgement.
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

PUBLIC = {
    "home": "/",
    "zone": "/z/jinan/",
    "zone without deadlines and areas": "/z/gaoqing/",
    "map": "/z/jinan/map/",
    "map with a district": "/z/jinan/map/?area=370112000000",
    "map, misunderstood": "/z/jinan/map/?theme=nothing&area=370214000000",
    "tasks": "/z/jinan/tasks/",
    "tasks, narrowed": "/z/jinan/tasks/?area=370112000000&text=宅基地",
    "tasks, none": "/z/jinan/tasks/?text=没有这样的任务",
    "tasks, misunderstood": "/z/jinan/tasks/?topic=99&due_from=昨天",
    "documents": "/z/gaoqing/documents/",
    "units": "/z/jinan/units/",
    "comparison of zones": "/z/gaoqing/compare/",
    "comparison of zones, the other side": "/z/jinan/compare/ours/?topic=8",
    "search": "/search?q=宅基地",
    "search, nothing asked": "/search",
    "search, nothing found": "/search?q=没有这样的词&zone=jinan",
    "working days": "/library/workdays/?year=2026&start=2026-09-28&days=8&unit=工作日",
    "working days of a year to come": "/library/workdays/?year=2027",
    "rules": "/library/",
    "rules, narrowed": "/library/?zone=zibo&status=unset",
    "rule": "/library/rules/R-013/",
    "parameters of a zone": "/library/parameters/?zone=zibo",
    "parameter": "/library/parameters/entry.term.max_years/",
    "comparison": "/library/compare/",
    "comparison of one matter": "/library/compare/?matter=D4",
    "calculators": "/library/calculators/",
    "calculator": "/library/calculators/entry.agreement_exception/",
    "calculator, answered": "/library/calculators/entry.max_term/?zone=zibo&date=2026-11-23",
    "calculator, misunderstood": "/library/calculators/entry.agreement_exception/?zone=zibo&date=昨天&f-area_mu=五",
    "laws": "/library/laws/",
    "law": "/library/laws/land-law-2019/",
    "notices": "/cases/notices/",
    "check of papers": "/papers/check/",
    "query of the register": "/registry/query/",
    "check of papers, mistyped": "/papers/check/?code=ABC",
    "lists": "/rosters/",
    "list of experiences": "/rosters/experiences/",
    "list of instruments": "/rosters/instruments/",
    "layers": "/layers/",
    "layer": "/layers/county-boundaries/",
    "features of a layer": "/layers/county-boundaries/features/",
    "versions of a layer": "/layers/county-boundaries/versions/",
    "help": "/help/",
    "login": "/accounts/login",
    "not found": "/nothing-here",
}

#: Pages whose addresses hold numbers: the list that leads to them, and the link there.
BEYOND = {
    "task": ("/z/jinan/tasks/", "#list [data-open]"),
    "task with a row of the annex": ("/z/gaoqing/tasks/", "#list [data-open]"),
    "unit": ("/z/jinan/units/", "#list [data-open]"),
    "feature": ("/layers/county-boundaries/features/", "#list [data-open]"),
    "document": ("/z/gaoqing/documents/", "main article h2 a"),
    "clauses": ("/z/gaoqing/documents/", "main article dd a"),
}

#: The first row of a list.
ROW = "#list [data-open], #list td a"

#: Pages of those who have signed in: addresses, and links to follow from the last of them.
SIGNED_IN = {
    "office.gaoqing": [
        "/desk/", "/accounts/me", "/accounts/password", "/messages/", "/jobs/", "/cases/", "/cases/all/", "/cases/procedures/",
        "/cases/procedures/governance.plan_intake/", "/rosters/units/", "/rosters/units/new", "/rosters/units/map/",
        "/rosters/units/imports/", "/rosters/units/imports/new", "/rosters/experiences/new", "/rosters/instruments/", "/rosters/instruments/new", "/parties/", "#list td a", "/parties/merges", "/office/plans/",
        "/office/plans/new", "/office/sheets/", "/office/tasks/", "/z/gaoqing/cockpit/", "/z/gaoqing/ledger/issue/", "/office/meetings/", "/office/meetings/new", "/office/reports/", "/office/reports/new", "/papers/", "/library/workdays/?year=2026", "/library/workdays/day/?day=2026-10-07",
        "/library/workdays/year/", "/library/parameters/entry.agreement.area_max/enter/?zone=gaoqing", "/library/rulings/", "/library/rulings/papers/",
        "/library/calculators/entry.agreement_exception/?zone=gaoqing&date=2026-11-23", "/audit/events",
        "/registry/", "/registry/?text=没有这样的", "/registry/contracts/", "/registry/rates/",
        "/layers/new", "/layers/county-boundaries/analyses/", "/layers/county-boundaries/analyses/new",
        "/layers/county-boundaries/overlay",
    ],
    "nongye.gaoqing": [
        "/parties/", "/parties/new/person", "/parties/new/household", "/parties/new/collective", "/parties/duplicates",
        "/parties/merge", "/parties/merges",
        "/registry/exchange/?state=done", ROW, "/registry/exchange/?state=faulty", ROW, "/registry/exchange/new",
        "/registry/exchange/tables", "/registry/exchange/package", "/registry/reconciliations/", ROW,
        "/registry/reconciliations/new", "/registry/query/", "/registry/query/records/",
        "/registry/parcels/", "/registry/lines/",
        "/registry/surveys/", "/registry/surveys/new",
        "/registry/parcels/", ROW, "/registry/contracts/", ROW, "/registry/rolls/", "/registry/windows/",
        "/registry/village-plans/", "/rosters/registry-village-plans/", "/registry/members/", ROW, "main a[href$='/new']",
        "/registry/members/?text=没有这样的", "/cases/all/?text=李向阳", ROW, "/cases/all/?text=周雨晴", ROW,
        "/registry/filings/", ROW, "/registry/filings/?state=over", ROW, "/registry/filings/new",
        "/registry/income/", "/registry/income/?text=没有这样的", "/cases/all/?text=收益分配权", ROW,
    ],
    "ziran.gaoqing": [
        "/registry/?kind=homestead", ROW, "a[href*='/registry/certificates/']", "/registry/?kind=homestead", ROW,
        "a[href*='/apply/']", "/registry/apply/transfer/", "/registry/applications/", ROW,
        "/registry/applications/?state=refused", ROW, "/registry/applications/?state=done", ROW,
        "/registry/applications/?text=没有这样的", "/registry/legacy/", "main a[href*='/registry/legacy/']",
        "/rosters/registry-legacy/", "/rosters/registry-illegal/", ROW, "/registry/windows/",
        "/registry/appointments/", "main a[href$='/hours']",
    ],
    "window.gaoqing": [
        "/registry/applications/", "/registry/apply/first/", "/registry/surveys/", ROW, "a[href$='/parcels/']", ROW,
        "/registry/surveys/?state=faulty", ROW, "a[href$='/findings/']", "/registry/surveys/?state=faulty", ROW,
        "main a[href$='/evidence/']", "main a[href$='/evidence/new']", "/registry/members/", "/registry/filings/new",
        "/registry/appointments/", "/registry/appointments/new",
        "/registry/income/", ROW, "a[href*='/holders/']",
        "main a[href*='/change']", "/registry/income/", ROW, "a[href*='/income-certificates/']", "/cases/all/?text=收益分配权首次登记", ROW,
        "main a[href*='/income-cases/']",
    ],
    "farmer.gaoqing": [
        "/registry/mine/", "main a[href*='/registry/units/']", "/registry/query/", "/registry/windows/",
        "/registry/mine/membership", "/registry/mine/filing", "/registry/mine/appointments/", "main ul a",
        "/registry/mine/appointments/new", "main a[href*='window=']", "main a[href*='day=']",
    ],
    "sysadmin": ["/desk/", "/accounts/users/new", "/accounts/users", ROW],
    "security": ["/desk/", "/accounts/memberships/new", "/accounts/memberships", "/accounts/mandates/new", "/accounts/mandates"],
    "auditor": ["/desk/", "/registry/", "/audit/seal", "/audit/events", "#list td a"],
}  # fmt: skip

SMALL = """() => [...document.querySelectorAll(
  "button, .btn, summary, select, input:not([type=hidden], [type=checkbox], [type=radio])")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".unseen, .maplibregl-ctrl"))
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.height < 40 || box.width < 40))
  .map(([e, box]) => `${e.outerHTML.slice(0, 120)} ${Math.round(box.width)} × ${Math.round(box.height)}`)"""

#: What reaches beyond the right edge, unless it is drawn, unseen, or in a part that scrolls by itself.
OUTSIDE = """() => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility() && !e.closest("svg, thead, .unseen, .maplibregl-map, .site-nav, .tabs, .board"))
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
  .map((e) => e.outerHTML.slice(0, 120))"""


def no_violations(page: Page, *, rules: Sequence[str] = (), within: str | None = None) -> None:
    """axe finds nothing against the standard, or against the ``rules`` alone."""
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": STANDARD}
    under_examination.add(page)
    options = {"resultTypes": ["violations"], "runOnly": only, "preload": False}
    found = Axe().run(page, context=within, options=options)
    under_examination.remove(page)
    assert not found.response["violations"], f"{page.url}\n{found.generate_report()}"


def fits(page: Page) -> None:
    """The narrow page does not scroll sideways, and a finger can hit what it is to hit."""
    page.wait_for_load_state()
    width = page.evaluate("document.documentElement.scrollWidth")
    outside = page.evaluate(OUTSIDE)
    assert width <= NARROW[0], f"{page.url} is {width} px wide: {outside}"
    assert outside == [], page.url
    assert page.evaluate(SMALL) == [], page.url
    no_violations(page, rules=["target-size"])


def check(page: Page) -> None:
    """The page is for everyone, wide and narrow, with one heading of the first rank and a title of its own."""
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert page.title().endswith(" · 融合")
    no_violations(page)
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    fits(page)
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


def settled(page: Page) -> Page:
    """A live map has come, or will not come."""
    if page.locator("[data-map]").count():
        page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("address", PUBLIC.values(), ids=PUBLIC)
def test_a_public_page_is_for_everyone(visit: Visit, address: str) -> None:
    check(settled(visit(address)))


@pytest.mark.parametrize(("address", "link"), BEYOND.values(), ids=BEYOND)
def test_a_record_is_for_everyone(visit: Visit, address: str, link: str) -> None:
    page = visit(address)
    page.locator(link).first.click()
    page.wait_for_url(lambda now: not now.endswith(address))
    check(page)


@pytest.mark.parametrize("username", SIGNED_IN)
def test_the_pages_of_a_role_are_for_everyone(visit: Visit, passwords: Mapping[str, str], username: str) -> None:
    page = visit("/accounts/login")
    sign_in(page, username, passwords)
    checked: set[str] = set()
    for way in SIGNED_IN[username]:
        if way.startswith("/"):
            page.goto(way)
        else:
            # By its address: a link may wait in a menu that is closed.
            page.goto(str(page.locator(way).first.get_attribute("href")))
        if page.url not in checked:  # some are only on the way to another
            check(page)
        checked.add(page.url)


def test_a_refused_form_and_open_menus_are_for_everyone(visit: Visit) -> None:
    page = visit("/accounts/login")
    fill_login(page, "office.gaoqing", "not-the-Password-1")
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)
    page.goto("/z/jinan/tasks/")
    page.locator(".zone-switch summary").click()
    check(page)
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("土地")
    expect(page.locator(".palette").get_by_role("option").first).to_be_visible()
    no_violations(page, within=".palette")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    no_violations(page, within=".keys-dialog")


@pytest.mark.parametrize("address", ["/", "/z/jinan/", "/z/jinan/tasks/", "/z/jinan/map/?area=370112000000"])
def test_a_telephone_gets_the_same_accessible_page(visit: Visit, address: str) -> None:
    page = settled(visit(address, size=NARROW))
    no_violations(page)
    fits(page)
    page.locator("details.menu summary").tap()
    expect(page.locator(".menu-body")).to_be_visible()
    no_violations(page)
    fits(page)


@pytest.mark.parametrize("address", ["/", "/z/jinan/tasks/", "/z/jinan/map/"])
def test_a_page_stands_at_four_hundred_percent(visit: Visit, address: str) -> None:
    """WCAG 1.4.10: a screen of 1280 CSS pixels at 400 % has 320."""
    page = settled(visit(address, size=(320, 256)))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.evaluate(OUTSIDE)
