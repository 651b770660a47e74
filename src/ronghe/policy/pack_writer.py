"""Writing what the reader found as a draft pack (数据包草稿), for a person to complete and confirm.

Nothing is invented: seat, divisions, rooms and topics stay empty, and ``read_pack(folder, draft=True)`` lists them as
work to do. What the reader doubted or could not read is written to ``discrepancies.csv``.
"""

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from pypinyin import lazy_pinyin

from ronghe.kernel.errors import Conflict

from .packs import label_of
from .packs.files import schema
from .reader.reading import RULE_FOR_ALL, AnnexRow, Document, Reading, Task

#: A plan's place: the first administrative name of its title or issuer.
_PLACE = re.compile(
    r"^(?:中共|中国共产党)?([\u4e00-\u9fff]{2,8}?)"
    r"(特别行政区|自治区|自治州|自治县|自治旗|新区|高新区|开发区|示范区|省|市|县|区|州|盟|旗|镇|乡)"
)
_KIND_OF_PLAN = re.compile(
    r"(?:高水平|加快|全面)?(?:实施方案|行动方案|行动计划|工作方案|建设方案|方案)(?:[（(].*[)）])?$"
)
_PARTY = re.compile(
    r"^(?:[\u4e00-\u9fff]{0,8}?(?:省|市|州|盟|县|区|旗|镇|乡))?(?:委(?!员会)|纪委|共青团|团[省市州县区]?委|妇联|残联|总工会|工商联|科协|文联|侨联)"
    r"|团[省市州县区]委|党委|党组|(?:妇联|残联|总工会|工商联|科协|文联|侨联)$"
)
_BANK = re.compile(r"银行|信用社|信用联社|农商行|农信联社")
_ENTERPRISE = re.compile(r"公司|集团|企业$|厂$")
_GOVERNMENT = re.compile(r"人民政府$|政府$|管委会$|管理委员会$|办事处$|[镇乡]$|街道$")
_GROUP = re.compile(
    r"^(?:各|有关|相关|其他|其它|全[省市县区])|^[一二两三四五六七八九十]+[省市县区镇]|^[\u4e00-\u9fff]{0,6}各[县区镇乡市]"
)
_LEVELS = (("省", "province"), ("市", "city"), ("州", "city"), ("盟", "city"), ("县", "county"), ("区", "county"),
           ("旗", "county"), ("镇", "town"), ("乡", "town"), ("街道", "town"))  # fmt: skip
#: What would part a name in two, outside brackets; a pair of brackets is taken whole.
_OUTSIDE_BRACKETS = re.compile(r"([（(][^（()）]*[)）])|[、，,；;。：]+")
#: Control characters, and halves of characters that no file can hold.
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]+")
_TITLE_END = re.compile(r"[。\n\r]")
#: Kinds of discrepancies in the words of a person; others keep the reader's own word.
_KINDS = {
    "missing_chapter": "编号缺漏",
    "missing_number": "编号缺漏",
    "annex_only": "正文与附表",
    "body_only": "正文与附表",
    "rule_for_all": "通用规则",
    "marked_leads": "牵头标记",
    "repeated_number": "编号重复",
    "damaged_text": "文字损坏",
    "odd_characters": "用字存疑",
    "missing_annex": "缺少附件",
    "shifted_merge": "正文与附表",
    "body_vs_annex": "正文与附表",
    "alias": "单位写法",
    "similar_names": "单位写法",
    "impossible_date": "日期存疑",
    "unread_day": "日期存疑",
    "unread_column": "台账之外",
}


class PackFolderInUse(Conflict):
    """A draft is never written over what is there."""

    code = "policy.pack_folder_in_use"
    message = "“{folder}”里已有内容，没有写入草稿。请另选一个新文件夹，或先把里面的文件移走。"


def write_draft(reading: Reading, folder: Path) -> None:
    """Write a reading as a draft pack into a new folder.

    Raises: PackFolderInUse when the folder exists and is not empty, or is a file.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PackFolderInUse(folder=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    place, suffix = place_of(reading.document)
    document = _key(place, reading.document)
    (folder / "zone.yaml").write_text(_zone(reading.document, place, document), "utf-8")
    _write(folder, "divisions.csv", ())
    _write(folder, "clauses.csv", _clauses(reading, document))
    _write(folder, "tasks.csv", (_task(task, document) for task in reading.tasks))
    _write(folder, "units.csv", _units(reading, document, _level(suffix)))
    _write(folder, "areas.csv", _areas(reading, document))
    if reading.annex_rows:
        _write(folder, "annex.csv", _annex(reading.annex_rows, document))
    doubts = list(_doubts(reading, document))
    if doubts:
        _write(folder, "discrepancies.csv", doubts)


def _write(folder: Path, file: str, rows: Iterable[Mapping[str, object]]) -> None:
    columns = list(schema()[file]["properties"])
    with (folder / file).open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


# --- zone.yaml ----------------------------------------------------------------------------------------------------


def place_of(document: Document) -> tuple[str, str]:
    """The place of a plan without and its administrative suffix: 闽侯, 县."""
    for text in (document.issuer, document.title, document.notice_title):
        found = _PLACE.match(text or "")
        if found and "国家" not in found[1]:
            return found[1], found[2]
    return "", ""


def slug_of(place: str) -> str:
    """A place in small letters: 闽侯 → minhou."""
    return re.sub(r"[^a-z0-9]", "", "".join(lazy_pinyin(place)).lower())[:24]


def zone_title_of(document: Document) -> str:
    """What a zone is called by the title of its plan."""
    title = document.title or document.notice_title or ""
    return _KIND_OF_PLAN.sub("", _line(title, 80)) or "未命名试验区"


def _key(place: str, document: Document) -> str:
    year = document.date_made.year if document.date_made else ""
    return f"{slug_of(place) or 'plan'}-{year}".rstrip("-")


def _zone(document: Document, place: str, key: str) -> str:
    """``zone.yaml`` with a note at everything that a person has to fill in."""

    def text(value: object) -> str:
        return json.dumps(_line(str(value), 200), ensure_ascii=False) if value else ""

    zone_title = zone_title_of(document)
    lines = [
        "# 草稿：由解读结果生成。补全标有“待填”的各项，核对各表，再载入。",
        f"slug: {slug_of(place)}  # 待核：试验区标识，小写英文",
        f"title: {text(zone_title)}  # 待核：试验区名称",
        f"short: {text(place[:12])}  # 待核：简称",
        "parent:  # 有上级试验区时填它的标识",
        "seat:  # 待填：主管政府所在区划的 12 位代码，加引号",
        "divisions: []  # 待填：试验区范围内各县（市、区）的代码",
        'version: "0"',
        "published: false",
        "documents:",
        f"  - key: {key}",
        f"    title: {text(document.title)}",
        f"    notice_title: {text(document.notice_title)}",
        f"    number: {text(document.number)}",
        f"    issuer: {text(document.issuer)}",
        f"    date_made: {document.date_made or ''}",
        f"    date_issued: {document.date_issued or ''}",
        f"    index_number: {text(document.index_number)}",
        "    source:  # 待填：文件从哪里来",
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


# --- tables -------------------------------------------------------------------------------------------------------

Written: TypeAlias = dict[str, object]


def _clauses(reading: Reading, document: str) -> list[Written]:
    """All clauses in the order of the document; a task of a table that has no clause gets one."""
    rows: list[Written] = []
    seen: set[tuple[str, ...]] = set()

    def add(path: tuple[str, ...], title: str) -> None:
        for length in range(1, len(path)):  # a clause that the reader had to leave out of the tree
            if path[:length] not in seen:
                add(path[:length], "（没有标题）")
        seen.add(path)
        rows.append({"document": document, "path": label_of(path), "title": _title(title)})

    for clause in reading.clauses:
        add(clause.path, clause.title)
    for task in reading.tasks:
        if task.path not in seen:
            add(task.path, task.title)
    return rows


def _task(task: Task, document: str) -> Written:
    return {
        "document": document,
        "path": label_of(task.path),
        "measure": task.measure_index,
        "title": _title(task.title),
        "lead": _list(task.lead),
        "cooperating": _list(task.cooperating),
        "responsible": _list(task.responsible),
        "deadline": _line(task.deadline or "", 200),
        "milestones": "|".join(
            f"{m.date.isoformat()}={_line(m.text, 200).replace('|', '／')}" for m in task.milestones
        ),
        "areas": _list(task.areas),
    }


def _units(reading: Reading, document: str, level: str) -> list[Written]:
    """Every unit of the tasks once, with what its name tells; other spellings become aliases."""
    first: dict[str, str] = {}
    for task in reading.tasks:
        for name in (*task.lead, *task.cooperating, *task.responsible):
            meant = reading.aliases.get(name, name)
            first.setdefault(_name(meant), f"{document} {label_of(task.path)}")
    defined = {group.name: group for group in reading.groups}
    others: dict[str, list[str]] = {}
    for alias, meant in reading.aliases.items():
        others.setdefault(_name(meant), []).append(_name(alias))
    rows: list[Written] = []
    for name, source in first.items():
        group = defined.get(name)
        kind = "group" if group else kind_of_name(name)
        if group and (group.members or group.note):
            source = f"{source}；文件写明：{'、'.join(group.members) or group.note}"
        rows.append(
            {
                "name": name,
                "kind": kind,
                "level": level_of_name(name) or level,
                "aliases": _list([alias for alias in others.get(name, ()) if alias not in first]),
                "source": _line(source, 200),
            }
        )
    return rows


def _areas(reading: Reading, document: str) -> list[Written]:
    first: dict[str, str] = {}
    for task in reading.tasks:
        for area in task.areas:
            first.setdefault(_name(area), f"{document} {label_of(task.path)}")
    rows: list[Written] = []
    groups = {g.name: (i, g) for i, g in reversed(list(enumerate(reading.groups))) if g.members}
    longest = max(map(len, groups), default=0)
    for area, source in first.items():
        beginnings = (area[:length] for length in range(1, min(longest, len(area)) + 1))
        found = min((groups[b] for b in beginnings if b in groups), key=lambda x: x[0], default=None)
        if found:
            group = found[1]
            source = f"{source}；文件写明：{'、'.join(group.members)}"
        rows.append({"written": area, "source": _line(source, 200)})
    return rows


def _annex(rows: Sequence[AnnexRow], document: str) -> list[Written]:
    """The rows of the document's tables without the text of the measures."""
    written: list[Written] = []
    counts: dict[int, int] = {}
    for row in rows:
        counts[row.table] = counts.get(row.table, 0) + 1
        opening = re.split(r"[。；：，:;,]", row.measure, maxsplit=1)[0]
        written.append(
            {
                "document": document,
                "table": row.table,
                "row": counts[row.table],
                "trial_task": _title(row.trial_task or row.work_task or opening),
                "work_task": _title(row.work_task or opening),
                "body_path": label_of(row.body_path) if row.body_path else "",
                "lead": _list(row.lead),
                "responsible": _list(row.responsible),
            }
        )
    return written


def _doubts(reading: Reading, document: str) -> Iterable[Written]:
    for doubt in reading.discrepancies:
        kind = _KINDS.get(doubt.kind, doubt.kind)[:40]
        yield {"document": document, "kind": kind, "text": _line(doubt.text, 200) or kind}
    for task in reading.tasks:
        for label, value in task.others.items():
            if label != RULE_FOR_ALL:  # told once for the document
                text = f"“{label_of(task.path)}”的“{label}：{value}”不在台账字段之内，没有写入台账"
                yield {"document": document, "kind": "台账之外", "text": _line(text, 200)}
    for place in reading.unread:
        text = f"原文第 {place.start} 至 {place.end} 字像是标注或标题，没有读懂"
        yield {"document": document, "kind": "没有读懂", "text": text}


# --- names --------------------------------------------------------------------------------------------------------


def kind_of_name(name: str) -> str:
    """What kind of unit a name tells by the grammar of names; a department when it tells nothing else."""
    if _GROUP.search(name):
        return "group"
    for kind, pattern in (
        ("party_organ", _PARTY),
        ("bank", _BANK),
        ("enterprise", _ENTERPRISE),
        ("government", _GOVERNMENT),
    ):
        if pattern.search(name):
            return kind
    return "department"


def _level(suffix: str) -> str:
    return next((level for word, level in _LEVELS if suffix.endswith(word)), "")


def level_of_name(name: str) -> str:
    """The level that a name begins with: 市财政局 → city, 县人社局 → county; empty when it does not say."""
    return next((level for word, level in _LEVELS if name.startswith(word) and len(name) > len(word) + 1), "")


def _line(text: str, limit: int) -> str:
    clean = _UNWRITABLE.sub(" ", text).strip()
    return clean if len(clean) <= limit else f"{clean[: limit - 1].rstrip()}…"


def _title(text: str) -> str:
    return _line(_TITLE_END.split(text.strip("。 \n"), maxsplit=1)[0], 200) or "（没有标题）"


def _name(text: str) -> str:
    """A name as one item of a list. Only what parts a list is replaced: 各县（市、区）政府 stays as written."""
    return _line(_OUTSIDE_BRACKETS.sub(lambda m: m[1] or "／", text.replace("|", "／")), 80)


def _list(names: Iterable[str]) -> str:
    return "|".join(dict.fromkeys(n for n in map(_name, names) if n))
