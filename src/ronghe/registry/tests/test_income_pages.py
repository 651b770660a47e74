"""Pages and API of 集体收益分配权: who may open them, what they tell, what they refuse."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from ronghe.kernel import clock
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories as accounts
from ronghe.mechanisms.casework.models import Case
from tests.people import person

from ..income_table import table
from ..models import IncomeApplication, IncomeCertificate, IncomeLine, IncomeRight
from .incomes import LATER, Village

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

FIRST = {
    "source_title": "股权设置成员大会决议", "source_number": "决 1 号", "source_issued_on": "2026-11-01",
    "counted_on": "2026-11-20", "total": "300", "per_member": "", "management": "static",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _later(monkeypatch):
    """The pages are read after the entry."""
    monkeypatch.setattr(clock, "now", lambda: LATER + timedelta(days=10))


@pytest.fixture
def village(settings, tmp_path) -> Village:
    settings.MEDIA_ROOT = tmp_path
    return Village(told_for=False)


@pytest.fixture
def standing(village) -> Village:
    """A village whose shares are entered."""
    village.entered()
    return village


def text(answer) -> str:
    return answer.content.decode()


def of(village: Village, more: str = "") -> str:
    return f"/registry/income/{village.collective.pk}/{more}"


def test_who_may_open_what(standing):
    certificate = IncomeCertificate.objects.get(holder=standing.first)
    case = IncomeApplication.objects.get()
    pages = [
        "/registry/income/", of(standing), of(standing, f"holders/{standing.first.pk}/"), of(standing, "first"),
        of(standing, f"change?holder={standing.first.pk}"), f"/registry/income-cases/{case.pk}/",
        f"/registry/income-cases/{case.pk}/table.xlsx", f"/registry/income-certificates/{certificate.pk}/",
    ]  # fmt: skip
    window, elsewhere, stranger = standing.window.client(), standing.elsewhere.client(), Client()
    admin = person(Role.SYSTEM_ADMIN, accounts.COUNTY).client()
    for page in pages:
        assert window.get(page).status_code == 200, page
        assert stranger.get(page).status_code == 302, page
        assert admin.get(page).status_code == 403, page
        if page != "/registry/income/":
            assert elsewhere.get(page).status_code == 404, page
        assert "演示大" not in text(elsewhere.get(page)), page


def test_a_first_registration_is_opened_filled_in_and_held_against_the_rule(village):
    client = village.window.client()
    assert "尚未设置" in text(client.get("/registry/income/"))
    assert "首次登记" in text(client.get(of(village)))
    assert "3 人在 2 户" in text(client.get(of(village, "first")))
    refused = client.post(of(village, "first"), {**FIRST, "total": "三百"})
    assert refused.status_code == 422
    assert "写成数字" in text(refused)
    assert client.post(of(village, "first"), {**FIRST, "total": ""}).status_code == 422
    made = client.post(of(village, "first"), FIRST)
    assert made.status_code == 302
    page = made["Location"]
    shown = text(client.get(page))
    assert "与总份数相等" in shown
    assert "可以登记" in shown
    changed = client.post(
        f"{page}lines", {"total": "300", f"s{village.first.pk}": "150.5", f"s{village.second.pk}": "100"}
    )
    assert changed["Location"] == page
    shown = text(client.get(page))
    assert "比总份数少 49.50 份" in shown
    assert "还不能登记" in shown
    for name in (f"s{village.first.pk}", "total"):
        wrong = client.post(f"{page}lines", {name: "很多"})
        assert wrong.status_code == 422
        assert "没有保存" in text(wrong)
    assert IncomeLine.objects.get(household=village.first).shares_hundredths == 150_50
    assert client.post(f"{page}lines", {"s999999": "1"}).status_code == 422
    assert client.post(f"{page}recount", {"counted_on": "明天"}).status_code == 422
    assert client.post(f"{page}recount", {"counted_on": "2026-11-21"}).status_code == 302
    assert IncomeLine.objects.get(household=village.first).shares_hundredths == 200_00
    assert client.post(of(village, "first"), FIRST).status_code == 409
    assert "在办的办件" in text(client.get(of(village)))


def test_a_list_is_downloaded_filled_in_and_comes_back_marked(village):
    client = village.window.client()
    page = client.post(of(village, "first"), FIRST)["Location"]
    book = load_workbook(BytesIO(client.get(f"{page}table.xlsx").content))
    assert [cell.value for cell in next(book.active.iter_rows())] == ["编号", "农户", "在册的在世成员", "份额"]

    def give(content):
        return client.post(f"{page}upload", {"file": SimpleUploadedFile("清单.xlsx", content)})

    bad = give(table([(village.first.pk, village.first.name, 2, 1), (0, "谁", 1, 1)]))
    assert bad.status_code == 422
    assert "第 3 行“编号”" in text(bad)
    marked = load_workbook(BytesIO(b"".join(client.get(f"{page}marked.xlsx"))))
    assert "错误说明" in [cell.value for cell in next(marked.active.iter_rows())]
    assert give(b"no workbook").status_code == 422
    assert client.post(f"{page}upload").status_code == 422
    assert give(table([(village.first.pk, village.first.name, 2, 210_00)])).status_code == 302
    assert IncomeLine.objects.get(household=village.first).shares_hundredths == 210_00


def test_a_collective_is_shown_as_of_a_day_with_its_rate_and_history(standing):
    client, day = standing.window.client(), LATER.date()
    here = text(client.get(f"{of(standing)}?day={day}"))
    assert "300 份" in here
    assert "100.0%" in here
    assert standing.first.name in here
    assert "还没有登记股权设置" in text(client.get(f"{of(standing)}?day=2026-11-01"))
    assert client.get(f"{of(standing)}?day={day}&export=xlsx").status_code == 200
    for sort in ("holder", "-shares", "since", "cause"):
        assert client.get(f"{of(standing)}?day={day}&sort={sort}").status_code == 200
    for sort in ("name", "village", "-total", "households", "certified"):
        assert client.get(f"/registry/income/?sort={sort}").status_code == 200
    assert standing.collective.name in text(client.get(f"/registry/income/?text={standing.first.name}"))
    history = text(client.get(of(standing, f"holders/{standing.first.pk}/")))
    assert "首次登记" in history
    assert client.get(of(standing, f"holders/{standing.stranger.pk}/")).status_code == 404


def test_a_change_is_asked_for_on_the_page(standing):
    client = standing.window.client()
    page = of(standing, f"change?holder={standing.first.pk}")
    assert standing.second.name in text(client.get(page))
    given = {
        "cause": "sale", "shares": "50", "taker": standing.second.pk, "holder_applies": "on", "source_title": "转让协议",
        "source_issued_on": "2026-11-20",
    }  # fmt: skip
    assert client.post(page, {**given, "shares": "201"}).status_code == 422
    made = client.post(page, given)
    assert made.status_code == 302
    shown = text(client.get(made["Location"]))
    assert "可以登记" in shown
    assert client.get(of(standing, "change?holder=x")).status_code == 404


def test_a_certificate_is_printed_from_its_page(standing):
    client, found = standing.window.client(), IncomeCertificate.objects.get(holder=standing.first)
    page = f"/registry/income-certificates/{found.pk}/"
    assert found.number in text(client.get(page))
    assert client.post(f"{page}print").status_code == 302
    found.refresh_from_db()
    assert found.paper is not None
    checked = text(Client().get(f"/papers/check/{found.paper.code}/", follow=True))
    assert "200 份" in checked
    assert standing.first.name not in checked


def test_a_farmer_sees_what_stands_in_his_households_name(standing):
    mandate = accounts.mandate(party=standing.head)
    client = Client()
    client.force_login(mandate.user, "django.contrib.auth.backends.ModelBackend")
    shown = text(client.get("/registry/mine/"))
    assert "有 <strong>200 份</strong>" in shown
    assert "集体一共 300 份" in shown
    assert client.get(of(standing)).status_code == 403
    own = client.get("/api/v1/registry/income/mine").json()
    assert [one["shares"] for one in own] == ["200.00"]


# -- the API -----------------------------------------------------------------------------------------------------------


def test_the_api_opens_fills_in_and_reads_the_same(village):
    client = village.window.client()
    base = f"/api/v1/registry/income/{village.collective.pk}"
    origin = {"title": "决议", "issued_on": "2026-11-01"}
    made = client.post(
        f"{base}/first", {"counted_on": "2026-11-20", "total": "300", "origin": origin}, "application/json"
    )
    assert made.status_code == 201, made.content
    case = made.json()
    assert case["may_be_entered"] is True
    lines = client.get(f"/api/v1/registry/income-cases/{case['case']}/lines").json()["items"]
    assert sorted(one["shares"] for one in lines) == ["100.00", "200.00"]
    put = client.put(
        f"/api/v1/registry/income-cases/{case['case']}/lines",
        {"items": [{"household": village.first.pk, "shares": "200.01"}]}, "application/json",
    )  # fmt: skip
    assert put.json()["may_be_entered"] is False
    assert any("相差 0.01 份" in finding for finding in put.json()["findings"])
    wrong = client.post(
        f"{base}/first", {"counted_on": "2026-11-20", "total": "300.001", "origin": origin}, "application/json"
    )
    assert wrong.status_code == 422
    again = client.post(
        f"{base}/first", {"counted_on": "2026-11-20", "total": "300", "origin": origin}, "application/json"
    )
    assert again.status_code == 409
    assert again.json()["code"] == "registry.income_case_open"
    assert village.elsewhere.client().get(f"/api/v1/registry/income-cases/{case['case']}").status_code == 404


def test_the_api_tells_who_holds_what_and_takes_in_a_change(standing):
    client = standing.window.client()
    base = f"/api/v1/registry/income/{standing.collective.pk}"
    day = LATER.date()
    [row] = client.get(f"/api/v1/registry/income?day={day}").json()["items"]
    assert (row["total"], row["households"], row["certified"]) == ("300.00", 2, 2)
    items = client.get(f"{base}?day={day}").json()["items"]
    assert sorted(one["shares"] for one in items) == ["100.00", "200.00"]
    assert all(one["certificate"] for one in items)
    assert client.get(f"{base}?day=2026-11-01").json()["items"] == []
    made = client.post(
        f"{base}/changes",
        {
            "holder": standing.first.pk, "cause": "sale", "shares": "1.50", "taker": standing.stranger.pk,
            "origin": {"title": "协议", "issued_on": "2026-11-20"},
        },
        "application/json",
    )  # fmt: skip
    assert made.status_code == 201, made.content
    assert made.json()["may_be_entered"] is False
    assert any("量化到本集体成员" in finding for finding in made.json()["findings"])
    assert Case.objects.get(pk=made.json()["case"]).procedure == "registry.income_transfer"
    assert IncomeRight.objects.current().count() == 2
