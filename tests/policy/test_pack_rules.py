"""Parameters and rules of a pack: a sound one is read whole; of a broken one every fault is named with file and line."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ronghe.policy.packs import PackFaults, read_pack
from ronghe.policy.ruling import Clause

from .test_packs import SOUND, lay

PARAMETERS = """\
id: entry.agreement.area_max
rules: [R-009]
values:
  2021-08-15: {value: 5, cite: anping-2021 二(一)1}
  2024-01-01: {value: 20/3, cite: [anping-2021 二(一)1, land-law-2019 第六十三条第二款]}
---
id: local.village_fee
title: 村级服务费
kind: ratio
basis_date: signed
room: PRO
values:
  2021-08-15: {status: unset, cite: anping-2021 二(一)1}
"""
RULES = "id,document,paths\nR-009,anping-2021,二(一)1|二(一)\n"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = lay(tmp_path / "anping", SOUND | {"rules.csv": RULES})
    (folder / "parameters").mkdir()
    (folder / "parameters" / "entry.yaml").write_text(PARAMETERS, "utf-8")
    return folder


def test_a_sound_pack_states_values_with_their_clauses(pack: Path) -> None:
    read = read_pack(pack)
    first, second, fee = read.values
    assert (first.parameter, first.starts, first.written, first.status) == (
        "entry.agreement.area_max",
        date(2021, 8, 15),
        ("5",),
        "set",
    )
    assert second.cites == (Clause("anping-2021", "二(一)1"), Clause("land-law-2019", "第六十三条第二款"))
    assert second.written == ("20/3",)
    assert (fee.status, fee.written) == ("unset", ())
    assert [d.id for d in read.definitions] == ["local.village_fee"]
    assert [(s.rule, s.labels) for s in read.statements] == [("R-009", ("二(一)1", "二(一)"))]


def _replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("change", "line", "what"),
    [
        (_replaced("2024-01-01: {value: 20/3, cite: [anping-2021 二(一)1, land-law-2019 第六十三条第二款]}",
                   "2021-08-15: {value: 6, cite: anping-2021 二(一)1}"), 5, "写了两次"),
        (_replaced("cite: anping-2021 二(一)1}", "cite: anping-2021 九(九)}"), 4, "条款索引里没有"),
        (_replaced("第六十三条第二款", "第六百条"), 5, "条款索引里没有"),
        (_replaced("value: 5,", "value: 0.5,"), 4, "不是整数或分数"),
        (_replaced("value: 5,", "value: 五亩,"), 4, "不是整数或分数"),
        (_replaced("value: 5,", "value: [5, 6],"), 4, "只能有一个值"),
        (_replaced("value: 5,", "value: {a: {b: 1}},"), 4, "写法不对"),
        (_replaced("value: 5, cite: anping-2021 二(一)1", "value: 5"), 4, "没有依据"),
        (_replaced("value: 5, cite", "cite"), 4, "没有值"),
        (_replaced("value: 5, cite", "value: 5, status: unset, cite"), 4, "却有值"),
        (_replaced("value: 5, cite: anping-2021 二(一)1", "value: 5, status: assumed"), 4, "没有写来源"),
        (_replaced("cite: anping-2021 二(一)1}", "cite: 二(一)1}"), 4, "cite"),
        (_replaced("2021-08-15: {value: 5", "2021-02-30: {value: 5"), 4, "不是有效的日期"),
        (_replaced("2021-08-15: {value: 5", "去年: {value: 5"), 3, "去年"),
        (_replaced("[R-009]", "[R-999]"), 2, "规则目录里没有"),
        (_replaced("[R-009]", "[9]"), 2, "写法不对"),
        (_replaced("id: entry.agreement.area_max", "id: entry.agreement.area_min"), 1, "没有定义"),
        (_replaced("id: entry.agreement.area_max", "id: Area"), 1, "写法不对"),
        (_replaced("id: local.village_fee", "id: entry.agreement.area_max"), 7, "写了两段"),
        (_replaced("id: local.village_fee", "id: entry.agreement.approval"), 7, "全国数据包里已有定义"),
        (_replaced("kind: ratio\n", ""), 7, "定义缺少"),
        (_replaced("kind: ratio", "kind: percent"), 9, "不在可选范围"),
        (_replaced("room: PRO", "room: PRO\nunit: 元"), 7, "没有单位"),
        (_replaced("room: PRO", "room: PRO\nmatter: D99"), 7, "没有事项"),
        (_replaced("room: PRO", "room: PRO\nchoices: [甲]"), 7, "没有可选项"),
        (_replaced("room: PRO", "room: PRO\ncolour: red"), 12, "不认识的项"),
        (_replaced("---\n", "- a\n"), 6, "YAML"),
        (_replaced("rules: [R-009]", "rules: &r [R-009]\nmeaning: *r"), 2, "锚点"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_and_line(pack: Path, change: Callable[[str], str], line: int, what: str) -> None:
    file = pack / "parameters" / "entry.yaml"
    file.write_text(change(PARAMETERS), "utf-8")
    with pytest.raises(PackFaults) as refused:
        read_pack(pack)
    faults = refused.value.facts["faults"]
    assert any(f["file"] == "parameters/entry.yaml" and f["line"] == line and what in f["what"] for f in faults), faults


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ("R-999,anping-2021,二(一)1", "规则目录里没有"),
        ("R-009,anping-2021,九", "条款索引里没有"),
        ("R-009,anping-2099,二(一)1", "没有标识为"),
        ("R-009,,", "没有出处"),
        ("R-009,anping-2021,二(一)1\nR-009,anping-2021,二(一)", "重复"),
        ("9,anping-2021,二(一)1", "写法不对"),
    ],
)
def test_a_rule_stands_where_its_pack_says(pack: Path, rows: str, what: str) -> None:
    (pack / "rules.csv").write_text(f"id,document,paths\n{rows}\n", "utf-8")
    with pytest.raises(PackFaults) as refused:
        read_pack(pack)
    assert any(f["file"] == "rules.csv" and what in f["what"] for f in refused.value.facts["faults"])


@pytest.mark.django_db
def test_nothing_of_a_broken_pack_is_loaded(pack: Path) -> None:
    from ronghe.policy.models import ParameterValue, Zone
    from ronghe.policy.tests.factories import load_folder

    (pack / "parameters" / "entry.yaml").write_text(PARAMETERS.replace("value: 5,", "value: 0.5,"), "utf-8")
    with pytest.raises(PackFaults, match="什么都没有载入"):
        load_folder(pack)
    assert not Zone.objects.exists()
    assert not ParameterValue.objects.exists()


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe\x00", b"\x00", b"id: [", b"{" * 5_000, b"---\n---\n", b"a: b: c", b"\xe4\xbd"]
)
def test_any_bytes_of_parameters_are_read_or_refused(pack: Path, raw: bytes) -> None:
    (pack / "parameters" / "odd.yaml").write_bytes(raw)
    try:
        named = set[str]() if read_pack(pack) else None
    except PackFaults as refused:
        named = {fault["file"] for fault in refused.facts["faults"]}
    assert named in (set(), {"parameters/odd.yaml"})
