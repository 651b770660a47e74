"""Tables: whatever a spreadsheet program writes is read as it was meant, or refused as a whole with every place named."""

import codecs
import contextlib
import csv
import io
import zipfile
from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from ronghe.mechanisms.trials import archive, table
from ronghe.mechanisms.trials.errors import (
    TableColumnsWrong,
    TableEmpty,
    TableTooLarge,
    TableTooLong,
    TableUnreadable,
    TableValuesWrong,
)

from .factories import FIVE, HEAD, read, rule


def rows(found: table.ReadTable) -> list[archive.ArchivedRow]:
    return [row for chunk in found.chunks for row in archive.unpacked(chunk.content)]


def facts(found: table.ReadTable) -> list[list[archive.Written]]:
    return [row.facts for row in rows(found)]


def book(*lines: list[object]) -> bytes:
    made = Workbook()
    for line in lines:
        made.active.append(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


PLAIN = read(FIVE)


@pytest.mark.parametrize(
    "content",
    [
        FIVE.encode(),
        codecs.BOM_UTF8 + FIVE.encode(),
        FIVE.encode("gb18030"),
        FIVE.encode("utf-16"),
        FIVE.replace(",", ";").encode(),
        FIVE.replace(",", "\t").encode(),
        FIVE.replace("\n", "\r\n").encode(),
        FIVE.replace("甲", '"甲"').encode(),
        FIVE.rstrip("\n").encode(),
    ],
)
def test_a_text_table_means_the_same_however_it_is_written(content):
    found = read(content)
    assert rows(found) == rows(PLAIN)
    assert found.rows_digest == PLAIN.rows_digest
    assert found.file_digest == PLAIN.file_digest or content != FIVE.encode()


def test_a_workbook_means_the_same_as_a_text_table():
    lines = [line.split(",") for line in FIVE.splitlines()]
    typed = [lines[0], *([name, float(area) if area else None, *rest] for name, area, *rest in lines[1:])]
    assert rows(read(book(*typed), name="宗地.xlsx")) == rows(PLAIN)


def test_the_facts_come_back_as_the_rule_takes_them():
    made = archive.facts_reader(rule(), PLAIN.columns)(rows(PLAIN)[1].facts)
    assert made == rule().facts_type(Fraction(15, 2), False, True, True)
    assert archive.facts_reader(rule(), PLAIN.columns)(rows(PLAIN)[4].facts).area_mu is None


@pytest.mark.parametrize(
    "head", ["area_mu", "宗地面积", "宗地面积（亩）", " 宗地 面积(亩) ", "宗地面积[亩]", "AREA_MU（亩）"]
)
def test_a_fact_is_named_by_its_name_or_its_meaning(head):
    assert read(f"{head}\n4.5\n").columns == ("area_mu",)


@pytest.mark.parametrize(
    ("head", "cell", "mu"),
    [("area_mu [m2]", "2000", "3"), ("宗地面积（m²）", "1000", "3/2"), ("宗地面积（公顷）", "0.1", "3/2"), ("宗地面积（平方米）", "2000/3", "1")],
)  # fmt: skip
def test_another_unit_is_converted_exactly(head, cell, mu):
    assert facts(read(f"{head}\n{cell}\n")) == [[mu]]


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("宗地面积（元）", "“宗地面积”的单位应为“亩”，给的是“元”"),
        ("属于零星地块（亩）", "没有单位"),
        ("宗地面积,area_mu", "与前面的列是同一个事实"),
        ("宗地面积,权利人", "“权利人”不是这条规则的事实"),
        ("名称,面积", "“面积”不是这条规则的事实"),
        ("名称", "没有一列是这条规则的事实"),
    ],
)
def test_a_wrong_head_is_refused_by_name(head, told):
    with pytest.raises(TableColumnsWrong, match=told) as refused:
        read(f"{head}\n{'1,' * head.count(',')}1\n")
    assert refused.value.code == "trials.table_columns_wrong"
    assert "宗地面积（亩）" in refused.value.text


def test_a_column_that_is_named_names_the_rows_and_the_rest_may_stay_as_notes():
    content = "地块号,宗地面积,权利人\nA-1,3,某社\n"
    with pytest.raises(TableColumnsWrong):
        read(content, name_column="地块号")
    found = read(content, name_column="地块号", keep_notes=True)
    assert found.notes == ("权利人",)
    assert rows(found) == [archive.ArchivedRow(2, "A-1", ["3"], ["某社"])]
    with pytest.raises(TableColumnsWrong, match="没有名为“宗地号”的列"):
        read(content, name_column="宗地号", keep_notes=True)


def test_every_fault_is_counted_and_the_first_are_told_with_their_places():
    content = HEAD + "".join(f"{n},{n}亩,否,是,是\n" for n in range(30))
    with pytest.raises(TableValuesWrong) as refused:
        read(content)
    assert refused.value.facts["count"] == 30
    assert refused.value.facts["faults"][0] == {"line": 2, "column": "宗地面积（亩）", "what": "“0亩”不是数值"}
    assert len(refused.value.facts["faults"]) == 20
    assert "另有 10 处没有列出" in refused.value.text


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("甲,-1,否,是,是", "不能小于 0"),
        ("甲,1e99,否,是,是", "过大过小"),
        ("甲,nan,否,是,是", "过大过小"),
        ("甲,#DIV/0!,否,是,是", "“#DIV/0!”不是"),
        ("甲,3,不一定,是,是", "不是“是”或“否”"),
        ("甲,3,否,是,是,多", "列名一行没有这一列"),
        (f"{'长' * 121},3,否,是,是", "最多 120 个"),
    ],
)
def test_a_cell_that_does_not_fit_is_refused(row, told):
    with pytest.raises(TableValuesWrong, match="第 2 行") as refused:
        read(HEAD + row + "\n")
    assert told in refused.value.text


def test_blank_lines_are_no_rows_and_lines_keep_the_numbers_of_the_file():
    found = read(HEAD + ",,,,\n甲,3,否,是,是\n\n乙,4,否,是,是\n")
    assert [row.line for row in rows(found)] == [3, 5]


@pytest.mark.parametrize("content", ["", "\n\n", HEAD, HEAD + "\n,,,,\n"])
def test_a_table_without_rows_is_refused(content):
    with pytest.raises(TableEmpty):
        read(content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 XLS"),
        (b"PK\x03\x04 cut off", "文件不完整"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "不是文本表格"),
        (b"\xff\xff\xff\xff" * 9, "编码"),
        ('名称,宗地面积\n"甲,3\n'.encode(), "引号没有配对"),
    ],
)
def test_what_is_no_table_is_refused(content, told):
    with pytest.raises(TableUnreadable, match=told):
        read(content)


def test_a_zip_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive_file:
        archive_file.writestr("hello.txt", "hello")
    with pytest.raises(TableUnreadable):
        read(out.getvalue(), name="x.xlsx")


def test_a_workbook_that_declares_entities_is_refused():
    source = io.BytesIO(book(["宗地面积"], [3]))
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename.startswith("xl/worksheets/"):
                content = b'<!DOCTYPE x [<!ENTITY a "b">]>' + content
            new.writestr(part, content)
    with pytest.raises(TableUnreadable, match="声明"):
        read(out.getvalue(), name="x.xlsx")


def test_a_formula_whose_value_was_not_saved_is_no_unknown_fact():
    with pytest.raises(TableUnreadable, match="有 1 个公式没有存下算出的值"):
        read(book(["名称", "宗地面积"], ["甲", "=1+2"]), name="x.xlsx")


def test_days_may_be_days_of_the_spreadsheet():
    from ronghe.mechanisms.trials.cells import day_of

    assert day_of("2026/3/1") == day_of("2026年3月1日") == "2026-03-01"
    assert day_of(datetime(2026, 3, 1).date()) == "2026-03-01"
    assert day_of("三月") == "三月"


def test_limits_of_bytes_and_rows(monkeypatch):
    monkeypatch.setattr(table, "TABLE_ROWS", 4)
    with pytest.raises(TableTooLong, match="4 行"):
        read(FIVE)
    with pytest.raises(TableTooLarge, match="0 MB"):
        read(FIVE, most_bytes=10)


def test_chunks_hold_all_rows_in_order(monkeypatch):
    monkeypatch.setattr(archive, "CHUNK_ROWS", 2)
    found = read(FIVE)
    assert [(chunk.first_line, chunk.count) for chunk in found.chunks] == [(2, 2), (4, 2), (6, 1)]
    assert (rows(found), found.rows_digest) == (rows(PLAIN), PLAIN.rows_digest)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_are_refused_with_a_code(content):
    with contextlib.suppress(TableUnreadable, TableEmpty, TableColumnsWrong, TableValuesWrong):
        read(content)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=60))
def test_any_name_of_a_row_comes_back(text):
    content = io.StringIO()
    csv.writer(content).writerows([["名称", "宗地面积"], [text, "3"], ["乙", "4"]])
    found = rows(read(content.getvalue()))
    assert [(row.name, row.facts) for row in found] == [(text.strip(), ["3"]), ("乙", ["4"])]


def test_a_cell_of_several_lines_stays_one_row_and_keeps_the_archive_in_order():
    found = read('名称,宗地面积\n"甲\n二",3\n乙,4\n')
    assert [(row.line, row.name) for row in rows(found)] == [(3, "甲\n二"), (4, "乙")]
