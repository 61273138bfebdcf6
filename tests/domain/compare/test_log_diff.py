"""The first line in which two logs differ: what changes in every run is no difference."""

from __future__ import annotations

import pytest

from smartspec.domain.compare.log_diff import LineDifference, first_difference


@pytest.mark.parametrize(("old", "new"), [
    ("2026-11-20 10:00:01 start", "2026-11-21 11:12:13 start"), ("[12:00:01.123] x", "[13:10:00.9] x"), ("took 1.5 s", "took 20 s"),
    ("took 15ms", "took 7ms"), ("pid 123", "pid 4567"), ("sshd[12]: ok", "sshd[99]: ok"), ("at 0x7f3a", "at 0x99"),
    ("run 0193d2c4-aaaa-7bbb-8ccc-0123456789ab", "run 0193d2c4-ffff-7bbb-8ccc-0123456789ab"), ("/tmp/abc/x", "/tmp/xyz/x"),
    ("2026-11-20T10:00:01Z a", "2026-11-20T10:00:02+01:00 a"), ("commit 3f2a9c1b77aa42", "commit 99aa9c1b77aa4f"),
])  # fmt: skip
def test_what_changes_in_every_run(old: str, new: str) -> None:
    assert first_difference([old], [new]) is None


@pytest.mark.parametrize(("old", "new"), [
    ("3 files", "4 files"), ("version 1.2", "version 1.3"), ("connected", "refused"), ("10 rows", "100 rows"), ("x", "x "),
])  # fmt: skip
def test_what_does_not(old: str, new: str) -> None:
    assert first_difference(["same", old], ["same", new]) == LineDifference(2, old, new)


def test_one_that_ends_earlier() -> None:
    assert first_difference(["a", "b"], ["a"]) == LineDifference(2, "b", None)
    assert first_difference([], []) is None
