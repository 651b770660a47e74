"""Demonstration tables (演示数据): synthetic parcels, the same ones each time, made when somebody asks for them."""

import csv
import hashlib
import io
import random
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from ronghe.kernel.errors import NotFound
from ronghe.policy.rulebook import Rule

from .table import heads


class NoDemonstration(NotFound):
    """There is no demonstration table for this rule."""

    code = "trials.no_demonstration"
    message = "规则“{rule}”没有演示数据。请下载模板，填好后上传。"


#: So that everybody who tries it out sees the same parcels.
SEED = 20201124
ROWS = 10_000


def _parcels(chance: random.Random) -> Iterator[list[str]]:
    """Parcels for the exception of small or scattered ones: most are small, some facts are not known.

    Synthetic throughout: no parcel, place or person of these exists.
    """
    for number in range(1, ROWS + 1):
        area = max(0.2, min(60.0, chance.lognormvariate(1.7, 0.75)))  # median about 5.5 亩
        scattered = chance.choices(("是", "否", ""), (8, 90, 2))[0]
        consent = chance.choices(("是", "否", ""), (92, 6, 2))[0]
        approval = chance.choices(("是", "否"), (95, 5))[0]
        yield [f"演示宗地{number:05}", f"{area:.2f}", scattered, consent, approval]


_TABLES: Mapping[str, Callable[[random.Random], Iterator[list[str]]]] = {"entry.agreement_exception": _parcels}


def has_table(rule: Rule) -> bool:
    """Whether there is a demonstration for this rule."""
    return rule.code in _TABLES


def table(rule: Rule) -> bytes:
    """The demonstration of a rule as CSV that a spreadsheet opens. Raises: NoDemonstration."""
    if not has_table(rule):
        raise NoDemonstration(rule=rule.title)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads(rule))
    writer.writerows(_TABLES[rule.code](random.Random(SEED)))
    return out.getvalue().encode("utf-8-sig")


def file_name(rule: Rule) -> str:
    return f"演示数据-{rule.title}-{ROWS}行.csv"


@cache
def _digest(code: str) -> str:
    from ronghe.policy.rulebook import rule_named

    return hashlib.sha256(table(rule_named(code))).hexdigest()


def digest(rule: Rule) -> str:
    """By which the demonstration is known again, whatever the file is called; empty where there is none."""
    return _digest(rule.code) if has_table(rule) else ""
