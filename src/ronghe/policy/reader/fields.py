"""What an annotation says (责任标注的内容): who leads, who cooperates, who is responsible, by when, where.

Two habits: labelled fields (``牵头单位：…；完成时限：…``, «004») and names closed by a verb of duty
(``市农业农村局、市财政局，一区两市按职责分工负责``, «000»; ``发展改革委牵头，财政部等参与``, State Council opinions).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from ronghe.policy.reader import dates
from ronghe.policy.reader.normalise import Mapped, joined, key_of
from ronghe.policy.reader.units import (
    MAX_NAME,
    Definition,
    Name,
    looks_like_unit,
    may_be_unit,
    names_in,
    split_outside,
    with_shared_prefix,
)
from ronghe.policy.reader.vocabulary import BODY_END, DUTY, FIRST_IS_LEAD, LABEL, LABEL_BARE, duty_field, label_field

_SEPARATORS = "；，。、\n（〔【 ）："
_SAME_BELOW = re.compile(r"^(?:以?下同|以下(?:类同|相同))$")
_LEAD_THEN = re.compile(
    r"(?:共同)?牵头(?:负责|落实|推进|组织实施)?(?=[\u4e00-\u9fff])(?!负责|落实|推进|组织|实施|抓总|推动|单位|部门)"
)
_VERB_THEN_NAME = re.compile(r"(?<=牵头|负责|配合|参与|参加|协助|落实|实施)、(?=[\u4e00-\u9fff]{3})")
_TOGETHER = re.compile(r"^(?:会同|联合|协调|商)|(?<=.)会同")
_ROLE_BRACKET = re.compile(r"[（〔](牵头|主责|主办|配合|参与|协办)(?:单位|部门)?[）〕]$")
#: 以下均需…落实，不再逐一列出: a remark among the names.
_REMARK = re.compile(
    r"^(?:以下|不再|其中|另|详见|并(?!持续|长期|常态)|如|若|因|需|须|由于)|均涉及|均需|列出|具体任务|^注：|^[列纳]入|^参照|预算安排|[万亿]元$"
)
_DEADLINE_END = re.compile(
    r"(?:前|底|末|完成|推进|实施|坚持|开展|落实|到位|取得.{0,12}进展|期间|内|季度|上半年|月|年|日)$"
)

_OTHER_LABEL = re.compile(r"(?<![^；。\n（〔【])([\u4e00-\u9fff]{2,8})：")
#: 责任单位：市级：…；县级：…: a level among the bodies is no label.
_LEVEL_LABEL = re.compile(r"(?:国家|中央|地方|省|市|县|区|镇|乡|州|区县|县区|镇街|县市区|市县)(?:级|直|本级|层面)?：")
#: 市财政局负责资金保障: what the body answers for stands behind the verb.
_DUTY_THEN = re.compile(r"(?:具体|牵头|共同|分别){0,4}(?:负责|牵头|配合|协助|承担)(?=[\u4e00-\u9fff]{2,20}$)")
_PERSON = re.compile(
    r"[赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘葛范彭鲁韦马方任袁柳史唐费薛雷贺汤罗郝安常于傅康余顾孟黄穆萧尹姚邵汪毛戴宋庞熊纪项祝董梁杜"
    r"阮贾江颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍万卢莫房丁邓洪包左石崔吉龚程裴陆翁段侯武刘龙叶黎白温庄柴阎连易廖聂曾关][\u4e00-\u9fff]{1,2}$"
)
_PERSON_LABEL = "责任人"
_BEFORE_DAY = re.compile(r"(?:并|力争|确保|争取|计划|预计|原则上|拟|其中|待)*(?:于|在|到|至|截至)?")


@dataclass(slots=True)
class Fields:
    """The fields of one annotation; ``labels`` says which were labelled.

    Remarks and persons among the names (``loose``) and days (``dated``) come in pieces; ``complete`` joins them.
    """

    lead: list[Name] = field(default_factory=list)
    cooperating: list[Name] = field(default_factory=list)
    responsible: list[Name] = field(default_factory=list)
    deadline: Mapped | None = None
    areas: Mapped | None = None
    others: dict[str, str] = field(default_factory=dict)
    definitions: list[Definition] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    has_verb: bool = False
    first_is_lead: bool = False
    with_work: bool = False
    doubtful: list[tuple[int, int]] = field(default_factory=list)
    loose: dict[str, list[str]] = field(default_factory=dict)
    dated: list[Mapped] = field(default_factory=list)

    def complete(self) -> None:
        """Put together what came in pieces."""
        if self.dated:
            self.deadline = joined(self.dated, "，")
        for label, pieces in self.loose.items():
            whole = [self.others[label], *pieces] if label in self.others else pieces
            self.others[label] = ("、" if label == _PERSON_LABEL else "，").join(whole)
        self.loose, self.dated = {}, []

    @property
    def names(self) -> list[Name]:
        """All bodies, in the order lead, responsible, cooperating."""
        return [*self.lead, *self.responsible, *self.cooperating]

    def present(self) -> set[str]:
        """Which of the ledger's fields are filled."""
        return {f for f in ("lead", "cooperating", "responsible", "deadline", "areas") if getattr(self, f)}


@dataclass(frozen=True, slots=True)
class _Group:
    role: str
    names: list[Name]


def labels_in(key: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Labels of a stretch: where they begin, where their value begins, and the label."""
    for match in LABEL.finditer(key, start, end):
        before = key[match.start() - 1] if match.start() > start else "；"
        if len(match[1]) >= 4 or match[1] == "任单位" or before in _SEPARATORS:
            yield match.start(), match.end(), match[1]


def read_fields(text: Mapped, start: int, end: int, own_places: Collection[str]) -> Fields:
    """Read the inside of an annotation; whether it is one at all is judged by the caller."""
    fields = Fields()
    groups: list[_Group] = []
    marks = _all_labels(text.key, start, end) or _bare_labels(text.key, start, end)
    if marks and marks[0][0] > start:  # （预期性指标，牵头单位：…）: only bodies count before the first label
        before = _read_names(text, start, marks[0][0], "responsible", fields)
        groups += [_Group(g.role, [n for n in g.names if looks_like_unit(n.name)]) for g in before]
    for (_, a, label), following in zip(marks, [*marks[1:], None], strict=False):
        b = following[0] if following else end
        kind = label_field(label) if LABEL.match(label + "：") else "other"
        fields.labels.add(kind)
        _read_value(text, a, b, kind, label, fields, groups)
    if not marks:
        groups += _read_names(text, start, end, "responsible", fields)
    _hand_out(groups, own_places, fields)
    fields.complete()
    return fields


def _all_labels(key: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """The known labels, and among them any other word with a colon (总投资：), so that it ends the value before it."""
    known = list(labels_in(key, start, end))
    if not known:
        return []
    colons = {b for _, b, _ in known}
    other = [
        (m.start(), m.end(), m[1])
        for m in _OTHER_LABEL.finditer(key, start, end)
        if m.end() not in colons and not _LEVEL_LABEL.fullmatch(m[0])
    ]
    return sorted([*known, *other])


def _bare_labels(key: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Labels whose colon was left out, where a field begins."""
    return [
        (m.start(), m.end(), m[1])
        for m in LABEL_BARE.finditer(key, start, end)
        if m.start() == start or key[m.start() - 1] in "；，。\n"
    ]


def _read_value(
    text: Mapped, start: int, end: int, kind: str, label: str, fields: Fields, groups: list[_Group]
) -> None:
    start, end = trimmed(text.key, start, end)
    if end <= start:
        return
    if kind == "deadline" and all(looks_like_unit(p) for p in re.split("[、，]", text.key[start:end])):
        fields.doubtful.append((start, end))  # 完成时限：市教育局、市财政局: the lines of a table ran into one another
    elif kind == "deadline":
        fields.dated = [text.cut(start, end)]
    elif kind == "areas":
        fields.areas = text.cut(start, end)
    elif kind == "other":
        fields.others[label] = text.text[start:end]
    else:
        groups += _read_names(text, start, end, kind, fields)


def trimmed(key: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without separators, and without a stray bracket, at its edges."""
    while start < end and key[start] in "；，。、：\n ":
        start += 1
    closing: int | None = None  # brackets closed in the stretch, less those opened in it
    while end > start:
        last = key[end - 1]
        if last in "）〕】":
            if closing is None:
                closing = sum(key.count(c, start, end) for c in "）〕】") - sum(
                    key.count(c, start, end) for c in "（〔【"
                )
            if closing <= 0:
                break
            closing -= 1
        elif last in "（〔【":
            closing = None if closing is None else closing + 1
        elif last not in "；，。、：\n ":
            break
        end -= 1
    return start, end


def _read_names(text: Mapped, start: int, end: int, role: str, fields: Fields) -> list[_Group]:
    """Groups of names between commas; a verb of duty rules the groups before it that have none of their own."""
    done: list[_Group] = []
    looked_at = 0
    only_helpers = True
    pending: list[list[Name]] = []
    dated: list[tuple[int, int]] = []
    for a, b in split_outside(text.key, start, end, "，；。"):
        level = _LEVEL_LABEL.match(text.key, a, b)
        a = level.end() if level else a
        for c, d in _at_lead_verb(text.key, a, b):
            piece = text.key[c:d]
            rule = FIRST_IS_LEAD.search(piece)
            if rule and "（" not in piece[: rule.start()]:
                fields.first_is_lead = True
                continue
            if _SAME_BELOW.match(piece):
                continue
            if _REMARK.search(piece):
                fields.loose.setdefault("备注", []).append(text.text[c:d])
                continue
            if _is_deadline(piece):
                dated.append((c, d))
                continue
            names, verb = _read_group(text, c, d, fields, done)
            if verb is None:
                pending.append(names)
                continue
            fields.has_verb = True
            kind = duty_field(verb)
            only_helpers = only_helpers and all(g.role == "cooperating" for g in done[looked_at:])
            looked_at = len(done)
            before = role if kind == "cooperating" and only_helpers else kind
            done += [_Group(role if kind == "responsible" and role != "lead" else before, p) for p in pending]
            pending = []
            done.append(_Group(role if kind == "responsible" and role == "cooperating" else kind, names))
    fields.dated += _as_deadline(text, dated)
    done += [_Group(role, p) for p in pending]
    return [g for g in done if g.names]


def _at_lead_verb(key: str, start: int, end: int) -> list[tuple[int, int]]:
    """``A牵头B、C配合`` without a comma, and ``A牵头、B配合``, are two groups."""
    groups: list[tuple[int, int]] = []
    for parted in _VERB_THEN_NAME.finditer(key, start, end):
        groups.append((start, parted.start()))
        start = parted.end()
    match = _LEAD_THEN.search(key, start, end)
    last = [(start, match.end()), (match.end(), end)] if match and match.end() < end else [(start, end)]
    return [*groups, *last]


def _read_group(
    text: Mapped, start: int, end: int, fields: Fields, done: list[_Group]
) -> tuple[list[Name], str | None]:
    key = text.key
    verb = None
    match = DUTY.search(key, max(start, end - 24), end)
    if match and match.end() == end:
        verb, end = match[0], match.start()
    together = _TOGETHER.search(key, start, end)
    if together:
        first, _ = names_in(text, start, together.start())
        if first:  # 财政部会同有关部门负责: the first leads, the others work with it
            done.append(_Group("lead", first))
            fields.has_verb = True
        start, verb = together.end(), "配合" if verb is None or duty_field(verb) == "responsible" else verb
    if verb is None:
        work = _DUTY_THEN.search(key, start, end)
        if work and BODY_END.search(key[start : work.start()]):  # 市财政局负责资金保障
            fields.with_work = True
            verb, end = work[0], work.start()
    names, notes = names_in(text, start, end)
    for note in notes:
        if FIRST_IS_LEAD.search(key_of(note.note)):
            fields.first_is_lead = True
        else:
            fields.definitions.append(note)
    kept: list[Name] = []
    for name in names:
        name = _without_person(name, fields)
        role = _ROLE_BRACKET.search(key_of(name.name))
        if role:
            cut = name.name[: role.start()]
            name = Name(cut, cut, name.start, name.end)
            done.append(_Group(duty_field(role[1]), [name]))
        if not role or duty_field(role[1]) == "lead":
            kept.append(name)
    return kept, verb


def _without_person(name: Name, fields: Fields) -> Name:
    """``市财政局张某某``: the body, and the person who answers for it."""
    person = None if looks_like_unit(name.name) else _PERSON.search(name.name)
    if person is None or not BODY_END.search(key_of(name.name[: person.start()])):
        return name
    cut = name.name[: person.start()]
    fields.loose.setdefault(_PERSON_LABEL, []).append(person[0])
    return Name(cut, cut, name.start, name.end - len(person[0]))


def _is_deadline(piece: str) -> bool:
    """Whether a piece between commas is a deadline: it begins with a day, or it ends as deadlines do."""
    if looks_like_unit(piece) or len(piece) > 60:
        return False
    if dates.is_standing(piece) and len(piece) <= 12 and not DUTY.search(piece):
        return True
    # a year of any kind will do here: 年内 and 12月底前 take theirs from the document later
    days = [*dates.points(piece, 2000), *dates.plan_periods(piece)]
    if not days:
        return dates.is_counted(piece) and _DEADLINE_END.search(piece) is not None
    first = min(days, key=lambda p: p.start)
    if _BEFORE_DAY.fullmatch(piece[: first.start]) and not _names_a_body(piece[first.end :]):
        return True
    return len(piece) <= 40 and _DEADLINE_END.search(piece) is not None and DUTY.search(piece) is None


def _names_a_body(rest: str) -> bool:
    """2023年底前由市财政局负责: behind the day stands whose duty it is, and not what is to be reached."""
    verb = DUTY.search(rest)
    return verb is not None and BODY_END.search(rest[: verb.start()]) is not None


def _as_deadline(text: Mapped, pieces: list[tuple[int, int]]) -> list[Mapped]:
    """The pieces of a deadline as written; what stands between two is kept where it is a mere separator."""
    if not pieces:
        return []
    spans = [pieces[0]]
    for a, b in pieces[1:]:
        if text.key[spans[-1][1] : a].strip("，；。、\n "):
            spans.append((a, b))
        else:
            spans[-1] = (spans[-1][0], b)
    return [text.cut(a, b) for a, b in spans]


def _hand_out(groups: list[_Group], own_places: Collection[str], fields: Fields) -> None:
    """Put the names into their fields, each once, with shared prefixes."""
    have: dict[str, set[str]] = {"lead": set(), "cooperating": set(), "responsible": set()}
    for group, names in zip(groups, with_shared_prefix([g.names for g in groups], own_places), strict=True):
        target: list[Name] = getattr(fields, group.role)
        mine = have[group.role]
        for name in names:
            if len(name.name) > MAX_NAME or not may_be_unit(name.name):
                fields.doubtful.append((name.start, name.end))
            elif name.name not in mine and not (group.role == "cooperating" and name.name in have["lead"]):
                mine.add(name.name)
                target.append(name)
