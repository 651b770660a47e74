"""Joint meetings: what is stuck comes before one, what is decided becomes a task, and nothing out of its order."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.governance import services
from ronghe.governance.errors import (
    AlreadyOnAgenda,
    MeetingIncomplete,
    MeetingNotFound,
    MeetingNotInState,
)
from ronghe.governance.models import AgendaItem, Assignment, Meeting, Task
from ronghe.governance.queries.basis import COORDINATION, stated
from ronghe.governance.queries.meetings import stuck_tasks
from ronghe.governance.rules.ledger import Light
from ronghe.governance.rules.meetings import Situation, Unanswered, rank, why_stuck
from ronghe.kernel import clock
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.inbox.models import Message
from ronghe.mechanisms.casework import services as casework
from tests.people import person

from . import ledgers
from .ledgers import DUE, GAOQING, JINAN, ZIBO, after, of_unit


class TestStuck:
    def test_a_task_is_stuck_for_every_reason_that_it_has_the_most_urgent_first(self):
        about = Situation(
            Light.OVERDUE, "期限 2026-06-10，已过 3 天", DUE, trouble="用地指标没有落实", needs_help=True,
            sheets=[Unanswered("红", "市财政局", DUE)], refused_on=DUE,
        )  # fmt: skip
        reasons = why_stuck(about)
        assert [one.kind for one in reasons] == ["overdue", "unanswered", "refused", "help"]
        assert reasons[1].text == "市财政局 红色督办单 2026-06-10 到期未回复"
        assert why_stuck(Situation(Light.NEAR, "")) == ()

    def test_what_was_decided_already_stands_behind_and_the_earlier_deadline_before(self):
        def place(**given):
            about = Situation(Light.OVERDUE, "", **given)
            return rank(about, why_stuck(about))

        first, second = place(due=DUE), place(due=DUE + timedelta(days=1))
        assert first < second < place(due=DUE, was_decided=True)
        behind = Situation(Light.BEHIND, "", DUE)
        assert second < rank(behind, why_stuck(behind))


@pytest.fixture
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def jinan(packs, _storage):
    return ledgers.kept(person(Role.ZONE_OFFICE, JINAN), person(Role.LEADER, JINAN))


def called(jinan, day=60, at=50) -> Meeting:
    on = legal_day(after(day))
    return services.call_meeting(
        zone=jinan.zone, on=on, place="市民中心", convener="领导小组办公室", actor=jinan.office.actor, at=after(at)
    )


def held(jinan, meeting, decided, day=60):
    given = {"attendance": "市发展改革委 张三\n市财政局 李四", "opening": "会议研究了卡点任务。"}
    actor = jinan.office.actor
    services.notify_meeting(meeting_id=meeting.pk, actor=actor, at=after(50))
    return services.hold_meeting(meeting_id=meeting.pk, decided=decided, actor=actor, at=after(day), **given)


@pytest.mark.django_db
class TestMeeting:
    def test_what_is_stuck_is_proposed_with_its_reasons_once(self, jinan):
        task, lead = ledgers.signed(jinan)
        assert stuck_tasks(jinan.zone, day=legal_day(after(5))) == []
        services.report_progress(
            task_id=task.pk, on=legal_day(after(6)), percent=10, text="起草", trouble="缺用地指标", needs_help=True,
            actor=lead, at=after(6),
        )  # fmt: skip
        services.issue_sheet(
            task_id=task.pk, unit_id=lead.org_unit_id, rank=1, matter="滞后", demand="赶上", actor=jinan.office.actor, at=after(20)
        )  # fmt: skip
        case = services.ask_extension(
            task_id=task.pk, until=DUE + timedelta(days=9), reason="招标", actor=lead, at=after(21)
        )
        casework.act(case_id=case.pk, action="refuse", seen=None, reason="理由不足", actor=jinan.leader.actor, at=after(22))  # fmt: skip
        (one,) = stuck_tasks(jinan.zone, day=legal_day(after(50)))
        assert [reason.kind for reason in one.reasons] == ["unanswered", "refused", "help", "behind"]
        meeting = called(jinan)
        assert services.propose_agenda(meeting_id=meeting.pk, actor=jinan.office.actor, at=after(50)) == 1
        assert services.propose_agenda(meeting_id=meeting.pk, actor=jinan.office.actor, at=after(50)) == 0
        item = meeting.items.get()
        assert "请求协调：缺用地指标" in item.situation
        assert "延期申请未获同意" in item.situation
        with pytest.raises(AlreadyOnAgenda):
            services.add_item(meeting_id=meeting.pk, task_id=task.pk, actor=jinan.office.actor, at=after(51))

    def test_the_agenda_is_ordered_reworded_and_shortened(self, jinan):
        meeting, given = called(jinan), {"actor": jinan.office.actor, "at": after(51)}
        a, b, c = (services.add_item(meeting_id=meeting.pk, matter=name, **given).pk for name in ("甲", "乙", "丙"))
        services.reorder_items(meeting_id=meeting.pk, item_ids=[c, a], **given)
        services.change_item(meeting_id=meeting.pk, item_id=a, matter="甲事", situation="有争议", **given)
        services.remove_item(meeting_id=meeting.pk, item_id=c, **given)
        rows = AgendaItem.objects.filter(meeting=meeting).order_by("order")
        assert list(rows.values_list("pk", "order", "matter")) == [(a, 1, "甲事"), (b, 2, "乙")]

    def test_from_a_stuck_task_to_a_new_one_by_the_minutes(self, jinan):
        task, lead = ledgers.signed(jinan)
        meeting, office = called(jinan), jinan.office.actor
        services.propose_agenda(meeting_id=meeting.pk, actor=office, at=after(50))
        other = services.add_item(meeting_id=meeting.pk, matter="明年安排", actor=office, at=after(50))
        item = meeting.items.get(task=task)
        helper = jinan.of("cooperating")[0]
        due = legal_day(after(120))
        decided = [
            services.Decided(item.pk, "由市财政局落实周转指标。专班跟踪。", helper, due),
            services.Decided(other.pk, "原则同意。"),
        ]
        held(jinan, meeting, decided)
        assert Message.objects.filter(user=lead.user_id, title__startswith="联席会议通知").count() == 1
        done = services.issue_minutes(meeting_id=meeting.pk, actor=jinan.leader.actor, at=after(61))
        assert services.issue_minutes(meeting_id=meeting.pk, actor=office, at=after(62)).paper_id == done.paper_id
        assert (done.state, done.paper.title) == ("minuted", "联席会议纪要")
        item.refresh_from_db()
        made = item.made
        assert (made.title, made.state, made.due, made.chapter) == (
            "由市财政局落实周转指标",
            "issued",
            due,
            task.chapter,
        )
        assert list(made.units.values_list("unit_id", flat=True)) == [helper]
        assert Task.objects.filter(decided_by__meeting=meeting).count() == 1
        services.keep_ledger(zone=jinan.zone, at=after(63))  # what a meeting decided stays, though no clause orders it
        made.refresh_from_db()
        assert made.state == "issued"
        again = called(jinan, day=80, at=70)
        (one,) = stuck_tasks(jinan.zone, day=legal_day(after(70)))
        assert one.was_decided
        assert again.number == 2

    def test_what_comes_out_of_its_order_is_refused(self, jinan):
        meeting, given = called(jinan), {"actor": jinan.office.actor}
        words = {"attendance": "各单位", "opening": "开会"}
        with pytest.raises(MeetingIncomplete, match="至少一项议题"):
            services.notify_meeting(meeting_id=meeting.pk, at=after(50), **given)
        with pytest.raises(MeetingNotInState, match="先通知"):
            services.hold_meeting(meeting_id=meeting.pk, at=after(60), **words, **given)
        with pytest.raises(MeetingNotInState, match="先记录"):
            services.issue_minutes(meeting_id=meeting.pk, at=after(60), **given)
        item = services.add_item(meeting_id=meeting.pk, matter="甲", at=after(50), **given)
        services.notify_meeting(meeting_id=meeting.pk, at=after(50), **given)
        with pytest.raises(MeetingNotInState, match="定于"):
            services.hold_meeting(meeting_id=meeting.pk, at=after(59), **words, **given)
        unit = Assignment.objects.filter(task__zone="jinan")[0].unit_id
        for one, lacking in (
            (services.Decided(item.pk, "", unit, DUE), "议定事项"),
            (services.Decided(item.pk, "办", None, DUE), "落实单位"),
            (services.Decided(item.pk, "办", unit, None), "完成期限"),
            (services.Decided(item.pk, "办", unit, legal_day(after(60))), "今天以后"),
        ):
            with pytest.raises(MeetingIncomplete, match=lacking):
                services.hold_meeting(meeting_id=meeting.pk, decided=[one], at=after(60), **words, **given)
        services.hold_meeting(meeting_id=meeting.pk, at=after(60), **words, **given)
        with pytest.raises(MeetingIncomplete, match="第 1 项议题的议定事项"):
            services.issue_minutes(meeting_id=meeting.pk, at=after(60), **given)
        with pytest.raises(MeetingNotInState):
            services.cancel_meeting(meeting_id=meeting.pk, reason="改期", at=after(60), **given)
        with pytest.raises(MeetingNotInState):
            services.add_item(meeting_id=meeting.pk, matter="乙", at=after(60), **given)

    def test_whoever_was_notified_hears_of_another_day_and_of_the_end(self, jinan):
        _, lead = ledgers.signed(jinan)
        meeting, office = called(jinan), jinan.office.actor
        services.propose_agenda(meeting_id=meeting.pk, actor=office, at=after(50))
        services.notify_meeting(meeting_id=meeting.pk, actor=office, at=after(50))
        moved = {"title": meeting.title, "on": legal_day(after(65)), "place": "市民中心", "convener": "办公室"}
        services.change_meeting(meeting_id=meeting.pk, actor=office, at=after(51), **moved)
        services.cancel_meeting(meeting_id=meeting.pk, reason="另行安排", actor=office, at=after(52))
        told = Message.objects.filter(user=lead.user_id, href=f"/office/meetings/{meeting.pk}/").order_by("pk")
        assert [m.title.partition("：")[0] for m in told] == ["联席会议通知", "联席会议改期改址", "联席会议取消"]

    @pytest.mark.usefixtures("packs", "_storage")
    def test_a_county_unit_sees_the_meeting_it_was_notified_of_and_nobody_else_does(self):
        zibo = ledgers.kept(person(Role.ZONE_OFFICE, ZIBO), person(Role.LEADER, ZIBO), slug="zibo")
        row = Assignment.objects.filter(unit__division=GAOQING, task__zone="zibo").order_by("task__order")[0]
        unit = of_unit(row.unit_id, Role.DEPARTMENT, GAOQING).actor
        meeting, office = called(zibo), zibo.office.actor
        services.add_item(meeting_id=meeting.pk, task_id=row.task_id, actor=office, at=after(50))

        def seen(actor):
            return Meeting.objects.visible_to(actor).filter(pk=meeting.pk).exists()

        assert not seen(unit)
        services.notify_meeting(meeting_id=meeting.pk, actor=office, at=after(50))
        assert seen(unit)
        assert not seen(person(Role.DEPARTMENT, GAOQING).actor)
        with pytest.raises(Forbidden):
            services.cancel_meeting(meeting_id=meeting.pk, reason="x", actor=unit, at=after(51))
        other = person(Role.ZONE_OFFICE, "370200000000").actor
        with pytest.raises(MeetingNotFound):
            services.cancel_meeting(meeting_id=meeting.pk, reason="x", actor=other, at=after(51))

    def test_the_documents_say_who_calls_a_meeting(self, jinan):
        found = stated(jinan.zone, COORDINATION, on=DUE, actor=jinan.office.actor)
        assert [(one.title, one.value) for one in found][:2] == [
            ("统筹协调机构", "工作专班"),
            ("统筹协调机构由谁召集或组建", "领导小组办公室"),
        ]
        assert found[0].cites[0].label == "济南 九(二)"


@pytest.mark.django_db
class TestPages:
    """The pages read the real clock: the meeting is held today."""

    def test_a_meeting_is_called_prepared_held_and_minuted_on_its_pages(self, jinan):
        ledgers.signed(jinan)  # long overdue by now
        office, leader = jinan.office.client(), jinan.leader.client()
        today = legal_day(clock.now())
        form = office.get("/office/meetings/new").content.decode()
        assert "领导小组办公室" in form
        given = {"zone": "jinan", "on": today.isoformat(), "place": "市民中心", "convener": "领导小组办公室"}
        assert office.post("/office/meetings/new", {**given, "place": ""}).status_code == 422
        assert office.post("/office/meetings/new", given).status_code == 302
        meeting = Meeting.objects.get()
        address = f"/office/meetings/{meeting.pk}/"
        page = office.get(address).content.decode()
        assert "卡点任务" in page
        assert "已逾期" in page
        assert "九(二)" in page  # who calls it, by the document
        act = f"{address}act"
        assert office.post(act, {"act": "propose"}).status_code == 302
        assert office.post(act, {"act": "add", "matter": "明年安排"}).status_code == 302
        first, second = meeting.items.order_by("order")
        office.post(act, {"act": "up", "item": second.pk})
        assert [i.pk for i in meeting.items.order_by("order")] == [second.pk, first.pk]
        office.post(act, {"act": "down", "item": second.pk})
        office.post(act, {"act": "change", "item": second.pk, "matter": "明年的安排", "situation": "须预算"})
        assert office.post(act, {"act": "remove", "item": "999999"}).status_code == 404
        assert office.post(f"{address}edit", {**given, "title": "第一次会议", "place": "政府"}).status_code == 302
        refused = office.post(f"{address}issue")
        assert refused.status_code == 409
        assert "须先记录会议情况" in refused.content.decode()
        assert office.post(act, {"act": "notify"}).status_code == 302
        unit = jinan.of("cooperating")[0]
        said = {
            "attendance": "市财政局 李四", "opening": "研究了议题。", f"decision-{first.pk}": "由市财政局落实资金。",
            f"unit-{first.pk}": str(unit), f"due-{first.pk}": (today + timedelta(days=30)).isoformat(),
            f"decision-{second.pk}": "原则同意。",
        }  # fmt: skip
        late = office.post(f"{address}hold", {**said, f"due-{first.pk}": today.isoformat()})
        assert late.status_code == 422
        assert "今天以后的完成期限" in late.content.decode()
        assert office.post(f"{address}hold", said).status_code == 302
        assert office.get(f"{address}minutes.pdf").content.startswith(b"%PDF")
        assert "1 项议定事项立即成为任务" in leader.get(address).content.decode()
        assert leader.post(f"{address}issue").status_code == 302
        first.refresh_from_db()
        assert first.made.state == "issued"
        page = office.get(address).content.decode()
        assert "形成的任务" in page
        assert meeting.zone.short in office.get("/office/meetings/").content.decode()

    def test_other_offices_and_other_posts_are_kept_out(self, jinan):
        address = f"/office/meetings/{called(jinan).pk}/"
        elsewhere = person(Role.ZONE_OFFICE, "370200000000").client()
        department = person(Role.DEPARTMENT, JINAN).client()
        for tail in ("", "edit", "hold", "minutes.pdf"):
            assert elsewhere.get(address + tail).status_code == 404
        assert department.get(address).status_code == 200
        assert department.get(f"{address}hold").status_code == 403
        assert department.post(f"{address}act", {"act": "propose"}).status_code == 403
        assert jinan.leader.client().post(f"{address}act", {"act": "propose"}).status_code == 403

    def test_a_page_costs_the_same_whatever_the_agenda_holds(self, jinan):
        meeting, browser = called(jinan), jinan.office.client()
        browser.get("/help/")

        def asked() -> int:
            with CaptureQueriesContext(connection) as found:
                assert browser.get(f"/office/meetings/{meeting.pk}/").status_code == 200
            return len(found)

        few = asked()
        for task in Task.objects.filter(zone="jinan")[:8]:
            services.add_item(meeting_id=meeting.pk, task_id=task.pk, actor=jinan.office.actor, at=after(50))
        assert asked() <= few + 2
