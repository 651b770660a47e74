"""A person's ways through the pages: a web process on a database of its own, and Chromium.

Journeys commit, so each module has its own copy of the template, with the packs and the demonstration users loaded
once per session into the database that the modules' copies are made of.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from ronghe.site import assets, preparing, testing, trying

from .browser import chromium, open_browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.journey)


def _environment(database: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": testing.with_database(os.environ["DATABASE_URL"], database),
        "DATABASE_OWNER_URL": testing.with_database(os.environ["DATABASE_OWNER_URL"], database),
        "RONGHE_POOL": "8",
    }


@pytest.fixture(scope="session")
def furnished() -> Iterator[str]:
    """A database with the packs and the demonstration users."""
    testing.ensure_server()
    assets.install()
    if not preparing.static_is_current():
        preparing.run("static", dict(os.environ))
    name = testing.new_name("furnished")
    testing.clone(name)
    for command in ("load_packs", "demo_users"):
        done = subprocess.run(
            [sys.executable, "-m", "ronghe.site", command], env=_environment(name), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
    yield name
    testing.drop(name)


@pytest.fixture(scope="module")
def site(furnished: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a running site, on a database of its own for each module."""
    name = testing.new_name(request.module.__name__.rsplit(".", 1)[-1])
    testing.clone(name, furnished)
    with trying.web(_environment(name)) as address:
        yield address
    testing.drop(name)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of this machine; without one journeys are skipped, but never in CI."""
    if chromium() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have a Chromium: apt-get install chromium")
        pytest.skip("no Chromium on this machine (apt-get install chromium): journeys are skipped")
    with open_browser() as opened:
        yield opened


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """A person's browser: own cookies, Chinese, Beijing time."""
    made = browser.new_context(base_url=site, locale="zh-CN", timezone_id="Asia/Shanghai")
    made.set_default_timeout(15_000)
    yield made
    made.close()


def refusal(said: str) -> bool:
    """Whether the browser only reports that an answer was a refusal (403, 404, 409, 422), which a journey may want."""
    return re.search(r"Failed to load resource: .* status of 4\d\d", said) is not None


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """An open page; an error of a script or a breach of the content security policy fails the test."""
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on(
        "console", lambda said: faults.append(said.text) if said.type == "error" and not refusal(said.text) else None
    )
    yield opened
    assert not faults, faults
