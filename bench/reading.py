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
    return found
