"""Pages and API of applications: forms that keep what was typed, refusals that say why, one's own only."""

import json
from datetime import date

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ronghe.kernel import clock
from ronghe.kernel.accounts.models import User
from ronghe.kernel.accounts.tests import factories as accounts
from ronghe.kernel.actors import SYSTEM
from ronghe.mechanisms.casework.models import Case

from .. import services
from ..errors import ApplicationUnfit
from ..models import Application, Certificate, LapseFact, Restriction, Right
from ..rules.kinds import RestrictionKind, RightKind, UnitKind
from ..rules.matters import MATTERS, Cause, Matter
from ..services import Holder, Term
from . import factories as make
from . import registering as at_work
from .registering import DAY, NOON, Office, done, entered, opened, taken_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

ORIGIN = {
    "source_kind": "agreement", "source_title": "转让协议", "source_number": "协 1 号",
    "source_issued_on": "2026-11-20", "source_issuer": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def office(db, settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


def page_of(unit, matter):
    return f"/registry/units/{unit.code}/apply/{matter}"


def text_of(answer):
    return answer.content.decode()


def farmer_browser(party) -> tuple[Client, User]:
    user = accounts.user()
    accounts.mandate(of=user, party=party)
    browser = Client()
    browser.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return browser, user


class TestWhereItStands:
    def test_the_book_page_names_the_cases_and_certificates_of_its_unit(self, office):
        unit, used = make.contracted()
        made = opened(office, unit, Matter.MORTGAGE, rrr_id=used.pk, holder="惠农银行", amount_fen=100)
        proof = services.certify(rrr_id=used.pk, on=DAY, actor=SYSTEM, at=NOON)
        shown = text_of(office.window.client().get(f"/registry/units/{unit.code}/"))
        assert made.case.number in shown
        assert f'href="/registry/certificates/{proof.pk}/"' in shown

    def test_a_return_and_a_refusal_stand_on_the_page_with_their_reasons(self, office):
        unit, used = make.contracted()
        made = opened(office, unit, Matter.MORTGAGE, rrr_id=used.pk, holder="惠农银行", amount_fen=100)
        browser, page = office.window.client(), f"/registry/applications/{made.pk}/"
        assert "受理后起算" in text_of(browser.get(page))
        at_work.attach(made, office.window, "form", "source")
        at_work.act(made, "submit", office.window)
        at_work.act(made, "return", office.window, reason="缺少抵押合同签字页")
        shown = text_of(browser.get(page))
        assert "已退回“申请”" in shown
        assert "缺少抵押合同签字页" in shown
        at_work.act(made, "submit", office.window)
        assert "缺少抵押合同签字页" not in text_of(browser.get(page))
        at_work.act(made, "refuse", office.window, reason="合同没有生效")
        shown = text_of(browser.get(page))
        assert "合同没有生效" in shown
        assert "受理后起算" not in shown

    def test_a_notice_tells_its_last_day(self, office):
        unit, used = make.homestead()
        made = opened(
            office, unit, Matter.CORRECTION, by=office.clerk, rrr_id=used.pk,
            holders=(Holder(make.household("演示正").pk),), is_joint=False, is_ex_officio=True,
        )  # fmt: skip
        at_work.reviewed(office, made)
        shown = text_of(office.reviewer.client().get(f"/registry/applications/{made.pk}/"))
        assert "公告期满" in shown


class TestForms:
    def test_the_counter_hands_in_a_transfer_and_comes_to_its_case(self, office):
        unit, used = make.homestead()
        buyer = make.members("演示受")
        window = office.window.client()
        assert 'name="holders"' in text_of(window.get(page_of(unit, "transfer")))
        given = {**ORIGIN, "rrr": used.pk, "cause": "sale", "holders": f"演示受户 {buyer.pk}", "is_joint": "on"}
        answer = window.post(page_of(unit, "transfer"), given)
        made = Application.objects.get()
        assert answer.headers["Location"] == f"/cases/{made.pk}/"
        assert (made.holders.get().party, made.case.applicant.name) == (buyer, "演示甲户")
        shown = text_of(window.get(f"/cases/{made.pk}/"))
        # the case tells what is asked for, and what the book says of it, with the clauses
        for word in ("申请内容", "演示受户", "登记簿上的限制", "没有查封", "民法典 第四百零六条"):
            assert word in shown

    def test_shares_are_read_as_they_are_written(self, office):
        unit, used = make.contracted()
        a, b = make.members("演示一"), make.members("演示二")
        given = {
            **ORIGIN, "rrr": used.pk, "cause": "swap", "is_joint": "on", "shown": "filed",
            "holders": f"演示一户 {a.pk} 1/3\n演示二户 {b.pk} 2/3\n",
        }  # fmt: skip
        assert office.window.client().post(page_of(unit, "transfer"), given).status_code == 302
        assert [(h.share_num, h.share_den) for h in Application.objects.get().holders.all()] == [(1, 3), (2, 3)]

    @pytest.mark.parametrize(
        ("holders", "why"),
        [
            ("无此人 990101198005010999", "没有登记过"),
            ("无此人", "辖区内没有登记过"),
            ("演示受户 {pk} 3/0", "不是份额"),
            ("演示受户 {pk} 多余 的字", "一行只写一位"),
            ("别的名字 {pk}", "没有登记过这个姓名"),
        ],
    )
    def test_whoever_cannot_be_found_is_named_and_what_was_typed_is_kept(self, office, holders, why):
        unit, used = make.homestead()
        written = holders.format(pk=make.members("演示受").pk)
        given = {**ORIGIN, "rrr": used.pk, "cause": "sale", "holders": written, "is_joint": "on"}
        answer = office.window.client().post(page_of(unit, "transfer"), given)
        assert answer.status_code == 422
        assert why in text_of(answer)
        assert written in text_of(answer)
        assert "转让协议" in text_of(answer)
        assert not Case.objects.exists()

    def test_a_seized_parcel_says_so_before_anything_is_typed_and_refuses(self, office):
        unit, used = make.homestead()
        services.restrict(
            baunit_id=unit.pk, kind=RestrictionKind.SEIZURE, term=Term(DAY, date(2029, 1, 1)), holder="演示法院",
            source_id=make.source(), actor=SYSTEM, at=NOON,
        )  # fmt: skip
        window, buyer = office.window.client(), make.members("演示受")
        assert "已被查封，查封解除前不能办理" in text_of(window.get(page_of(unit, "transfer")))
        given = {**ORIGIN, "rrr": used.pk, "cause": "sale", "holders": f"演示受户 {buyer.pk}", "is_joint": "on"}
        answer = window.post(page_of(unit, "transfer"), given)
        assert answer.status_code == 409
        assert f"不动产单元 {unit.code} 现在不能办理转移登记：已被查封" in text_of(answer)

    def test_what_somebodys_consent_opens_is_told_apart_from_what_bars_for_good(self, office):
        unit, used = make.homestead()
        services.restrict(
            baunit_id=unit.pk, kind=RestrictionKind.MORTGAGE, term=Term(DAY), holder="演示银行", parent_id=used.pk,
            source_id=make.source(), amount_fen=100, actor=SYSTEM, at=NOON,
        )  # fmt: skip
        page = text_of(office.window.client().get(page_of(unit, "transfer")))
        assert "须有权利人的同意" in page
        assert "解除以前提出会被拒绝" not in page

    def test_a_division_is_read_from_a_file_of_outlines(self, office):
        unit, _ = make.homestead(geometry=make.square(width=2))
        parts = [make.square(0), make.square(1)]
        told = [
            {"type": "Feature", "properties": {"坐落": f"甲村 {n} 号"}, "geometry": json.loads(shapely.to_geojson(one))}
            for n, one in enumerate(parts, start=1)
        ]
        content = json.dumps({"type": "FeatureCollection", "features": told}).encode()
        given = {**ORIGIN, "cause": "facts", "outlines": SimpleUploadedFile("分割.geojson", content)}
        assert office.window.client().post(page_of(unit, "split"), given).status_code == 302
        made = Application.objects.get().parts.all()
        assert [part.location for part in made] == ["甲村 1 号", "甲村 2 号"]
        assert sum(part.registered_area_m2 for part in made) == make.area(make.square(width=2))

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"PK", "不是 GeoJSON 要素集合"),
            (b"[" * 100_000, "不是 GeoJSON 要素集合"),
            (b'{"features": [1]}', "第 1 个要素"),
            (b'{"features": [{"geometry": {"type": "Point", "coordinates": [117, 37]}}]}', "不是面"),
            (b'{"features": [{"properties": {"\xe7\x99\xbb\xe8\xae\xb0\xe9\x9d\xa2\xe7\xa7\xaf": "x"}, "geometry": '
             b'{"type": "Polygon", "coordinates": [[[117, 37], [117.1, 37], [117.1, 37.1], [117, 37]]]}}]}', "登记面积不是数字"),
        ],
    )  # fmt: skip
    def test_a_file_that_is_none_is_refused_with_its_fault(self, office, content, why):
        unit, _ = make.homestead()
        given = {**ORIGIN, "cause": "facts", "outlines": SimpleUploadedFile("分割.geojson", content)}
        answer = office.window.client().post(page_of(unit, "split"), given)
        assert answer.status_code == 422
        assert why in text_of(answer)

    @pytest.mark.parametrize("matter", [m.value for m in Matter])
    def test_every_matter_has_a_form_for_whoever_may_open_it(self, office, matter):
        unit, _ = make.homestead(house=True)
        answer = office.clerk.client().get(page_of(unit, matter))
        assert answer.status_code == 200
        assert MATTERS[Matter(matter)].title in text_of(answer)
        # a form sent empty names what is lacking and breaks nothing
        assert office.clerk.client().post(page_of(unit, matter), {}).status_code == 422

    def test_a_unit_elsewhere_and_a_matter_that_is_none_are_not_found(self, office):
        unit, _ = make.homestead()
        assert office.elsewhere.client().get(page_of(unit, "transfer")).status_code == 404
        assert office.window.client().get(page_of(unit, "nothing")).status_code == 404
        assert office.window.client().get(page_of(unit, "seizure")).status_code == 404

    def test_the_way_from_the_list_of_matters_leads_by_the_code_to_the_form(self, office):
        unit, _ = make.homestead()
        window = office.window.client()
        assert "不动产单元代码" in text_of(window.get("/registry/apply/change/"))
        spaced = f"{unit.code[:6]} {unit.code[6:12]} {unit.code[12:19]} {unit.code[19:]}"
        answer = window.get("/registry/apply/change/", {"code": spaced, "matter": "merge"})
        assert answer.headers["Location"] == page_of(unit, "merge")
        wrong = window.get("/registry/apply/change/", {"code": "370322", "matter": "merge"})
        assert (wrong.status_code, "没有找到不动产单元" in text_of(wrong)) == (422, True)
        assert window.get("/registry/apply/seizure/").status_code == 404


class TestFarmers:
    def test_a_farmer_waives_the_households_contract_and_sees_no_other(self, office):
        head = make.people.person("演示户主")
        unit, used = make.contracted(make.people.household(head=head))
        other, _ = make.homestead(geometry=make.square(5), owner=make.collective("丁社"))
        browser, _ = farmer_browser(head)
        given = {**ORIGIN, "rrr": used.pk, "cause": "waiver"}
        answer = browser.post(page_of(unit, "cancellation"), given)
        made = Application.objects.get()
        assert answer.headers["Location"] == f"/cases/{made.pk}/"
        assert browser.get(f"/registry/applications/{made.pk}/").status_code == 200
        assert made.case.number in text_of(browser.get("/registry/applications/"))
        assert browser.get(page_of(other, "cancellation")).status_code == 404
        theirs = opened(office, other, Matter.CHANGE, parts=(services.PartAsked(use="仓储"),))
        assert browser.get(f"/registry/applications/{theirs.pk}/").status_code == 404
        assert theirs.case.number not in text_of(browser.get("/registry/applications/"))

    def test_an_objectors_form_opens_by_the_units_code_and_shows_nothing_of_the_book(self, office):
        unit, _ = make.homestead()
        browser, _ = farmer_browser(make.people.person("演示邻"))
        answer = browser.get(f"/registry/apply/objection/?code={unit.code}&matter=objection", follow=True)
        page = text_of(answer)
        assert (answer.status_code, "演示甲" in page, f'href="/registry/units/{unit.code}/"' in page) == (
            200,
            False,
            False,
        )
        given = {**ORIGIN, "cause": "mistake", "protected": "演示邻", "text": "界址占了我家的地"}
        assert browser.post(page_of(unit, "objection"), given).status_code == 302
        made = Application.objects.get()
        assert made.holder == "演示邻"
        assert "演示甲" not in text_of(browser.get(f"/registry/applications/{made.pk}/"))
        # nothing else opens to him
        assert browser.get(page_of(unit, "transfer")).status_code == 404

    def test_a_farmer_names_the_other_side_by_name_and_number_alone(self, office):
        head = make.people.person("演示户主")
        unit, used = make.homestead(make.people.household(head=head))
        browser, _ = farmer_browser(head)
        buyer = make.people.new("演示买主")
        from ronghe.kernel.parties.services import register_person

        known = register_person(new=buyer, division=make.NEXT_VILLAGE, actor=SYSTEM, at=NOON)
        make.enrol(known)
        given = {**ORIGIN, "rrr": used.pk, "cause": "gift", "is_joint": "on"}
        refused = browser.post(page_of(unit, "transfer"), {**given, "holders": "演示买主"})
        assert (refused.status_code, "没有写证件号码" in text_of(refused)) == (422, True)
        assert (
            browser.post(page_of(unit, "transfer"), {**given, "holders": f"演示买主 {buyer.identity}"}).status_code
            == 302
        )
        assert Application.objects.get().holders.get().party == known

    def test_what_is_not_ones_own_is_refused_with_reasons(self, office):
        head = make.people.person("演示户主")
        unit, _ = make.homestead(make.people.household(head=head))
        owned = unit.rrrs.get(kind=RightKind.COLLECTIVE_OWNERSHIP)
        browser, _ = farmer_browser(head)
        answer = browser.post(page_of(unit, "cancellation"), {**ORIGIN, "rrr": owned.pk, "cause": "waiver"})
        assert (answer.status_code, "不在您或您家庭户的名下" in text_of(answer)) == (403, True)


class TestRecords:
    def test_an_application_shows_what_came_of_it(self, office):
        unit, used = make.contracted()
        made = opened(office, unit, Matter.MORTGAGE, rrr_id=used.pk, holder="高青农商银行", amount_fen=50_000_00)
        done(office, made)
        proof = Certificate.objects.get(rrr=made.entry.rrr_id)
        shown = text_of(office.window.client().get(f"/registry/applications/{made.pk}/"))
        for word in ("50,000.00 元", "2026-11-25</time> 登簿", proof.number, "待地方确定"):
            assert word in shown

    def test_consents_come_while_the_counter_has_it(self, office):
        unit, used = make.homestead()
        made = opened(office, unit, Matter.TRANSFER, rrr_id=used.pk, holders=(Holder(make.members("演示受").pk),))
        window = office.window.client()
        address = f"/registry/applications/{made.pk}/amend"
        assert address in text_of(window.get(f"/registry/applications/{made.pk}/"))
        assert window.post(address, {"deed_tax_proof": "on"}).status_code == 302
        made.refresh_from_db()
        assert (made.deed_tax_proof, made.mortgagee_consents) == (True, False)
        taken_in(office, made)
        late = window.post(address, {"mortgagee_consents": "on"})
        assert (late.status_code, "已经受理" in text_of(late)) == (409, True)

    def test_a_mortgage_asks_for_no_tax_receipt(self, office):
        unit, used = make.contracted()
        bank = {"rrr_id": used.pk, "holder": "演示银行", "amount_fen": 100, "term_until": date(2028, 1, 1)}
        with pytest.raises(ApplicationUnfit, match="请去掉勾选"):
            opened(office, unit, Matter.MORTGAGE, deed_tax_proof=True, **bank)
        made = opened(office, unit, Matter.MORTGAGE, **bank)
        page = office.window.client().get(f"/registry/applications/{made.pk}/").content.decode()
        assert "抵押权人书面同意" in page
        assert "契税完税或免税凭证" not in page
        with pytest.raises(ApplicationUnfit, match="请去掉勾选"):
            services.amend_application(
                application_id=made.pk, given={"deed_tax_proof": True}, actor=office.window.actor, at=NOON
            )

    def test_a_suit_is_recorded_on_an_objection_by_the_bureau_alone(self, office):
        unit, _ = make.homestead()
        made = opened(office, unit, Matter.OBJECTION, holder="演示邻居", is_joint=False)
        done(office, made)
        address = f"/registry/applications/{made.pk}/fact"
        given = {"on": "2026-11-25", "text": "（2026）鲁0322民初1号"}
        assert office.window.client().post(address, given).status_code == 403
        assert "记录已提起诉讼" in text_of(office.clerk.client().get(f"/registry/applications/{made.pk}/"))
        assert office.clerk.client().post(address, {"on": "", "text": ""}).status_code == 422
        assert office.clerk.client().post(address, given).status_code == 302
        assert LapseFact.objects.get().kind == "suit"

    def test_a_right_is_no_restriction_on_which_a_suit_is_recorded(self, office):
        unit, used = make.contracted()
        made = opened(office, unit, Matter.CORRECTION, rrr_id=used.pk, holders=(Holder(make.household("演示正").pk),))
        entered(office, made)
        answer = office.clerk.client().post(
            f"/registry/applications/{made.pk}/fact", {"on": "2026-11-25", "text": "案号"}
        )
        assert answer.status_code == 404

    def test_the_notice_of_acceptance_is_a_paper(self, office):
        unit, used = make.contracted()
        made = opened(office, unit, Matter.MORTGAGE, rrr_id=used.pk, holder="银行", amount_fen=1_00)
        window = office.window.client()
        early = window.post(f"/registry/applications/{made.pk}/notify", follow=True)
        assert "现在没有可出具的告知书" in text_of(early)
        taken_in(office, made)
        assert "受理通知书" in text_of(window.get(f"/registry/applications/{made.pk}/"))
        assert window.post(f"/registry/applications/{made.pk}/notify").headers["Location"].startswith("/papers/")

    def test_a_certificate_is_printed_recalled_and_issued_anew(self, office):
        _, used = make.homestead()
        proof = services.certify(rrr_id=used.pk, on=DAY, actor=SYSTEM, at=NOON)
        window, at = office.window.client(), f"/registry/certificates/{proof.pk}/"
        shown = text_of(window.get(at))
        assert proof.number in shown
        assert "演示甲户" in shown
        printed = window.post(f"{at}print").headers["Location"]
        assert window.post(f"{at}print").headers["Location"] == printed
        assert "演示甲户" not in text_of(Client().get(f"/papers/check/{proof.__class__.objects.get().paper.code}/"))
        assert window.post(f"{at}recall", {"reason": ""}).status_code == 422
        stands = window.post(f"{at}reissue")
        assert (stands.status_code, "已有未收回的证书" in text_of(stands)) == (409, True)
        assert window.post(f"{at}recall", {"reason": "遗失声明作废"}).status_code == 302
        assert "遗失声明作废" in text_of(window.get(at))
        again = window.post(f"{at}reissue")
        assert again.status_code == 302
        assert Certificate.objects.filter(rrr=used, recalled_on=None).count() == 1
        assert office.elsewhere.client().get(at).status_code == 404
        assert Client().get(at).status_code == 302

    def test_the_list_is_narrowed_by_matter_unit_and_number(self, office):
        unit, used = make.contracted()
        made = opened(office, unit, Matter.MORTGAGE, rrr_id=used.pk, holder="银行", amount_fen=1_00)
        window = office.window.client()

        def finds(query):
            return made.case.number in text_of(window.get(f"/registry/applications/{query}"))

        assert finds("")
        assert finds("?matter=mortgage")
        assert finds(f"?text={unit.code[:14]}")
        assert finds(f"?text={made.case.number}")
        assert not finds("?matter=transfer")
        assert not finds("?state=done")
        assert window.get("/registry/applications/?export=xlsx").status_code == 200


class TestApi:
    def body(self, unit, used, holder, **given):
        return {
            "unit": unit.code, "matter": "transfer", "cause": "sale", "rrr": used.pk, "is_joint": True,
            "origin": {"kind": "agreement", "title": "转让协议", "issued_on": "2026-11-20"},
            "holders": [{"party": holder.pk}], **given,
        }  # fmt: skip

    def post(self, who, body, address="/api/v1/registry/applications"):
        return Client().post(address, json.dumps(body), "application/json", headers={"Authorization": who.token()})

    def test_a_program_hands_in_mends_and_reads_an_application(self, office):
        unit, used = make.homestead()
        made = self.post(office.window, self.body(unit, used, make.members("演示受")))
        assert made.status_code == 201, made.content
        told = made.json()
        assert (told["matter"], told["unit"], told["state"], told["step"]) == ("transfer", unit.code, "open", "apply")
        mended = self.post(office.window, {"deed_tax_proof": True}, f"/api/v1/registry/applications/{told['id']}/amend")
        assert mended.json()["deed_tax_proof"] is True
        listed = Client().get("/api/v1/registry/applications", headers={"Authorization": office.reviewer.token()})
        assert [one["id"] for one in listed.json()["items"]] == [told["id"]]

    def test_a_second_one_is_refused_with_a_code_and_the_other_case(self, office):
        unit, used = make.homestead()
        first = self.post(office.window, self.body(unit, used, make.members("演示受"))).json()
        second = self.post(office.window, self.body(unit, used, make.household("演示又")))
        assert (second.status_code, second.json()["code"]) == (409, "registry.another_application")
        assert second.json()["facts"]["case"] == first["number"]

    def test_a_unit_that_is_not_there_is_a_fault_of_the_command(self, office):
        unit, used = make.homestead()
        body = self.body(unit, used, make.members("演示受")) | {"unit": "370322999999JC00001W00000000"}
        answer = self.post(office.window, body)
        assert (answer.status_code, answer.json()["code"]) == (422, "registry.unit_unknown")

    def test_what_is_no_outline_is_refused_with_its_part(self, office):
        unit, used = make.homestead()
        part = {"geometry": {"type": "Point", "coordinates": [117, 37]}}
        body = self.body(unit, used, make.members("演示受"), matter="split", cause="facts", parts=[part, part])
        answer = self.post(office.window, body)
        assert (answer.status_code, answer.json()["code"]) == (422, "registry.outline_wrong")

    def test_a_division_that_gives_a_part_to_others_is_refused_and_says_what_to_do(self, office):
        unit, used = make.homestead(geometry=make.square(width=2))
        other = make.household("演示外")
        outlines = [json.loads(shapely.to_geojson(make.square(n))) for n in range(2)]
        parts = [{"geometry": outlines[0]}, {"geometry": outlines[1], "party": other.pk}]
        body = self.body(unit, used, other, matter="split", cause="facts", parts=parts, is_joint=False)
        answer = self.post(office.window, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "registry.split_gives_away")
        assert "申请转移登记" in answer.json()["detail"]
        assert not Application.objects.exists()

    def test_no_case_of_the_register_is_opened_by_its_title_alone(self, office):
        body = {"procedure": "registry.transfer", "title": "转移", "division": accounts.TOWN}
        answer = self.post(office.window, body, "/api/v1/cases")
        assert (answer.status_code, answer.json()["code"]) == (422, "casework.opened_elsewhere")
        assert "/registry/apply/transfer/" in answer.json()["detail"]

    def test_a_certificate_is_read_and_printed(self, office):
        unit = make.unit(UnitKind.CONTRACTED)
        used = make.right(unit, RightKind.CONTRACT, make.household(), term=Term(make.BEGAN, date(2045, 6, 1)))
        proof = services.certify(rrr_id=used.pk, on=DAY, actor=SYSTEM, at=NOON)
        at = f"/api/v1/registry/certificates/{proof.pk}"
        read = Client().get(at, headers={"Authorization": office.window.token()}).json()
        assert (read["number"], read["facts"]["right"]) == (proof.number, "土地承包经营权")
        first, again = (self.post(office.window, {}, f"{at}/print").json() for _ in range(2))
        assert first == again
        assert self.post(office.elsewhere, {}, f"{at}/print").status_code == 404


def test_what_was_applied_for_cannot_be_rewritten(office):
    from django.db import IntegrityError, transaction

    unit, used = make.contracted()
    made = opened(office, unit, Matter.MORTGAGE, rrr_id=used.pk, holder="银行", amount_fen=1_00)
    attacks = [
        lambda: Application.objects.filter(pk=made.pk).update(amount_fen=2_00),
        lambda: Application.objects.filter(pk=made.pk).delete(),
    ]
    for attack in attacks:
        with pytest.raises(IntegrityError, match="不能改写或删除"), transaction.atomic():
            attack()
    at_work.act(made, "withdraw", office.window)
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=made.pk).update(mortgagee_consents=True)
    assert not Restriction.objects.exists()
    assert Right.objects.get(rrr=used).kind == RightKind.CONTRACT
    assert Cause.CONTRACT.value == made.cause
