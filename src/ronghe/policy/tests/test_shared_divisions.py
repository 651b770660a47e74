"""Packs that state the same divisions: none overwrites another, and what the last one drops goes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.kernel.regions.models import Division, DivisionClosure, FormerName, FunctionalTie
from ronghe.kernel.regions.services import DivisionsDiffer
from ronghe.policy.packs import ZONES, read_pack
from ronghe.policy.services import Loaded, load_packs

from .factories import NOON, copied, load, load_folder

pytestmark = pytest.mark.django_db

#: 高青县 stands in Zibo's pack and in its own; 沂源县 only in Zibo's.
GAOQING, YIYUAN = "370322000000", "370323000000"


def rewrite(folder: Path, table: str, change: Callable[[str], str]) -> Path:
    """Change the rows of a table of a pack; a row that becomes empty goes."""
    path = folder / table
    lines = path.read_text("utf-8").splitlines()
    path.write_text("".join(f"{new}\n" for line in lines if (new := change(line))), "utf-8")
    return folder


def renamed(folder: Path, code: str, name: str) -> Path:
    def change(line: str) -> str:
        cells = line.split(",")
        return ",".join([code, name, *cells[2:]]) if cells[0] == code else line

    return rewrite(folder, "divisions.csv", change)


def test_a_pack_that_names_a_division_otherwise_than_another_is_refused_by_file_line_and_both_names(
    tmp_path: Path,
) -> None:
    load("national", "zibo")
    folder = renamed(copied("gaoqing", tmp_path), GAOQING, "高清县")
    line = 1 + [row.split(",")[0] for row in (folder / "divisions.csv").read_text("utf-8").splitlines()].index(GAOQING)
    events = Event.objects.count()
    with pytest.raises(DivisionsDiffer) as refused:
        load_folder(folder)
    assert refused.value.facts["differences"] == [
        {
            "place": f"divisions.csv 第 {line} 行，",
            "code": GAOQING,
            "fact": "名称",
            "given": "高清县",
            "stored": "高青县",
            "stated_by": ("zibo",),
            "unit": "",
        }
    ]
    assert f"divisions.csv 第 {line} 行，{GAOQING} 的名称：“gaoqing”写的是“高清县”" in refused.value.text
    assert Division.objects.get(code=GAOQING).name == "高青县"
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("column", "value", "fact"), [(2, "functional", "层级"), (3, "370000000000", "上级"), (4, "true", "本地代码")]
)
def test_level_parent_and_local_flag_must_agree_too(column: int, value: str, fact: str) -> None:
    load("national", "zibo")
    pack = read_pack(ZONES / "gaoqing")
    name = {2: "level", 3: "parent", 4: "local"}[column]
    other = tuple(
        replace(d, **{name: value == "true" if column == 4 else value}) if d.code == GAOQING else d
        for d in pack.divisions
    )
    with pytest.raises(DivisionsDiffer) as refused:
        load_packs([replace(pack, divisions=other)], actor=SYSTEM, at=NOON)
    assert [d["fact"] for d in refused.value.facts["differences"]] == [fact]


def test_a_pack_corrects_what_it_alone_states_and_not_what_another_states_too(tmp_path: Path) -> None:
    load("national", "zibo", "gaoqing")
    folder = copied("zibo", tmp_path)
    done = load_folder(renamed(folder, YIYUAN, "沂源新县"))
    # the county and its outline
    assert done == Loaded("zibo", changed=2)
    event = Event.objects.latest("id")
    assert (event.verb, event.facts["divisions"]) == (
        "policy.pack.loaded",
        {"added": 0, "changed": 1, "removed": 0},
    )
    yiyuan = Division.objects.get(code=YIYUAN)
    assert (yiyuan.name, yiyuan.pinyin) == ("沂源新县", "yi yuan xin xian")
    with pytest.raises(DivisionsDiffer, match="“gaoqing”写的是“高青县”"):
        load_folder(renamed(folder, GAOQING, "高清县"))


def test_packs_loaded_together_correct_what_they_share(tmp_path: Path) -> None:
    load("national", "zibo", "gaoqing")
    folders = [renamed(copied(slug, tmp_path), GAOQING, "高清县") for slug in ("zibo", "gaoqing")]
    packs = [read_pack(folder) for folder in folders]
    load_packs(packs, actor=SYSTEM, at=NOON)
    assert Division.objects.get(code=GAOQING).name == "高清县"
    # the one that follows must agree with the one before it
    renamed(folders[0], GAOQING, "高轻县")
    with pytest.raises(DivisionsDiffer, match="“zibo”写的是“高轻县”"):
        load_packs([read_pack(folder) for folder in folders], actor=SYSTEM, at=NOON)
    assert Division.objects.get(code=GAOQING).name == "高清县"


def test_what_a_pack_no_longer_states_the_other_may_correct(tmp_path: Path) -> None:
    load("national", "zibo", "gaoqing")
    village = Division.objects.filter(code__startswith="370322", level="village").latest("code")
    assert sorted(village.stated_by) == ["gaoqing", "zibo"]
    load_folder(
        rewrite(copied("gaoqing", tmp_path), "divisions.csv", lambda row: "" if row.startswith(village.code) else row)
    )
    village.refresh_from_db()
    assert village.stated_by == ["zibo"]
    load_folder(renamed(copied("zibo", tmp_path), village.code, "新村"))
    village.refresh_from_db()
    assert village.name == "新村"


def test_a_tie_that_the_pack_drops_goes_and_the_town_no_longer_lies_under_the_zone(tmp_path: Path) -> None:
    load("national", "jinan")
    before = DivisionClosure.objects.count()
    folder = rewrite(copied("jinan", tmp_path), "closure.csv", lambda row: "" if "370112021000" in row else row)
    load_folder(folder)
    assert Event.objects.latest("id").facts["ties"] == {"added": 0, "changed": 0, "removed": 1}
    assert set(FunctionalTie.objects.values_list("division_id", flat=True)) == {"370112018000", "370112019000"}
    under = DivisionClosure.objects.filter(ancestor="370100-nanshan")
    assert not under.filter(descendant__code__startswith="370112021").exists()
    # the town itself and its villages, and no more
    town = Division.objects.filter(code__startswith="370112021").count()
    assert before - DivisionClosure.objects.count() == town
    # given again, it is there again
    load("jinan")
    assert DivisionClosure.objects.count() == before


def test_a_former_name_goes_with_the_last_pack_that_states_it(tmp_path: Path) -> None:
    load("national")
    row = f"{GAOQING},田镇县,370399000000,1990-01-01,演示"
    head = "code,name,former_code,until,source\n"
    zibo, gaoqing = copied("zibo", tmp_path), copied("gaoqing", tmp_path)
    for folder in (zibo, gaoqing):
        (folder / "former_names.csv").write_text(f"{head}{row}\n", "utf-8")
        load_folder(folder)
    assert FormerName.objects.get(division=GAOQING).stated_by == ["zibo", "gaoqing"]
    (zibo / "former_names.csv").write_text(head, "utf-8")
    load_folder(zibo)
    assert FormerName.objects.get(division=GAOQING).stated_by == ["gaoqing"]
    # alone, Gaoqing may say better until when
    (gaoqing / "former_names.csv").write_text(f"{head}{row.replace('1990-01-01', '1991-02-03')}\n", "utf-8")
    load_folder(gaoqing)
    assert str(FormerName.objects.get(division=GAOQING).until) == "1991-02-03"
    (zibo / "former_names.csv").write_text(f"{head}{row}\n", "utf-8")
    with pytest.raises(DivisionsDiffer, match=r"former_names\.csv 第 2 行"):
        load_folder(zibo)
    (gaoqing / "former_names.csv").write_text(head, "utf-8")
    load_folder(gaoqing)
    assert not FormerName.objects.filter(division=GAOQING).exists()


def test_shared_divisions_are_loaded_again_without_a_trace() -> None:
    load("national", "zibo", "gaoqing")
    before, events = list(Division.objects.values()), Event.objects.count()
    load("gaoqing", "zibo", "gaoqing")
    assert (list(Division.objects.values()), Event.objects.count()) == (before, events)


def test_rows_from_before_are_claimed_without_an_event() -> None:
    load("national", "jinan")
    for model in (Division, FunctionalTie, FormerName):
        model.objects.update(stated_by=[])
    events = Event.objects.count()
    load("jinan")
    assert Event.objects.count() == events
    for model in (Division, FunctionalTie, FormerName):
        assert not model.objects.exclude(stated_by=["jinan"]).exists()


@pytest.mark.parametrize("model", [Division, FunctionalTie, FormerName])
def test_the_database_refuses_a_pack_without_a_name(model: type[Division]) -> None:
    load("national", "jinan")
    with pytest.raises(IntegrityError, match="_names_its_packs"), transaction.atomic():
        model.objects.update(stated_by=["jinan", ""])
