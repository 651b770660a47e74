"""入市交易: platform, modes and methods; appraisal before them."""

import pytest

from ronghe.exchange.rules.pricing import AppraisalFacts, appraisal
from ronghe.exchange.rules.trade import PlatformFacts, TradeFacts, platform, trade_mode
from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.asked import in_zone

STAGES = frozenset({"公告", "交易", "成交公示"})


def at(slug, **facts):
    return platform(PlatformFacts(**{"is_competitive": True, **facts}), in_zone("entry.platform", slug))


def by(slug, **facts):
    return trade_mode(TradeFacts(**facts), in_zone("entry.trade_mode", slug))


@pytest.mark.parametrize(("slug", "value"), [("qingdao", True), ("gaoqing", None), ("zibo", False), ("jinan", False)])
def test_the_visible_land_market_only_where_the_document_names_it(slug, value):
    # 青岛 三(一)2; 高青 四(二)6 names both places, and the rest of Zibo's rules binds it
    assert at(slug, channel="土地有形市场", is_information_public=True).value is value


def test_zibo_runs_all_stages_as_for_state_land():
    facts = {"channel": "公共资源交易平台", "level": "区县", "is_information_public": True}
    assert at("zibo", **facts, same_stages=STAGES).value is True
    short = at("zibo", **facts, same_stages=STAGES - {"公告"})
    assert short.value is False
    assert "公告" in short.steps[-1].finding


def test_jinan_trades_on_the_citys_platform():
    assert at("jinan", channel="公共资源交易平台", level="市").value is True
    assert at("jinan", channel="公共资源交易平台", level="区县").value is False


def test_what_is_not_competitive_need_not_come():
    assert at("jinan", is_competitive=False).value is True
    assert at("jinan", is_competitive=None).missing == ("is_competitive",)


@pytest.mark.parametrize("mode", ["出让", "出租", "作价出资（入股）"])
@pytest.mark.parametrize("method", ["招标", "拍卖", "挂牌"])
@pytest.mark.parametrize("slug", ["qingdao", "zibo", "gaoqing"])
def test_every_mode_in_public(slug, mode, method):
    # 青岛 三(二)3; 淄博 二(一)2(3)
    assert by(slug, mode=mode, method=method).value is True


def test_agreement_only_as_the_exception():
    assert by("qingdao", mode="出租", method="协议").missing == ("is_agreement_allowed",)
    assert by("qingdao", mode="出租", method="协议", is_agreement_allowed=True).value is True
    assert by("qingdao", mode="出租", method="协议", is_agreement_allowed=False).value is False


def test_in_jinan_a_lease_stops_at_approval():
    # 济南 四(一)3
    assert by("jinan", mode="出租", has_plan_approval=True).value is True
    assert by("jinan", mode="出租", has_plan_approval=False).value is False
    assert by("jinan", mode="出让", method="竞价", has_plan_approval=True).value is True
    assert by("jinan", mode="出让", method="挂牌", has_plan_approval=True).value is True
    assert by("jinan", mode="出让", method="招标", has_plan_approval=True).value is False
    assert by("jinan", mode="出让", has_plan_approval=True).missing == ("method",)
    assert by("jinan", method="竞价", has_plan_approval=True).missing == ("mode",)
    assert by("jinan", mode="出让", method="协议", has_plan_approval=True, is_agreement_allowed=True).value is True


def test_minhou_states_no_modes():
    assert by("minhou", mode="出让", method="挂牌").verdict is Verdict.UNDECIDABLE


@pytest.mark.parametrize("slug", ["qingdao", "jinan"])
def test_the_collective_appoints_a_qualified_appraiser(slug):
    # 青岛 三(一)3; 济南 四(三)1
    def said(*facts):
        return appraisal(AppraisalFacts(*facts), in_zone("entry.appraisal", slug)).value

    assert said(True, True, "农村集体经济组织") is True
    assert said(True, False, "农村集体经济组织") is False
    assert said(True, True, "其他") is False
    assert said(False, True, "农村集体经济组织") is False
    assert said(True, None, "农村集体经济组织") is None
