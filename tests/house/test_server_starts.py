"""The server loads the application by itself: nothing was set up before, as it is under a test runner."""

import subprocess
import sys


def test_the_application_is_loaded_by_a_process_that_knows_nothing_yet() -> None:
    found = subprocess.run(
        [sys.executable, "-c", "from ronghe.site.asgi import application; print(callable(application))"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (found.returncode, found.stdout) == (0, "True\n"), found.stderr[-800:]
