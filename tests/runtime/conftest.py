"""Data folders and platforms of the process tests, all gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ronghe.site import assets, cluster, preparing, testing
from ronghe.site.datafolder import DataFolder
from ronghe.site.embedded import Server

from .platform import Platform, bare_path, environment, free_port, processes_of, python_for, ronghe, tester, wait_until


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.runtime)


@pytest.fixture(scope="session")
def built() -> None:
    """Assets and static files, made once by whoever owns the sources: an ordinary user of them cannot."""
    assets.install()
    if not preparing.static_is_current():
        place = Path(tempfile.gettempdir())
        preparing.run("static", environment(place, None) | {"DATABASE_URL": "postgresql:///none"})


@pytest.fixture(scope="session")
def prepared_once() -> Path:
    """A data folder after its first ``migrate``, its cluster beside it as ``pg18``: made once for all workers."""

    def make(folder: Path) -> None:
        done = ronghe("migrate", data=folder)
        assert done.returncode == 0, done.stderr
        data = DataFolder(folder)
        shutil.move(cluster.place_of(data).data, folder / "pg18")
        cluster.remove(data)

    return testing.made_once("prepared", make)


@pytest.fixture(scope="session")
def prepared(prepared_once: Path) -> Callable[[Path], Path]:
    """Makes a data folder whose database is prepared, for tests whose subject is not the first start; its path."""

    def copy(target: Path) -> Path:
        shutil.copytree(prepared_once, target, ignore=shutil.ignore_patterns("pg18"))
        place = cluster.place_of(DataFolder(target))
        subprocess.run(["cp", "-a", "--reflink=auto", prepared_once / "pg18", place.data], check=True)
        place.note_roles()
        return target

    return copy


@pytest.fixture
def room() -> Iterator[Path]:
    """A folder with a space in its name that everybody may enter: pytest's own is closed to other users."""
    folder = Path(tempfile.mkdtemp(prefix="ronghe run "))
    folder.chmod(0o755)
    yield folder
    for data in [folder, *(p for p in folder.rglob("*") if p.is_dir() and not p.is_symlink())]:
        if (data / "cluster").exists():
            Server(DataFolder(data)).destroy()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def ordinary() -> tuple[pwd.struct_passwd | None, str, dict[str, str]]:
    """An ordinary user with a Python: ourselves when we are not root."""
    import sys

    if os.geteuid() != 0:
        return None, sys.executable, {}
    user = tester()
    found = python_for(user)
    if found is None:
        pytest.skip("no Python 3.11 that an ordinary user may run (apt-get install python3)")
    return user, *found


@pytest.fixture
def start(built: None, room: Path) -> Iterator[Callable[..., Platform]]:
    """Start ``make up`` (or another command) for a data folder; ended after the test, whatever happens."""
    started: list[Platform] = []
    path = bare_path(room / "bin")

    def begin(data: Path, *, port: int | None = None, command: list[str] | None = None, **more: Any) -> Platform:
        # -o: the environment of this test session is the one to use, however old its stamp is.
        words = command or ["make", "-o", ".venv/made", "-o", ".venv/ready", "up"]
        env = {"PATH": path} | more.pop("env", {})
        platform = Platform(words, data=data, port=port or free_port(), env=env, **more)
        started.append(platform)
        return platform

    yield begin
    for platform in started:
        platform.close()
    for platform in started:
        wait_until("no process is left", lambda p=platform: not processes_of(p.data), seconds=10)
