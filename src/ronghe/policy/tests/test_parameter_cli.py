"""``ronghe parameter``: values, zones side by side, and local values in the name of the zone's office."""

import json

import pytest
from typer.testing import CliRunner

from ronghe.kernel.accounts.errors import UserInactive, UserNotFound
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories as accounts
from ronghe.kernel.audit.models import Event
from ronghe.kernel.errors import Forbidden
from ronghe.policy.models import Parameter, ParameterValue, Zone
from ronghe.policy.parameter_cli import app
from ronghe.policy.queries import LocalValueNotFound, ParameterNotFound, ZoneNotFound
from ronghe.policy.services import LocalValueExists
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

AREA_MAX = "entry.agreement.area_max"
PAYERS = "service.maintenance.payers"


def run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


def told(*words: object):
    done = run(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def office(zone: str = "qingdao", role: Role = Role.ZONE_OFFICE) -> str:
    return person(role, Zone.objects.get(pk=zone).seat_id).user.username


def entry(user: str, *values: str, parameter: str = AREA_MAX, zone: str = "qingdao", **other: str) -> list[str]:
    given = {"from": "2026-01-01", "source": "会议纪要〔2026〕3号"} | other
    words = ["enter", parameter, "--zone", zone, "--user", user]
    for name, text in [*given.items(), *(("value", value) for value in values or ("8",))]:
        words += [f"--{name}", text]
    return words


def local() -> ParameterValue:
    return ParameterValue.objects.get(origin="local")


def test_list_gives_each_value_with_whence_and_basis():
    found = {one["id"]: one for one in told("list", "--zone", "qingdao", "--date", "2026-11-26")}
    assert set(found) == set(Parameter.objects.values_list("pk", flat=True))
    one = found[AREA_MAX]
    assert (one["value"], one["status"], one["zone"], one["cite"]) == (5, "set", "qingdao", "qingdao-2020 三(二)3")
    page = run("list", "--zone", "qingdao", "--date", "2026-11-26").stdout
    assert "协议入市的面积上限：5 亩（青岛，2020-11-24 起）〔qingdao-2020 三(二)3〕" in page
    assert "（全国，" in page
    before = run("list", "--zone", "qingdao", "--date", "2020-11-23")
    assert AREA_MAX not in before.stdout
    assert "个参数没有规定" in before.stderr


def test_show_gives_the_history_with_the_numbers_to_take_back():
    assert run(*entry(office())).exit_code == 0
    page = run("show", AREA_MAX).stdout
    assert "2020-12-06 起  待地方确定（淄博）〔zibo-2020 二(一)2(3)〕" in page
    assert f"2026-01-01 起  第 {local().pk} 号：8 亩（青岛（本地录入））" in page
    assert {v["value_id"] for v in told("show", AREA_MAX)["values"]} > {local().pk}
    assert isinstance(run("show", "no.such").exception, ParameterNotFound)


def test_zones_stand_side_by_side():
    asked = ["compare", "--matter", "D3", "--zone", "qingdao", "--zone", "zibo", "--date", "2026-11-26"]
    page = run(*asked).stdout
    assert "D3 " in page
    assert "协议入市的面积上限〔不同〕R-0" in page
    assert "    青岛  5 亩〔qingdao-2020 三(二)3〕" in page
    assert "    淄博  待地方确定〔zibo-2020 二(一)2(3)〕" in page
    found = told(*asked)
    assert [zone["slug"] for zone in found["zones"]] == ["qingdao", "zibo"]
    [row] = [one for one in found["matters"][0]["parameters"] if one["id"] == AREA_MAX]
    assert (row["differs"], row["values"]["qingdao"]["value"]) == (True, 5)


def test_the_whole_comparison_marks_what_only_some_rule_on():
    page = run("compare", "--date", "2026-11-26").stdout
    assert "〔不同〕" in page
    assert "〔部分规定〕" in page
    assert "没有规定" in page
    assert page.count("\nD") > 10


@pytest.mark.parametrize("words", [["--zone", "nowhere"], ["--matter", "D99"], ["--date", "昨天"]])
def test_a_comparison_of_what_is_not_there_is_usage(words):
    done = run("compare", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert words[1] in done.stderr


def test_a_value_is_entered_in_the_name_of_the_office_and_taken_back():
    user = office()
    done = run(*entry(user))
    assert done.exit_code == 0
    assert f"已录入第 {local().pk} 号：青岛（本地录入），协议入市的面积上限 自 2026-01-01 起 8 亩" in done.stdout
    assert "会议纪要〔2026〕3号" in done.stdout
    assert local().author.username == user
    assert "8 亩（青岛（本地录入）" in run("list", "--zone", "qingdao", "--date", "2026-11-26").stdout
    assert isinstance(run(*entry(user)).exception, LocalValueExists)

    taken = told("take-back", local().pk, "--user", user)
    assert (taken["value_id"], bool(taken["withdrawn_at"])) == (local().pk, True)
    assert isinstance(run("take-back", local().pk, "--user", user).exception, LocalValueNotFound)
    acts = list(Event.objects.filter(verb__startswith="policy.value.").order_by("pk"))
    assert [act.verb for act in acts] == ["policy.value.entered", "policy.value.taken_back"]
    assert {act.user_id for act in acts} == {local().author_id}


def test_the_members_of_a_set_are_written_one_by_one():
    choices = Parameter.objects.get(pk=PAYERS).choices[:2]
    made = told(*entry(office(), *choices, parameter=PAYERS))
    assert made["value"] == sorted(choices)


@pytest.mark.parametrize("line", ["工业=50", "工业: 50", "工业：50"])
def test_a_table_is_written_line_by_line(line):
    Parameter.objects.create(id="plots.terms", title="用途年限", kind="table", basis="event", room="B", pack="national")
    made = told(*entry(office(), line, "商业=40", parameter="plots.terms"))
    assert made["value"] == {"工业": 50, "商业": 40}


@pytest.mark.parametrize(
    ("values", "other", "said"),
    [
        (["0.8"], {}, "不是整数或分数"),
        (["5", "8"], {}, "只能有一个值"),
        ([" "], {}, "只能有一个值"),
        (["8"], {"source": " "}, "没有写来源"),
        (["8"], {"source": "文" * 201}, "超过 200 个字"),
        (["8"], {"from": "2026-02-30"}, "不是日期"),
        (["国际组织"], {"parameter": PAYERS}, "不在可选范围内"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_status_2(values, other, said):
    done = run(*entry(office(), *values, **other))
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())
    assert not ParameterValue.objects.filter(origin="local").exists()


def test_without_a_value_or_a_user_it_is_usage():
    assert run("enter", AREA_MAX, "--zone", "qingdao", "--from", "2026-01-01", "--source", "纪要").exit_code == 2
    assert run("take-back", 1).exit_code == 2


@pytest.mark.parametrize(
    ("zone", "role"), [("zibo", Role.ZONE_OFFICE), ("qingdao", Role.DEPARTMENT), ("qingdao", Role.SYSTEM_ADMIN)]
)
def test_only_an_office_that_reaches_the_zone_enters_or_takes_back(zone, role):
    run(*entry(office()))
    other = office(zone, role)
    assert isinstance(run(*entry(other, **{"from": "2026-02-01"})).exception, Forbidden)
    assert isinstance(run("take-back", local().pk, "--user", other).exception, Forbidden)
    assert local().withdrawn_at is None


def test_the_post_of_the_office_is_found_among_several():
    seat = Zone.objects.get(pk="qingdao").seat_id
    held = accounts.post(Role.DEPARTMENT, division=seat)
    accounts.post(Role.ZONE_OFFICE, of=held.user, division=seat)
    assert run(*entry(held.user.username)).exit_code == 0
    assert local().author == held.user


def test_who_is_not_there_or_not_active_enters_nothing():
    assert isinstance(run(*entry("nobody")).exception, UserNotFound)
    who = person(Role.ZONE_OFFICE, Zone.objects.get(pk="qingdao").seat_id).user
    type(who).objects.filter(pk=who.pk).update(is_active=False)
    assert isinstance(run(*entry(who.username)).exception, UserInactive)


def test_a_zone_or_parameter_that_is_not_there_is_refused():
    user = office()
    assert isinstance(run(*entry(user, zone="nowhere")).exception, ZoneNotFound)
    assert isinstance(run(*entry(user, parameter="no.such")).exception, ParameterNotFound)
    assert isinstance(run("list", "--zone", "nowhere").exception, ZoneNotFound)
