"""A person's ways through the pages: a web process on a database of its own, and Chromium.

Journeys commit, so each module has its own copy of the template, with the packs and the demonstration users loaded
once per session into the database that the modules' copies are made of.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from ronghe.site import assets, preparing, testing, trying
from ronghe.site.processes import end_with_parent

from .browser import WIDE, chromium, open_browser, open_window
from .instance import Furnished, environment, furnish
from .steps import under_examination

#: Two cores that also run the server and the browser: what is right comes soon, but not always within five seconds.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)

Visit = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def furnished() -> Furnished:
    """The database that the modules' copies are made of, made once for all workers."""
    testing.ensure_server()
    assets.install()
    if not preparing.static_is_current():
        preparing.run("static", dict(os.environ))

    def make(folder: Path) -> None:
        folder.mkdir()
        made = furnish(testing.template_name("furnished"))
        (folder / "furnished.json").write_text(json.dumps(asdict(made)))

    return Furnished(**json.loads((testing.made_once("furnished", make) / "furnished.json").read_text()))


@pytest.fixture(scope="module")
def database(furnished: Furnished, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of its own for each module."""
    name = testing.new_name(request.module.__name__.rsplit(".", 1)[-1])
    testing.clone(name, furnished.database)
    yield name
    testing.drop(name)


@pytest.fixture(scope="module")
def site(database: str) -> Iterator[str]:
    """The address of a running site."""
    with trying.web(environment(database)) as address:
        yield address


@pytest.fixture(scope="module")
def worker(site: str, database: str) -> Iterator[None]:
    """The worker of the site's database, as ``ronghe up`` starts one."""
    parent = os.getpid()
    process = subprocess.Popen(
        [sys.executable, "-m", "ronghe.site.worker"],
        env=environment(database), stdin=subprocess.DEVNULL, preexec_fn=lambda: end_with_parent(9, parent),
    )  # fmt: skip
    yield
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of this machine; without one journeys are skipped, but never in CI.

    For a module only: Playwright keeps an event loop in the thread, in which Django refuses to touch the database.
    """
    if chromium() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have a Chromium: apt-get install chromium")
        pytest.skip("no Chromium on this machine (apt-get install chromium): journeys are skipped")
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def passwords(furnished: Furnished) -> Mapping[str, str]:
    """The passwords of the demonstration users by user name."""
    return furnished.passwords


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """Opens windows: ``visit("/help/", size=NARROW, scripts=False)``, each a person of its own with own cookies.

    An error of a script, or a breach of the content security policy, in any of them fails the test.
    """
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def visit(address: str = "/", *, size: tuple[int, int] = WIDE, scripts: bool = True) -> Page:
        window = open_window(browser, site, size=size, scripts=scripts)
        opened.append(window)
        window.set_default_timeout(PATIENCE)
        window.add_init_script(
            "document.addEventListener('securitypolicyviolation', (e) => "
            "console.error(`CSP: ${e.violatedDirective} refuses ${e.blockedURI} at ${e.sourceFile}:${e.lineNumber}`))"
        )
        page = window.new_page()

        def heard(said: ConsoleMessage) -> None:
            if said.type == "error" and page not in under_examination and not refusal(said.text):
                faults.append(said.text)

        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", heard)
        page.goto(address)
        return page

    yield visit
    for window in opened:
        window.close()
    assert not faults, faults


def refusal(said: str) -> bool:
    """Whether the browser only reports that an answer was a refusal (403, 404, 409, 422), which a journey may want."""
    return re.search(r"Failed to load resource: .* status of 4\d\d", said) is not None
