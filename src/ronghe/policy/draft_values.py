"""What a person may write into a draft: each field takes its own kind of value, or says what is wrong with it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ronghe.kernel.errors import Invalid
from ronghe.kernel.regions.models import Division, Level, OrgUnit

from .drafting import HEAD_FIELDS, TASK_FIELDS, ZONE_FIELDS, Current
from .models import Room, Topic, Zone
from .packs import markers
from .packs.build import MEMBER_DIVISION
from .packs.facts import NATIONAL, label_of

_SEPARATORS = re.compile(r"[、，,；;|\n]+")
_NUMBER = re.compile(r".+〔[0-9]{4}〕[1-9][0-9]*号")
#: Brackets as keyboards give them, and as clauses and document numbers are written here.
_BRACKETS = str.maketrans("（）", "()")
_YEAR_BRACKETS = str.maketrans("[]［］", "〔〕〔〕")


class DraftValueInvalid(Invalid):
    """A correction that does not fit its field."""

    code = "policy.draft_value_invalid"
    message = "“{field}”没有改动：{why}。"


@dataclass(frozen=True, slots=True)
class Fitting:
    """A value in its stored form, and the one that stands now."""

    value: Any
    before: Any


def given_value(here: Current, *, target: str, key: str, field: str, value: Any, reason: str) -> Fitting:
    """Check and normalise what a person gave. Raises: DraftValueInvalid."""
    take = _TAKES.get(target)
    if take is None:
        raise DraftValueInvalid(field=target[:20], why="草稿里没有这种内容")
    if field != _ONLY_FIELD.get(target, field):
        raise DraftValueInvalid(field=field[:20], why=f"没有这个字段，应当是 {_ONLY_FIELD[target]}")
    return take(here, key, field, value, reason)


def _task(here: Current, key: str, field: str, value: Any, reason: str) -> Fitting:
    if field == "added":
        return Fitting(_new_task(here, value), None)
    one = here.task(key)
    if one is None:
        raise DraftValueInvalid(field="任务", why=f"草稿里没有“{key[:20]}”这项任务")
    if field == "looked":
        return Fitting(True, None)
    if field not in TASK_FIELDS:
        raise DraftValueInvalid(field=field[:20], why="任务没有这个字段")
    label = TASK_FIELDS[field]
    if field == "removed":
        if value and not reason.strip():
            raise DraftValueInvalid(field=label, why="要写明为什么不是任务")
        return Fitting(bool(value), one.is_removed)
    if field == "title":
        return Fitting(_text(label, value, 200, needed=True), one.task.title)
    if field == "deadline":
        return Fitting(_text(label, value, 200) or None, one.task.deadline)
    if field in ("lead", "cooperating", "responsible", "areas"):
        return Fitting(_names(label, value), list(getattr(one.task, field)))
    if field == "milestones":
        return Fitting(_milestones(label, value), [[m.date.isoformat(), m.text] for m in one.task.milestones])
    if field == "topic":
        return Fitting(_topic(label, value), one.topic)
    if value and value not in Room.values:
        raise DraftValueInvalid(field=label, why="没有这个业务领域")
    return Fitting(value or "", one.room)


def _new_task(here: Current, value: Any) -> dict[str, Any]:
    given = value if isinstance(value, dict) else {}
    label = str(given.get("label", "")).strip().translate(_BRACKETS)
    path = markers(label)
    known = {label_of(clause.path) for clause in here.reading.clauses}
    if path is None or label not in known:
        raise DraftValueInvalid(field="条款号", why=f"文件里没有条款“{label[:30]}”，请写文件里已有的条款号，如 四(二)6")
    title = _text("任务", given.get("title", ""), 200, needed=True)
    measure = 1 + max((t.task.measure_index for t in here.tasks if t.task.path == path), default=0)
    return {"path": list(path), "measure": measure, "title": title}


def _head(here: Current, key: str, field: str, value: Any, reason: str) -> Fitting:
    if field not in HEAD_FIELDS:
        raise DraftValueInvalid(field=field[:20], why="文件信息没有这个字段")
    label = HEAD_FIELDS[field]
    before = here.source if field == "source" else getattr(here.document, field)
    if field.startswith("date_"):
        text = _text(label, value, 10)
        return Fitting(_day(label, text) if text else "", str(before or ""))
    limits = {"number": 60, "issuer": 80}
    text = _text(label, value, limits.get(field, 200), needed=field in ("title", "issuer"))
    if field == "number" and text:
        text = text.translate(_YEAR_BRACKETS)
        if not _NUMBER.fullmatch(text):
            raise DraftValueInvalid(
                field=label, why="写成 济政字〔2021〕60号 的样子，年份用六角括号，序号前不加“第”和 0"
            )
    return Fitting(text, before or "")


def _unit(here: Current, key: str, field: str, value: Any, reason: str) -> Fitting:
    if key not in here.units:
        raise DraftValueInvalid(field="单位", why=f"草稿里没有“{key[:40]}”这个单位")
    given = value if isinstance(value, dict) else {}
    before = here.units[key]
    seat = here.zone.seat
    unit_id = str(given.get("unit_id") or "")
    if unit_id:
        unit = OrgUnit.objects.filter(pk=int(unit_id)).first() if unit_id.isdecimal() and len(unit_id) < 18 else None
        if unit is None:
            raise DraftValueInvalid(field=key, why="没有所选的单位，请从列表中选择")
        members = [
            m.unit.name if m.unit else f"{MEMBER_DIVISION}{m.division_id}" for m in unit.members.select_related("unit")
        ]
        chosen = {
            "unit": unit.name, "kind": unit.kind, "level": unit.level, "division": unit.division_id, "is_known": True,
            "members": members,
        }  # fmt: skip
        return Fitting(chosen, before.unit or None)
    kind, level = str(given.get("kind") or before.kind), str(given.get("level") or before.level)
    if kind not in OrgUnit.Kind.values or level not in Level.values:
        raise DraftValueInvalid(field=key, why="请选择单位类别和层级")
    members = _names("成员", given.get("members", list(before.members)))
    if kind == "group" and not members:
        raise DraftValueInvalid(field=key, why="单位组要写明成员，用顿号隔开")
    codes = [m.removeprefix(MEMBER_DIVISION) for m in members if m.startswith(MEMBER_DIVISION)]
    _known_divisions(key, codes)
    made = {
        "kind": kind,
        "level": level,
        "division": before.division or seat,
        "members": members if kind == "group" else [],
    }
    return Fitting(made, before.unit or None)


def _area(here: Current, key: str, field: str, value: Any, reason: str) -> Fitting:
    if key not in here.areas:
        raise DraftValueInvalid(field="区域", why=f"草稿里没有“{key[:40]}”这个区域")
    given = value if isinstance(value, dict) else {}
    codes = _codes(key, given.get("divisions", []), here.zone.seat)
    before = here.areas[key]
    # To say that no division is meant is a decision too, though it looks like what stood before.
    stood = {"divisions": list(before.divisions), "part": before.part} if before.is_decided else None
    return Fitting({"divisions": codes, "part": bool(given.get("part"))}, stood)


def _doubt(here: Current, key: str, field: str, value: Any, reason: str) -> Fitting:
    one = next((doubt for doubt in here.doubts if doubt.key == key), None)
    if one is None:
        raise DraftValueInvalid(field="存疑", why="草稿里没有这一处")
    return Fitting(_text("处理说明", value, 200, needed=True), one.settled)


def _zone(here: Current, key: str, field: str, value: Any, reason: str) -> Fitting:
    if field not in ZONE_FIELDS:
        raise DraftValueInvalid(field=field[:20], why="试验区没有这个字段")
    label, before = ZONE_FIELDS[field], getattr(here.zone, field)
    if field == "published":
        return Fitting(bool(value), before)
    if field == "divisions":
        codes = _codes(label, value, here.zone.seat)
        if outside := outside_seat(codes, here.zone.seat):
            raise DraftValueInvalid(field=label, why=f"{'、'.join(outside[:5])} 不在主管区划之内")
        return Fitting(codes, list(before))
    text = _text(label, value, 80)
    if field == "mode" and text not in ("new", "revision"):
        raise DraftValueInvalid(field=label, why="请选新试验区，或修订已有文件")
    if field == "slug" and not re.fullmatch(r"[a-z][a-z0-9-]{1,33}", text):
        raise DraftValueInvalid(field=label, why="用小写英文字母开头，只含小写字母、数字和连字符，2 至 34 个字符")
    if field == "slug" and text == NATIONAL:
        raise DraftValueInvalid(field=label, why=f"“{NATIONAL}”留给国家层面的数据，请换一个")
    if field == "short" and len(text) > 12:
        raise DraftValueInvalid(field=label, why="不超过 12 个字")
    if field == "seat":
        _known_divisions(label, [text])
    if field == "parent" and text and not Zone.objects.filter(slug=text).exists():
        raise DraftValueInvalid(field=label, why=f"没有标识为“{text}”的试验区")
    return Fitting(text, before)


def _match(here: Current, key: str, field: str, value: Any, reason: str) -> Fitting:
    text = _text("新条款号", value, 60).translate(_BRACKETS)
    if text and text not in {label_of(clause.path) for clause in here.reading.clauses}:
        raise DraftValueInvalid(field="新条款号", why=f"新文件里没有条款“{text}”")
    if text and text in {new for old, new in here.matches.items() if old != key}:
        raise DraftValueInvalid(field="新条款号", why=f"条款“{text}”已经对应了另一条")
    # Nothing said is not the same as said to be nothing.
    return Fitting(text, here.matches.get(key, "" if key in here.unmatched else None))


_TAKES: dict[str, Callable[[Current, str, str, Any, str], Fitting]] = {
    "task": _task, "head": _head, "unit": _unit, "area": _area, "doubt": _doubt, "zone": _zone, "match": _match,
}  # fmt: skip


#: What is corrected as one: the one field of it.
_ONLY_FIELD = {"unit": "choice", "area": "choice", "doubt": "settled", "match": "label"}


def _text(label: str, value: Any, limit: int, *, needed: bool = False) -> str:
    text = " ".join(str(value or "").replace("\x00", "").split())
    if needed and not text:
        raise DraftValueInvalid(field=label, why="不能为空")
    if len(text) > limit:
        raise DraftValueInvalid(field=label, why=f"有 {len(text)} 个字，最多 {limit} 个")
    return text


def _names(label: str, value: Any) -> list[str]:
    parts = _SEPARATORS.split(value) if isinstance(value, str) else [str(v) for v in value or ()]
    names = list(dict.fromkeys(" ".join(part.replace("\x00", "").split()) for part in parts))
    names = [name for name in names if name]
    if too_long := next((name for name in names if len(name) > 80), None):
        raise DraftValueInvalid(field=label, why=f"“{too_long[:20]}…”超过 80 个字，请用顿号隔开各项")
    return names


def _milestones(label: str, value: Any) -> list[list[str]]:
    lines = value.splitlines() if isinstance(value, str) else [f"{day} {text}" for day, text in value or ()]
    found = []
    for line in filter(None, (one.strip() for one in lines)):
        day, text = (*line.split(maxsplit=1), "")[:2]
        found.append([_day(label, day), _text(f"{label}“{day[:10]}”的目标", text, 200, needed=True)])
    return found


def _day(label: str, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise DraftValueInvalid(field=label, why=f"“{text[:20]}”不是日期，请写成 2026-12-31 的样子") from None


def _topic(label: str, value: Any) -> int | None:
    if value in (None, ""):
        return None
    code = int(value) if str(value).isdecimal() and len(str(value)) < 4 else 0
    if not Topic.objects.filter(pk=code).exists():
        raise DraftValueInvalid(field=label, why="没有这个试验任务领域")
    return code


def _codes(label: str, value: Any, seat: str) -> list[str]:
    """Codes of divisions; a name stands for the one division below the seat that bears it."""
    written = _names(label, value)
    names = [one for one in written if not one[:6].isdigit()]
    rows = Division.objects.below(seat).filter(name__in=names).values_list("name", "code")
    by_name: dict[str, list[str]] = {}
    for name, code in rows:
        by_name.setdefault(name, []).append(code)
    if wrong := next((one for one in names if len(by_name.get(one, ())) != 1), None):
        many = by_name.get(wrong)
        why = (
            f"“{wrong}”有 {len(many)} 个，请写区划代码"
            if many
            else f"主管区划里没有叫“{wrong}”的区划，请写全称或区划代码"
        )
        raise DraftValueInvalid(field=label, why=why)
    codes = [by_name[one][0] if one in by_name else one for one in written]
    _known_divisions(label, codes)
    return codes


def outside_seat(codes: Sequence[str], seat: str) -> list[str]:
    """Of divisions those that do not lie in the seat: a zone reaches no further than the government that runs it."""
    inside = set(Division.objects.below(seat).filter(code__in=codes).values_list("code", flat=True))
    return [code for code in codes if code not in inside]


def _known_divisions(label: str, codes: Sequence[str]) -> None:
    known = set(Division.objects.filter(code__in=codes).values_list("code", flat=True))
    if unknown := [code for code in codes if code not in known]:
        raise DraftValueInvalid(field=label, why=f"平台没有区划代码 {'、'.join(unknown[:5])}")
