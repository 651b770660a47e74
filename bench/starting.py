"""``make up`` in a fresh clone: cold (nothing installed) and warm (a second start), and the suite's wall time."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
READY = "Ronghe is ready"


def _until_ready(folder: Path, port: int) -> float:
    start = time.perf_counter()
    env = {k: v for k, v in os.environ.items() if not k.startswith(("RONGHE_", "DATABASE_", "MAKE", "MFLAGS"))}
    env |= {"RONGHE_PORT": str(port)}
    with subprocess.Popen(
        ["make", "up"],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if READY in line:
                break
        else:
            raise RuntimeError("make up did not get ready:\n" + "".join(said))
        taken = time.perf_counter() - start
        os.killpg(process.pid, signal.SIGTERM)
        process.stdout.read()
    return taken


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside what) for RESULTS.md."""
    folder = Path(tempfile.mkdtemp(prefix="ronghe bench "))
    try:
        subprocess.run(["git", "clone", "-q", str(PROJECT), str(folder / "clone")], check=True)
        start = time.perf_counter()
        subprocess.run(["python3", "-m", "venv", str(folder / "venv")], check=True)
        pip = [str(folder / "venv/bin/pip"), "install", "-q", "--require-hashes", "-r", "requirements.lock"]
        subprocess.run(pip, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        install = time.perf_counter() - start
        cold, warm = (_until_ready(folder / "clone", 8765) for _ in range(2))
        return [
            ("make up in a fresh clone, cold", f"{cold:.0f} s", f"{cold / install:.1f} × only installing the "
             f"locked packages ({install:.0f} s)"),
            ("make up, warm", f"{warm:.1f} s", f"{warm / cold:.2f} × the cold start"),
        ]  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)
