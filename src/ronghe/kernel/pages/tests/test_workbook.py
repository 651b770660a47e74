"""Workbooks: values as they are meant."""

from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl

from ronghe.kernel.pages.workbook import workbook


def read(rows, title="表"):
    return openpyxl.load_workbook(BytesIO(workbook(title, ["甲", "乙"], rows))).active


def test_numbers_days_and_instants_keep_their_kind():
    # 20:00 UTC is 04:00 of the next day in Beijing
    sheet = read([[3, date(2026, 11, 22)], [None, datetime(2026, 11, 22, 20, tzinfo=UTC)]])
    assert sheet["A2"].value == 3
    assert sheet["B2"].value == datetime(2026, 11, 22)
    assert sheet["A3"].value is None
    assert sheet["B3"].value == datetime(2026, 11, 23, 4)


def test_characters_that_a_workbook_cannot_hold_are_left_out():
    assert read([["a\x00b\x1f\ud800c", ""]])["A2"].value == "abc"


def test_a_title_that_is_no_sheet_name_is_made_one():
    assert read([], title="任务/单位:[一]*?很长很长很长很长很长很长很长很长很长很长").title.startswith("任务 单位  一")


def test_only_texts_that_begin_like_a_formula_are_quoted():
    sheet = read([["=1", "1=1"]])
    assert sheet["A2"].quotePrefix
    assert not sheet["B2"].quotePrefix
