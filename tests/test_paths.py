"""Where things are kept, as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartspec import paths


def test_a_home_is_put_in_and_one_of_nobody_stays_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/alice")
    assert paths.expanded(Path("~/x")) == Path("/home/alice/x")
    assert paths.expanded(Path("~nobody-of-this-name/x")) == Path("~nobody-of-this-name/x")
    assert paths.expanded(Path("/y")) == Path("/y")
