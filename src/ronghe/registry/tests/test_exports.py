"""Exports and packages: by division, kind and day; numbers masked; read back and found as they were, or rejected."""

import hashlib
import json
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pyogrio
import pytest
import shapely

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.files import services as files
from ronghe.kernel.parties.models import PartyIdentifier, PartyUnmasking

from .. import services
from ..errors import DayInFuture, ExchangeEmpty, ExchangePurposeNeeded
from ..exchange import register
from ..exchange.packages import rows_of
from ..models import Exchange
from ..rules import package_tables as pt
from ..rules.kinds import RestrictionKind, UnitKind
from ..services import Term, exchanging
from . import exchanges as ex
from . import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make.people.places()


@pytest.fixture
def clerk():
    return make.people.clerk(Role.DEPARTMENT, make.people.COUNTY)


@pytest.fixture
def homestead():
    """A homestead with a house, mortgaged, certified."""
    unit, used = make.homestead(make.household("演示乙"), house=True)
    services.restrict(
        baunit_id=unit.pk, kind=RestrictionKind.MORTGAGE, term=Term(date(2024, 1, 1)), source_id=make.source(),
        parent_id=used.pk, holder="高青农商行", amount_fen=1_000_000_00, actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    services.certify(rrr_id=used.pk, on=date(2020, 1, 2), actor=SYSTEM, at=make.NOON)
    return unit


def content(made: Exchange) -> bytes:
    assert made.state == "done", made.failure
    return files.content(made.made_id)


def test_a_workbook_has_a_sheet_for_each_table(clerk, homestead):
    told = ex.sheets_of(content(ex.exported(clerk)))
    assert list(told) == ["不动产单元", "空间单元", "权利", "限制", "证书"]
    assert [row[0] for row in told["不动产单元"][1:]] == [homestead.code]
    assert {row[2] for row in told["空间单元"][1:]} == {"宗地", "房屋"}
    assert {row[2] for row in told["权利"][1:]} == {"集体土地所有权", "宅基地资格权", "宅基地使用权及房屋所有权"}
    [limit] = told["限制"][1:]
    assert (limit[2], limit[3], limit[5]) == ("抵押权", "高青农商行", 1_000_000)
    assert "不动产权" in told["证书"][1][1]


def test_numbers_are_masked_unless_the_exchange_is_official_and_each_reading_is_kept(clerk, homestead):
    masks = set(PartyIdentifier.objects.exclude(kind="telephone").values_list("masked", flat=True))
    shown = {row[5] for row in ex.sheets_of(content(ex.exported(clerk)))["权利"][1:]}
    assert shown <= masks
    assert not PartyUnmasking.objects.exists()
    with pytest.raises(ExchangePurposeNeeded):
        ex.exported(clerk, is_official=True, purpose="汇")
    made = ex.exported(clerk, is_official=True, purpose="汇交市登记中心")
    whole = {row[5] for row in ex.sheets_of(content(made))["权利"][1:]}
    assert all(len(number) == 18 and "*" not in number for number in whole)
    assert set(PartyUnmasking.objects.values_list("note", flat=True)) == {"汇交市登记中心"}
    # the record of acts names the exchange and how many were read, and no number
    event = Event.objects.filter(verb="parties.identifier.unmasked").first()
    assert event.subject_id == str(made.pk)
    assert not any(number in json.dumps(event.facts) for number in whole)


@pytest.mark.parametrize(("form", "driver"), [("gpkg", "gpkg"), ("shp", "zip"), ("geojson", "geojson")])
def test_outlines_go_out_with_what_stands_in_their_unit(clerk, homestead, tmp_path, form, driver):
    made = ex.exported(clerk, form=form)
    file = tmp_path / f"out.{driver}"
    file.write_bytes(content(made))
    if form == "shp":
        names = ZipFile(file).namelist()
        assert {"register.shp", "register.dbf", "register.shx", "register.prj", "register.cpg"} <= set(names)
        assert ZipFile(file).read("register.cpg") == b"UTF-8"
        assert b"China_Geodetic_Coordinate_System_2000" in ZipFile(file).read("register.prj")
    source = f"/vsizip/{file}/register.shp" if form == "shp" else file
    meta, _, shapes, columns = pyogrio.raw.read(source)
    told = dict(zip(meta["fields"], columns, strict=True))
    assert set(told["unit"]) == {homestead.code}
    assert set(told["limits"]) == {"抵押权"}
    assert "演示乙户" in told["holders"][0]
    if form != "geojson":
        assert "4490" in str(meta["crs"])
    drawn = shapely.union_all(shapely.from_wkb(shapes))
    assert drawn.symmetric_difference(make.square()).area < 1e-12


def test_an_export_is_of_one_division_one_kind_and_one_day(clerk, homestead):
    late = make.unit(UnitKind.CONSTRUCTION, make.square(4), on=date(2025, 5, 1))
    both = ex.sheets_of(content(ex.exported(clerk)))["不动产单元"][1:]
    assert {row[0] for row in both} == {homestead.code, late.code}
    one = ex.sheets_of(content(ex.exported(clerk, unit_kind="construction")))["不动产单元"][1:]
    assert [row[0] for row in one] == [late.code]
    before = ex.sheets_of(content(ex.exported(clerk, on=date(2024, 12, 31))))["不动产单元"][1:]
    assert [row[0] for row in before] == [homestead.code]
    with pytest.raises(ExchangeEmpty):
        ex.exported(clerk, division=make.NEXT_VILLAGE)
    with pytest.raises(DayInFuture):
        ex.exported(clerk, on=date(2100, 1, 1))


def test_an_export_holds_what_its_actor_may_see_and_no_more(homestead):
    elsewhere = make.people.clerk(Role.DEPARTMENT, make.people.OTHER)
    with pytest.raises(Forbidden):
        ex.exported(elsewhere)
    wanted = register.Wanted(make.people.COUNTY, make.DAY, make.NOON)
    assert not register.units_wanted(wanted, actor=elsewhere).exists()
    admin = make.people.clerk(Role.SYSTEM_ADMIN, make.people.COUNTY)
    assert not register.units_wanted(wanted, actor=admin).exists()


def test_units_are_read_some_at_a_time_and_each_once(clerk, monkeypatch):
    monkeypatch.setattr(register, "CHUNK", 2)
    units = [make.unit(UnitKind.HOMESTEAD, make.square(2 * i)) for i in range(5)]
    wanted = register.Wanted(make.people.COUNTY, make.DAY, make.NOON)
    chunks = list(register.in_chunks(wanted, actor=clerk))
    assert [len(chunk) for chunk in chunks] == [2, 2, 1]
    assert [unit.code for chunk in chunks for unit in chunk] == sorted(unit.code for unit in units)


# -- packages --------------------------------------------------------------------------------------------------------


def package(clerk) -> bytes:
    return content(ex.exported(clerk, kind=Exchange.Kind.PACKAGE_OUT, is_official=True, purpose="汇交市登记中心"))


def verified(clerk, made: bytes) -> Exchange:
    return ex.given(made, clerk, kind=Exchange.Kind.PACKAGE_CHECK, name="汇交包.zip")


def altered(made: bytes, file: str, change, *, with_digest: bool = True) -> bytes:
    """The package with one table changed, and its digest and count in the manifest too, unless it is forged."""
    source, out = ZipFile(BytesIO(made)), BytesIO()
    parts = {name: source.read(name) for name in source.namelist()}
    parts[file] = change(parts[file])
    if with_digest:
        manifest = json.loads(parts["manifest.json"])
        for one in manifest["tables"]:
            if one["file"] == file:
                one |= {"sha256": hashlib.sha256(parts[file]).hexdigest(), "rows": parts[file].count(b"\n")}
        parts["manifest.json"] = json.dumps(manifest).encode()
    with ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a_package_is_read_back_as_the_register_is(clerk, homestead):
    make.contracted(make.household("演示赵"), geometry=make.square(3))
    made = package(clerk)
    manifest = json.loads(ZipFile(BytesIO(made)).read("manifest.json"))
    assert manifest["schema"] == pt.SCHEMA
    assert manifest["numbers"] == "plain"
    assert {one["table"]: one["rows"] for one in manifest["tables"]} == {
        "unit": 2, "parcel": 2, "building": 1, "right": 4, "mortgage": 1, "seizure": 0, "notice": 0, "other": 0,
        "certificate": 1,
    }  # fmt: skip
    found = verified(clerk, made)
    assert (found.state, found.faults) == ("done", [])
    # each value is what the register holds
    archive = ZipFile(BytesIO(made))
    [mortgage] = rows_of(archive, pt.MORTGAGE, "x")
    assert (mortgage["amount_fen"], mortgage["rank"], mortgage["first"]) == (1_000_000_00, 1, date(2024, 1, 1))
    parcels = {row["unit"]: row for row in rows_of(archive, pt.PARCEL, "x")}
    shape = shapely.from_wkb(bytes.fromhex(parcels[homestead.code]["geometry"]))
    assert shape.symmetric_difference(make.square()).area == 0


REJECTED = {
    "a changed byte": ("tables/right.jsonl", lambda raw: raw.replace("演示乙户".encode(), "演示丙户".encode()), False, "摘要（SHA-256）与清单不符"),
    "a bad code": ("tables/unit.jsonl", lambda raw: raw.replace(b"JC", b"JZ", 1), True, "没有 Z 这个字母"),
    "a missing unit": ("tables/unit.jsonl", lambda raw: b"", True, "不动产单元表里没有"),
    "a strange kind": ("tables/right.jsonl", lambda raw: raw.replace(b'"kind":"101"', b'"kind":"999"'), True, "不在代码表里"),
    "a strange field": ("tables/unit.jsonl", lambda raw: raw.replace(b'"kind"', b'"sort"', 1), True, "没有“sort”这个字段"),
    "a broken outline": ("tables/parcel.jsonl", lambda raw: raw.replace(b'"geometry":"01', b'"geometry":"zz'), True, "不是 WKB"),
    "a row twice": ("tables/certificate.jsonl", lambda raw: raw + raw, True, "重复"),
    "no such right": ("tables/mortgage.jsonl", lambda raw: raw.replace(b'"on_right":', b'"on_right":9'), True, "权利表里没有登记号"),
    "no JSON": ("tables/unit.jsonl", lambda raw: b"{oops\n" + raw, True, "不是一个 JSON 对象"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "change", "with_digest", "what"), REJECTED.values(), ids=REJECTED)
def test_a_package_that_is_not_sound_is_rejected_with_reasons(clerk, homestead, file, change, with_digest, what):
    found = verified(clerk, altered(package(clerk), file, change, with_digest=with_digest))
    assert found.state == "faulty"
    assert any(what in fault[3] for fault in found.faults), found.faults


def test_what_is_no_package_says_so(clerk, homestead):
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "没有 manifest.json" in verified(clerk, out.getvalue()).failure
    other = altered(
        package(clerk), "manifest.json", lambda raw: raw.replace(b"registry/1", b"registry/9"), with_digest=False
    )
    assert "不是 ronghe-registry/1 的包" in verified(clerk, other).failure


def test_an_export_that_is_over_is_not_made_again(clerk, homestead):
    made = ex.exported(clerk)

    class Work:
        job_id = 1

        def progress(self, *args):
            raise AssertionError("nothing is written")

    assert exchanging.run_export(Work(), exchange_id=made.pk, actor=clerk, at=make.NOON) == {"state": "done"}
