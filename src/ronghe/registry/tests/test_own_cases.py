"""A farmer applies for himself: for membership of somebody at home, for the filing of what the household keeps."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ronghe.kernel import clock
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests.factories import mandate
from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.parties import services as parties
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.errors import MayNotOpen
from ronghe.mechanisms.casework.models import Case
from tests.people import person

from .. import services
from ..errors import FilingCaseOpen, NotYourHousehold
from ..models import CollectiveMember, KeptRightsFiling, MembershipCase
from ..procedures import KEPT_RIGHTS, MEMBERSHIP
from . import factories as make
from .test_own import farmer, head_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]
MEMBERSHIP_PAGE, FILING_PAGE = "/registry/mine/membership", "/registry/mine/filing"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


class Home:
    """A farmer at home with his wife, the collective of the village, and another household next door."""

    def __init__(self) -> None:
        make.people.places()
        self.house = make.household("演示甲")
        self.head = head_of(self.house)
        self.wife = make.people.person("演示妻", born=date(1982, 3, 4), male=False)
        self.collective = make.collective()
        services.enrol_member(
            collective_id=self.collective.pk, person_id=self.head.pk, begun_by=CollectiveMember.Entry.ORIGINAL,
            on=date(2020, 1, 1), actor=SYSTEM, at=make.people.NOON,
        )  # fmt: skip
        parties.marry_in(
            household_id=self.house.pk,
            person=self.wife.pk,
            relation="12",
            on=date(2024, 5, 1),
            actor=SYSTEM,
            at=make.NOON,
        )
        self.neighbours = make.household("演示邻")
        self.browser, self.actor = farmer(self.house)

    def asks(self, **changed: object) -> dict[str, object]:
        told = {
            "person": self.wife.pk, "collective": self.collective.pk, "on": "2024-05-01", "came_by": "与成员结婚",
            "household_register": "在本村", "has_lost_nationality": "no", "is_member_elsewhere": "no",
            "is_civil_servant": "no",
        }  # fmt: skip
        return told | changed

    def attach(self, case: Case, *keys: str, content: bytes = PDF) -> None:
        for key in keys:
            paper = SimpleUploadedFile("照片.pdf", content, "application/pdf")
            answer = self.browser.post(f"/cases/{case.pk}/materials", {"key": key, "file": paper})
            assert answer.status_code == 302, answer.content.decode()


@pytest.fixture
def home(settings, tmp_path) -> Home:
    settings.MEDIA_ROOT = tmp_path
    return Home()


def text(answer) -> str:
    return answer.content.decode()


def test_ones_own_page_leads_to_both(home):
    page = text(home.browser.get("/registry/mine/"))
    assert MEMBERSHIP_PAGE in page
    assert FILING_PAGE in page
    matters = text(home.browser.get(f"/cases/procedures/{MEMBERSHIP.key}/"))
    assert f'href="{MEMBERSHIP_PAGE}"' in matters
    assert f'href="{FILING_PAGE}"' in text(home.browser.get(f"/cases/procedures/{KEPT_RIGHTS.key}/"))


def test_a_wife_is_applied_for_handed_in_checked_and_returned(home):
    page = text(home.browser.get(MEMBERSHIP_PAGE))
    for word in ("书面申请", "身份和户籍材料", "给谁申请", "演示妻", "已经在成员名册上"):
        assert word in page, word
    # the husband is a member already, and nobody of next door is offered
    assert re.findall(r'name="person" value="(\d+)"', page) == [str(home.wife.pk)]
    answer = home.browser.post(MEMBERSHIP_PAGE, home.asks())
    made = MembershipCase.objects.select_related("case").get()
    assert answer.url == f"/cases/{made.pk}/"
    assert (made.person_id, made.case.applicant_id, made.case.step) == (home.wife.pk, home.head.pk, "own")
    # nobody at the counter is asked before it is handed in, and nothing is handed in without its papers
    window = person(Role.TOWN_WINDOW, make.people.TOWN)
    assert made.case.number not in text(window.client().get("/cases/"))
    case_page = text(home.browser.get(answer.url))
    assert "提交申请" in case_page
    assert "退回、不予通过时必填" not in case_page
    refused = home.browser.post(f"{answer.url}act", {"action": "submit", "seen": 0})
    assert refused.status_code == 422
    assert "书面申请" in text(refused)
    home.attach(made.case, "application", "identity")
    assert home.browser.post(f"{answer.url}act", {"action": "submit", "seen": 0}).status_code == 302
    # it lies in the usual queue, and what is lacking goes back to the farmer with the reason
    assert made.case.number in text(window.client().get("/cases/"))
    casework.act(
        case_id=made.pk, action="return", seen=None, reason="户口簿缺户主页", mend=("identity",), actor=window.actor,
        at=clock.now(),
    )  # fmt: skip
    assert "户口簿缺户主页" in text(home.browser.get(answer.url))
    home.attach(made.case, "identity", content=PDF + b"\n")
    home.browser.post(f"{answer.url}act", {"action": "submit", "seen": 2})
    made.case.refresh_from_db()
    assert (made.case.step, made.case.moves) == ("apply", 3)


def test_a_filing_is_applied_for_and_filed(home):
    make.homestead(home.house, home.collective)
    page = text(home.browser.get(FILING_PAGE))
    for word in ("户籍迁移证明", "宅基地资格权", "宅基地使用权", "集体成员身份", "演示甲户"):
        assert word in page, word
    answer = home.browser.post(FILING_PAGE, {"on": "2026-11-20", "moved_to": "高青县田镇街道"})
    case = Case.objects.get(procedure=KEPT_RIGHTS.key)
    assert (answer.url, case.subject_id, case.step) == (f"/cases/{case.pk}/", str(home.house.pk), "own")
    assert "高青县田镇街道" in text(home.browser.get(answer.url))
    home.attach(case, "application", "moved")
    home.browser.post(f"{answer.url}act", {"action": "submit", "seen": 0})
    window, bureau = person(Role.TOWN_WINDOW, make.people.TOWN), person(Role.DEPARTMENT, make.people.COUNTY)
    for who, action in ((window, "submit"), (bureau, "file")):
        casework.act(case_id=case.pk, action=action, seen=None, actor=who.actor, at=clock.now())
    filed = KeptRightsFiling.objects.get()
    assert filed.household_id == home.house.pk
    assert f"/registry/filings/{filed.pk}/" in text(home.browser.get(FILING_PAGE))


def test_the_counter_hands_papers_over_at_once_and_has_nobody_to_return_them_to(home):
    window = person(Role.TOWN_WINDOW, make.people.TOWN)
    case = services.apply_for_filing(
        household_id=home.neighbours.pk, moved_on=date(2026, 11, 20), moved_to="县城", actor=window.actor, at=make.NOON
    )
    assert case.step == "apply"
    page = text(window.client().get(f"/cases/{case.pk}/"))
    assert re.findall(r'name="action" value="(\w+)"', page)[:2] == ["submit", "refuse"]
    assert "<li>本人申请" not in page


def test_for_another_household_nothing_is_applied_for(home):
    stranger = head_of(home.neighbours)
    answer = home.browser.post(MEMBERSHIP_PAGE, home.asks(person=stranger.pk))
    assert answer.status_code == 422
    assert not MembershipCase.objects.exists()
    with pytest.raises(NotYourHousehold):
        services.apply_for_membership(
            collective_id=home.collective.pk, person_id=stranger.pk, on=make.DAY, facts={"came_by": "其他"},
            actor=home.actor, at=make.NOON,
        )  # fmt: skip
    with pytest.raises(NotYourHousehold):
        services.apply_for_filing(
            household_id=home.neighbours.pk, moved_on=make.DAY, moved_to="县城", actor=home.actor, at=make.NOON
        )
    with pytest.raises(MayNotOpen):
        services.apply_for_loss(
            collective_id=home.collective.pk, person_id=home.head.pk, on=make.DAY, actor=home.actor, at=make.NOON,
            cause=CollectiveMember.Exit.VOLUNTARY, facts={},
        )  # fmt: skip
    given = {"household": home.neighbours.pk, "moved_on": "2026-11-20", "moved_to": "县城"}
    api = home.browser.post("/api/v1/registry/filings", given, content_type="application/json")
    assert (api.status_code, api.json()["code"]) == (403, "registry.not_your_household")
    assert not Case.objects.exists()
    # the other way round: who looks after next door sees nothing of this home's application
    home.browser.post(MEMBERSHIP_PAGE, home.asks())
    other, _ = farmer(home.neighbours)
    made = MembershipCase.objects.get()
    assert other.get(f"/cases/{made.pk}/").status_code == 404
    assert other.get(f"/registry/membership-cases/{made.pk}/").status_code == 404


def test_what_somebody_has_moved_out_of_is_no_longer_theirs(home):
    parties.leave_member(
        household_id=home.house.pk, person_id=home.wife.pk, on=date(2026, 1, 1), actor=SYSTEM, at=make.NOON
    )
    given = mandate(party=home.wife)
    left = Actor(given.user_id, Role.SELF, None, None, given.party_id)
    with pytest.raises(NotYourHousehold):
        services.apply_for_filing(
            household_id=home.house.pk, moved_on=make.DAY, moved_to="县城", actor=left, at=make.NOON
        )


def test_bad_input_keeps_what_was_typed_and_says_how_to_mend_it(home):
    answer = home.browser.post(FILING_PAGE, {"on": "2099-01-01", "moved_to": "高青县田镇街道"})
    page = text(answer)
    assert answer.status_code == 422
    assert "在今天以后" in page
    assert 'value="高青县田镇街道"' in page
    assert 'value="2099-01-01"' in page
    page = text(home.browser.post(FILING_PAGE, {"on": "昨天", "moved_to": ""}))
    assert 'value="昨天"' in page
    answer = home.browser.post(MEMBERSHIP_PAGE, home.asks(came_by="", on="2024-13-40"))
    page = text(answer)
    assert answer.status_code == 422
    assert 'value="2024-13-40"' in page
    assert re.search(r'<option value="在本村" selected', page)
    assert not Case.objects.exists()


def test_one_application_at_a_time(home):
    home.browser.post(MEMBERSHIP_PAGE, home.asks())
    page = text(home.browser.get(MEMBERSHIP_PAGE))
    assert "正在办理" in page
    assert "不用再申请" in page
    assert 'name="person"' not in page
    make.homestead(home.house, home.collective)
    home.browser.post(FILING_PAGE, {"on": "2026-11-20", "moved_to": "县城"})
    again = home.browser.post(FILING_PAGE, {"on": "2026-11-20", "moved_to": "县城"})
    assert again.status_code == 409
    assert "在办" in text(again)
    window = person(Role.TOWN_WINDOW, make.people.TOWN)
    with pytest.raises(FilingCaseOpen):
        services.apply_for_filing(
            household_id=home.house.pk, moved_on=make.DAY, moved_to="县城", actor=window.actor, at=clock.now()
        )


def test_over_the_api_a_farmer_applies_in_his_own_village(home):
    url = f"/api/v1/registry/collectives/{home.collective.pk}/membership-cases"
    given = {"person": home.wife.pk, "on": "2024-05-01", "came_by": "与成员结婚"}
    answer = home.browser.post(url, given, content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["person"] == home.wife.pk
    elsewhere = home.browser.post(
        url.replace(str(home.collective.pk), "999999"), given, content_type="application/json"
    )
    assert elsewhere.status_code == 404


def test_who_has_no_home_is_told_where_to_go(home):
    given = mandate(party=make.people.person("演示独"))
    alone = Client()
    alone.force_login(given.user, "django.contrib.auth.backends.ModelBackend")
    assert "先登记农户" in text(alone.get(FILING_PAGE))
    assert "演示独" in text(alone.get(MEMBERSHIP_PAGE))
    body = mandate(party=home.collective)
    alone.force_login(body.user, "django.contrib.auth.backends.ModelBackend")
    assert "不是以个人名义" in text(alone.get(MEMBERSHIP_PAGE))


def test_staff_and_strangers_do_not_open_these_pages(home):
    window = person(Role.TOWN_WINDOW, make.people.TOWN).client()
    for page in (MEMBERSHIP_PAGE, FILING_PAGE):
        assert Client().get(page).status_code == 302
        assert window.get(page).status_code == 403
