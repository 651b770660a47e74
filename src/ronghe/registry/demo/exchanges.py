"""What goes in and out of the demonstration's register: tables brought in, first with faults and then mended, and accounts
held against the other side's file. Everything is made by the services, from files that say that they show nothing.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

import shapely
from openpyxl import load_workbook

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.files import services as files
from ronghe.kernel.jobs.services import run_here
from ronghe.kernel.pages.workbook import workbook, workbook_of
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.services import NewPerson, register_household
from ronghe.kernel.spatial.rules import area_m2, as_multipolygon

from ..models import Exchange, Reconciliation
from ..rules import codes
from ..rules.contract_links import mu_of
from ..rules.contract_tables import BY_KEY
from ..rules.kinds import USE_RIGHTS, RightKind, UnitKind
from ..services import exchanging, reconciling
from . import people
from .office import Desk, Made

Tables = dict[str, list[dict[str, Any]]]
Row = Sequence[object]

#: The collective's reserve is contracted from here on, to the end that all contracts of the demonstration have.
FIRST_DAY, LAST_DAY = date(2025, 10, 1), date(2029, 9, 30)
#: Numbers of plots and contractors in the tables lie so far behind those that the village has.
BEHIND = 100
#: The households that divided off: the head, and who else lives there, with the relation to the head.
_NEW = (
    (("刘启明", date(1992, 4, 16), True, "02"), ("孟晓楠", date(1994, 8, 2), False, "12")),
    (("许国栋", date(1990, 11, 5), True, "02"),),
)
#: How what rules leave to a person was judged.
_JUDGED = "演示数据：对照土地利用现状核对，均为原有机动地"
_HEAD = ("单元代码", "权利人", "权利类型", "面积（平方米）", "证号")


def make_exchanges(desk: Desk) -> None:
    """The office of farming brings tables in; the office of land holds its accounts. A county that has exchanges is left alone."""
    if Exchange.objects.filter(division=f"{desk.office.county}000000").exists():
        return
    _bring_in(desk, desk.villages[1 % len(desk.villages)])
    _reconcile(desk, desk.villages[0])


# -- 承包交换表 ---------------------------------------------------------------------------------------------------------


def _bring_in(desk: Desk, made: Made) -> None:
    """Three faults stand in the first file, which is refused whole; the mended one is entered."""
    plots = _plots(made)
    tables = _tables(desk, made, [area_m2(as_multipolygon(shape)[0]) for shape in plots])
    drawn = {row["DKBM"]: shape for row, shape in zip(tables["CBDKXX"], plots, strict=True)}
    name = f"{made[0].name}承包交换表（演示数据"
    refused = _taken(desk, _with_faults(tables), drawn, name=f"{name}）.xlsx", days=12)
    assert refused.state == Exchange.State.FAULTY, refused.failure
    sound = _taken(desk, tables, drawn, name=f"{name}，改正后）.xlsx", days=10)
    exchanging.start_apply(exchange_id=sound.pk, judged=_JUDGED, actor=desk.office.registrar, at=desk.at(10, 11))
    sound.refresh_from_db()
    _ran(sound)
    assert sound.state == Exchange.State.DONE, (sound.failure, sound.faults)


def _taken(desk: Desk, tables: Tables, drawn: Mapping[str, shapely.Geometry], *, name: str, days: int) -> Exchange:
    outlines = (BytesIO(_geojson(drawn)), "承包地块（演示数据）.geojson")
    made = exchanging.take_file(
        kind=Exchange.Kind.CONTRACTS_IN, content=_book(tables), name=name, outlines=outlines, actor=desk.office.bureau,
        at=desk.at(days),
    )  # fmt: skip
    _ran(made)
    return made


def _ran(of: Exchange | Reconciliation) -> None:
    assert of.job_id is not None
    run_here(of.job_id)
    of.refresh_from_db()


def _plots(made: Made) -> list[shapely.Geometry]:
    """Three plots beside the pumping station, behind where a new homestead may lie."""
    west, south, east, _ = made[1].sluice.bounds
    wide = east - west
    return [shapely.box(east + 3 * n * wide, south, east + 3 * (n + 1) * wide, south + 2 * wide) for n in range(1, 4)]


def _tables(desk: Desk, made: Made, areas: Sequence[Decimal]) -> Tables:
    """Two households that divided off have contracted three plots of the reserve; the first lets one to the other."""
    village = made[0]
    collective = Party.objects.get(pk=village.collective)
    grantor = codes.grantor_code(village.division)
    first = len(village.households) + BEHIND
    homes = [codes.contractor_code(grantor, first + n) for n in range(len(_NEW))]
    tables: Tables = {key: [] for key in ("CBF", "CBF_JTCY", "CBDKXX", "CBHT", "CBJYQZDJB", "CBJYQZ")}
    tables["FBF"] = [{"FBFBM": grantor, "FBFMC": collective.name}]
    for nth, (home, family) in enumerate(zip(homes, _NEW, strict=True)):
        numbers = [people.identity_of(born, nth, male=male) for _, born, male, _ in family]
        _divided_off(desk, village.division, family, numbers)
        _contractor(tables, home, family, numbers)
        own = areas[:2] if nth == 0 else areas[2:]
        _contract(tables, grantor, home, own)
    lease = f"{grantor}0L01"
    for nth, area in enumerate(areas):
        home = homes[0 if nth < 2 else 1]
        tables["CBDKXX"].append(
            {
                "DKBM": codes.plot_code(grantor, len(village.plots) + BEHIND + nth), "DKMC": f"{village.name}机动地{nth + 1}号",
                "FBFBM": grantor, "CBFBM": home, "CBJYQQDFS": "110", "HTMJ": area, "HTMJM": mu_of(area),
                "CBHTBM": codes.contract_code(home), "CBJYQZBM": codes.contract_code(home),
                "LZHTBM": lease if nth == 1 else None, "DKDZ": "邻地", "DKNZ": "村道", "DKXZ": "机井", "DKBZ": "机耕路",
            }
        )  # fmt: skip
    tables["LZHT"] = [
        {
            "CBHTBM": codes.contract_code(homes[0]), "LZHTBM": lease, "CBFBM": homes[0], "SRFBM": homes[1], "LZFS": "900",
            "LZQXKSRQ": date(2026, 1, 1), "LZQXJSRQ": date(2028, 12, 31), "LZMJ": areas[1], "LZMJM": mu_of(areas[1]),
            "LZDKS": 1, "HTQDRQ": date(2025, 12, 20),
        }
    ]  # fmt: skip
    return tables


def _divided_off(
    desk: Desk, division: str, family: Sequence[tuple[str, date, bool, str]], numbers: Sequence[str]
) -> None:
    """They are registered as synthetic people: what they hold is then marked as the demonstration's too."""
    (head, *_), *others = family
    members = [
        (NewPerson(name, identity=number), relation)
        for (name, _, _, relation), number in zip(others, numbers[1:], strict=True)
    ]
    register_household(
        head=NewPerson(head, identity=numbers[0]), members=members, division=division, since=FIRST_DAY, is_demo=True,
        actor=SYSTEM, at=desk.at(58),
    )  # fmt: skip


def _contractor(
    tables: Tables, home: str, family: Sequence[tuple[str, date, bool, str]], numbers: Sequence[str]
) -> None:
    tables["CBF"].append(
        {
            "CBFBM": home, "CBFLX": "1", "CBFMC": family[0][0], "CBFZJLX": "1", "CBFZJHM": numbers[0],
            "CBFCYSL": len(family),
        }
    )  # fmt: skip
    for (name, _, male, relation), number in zip(family, numbers, strict=True):
        tables["CBF_JTCY"].append(
            {
                "CBFBM": home, "CYXM": name, "CYXB": "1" if male else "2", "CYZJLX": "1", "CYZJHM": number,
                "YHZGX": relation, "SFGYR": "1",
            }
        )  # fmt: skip


def _contract(tables: Tables, grantor: str, home: str, areas: Sequence[Decimal]) -> None:
    total, code = sum(areas, Decimal(0)), codes.contract_code(home)
    term = {"FBFBM": grantor, "CBFBM": home, "CBFS": "110", "CBQXQ": FIRST_DAY, "CBQXZ": LAST_DAY}
    tables["CBHT"].append(
        {
            **term, "CBHTBM": code, "HTZMJ": total, "HTZMJM": mu_of(total), "CBDKZS": len(areas), "QDSJ": date(2025, 9, 20),
        }
    )  # fmt: skip
    tables["CBJYQZDJB"].append({**term, "CBJYQZBM": code, "DBR": "演示登记员", "DJSJ": date(2025, 10, 10)})
    tables["CBJYQZ"].append({"CBJYQZBM": code, "FZJG": "演示县人民政府", "FZRQ": date(2025, 10, 15), "QZSFLQ": "1"})


def _with_faults(of: Tables) -> Tables:
    """The same with a wrong check digit, a sum that does not add up, and a lease that outlasts its contract."""
    wrong = deepcopy(of)
    number = str(wrong["CBF_JTCY"][1]["CYZJHM"])
    wrong["CBF_JTCY"][1]["CYZJHM"] = number[:17] + ("0" if number[17] != "0" else "1")
    wrong["CBHT"][0]["HTZMJ"] += 100
    wrong["CBHT"][0]["HTZMJM"] = mu_of(wrong["CBHT"][0]["HTZMJ"])
    wrong["LZHT"][0]["LZQXJSRQ"] = date(2030, 12, 31)
    return wrong


def _book(of: Tables) -> bytes:
    return workbook_of(
        (key, table.names, ([row.get(n) for n in table.names] for row in of[key])) for key, table in BY_KEY.items()
    )


def _geojson(drawn: Mapping[str, shapely.Geometry]) -> bytes:
    features = ",".join(
        f'{{"type":"Feature","properties":{{"DKBM":"{code}"}},"geometry":{shapely.to_geojson(shape)}}}'
        for code, shape in drawn.items()
    )
    return f'{{"type":"FeatureCollection","features":[{features}]}}'.encode()


# -- 对账 ---------------------------------------------------------------------------------------------------------------


def _reconcile(desk: Desk, made: Made) -> None:
    """The homesteads of a village are written out, and held against a file of the city's platform that differs."""
    village, clerk = made[0], desk.office.reviewer
    given = exchanging.start_export(
        kind=Exchange.Kind.REGISTER, division=village.division, on=desk.at(5).date(), unit_kind=UnitKind.HOMESTEAD.value,
        purpose="演示数据：与市平台对账", actor=clerk, at=desk.at(5),
    )  # fmt: skip
    _ran(given)
    assert given.made_id is not None, given.failure
    theirs = _changed(_homesteads(files.content(given.made_id)))
    held = reconciling.start(
        division=village.division, unit_kind=UnitKind.HOMESTEAD.value, on=given.on,
        content=workbook("对方的单元", _HEAD, theirs), name=f"{village.name}宅基地（演示数据）.xlsx",
        area_share=Fraction(1, 200), area_floor_m2=Decimal(1), other="市不动产登记信息管理平台（演示）", actor=clerk,
        at=desk.at(4),
    )  # fmt: skip
    _ran(held)
    assert held.state == Reconciliation.State.DONE, held.failure


def _homesteads(content: bytes) -> list[list[Any]]:
    """What the other side would say of the units in our own file if it agreed in everything."""
    book = load_workbook(BytesIO(content), read_only=True)
    told = {sheet.title: list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book.worksheets}
    land = {str(row[0]): row[3] for row in told["空间单元"] if row[5] is None}
    proofs = {row[3]: row[1] for row in told["证书"]}
    titles = {kind.title for kind in USE_RIGHTS}
    used: dict[str, Any] = {}
    for row in told["权利"]:
        if row[2] in titles:
            used.setdefault(str(row[0]), row)
    return [
        [code, row[3], row[2], Decimal(str(land[code])), proofs.get(row[1], "")] for code, row in sorted(used.items())
    ]


def _changed(ours: list[list[Any]]) -> list[list[Any]]:
    """Two have other holders, one another area, one has an older kind of right; one is missing, and one nobody here knows."""
    rows = [list(row) for row in ours]
    rows[2][1], rows[5][1] = "赵玉霞", "孙福来"
    rows[3][3] += Decimal("18.50")
    house, land = RightKind.HOMESTEAD_HOUSE.title, RightKind.HOMESTEAD_USE.title
    built = next((row for row in rows[6:] if row[2] == house), None)
    if built is not None:
        built[2] = land
    stranger = [f"{rows[0][0][:14]}09999W00000000", "周长顺", land, Decimal("201.60"), ""]
    return [row for nth, row in enumerate(rows) if nth != 4] + [stranger]
