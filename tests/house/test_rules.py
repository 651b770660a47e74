"""Every rule of the inventory is carried: by a parameter, by a function of the rulebook, or by a written reason."""

import re
from collections import Counter

import pytest

from ronghe.policy.models import Room
from ronghe.policy.packs import Pack, known_packs, read_pack
from ronghe.policy.rulebook import all_rules

from . import source

#: The inventory: R-001 … R-223 (zones/national/rules.csv lists them).
LAST = 223
#: How docstrings call the plans.
ZONES = {"青岛": "qingdao", "淄博": "zibo", "闽侯": "minhou", "高青": "gaoqing", "济南": "jinan"}
#: A rule that no plan states rests on a national law, which its docstring names.
LAW = re.compile(r"Source: .*(法|条例|民法典) ?第")


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    return {folder.name: read_pack(folder) for folder in known_packs()}


def test_the_catalogue_lists_every_id_once_with_a_title(packs):
    listed = [rule.id for rule in packs["national"].rules]
    assert listed == [f"R-{number:03}" for number in range(1, LAST + 1)]
    untitled = [rule.id for rule in packs["national"].rules if not rule.title or rule.title == rule.id]
    assert not untitled, source.listed(untitled, "give these rules a title in zones/national/rules.csv:")


def test_every_rule_is_carried(packs):
    by_parameter = {rule for pack in packs.values() for value in pack.values for rule in value.rules}
    by_function = {rule for one in all_rules().values() for rule in one.covers}
    by_reason = {rule.id for rule in packs["national"].rules if rule.without}
    bare = [r.id for r in packs["national"].rules if r.id not in by_parameter | by_function | by_reason]
    assert not bare, source.listed(bare, "carry these by a parameter, a rule, or a reason in the column `without`:")
    known = {rule.id for rule in packs["national"].rules}
    assert by_function <= known, f"rules cover ids that are not in the catalogue: {sorted(by_function - known)}"


def test_every_rule_is_stated_by_a_document(packs):
    stated = {statement.rule for pack in packs.values() for statement in pack.statements}
    assert stated == {rule.id for rule in packs["national"].rules}


def test_a_parameter_of_a_rule_stands_in_a_zone_that_states_the_rule(packs):
    faults = []
    for name, pack in packs.items():
        if name == "national":
            continue
        stated = {statement.rule for statement in pack.statements}
        faults += [
            f"{v.file}:{v.line}: {v.parameter} of {rule}" for v in pack.values for rule in v.rules if rule not in stated
        ]
    assert not faults, source.listed(faults, "this zone's documents do not state the rule (its rules.csv):")


def test_every_parameter_is_stated_or_assumed_somewhere(packs):
    defined = {definition.id for pack in packs.values() for definition in pack.definitions}
    stated = {value.parameter for pack in packs.values() for value in pack.values}
    assert not defined - stated, source.listed(sorted(defined - stated), "no zone and no law gives these a value:")


def test_every_parameter_that_a_rule_asks_for_is_defined(packs):
    defined = {definition.id for pack in packs.values() for definition in pack.definitions}
    faults = [f"{one.code}: {name}" for one in all_rules().values() for name in one.parameters if name not in defined]
    assert not faults, source.listed(faults, "define these in zones/national/parameters/:")


def test_no_two_parameters_and_no_two_rules_share_a_title(packs):
    """A table of comparison shows titles alone."""
    for titles in ([one.title for one in packs["national"].definitions], [one.title for one in all_rules().values()]):
        twice = sorted(title for title, count in Counter(titles).items() if count > 1)
        assert not twice, source.listed(twice, "tell these apart by their titles:")


def test_a_docstring_names_clauses_that_stand_in_the_index(packs):
    faults = []
    for one in all_rules().values():
        for zone, name in ZONES.items():
            stands = {clause.label for clause in packs[name].clauses}
            for named in re.findall(rf"{zone} ([^\s;.]+)", (one.function.__doc__ or "").partition("Source:")[2]):
                faults += [f"{one.code}: {zone} {label}" for label in named.split("、") if label not in stands]
    assert not faults, source.listed(faults, "no such clause in the plan:")


def test_every_rule_says_where_it_belongs(packs):
    matters = {matter.key for matter in packs["national"].matters}
    rooms = {room.value for room in Room}
    faults = []
    for one in all_rules().values():
        if one.room not in rooms:
            faults.append(f"{one.code}: room {one.room}")
        if one.matter and one.matter not in matters:
            faults.append(f"{one.code}: matter {one.matter}")
        if not one.explanation:
            faults.append(f"{one.code}: no docstring")
        if not one.covers and not LAW.search(one.function.__doc__ or ""):
            faults.append(f"{one.code}: covers no id of the inventory and names no law")
    assert not faults, source.listed(faults, "mend these declarations:")


def test_a_value_that_is_assumed_is_off_and_says_so(packs):
    faults = [
        f"{v.file}:{v.line}: {v.parameter}"
        for pack in packs.values()
        for v in pack.values
        if v.status == "assumed" and (v.in_use or not v.source)
    ]
    assert not faults, source.listed(faults, "assumed values are off by default and name their source:")
