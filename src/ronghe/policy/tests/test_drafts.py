"""A plan that the platform has never seen becomes a zone, and a revision of it keeps what hangs on its tasks."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronghe.kernel import clock
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.models import Event
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.files.errors import FileKindRefused, FileLies
from ronghe.kernel.jobs.models import Job
from ronghe.kernel.jobs.services import run_here
from ronghe.policy import draft_values
from ronghe.policy.drafting import checks
from ronghe.policy.models import DraftChange, OrderedTask, PlanDraft, PolicyDocument, Zone
from ronghe.policy.reader import read_plan
from ronghe.policy.reader.stored import reading_of
from ronghe.policy.revising import differences
from ronghe.policy.services import drafts
from tests.people import person
from tests.plans import ZHANGQIU, ZHANGQIU_REVISED

from .factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]
JINAN, ZHANGQIU_CODE = "370100000000", "370114000000"


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office() -> Actor:
    return person(Role.ZONE_OFFICE, JINAN).actor


def taken(text: str, by: Actor, name: str = "章丘方案.txt") -> PlanDraft:
    made = drafts.take_plan(content=text.encode(), name=name, actor=by, at=NOON)
    run_here(made.job_id)
    made.refresh_from_db()
    return made


def correct(draft: PlanDraft, by: Actor, target: str, key: str, field: str, value, reason: str = "") -> DraftChange:
    return drafts.correct(
        draft_id=draft.pk, target=target, key=key, field=field, value=value, reason=reason, actor=by, at=NOON
    )


def settled(draft: PlanDraft, by: Actor) -> PlanDraft:
    """Everything that must be settled before a draft is confirmed."""
    here = drafts.current_of(draft)
    for one in here.tasks:
        if one.wants_a_look:
            correct(draft, by, "task", one.key, "looked", True)
        if not one.room:
            correct(draft, by, "task", one.key, "room", "GOV")
    for name, unit in here.units.items():
        if not unit.is_known:
            members = list(unit.members) or (["division:370114101000"] if unit.kind == "group" else [])
            correct(draft, by, "unit", name, "choice", {"kind": unit.kind, "level": "county", "members": members})
    for written, area in here.areas.items():
        if not area.is_decided:
            correct(draft, by, "area", written, "choice", {"divisions": [ZHANGQIU_CODE], "part": True})
    for doubt in here.doubts:
        if not doubt.settled:
            correct(draft, by, "doubt", doubt.key, "settled", "已核对原文")
    return draft


def confirmed(text: str, by: Actor) -> PlanDraft:
    draft = settled(taken(text, by), by)
    drafts.confirm_draft(draft_id=draft.pk, actor=by, at=NOON)
    draft.refresh_from_db()
    return draft


def test_a_stored_reading_is_the_reading():
    reading = read_plan(ZHANGQIU)
    assert len(reading.tasks) == 5
    assert reading_of(reading.to_json()) == reading


def test_a_plan_is_read_in_the_background_with_suggestions(office):
    draft = taken(ZHANGQIU, office)
    here = drafts.current_of(draft)
    assert draft.state == "checking"
    assert [one.label for one in here.tasks] == ["二(一)1", "二(一)2", "二(二)1", "二(二)2", "三(一)"]
    assert (here.zone.seat, here.zone.title, here.zone.mode) == (ZHANGQIU_CODE, "章丘区城乡融合发展试验区", "new")
    assert here.areas["全区"].divisions == (ZHANGQIU_CODE,)
    assert here.document.issuer == "济南市章丘区人民政府"
    assert Job.objects.get(pk=draft.job_id).result == {"state": "checking", "tasks": 5}


def test_a_plan_that_cannot_be_read_says_why_and_stays(office):
    draft = taken("\n \n", office)
    assert draft.state == "unreadable"
    assert "没有任何文字" in draft.failure
    with pytest.raises(drafts.DraftNotOpen):
        correct(draft, office, "head", "", "title", "x")


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [(b"MZ\x90", "方案.pdf", FileLies), (b"\x89PNG\r\n\x1a\n", "方案.png", FileKindRefused)],
)
def test_a_file_that_is_no_plan_is_refused_at_the_door(office, content, name, error):
    with pytest.raises(error):
        drafts.take_plan(content=content, name=name, actor=office, at=NOON)
    assert not PlanDraft.objects.exists()


def test_a_draft_becomes_a_zone_with_its_tasks_units_and_areas(office):
    draft = confirmed(ZHANGQIU, office)
    zone = Zone.objects.get(pk="zhangqiu")
    assert (zone.title, zone.seat_id, zone.published) == ("章丘区城乡融合发展试验区", ZHANGQIU_CODE, False)
    tasks = OrderedTask.objects.filter(zone=zone).order_by("order")
    assert [t.clause.label for t in tasks] == ["二(一)1", "二(一)2", "二(二)1", "二(二)2", "三(一)"]
    first = tasks[0]
    assert [(u.duty, u.unit.name) for u in first.units.all()] == [
        ("cooperating", "区农业农村局"),
        ("cooperating", "区财政局"),
        ("lead", "区自然资源局"),
    ]
    assert str(first.due) == "2027-12-31"
    assert draft.zone == zone
    assert Event.objects.filter(verb="policy.draft.confirmed").count() == 1
    drafts.confirm_draft(draft_id=draft.pk, actor=office, at=NOON)
    assert Event.objects.filter(verb="policy.draft.confirmed").count() == 1


def test_a_draft_with_open_questions_is_not_confirmed_and_says_which(office):
    draft = taken(ZHANGQIU, office)
    left = [one.text for one in checks(drafts.current_of(draft)) if not one.ok]
    assert any(text.startswith("还没有对应的单位：区自然资源局") for text in left)
    with pytest.raises(drafts.DraftNotReady, match="还没有对应的单位"):
        drafts.confirm_draft(draft_id=draft.pk, actor=office, at=NOON)
    assert not Zone.objects.filter(pk="zhangqiu").exists()


def test_the_programs_packs_do_not_touch_a_zone_that_a_person_confirmed(office):
    from django.core.management import call_command

    confirmed(ZHANGQIU, office)
    call_command("load_packs", verbosity=0)
    assert OrderedTask.objects.filter(zone="zhangqiu").count() == 5


def test_corrections_are_kept_one_by_one_and_undone(office):
    draft = taken(ZHANGQIU, office)
    before = drafts.current_of(draft)
    one = correct(draft, office, "task", "t0", "lead", "区自然资源局、区财政局")
    correct(draft, office, "task", "t4", "removed", True, reason="是要求，不是任务")
    added = correct(draft, office, "task", "new", "added", {"label": "二(二)2", "title": "完善处置办法"})
    here = drafts.current_of(draft)
    assert here.tasks[0].task.lead == ("区自然资源局", "区财政局")
    assert (one.before, one.value) == (["区自然资源局"], ["区自然资源局", "区财政局"])
    assert [t.label for t in here.kept][-2:] == ["二(二)2", "二(二)2"]
    assert here.kept[-1].task.measure_index == 2
    for number in (one.number, 2, added.number):
        drafts.undo(draft_id=draft.pk, number=number, actor=office, at=NOON)
    assert drafts.current_of(draft) == before
    with pytest.raises(drafts.ChangeNotFound):
        drafts.undo(draft_id=draft.pk, number=1, actor=office, at=NOON)


@pytest.mark.parametrize(
    ("target", "key", "field", "value", "why"),
    [
        ("task", "t0", "title", " ", "不能为空"),
        ("task", "t0", "milestones", "2026-13-01 完成", "不是日期"),
        ("task", "t0", "topic", "99", "没有这个试验任务领域"),
        ("task", "t0", "removed", True, "为什么不是任务"),
        ("task", "t9", "title", "x", "没有“t9”这项任务"),
        ("task", "new", "added", {"label": "九", "title": "x"}, "没有条款“九”"),
        ("unit", "无此局", "choice", {}, "没有“无此局”"),
        ("area", "全区", "choice", {"divisions": "999999000000"}, "没有区划代码 999999000000"),
        ("zone", "", "slug", "大写", "小写英文"),
        ("zone", "", "mode", "x", "请选"),
        ("head", "", "date_made", "去年", "不是日期"),
        ("nothing", "", "x", "x", "没有这种内容"),
    ],
)
def test_a_correction_that_does_not_fit_says_why(office, target, key, field, value, why):
    draft = taken(ZHANGQIU, office)
    with pytest.raises(draft_values.DraftValueInvalid, match=why):
        correct(draft, office, target, key, field, value)


def test_drafts_are_for_the_office_of_their_place_alone(office):
    draft = taken(ZHANGQIU, office)
    for other in (person(Role.ZONE_OFFICE, "370200000000"), person(Role.DEPARTMENT, JINAN)):
        with pytest.raises(drafts.DraftNotFound):
            correct(draft, other.actor, "head", "", "title", "x")
    with pytest.raises(Forbidden):
        correct(draft, office, "zone", "", "seat", "370200000000")


def test_a_new_zone_does_not_take_the_slug_of_another(office):
    draft = settled(taken(ZHANGQIU, office), office)
    with pytest.raises(drafts.ZoneSlugTaken):  # of another city: not even named
        correct(draft, office, "zone", "", "slug", "qingdao")
    correct(draft, office, "zone", "", "slug", "jinan")
    with pytest.raises(drafts.ZoneSlugTaken):
        drafts.confirm_draft(draft_id=draft.pk, actor=office, at=NOON)


class TestRevision:
    def test_the_differences_stand_clause_by_clause(self, office):
        confirmed(ZHANGQIU, office)
        draft = taken(ZHANGQIU_REVISED, office)
        here = drafts.current_of(draft)
        assert (here.zone.mode, here.zone.slug, here.zone.revises) == ("revision", "zhangqiu", "zhangqiu-2026")
        rows = {(row.old_label, row.new_label): row for row in differences(here)}
        assert rows["二(一)2", "二(一)3"].kind == "moved"
        assert rows["", "二(一)2"].kind == "added"
        assert rows["二(二)1", "二(二)1"].kind == "changed"
        assert {f.label: (f.old, f.new) for f in rows["二(二)1", "二(二)1"].facts} == {
            "牵头单位": ("区金融运行中心", "区地方金融局"),
            "完成时限": ("2028年年底", "2029年年底"),
        }
        assert rows["二(一)1", "二(一)1"].kind == "same"

    def test_a_task_keeps_its_number_where_its_clause_is_matched(self, office):
        confirmed(ZHANGQIU, office)
        old = {t.title: t.pk for t in OrderedTask.objects.filter(zone="zhangqiu")}
        draft = settled(taken(ZHANGQIU_REVISED, office), office)
        with pytest.raises(drafts.DraftNotReady, match="二\\(一\\)2→二\\(一\\)3"):
            drafts.confirm_draft(draft_id=draft.pk, actor=office, at=NOON)
        for row in differences(drafts.current_of(draft)):
            if row.kind == "moved":
                correct(draft, office, "match", row.old_label, "label", row.new_label)
        drafts.confirm_draft(draft_id=draft.pk, actor=office, at=NOON)
        now = {t.title: t for t in OrderedTask.objects.filter(zone="zhangqiu")}
        assert {title: now[title].pk for title in old} == old
        moved = next(t for title, t in now.items() if title.startswith("健全收益分配机制"))
        assert moved.clause.label == "二(一)3"
        assert len(now) == 6
        assert PolicyDocument.objects.filter(zone="zhangqiu").count() == 1

    def test_a_revision_names_a_document_of_its_zone(self, office):
        confirmed(ZHANGQIU, office)
        draft = settled(taken(ZHANGQIU_REVISED, office), office)
        correct(draft, office, "zone", "", "revises", "qingdao-2020")
        correct(draft, office, "match", "二(一)2", "label", "")
        with pytest.raises(drafts.DocumentNotOfZone):
            drafts.confirm_draft(draft_id=draft.pk, actor=office, at=NOON)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["t0", "t2", "t4"]), st.sampled_from(["title", "lead", "areas"]), st.text("甲乙丙丁", min_size=1, max_size=6)),
        max_size=6,
    )
)  # fmt: skip
def test_whatever_is_corrected_and_undone_leaves_the_reading(office, given_changes):
    draft = taken(ZHANGQIU, office)
    before = drafts.current_of(draft)
    for key, field, value in given_changes:
        correct(draft, office, "task", key, field, value)
    for change in reversed(list(draft.changes.exclude(target="undo"))):
        drafts.undo(draft_id=draft.pk, number=change.number, actor=office, at=clock.now())
    assert drafts.current_of(draft) == before
