"""Pages: who sees what, what is said beside a field, what an act leads to."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.parties import queries, sealing, services
from ronghe.kernel.parties.models import Party, PartyMerge, PartyUnmasking
from ronghe.kernel.parties.services import NewPerson
from tests.people import person as login

from . import factories as make
from .factories import COUNTY, NEXT_VILLAGE, NOON, OTHER, TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("villages")]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def window() -> Client:
    return login(Role.TOWN_WINDOW, TOWN).client()


@pytest.fixture
def department() -> Client:
    return login(Role.DEPARTMENT, COUNTY).client()


def at(name: str, *args: object) -> str:
    return reverse(f"parties:{name}", args=args)


def text(answer) -> str:
    return answer.content.decode()


def test_the_list_shows_ones_own_division_and_finds_by_name_and_kind(window):
    make.person("演示甲")
    make.person("外地乙", division=OTHER)
    page = text(window.get(at("parties")))
    assert "演示甲" in page
    assert "外地乙" not in page
    assert "演示甲" in text(window.get(at("parties") + "?q=ysj&kind=person"))
    assert "演示甲" not in text(window.get(at("parties") + "?kind=bank"))


def test_the_list_asks_the_same_few_queries_however_long_it_is(window, django_assert_max_num_queries):
    for n in range(12):
        make.person(f"演示{chr(0x4E00 + n)}")
    window.get(at("parties"))
    with django_assert_max_num_queries(12):
        window.get(at("parties"))


def test_a_number_is_found_by_post_and_stands_in_no_address(window):
    party = make.person("演示甲")
    number = sealing.plain(queries.identifiers(party)[0])
    answer = window.post(at("find"), {"number": number})
    assert (answer.status_code, answer["Location"]) == (302, at("party", party.pk))
    assert "没有找到这个号码" in text(window.post(at("find"), {"number": make.identity()}))
    assert "不会留在网址" in text(window.get(at("parties") + f"?q={number}"))
    far = login(Role.TOWN_WINDOW, OTHER).client()
    assert "没有找到这个号码" in text(far.post(at("find"), {"number": number}))


@pytest.mark.parametrize("tab", ["party", "numbers", "history", "events", "members"])
def test_every_tab_of_a_household_and_nothing_of_another_division(window, tab):
    household = make.household((make.person("演示乙"), "97"))
    assert window.get(at(tab, household.pk)).status_code == 200
    assert login(Role.LEADER, OTHER).client().get(at(tab, household.pk)).status_code == 404
    assert login(Role.SYSTEM_ADMIN, COUNTY).client().get(at(tab, household.pk)).status_code == 403


def test_a_number_is_shown_masked_on_every_tab(window):
    party = make.person("演示甲")
    number = sealing.plain(queries.identifiers(party)[0])
    for tab in ("party", "numbers", "history", "events"):
        assert number not in text(window.get(at(tab, party.pk)))


def test_what_is_wrong_is_said_beside_the_field(window):
    answer = window.post(at("check", "identity"), {"identity": "110105194912310021"}, headers=HTMX)
    assert "末位校验不符，应为 X" in text(answer)
    number = make.identity(date(1980, 5, 1))
    told = text(window.post(at("check", "identity"), {"identity": number}, headers=HTMX))
    assert "校验通过：1980-05-01 出生，男" in told
    assert "不在区划代码表" in told
    holder = services.register_person(new=NewPerson("演示甲", identity=number), division=VILLAGE, actor=SYSTEM, at=NOON)
    told = text(window.post(at("check", "any"), {"kind": "identity", "value": number}, headers=HTMX))
    assert at("party", holder.pk) in told
    assert window.post(at("check", "nothing")).status_code == 404
    assert text(window.post(at("check", "uscc"), {"uscc": " "})).strip() == ""


def test_registering_a_person_and_being_led_to_the_one_who_has_the_number(window):
    number = make.identity()
    given = {"name": "演示甲", "identity": number, "division": f"{VILLAGE} 甲村"}
    answer = window.post(at("new_person"), given)
    party = Party.objects.get()
    assert answer["Location"] == at("party", party.pk)
    again = window.post(at("new_person"), {**given, "name": "演示乙"})
    assert again.status_code == 422
    assert f"编号 {party.pk}" in text(again)
    assert window.post(at("new_person"), {**given, "division": OTHER}).status_code == 422
    assert Party.objects.count() == 1


def test_a_leader_sees_and_neither_changes_nor_reads_in_plain():
    party = make.person("演示甲")
    leader = login(Role.LEADER, COUNTY).client()
    page = text(leader.get(at("numbers", party.pk)))
    assert "查看明文" not in page
    assert leader.get(at("rename", party.pk)).status_code == 403
    assert leader.post(at("unmask", party.pk, queries.identifiers(party)[0].pk)).status_code == 403


def test_a_household_is_registered_and_grows_on_its_pages(window):
    give = {"identity": make.identity(date(1970, 1, 1)), "name": "户主甲", "division": VILLAGE, "since": "2000-01-01"}
    window.post(at("new_household"), give)
    household = Party.objects.get(kind="household")
    bride = make.person("妻乙", born=date(1972, 1, 1), male=False, division=NEXT_VILLAGE)
    number = sealing.plain(queries.identifiers(bride)[0])
    answer = window.post(at("marry", household.pk), {"identity": number, "relation": "12", "on": "2000-05-01"})
    assert answer["Location"] == at("members", household.pk)
    window.post(
        at("birth", household.pk), {"name": "子丙", "birth_date": "2001-02-03", "sex": "male", "relation": "21"}
    )
    page = text(window.get(at("members", household.pk)))
    assert all(word in page for word in ("户主甲", "妻乙", "子丙", "独生子"))
    assert "子丙" not in text(window.get(at("members", household.pk) + "?on=2001-02-02"))
    assert "没有成员" in text(window.get(at("members", household.pk) + "?known=2020-01-01"))
    window.post(at("head", household.pk), {"head": bride.pk, "on": "2020-01-01"})
    assert queries.members(household, on=date(2020, 1, 1))[0].person_id == bride.pk
    child = Party.objects.get(name="子丙")
    answer = window.post(at("split", household.pk), {"head": child.pk, "on": "2026-01-01", f"relation-{child.pk}": ""})
    new = Party.objects.get(kind="household", name="子丙户")
    assert answer["Location"] == at("members", new.pk)
    refused = window.post(at("leave", household.pk, bride.pk), {"on": "2026-02-01"})
    assert (refused.status_code, "请先办理户主变更" in text(refused)) == (422, True)
    window.post(at("death", bride.pk), {"on": "2026-02-01", "head": Party.objects.get(name="户主甲").pk})
    assert "已死亡" in text(window.get(at("party", bride.pk)))


def test_a_number_is_read_in_plain_once_with_its_purpose(window):
    party = make.person("演示甲")
    row = queries.identifiers(party)[0]
    number = sealing.plain(row)
    where = at("unmask", party.pk, row.pk)
    refused = window.post(where, {"purpose": "handle", "note": "看"})
    assert (refused.status_code, number in text(refused)) == (422, False)
    fragment = text(window.post(where, {"purpose": "handle", "note": "核对宅基地登记"}, headers=HTMX))
    assert number in fragment
    assert "<html" not in fragment
    whole = text(window.post(where, {"purpose": "handle", "note": "核对宅基地登记"}))
    assert number in whole
    assert PartyUnmasking.objects.count() == 2
    later = text(window.get(at("numbers", party.pk)))
    assert number not in later
    assert "核对宅基地登记" in later
    assert window.get(where).status_code == 405


def test_duplicates_are_compared_merged_and_parted(department, window):
    one = make.person("演示甲")
    two = services.register_person(
        new=NewPerson("演示甲", birth_date=date(1980, 5, 1)), division=VILLAGE, actor=SYSTEM, at=NOON
    )
    merge = at("merge") + f"?source={two.pk}&amp;target={one.pk}"
    assert merge in text(department.get(at("duplicates")))
    where = merge.replace("&amp;", "&")
    assert "将被并入" in text(department.get(where))
    assert window.get(where).status_code == 403
    department.post(where, {"reason": "同一人登记两次"})
    made = PartyMerge.objects.get()
    assert "已并入" in text(department.get(at("party", two.pk)))
    assert at("undo", made.pk) in text(department.get(at("merges")))
    department.post(at("undo", made.pk), {"reason": "核实不是同一人"})
    two.refresh_from_db()
    assert two.state == "active"
    assert department.get(at("merge") + "?source=x").status_code == 404


def test_erasing_is_for_the_security_administrator_who_types_the_number():
    party = make.person("演示甲")
    admin = login(Role.SECURITY_ADMIN, COUNTY).client()
    assert admin.get(at("erase") + f"?party={party.pk}")["Location"] == at("erase_party", party.pk)
    where = at("erase_party", party.pk)
    assert "不能恢复" in text(admin.get(where))
    wrong = admin.post(where, {"basis": "申请书 2026-001", "confirmation": "删除"})
    assert (wrong.status_code, f"删除 {party.pk}" in text(wrong)) == (422, True)
    admin.post(where, {"basis": "申请书 2026-001", "confirmation": f"删除 {party.pk}"})
    party.refresh_from_db()
    assert party.erased_at is not None
    assert admin.get(at("party", party.pk)).status_code == 403
    assert login(Role.DEPARTMENT, COUNTY).client().get(where).status_code == 403
    assert "依申请删除" in text(login(Role.DEPARTMENT, COUNTY).client().get(at("party", party.pk)))


@pytest.mark.parametrize("kind", ["collective", "cooperative", "enterprise", "agency", "bank"])
def test_a_body_is_registered_represented_and_ended(window, kind):
    prefix = {"collective": "N2", "cooperative": "93", "agency": "11"}.get(kind, "91")
    given = {
        "name": "演示单位",
        "uscc": make.uscc(prefix),
        "division": VILLAGE,
        "representative_name": "演示代表",
        "representative_identity": make.identity(),
    }
    window.post(at("new_body", kind), given)
    body = Party.objects.get(kind=kind)
    window.post(
        at("representative", body.pk), {"name": "新任", "birth_date": "1980-01-01", "on": date.today().isoformat()}
    )
    assert "新任" in text(window.get(at("party", body.pk)))
    window.post(at("rename", body.pk), {"name": "演示新名", "on": "2026-01-01", "reason": "更名登记"})
    assert "演示单位" in text(window.get(at("history", body.pk)))
    window.post(at("end", body.pk), {"on": "2026-01-02"})
    assert "已终止" in text(window.get(at("party", body.pk)))
    assert window.get(at("new_body", "person2")).status_code == 404


def test_a_number_is_changed_and_struck_off(window):
    party = make.person("演示甲")
    window.post(at("set_number", party.pk), {"kind": "telephone", "value": "13800138000"})
    bad = window.post(at("set_number", party.pk), {"kind": "telephone", "value": "1380013"})
    assert (bad.status_code, "11 位" in text(bad)) == (422, True)
    row = next(one for one in queries.identifiers(party) if one.kind == "telephone")
    window.post(at("close_number", party.pk, row.pk))
    assert "曾用号码" in text(window.get(at("numbers", party.pk)))
