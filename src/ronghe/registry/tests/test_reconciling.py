"""对账: a file with one unit of each kind of difference, in every form that the other side may send."""

import csv
from decimal import Decimal
from fractions import Fraction
from io import BytesIO, StringIO

import pytest
from openpyxl import Workbook

from ronghe.kernel import clock
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.files import services as files
from ronghe.kernel.jobs.services import run_here

from .. import services
from ..errors import ToleranceWrong
from ..exchange.their_files import holder_text, kind_number
from ..models import Exchange, ReconciliationRow, StagedUnit
from ..queries import exchange as queries
from ..rules.codes import BadCode
from ..rules.kinds import RightKind, UnitKind
from ..services import reconciling
from . import exchanges as ex
from . import factories as make

pytestmark = pytest.mark.django_db

HEAD = ["单元代码", "权利人", "权利类型", "面积", "证号"]


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make.people.places()


@pytest.fixture
def clerk():
    return make.people.clerk(Role.DEPARTMENT, make.people.COUNTY)


@pytest.fixture
def ours():
    """Seven homesteads, certified, with what the other side should say of each."""
    rows = []
    for place, name in enumerate("甲乙丙丁戊己庚"):
        unit, used = make.homestead(
            make.household(f"演示{name}"), make.collective(f"{name}村合作社"), geometry=make.square(3 * place)
        )
        proof = services.certify(rrr_id=used.pk, on=make.BEGAN, actor=SYSTEM, at=make.NOON)
        area = make.area(make.square(3 * place))
        rows.append([unit.code, f"演示{name}", "宅基地使用权", area, proof.number])
    return rows


def csv_of(rows, head=HEAD, encoding="utf-8-sig") -> bytes:
    out = StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode(encoding)


def xlsx_of(rows, head=HEAD) -> bytes:
    book = Workbook()
    for row in (["对方导出的清单"], head, *rows):
        book.active.append([float(v) if isinstance(v, Decimal) else v for v in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def reconciled(by, content, name="对方.csv", **asked):
    wanted = {
        "division": make.people.COUNTY, "on": make.DAY, "area_share": Fraction(1, 200), "area_floor_m2": Decimal(1),
    } | asked  # fmt: skip
    made = reconciling.start(**wanted, content=content, name=name, actor=by, at=clock.now())
    run_here(made.job_id)
    made.refresh_from_db()
    return made


def crafted(ours):
    """The same; another holder; another kind; area within, and beyond the tolerance; a code that was changed; one missing; one strange."""
    same, holder, kind, within, beyond, recoded, _missing = (list(row) for row in ours)
    holder[1], kind[2] = "演示某", "6"
    within[3] += Decimal("1.00")
    beyond[3] += Decimal("9.00")
    recoded[0] = "370322001200JC09999W00000000"
    strange = ["370322001200JC08888W00000000", "演示外", "5", Decimal("200.00"), "鲁（2020）某县不动产权第0000001号"]
    return [same, holder, kind, within, beyond, recoded, strange]


FORMS = {
    "csv": (csv_of, "对方.csv"),
    "csv of old": (lambda rows: csv_of(rows, encoding="gb18030"), "对方.csv"),
    "xlsx": (xlsx_of, "对方.xlsx"),
}


@pytest.mark.parametrize(("write", "name"), FORMS.values(), ids=FORMS)
def test_each_difference_is_found_and_what_agrees_is_only_counted(clerk, ours, write, name):
    made = reconciled(clerk, write(crafted(ours)), name)
    assert made.state == "done", made.failure
    assert made.counts == {"same": 2, "different": 4, "only_here": 1, "only_there": 1, "ours": 7, "theirs": 7}
    assert made.fields == {"code": 1, "holder": 1, "kind": 1, "area_m2": 1, "certificate": 0}
    rows = ReconciliationRow.objects.filter(of=made)
    told = {(row.outcome, tuple(row.differs)): row for row in rows}
    assert set(told) == {
        ("different", ("holder",)), ("different", ("kind",)), ("different", ("area_m2",)), ("different", ("code",)),
        ("only_here", ()), ("only_there", ()),
    }  # fmt: skip
    assert told["different", ("holder",)].ours["holder"] == "演示乙"
    assert told["different", ("holder",)].theirs["holder"] == "演示某"
    assert told["different", ("code",)].theirs["code"] == "370322001200JC09999W00000000"
    assert told["only_here", ()].code == ours[-1][0]
    assert told["only_there", ()].theirs["area_m2"] == "200.00"
    # nothing of the file, nor of the copy of the register, is kept beside the result
    assert not StagedUnit.objects.exists()


def test_a_file_that_says_less_is_compared_in_what_it_says(clerk, ours):
    made = reconciled(clerk, csv_of([[row[4], "别人"] for row in ours], ["证号", "权利人"]))
    assert made.counts == {"same": 0, "different": 7, "only_here": 0, "only_there": 0, "ours": 7, "theirs": 7}
    assert made.fields == {"code": 0, "holder": 7, "kind": 0, "area_m2": 0, "certificate": 0}


def test_the_platforms_own_package_agrees_with_the_register(clerk, ours):
    make.unit(UnitKind.CONSTRUCTION, make.square(0, 5))
    package = ex.exported(clerk, kind=Exchange.Kind.PACKAGE_OUT)
    made = reconciled(clerk, files.content(package.made_id), "汇交包.zip")
    assert made.counts == {"same": 8, "different": 0, "only_here": 0, "only_there": 0, "ours": 8, "theirs": 8}


def test_several_holders_are_compared_in_any_order(clerk):
    unit = make.unit(UnitKind.CONSTRUCTION)
    a, b = make.collective("乙合作社"), make.collective("甲合作社")
    make.right(unit, RightKind.COLLECTIVE_USE, (a, Fraction(1, 3)), (b, Fraction(2, 3)))
    made = reconciled(clerk, csv_of([[unit.code, "甲合作社、乙合作社", "7"]], HEAD[:3]))
    assert made.counts["same"] == 1
    assert holder_text(["演示甲户", "演示 乙"]) == "演示乙、演示甲"
    assert kind_number("宅基地使用权/房屋所有权") == RightKind.HOMESTEAD_HOUSE
    with pytest.raises(BadCode):
        kind_number("使用权")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (csv_of([["a", "b"]], ["姓名", "备注"]), "没有表头"),
        (csv_of([], HEAD), "没有一行数据"),
        (csv_of([["1"]], ["单元代码"]), "只有一列可以对账"),
        (csv_of([["X1", "甲", "宅基地", "1", ""]]), "第 2 行“权利类型”没有“宅基地”这种权利类型"),
        (csv_of([["X1", "甲", "5", "一亩", ""]]), "第 2 行“面积”“一亩”不是数字"),
        (csv_of([["X1", "甲", "5", "1", ""], ["X1", "乙", "5", "1", ""]]), "第 2 行和第 3 行的单元代码都是 X1"),
    ],
)
def test_a_file_that_cannot_be_compared_says_what_is_wrong(clerk, ours, content, what):
    made = reconciled(clerk, content)
    assert (made.state, what in made.failure) == ("failed", True), made.failure
    assert not StagedUnit.objects.exists()
    assert not ReconciliationRow.objects.exists()


def test_only_what_the_actor_may_see_is_compared(clerk, ours):
    elsewhere = make.people.clerk(Role.DEPARTMENT, make.people.OTHER)
    with pytest.raises(Forbidden):
        reconciled(elsewhere, csv_of(ours))
    made = reconciled(clerk, csv_of(ours))
    assert not queries.reconciliations(elsewhere).exists()
    assert not queries.reconciliation_rows(made, actor=elsewhere).exists()
    with pytest.raises(ToleranceWrong):
        reconciled(clerk, csv_of(ours), area_share=Fraction(1))
