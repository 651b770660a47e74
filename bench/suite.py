"""The wall time of ``make test``, beside its limit of ten minutes on two cores."""

import os
import re
import subprocess
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
LIMIT_SECONDS = 600


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside what) for RESULTS.md."""
    env = {
        k: v for k, v in os.environ.items() if not k.startswith(("RONGHE_", "DATABASE_", "DJANGO_", "MAKE", "MFLAGS"))
    }
    start = time.perf_counter()
    done = subprocess.run(["make", "test"], cwd=PROJECT, env=env, stdout=subprocess.PIPE, text=True)
    taken = time.perf_counter() - start
    counted = re.findall(r"\d+ (?:passed|failed|skipped)", done.stdout.splitlines()[-1])
    return [
        (
            "make test",
            f"{taken:.0f} s ({', '.join(counted)})",
            f"{taken / LIMIT_SECONDS:.2f} × the limit of ten minutes",
        )
    ]
