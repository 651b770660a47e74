"""Which encoding a text is in, and that nothing of it is lost."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.policy.reader.errors import FileEmpty, FileNotText, FileTooLong
from ronghe.policy.reader.intake import limits, read_text
from ronghe.policy.reader.intake.common_hanzi import COMMON_HANZI
from tests.policy import plan_oracle as oracle

PLAN = "济政字〔2021〕60号\r\n一、总体要求\r\n（一）指导思想。完善城乡融合发展体制机制，到2025年取得阶段性进展。\r\n\t1. 试点区域：全市\n"
TRADITIONAL = (
    "淄政字第95號\n一、總體要求\n各區縣人民政府，市政府各部門：現將行動方案印發給你們，請結合實際抓好貫徹落實。\n"
)

ENCODINGS = ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "gb18030"]
MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_text_without_a_mark_is_read_as_it_was_written(encoding: str) -> None:
    read = read_text(PLAN.encode(encoding))
    assert (read.text, read.kind, read.encoding, read.notes) == (PLAN, "txt", encoding, ())


@pytest.mark.parametrize("encoding", MARKS)
def test_a_byte_order_mark_decides_and_is_no_part_of_the_text(encoding: str) -> None:
    read = read_text(MARKS[encoding] + PLAN.encode(encoding))
    assert (read.text, read.encoding, read.notes) == (PLAN, encoding, ())


def test_traditional_characters_in_big5() -> None:
    read = read_text(TRADITIONAL.encode("big5"))
    assert (read.text, read.encoding) == (TRADITIONAL, "big5hkscs")


def test_traditional_characters_in_gbk_are_not_taken_for_big5() -> None:
    read = read_text(TRADITIONAL.encode("gbk"))
    assert (read.text, read.encoding) == (TRADITIONAL, "gb18030")


def test_pure_chinese_in_utf16_holds_no_nul_and_is_still_found() -> None:
    text = "完善城乡融合发展体制机制和政策体系促进城乡要素自由流动"
    assert b"\0" not in text.encode("utf-16-le").replace(b"\0", b"", 0)
    for encoding in ("utf-16-le", "utf-16-be"):
        assert read_text(text.encode(encoding)).text == text


PLANS = sorted(oracle.POLICIES.glob("*.txt"))


@pytest.mark.skipif(not PLANS, reason="the published plans are not at hand")
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_published_plans_survive_every_encoding(encoding: str) -> None:
    for path in PLANS:
        text = path.read_bytes().decode("utf-8")
        read = read_text(text.encode(encoding), name="方案.txt")
        assert read.text == text, path.name
        assert (read.encoding, read.notes) == (encoding, ()), path.name


@given(
    st.lists(st.sampled_from(sorted(COMMON_HANZI)), min_size=12, max_size=60),
    st.text("0123456789GEP()。，、；：（）\n ", max_size=20),
    st.sampled_from(ENCODINGS),
)
def test_any_text_of_common_characters_round_trips(hanzi: list[str], other: str, encoding: str) -> None:
    text = "".join(hanzi) + other
    assert read_text(text.encode(encoding)).text == text


def test_a_few_damaged_bytes_are_replaced_and_said() -> None:
    data = bytearray((PLAN * 20).encode("utf-8"))
    data[40] = 0xFF
    read = read_text(bytes(data))
    assert read.encoding == "utf-8"
    assert 1 <= read.text.count("\ufffd") <= 3
    assert read.text.endswith(PLAN)
    assert "U+FFFD" in read.notes[0]


def test_a_cut_file_in_gb18030_loses_its_last_character_only() -> None:
    data = (PLAN * 20 + "市").encode("gb18030")[:-1]
    read = read_text(data)
    assert read.encoding == "gb18030"
    assert read.text == PLAN * 20 + "\ufffd"
    assert read.notes


def test_nul_characters_do_not_reach_the_database() -> None:
    read = read_text(PLAN.encode("utf-8").replace("要".encode(), b"\0", 1))
    assert "\0" not in read.text
    assert "控制字符" in read.notes[0]


def test_noise_is_refused_and_says_what_to_do() -> None:
    noise = bytes((n * 7919 + n * n * 31) % 256 for n in range(5000))
    with pytest.raises(FileNotText, match="另存为"):
        read_text(noise)


def test_blank_files_are_empty() -> None:
    for blank in (b"", b"\n \r\n\t", codecs.BOM_UTF8, "\u3000\u3000\n".encode()):
        with pytest.raises(FileEmpty):
            read_text(blank)


def test_more_characters_than_any_plan_has_are_refused() -> None:
    with pytest.raises(FileTooLong):
        read_text(b"a" * (limits.TEXT_CHARS + 1))
