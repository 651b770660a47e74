"""A web process for one test database: the address that journeys, API tests and measurements visit."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from .processes import end_with_parent


@contextmanager
def web(environment: Mapping[str, str], *, seconds: float = 60) -> Iterator[str]:
    """Serve with ``environment`` on a free port of this machine until the block ends; yields the address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(256)
        parent = os.getpid()
        process = subprocess.Popen(
            [sys.executable, "-m", "ronghe.site.web", str(listener.fileno())],
            env=dict(environment), stdin=subprocess.DEVNULL, pass_fds=(listener.fileno(),),
            preexec_fn=lambda: end_with_parent(9, parent),
        )  # fmt: skip
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            _wait(address, process, seconds)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(address: str, process: subprocess.Popen[bytes], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        if process.poll() is not None:
            raise RuntimeError(f"the web process ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=seconds) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError) as error:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{address} does not answer: {error}") from error
        time.sleep(0.05)
