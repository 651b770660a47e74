"""``ronghe audit``."""

import json

import pytest
from typer.testing import CliRunner

from ronghe.kernel.audit import cli
from ronghe.kernel.audit.errors import BadSealFile
from ronghe.kernel.audit.models import SealedEvent, Verification

from .helpers import happen, settle, tamper


def run(*words):
    return CliRunner().invoke(cli.app, [str(w) for w in words])


@pytest.fixture
def sealed(fresh_database):
    happen(3)
    settle()
    assert "1 块" in run("seal").stdout
    return fresh_database


def test_a_whole_record_exits_with_0_and_says_so(sealed):
    done = run("verify")
    assert done.exit_code == 0
    assert "未发现问题：1 块、3 个位置" in done.stdout
    assert Verification.objects.count() == 1


def test_a_changed_record_exits_with_1_and_says_where(sealed):
    tamper(sealed, f"UPDATE audit_event SET user_id = 6 WHERE id = {SealedEvent.objects.get(position=2).event_id}")
    done = run("verify", "--json")
    answer = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (answer["whole"], answer["fault_count"]) == (False, 1)
    assert answer["faults"][0]["kind"] == "event_changed"
    assert answer["faults"][0]["position"] == 2
    assert "事件被改动" in run("verify").stdout


def test_an_exported_seal_proves_that_the_end_was_cut_off(sealed, tmp_path):
    file = tmp_path / "seal.json"
    assert run("export-seal", file).exit_code == 0
    assert json.loads(file.read_text())["position"] == 3
    assert run("verify", "--against", file).exit_code == 0
    tamper(
        sealed,
        "DELETE FROM audit_sealedevent",
        "DELETE FROM audit_block",
        "DELETE FROM audit_event",
        "DELETE FROM audit_waiting",
    )
    assert run("verify").exit_code == 0
    done = run("verify", "--against", file, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["faults"][0]["kind"] == "seal_missing"


@pytest.mark.parametrize("text", ["", "{}", "[1]", "not json"])
def test_a_file_that_is_no_seal_is_refused_by_name(fresh_database, tmp_path, text):
    file = tmp_path / "seal.json"
    file.write_text(text)
    assert isinstance(run("verify", "--against", file).exception, BadSealFile)
    assert isinstance(run("verify", "--against", tmp_path / "missing.json").exception, BadSealFile)
