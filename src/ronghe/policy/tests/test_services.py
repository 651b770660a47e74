"""Loading a pack: whole or not at all, and a repeat changes nothing."""

from pathlib import Path

import pytest

from ronghe.kernel.audit.models import Event
from ronghe.kernel.regions.models import Division, DivisionClosure, OrgUnit
from ronghe.kernel.regions.queries import members_of, units_named
from ronghe.policy.models import Clause, Duty, OrderedTask, TaskArea, TaskUnit, Zone
from ronghe.policy.services import (
    DivisionsMissing,
    DocumentKeyTaken,
    DocumentKnown,
    Loaded,
    PackRowInUse,
    ParentZoneMissing,
)

from .factories import copied, load, load_folder

pytestmark = pytest.mark.django_db


def test_gaoqing_stands_under_zibo_with_every_task_of_its_plan() -> None:
    load("national", "zibo", "gaoqing")
    zone = Zone.objects.get(slug="gaoqing")
    assert zone.parent_id == "zibo"
    assert zone.tasks.count() == 20
    # 003 四(三)10: 层次分析法 stands in this task; lead inherited from the group heading.
    task = zone.tasks.get(clause__label="四(三)10")
    duties = [(u.duty, u.written) for u in task.units.order_by("duty", "order")]
    assert (Duty.LEAD, "县农业农村局") in duties
    assert [name for duty, name in duties if duty == Duty.RESPONSIBLE] == ["县发展改革局", "县农业农村局", "各镇办"]
    assert task.clause.parent is not None
    assert task.clause.parent.label == "四(三)"


def test_a_pack_needs_its_parent_first() -> None:
    load("national")
    with pytest.raises(ParentZoneMissing, match="zibo"):
        load("gaoqing")
    assert not Zone.objects.exists()


def test_a_repeat_changes_nothing_and_records_nothing() -> None:
    load("national", "zibo")
    events = Event.objects.count()
    ids = set(OrderedTask.objects.values_list("pk", flat=True)) | set(TaskUnit.objects.values_list("pk", flat=True))
    load("national", "zibo")
    assert Event.objects.count() == events
    assert ids == set(OrderedTask.objects.values_list("pk", flat=True)) | set(
        TaskUnit.objects.values_list("pk", flat=True)
    )


def test_loading_writes_one_event_of_the_pack_with_its_digest() -> None:
    load("national", "zibo")
    events = Event.objects.order_by("id")
    assert [(e.verb, e.subject_id) for e in events] == [
        ("policy.pack.loaded", "national"),
        ("policy.pack.loaded", "zibo"),
    ]
    assert events[0].facts["topics"] == {"added": 11, "changed": 0, "removed": 0}
    facts = events[1].facts
    assert len(facts["digest"]) == 64
    assert facts["divisions"]["added"] == Division.objects.count()
    assert facts["units"]["added"] == OrgUnit.objects.count()
    assert facts["tasks"]["added"] == OrderedTask.objects.count()
    # 8 counties of Zibo
    assert facts["outlines"] == {"version": 1, "added": 8, "changed": 0, "removed": 0, "repaired": 0}


def test_a_changed_title_keeps_the_number_of_its_task(tmp_path: Path) -> None:
    load("national", "zibo")
    folder = copied("gaoqing", tmp_path)
    load_folder(folder)
    before = OrderedTask.objects.get(zone="gaoqing", clause__label="四(三)10")
    table = folder / "tasks.csv"
    table.write_text(table.read_text("utf-8").replace(before.title, "建立风险防范体系"), "utf-8")
    done = load_folder(folder)
    assert done == Loaded("gaoqing", added=0, changed=1, removed=0)
    after = OrderedTask.objects.get(zone="gaoqing", clause__label="四(三)10")
    assert (after.pk, after.title) == (before.pk, "建立风险防范体系")
    assert after.units.count() == before.units.count()


def test_a_row_left_out_of_the_pack_leaves_the_database(tmp_path: Path) -> None:
    load("national", "zibo")
    folder = copied("gaoqing", tmp_path)
    load_folder(folder)
    table = folder / "tasks.csv"
    lines = table.read_text("utf-8").splitlines(keepends=True)
    table.write_text("".join(line for line in lines if "四(三)10" not in line), "utf-8")
    assert load_folder(folder).removed >= 1
    assert not OrderedTask.objects.filter(zone="gaoqing", clause__label="四(三)10").exists()
    assert Clause.objects.filter(document__zone="gaoqing", label="四(三)10").exists()


def test_functional_zones_take_their_towns_along() -> None:
    load("national", "jinan")
    south = Division.objects.get(code="370100-nanshan")
    assert south.is_local
    towns = DivisionClosure.objects.filter(ancestor=south, kind="functional", descendant__level="town")
    assert {t.descendant.name for t in towns} == {"仲宫街道", "柳埠街道", "西营街道"}
    licheng = DivisionClosure.objects.filter(ancestor_id="370112000000", descendant__name="仲宫街道")
    assert [row.kind for row in licheng] == ["administrative"]


def test_an_area_word_stands_for_the_divisions_that_the_document_defines() -> None:
    load("national", "jinan")
    area = TaskArea.objects.filter(written="六区全域").first()
    assert area is not None
    assert set(area.divisions.values_list("name", flat=True)) == {
        "市中区", "历城区", "长清区", "章丘区", "济南高新区", "市南部山区",
    }  # fmt: skip


def test_groups_expand_to_their_members() -> None:
    load("national", "qingdao", "zibo", "gaoqing")
    group = OrgUnit.objects.get(name="一区两市")
    found = members_of(group)
    assert {d.name for d in found.divisions} | {u.name for u in found.units} == {"即墨区", "平度市", "莱西市"}
    towns = members_of(OrgUnit.objects.get(name="各镇办", division="370322000000")).divisions
    assert len(towns) == Division.objects.filter(parent="370322000000").count()


def test_a_unit_is_found_by_each_spelling_that_the_document_uses() -> None:
    load("national", "zibo", "gaoqing")
    assert (
        units_named("县文化旅游局", division="370322000000").get()
        == units_named("县文化和旅游局", division="370322000000").get()
    )


def test_an_unknown_division_is_named_and_nothing_is_loaded(tmp_path: Path) -> None:
    load("national", "zibo")
    folder = copied("gaoqing", tmp_path)
    table = folder / "divisions.csv"
    # The pack's own check refuses codes that it does not hold; take the row out of the database's sight instead.
    pack_rows = table.read_text("utf-8")
    assert "370322000000" in pack_rows
    from dataclasses import replace

    from ronghe.kernel.actors import SYSTEM
    from ronghe.policy.packs import read_pack
    from ronghe.policy.services import load_pack

    from .factories import NOON

    pack = read_pack(folder)
    broken = replace(pack, zone=replace(pack.zone, divisions=("990000000000",)), digest="x")
    with pytest.raises(DivisionsMissing, match="990000000000"):
        load_pack(broken, actor=SYSTEM, at=NOON)
    assert not Zone.objects.filter(slug="gaoqing").exists()


def test_what_others_rest_on_is_not_taken_away() -> None:
    assert "不能删除" in PackRowInUse(slug="gaoqing", what="任务").text


def test_a_document_of_another_zone_is_refused_by_name(tmp_path: Path) -> None:
    load("national", "zibo", "gaoqing")
    folder = copied("gaoqing", tmp_path)
    facts = folder / "zone.yaml"
    facts.write_text(facts.read_text("utf-8").replace("slug: gaoqing", "slug: again", 1), "utf-8")
    with pytest.raises(DocumentKnown, match="again"):
        load_folder(folder)
    assert not Zone.objects.filter(slug="again").exists()


def test_a_document_key_of_another_pack_is_refused_by_name(tmp_path: Path) -> None:
    load("national", "zibo", "gaoqing")
    folder = copied("gaoqing", tmp_path)
    facts = folder / "zone.yaml"
    text = facts.read_text("utf-8").replace("slug: gaoqing", "slug: again", 1)
    facts.write_text(text.replace("number: 高政办字〔2022〕21号", "number: 高政办字〔2022〕99号"), "utf-8")
    with pytest.raises(DocumentKeyTaken, match="gaoqing-2022"):
        load_folder(folder)
    assert not Zone.objects.filter(slug="again").exists()
