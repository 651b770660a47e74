"""The portal's pages: what each shows, to whom, and what it refuses."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from ronghe.kernel.accounts.models import Membership
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories
from ronghe.kernel.regions.models import OrgUnit
from ronghe.policy.models import OrderedTask, Zone
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


class Outline(HTMLParser):
    """Headings, landmarks, ids and labels of a page."""

    def __init__(self, text):
        super().__init__()
        self.headings, self.ids, self.tags, self.labelled, self.fields = [], [], [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "label":
            self.labelled.add(given.get("for"))
        if tag in ("input", "select", "textarea") and given.get("type") not in ("hidden", "submit"):
            self.fields.append(given.get("id") or given.get("aria-label"))


ADDRESSES = [
    "/", "/z/gaoqing/", "/z/gaoqing/map/", "/z/gaoqing/tasks/", "/z/gaoqing/units/", "/z/gaoqing/documents/",
    "/search?q=土地", "/search", "/help/", "/accounts/login",
]  # fmt: skip


def test_every_page_has_one_heading_of_the_first_level_one_main_and_unique_ids(client):
    for address in ADDRESSES:
        outline = Outline(page(client, address))
        assert outline.headings.count(1) == 1, address
        assert outline.tags.count("main") == 1, address
        assert len(outline.ids) == len(set(outline.ids)), address
        assert all(field in outline.labelled for field in outline.fields), address
        for before, after in zip(outline.headings, outline.headings[1:], strict=False):
            assert after <= before + 1, f"{address}: a heading of level {after} after {before}"


def test_every_page_is_in_chinese_and_names_itself(client):
    titles = []
    for address in ADDRESSES:
        text = page(client, address)
        assert '<html lang="zh-Hans' in text
        titles.append(re.search(r"<title>\s*(.*?)\s*</title>", text, re.DOTALL)[1])
    assert len(set(titles)) == len(titles)
    assert all(title.endswith("· 融合") for title in titles)


# -- home ------------------------------------------------------------------------------------------------------------


def test_the_home_shows_every_published_zone_with_its_tasks(client):
    text = page(client, "/")
    assert f"5 个试验区的实施方案，拆成 {OrderedTask.objects.count()} 项任务" in text
    for zone in Zone.objects.all():
        assert reverse("portal:zone", args=[zone.slug]) in text
    assert text.count('class="outlines"') == 5


def test_a_zone_that_is_not_published_is_nowhere(client):
    Zone.objects.filter(slug="gaoqing").update(published=False)
    assert "高青县城乡融合" not in page(client, "/")
    assert "没有名为“gaoqing”的试验区" in page(client, "/z/gaoqing/", 404)
    page(client, "/z/gaoqing/map/", 404)
    assert "高青县城乡融合" not in page(client, "/search?q=高青")


def test_an_empty_platform_says_what_to_do(client):
    Zone.objects.update(published=False)
    assert "ronghe zone load" in page(client, "/")


# -- zone ------------------------------------------------------------------------------------------------------------


def test_each_figure_of_a_zone_leads_to_the_list_behind_it(client):
    text = page(client, "/z/minhou/")
    count = OrderedTask.objects.filter(zone="minhou").count()
    assert f'<a href="/z/minhou/tasks/"><b>{count}</b>' in text
    bars = re.findall(r'<a href="(/z/minhou/tasks/\?topic=\d+)">.*?<span class="bar-n">(\d+)</span>', text, re.DOTALL)
    assert bars
    for address, number in bars:
        assert f"共 <b>{number}</b> 条" in page(client, address)


def test_the_home_of_a_zone_asks_a_fixed_number_of_questions(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        page(client, "/z/minhou/")


def test_the_navigation_shows_where_one_is(client):
    text = page(client, "/z/minhou/tasks/")
    here = re.findall(r'<a href="([^"]+)" aria-current="page">', text)
    assert set(here) == {"/z/minhou/tasks/"}
    assert "/accounts/users" not in text  # not for the public


# -- map -------------------------------------------------------------------------------------------------------------


def test_the_map_works_without_script(client):
    text = page(client, "/z/gaoqing/map/?area=370322000000")
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="outlines"' in text
    assert 'data-area="370322000000" aria-current="true"' in text
    # the plan of Gaoqing names no areas: nothing to list, and the page says why
    assert "20 项任务都没有写明区域，在整个试验区实施。" in text
    # a part of Jinan leads to the list of what holds there
    text = page(client, "/z/jinan/map/?area=370112000000")
    assert "历城区：45 项任务" in text
    assert "/z/jinan/tasks/?area=370112000000" in text


@pytest.mark.parametrize("area", ["110000000000", "<script>", "%00", "x" * 200])
def test_an_area_outside_of_the_zone_is_told_and_not_shown(client, area):
    text = page(client, f"/z/gaoqing/map/?area={area}")
    assert "<script>x" not in text
    if area != "%00":
        assert "不在这个试验区的范围内" in text


# -- search ----------------------------------------------------------------------------------------------------------


def test_search_finds_each_kind(client):
    text = page(client, "/search?q=高青县")
    for group in ("试验区", "单位", "文件", "区划"):
        assert f">{group}</h2>" in text


def test_search_in_a_zone_stays_there_until_one_leaves(client):
    inside = page(client, "/search?q=土地&zone=gaoqing")
    assert "/z/zibo/tasks/" not in inside
    assert "everywhere=1" in inside
    assert "/z/gaoqing/tasks/" in inside  # the navigation of the zone stays
    assert "/z/zibo/" in page(client, "/search?q=土地&zone=gaoqing&everywhere=1")


@pytest.mark.parametrize("query", ["", "%00", "%27%22%3Cscript%3E", "没有这样的东西", "%25", "_" * 500])
def test_search_bears_anything(client, query):
    text = page(client, f"/search?q={query}")
    assert "<script>" not in text.replace('<script type="module"', "").replace("<script defer", "")


# -- desk ------------------------------------------------------------------------------------------------------------


def test_the_desk_is_for_those_who_have_signed_in(client):
    answer = client.get("/desk/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login")


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.SYSTEM_ADMIN, "/accounts/users"),
        (Role.SECURITY_ADMIN, "/accounts/memberships"),
        (Role.AUDITOR, "/audit/"),
    ],
)
def test_the_desk_offers_each_administrator_his_own_and_no_tasks(role, offered):
    client = person(role, "370322000000").client()
    text = page(client, "/desk/")
    main = text[text.index("<main") : text.index("</main>")]
    assert f'href="{offered}' in main
    assert "本单位在" not in main


def test_the_desk_lists_the_tasks_of_ones_own_unit_and_of_its_groups():
    own = OrgUnit.objects.get(division="370100000000", name="市农业农村局")
    held = factories.user()
    Membership.objects.create(
        user=held,
        org_unit=own,
        role=Role.DEPARTMENT,
        division_id="370100000000",
        valid=factories.ALWAYS,
        granted_at=factories.NOON,
    )
    browser = Client()
    browser.force_login(held, backend="django.contrib.auth.backends.ModelBackend")
    text = page(browser, "/desk/")
    assert "本单位在济南市国家城乡融合发展试验区的任务" in text
    assert text.count("data-row") == OrderedTask.objects.filter(units__unit=own).distinct().count()


# -- everything ------------------------------------------------------------------------------------------------------


def test_pages_only_answer_questions(client):
    for address in ("/", "/z/minhou/", "/z/minhou/map/", "/search", "/help/"):
        assert client.post(address).status_code == 405, address


def test_every_page_carries_the_strict_policy_and_keeps_to_it(client):
    for address in [*ADDRESSES, "/nothing-here"]:
        answer = client.get(address)
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        text = answer.content.decode()
        assert not re.search(r"<[^>]+\sstyle=|<style|<[^>]+\son\w+=", text), address
        scripts = re.findall(r"<script([^>]*)>", text)
        assert all(" src=" in given or 'type="application/json"' in given for given in scripts), address


def test_the_search_answers_programs_and_the_palette_with_the_same_hits(client):
    groups = client.get("/api/v1/search?q=土地&zone=gaoqing").json()
    assert {group["title"] for group in groups} >= {"任务"}
    part = page_part(client, "/search?q=土地&zone=gaoqing")
    assert "<html" not in part
    assert [hit["href"] for group in groups for hit in group["hits"] if hit["href"]] == re.findall(
        r'role="option"[^>]* href="([^"]+)"', part
    )
    assert f"找到 {sum(len(group['hits']) for group in groups)} 条" in part
    assert 'data-said="没有找到“没有这样的词”"' in page_part(client, "/search?q=没有这样的词")
    assert client.get("/api/v1/search?q=土地&zone=nowhere").json()["code"] == "portal.zone_not_searched"


def page_part(client, address):
    answer = client.get(address, headers={"HX-Request": "true"})
    assert "HX-Request" in answer["Vary"]
    return answer.content.decode()
