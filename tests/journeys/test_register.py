"""At the register: a village's survey with three faults, mended, noticed, entered and certified; a homestead divided, while
last year's page still shows last year; a seized parcel that refuses a transfer; a farmer who proves a right by telephone."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Page

from .conftest import Visit
from .steps import sign_in

pytestmark = pytest.mark.usefixtures("worker")


def entered(
    visit: Visit, username: str, passwords: Mapping[str, str], at: str, size: tuple[int, int] | None = None
) -> Page:
    page = visit("/accounts/login", size=size) if size else visit("/accounts/login")
    sign_in(page, username, passwords)
    page.goto(at)
    return page
