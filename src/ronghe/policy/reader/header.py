"""The head of an official document (公文版头与主体前部): title, number, issuing body, dates.

The form is GB/T 9704—2012: masthead, 发文字号, 标题, 主送机关, text, signature and 成文日期, 附注; web pages add a list of
metadata (索引号, 发布日期). The plan itself usually follows the signature under its own title («000», «003», «004»);
an opinion (意见) is its own plan and is signed at its end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from ronghe.policy.reader import dates
from ronghe.policy.reader.lines import Line
from ronghe.policy.reader.markers import read_marker
from ronghe.policy.reader.normalise import Mapped, joined

NUMBER = re.compile(r"([\u4e00-\u9fffA-Za-z]{1,16})[〔（【]((?:19|20)\d{2})[〕）】]第?(\d{1,5})[号號]")
_META = {
    "index": ("索引号", "信息索取号", "索取号", "信息编号", "信息索引号", "索引编号"),
    "number": ("发文字号", "发文文号", "文号", "文件编号", "公文编号"),
    "made": ("成文日期", "成文时间", "生成日期", "发文日期", "制发日期", "生成时间"),
    "issued": ("发布日期", "发布时间", "公开日期", "公布日期", "印发日期", "公开时间", "发文时间", "日期", "时间"),
    "issuer": ("发文机关", "发文单位", "发布机构", "发布机关", "制发机关", "公开主体", "发布单位", "信息来源"),
    "title": ("标题", "名称", "信息名称", "文件名称"),
    "else": ("主题分类", "体裁分类", "组配分类", "有效性", "规范性文件登记号", "规范性文件统一编号", "来源", "主题词", "实施日期",
             "废止日期", "关键词", "公开方式", "公开范围", "分类", "签发人", "时效性", "效力状态", "信息类别", "公开类别", "有效期"),
}  # fmt: skip
_META_WORDS = sorted(((w, k) for k, words in _META.items() for w in words), key=lambda x: -len(x[0]))
_META_KEY = re.compile("(?:^|(?<=[^\u4e00-\u9fff]))•?(" + "|".join(w for w, _ in _META_WORDS) + ")(：|(?=[\\s\\d]))")
_META_OF = dict(_META_WORDS)
_ADDRESSEES = re.compile(
    r"(?:政府|部门|单位|机构|办事处|管委会|企业|院校|局|委|办|组织|公司|机关|团体|街道|镇|乡|地区)(?:（[^）]{1,30}）)?：$"
)
#: The cover sentence names the plan right behind 现将, or begins with it; other titles in it are what it is based on.
_COVER = (
    re.compile(r"(?:现|特|兹)(?:将)?(?:修订后的|修订的)?《([^》]{4,80})》?[^。]{0,60}(?:印发|公布|发布|下发|转发)"),
    re.compile(r"^《([^》]{4,80})》?(?:（.{1,20}）)?(?:已|业)?经?[^。]{0,80}(?:印发|公布|发布|下发|转发)"),
    re.compile(r"(?:印发|公布|发布)[^。]{0,20}《([^》]{4,80})》"),
    re.compile(r"《([^》]{4,80})》(?:（.{1,20}）)?(?:已|业)?经?[^。《]{0,80}(?:印发|公布|发布|下发|转发)"),
)
_ORGAN = re.compile(
    r"^(?:中共)?[\u4e00-\u9fff、]{2,40}(?:人民政府|政府|办公室|办公厅|委员会|委|局|厅|部|管委会|领导小组|国务院|院|公司|中心|会议|指挥部|署|会|办|组)$"
)
_DOC_KIND = r"(?:工作安排|安排|政策|路线图|通知|意见|决定|批复|函|公告|通告|公报|报告|方案|计划|规划|纲要|办法|措施|要点|条例|规定|细则|清单|分工|任务|举措|行动|建议)"
TITLE_END = re.compile(rf"{_DOC_KIND}(?:（[^（）]{{1,30}}）)?$")
_NOTICE_END = re.compile(r"(?:通知|函)$")
_DATE_ALONE = re.compile(
    r"^（?(\d{4}年\d{1,2}月\d{1,2}日|[一二][^年，。]{3}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日)）?$"
)
_PRINTED = re.compile(r"(\d{4}年\d{1,2}月\d{1,2}日)(?:印发|印制|公布|发布)(?:）)?$")
_OPENNESS = re.compile(r"^（?此件|^（联系|^（?公开方式|^（?主动公开")
_MAX_HEAD = 80


@dataclass
class Head:
    """What the head says; ``body`` is the index of the first line of the plan's text."""

    title: str | None = None
    notice_title: str | None = None
    number: str | None = None
    issuer: str | None = None
    date_made: date | None = None
    date_issued: date | None = None
    index_number: str | None = None
    body: int = 0
    claimed: set[int] = field(default_factory=set)


def read_head(lines: Sequence[Line]) -> Head:
    """Read the head; whatever is not there stays None."""
    head = Head()
    limit = _first_clause(lines)
    meta = _metadata(lines[:limit], head)
    cover, named = _cover(lines, limit)
    _plan_title(lines, head, named, cover)
    _numbers(lines, head, meta, limit)
    _signature(lines, head, cover, limit)
    _notice(lines, head, min(cover if cover is not None else limit, head.body or limit, limit))
    _fall_back(lines, head, meta, named, limit)
    return head


def _first_clause(lines: Sequence[Line]) -> int:
    """Index of the first line with an outer number marker: the head ends there at the latest."""
    inner = None
    for i, line in enumerate(lines):
        marker = None if line.is_row else read_marker(line.text)
        if marker and marker.rank <= 50:
            return i
        if marker and marker.number == 1 and inner is None:
            inner = i
    return inner if inner is not None else min(len(lines), _MAX_HEAD)


def _metadata(lines: Sequence[Line], head: Head) -> dict[str, str]:
    """``• 索引号 0051…``, ``发文字号：…``: keys and values; a value ends where the next key begins."""
    found: dict[str, str] = {}
    for line in lines:
        parts = [c for c in line.cells if c] if line.is_row else [line.text]
        whole = "\n".join(p.key for p in parts)
        marks = list(_META_KEY.finditer(_gapped(line, whole)))
        if line.is_row and _keyed_cells(parts):
            found |= {k: v for k, v in _keyed_cells(parts).items() if k not in found}
            head.claimed.add(line.number)
        if not marks or (len(whole) > 160 and not line.is_row) or marks[0].start() > 1:
            continue
        gapped = _gapped(line, whole)
        for mark, following in zip(marks, [*marks[1:], None], strict=False):
            value = gapped[mark.end() : following.start() if following else len(gapped)]
            value = value.strip(" ：\n•\t—【】")
            kind = _META_OF[mark[1]]
            if value and kind not in found and not value.endswith("："):
                found[kind] = value
        if not _ADDRESSEES.search(line.key):
            head.claimed.add(line.number)
    return found


def _keyed_cells(cells: Sequence[Mapped]) -> dict[str, str]:
    """``索引号 | 0025… | 文号 | …``: a cell that is a key, and the cell behind it."""
    return {_META_OF[a.key]: b.key for a, b in pairwise(cells) if a.key in _META_OF}


def _gapped(line: Line, whole: str) -> str:
    """The line with one space where the layout had one: ``• 索引号 0051`` needs it, for it has no colon."""
    if line.is_row:
        return whole
    text = line.text
    out: list[str] = []
    for i, c in enumerate(text.key):
        if i and text.offsets[i] - text.offsets[i - 1] > 1 and c not in "： " and out[-1] != " ":
            out.append(" ")
        out.append(c)
    gapped = "".join(out)
    return re.sub(r"(?<=索) ?引 ?(?=号)", "引", re.sub(r"^(•?) *标 +题", r"\1标题", gapped.replace("• ", "•")))


def _cover(lines: Sequence[Line], limit: int) -> tuple[int | None, str | None]:
    """The sentence that hands the plan down (现将《…》印发给你们): its line, and the plan's name in it."""
    for i, line in enumerate(lines[:limit]):
        if line.is_row or i > _MAX_HEAD:
            continue
        text = line.text
        if i + 1 < limit and not line.ends_sentence() and "《" in line.key:
            text = joined((line.text, lines[i + 1].text))
        if not re.search(r"现|已经?|同意|请|遵照|贯彻|予以", text.key) or _NOTICE_END.search(line.key):
            continue
        match = next((m for pattern in _COVER if (m := pattern.search(text.key))), None)
        if match:
            return i, text.text[match.start(1) : match.end(1)]
    for i, line in enumerate(lines[:limit]):
        if re.search(r"现(?:将|就|予).{0,60}(?:印发|通知|公布)|现印发给你们", line.key) and not line.is_row:
            return i, None
    return None, None


def _plan_title(lines: Sequence[Line], head: Head, named: str | None, cover: int | None) -> None:
    """The line or lines that carry the plan's own title, below the cover text; the body begins behind them."""
    begin = (cover + 1) if cover is not None else 0
    wanted = _bare(named) if named else None
    for i in range(begin, min(len(lines), begin + _MAX_HEAD)):
        for count in (1, 2, 3, 4):
            block = lines[i : i + count]
            if len(block) < count or any(x.is_row for x in block):
                break
            whole = joined(x.text for x in block)
            if len(whole) > 100:
                break
            same = wanted is not None and _same_title(whole, wanted)
            untold = wanted is None and cover is not None and _is_title(whole) and _after_signature(lines, cover, i)
            if same or untold:
                head.title = _quoted_off(whole.text)
                head.body = i + count
                head.claimed |= {x.number for x in block}
                return
    head.title = named


def _bare(title: str) -> str:
    return re.sub(r"[\s《》“”\"'（）()—\-─~～－–]|试行|（.{1,4}）", "", title)


def _same_title(text: Mapped, wanted: str) -> bool:
    """Whether a heading is the title that the cover names; a year or 试行 may stand in one of the two only."""
    bare = _bare(text.text)
    if bare == wanted:
        return True
    short, long = sorted((bare, wanted), key=len)
    return len(short) >= 8 and len(long) - len(short) <= 10 and long.startswith(short) and _is_title(text)


def _is_title(text: Mapped) -> bool:
    return (
        6 <= len(text) <= 80 and TITLE_END.search(text.key) is not None and not any(c in text.key for c in "。；：，")
    )


def _after_signature(lines: Sequence[Line], cover: int, at: int) -> bool:
    return any(_DATE_ALONE.match(x.key) or _OPENNESS.match(x.key) for x in lines[cover:at])


def _quoted_off(title: str) -> str:
    title = title.strip()
    return title[1:-1] if title.startswith("《") and title.endswith("》") and title.count("《") == 1 else title


def _numbers(lines: Sequence[Line], head: Head, meta: dict[str, str], limit: int) -> None:
    """发文字号: a line that is nothing else, else the metadata; numbers cited in the text are not the document's."""
    for line in lines[: min(limit, _MAX_HEAD)]:
        for part in line.cells if line.is_row else (line.text,):
            match = NUMBER.search(part.key)
            if match and _stands_alone(part.key, match):
                head.number = head.number or _number(match)
                if match.start() <= 1:
                    head.claimed.add(line.number)
    stated = NUMBER.search(meta.get("number", ""))
    if stated:
        head.number = _number(stated)


def _stands_alone(key: str, match: re.Match[str]) -> bool:
    """Whether a line is there for its number: nothing before it, and at most the signer or its day behind it."""
    before, after = key[: match.start()], key[match.end() :]
    return (before in {"", "（"} or before[-1] in "：•") and (len(after) <= 12 or _PRINTED.search(after) is not None)


def _number(match: re.Match[str]) -> str:
    letters = re.sub(r"^.*(?:文件|字号|文号|编号|人民政府(?:办公[厅室])?)(?=.)", "", match[1])
    return f"{letters or match[1]}〔{match[2]}〕{match[3]}号"


def _signature(lines: Sequence[Line], head: Head, cover: int | None, limit: int) -> None:
    """Signing body and 成文日期: above the plan's title in a notice, at the very end of an opinion."""
    begin = cover if cover is not None else 0
    at = next(
        (i for i in range(begin, min(max(limit, head.body), len(lines))) if _signed_day(lines[i]) is not None), None
    )
    if at is None:
        at = next(
            (
                i
                for i in range(len(lines) - 1, max(limit, len(lines) - 40) - 1, -1)
                if _signed_day(lines[i]) is not None
            ),
            None,
        )
    for line in (*reversed(lines[-12:]), *lines[: min(limit, 12)]):
        printed = _PRINTED.search(line.key)
        if printed:
            head.date_issued = dates.iso_date(printed[1])
            break
    if at is None:
        return
    line = lines[at]
    head.date_made = dates.iso_date(line.key)
    head.claimed.add(line.number)
    own = _signed_day(line)
    if own:
        head.issuer = own
    else:
        signed: list[str] = []
        for k in range(at - 1, max(begin, at - 6, 0) - 1, -1):
            if not _ORGAN.match(lines[k].key) or lines[k].is_row:
                break
            signed.insert(0, lines[k].text.text)
            head.claimed.add(lines[k].number)
        head.issuer = "、".join(signed) or None


def _signed_day(line: Line) -> str | None:
    """For a line that is a date: the body written before it, or an empty string; None for any other line."""
    if line.is_row:
        return None
    if _DATE_ALONE.match(line.key):
        return ""
    full = dates.FULL_DATE.search(line.key)
    if full is None or full.end() != len(line.key):
        return None
    bodies = _at_gaps(line.text.cut(0, full.start()))
    return "、".join(bodies) if bodies and all(_ORGAN.match(b) for b in bodies) else None


def _at_gaps(text: Mapped) -> list[str]:
    """The words that the layout divides by blanks."""
    cuts = [0, *(i for i in range(1, len(text)) if text.offsets[i] - text.offsets[i - 1] > 1), len(text)]
    return [text.text[a:b] for a, b in pairwise(cuts) if b > a]


def _notice(lines: Sequence[Line], head: Head, end: int) -> None:
    """The title of the covering notice, which may be broken over several lines («003»)."""
    for i in range(min(end, _MAX_HEAD)):
        found = _title_block(lines, head, i, end)
        if found is None:
            continue
        count, title = found
        if _NOTICE_END.search(title):
            head.notice_title = title
        else:
            if head.title is None or not head.body:
                head.title = _quoted_off(title)
            head.body = max(head.body, i + count)
        head.claimed |= {x.number for x in lines[i : i + count]}
        return


def _title_block(lines: Sequence[Line], head: Head, at: int, end: int) -> tuple[int, str] | None:
    """The lines from ``at`` on that make a title; one that ends in 通知 goes before a shorter one that ends in 方案."""
    found: tuple[int, str] | None = None
    for count in (1, 2, 3, 4, 5):
        block = lines[at : min(at + count, end)]
        if len(block) < count or any(x.is_row or x.number in head.claimed for x in block):
            break
        whole = joined(x.text for x in block)
        if count == 2 and len(block[0].key) < 6 and not _ORGAN.match(block[0].key):
            break  # 新闻详情, 政策文件: a word of the page above the title
        if len(whole) > 160 or any(c in whole.key for c in "。；") or whole.key.endswith("："):
            break
        if _is_notice(whole.key) and (found is None or _NOTICE_END.search(whole.key)):
            found = (count, whole.text)
            if _NOTICE_END.search(whole.key):
                break
    return found


def _is_notice(key: str) -> bool:
    if "关于" in key or "印发" in key:
        return TITLE_END.search(key) is not None and not (key.count("《") > key.count("》"))
    return TITLE_END.search(key) is not None and len(key) >= 8 and not any(c in key for c in "，：")


def _fall_back(lines: Sequence[Line], head: Head, meta: dict[str, str], named: str | None, limit: int) -> None:
    """What the metadata or the masthead say where the document's own form is silent."""
    head.index_number = re.sub(r"[^0-9A-Za-z/\-—]", "", meta.get("index", "").split(" ")[0]).replace("—", "-") or None
    head.date_made = head.date_made or _meta_day(meta.get("made"))
    head.date_issued = _meta_day(meta.get("issued")) or head.date_issued
    if head.title is None and head.notice_title:
        inside = re.search(r"印发(?:关于)?《?(.{4,}?)》?的(?:通知|函)$", head.notice_title)
        head.title = inside[1] if inside else head.notice_title
    if head.title is None and meta.get("title"):
        head.title = meta["title"].replace(" ", "")
    if head.title is None:
        head.title = _first_line(lines, head, limit)
    if head.issuer is None:
        head.issuer = (
            _masthead(lines, head, limit) or meta.get("issuer") or _from_title(head.notice_title or head.title)
        )
    if not head.body:
        head.body = _body_start(lines, head, limit)


def _meta_day(value: str | None) -> date | None:
    return dates.iso_date(value) if value else None


def _masthead(lines: Sequence[Line], head: Head, limit: int) -> str | None:
    for line in lines[: min(limit, 12)]:
        key = line.key.removesuffix("文件")
        if (
            not line.is_row
            and len(key) <= 40
            and _ORGAN.match(key)
            and re.search(r"政府|国务院|委员会|办公[厅室]|局$|厅$|部$", key)
        ):
            return line.text.text.removesuffix("文件")
    return None


def _first_line(lines: Sequence[Line], head: Head, limit: int) -> str | None:
    """The first line that could be a title, when no line ends as titles of documents do."""
    for line in lines[: min(limit, 6)]:
        key = line.key
        plain = not line.is_row and line.number not in head.claimed and 6 <= len(key) <= 60
        if plain and not any(c in key for c in "。；：，") and not _ORGAN.match(key):
            head.claimed.add(line.number)
            return line.text.text
    return None


def _from_title(title: str | None) -> str | None:
    match = re.match(r"^(.{2,40}?(?:政府|办公[厅室]|委员会|国务院|局|厅|部|委))(?:关于|印发|转发)", title or "")
    return match[1] if match else None


def _body_start(lines: Sequence[Line], head: Head, limit: int) -> int:
    """Behind the last line of the head that was understood, at the latest at the first clause."""
    last = max((i for i, x in enumerate(lines[:limit]) if x.number in head.claimed), default=-1)
    return min(last + 1, limit)
