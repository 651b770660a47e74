"""One duty for all tasks that follow (通则): ``以下任务均需各区县人民政府落实，不再列出``.

State Council and provincial documents say once that local governments answer for everything, and leave them out of
the later lists. The rule is applied to the later tasks, each of which keeps the words of the rule, and told once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ronghe.policy.reader.allowance import Allowance
from ronghe.policy.reader.fields import read_fields
from ronghe.policy.reader.normalise import Mapped, key_of
from ronghe.policy.reader.reading import RULE_FOR_ALL, Discrepancy, Place, Task
from ronghe.policy.reader.tasks import Ledger
from ronghe.policy.reader.vocabulary import UNIT_END

_ROLES = {"lead": "牵头单位", "cooperating": "配合单位", "responsible": "责任单位"}

#: 以下任务均需…落实，不再列出; 具体任务均涉及…，不再做分工，下同; 各项任务均由…负责，下同.
_RULE = re.compile(
    r"(?P<all>以下|下列|(?:各项|具体|所有|上述|本方案)(?:各项)?(?:任务|工作|措施|事项))(?:各项|所有|具体|重点|任务|工作|措施|事项|内容|条款|中){0,4}(?:，)?"
    r"(?:均|都|皆)(?:需要?|须|由|应|涉及|包括|含|为|要求){0,3}(?P<who>[^，。；：（）〔〕【】]{2,60}(?:（[^（）]{1,20}）[^，。；：（）]{0,30})?)"
    r"(?P<rest>(?:，[^，。；：（）〔〕【】]{1,16}){0,3})"
)
_NOT_AGAIN = re.compile(
    r"不再(?:一一|逐一|另行|重复|单独|单列|分别)*(?:列出|列示|列举|列|标注|注明|明确|做分工|作分工|分工|赘述|重复|说明)?|下同"
)

#: So many different rules no document has; what is beyond is told, and left to a person.
_MAX_RULES = 20


@dataclass(frozen=True)
class Rule:
    """Bodies, by their role, that every task behind ``place`` is a duty of; none where they were not understood."""

    names: dict[str, tuple[str, ...]]
    text: str
    place: Place


def rules(ledger: Ledger) -> list[Rule]:
    """The rules of a document, in order; one that is written again below counts once."""
    first: dict[tuple[tuple[str, tuple[str, ...]], ...] | str, Rule] = {}
    for rule in _written(ledger):
        if len(first) >= _MAX_RULES:
            rule = replace(rule, names={})
        first.setdefault(tuple(rule.names.items()) or rule.text, rule)
    return list(first.values())


def _written(ledger: Ledger) -> Iterator[Rule]:
    for item in ledger.marked:
        text = item.clause.text
        if "不再" not in text.key and "下同" not in text.key:
            continue
        for match in _RULE.finditer(text.key):
            if _NOT_AGAIN.search(match["rest"]) or _NOT_AGAIN.search(match["who"]):
                yield _rule(text, match)


def _rule(text: Mapped, match: re.Match[str]) -> Rule:
    start, end = match.start("who"), match.end()
    stop = _NOT_AGAIN.search(text.key, start, end)
    fields = read_fields(text, start, stop.start() if stop else end, ())
    place = Place(*text.place(match.start(), end))
    known = fields.names and all(UNIT_END.search(key_of(n.name)) for n in fields.names) and not fields.doubtful
    roles = {r: tuple(n.name for n in getattr(fields, r)) for r in _ROLES} if known else {}
    return Rule({r: names for r, names in roles.items() if names}, text.text[match.start() : end], place)


def apply(tasks: Sequence[Task], found: Sequence[Rule]) -> list[Task]:
    """The tasks, those behind a rule with its bodies added; a task that has them already stays as it is.

    Raises: FileTooRepetitive.
    """
    result = []
    allowance = Allowance()
    applied = [r for r in found if r.names]
    for task in tasks:
        at = (task.annotation or task.place).start
        for rule in applied:
            if at > rule.place.start:
                task = _with(task, rule)
        if applied:
            allowance.take(*task.lead, *task.cooperating, *task.responsible)
        result.append(task)
    return result


def _with(task: Task, rule: Rule) -> Task:
    have = {key_of(n) for n in (*task.lead, *task.cooperating, *task.responsible)}
    new = {role: tuple(n for n in names if key_of(n) not in have) for role, names in rule.names.items()}
    if not any(new.values()):
        return task
    return replace(
        task,
        lead=(*task.lead, *new.get("lead", ())),
        cooperating=(*task.cooperating, *new.get("cooperating", ())),
        responsible=(*task.responsible, *new.get("responsible", ())),
        others={**task.others, RULE_FOR_ALL: rule.text},
    )


def told(found: Sequence[Rule]) -> Iterator[Discrepancy]:
    """Each rule once, for a person to look at."""
    for rule in found:
        added = "，".join(f"“{'、'.join(names)}”加入其后各任务的{_ROLES[role]}" for role, names in rule.names.items())
        done = f"已将{added}，请核对" if added else "其中的单位未能辨认，请人工处理"
        yield Discrepancy("rule_for_all", f"原文称“{rule.text}”：{done}", rule.place)
