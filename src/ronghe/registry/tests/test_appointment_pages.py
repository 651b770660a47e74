"""预约 on pages and over the API: a farmer takes a seat and gets a slip; the window sees its day and says who came."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from ronghe.kernel import clock
from ronghe.kernel.accounts.models import User
from ronghe.kernel.accounts.roles import Role
from ronghe.mechanisms.rosters.services import end_record
from tests.people import person

from .. import home
from ..models import Appointment, AppointmentPlan
from ..queries import appointments as queries
from ..rosters import WINDOWS
from ..rules.appointing import Slot
from ..services.appointing import cancel_appointment
from . import factories as make
from .test_own import farmer
from .windows import NINE, NOON, TEN, THURSDAY, WEDNESDAY, appointed, window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

MINE, NEW, DAY = "/registry/mine/appointments/", "/registry/mine/appointments/new", "/registry/appointments/"
API = "/api/v1/registry/appointments"


@pytest.fixture(autouse=True)
def _noon(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(clock, "now", lambda: NOON)
    make.people.places()


@pytest.fixture
def clerk():
    return person(Role.TOWN_WINDOW, make.people.TOWN)


def text(answer) -> str:
    return answer.content.decode()


def tomorrow(monkeypatch, hour: int = 10) -> None:
    at = NOON + timedelta(hours=12 + hour)  # noon in Beijing, and so many hours after the next midnight
    monkeypatch.setattr(clock, "now", lambda: at)


def signed_in(actor) -> Client:
    browser = Client()
    browser.force_login(User.objects.get(pk=actor.user_id), "django.contrib.auth.backends.ModelBackend")
    return browser


# -- the farmer ----------------------------------------------------------------------------------------------------


def test_a_farmer_chooses_window_day_and_hour_and_gets_a_slip():
    of, house = window(), make.household("演示甲")
    unit, _ = make.homestead(house)
    browser, actor = farmer(house)
    assert MINE in text(browser.get("/registry/mine/"))
    assert "还没有预约" in text(browser.get(MINE))
    assert "您所在镇（街道）的窗口" in text(browser.get(NEW))
    days = text(browser.get(f"{NEW}?window={of.pk}"))
    assert f"?window={of.pk}&amp;day=2026-11-26#form" in days
    assert "最多提前 14 天预约（待地方确定）" in days
    assert "2026-11-28" not in days, "a Saturday"
    form = text(browser.get(f"{NEW}?window={of.pk}&day=2026-11-26"))
    assert "09:00—10:00（余 2 位）" in form
    assert "甲村 1 号" in form
    assert "查封登记" not in form
    given = {"slot": "09:00", "matter": "transfer", "unit": unit.pk, "telephone": "13800000001"}
    answer = browser.post(f"{NEW}?window={of.pk}&day=2026-11-26", given)
    made = Appointment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{DAY}{made.pk}/")
    slip = text(browser.get(answer["Location"]))
    for word in (made.number, "便民中心一楼", "来的时候请带", "登记申请书", "09:00—10:00", "转移登记", "取消预约"):
        assert word in slip, word
    assert "13800000001" not in slip
    assert "查看完整电话" not in slip
    assert "2026-11-26 09:00—10:00" in text(browser.get(MINE))
    assert [told.count for told in home.own_appointments(actor, WEDNESDAY)] == [1]


def test_a_farmer_cancels_and_the_page_says_when_it_is_too_late(monkeypatch):
    of, house = window(), make.household("演示甲")
    browser, actor = farmer(house)
    made = appointed(of, party_id=None, actor=actor)
    assert browser.post(f"{DAY}{made.pk}/cancel").status_code == 302
    again = browser.post(f"{DAY}{made.pk}/cancel")
    assert again.status_code == 409
    assert "已经取消" in text(again)
    other = appointed(of, party_id=None, actor=actor)
    tomorrow(monkeypatch)  # yesterday's login is over
    late = signed_in(actor).post(f"{DAY}{other.pk}/cancel")
    assert late.status_code == 409
    assert "时间已经到了" in text(late)


def test_what_filled_up_meanwhile_is_refused_with_the_next_free_hours():
    of = window(slots=(Slot(4, NINE, TEN, 1), Slot(5, NINE, TEN, 1)))
    browser, _ = farmer(make.household("演示甲"))
    appointed(of)
    given = {"slot": "09:00", "matter": "inquiry", "telephone": "13800000009"}
    answer = browser.post(f"{NEW}?window={of.pk}&day=2026-11-26", given)
    assert answer.status_code == 409
    assert "已经约满" in text(answer)
    assert "2026-11-27（周五）09:00" in text(answer)
    page = browser.get(f"{NEW}?window={of.pk}&day=2026-11-26")
    assert "没有可约的时段" in text(page)
    assert 'name="slot"' not in text(page)


@pytest.mark.parametrize("day", ["2026-11-24", "2026-11-28", "2026-12-10", "0001-01-01", "9999-12-31", "zz", ""])
def test_a_day_that_cannot_be_appointed_is_no_form_and_no_failure(day):
    of = window()
    browser, _ = farmer(make.household("演示甲"))
    assert 'name="slot"' not in text(browser.get(f"{NEW}?window={of.pk}&day={day}"))
    given = {"slot": "09:00", "matter": "inquiry", "telephone": "13800000009"}
    assert browser.post(f"{NEW}?window={of.pk}&day={day}", given).status_code == 422
    assert not Appointment.objects.exists()


def test_a_window_without_hours_or_closed_says_so():
    of, house = window(slots=None), make.household("演示甲")
    browser, _ = farmer(house)
    assert "不用预约，直接去" in text(browser.get(NEW))
    assert "现在不接受预约" in text(browser.get(f"{NEW}?window={of.pk}"))
    end_record(WINDOWS, record_id=of.pk, seen=None, reason="撤并", actor=make.SYSTEM, at=NOON)
    assert browser.get(f"{NEW}?window={of.pk}").status_code == 404
    assert "没有可以预约的窗口" in text(browser.get(NEW))
    assert browser.get(f"{NEW}?window=99999").status_code == 404


def test_who_has_not_signed_in_is_led_to_the_login_and_staff_have_no_own_appointments(clerk):
    for address in (MINE, NEW, DAY, f"{DAY}new"):
        assert Client().get(address).status_code == 302
    assert clerk.client().get(MINE).status_code == 403
    browser, _ = farmer(make.household("演示甲"))
    assert browser.get(DAY).status_code == 403
    made = appointed(window())
    assert browser.get(f"{DAY}{made.pk}/").status_code == 404


# -- the window ----------------------------------------------------------------------------------------------------


def test_the_window_sees_its_day_slot_by_slot_and_how_full_the_next_days_are(clerk):
    of = window()
    first, second = appointed(of, "来人甲"), appointed(of, "来人乙", begins=TEN)
    cancel_appointment(appointment_id=appointed(of, "来人丙").pk, actor=make.SYSTEM, at=NOON)
    page = text(clerk.client().get(f"{DAY}?window={of.pk}&day=2026-11-26"))
    assert re.findall(r"来人[甲乙丙](?=</td>)", page) == ["来人甲", "来人丙", "来人乙"]
    assert "138******01" in page
    assert "<b>2</b><span>已约</span>" in page
    assert "11-26 周四" in page
    assert '<span class="bar-n">50</span>' in page, "two of four"
    assert f"{DAY}{first.pk}/" in page
    assert f"{DAY}{second.pk}/" in page
    assert "/came" not in page, "nobody has come before the day"
    assert [told.count for told in home.appointed_today(clerk.actor, THURSDAY)] == [2]


def test_the_window_marks_who_came_and_goes_on_to_the_application(clerk, monkeypatch):
    house = make.household("演示甲")
    unit, _ = make.homestead(house)
    of = window()
    made = appointed(of, party_id=house.pk, matter="transfer", unit_id=unit.pk)
    asks = appointed(of, "来人乙")
    browser = clerk.client()
    early = browser.post(f"{DAY}{made.pk}/came")
    assert early.status_code == 409
    assert "当天" in text(early)
    tomorrow(monkeypatch)
    browser = clerk.client()  # yesterday's login is over
    page = text(browser.get(f"{DAY}?window={of.pk}"))
    assert f"{DAY}{made.pk}/came" in page
    assert f"{DAY}{made.pk}/missed" in page, "ten o'clock: the slot is over"
    answer = browser.post(f"{DAY}{made.pk}/came", {"back": "day"})
    assert answer["Location"] == f"{DAY}?window={of.pk}&day=2026-11-26"
    slip = text(browser.get(f"{DAY}{made.pk}/"))
    assert f"/registry/units/{unit.code}/apply/transfer" in slip
    assert browser.get(f"/registry/units/{unit.code}/apply/transfer").status_code == 200
    assert browser.post(f"{DAY}{asks.pk}/missed").status_code == 302
    assert browser.get(f"{DAY}{asks.pk}/").context["intake"] is None
    assert Appointment.objects.filter(came_at=None, missed_at=None).count() == 0


def test_whoever_comes_for_a_unit_that_is_not_known_is_led_to_choose_it(clerk, monkeypatch):
    made = appointed(window(), matter="first")
    tomorrow(monkeypatch)
    browser = clerk.client()
    browser.post(f"{DAY}{made.pk}/came")
    assert 'href="/registry/apply/first/"' in text(browser.get(f"{DAY}{made.pk}/"))


def test_the_window_takes_an_appointment_for_whoever_calls(clerk):
    of, house = window(), make.household("演示甲")
    browser = clerk.client()
    assert f'name="window" value="{of.pk}"' in text(browser.get(f"{DAY}new"))
    found = text(browser.get(f"{DAY}new?window={of.pk}&day=2026-11-26&q=演示甲"))
    assert f"party={house.pk}" in found
    form = text(browser.get(f"{DAY}new?window={of.pk}&day=2026-11-26&party={house.pk}"))
    assert 'name="name"' not in form
    given = {"slot": "09:00", "matter": "seizure", "telephone": "0533-2280000"}
    browser.post(f"{DAY}new?window={of.pk}&day=2026-11-26&party={house.pk}", given)
    browser.post(f"{DAY}new?window={of.pk}&day=2026-11-26", given | {"name": "来人乙"})
    rows = Appointment.objects.order_by("seat").values_list("name", "party", "made_by")
    assert list(rows) == [(house.name, house.pk, clerk.user.pk), ("来人乙", None, clerk.user.pk)]
    lacking = browser.post(f"{DAY}new?window={of.pk}&day=2026-11-26", given | {"slot": "10:00"})
    assert lacking.status_code == 422
    assert Appointment.objects.count() == 2


def test_the_telephone_is_read_in_full_by_the_window_alone(clerk):
    made = appointed(window())
    answer = clerk.client().post(f"{DAY}{made.pk}/telephone")
    assert "13800000001" in text(answer)
    assert "13800000001" not in text(clerk.client().get(f"{DAY}{made.pk}/"))
    leader = person(Role.LEADER, make.people.COUNTY)
    assert leader.client().get(f"{DAY}{made.pk}/").status_code == 200
    assert leader.client().post(f"{DAY}{made.pk}/telephone").status_code == 403
    elsewhere = person(Role.TOWN_WINDOW, make.people.OTHER)
    for act in ("telephone", "came", "missed", "cancel"):
        assert elsewhere.client().post(f"{DAY}{made.pk}/{act}").status_code == 404


def test_the_window_states_its_hours_and_stops_them(clerk):
    of = window(slots=None)
    address, browser = f"/registry/windows/{of.pk}/hours", clerk.client()
    assert "还没有公布预约时段" in text(browser.get(address))
    week = {
        "begins_on": "2026-11-26", "weekdays": ["1", "4"], "morning_first": "08:30", "morning_last": "11:30",
        "afternoon_first": "14:00", "afternoon_last": "15:00", "minutes": "60", "capacity": "3",
    }  # fmt: skip
    for wrong, why in (
        ({"weekdays": []}, "请选择星期"), ({"morning_last": ""}, "上午的开始和结束要同时填"), ({"capacity": ""}, "必填"),
        ({"minutes": "300"}, "一个时段也排不出来"), ({"begins_on": "2026-11-24"}, "已经过去"),
    ):  # fmt: skip
        refused = browser.post(address, week | wrong)
        assert refused.status_code == 422
        assert why in text(refused), why
    assert not AppointmentPlan.objects.exists()
    assert browser.post(address, week).status_code == 302
    assert [day.capacity for day in queries.days_of(of, [THURSDAY])] == [12]
    assert "08:30—09:30（3 人）" in text(browser.get(address))
    assert browser.post(address, {"begins_on": "2026-11-26", "is_closed": "on"}).status_code == 302
    assert [day.capacity for day in queries.days_of(of, [THURSDAY])] == [0]
    assert "停止预约" in text(browser.get(address))
    elsewhere = person(Role.TOWN_WINDOW, make.people.OTHER)
    assert elsewhere.client().get(address).status_code == 403
    assert elsewhere.client().get(f"{DAY}?window={of.pk}").status_code == 403


def test_a_place_without_a_window_is_told_what_to_do(clerk):
    for address in (DAY, f"{DAY}new"):
        assert "没有登记窗口" in text(clerk.client().get(address))
    assert "窗口预约" in text(clerk.client().get("/registry/rolls/"))
    of = window()
    assert "可以预约" in text(clerk.client().get("/registry/windows/?zone=gaoqing"))
    browser, _ = farmer(make.household("演示甲"))
    assert f"{NEW}?window={of.pk}" in text(browser.get("/registry/windows/?zone=gaoqing"))


# -- the API -------------------------------------------------------------------------------------------------------


def test_the_api_lists_what_is_free_for_everybody():
    of = window()
    appointed(of)
    told = Client().get(f"/api/v1/registry/windows/{of.pk}/slots").json()
    assert (told["ahead_days"], told["ahead_is_confirmed"], told["until"]) == (14, False, "2026-12-09")
    assert told["days"][0] == {
        "day": "2026-11-26",
        "slots": [
            {"begins": "09:00", "ends": "10:00", "capacity": 2, "free": 1},
            {"begins": "10:00", "ends": "11:00", "capacity": 2, "free": 2},
        ],
    }
    assert (
        Client().get("/api/v1/registry/windows/99999/slots").json()["code"] == "registry.appointment_window_not_found"
    )


def test_a_farmer_makes_and_cancels_over_the_api_and_gets_problems_with_reasons():
    of, house = window(), make.household("演示甲")
    browser, _ = farmer(house)
    given = {
        "window": of.pk, "day": "2026-11-26", "begins": "09:00", "matter": "transfer", "telephone": "13800000001",
    }  # fmt: skip

    def post(address: str = API, **other):
        return browser.post(address, given | other, content_type="application/json")

    made = post()
    assert made.status_code == 201
    told = made.json()
    assert (told["state"], told["name"], told["begins"]) == ("已预约", "演示甲", "09:00")
    assert "登记申请书" in told["bring"]
    assert told["telephone"] == "138******01"
    for other, status, code in (
        ({}, 409, "already_appointed"), ({"day": "2026-11-24"}, 422, "appointment_past"),
        ({"day": "2026-11-28"}, 422, "appointment_day_off"), ({"day": "2026-12-10"}, 422, "appointment_too_far_ahead"),
        ({"begins": "12:00"}, 422, "appointment_slot_unknown"), ({"window": 99999}, 422, "appointment_incomplete"),
        ({"matter": "seizure"}, 422, "appointment_incomplete"), ({"unit": "1"}, 422, "unit_unknown"),
    ):  # fmt: skip
        answer = post(**other)
        assert (answer.status_code, answer.json()["code"]) == (status, f"registry.{code}")
        assert answer["Content-Type"] == "application/problem+json"
    one = f"{API}/{told['id']}"
    assert browser.get(one).json()["number"] == told["number"]
    assert [row["id"] for row in browser.get(f"{API}?day=2026-11-26").json()["items"]] == [told["id"]]
    assert browser.post(f"{one}/arrival").status_code == 403
    assert browser.post(f"{one}/cancellation").json()["state"] == "已取消"
    assert browser.post(f"{one}/cancellation").json()["code"] == "registry.appointment_over"


def test_the_window_works_over_the_api(clerk, monkeypatch):
    of = window(slots=None)
    token = {"HTTP_AUTHORIZATION": clerk.token()}
    hours = {"begins_on": "2026-11-26", "slots": [{"weekday": 4, "begins": "09:00", "ends": "10:00", "capacity": 2}]}
    address = f"/api/v1/registry/windows/{of.pk}/hours"
    post = lambda to, body=None: Client().post(to, body or {}, content_type="application/json", **token)  # noqa: E731
    assert post(address, hours).status_code == 201
    twice = {**hours, "slots": hours["slots"] * 2}
    assert post(address, twice).json()["code"] == "registry.appointment_hours_wrong"
    given = {
        "window": of.pk, "day": "2026-11-26", "begins": "09:00", "matter": "inquiry", "telephone": "13800000001", "name": "来人甲",
    }  # fmt: skip
    first = post(API, given).json()["id"]
    second = post(API, given | {"name": "来人乙"}).json()["id"]
    full = post(API, given | {"name": "来人丙"}).json()
    assert full["code"] == "registry.appointment_slot_full"
    assert "2026-12-03（周四）09:00" in full["detail"]
    assert post(f"{API}/{first}/arrival").json()["code"] == "registry.appointment_not_due"
    tomorrow(monkeypatch)
    assert post(f"{API}/{first}/arrival").json()["state"] == "已到"
    assert post(f"{API}/{second}/absence").json()["state"] == "未到"
    day = Client().get(f"{API}?window={of.pk}&day=2026-11-26&size=1", **token).json()
    assert [row["id"] for row in day["items"]] == [first]
    rest = Client().get(f"{API}?window={of.pk}&day=2026-11-26&size=1&cursor={day['next']}", **token).json()
    assert [row["id"] for row in rest["items"]] == [second]
    elsewhere = person(Role.TOWN_WINDOW, make.people.OTHER)
    token["HTTP_AUTHORIZATION"] = elsewhere.token()
    assert post(API, given).status_code == 403
    assert post(f"{API}/{first}/cancellation").status_code == 404
    assert post(address, hours).status_code == 403
