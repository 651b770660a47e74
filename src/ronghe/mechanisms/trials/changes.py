"""Changes: the second set of parameters, as a person types it beside the first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ronghe.policy import queries as policy
from ronghe.policy.rulebook import Given, Rule
from ronghe.policy.values import HINTS, BadValue, parse

from .errors import ChangeInvalid, ChangeUnknown

#: Where a changed value comes from, as the panel of reasons says.
SOURCE = "试算设定，没有生效"


def changed(rule: Rule, given: Given, changes: Mapping[str, Sequence[str]]) -> Given | None:
    """The parameters of ``given`` with the changed ones as typed; None where nothing differs.

    Args: ``changes`` are written forms by id, as a local value is entered; an empty one changes nothing.
    Raises: ChangeUnknown, ChangeInvalid.
    """
    made = {}
    for name, texts in changes.items():
        told = tuple(text.strip() for text in texts if text.strip())
        if not told:
            continue
        if name not in given:
            known = "、".join(f"{one.title}（{one.id}）" for one in given.values()) or "（这条规则没有参数）"
            raise ChangeUnknown(rule=rule.title, parameter=name, known=known)
        old = given[name]
        try:
            value = parse(old.kind, told, choices=policy.parameter(name).choices)
        except BadValue as error:
            raise ChangeInvalid(title=old.title, parameter=name, why=str(error), hint=HINTS[old.kind]) from error
        if old.value is None or value != old.value:
            made[name] = replace(old, value=value, status="set", zone="", starts=None, source=SOURCE, author="")
    return Given(made.get(name, one) for name, one in given.items()) if made else None
