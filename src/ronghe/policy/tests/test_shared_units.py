"""Packs that state the same org units: none overwrites another's units or the members of its groups."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.kernel.regions.models import GroupMember, OrgUnit
from ronghe.kernel.regions.services import OrgUnitsDiffer
from ronghe.policy.models import Zone
from ronghe.policy.packs import ZONES, Pack, read_pack
from ronghe.policy.services import load_packs

from .factories import NOON, copied, load

pytestmark = pytest.mark.django_db

POLICE, TOWNS = "县公安局", "各镇办"


@pytest.fixture
def second(tmp_path: Path) -> Pack:
    """Another zone of Gaoqing's government: the same pack under another slug, number and document key."""
    folder = copied("gaoqing", tmp_path).rename(tmp_path / "gq2")
    for path in (p for p in folder.rglob("*") if p.suffix in {".csv", ".yaml"}):
        path.write_text(path.read_text("utf-8").replace("gaoqing-2022", "gq2-2022"), "utf-8")
    zone = folder / "zone.yaml"
    text = zone.read_text("utf-8").replace("slug: gaoqing\n", "slug: gq2\n")
    [number] = [line for line in text.splitlines() if line.strip().startswith("number:")]
    zone.write_text(text.replace(number, f"{number.partition(':')[0]}: 高政办字〔2026〕9号"), "utf-8")
    return read_pack(folder)


def with_unit(pack: Pack, name: str, **changes: Any) -> Pack:
    """The pack as if it stated one unit otherwise, under a digest of its own."""
    units = tuple(replace(u, **changes) if u.name == name else u for u in pack.units)
    return replace(pack, units=units, digest=f"{pack.digest[:-1]}x")


def without_two_towns(pack: Pack) -> Pack:
    [towns] = [u for u in pack.units if u.name == TOWNS]
    return with_unit(pack, TOWNS, member_divisions=towns.member_divisions[:-2])


def into_database(*packs: Pack) -> None:
    load_packs(packs, actor=SYSTEM, at=NOON)


def state() -> tuple[Any, ...]:
    return list(OrgUnit.objects.order_by("pk").values()), list(GroupMember.objects.order_by("pk").values())


def members() -> set[str | None]:
    return set(GroupMember.objects.filter(group__name=TOWNS).values_list("division_id", flat=True))


def test_a_second_pack_does_not_overwrite_units_and_groups_of_the_first(second: Pack) -> None:
    load("national", "zibo", "gaoqing")
    before, events = state(), Event.objects.count()
    worse = without_two_towns(with_unit(second, POLICE, kind="enterprise", level="town"))
    with pytest.raises(OrgUnitsDiffer) as refused:
        into_database(worse)
    place = {u.name: f"units.csv 第 {u.line} 行，" for u in second.units}
    assert [
        (d["place"], d["code"], d["unit"], d["fact"], d["given"], d["stored"])
        for d in refused.value.facts["differences"][:2]
    ] == [
        (place[POLICE], "370322000000", POLICE, "类别", "企业", "部门单位"),
        (place[POLICE], "370322000000", POLICE, "层级", "镇（街道）", "县（区）"),
    ]
    [group] = refused.value.facts["differences"][2:]
    assert (group["place"], group["unit"], group["fact"]) == (place[TOWNS], TOWNS, "成员")
    assert len(group["stored"].split("、")) - len(group["given"].split("、")) == 2
    assert f"370322000000 {POLICE} 的类别：“gq2”写的是“企业”，“gaoqing”写的是“部门单位”" in refused.value.text
    assert (state(), Event.objects.count()) == (before, events)
    assert not Zone.objects.filter(slug="gq2").exists()


def test_a_pack_that_agrees_joins_and_what_one_drops_the_other_keeps(second: Pack) -> None:
    load("national", "zibo", "gaoqing")
    towns = members()
    into_database(second)
    assert OrgUnit.objects.get(name=POLICE).stated_by == ["gaoqing", "gq2"]
    # neither alone may leave out what the other states too
    with pytest.raises(OrgUnitsDiffer, match="“gaoqing”写的是"):
        into_database(without_two_towns(second))
    # without the group, and everything that names it, the second pack leaves the members to the first
    slimmer = replace(second, units=tuple(u for u in second.units if u.name != TOWNS), tasks=(), digest="0" * 64)
    into_database(slimmer)
    assert members() == towns
    assert not GroupMember.objects.filter(group__name=TOWNS).exclude(stated_by=["gaoqing"]).exists()
    # and now the first may correct them, which takes them away with the last pack that stated them
    into_database(without_two_towns(read_pack(ZONES / "gaoqing")))
    assert len(towns - members()) == 2
    assert Event.objects.latest("id").facts["group_members"] == {"added": 0, "changed": 0, "removed": 2}


def test_a_pack_corrects_what_it_alone_states(tmp_path: Path) -> None:
    load("national", "zibo", "gaoqing")
    pack = read_pack(ZONES / "gaoqing")
    into_database(without_two_towns(with_unit(pack, POLICE, kind="government", aliases=("公安局",))))
    police = OrgUnit.objects.get(name=POLICE)
    assert (police.kind, police.aliases) == ("government", ["公安局"])
    assert len(members()) == 7
    # the pack as it was: the kind returns, the towns return, the spelling stays
    load("gaoqing")
    police.refresh_from_db()
    assert (police.kind, police.aliases, len(members())) == ("department", ["公安局"], 9)


def test_packs_loaded_together_correct_what_they_share(second: Pack) -> None:
    load("national", "zibo", "gaoqing")
    into_database(second)
    first = read_pack(ZONES / "gaoqing")
    both = [without_two_towns(with_unit(pack, POLICE, kind="government")) for pack in (first, second)]
    into_database(*both)
    assert OrgUnit.objects.get(name=POLICE).kind == "government"
    assert len(members()) == 7
    with pytest.raises(OrgUnitsDiffer, match="“gaoqing”写的是“企业”"):
        into_database(with_unit(both[0], POLICE, kind="enterprise"), both[1])


def test_a_reload_repairs_what_was_overwritten_before_it_was_kept_who_states_it() -> None:
    load("national", "zibo", "gaoqing")
    before = members()
    GroupMember.objects.filter(group__name=TOWNS, division_id=max(before)).delete()
    OrgUnit.objects.filter(name=POLICE).update(kind="enterprise")
    other = OrgUnit.objects.get(name=POLICE)
    GroupMember.objects.create(group=OrgUnit.objects.get(name=TOWNS), unit=other)
    OrgUnit.objects.update(stated_by=[])
    GroupMember.objects.update(stated_by=[])
    load("gaoqing")
    assert OrgUnit.objects.get(name=POLICE).kind == "department"
    assert members() == before
    facts = Event.objects.latest("id").facts
    assert (facts["units"], facts["group_members"]) == (
        {"added": 0, "changed": 1, "removed": 0},
        {"added": 1, "changed": 0, "removed": 1},
    )


def test_shared_units_are_loaded_again_without_a_trace_and_rows_from_before_are_claimed(second: Pack) -> None:
    load("national", "zibo", "gaoqing")
    into_database(second)
    before, events = state(), Event.objects.count()
    load("gaoqing", "zibo")
    into_database(second)
    assert (state(), Event.objects.count()) == (before, events)
    OrgUnit.objects.update(stated_by=[])
    GroupMember.objects.update(stated_by=[])
    load("zibo", "gaoqing")
    into_database(second)
    assert (state(), Event.objects.count()) == (before, events)


@pytest.mark.parametrize("model", [OrgUnit, GroupMember])
def test_the_database_refuses_a_pack_without_a_name(model: Any) -> None:
    load("national", "zibo")
    with pytest.raises(IntegrityError, match="_names_its_packs"), transaction.atomic():
        model.objects.update(stated_by=["zibo", ""])
