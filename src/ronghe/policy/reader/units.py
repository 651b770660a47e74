"""Names of bodies in an annotation (责任主体的名称): split, cleaned, and completed by a shared prefix.

«002» writes ``县公安局、人社局`` for 县公安局 and 县人社局, but ``闽侯生态环境局`` in the same list keeps its own name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from ronghe.policy.reader.normalise import Mapped, key_of
from ronghe.policy.reader.vocabulary import BODY_END, COMPETENCE, GROUP, OWN_NAME, PARTY, TRAILING, UNIT_END

_LEVEL = re.compile(r"^(省|市(?!场|容)|县(?![域城])|区(?!域|块)|州|旗|自治区|自治州)(?=.{2})")
_BRANCH = re.compile(r"(?:分局|分行|支行|支队|大队|派出所|工作站)$")
#: 交警大队, 派出所: a part of the body before it.
PART_OF_BODY = re.compile(r"^(?![省市县区州各]).{1,5}(?:分局|支队|大队|中队|支行|分行|派出所|科|股|办公室|部)$")
#: Bodies whose own offices are named behind them: 县政府 办公室, 县委 机要局, 人民银行 济南分行.
_WITH_OFFICES = ("政府", "省委", "市委", "县委", "区委", "州委", "银行")
_AND = re.compile(r"[和及与]|以及")
_DEFINITION = re.compile(r"^(?:含|包括|包含|不含|除|下同|以下|即|指)|下同$|以下(?:简称|统称|同)|^(?:简称|统称)")
_SPELLING = re.compile(r"[和与及、（）]")
_SHORT_FORMS = (
    ("发展和改革", "发展改革"), ("发改", "发展改革"), ("人社", "人力资源社会保障"), ("住建", "住房城乡建设"),
    ("卫健", "卫生健康"), ("工信", "工业信息化"), ("文旅", "文化旅游"), ("资规", "自然资源规划"), ("委员会", "委"),
    ("办公室", "办"), ("监督管理", "监管"), ("市监局", "市场监管局"), ("医疗保障", "医保"), ("机构编制委办", "编办"),
)  # fmt: skip
_LEVELS = r"(?:设区的市|省|市|县|区|州|盟|旗|乡|镇|街道|自治[区州县]|直辖市|县级市|开发区|功能区|乡镇|镇街)"
#: 各市、 县人民政府: the first part is nothing but levels, the second a level and at most its government.
_EACH = re.compile(rf"^各(?:{_LEVELS}|、|[（〔][^（）〔〕]{{1,12}}[）〕])+$")
_EACH_MORE = re.compile(
    rf"^(?![省市县区](?:级)?(?:开发区|功能区)){_LEVELS}+(?:[（〔][^）〕]{{1,12}}[）〕])?(?:级)?(?:党委和(?:人民)?政府|人民政府|政府|党委|党工委|办事处|管委会|街办|办)?(?:[（〔][^）〕]{{1,12}}[）〕])?(?:等)?$"
)
#: 有关部门和单位 is one group.
_GENERIC = frozenset(("单位", "部门", "地区", "地方", "企业", "机构", "乡镇", "政府"))
_BEFORE_NAME = re.compile(
    r"^(?:(?:以上|上述|本项|该项|各项|具体|此项)[^，、]{0,6}|[省市县区镇乡]级(?:层面)?)由(?=.{3})"
)
_PARTY_OF_ALL = re.compile(r"^各.{0,8}党(?:委|工委)$")
#: Signs and days that stand in no name of a body.
_NO_NAME = re.compile(r"[|｜；。：，！？《》=%]|\d{4}年|\d月")
#: Words of running text; a group of bodies has none of them in its name.
_RUNNING = re.compile(r"要|应当|必须|加强|加快|推进|推动|形成|做好|完成|建立|完善|确保|落实|切实|具体|全面")
MAX_NAME = 36
_MAX_WRITTEN = 2 * MAX_NAME


@dataclass(frozen=True, slots=True)
class Name:
    """A body as the document names it here (``written``) and with its prefix (``name``)."""

    name: str
    written: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Definition:
    """A bracket that explains a group: ``各区县政府`` — ``含…管委会，下同``."""

    name: str
    note: str
    start: int
    end: int


def bracket_pairs(key: str) -> list[tuple[int, int]]:
    """Outermost brackets as (opening, closing) positions; kinds may differ, as in ``（…)``; lost ones are skipped."""
    pairs: list[tuple[int, int]] = []
    stack: list[int] = []
    for i, c in enumerate(key):
        if c in "（〔【":
            stack.append(i)
        elif c in "）〕】" and stack:
            opening = stack.pop()
            if not stack:
                pairs.append((opening, i))
    if stack:  # an opening bracket was never closed: what closed inside it still counts
        inner = bracket_pairs(key[stack[0] + 1 :]) if len(stack) < 20 else []
        pairs += [(a + stack[0] + 1, b + stack[0] + 1) for a, b in inner]
    return pairs


def split_outside(key: str, start: int, end: int, separators: str) -> list[tuple[int, int]]:
    """Positions of the pieces between separators that stand outside brackets; empty pieces are left out."""
    pieces: list[tuple[int, int]] = []
    depth, at = 0, start
    for i in range(start, end):
        c = key[i]
        if c in "（〔【":
            depth += 1
        elif c in "）〕】":
            depth = max(0, depth - 1)
        elif c in separators and depth == 0:
            pieces.append((at, i))
            at = i + 1
    pieces.append((at, end))
    return [(a, b) for a, b in pieces if b > a]


def looks_like_unit(name: str) -> bool:
    """Whether a name could be a body or a group of bodies; 各有关单位要加强 begins like a group and is none."""
    plain = key_of(name).strip()
    if not 1 < len(plain) <= MAX_NAME or _NO_NAME.search(plain):
        return False
    if UNIT_END.search(plain):
        return True
    return GROUP.match(plain) is not None and _RUNNING.search(plain) is None


def may_be_unit(name: str) -> bool:
    """A body, or what one deals with (``发改、财政等部门``)."""
    return looks_like_unit(name) or (len(name) <= 4 and COMPETENCE.match(_LEVEL.sub("", name)) is not None)


def is_whole_name(name: str) -> bool:
    """Whether a name is complete, so that a line's end behind it broke nothing: 县市 may be half of 县市场监管局."""
    return looks_like_unit(name) and (len(name) > 2 or BODY_END.search(name) is not None)


def names_in(text: Mapped, start: int, end: int) -> tuple[list[Name], list[Definition]]:
    """The names of one group (without commas), and the definitions found in brackets behind them."""
    names: list[Name] = []
    notes: list[Definition] = []
    for a, b in _together(text.key, split_outside(text.key, start, end, "、/／\n")):
        for c, d in _split_and(text.key, a, b):
            for e, f in _at_gaps(text, c, d):
                name = _name(text, e, f, notes)
                if name is not None:
                    names.append(name)
    return names, notes


def _together(key: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """``各市、县人民政府`` and ``各乡镇、街道办事处`` are one group, though 、 stands inside."""
    result: list[tuple[int, int]] = []
    for a, b in pieces:
        before = key[slice(*result[-1])] if result and result[-1][1] - result[-1][0] <= MAX_NAME else ""
        party = _PARTY_OF_ALL.match(before) and key[a:b] in {"政府", "人民政府"}
        if party or (_EACH.match(before) and _EACH_MORE.match(key[a:b])):
            result[-1] = (result[-1][0], b)
        else:
            result.append((a, b))
    return result


def _split_and(key: str, start: int, end: int) -> list[tuple[int, int]]:
    """``A局和B局`` are two bodies, ``自然资源和规划局`` is one: both sides must be names of bodies."""
    if key[start : start + 1] == "各":
        return [(start, end)]
    at = start
    pieces: list[tuple[int, int]] = []
    for match in _AND.finditer(key, start, end):
        if end - match.end() > _MAX_WRITTEN:  # looked at from every “和” of a long text, this would take for ever
            continue
        left, right = key[at : match.start()], key[match.end() : end]
        whole = UNIT_END.search(left) and len(left) > 2 and "（" not in left and looks_like_unit(right)
        # 区 and 市 end place names as well: 文化和旅游市和… must not be cut, 高新区和市南部山区 may
        if whole and not left.endswith(("社区", "镇区", "城区")) and right not in _GENERIC:
            pieces.append((at, match.start()))
            at = match.end()
    pieces.append((at, end))
    return [(a, b) for a, b in pieces if b > a]


def _at_gaps(text: Mapped, start: int, end: int) -> list[tuple[int, int]]:
    """Names that only a blank or a line's end divides: ``区财政局 区住建局``.

    A page may break inside a name as well, so both sides must be whole: a body, then a new level, 各, or a body of
    which the one before is no part (县统计局 石门供水站, but not 县公安局 交警大队 or 县政府 办公室).
    """
    pieces: list[tuple[int, int]] = []
    at = start
    gaps = [i for i in range(start + 2, end - 1) if text.offsets[i] - text.offsets[i - 1] != 1]
    for i, following in zip(gaps, [*gaps[1:], end], strict=False):
        before, piece = text.key[max(at, i - _MAX_WRITTEN) : i], text.key[i : min(following, i + _MAX_WRITTEN)]
        if not BODY_END.search(before):
            continue
        new = text.key[i] == "各" or _LEVEL.match(text.key[i : min(i + 6, end)])
        if new or (_is_other_body(piece) and not before.endswith(_WITH_OFFICES)):
            pieces.append((at, i))
            at = i
    pieces.append((at, end))
    return pieces


def _is_other_body(piece: str) -> bool:
    if PART_OF_BODY.match(piece) or not looks_like_unit(piece):
        return False
    return len(piece) > 3 or (COMPETENCE.match(piece) is not None and BODY_END.search(piece) is not None)


def _name(text: Mapped, start: int, end: int, notes: list[Definition]) -> Name | None:
    key = text.key
    lead_in = _BEFORE_NAME.match(key[start:end])
    start += lead_in.end() if lead_in else 0
    while start < end and key[start] in "由：，。；*★●•“和及与":
        start += 1
    bracket = key.find("（", start, end)
    if bracket < 0:
        bracket = key.find("〔", start, end)
    if bracket > start:
        close = max(key.rfind("）", bracket, end), key.rfind("〕", bracket, end))
        inside = key[bracket + 1 : close if close > 0 else end]
        if _DEFINITION.search(inside):
            notes.append(
                Definition(text.text[start:bracket], text.text[bracket + 1 : close if close > 0 else end], start, end)
            )
            end = bracket
    while end > start and key[end - 1] in "。；，：、“":
        end -= 1
    tail = TRAILING.search(key, start, end)
    if tail and tail.start() > start and tail.end() == end:
        end = tail.start()
    written = text.text[start:end]
    if len(written) < 2:
        return None
    return Name(written, written, start, end)


def with_shared_prefix(groups: Sequence[Sequence[Name]], own_places: Collection[str]) -> list[list[Name]]:
    """Put the level of the first name of a group (县) on the bare names behind it.

    The first full name of a group rules it, and the list's first where a group has none. Names that begin with the
    document's own place (``own_places``: 闽侯), groups, banks and companies have names of their own.
    """
    ruling = ""
    result: list[list[Name]] = []
    for group in groups:
        level = next((m[1] for n in group if (m := _LEVEL.match(n.written)) and not _BRANCH.search(n.written)), "")
        ruling = level or ruling
        result.append([_completed(n, ruling, own_places) for n in group])
    return result


def _completed(name: Name, level: str, own_places: Collection[str]) -> Name:
    bare = name.written
    if not level or not _is_bare(bare, own_places):
        return name
    full = f"{level}委{bare}" if PARTY.match(bare) else level + bare
    return Name(full, bare, name.start, name.end)


def _is_bare(name: str, own_places: Collection[str]) -> bool:
    if GROUP.match(name) or OWN_NAME.search(name) or name.startswith(tuple(own_places)):
        return False
    return (COMPETENCE.match(name) or PARTY.match(name)) is not None and UNIT_END.search(name) is not None


def spelling_key(name: str) -> str:
    """One key for the spellings of a body: 县文化和旅游局 and 县文化旅游局 («003» 四8④ and 14)."""
    key = name
    for short, full in _SHORT_FORMS:
        key = key.replace(short, full)
    return _SPELLING.sub("", key)


def register(names: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """Distinct bodies in first-seen order, and other spellings → the spelling seen first."""
    first: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for name in dict.fromkeys(names):
        known = first.setdefault(spelling_key(name), name)
        if known != name:
            aliases[name] = known
    return list(first.values()), aliases
