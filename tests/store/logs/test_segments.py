"""The file of a long log: kept by segments, read from any offset, the ends never lost."""

import hashlib
import os
from pathlib import Path

import pytest

from smartspec.store.logs import segments
from smartspec.store.logs.segments import SegmentWriter


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 1000)


def all_of(path: Path) -> tuple[bytes, int]:
    data, offset, left_out = b"", 0, 0
    while (chunk := segments.read(path, offset, 333)).data:
        data, offset, left_out = data + chunk.data, chunk.next, left_out + chunk.left_out
    return data, left_out


@pytest.mark.parametrize("size", [1, 999, 1000, 1001, 3500, 8000])
def test_what_fits_is_kept_byte_for_byte(tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    writer = SegmentWriter(tmp_path / "x.log", cap=8000)
    for start in range(0, size, 77):
        writer.write(data[start : start + 77])
    assert writer.close() == hashlib.sha256(data).hexdigest()
    assert (writer.size, writer.truncated, segments.size_of(tmp_path / "x.log")) == (size, False, size)
    assert all_of(tmp_path / "x.log")[0] == data


def test_of_too_much_the_first_and_the_last_are_kept(tmp_path: Path) -> None:
    data = os.urandom(25_300)
    writer = SegmentWriter(tmp_path / "x.log", cap=8000)
    writer.write(data)
    digest = writer.close()
    kept, left_out = all_of(tmp_path / "x.log")
    assert writer.truncated and writer.size == len(data)
    assert kept[:1000] == data[:1000] and kept[1000:] == data[-len(kept) + 1000 :]
    assert 6_000 <= len(kept) <= 8_000 and left_out == len(data) - len(kept)
    assert digest == hashlib.sha256(kept).hexdigest()
    assert segments.size_of(tmp_path / "x.log") == len(data) and segments.is_cut(tmp_path / "x.log", len(data))
    segments.remove(tmp_path / "x.log", len(data))
    assert list(tmp_path.iterdir()) == []


def test_a_reader_sees_more_when_there_is_more(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path / "x.log")
    writer.write(b"one")
    first = segments.read(tmp_path / "x.log", 0, 100)
    assert (first.data, first.next) == (b"one", 3)
    assert segments.read(tmp_path / "x.log", first.next, 100).data == b""
    writer.write(b"two")
    assert segments.read(tmp_path / "x.log", first.next, 100).data == b"two"
    writer.close()


def test_where_there_is_none(tmp_path: Path) -> None:
    assert segments.read(tmp_path / "a" / "x.log", 0, 100).data == b""
    assert segments.size_of(tmp_path / "a" / "x.log") == 0
