"""The head of official documents in its common forms."""

from __future__ import annotations

from datetime import date

from ronghe.policy.reader import Document, read_plan

BODY = "\n一、总则\n（一）目标。建成平台。（责任单位：市财政局）\n"


def head(text: str) -> Document:
    return read_plan(text + BODY).document


def test_notice_with_the_plan_behind_its_signature():
    got = head(
        "青禾市人民政府文件\n青政发〔2021〕7号\n青禾市人民政府\n关于印发青禾市城乡融合发展\n实施方案的通知\n各区县人民政府：\n"
        "根据《国家改革方案》，现将《青禾市城乡融合发展实施方案》印发给你们，请贯彻执行。\n青禾市人民政府\n2021年3月1日\n（此件公开发布）\n"
        "青禾市城乡融合发展\n实施方案\n为推进改革，参照某办发〔2019〕10号文件，制定本方案。"
    )
    assert got == Document(
        title="青禾市城乡融合发展实施方案",
        notice_title="青禾市人民政府关于印发青禾市城乡融合发展实施方案的通知",
        number="青政发〔2021〕7号",
        issuer="青禾市人民政府",
        date_made=date(2021, 3, 1),
    )


def test_opinion_is_its_own_plan_and_is_signed_at_its_end():
    reading = read_plan(
        "国务院关于加快建设的指导意见\n国发〔2021〕99号\n各省、自治区、直辖市人民政府，国务院各部委：\n现提出以下意见。"
        + BODY
        + "　　　　国务院\n　　二〇二一年二月二日\n（此件公开发布）\n"
    )
    assert reading.document == Document(
        title="国务院关于加快建设的指导意见", number="国发〔2021〕99号", issuer="国务院", date_made=date(2021, 2, 2)
    )


def test_metadata_of_a_web_page():
    got = head(
        "索 引 号：\t000014349/2021-00034\t主题分类：\t经济管理\n发文机关：\t青禾市人民政府\t成文日期：\t2021年02月02日\n"
        "发文字号：\t青政发〔2021〕4号\t发布日期：\t2021年02月22日\n青禾市人民政府关于促进发展的意见\n各区县："
    )
    assert (got.index_number, got.number, got.issuer) == ("000014349/2021-00034", "青政发〔2021〕4号", "青禾市人民政府")
    assert (got.date_made, got.date_issued) == (date(2021, 2, 2), date(2021, 2, 22))


def test_bullets_of_keys_and_values_with_an_empty_value():
    got = head(
        "青禾市方案的通知\n• 索引号 0051\n• 成文日期 2020-11-24\n• 规范性文件登记号\n• 青禾区、白石市人民政府,有关部门:\n现将《青禾市融合方案》印发给你们。"
    )
    assert got.index_number == "0051"
    assert got.date_made == date(2020, 11, 24)
    assert got.title == "青禾市融合方案"


def test_square_brackets_and_traditional_characters_in_the_number():
    assert head("青政字[2020]95號\n各區縣人民政府:\n現將《青禾市行動方案》印發給你們。").number == "青政字〔2020〕95号"


def test_number_and_day_in_a_bracket_under_the_title():
    got = head("青禾新区若干措施\n（青管发〔2020〕3号，2020年4月22日印发）")
    assert (got.title, got.number, got.date_issued) == ("青禾新区若干措施", "青管发〔2020〕3号", date(2020, 4, 22))


def test_two_signing_bodies():
    got = head(
        "中共青禾县委\n青禾县人民政府\n关于印发《青禾县方案》的通知\n各乡镇：\n现将《青禾县融合方案》印发给你们。\n中共青禾县委\n青禾县人民政府\n2021年3月15日\n青禾县融合方案"
    )
    assert got.issuer == "中共青禾县委、青禾县人民政府"
    assert got.notice_title == "中共青禾县委青禾县人民政府关于印发《青禾县方案》的通知"


def test_print_line_gives_the_day_of_issue():
    reading = read_plan("青禾市方案" + BODY + "抄送：市委各部门。\n青禾市人民政府办公室　2021年8月16日印发\n")
    assert reading.document.date_issued == date(2021, 8, 16)
    assert len(reading.clauses) == 2


def test_the_notices_own_numbers_are_not_the_plans():
    reading = read_plan(
        "青禾市关于印发青禾市融合方案的通知\n现将《青禾市融合方案》印发给你们，并要求如下。\n一、提高认识。重视。\n二、抓好落实。督导。\n"
        "青禾市人民政府\n2022年5月6日\n青禾市融合方案" + BODY
    )
    assert [c.title for c in reading.clauses] == ["总则", "目标"]


def test_garbage_has_an_empty_head():
    assert read_plan("asdf\x00\n１２３\n").document == Document()


def test_plan_in_the_annex_of_a_notice_with_numbers_of_its_own():
    reading = read_plan(
        "青禾市农业农村局关于公开征求意见的公告\n现征求意见。\n1.可以写信。\n2.可以来电。\n青禾市农业农村局\n2023年6月2日\n"
        "附件1：\n青禾市乡村振兴行动方案\n（征求意见稿）" + BODY
    )
    assert reading.document.title == "青禾市乡村振兴行动方案（征求意见稿）"
    assert reading.document.notice_title == "青禾市农业农村局关于公开征求意见的公告"
    assert [t.path for t in reading.tasks] == [("一", "(一)")]
    assert [c.path for c in reading.clauses if c.path[0] == "正文"] == [("正文", "1"), ("正文", "2")]


def test_title_may_differ_from_the_cover_by_its_years():
    got = head(
        "关于印发某方案的通知\n现将《青禾市城乡融合发展三年行动方案》印发给你们。\n青禾市人民政府\n2022年5月6日\n"
        "青禾市城乡融合发展三年行动方案（2022—2024年）"
    )
    assert got.title == "青禾市城乡融合发展三年行动方案（2022—2024年）"
