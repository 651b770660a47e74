"""What a person might do to a draft by mistake or on purpose, and what a revision must not lose."""

import pytest
import yaml

from ronghe.kernel.errors import DomainError
from ronghe.kernel.regions.models import OrgUnit
from ronghe.policy import draft_merge
from ronghe.policy.draft_values import DraftValueInvalid
from ronghe.policy.models import OrderedTask, PlanDraft, PolicyDocument, Zone
from ronghe.policy.revising import differences, moved_label
from ronghe.policy.services import drafts
from tests.plans import ZHANGQIU, ZHANGQIU_REVISED

from .factories import NOON
from .test_drafts import ZHANGQIU_CODE, _storage, confirmed, correct, office, settled, taken

__all__ = ["_storage", "office"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


def confirm(draft: PlanDraft, by) -> Zone:
    return drafts.confirm_draft(draft_id=draft.pk, actor=by, at=NOON)


@pytest.mark.parametrize(
    ("target", "key", "field", "value", "why"),
    [
        # the nation's pack would be replaced by a county's
        ("zone", "", "slug", "national", "国家层面"),
        # another city's land is not a zone's to take
        ("zone", "", "divisions", "370200000000", "不在主管区划之内"),
        ("task", "t0", "topic", "²", "没有这个试验任务领域"),
        ("task", "t0", "topic", "0011111", "没有这个试验任务领域"),
        ("task", "t0", "milestones", "2026-12-31", "不能为空"),
        ("head", "", "number", "章政第3号", "六角括号"),
        # what an event cannot name is no field
        ("match", "二(一)2", "新条款", None, "没有这个字段，应当是 label"),
        ("doubt", "x", "", "已核对", "没有这个字段，应当是 settled"),
    ],
)
def test_what_would_break_the_load_is_refused_where_it_is_written(office, target, key, field, value, why):
    draft = taken(ZHANGQIU, office)
    with pytest.raises(DraftValueInvalid, match=why):
        correct(draft, office, target, key, field, value)


def test_values_are_taken_as_chinese_keyboards_write_them(office):
    draft = taken(ZHANGQIU, office)
    correct(draft, office, "head", "", "number", "章政字[2026]3号")
    correct(draft, office, "task", "t0", "milestones", "2026-12-31　完成编制")
    correct(draft, office, "task", "new", "added", {"label": "二（一）", "title": "统筹推进"})
    here = drafts.current_of(draft)
    assert here.document.number == "章政字〔2026〕3号"
    assert [m.text for m in here.task("t0").task.milestones] == ["完成编制"]


def test_an_added_task_stands_where_its_clause_stands(office):
    draft = taken(ZHANGQIU, office)
    for label in ("三(一)", "一", "二(一)", "二(一)1"):
        correct(draft, office, "task", "new", "added", {"label": label, "title": "补上的任务"})
    assert [t.label for t in drafts.current_of(draft).tasks] == [
        "一", "二(一)", "二(一)1", "二(一)1", "二(一)2", "二(二)1", "二(二)2", "三(一)", "三(一)",
    ]  # fmt: skip


def test_saving_what_stands_is_no_correction(office):
    draft = taken(ZHANGQIU, office)
    assert correct(draft, office, "task", "t0", "title", "编制入市方案") is None
    assert not drafts.current_of(draft).tasks[0].corrected
    assert not draft.changes.exists()


def test_to_say_that_an_area_is_no_division_decides_it(office):
    draft = taken(ZHANGQIU.replace("刁镇街道", "先行示范片"), office)
    correct(draft, office, "head", "", "title", "章丘方案")
    assert not drafts.current_of(draft).areas["先行示范片"].is_decided
    correct(draft, office, "area", "先行示范片", "choice", {"divisions": [], "part": False})
    assert drafts.current_of(draft).areas["先行示范片"].is_decided


def test_a_plan_that_is_not_read_yet_is_told_so(office):
    draft = drafts.take_plan(content=ZHANGQIU.encode(), name="方案.txt", actor=office, at=NOON)
    with pytest.raises(drafts.DraftNotOpen):
        drafts.current_of(draft)


def test_a_cancelled_reading_is_started_again_once(office):
    draft = drafts.take_plan(content=ZHANGQIU.encode(), name="方案.txt", actor=office, at=NOON)
    first = draft.job_id
    assert drafts.read_again(draft_id=draft.pk, actor=office, at=NOON).job_id == first
    draft.job.state, draft.job.ended_at = "cancelled", NOON
    draft.job.save()
    second = drafts.read_again(draft_id=draft.pk, actor=office, at=NOON).job_id
    assert second != first
    assert drafts.read_again(draft_id=draft.pk, actor=office, at=NOON).job_id == second


def test_an_abandoned_plan_stays_abandoned_when_its_reading_ends(office):
    draft = drafts.take_plan(content=b"\n \n", name="x.txt", actor=office, at=NOON)
    drafts.abandon_draft(draft_id=draft.pk, actor=office, at=NOON)
    PlanDraft.objects.filter(pk=draft.pk).update(state="abandoned")
    drafts.read_draft(None, draft_id=draft.pk, at=NOON)
    draft.refresh_from_db()
    assert (draft.state, draft.failure) == ("abandoned", "")


def test_the_tasks_of_another_citys_unpublished_zone_are_not_shown_beside_ones_own_plan(office):
    Zone.objects.filter(slug="qingdao").update(published=False)
    draft = taken(ZHANGQIU, office)
    correct(draft, office, "zone", "", "mode", "revision")
    with pytest.raises(drafts.ZoneSlugTaken):
        correct(draft, office, "zone", "", "slug", "qingdao")
    # nor by a file that calls itself the other's
    document = PolicyDocument.objects.filter(zone="qingdao").exclude(number="")[0]
    text = ZHANGQIU.replace("济南市章丘区人民政府\n", f"{document.issuer}\n")
    here = drafts.current_of(taken(f"{document.number}\n\n{text}", office))
    assert (here.zone.mode, differences(here)) == ("new", [])


def test_a_seat_that_is_corrected_later_leaves_no_range_outside_it(office):
    draft = settled(taken(ZHANGQIU, office), office)
    correct(draft, office, "zone", "", "seat", "370103000000")
    with pytest.raises(drafts.DraftNotReady, match="范围超出主管区划"):
        confirm(draft, office)


def test_of_two_drafts_of_one_new_zone_the_second_is_refused(office):
    first, second = (settled(taken(ZHANGQIU, office), office) for _ in range(2))
    confirm(first, office)
    with pytest.raises(DomainError, match="zhangqiu"):
        confirm(second, office)
    assert OrderedTask.objects.filter(zone="zhangqiu").count() == 5


# -- revisions -----------------------------------------------------------------------------------------------------


def test_the_same_document_read_again_changes_nothing(office):
    first = taken(ZHANGQIU, office)
    correct(first, office, "area", "刁镇街道", "choice", {"divisions": [ZHANGQIU_CODE], "part": True})
    confirm(settled(first, office), office)
    OrderedTask.objects.filter(zone="zhangqiu", title="编制入市方案").update(keywords=["存量土地", "入市"])
    group = OrgUnit.objects.get(division="370114000000", name="各镇街")
    before = _state()
    again = taken(ZHANGQIU, office)
    here = drafts.current_of(again)
    assert not [u for u in here.units.values() if not u.is_known]
    assert not [a for a in here.areas.values() if not a.is_decided]
    assert here.areas["刁镇街道"].part  # as the person said of the first reading
    confirm(settled(again, office), office)
    assert _state() == before
    group.refresh_from_db()
    assert group.kind == "group"


def _state() -> list[tuple]:
    rows = OrderedTask.objects.filter(zone="zhangqiu").select_related("clause").order_by("order")
    return [(t.pk, t.clause_id, t.clause.label, t.measure, t.title, t.room, t.topic_id, t.keywords) for t in rows]


def test_a_measure_that_moves_up_keeps_its_number(office):
    draft = settled(taken(ZHANGQIU, office), office)
    for title in ("制定调节金办法", "组建村级监督队伍"):
        made = correct(draft, office, "task", "new", "added", {"label": "二(一)2", "title": title})
        correct(draft, office, "task", made.key, "lead", "区财政局")
        correct(draft, office, "task", made.key, "room", "PRO")
    confirm(settled(draft, office), office)
    old = {t.title: t.pk for t in OrderedTask.objects.filter(zone="zhangqiu")}
    # the revision orders the second of the two only
    again = settled(taken(ZHANGQIU, office), office)
    made = correct(again, office, "task", "new", "added", {"label": "二(一)2", "title": "组建村级监督队伍"})
    correct(again, office, "task", made.key, "lead", "区财政局")
    correct(again, office, "task", made.key, "room", "PRO")
    confirm(settled(again, office), office)
    now = {t.title: (t.pk, t.measure) for t in OrderedTask.objects.filter(zone="zhangqiu")}
    assert now["组建村级监督队伍"] == (old["组建村级监督队伍"], 2)
    assert "制定调节金办法" not in now


class TestAnotherMeasureUnderTheSameNumber:
    """Nothing that hangs on a task goes over to another order unasked."""

    REVISED = ZHANGQIU.replace("2.健全收益分配机制。", "2.培育乡村振兴人才。")

    def test_waits_for_a_persons_word(self, office):
        confirmed(ZHANGQIU, office)
        draft = settled(taken(self.REVISED, office), office)
        [row] = [r for r in differences(drafts.current_of(draft)) if r.kind != "same"]
        assert (row.kind, row.old_label, row.new_label) == ("reworded", "二(一)2", "二(一)2")
        with pytest.raises(drafts.DraftNotReady, match="换了内容"):
            confirm(draft, office)

    @pytest.mark.parametrize(("label", "is_kept"), [("二(一)2", True), ("", False)])
    def test_keeps_its_number_only_when_a_person_says_so(self, office, label, is_kept):
        confirmed(ZHANGQIU, office)
        old = OrderedTask.objects.get(zone="zhangqiu", clause__label="二(一)2").pk
        draft = settled(taken(self.REVISED, office), office)
        correct(draft, office, "match", "二(一)2", "label", label)
        confirm(draft, office)
        now = OrderedTask.objects.get(zone="zhangqiu", clause__label="二(一)2")
        assert (now.pk == old, now.title) == (is_kept, "培育乡村振兴人才")


def test_a_renumbered_clause_that_is_said_to_be_another_becomes_a_new_task(office):
    confirmed(ZHANGQIU, office)
    old = OrderedTask.objects.get(zone="zhangqiu", title="健全收益分配机制").pk
    draft = settled(taken(ZHANGQIU_REVISED, office), office)
    correct(draft, office, "match", "二(一)2", "label", "")
    assert "二(一)2" in drafts.current_of(draft).unmatched
    confirm(draft, office)
    assert OrderedTask.objects.get(zone="zhangqiu", title="健全收益分配机制").pk != old


@pytest.mark.parametrize(
    ("label", "found"), [("二(一)2", "二(一)3"), ("二(一)2(1)", "二(一)3(1)"), ("二(一)20", "二(一)20"), ("二", "二")]
)
def test_what_lies_below_a_renumbered_clause_is_renumbered_with_it(label, found):
    assert moved_label(label, {"二(一)2": "二(一)3"}) == found


def test_a_value_keeps_the_clause_that_it_rests_on(tmp_path):
    base, folder = tmp_path / "base", tmp_path / "new"
    (base / "parameters").mkdir(parents=True)
    folder.mkdir()
    told = {"slug": "zq", "version": "1", "documents": [{"key": "zq-2026"}, {"key": "zq-2026-b"}]}
    (base / "zone.yaml").write_text(yaml.safe_dump(told), "utf-8")
    (base / "clauses.csv").write_text(
        "document,path,title\nzq-2026,二(一)2,甲\nzq-2026,二(一)2(1),甲之一\nzq-2026,二(一)2(2),甲之二\nzq-2026-b,二(一)2,乙\n",
        "utf-8",
    )
    (base / "rules.csv").write_text(
        "id,document,paths\nR-1,zq-2026,二(一)2|二(一)2(1)\nR-2,zq-2026-b,二(一)2\n", "utf-8"
    )
    value = "values: {2026-01-01: {value: 1, cite: [zq-2026 二(一)2(1), zq-2026-b 二(一)2]}}\n"
    (base / "parameters" / "x.yaml").write_text(value, "utf-8")
    draft_merge.write_rows(
        folder, "clauses.csv", [{"document": "zq-2026", "path": p, "title": "t"} for p in ("二(一)2", "二(一)3", "三")]
    )
    draft_merge.merged(folder, base, {"key": "zq-2026"}, "local.1", {"二(一)2": "二(一)3"})
    rows = draft_merge.read_rows(folder / "clauses.csv")
    assert [(r["document"], r["path"]) for r in rows] == [
        ("zq-2026-b", "二(一)2"), ("zq-2026", "二(一)2"), ("zq-2026", "二(一)3"), ("zq-2026", "二(一)3(1)"), ("zq-2026", "三"),
    ]  # fmt: skip
    assert [r["paths"] for r in draft_merge.read_rows(folder / "rules.csv")] == ["二(一)3|二(一)3(1)", "二(一)2"]
    assert "[zq-2026 二(一)3(1), zq-2026-b 二(一)2]" in (folder / "parameters" / "x.yaml").read_text("utf-8")
