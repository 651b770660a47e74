"""Number markers at the beginning of a line (层次序数): 一、（一）1.（1）① 第一章 第一条 任务一.

The order of levels follows GB/T 9704—2012 7.3.3 (“一、”“（一）”“1.”“（1）”); laws add 章, 节 and 条, county plans ①.
A marker is only a candidate: whether it opens a clause depends on its neighbours (``outline``), because a broken
line may begin with ``一、二级土地市场`` as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ronghe.policy.reader.normalise import Mapped

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_CN = r"[一二三四五六七八九十百零〇]{1,6}"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

#: kind, rank (lower is further out), pattern on the key form. The first group is the number.
_PATTERNS: tuple[tuple[str, int, re.Pattern[str]], ...] = (
    ("part", 10, re.compile(rf"第({_CN}|\d{{1,3}})[编篇](?![章文])")),
    ("chapter", 20, re.compile(rf"第({_CN}|\d{{1,3}})章")),
    ("section", 30, re.compile(rf"第({_CN}|\d{{1,3}})节(?![课约])")),
    ("article", 35, re.compile(rf"第({_CN}|\d{{1,3}})条(?![款第规])")),
    ("cn", 40, re.compile(rf"({_CN})(?:、|[.：](?!\d))")),
    ("cn_paren", 50, re.compile(rf"（({_CN})）[、.：，]?")),
    ("box", 95, re.compile(rf"专栏({_CN}|\d{{1,2}})[：.、]?")),
    ("task", 55, re.compile(rf"(?:重点|主要|试验|试点|改革)?(?:任务|工程|行动|举措|措施)({_CN}|\d{{1,2}})[：.、]?")),
    ("decimal", 60, re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3})[.、]?(?=[\u4e00-\u9fff“《])(?![亿万元个年月日米倍度级公平号])")),
    ("num", 60, re.compile(r"(\d{1,3})(?:[.、](?:(?!\d)|(?=20\d\d年))|．)")),
    ("num_paren", 70, re.compile(r"（?(\d{1,3})）[、.]?")),
    ("circled", 80, re.compile(rf"([{CIRCLED}])[、.]?")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marker:
    """A candidate: ``label`` is what stands in a path (``三``, ``(二)``, ``3``, ``①``), ``length`` what it takes."""

    kind: str
    rank: int
    number: int
    label: str
    length: int


def read_marker(line: Mapped) -> Marker | None:
    """The number marker at the beginning of a line, if there is one."""
    key = line.key[:40]
    for kind, rank, pattern in _PATTERNS:
        match = pattern.match(key)
        if match is None or (match.end() == len(key) and kind in {"cn", "num"} and len(key) < 3):
            continue
        if kind == "cn" and _is_enumeration(key, match.end()):
            return None
        # 任务一 needs its colon or a space behind it: 任务一体化推进 is running text
        if kind == "task" and match[0][-1] not in "：.、" and not _gap(line, match.end()):
            continue
        written = match[1]
        number = _number(kind, written)
        if number is None or (kind == "num_paren" and not key.startswith("（") and len(written) > 2):
            continue
        return Marker(kind, rank, number, _label(kind, match[0], written), match.end())
    return None


def _gap(line: Mapped, at: int) -> bool:
    return at >= len(line) or line.offsets[at] - line.offsets[at - 1] > 1


def _is_enumeration(key: str, end: int) -> bool:
    """``一、二级土地市场`` and ``一、二、三产业`` count things, they do not number a clause."""
    rest = key[end : end + 3]
    return bool(rest) and rest[0] in "二三四五六七八九十" and len(rest) > 1 and rest[1] in "、级类线产期批三季环等"


def _number(kind: str, written: str) -> int | None:
    if kind == "circled":
        return CIRCLED.index(written) + 1
    if kind == "decimal":
        return int(written.rsplit(".", 1)[1])
    return int(written) if written.isdigit() else chinese_number(written)


def _label(kind: str, whole: str, written: str) -> str:
    if kind == "cn_paren":
        return f"({written})"
    if kind == "num_paren":
        return f"({written})"
    if kind in {"part", "chapter", "section", "article"}:
        return whole
    if kind in {"task", "box"}:
        return whole.rstrip("：:.、")
    return written


def chinese_number(written: str) -> int | None:
    """``二十三`` → 23, ``一百零二`` → 102, ``二〇二一`` → 2021; None when it is not a number."""
    if not written:
        return None
    if not set(written) & set("十百千"):
        try:
            return int("".join(str(_DIGITS[c]) for c in written))
        except KeyError:
            return None
    total, digit = 0, 0
    for c in written:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            digit = 0
        else:
            return None
    return total + digit
