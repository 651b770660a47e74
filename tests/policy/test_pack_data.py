"""The packs that come with the program: what they say of the five published plans, and how they say it."""

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ronghe.policy.models import Room
from ronghe.policy.packs import ZONES, Pack, known_packs, read_pack
from ronghe.policy.packs.files import schema
from ronghe.policy.reader import read_plan
from ronghe.policy.reader.normalise import Cleaner

GOLD = Path(__file__).with_name("gold")
#: The published plans, where they are at hand.
POLICIES = Path(__file__).parents[2] / "../shared/policies"
PLANS = {"qingdao": "000", "zibo": "001", "minhou": "002", "gaoqing": "003", "jinan": "004"}
#: Left out when a keyword is looked for: “三权”分置 is searched as 三权分置.
QUOTES = re.compile('[“”‘’"\\s]')
SLUGS = ("gaoqing", "jinan", "minhou", "qingdao", "zibo")
TASKS = {"qingdao": 56, "zibo": 25, "minhou": 22, "gaoqing": 20, "jinan": 48}
#: Chapters and numbered clauses, counted in the documents; of Zibo 42 and its 37 inline items (1)(2)…
CLAUSES = {"qingdao": 91, "zibo": 42 + 37, "minhou": 36, "gaoqing": 38, "jinan": 75}
DIVISIONS = {"qingdao": 793, "zibo": 3029, "minhou": 356, "gaoqing": 330, "jinan": 2163 + 2}


@cache
def pack(slug: str) -> Pack:
    return read_pack(ZONES / slug)


def cells(slug: str) -> list[tuple[str, int, str, str]]:
    """Every cell of a pack's tables: file, line, column, text."""
    found = []
    for file in (f for f in schema() if f.endswith(".csv") and (ZONES / slug / f).exists()):
        with (ZONES / slug / file).open(encoding="utf-8", newline="") as table:
            reader = csv.DictReader(table)
            found += [(file, reader.line_num, k, v) for row in reader for k, v in row.items()]
    return found


def test_all_packs_are_known_and_sound() -> None:
    names = [folder.name for folder in known_packs()]
    assert sorted(names) == sorted([*SLUGS, "national"])
    assert names[0] == "national"
    assert names.index("zibo") < names.index("gaoqing")
    assert all(pack(name).zone.slug == name for name in names)
    assert pack("gaoqing").zone.parent == "zibo"


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_is_missing(slug: str) -> None:
    assert len(pack(slug).tasks) == TASKS[slug]
    assert len(pack(slug).clauses) == CLAUSES[slug]
    assert len(pack(slug).divisions) == DIVISIONS[slug]


def test_the_divisions_of_the_five_zones_are_6339() -> None:
    national = {d.code: (d.name, d.level, d.parent) for s in SLUGS for d in pack(s).divisions if not d.local}
    assert len(national) == 6339
    # rows that stand in two packs say the same, so loading one after the other changes nothing
    for slug in SLUGS:
        for d in pack(slug).divisions:
            assert d.local or national[d.code] == (d.name, d.level, d.parent)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_parent_of_a_division_is_the_beginning_of_its_code(slug: str) -> None:
    keep = {"city": 2, "county": 4, "town": 6, "village": 9}
    for d in pack(slug).divisions:
        if d.level in keep:
            assert d.parent == d.code[: keep[d.level]].ljust(12, "0"), d.code


def test_functional_zones_carry_local_codes_and_manage_the_towns_that_the_plan_names() -> None:
    jinan = pack("jinan")
    assert {d.code: d.name for d in jinan.divisions if d.local} == {
        "370100-gaoxin": "济南高新区",
        "370100-nanshan": "市南部山区",
    }
    names = {d.code: d.name for d in jinan.divisions}
    assert {names[t.descendant] for t in jinan.ties if t.ancestor == "370100-nanshan"} == {
        "仲宫街道",
        "柳埠街道",
        "西营街道",
    }
    assert all(d.local is False for s in SLUGS if s != "jinan" for d in pack(s).divisions)


def test_groups_stand_for_the_members_that_the_documents_define() -> None:
    def members(slug: str, group: str) -> set[str]:
        unit, names = pack(slug).unit(group), {d.code: d.name for d in pack(slug).divisions}
        return {*unit.members, *(names[code] for code in unit.member_divisions)}

    assert members("qingdao", "一区两市") == {"即墨区", "平度市", "莱西市"}
    assert members("zibo", "各区县政府") == {
        "淄川区", "张店区", "博山区", "临淄区", "周村区", "桓台县", "高青县", "沂源县",
        "高新区管委会", "经济开发区管委会", "文昌湖省级旅游度假区管委会",
    }  # fmt: skip
    assert members("gaoqing", "各镇办") == {
        "田镇街道", "芦湖街道", "青城镇", "高城镇", "黑里寨镇", "唐坊镇", "常家镇", "花沟镇", "木李镇",
    }  # fmt: skip
    assert len(members("minhou", "各乡镇(街道)")) == 15
    assert "江洋农场" not in members("minhou", "各乡镇(街道)")
    assert pack("gaoqing").unit("县文化旅游局") is pack("gaoqing").unit("县文化和旅游局")


def test_areas_stand_for_their_divisions() -> None:
    jinan = pack("jinan")
    names = {d.code: d.name for d in jinan.divisions}

    def meant(written: str) -> list[str]:
        return [names[code] for code in jinan.area(written).divisions]

    assert meant("六区全域") == ["市中区", "历城区", "长清区", "章丘区", "济南高新区", "市南部山区"]
    assert meant("历城区港沟街道") == ["港沟街道"]
    assert meant("市南部山区西营街道") == ["西营街道"]
    assert meant("章丘区埠村—曹范片区") == ["埠村街道", "曹范街道"]
    parts = {a.written for a in jinan.areas if a.part}
    assert parts == {"市中区泛大涧沟片区", "章丘区三涧溪片区", "章丘区埠村—曹范片区", "济南高新区遥墙街道"}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_unit_is_used_and_belongs_to_the_area_of_the_zone(slug: str) -> None:
    p = pack(slug)
    used = {name for t in p.tasks for name in (*t.lead, *t.cooperating, *t.responsible)}
    used |= {member for u in p.units for member in u.members}
    for unit in p.units:
        assert used & {unit.name, *unit.aliases}, unit.name
        assert unit.division in {p.zone.seat, *p.zone.divisions}


@pytest.mark.parametrize("slug", SLUGS)
def test_units_of_the_annex_are_known_too(slug: str) -> None:
    p = pack(slug)
    for row in p.annex:
        for name in (*row.lead, *row.responsible):
            assert p.unit(name)


def test_the_table_of_gaoqing_is_linked_to_its_body() -> None:
    rows = pack("gaoqing").annex
    assert Counter(row.table for row in rows) == {1: 9, 2: 7, 3: 9, 4: 3}
    assert all(row.label for row in rows)
    # table 2 puts the exit mechanism beside the cadastral platform; the link follows the body
    assert [row.label for row in rows if row.table == 2] == [
        "四(二)4", "四(二)4", "四(二)5", "四(二)5", "四(二)6", "四(二)6", "四(二)6",
    ]  # fmt: skip


@pytest.mark.parametrize("slug", SLUGS)
def test_every_outline_is_of_a_division_of_the_zone(slug: str) -> None:
    p = pack(slug)
    assert p.boundary is not None
    assert p.boundary.crs == "GCJ-02"
    assert set(p.boundary.outlines) == {code for code in p.zone.divisions if "-" not in code}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_task_has_a_room_and_a_topic_where_one_fits(slug: str) -> None:
    topics = {topic.code for topic in pack("national").topics}
    assert topics == set(range(1, 12))
    without = [t.label for t in pack(slug).tasks if t.topic is None]
    # 土地要素和财政投入保障 serves all eleven
    assert without == (["八(一)"] if slug == "jinan" else [])
    assert {t.room for t in pack(slug).tasks} <= set(Room.values)


def test_the_rooms_of_the_schema_are_the_rooms_of_the_house() -> None:
    assert schema()["tasks.csv"]["properties"]["room"]["enum"] == list(Room.values)


@pytest.mark.parametrize("slug", [*SLUGS, "national"])
def test_a_pack_holds_facts_and_short_titles_never_the_text_of_a_document(slug: str) -> None:
    for file, line, column, text in cells(slug):
        assert len(text) <= 200 or column in ("members", "responsible"), (file, line, column)
        if column in ("title", "trial_task", "work_task", "name", "written"):
            assert "。" not in text, (file, line)


@pytest.mark.parametrize("slug", [*SLUGS, "national"])
def test_every_fact_says_where_it_comes_from(slug: str) -> None:
    for file, line, column, text in cells(slug):
        if column == "source":
            assert text, (file, line)
    for d in pack(slug).divisions:
        assert d.local or d.source in pack(slug).zone.sources


@pytest.mark.parametrize("slug", SLUGS)
def test_sources_that_name_a_clause_name_one_that_exists(slug: str) -> None:
    p = pack(slug)
    labels = {(c.document, c.label) for c in p.clauses}
    keys = {d.key for d in p.documents}
    for source in (*(u.source for u in p.units), *(a.source for a in p.areas), *(t.source for t in p.ties)):
        key, _, rest = source.partition(" ")
        if key in keys:
            assert (key, rest.split(" ")[0]) in labels, source


# --- keywords: the named things of a task -------------------------------------------------------------------------


@pytest.mark.parametrize("slug", SLUGS)
def test_every_task_has_keywords_that_say_more_than_its_title(slug: str) -> None:
    for t in pack(slug).tasks:
        title = QUOTES.sub("", t.title)
        assert 3 <= len(t.keywords) <= 12, t.label
        assert len(set(t.keywords)) == len(t.keywords), t.label
        assert [k for k in t.keywords if k in title] == [], t.label
        # a longer one is found by the shorter text too
        assert [(k, o) for k in t.keywords for o in t.keywords if k != o and k in o] == [], t.label


@pytest.mark.parametrize("slug", SLUGS)
def test_every_keyword_stands_in_the_text_of_its_task(slug: str) -> None:
    found = sorted(POLICIES.glob(f"{PLANS[slug]}_*.txt"))
    if not found:
        pytest.skip(f"the published plans are not here: {POLICIES}")
    text = found[0].read_bytes().decode("utf-8")
    cleaner = Cleaner.for_document(text)
    for read, have in zip(read_plan(text).tasks, pack(slug).tasks, strict=True):
        assert ("".join(read.path), read.measure_index) == (have.label, have.measure)
        lines = text[read.place.start : read.place.end].splitlines()
        own = QUOTES.sub("", "".join(cleaner.clean(line).text for line in lines))
        assert [k for k in have.keywords if QUOTES.sub("", k) not in own] == [], have.label


# --- against answers written by another hand ----------------------------------------------------------------------


def any_of(value: Any) -> list[Any]:
    return list(value["any"]) if isinstance(value, dict) else [value]


@cache
def gold(slug: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((GOLD / f"{slug}.yaml").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("slug", SLUGS)
def test_the_header_is_the_hand_checked_one(slug: str) -> None:
    want, have = gold(slug)["document"], pack(slug).documents[0]
    for name in ("title", "notice_title", "number", "issuer", "index_number"):
        assert getattr(have, name) in [choice or "" for choice in any_of(want[name])], name
    assert str(have.date_made) == want["date_made"]
    assert (str(have.date_issued) if have.date_issued else None) == want["date_issued"]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_tasks_are_the_hand_checked_ones(slug: str) -> None:
    for want, have in zip(gold(slug)["tasks"], pack(slug).tasks, strict=True):
        assert have.label == "".join(want["path"])
        assert have.measure == want.get("measure_index", 1)
        assert have.title in any_of(want["title"])
        for duty in ("lead", "cooperating", "responsible", "areas"):
            assert list(getattr(have, duty)) in any_of(want.get(duty, [])), (have.label, duty)
        assert have.deadline in [choice or "" for choice in any_of(want.get("deadline"))]
        dates = [[d for d, _ in choice] for choice in any_of(want.get("milestones", []))]
        assert [str(m.due) for m in have.milestones] in dates
        assert all(m.text in have.deadline for m in have.milestones)
