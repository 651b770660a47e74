"""What a reading may cost: a plan at the limit in every form, in a process of its own, and texts made to be dear."""

import json
import subprocess
import sys
import tracemalloc
from pathlib import Path
from time import process_time

import pytest

from ronghe.policy.reader import allowance, read_plan
from ronghe.policy.reader.errors import FileTooLong, FileTooManyLines, FileTooRepetitive
from ronghe.policy.reader.intake import limits, read_text

#: A plan at the limit takes 131 MB in each of these forms, 86 MB of it the program; every character's offset on a list
#: and the answer as one piece took 205 MB.
FORMS = ("txt", "html", "docx")
LIMIT_MB = 170
#: About 2 s; room for a busy machine.
LIMIT_SECONDS = 30

_READ = """
import json, re, resource, sys, tempfile
from pathlib import Path
from ronghe.policy.pack_writer import write_draft
from ronghe.policy.reader import read_plan
from ronghe.policy.reader.intake import read_text

intake = read_text(Path(sys.argv[1]))
reading = read_plan(intake.text)
with Path("/dev/null").open("w") as out:
    out.writelines(reading.written())
with tempfile.TemporaryDirectory() as folder:
    write_draft(reading, Path(folder))
# Not ru_maxrss: that begins with the size of the process that started this one.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"chars": len(intake.text), "tasks": len(reading.tasks), "peak": peak, "seconds": used.ru_utime}))
"""


def _cost(content: bytes, folder: Path) -> dict[str, float]:
    file = folder / "plan"
    file.write_bytes(content)
    done = subprocess.run([sys.executable, "-c", _READ, str(file)], capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _plan(chars: int) -> str:
    """A plan of exactly so many characters, a line end behind the last line."""
    from bench.plans import plan

    lines = plan(chars // 600).split("\n")
    while (short := chars - sum(len(line) + 1 for line in lines)) < 0:
        lines.pop()
    lines[-1] += "。" * short
    return "".join(f"{line}\n" for line in lines if line)


def _as(form: str, text: str) -> bytes:
    from tests.policy.intake.makers import docx_of, p

    if form == "html":
        return f"<html><body>{''.join(f'<p>{line}</p>' for line in text.splitlines())}</body></html>".encode()
    return docx_of("".join(map(p, text.splitlines()))) if form == "docx" else text.encode()


@pytest.mark.parametrize("form", FORMS)
def test_a_plan_of_the_longest_length_is_read_within_its_memory_and_time(form, tmp_path):
    cost = _cost(_as(form, _plan(limits.TEXT_CHARS - 1)), tmp_path)
    assert limits.TEXT_CHARS - 100 < cost["chars"] <= limits.TEXT_CHARS
    assert cost["tasks"] > 4000
    assert cost["peak"] < LIMIT_MB, cost
    assert cost["seconds"] < LIMIT_SECONDS, cost


#: 200,000 lines of these stay below 800 MB; it was 4.5 kB for each.
LINE_BYTES = 4000


@pytest.mark.parametrize("piece", ["①某\n", "甲\t市局\n", "一、某。（责任单位：市局）\n"])
def test_the_most_lines_of_the_dearest_kind_take_less_than_a_gigabyte(piece):
    # given lines of a few characters, each a clause, a row of a table, a task
    lines = 1500
    text = "工作任务\t牵头单位\n" + piece * lines
    read_plan(text)
    # when they are read
    tracemalloc.start()
    read_plan(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # then each line has its share, and as many lines as may be stay within a gigabyte
    assert peak / lines < LINE_BYTES
    assert LINE_BYTES * limits.TEXT_LINES < 800 * limits.MB


@pytest.mark.parametrize("form", FORMS)
def test_a_longer_text_is_refused_before_it_is_read(form):
    with pytest.raises(FileTooLong, match="1000000 字的上限"):
        read_text(_as(form, _plan(limits.TEXT_CHARS + 2)))


def test_a_text_of_more_lines_is_refused_before_it_is_read():
    assert read_text(b"a\r\n" * (limits.TEXT_LINES - 1)).text
    with pytest.raises(FileTooManyLines, match="200001 行"):
        read_text(b"a\r\n" * limits.TEXT_LINES)


def test_what_a_page_does_not_show_counts_for_nothing():
    hidden = "var x = 1;" * (limits.TEXT_CHARS // 10 + 1)
    page = f"<html><body><script>{hidden}</script><p>某市实施方案</p></body></html>"
    assert read_text(page.encode()).text.strip() == "某市实施方案"


MANY = "、".join(f"市甲{i}局" for i in range(300))
REPEATED = {
    "bodies": f"一、甲（牵头单位：{MANY}）\n" + "1.某\n" * 300,
    "deadline": "一、甲（牵头单位：市局；完成时限：" + "2022年，" * 300 + "）\n" + "1.某\n" * 300,
    "areas": f"一、甲（牵头单位：市局；试点区域：{MANY}）\n" + "1.某\n" * 300,
    "merged bodies": f"工作任务\t具体措施\t牵头单位\n大\t甲\t{MANY}\n" + "\t乙\t\n" * 300,
    "merged text": f"工作任务\t具体措施\t牵头单位\n{'甲' * 2000}\t甲\t市局\n" + "\t乙\t\n" * 300,
    "groups": "包括" + "、".join(f"甲{i}区" for i in range(300)) + "（以下统称某区县）\n一、甲\n"
    + "1.某。（责任单位：市局；试点区域：某区县）\n" * 300,
    "rules": "一、甲\n" + "".join(
        f"以下任务均由{'、'.join(f'市甲{i}{j}局' for j in range(8))}负责，下同。\n" for i in range(20)
    ) + "1.某（责任单位：市局）\n" * 400,
}  # fmt: skip


@pytest.mark.parametrize("what", REPEATED)
def test_a_text_that_makes_the_answer_outgrow_it_is_refused(what, monkeypatch):
    # given texts of some thousand characters that say a hundred thousand; a smaller limit answers sooner
    assert len(REPEATED[what]) < 10_000
    assert read_plan(REPEATED[what]).tasks
    monkeypatch.setattr(allowance, "ANSWER_CHARS", 200_000)
    with pytest.raises(FileTooRepetitive, match="200000 字的上限"):
        read_plan(REPEATED[what])


LONG = 20_000
DEAR = {
    "brackets at the end": "一、甲\n责任单位：市局" + "（" * LONG,
    "closed at the end": "一、甲\n（责任单位：市局" + "）" * LONG + "甲",
    "a chain of leads": "一、甲\n（牵头单位：" + "甲局牵头、乙局" * (LONG // 7) + "）",
    "ever another body": "一、甲\n（责任单位：" + "，".join(f"市甲{i}局" for i in range(LONG // 8)) + "）",
    "helpers": "一、甲\n（配合单位：" + "，".join(f"市甲{i}局配合" for i in range(LONG // 10)) + "）",
    "and": "一、甲\n（责任单位：" + "市财政局和" * (LONG // 5) + "）",
    "gaps": "一、甲\n（责任单位：" + "甲 " * (LONG // 2) + "）",
    "each": "一、甲\n（责任单位：各" + "市、" * (LONG // 2) + "）",
    "areas": "一、甲\n（责任单位：市局；试点区域：" + "、".join(f"甲{i}镇" for i in range(LONG // 6)) + "）",
    "attachments": "一、甲\n附件：1.甲\n" + "乙\n" * (LONG // 2),
    "annexes": "一、甲\n" + "附件1\n" * (LONG // 4),
    "annexes with chapters": "附件1\n一、甲\n" * (LONG // 8),
    "columns": "工作任务\t具体措施\t牵头单位" + "\t甲" * (LONG // 4) + "\n" + "甲\t乙\n" * (LONG // 8),
    "first leads": "一、甲\n" + "（牵头单位：甲局；责任单位：乙局，排名第一的为牵头单位）" * (LONG // 27),
    "one title, many measures": "一、" + "甲" * (LONG // 2) + "（责任单位：市局）" * (LONG // 18),
    "days": "一、工作目标\n" + "2022年底甲" * (LONG // 7),
}


@pytest.mark.parametrize("what", DEAR)
def test_a_text_that_was_dear_is_read_in_time(what):
    started = process_time()
    reading = read_plan(DEAR[what])
    size = sum(map(len, reading.written()))
    assert size < 100 * LONG
    # about 0.2 s for the dearest; each took a minute at the limit when it grew with the square
    assert process_time() - started < 3


def test_a_serial_that_is_no_number_is_read():
    for serial in ("²", "9" * 5000):
        head = "序号\t工作任务\t牵头单位\n"
        assert len(read_plan((head + f"{serial}\t甲\t市局\n") * 2).tasks) == 2
