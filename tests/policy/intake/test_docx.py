"""docx: paragraphs, tables, revisions, boxes, fields."""

import io
from typing import Any

import docx
import pytest

from ronghe.policy.reader.errors import FileDamaged, FileWithoutText
from ronghe.policy.reader.intake import read_text
from tests.policy.intake.makers import docx_of, p, zip_of

R = "<w:r><w:t>{}</w:t></w:r>"


def lines(body: str, **parts: Any) -> list[str]:
    return read_text(docx_of(body, **parts)).text.splitlines()


def row(*cells: str) -> str:
    """A table row; a cell is its text, or properties and text parted by a bar."""
    out = ""
    for cell in cells:
        props, _, text = cell.rpartition("|")
        out += f"<w:tc><w:tcPr>{props}</w:tcPr>{p(text) if text else '<w:p/>'}</w:tc>"
    return f"<w:tr>{out}</w:tr>"


def test_a_document_made_by_a_word_processor_library() -> None:
    document = docx.Document()
    document.add_heading("一、总体要求", 1)
    document.add_paragraph("（一）指导思想。")
    table = document.add_table(3, 3)
    for at, cell in enumerate(c for r in table.rows for c in r.cells):
        cell.text = f"格{at}"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "合并"
    out = io.BytesIO()
    document.save(out)
    assert read_text(out.getvalue()).text == (
        "一、总体要求\n（一）指导思想。\n格0\t格1\t格2\n合并\t格4\t格5\n\t格7\t格8\n"
    )


def test_a_paragraph_is_a_line_and_runs_join_without_a_gap() -> None:
    assert lines(f"<w:p>{R.format('完善')}{R.format('制度')}</w:p>{p('二、保障')}") == ["完善制度", "二、保障"]


def test_breaks_tabs_hyphens_and_symbols() -> None:
    run = (
        "<w:p><w:r><w:t>城乡</w:t><w:br/><w:t>融合</w:t><w:tab/><w:t>A</w:t><w:noBreakHyphen/><w:t>B</w:t>"
        '<w:sym w:font="Wingdings" w:char="F081"/></w:r></w:p>'
    )
    assert lines(run) == ["城乡", "融合 A-B①"]


def test_an_unknown_symbol_is_marked_and_said() -> None:
    read = read_text(docx_of(p("甲") + '<w:p><w:r><w:sym w:font="Webdings" w:char="F0E9"/></w:r></w:p>'))
    assert "\ufffd" in read.text
    assert any("符号" in note for note in read.notes)


def test_insertions_are_taken_and_deletions_dropped() -> None:
    body = (
        f"<w:p>{R.format('责任单位：')}<w:del><w:r><w:delText>县农业局</w:delText></w:r></w:del>"
        f"<w:ins>{R.format('县农业农村局')}</w:ins><w:moveFrom>{R.format('旧')}</w:moveFrom>"
        f"<w:moveTo>{R.format('、县财政局')}</w:moveTo></w:p>"
    )
    read = read_text(docx_of(body))
    assert read.text == "责任单位：县农业农村局、县财政局\n"
    assert any("修订" in note for note in read.notes)


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    body = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{R.format('完善')}</w:p>{p('制度。')}"
    assert lines(body) == ["完善制度。"]


def test_a_deleted_row_is_no_row() -> None:
    gone = row("丙", "丁").replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>")
    assert lines(f"<w:tbl>{row('甲', '乙')}{gone}</w:tbl>") == ["甲\t乙"]


def test_fields_show_their_result_and_not_their_code() -> None:
    body = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGEREF _Toc1 \\h</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{R.format("3")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        f'<w:fldSimple w:instr="DATE">{R.format("2021年")}</w:fldSimple>'
        r"<w:r><w:instrText>eq \o\ac(○,21)</w:instrText></w:r></w:p>"
    )
    assert lines(body) == ["32021年㉑"]


def test_containers_are_transparent() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{p('一、甲')}</w:sdtContent></w:sdt>"
        f"<w:customXml>{p('二、乙')}</w:customXml>"
        f"<w:p><w:hyperlink>{R.format('三、')}</w:hyperlink><w:smartTag>{R.format('丙')}</w:smartTag>"
        f"<w:sdt><w:sdtContent>{R.format('丁')}</w:sdtContent></w:sdt></w:p>"
    )
    assert lines(body) == ["一、甲", "二、乙", "三、丙丁"]


def test_a_text_box_is_read_once_although_it_stands_there_twice() -> None:
    box = f"<w:txbxContent>{p('高政办字〔2022〕21号')}</w:txbxContent>"
    body = (
        '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><x><y>'
        f"{box}</y></x></w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        f"</mc:AlternateContent></w:r></w:p>{p('各镇人民政府：')}"
    )
    assert [line for line in lines(body) if line] == ["高政办字〔2022〕21号", "各镇人民政府："]


def test_the_table_of_contents_does_not_double_the_headings() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="a3"><w:name w:val="toc 1"/></w:style>'
    sdt = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{p('一、总体要求 1')}</w:sdtContent></w:sdt>"
    )
    toc = p("一、总体要求 1", '<w:pStyle w:val="a3"/>')
    read = read_text(docx_of(sdt + toc + p("一、总体要求"), styles=styles))
    assert read.text == "一、总体要求\n"
    assert any("目录" in note for note in read.notes)


def test_footnotes_are_quoted_in_the_notes_and_not_in_the_text() -> None:
    footnotes = f'<w:footnote w:type="separator" w:id="0">{p("")}</w:footnote><w:footnote w:id="1">{p("指六个区。")}</w:footnote>'
    body = '<w:p><w:r><w:t>六区全域</w:t><w:footnoteReference w:id="1"/></w:r></w:p>'
    read = read_text(docx_of(body, footnotes=footnotes))
    assert read.text == "六区全域\n"
    assert read.notes == ("脚注 1（没有并入正文）：指六个区。",)


def test_hidden_text_pieces_from_outside_and_comments_are_left_out_and_said() -> None:
    body = (
        f"<w:altChunk/><w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r>{R.format('明')}"
        '<w:r><w:commentReference w:id="0"/></w:r></w:p>'
    )
    read = read_text(docx_of(body))
    assert read.text == "明\n"
    assert len(read.notes) == 3


def test_merged_cells_stay_empty_and_breaks_in_cells_are_spaces() -> None:
    table = (
        row('<w:vMerge w:val="restart"/>|深化土地制度改革', '<w:gridSpan w:val="2"/>|责任', "丁")
        + row("<w:vMerge/>|", "甲</w:t><w:br/><w:t>乙", "GEP</w:t><w:br/><w:t>report", "丙")
        + row("<w:vMerge/>|", "", "", "完")
    )
    assert lines(f"<w:tbl>{table}</w:tbl>") == ["深化土地制度改革\t责任\t\t丁", "\t甲 乙\tGEP report\t丙", "\t\t\t完"]


def test_equal_rows_are_equal_although_borders_were_dragged() -> None:
    table = row('<w:gridSpan w:val="2"/>|甲', "乙") + row("丙", '<w:gridSpan w:val="2"/>|丁')
    assert lines(f"<w:tbl>{table}</w:tbl>") == ["甲\t乙", "丙\t丁"]


def test_a_row_that_begins_further_right_keeps_its_columns() -> None:
    late = row("丙").replace("<w:tr>", '<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>')
    assert lines(f"<w:tbl>{row('甲', '乙')}{late}</w:tbl>") == ["甲\t乙", "\t丙"]


def test_a_frame_of_one_column_is_no_table_and_a_small_table_in_a_cell_is_flattened() -> None:
    assert lines(f"<w:tbl>{row('文件头')}{row('高政办字')}</w:tbl>") == ["文件头", "高政办字"]
    inner = f"<w:tbl>{row('小', '表')}</w:tbl>"
    outer = f"<w:tr><w:tc>{p('任务甲的说明文字')}{inner}<w:p/></w:tc><w:tc>{p('乙')}</w:tc></w:tr>"
    assert lines(f"<w:tbl>{outer}{row('丙', '丁')}</w:tbl>") == ["任务甲的说明文字 小 表\t乙", "丙\t丁"]


def test_a_strict_document_is_read_as_well() -> None:
    assert lines(p("一、总体要求"), w="http://purl.oclc.org/ooxml/wordprocessingml/main") == ["一、总体要求"]


def test_a_docx_of_pictures_is_refused_with_the_way_out() -> None:
    body = '<w:p><w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/></w:drawing></w:r></w:p>'
    with pytest.raises(FileWithoutText, match="1 幅"):
        read_text(docx_of(body))


@pytest.mark.parametrize("main", ["", "<w:document", "\0", "<a/>"])
def test_a_broken_main_part_is_damage(main: str) -> None:
    with pytest.raises((FileDamaged, FileWithoutText)):
        read_text(zip_of({"[Content_Types].xml": "", "word/document.xml": main}))


def test_a_wrong_checksum_is_damage() -> None:
    data = bytearray(docx_of(p("一、总体要求" * 50)))
    at = bytes(data).index(b"word/document.xml") + len(b"word/document.xml") + 5
    data[at] ^= 0xFF
    with pytest.raises(FileDamaged):
        read_text(bytes(data))
