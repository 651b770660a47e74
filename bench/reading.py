"""How long reading a plan takes, beside only decoding and converting the same bytes (opencc)."""

from pathlib import Path

import opencc

from ronghe.policy.reader import read_plan
from ronghe.policy.reader.intake import read_text

from .plans import plan
from .timing import in_turns

POLICIES = Path(__file__).resolve().parents[2] / "shared" / "policies"


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside what) for RESULTS.md."""
    converter = opencc.OpenCC("t2s")
    files = sorted(POLICIES.glob("*.txt"))
    found = []
    if files:
        contents = [f.read_bytes() for f in files]
        read, convert = in_turns(
            7,
            lambda: [read_plan(read_text(c).text) for c in contents],
            lambda: [converter.convert(c.decode()) for c in contents],
        )
        found.append(
            (
                f"reading the {len(files)} published documents",
                f"{read.median:.3f} s",
                f"{read.median / convert.median:.1f} × only decoding and converting ({convert.median * 1000:.1f} ms)",
            )
        )
    else:
        found.append(("reading the published documents", "not measured", "the documents are not beside the project"))
    text = plan(100)
    content = text.encode()
    read, convert = in_turns(5, lambda: read_plan(read_text(content).text), lambda: converter.convert(content.decode()))
    tasks = len(read_plan(text).tasks)
    found.append(
        (
            f"a synthetic plan of 100 pages ({len(text):,} characters, {tasks} tasks)",
            f"{read.median:.3f} s",
            f"{read.median / convert.median:.1f} × only decoding and converting ({convert.median * 1000:.1f} ms)",
        )
    )
    long = {
        "one line of a million characters": "一、任务\n（一）某事。"
        + "推进工作，" * 200_000
        + "（责任单位：市财政局）",
        "a million brackets": "（" * 500_000 + "）" * 500_000,
        "a million blanks": "一、任务\n" + " " * 1_000_000 + "（一）某事。（责任单位：市财政局）",
        "30,000 items": "一、任务\n" + "".join(f"{i}.某事。做好。（责任单位：市财政局）\n" for i in range(1, 30_000)),
    }
    for what, hostile in long.items():
        read, per_page = in_turns(1, lambda t=hostile: read_plan(t), lambda: read_plan(text))
        each, usual = read.median / len(hostile), per_page.median / len(text)
        found.append(
            (what, f"{read.median:.1f} s", f"{each / usual:.1f} × the time per character of the 100-page plan")
        )
    return found
