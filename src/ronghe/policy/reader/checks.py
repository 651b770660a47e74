"""Self-checks of a reading (自查): gaps in the numbers, lost characters, missing annexes, other spellings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ronghe.policy.reader import dates, deadlines
from ronghe.policy.reader.lines import Line
from ronghe.policy.reader.normalise import DAMAGED, Cleaner, Mapped
from ronghe.policy.reader.outline import Clause, Outline
from ronghe.policy.reader.reading import AnnexRow, Discrepancy, Place, Task
from ronghe.policy.reader.units import spelling_key

_STRANGE_WORD = re.compile(r"(?<=[\u4e00-\u9fff])\s*([a-z]{2,12})\s*(?=[\u4e00-\u9fff])")
_KNOWN_WORDS = frozenset(
    ("app", "apps", "pc", "km", "kg", "cm", "mm", "kw", "mw", "kwh", "ha", "wifi", "vs", "pm", "web", "ph")
)
#: 标★的为牵头单位, 带“*”的单位为牵头单位.
_MARK_RULE = re.compile(
    r"[“]?([*★☆▲△◆※])[“]?号?(?:标[记注示])?的?(?:单位|部门|者)?(?:为|是)(?:总?牵头|主责)(?:单位|部门)?"
)
_CHAPTER = {"cn": "章", "chapter": "章", "part": "编", "section": "节", "article": "条"}


def gaps(root: Clause) -> Iterator[Discrepancy]:
    """Numbers that are missing, repeated or out of order among neighbours; the numbers stay as written."""
    running: dict[str, int] = {}
    for clause in root.walk():
        seen: dict[str, int] = {}
        for child in clause.children:
            if child.marker is None:
                continue
            kind, number = child.marker.kind, child.marker.number
            before = seen.get(kind, 0)
            due = {before + 1} if before else {1, running.get(kind, 0) + 1}
            if number not in due:
                # numbers may run on across chapters: then what is missing begins behind the last one anywhere
                last = before or (running.get(kind, 0) if number > running.get(kind, 0) else 0)
                yield _gap(child, last, number)
            seen[kind] = number
            running[kind] = number


def _gap(child: Clause, before: int, number: int) -> Discrepancy:
    kind = child.marker.kind if child.marker else ""
    place = Place(child.start, child.start + 1)
    name = "".join(child.path[:-1])
    where = f"{name}之下" if name else ""
    slug = "missing_chapter" if kind in _CHAPTER else "missing_number"
    if number > before:
        first, last = (_numeral(kind, n) for n in (before + 1, number - 1))
        due = f"第{first}" if first == last else f"第{first}至第{last}"
        text = f"{where}序数“{child.label}”之前缺少{due}{_CHAPTER.get(kind, '项')}，按原文保留"
        return Discrepancy(slug, text, place)
    return Discrepancy("repeated_number", f"{where}序数“{child.label}”重复或倒退，按原文保留", place)


def _numeral(kind: str, number: int) -> str:
    return chinese_numeral(number) if kind in _CHAPTER else str(number)


def chinese_numeral(number: int) -> str:
    """3 → 三, 21 → 二十一; for numbers below a hundred."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    return ("" if tens < 1 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")


def damage(text: str, cleaner: Cleaner) -> Iterator[Discrepancy]:
    """Spots where characters were lost through a wrong decoding."""
    for match in DAMAGED.finditer(text):
        around = cleaner.clean(text[max(0, match.start() - 10) : match.end() + 10]).text
        yield Discrepancy("damaged_text", f"此处有字符丢失：“{around}”，请核对原件", Place(match.start(), match.end()))


def odd_words(lines: Sequence[Line]) -> Iterator[Discrepancy]:
    """An English word between Chinese characters (``住房 and 换股权``, «004» 三(二)1)."""
    for line in lines:
        for match in _STRANGE_WORD.finditer(line.text.text):
            if match[1] not in _KNOWN_WORDS:
                place = Place(*line.text.place(match.start(1), match.end(1)))
                yield Discrepancy("odd_characters", f"中文句中夹有“{match[1]}”，按原文保留，请核对", place)


def columns(heads: Sequence[Mapped]) -> Iterator[Discrepancy]:
    """Columns of a table of tasks that the ledger has no field for (责任领导)."""
    for head in heads:
        yield Discrepancy("unread_column", f"表中“{head.text}”一栏未读入台账，请人工核对", Place(*head.place()))


def days(root: Clause, ledger: Sequence[Task | AnnexRow], year: int | None) -> Iterator[Discrepancy]:
    """Days that no calendar has, anywhere in the text, and figures of deadlines that were not read as days."""
    for clause in root.walk():
        for a, b in dates.impossible(clause.text.key):
            yield _impossible(clause.text.text[a:b], Place(*clause.text.place(a, b)))
    for row in ledger:
        if not row.deadline or (isinstance(row, Task) and "deadline" in row.inherited):
            continue
        text = Mapped(row.deadline, range(len(row.deadline)))
        place = (row.annotation if isinstance(row, Task) else None) or row.place
        for a, b in dates.impossible(text.key) if isinstance(row, AnnexRow) else ():
            yield _impossible(row.deadline[a:b], place)
        unread = "、".join(f"“{row.deadline[a:b]}”" for a, b in deadlines.unread(text, year))
        if unread:
            yield Discrepancy("unread_day", f"时限“{row.deadline}”中的{unread}未能读作日期，请人工核对", place)


def _impossible(written: str, place: Place) -> Discrepancy:
    return Discrepancy("impossible_date", f"“{written}”不是历法中的日期，未作时限，请核对原件", place)


def marked_leads(root: Clause) -> Iterator[Discrepancy]:
    """A note that a star marks who leads: the stars are not read, so a person must."""
    for clause in root.walk():
        for match in _MARK_RULE.finditer(clause.text.key):
            text = f"原文以“{match[1]}”标示牵头单位，标示未能读出，请人工核对牵头单位"
            yield Discrepancy("marked_leads", text, Place(*clause.text.place(*match.span())))


def missing_annexes(outline: Outline, has_rows: bool) -> Iterator[Discrepancy]:
    """Attachments that are named but whose text is not in the file («002»)."""
    present = len(outline.annexes)
    for name in outline.attachments[present:] if not (has_rows and not present) else ():
        title = _clean(name)
        if title:
            yield Discrepancy("missing_annex", f"文中列有附件“{title}”，但文件中没有其内容", Place(*name.place()))


def _clean(name: Mapped) -> str:
    return name.text.strip(" 。.《》")


def spellings(aliases: Mapping[str, str]) -> Iterator[Discrepancy]:
    """Two spellings of one body."""
    for other, first in aliases.items():
        yield Discrepancy("alias", f"“{other}”与“{first}”视为同一单位", None)


def similar(names: Sequence[str]) -> Iterator[Discrepancy]:
    """Names that differ only by a few characters put in; they are kept apart and shown to a person."""
    by_ends: dict[tuple[str, str], list[str]] = {}
    for name in names:
        if len(name) >= 5:
            by_ends.setdefault((name[:2], name[-2:]), []).append(name)
    for group in by_ends.values():
        for i, a in enumerate(group[:40]):
            for b in group[i + 1 : 40]:
                short, long = sorted((a, b), key=len)
                if 0 < len(long) - len(short) <= 2 and _within(short, long) and len(short) >= 6:
                    if spelling_key(short) == spelling_key(long):
                        continue
                    yield Discrepancy("similar_names", f"“{short}”与“{long}”写法相近，请确认是否同一单位", None)


def _within(short: str, long: str) -> bool:
    rest = iter(long)
    return all(c in rest for c in short)
