"""Drafts: what the reader found becomes a pack that a person can complete; nothing is invented or written over."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.policy.pack_writer import PackFolderInUse, write_draft
from ronghe.policy.packs import ZONES, PackFaults, read_pack
from ronghe.policy.reader import read_plan
from ronghe.policy.reader.reading import AnnexRow, Clause, Document, Place, Reading, Task, UnitGroup

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.txt"))
PLAN = """闽江县人民政府关于印发闽江县城乡融合发展试验区实施方案的通知

闽政〔2021〕8号

各镇人民政府：

现将《闽江县城乡融合发展试验区实施方案》印发给你们。

闽江县人民政府
2021年7月23日

闽江县城乡融合发展试验区实施方案

一、总体要求

（一）指导思想。坚持整体谋划。

二、主要任务

（一）建立入市制度。制定入市管理办法。（牵头单位：县自然资源局；配合单位：县财政局、人民银行闽江县支行；完成时限：2021年年底；试点区域：青城镇）

（二）健全金融服务。鼓励创新。（牵头单位：县委组织部、闽江城投集团有限公司；完成时限：2022年取得阶段性进展；试点区域：全县）
"""


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_plan(PLAN)


def table(folder: Path, file: str) -> list[dict[str, str]]:
    with (folder / file).open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def test_a_draft_says_what_the_plan_says_and_leaves_the_rest_to_a_person(tmp_path: Path, reading: Reading) -> None:
    write_draft(reading, tmp_path / "draft")
    pack = read_pack(tmp_path / "draft", draft=True)
    assert (pack.zone.slug, pack.zone.short, pack.zone.published) == ("minjiang", "闽江", False)
    document = pack.documents[0]
    assert (document.number, document.issuer, document.date_made) == (
        "闽政〔2021〕8号",
        "闽江县人民政府",
        date(2021, 7, 23),
    )
    assert [(t.label, t.title, t.lead) for t in pack.tasks] == [
        ("二(一)", "建立入市制度", ("县自然资源局",)),
        ("二(二)", "健全金融服务", ("县委组织部", "闽江城投集团有限公司")),
    ]
    assert pack.tasks[0].due == date(2021, 12, 31)
    assert [c.label for c in pack.clauses] == ["一", "一(一)", "二", "二(一)", "二(二)"]
    # nothing that the plan does not say is filled in
    assert pack.zone.seat is None
    assert pack.zone.divisions == ()
    assert all(t.room == "" and t.topic is None for t in pack.tasks)
    assert all(a.divisions == () for a in pack.areas)
    assert {"zone.yaml", "tasks.csv", "units.csv", "areas.csv"} == {fault.file for fault in pack.todo}


def test_kind_and_level_are_guessed_from_the_name(tmp_path: Path, reading: Reading) -> None:
    write_draft(reading, tmp_path / "draft")
    assert {row["name"]: (row["kind"], row["level"]) for row in table(tmp_path / "draft", "units.csv")} == {
        "县自然资源局": ("department", "county"),
        "县财政局": ("department", "county"),
        "人民银行闽江县支行": ("bank", "county"),
        "县委组织部": ("party_organ", "county"),
        "闽江城投集团有限公司": ("enterprise", "county"),
    }


def test_a_draft_is_no_pack_until_it_is_completed(tmp_path: Path, reading: Reading) -> None:
    write_draft(reading, tmp_path / "draft")
    with pytest.raises(PackFaults):
        read_pack(tmp_path / "draft")


@pytest.mark.parametrize("what", ["a pack", "one file", "a file of that name"])
def test_a_draft_is_never_written_over_anything(tmp_path: Path, reading: Reading, what: str) -> None:
    folder = tmp_path / "draft"
    if what == "a pack":
        write_draft(reading, folder)
    elif what == "one file":
        folder.mkdir()
        (folder / "notes.txt").write_text("x", "utf-8")
    else:
        folder.write_text("x", "utf-8")
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    with pytest.raises(PackFolderInUse) as refused:
        write_draft(reading, folder)
    assert str(folder) in refused.value.text
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_an_empty_folder_may_be_used(tmp_path: Path, reading: Reading) -> None:
    (tmp_path / "draft").mkdir()
    write_draft(reading, tmp_path / "draft")
    assert (tmp_path / "draft" / "zone.yaml").exists()


def test_what_was_not_read_is_listed(tmp_path: Path, reading: Reading) -> None:
    write_draft(replace(reading, unread=(Place(5, 9),)), tmp_path / "draft")
    assert any("第 5 至 9 字" in row["text"] for row in table(tmp_path / "draft", "discrepancies.csv"))


def test_groups_aliases_and_rows_of_a_table_are_kept(tmp_path: Path) -> None:
    here = Place(0, 1)
    reading = Reading(
        document=Document(title="闽江县方案", issuer="闽江县人民政府"),
        clauses=(Clause(("一",), "任务", 1, here),),
        tasks=(
            Task(("一",), 1, "任务", here, 1.0, responsible=("县文化和旅游局", "两镇一街"), areas=("两镇一街全域",)),
            Task(("一",), 2, "任务", here, 1.0, responsible=("县文化旅游局",)),
        ),
        groups=(UnitGroup("两镇一街", ("甲镇", "乙镇", "丙街道")),),
        aliases={"县文化旅游局": "县文化和旅游局"},
        annex_rows=(AnnexRow(1, "打造特色小镇：突出产业。完善配套。", here, responsible=("县文化旅游局",)),),
    )
    write_draft(reading, tmp_path / "draft")
    pack = read_pack(tmp_path / "draft", draft=True)
    assert pack.unit("县文化旅游局").name == "县文化和旅游局"
    assert pack.unit("两镇一街").kind == "group"
    assert "甲镇、乙镇、丙街道" in pack.unit("两镇一街").source
    assert "甲镇、乙镇、丙街道" in pack.areas[0].source
    # of a measure only its opening words
    assert pack.annex[0].work_task == "打造特色小镇"


@pytest.mark.parametrize("file", CORPUS, ids=[f.stem for f in CORPUS])
def test_a_draft_of_any_plan_can_be_opened(tmp_path: Path, file: Path) -> None:
    """A number that the plan itself uses twice is a fault for a person to settle; nothing else is."""
    reading = read_plan(file.read_text("utf-8"))
    write_draft(reading, tmp_path / "draft")
    try:
        pack = read_pack(tmp_path / "draft", draft=True)
    except PackFaults as refused:
        faults = refused.facts["faults"]
    else:
        assert [(t.label, t.measure) for t in pack.tasks] == [("".join(t.path), t.measure_index) for t in reading.tasks]
        faults = []
    assert all("重复" in fault["what"] for fault in faults)


NAMES = st.lists(st.text(max_size=12) | st.sampled_from(["各县（市、区）", "县财政局", "a|b", "。", "（"]), max_size=3)


@settings(max_examples=100, deadline=None)
@given(lead=NAMES, areas=NAMES, title=st.text(max_size=300), deadline=st.text(max_size=300), place=st.text(max_size=10))
def test_a_draft_of_anything_is_written_as_tables_of_the_pack(
    tmp_path_factory: pytest.TempPathFactory, lead: list[str], areas: list[str], title: str, deadline: str, place: str
) -> None:
    here = Place(0, 1)
    task = Task(("一",), 1, title, here, 0.5, lead=tuple(lead), areas=tuple(areas), deadline=deadline)
    folder = tmp_path_factory.mktemp("any") / "draft"
    write_draft(Reading(document=Document(title=f"{place}方案", issuer=place), tasks=(task,)), folder)
    try:
        read_pack(folder, draft=True)
    except PackFaults as refused:
        faults = refused.facts["faults"]
    else:
        faults = []
    # only a name that no name can be, or a task that nobody leads, is left for a person to mend
    allowed = ("lead", "areas", "name", "written", "没有责任单位", "空", "单位名称", "区域", ".csv 里没有")
    assert all(any(word in fault["what"] for word in allowed) for fault in faults), faults


@pytest.mark.parametrize("slug", ["qingdao", "zibo", "minhou", "gaoqing", "jinan"])
def test_the_finished_packs_have_the_columns_of_a_draft(tmp_path: Path, reading: Reading, slug: str) -> None:
    write_draft(reading, tmp_path / "draft")
    for file in ("tasks.csv", "clauses.csv", "units.csv", "areas.csv", "divisions.csv"):
        draft = (tmp_path / "draft" / file).read_text("utf-8").splitlines()[0]
        assert (ZONES / slug / file).read_text("utf-8").splitlines()[0] == draft


def test_what_the_ledger_has_no_field_for_is_told(tmp_path: Path) -> None:
    others = "；预期成果：办法；资金来源：县财政）"
    write_draft(read_plan(PLAN.replace("青城镇）", "青城镇" + others)), tmp_path / "draft")
    told = [row["text"] for row in table(tmp_path / "draft", "discrepancies.csv") if row["kind"] == "台账之外"]
    assert told == [
        "“二(一)”的“预期成果：办法”不在台账字段之内，没有写入台账",
        "“二(一)”的“资金来源：县财政”不在台账字段之内，没有写入台账",
    ]
