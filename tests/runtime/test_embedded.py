"""The embedded server: who uses it, who may stop it, and what a killed user leaves."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from ronghe.kernel.errors import DomainError
from ronghe.site.cluster import Place
from ronghe.site.datafolder import DataFolder
from ronghe.site.embedded import Server
from ronghe.site.errors import CopiedData, DatabaseBusy, FolderNotOurs

from .platform import wait_until

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps clusters below /var/lib/ronghe")


@pytest.fixture
def folder(room: Path) -> DataFolder:
    data = DataFolder(room / "data")
    data.prepare()
    return data


def pid_of(server: Server) -> int:
    return int((server.place.data / "postmaster.pid").read_text().split("\n", 1)[0])


def runs(pid: int) -> bool:
    return Path(f"/proc/{pid}/exe").exists()


def test_a_second_command_shares_the_server_and_the_first_waits_for_it(folder: DataFolder) -> None:
    first, second = Server(folder, fast=True), Server(folder, fast=True)
    first.start()
    urls = second.attach()
    assert urls is not None
    leaving = threading.Thread(target=first.leave)
    leaving.start()
    with psycopg.connect(urls.serving) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert leaving.is_alive()
    second.leave()
    leaving.join(10)
    assert not leaving.is_alive()
    assert Server(folder, fast=True).attach() is None


def test_a_server_in_use_is_not_started_a_second_time(folder: DataFolder) -> None:
    first = Server(folder, fast=True)
    first.start()
    with pytest.raises(DatabaseBusy):
        Server(folder, fast=True).start(wait_seconds=0.2)
    first.stop()


def test_an_orphan_is_stopped_and_its_data_are_there(folder: DataFolder) -> None:
    # given a server whose user was killed on a system that does not tell children of their parent's end
    code = (
        "import os, sys, ronghe.site.processes as p; p._libc = None\n"
        "from ronghe.site.embedded import Server; from ronghe.site.datafolder import DataFolder\n"
        "Server(DataFolder(sys.argv[1]), fast=True).start(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], check=False)
    server = Server(folder, fast=True)
    orphan = pid_of(server)
    assert runs(orphan)
    # when the next one starts
    urls = server.start()
    # then the orphan is gone, and the roles that it made are known
    wait_until("the orphan is gone", lambda: not runs(orphan))
    with psycopg.connect(urls.serving) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("ronghe_app",)
    server.stop()


def test_a_pid_that_was_given_out_again_is_left_alone(folder: DataFolder) -> None:
    server = Server(folder, fast=True)
    server.start()
    server.stop()
    again = Server(folder, fast=True)
    other = subprocess.Popen(["sleep", "60"])
    try:
        (server.place.data / "postmaster.pid").write_text(f"{other.pid}\n{server.place.data}\n1\n5432\n\n*\n")
        again.start()
        assert other.poll() is None
    finally:
        again.stop()
        other.kill()
        other.wait()


@only_root
def test_a_moved_folder_keeps_its_database_and_a_copy_gets_none(folder: DataFolder, room: Path) -> None:
    server = Server(folder, fast=True)
    server.start()
    server.stop()
    home = server.place.home
    copy = room / "copy"
    shutil.copytree(folder.path, copy)
    with pytest.raises(CopiedData, match=r"ronghe backup"):
        Server(DataFolder(copy), fast=True).start()
    shutil.rmtree(copy)
    moved = DataFolder(folder.path.rename(room / "moved"))
    again = Server(moved, fast=True)
    again.start()
    again.stop()
    assert again.place.home == home


def test_a_folder_that_others_may_enter_is_refused_and_not_changed(room: Path) -> None:
    """A socket folder that somebody else has made, or opened, is not ours to use and not ours to change."""
    data = DataFolder(room / "data")
    data.prepare()
    server = Server(data, fast=True)
    server.start()
    server.stop()
    socket = server.place.socket_folder()
    socket.chmod(0o755)
    with pytest.raises(FolderNotOurs):
        Server(data, fast=True).start()
    assert socket.stat().st_mode & 0o777 == 0o755


def test_a_long_path_has_its_socket_in_a_short_private_folder(room: Path) -> None:
    home = room / ("long " * 20).strip()
    home.mkdir()
    place = Place(home)
    socket = place.socket_folder()
    assert len(os.fsencode(socket)) < 80
    assert socket.stat().st_mode & 0o777 == 0o700
    assert place.socket_folder() == socket
    place.forget_socket()
    assert not socket.exists()


def test_every_refusal_of_the_site_is_one_sentence_with_its_facts() -> None:
    from ronghe.site import errors

    ours = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, DomainError)]
    for kind in ours:
        assert "\n" not in kind.message
        assert kind.message.endswith(("。", "}"))
