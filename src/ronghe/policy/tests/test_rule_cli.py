"""``ronghe rule``: JSON on standard output, messages on standard error, 2 for facts that are wrong or missing."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ronghe.kernel.errors import DomainError
from ronghe.policy.queries import ZoneNotFound
from ronghe.policy.rule_cli import app
from ronghe.policy.rulebook import RuleNotFound

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]
RULE = "entry.agreement_exception"
FACTS = {"area_mu": 5, "has_collective_consent": True, "has_approval": True}


def run(tmp_path: Path, facts: object, *more: str, zone: str = "qingdao", code: str = RULE, day: str = "2026-11-23"):
    file = tmp_path / "facts.json"
    file.write_text(facts if isinstance(facts, str) else json.dumps(facts), "utf-8")
    return CliRunner().invoke(
        app, ["run", code, "--zone", zone, "--date", day, "--facts", str(file), *more], catch_exceptions=True
    )


def test_list_names_codes_and_titles():
    rows = json.loads(CliRunner().invoke(app, ["list", "--json"]).stdout)
    assert {"code": RULE, "title": "小面积或零星地块协议入市", "covers": ["R-009", "R-010", "R-011"]} in rows
    assert RULE in CliRunner().invoke(app, ["list"]).stdout


def test_show_says_what_a_rule_needs_and_what_is_fixed_where():
    found = json.loads(CliRunner().invoke(app, ["show", RULE, "--json"]).stdout)
    area = next(one for one in found["facts"] if one["name"] == "area_mu")
    assert area == {
        "name": "area_mu", "type": "number", "unit": "亩", "required": area["required"],
        "meaning": "宗地面积", "choices": [],
    }  # fmt: skip
    limits = {(p["zone"], p["from"]): (p["value"], p["status"], p["cite"]) for p in found["parameters"] if p["id"] == "entry.agreement.area_max"}  # fmt: skip
    assert limits["qingdao", "2020-11-24"] == (5, "set", "qingdao-2020 三(二)3")
    assert limits["zibo", "2020-12-06"] == (None, "unset", "zibo-2020 二(一)2(3)")
    assert "宗地面积" in CliRunner().invoke(app, ["show", RULE]).stdout


def test_run_answers_as_json_and_in_words(tmp_path: Path):
    done = run(tmp_path, FACTS, "--json")
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert set(answer) == {"code", "zone", "date", "verdict", "value", "missing", "steps", "parameters"}
    assert (answer["verdict"], answer["value"], answer["missing"]) == ("passed", True, [])
    assert answer["steps"][0]["cite"] == "qingdao-2020 三(二)3"
    assert "通过" in run(tmp_path, FACTS).stdout
    decimal = run(tmp_path, '{"area_mu": 5.0000000000000000001, "has_collective_consent": true, "has_approval": true}', "--json")  # fmt: skip
    assert json.loads(decimal.stdout)["verdict"] != "passed", "a decimal is taken exactly, not through a float"


def test_missing_facts_are_named_with_status_2(tmp_path: Path):
    done = run(tmp_path, {"area_mu": 5}, "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["verdict"] == "undecidable"
    assert "has_collective_consent" in done.stderr


def test_wrong_facts_are_named_with_status_2(tmp_path: Path):
    done = run(tmp_path, FACTS | {"area_mu": {"value": 5, "unit": "元"}, "colour": "红"})
    assert (done.exit_code, done.stdout) == (2, "")
    assert "area_mu" in done.stderr
    assert "colour" in done.stderr


def test_an_open_parameter_is_an_answer(tmp_path: Path):
    done = run(tmp_path, FACTS | {"is_scattered": False}, "--json", zone="zibo")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["missing"] == ["entry.agreement.area_max"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"area_mu": NaN}', "[" * 100_000])
def test_a_file_that_is_no_object_is_refused(tmp_path: Path, text: str):
    done = run(tmp_path, text)
    assert isinstance(done.exception, DomainError)
    assert done.exception.code == "policy.facts_unreadable"


def test_unknown_rule_zone_and_day_are_refused(tmp_path: Path):
    assert isinstance(run(tmp_path, FACTS, code="no.such").exception, RuleNotFound)
    assert isinstance(run(tmp_path, FACTS, zone="nowhere").exception, ZoneNotFound)
    assert run(tmp_path, FACTS, day="2026-02-30").exit_code == 2
    assert run(tmp_path, FACTS, "--basis", "birthday=2026-01-01").exit_code == 2
    assert run(tmp_path, FACTS, "--basis", "vote=2026-01-01").exit_code == 0
