"""承包交换表: brought in whole or not at all, told back with every bad cell marked, and handed over again unchanged."""

import json
import tempfile
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pyogrio
import pytest
import shapely
from openpyxl import load_workbook

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.files import services as files
from ronghe.kernel.parties.models import HouseholdMember, Party
from ronghe.kernel.parties.services import NewPerson, record_death, register_person
from ronghe.kernel.spatial import services as layers
from ronghe.kernel.spatial.services import FeatureGiven, LayerTold

from .. import services
from ..errors import (
    ExchangeFaulty,
    ExchangeFileUnreadable,
    ExchangeNotReady,
    ExchangeOwnFile,
    ExchangeToJudge,
)
from ..exchange import contract_files, contracts_in
from ..exchange.dbf_tables import dbf_names
from ..models import RRR, BAUnit, Exchange, Right, SpatialUnitVersion
from ..rules.contract_tables import BY_KEY
from ..rules.kinds import RightKind, UnitKind
from ..rules.tables import read_row
from ..services import exchanging
from . import exchanges as ex
from . import factories as make
from .surveys import limit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make.people.places()


@pytest.fixture(autouse=True)
def _most_off(request, _places):
    """By what share an outline may be off; a test may ask for another, or for none."""
    if share := getattr(request, "param", "1/20"):
        limit("registration.area.fault_share", "ratio", share, in_use=False)


@pytest.fixture
def clerk():
    return make.people.clerk(Role.DEPARTMENT, make.people.COUNTY)


def outlines_of(tables, **shapes):
    """Squares of about the contract's area, by plot code; the side follows from the area."""
    features = []
    for place, row in enumerate(tables["CBDKXX"]):
        scale = float(row["HTMJ"] / make.area(make.square())) ** 0.5
        shape = shapes.get(row["DKBM"], make.square(place * 20, width=scale, height=scale))
        features.append(
            {"type": "Feature", "geometry": shapely.geometry.mapping(shape), "properties": {"DKBM": row["DKBM"]}}
        )
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_sound_tables_become_units_rights_and_households(clerk):
    tables = ex.tables()
    made = ex.given(ex.workbook(tables), clerk)
    assert made.state == "ready", (made.failure, made.faults)
    assert made.counts["CBDKXX"] == 3
    assert not BAUnit.objects.exists()
    # when they are applied
    done = ex.applied(made)
    assert done.state == "done", done.failure
    # then each plot is a unit with its contract right; the term runs to the day after the last
    assert BAUnit.objects.count() == 3
    held = Right.objects.current().filter(kind=RightKind.CONTRACT).select_related("party", "source").order_by("pk")
    assert [row.party.name for row in held] == ["演示张户", "演示张户", "演示李户"]
    assert {row.source.number for row in held} == {ex.CONTRACT, ex.OTHERS}
    assert {(row.valid.lower, row.valid.upper) for row in held} == {(date(1999, 1, 1), date(2029, 1, 1))}
    # and the plot that is let carries an operation right below its contract right
    let = Right.objects.current().get(kind=RightKind.OPERATION)
    assert let.party.name == "演示李户"
    assert RRR.objects.get(pk=let.rrr_id).parent_id == held[1].rrr_id
    # members are in the household, whose sealed numbers nobody reads from the register
    members = HouseholdMember.objects.current().filter(household=held[0].party)
    assert sorted(row.person.name for row in members) == ["演示张", "演示王"]
    assert Party.objects.filter(kind="collective", name="甲村股份经济合作社").count() == 1


def test_outlines_come_from_a_file_beside_the_tables(clerk):
    tables = ex.tables()
    made = ex.given(ex.workbook(tables), clerk, outlines=(outlines_of(tables), "地块.geojson"))
    assert made.state == "ready", (made.failure, made.faults)
    ex.applied(made)
    forms = SpatialUnitVersion.objects.all()
    assert all(row.geometry is not None for row in forms)
    assert {row.registered_area_m2 for row in forms} == {row["HTMJ"] for row in tables["CBDKXX"]}


def test_an_outline_of_another_size_or_of_no_plot_is_refused(clerk):
    tables = ex.tables()
    wrong = outlines_of(tables, **{ex.PLOTS[0]: make.square(0, width=9, height=9)})
    made = ex.given(ex.workbook(tables), clerk, outlines=(wrong, "地块.geojson"))
    assert made.state == "faulty"
    assert any("相差超过" in what for *_, what in made.faults)
    fewer = {**tables, "CBDKXX": tables["CBDKXX"][:2]}
    made = ex.given(ex.workbook(tables), clerk, outlines=(outlines_of(fewer), "地块.geojson"))
    assert [(field, what) for _, field, _, what in made.faults] == [("DKBM", "图形文件里没有这个地块")]


def _wider(tables):
    """The first outline has 1.02 × 1.02 = 1.0404 of the area that is stated: within 1/20, beyond 1/50."""
    side = float(tables["CBDKXX"][0]["HTMJ"] / make.area(make.square())) ** 0.5 * 1.02
    return (outlines_of(tables, **{ex.PLOTS[0]: make.square(0, width=side, height=side)}), "地块.geojson")


@pytest.mark.parametrize(
    ("_most_off", "found"),
    [("1/20", []), ("1/50", [(2, "HTMJ", "相差超过 2 %")])],
    indirect=["_most_off"],
)
def test_how_far_an_outline_may_be_off_is_what_the_parameter_says(clerk, found):
    tables = ex.tables()
    made = ex.given(ex.workbook(tables), clerk, outlines=_wider(tables))
    assert [(line, field, what.partition("与合同面积")[2]) for line, field, _, what in made.faults] == found


@pytest.mark.parametrize("_most_off", [""], indirect=True)
def test_where_nothing_says_how_far_an_outline_may_be_off_a_person_judges(clerk):
    tables = ex.tables()
    made = ex.given(ex.workbook(tables), clerk, outlines=_wider(tables))
    assert made.state == "ready", made.faults
    assert any("没有图形面积与合同面积相差的限度" in what for *_, what in made.doubts)


def _drawn(tables, *lefts: float):
    """Outlines of the size that the tables state, from left to right at these places, in sides."""
    scales = [float(row["HTMJ"] / make.area(make.square())) ** 0.5 for row in tables["CBDKXX"]]
    placed = {
        row["DKBM"]: make.square(left, width=scale, height=scale)
        for row, left, scale in zip(tables["CBDKXX"], lefts, scales, strict=True)
    }
    return (outlines_of(tables, **placed), "地块.geojson"), scales


def test_plots_of_one_file_that_overlap_are_refused_both(clerk):
    tables = ex.tables()
    outlines, scales = _drawn(tables, 0, 1, 40)  # the first is wider than one side: the second lies on it
    assert scales[0] > 1
    made = ex.given(ex.workbook(tables), clerk, outlines=outlines)
    assert made.state == "faulty"
    assert [(line, field) for line, field, *_ in made.faults] == [(2, "DKBM"), (3, "DKBM")]
    assert f"与本表第 3 行的地块 {ex.PLOTS[1]} 重叠" in made.faults[0][3]
    assert f"与本表第 2 行的地块 {ex.PLOTS[0]} 重叠" in made.faults[1][3]
    marked = ex.sheets_of(files.content(made.made_id))["CBDKXX"]
    assert "使界址点一致" in marked[1][-1]


def _layer(slug, kind, shape, name, by):
    layers.create_layer(slug=slug, division=make.people.COUNTY, told=LayerTold(slug, kind), actor=by, at=make.NOON)
    told = [FeatureGiven("1", name, json.loads(shapely.to_geojson(shape)))]
    layers.put_features(slug=slug, features=told, actor=by, at=make.NOON)


def test_what_the_lines_leave_to_a_person_is_judged_by_another_before_it_is_entered(clerk):
    tables, county = ex.tables(), make.people.COUNTY[:6]
    outlines, _ = _drawn(tables, 0, 20, 40)
    whole = make.square(-5, -5, width=90, height=20)
    for prefix, kind, shape, name in (
        ("pbf", "red_line", whole, "永久基本农田"), ("erl", "red_line", make.square(20, 0), "生态保护红线"),
        ("udb", "planning", make.square(500, 500), "城镇开发边界"), ("plan", "planning", whole, "耕地"),
    ):  # fmt: skip
        _layer(f"{prefix}-{county}", kind, shape, name, clerk)
    made = ex.given(ex.workbook(tables), clerk, outlines=outlines)
    assert (made.state, made.counts["doubts"]) == ("ready", 1), made.faults
    [(line, _, _, what)] = made.doubts
    assert line == 3
    assert what.startswith("压生态保护红线")
    # not by whoever brought it, nor without a word; neither leaves a trace
    with pytest.raises(ExchangeOwnFile):
        exchanging.start_apply(exchange_id=made.pk, judged="对照现状核对", actor=clerk, at=make.NOON)
    with pytest.raises(ExchangeToJudge, match="压生态保护红线"):
        exchanging.start_apply(exchange_id=made.pk, actor=ex.another(), at=make.NOON)
    made.refresh_from_db()
    assert (made.state, made.applied_by_id) == ("ready", None)
    done = ex.applied(made, judged="对照土地利用现状核对，原为耕地")
    assert (done.state, done.judged) == ("done", "对照土地利用现状核对，原为耕地"), done.failure
    assert done.applied_by_id != done.user_id


def test_without_layers_a_person_judges_the_whole_file(clerk):
    tables = ex.tables()
    made = ex.given(ex.workbook(tables), clerk, outlines=_drawn(tables, 0, 20, 40)[0])
    assert made.counts["doubts"] == 1
    assert "没有这些图层：永久基本农田、生态保护红线、城镇开发边界、规划用途" in made.doubts[0][3]


def test_plots_that_touch_do_not_overlap(clerk):
    tables = ex.tables()
    _, scales = _drawn(tables, 0, 20, 40)
    touching, _ = _drawn(tables, 0, scales[0], scales[0] + scales[1])
    make.homestead(geometry=make.square(-1))  # and beside what the register holds
    made = ex.given(ex.workbook(tables), clerk, outlines=touching)
    assert made.state == "ready", made.faults
    assert ex.applied(made).state == "done"


def test_a_plot_on_a_registered_homestead_is_refused_and_one_on_collective_land_is_not(clerk):
    home, _ = make.homestead(geometry=make.square(20.5))
    make.unit(UnitKind.OWNERSHIP, make.square(-1, -1, width=90, height=9))
    tables = ex.tables()
    outlines, _ = _drawn(tables, 0, 20, 40)
    made = ex.given(ex.workbook(tables), clerk, outlines=outlines)
    assert [(line, field) for line, field, *_ in made.faults] == [(3, "DKBM")]
    assert f"与登记簿上的 {home.code[:19]} 重叠" in made.faults[0][3]


def test_a_homestead_that_is_registered_after_the_check_keeps_the_file_out(clerk):
    tables = ex.tables()
    made = ex.given(ex.workbook(tables), clerk, outlines=_drawn(tables, 0, 20, 40)[0])
    assert made.state == "ready"
    make.homestead(geometry=make.square(20.5))
    late = ex.applied(made)
    assert (late.state, "重叠" in late.failure) == ("failed", True)
    assert BAUnit.objects.count() == 1


def test_the_same_plot_in_the_register_is_no_overlap_with_itself(clerk):
    tables = ex.tables()
    outlines, _ = _drawn(tables, 0, 20, 40)
    ex.applied(ex.given(ex.workbook(tables), clerk, outlines=outlines))
    again = ex.given(ex.workbook(tables), clerk, outlines=outlines)
    assert again.faults
    assert not [what for *_, what in again.faults if "重叠" in what]


FAULTS = {
    # both sides of each width: one character less and one more
    "CBDKXX_0_DKBM": (ex.PLOTS[0][:18], "应为 19 位，现为 18 位"),
    "CBDKXX_1_DKBM": (ex.PLOTS[0] + "0", "应为 19 位，现为 20 位"),
    "CBHT_0_CBHTBM": (ex.CONTRACT[:18], "应为 19 位"),
    "LZHT_0_LZHTBM": (ex.LEASE + "1", "应为 18 位，现为 19 位"),
    "CBF_0_CBFLX": ("7", "不在代码表里"),
    "CBHT_0_CBFS": ("110A", "应为 3 位"),
    "CBHT_0_CBQXZ": ("2028-02-30", "没有 2028-02-30 这一天"),
    "CBDKXX_0_HTMJ": ("1000.005", "小数不超过 2 位"),
    "CBDKXX_0_CBHTBM": (3.7032200120000002e17, "会丢失末几位"),
    "CBF_JTCY_0_CYXM": (None, "必填"),
}


@pytest.mark.parametrize(("cell", "value", "what"), [(cell, value, what) for cell, (value, what) in FAULTS.items()])
def test_a_bad_cell_is_named_by_its_line_and_field(clerk, cell, value, what):
    table, row, field = cell.rsplit("_", 2)
    made = ex.given(ex.workbook(ex.changed(ex.tables(), **{cell: value})), clerk)
    assert made.state == "faulty"
    found = [fault for fault in made.faults if fault[0] == int(row) + 2 and fault[1] == field]
    assert found, made.faults
    assert what in found[0][3]
    assert BY_KEY[table].title in found[0][2]


BETWEEN = {
    "mu": ({"CBDKXX_0_HTMJM": Decimal("1.52")}, "1000.00 平方米应为 1.50 亩"),
    "sum": ({"CBHT_0_HTZMJ": Decimal("4000.00"), "CBHT_0_HTZMJM": Decimal("6.00")}, "各地块合同面积之和为 4333.33"),
    "count": ({"CBHT_0_CBDKZS": 3}, "地块表里有 2 块"),
    "reference": ({"CBDKXX_0_CBHTBM": f"{ex.FBF}0009J"}, "前 18 位应为承包方代码"),
    "grantor": ({"CBDKXX_0_DKBM": "37032200120100001"[:14] + "00001"}, "前 14 位应为发包方代码"),
    "term": ({"CBHT_0_CBQXZ": date(1998, 12, 31)}, "不在起期"),
    "lease beyond": ({"LZHT_0_LZQXJSRQ": date(2029, 1, 1)}, "流转期限超出承包期限"),
    "two of one code": ({"CBDKXX_1_DKBM": ex.PLOTS[0]}, "和第 2 行相同"),
    "identity": ({"CBF_JTCY_1_CYZJHM": "370322197202020020"}, "校验"),
    "members": ({"CBF_0_CBFCYSL": 4}, "家庭成员表里有 2 人"),
    "two heads": ({"CBF_JTCY_1_YHZGX": "02"}, "应有 1 位户主"),
    "receiver": ({"LZHT_0_SRFBM": f"{ex.FBF}0005"}, "承包方（CBF）里没有"),
}


@pytest.mark.parametrize(("cells", "what"), BETWEEN.values(), ids=BETWEEN)
def test_what_does_not_fit_between_the_tables_is_told(clerk, cells, what):
    made = ex.given(ex.workbook(ex.changed(ex.tables(), **cells)), clerk)
    assert made.state == "faulty"
    assert any(what in fault[3] for fault in made.faults), made.faults
    assert not BAUnit.objects.exists()
    assert not Party.objects.exists()


def test_the_answer_marks_each_bad_cell_and_says_it_in_words(clerk):
    bad = ex.changed(ex.tables(), CBHT_1_CBDKZS=5, CBF_0_CBFCYSL=9)
    made = ex.given(ex.workbook(bad), clerk)
    assert made.made_id is not None
    book = load_workbook(BytesIO(files.content(made.made_id)))
    cell = book["CBHT"].cell(3, BY_KEY["CBHT"].names.index("CBDKZS") + 1)
    assert cell.comment is not None
    assert "地块表里有 1 块" in cell.comment.text
    words = [row[-1] for row in book["CBHT"].iter_rows(values_only=True)]
    assert words[0] == "错误说明"
    assert words[1] is None
    assert "承包地块总数" in words[2]
    # the marked file, mended and given again, is sound
    book["CBHT"].cell(3, BY_KEY["CBHT"].names.index("CBDKZS") + 1).value = 1
    book["CBF"].cell(2, BY_KEY["CBF"].names.index("CBFCYSL") + 1).value = 2
    out = BytesIO()
    book.save(out)
    again = ex.given(out.getvalue(), clerk)
    assert again.state == "ready", again.faults


def test_no_contract_is_entered_for_somebody_who_has_died(clerk):
    """民法典 第十三条: an individual contractor, whom no table of members names."""
    alone = f"{ex.FBF}8001"
    tables = {
        key: [{k: v.replace(ex.OTHER, alone) if isinstance(v, str) else v for k, v in row.items()} for row in rows]
        for key, rows in ex.tables().items()
    }
    tables["CBF_JTCY"] = [row for row in tables["CBF_JTCY"] if row["CBFBM"] != alone]
    tables["CBF"][1] |= {"CBFLX": "2", "CBFCYSL": None}
    assert ex.given(ex.workbook(tables), clerk).state == "ready"
    new = NewPerson(tables["CBF"][1]["CBFMC"], identity=tables["CBF"][1]["CBFZJHM"])
    gone = register_person(new=new, division=make.VILLAGE, actor=SYSTEM, at=make.people.NOON)
    assert ex.given(ex.workbook(tables), clerk).state == "ready"
    record_death(person_id=gone.pk, on=date(2020, 1, 1), actor=SYSTEM, at=make.people.NOON)
    made = ex.given(ex.workbook(tables), clerk)
    assert [field for _, field, *_ in made.faults] == ["CBFZJHM"]
    assert "2020-01-01 死亡或终止" in made.faults[0][3]


def test_missing_tables_and_strangers_files_are_refused(clerk):
    tables = ex.tables()
    del tables["CBHT"]
    made = ex.given(ex.workbook(tables), clerk)
    assert [fault[3] for fault in made.faults] == ["缺少这张表，或者没有一行数据"]
    book = load_workbook(BytesIO(ex.workbook(ex.tables())))
    book["CBF"].delete_cols(1)
    out = BytesIO()
    book.save(out)
    assert "缺少必填的列：CBFBM" in ex.given(out.getvalue(), clerk).failure


def test_a_village_of_another_county_is_refused():
    elsewhere = make.people.clerk(Role.DEPARTMENT, make.people.OTHER)
    made = ex.given(ex.workbook(ex.tables()), elsewhere)
    assert any("不是您管辖范围内的村" in fault[3] for fault in made.faults)


def test_nothing_is_entered_when_something_changed_after_the_check(clerk):
    tables = ex.tables()
    first, second = ex.given(ex.workbook(tables), clerk), ex.given(ex.workbook(tables), clerk, name="再来.xlsx")
    ex.applied(first)
    late = exchanging.start_apply(exchange_id=second.pk, actor=ex.another(), at=make.NOON)
    late = ex.ran(late)
    assert late.state == "failed"
    assert ExchangeFaulty.code in late.job.failure_code
    assert "登记簿上已有" in late.failure
    assert BAUnit.objects.count() == 3
    # a repeat of the first writes nothing more
    assert exchanging.start_apply(exchange_id=first.pk, actor=ex.another(), at=make.NOON).state == "done"
    with pytest.raises(ExchangeNotReady):
        exchanging.start_apply(exchange_id=late.pk, actor=ex.another(), at=make.NOON)


def test_an_import_that_breaks_off_leaves_nothing(clerk, monkeypatch):
    made = ex.given(ex.workbook(ex.tables()), clerk)

    def broken(*args, **kwargs):
        raise RuntimeError("the worker was killed")

    monkeypatch.setattr(contracts_in, "_certificates", broken)
    exchanging.start_apply(exchange_id=made.pk, actor=ex.another(), at=make.NOON)
    assert ex.ran(made).job.state == "failed"
    assert not BAUnit.objects.exists()
    assert not Party.objects.exists()


def test_what_was_brought_in_is_handed_over_again_as_it_was(clerk):
    tables = ex.tables()
    ex.applied(ex.given(ex.workbook(tables), clerk, outlines=(outlines_of(tables), "地块.geojson")))
    # when it is handed over officially, with whole numbers
    out = ex.exported(clerk, kind=Exchange.Kind.CONTRACTS_OUT, is_official=True, purpose="汇交市农业农村局")
    assert out.state == "done", out.failure
    archive = ZipFile(BytesIO(files.content(out.made_id)))
    assert archive.namelist() == ["承包交换表.xlsx", "承包地块.gpkg"]
    told = ex.sheets_of(archive.read("承包交换表.xlsx"))
    for key, rows in tables.items():
        names = told[key][0]
        found = [read_row(BY_KEY[key], dict(zip(names, row, strict=True)))[0] for row in told[key][1:]]
        wanted = [read_row(BY_KEY[key], row)[0] for row in rows]
        skipped = {"DBR", "DJSJ", "FBFFZRXM", "CBFDZ"}  # who entered it there, and addresses, are not the register's
        for one, other in zip(sorted(found, key=str), sorted(wanted, key=str), strict=True):
            assert {k: v for k, v in one.items() if k not in skipped} == {
                k: v for k, v in other.items() if k not in skipped
            }, key
    # and the archive itself can be brought into another register
    book, shapes, name = contract_files.tables_in(files.content(out.made_id))
    assert shapes is not None
    assert name == "承包地块.gpkg"
    assert book[:2] == b"PK"


def test_certificates_that_this_register_issued_are_handed_over_once_they_prove_every_plot(clerk):
    tables = ex.tables()
    ex.applied(ex.given(ex.workbook(tables), clerk))
    first, second, third = RRR.objects.filter(kind=RightKind.CONTRACT).order_by("pk")

    def told():
        out = ex.exported(clerk, kind=Exchange.Kind.CONTRACTS_OUT)
        names, *rows = ex.sheets_of(ZipFile(BytesIO(files.content(out.made_id))).read("承包交换表.xlsx"))["CBJYQZ"]
        return [dict(zip(names, row, strict=True)) for row in rows]

    services.certify(rrr_id=first.pk, on=date(2026, 11, 2), actor=SYSTEM, at=make.NOON)
    [paper] = told()  # one plot of two: what came with the tables still proves the contract
    assert (paper["CBJYQZBM"], paper["FZJG"]) == (ex.CONTRACT, "高青县人民政府")
    services.certify(rrr_id=second.pk, on=date(2026, 11, 20), actor=SYSTEM, at=make.NOON)
    services.certify(rrr_id=third.pk, on=date(2026, 11, 10), actor=SYSTEM, at=make.NOON)
    own = [(row["CBJYQZBM"], row["FZJG"], str(row["FZRQ"])[:10]) for row in told()]
    assert own == [
        (ex.CONTRACT, "区划370322不动产登记机构", "2026-11-20"), (ex.OTHERS, "区划370322不动产登记机构", "2026-11-10"),
    ]  # fmt: skip


def test_without_official_purpose_numbers_stay_masked(clerk):
    tables = ex.tables()
    ex.applied(ex.given(ex.workbook(tables), clerk))
    out = ex.exported(clerk, kind=Exchange.Kind.CONTRACTS_OUT)
    told = ex.sheets_of(ZipFile(BytesIO(files.content(out.made_id))).read("承包交换表.xlsx"))
    numbers = {row[4] for row in told["CBF_JTCY"][1:]}
    assert numbers
    assert all("*" in number for number in numbers)
    assert not numbers & {row["CYZJHM"] for row in tables["CBF_JTCY"]}


def test_plots_of_the_register_get_codes_that_stay(clerk):
    """A plot that was registered here has a parcel code; handed over, it has a plot code, the same each time."""
    make.contracted(make.household("演示赵"), geometry=make.square(3))
    first, second = (
        ex.sheets_of(
            ZipFile(BytesIO(files.content(ex.exported(clerk, kind=Exchange.Kind.CONTRACTS_OUT).made_id))).read(
                "承包交换表.xlsx"
            )
        )
        for _ in range(2)
    )
    assert first["CBDKXX"][1] == second["CBDKXX"][1]
    assert first["CBDKXX"][1][0] == ex.PLOTS[0]
    assert first["CBF"][1][0] == ex.HOME


def dbf_archive(tables, *, encoding="GBK", label=False, **more: bytes) -> bytes:
    """The tables as dBASE files, as programs of the survey write them; ``more`` are other files by name."""
    out = BytesIO()
    with ZipFile(out, "w") as archive, tempfile.TemporaryDirectory() as folder:
        for key, rows in tables.items():
            names = BY_KEY[key].names
            columns = [
                np.array([None if r.get(n) is None else str(r.get(n)) for r in rows], dtype=object) for n in names
            ]
            file = Path(folder) / f"{key}.dbf"
            pyogrio.raw.write(
                file, None, columns, names, driver="ESRI Shapefile", geometry_type=None, crs=None, encoding=encoding
            )
            archive.writestr(f"权属数据/{key}.dbf", file.read_bytes())
            if label:
                archive.writestr(f"权属数据/{key}.cpg", encoding)
        for name, content in more.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(("encoding", "label"), [("GBK", False), ("UTF-8", False), ("GBK", True), ("UTF-8", True)])
def test_tables_in_dbase_are_read_as_the_workbook_is(clerk, encoding, label):
    tables = ex.tables()
    made = ex.given(dbf_archive(tables, encoding=encoding, label=label), clerk, name="交换表.zip")
    assert made.state == "ready", (made.failure, made.faults)
    assert made.counts == ex.given(ex.workbook(tables), clerk).counts
    ex.applied(made)
    held = Right.objects.current().filter(kind=RightKind.CONTRACT).select_related("party").order_by("pk")
    assert [row.party.name for row in held] == ["演示张户", "演示张户", "演示李户"]


def test_what_is_wrong_in_a_dbase_table_is_marked_in_a_workbook(clerk):
    made = ex.given(dbf_archive(ex.changed(ex.tables(), CBHT_0_HTZMJ=Decimal("1.00"))), clerk, name="交换表.zip")
    assert made.state == "faulty"
    assert "合同总面积" in str(made.faults)
    marked = ex.sheets_of(files.content(made.made_id))
    assert contract_files.FAULT_HEAD in marked["CBHT"][0]
    # and the marked workbook is what is mended and given back
    assert ex.given(files.content(made.made_id), clerk).state == "faulty"


def test_an_archive_without_tables_says_what_it_should_hold(clerk):
    made = ex.given(dbf_archive({}, 地块_dbf=b"x", 地块_shp=b"x", 权属_mdb=b"x"), clerk, name="交换表.zip")
    assert made.state == "faulty"
    assert "CBDKXX.dbf" in made.failure
    assert "mdb 请先导出" in made.failure
    broken = ex.given(dbf_archive({}, CBF_dbf=b"not a table"), clerk, name="交换表.zip")
    assert (broken.state, "CBF.dbf" in broken.failure) == ("faulty", True)


def test_names_of_files_say_which_table_they_are():
    names = [
        "a/CBF.dbf",
        "CBF_JTCY3703222016.DBF",
        "承包合同.dbf",
        "DK370322.shp",
        "DK370322.dbf",
        "CBDKXX.shp",
        "CBDKXX.dbf",
    ]
    assert dbf_names(names) == {"CBF": names[0], "CBF_JTCY": names[1], "CBHT": names[2]}
    with pytest.raises(ExchangeFileUnreadable, match="两个文件都是“承包方”"):
        dbf_names(["a/CBF.dbf", "b/CBF2016.dbf"])
