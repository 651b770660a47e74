"""Where a measure is tried (试点区域), and what the group words of a document stand for.

``历城区港沟街道、彩石街道`` names two streets of one district; ``六区`` is what the text said it is:
``…包括甲区、乙区…（以下统称六区）`` («004» 一, «000» preface).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from ronghe.policy.reader.normalise import Mapped
from ronghe.policy.reader.units import split_outside

_SMALL = r"(?:街道办事处|街道|镇|乡|苏木|片区|村|社区|园区|产业园|街办|镇办|示范园|工业园|小镇|组团)"
_WITH_DISTRICT = re.compile(rf"^(.{{1,11}}(?<![片园社小街景校厂])(?:区|县|市|旗))(.{{1,}}?{_SMALL})$")
_SMALL_END = re.compile(rf"{_SMALL}$")
_DEFINED = re.compile(r"[（〔](?:以下)?(?:简称|统称|合称|并称)为?(?:“)?([^“）〕]{1,20})(?:“)?(?:，下同)?[）〕]")
_LIST_BEFORE = re.compile(
    r"(?:包括|涵盖|范围[为是]|选择|选取|确定|覆盖|包含|涉及|分别[为是]|以及|(?:我|本|全)[市县区省州旗](?=.{2})|^[为即对在将]|：)"
)
_COUNTED = re.compile(r"([一二三四五六七八九十两\d]{1,2})(?=[区县市镇乡街办])")
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_WHOLE = re.compile(r"(?:全域|范围内|全部|所有区域)$")


def read_areas(text: Mapped) -> list[str]:
    """The areas of a field, in order, the shared district put on each."""
    result: list[str] = []
    have: set[str] = set()
    for a, b in split_outside(text.key, 0, len(text), "，；。\n"):
        district = ""
        pieces = (p for q in split_outside(text.key, a, b, "、") for p in _at_gaps(text, *q))
        for c, d in pieces:
            name = text.text[c:d].strip()
            full = _WITH_DISTRICT.match(text.key[c:d])
            if full:
                district = text.text[c : c + len(full[1])]
            elif district and _SMALL_END.search(name):
                name = district + name
            elif not _SMALL_END.search(name):
                district = ""
            if name and name not in have:
                areas = _and_split(name)
                result += areas
                have.update(areas)
    return result


def _at_gaps(text: Mapped, start: int, end: int) -> list[tuple[int, int]]:
    """Areas that only a blank or a line's end in a cell divides (石门镇 白水镇): places of one kind."""
    cuts = [i for i in range(start + 2, end - 1) if text.offsets[i] - text.offsets[i - 1] > 1]
    edges = [start, *cuts, end]
    ends = {text.key[i - 1] for i in edges[1:]}
    whole = len(ends) == 1 and ends <= set("区县市旗镇乡道村") and all(b - a > 1 for a, b in pairwise(edges))
    return list(pairwise(edges)) if whole else [(start, end)]


def _and_split(name: str) -> list[str]:
    """``甲县和乙县`` are two areas; the parts must both end as areas do."""
    match = re.match(r"^(.{1,10}[区县市旗镇乡道])(?:和|及|与|以及)(.{1,12}[区县市旗镇乡道])$", name)
    return [match[1], match[2]] if match else [name]


def definitions(text: Mapped) -> list[tuple[str, list[str], int, int]]:
    """Groups that the text defines: name, members, and where (positions in the text)."""
    found = []
    before = 0
    for match in _DEFINED.finditer(text.key):
        name = text.text[match.start(1) : match.end(1)]
        begin = max(before, *(text.key.rfind(c, before, match.start()) + 1 for c in "，。；\n"))
        before = match.end()
        while text.key[begin] in "和及与、以":
            begin += 1
        members = _members(text, begin, match.start(), name)
        if members:
            found.append((name, members, begin, match.end()))
    return found


def _members(text: Mapped, start: int, end: int, name: str) -> list[str]:
    """The list that stands before a definition; a number in the group's name (六区) says how many it has."""
    key = text.key
    comma = key.find("、", start, end)
    before = key[start : comma if comma > 0 else end]
    start += max((m.end() for m in _LIST_BEFORE.finditer(before)), default=0)
    names: list[str] = []
    for a, b in split_outside(key, start, end, "、"):
        names.extend(_last_and(text.text[a:b]))
    counted = sum(_DIGIT.get(c, 0) for c in "".join(_COUNTED.findall(name)))
    if counted:
        return names if counted == len(names) else []
    return (
        names if len(names) > 1 and all(len(n) <= 16 for n in names) and re.search(r"[区县市镇乡街道旗]", name) else []
    )


def _last_and(piece: str) -> list[str]:
    match = re.match(r"^(.{2,}?[区县市旗镇乡道会])(?:和|及|与|以及)(.{2,})$", piece)
    return [match[1], match[2]] if match else [piece]


def expanded(areas: Sequence[str], groups: Mapping[str, Sequence[str]]) -> list[str]:
    """Areas with each group word replaced by its members, where the document defines them."""
    result: dict[str, None] = {}
    for area in dict.fromkeys(areas):
        result |= dict.fromkeys(groups.get(area) or groups.get(_WHOLE.sub("", area)) or [area])
    return list(result)
