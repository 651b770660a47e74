"""汇交包导入: the package of one register, applied to another, is there as it was; one fault, and nothing is entered."""

from datetime import date

import pytest
import shapely

from ronghe.kernel import clock
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.queries import events_of
from ronghe.kernel.files import services as files
from ronghe.kernel.parties.models import HouseholdMember, Party
from ronghe.kernel.parties.services import NewPerson, register_person

from .. import services
from ..errors import ExchangeOwnFile, ExchangeToJudge
from ..exchange import package_entry
from ..exchange.entered import digest_of_entry, units_entered
from ..models import RRR, AdministrativeSource, BAUnit, Certificate, Exchange, Restriction, Right, SpatialUnit
from ..rules.kinds import RightKind, UnitKind
from ..services import Holder, exchanging
from . import exchanges as ex
from . import factories as make
from . import packages as pack
from . import surveys

pytestmark = pytest.mark.django_db

IN = Exchange.Kind.PACKAGE_IN
SEA = shapely.to_wkb(shapely.multipolygons([shapely.box(10, 10, 10.001, 10.001)]), hex=True)


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make.people.places()
    surveys.limits()


@pytest.fixture
def clerk():
    return make.people.clerk(Role.DEPARTMENT, make.people.COUNTY)


@pytest.fixture
def theirs(clerk):
    return pack.of_another_register(clerk)


def taken(content, clerk):
    return ex.given(content, clerk, kind=IN, name="汇交包.zip")


def faults(content, clerk):
    made = taken(content, clerk)
    assert made.state == "faulty", made.counts
    assert not made.failure
    return [(name, what) for _, name, _, what in made.faults]


def test_a_package_of_one_register_is_in_another_what_it_was(clerk, theirs):
    assert not BAUnit.objects.exists()
    assert not Party.objects.exists()
    made = taken(theirs, clerk)
    assert (made.state, made.counts["known"]) == ("ready", 0), (made.failure, made.faults)
    assert not BAUnit.objects.exists()
    done = ex.applied(made)
    assert (done.state, done.counts["entered"]) == ("done", 3), done.failure
    # the same package goes out of it again, number by number of the rights in their order
    assert pack.told(pack.made(clerk)) == pack.told(theirs)
    # households have their heads, whose numbers were read by nobody; what the other side issued is a paper here
    assert HouseholdMember.objects.current().filter(is_head=True).count() == 3
    assert not Certificate.objects.exists()
    papers = AdministrativeSource.objects.filter(proves__isnull=False).order_by("pk")
    assert [paper.title for paper in papers] == ["不动产权证书", "不动产登记证明"]
    assert done.applied_by_id != done.user_id
    assert "图层" in str(made.doubts)
    assert done.judged


def test_a_package_that_was_entered_is_known_and_entered_no_second_time(clerk, theirs):
    ex.applied(taken(theirs, clerk))
    units, rows = BAUnit.objects.count(), Right.objects.count()
    again = taken(theirs, clerk)
    assert (again.state, again.counts["known"]) == ("ready", 3), again.faults
    done = ex.applied(again)
    assert (done.state, done.counts["entered"]) == ("done", 0), done.failure
    assert (BAUnit.objects.count(), Right.objects.count()) == (units, rows)


def test_an_entry_is_told_by_a_digest_that_anybody_computes_again(clerk, theirs):
    done = ex.applied(taken(theirs, clerk))
    event = events_of(done).get(verb="registry.exchange.applied")
    assert event.facts["digest"] == digest_of_entry(done.given_id, done.done_at)
    assert len(units_entered(done.given_id, done.done_at)) == 3
    # whatever is done later leaves it as it is; another file or instant has another
    services.end_right(
        rrr_id=RRR.objects.get(kind=RightKind.OPERATION).pk, on=make.DAY, source_id=make.source(), actor=SYSTEM,
        at=clock.now(),
    )  # fmt: skip
    assert event.facts["digest"] == digest_of_entry(done.given_id, done.done_at)
    assert event.facts["digest"] != digest_of_entry(done.given_id, make.NOON)


def test_a_certificate_of_the_other_side_proves_nothing_once_the_right_is_another(clerk, theirs):
    ex.applied(taken(theirs, clerk))
    contract = RRR.objects.get(kind=RightKind.HOMESTEAD_HOUSE)
    assert len(pack.told(pack.made(clerk))["certificate"]) == 2
    services.transfer_right(
        rrr_id=contract.pk, to=[Holder(make.household("演示孙").pk)], on=date(2026, 11, 1), source_id=make.source(),
        actor=SYSTEM, at=clock.now(),
    )  # fmt: skip
    assert [row["kind"] for row in pack.told(pack.made(clerk))["certificate"]] == ["proof"]
    services.certify(rrr_id=contract.pk, on=date(2026, 11, 2), actor=SYSTEM, at=clock.now())
    assert len(pack.told(pack.made(clerk))["certificate"]) == 2


def changed(table, **cells):
    """A change of the first row that has all these fields, and of every other alike."""
    return table, lambda row: row | {name: value for name, value in cells.items() if name in row}


def without(table):
    return table, lambda row: None


WRONG = {
    "another kind of ground": (changed("unit", kind="construction"), "kind", "不是“集体建设用地”的"),
    "a village out of reach": (changed("unit", division="370102001201"), "division", "不是您管辖范围内的区划"),
    "a share of nothing": (changed("right", way="2", share="0/2"), "share", "份额应写成 1/3 的样子"),
    "shares beyond the whole": (changed("right", way="0", share="1/2"), "share", "单独所有的份额是整体"),
    "a right that has no parent": (changed("right", kind="102"), "parent", "须写明所依附权利的登记号"),
    "a right that such land does not bear": (changed("right", kind="3"), "kind", "不登记“国有建设用地使用权”"),
    "a term that is over": (changed("right", until="2026-01-01"), "first", "有效；包里只写那一天有效的"),
    "a contract without an end": (("right", lambda row: {k: v for k, v in row.items() if k != "until"}), "until", "须有止期"),
    "a term that is too long": (changed("right", until="2099-01-01"), "until", "超过“土地承包经营权”最长的 30 年"),
    "a mortgage that outlasts": (changed("mortgage", first="2001-01-01"), "first", "期限超出所依附的"),
    "no kind of party": (changed("right", party_kind="crowd"), "party_kind", "没有“crowd”这一类权利人"),
    "a number that is none": (changed("right", number="37032219800101001X"), "number", "校验"),
    "a masked number": (changed("right", number="3703**********001X"), "number", "掩码"),
    "a holder who may not": (changed("right", party_kind="enterprise"), "holder", "所有权主体不能改变"),
    "no area": (changed("parcel", area_m2="0.00"), "area_m2", "登记面积应大于 0"),
    "an area of other land": (changed("parcel", area_m2="9999.00"), "area_m2", "相差"),
    "one ground in all units": (changed("parcel", code="370322001200JC00077"), "code", "里也有"),
    "land among houses": (changed("building", kind="parcel"), "kind", "房屋写在房屋表里"),
    "a house that is not there": (without("building"), "unit", "说的相反"),
    "a proof of a right": (changed("certificate", kind="proof"), "kind", "类别与登记号不符"),
    "a certificate of tomorrow": (changed("certificate", issued_on="2026-12-31"), "issued_on", "以后"),
    "an easement for no land": (("other", lambda row: {k: v for k, v in row.items() if k != "dominant"}), "dominant", "须写明需役地"),
    "an easement for land that is not there": (changed("other", dominant="370322001200JC00099W00000000"), "dominant", "都没有这个需役地"),
    "a way on a seizure": (("other", lambda row: row | {"kind": "204"}), "dominant", "其他限制没有需役地"),
    "ground beyond the sea": (changed("parcel", geometry=SEA), "geometry", "不在中国的经纬度范围内"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "field", "what"), WRONG.values(), ids=WRONG)
def test_a_package_that_the_register_would_refuse_is_told_why(clerk, theirs, change, field, what):
    told = faults(pack.altered(theirs, *change), clerk)
    assert any(name == field and what in said for name, said in told), told
    assert not BAUnit.objects.exists()
    assert not Party.objects.exists()


def test_a_package_with_masked_numbers_is_not_entered(clerk, theirs):
    told = faults(pack.altered(theirs, "unit", lambda row: row, numbers="masked"), clerk)
    assert told == [("", "包里的号码是掩码，认不出权利人；请对方按正式汇交重新导出")]


def test_the_answer_shows_each_bad_line_with_its_cells_marked_and_explained(clerk, theirs):
    made = taken(pack.altered(theirs, *changed("right", party_kind="crowd")), clerk)
    sheets = ex.sheets_of(files.content(made.made_id))
    head, first = sheets["权利"][0], sheets["权利"][1]
    assert (head[0], head[-1]) == ("行号", "错误说明")
    assert first[0] == 1
    assert "crowd" in first
    assert "权利人类别：没有“crowd”这一类权利人" in first[-1]
    # a package that is only verified gets such an answer too
    checked = ex.given(
        pack.altered(theirs, *changed("unit", kind="zz")), clerk, kind=Exchange.Kind.PACKAGE_CHECK, name="包.zip"
    )
    assert "不动产单元" in ex.sheets_of(files.content(checked.made_id))


def test_land_on_registered_land_keeps_a_package_out(clerk, theirs):
    free = taken(theirs, clerk)
    assert free.state == "ready", free.faults
    late = make.unit(UnitKind.WATER_WORKS, make.square(3.5))
    told = faults(theirs, clerk)
    assert any(f"与登记簿上的 {late.code[:19]} 重叠" in what for _, what in told), told
    # and what was registered after the check keeps it out at the entry
    broken = ex.applied(free)
    assert (broken.state, "重叠" in broken.failure) == ("failed", True)
    assert BAUnit.objects.count() == 1


def test_two_lands_of_one_package_do_not_lie_on_one_another(clerk, theirs):
    shapes = [row["geometry"] for row in pack.told(theirs)["parcel"]]
    told = faults(pack.altered(theirs, *changed("parcel", geometry=shapes[0])), clerk)
    assert sum("与本表第" in what for _, what in told) >= 2


def test_a_unit_that_differs_is_named_with_its_difference_and_history_stays(clerk, theirs):
    ex.applied(taken(theirs, clerk))
    rows = Right.objects.count(), Restriction.objects.count(), SpatialUnit.objects.count()
    told = faults(pack.altered(theirs, *changed("parcel", location="乙村 9 号")), clerk)
    assert ("location", "登记簿上已有这个单元，登记簿写的是 甲村 1 号") in told
    told = faults(pack.altered(theirs, *changed("right", first="2016-01-01")), clerk)
    assert any(name == "rrr" and "没有这样一项" in what for name, what in told), told
    assert any(
        name == "unit" and "演示乙户的“宅基地使用权及房屋所有权”（2015-06-01 至 长期）" in what for name, what in told
    )
    told = faults(pack.altered(theirs, *changed("mortgage", amount_fen=5)), clerk)
    assert any("没有这样一项“抵押权”" in what for _, what in told), told
    told = faults(pack.altered(theirs, *without("certificate")), clerk)
    assert any("另有证书" in what for _, what in told), told
    assert rows == (Right.objects.count(), Restriction.objects.count(), SpatialUnit.objects.count())


def test_ground_and_certificates_of_other_units_are_not_entered_again(clerk, theirs):
    ex.applied(taken(theirs, clerk))

    def elsewhere(row):
        return row | {"unit": row["unit"][:14] + "00777" + row["unit"][19:]}

    told = theirs
    for table in ("unit", "parcel", "building", "right", "mortgage", "seizure", "other", "certificate"):
        told = pack.altered(told, table, elsewhere)
    said = faults(told, clerk)
    assert any("登记簿上已有这个空间单元" in what for _, what in said), said
    assert any("登记簿上已有这个证号" in what for _, what in said), said


def test_holders_who_are_known_are_found_by_their_number_and_must_be_the_same(clerk, theirs):
    [holder] = {(r["holder"], r["number"]) for r in pack.told(theirs)["right"] if r["kind"] == "6"}
    head = register_person(
        new=NewPerson("演示乙", identity=holder[1]), division=make.VILLAGE, actor=SYSTEM, at=make.people.NOON
    )
    assert ex.applied(taken(theirs, clerk)).state == "done"
    assert HouseholdMember.objects.current().get(person=head).household.name == "演示乙户"
    assert Party.objects.filter(name="演示乙").count() == 1
    other = pack.altered(theirs, "right", lambda row: row | {"holder": "演示丙户"} if row["kind"] == "6" else row)
    assert ("holder", "平台上这个号码的户主姓名不同，请核对") in faults(other, clerk)


def test_it_is_judged_and_entered_by_another(clerk, theirs):
    made = taken(theirs, clerk)
    with pytest.raises(ExchangeOwnFile):
        exchanging.start_apply(exchange_id=made.pk, judged="对照规划核对过", actor=clerk, at=make.NOON)
    with pytest.raises(ExchangeToJudge):
        exchanging.start_apply(exchange_id=made.pk, actor=ex.another(), at=make.NOON)
    assert not BAUnit.objects.exists()


def test_an_entry_that_breaks_off_leaves_nothing(clerk, theirs, monkeypatch):
    made = taken(theirs, clerk)

    def broken(*args, **kwargs):
        raise RuntimeError("the worker was killed")

    monkeypatch.setattr(package_entry, "_papers", broken)
    exchanging.start_apply(exchange_id=made.pk, judged="对照规划核对过", actor=ex.another(), at=make.NOON)
    assert ex.ran(made).job.state == "failed"
    assert not any(model.objects.exists() for model in (BAUnit, SpatialUnit, Right, RRR, Party, AdministrativeSource))


def test_a_number_of_a_restriction_says_whose_it_is(clerk, theirs):
    bare = pack.altered(theirs, "seizure", lambda row: row | {"number": "123"})
    assert ("party_kind", "写了权利人号码的，须写明权利人类别") in faults(bare, clerk)


def test_new_codes_go_on_behind_those_that_came(clerk, theirs):
    ex.applied(taken(theirs, clerk))
    last = BAUnit.objects.filter(kind=UnitKind.HOMESTEAD).order_by("-code").first()
    new = make.unit(UnitKind.HOMESTEAD, make.square(20))
    assert int(new.code[14:19]) == int(last.code[14:19]) + 1
