"""Pages and API of exchange: who may open them, what a bad form says, and whole journeys through HTTP."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.kernel.jobs.services import run_here
from ronghe.registry.models import BAUnit, Exchange, ParcelProfile, Reconciliation
from tests.people import person

from .. import services
from ..errors import ProfileInvalid
from ..queries import parcels as parcel_queries
from ..rules.kinds import GroundKind, RightKind, UnitKind
from ..services import Ground
from ..services.profiles import set_profile
from . import exchanges as ex
from . import factories as make

pytestmark = pytest.mark.django_db
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make.people.places()


@pytest.fixture
def officer():
    return person(Role.DEPARTMENT, make.people.COUNTY)


@pytest.fixture
def window():
    return person(Role.TOWN_WINDOW, make.people.TOWN)


def upload(content: bytes, name: str = "承包.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_tables_are_uploaded_at_the_window_and_applied_by_who_reviews(window, officer):
    page = window.client().post("/registry/exchange/tables", {"file": upload(ex.workbook(ex.tables()))})
    made = Exchange.objects.get()
    assert (page.status_code, page.headers["Location"]) == (302, f"/registry/exchange/{made.pk}/")
    ex.ran(made)
    at_window = window.client().get(f"/registry/exchange/{made.pk}/").content.decode()
    assert "没有错误：3 块地、2 份合同。可以导入登记簿。" in at_window
    assert "由登记审核人员导入" in at_window
    assert window.client().post(f"/registry/exchange/{made.pk}/apply").status_code == 403
    assert officer.client().post(f"/registry/exchange/{made.pk}/apply").status_code == 302
    ex.ran(made)
    assert "导入登记簿" in officer.client().get(f"/registry/exchange/{made.pk}/").content.decode()
    assert BAUnit.objects.count() == 3


def test_a_faulty_file_shows_its_faults_and_gives_the_marked_copy(window):
    bad = ex.workbook(ex.changed(ex.tables(), CBHT_0_CBDKZS=9))
    window.client().post("/registry/exchange/tables", {"file": upload(bad)})
    made = ex.ran(Exchange.objects.get())
    shown = window.client().get(f"/registry/exchange/{made.pk}/").content.decode()
    assert "地块表里有 2 块，这里写 9 块" in shown
    answer = window.client().get(f"/registry/exchange/{made.pk}/file")
    assert answer.headers["Content-Type"] == XLSX
    assert "%E6%A0%87%E6%B3%A8" in answer.headers["Content-Disposition"]
    template = window.client().get("/registry/exchange/tables/template.xlsx")
    assert {"FBF", "CBDKXX", "LZHT"} <= set(ex.sheets_of(template.content))


def test_an_export_is_asked_for_made_and_fetched_and_the_fetching_is_kept(officer):
    make.homestead(make.household("演示乙"))
    form = {"kind": "register", "form": "xlsx", "division": make.people.COUNTY, "unit_kind": "", "on": "2026-11-25"}
    assert officer.client().post("/registry/exchange/new", form).status_code == 302
    made = ex.ran(Exchange.objects.get())
    answer = officer.client().get(f"/registry/exchange/{made.pk}/file")
    assert "权利" in ex.sheets_of(answer.content)
    assert Event.objects.filter(verb="registry.exchange.read", subject_id=str(made.pk)).count() == 1


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"division": "370102000000"}, "您管理的范围内没有区划"),
        ({"on": "2100-01-01"}, "在今天以后"),
        ({"is_official": "on", "purpose": ""}, "须写明用途"),
        ({"unit_kind": "state"}, "没有可以导出的单元"),
        ({"kind": "everything"}, "选择一个有效的选项"),
    ],
)
def test_a_bad_form_keeps_what_was_typed_and_says_what_is_wrong(officer, changes, what):
    make.homestead()
    form = {"kind": "register", "form": "xlsx", "division": make.people.COUNTY, "on": "2026-11-25"} | changes
    answer = officer.client().post("/registry/exchange/new", form)
    assert answer.status_code == 422
    assert what in answer.content.decode()
    assert not Exchange.objects.exists()


def test_leaders_take_masked_exports_away_and_nothing_else(officer):
    make.homestead()
    leader = person(Role.LEADER, make.people.COUNTY)
    form = {"kind": "register", "form": "xlsx", "division": make.people.COUNTY, "on": "2026-11-25"}
    assert leader.client().post("/registry/exchange/new", form).status_code == 302
    made = ex.ran(Exchange.objects.get())
    assert leader.client().get(f"/registry/exchange/{made.pk}/file").status_code == 200
    whole = ex.exported(officer.actor, is_official=True, purpose="汇交市登记中心")
    assert leader.client().get(f"/registry/exchange/{whole.pk}/file").status_code == 403
    assert (
        "下载"
        not in leader.client()
        .get(f"/registry/exchange/{whole.pk}/")
        .content.decode()
        .split("<main")[1]
        .split("留有记录")[1]
    )
    for address in ("/registry/exchange/tables", "/registry/exchange/package", "/registry/reconciliations/"):
        assert leader.client().get(address).status_code == 403


def test_what_belongs_to_another_county_is_not_found(officer):
    make.homestead()
    made = ex.exported(officer.actor)
    elsewhere = person(Role.DEPARTMENT, make.people.OTHER)
    for tail in ("", "file"):
        assert elsewhere.client().get(f"/registry/exchange/{made.pk}/{tail}").status_code == 404
    assert f"/registry/exchange/{made.pk}/" not in elsewhere.client().get("/registry/exchange/").content.decode()
    assert Client().get(f"/registry/exchange/{made.pk}/").status_code == 302


def test_a_reconciliation_shows_its_chart_its_rows_and_a_workbook(officer):
    unit, _ = make.homestead(make.household("演示乙"))
    text = f"单元代码,权利人\n{unit.code},演示某\n370322001200JC08888W00000000,演示外\n".encode()
    form = {
        "division": make.people.COUNTY, "on": "2026-11-25", "unit_kind": "", "other": "市平台", "area_per_mille": "5",
        "area_floor_m2": "1", "file": upload(text, "对方.csv"),
    }  # fmt: skip
    assert officer.client().post("/registry/reconciliations/new", form).status_code == 302
    of = Reconciliation.objects.get()
    run_here(of.job_id)
    shown = officer.client().get(f"/registry/reconciliations/{of.pk}/").content.decode()
    assert "两边的单元对得上多少" in shown
    assert "演示某" in shown
    assert "演示乙" in shown
    only = officer.client().get(f"/registry/reconciliations/{of.pk}/?outcome=only_there").content.decode()
    assert "演示外" in only
    assert "演示某" not in only
    book = ex.sheets_of(officer.client().get(f"/registry/reconciliations/{of.pk}/?export=xlsx").content)
    assert [row[1] for row in book["对不上的单元"]] == ["结果", "不一致", "只有对方有"]
    assert officer.client().get("/registry/reconciliations/").status_code == 200


def test_anybody_may_ask_and_the_page_says_no_more_than_the_level():
    unit, used = make.homestead(make.household("演示乙"))
    proof = services.certify(rrr_id=used.pk, on=date(2020, 1, 2), actor=SYSTEM, at=make.NOON)
    browser = Client()
    assert "公开到什么程度" in browser.get("/registry/query/").content.decode()
    told = browser.post("/registry/query/", {"unit": unit.code, "name": "演示乙"})
    assert "基本情况" in told.content.decode()
    assert "no-store" in told.headers["Cache-Control"]
    more = browser.post("/registry/query/", {"certificate": proof.number, "name": "演示乙"}).content.decode()
    assert "演***" in more
    assert "甲村 1 号" not in more
    nothing = browser.post("/registry/query/", {"unit": unit.code, "name": "演示甲"})
    assert nothing.status_code == 422
    assert "没有与所填信息相符的登记" in nothing.content.decode()
    assert browser.post("/registry/query/", {"unit": unit.code}).status_code == 422
    # by a program the same, and the thirty-first time not any more
    for _ in range(40):
        answer = browser.post("/api/v1/registry/query", {"unit": unit.code, "name": "演示甲"}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (429, "registry.query_held_off")


def test_who_was_told_what_is_listed_for_the_staff_of_the_place(window):
    unit, _used = make.homestead(make.household("演示乙"))
    window.client().post("/registry/query/", {"unit": unit.code, "purpose": "核对抵押情况"})
    shown = window.client().get("/registry/query/records/").content.decode()
    assert "核对抵押情况" in shown
    elsewhere = person(Role.TOWN_WINDOW, make.people.OTHER).client()
    assert "核对抵押情况" not in elsewhere.get("/registry/query/records/").content.decode()


# -- sheets of parcels -----------------------------------------------------------------------------------------------


def construction(*, owner: bool = True, outline: bool = True) -> BAUnit:
    shape = make.square(7)
    ground = Ground(
        GroundKind.PARCEL,
        make.area(shape),
        shape if outline else None,
        use="工业",
        location="甲村东",
        north="路",
        east="渠",
    )
    unit = services.open_unit(
        kind=UnitKind.CONSTRUCTION, division=make.VILLAGE, grounds=[ground], survey_id=make.survey(), on=make.BEGAN,
        actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    if owner:
        make.right(unit, RightKind.COLLECTIVE_OWNERSHIP, make.collective())
    return unit


def test_the_sheet_of_parcels_says_what_is_lacking(officer):
    whole, bare = construction(), construction(owner=False, outline=False)
    book = ex.sheets_of(officer.client().get("/registry/parcels/?export=xlsx").content)["集体建设用地地块信息"]
    told = {row[0].replace(" ", ""): dict(zip(book[0], row, strict=True)) for row in book[1:]}
    assert told[whole.code]["尚缺"] == "齐全"
    assert told[bare.code]["尚缺"] == "四至、权属"
    assert told[bare.code]["四至"] == "东至渠，北至路"
    only = officer.client().get("/registry/parcels/?complete=no").content.decode()
    assert f"/registry/parcels/{bare.pk}/" in only
    assert f"/registry/parcels/{whole.pk}/" not in only
    elsewhere = person(Role.DEPARTMENT, make.people.OTHER).client()
    assert elsewhere.get(f"/registry/parcels/{whole.pk}/").status_code == 404


def test_what_is_stated_of_a_parcel_is_kept_with_its_history(window):
    unit = construction()
    address = f"/registry/parcels/{unit.pk}/"
    form = {"planned_use": "工业用地", "services": ["road", "power"], "path": "in_place", "note": ""}
    assert window.client().post(address, form).status_code == 302
    shown = window.client().get(address).content.decode()
    assert "通路、通电" in shown
    assert "就地入市" in shown
    # the same again is no new version; something else closes the first
    window.client().post(address, form)
    assert ParcelProfile.objects.count() == 1
    window.client().post(address, {**form, "path": "adjusted"})
    assert [row.path for row in ParcelProfile.objects.current()] == ["adjusted"]
    assert ParcelProfile.objects.count() == 2
    assert window.client().post(address, {**form, "path": "sideways"}).status_code == 422
    assert person(Role.LEADER, make.people.COUNTY).client().post(address, form).status_code == 403
    homestead, _ = make.homestead(geometry=make.square(1))
    with pytest.raises(ProfileInvalid):
        set_profile(baunit_id=homestead.pk, planned_use="", services=[], path="in_place", actor=SYSTEM, at=make.NOON)


def test_the_list_of_parcels_asks_the_database_as_often_for_many_as_for_few(officer, django_assert_num_queries):
    for _ in range(3):
        construction()
    with django_assert_num_queries(1):
        rows = list(parcel_queries.parcels(officer.actor, on=make.DAY))
        [(row.division.name, parcel_queries.sheet_of(row)) for row in rows]


# -- by programs -----------------------------------------------------------------------------------------------------


def test_a_program_exports_reconciles_and_describes(officer):
    unit = construction()
    headers = {"Authorization": officer.token()}
    asked = {"kind": "package_out", "division": make.people.COUNTY, "on": "2026-11-25"}
    made = Client().post("/api/v1/registry/exchanges", asked, "application/json", headers=headers)
    assert made.status_code == 201, made.content
    run_here(made.json()["job"])
    done = Client().get(f"/api/v1/registry/exchanges/{made.json()['id']}", headers=headers).json()
    assert (done["state"], done["counts"]["unit"], done["has_file"]) == ("done", 1, True)
    package = Client().get(f"/api/v1/registry/exchanges/{done['id']}/file", headers=headers).content
    told = {"division": make.people.COUNTY, "on": "2026-11-25", "file": upload(package, "包.zip")}
    started = Client().post("/api/v1/registry/reconciliations", told, headers=headers)
    assert started.status_code == 201, started.content
    run_here(started.json()["job"])
    found = Client().get(f"/api/v1/registry/reconciliations/{started.json()['id']}", headers=headers).json()
    assert found["counts"]["same"] == 1
    units = Client().get(f"/api/v1/registry/reconciliations/{found['id']}/units", headers=headers).json()
    assert units == {"items": [], "next": None}
    put = Client().put(
        f"/api/v1/registry/parcels/{unit.pk}", json.dumps({"path": "in_place", "services": ["road"]}),
        content_type="application/json", headers=headers,
    )  # fmt: skip
    assert put.status_code == 200, put.content
    [parcel] = Client().get("/api/v1/registry/parcels", headers=headers).json()["items"]
    assert (parcel["path"], parcel["services"], parcel["lacking"]) == ("in_place", ["road"], [])
    assert Decimal(parcel["area_m2"]) == make.area(make.square(7))
    given = Client().post(
        "/api/v1/registry/exchanges/tables", {"file": upload(ex.workbook(ex.tables()))}, headers=headers
    )
    assert given.status_code == 201, given.content
    run_here(given.json()["job"])
    # whoever brought the tables does not enter them
    enter = f"/api/v1/registry/exchanges/{given.json()['id']}/apply"
    refused = Client().post(enter, "{}", content_type="application/json", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "registry.exchange_own_file")
    other = {"Authorization": person(Role.DEPARTMENT, make.people.COUNTY).token()}
    entered = Client().post(enter, "{}", content_type="application/json", headers=other)
    assert (entered.status_code, entered.json()["state"]) == (200, "applying"), entered.content
