"""Duties given in a running sentence (叙述式分工): an item's last sentence, without brackets and without a label.

``市发展改革委牵头，市财政局配合，2023年10月底前完成。`` and, in the division-of-work notices of the State Council,
``关于“…”的问题，由发展改革委会同财政部等部门研究提出落实意见。`` The whole sentence must be bodies, verbs of duty and
at most deadlines; ``由政府主导，企业参与。`` is a principle and not an order to anybody.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from ronghe.policy.reader.fields import Fields, read_fields
from ronghe.policy.reader.normalise import Mapped, joined, key_of
from ronghe.policy.reader.vocabulary import BODY_END, COMPETENCE, GROUP, PARTY, UNIT_END

MAX_SENTENCE = 500
#: What the sentence is about, where it says so before it names anybody.
_TOPIC = re.compile(r"(?:问题|事项)(?:，|。)?(?=由)|^(?:以上|上述|该项|此项|本项|这项)[^，。；]{0,10}(?:，|(?=由))")
#: 研究提出落实意见, 抓紧制定具体办法: the verb of a division of work, which is no word of duty by itself.
_WORK = re.compile(
    r"(?:抓紧|尽快|及时|认真|共同|分别)?(?:(?:研究|组织)?(?:提出|制定|制订|拟订|起草)[^，。；、]{0,12}(?:意见|办法|方案|措施|政策|建议)(?:并[^，。；、]{2,8})?"
    r"|研究(?:落实|解决|推进|办理|处理)(?:落实)?|(?:抓好|做好)落实|贯彻落实|组织落实|统筹推进)$"
)
_NAMED = re.compile(r"^(?:国家|国务院|中央|全国|中国|中华|人民银行|团[省市县区]|[省市县区州旗](?=.{2}))")
_NOT_NAMED = re.compile(r"(?:政府|党委|党组|村委会|居委会|理事会|董事会|领导小组|公司|合作社|学校|医院)$")
_STATED = re.compile(
    r"(?:(?<=[，；])|^)(?:(?:牵头|责任|配合|落实|协办|主办|承办)(?:责任)?(?:单位|部门)|完成时限|完成时间|试点区域)[为是]"
)
_SENTENCE = re.compile(r"[^。；！？\n]+")
#: 由县水利局牵头、各乡镇具体实施; 县卫健局要牵头制定办法，县财政局配合.
_TOLD = re.compile(
    r"(?:(?<![^，、])|(?<=由))(?!由)(?P<who>[^，：（）《》“]{2,80}?)(?P<order>要|应|应当|须)?"
    r"(?P<verb>牵头|配合|协助|参与|(?:负责)?(?:具体|组织)实施)(?P<what>[^，：（）、]{0,20})(?![^，、])"
)
_LAST_STOP = "。！？\n"


def last_sentence(text: Mapped, own_places: Collection[str]) -> tuple[int, int, Fields] | None:
    """The duties that the last sentence of a clause gives: where it stands, and what it says."""
    key = text.key
    end = len(key)
    while end and key[end - 1] in "。；\n ":
        end -= 1
    start = max(key.rfind(c, max(0, end - MAX_SENTENCE - 1), end) for c in _LAST_STOP) + 1
    if not 0 < end - start <= MAX_SENTENCE:
        return None
    topic = None
    for topic in _TOPIC.finditer(key, start, end):  # noqa: B007 - the last one counts
        pass
    begin = topic.end() if topic else start
    fields = _read(text, begin, end, own_places)
    return None if fields is None else (begin, end, fields)


def duties_inside(text: Mapped, own_places: Collection[str]) -> tuple[int, int, Fields] | None:
    """The first sentence in which a named body is told to lead, and others beside it: where, and what it says."""
    for sentence in _SENTENCE.finditer(text.key):
        part = text.cut(*sentence.span())
        told = [m for m in _TOLD.finditer(part.key) if all(map(_is_body, _split(m["who"])))]
        if not told or "牵头" not in told[0]["verb"]:
            continue
        # 由 and 要 give an order; 市水务局牵头，市财政局配合 among other sentences may tell what was done
        if not told[0]["order"] and part.key[: told[0].start("who")][-1:] != "由":
            continue
        parts: list[Mapped] = []
        for m in told:
            parts += [part.cut(*m.span("who")), part.cut(*m.span("verb"))]
            parts.append(Mapped("，", [part.offsets[m.end("verb") - 1]]))
        whole = joined(parts)
        fields = read_fields(whole, 0, len(whole), own_places)
        names = [key_of(n.name) for n in fields.names]
        if fields.lead and not fields.doubtful and any(_is_named(n, own_places) for n in names):
            return sentence.start() + told[0].start("who"), sentence.start() + told[-1].end(), fields
    return None


def _split(names: str) -> list[str]:
    return re.split("[、和及]", names)


def _read(text: Mapped, start: int, end: int, own_places: Collection[str]) -> Fields | None:
    part = text.cut(start, end)
    named = _STATED.sub(lambda m: m[0][:-1] + "：", part.key)
    if named != part.key:  # 责任单位为市水务局 says the same as 责任单位：市水务局
        part = Mapped(named, part.offsets)
    elif any(c in part.key for c in "：“《？！"):
        return None
    work = _WORK.search(part.key)
    if work and work.start() > 2:
        part = Mapped(
            part.text[: work.start()] + "负责", [*part.offsets[: work.start()], *[part.offsets[work.start()]] * 2]
        )
    fields = read_fields(part, 0, len(part), own_places)
    names = [key_of(n.name) for n in fields.names]
    stated = fields.has_verb or fields.labels
    if not stated or fields.with_work or fields.doubtful or fields.others or fields.definitions:
        return None
    if not all(_is_body(n) for n in names) or not any(_is_named(n, own_places) for n in names):
        return None
    return fields


def _is_body(name: str) -> bool:
    return BODY_END.search(name) is not None or (GROUP.match(name) is not None and UNIT_END.search(name) is not None)


def _is_named(name: str, own_places: Collection[str]) -> bool:
    """A body that is named, and not a kind of body (政府, 各部门, 村委会)."""
    if GROUP.match(name) or _NOT_NAMED.search(name) or BODY_END.search(name) is None:
        return False
    known = _NAMED.match(name) or COMPETENCE.match(name) or PARTY.match(name)
    return known is not None or name.startswith(tuple(own_places))
