"""Pages of trials: who may open them, what a person sees on the way from a table to a row's reasons."""

import io

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncClient, Client
from django.urls import reverse
from openpyxl import load_workbook

from ronghe.kernel.accounts.roles import Role
from ronghe.mechanisms.trials import demo, running
from ronghe.mechanisms.trials.models import FactTable, Trial
from ronghe.policy.models import Zone
from tests.people import person

from .factories import AREA_MAX, CODE, FIVE, HEAD, NOON, ran, rule, trial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

ASKED = {"rule": CODE, "zone": "qingdao", "date": "2026-11-22"}
NEW = "/trials/new"


@pytest.fixture
def office(db) -> Client:
    return person(Role.ZONE_OFFICE, Zone.objects.get(pk="qingdao").seat_id).client()


def upload(text: str, name: str = "宗地.csv") -> dict[str, object]:
    return {**ASKED, "source": "file", "table": SimpleUploadedFile(name, text.encode())}


def test_a_table_becomes_a_queued_trial(office):
    answer = office.post(NEW, {**upload(FIVE), f"set-{AREA_MAX}": "8", "subject": "面积上限 5 亩改 8 亩"})
    made = Trial.objects.get()
    assert answer.headers["Location"] == f"/trials/{made.pk}/"
    assert (made.state, made.row_count, made.changed) == ("queued", 5, [AREA_MAX])
    page = office.get(f"/trials/{made.pk}/").content.decode()
    assert "排队中：0 / 5 行" in page
    assert f'hx-get="/trials/{made.pk}/progress"' in page


def test_the_page_of_a_trial_tells_who_gains(office):
    made = ran()
    page = office.get(f"/trials/{made.pk}/").content.decode()
    assert "通过的由 1 行增加到 2 行" in page
    assert f"/trials/{made.pk}/rows/?change=gained" in page
    assert "<b>8 亩</b>" in page
    assert made.table.rows_digest in page


def test_the_progress_of_a_trial_that_is_over_calls_for_the_page(office):
    waiting = trial()
    fragment = office.get(f"/trials/{waiting.pk}/progress")
    assert "HX-Refresh" not in fragment.headers
    assert 'hx-trigger="every 1s"' in fragment.content.decode()
    running.run_trial(trial_id=waiting.pk, now=lambda: NOON)
    assert office.get(f"/trials/{waiting.pk}/progress").headers["HX-Refresh"] == "true"


def test_a_row_tells_its_reasons_under_both_sets(office):
    made = ran()
    page = office.get(f"/trials/{made.pk}/rows/3/").content.decode()
    assert "7.5 亩 &gt; 协议入市的面积上限 5 亩" in page
    assert "7.5 亩 ≤ 协议入市的面积上限 8 亩" in page
    assert "试算设定，没有生效" in page
    assert "转为通过" in page
    assert "无法重新推导" not in page
    assert "与试算当时不同" not in page


def test_what_a_row_lacks_is_named(office):
    page = office.get(f"/trials/{ran().pk}/rows/6/").content.decode()
    assert "事实“宗地面积”表格里没有填" in page


def test_the_rows_are_narrowed_and_exported(office):
    made = ran()
    page = office.get(f"/trials/{made.pk}/rows/", {"change": "gained"}).content.decode()
    assert "乙" in page
    assert "丙" not in page
    book = load_workbook(io.BytesIO(office.get(f"/trials/{made.pk}/rows/?export=xlsx").content))
    assert [row[1] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == list("甲乙丙丁戊")


def test_the_csv_holds_facts_and_results_and_no_formula():
    made = ran(FIVE.replace("甲", "=1+1"))
    who = person(Role.ZONE_OFFICE, Zone.objects.get(pk="qingdao").seat_id)
    browser = AsyncClient()
    browser.force_login(who.user, "django.contrib.auth.backends.ModelBackend")

    async def get(address: str) -> str:
        answer = await browser.get(address)
        return b"".join([piece async for piece in answer.streaming_content]).decode("utf-8-sig")

    lines = async_to_sync(get)(f"/trials/{made.pk}/rows.csv").splitlines()
    assert lines[0] == (
        "行号,名称,宗地面积（亩）,属于零星地块,已经农村集体同意,已经批准机关批准,"
        "现行结论,现行结果,试算结论,试算结果,变化"
    )
    assert lines[1] == "2,'=1+1,4.5,否,是,是,通过,,通过,,不变"
    assert lines[2] == "3,乙,7.5,否,是,是,未通过,,通过,,转为通过"
    assert len(lines) == 6
    assert len(async_to_sync(get)(f"/trials/{made.pk}/rows.csv?change=gained").splitlines()) == 2


def test_a_faulty_table_is_refused_whole_with_every_place(office):
    faulty = HEAD + "甲,五亩,否,是,是\n乙,3,也许,是,是\n丙,-1,否,是,是\n丁,2,否,是,是\n"
    answer = office.post(NEW, upload(faulty))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "有 3 处要改，没有载入任何一行" in page
    for told in (
        "第 2 行“宗地面积（亩）”：“五亩”不是数值",
        "第 3 行“属于零星地块”：“也许”不是“是”或“否”",
        "不能小于 0",
    ):
        assert told in page
    assert not Trial.objects.exists()
    assert not FactTable.objects.exists()


def test_a_wrong_value_of_a_parameter_is_told_beside_it(office):
    answer = office.post(NEW, {**upload(FIVE), f"set-{AREA_MAX}": "8.5亩"})
    assert answer.status_code == 422
    assert "参数“协议入市的面积上限”的试算值写得不对" in answer.content.decode()
    assert not FactTable.objects.exists()


def test_the_same_table_is_tried_again_without_a_second_upload(office):
    first = ran()
    page = office.get(NEW, {**ASKED, "from": first.pk}).content.decode()
    assert "用上次的表格" in page
    office.post(NEW, {**ASKED, "from": first.pk, "source": "kept", f"set-{AREA_MAX}": "10"})
    again = Trial.objects.exclude(pk=first.pk).get()
    assert again.table_id == first.table_id
    assert again.given_b[0]["written"] == ["10"]


def test_the_demonstration_is_known_again_and_marked(office):
    content = office.get(f"/trials/demo/{CODE}.csv").content
    assert content == demo.table(rule())
    office.post(NEW, {**ASKED, "source": "file", "table": SimpleUploadedFile("mine.csv", content)})
    made = Trial.objects.get()
    assert (made.row_count, made.table.is_demo) == (demo.ROWS, True)
    assert "演示数据" in office.get(f"/trials/{made.pk}/").content.decode()


def test_the_template_offers_the_choices_and_is_a_table_that_can_be_read(office):
    content = office.get(f"/trials/template/{CODE}.xlsx").content
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == HEAD.strip().split(",")
    assert {v.formula1 for v in sheet.data_validations.dataValidation} == {'"是,否"'}


def test_cancelling_keeps_what_was_computed(office):
    waiting = trial()
    answer = office.post(f"/trials/{waiting.pk}/cancel", follow=True)
    assert "已取消" in answer.content.decode()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.summary["groups"]) == ("cancelled", [])
    assert office.get(f"/trials/{waiting.pk}/rows/").status_code == 200


@pytest.mark.parametrize("name", ["trials", "new"])
def test_strangers_are_led_to_the_login(client, name):
    assert client.get(reverse(f"trials:{name}")).status_code == 302


def test_who_has_no_zone_below_is_told_so(db):
    town = person(Role.TOWN_WINDOW, "370285000000")
    page = town.client().get(NEW).content.decode()
    assert "没有可以试算的试验区" in page


def test_another_city_sees_nothing_of_a_trial():
    made = ran()
    others = person(Role.ZONE_OFFICE, Zone.objects.get(pk="jinan").seat_id).client()
    for at in ("", "progress", "rows/", "rows.csv", "rows/3/"):
        assert others.get(f"/trials/{made.pk}/{at}").status_code == 404, at
    assert others.post(f"/trials/{made.pk}/cancel").status_code == 404
    assert "小面积" not in others.get("/trials/").content.decode()
    assert others.post(NEW, upload(FIVE)).status_code == 200  # asks which zone: Qingdao is none of theirs
    assert Trial.objects.count() == 1
    assert others.get(NEW, {"rule": CODE, "zone": "jinan", "from": made.pk}).status_code == 404


def test_a_list_asks_as_often_however_many_trials(office, django_assert_max_num_queries):
    ran()
    office.get("/trials/")
    with django_assert_max_num_queries(20):
        office.get("/trials/")


def test_an_empty_list_says_what_to_do(office):
    assert "还没有试算" in office.get("/trials/").content.decode()
