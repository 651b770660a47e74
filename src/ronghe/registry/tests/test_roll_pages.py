"""Pages and API of rolls, filings, legacy homesteads, windows and plans: who may open them, what they hold, what they refuse."""

from datetime import date

import pytest
from django.test import Client

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories as accounts
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.parties import services as parties
from ronghe.mechanisms.casework.models import Case
from tests.people import person

from .. import services
from ..models import CollectiveMember, KeptRightsFiling, LegacyHomestead, MembershipCase
from ..services.legacy import list_found
from . import factories as make
from .test_lists import village

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

PAGES = [
    "/registry/rolls/", "/registry/members/", "/registry/members/{collective}/", "/registry/members/{collective}/new",
    "/registry/members/{collective}/leave?person={member}", "/registry/filings/", "/registry/filings/new",
    "/registry/filings/{filing}/", "/registry/legacy/", "/registry/legacy/{legacy}/", "/registry/windows/",
    "/registry/village-plans/", "/registry/membership-cases/{case}/",
]  # fmt: skip
#: What everybody may read.
PUBLIC = ("/registry/rolls/", "/registry/windows/", "/registry/village-plans/")


class Place:
    """A collective with a member, a filing, an application and a legacy homestead; who works there, and who does not."""

    def __init__(self) -> None:
        make.people.places()
        self.window = person(Role.TOWN_WINDOW, make.people.TOWN)
        self.bureau = person(Role.DEPARTMENT, make.people.COUNTY)
        self.elsewhere = person(Role.DEPARTMENT, make.people.OTHER)
        self.collective = make.collective("演示合作社")
        self.head = make.people.person("演示迁", born=date(1975, 1, 1))
        house = make.people.household(head=self.head)
        services.enrol_member(
            collective_id=self.collective.pk, person_id=self.head.pk, begun_by=CollectiveMember.Entry.ORIGINAL,
            on=date(2020, 1, 1), actor=SYSTEM, at=make.people.NOON,
        )  # fmt: skip
        make.homestead(house, self.collective, geometry=make.square(20))
        self.filing = services.file_kept_rights(
            household_id=house.pk, moved_on=date(2026, 11, 20), moved_to="县城", actor=SYSTEM, at=make.NOON
        )
        self.who = make.people.person("演示新人")
        self.case = services.apply_for_membership(
            collective_id=self.collective.pk, person_id=self.who.pk, on=make.DAY, facts={"came_by": "原有成员"},
            actor=self.window.actor, at=make.NOON,
        )  # fmt: skip
        village()
        list_found(None, division=make.people.COUNTY, actor=self.bureau.actor, at=make.NOON)
        self.legacy = LegacyHomestead.objects.order_by("pk")[0]

    def fill(self, page: str) -> str:
        return page.format(
            collective=self.collective.pk, member=self.head.pk, filing=self.filing.pk, legacy=self.legacy.pk,
            case=self.case.pk,
        )  # fmt: skip


@pytest.fixture
def place(settings, tmp_path) -> Place:
    settings.MEDIA_ROOT = tmp_path
    return Place()


def text(answer) -> str:
    return answer.content.decode()


def test_who_may_open_what(place):
    window, elsewhere, stranger = place.window.client(), place.elsewhere.client(), Client()
    admin = person(Role.SYSTEM_ADMIN, accounts.COUNTY).client()
    for page in PAGES:
        address = place.fill(page)
        assert window.get(address).status_code == 200, address
        free = page in PUBLIC
        assert stranger.get(address).status_code == (200 if free else 302), address
        assert admin.get(address).status_code == (200 if free else 403), address
        if "{" in page:
            assert elsewhere.get(address).status_code == 404, address
        assert "演示迁" not in text(elsewhere.get(address)), address


def test_a_roll_shows_its_members_as_of_a_day_and_exports_them(place):
    client = place.window.client()
    roll = f"/registry/members/{place.collective.pk}/"
    assert "演示迁" in text(client.get(roll))
    assert "原有成员" in text(client.get(roll))
    assert "演示迁" not in text(client.get(f"{roll}?day=2019-12-31"))
    assert client.get(f"{roll}?export=xlsx").headers["Content-Type"].startswith("application/vnd.openxml")
    for sort in ("name", "-since", "until", "begun_by", "-born"):
        assert client.get(f"{roll}?sort={sort}&state=all").status_code == 200
    for sort in ("members", "-members", "name", "village"):
        assert client.get(f"/registry/members/?sort={sort}").status_code == 200
    assert "不是日期" in text(client.get(f"{roll}?day=昨天"))


def test_an_application_is_made_on_the_page_and_held_against_the_rule(place):
    client = place.window.client()
    new = f"/registry/members/{place.collective.pk}/new"
    assert "没有找到“无此人”" in text(client.get(f"{new}?q=无此人"))
    child = make.people.person("演示幼童", born=date(2026, 6, 1))
    assert "演示幼童" in text(client.get(f"{new}?q=演示幼童"))
    refused = client.post(f"{new}?q=演示幼童", {"party": child.pk, "on": "2026-06-01"})
    assert refused.status_code == 422
    answer = client.post(
        f"{new}?q=演示幼童",
        {"party": child.pk, "on": "2026-06-01", "came_by": "成员生育", "is_member_elsewhere": "no",
         "has_lost_nationality": "no", "is_civil_servant": "no"},
    )  # fmt: skip
    made = MembershipCase.objects.get(person=child)
    assert answer.headers["Location"] == f"/registry/membership-cases/{made.pk}/"
    shown = text(client.get(answer.headers["Location"]))
    assert "符合成员条件" in shown
    assert "第十二条" in shown
    again = client.post(f"{new}?q=演示幼童", {"party": child.pk, "on": "2026-06-01", "came_by": "成员生育"})
    assert again.status_code == 409
    assert made.case.number in text(again)


def test_missing_facts_are_added_where_the_rule_shows_them(place):
    client = place.window.client()
    address = f"/registry/membership-cases/{place.case.pk}/"
    assert "户籍：未知" in text(client.get(address))
    given = {
        "came_by": "原有成员", "household_register": "在本村", "has_stable_duties": "yes",
        "lives_on_collective_land": "yes", "is_member_elsewhere": "no", "has_lost_nationality": "no",
        "is_civil_servant": "no", "situations": ["就学"],
    }  # fmt: skip
    assert client.post(f"{address}facts", given).status_code == 302
    shown = text(client.get(address))
    assert "符合成员条件" in shown
    assert "就学，不因此丧失成员身份" in shown
    # whoever works elsewhere, or only looks, changes nothing
    assert place.elsewhere.client().post(f"{address}facts", given).status_code == 404
    assert client.post(f"{address}facts", {}).status_code == 422
    leader = person(Role.LEADER, make.people.COUNTY).client()
    assert leader.post(f"{address}facts", given).status_code == 403


def test_a_loss_is_brought_forward_from_the_roll(place):
    client = place.window.client()
    leave = f"/registry/members/{place.collective.pk}/leave?person={place.head.pk}"
    answer = client.post(leave, {"cause": "voluntary", "on": "2026-11-20"})
    assert answer.status_code == 302
    assert "不是（不再是）本集体成员" in text(client.get(answer.headers["Location"]))
    assert client.get(f"/registry/members/{place.collective.pk}/leave?person={place.who.pk}").status_code == 404


def test_a_filing_is_applied_for_shown_renewed_and_ended(place):
    bureau, window = place.bureau.client(), place.window.client()
    address = f"/registry/filings/{place.filing.pk}/"
    shown = text(bureau.get(address))
    assert "宅基地资格权" in shown
    assert "仍然有效" in shown
    assert "续办换证" not in text(window.get(address))
    assert window.post(f"{address}act", {"act": "renew"}).status_code == 403
    assert bureau.post(f"{address}act", {"act": "renew"}).status_code == 302
    refused = bureau.post(f"{address}act", {"act": "end", "ended_by": "exit"})
    assert refused.status_code == 409
    assert "项备案权益没有退出" in text(refused)
    assert bureau.post(f"{address}act", {"act": "end", "ended_by": "x"}).status_code == 422
    assert bureau.post(f"{address}act", {"act": "end", "ended_by": "return"}).status_code == 302
    assert KeptRightsFiling.objects.get(pk=place.filing.pk).ended_by == "return"
    house = make.household("演示再迁")
    answer = window.post(
        "/registry/filings/new?q=演示再迁", {"party": house.pk, "on": "2026-11-01", "moved_to": "张店区"}
    )
    assert answer.headers["Location"] == f"/cases/{Case.objects.order_by('-pk')[0].pk}/"
    late = window.post(
        "/registry/filings/new?q=演示再迁", {"party": house.pk, "on": "2999-01-01", "moved_to": "张店区"}
    )
    assert late.status_code == 422
    assert "在今天以后" in text(late)


def test_legacy_homesteads_are_counted_searched_and_proposed(place):
    client = place.bureau.client()
    shown = text(client.get("/registry/legacy/"))
    assert "面积标准是参考值，还没有由当地确定" in shown
    assert "演示多宅户：一户多宅" in shown
    assert client.post("/registry/legacy/search", {"division": make.people.COUNTY}).status_code == 302
    record = text(client.get(f"/registry/legacy/{place.legacy.pk}/"))
    assert "不知道是否属于违法占用" in record
    assert client.get("/registry/legacy/999999/").status_code == 404


def test_windows_and_plans_are_public_and_say_what_is_lacking(place):
    shown = text(Client().get("/registry/windows/?zone=qingdao"))
    assert "还没有窗口的镇（街道）" in shown
    assert "未通过" in shown
    assert "村" in text(Client().get("/registry/village-plans/?zone=gaoqing"))


# -- API --------------------------------------------------------------------------------------------------------------


def test_the_api_gives_a_roll_an_application_and_a_filing(place):
    client = place.window.client()
    roll = client.get(f"/api/v1/registry/collectives/{place.collective.pk}/members?size=1")
    assert [one["name"] for one in roll.json()["items"]] == ["演示迁"]
    before = client.get(f"/api/v1/registry/collectives/{place.collective.pk}/members?day=2019-01-01")
    assert before.json()["items"] == []
    case = client.get(f"/api/v1/registry/membership-cases/{place.case.pk}").json()
    assert case["is_member"] is None
    assert "household_register" in case["missing"]
    filing = client.get(f"/api/v1/registry/filings/{place.filing.pk}").json()
    assert {one["title"] for one in filing["items"]} == {"宅基地资格权", "宅基地使用权", "集体成员身份"}
    assert [one["id"] for one in client.get("/api/v1/registry/filings").json()["items"]] == [place.filing.pk]
    assert place.elsewhere.client().get(f"/api/v1/registry/filings/{place.filing.pk}").status_code == 404
    assert client.post(f"/api/v1/registry/filings/{place.filing.pk}/renewal").status_code == 403


def test_the_api_pages_a_roll_by_its_cursor(place):
    for n in range(3):
        who = make.people.person(f"演示第{n}")
        services.enrol_member(
            collective_id=place.collective.pk, person_id=who.pk, begun_by=CollectiveMember.Entry.OTHER,
            on=date(2021, 1, 1 + n), actor=SYSTEM, at=make.people.NOON,
        )  # fmt: skip
    client, names, cursor = place.window.client(), [], ""
    for _ in range(4):
        address = f"/api/v1/registry/collectives/{place.collective.pk}/members?size=1{cursor}"
        told = client.get(address).json()
        names += [one["name"] for one in told["items"]]
        cursor = f"&cursor={told['next']}"
    assert names == ["演示迁", "演示第0", "演示第1", "演示第2"]
    assert told["next"] is None


def test_the_api_takes_an_application_and_a_loss(place):
    client, who = place.window.client(), make.people.person("演示接口")
    base = f"/api/v1/registry/collectives/{place.collective.pk}"
    given = {"person": who.pk, "on": "2026-11-20", "came_by": "政策性移民"}
    answer = client.post(f"{base}/membership-cases", given, content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert set(answer.json()["missing"]) == {"has_lost_nationality", "is_member_elsewhere", "is_civil_servant"}
    again = client.post(f"{base}/membership-cases", given, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "registry.membership_case_open")
    loss = client.post(
        f"{base}/losses", {"person": place.head.pk, "on": "2026-11-20", "cause": "nationality"},
        content_type="application/json",
    )  # fmt: skip
    assert (loss.status_code, loss.json()["is_member"]) == (201, False)


class TestOnesOwn:
    """A farmer opens the membership cases and the filing of the household; nobody else's, and works on none."""

    def browser(self, party) -> Client:
        mine = accounts.mandate(party=party)
        browser = Client()
        browser.force_login(mine.user, "django.contrib.auth.backends.ModelBackend")
        return browser

    def pages(self, place: Place) -> dict[str, str]:
        return {
            f"/registry/filings/{place.filing.pk}/": "保留的权益",
            f"/api/v1/registry/filings/{place.filing.pk}": "is_standing",
            f"/registry/membership-cases/{place.own.pk}/": "演示幼",
            f"/api/v1/registry/membership-cases/{place.own.pk}": "confirm",
        }

    @pytest.fixture
    def place(self, place: Place) -> Place:
        """With a child of the household, for whom membership is applied, and one who has left it."""
        home = place.filing.household_id
        place.child, place.gone = make.people.person("演示幼", born=date(2016, 6, 1)), make.people.person("演示离")
        for who, relation in ((place.child, "20"), (place.gone, "20")):
            parties.add_member(
                household_id=home, person=who.pk, relation=relation, on=date(2021, 6, 1), actor=SYSTEM,
                at=make.people.NOON,
            )  # fmt: skip
        parties.leave_member(
            household_id=home, person_id=place.gone.pk, on=date(2022, 6, 1), actor=SYSTEM, at=make.people.NOON
        )
        place.own = services.apply_for_membership(
            collective_id=place.collective.pk, person_id=place.child.pk, on=make.DAY, facts={"came_by": "成员生育"},
            actor=place.window.actor, at=make.NOON,
        )  # fmt: skip
        return place

    def test_each_of_the_household_opens_them(self, place):
        for party in (place.head, place.filing.household):
            browser = self.browser(party)
            for address, word in self.pages(place).items():
                answer = browser.get(address)
                assert (answer.status_code, word in text(answer)) == (200, True), address
            listed = text(browser.get("/registry/filings/"))
            assert "演示迁户" in listed
            assert "/registry/filings/new" not in listed
            assert "/registry/mine/filing" in listed
            desk = text(browser.get("/desk/"))
            assert "我家的转移备案" in desk
            assert "我家的成员身份申请" in desk
            links = text(browser.get(f"/registry/membership-cases/{place.own.pk}/"))
            assert f"/registry/members/{place.collective.pk}/" not in links, "the roll of all is not for farmers"

    def test_nobody_else_does(self, place):
        other = self.browser(make.household("演示邻"))
        for browser in (other, self.browser(place.gone)):
            for address in self.pages(place):
                assert browser.get(address).status_code == 404, address
            assert "演示迁" not in text(browser.get("/registry/filings/"))
            assert browser.get("/api/v1/registry/filings").json()["items"] == []

    def test_a_farmer_works_on_none(self, place):
        browser = self.browser(place.head)
        for address in (f"/registry/filings/{place.filing.pk}/act", f"/registry/membership-cases/{place.own.pk}/facts"):
            assert browser.post(address, {"act": "renew"}).status_code == 403, address
        for address in ("/registry/members/", "/registry/filings/new", f"/registry/members/{place.collective.pk}/"):
            assert browser.get(address).status_code == 403, address
        api = "/api/v1/registry"
        asked = {"household": place.filing.household_id, "moved_on": "2026-11-20", "moved_to": "县城"}
        # for the filing of the own household one may apply: but it stands already
        again = browser.post(f"{api}/filings", asked, content_type="application/json")
        assert (again.status_code, again.json()["code"]) == (409, "registry.filing_stands")
        for address, given in (
            (f"{api}/filings/{place.filing.pk}/renewal", {}),
            (f"{api}/filings/{place.filing.pk}/end", {"ended_by": "void"}),
        ):
            assert browser.post(address, given, content_type="application/json").status_code == 403, address


def test_a_filing_is_applied_for_over_the_api_and_renewed_and_ended(place):
    window, bureau = place.window.client(), place.bureau.client()
    house = make.household("演示再迁")
    make.homestead(house, place.collective, geometry=make.square(40))
    asked = {"household": house.pk, "moved_on": "2026-11-20", "moved_to": "县城"}

    def post(browser, path, given):
        return browser.post(f"/api/v1/registry{path}", given, content_type="application/json")

    made = post(window, "/filings", asked)
    assert made.status_code == 201, text(made)
    told = made.json()
    assert (told["household"], told["step"], told["may_be_filed"]) == (house.pk, "apply", True)
    case = Case.objects.get(pk=told["case"])
    assert (case.procedure, case.applicant_id) == ("registry.kept_rights", house.pk)
    assert (
        post(window, "/filings", {**asked, "household": place.head.pk}).json()["code"] == "registry.household_unknown"
    )
    assert post(window, "/filings", {**asked, "moved_on": "2090-01-01"}).json()["code"] == "registry.filing_day_wrong"
    assert post(place.elsewhere.client(), "/filings", asked).status_code == 422
    assert post(window, f"/filings/{place.filing.pk}/renewal", {}).status_code == 403
    renewed = post(bureau, f"/filings/{place.filing.pk}/renewal", {})
    assert (renewed.status_code, renewed.json()["renewed_on"] is not None) == (200, True)
    ended = post(bureau, f"/filings/{place.filing.pk}/end", {"ended_by": "void"})
    assert (ended.status_code, ended.json()["ended_by"]) == (200, "void")
