"""入市年限: the zone's table, the nation's, leases and stages."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.exchange.rules.terms import FlexibleFacts, TermFacts, flexible_term, max_term
from ronghe.exchange.rules.uses import TERMED
from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.asked import ALL_ZONES, in_zone


def said(slug, use, years, mode="出让"):
    facts = TermFacts(use, None if years is None else Fraction(years), mode)
    return max_term(facts, in_zone("entry.max_term", slug))


@pytest.mark.parametrize(
    ("slug", "use", "limit", "document"),
    [
        ("zibo", "工业", 50, "zibo-2020"),  # 二(一)1(3)
        ("zibo", "采矿", 50, "zibo-2020"),
        ("zibo", "仓储", 50, "zibo-2020"),
        ("zibo", "商业服务", 40, "zibo-2020"),
        ("zibo", "旅游", 40, "zibo-2020"),
        ("gaoqing", "旅游", 40, "zibo-2020"),
        ("zibo", "居住", 70, "land-law-2019"),  # not in Zibo's table: 国务院令第55号 第十二条
        ("qingdao", "工业", 50, "qingdao-2020"),  # 三(四)1 → 第十二条
        ("qingdao", "仓储", 50, "qingdao-2020"),  # not named there: 综合或其他
        ("qingdao", "娱乐", 40, "qingdao-2020"),
        ("jinan", "教科文卫体", 50, "jinan-2021"),  # 四(二)2
        ("minhou", "商业服务", 40, "land-law-2019"),
    ],
)
def test_the_longest_term_of_a_use(slug, use, limit, document):
    at_limit = said(slug, use, limit)
    assert at_limit.value is True
    assert at_limit.steps[0].cite[0].document == document
    over = said(slug, use, Fraction(limit) + Fraction(1, 365))
    assert over.value is False
    assert f"缩短到 {limit} 年以内" in over.steps[0].finding


def test_the_limit_is_told_even_where_the_term_is_not_known():
    ruling = said("zibo", "工业", None)
    assert ruling.missing == ("years",)
    assert "50 年" in ruling.steps[0].finding


def test_a_lease_is_valid_for_twenty_years():
    # 民法典 第七百零五条
    assert said("qingdao", "工业", 20, "出租").value is True
    assert said("qingdao", "工业", 21, "出租").value is False
    assert said("qingdao", "工业", 21, "作价出资（入股）").value is True


@pytest.mark.parametrize("slug", ["zibo", "qingdao"])
def test_without_a_mode_what_a_lease_may_last_is_told_and_judges_nothing(slug):
    assert [said(slug, "工业", years, None).value for years in (20, 50, 51)] == [True, True, False]
    assert len(said(slug, "工业", 20, None).steps) == 1
    told = said(slug, "工业", 50, None).steps[1]
    assert (told.ok, told.missing) == (None, ())
    assert "如果是出租" in told.finding


@given(st.sampled_from(ALL_ZONES), st.sampled_from(TERMED), st.fractions(0, 100), st.fractions(0, 100))
def test_a_longer_term_never_turns_a_no_into_a_yes(slug, use, years, more):
    if said(slug, use, years).value is False:
        assert said(slug, use, years + more).value is False


def staged(slug, kind="集体经营性建设用地", how="弹性年期", use="工业", first="20", later="30"):
    facts = FlexibleFacts(kind, how, use, first and Fraction(first), later and Fraction(later))
    return flexible_term(facts, in_zone("entry.flexible_term", slug))


def test_stages_together_stay_within_the_longest():
    # 青岛 三(四)1
    assert staged("qingdao").value is True
    assert staged("qingdao", later="30001/1000").value is False
    left = staged("qingdao", later="10")
    assert left.value is True
    assert any("50 − 30 = 20 年" in step.finding for step in left.steps)
    assert staged("qingdao", use="商业服务", later="20").value is True
    assert staged("qingdao", use="商业服务", later="21").value is False
    assert staged("qingdao", later=None).missing == ("later_years",)


@pytest.mark.parametrize(
    ("slug", "kind", "how", "value"),
    [
        ("qingdao", "集体经营性建设用地", "先租后让", False),
        ("qingdao", "新增工业用地", "长期租赁", True),  # 二(一)1
        ("zibo", "新增工业用地", "弹性年期", True),  # 二(五)1
        ("zibo", "点状用地", "弹性年期", None),
        ("jinan", "产业用地", "租让结合", True),  # 四(二)2
        ("jinan", "产业用地", "弹性年期", False),
        ("jinan", "点状用地", "弹性年期", True),  # 八(一)
        ("jinan", "点状用地", "租让结合", False),
        ("minhou", "产业用地", "长期租赁", None),
    ],
)
def test_each_zone_names_its_ways_by_kind_of_land(slug, kind, how, value):
    assert staged(slug, kind, how).value is value


def test_the_lease_before_a_grant_is_one_lease():
    assert staged("jinan", "产业用地", "先租后让", first="20", later="30").value is True
    assert staged("jinan", "产业用地", "先租后让", first="21", later="29").value is False
    assert staged("jinan", "产业用地", "租让结合", first="21", later="29").value is True


@given(st.fractions(0, 60), st.fractions(0, 60))
def test_the_order_of_stages_does_not_matter(first, later):
    one, other = (staged("qingdao", first=str(a), later=str(b)) for a, b in ((first, later), (later, first)))
    assert one.verdict == other.verdict
    assert (one.verdict is Verdict.PASSED) is (first + later <= 50)
