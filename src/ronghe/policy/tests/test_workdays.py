"""工作日历: what a person changes stands above the pack, and the pages and the API count by it."""

from datetime import date

import pytest
from django.test import Client

from ronghe.kernel import clock
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.models import Event
from ronghe.policy import queries, services
from ronghe.policy.models import SpecialDay
from ronghe.policy.rules.notices import NoticeDay, read_notice

from .factories import NOON, copied, load, load_folder
from .test_rules_notices import NOTICE

pytestmark = pytest.mark.django_db

NEXT_YEAR = """
元旦：1月1日至3日放假。
春节：1月26日至2月1日放假。2月5日上班。
国庆节：10月1日至7日放假。10月14日上班。
"""


@pytest.fixture
def office(db: None) -> Actor:
    factories.places()
    post = factories.post(Role.ZONE_OFFICE)
    return Actor(post.user_id, post.role, post.org_unit_id, post.division_id)


def _change(actor: Actor, day: date, kind: str, name: str = "国庆节", source: str = "通知") -> SpecialDay:
    return services.change_day(day=day, kind=kind, name=name, source=source, actor=actor, at=NOON)


def _enter(actor: Actor, year: int, days: tuple[NoticeDay, ...], source: str = "通知") -> int:
    return services.enter_year(year=year, days=days, source=source, actor=actor, at=NOON)


def test_a_changed_day_counts_at_once_and_stays_over_a_reload(office: Actor, tmp_path) -> None:
    load("national")
    assert not queries.calendar().is_working(date(2026, 10, 7))
    changed = _change(office, date(2026, 10, 7), "ordinary", name="")
    assert (changed.author_id, changed.name, changed.origin) == (office.user_id, "国庆节", "local")
    assert queries.calendar().is_working(date(2026, 10, 7))
    folder = copied("national", tmp_path)
    days = folder / "workdays.csv"
    days.write_text(days.read_text("utf-8") + "2026-12-31,holiday,元旦,测试\n", "utf-8")
    load_folder(folder)
    assert queries.calendar().is_working(date(2026, 10, 7))
    assert not queries.calendar().is_working(date(2026, 12, 31))
    event = Event.objects.get(verb="policy.workday.changed")
    assert event.facts == {"day": "2026-10-07", "kind": "ordinary", "before": "holiday"}


@pytest.mark.parametrize(
    ("day", "kind", "source", "error"),
    [
        (date(2026, 10, 3), "holiday", "通知", services.WorkdayInvalid),  # a Saturday
        (date(2026, 10, 8), "workday", "通知", services.WorkdayInvalid),  # a Thursday
        (date(2026, 10, 8), "ordinary", "通知", services.WorkdayInvalid),  # nothing to undo
        (date(2026, 10, 8), "holiday", " ", services.WorkdayInvalid),
        (date(2026, 10, 8), "feast", "通知", services.WorkdayInvalid),
        (date(1999, 10, 8), "holiday", "通知", services.WorkdayInvalid),
        (date(2027, 10, 8), "holiday", "通知", services.YearNotAnnounced),
    ],
)
def test_a_day_outside_sense_is_refused(office: Actor, day: date, kind: str, source: str, error: type) -> None:
    load("national")
    with pytest.raises(error):
        _change(office, day, kind, source=source)
    assert not SpecialDay.objects.filter(origin="local").exists()


def test_a_day_without_a_festival_is_refused(office: Actor) -> None:
    load("national")
    with pytest.raises(services.WorkdayInvalid, match="没有写节日"):
        _change(office, date(2026, 10, 8), "holiday", name=" ")


def test_a_year_that_a_person_enters_is_announced_and_the_pack_does_not_touch_it(office: Actor, tmp_path) -> None:
    load("national")
    # 1 May 2028 is a Monday
    with pytest.raises(services.YearInvalid, match="没有劳动节 2028-05-01"):
        _enter(office, 2028, read_notice(NEXT_YEAR, 2028))
    _enter(office, 2028, read_notice(NEXT_YEAR + "劳动节：5月1日至2日放假。", 2028))
    assert 2028 in queries.calendar().announced
    folder = copied("national", tmp_path)
    days = folder / "workdays.csv"
    days.write_text(days.read_text("utf-8") + "2028-06-01,holiday,儿童节,测试\n", "utf-8")
    load_folder(folder)
    assert queries.calendar().is_working(date(2028, 6, 1))
    assert set(SpecialDay.objects.filter(day__year=2028).values_list("origin", flat=True)) == {"local"}
    assert Event.objects.get(verb="policy.workyear.entered").subject_id == "2028"


def test_a_year_entered_again_replaces_what_was_known(office: Actor) -> None:
    load("national")
    days = read_notice(NOTICE, 2026)
    assert _enter(office, 2026, days) == len(days)
    shorter = tuple(one for one in days if one.day != date(2026, 1, 4))
    _enter(office, 2026, shorter)
    assert not queries.calendar().is_working(date(2026, 1, 4))


@pytest.mark.parametrize(
    ("days", "source", "said"),
    [
        ((), "通知", "没有元旦 2026-01-01"),
        (read_notice(NOTICE, 2026), " ", "没有写来源"),
        ((*read_notice(NOTICE, 2026), NoticeDay(date(2025, 12, 31), False, "元旦")), "通知", "2025-12-31 不在这一年"),
        ((*read_notice(NOTICE, 2026), NoticeDay(date(2026, 1, 1), False, "元旦")), "通知", "2026-01-01 写了不止一次"),
        ((*read_notice(NOTICE, 2026), NoticeDay(date(2026, 1, 5), True, "元旦")), "通知", "2026-01-05 是星期一"),
    ],
)
def test_a_year_outside_sense_is_refused_whole(
    office: Actor, days: tuple[NoticeDay, ...], source: str, said: str
) -> None:
    with pytest.raises(services.YearInvalid, match=said):
        _enter(office, 2026, days, source)
    with pytest.raises(services.YearInvalid, match="日历从"):
        _enter(office, 1999, days)
    assert not SpecialDay.objects.exists()


def test_the_year_view_has_every_day_once_and_asks_twice(django_assert_num_queries) -> None:
    load("national")
    with django_assert_num_queries(2):
        known = queries.calendar()
        year = queries.year_view(2026, known)
    days = [one for month in year.months for week in month.weeks for one in week if one]
    assert [one.day for one in days] == [
        date.fromordinal(n) for n in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())
    ]
    marks = {one.day: (one.mark, one.name) for one in days if one.mark}
    assert marks[date(2026, 10, 10)] == ("班", "国庆节调休上班")
    assert marks[date(2026, 10, 1)] == ("休", "国庆节")
    assert year.working == sum(known.is_working(one.day) for one in days)


def test_the_calendar_is_asked_for_once_in_a_request(django_assert_num_queries) -> None:
    class Request:
        pass

    holder = Request()
    with django_assert_num_queries(1):
        assert queries.calendar_kept_by(holder) is queries.calendar_kept_by(holder)


def test_the_page_shows_a_year_and_counts_a_period(client: Client) -> None:
    load("national")
    page = client.get("/library/workdays/?year=2026&start=2026-09-30&days=1&unit=工作日").content.decode()
    assert "2026-10-08" in page
    assert "待节假日安排公布" not in page
    assert f'value="{clock.legal_day(clock.now())}"' in client.get("/library/workdays/").content.decode()
    coming = client.get("/library/workdays/?year=2027").content.decode()
    assert "2027 年待节假日安排公布" in coming
    assert "录入全年安排" not in coming
    wrong = client.get("/library/workdays/?year=abc&start=昨天&days=0&unit=周")
    assert wrong.status_code == 200
    assert "届满日</span>" not in wrong.content.decode()
    far = client.get("/library/workdays/?start=9999-12-31&days=5&unit=年").content.decode()
    assert "请改近一些" in far


def test_an_office_changes_a_day_and_enters_a_year_on_the_pages(office: Actor) -> None:
    load("national")
    browser = Client()
    browser.force_login(
        SpecialDay._meta.get_field("author").related_model.objects.get(pk=office.user_id),
        "django.contrib.auth.backends.ModelBackend",
    )
    form = browser.get("/library/workdays/day/?day=2026-10-07").content.decode()
    assert 'value="国庆节"' in form
    facts = {"day": "2026-10-08", "kind": "holiday", "name": "国庆节", "source": "测试通知"}
    assert browser.post("/library/workdays/day/", facts)["Location"] == "/library/workdays/?year=2026"
    assert not queries.calendar().is_working(date(2026, 10, 8))
    refused = browser.post("/library/workdays/day/", facts | {"day": "2026-10-10"})
    assert refused.status_code == 422
    assert "本来就休息" in refused.content.decode()
    year = {"year": "2026", "notice": NOTICE, "source": "测试通知"}
    assert browser.post("/library/workdays/year/", year).status_code == 302
    assert queries.calendar().is_working(date(2026, 10, 8))
    unread = browser.post("/library/workdays/year/", year | {"notice": "元旦放假三天"})
    assert "读不懂：“元旦放假三天”" in unread.content.decode()
    incomplete = browser.post("/library/workdays/year/", year | {"notice": "元旦：1月1日放假。"})
    assert "没有劳动节 2026-05-01" in incomplete.content.decode()


@pytest.mark.parametrize("address", ["/library/workdays/day/", "/library/workdays/year/"])
def test_strangers_change_nothing(client: Client, address: str) -> None:
    assert client.get(address).status_code == 302
    assert client.post(address, {}).status_code == 302


def test_the_api_gives_a_year_and_the_last_day(client: Client) -> None:
    load("national")
    year = client.get("/api/v1/workdays/2026").json()
    assert (year["announced"], len(year["days"])) == (True, 25)
    assert year["days"][0] | {"source": ""} == {
        "day": "2026-01-01", "kind": "holiday", "name": "元旦", "source": "", "origin": "pack",
    }  # fmt: skip
    assert client.get("/api/v1/workdays/2027").json() == {"year": 2027, "announced": False, "days": []}
    due = client.get("/api/v1/workdays/due?start=2026-12-30&days=2").json()
    assert (due["due"], due["provisional"], due["unannounced"]) == ("2027-01-04", True, [2027])
    assert due["counted"] == ["2026-12-31", "2027-01-04"]


@pytest.mark.parametrize(
    "address", ["1999", "2101", "due?start=2026-12-30&days=0", "due?start=1999-12-31&days=1", "due?start=0&days=1"]
)
def test_the_api_refuses_what_the_calendar_does_not_hold(client: Client, address: str) -> None:
    assert client.get(f"/api/v1/workdays/{address}").status_code == 422
