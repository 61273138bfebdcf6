"""The windows of one person find each other, and nobody else's."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from smartspec.gui.shell import rendezvous
from smartspec.gui.shell.instance import Instance, hand_over
from tests.clock import until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a named pipe has no folder")
ANOTHER = 65534  # nobody


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of temporary files, on a system that gives no runtime folder."""
    folder = Path("/tmp") / f"rendezvous-{os.getpid()}"
    folder.mkdir()
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    yield folder
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_the_folder_is_private_whatever_the_umask(temporary: Path, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        address = rendezvous.address(tmp_path / "x.db")
    finally:
        os.umask(before)
    assert address is not None and Path(address).parent.parent == temporary
    assert stat.S_IMODE(Path(address).parent.stat().st_mode) == 0o700
    assert rendezvous.address(tmp_path / "x.db") == address != rendezvous.address(tmp_path / "y.db")


def test_the_runtime_folder_of_the_system_comes_first(
    temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = temporary / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    assert str(rendezvous.address(tmp_path / "x.db")).startswith(f"{runtime}/smartspec/")


def test_a_link_and_its_file_have_one_window(temporary: Path, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "x.db")
    assert rendezvous.address(tmp_path / "link.db") == rendezvous.address(tmp_path / "x.db")


def open_door(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)


def a_link(folder: Path) -> None:
    folder.symlink_to("/var")


def of_another(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    os.chown(folder, ANOTHER, ANOTHER)


@pytest.mark.parametrize("trap", [open_door, a_link, of_another])
def test_a_folder_that_somebody_prepared_is_not_used(
    temporary: Path, tmp_path: Path, trap: Callable[[Path], None]
) -> None:
    if trap is of_another and os.getuid():
        pytest.skip("only root may give a folder away")
    trap(temporary / f"smartspec-{os.getuid()}")
    address = rendezvous.address(tmp_path / "x.db")
    assert address is None or Path(address).parent == tmp_path / "window"


LISTEN = """
import os, socket, sys
listening = socket.socket(socket.AF_UNIX)
os.setuid(int(sys.argv[2]))
listening.bind(sys.argv[1])
listening.listen()
print("there", flush=True)
listening.accept()[0].recv(10)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be two people")
@pytest.mark.parametrize(("user", "own"), [(0, True), (ANOTHER, False)])
def test_who_answers_is_looked_at(temporary: Path, user: int, own: bool) -> None:
    temporary.chmod(0o777)
    path = str(temporary / "socket")
    process = subprocess.Popen([sys.executable, "-c", LISTEN, path, str(user)], stdout=subprocess.PIPE, cwd="/")
    assert process.stdout is not None and process.stdout.readline() == b"there\n"
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        assert rendezvous.is_own_user(connection.fileno()) is own
    until(lambda: process.poll() is not None)
    process.communicate()


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is not None


def test_second_starts_are_heard_one_after_another(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    heard: list[str] = []
    instance = Instance(file)
    instance.target_received.connect(heard.append)
    script = "import sys\nfrom pathlib import Path\nfrom smartspec.gui.shell.instance import hand_over\n"
    for word in ("one", "two"):
        asks = f"{script}sys.exit(not hand_over(Path({str(file)!r}), {word!r}))"
        told = subprocess.Popen([sys.executable, "-c", asks])
        until(partial(_has_ended, told), pause=QCoreApplication.processEvents)
        assert told.returncode == 0 and heard[-1] == word
    instance.close()
    assert not hand_over(file, "three") and heard == ["one", "two"]
    again = Instance(file)
    again.close()
    place = rendezvous.address(file)
    assert place is not None and not Path(place).exists()
