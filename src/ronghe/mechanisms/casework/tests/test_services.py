"""A case on its way: who may do what, what must be there, what is recorded and brought about."""

from datetime import date, timedelta

import pytest

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories as accounts
from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.audit.models import Event
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.files.errors import FileKindRefused, FileLies, FileTooLarge
from ronghe.kernel.inbox.models import Message
from ronghe.mechanisms.casework import errors, services
from ronghe.mechanisms.casework.models import Case, Decision, Material

from .factories import NOON, PDF, act, at_notice, attached, case, ended

DAY = timedelta(days=1)


def test_numbers_follow_each_other_without_gaps_by_division_and_year(world):
    one = case(world)
    with pytest.raises(errors.CaseIncomplete):
        case(world, title="  ")
    two, next_year = case(world), case(world, at=NOON.replace(year=2027))
    assert [c.number for c in (one, two, next_year)] == [
        "试登〔2026〕370322001-0001号",
        "试登〔2026〕370322001-0002号",
        "试登〔2027〕370322001-0001号",
    ]


def test_a_case_goes_its_whole_way_and_brings_about_what_its_end_says(world):
    made = case(world)
    attached(made, world.window)
    act(made, "accept", world.window, seen=0)
    act(made, "approve", world.bureau, seen=1)
    assert services.end_due_notices(at=NOON) == 0
    assert services.end_due_notices(at=NOON + 40 * DAY) == 1
    made.refresh_from_db()
    assert (made.state, made.step, made.moves) == ("done", "done", 3)
    assert ended == [(made.number, "done")]
    assert list(made.decisions.values_list("from_step", "action", "to_step")) == [
        ("apply", "accept", "review"),
        ("review", "approve", "notice"),
        ("notice", "enter", "done"),
    ]
    assert made.decisions.get(number=2).ruling["steps"][0]["finding"] == "面积 180 m²，上限 200 m²"
    verbs = Event.objects.filter(subject_id=str(made.pk)).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["casework.case.opened", "casework.material.attached", *["casework.case.moved"] * 3]
    assert services.end_due_notices(at=NOON + 41 * DAY) == 0


def test_whoever_must_act_next_is_told(world):
    made = case(world)
    told = Message.objects.order_by("pk").values_list("user_id", "title")
    assert list(told) == [(world.window2.user.pk, "张家宅基地登记：受理")]
    attached(made, world.window)
    act(made, "accept", world.window)
    assert set(told.filter(title__endswith="审核").values_list("user_id", flat=True)) == {
        world.bureau.user.pk,
        world.bureau2.user.pk,
    }


def test_nothing_goes_on_without_its_materials(world):
    made = case(world)
    with pytest.raises(errors.MaterialMissing, match="权属来源证明"):
        act(made, "accept", world.window)
    found = attached(made, world.window)
    assert attached(made, world.window) == found
    services.remove_material(case_id=made.pk, material_id=found.pk, actor=world.window.actor, at=NOON)
    with pytest.raises(errors.MaterialMissing):
        act(made, "accept", world.window)
    attached(made, world.window)
    act(made, "accept", world.window)
    assert Material.objects.filter(case=made).count() == 2


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (b"MZ\x90\0", "证明.pdf", FileLies),
        (b"a,b", "证明.csv", FileKindRefused),
        (PDF + b"x" * (20 * 2**20), "证明.pdf", FileTooLarge),
    ],
)
def test_a_file_that_lies_or_is_too_large_is_not_attached(world, content, name, error):
    made = case(world)
    with pytest.raises(error):
        attached(made, world.window, content=content, name=name)
    assert not Material.objects.exists()


def test_a_material_that_the_step_does_not_ask_for_is_refused(world):
    with pytest.raises(errors.MaterialUnknown):
        attached(case(world), world.window, "contract")


def test_a_gate_lets_nobody_through_whose_facts_fail_or_are_missing(world):
    for area, finding in ((201, "面积 201 m²，上限 200 m²"), (None, "缺少面积")):
        made = case(world, area=area)
        attached(made, world.window)
        act(made, "accept", world.window)
        with pytest.raises(errors.GateClosed, match=finding):
            act(made, "approve", world.bureau)
        assert Case.objects.get(pk=made.pk).step == "review"


def test_a_return_needs_a_reason_and_names_what_must_come_anew(world):
    made = case(world)
    with pytest.raises(errors.ReasonMissing):
        act(made, "give_back", world.window, reason=" ")
    done = act(made, "give_back", world.window, reason="证明缺页", mend=["source", "nonsense"])
    assert (done.reason, done.mend, Case.objects.get(pk=made.pk).step) == ("证明缺页", ["source"], "mend")


def test_another_post_another_place_and_another_holder_are_refused(world):
    made = case(world)
    with pytest.raises(errors.NotYourStep, match="镇办窗口"):
        act(made, "accept", world.bureau)
    with pytest.raises(errors.CaseNotFound):
        act(made, "accept", world.elsewhere)
    with pytest.raises(errors.CaseNotFound):
        services.act(
            case_id=made.pk, action="accept", seen=None, actor=Actor(1, Role.AUDITOR, 1, accounts.CITY), at=NOON
        )
    services.claim(case_id=made.pk, actor=world.window2.actor, at=NOON)
    with pytest.raises(errors.HeldByAnother):
        attached(made, world.window)


def test_whoever_did_the_first_step_may_not_review(world):
    both = world.window.user
    post = accounts.post(Role.DEPARTMENT, of=both, division=accounts.COUNTY)
    made = case(world)
    attached(made, world.window)
    act(made, "accept", world.window)
    with pytest.raises(errors.SamePerson, match="受理"):
        services.act(case_id=made.pk, action="approve", seen=None, actor=accounts.actor(post), at=NOON)


def test_an_action_of_another_step_or_of_a_job_is_refused_with_those_that_may_be_done(world):
    made = case(world)
    with pytest.raises(errors.ActionUnknown, match="受理申请、退回补正、不予受理"):
        act(made, "approve", world.window)
    told = at_notice(world)
    with pytest.raises(errors.ActionUnknown):
        act(told, "enter", world.bureau)


def test_what_somebody_saw_before_another_acted_is_refused_and_says_who_did(world):
    made = case(world)
    act(made, "give_back", world.window, reason="证明缺页", seen=0)
    with pytest.raises(errors.CaseMoved, match="退回补正"):
        act(made, "refuse", world.window2, reason="同上", seen=0)
    assert Decision.objects.count() == 1


def test_whoever_opened_may_withdraw_until_the_end_and_nobody_else(world):
    made = case(world)
    with pytest.raises(errors.NotYourStep):
        act(made, "withdraw", world.window2)
    act(made, "withdraw", world.window)
    assert Case.objects.get(pk=made.pk).state == "withdrawn"
    with pytest.raises(errors.CaseClosed):
        act(made, "withdraw", world.window)


def test_only_the_posts_that_open_it_open_it_and_only_where_they_reach(world):
    with pytest.raises(errors.MayNotOpen, match="镇办窗口"):
        services.open_case("tests.homestead", title="x", division=accounts.TOWN, actor=world.bureau.actor, at=NOON)
    with pytest.raises(Forbidden):
        services.open_case("tests.homestead", title="x", division=accounts.OTHER, actor=world.window.actor, at=NOON)
    with pytest.raises(errors.ProcedureUnknown):
        services.open_case("tests.none", title="x", division=accounts.TOWN, actor=world.window.actor, at=NOON)


def test_a_farmer_sees_and_mends_the_own_case_only(world):
    party = accounts.party()
    mine = accounts.mandate(party=party)
    farmer = Actor(mine.user_id, Role.SELF, on_behalf_of_id=party.pk)
    made = services.open_case("tests.homestead", title="李家", division=accounts.TOWN, actor=farmer, at=NOON)
    other = case(world)
    assert list(Case.objects.visible_to(farmer)) == [made]
    assert made.applicant_id == party.pk
    act(made, "give_back", world.window, reason="缺页")
    assert Message.objects.filter(user_id=mine.user_id, title__contains="补正").exists()
    services.attach(case_id=made.pk, key="source", content=PDF, name="证明.pdf", actor=farmer, at=NOON)
    services.act(case_id=made.pk, action="hand_in", seen=1, actor=farmer, at=NOON)
    with pytest.raises(errors.CaseNotFound):
        services.act(case_id=other.pk, action="hand_in", seen=None, actor=farmer, at=NOON)


def test_a_case_is_handed_to_whoever_may_act_and_told_so(world):
    made = case(world)
    with pytest.raises(errors.HandoverRefused, match="镇办窗口"):
        services.hand_over(
            case_id=made.pk, to_user_id=world.bureau.user.pk, reason="休假", actor=world.window.actor, at=NOON
        )
    with pytest.raises(errors.ReasonMissing):
        services.hand_over(
            case_id=made.pk, to_user_id=world.window2.user.pk, reason="", actor=world.window.actor, at=NOON
        )
    services.hand_over(
        case_id=made.pk, to_user_id=world.window2.user.pk, reason="休假", actor=world.window.actor, at=NOON
    )
    assert Case.objects.get(pk=made.pk).holder_id == world.window2.user.pk
    assert Message.objects.filter(user=world.window2.user, title__contains="移交给您").exists()
    services.hand_over(case_id=made.pk, to_user_id=None, reason="放回", actor=world.window2.actor, at=NOON)
    assert Case.objects.get(pk=made.pk).holder_id is None


class TestDeadlines:
    def test_working_days_count_from_the_day_after_the_step_began(self, world):
        made = case(world)  # Sunday 2026-11-22; five working days end on Friday
        assert (made.due, made.due_is_provisional) == (date(2026, 11, 27), True)

    def test_a_year_that_is_announced_later_moves_what_rested_on_it(self, world):
        from ronghe.policy.models import SpecialDay

        made = case(world, at=NOON.replace(month=12, day=30))  # 31 Dec; 1 Jan is a fixed holiday; 4, 5, 6, 7 Jan
        assert (made.due, made.due_is_provisional) == (date(2027, 1, 7), True)
        for day, kind in ((date(2027, 1, 4), "holiday"), (date(2026, 10, 1), "holiday")):
            SpecialDay.objects.create(
                day=day,
                kind=kind,
                name="元旦",
                source="试验",
                origin="local",
                author=world.bureau.user,
                recorded_at=NOON,
            )
        assert services.recount_deadlines(at=NOON) == 1
        made.refresh_from_db()
        assert (made.due, made.due_is_provisional) == (date(2027, 1, 7), False)

    def test_people_are_reminded_once_before_and_once_after(self, world):
        made = case(world)
        assert services.remind(at=NOON) == 0
        assert services.remind(at=NOON + 3 * DAY) == 1  # Wednesday
        assert services.remind(at=NOON + 4 * DAY) == 0
        assert services.remind(at=NOON + 7 * DAY) == 1  # Sunday, two days over
        assert services.remind(at=NOON + 9 * DAY) == 0
        titles = Message.objects.filter(user=world.window2.user).order_by("pk").values_list("title", flat=True)
        assert [t.rpartition("：")[2] for t in titles] == ["受理", "即将到期", "已超过办理期限"]
        assert made.pk


class TestObjections:
    def test_an_objection_pauses_the_case_and_its_answer_lets_it_go_on(self, world):
        made = at_notice(world)
        notice = made.notices.get()
        assert notice.last_day == date(2026, 12, 11)  # fifteen working days after Sunday 22 Nov
        later = NOON + 5 * DAY
        given = services.object_to(
            notice_id=notice.pk, name="王某", contact="13800000000", text="边界有争议", actor=SYSTEM, at=later
        )
        made.refresh_from_db()
        assert (made.state, made.paused_on) == ("paused", date(2026, 11, 27))
        assert b"13800000000" not in bytes(given.contact)
        assert services.end_due_notices(at=NOON + 60 * DAY) == 0
        with pytest.raises(errors.ReasonMissing):
            services.answer_objection(
                objection_id=given.pk, upheld=False, answer="", actor=world.bureau.actor, at=later
            )
        services.answer_objection(
            objection_id=given.pk, upheld=False, answer="已实地核实", actor=world.bureau.actor, at=NOON + 15 * DAY
        )
        made.refresh_from_db()
        notice.refresh_from_db()
        # ten working days were left on 27 Nov; they are counted from Monday 7 Dec
        assert (made.state, notice.last_day) == ("open", date(2026, 12, 21))
        with pytest.raises(errors.ObjectionAnswered):
            services.answer_objection(
                objection_id=given.pk, upheld=True, answer="改", actor=world.bureau.actor, at=later
            )

    def test_after_its_last_day_nobody_objects(self, world):
        notice = at_notice(world).notices.get()
        with pytest.raises(errors.NoticeOver):
            services.object_to(notice_id=notice.pk, name="王", contact="1", text="x", actor=SYSTEM, at=NOON + 20 * DAY)

    def test_an_objection_without_a_name_says_what_is_missing(self, world):
        notice = at_notice(world).notices.get()
        with pytest.raises(errors.ObjectionInvalid, match="姓名或名称、异议内容"):
            services.object_to(notice_id=notice.pk, name="", contact="1", text=" ", actor=SYSTEM, at=NOON)

    def test_a_paused_case_may_be_returned_but_not_go_on(self, world):
        made = at_notice(world)
        services.object_to(notice_id=made.notices.get().pk, name="王", contact="1", text="x", actor=SYSTEM, at=NOON)
        with pytest.raises(errors.CasePaused):
            services.act(case_id=made.pk, action="enter", seen=None, actor=SYSTEM, at=NOON)
        act(made, "return", world.bureau, reason="异议成立")
        made.refresh_from_db()
        assert (made.state, made.step, made.notices.get().ended_at) == ("open", "review", NOON)


class TestArchive:
    def test_a_closed_case_is_filed_whole_and_equal_each_time(self, world):
        import json
        import zipfile
        from io import BytesIO

        from ronghe.kernel.files import services as files

        made = case(world)
        with pytest.raises(errors.CaseStillOpen):
            services.file_case(case_id=made.pk, actor=world.window.actor, at=NOON)
        attached(made, world.window)
        act(made, "refuse", world.window, reason="不属本镇")
        one = services.build_archive(case_id=made.pk, actor=SYSTEM, at=NOON)
        assert services.build_archive(case_id=made.pk, actor=SYSTEM, at=NOON + DAY) == one
        with zipfile.ZipFile(BytesIO(files.content(one.blob_id))) as package:
            listing = json.loads(package.read("目录.json"))
            names = {part["name"] for part in listing["parts"]}
            assert any(name.startswith("材料/") for name in names)
            assert "处理记录.xlsx" in names
            assert names | {"目录.json"} == set(package.namelist())
