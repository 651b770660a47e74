"""What holds between the contract tables: references, sums, terms, areas in m² against mu, numbers of persons. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ronghe.kernel.parties.rules import HEAD, check_identity, check_uscc, fits_sex

from . import codes
from .contract_tables import BY_KEY, NEEDED, SELF
from .tables import Fault, Row, twice

#: 1 亩 = 2000/3 m², exactly.
MU_M2 = Fraction(2000, 3)
#: Both areas are written with two places: each may be off by half a unit of the last.
_HALF = Fraction(1, 200)
Lines = Mapping[str, Sequence[tuple[int, Row]]]
HEADS = frozenset({HEAD, SELF})


def mu_of(area_m2: Decimal) -> Decimal:
    """An area in mu with two places, rounded half up."""
    hundredths = Fraction(area_m2) / MU_M2 * 100
    return Decimal((2 * hundredths.numerator + hundredths.denominator) // (2 * hundredths.denominator)).scaleb(-2)


def mu_agrees(area_m2: Decimal, area_mu: Decimal) -> bool:
    """Whether one area in m² and in mu, both with two places, can be the same area."""
    return abs(Fraction(area_m2) / MU_M2 - Fraction(area_mu)) <= _HALF + _HALF / MU_M2


def faults_between(lines: Lines, *, on: date) -> list[Fault]:
    """Everything that is wrong between the rows of all tables, each of which is sound by itself."""
    found = [fault for key, table in BY_KEY.items() for fault in twice(table, lines.get(key, ()))]
    found += [Fault(key, 0, "", "缺少这张表，或者没有一行数据") for key in NEEDED if not lines.get(key)]
    if not found:
        for part in (_codes, _references, _persons, _contracts, _plots, _transfers):
            found += part(lines, on)
    return found


def _rows(lines: Lines, key: str) -> Sequence[tuple[int, Row]]:
    return lines.get(key, ())


def _codes(lines: Lines, on: date) -> Iterator[Fault]:
    """Codes that begin with one another: contractor and plot with the grantor, contract with the contractor."""
    for key in ("CBDKXX", "CBHT", "CBJYQZDJB"):
        for line, row in _rows(lines, key):
            if row["CBFBM"][:14] != row["FBFBM"]:
                yield Fault(key, line, "CBFBM", f"前 14 位应为发包方代码 {row['FBFBM']}")
    for line, row in _rows(lines, "CBDKXX"):
        if row["DKBM"][:14] != row["FBFBM"]:
            yield Fault("CBDKXX", line, "DKBM", f"前 14 位应为发包方代码 {row['FBFBM']}")
    for key, name in (("CBHT", "CBHTBM"), ("CBJYQZDJB", "CBJYQZBM"), ("CBDKXX", "CBHTBM"), ("LZHT", "CBHTBM")):
        for line, row in _rows(lines, key):
            if codes.read_contract(row[name])[0] != row["CBFBM"]:
                yield Fault(key, line, name, f"前 18 位应为承包方代码 {row['CBFBM']}")


#: Each refers to a row of another table by a code: table, field, table referred to, its field.
_REFERENCES = (
    ("CBF_JTCY", "CBFBM", "CBF", "CBFBM"), ("CBHT", "FBFBM", "FBF", "FBFBM"), ("CBHT", "CBFBM", "CBF", "CBFBM"),
    ("CBDKXX", "FBFBM", "FBF", "FBFBM"), ("CBDKXX", "CBFBM", "CBF", "CBFBM"), ("CBDKXX", "CBHTBM", "CBHT", "CBHTBM"),
    ("CBDKXX", "LZHTBM", "LZHT", "LZHTBM"), ("CBJYQZDJB", "CBJYQZBM", "CBHT", "CBHTBM"),
    ("CBDKXX", "CBJYQZBM", "CBJYQZDJB", "CBJYQZBM"), ("CBJYQZ", "CBJYQZBM", "CBJYQZDJB", "CBJYQZBM"),
    ("LZHT", "CBHTBM", "CBHT", "CBHTBM"), ("LZHT", "SRFBM", "CBF", "CBFBM"),
)  # fmt: skip


def _references(lines: Lines, on: date) -> Iterator[Fault]:
    for key, name, other, their in _REFERENCES:
        there = {row[their] for _, row in _rows(lines, other)}
        for line, row in _rows(lines, key):
            if row[name] is not None and row[name] not in there:
                yield Fault(key, line, name, f"{BY_KEY[other].title}（{other}）里没有 {row[name]}")


def _persons(lines: Lines, on: date) -> Iterator[Fault]:
    members: dict[str, list[tuple[int, Row]]] = defaultdict(list)
    for line, row in _rows(lines, "CBF_JTCY"):
        members[row["CBFBM"]].append((line, row))
        if row["CYZJLX"] == "1":
            checked = check_identity(row["CYZJHM"], on=on)
            if checked.faults:
                yield Fault("CBF_JTCY", line, "CYZJHM", checked.told)
            elif checked.sex != {"1": "male", "2": "female"}[row["CYXB"]]:
                yield Fault("CBF_JTCY", line, "CYXB", "与身份证号第 17 位表示的性别不符")
        if not fits_sex(row["YHZGX"], {"1": "male", "2": "female"}[row["CYXB"]]):
            yield Fault("CBF_JTCY", line, "YHZGX", "与户主关系和成员性别不符")
    for line, row in _rows(lines, "CBF"):
        own = members.get(row["CBFBM"], [])
        yield from _contractor(line, row, own, on)


def _contractor(line: int, row: Row, own: Sequence[tuple[int, Row]], on: date) -> Iterator[Fault]:
    number = int(row["CBFBM"][14:])
    kind = "1" if number in codes.HOUSEHOLDS else "2" if number in codes.INDIVIDUALS else "3"
    if kind != row["CBFLX"]:
        yield Fault(
            "CBF", line, "CBFLX", "与承包方代码末 4 位不符：0001–8000 为农户，8001–9000 为个人，9001–9999 为单位"
        )
    if row["CBFLX"] == "3":
        checked = check_uscc(row["CBFZJHM"])
        if checked.faults:
            yield Fault("CBF", line, "CBFZJHM", checked.told)
    elif row["CBFZJLX"] == "1" and (wrong := check_identity(row["CBFZJHM"], on=on)).faults:
        yield Fault("CBF", line, "CBFZJHM", wrong.told)
    if row["CBFLX"] != "1":
        if own:
            yield Fault("CBF_JTCY", own[0][0], "CBFBM", "只有农户有家庭成员")
        return
    heads = [member for _, member in own if member["YHZGX"] in HEADS]
    if len(heads) != 1:
        yield Fault("CBF", line, "CBFBM", f"家庭成员里应有 1 位户主（关系 02 或 01），现有 {len(heads)} 位")
    if row["CBFZJHM"] not in {member["CYZJHM"] for _, member in own}:
        yield Fault("CBF", line, "CBFZJHM", "承包方代表不在家庭成员里")
    if row["CBFCYSL"] is not None and row["CBFCYSL"] != len(own):
        yield Fault("CBF", line, "CBFCYSL", f"家庭成员表里有 {len(own)} 人，这里写 {row['CBFCYSL']} 人")


def _mu(key: str, line: int, row: Row, m2: str, mu: str) -> Iterator[Fault]:
    if row[m2] is not None and row[mu] is not None and not mu_agrees(row[m2], row[mu]):
        yield Fault(key, line, mu, f"{row[m2]} 平方米应为 {mu_of(row[m2])} 亩（1 亩 = 2000/3 平方米），现为 {row[mu]}")


def _term(key: str, line: int, row: Row, first: str, last: str) -> Iterator[Fault]:
    if row[first] >= row[last]:
        yield Fault(key, line, last, f"止期 {row[last]} 不在起期 {row[first]} 之后")


def _plots_of(lines: Lines, name: str) -> Mapping[str, Sequence[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for _, row in _rows(lines, "CBDKXX"):
        if row[name] is not None:
            found[row[name]].append(row)
    return found


def _sums(key: str, line: int, row: Row, plots: Sequence[Row], area: str, count: str) -> Iterator[Fault]:
    total = sum((one["HTMJ"] for one in plots), Decimal(0))
    if row[count] != len(plots):
        yield Fault(key, line, count, f"地块表里有 {len(plots)} 块，这里写 {row[count]} 块")
    elif abs(total - row[area]) > Decimal("0.01") * len(plots):
        yield Fault(key, line, area, f"各地块合同面积之和为 {total} 平方米，这里写 {row[area]}")


def _contracts(lines: Lines, on: date) -> Iterator[Fault]:
    plots = _plots_of(lines, "CBHTBM")
    contracts: dict[str, Row] = {}
    for line, row in _rows(lines, "CBHT"):
        contracts[row["CBHTBM"]] = row
        yield from _term("CBHT", line, row, "CBQXQ", "CBQXZ")
        yield from _mu("CBHT", line, row, "HTZMJ", "HTZMJM")
        yield from _mu("CBHT", line, row, "YHTZMJ", "YHTZMJM")
        yield from _sums("CBHT", line, row, plots.get(row["CBHTBM"], ()), "HTZMJ", "CBDKZS")
        if (row["CBHTBM"][-1] == "J") != (row["CBFS"] == "110"):
            yield Fault("CBHT", line, "CBFS", "合同代码末位 J 为家庭承包（110），Q 为其他方式")
        if row["CBQXQ"] > on:
            yield Fault("CBHT", line, "CBQXQ", f"{row['CBQXQ']} 在今天以后，还没有开始承包")
        if row["QDSJ"] is not None and row["QDSJ"] > on:
            yield Fault("CBHT", line, "QDSJ", f"{row['QDSJ']} 在今天以后")
    for line, row in _rows(lines, "CBJYQZDJB"):
        of: Any = contracts.get(row["CBJYQZBM"])
        if of is not None and (row["CBQXQ"], row["CBQXZ"]) != (of["CBQXQ"], of["CBQXZ"]):
            yield Fault("CBJYQZDJB", line, "CBQXQ", f"期限与承包合同不同，合同为 {of['CBQXQ']} 至 {of['CBQXZ']}")


def _plots(lines: Lines, on: date) -> Iterator[Fault]:
    for line, row in _rows(lines, "CBDKXX"):
        if row["HTMJ"] <= 0:
            yield Fault("CBDKXX", line, "HTMJ", "面积应大于 0")
        yield from _mu("CBDKXX", line, row, "HTMJ", "HTMJM")
        yield from _mu("CBDKXX", line, row, "YHTMJ", "YHTMJM")


def _transfers(lines: Lines, on: date) -> Iterator[Fault]:
    contracts = {row["CBHTBM"]: row for _, row in _rows(lines, "CBHT")}
    plots = _plots_of(lines, "LZHTBM")
    for line, row in _rows(lines, "LZHT"):
        yield from _term("LZHT", line, row, "LZQXKSRQ", "LZQXJSRQ")
        yield from _mu("LZHT", line, row, "LZMJ", "LZMJM")
        own = plots.get(row["LZHTBM"], ())
        yield from _sums("LZHT", line, row, own, "LZMJ", "LZDKS")
        if any(one["CBHTBM"] != row["CBHTBM"] for one in own):
            yield Fault("LZHT", line, "LZHTBM", "流转的地块里有不属于这份承包合同的")
        of = contracts.get(row["CBHTBM"])
        if of is not None and not (of["CBQXQ"] <= row["LZQXKSRQ"] and row["LZQXJSRQ"] <= of["CBQXZ"]):
            yield Fault("LZHT", line, "LZQXJSRQ", f"流转期限超出承包期限 {of['CBQXQ']} 至 {of['CBQXZ']}")
        if row["SRFBM"] == row["CBFBM"]:
            yield Fault("LZHT", line, "SRFBM", "受让方与承包方相同")
