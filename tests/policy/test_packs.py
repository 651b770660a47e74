"""Reading zone packs: a sound pack is read whole; of a broken one every fault is named with file and line."""

import json
import pickle
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.policy.packs import Pack, PackFaults, digest, known_packs, label_of, markers, read_pack
from ronghe.policy.packs.files import schema

SOUND = {
    "zone.yaml": """\
slug: anping
title: 安平市城乡融合发展试验区
short: 安平
seat: "990100000000"
divisions: ["990101000000", 990100-gaoxin]
version: "1"
published: true
documents:
  - key: anping-2021
    title: 安平市实施方案
    number: 安政字〔2021〕6号
    issuer: 安平市人民政府
    date_made: 2021-08-15
    source: 公开发布的文件
boundary:
  source: 测试
  crs: GCJ-02
""",
    "divisions.csv": """\
code,name,level,parent,local,source
990000000000,某省,province,,,测试
990100000000,安平市,city,990000000000,,测试
990101000000,东区,county,990100000000,,测试
990101001000,河口街道,town,990101000000,,测试
990100-gaoxin,安平高新区,functional,990100000000,true,测试
""",
    "closure.csv": "ancestor,descendant,source\n990100-gaoxin,990101001000,测试\n",
    "former_names.csv": "code,name,former_code,until,source\n990101000000,东县,990121000000,2001-06-26,测试\n",
    "units.csv": """\
name,kind,level,division,aliases,members,source
市财政局,department,city,990100000000,市财局,,测试
市农业农村局,department,city,990100000000,,,测试
高新区管委会,government,functional,990100-gaoxin,,,测试
各区政府,group,city,990100000000,,division:990101000000|高新区管委会,测试
""",
    "clauses.csv": """\
document,path,title
anping-2021,一,总体要求
anping-2021,二,主要任务
anping-2021,二(一),建立入市制度
anping-2021,二(一)1,制定办法
""",
    "areas.csv": """\
written,divisions,part,source
全市,990100000000,,测试
东区河口片区,990101001000,true,测试
""",
    "tasks.csv": """\
document,path,measure,title,topic,room,lead,cooperating,responsible,deadline,milestones,areas
anping-2021,二(一)1,1,制定办法,3,EXC,市财局,市农业农村局,,2021年年底完成，2022年见效,2021-12-31=2021年年底完成|2022-12-31=2022年见效,全市|东区河口片区
anping-2021,二(一)1,2,制定办法,,PRO,,,市农业农村局|各区政府,,,
""",
    "annex.csv": """\
document,table,row,trial_task,work_task,body_path,lead,responsible
anping-2021,1,1,建立入市制度,制定办法,二(一)1,市财政局,各区政府
""",
    "discrepancies.csv": "document,kind,text\nanping-2021,编号缺漏,没有第三章\n",
    "instruments.csv": "document,clause,title,kind,module\nanping-2021,二(一)1,入市管理办法,办法,EXC-04\n",
    "boundary.geojson": json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"code": "990101000000"},
                    "geometry": {
                        "type": "Polygon",
                        "coordinates": [[[118, 37], [118.1, 37], [118.1, 37.1], [118, 37]]],
                    },
                }
            ],
        }
    ),
}


def lay(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return lay(tmp_path / "anping", SOUND)


def faults_of(folder: Path, *, draft: bool = False) -> list[dict[str, object]]:
    with pytest.raises(PackFaults) as caught:
        read_pack(folder, draft=draft)
    found = caught.value.facts["faults"]
    assert all(set(f) == {"file", "line", "what", "mend"} and f["line"] >= 1 and f["mend"] for f in found)
    return list(found)


# --- a sound pack -------------------------------------------------------------------------------------------------


def test_a_sound_pack_is_read_whole(sound: Path) -> None:
    pack = read_pack(sound)
    first, second = pack.tasks
    assert pack.zone.seat == "990100000000"
    assert pack.documents[0].date_made == date(2021, 8, 15)
    assert pack.clauses[3].path == ("二", "(一)", "1")
    assert [(m.due, m.text) for m in first.milestones] == [
        (date(2021, 12, 31), "2021年年底完成"),
        (date(2022, 12, 31), "2022年见效"),
    ]
    assert first.due == date(2022, 12, 31)
    assert second.due is None
    assert pack.unit("市财局").name == "市财政局"
    assert pack.unit("各区政府").members == ("高新区管委会",)
    assert pack.unit("各区政府").member_divisions == ("990101000000",)
    assert pack.area("东区河口片区").part
    assert pack.area("东区河口片区").divisions == ("990101001000",)
    assert pack.boundary is not None
    assert set(pack.boundary.outlines) == {"990101000000"}
    assert pack.annex[0].label == "二(一)1"
    assert pack.todo == ()
    assert first.line == 2
    assert second.line == 3


def test_reading_does_not_depend_on_line_endings(sound: Path, tmp_path: Path) -> None:
    # given the same pack as a spreadsheet on Windows writes it
    other = lay(tmp_path / "windows", {})
    for name, text in SOUND.items():
        (other / name).write_bytes(text.replace("\n", "\r\n").encode())
    # then it says the same
    assert read_pack(other).tasks == read_pack(sound).tasks


def test_the_digest_follows_the_content_and_nothing_else(sound: Path) -> None:
    before = digest(sound)
    (sound / "README.md").write_text("说明", "utf-8")
    (sound / "zone.yaml").touch()
    assert digest(sound) == before == read_pack(sound).digest
    (sound / "parameters").mkdir()
    (sound / "parameters" / "land.yaml").write_text("x: 1", "utf-8")
    assert digest(sound) != before


def test_known_packs_come_national_first_and_parents_before_children(tmp_path: Path) -> None:
    for slug, parent in (
        ("a-child", "z-parent"),
        ("z-parent", ""),
        ("national", ""),
        ("loop", "pool"),
        ("pool", "loop"),
    ):
        lay(tmp_path / slug, {"zone.yaml": f"slug: {slug}\nparent: {parent}\n"})
    names = [path.name for path in known_packs(tmp_path)]
    assert names[0] == "national"
    assert names.index("z-parent") < names.index("a-child")
    assert sorted(names) == ["a-child", "loop", "national", "pool", "z-parent"]


# --- broken packs -------------------------------------------------------------------------------------------------


def swap(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / file).read_text("utf-8")
        assert old in text, f"{old!r} is not in {file}"
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")

    return change


def raw(file: str, content: bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / file).write_bytes(content)

    return change


def add(file: str, line: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / file).write_text((folder / file).read_text("utf-8") + line + "\n", "utf-8")

    return change


def gone(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


TASK = "anping-2021,二(一)1,3,又一项,{topic},{room},{lead},{cooperating},{responsible},{deadline},{milestones},{areas}"


def task(**cells: str) -> Callable[[Path], None]:
    empty = dict.fromkeys(("topic", "cooperating", "responsible", "deadline", "milestones", "areas"), "")
    return add("tasks.csv", TASK.format(**{**empty, "room": "EXC", "lead": "市财政局", **cells}))


BROKEN: list[tuple[str, Callable[[Path], None], str, int, str]] = [
    # the files themselves
    ("a missing table", gone("tasks.csv"), "tasks.csv", 1, "缺少这个文件"),
    ("no zone.yaml", gone("zone.yaml"), "zone.yaml", 1, "缺少这个文件"),
    ("a file of another name", raw("task.csv", b"a\n"), "task.csv", 1, "不认识的文件"),
    ("an empty file", raw("areas.csv", b""), "areas.csv", 1, "文件是空的"),
    ("a byte-order mark", raw("areas.csv", b"\xef\xbb\xbf" + SOUND["areas.csv"].encode()), "areas.csv", 1, "BOM"),
    ("GBK text", raw("areas.csv", SOUND["areas.csv"].encode("gb18030")), "areas.csv", 2, "不是 UTF-8"),
    ("UTF-16 text", raw("units.csv", SOUND["units.csv"].encode("utf-16")), "units.csv", 1, "UTF-16"),
    ("a control character", swap("units.csv", "市农业农村局", "市农业\x00农村局"), "units.csv", 3, "U+0000"),
    ("a quote that never closes", swap("clauses.csv", "二,主要任务", '二,"主要任务'), "clauses.csv", 3, "引号"),
    ("a cell too many", swap("clauses.csv", "二,主要任务", "二,主要,任务"), "clauses.csv", 3, "有 4 格"),
    ("a cell too few", swap("clauses.csv", ",主要任务", ""), "clauses.csv", 3, "有 2 格"),
    ("a line break in a cell", swap("clauses.csv", "主要任务", '"主要\n任务"'), "clauses.csv", 3, "换行"),
    ("a column of no name", swap("areas.csv", "part", "parts"), "areas.csv", 1, "不认识的列“parts”"),
    ("a missing column", swap("units.csv", "kind", "sort"), "units.csv", 1, "缺少列“kind”"),
    ("a column twice", swap("areas.csv", "source", "part"), "areas.csv", 1, "出现了 2 次"),
    # zone.yaml
    ("YAML that cannot be parsed", swap("zone.yaml", "short: 安平", "short: [安平"), "zone.yaml", 4, "YAML 写法有误"),
    ("YAML that is a list", raw("zone.yaml", b"- a\n- b\n"), "zone.yaml", 1, "名称: 值"),
    ("an item twice", swap("zone.yaml", "short: 安平", "short: 安平\nshort: 平"), "zone.yaml", 4, "写了两次"),
    ("an anchor", swap("zone.yaml", "short: 安平", "short: &a 安平\nparent: *a"), "zone.yaml", 3, "锚点"),
    ("an unknown item", swap("zone.yaml", "short: 安平", "short: 安平\nmayor: 某"), "zone.yaml", 4, "不认识的项“mayor”"),
    ("no title", swap("zone.yaml", "title: 安平市城乡融合发展试验区\n", ""), "zone.yaml", 1, "缺少“title”"),
    ("an empty short name", swap("zone.yaml", "short: 安平", "short:"), "zone.yaml", 1, "缺少“short”"),
    ("a slug with capitals", swap("zone.yaml", "anping\n", "AnPing\n"), "zone.yaml", 1, "写法不对"),
    ("no seat", swap("zone.yaml", 'seat: "990100000000"\n', ""), "zone.yaml", 1, "缺少“seat”"),
    ("an unknown seat", swap("zone.yaml", '"990100000000"', '"990900000000"'), "zone.yaml", 4, "“990900000000”"),
    ("an unknown division", swap("zone.yaml", '["990101', '["990199'), "zone.yaml", 5, "“990199000000”"),
    ("a division twice", swap("zone.yaml", "990100-gaoxin]", '"990101000000"]'), "zone.yaml", 5, "写了两次"),
    ("its own parent", swap("zone.yaml", "short: 安平", "short: 安平\nparent: anping"), "zone.yaml", 4, "它自己"),
    ("published maybe", swap("zone.yaml", "published: true", "published: 是"), "zone.yaml", 7, "true 或 false"),
    ("a document without issuer", swap("zone.yaml", "    issuer: 安平市人民政府\n", ""), "zone.yaml", 9, "issuer"),
    ("a number in square brackets", swap("zone.yaml", "〔2021〕", "[2021]"), "zone.yaml", 11, "六角括号"),
    ("a day that is none", swap("zone.yaml", "2021-08-15", "2021-02-30"), "zone.yaml", 13, "不是有效的日期"),
    ("a date in words", swap("zone.yaml", "2021-08-15", "2021年8月"), "zone.yaml", 13, "日期"),
    (
        "a document twice",
        swap("zone.yaml", "documents:\n", "documents:\n  - key: anping-2021\n    title: 又一\n"),
        "zone.yaml",
        11,
        "文件标识“anping-2021”重复",
    ),
    ("a boundary without its file", gone("boundary.geojson"), "zone.yaml", 15, "没有 boundary.geojson"),
    ("a boundary file without its source", swap("zone.yaml", "boundary:\n  source: 测试\n  crs: GCJ-02\n", ""),
     "zone.yaml", 1, "没有 boundary"),
    ("an unknown grid", swap("zone.yaml", "GCJ-02", "BD-09"), "zone.yaml", 17, "“BD-09”不在可选范围内"),
    # divisions
    ("a short code", swap("divisions.csv", "990101001000", "99010100100"), "divisions.csv", 5, "写法不对"),
    ("a code twice", add("divisions.csv", "990101001000,又一街道,town,990101000000,,测试"), "divisions.csv", 7, "重复"),
    ("an unknown level", swap("divisions.csv", ",town,", ",street,"), "divisions.csv", 5, "不在可选范围内"),
    ("an unknown parent", swap("divisions.csv", "town,990101", "town,990102"), "divisions.csv", 5, "“990102000000”"),
    ("no parent", swap("divisions.csv", "county,990100000000", "county,"), "divisions.csv", 4, "没有上级"),
    ("a province below something", swap("divisions.csv", "province,", "province,990100000000"),
     "divisions.csv", 2, "省级"),
    ("a parent that is no higher", add("divisions.csv", "990101002000,南街道,town,990101001000,,测试"),
     "divisions.csv", 7, "不比“南街道”高"),
    ("parents in a circle", swap("divisions.csv", "county,990100000000", "county,990101001000"),
     "divisions.csv", 4, "绕成了圈"),
    ("its own parent division", swap("divisions.csv", "county,990100000000", "county,990101000000"),
     "divisions.csv", 4, "绕成了圈"),
    ("a local code not marked", swap("divisions.csv", "990100000000,true", "990100000000,"),
     "divisions.csv", 6, "和 local 不一致"),
    ("a national code marked local", swap("divisions.csv", "town,990101000000,", "town,990101000000,true"),
     "divisions.csv", 5, "local"),
    ("local neither true nor false", swap("divisions.csv", ",true,", ",是,"), "divisions.csv", 6, "true 或 false"),
    ("a tie to an unknown town", swap("closure.csv", "990101001000", "990101009000"), "closure.csv", 2, "“990101009000”"),
    ("a tie of a county", swap("closure.csv", "990100-gaoxin", "990101000000"), "closure.csv", 2, "不是功能区"),
    ("a former name of nobody", swap("former_names.csv", "990101000000", "990102000000"),
     "former_names.csv", 2, "“990102000000”"),
    ("a former name twice", add("former_names.csv", "990101000000,东县,990121000000,,测试"), "former_names.csv", 3, "重复"),
    # units
    ("an unknown kind", swap("units.csv", "市财政局,department", "市财政局,office"), "units.csv", 2, "不在可选范围内"),
    ("a unit twice", add("units.csv", "市财政局,department,city,990100000000,,,"), "units.csv", 6, "“市财政局”重复"),
    ("an alias of another unit", add("units.csv", "市财局,department,city,990100000000,,,"), "units.csv", 6, "“市财局”重复"),
    ("a unit in an unknown division", swap("units.csv", "农业农村局,department,city,9901", "农业农村局,department,city,9909"),
     "units.csv", 3, "“990900000000”"),
    ("two names in one cell", swap("units.csv", ",市财局,", ",市财局、财政局,"), "units.csv", 2, "写法不对"),
    ("a bracket left open", swap("units.csv", ",市财局,", ",市财局（本级,"), "units.csv", 2, "括号要成对"),
    ("a space before a name", swap("units.csv", "\n市农业农村局", "\n 市农业农村局"), "units.csv", 3, "空格"),
    ("an empty item in a list", swap("units.csv", "|高新区", "||高新区"), "units.csv", 5, "空的一项"),
    ("a group without members", swap("units.csv", "division:990101000000|高新区管委会", ""), "units.csv", 5, "没有成员"),
    ("members of no group", swap("units.csv", "市财局,,", "市财局,市农业农村局,"), "units.csv", 2, "不是单位组"),
    ("an unknown member", swap("units.csv", "|高新区管委会", "|开发区管委会"), "units.csv", 5, "“开发区管委会”"),
    ("an unknown member division", swap("units.csv", "division:990101", "division:990102"), "units.csv", 5, "“990102000000”"),
    ("a group in itself", swap("units.csv", "|高新区管委会", "|各区政府"), "units.csv", 5, "自己的成员"),
    ("a group in a group", add("units.csv", "全部,group,city,990100000000,,各区政府,"), "units.csv", 6, "也是单位组"),
    ("a member twice", swap("units.csv", "|高新区管委会", "|高新区管委会|高新区管委会"), "units.csv", 5, "成员重复"),
    # clauses
    ("a clause of an unknown document", swap("clauses.csv", "anping-2021,二,", "anping-2022,二,"), "clauses.csv", 3,
     "没有标识为“anping-2022”的文件"),
    ("a clause twice", add("clauses.csv", "anping-2021,二(一),又一次"), "clauses.csv", 6, "“二(一)”重复"),
    ("no clause number", swap("clauses.csv", "二(一)1,", "二之一,"), "clauses.csv", 5, "不是条款号"),
    ("full-width brackets in a clause number", swap("clauses.csv", "二(一)1,", "二（一）1,"), "clauses.csv", 5, "不是条款号"),
    ("a clause whose parent is not there", swap("clauses.csv", "anping-2021,二(一),建立入市制度\n", ""), "clauses.csv", 4,
     "上级“二(一)”"),
    ("a title with a sentence in it", swap("clauses.csv", "主要任务", "主要任务。以下各项"), "clauses.csv", 3, "短标题"),
    ("a title of 201 characters", swap("clauses.csv", "主要任务", "长" * 201), "clauses.csv", 3, "201 字，限 200 字"),
    ("no title of a clause", swap("clauses.csv", "二,主要任务", "二,"), "clauses.csv", 3, "“title”没有填"),
    # areas
    ("an area twice", add("areas.csv", "全市,990100000000,,"), "areas.csv", 4, "“全市”重复"),
    ("an area without divisions", swap("areas.csv", "全市,990100000000", "全市,"), "areas.csv", 2, "“divisions”没有填"),
    ("an area in an unknown division", swap("areas.csv", "全市,9901", "全市,9902"), "areas.csv", 2, "“990200000000”"),
    # tasks
    ("a task of an unknown clause", swap("tasks.csv", "二(一)1,1", "二(一)9,1"), "tasks.csv", 2, "条款“二(一)9”"),
    ("a task twice", swap("tasks.csv", "二(一)1,2", "二(一)1,1"), "tasks.csv", 3, "重复"),
    ("a measure left out", swap("tasks.csv", "二(一)1,2", "二(一)1,4"), "tasks.csv", 3, "没有第 3 项"),
    ("a measure that is no number", swap("tasks.csv", "二(一)1,2", "二(一)1,二"), "tasks.csv", 3, "不是整数"),
    ("an unknown topic", task(topic="12"), "tasks.csv", 4, "序号为 12"),
    ("an unknown room", task(room="LAW"), "tasks.csv", 4, "“LAW”不在可选范围内"),
    ("no room", task(room=""), "tasks.csv", 4, "“room”没有填"),
    ("an unknown lead", task(lead="市林业局"), "tasks.csv", 4, "“市林业局”"),
    ("an unknown cooperating unit", task(cooperating="市林业局"), "tasks.csv", 4, "“市林业局”"),
    ("an unknown responsible unit", task(responsible="市林业局"), "tasks.csv", 4, "“市林业局”"),
    ("a unit under two names", task(lead="市财政局|市财局"), "tasks.csv", 4, "是同一单位"),
    ("nobody answerable", task(lead="", cooperating="市财政局"), "tasks.csv", 4, "没有责任单位"),
    ("a milestone on no day", task(deadline="年底", milestones="2021-11-31=年底"), "tasks.csv", 4, "“2021-11-31”"),
    ("a milestone in words", task(deadline="年底", milestones="年底"), "tasks.csv", 4, "里程碑写成"),
    ("a milestone without deadline", task(milestones="2021-12-31=年底"), "tasks.csv", 4, "没有完成时限"),
    ("an unknown area", task(areas="西区"), "tasks.csv", 4, "“西区”"),
    ("an area twice in a task", task(areas="全市|全市"), "tasks.csv", 4, "重复"),
    # annex, doubts, boundary
    ("an annex row of an unknown clause", swap("annex.csv", "二(一)1", "三"), "annex.csv", 2, "条款“三”"),
    ("an annex row twice", add("annex.csv", "anping-2021,1,1,x,y,,,"), "annex.csv", 3, "重复"),
    ("a doubt about an unknown document", swap("discrepancies.csv", "2021", "2020"), "discrepancies.csv", 2, "anping-2020"),
    ("an instrument of an unknown clause", swap("instruments.csv", "二(一)1", "三"), "instruments.csv", 2, "条款“三”"),
    ("an instrument of an unknown document", swap("instruments.csv", "2021", "2020"), "instruments.csv", 2, "anping-2020"),
    ("an instrument of no kind", swap("instruments.csv", ",办法,", ",条例,"), "instruments.csv", 2, "条例"),
    ("an instrument twice", add("instruments.csv", "anping-2021,二,入市管理办法,细则,"), "instruments.csv", 3, "重复"),
    ("a boundary that is no JSON", raw("boundary.geojson", b'{\n"type": \n}'), "boundary.geojson", 3, "JSON"),
    ("a boundary without features", raw("boundary.geojson", b"[]"), "boundary.geojson", 1, "要素集合"),
    ("an outline of nobody", swap("boundary.geojson", "990101000000", "990109000000"), "boundary.geojson", 1,
     "“990109000000”"),
    ("an outline that is a line", swap("boundary.geojson", "Polygon", "LineString"), "boundary.geojson", 1, "不是面"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "file", "line", "words"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_a_fault_is_named_with_file_and_line(
    sound: Path, change: Callable[[Path], None], file: str, line: int, words: str
) -> None:
    change(sound)
    found = faults_of(sound)
    named = [f for f in found if f["file"] == file and f["line"] == line and words in f"{f['what']} {f['mend']}"]
    assert named, found


def test_every_fault_is_named_at_once(sound: Path) -> None:
    # given one fault in each of five files
    for change in (
        swap("zone.yaml", "version", "edition"),
        swap("divisions.csv", ",town,", ",street,"),
        swap("units.csv", "department", "office"),
        task(areas="西区", lead="市林业局", room="LAW"),
        add("discrepancies.csv", "anping-2021,,没有类别"),
    ):
        change(sound)
    # then all are named, in the order of files and lines, and the message says how many
    found = faults_of(sound)
    places = [(f["file"], f["line"]) for f in found]
    assert places == sorted(places)
    assert {f["file"] for f in found} == {"zone.yaml", "divisions.csv", "units.csv", "tasks.csv", "discrepancies.csv"}
    assert len([f for f in found if f["file"] == "tasks.csv"]) == 3
    with pytest.raises(PackFaults) as caught:
        read_pack(sound)
    assert caught.value.facts["count"] == len(found) == caught.value.text.count("\n")
    assert caught.value.code == "policy.pack_faults"
    assert caught.value.status == 422
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.text == caught.value.text


def test_a_table_that_cannot_be_read_is_not_held_against_others(sound: Path) -> None:
    swap("units.csv", "kind", "sort")(sound)
    assert {f["file"] for f in faults_of(sound)} == {"units.csv"}


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "没有" in str(faults_of(tmp_path / "nowhere")[0]["what"])


def test_a_draft_lists_what_is_left_to_do_and_a_finished_pack_may_leave_nothing(sound: Path) -> None:
    # given a pack in which a person has not yet filled in seat, room, an area and a group
    for change in (
        swap("zone.yaml", 'seat: "990100000000"\n', ""),
        swap("tasks.csv", ",EXC,", ",,"),
        swap("areas.csv", "全市,990100000000", "全市,"),
        swap("units.csv", "division:990101000000|高新区管委会", ""),
    ):
        change(sound)
    # then as a draft it can be read and says so; as a pack it is refused for the same reasons
    todo = [(t.file, t.line) for t in read_pack(sound, draft=True).todo]
    assert sorted(todo) == [("areas.csv", 2), ("tasks.csv", 2), ("units.csv", 5), ("zone.yaml", 1)]
    assert sorted((str(f["file"]), f["line"]) for f in faults_of(sound)) == sorted(todo)


def test_a_draft_with_a_wrong_code_is_still_refused(sound: Path) -> None:
    swap("areas.csv", "990101001000", "990101009000")(sound)
    assert faults_of(sound, draft=True)


# --- whatever is in the files -------------------------------------------------------------------------------------

FILES = sorted((*schema(), "boundary.geojson"))
CELLS = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["", "|", '"', "二(一)1", "anping-2021", "990101000000", "市财政局", "true", "1", "2021-12-31=x", "\x00", "=1+1"]
)


def read_or_refuse(folder: Path) -> Pack | None:
    """The pack, or ``None`` when it was refused with well-formed faults; any other exception is a bug."""
    try:
        return read_pack(folder)
    except PackFaults as refused:
        faults = refused.facts["faults"]
    assert faults
    assert all(f["line"] >= 1 and f["file"] for f in faults)
    return None


@settings(max_examples=80, deadline=None)
@given(file=st.sampled_from(FILES), content=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(file: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = lay(Path(name) / "anping", SOUND)
        path = folder / file.replace("*", "entry")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        read_or_refuse(folder)


@settings(max_examples=80, deadline=None)
@given(
    file=st.sampled_from([f for f in FILES if f.endswith(".csv")]),
    rows=st.lists(st.lists(CELLS, max_size=13), max_size=6),
)
def test_any_table_is_read_or_refused(file: str, rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = lay(Path(name) / "anping", SOUND)
        header = ",".join(schema()[file]["properties"])
        body = "\n".join(",".join(row) for row in rows)
        (folder / file).write_text(f"{header}\n{body}\n", "utf-8", newline="")
        read_or_refuse(folder)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_one_changed_cell_never_passes_unseen_as_another_fact(data: st.DataObject) -> None:
    """Whatever a cell is changed to, the pack is refused or says exactly what the cell says."""
    file = data.draw(st.sampled_from([f for f in SOUND if f.endswith(".csv")]))
    lines = SOUND[file].splitlines()
    row = data.draw(st.integers(1, len(lines) - 1))
    cells = lines[row].split(",")
    column = data.draw(st.integers(0, len(cells) - 1))
    cells[column] = data.draw(CELLS)
    lines[row] = ",".join(cells)
    with tempfile.TemporaryDirectory() as name:
        folder = lay(Path(name) / "anping", {**SOUND, file: "\n".join(lines) + "\n"})
        pack = read_or_refuse(folder)
        if pack is not None and file == "clauses.csv":
            assert (
                ",".join(cells)
                == f"{pack.clauses[row - 1].document},{pack.clauses[row - 1].label},{pack.clauses[row - 1].title}"
            )


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    )
)
def test_any_yaml_is_read_or_refused(value: object) -> None:
    with tempfile.TemporaryDirectory() as name:
        # JSON is YAML
        folder = lay(Path(name) / "anping", {**SOUND, "zone.yaml": json.dumps({"slug": "x", "documents": value})})
        assert read_or_refuse(folder) is None


MARKERS = st.lists(
    st.sampled_from(
        [
            "一",
            "十二",
            "(一)",
            "(十三)",
            "1",
            "14",
            "1.1",
            "2.3.4",
            "(2)",
            "①",
            "⑳",
            "第一章",
            "第二条",
            "任务三",
            "附件",
            "附件2",
        ]
    ),
    min_size=1,
    max_size=5,
)


@given(MARKERS)
def test_a_clause_number_says_its_markers(path: list[str]) -> None:
    assert markers(label_of(path)) == tuple(path)


@given(st.text(max_size=20))
def test_what_is_read_as_a_clause_number_is_written_the_same(label: str) -> None:
    path = markers(label)
    assert path is None or label_of(path) == label
