"""Likeness of measures: its properties on any wording, and what it says of the five zones."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.policy.comparing import ALIKE, Measure, sides, similarities
from ronghe.policy.packs import known_packs, read_pack

WORDS = st.text("集体土地入市收益分配宅基退出A1 ", min_size=0, max_size=8)
MEASURES = st.lists(
    st.builds(
        lambda zone, title, words: (zone, title, tuple(words)), st.sampled_from("甲乙丙"), WORDS, st.lists(WORDS)
    ),
    max_size=12,
).map(lambda rows: [Measure(number, *row) for number, row in enumerate(rows)])


@given(MEASURES, MEASURES)
def test_likeness_lies_between_0_and_1_and_is_the_same_from_either_side(left, right):
    there, back = similarities(left, right), similarities(right, left)
    assert (there == back.T).all()
    assert ((there >= 0) & (there <= 1)).all()


@given(MEASURES)
def test_the_same_wording_is_1(measures):
    matrix = similarities(measures, measures)
    said = [bool((one.title + "".join(one.keywords)).split()) for one in measures]
    assert np.diag(matrix).tolist() == [1.0 if words else 0.0 for words in said]


@given(MEASURES)
def test_each_measure_stands_on_its_side_once_in_its_order(measures):
    found = sides("甲", measures)
    assert [one.measure for one in found.ours] == [one for one in measures if one.zone == "甲"]
    assert [one.measure for one in found.theirs] == [one for one in measures if one.zone != "甲"]
    for one in found.theirs:
        assert one.nearest is None or one.nearest.zone == "甲"
    for one in found.ours:
        assert one.nearest is None or one.nearest.zone != "甲"


@given(MEASURES)
def test_of_equally_near_measures_the_earlier_is_named(measures):
    twice = [*measures, *(Measure(one.id + 100, one.zone, one.title, one.keywords) for one in measures)]
    assert all(one.nearest is None or one.nearest.id < 100 for one in sides("甲", twice).theirs)


def test_without_anybody_to_compare_with_everything_stands_alone():
    [one] = sides("甲", [Measure(1, "甲", "建立入市管理制度")]).ours
    assert (one.nearest, one.similarity, one.stands_alone) == (None, 0.0, True)
    assert sides("甲", []).ours == sides("乙", []).theirs == ()


@pytest.fixture(scope="module")
def measures():
    rows = [(pack.zone.slug, task) for pack in map(read_pack, known_packs()) for task in pack.tasks]
    return [Measure(n, zone, task.title, task.keywords) for n, (zone, task) in enumerate(rows)]


#: What a reader of the plans says (decision 0019): zone, where the measure stands, its title, whether the zone has it.
JUDGED = [
    ("gaoqing", "zibo", "建立健全生态产品市场交易体系", True),
    ("gaoqing", "zibo", "健全统筹城乡的社会保障体系", False),
    ("gaoqing", "jinan", "规范集体资产股权退出处置", False),
    ("gaoqing", "qingdao", "完善金融风险防范处置机制", False),
    ("jinan", "zibo", "创新集体经营性建设用地使用模式", True),
    ("jinan", "zibo", "完善农村金融服务体系", True),
    ("jinan", "zibo", "推动城乡文化设施均等化发展", False),
    ("jinan", "qingdao", "探索点状供地和混合用地", True),
    ("minhou", "jinan", "把握入市规模与节奏", False),
    ("minhou", "qingdao", "完善服务平台", True),
    ("minhou", "qingdao", "严禁各类权益关联强制退出", False),
    ("qingdao", "jinan", "明确入市主体和入市途径", True),
    ("qingdao", "jinan", "探索“森林生态银行”模式", False),
    ("qingdao", "jinan", "建立城乡基础设施一体化发展体制机制", False),
    ("qingdao", "minhou", "拓展多元投融资渠道", True),
    ("zibo", "jinan", "完善农村产权信息化管理", True),
    ("zibo", "minhou", "健全人才入乡激励机制", False),
    ("zibo", "qingdao", "放宽农业转移人口落户限制", False),
    ("zibo", "qingdao", "发展生态农业", True),
]


@pytest.mark.parametrize(("zone", "other", "title", "has_it"), JUDGED)
def test_what_a_reader_of_the_plans_would_say(measures, zone, other, title, has_it):
    [found] = [one for one in sides(zone, measures).theirs if (one.measure.zone, one.measure.title) == (other, title)]
    assert found.stands_alone is not has_it, f"{found.similarity:.3f} to {found.nearest}, alike from {ALIKE}"


def test_two_thousand_against_two_thousand_take_a_few_seconds(measures):
    many = [
        Measure(n, "甲" if n % 2 else "乙", f"{one.title}{n}", measures[(7 * n) % len(measures)].keywords)
        for n in range(4_000)
        for one in [measures[n % len(measures)]]
    ]
    started = time.perf_counter()
    found = sides("甲", many)
    assert time.perf_counter() - started < 10  # 0.8 s where nothing else runs
    assert len(found.theirs) == len(found.ours) == 2_000
