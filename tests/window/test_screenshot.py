"""`smartspec screenshot`: a page of the window as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Said


def test_a_page_is_drawn_into_a_file(smartspec: Callable[..., Said], tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    said = smartspec("screenshot", "history", str(picture), "--theme", "dark", "--size", "900x500", "--scale", "2")
    assert said.code == 0, said.err
    head = picture.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(head[16:20]), int.from_bytes(head[20:24])) == (1800, 1000)


def test_of_an_empty_ledger_a_page_is_empty_and_a_dialog_is_refused(
    smartspec: Callable[..., Said], tmp_path: Path
) -> None:
    assert smartspec("screenshot", "log", str(tmp_path / "log.png")).code == 0
    said = smartspec("screenshot", "run", str(tmp_path / "run.png"))
    assert (said.code, said.err.count("\n")) == (5, 1), said.err
    assert "nothing here to draw “run” of; `smartspec import FILE` stores a workflow" in said.err
    assert not (tmp_path / "run.png").exists()


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--scale", "nan"),
        ("--scale", "inf"),
        ("--scale", "0.4"),
        ("--size", "0x0"),
        ("--size", "9x"),
        ("--size", "٣x٣"),
    ],
)
def test_a_size_that_is_none_is_refused(option: str, value: str, terminal: Callable[..., Said], tmp_path: Path) -> None:
    said = terminal("screenshot", "history", str(tmp_path / "page.png"), option, value)
    assert said.code == 2 and f"“{value}” is not a {option[2:]}" in said.err
    assert not (tmp_path / "page.png").exists()


def test_a_picture_starts_nothing(smartspec: Callable[..., Said], tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text("smartspec: 1\nname: w\ntasks: {a: {run: 'true'}}\n", encoding="utf-8")
    assert smartspec("import", str(tmp_path / "w.yaml")).code == 0
    assert smartspec("schedule", "add", "w", "* * * * *").code == 0
    for page in ("schedules", "workflows", "history"):
        assert smartspec("screenshot", page, str(tmp_path / f"{page}.png")).code == 0
    assert "No runner is there" in smartspec("schedule", "list").out
