"""``make bench``: run all races, or those named, and write their figures into RESULTS.md."""

import importlib
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
RACES = (
    "reading",
    "pages",
    "rules",
    "trials",
    "rosters",
    "casework",
    "ledger",
    "layers",
    "registry_import",
    "registry_book",
    "papers",
    "starting",
    "suite",
)
HEAD = """# Results

Each figure was measured beside a named peer or limit in the same run. Take them again with `make bench`, one alone with
`.venv/bin/python -m bench reading`.
"""


def main(names: list[str]) -> None:
    """Each race runs in a process of its own, so that none warms up another."""
    if len(names) == 1 and os.environ.get("RONGHE_BENCH_ALONE"):
        for row in importlib.import_module(f"bench.{names[0]}").rows():
            print("| " + " | ".join(row) + " |")
        return
    written = RESULTS.read_text("utf-8") if RESULTS.is_file() else HEAD
    for name in names or RACES:
        print(f"{name} …", file=sys.stderr)
        done = subprocess.run(
            [sys.executable, "-m", "bench", name],
            env={**os.environ, "RONGHE_BENCH_ALONE": "1", "DJANGO_SETTINGS_MODULE": "ronghe.site.settings"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        section = (
            f"## {name}\n\n"
            f"`.venv/bin/python -m bench {name}` · {datetime.now(UTC):%Y-%m-%d} · Python {platform.python_version()}, "
            f"{os.cpu_count()} cores\n\n| what | figure | beside |\n|---|---|---|\n{done.stdout}"
        )
        old = re.compile(rf"## {name}\n.*?(?=\n## |\Z)", re.S)
        written = old.sub(lambda _, new=section: new, written) if old.search(written) else f"{written}\n{section}"
        print(section)
    RESULTS.write_text(written.rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
