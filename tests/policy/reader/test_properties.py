"""What holds for any text whatever."""

from __future__ import annotations

import json
import time
from importlib import resources
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.policy.reader import read_plan

SCHEMA = json.loads((resources.files("ronghe.policy.reader") / "schema.json").read_text(encoding="utf-8"))
PIECES = [
    "一、", "（一）", "(二)", "1.", "2、", "(1)", "①", "第一章", "第二条", "任务一：", "附件1", "附件：", "目录", "抄送：", "\n", "\n\n", "\r\n", "\t", "　",
    "（责任单位：", "牵头单位:", "配合单位", "完成时限：", "试点区域：", "）", ")", "〕", "【责任单位】", "。", "，", "、", "；", "：", "市财政局", "各区县政府", "人社局",
    "县公安局", "一区两市", "按职责分工负责", "牵头", "配合", "2022年底前", "到2025年", "2021—2023年", "“十四五”末", "长期坚持", "六区全域", "（以下统称六区）", "历城区港沟街道",
    "区(qū)縣", "?!藏?zé)任單位:", "\ufffd", "试验任务\t牵头单位\t具体措施", "序号|任务|责任单位", "某政发〔2021〕1号", "2021年8月15日", "现将《某方案》印发给你们", "关于印发", "的通知",
    "排名第一的市直部门为牵头部门，下同", "99年13月", "0年", "二〇二一年十三月", "and", "\x00", "𠀀", "建设平台",
]  # fmt: skip


def check(text: str) -> dict[str, Any]:
    reading = read_plan(text)
    answer = reading.to_json()
    assert json.loads("".join(reading.written())) == answer
    jsonschema.validate(answer, SCHEMA, cls=jsonschema.Draft202012Validator)
    for place in _places(answer):
        assert 0 <= place["start"] <= place["end"] <= len(text)
    starts = [t["place"]["start"] for t in answer["tasks"]]
    assert starts == sorted(starts)
    return answer


def _places(value: Any) -> list[dict[str, int]]:
    if isinstance(value, list):
        return [p for v in value for p in _places(v)]
    if isinstance(value, dict):
        return [value] if set(value) == {"start", "end"} else [p for v in value.values() for p in _places(v)]
    return []


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text):
    check(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_mixture_of_the_grammars_own_words_gives_a_valid_answer(text):
    check(text)


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff", "hello world", "\x00" * 50, "（" * 500, "1." * 500])
def test_garbage_gives_an_empty_reading(text):
    answer = check(text)
    assert answer["tasks"] == []
    assert answer["units"] == []


def test_hundred_pages_are_read_in_about_a_second():
    clause = (
        "（{0}）建设平台。"
        + "编制建设方案，明确目标和步骤，落实资金和用地，" * 8
        + "（牵头单位：市财政局；配合单位：市水利局；完成时限：2022年底）\n"
    )
    numbers = "一二三四五六七八九十"
    text = "".join(f"{n}、任务\n" + "".join(clause.format(m) for m in numbers) for n in numbers) * 5
    assert len(text) > 100_000
    read_plan("一、")  # the dictionaries are loaded once
    started = time.process_time()
    reading = read_plan(text)
    assert len(reading.tasks) == 500
    assert time.process_time() - started < 3  # about 0.4 s on the machine of 2021; room for a busy one


@pytest.mark.parametrize(
    "piece",
    [
        "（",
        "）",
        "（责任单位：市财政局）",
        "一、\n",
        "年",
        "2022年底前",
        "责任单位：",
        "市财政局和",
        "甲\t乙\t丙\n",
        "（责任单位：市财政局、\n",
    ],
)
def test_time_grows_with_the_length_only(piece):
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        started = time.process_time()
        read_plan(text)
        return time.process_time() - started

    seconds(2_000)
    short, long = seconds(20_000), seconds(80_000)
    assert long < 20 * max(short, 0.02)  # four times the length; a square would be sixteen times and more
