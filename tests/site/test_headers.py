"""What stands around every answer: headers, cookies, hashed names; whatever the page and whoever asks."""

import re
from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client, override_settings
from django.urls import reverse

from ronghe.kernel.accounts.roles import Role
from ronghe.policy.models import Zone
from tests.people import Person, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

#: Public pages and answers of each kind, errors included.
ADDRESSES = [
    "/", "/help/", "/search", "/search?q=土地", "/accounts/login", "/z/jinan/", "/z/jinan/map/", "/z/jinan/tasks/",
    "/z/jinan/tasks/?export=xlsx", "/z/jinan/units/", "/z/jinan/documents/", "/layers/", "/layers/county-boundaries.geojson",
    "/tiles/county-boundaries/0/0/0.mvt", "/api/v1/zones", "/api/v1/openapi.json", "/healthz",
    "/no/such/page", "/z/atlantis/", "/api/v1/zones/atlantis", "/desk/", "/accounts/users", "/audit/events",
]  # fmt: skip


@pytest.fixture
def office(db) -> Person:
    return person(Role.ZONE_OFFICE, Zone.objects.get(pk="jinan").seat_id)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_headers_of_safety(client, address):
    answer = client.get(address)
    assert answer.status_code in (200, 302, 403, 404)
    policy = answer.headers.get("Content-Security-Policy", "")
    rules = {words[0]: words[1:] for part in policy.split(";") if (words := part.split())}
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == ["'self'"]
    assert rules["frame-ancestors"] == rules["base-uri"] == ["'none'"]
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_who_looks_gets_no_cookie_of_a_session(client, address):
    assert settings.SESSION_COOKIE_NAME not in client.get(address).cookies


def test_cookies_are_closed_to_scripts_and_to_other_sites(office):
    client = Client()
    cookies: SimpleCookie = client.get("/accounts/login").cookies
    signed_in = office.client()
    cookies.update(signed_in.get("/desk/").cookies)
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= set(cookies)
    for cookie in cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key
        assert cookie["path"] == "/", cookie.key
    session = cookies[settings.SESSION_COOKIE_NAME]
    assert not session["expires"], "it ends with the browser"
    assert not session["max-age"]


@override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True)
def test_behind_https_cookies_go_over_https_only(office):
    cookies = office.client().get("/desk/").cookies
    assert cookies
    assert all(cookie["secure"] for cookie in cookies.values())


@pytest.mark.parametrize("address", ["/desk/", "/accounts/me"])
def test_what_is_not_public_is_kept_by_no_browser(office, address):
    answer = office.client().get(address)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Cookie" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "address", ["/", "/z/jinan/", "/z/jinan/tasks/", "/z/jinan/map/", "/accounts/login", "/no/such/page"]
)
def test_every_style_sheet_script_and_image_has_its_hash_in_its_name_and_exists(client, address):
    text = client.get(address).content.decode()
    named = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', text))
    assert len(named) > 3
    for file in named:
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", file), (
            f"{file} may be kept for ever by browsers only under a hashed name"
        )
        assert (settings.STATIC_ROOT / file.removeprefix(settings.STATIC_URL)).is_file(), file


def test_a_script_names_the_scripts_it_imports_by_their_hashed_names(client):
    page = client.get("/z/jinan/map/").content.decode()
    waiting = re.findall(r'src="/static/(portal/map\.[^"]+)"', page)
    found = set()
    while waiting:
        name = waiting.pop()
        found.add(re.sub(r"\.[0-9a-f]{12}\.js$", "", name))
        text = (settings.STATIC_ROOT / name).read_text("utf-8")
        waiting += [f"portal/{other}" for other in re.findall(r'^import .* from "\./(.+)";$', text, re.MULTILINE)]
    assert found == {"portal/map", "portal/map-measure", "portal/map-figures", "portal/map-overlays"}


def test_no_page_names_another_site(client):
    for address in ADDRESSES:
        answer = client.get(address)
        if answer.headers["Content-Type"].startswith("text/html"):
            text = answer.content.decode()
            assert not re.findall(r'(?:src|href|action|content)="(?:https?:)?//[^"]+', text), address


def test_every_static_file_of_ours_is_named_somewhere():
    """A style sheet or script that no page names is dead."""
    from tests.house import source

    ours = [p for p in source.tracked() if "static" in p.parts and p.is_relative_to(source.SRC)]
    texts = "\n".join(
        p.read_text("utf-8") for p in source.tracked()
        if p.is_relative_to(source.SRC) and p.suffix in {".html", ".py", ".css", ".js"}
    )  # fmt: skip
    unused = [p.name for p in ours if p.name not in texts]
    assert not unused
    assert all(finders.find(str(p).rpartition("/static/")[2]) for p in ours)


@pytest.mark.parametrize("name", ["tasks", "task", "documents", "document", "clauses", "units", "unit"])
def test_a_page_of_a_plan_cannot_be_written(client, name):
    given = {"task": [1], "document": ["plan"], "clauses": ["plan"], "unit": [1]}.get(name, [])
    assert client.post(reverse(f"policy:{name}", args=["jinan", *given])).status_code == 405


@pytest.mark.parametrize("address", ["/", "/search", "/help/", "/desk/", "/z/jinan/", "/z/jinan/map/", "/layers/"])
def test_a_page_that_only_reads_cannot_be_written(client, address):
    assert client.post(address).status_code == 405


def test_a_foreign_host_name_is_refused_with_400(client):
    answer = client.get("/help/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    told = client.get("/api/v1/zones", headers={"Host": "elsewhere.example"})
    assert told.status_code == 400
    assert told.headers["Content-Type"] == "application/problem+json"
    assert told.json()["code"] == "ronghe.bad_request"
