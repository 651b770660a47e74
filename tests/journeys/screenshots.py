"""``python -m tests.journeys.screenshots``: the pictures of the README, taken from a throw-away instance."""

import os
import re
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from ronghe.site import testing, trying

from .browser import NARROW, WIDE, open_browser, open_window
from .instance import environment, furnish
from .steps import sign_in

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
#: The most that one picture may weigh, in bytes: a README is read over slow lines too.
HEAVIEST = 250_000


@dataclass(frozen=True, slots=True)
class Picture:
    """One file: what address it shows, how wide, what is done first, and who has signed in."""

    name: str
    address: str
    size: tuple[int, int] = WIDE
    first: Callable[[Page], None] = lambda page: None
    user: str = ""


def live(page: Page) -> None:
    """The live map has come where the browser can show it."""
    if page.evaluate("Boolean(document.createElement('canvas').getContext('webgl2'))"):
        expect(page.locator(".map-ready")).to_be_visible()
    page.wait_for_load_state("networkidle")


def the_task_on_risk(page: Page) -> None:
    page.get_by_role("row").get_by_role("link", name="建立风险的防范、规避、应对与监管体系").click()
    page.wait_for_url(re.compile(r"/tasks/\d+/$"))


def the_clause_of_it(page: Page) -> None:
    the_task_on_risk(page)
    page.get_by_role("complementary", name="依据").get_by_role("link", name="四(三)10").click()
    page.locator("li:target").evaluate("clause => scrollBy(0, clause.getBoundingClientRect().top - 360)")


def the_first_unit(page: Page) -> None:
    page.locator("#list [data-open]").first.click()
    page.wait_for_url(re.compile(r"/registry/units/\w+/"))
    page.wait_for_load_state("networkidle")


LICHENG = "/z/jinan/map/?area=370112000000"

PICTURES = (
    Picture("home-1440", "/"),
    Picture("zone-1440", "/z/jinan/"),
    Picture("tasks-1440", "/z/jinan/tasks/?area=370112000000&duty=lead"),
    Picture("task-1440", "/z/gaoqing/tasks/?text=四(三)10", first=the_task_on_risk),
    Picture("map-1440", LICHENG, first=live),
    Picture("clauses-1440", "/z/gaoqing/tasks/?text=四(三)10", first=the_clause_of_it),
    Picture(
        "calculator-1440",
        "/library/calculators/entry.agreement_exception/"
        "?zone=qingdao&date=2026-11-26&f-area_mu=5&f-has_collective_consent=true&f-has_approval=true",
    ),
    Picture("compare-1440", "/library/compare/?matter=D4"),
    Picture("cockpit-1440", "/z/jinan/cockpit/", user="leader.jinan"),
    Picture("gantt-1440", "/z/jinan/ledger/gantt/", user="leader.jinan"),
    Picture("unit-1440", "/registry/?kind=homestead", user="ziran.gaoqing", first=the_first_unit),
    Picture("rates-1440", "/registry/rates/", user="ziran.gaoqing"),
    Picture("mine-360", "/registry/mine/", NARROW, user="farmer.gaoqing"),
    Picture("home-360", "/", NARROW),
    Picture("tasks-360", "/z/jinan/tasks/", NARROW),
    Picture("map-360", LICHENG, NARROW, live),
)


def smaller(png: bytes) -> bytes:
    """The same picture, compressed as tightly as zlib can, without what a picture does not need."""
    kept, data, place = [], b"", 8
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        body = png[place + 8 : place + 8 + length]
        if kind == b"IDAT":
            data += body
        elif kind == b"IHDR":
            kept.append((kind, body))
        place += length + 12
    kept += [(b"IDAT", zlib.compress(zlib.decompress(data), 9)), (b"IEND", b"")]
    chunks = (struct.pack(">I", len(b)) + k + b + struct.pack(">I", zlib.crc32(k + b)) for k, b in kept)
    return min(png, png[:8] + b"".join(chunks), key=len)


def take(address: str, passwords: Mapping[str, str]) -> None:
    """Take every picture from the site at ``address``."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with open_browser() as browser:
        for picture in PICTURES:
            window = open_window(browser, address, size=picture.size)
            page = window.new_page()
            if picture.user:
                sign_in(page, picture.user, passwords)
            page.goto(picture.address)
            picture.first(page)
            page.evaluate("document.fonts.ready")
            png = smaller(page.screenshot(caret="hide", animations="disabled"))
            window.close()
            if len(png) > HEAVIEST:
                raise SystemExit(f"{picture.name} weighs {len(png):,} bytes, at most {HEAVIEST:,} are agreed")
            (IMAGES / f"{picture.name}.png").write_bytes(png)
            print(f"docs/images/{picture.name}.png  {len(png) / 1000:.0f} kB")


def main() -> None:
    """On a server of its own, removed at the end."""
    session = testing.TestServer()
    try:
        session.make_ready()
        made = furnish(testing.new_name("pictures"))
        with trying.web(environment(made.database)) as address:
            take(address, made.passwords)
    finally:
        session.close()
        os.environ.pop("RONGHE_TEST_TEMPLATE", None)


if __name__ == "__main__":
    main()
