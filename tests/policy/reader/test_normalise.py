"""Cleaning keeps a way back to every character of the original."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.policy.reader import areas, lines
from ronghe.policy.reader.normalise import Cleaner, Mapped, joined

PLAIN = Cleaner(cuts_plain_pinyin=False, traditional=False)
WEB = Cleaner(cuts_plain_pinyin=True, traditional=True)
ANY = st.text(
    st.sampled_from(
        "一二三、（）()〔〕【】。，；：:,;\n\t\r　 \u00a0**|1234567890年月日区縣(qū)(de)著乾於責任单位牵头?!藏zé\ufffdＡ１①—abc"
    ),
    max_size=200,
)


def test_pinyin_in_brackets_is_cut_and_terms_stay():
    assert WEB.clean("各區(qū)縣(xiàn)政府(de)").text == "各区县政府"
    assert PLAIN.clean("减排量（vcs）").text == "减排量（vcs）"


def test_places_lead_back_through_cuts_and_blanks():
    raw = "　建立 區(qū)縣 制度"
    text = WEB.clean(raw, 100)
    at = text.text.index("区县")
    start, end = text.place(at, at + 2)
    assert raw[start - 100 : end - 100] == "區(qū)縣"


def test_blanks_between_latin_words_stay():
    assert PLAIN.clean("采用 open data 标准").text == "采用open data标准"


def test_names_in_simplified_documents_keep_their_characters():
    assert PLAIN.clean("乾县、於潜镇整備土地").text == "乾县、於潜镇整备土地"


def test_particle_is_simplified_and_the_word_is_not():
    assert WEB.clean("跟著需要走，成效顯著").text == "跟着需要走，成效显著"


def test_markup_is_cut():
    assert PLAIN.clean("**（一）盘活资产。**&nbsp;<p style='x'>清理合同</p>").text == "（一）盘活资产。清理合同"


@settings(deadline=None)
@given(ANY)
def test_offsets_rise_and_stay_within_the_line(raw):
    for cleaner in (PLAIN, WEB):
        text = cleaner.clean(raw, 7)
        assert len(text.offsets) == len(text.text) == len(text.key)
        assert all(a <= b for a, b in zip(text.offsets, text.offsets[1:], strict=False))
        assert all(7 <= at < 7 + len(raw) for at in text.offsets)


@settings(deadline=None)
@given(ANY)
def test_lines_stand_in_order_and_hold_their_text(raw):
    found = lines.split(raw, Cleaner.for_document(raw))
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(line.start <= line.text.place()[0] <= line.text.place()[1] <= line.end for line in found)


@settings(deadline=None)
@given(st.lists(ANY, max_size=5))
def test_joining_keeps_every_character(parts):
    mapped = [PLAIN.clean(p) for p in parts]
    whole = joined(mapped)
    assert whole.text == "".join(m.text for m in mapped)
    assert len(whole.offsets) == len(whole.text)


def test_areas_share_their_district():
    text = PLAIN.clean("历山区港沟街道、彩石街道，长平区，市中区泛大片区、埠村—曹范片区")
    assert areas.read_areas(text) == [
        "历山区港沟街道",
        "历山区彩石街道",
        "长平区",
        "市中区泛大片区",
        "市中区埠村—曹范片区",
    ]


def test_group_is_what_the_text_says_before_it():
    text = Mapped(
        "试验区包括东湖区、西山区（以下简称主城二区）和青川县、石泉县（以下统称“两县”），面积百里。", range(99)
    )
    assert [(name, members) for name, members, *_ in areas.definitions(text)] == [
        ("主城二区", ["东湖区", "西山区"]),
        ("两县", ["青川县", "石泉县"]),
    ]


def test_group_whose_number_does_not_fit_is_not_believed():
    text = Mapped("我市东湖区、西山区（以下统称六区）获批。", range(99))
    assert areas.definitions(text) == []
