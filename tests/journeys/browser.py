"""A real browser for the journeys and the screenshots."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, sync_playwright

#: The desk of an office, and the smallest telephone that we draw for.
WIDE = (1440, 900)
NARROW = (360, 740)

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=zh-CN",
]  # fmt: skip


def chromium() -> str | None:
    """Chromium of this machine: ``CHROMIUM``, or one in the usual places."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    return next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )


@contextmanager
def open_browser() -> Iterator[Browser]:
    """The browser, closed at the end."""
    # The browser's own words, as in a date field, are in the language of its surroundings.
    surroundings: dict[str, str | float | bool] = {**os.environ, "LANGUAGE": "zh_CN"}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS, env=surroundings, headless=True)
        yield browser
        browser.close()


def open_window(
    browser: Browser, address: str, *, size: tuple[int, int] = WIDE, scripts: bool = True
) -> BrowserContext:
    """A person's window on the site: own cookies, Chinese, Beijing time; the narrow one is touched with a finger."""
    width, height = size
    return browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, java_script_enabled=scripts,
        has_touch=width < 768, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce",
    )  # fmt: skip
