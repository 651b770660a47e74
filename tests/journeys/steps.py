"""What people do on many ways: sign in, read a list, look at what the address says."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page, expect

#: Pages at which axe looks: it tries out inline styles, which our policy rightly refuses.
under_examination: set[Page] = set()


def sign_in(page: Page, username: str, passwords: Mapping[str, str]) -> None:
    """Through the login page, to where it leads."""
    page.goto("/accounts/login")
    fill_login(page, username, passwords[username])
    page.wait_for_url(lambda address: urlsplit(address).path != "/accounts/login")


def fill_login(page: Page, username: str, password: str) -> None:
    """Fill the login form and send it."""
    page.get_by_label("用户名", exact=True).fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="登录").click()


def rows(page: Page) -> list[str]:
    """The rows of the list on the page, each as its text without layout."""
    return [" ".join(text.split()) for text in page.locator("#list tbody tr").all_text_contents()]


def total(page: Page) -> int:
    """How many rows the list says it has."""
    return int(page.locator("#list .list-count b").inner_text().replace(",", ""))


def expect_total(page: Page, number: int) -> None:
    """Wait until the list says that it has ``number`` rows."""
    expect(page.locator("#list .list-count b")).to_have_text(f"{number:,}")


def asked(page: Page) -> dict[str, str]:
    """What the address asks, fields sent empty left out."""
    return dict(parse_qsl(urlsplit(page.url).query))
