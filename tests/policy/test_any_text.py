"""Whatever text comes, the reader answers by the schema and never breaks. How long it takes is a bench."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.policy import plan_oracle as oracle

CORPUS = sorted((oracle.HERE / "corpus").glob("*.txt"))
PUBLISHED = sorted(oracle.POLICIES.glob("*.txt")) if oracle.POLICIES.is_dir() else []
SOUP = "一二三四五六七八九十（）()〔〕【】：；、，。①②③1234567890.年月日底前牵头配合责任单位完成时限试点区域附件第条章县市区局\n\n\t　 "

ODD = {
    "empty": "",
    "blank": " \n\u3000\n\t",
    "one word": "通知",
    "latin": "The quick brown fox (responsible: nobody) 2020-01-01\n1. jumps\n",
    "only brackets": "（" * 5000 + "）" * 3000,
    "open annotation": "一、任务\n（一）某事。做好某事。（责任单位：市发展改革委、市财政局",
    "many blanks": "一、任务\n" + " " * 200_000 + "（一）某事。（责任单位：市财政局）",
    "long line": "一、任务\n（一）某事。" + "推进工作，" * 60_000 + "（责任单位：市财政局）",
    "many items": "一、任务\n" + "".join(f"{i}.某事。做好。（责任单位：市财政局）\n" for i in range(1, 1500)),
    "many commas": "一、任务\n（一）某事。（责任单位：" + "、".join(["市财政局"] * 8000) + "）",
    "tabs": "序号\t任务\t牵头单位\n" + "\t" * 20_000 + "\n1\t\t",
    "nul and surrogates": "一、任务\x00\n（一）某事\ufffd。（责任单位：市财政局\x07）",
    "astral": "一、任务\n（一）𠮷祥🙂行动。做好。（责任单位：市财政局）",
    "pinyin": "鄉(xiāng)" * 20_000,
}


def check(text: str) -> None:
    if reason := oracle.reader_missing():
        pytest.skip(reason)
    from ronghe.policy.reader import read_plan

    got = read_plan(text).to_json()
    assert not oracle.diff_schema({}, got, text)
    for item in [*got["tasks"], *got["unannotated"]]:
        assert 0 <= item["place"]["start"] <= item["place"]["end"] <= len(text)


@pytest.mark.parametrize("name", ODD)
def test_odd_text(name: str) -> None:
    check(ODD[name])


@pytest.mark.parametrize("seed", range(20))
def test_soup(seed: int) -> None:
    rng = random.Random(seed)
    check("".join(rng.choice(SOUP) for _ in range(4000)))


@pytest.mark.parametrize("path", [*CORPUS, *PUBLISHED], ids=lambda p: p.stem[:16])
def test_cut_off_and_spoilt(path: Path) -> None:
    text = oracle.text_of(path)
    rng = random.Random(path.name)
    for _ in range(4):
        check(text[: rng.randrange(len(text))])
        check(text[rng.randrange(len(text)) :])
        chars = list(text)
        for _ in range(max(3, len(chars) // 60)):
            chars[rng.randrange(len(chars))] = rng.choice(SOUP)
        check("".join(chars))
