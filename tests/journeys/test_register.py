"""At the register: a village's survey with three faults, mended, noticed, entered and certified; a homestead divided, while
last year's page still shows last year; a seized parcel that refuses a transfer; a farmer who proves a right by telephone."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .browser import NARROW
from .conftest import Visit
from .instance import environment
from .steps import sign_in
from .test_every_page import check, fits

pytestmark = pytest.mark.usefixtures("worker")

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"

#: Where the surveyed village lies, its files with faults and without, and a homestead without a house with its two halves.
FACTS = """
import json, shapely
from ronghe.registry import demo
from ronghe.registry.models import BAUnit, Restriction, Right, SpatialUnitVersion
from ronghe.registry.rules.kinds import RestrictionKind
from ronghe.kernel.regions.models import Division
from ronghe.kernel.accounts.models import Membership
town = Membership.objects.get(user__username="window.gaoqing").division_id
having = BAUnit.objects.values("division")
village = Division.objects.below(town).filter(level="village").exclude(pk__in=having).order_by("code")[0]
own = BAUnit.objects.filter(division__ancestors__ancestor=town, kind="homestead", ended_on=None, code__contains="W0000")
unit = own.order_by("code")[0]
form = SpatialUnitVersion.objects.current().get(spatial_unit__baunits__baunit=unit)
west, south, east, north = form.geometry.bounds
middle = (west + east) / 2
half = round(float(form.registered_area_m2) / 2, 2)
def part(a, b, area):
    ring = [[a, south], [b, south], [b, north], [a, north], [a, south]]
    return {"type": "Feature", "properties": {"登记面积": area}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
parts = [part(west, middle, half), part(middle, east, round(float(form.registered_area_m2) - half, 2))]
seized = Restriction.objects.current().filter(kind=RestrictionKind.SEIZURE).select_related("baunit")[0].baunit.code
taker = Right.objects.current().filter(party__kind="household").exclude(baunit__code=seized).order_by("pk")[0].party
print(json.dumps({
    "village": village.code, "faulty": demo.survey_file(village, faults=True).decode(),
    "mended": demo.survey_file(village, faults=False).decode(), "unit": unit.code, "seized": seized,
    "taker": f"{taker.name} {taker.pk}",
    "halves": {"type": "FeatureCollection", "features": parts},
}))
"""
#: The days of a notice pass: the clock looks at it two months later.
LATER = """
from datetime import timedelta
from ronghe.kernel import clock
from ronghe.mechanisms.casework.services import end_due_notices
print(end_due_notices(at=clock.now() + timedelta(days=60)))
"""


def inside(database: str, words: str) -> str:
    """What a few words of Python say in a process of the instance."""
    begin = "import django; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", begin + words], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        env=environment(database) | {"DJANGO_SETTINGS_MODULE": "ronghe.site.settings"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def facts(database: str) -> dict[str, Any]:
    return dict(json.loads(inside(database, FACTS)))


def entered(
    visit: Visit, username: str, passwords: Mapping[str, str], at: str, size: tuple[int, int] | None = None
) -> Page:
    page = visit("/accounts/login", size=size) if size else visit("/accounts/login")
    sign_in(page, username, passwords)
    page.goto(at)
    return page


def given(page: Page, label: str, name: str, content: str) -> None:
    page.get_by_label(label, exact=True).set_input_files(
        {"name": name, "mimeType": "application/geo+json", "buffer": content.encode()}
    )


def hand_in(page: Page) -> None:
    """Attach whatever the step asks for."""
    for n in range(page.locator("fieldset.material").count()):
        box = page.locator("fieldset.material").nth(n)
        if "必交" in box.inner_text() and box.locator(".material-file").count() == 0:
            box.locator("input[type=file]").set_input_files(
                {"name": "材料.pdf", "mimeType": "application/pdf", "buffer": PDF}
            )
            box.get_by_role("button", name="上传").click()


def act(page: Page, case: str, button: str) -> None:
    page.goto(case)
    hand_in(page)
    page.get_by_role("button", name=button, exact=True).click()


def test_a_survey_with_three_faults_is_mended_noticed_entered_and_certified(
    visit: Visit, passwords: Mapping[str, str], facts: dict[str, Any], database: str
) -> None:
    # given a file in which two parcels overlap, one crosses itself and one states a hundredth of its area
    window = entered(visit, "window.gaoqing", passwords, "/registry/surveys/new")
    check(window)
    window.get_by_label("村（或镇、区县）").fill(facts["village"])
    window.get_by_label("调查单位").fill("演示测绘队")
    window.get_by_label("调查日期").fill((date.today() - timedelta(days=9)).isoformat())
    window.get_by_label("登簿时登记新的权利人").check()
    given(window, "调查成果", "调查.geojson", facts["faulty"])
    window.get_by_label("坐标系").select_option("EPSG:4490")
    window.get_by_role("button", name="上传并核对").click()
    expect(window.get_by_text("宗有错，整批都不能登记")).to_be_visible(timeout=90_000)
    for fault in ("重叠", "自相交", "100 倍"):
        expect(window.locator("#findings + ul")).to_contain_text(fault)
    check(window)
    batch = window.url
    # when it is mended
    window.get_by_role("link", name="重新上传").click()
    given(window, "调查成果", "调查.geojson", facts["mended"])
    window.get_by_label("坐标系").select_option("EPSG:4490")
    window.get_by_label("登簿时登记新的权利人").check()
    window.get_by_role("button", name="上传并核对").click()
    expect(window.locator(".notice-success, [id^=judge-]").first).to_be_visible(timeout=90_000)
    while window.locator("[id^=judge-]").count():
        card = window.locator("section:has([id^=judge-])").first
        card.get_by_label(re.compile("^这一类全部")).check()
        card.get_by_label("判定理由", exact=True).fill("已现场核实，符合规划。")
        card.get_by_role("button", name="记录判定").click()
    window.get_by_role("button", name="提交审核").click()
    expect(window.get_by_role("link", name="查看办件")).to_be_visible()
    case = str(window.get_by_role("link", name="查看办件").get_attribute("href"))
    # then another examines it, the public is told, a third enters it
    registrar = entered(visit, "ziran.gaoqing", passwords, case)
    check(registrar)
    act(registrar, case, "审核通过，公告")
    public = visit("/cases/notices/")
    expect(public.get_by_text("批量首次登记").first).to_be_visible()
    inside(database, LATER)
    second = entered(visit, "ziran2.gaoqing", passwords, case)
    act(second, case, "登簿")
    second.goto(batch)
    expect(second.get_by_text("整批登簿")).to_be_visible(timeout=90_000)
    # and each parcel has its certificate
    second.goto(f"/registry/?place={facts['village']}&certified=yes")
    expect(second.locator("#list tbody tr")).to_have_count(12)
    check(second)


def test_a_homestead_is_divided_and_last_years_page_still_shows_last_year(
    visit: Visit, passwords: Mapping[str, str], facts: dict[str, Any]
) -> None:
    unit = f"/registry/units/{facts['unit']}/"
    window = entered(visit, "window.gaoqing", passwords, f"{unit}apply/split")
    check(window)
    given(window, "分割后的界址（GeoJSON）", "分割.geojson", json.dumps(facts["halves"], ensure_ascii=False))
    window.get_by_label("材料名称").fill("分户协议")
    window.get_by_label("形成日期").fill((date.today() - timedelta(days=3)).isoformat())
    window.get_by_role("button", name=re.compile("^提出")).click()
    expect(window.get_by_text("已提出申请")).to_be_visible()
    case = window.url
    act(window, case, "提交申请")
    act(window, case, "受理")
    act(entered(visit, "ziran.gaoqing", passwords, case), case, "审核通过")
    second = entered(visit, "ziran2.gaoqing", passwords, case)
    act(second, case, "登簿")
    # the unit has ended; what followed is led to, and last year is as it was
    second.goto(unit)
    expect(second.locator(".record-line, main").first).to_contain_text("终止")
    check(second)
    second.goto(f"{unit}?on={date.today().replace(year=date.today().year - 1)}")
    expect(second.get_by_text("宅基地使用权").first).to_be_visible()
    expect(second.locator("main")).to_contain_text("有效")
    check(second)


def test_a_seized_parcel_refuses_a_transfer_and_says_why(
    visit: Visit, passwords: Mapping[str, str], facts: dict[str, Any]
) -> None:
    page = entered(visit, "ziran.gaoqing", passwords, f"/registry/units/{facts['seized']}/")
    expect(page.locator("main")).to_contain_text("查封")
    check(page)
    page.goto(f"/registry/units/{facts['seized']}/apply/transfer")
    expect(page.get_by_text("已被查封")).to_be_visible()
    page.get_by_label("登记给（权利人）").fill(facts["taker"])
    page.get_by_label("双方共同申请").check()
    page.get_by_label("材料名称").fill("转让协议")
    page.get_by_label("形成日期").fill(date.today().isoformat())
    page.get_by_role("button", name=re.compile("^提出")).click()
    expect(page.get_by_role("alert").first).to_contain_text("已被查封，查封解除前不能办理")
    check(page)


def test_a_farmer_proves_a_right_with_a_telephone(visit: Visit, passwords: Mapping[str, str]) -> None:
    farmer = entered(visit, "farmer.gaoqing", passwords, "/registry/mine/", NARROW)
    expect(farmer.get_by_role("heading", name="宅基地使用权").first).to_be_visible()
    fits(farmer)
    farmer.get_by_role("button", name="出具证明").click()
    expect(farmer.get_by_role("link", name="核验页")).to_be_visible()
    fits(farmer)
    check_page = str(farmer.get_by_role("link", name="核验页").get_attribute("href"))
    # whoever is shown the paper checks it
    stranger = visit("/" + check_page.split("/", 3)[-1], size=NARROW)
    expect(stranger.get_by_text("有效。", exact=True)).to_be_visible()
    fits(stranger)


def test_a_farmer_applies_for_a_daughter_with_a_telephone_and_the_counter_returns_it(
    visit: Visit, passwords: Mapping[str, str]
) -> None:
    farmer = entered(visit, "farmer.gaoqing", passwords, "/registry/mine/", NARROW)
    farmer.get_by_role("link", name="申请确认成员身份").click()
    expect(farmer.get_by_role("heading", name="要准备的材料")).to_be_visible()
    fits(farmer)
    farmer.get_by_role("button", name="下一步").click()
    expect(farmer.get_by_role("alert")).to_contain_text("请填写或选择这一项")
    fits(farmer)
    farmer.get_by_role("radio", name="孙立秋").check()
    farmer.get_by_label("从哪一天算起").fill((date.today() - timedelta(days=200)).isoformat())
    farmer.get_by_label("怎么成为本村人的").select_option("成员生育")
    farmer.get_by_role("button", name="下一步").click()
    expect(farmer.get_by_text("申请已建立，还没有提交")).to_be_visible()
    case = farmer.url
    fits(farmer)
    act(farmer, case, "提交申请")
    expect(farmer.get_by_text("已经提交，现在由")).to_be_visible()
    # at the counter it lies among what waits, and goes back with what is lacking
    window = entered(visit, "window.gaoqing", passwords, "/cases/")
    window.get_by_role("link", name=re.compile("孙立秋确认成员身份")).first.click()
    window.locator("#reason").fill("户口簿缺户主页，请补拍一张。")
    window.get_by_role("button", name="退回本人补正", exact=True).click()
    farmer.goto(case)
    expect(farmer.get_by_text("户口簿缺户主页").first).to_be_visible()
    fits(farmer)
