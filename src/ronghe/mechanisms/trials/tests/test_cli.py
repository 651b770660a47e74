"""``ronghe trial run``: the same from the shell."""

import json

import pytest
from typer.testing import CliRunner

from ronghe.mechanisms.trials.cli import app
from ronghe.mechanisms.trials.models import FactTable, Trial

from .factories import AREA_MAX, CODE, FIVE, HEAD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


def run(*arguments: str):
    return CliRunner().invoke(app, ["run", CODE, "--zone", "qingdao", "--date", "2026-11-22", *arguments])


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "宗地.csv"
    file.write_text(FIVE, "utf-8")
    return file


def test_two_thresholds_over_a_table(table, tmp_path):
    out = tmp_path / "结果.csv"
    done = run("--table", str(table), "--set", f"{AREA_MAX}=8", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "协议入市的面积上限：现行 5 亩 → 试算 8 亩" in done.stdout
    assert "通过的由 1 行增加到 2 行" in done.stdout
    assert "转为通过：1" in done.stdout
    lines = out.read_text("utf-8-sig").splitlines()
    assert len(lines) == 6
    assert lines[2].endswith("未通过,,通过,,转为通过")
    assert Trial.objects.get().state == "done"


def test_as_json(table):
    told = json.loads(run("--table", str(table), "--json").stdout)
    assert (told["state"], told["done"], told["parameters_b"]) == ("done", 5, None)
    assert {"a": "passed", "b": None, "change": None, "rows": 1} in told["outcomes"]


def test_the_demonstration_runs_without_a_file():
    told = json.loads(run("--table", "demo", "--set", f"{AREA_MAX}=8", "--json").stdout)
    assert (told["rows"], told["table"]["demo"]) == (10_000, True)


def test_a_faulty_table_is_told_and_nothing_is_kept(table):
    table.write_text(HEAD + "甲,五,否,是,是\n", "utf-8")
    done = run("--table", str(table))
    assert done.exit_code == 2
    assert "第 2 行“宗地面积（亩）”：“五”不是数值" in done.stderr
    assert not FactTable.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--set", f"{AREA_MAX}=8亩"], "试算值写得不对"),
        (["--set", "levy.rate=1"], "不用参数“levy.rate”"),
    ],
)
def test_a_wrong_change_is_told(table, arguments, told):
    done = run("--table", str(table), *arguments)
    assert (done.exit_code, told in done.stderr) == (2, True)


def test_a_file_that_is_not_there(tmp_path):
    done = run("--table", str(tmp_path / "nothing.csv"))
    assert (done.exit_code, "打不开" in done.stderr) == (2, True)
