"""What people try who want a case to go where it should not, or to see what is not theirs."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client

from ronghe.kernel.accounts.models import Mandate, Membership
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories as accounts
from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.inbox.models import Message
from ronghe.mechanisms.casework import declared, errors, queries, services
from ronghe.mechanisms.casework.declared import DONE, Action
from ronghe.mechanisms.casework.models import Case, Objection
from ronghe.policy.models import SpecialDay
from tests.people import person

from .factories import NOON, PDF, PROCEDURE, act, at_notice, attached, case

DAY = timedelta(days=1)


def objected(made: Case, *, at=NOON, text: str = "边界有争议") -> Objection:
    return services.object_to(
        notice_id=made.notices.get(ended_at=None).pk, name="王某", contact="13800000000", text=text, actor=SYSTEM, at=at
    )  # fmt: skip


def answered(one: Objection, by: Actor, *, upheld: bool = False, at=NOON) -> Objection:
    return services.answer_objection(objection_id=one.pk, upheld=upheld, answer="已实地核实", actor=by, at=at)


def farmers_case(**given) -> tuple[Case, Actor]:
    party = accounts.party()
    farmer = Actor(accounts.mandate(party=party).user_id, Role.SELF, on_behalf_of_id=party.pk)
    facts = {"area_m2": 180}
    made = services.open_case(
        PROCEDURE.key, title="李家", division=accounts.TOWN, facts=facts, actor=farmer, at=NOON, **given
    )
    return made, farmer


class TestApplicants:
    @pytest.mark.parametrize("division", ["999999999999", accounts.OTHER])
    def test_one_applies_only_where_ones_party_is(self, world, division):
        party = accounts.party()
        farmer = Actor(accounts.mandate(party=party).user_id, Role.SELF, on_behalf_of_id=party.pk)
        with pytest.raises(Forbidden):
            services.open_case(PROCEDURE.key, title="李家", division=division, actor=farmer, at=NOON)

    def test_nobody_decides_on_a_case_of_a_party_for_which_one_acts(self, world):
        made, _ = farmers_case()
        accounts.mandate(of=world.window.user, party=made.applicant, kind="agent")
        with pytest.raises(errors.OwnMatter):
            attached(made, world.window)
        attached(made, world.window2)
        act(made, "accept", world.window2)

    def test_an_applicant_does_not_take_a_case_from_the_counter(self, world):
        made, farmer = farmers_case()
        act(made, "give_back", world.window, reason="缺页")
        for do in (
            lambda: services.claim(case_id=made.pk, actor=farmer, at=NOON),
            lambda: services.hand_over(
                case_id=made.pk, to_user_id=world.window.user.pk, reason="x", actor=farmer, at=NOON
            ),
        ):
            with pytest.raises(errors.NotYourStep):
                do()

    def test_an_agent_whose_mandate_has_ended_is_told_nothing_more(self, world):
        made, farmer = farmers_case()
        Mandate.objects.filter(user=farmer.user_id).update(valid=("2020-01-01", "2026-11-20"))
        act(made, "give_back", world.window, reason="缺页")
        assert not Message.objects.filter(user_id=farmer.user_id).exists()

    def test_the_own_cases_are_there_also_when_somebody_else_brought_them(self, world):
        party = accounts.party()
        farmer = Actor(accounts.mandate(party=party).user_id, Role.SELF, on_behalf_of_id=party.pk)
        made = case(world, applicant_id=party.pk)
        assert list(queries.workbench(farmer, "mine", day=NOON.date())) == [made]
        assert list(queries.cases(world.window.actor, text=party.name)) == [made]

    def test_an_applicant_has_no_package_made(self, world):
        made, farmer = farmers_case()
        act(made, "refuse", world.window, reason="不属本镇")
        with pytest.raises(Forbidden):
            services.file_case(case_id=made.pk, actor=farmer, at=NOON)


class TestMending:
    def test_what_a_return_asks_for_must_come_anew(self, world):
        made = case(world)
        attached(made, world.window)
        act(made, "give_back", world.window, reason="证明缺页", mend=["source"])
        with pytest.raises(errors.MaterialMissing, match="权属来源证明"):
            act(made, "hand_in", world.window, at=NOON + DAY)
        attached(made, world.window, content=PDF + b"2", at=NOON + DAY)
        act(made, "hand_in", world.window, at=NOON + DAY)
        act(made, "accept", world.window, at=NOON + DAY)

    def test_an_optional_material_too(self, world):
        made = case(world)
        attached(made, world.window)
        act(made, "accept", world.window)
        act(made, "return", world.bureau, reason="缺照片", mend=["photo"])
        with pytest.raises(errors.MaterialMissing, match="现场照片"):
            act(made, "accept", world.window, at=NOON + DAY)


class TestObjections:
    def test_one_that_is_upheld_lets_no_clock_bring_the_case_to_its_end(self, world):
        made = at_notice(world)
        answered(objected(made), world.bureau.actor, upheld=True)
        assert services.end_due_notices(at=NOON + 60 * DAY) == 0
        assert Case.objects.get(pk=made.pk).step == "notice"
        act(made, "return", world.bureau, reason="异议成立，重新审核")
        act(made, "approve", world.bureau2, at=NOON + DAY)
        assert services.end_due_notices(at=NOON + 60 * DAY) == 1

    def test_one_that_nobody_answered_stops_the_next_notice_too(self, world):
        made = at_notice(world)
        one = objected(made)
        act(made, "return", world.bureau, reason="先核实")
        with pytest.raises(errors.CasePaused):
            act(made, "approve", world.bureau)
        answered(one, world.bureau.actor)
        act(made, "approve", world.bureau)

    def test_the_applicant_neither_answers_it_nor_reads_how_to_reach_whoever_made_it(self, world):
        made, farmer = farmers_case()
        attached(made, world.window)
        act(made, "accept", world.window)
        act(made, "approve", world.bureau)
        one = objected(made)
        act(made, "return", world.bureau, reason="先核实")
        act(made, "return", world.bureau, reason="退回")
        act(made, "give_back", world.window, reason="补正")
        with pytest.raises(Forbidden):
            answered(one, farmer)
        services.act(case_id=made.pk, action="withdraw", seen=None, actor=farmer, at=NOON)
        with pytest.raises(Forbidden):
            answered(one, farmer)
        with pytest.raises(Forbidden):
            answered(one, world.window.actor)
        assert answered(one, world.bureau.actor).state == "dismissed"

    def test_the_same_said_twice_is_one(self, world):
        made = at_notice(world)
        assert objected(made) == objected(made)
        assert objected(made, text="另有争议") != objected(made)

    def test_while_the_case_waits_the_days_for_objections_wait_too(self, world):
        made = at_notice(world)
        one = objected(made, at=NOON + 5 * DAY)
        late = objected(made, at=NOON + 40 * DAY, text="另有争议")
        answered(one, world.bureau.actor, at=NOON + 41 * DAY)
        assert Case.objects.get(pk=made.pk).state == "paused"
        answered(late, world.bureau.actor, at=NOON + 41 * DAY)
        assert Case.objects.get(pk=made.pk).state == "open"

    def test_an_answer_that_says_neither_yes_nor_no_is_refused(self, world):
        made = at_notice(world)
        one = objected(made)
        answer = world.bureau.client().post(f"/cases/objections/{one.pk}/answer", {"answer": "嗯"}, follow=True)
        assert "异议成立还是不成立" in answer.content.decode()
        one.refresh_from_db()
        assert one.state == "open"


class TestNotices:
    def test_nobody_cuts_a_notice_short(self, world, monkeypatch):
        steps = tuple(
            replace(s, actions=(*s.actions, Action("skip", "提前登簿", DONE))) if s.key == "notice" else s
            for s in PROCEDURE.steps
        )
        monkeypatch.setitem(declared.PROCEDURES, PROCEDURE.key, replace(PROCEDURE, steps=steps))
        made = at_notice(world)
        with pytest.raises(errors.NoticeRunning):
            act(made, "skip", world.bureau, at=NOON + 5 * DAY)
        with pytest.raises(errors.NoticeRunning):
            services.act(case_id=made.pk, action="enter", seen=None, actor=SYSTEM, at=NOON)

    def test_one_case_that_cannot_go_on_holds_up_no_other(self, world, monkeypatch):
        first, second = at_notice(world), at_notice(world)

        def hook(*, case, actor, at):
            if case.pk == first.pk:
                raise LookupError("a fault of the room")

        monkeypatch.setitem(declared.PROCEDURES, PROCEDURE.key, replace(PROCEDURE, on_end={DONE: hook}))
        with pytest.raises(LookupError):
            services.end_due_notices(at=NOON + 40 * DAY)
        second.refresh_from_db()
        assert second.state == "done"

    def test_a_procedure_that_is_no_more_holds_up_nobody(self, world, monkeypatch):
        gone = at_notice(world)
        monkeypatch.setitem(declared.PROCEDURES, "tests.gone", replace(PROCEDURE, key="tests.gone", prefix="试废"))
        kept = declared.PROCEDURES[PROCEDURE.key]
        other = services.open_case("tests.gone", title="旧", division=accounts.TOWN, actor=world.window.actor, at=NOON)
        monkeypatch.delitem(declared.PROCEDURES, PROCEDURE.key)
        assert kept
        assert services.end_due_notices(at=NOON + 40 * DAY) == 0
        assert services.remind(at=NOON + 40 * DAY) == 1
        assert services.recount_deadlines(at=NOON) == 0
        assert gone.pk != other.pk

    def test_a_year_announced_after_a_pause_leaves_the_public_all_its_days(self, world):
        # 15 working days from 20 Dec; paused after 5 (27 Dec), 10 left; on again on Sunday 17 Jan: until 29 Jan
        made = at_notice(world, at=NOON + 28 * DAY)
        answered(objected(made, at=NOON + 35 * DAY), world.bureau.actor, at=NOON + 56 * DAY)
        notice = made.notices.get()
        assert (notice.last_day, notice.is_provisional) == (date(2027, 1, 29), True)
        SpecialDay.objects.create(
            day=date(2027, 1, 20), kind="holiday", name="试验", source="试验", origin="local", author=world.bureau.user,
            recorded_at=NOON,
        )  # fmt: skip
        assert services.recount_deadlines(at=NOON + 57 * DAY) == 1
        notice.refresh_from_db()
        assert (notice.last_day, notice.is_provisional) == (date(2027, 2, 1), False)


class TestHolders:
    def test_a_case_is_not_handed_to_somebody_who_did_the_earlier_step(self, world):
        post = accounts.post(Role.DEPARTMENT, of=world.window.user, division=accounts.COUNTY)
        made = case(world)
        attached(made, world.window)
        act(made, "accept", world.window)
        with pytest.raises(errors.HandoverRefused):
            services.hand_over(
                case_id=made.pk, to_user_id=post.user_id, reason="休假", actor=world.bureau.actor, at=NOON
            )

    def test_a_holder_who_has_left_the_post_holds_up_nobody(self, world):
        made = case(world)
        services.claim(case_id=made.pk, actor=world.window2.actor, at=NOON)
        Membership.objects.filter(pk=world.window2.post.pk).update(valid=("2020-01-01", "2026-11-23"))
        with pytest.raises(errors.HeldByAnother):
            attached(made, world.window)
        attached(made, world.window, at=NOON + 2 * DAY)
        act(made, "accept", world.window, at=NOON + 2 * DAY)

    def test_a_leader_hands_over_what_somebody_keeps_and_decides_nothing(self, world):
        leader = person(Role.LEADER, accounts.COUNTY)
        made = case(world)
        services.claim(case_id=made.pk, actor=world.window2.actor, at=NOON)
        services.hand_over(case_id=made.pk, to_user_id=world.window.user.pk, reason="病假", actor=leader.actor, at=NOON)
        assert Case.objects.get(pk=made.pk).holder_id == world.window.user.pk
        assert Message.objects.filter(user=world.window2.user, title__contains="移交").exists()
        with pytest.raises(errors.NotYourStep):
            act(made, "refuse", leader, reason="x")
        page = leader.client().get(f"/cases/{made.pk}/").content.decode()
        assert "移交" in page

    def test_a_form_that_names_nobody_gives_nothing_back(self, world):
        made = case(world)
        services.claim(case_id=made.pk, actor=world.window.actor, at=NOON)
        answer = world.window.client().post(f"/cases/{made.pk}/hand-over", {"to": "abc", "reason": "休假"})
        assert answer.status_code == 422
        assert Case.objects.get(pk=made.pk).holder_id == world.window.user.pk


class TestHooks:
    def test_what_a_first_step_brings_about_happens_when_the_case_is_opened(self, world, monkeypatch):
        seen = []
        hooks = {"apply": lambda *, case, actor, at: seen.append((case.number, actor.user_id))}
        monkeypatch.setitem(declared.PROCEDURES, PROCEDURE.key, replace(PROCEDURE, on_enter=hooks))
        made = case(world)
        assert seen == [(made.number, world.window.user.pk)]


class TestOldProcedures:
    def test_a_step_that_is_no_more_is_told_as_such_and_the_case_may_still_be_withdrawn(self, world, monkeypatch):
        made = case(world)
        steps = tuple(replace(s, key="intake") if s.key == "apply" else s for s in PROCEDURE.steps)
        steps = tuple(
            replace(
                s,
                actions=tuple(replace(a, to="intake") if a.to == "apply" else a for a in s.actions),
                apart_from=("intake",) if s.apart_from else (),
            )
            for s in steps
        )
        monkeypatch.setitem(declared.PROCEDURES, PROCEDURE.key, replace(PROCEDURE, steps=steps))
        for do in (
            lambda: act(made, "accept", world.window),
            lambda: attached(made, world.window),
            lambda: services.claim(case_id=made.pk, actor=world.window.actor, at=NOON),
        ):
            with pytest.raises(errors.StepGone):
                do()
        assert world.window.client().get(f"/cases/{made.pk}/").status_code == 200
        assert [a.key for a in services.allowed_actions(made, actor=world.window.actor, at=NOON)] == ["withdraw"]
        act(made, "withdraw", world.window)
        made.refresh_from_db()
        assert made.state == "withdrawn"


class TestArchive:
    def test_names_of_files_lead_nowhere_else_and_erased_ones_are_named(self, world):
        import zipfile
        from io import BytesIO

        from ronghe.kernel.files import services as files

        made = case(world)
        one = attached(made, world.window, name="..\\..\\证明.pdf")
        gone = attached(made, world.window, "photo", content=PDF + b"2")
        act(made, "refuse", world.window, reason="不属本镇")
        files.erase(digest=gone.blob_id, actor=SYSTEM, at=NOON)
        package = services.build_archive(case_id=made.pk, actor=SYSTEM, at=NOON)
        with zipfile.ZipFile(BytesIO(files.content(package.blob_id))) as found:
            names = found.namelist()
            assert not any("\\" in name or ".." in name for name in names)
            assert any("已销毁" in name for name in names)
            assert "事件.json" in names
        assert one.file_name == "证明.pdf"


def test_a_case_is_withdrawn_on_its_page_only_by_whoever_writes_the_word(world):
    made = case(world)
    browser = world.window.client()
    page = f"/cases/{made.pk}/act"
    assert browser.post(page, {"action": "withdraw", "seen": "0"}).status_code == 422
    assert browser.post(page, {"action": "withdraw", "seen": "0", "word": "撤回"}).status_code == 302
    assert Case.objects.get(pk=made.pk).state == "withdrawn"


@pytest.mark.parametrize("address", ["/cases/?sort=due&cursor=x", "/cases/all/?text=%00", "/cases/all/?state=x"])
def test_nonsense_in_an_address_is_no_fault_of_ours(world, address):
    assert world.window.client().get(address).status_code < 500


def test_a_stranger_sees_no_file_of_a_case(world):
    made = case(world)
    found = attached(made, world.window)
    for address in (f"/cases/{made.pk}/", f"/cases/{made.pk}/materials/{found.pk}/", f"/cases/{made.pk}/archive.zip"):
        assert Client().get(address).status_code == 302
        assert world.elsewhere.client().get(address).status_code == 404
    other = case(world)
    assert world.window.client().get(f"/cases/{other.pk}/materials/{found.pk}/").status_code == 404
