"""One hostile file must not take the server's memory: peak resident size, measured in a process of its own."""

import json
import subprocess
import sys

import pytest

LIMIT_MB = 600

_MEASURE = """
import json, re, sys
from ronghe.policy.reader.errors import UnreadableDocument
from ronghe.policy.reader.intake import limits, read_text
from tests.policy.intake.makers import W, docx_of, p, zip_of
from pathlib import Path

MB = limits.MB

def run(make, size):
    if make == "zip bomb":
        import zlib, zipfile, io
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("[Content_Types].xml", "")
            with package.open("word/document.xml", "w") as part:
                for _ in range(size):
                    part.write(bytes(MB))
        return out.getvalue()
    if make == "txt":
        return ("完善城乡融合发展体制机制。\\n" * (size * MB // 40)).encode()
    if make == "gb18030":
        return ("完善城乡融合发展体制机制。\\n" * (size * MB // 27)).encode("gb18030")
    if make == "html":
        return ("<html>" + "<p>完善城乡融合发展体制机制。</p>" * (size * MB // 47)).encode()
    if make == "html attributes":
        return ("<html><a " + " ".join(f"a{n}" for n in range(size * MB // 8)) + ">").encode()
    if make == "xml":
        body = "<w:p/>" * 990_000
        return zip_of({"[Content_Types].xml": "", "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'})
    if make == "xml attributes":
        body = "<w:p " + " ".join(f'a{n}="x"' for n in range(990_000)) + "/>"
        return zip_of({"[Content_Types].xml": "", "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'})

name, size, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
import os
path = Path(folder, "document")
# Made in a child, so that only the reading is measured.
child = os.fork()
if child == 0:
    path.write_bytes(run(name, size))
    os._exit(0)
os.waitpid(child, 0)
try:
    answer = len(read_text(path).text)
except UnreadableDocument as refused:
    answer = refused.code
# Not ru_maxrss: that begins with the size of the process that started this one.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
print(json.dumps({"answer": answer, "peak": peak}))
"""


@pytest.mark.parametrize(
    ("name", "size", "answer"),
    [
        ("zip bomb", 2000, "policy.file_bomb"),
        ("txt", 50, "policy.file_too_large"),
        ("txt", 29, "policy.file_too_long"),
        ("gb18030", 29, "policy.file_too_long"),
        ("html", 50, "policy.file_too_large"),
        ("html", 29, "policy.file_bomb"),
        ("html attributes", 11, None),
        ("xml", 0, None),
        ("xml attributes", 0, None),
    ],
)
def test_peak_memory_stays_below_the_limit(name: str, size: int, answer: str | None, tmp_path: object) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, name, str(size), str(tmp_path)], capture_output=True, text=True, check=True
    )
    measured = json.loads(done.stdout)
    assert answer is None or measured["answer"] == answer, measured
    assert measured["peak"] < LIMIT_MB, measured
