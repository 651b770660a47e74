"""The policy library: rules with their clauses, zones side by side, calculators, local values, kept rulings."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from ronghe.kernel.accounts.roles import Role
from ronghe.policy.models import KeptRuling, ParameterValue, RuleItem, Zone
from ronghe.policy.rulebook import all_rules
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

AREA_MAX = "entry.agreement.area_max"
RULE = "entry.agreement_exception"
ASKED = "date=2026-11-23&f-area_mu=5&f-has_collective_consent=true&f-has_approval=true"


def _get(address: str, client: Client | None = None, status: int = 200) -> str:
    answer = (client or Client()).get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def _office(slug: str):
    return person(Role.ZONE_OFFICE, Zone.objects.get(pk=slug).seat_id)


def test_the_list_narrows_by_zone_room_matter_and_status():
    address = reverse("library:rules")
    everything = _get(address)
    assert f"共 <b>{RuleItem.objects.count()}</b> 条" in everything
    narrowed = _get(f"{address}?zone=zibo&matter=D3&status=unset")
    assert "R-010" in narrowed
    assert "R-009" not in narrowed
    assert "待地方确定" in narrowed


def test_a_rule_shows_where_it_stands_and_what_it_is_worth():
    page = _get(reverse("library:rule", args=["R-009"]))
    assert "青岛 三(二)3" in page
    assert "5 亩" in page
    assert reverse("library:calculator", args=[RULE]) in page
    assert "R-999" in _get(reverse("library:rule", args=["R-999"]), status=404)


def test_zones_side_by_side_mark_what_differs():
    page = _get(reverse("library:compare") + "?matter=D3")
    assert "协议入市的面积上限" in page
    assert "不同" in page
    assert "淄博 二(一)2(3)" in page
    # A day before the plans nothing is stated.
    before = _get(reverse("library:compare") + "?matter=D3&on=2020-01-01")
    assert "淄博 二(一)2(3)" not in before


def test_the_comparison_is_taken_along_as_a_workbook():
    answer = Client().get(reverse("library:compare") + "?matter=D3&export=xlsx&zone=qingdao&zone=zibo")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0] == ("事项", "参数", "规则编号", "是否不同", "青岛", "淄博", "青岛依据", "淄博依据")
    area = next(row for row in rows if row[1] == "协议入市的面积上限")
    assert area[3:6] == ("不同", "5 亩", "待地方确定")


@pytest.mark.parametrize("odd", ["matter=D99", "on=tomorrow", "zone=nowhere", "matter=%00", "differs=2"])
def test_an_odd_address_still_answers(odd):
    _get(f"{reverse('library:compare')}?{odd}")


def test_every_rule_has_its_calculator():
    index = _get(reverse("library:calculators"))
    for code in all_rules():
        address = reverse("library:calculator", args=[code])
        assert address in index
        _get(address)
        answered = _get(f"{address}?zone=qingdao&date=2026-11-23")
        assert 'id="basis"' in answered, code
    _get(reverse("library:calculator", args=["no.such"]), status=404)
    assert "没有叫" in _get(reverse("library:calculators") + "?q=没有这个")


def test_a_calculator_answers_with_clauses_and_asks_the_other_zones_too():
    page = _get(f"{reverse('library:calculator', args=[RULE])}?zone=qingdao&{ASKED}")
    assert "宗地面积 5 亩 ≤ 协议入市的面积上限 5 亩" in page
    assert "青岛 三(二)3" in page
    assert "zone=zibo" in page
    lacking = _get(f"{reverse('library:calculator', args=[RULE])}?zone=zibo&{ASKED}")
    assert "参数“协议入市的面积上限”：本试验区还没有定" in lacking


def test_a_wrong_fact_is_told_beside_its_field():
    page = _get(f"{reverse('library:calculator', args=[RULE])}?zone=qingdao&f-area_mu=五亩", status=422)
    assert "“五亩”不是数值" in page
    assert 'id="basis"' not in page
    assert "不是日期" in _get(f"{reverse('library:calculator', args=[RULE])}?zone=qingdao&date=昨天")


def test_the_office_enters_a_local_value_that_the_derivation_names():
    office = _office("qingdao")
    address = reverse("library:enter", args=[AREA_MAX])
    given = {"zone": "qingdao", "starts": "2026-01-01", "written": "8", "source": "会议纪要〔2026〕3号"}
    wrong = office.client().post(address, given | {"written": "0.8"})
    assert wrong.status_code == 422
    assert "不是整数或分数" in wrong.content.decode()
    assert office.client().post(address, given).status_code == 302
    page = _get(f"{reverse('library:calculator', args=[RULE])}?zone=qingdao&{ASKED}")
    assert "8 亩" in page
    assert "演示录入：会议纪要〔2026〕3号" in page
    value = ParameterValue.objects.get(origin="local")
    history = _get(reverse("library:parameter", args=[AREA_MAX]), office.client())
    assert reverse("library:take-back", args=[value.pk]) in history
    assert office.client().post(reverse("library:take-back", args=[value.pk])).status_code == 302
    assert "已撤下" in _get(reverse("library:parameter", args=[AREA_MAX]))


def test_who_is_not_of_the_zone_enters_nothing():
    other = _office("zibo").client()
    given = {"zone": "qingdao", "starts": "2026-01-01", "written": "8", "source": "会议纪要"}
    assert other.post(reverse("library:enter", args=[AREA_MAX]), given).status_code == 422
    department = person(Role.DEPARTMENT, Zone.objects.get(pk="qingdao").seat_id).client()
    assert department.get(reverse("library:enter", args=[AREA_MAX])).status_code == 403
    assert Client().get(reverse("library:enter", args=[AREA_MAX])).status_code == 302
    assert not ParameterValue.objects.filter(origin="local").exists()


def test_an_answer_is_kept_and_found_again_by_its_own_office():
    office = _office("qingdao")
    address = reverse("library:calculator", args=[RULE])
    asked = dict(one.split("=") for one in ASKED.split("&")) | {"zone": "qingdao", "subject": "大沽河街道某宗地"}
    answer = office.client().post(address, asked)
    kept = KeptRuling.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("library:ruling", args=[kept.pk])
    page = _get(answer["Location"], office.client())
    assert "复核一致" in page
    assert "大沽河街道某宗地" in page
    assert "大沽河街道某宗地" in _get(reverse("library:rulings"), office.client())
    other = _office("zibo").client()
    assert other.get(answer["Location"]).status_code == 404
    assert "大沽河街道某宗地" not in _get(reverse("library:rulings"), other)
    assert Client().post(address, asked).status_code in (302, 401, 403)
    assert other.post(address, asked).status_code == 403
    assert KeptRuling.objects.count() == 1


def test_laws_list_the_articles_that_are_cited():
    assert "土地管理法" in _get(reverse("library:laws"))
    assert "第六十三条第二款" in _get(reverse("library:law", args=["land-law-2019"]))
    _get(reverse("library:law", args=["qingdao-2020"]), status=404)


def test_queries_do_not_grow_with_the_matters(django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        _get(reverse("library:compare"))
