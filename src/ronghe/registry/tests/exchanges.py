"""Files of exchange for tests: the tables of one village with two households, one of which lets a plot."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from ronghe.kernel import clock
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.jobs.services import run_here
from ronghe.kernel.parties.tests import factories as people

from ..models import Exchange
from ..rules.contract_links import mu_of
from ..rules.contract_tables import BY_KEY
from ..services import exchanging
from . import factories as make

FBF = f"{make.VILLAGE}00"
HOME, OTHER = f"{FBF}0001", f"{FBF}0002"
CONTRACT, OTHERS = f"{HOME}J", f"{OTHER}J"
LEASE = f"{FBF}0L01"
PLOTS = [f"{FBF}{n:05d}" for n in (1, 2, 3)]

Tables = dict[str, list[dict[str, Any]]]


def tables() -> Tables:
    """Two households with three plots; the first lets its second plot to the other."""
    head, wife, other = (
        people.identity(date(1970, 1, 1)),
        people.identity(date(1972, 2, 2), male=False),
        people.identity(),
    )
    areas = [Decimal("1000.00"), Decimal("3333.33"), Decimal("666.67")]

    def plot(code: str, area: Decimal, contractor: str, lease: str | None = None) -> dict[str, Any]:
        return {
            "DKBM": code, "DKMC": "村东地", "FBFBM": FBF, "CBFBM": contractor, "CBJYQQDFS": "110", "HTMJ": area,
            "CBHTBM": f"{contractor}J", "LZHTBM": lease, "CBJYQZBM": f"{contractor}J", "HTMJM": mu_of(area),
            "DKDZ": "路", "DKNZ": "渠", "DKXZ": "张三", "DKBZ": "沟",
        }  # fmt: skip

    def contract(contractor: str, own: Sequence[Decimal]) -> dict[str, Any]:
        total = sum(own, Decimal(0))
        return {
            "CBHTBM": f"{contractor}J", "FBFBM": FBF, "CBFBM": contractor, "CBFS": "110", "CBQXQ": date(1999, 1, 1),
            "CBQXZ": date(2028, 12, 31), "HTZMJ": total, "CBDKZS": len(own), "QDSJ": date(1998, 12, 1),
            "HTZMJM": mu_of(total),
        }  # fmt: skip

    def member(contractor: str, name: str, sex: str, number: str, relation: str) -> dict[str, Any]:
        return {
            "CBFBM": contractor, "CYXM": name, "CYXB": sex, "CYZJLX": "1", "CYZJHM": number, "YHZGX": relation, "SFGYR": "1",
        }  # fmt: skip

    def contractor(code: str, name: str, number: str, size: int) -> dict[str, Any]:
        return {"CBFBM": code, "CBFLX": "1", "CBFMC": name, "CBFZJLX": "1", "CBFZJHM": number, "CBFCYSL": size}

    def entry(code: str) -> dict[str, Any]:
        return {
            "CBJYQZBM": code, "FBFBM": FBF, "CBFBM": code[:18], "CBFS": "110", "CBQXQ": date(1999, 1, 1),
            "CBQXZ": date(2028, 12, 31), "DBR": "登记员", "DJSJ": date(2016, 5, 1),
        }  # fmt: skip

    return {
        "FBF": [{"FBFBM": FBF, "FBFMC": "甲村股份经济合作社"}],
        "CBF": [contractor(HOME, "演示张", head, 2), contractor(OTHER, "演示李", other, 1)],
        "CBF_JTCY": [
            member(HOME, "演示张", "1", head, "02"), member(HOME, "演示王", "2", wife, "12"),
            member(OTHER, "演示李", "1", other, "02"),
        ],
        "CBDKXX": [plot(PLOTS[0], areas[0], HOME), plot(PLOTS[1], areas[1], HOME, LEASE), plot(PLOTS[2], areas[2], OTHER)],
        "CBHT": [contract(HOME, areas[:2]), contract(OTHER, areas[2:])],
        "CBJYQZDJB": [entry(CONTRACT), entry(OTHERS)],
        "CBJYQZ": [{"CBJYQZBM": CONTRACT, "FZJG": "高青县人民政府", "FZRQ": date(2016, 6, 1), "QZSFLQ": "1"}],
        "LZHT": [
            {
                "CBHTBM": CONTRACT, "LZHTBM": LEASE, "CBFBM": HOME, "SRFBM": OTHER, "LZFS": "900",
                "LZQXKSRQ": date(2020, 1, 1), "LZQXJSRQ": date(2027, 12, 31), "LZMJ": areas[1], "LZMJM": mu_of(areas[1]),
                "LZDKS": 1, "HTQDRQ": date(2019, 12, 1),
            }
        ],
    }  # fmt: skip


def changed(of: Tables, **cells: Any) -> Tables:
    """The tables with some cells changed: ``CBHT_0_CBQXZ=date(…)``."""
    made = deepcopy(of)
    for place, value in cells.items():
        table, row, field = place.rsplit("_", 2)
        made[table][int(row)][field] = value
    return made


def workbook(of: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for key, rows in of.items():
        sheet = book.create_sheet(key)
        sheet.append(BY_KEY[key].names)
        for row in rows:
            sheet.append(
                [str(v) if isinstance(v, Decimal) else v for v in (row.get(name) for name in BY_KEY[key].names)]
            )
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def sheets_of(content: bytes) -> dict[str, list[list[Any]]]:
    book = load_workbook(BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def ran(made: Exchange) -> Exchange:
    made.refresh_from_db()
    assert made.job_id is not None
    run_here(made.job_id)
    made.refresh_from_db()
    return made


def given(
    content: bytes, by: Any, *, outlines: tuple[bytes, str] | None = None, kind: Any = None, name: str = "承包.xlsx"
) -> Exchange:
    shapes = (BytesIO(outlines[0]), outlines[1]) if outlines else None
    return ran(
        exchanging.take_file(
            kind=kind or Exchange.Kind.CONTRACTS_IN, content=content, name=name, outlines=shapes, actor=by, at=make.NOON
        )
    )


def another() -> Any:
    """Another registrar of the county, who enters what a colleague brought."""
    return make.people.clerk(Role.DEPARTMENT, make.people.COUNTY)


def applied(made: Exchange, judged: str = "对照规划核对过") -> Exchange:
    return ran(exchanging.start_apply(exchange_id=made.pk, judged=judged, actor=another(), at=make.NOON))


def exported(by: Any, **asked: Any) -> Exchange:
    wanted = {"kind": Exchange.Kind.REGISTER, "division": make.people.COUNTY, "on": make.DAY} | asked
    # Work in the background reads the clock itself: what it has entered is later than the day of the tests.
    return ran(exchanging.start_export(**wanted, actor=by, at=clock.now()))
