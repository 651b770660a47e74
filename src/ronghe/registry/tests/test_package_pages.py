"""Pages and API of the package that is entered: brought by one, entered by another, answered when it is wrong."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.jobs.services import run_here
from tests.people import person

from ..models import BAUnit, Exchange
from . import exchanges as ex
from . import factories as make
from . import packages as pack
from . import surveys

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make.people.places()
    surveys.limits()


@pytest.fixture
def officer():
    return person(Role.DEPARTMENT, make.people.COUNTY)


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("汇交包.zip", content)


def test_a_package_is_brought_by_one_and_entered_by_another(officer):
    theirs = pack.of_another_register(officer.actor)
    form = officer.client().get("/registry/exchange/package").content.decode()
    assert "核对后导入登记簿" in form
    given = {"file": upload(theirs), "aim": "package_in"}
    page = officer.client().post("/registry/exchange/package", given)
    made = Exchange.objects.get()
    assert (page.status_code, made.kind) == (302, "package_in")
    ex.ran(made)
    shown = officer.client().get(f"/registry/exchange/{made.pk}/").content.decode()
    assert "没有错误：3 个不动产单元，其中 0 个登记簿上已有且一致。" in shown
    assert "由另一位登记审核人员导入登记簿" in shown
    assert "待人工判定" in shown
    other = person(Role.DEPARTMENT, make.people.COUNTY).client()
    assert other.post(f"/registry/exchange/{made.pk}/apply", {"judged": "对照规划核对过"}).status_code == 302
    ex.ran(made)
    done = other.get(f"/registry/exchange/{made.pk}/").content.decode()
    assert "导入登记簿。" in done
    assert "新登记的权利人" in done
    assert BAUnit.objects.count() == 3
    # what the other side issued stands among the papers of its unit
    home = BAUnit.objects.get(kind="homestead")
    assert "不动产权证书" in other.get(f"/registry/units/{home.code}/").content.decode().split('id="sources"')[1]


def test_without_a_word_a_package_is_verified_and_no_more(officer):
    theirs = pack.of_another_register(officer.actor)
    assert officer.client().post("/registry/exchange/package", {"file": upload(theirs)}).status_code == 302
    made = ex.ran(Exchange.objects.get())
    assert (made.kind, made.state) == ("package_check", "done")
    assert officer.client().post(f"/registry/exchange/{made.pk}/apply").status_code == 404
    strange = officer.client().post("/registry/exchange/package", {"file": upload(theirs), "aim": "register"})
    assert strange.status_code == 422


def test_a_faulty_package_shows_its_faults_and_gives_the_marked_answer(officer):
    theirs = pack.of_another_register(officer.actor)
    bad = pack.altered(theirs, "parcel", lambda row: row | {"area_m2": "0.00"})
    officer.client().post("/registry/exchange/package", {"file": upload(bad), "aim": "package_in"})
    made = ex.ran(Exchange.objects.get())
    shown = officer.client().get(f"/registry/exchange/{made.pk}/").content.decode()
    assert "登记面积应大于 0" in shown
    assert "整份文件都没有导入" in shown
    answer = officer.client().get(f"/registry/exchange/{made.pk}/file")
    assert "%E6%A0%87%E6%B3%A8.xlsx" in answer.headers["Content-Disposition"]


def test_a_program_brings_a_package_and_another_enters_it(officer):
    theirs = pack.of_another_register(officer.actor)
    mine = {"Authorization": officer.token()}
    given = Client().post(
        "/api/v1/registry/exchanges/package", {"file": upload(theirs), "aim": "enter"}, headers=mine
    )  # fmt: skip
    assert (given.status_code, given.json()["kind"]) == (201, "package_in"), given.content
    run_here(given.json()["job"])
    address = f"/api/v1/registry/exchanges/{given.json()['id']}"
    assert Client().get(address, headers=mine).json()["state"] == "ready"
    other = {"Authorization": person(Role.DEPARTMENT, make.people.COUNTY).token()}
    bare = Client().post(f"{address}/apply", "{}", content_type="application/json", headers=other)
    assert (bare.status_code, bare.json()["code"]) == (422, "registry.exchange_to_judge")
    entered = Client().post(
        f"{address}/apply", '{"judged": "对照规划核对过"}', content_type="application/json", headers=other
    )  # fmt: skip
    assert (entered.status_code, entered.json()["state"]) == (200, "applying")
    run_here(entered.json()["job"])
    assert Client().get(address, headers=mine).json()["counts"]["entered"] == 3
