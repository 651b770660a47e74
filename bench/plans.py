"""A synthetic plan of any length (演示数据), in the habits of published plans."""

CHAPTERS = "一二三四五六七八九十"
UNITS = ["市发展改革委", "市农业农村局", "市自然资源和规划局", "市财政局", "市住房城乡建设局", "市水利局"]
SENTENCE = "围绕示范目标梳理事项清单，明确工作标准和办理流程，分批组织实施并按季度核对进展。"

#: Characters on a page of the official format: 22 lines of 28 (GB/T 9704-2012).
PAGE = 22 * 28


def plan(pages: int) -> str:
    """A plan of about ``pages`` pages whose every third-level item bears a full annotation."""
    lines = ["某市城乡融合发展试点实施方案", "某市人民政府", "2026年1月5日", ""]
    length = number = 0
    while length < pages * PAGE:
        chapter, section, item = number // 60, number // 6 % 10, number % 6
        if number % 60 == 0:
            lines.append(f"{CHAPTERS[chapter % 10]}、示范任务之{CHAPTERS[chapter % 10]}")
        if number % 6 == 0:
            lines.append(f"（{CHAPTERS[section]}）推进第{CHAPTERS[section]}类示范事项。")
        lead, helper = UNITS[number % 6], UNITS[(number + 1) % 6]
        lines.append(
            f"{item + 1}. 办理示范事项{number + 1}。{SENTENCE * 4}（牵头单位：{lead}；配合单位：{helper}；"
            f"完成时限：2027年年底完成政策制定，2028年取得阶段性进展；试点区域：全市）"
        )
        length += len(lines[-1])
        number += 1
    return "\n".join(lines)
