"""What a database was prepared with decides whether a start prepares it again."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ronghe.site.preparing import fingerprint


def write(file: str, text: str) -> Callable[[Path, pytest.MonkeyPatch], None]:
    return lambda folder, environment: (folder / file).write_text(text) and None


def set_to(name: str, value: str) -> Callable[[Path, pytest.MonkeyPatch], None]:
    return lambda folder, environment: environment.setenv(name, value)


@pytest.mark.parametrize(
    "change",
    [
        write("zone/zone.yaml", "name: another"),
        write("zone/tasks.csv", ""),
        set_to("RONGHE_PACKS", ""),
        set_to("RONGHE_DEMO", "0"),
    ],
)
def test_other_packs_and_no_demonstration_are_prepared_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path, pytest.MonkeyPatch], None]
) -> None:
    # given a folder of packs
    (tmp_path / "zone").mkdir()
    (tmp_path / "zone" / "zone.yaml").write_text("name: one")
    monkeypatch.setenv("RONGHE_PACKS", str(tmp_path))
    monkeypatch.delenv("RONGHE_DEMO", raising=False)
    before = fingerprint()
    assert fingerprint() == before
    # when one thing changes
    change(tmp_path, monkeypatch)
    # then the content is another, and the tables are the same: commands need not wait for the next start
    assert fingerprint().whole != before.whole
    assert fingerprint().tables == before.tables
