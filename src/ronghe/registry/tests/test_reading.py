"""Reading the book: as of any day, as known at any instant, by whoever may."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests.factories import mandate
from ronghe.kernel.actors import PUBLIC, SYSTEM, Actor
from ronghe.kernel.parties.models import HouseholdMember
from tests.people import person

from .. import services
from ..errors import UnitNotFound
from ..models import BAUnit
from ..queries import book
from ..queries.units import units, with_what_is_shown
from ..rules.kinds import RestrictionKind, RightKind, UnitKind
from ..services import Holder, NewPart, Term
from ..services.writing import held_by_the_database
from . import factories as make

pytestmark = pytest.mark.django_db

COUNTY, ELSEWHERE = make.VILLAGE[:6] + "000000", "370306000000"
LAST_YEAR = date(2025, 11, 25)
STAFF = Actor(1, Role.DEPARTMENT, None, COUNTY)
AUDITOR = Actor(2, Role.AUDITOR, None, COUNTY)


@pytest.fixture(autouse=True)
def _places():
    make.people.places()


def split(unit, *, sons=None, at=make.NOON):
    whole, half = make.area(make.square(width=2)), Decimal("300.00")
    parts = [NewPart(make.square(0), half), NewPart(make.square(1), whole - half)]
    left, right = services.split_unit(
        baunit_id=unit.pk,
        parts=parts,
        on=make.DAY,
        survey_id=make.survey(),
        source_id=make.source(),
        actor=SYSTEM,
        at=at,
    )
    if sons is not None:
        used = right.rrrs.get(kind__in=(RightKind.HOMESTEAD_USE, RightKind.HOMESTEAD_HOUSE))
        services.transfer_right(
            rrr_id=used.pk, to=[Holder(sons.pk)], on=make.DAY, source_id=make.source(), actor=SYSTEM, at=at
        )
    return left, right


def farmer(household):
    """Somebody who acts for the head of a household."""
    head = HouseholdMember.objects.current().get(household=household, is_head=True).person
    return mandate(party=head)


def browser_of(user) -> Client:
    browser = Client()
    browser.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return browser


def test_last_years_page_still_shows_last_year_after_a_split():
    # given a homestead that is divided today between father and son
    father, son = make.household("演示父"), make.household("演示子")
    unit, _ = make.homestead(father, geometry=make.square(width=2))
    made = split(unit, sons=son)
    # then today's page says that it is over and what took its place
    today = book.unit_page(unit.code, actor=STAFF, on=make.DAY)
    assert today.is_over
    assert {one.code for one in today.successors} == {one.code for one in made}
    assert not today.forms
    # and last year's shows the whole, in the father's name
    then = book.unit_page(unit.code, actor=STAFF, on=LAST_YEAR)
    assert not then.is_over
    assert [form.registered_area_m2 for form in then.forms] == [make.area(make.square(width=2))]
    assert father.name in then.headline()[0]
    # while the new units knew nothing of last year, and lead back to the old one
    new = book.unit_page(made[1].code, actor=STAFF, on=LAST_YEAR)
    assert new.is_not_yet
    assert [one.code for one in new.predecessors] == [unit.code]
    assert son.name in book.unit_page(made[1].code, actor=STAFF, on=make.DAY).headline()[0]


def test_a_correction_is_seen_today_and_not_at_an_instant_before_it():
    wrong, right = make.household("演示误"), make.household("演示正")
    unit, used = make.homestead(wrong)
    services.correct_right(
        rrr_id=used.pk, holders=[Holder(right.pk)], term=Term(unit.opened_on), source_id=make.source(), actor=SYSTEM,
        at=make.NOON,
    )  # fmt: skip
    now = book.unit_page(unit.code, actor=AUDITOR, on=LAST_YEAR)
    before = book.unit_page(unit.code, actor=AUDITOR, on=LAST_YEAR, known_at=datetime(2026, 11, 25, 3, tzinfo=UTC))
    assert right.name in now.headline()[0]
    assert wrong.name in before.headline()[0]


def test_what_was_entered_later_was_not_known_before():
    unit, _ = make.homestead(at=make.NOON)
    early = book.unit_page(unit.code, actor=AUDITOR, on=make.DAY, known_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert early.is_not_yet
    assert not early.rights


def test_each_of_the_three_rights_has_its_own_history():
    first, second = make.household("演示甲"), make.household("演示乙")
    unit, used = make.homestead(first)
    services.transfer_right(
        rrr_id=used.pk, to=[Holder(second.pk)], on=date(2024, 3, 1), source_id=make.source(), actor=SYSTEM, at=make.NOON
    )
    page = book.unit_page(unit.code, actor=STAFF, on=make.DAY)
    spans = {one.kind: [(s.since, s.until, s.holders[0].party_id) for s in one.history] for one in page.all_rights()}
    assert spans[RightKind.HOMESTEAD_USE] == [
        (make.BEGAN, date(2024, 3, 1), first.pk),
        (date(2024, 3, 1), None, second.pk),
    ]
    assert spans[RightKind.QUALIFICATION] == [(make.BEGAN, None, first.pk)]
    assert len(spans[RightKind.COLLECTIVE_OWNERSHIP]) == 1
    # the tree: what derives from the ownership stands below it
    assert [one.kind for one in page.rights] == [RightKind.COLLECTIVE_OWNERSHIP]
    assert {one.kind for one in page.rights[0].derived} == {RightKind.QUALIFICATION, RightKind.HOMESTEAD_USE}


def test_a_seizure_says_what_it_bars_by_which_clause():
    unit, _ = make.homestead()
    services.restrict(
        baunit_id=unit.pk, kind=RestrictionKind.SEIZURE, term=Term(make.DAY, date(2029, 11, 25)), holder="演示法院",
        source_id=make.source(), actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    page = book.unit_page(unit.code, actor=STAFF, on=make.DAY)
    barred = {one.matter: one.steps for one in book.barred(page.burdens)}
    assert "转移登记" in barred
    assert "查封登记" not in barred
    assert [str(cite) for cite in barred["转移登记"][0].cite] == ["registration-regulation-2019 第二十二条"]
    assert any("演示法院" in line for line in page.headline())
    assert not book.barred(book.unit_page(unit.code, actor=STAFF, on=LAST_YEAR).burdens)


def test_descent_is_told_both_ways_through_all_generations():
    unit, _ = make.homestead(geometry=make.square(width=2))
    left, right = split(unit)
    with held_by_the_database({}):
        pass  # as a transaction of its own ends
    again = services.merge_units(
        baunit_ids=[left.pk, right.pk], on=make.DAY, survey_id=make.survey(), source_id=make.source(), actor=SYSTEM,
        at=make.NOON,
    )  # fmt: skip
    for one in (unit, left, again):
        links = book.unit_page(one.code, actor=STAFF, on=make.DAY).lineage
        assert {(link.before.code, link.after.code) for link in links} >= {
            (unit.code, left.code),
            (left.code, again.code),
        }


def test_a_seizure_bars_and_nothing_is_left_unknown():
    unit, _ = make.homestead()
    services.restrict(
        baunit_id=unit.pk, kind=RestrictionKind.SEIZURE, term=Term(make.DAY), holder="法院", source_id=make.source(),
        actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    found = book.barred(book.unit_page(unit.code, actor=STAFF, on=make.DAY).burdens)
    assert {step.ok for one in found for step in one.steps} == {False}
    assert not any("转移备案" in step.finding for one in found for step in one.steps)


def test_the_page_costs_the_same_however_much_stands_on_it():
    def cost(of):
        with CaptureQueriesContext(connection) as asked:
            page = book.unit_page(of.code, actor=STAFF, on=make.DAY)
            page.headline()
            book.barred(page.burdens)
            book.neighbours(page, actor=STAFF)
        return len(asked)

    plain, _ = make.homestead(geometry=make.square(5))
    unit, used = make.homestead(make.household("演示多"), make.collective("乙社"), geometry=make.square(7))
    holders = [make.household(f"演示{n}") for n in "一二三四五"]
    for n, holder in enumerate(holders):
        services.transfer_right(
            rrr_id=used.pk, to=[Holder(holder.pk)], on=date(2016 + n, 1, 1), source_id=make.source(), actor=SYSTEM,
            at=make.NOON,
        )  # fmt: skip
    for n in range(4):
        services.restrict(
            baunit_id=unit.pk, kind=RestrictionKind.MORTGAGE, term=Term(date(2022, 1, 1 + n)), party_id=holders[0].pk,
            parent_id=used.pk, source_id=make.source(), amount_fen=100, actor=SYSTEM, at=make.NOON,
        )  # fmt: skip
    assert cost(plain) == cost(unit) <= 12


@pytest.mark.parametrize(
    "text", ["{code}", "{code:.14}", "JC00001", "C00001W0", "370322001200", "{spaced}", "0001W", "甲村 1 号", "演示寻"]
)
def test_a_unit_is_found_by_any_group_of_its_code_its_holder_and_its_place(text):
    unit, _ = make.homestead(make.household("演示寻"))
    make.contracted(make.household("演示别"), geometry=make.square(3))
    asked = text.format(code=unit.code, spaced=f"{unit.code[:6]} {unit.code[6:12]} {unit.code[12:19]}")
    found = set(units(STAFF, on=make.DAY, text=asked).values_list("code", flat=True))
    assert unit.code in found
    if text not in ("370322001200", "0001W", "甲村 1 号"):
        assert len(found) == 1


def test_units_are_narrowed_by_kind_place_state_certificate_and_box():
    unit, used = make.homestead(geometry=make.square(width=2))
    plot, _ = make.contracted(geometry=make.square(40))
    services.certify(rrr_id=used.pk, on=make.DAY, actor=SYSTEM, at=make.NOON)

    def codes(**wanted):
        return set(units(STAFF, on=make.DAY, **wanted).values_list("code", flat=True))

    from ronghe.kernel.spatial.rules import Box

    assert codes(kind="contracted") == {plot.code}
    assert codes(certified="yes") == {unit.code}
    assert codes(certified="no") == {plot.code}
    assert codes(place=make.VILLAGE) == {unit.code, plot.code}
    assert codes(place=make.NEXT_VILLAGE) == set()
    assert codes(box=Box(*make.square(40).bounds)) == {plot.code}
    split(unit)
    assert codes(state="ended") == {unit.code}
    assert len(codes(state="all")) == 4


def test_the_list_costs_the_same_for_two_units_and_for_twelve():
    def cost(n):
        with CaptureQueriesContext(connection) as asked:
            rows = list(with_what_is_shown(units(STAFF, on=make.DAY), on=make.DAY).order_by("code")[:n])
            assert all(row.rights_now and row.grounds_now[0].spatial_unit.forms_now for row in rows)
        return len(asked)

    owner = make.collective()
    for n in range(12):
        make.homestead(make.household(f"演示{n}"), owner, geometry=make.square(2 * n))
    assert cost(2) == cost(12) == 4


def test_only_staff_and_auditors_of_the_place_and_holders_see_a_unit():
    house = make.household("演示主")
    unit, _ = make.homestead(house)
    head = HouseholdMember.objects.current().get(household=house, is_head=True).person_id
    sees = {
        "staff": STAFF, "auditor": AUDITOR, "window": Actor(3, Role.TOWN_WINDOW, None, make.VILLAGE[:9] + "000"),
        "head": Actor(4, Role.SELF, None, None, head), "household": Actor(4, Role.SELF, None, None, house.pk),
    }  # fmt: skip
    blind = {
        "stranger": PUBLIC, "other": Actor(5, Role.SELF, None, None, make.household("演示他").pk),
        "elsewhere": Actor(6, Role.DEPARTMENT, None, ELSEWHERE), "auditor elsewhere": Actor(7, Role.AUDITOR, None, ELSEWHERE),
        "village": Actor(8, Role.TOWN_WINDOW, None, make.NEXT_VILLAGE), "system admin": Actor(9, Role.SYSTEM_ADMIN, None, COUNTY),
        "security": Actor(9, Role.SECURITY_ADMIN, None, COUNTY),
    }  # fmt: skip
    for name, actor in sees.items():
        assert book.unit_page(unit.code, actor=actor, on=make.DAY).unit == unit, name
    for name, actor in blind.items():
        with pytest.raises(UnitNotFound):
            pytest.fail(f"{name} sees {book.unit_page(unit.code, actor=actor, on=make.DAY)}")
    assert not BAUnit.objects.visible_to(PUBLIC).exists()


# -- pages ---------------------------------------------------------------------------------------------------------


def test_the_page_says_in_words_who_may_use_it_and_shows_neighbours():
    unit, _ = make.homestead(make.household("演示甲"))
    make.homestead(make.household("演示邻"), make.collective("乙社"), geometry=make.square(1))
    page = person(Role.DEPARTMENT, COUNTY).client().get(f"/registry/units/{unit.code}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "演示甲户享有宅基地使用权，没有终止期限。" in text
    assert "没有查封、抵押、异议等限制" in text
    assert "相邻的 1 个单元" in text
    assert "宅基地资格权的历史" in text
    assert 'data-selected="' + unit.code in text


def test_the_page_of_a_day_before_and_of_a_mistyped_day():
    unit, _ = make.homestead(geometry=make.square(width=2))
    split(unit)
    browser = person(Role.DEPARTMENT, COUNTY).client()
    assert "后来已于 2026-11-25 终止" in browser.get(f"/registry/units/{unit.code}/?on=2025-11-25").content.decode()
    assert "不是日期" in browser.get(f"/registry/units/{unit.code}/?on=昨天").content.decode()
    assert browser.get(f"/registry/units/{unit.code}/?known=昨天").status_code == 422
    assert browser.get("/registry/units/370322001200JC09999W00000000/").status_code == 404


def test_an_auditor_reads_the_book_as_it_was_known():
    wrong, right = make.household("演示误"), make.household("演示正")
    unit, used = make.homestead(wrong)
    at = datetime(2026, 11, 25, 4, tzinfo=UTC)
    services.correct_right(
        rrr_id=used.pk,
        holders=[Holder(right.pk)],
        term=Term(unit.opened_on),
        source_id=make.source(),
        actor=SYSTEM,
        at=at,
    )
    browser = person(Role.AUDITOR, COUNTY).client()
    assert "演示误户享有" in browser.get(f"/registry/units/{unit.code}/?known=2026-11-25T11:00").content.decode()
    assert "演示正户享有" in browser.get(f"/registry/units/{unit.code}/").content.decode()
    assert browser.get("/registry/").status_code == 200
    assert browser.get("/registry/contracts/").status_code == 200


def test_strangers_are_led_to_the_login_and_administrators_are_refused():
    unit, _ = make.homestead()
    for address in ("/registry/", f"/registry/units/{unit.code}/", "/registry/rates/", "/registry/mine/"):
        assert Client().get(address).status_code == 302
        assert person(Role.SYSTEM_ADMIN, COUNTY).client().get(address).status_code == 403
    assert person(Role.DEPARTMENT, ELSEWHERE).client().get(f"/registry/units/{unit.code}/").status_code == 404


def test_a_click_on_the_map_opens_the_page_and_part_of_a_code_the_list():
    unit, _ = make.homestead()
    browser = person(Role.DEPARTMENT, COUNTY).client()
    assert browser.get(f"/registry/open?text={unit.code}")["Location"] == f"/registry/units/{unit.code}/"
    assert browser.get("/registry/open?text=JC00001")["Location"] == "/registry/?text=JC00001"
    listed = browser.get("/registry/?text=JC00001").content.decode()
    assert unit.code in listed.replace(" ", "")


def test_the_contract_ledger_tells_plots_contractor_and_term():
    plot, contract = make.contracted(make.household("演示农"))
    paper = make.source(make.SourceKind.CONTRACT, "承包合同", number="370322001200000001J")
    services.correct_right(
        rrr_id=contract.pk, holders=[Holder(plot.rights.get().party_id)], term=Term(plot.opened_on, date(2045, 6, 1)),
        source_id=paper, actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    make.right(
        plot, RightKind.OPERATION, make.household("演示场"), term=Term(date(2026, 1, 1), date(2031, 1, 1)), parent=contract,
        at=make.NOON,
    )  # fmt: skip
    browser = person(Role.DEPARTMENT, COUNTY).client()
    for narrowed in ("", "?text=370322", "?text=演示农", "?state=running", f"?place={make.VILLAGE}"):
        listed = browser.get(f"/registry/contracts/{narrowed}").content.decode()
        assert "370322001200000001J" in listed, narrowed
        assert "演示农户" in listed
        assert "2045-05-31" in listed
    assert "370322001200000001J" not in browser.get("/registry/contracts/?state=ended").content.decode()
    page = browser.get(f"/registry/contracts/{paper}/").content.decode()
    assert plot.code in page
    assert "演示场户" in page
    assert browser.get("/registry/contracts/999999/").status_code == 404


def test_the_operation_rights_that_end_soon_stand_on_the_desk():
    from ..home import ending

    plot, contract = make.contracted()
    make.right(
        plot,
        RightKind.OPERATION,
        make.household("演示场"),
        term=Term(date(2024, 1, 1), date(2027, 1, 1)),
        parent=contract,
    )
    assert [row.word for row in ending(STAFF, date(2026, 12, 1))[0].rows] == ["将到期"]
    assert ending(STAFF, date(2026, 6, 1)) == ()
    assert ending(Actor(8, Role.TOWN_WINDOW, None, make.NEXT_VILLAGE), date(2026, 12, 1)) == ()


def test_a_kind_of_unit_never_leaves_the_headline_without_a_word():
    for n, kind in enumerate(UnitKind):
        unit = make.unit(kind, geometry=make.square(3 * n))
        assert book.unit_page(unit.code, actor=STAFF, on=make.DAY).headline()
