"""What running tasks have written so far: frames in one file, read by key and offset, whole or broken off."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartspec.store.logs import live_file
from smartspec.store.logs.live_file import LiveLog


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a" / "x.live"


def test_tasks_are_told_apart_and_their_frames_joined(path: Path) -> None:
    live = LiveLog(path)
    for n in range(10):
        assert live.put(7, 3 * n, b"ab%d" % n, 1000 + n)
        assert live.put(8, n, b"x", 2000 + n)
    wanted = b"".join(b"ab%d" % n for n in range(10))
    for offset in (0, 1, 14, 29, 30, 99):
        assert live_file.read(path, 7, offset, 1000) == wanted[offset:]
    assert live_file.read(path, 7, 4, 5) == wanted[4:9] and live_file.read(path, 8, 0, 100) == b"x" * 10
    assert live_file.read(path, 9, 0, 100) == b""
    assert live_file.read_times(path, 8)[:2] == [(0, 2000), (1, 2001)]
    live.close(remove=True)
    assert not path.exists()


def test_a_reader_sees_what_came_since(path: Path) -> None:
    live = LiveLog(path)
    live.put(1, 0, b"one", 0)
    assert live_file.read(path, 1, 0, 100) == b"one" and live_file.read(path, 1, 3, 100) == b""
    live.put(1, 3, b"two", 0)
    assert live_file.read(path, 1, 3, 100) == b"two"
    live.close(remove=False)
    assert live_file.read(path, 1, 0, 100) == b"onetwo"


def test_a_time_alone_is_no_byte(path: Path) -> None:
    live = LiveLog(path)
    live.put(1, 0, b"one", 5)
    live.put(1, 9_000, b"", 6)
    assert live_file.read(path, 1, 0, 100) == b"one" and live_file.read_times(path, 1) == [(0, 5), (9_000, 6)]
    live.close(remove=True)


@pytest.mark.parametrize("lost", [1, 5, 36, 37, 38])
def test_a_frame_that_was_broken_off_gives_what_there_is_of_it(path: Path, lost: int) -> None:
    live = LiveLog(path)
    live.put(1, 0, b"whole", 0)
    live.put(1, 5, b"broken", 0)
    live.close(remove=False)
    path.write_bytes(path.read_bytes()[:-lost])
    assert live_file.read(path, 1, 0, 100) == b"whole" + b"broken"[: max(0, 6 - lost)]


def test_a_file_that_was_made_anew_is_read_anew(path: Path) -> None:
    for word in (b"first", b"other"):
        live = LiveLog(path)
        live.put(1, 0, word, 0)
        assert live_file.read(path, 1, 0, 100) == word
        live.close(remove=word == b"first")


def test_nothing_is_written_after_the_end(path: Path) -> None:
    live = LiveLog(path)
    live.close(remove=True)
    assert not live.put(1, 0, b"late", 0) and not path.exists()


def test_where_there_is_none(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        live_file.read(path, 1, 0, 100)


def test_it_is_for_the_owner_alone(path: Path) -> None:
    import os

    before = os.umask(0)
    try:
        live = LiveLog(path)
        live.put(1, 0, b"x", 0)
    finally:
        os.umask(before)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    live.close(remove=True)
